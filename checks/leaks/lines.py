"""What running text says about people beside their numbers: contacts, accounts, births, health, children."""

import re
import sys
from bisect import bisect
from collections.abc import Iterator
from datetime import date

from auditor.identifiers import Kind

from . import numbers, weights, words
from .buffer import Spot
from .columns import looks_like_a_person
from .contacts import LIKELY, LIST, MAILING, MAYBE, SURE, email, is_official, phone
from .engine import Match
from .formats import Passage
from .prose import NEAR, NUMBERS
from .records import ADULT
from .sightings import CHILD, CITIZEN, IDENTITY, Found, Sighting
from .weights import Level

_LOCAL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}\Z")
_DOMAIN = re.compile(r"@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,5}")
_WORDS = re.compile(r"[^\W\d_][\w.'’]+(?:[ ]+[^\W\d_][\w.'’]*)+")
_BANKS = re.compile(r"\b(?:bank|bri|bni|bca|mandiri|btn|bsi|bpd|danamon|cimb)\b", re.IGNORECASE)
_OF_BIRTH = re.compile(r"(?:\b(?:tgl|tanggal|tempat)[^\n]{0,16}lahir|ttl|birth|dob)", re.IGNORECASE)
_HOLDER = re.compile(r"\b[aA][./]?[nN]\b")


def in_lines(found: Found, seen: list[Sighting], today: date) -> Iterator[Sighting]:
    """Everything about people in passages; `seen` are the numbers already found in them."""
    identities = [
        s for s in seen
        if s.at >= 0 and s.kind in IDENTITY - {Kind.NIP} and s.level >= Level.PROBABLE and not s.official
    ]  # fmt: skip
    yield from _phones_and_mail(found, identities)
    yield from _account_lines(found, identities)
    for match, spot in found.of("birth"):
        text = found.buffer.text(match.start, match.end)
        born = numbers.a_date(text, today)
        if spot.row < 0 and born and not words.speaks("against", found.buffer.before(match.start, 60)):
            beside = _beside(identities, spot.number, match.start)
            if not beside and not _OF_BIRTH.search(f"{found.buffer.before(match.start, 24)}{text[:5]}"):
                continue  # things are born too: a town, a movement
            yield Sighting(Kind.BIRTH_DATE, f"{born}", SURE if beside else MAYBE, spot, match.start)
    for identity in identities:
        if identity.kind not in CITIZEN | {Kind.BPJS} or _is_second(identity, identities):
            continue
        around = f"{found.buffer.before(identity.at, 200)} {found.buffer.after(identity.at + 16, 200)}"
        kinds = {label.kind for label in words.labels(words.normal(around))}
        if words.speaks("health_terms", around) or "health" in kinds:
            yield Sighting(Kind.HEALTH, identity.value, SURE, identity.spot, identity.at)
        if identity.kind == Kind.NIK and numbers.age(identity.value, today) < ADULT:
            yield Sighting(CHILD, identity.value, SURE, identity.spot, identity.at)


def _is_second(identity: Sighting, identities: list[Sighting]) -> bool:
    """The number of someone whose NIK stands near."""
    near = (other for other in identities if other.kind == Kind.NIK and abs(other.at - identity.at) < NEAR)
    return identity.kind != Kind.NIK and any(near)


def _beside(identities: list[Sighting], segment: int, place: int) -> Sighting | None:
    return next((i for i in identities if i.spot.number == segment and abs(i.at - place) < NEAR), None)


def _phones_and_mail(found: Found, identities: list[Sighting]) -> Iterator[Sighting]:
    longer = sorted((match.start, match.end) for match, _ in found.of(*NUMBERS))
    phones = [
        (match, phone(found.value(match)))
        for match, spot in found.of("phone", "phone-plus")
        if spot.row < 0 and not _is_part(match, longer)
    ]
    addresses = [(match, _address(found, match)) for match, spot in found.of("email") if spot.row < 0]
    for kind, told in ((Kind.PHONE, phones), (Kind.EMAIL, addresses)):
        yield from _listed(found, kind, [(match, value) for match, value in told if value], identities)


def _listed(found: Found, kind: str, told: list[tuple[Match, str]], identities: list[Sighting]) -> Iterator[Sighting]:
    """Contacts that stand beside a person's number, or with names in several lines."""
    spots = {match: found.buffer.spot(match.start) for match, _ in told}
    beside = {match for match, _ in told if _beside(identities, spots[match].number, match.start)}
    told = [(m, v) for m, v in told if not is_official(v) and (m in beside or _is_prose(spots[m]))]
    person = {match: _names_a_person(found, match.start, match.end) for match, _ in told}
    named = {value for match, value in told if person[match]}
    for match, value in told:
        spot = spots[match]
        if match in beside:
            score = SURE
        elif person[match] and len(named) >= LIST:
            score = LIKELY
        elif kind == Kind.EMAIL and len({each for _, each in told}) >= MAILING:
            score = LIKELY if _origin(spot) == "text" else MAYBE
        elif person[match] and len(named) > 1:
            score = MAYBE
        else:
            continue
        yield Sighting(kind, value, score, spot, match.start)


def _is_part(match: Match, longer: list[tuple[int, int]]) -> bool:
    """Digits of a longer number that is written in groups."""
    at = bisect(longer, (match.start, sys.maxsize))
    return at > 0 and longer[at - 1][1] >= match.end


def _address(found: Found, match: Match) -> str:
    local = _LOCAL.search(found.buffer.before(match.start, 64))
    domain = _DOMAIN.match(found.buffer.text(match.start, match.start + 200))
    return email(f"{local[0]}{domain[0]}") if local and domain else ""


def _origin(spot: Spot) -> str:
    return spot.segment.origin if isinstance(spot.segment, Passage) else ""


def _is_prose(spot: Spot) -> bool:
    """Scripts hold the addresses of the authors of libraries."""
    return _origin(spot) in ("text", "values", "comment")


def _names_a_person(found: Found, start: int, end: int) -> bool:
    """The line holds a person's name, and no word of an office."""
    line = found.buffer.before(start, 160).rpartition("\n")[2] + " | " + found.buffer.after(end, 120).partition("\n")[0]
    if words.speaks("institutional", line):
        return False
    return any(looks_like_a_person(some.title()) for some in _WORDS.findall(line)[:6])


def _account_lines(found: Found, identities: list[Sighting]) -> Iterator[Sighting]:
    for match, spot in found.of("account"):
        if spot.row >= 0:
            continue
        text = found.buffer.text(match.start, match.end)
        digits = re.search(r"[0-9][0-9 .\-]{7,24}[0-9]\Z", text)
        given = numbers.number(digits[0]) if digits else numbers.number("")
        if not numbers.fits(given, Kind.BANK_ACCOUNT):
            continue
        around = f"{found.buffer.before(match.start, 100)} {text} {found.buffer.after(match.end, 100)}"
        score = weights.of_kind(Kind.BANK_ACCOUNT, "bare") + weights.of_kind(Kind.BANK_ACCOUNT, "label")
        score += weights.of("bank") if _BANKS.search(around) else 0.0
        near = _beside(identities, spot.number, match.start)
        score += LIKELY if near else 0.0
        score += weights.of("support") if words.speaks("support", around) or _HOLDER.search(around) else 0.0
        if not near and words.speaks("institutional", f"{text} {found.buffer.after(match.end, 100)}"):
            score += weights.of("institutional")
        score += weights.of("against") if words.speaks("against", found.buffer.before(match.start, 60)) else 0.0
        if words.kinds(found.buffer.before(match.start, 8) + text[:12]) & {words.OTHER}:
            score += weights.of("other_label")
        yield Sighting(Kind.BANK_ACCOUNT, given.digits, score, spot, match.start)
