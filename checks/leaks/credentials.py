"""Secrets among what looks like one: deny-list of samples, floors of entropy, code that only names a secret.

Nothing is ever verified with whoever issued it.
"""

import base64
import binascii
import json
import math
import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from . import words
from .patterns import ASSIGNED, NAMED, PUBLIC, SECRET
from .sightings import Found, Sighting

_SURE, _LIKELY, _MAYBE = 2.0, 1.0, 0.0
_FLOORS = {"issued": 2.4, "named": 2.8, "assigned": 2.2}
"""Bits a character (Shannon) below which a text is no secret: `aaaa`, `12121212`."""

_SAMPLES = re.compile(
    r"example|contoh|dummy|placeholder|your[_\-]?|my[_\-]?(?:secret|key|token|api|pass)|xxxx|\*{3}|\.{3}|changeme|change_me|insert|replace"
    r"|redacted|undefined|process\.env|import\.meta|getenv|environ|config\(|<[^>]*>|\$\{|\{\{|%[sd(]|#\{|\[\[|fixme|lorem"
    r"|^(?:password|secret)[0-9]{0,3}$|^1234567[0-9]{0,3}$|^0+$|isi[_\-]?(?:di|sandi|token)|masukkan|rahasia_?anda|token_?anda|api_?key_?anda|sandi_?anda",
    re.IGNORECASE,
)
_PLAIN_WORDS = frozenset(
    (
        "password", "passwd", "secret", "string", "required", "confirmed", "hidden", "true", "false", "null", "none",
        "root", "admin", "kata sandi", "katasandi", "sandi", "default", "value", "token", "apikey", "number", "text",
        "object", "function", "undefined", "username", "forgot", "lupa", "reset", "current-password", "new-password",
        "off", "empty",
    )
)  # fmt: skip
_CODE = re.compile(
    r"[(){}\[\]$<>]|^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+$|^(?:https?:)?//|^[/.#]|^[a-z]+(?:[_\-][a-z]+)+$|=>"
)
_NAME = re.compile(r"[\w.\-]*\Z")
_QUOTE = re.compile(r"[\"']\Z")
_LETTERS = re.compile(r"[^\W\d_]")
_IDENTIFIER = re.compile(r"[A-Za-z_\-]+|[a-z]+(?:[A-Z][a-z]+)+[0-9]?")
_CONNECTION = re.compile(r";\s*\Z")
"""`Server=db;User Id=sa;Password=...;`."""
_CONSTANT = re.compile(r"[A-Z]+(?:[_\-][A-Z0-9]+)+")
"""`POSTGRES_MD5`: the name of something."""
_TURN = re.compile(r"[a-z][A-Z]")


def secrets(found: Found) -> Iterator[tuple[str, Sighting, bool]]:
    """Kind, sighting, and whether browsers are meant to see it; every secret once, by its most certain form."""
    taken: list[tuple[int, int]] = []
    """Apart from each other, in order."""
    ordered = sorted(found.matches, key=lambda name: (name == ASSIGNED, name in NAMED, name.startswith(SECRET)))
    for name in ordered:
        if not name.startswith((SECRET, PUBLIC)):
            continue
        kind = name.partition(":")[2]
        for match, spot in found.matches[name]:
            start, end = match.value
            at = bisect(taken, (start, end))
            if any(start < other[1] and other[0] < end for other in taken[max(0, at - 1) : at + 1]):
                continue
            value = found.value(match)
            score = _score(found, name, (match.start, start, end), value)
            if score is None:
                continue
            taken.insert(at, (start, end))
            public = name.startswith(PUBLIC) or _is_for_anyone(kind, value)
            yield (
                ("assigned-secret" if name == ASSIGNED else kind),
                Sighting("secret", value, score, spot, start),
                public,
            )


def _score(found: Found, name: str, at: tuple[int, int, int], value: str) -> float | None:
    begin, start, end = at
    told = "assigned" if name == ASSIGNED else "named" if name in NAMED else "issued"
    if _SAMPLES.search(value) or entropy(value) < _FLOORS[told] or _is_a_run(value):
        return None
    before = found.buffer.before(begin, 60)
    if told == "named" and not _is_named(found.buffer.text(begin, begin + 1), before, value):
        return None
    if told == "assigned" and not _is_assigned(found, before, begin, start, value):
        return None
    if words.speaks("against", before[-40:]) or words.speaks("against", found.buffer.after(end, 24)):
        return _MAYBE
    return _SURE if told == "issued" else _LIKELY


def _is_named(first: str, before: str, value: str) -> bool:
    """Random enough, and the name that tells it begins there: `sipd_key`, `apiSipdKey`, not `gossipdKey`."""
    inside = before[-1:].isalpha() and not (first.isupper() and before[-1:].islower())
    mixed = any(map(str.isdecimal, value)) and not value.isdecimal()
    return mixed and not inside and not _CODE.search(value) and not _CONSTANT.fullmatch(value)


def _is_assigned(found: Found, before: str, begin: int, start: int, value: str) -> bool:
    """A literal text given to a name of a secret: in quotes, or as `NAME=value` of a settings file."""
    if value.lower() in _PLAIN_WORDS or _CONSTANT.fullmatch(value) or _CODE.search(value) or not _LETTERS.search(value):
        return False
    operator = found.buffer.text(begin, start)
    name = _NAME.findall(before)[0] + re.split(r"[\s=:,\"'\]]", operator)[0]
    setting = name.isupper() and "=" in operator
    quoted = bool(_QUOTE.search(operator))
    if _CONNECTION.search(before) and operator.rstrip(" ")[-1:] == "=":
        return len(value) > 5
    if not setting and not quoted:
        return bool(re.search(r"(?:^|\n)\s*(?:[\w\-]+\.)*[\w\-]*\Z", before)) and _mixed(value) and "(" not in operator
    return setting or _mixed(value)


def _mixed(value: str) -> bool:
    """Letters with digits or signs, or in no order: not a word, not the name of something."""
    if len(value) >= 16 and value.isalpha() and len(_TURN.findall(value)) >= len(value) // 8:
        return entropy(value) > 3.5
    return len(value) >= 8 and not _IDENTIFIER.fullmatch(value) and (
        any(map(str.isdecimal, value)) or any(char in "!@#$%^&*?+/" for char in value)
    )  # fmt: skip


def entropy(text: str) -> float:
    """Shannon entropy in bits a character."""
    counts = Counter(text)
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values()) if text else 0.0


def _is_a_run(value: str) -> bool:
    """One character after its neighbour: `abcdefgh`, `12345678`."""
    steps = [ord(b) - ord(a) for a, b in pairwise(value)]
    return len(steps) > 4 and (steps.count(1) * 10 >= len(steps) * 8 or steps.count(0) * 10 >= len(steps) * 6)


def _is_for_anyone(kind: str, value: str) -> bool:
    """A JWT that says itself that it is the key of anonymous visitors."""
    if kind != "jwt":
        return False
    part = value.split(".")[1]
    try:
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return False
    return isinstance(claims, dict) and claims.get("role") == "anon"
