"""What proves, from an answer's content, that it is a certain file or page.

Proof is positive. A status, a length or a content type proves nothing: error pages, login pages and tutorials come
with all of them.
"""

import re
from dataclasses import dataclass

from auditor.net import Response

_JSON = re.compile(rb'"((?:[^"\\]|\\.)*)"([ \t\r\n]*:)?|[{}\[\]]', re.DOTALL)
_MARK = b"\xef\xbb\xbf"

_PAGE = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*+(?:<\?xml[^>]{0,200}>\s*+)?+(?:<!--(?:(?!-->).)*+-->\s*+)*+"
    rb"<(?:!doctype\s+html|(?:html|head|body|title|meta|link|script|style|noscript|div|p|h[1-6]|center|table|span|a|br"
    rb"|pre|form|section|main|article|header|nav|ul|img|b|strong|font)\b)",
    re.IGNORECASE | re.DOTALL,
)
"""Begins as pages and fragments of pages do. A dump or a log may hold tags further on."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Everything named here must hold of an answer; what is left empty is not asked.

    Content is what the signature reads of the body, so that a file proves itself by its beginning.
    """

    status: frozenset[int] = frozenset()
    header: tuple[tuple[str, re.Pattern[str]], ...] = ()
    """Name of a field, and what is found in one of its values."""
    magic: tuple[bytes, ...] = ()
    """One of these begins the body."""
    text: tuple[bytes, ...] = ()
    """All of these stand in the body."""
    regex: tuple[re.Pattern[bytes], ...] = ()
    """All of these are found in the body."""
    distinct: int = 1
    """So many different matches (of group 1, where there is one) each regex must have."""
    json: frozenset[bytes] = frozenset()
    """Keys of the top object, or of the objects in the top list; the end may be cut off."""
    any: tuple["Proof", ...] = ()
    """One of these must hold, too."""

    def holds(self, answer: Response) -> bool:
        """Whether the answer has all of it."""
        body = answer.body
        return (
            (not self.status or answer.status in self.status)
            and (not self.magic or body.startswith(self.magic))
            and all(part in body for part in self.text)
            and all(_found(pattern, body, self.distinct) for pattern in self.regex)
            and (not self.json or self.json <= json_keys(body))
            and all(any(pattern.search(value) for value in answer.values(name)) for name, pattern in self.header)
            and (not self.any or any(proof.holds(answer) for proof in self.any))
        )

    @property
    def reads_content(self) -> bool:
        """Whether it cannot hold by status and fields alone."""
        return bool(self.magic or self.text or self.regex or self.json) or (
            bool(self.any) and all(proof.reads_content for proof in self.any)
        )


def _found(pattern: re.Pattern[bytes], body: bytes, distinct: int) -> bool:
    if distinct == 1:
        return pattern.search(body) is not None
    group = min(pattern.groups, 1)
    seen = set()
    for match in pattern.finditer(body):
        seen.add(match[group])
        if len(seen) >= distinct:
            return True
    return False


def is_page(body: bytes) -> bool:
    """Whether it begins as an HTML page, or a fragment of one, does."""
    return _PAGE.match(body) is not None


def json_keys(body: bytes) -> frozenset[bytes]:
    """Keys of the top object of JSON (RFC 8259) that may be cut off anywhere; of a list, those of its objects."""
    body = body.removeprefix(_MARK).lstrip()
    wanted = {b"{": 1, b"[": 2}.get(body[:1])
    keys: set[bytes] = set()
    depth = 0
    for token in _JSON.finditer(body):
        if token[0] in (b"{", b"["):
            depth += 1
        elif token[0] in (b"}", b"]"):
            depth -= 1
        elif token[2] and depth == wanted:
            keys.add(token[1])
    return frozenset(keys)
