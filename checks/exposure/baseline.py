"""How the site answers for files that do not exist, and whether another answer is the same one (soft 404)."""

import html
import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

from auditor.net import Response

SIMILAR = 0.9
"""Share of word triples in common from which two pages are the same page."""

_NOISE = (
    (re.compile(r"\b\d{4}-\d{2}-\d{2}[t ]?(?:\d{2}:\d{2}(?::\d{2})?\S*)?|\b\d{1,2}:\d{2}(?::\d{2})?\b"), " "),
    (re.compile(r"\b[a-z0-9_\-]*\d[a-z0-9_\-]{15,}=*"), " "),
    (re.compile(r"\d+"), "0"),
)
"""Times, tokens (anti-forgery, request and session numbers) and counters: what differs from one error to the next."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Impression:
    """What is compared of an answer."""

    status: int
    kind: str
    words: frozenset[tuple[str, ...]]


def impression(response: Response, path: str) -> Impression:
    """An answer without what names the path asked for, and without what changes by itself."""
    text = response.text.lower()
    for form in sorted(_forms(path.lower()), key=len, reverse=True):
        text = re.sub(_alone(form), " ", text)
    for pattern, replacement in _NOISE:
        text = pattern.sub(replacement, text)
    words = _WORD.findall(text)
    triples = frozenset(zip(words, words[1:], words[2:], strict=False)) or frozenset({tuple(words)})
    kind = (response.first("content-type") or "").partition(";")[0].strip().lower()
    return Impression(response.status, kind, triples)


def similar(one: Impression, other: Impression) -> bool:
    """The same page for all that can be told: status, content type and nearly all words."""
    return (one.status, one.kind) == (other.status, other.kind) and same_words(one, other)


def same_words(one: Impression, other: Impression) -> bool:
    """Nearly all word triples in common."""
    common, either = len(one.words & other.words), len(one.words | other.words)
    return common >= SIMILAR * either


def _alone(form: str) -> str:
    """A form as it stands by itself: `data` in `/data/`, not in `datang`."""
    before = r"(?<!\w)" if form[0].isalnum() else ""
    after = r"(?!\w)" if form[-1].isalnum() else ""
    return f"{before}{re.escape(form)}{after}"


def _forms(path: str) -> set[str]:
    """The path as pages echo it: raw, percent-encoded, entity-encoded, its parts alone."""
    bare = path.strip("/")
    forms = {path, bare, unquote(bare), quote(bare, safe=""), quote(bare), html.escape(bare), bare.rpartition("/")[2]}
    return {form.lower() for form in forms if len(form) > 2}
