"""Numbers in running text, judged by the words around them and by the other numbers of the document."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from auditor.identifiers import Kind, parse_mrz, parse_passport

from . import numbers, weights, words
from .engine import Match
from .formats import Passage
from .numbers import Number
from .sightings import CITIZEN, Found, Sighting
from .weights import Level

NEAR = 300
"""Characters in which one person's data stand together."""
_BEFORE, _AFTER = 80, 40
_NUMBERED = frozenset(
    (Kind.NIK, Kind.KK, Kind.NPWP, Kind.NIP, Kind.NUPTK, Kind.BPJS, Kind.BANK_ACCOUNT, Kind.PASSPORT, words.OTHER)
)
NUMBERS = ("digits16", "digits16-glued", "digits16-spaced", "digits18", "digits18-spaced", "npwp-formatted",
             "digits15", "bpjs")  # fmt: skip
"""Patterns of whole numbers of people."""
_ENDED = re.compile(r"(?:[a-z)]{4}|[A-Z][a-z]{3})[.!?]\s")
_MENTION = re.compile(r"\b(?:nik|e-?ktp|induk kependudukan)\b", re.IGNORECASE)
_BY_LENGTH: dict[int, tuple[str, tuple[str, ...]]] = {
    16: (Kind.NIK, (Kind.KK, Kind.NPWP, Kind.NUPTK)),
    18: (Kind.NIP, ()),
    15: (Kind.NPWP, ()),
    13: (Kind.BPJS, ()),
}
"""By number of digits: the kind that a number is without a label, and those that it is with theirs."""
_CHECKED = (Kind.NIK, Kind.KK, Kind.NPWP, Kind.NIP, Kind.BPJS)
"""Kinds with a structure: a number without any is not worth a look at its label."""
_FEW = 3
_RECENT = 3


@dataclass(frozen=True, slots=True)
class _Token:
    number: Number
    at: int
    end: int
    label: str
    before: str = field(repr=False)
    after: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Crowd:
    """What the 16-digit numbers of a column or document have in common; `evidence` is the weight of it."""

    evidence: float = 0.0
    unlabelled: float = 0.0
    """Counts against numbers without a label."""
    valid: int = 0


def crowd(tokens: list[Number], today: date) -> Crowd:
    """Weigh the share of valid numbers among distinct ones, their regions, dates and check digits."""
    distinct = {token.digits: token for token in tokens if len(token.digits) == 16}
    valid = [token.typed for token in distinct.values() if numbers.is_citizen(token)]
    if not distinct or not valid:
        return Crowd()
    share, evidence, against = len(valid) / len(distinct), 0.0, 0.0
    if share >= 0.5 and len(valid) >= 3:
        evidence += weights.of("ratio_high")
    elif share < 0.2 and len(distinct) >= 5:
        evidence += weights.of("ratio_low")
    elif share >= 0.1 and len(valid) >= 3:
        evidence += weights.of("ratio_some")
    if len(valid) >= 3:
        _, most = Counter(digits[:4] for digits in valid).most_common(1)[0]
        evidence += weights.of("same_kabupaten") if most * 5 >= len(valid) * 3 else 0.0
        recent = sum(0 <= numbers.age(digits, today) <= _RECENT for digits in valid)
        against += weights.of("recent") if recent * 5 >= len(valid) * 4 else 0.0
    if len(valid) >= 5 and sum(map(numbers.is_card, valid)) * 10 >= len(valid) * 9:
        against += weights.of("luhn")
    return Crowd(evidence, against, len(valid))


def in_prose(found: Found, today: date) -> list[Sighting]:
    """Every number in the passages of a document."""
    tokens = [(token, spot) for match, spot in found.of(*NUMBERS) if spot.row < 0 for token in (_token(found, match),)]
    sixteen = [token.number for token, _ in tokens if len(token.number.digits) == 16]
    common = crowd(sixteen, today)
    explained = 0 < common.valid <= _FEW and _explains(found)
    seen = []
    for token, spot in tokens:
        kind = _kind(token)
        if kind:
            score = _score(token, kind, common, today) + (weights.of("explained") if explained else 0.0)
            seen.append(Sighting(kind, token.number.digits, score, spot, token.at))
    seen += _passports(found)
    return [_officially(found, sighting, seen) for sighting in seen]


def _token(found: Found, match: Match) -> _Token:
    start, end = match.value
    buffer = found.buffer
    spot = buffer.spot(start)
    before, after = buffer.before(start, _BEFORE), buffer.after(end, _AFTER)
    if isinstance(spot.segment, Passage) and spot.segment.origin == "attributes":
        before, after = before.rpartition("\n")[2], after.partition("\n")[0]
    text = buffer.text(start, end)
    given = numbers.number(text.lstrip("NIKnikTPtp"))
    label = ""
    if text[:1].isalpha():
        label = Kind.NIK
    elif any(numbers.fits(given, kind) for kind in _CHECKED) or Kind.NUPTK in before.lower():
        label = _label(before)
        if not label and isinstance(spot.segment, Passage) and spot.segment.origin == "attributes":
            label = _label(after)
    return _Token(given, start, end, label, before, after)


def _label(text: str) -> str:
    """Kind of the last label that belongs to what follows: a sentence that ends in between keeps its own words."""
    text = _ENDED.split(text)[-1]
    found = [label for label in words.labels(words.normal(text)) if label.kind in _NUMBERED]
    return found[-1].kind if found else ""


def _kind(token: _Token) -> str:
    """The kind that label and structure allow; empty for none."""
    own, foreign = _BY_LENGTH.get(len(token.number.digits), ("", ()))
    for kind in (*(kind for kind in foreign if kind == token.label), own):
        if numbers.fits(token.number, kind) and (kind != Kind.BPJS or token.label == Kind.BPJS):
            return kind
    return ""


def _score(token: _Token, kind: str, common: Crowd, today: date) -> float:
    formatted = token.number.formatted and kind == Kind.NPWP
    score = weights.of_kind(kind, "formatted" if formatted else "bare")
    if token.label == kind:
        score += weights.of_kind(kind, "label")
    elif token.label == words.OTHER or (token.label and token.label != kind):
        score += weights.of("other_label")
    elif _MENTION.search(token.before):
        score += weights.of("mentioned")
    around = f"{token.before} {token.after}"
    score += weights.of("support") if words.speaks("support", around) else 0.0
    if words.speaks("against", token.before[-60:]) or words.speaks("against", token.after[:30]):
        score += weights.of("against")
    if kind == Kind.NPWP and words.speaks("bodies", f"{token.before} {token.after}"):
        score += weights.of("institutional")
    if kind in CITIZEN:
        score += common.evidence if token.label != words.OTHER else min(0.0, common.evidence)
        score += 0.0 if token.label else common.unlabelled
        digits = token.number.typed
        if token.label != words.OTHER and numbers.age(digits, today) > _RECENT:
            score += weights.of("born") if numbers.born(digits) in numbers.dates(around) else 0.0
            places, _ = numbers.names_of(digits[:6])
            score += weights.of("region") / 2 if any(place in around.lower() for place in places) else 0.0
    return score


def _explains(found: Found) -> bool:
    document = found.document
    start = " ".join(passage.text[:20_000] for passage in document.passages if passage.origin in ("text", "comment"))
    return words.speaks("explains", f"{document.title} {start}")


def _passports(found: Found) -> Iterator[Sighting]:
    for match, spot in found.of("passport"):
        text = found.value(match).replace(" ", "")
        near = found.buffer.before(match.start, _BEFORE)
        if spot.row < 0 and parse_passport(text) and words.nearest(near) == Kind.PASSPORT:
            score = weights.of_kind(Kind.PASSPORT, "bare") + weights.of_kind(Kind.PASSPORT, "label")
            score += weights.of("against") if words.speaks("against", near[-60:]) else 0.0
            yield Sighting(Kind.PASSPORT, text, score, spot, match.start)
    for match, spot in found.of("mrz"):
        if parsed := parse_mrz(found.value(match)):
            score = weights.of_kind(Kind.PASSPORT, "bare") + weights.of("mrz")
            yield Sighting(Kind.PASSPORT, parsed.value, score, spot, match.start)


def _officially(found: Found, sighting: Sighting, seen: list[Sighting]) -> Sighting:
    """Mark the number of an official that stands with his office and with nothing private."""
    if sighting.kind != Kind.NIP:
        return sighting
    around = f"{found.buffer.before(sighting.at, 250)} {found.buffer.after(sighting.at, 150)}"
    if not words.speaks("official", around):
        return sighting
    private = any(
        other.kind in CITIZEN | {Kind.NPWP} and other.level >= Level.PROBABLE and abs(other.at - sighting.at) < NEAR
        for other in seen
    )
    private = private or any(abs(m.start - sighting.at) < NEAR for m, _ in found.of("phone", "phone-plus", "account"))
    return sighting if private else replace(sighting, official=True)
