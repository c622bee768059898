"""One file from bytes to a masked summary.

No value of anything found leaves this module, only tags of it, unless the owner of the site asked for an encrypted list
to clean up by.

bytes -> formats.read -> Document -> Buffer -> Matcher.find -> sightings -> Summary
"""

import hashlib
import hmac
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import unquote

from auditor.identifiers import Kind
from auditor.model import Absence

from . import credentials, numbers, words
from .buffer import Buffer, Spot
from .engine import Match, Matcher
from .entries import with_records
from .formats import Document, Gap, Passage, Table, read
from .lines import in_lines
from .prose import in_prose
from .records import in_rows
from .sightings import CHILD, CITIZEN, Found, Sighting
from .tables import in_tables, sheets
from .weights import Level

TYPES = (*(str(kind) for kind in Kind), "secret", "weak_mask")
"""The `<type>` of the facts `leak.<type>.count`."""
MATCHES = 10_000
"""Matches of one pattern that are looked at in one document; more are of no use."""
KEPT = 5_000
"""Tags kept of one type and file; the count goes on."""
_SHOWN = 3
_PLACES = 24
_PATHS = re.compile(
    r"\b[A-Za-z]:\\{1,2}(?:Users|Documents and Settings|xampp|laragon|wamp64|inetpub)\\{1,2}[^\\\s\"'<>|]{1,60}"
    r"|(?<![\w.:/])/(?:home|Users)/[A-Za-z0-9._\-]{2,40}/|(?<![\w.:/])/(?:var/www|usr/share/nginx|opt/lampp)/[A-Za-z0-9._\-]{2,60}"
    r"|file:///[A-Za-z0-9%._\-/:]{4,120}"
)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|bmp|tiff?|heic|pdf)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Count:
    """Distinct values of one type in one file."""

    count: int = 0
    """Confirmed or probable."""
    possible: int = 0
    tags: tuple[str, ...] = ()
    """Keyed tags of the counted values, to tell equal ones apart across files."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What one file gives away, with nothing of it."""

    types: dict[str, Count] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    public_keys: tuple[str, ...] = ()
    officials: int = 0
    children: int = 0
    authors: int = 0
    paths: int = 0
    id_cards: int = 0
    unread: int = 0
    places: tuple[str, ...] = ()
    gaps: tuple[tuple[str, str], ...] = ()
    """Reason and detail of what was not looked at."""
    values: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)
    """Type, place and value of each, only where they were asked for, to be encrypted to the owner of the site."""

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def summary_of(plain: dict[str, Any]) -> Summary:
    """The inverse of `Summary.plain`, whatever JSON made of tuples."""
    types = {name: Count(each["count"], each["possible"], tuple(each["tags"])) for name, each in plain["types"].items()}
    gaps = tuple((str(reason), str(detail)) for reason, detail in plain["gaps"])
    values = tuple((str(kind), str(place), str(value)) for kind, place, value in plain["values"])
    rest: dict[str, Any] = {name: tuple(each) if isinstance(each, list) else each for name, each in plain.items()}
    return Summary(**{**rest, "types": types, "gaps": gaps, "values": values})


def analyse(
    name: str, content_type: str, data: bytes, *, matcher: Matcher, key: bytes, today: date, whole: bool = False
) -> Summary:
    """Look through one file and every file in it; `whole` asks for the values themselves."""
    ledger = _Ledger(key)
    for part in read(name, content_type, data):
        if isinstance(part, Gap):
            ledger.note(part)
        else:
            ledger.enter(part, matcher, today)
    ledger.note_names([name])
    summary = ledger.summary()
    return replace(summary, values=tuple(ledger.values())) if whole else summary


@dataclass(slots=True)
class _Ledger:
    key: bytes = field(repr=False)
    best: dict[str, dict[str, Level]] = field(default_factory=lambda: defaultdict(dict), repr=False)
    where: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set), repr=False)
    secret_kinds: set[str] = field(default_factory=set)
    public_kinds: set[str] = field(default_factory=set)
    officials: set[str] = field(default_factory=set, repr=False)
    children: set[str] = field(default_factory=set, repr=False)
    people: set[str] = field(default_factory=set, repr=False)
    paths: set[str] = field(default_factory=set, repr=False)
    id_cards: set[str] = field(default_factory=set, repr=False)
    unread: int = 0
    gaps: list[tuple[str, str]] = field(default_factory=list)

    def note(self, gap: Gap) -> None:
        """Something was not looked at."""
        self.gaps.append((str(gap.reason), gap.detail))

    def enter(self, document: Document, matcher: Matcher, today: date) -> None:
        document = with_records(document)
        found = find(document, matcher)
        laid = sheets(found)
        in_cells, in_text = in_tables(found, laid, today), in_prose(found, today)
        for sighting in (
            *in_cells,
            *in_text,
            *in_rows(found, laid, in_cells, today),
            *in_lines(found, in_text, today),
            *_weak_masks(found),
        ):
            self._add(sighting)
        for kind, sighting, public in credentials.secrets(found):
            if public:
                self.public_kinds.add(kind)
            else:
                self._add(sighting)
                if sighting.level >= Level.PROBABLE:
                    self.secret_kinds.add(kind)
        if document.cut:
            self.note(document.cut)
        if any(len(each) >= MATCHES for each in found.matches.values()):
            self.note(Gap(Absence.LIMITED, "more numbers than are looked at of one file"))
        self.people.update(document.people)
        self.unread += document.unread
        for passage in document.passages:
            self.paths.update(match[0] for match in _PATHS.finditer(passage.text))
        self.note_names(document.links)

    def _add(self, sighting: Sighting) -> None:
        level = sighting.level
        if level is Level.NOISE:
            return
        if sighting.official:
            self.officials.add(sighting.value)
            return
        if sighting.kind == CHILD:
            self.children.add(sighting.value)
            return
        known = self.best[sighting.kind]
        known[sighting.value] = max(level, known.get(sighting.value, Level.NOISE))
        if level >= Level.PROBABLE:
            self.where[sighting.kind, _place(sighting.spot)].add(sighting.value)

    def note_names(self, links: Iterable[str]) -> None:
        """File names that say that they are a scanned card."""
        for link in links:
            name = unquote(link.partition("?")[0].rpartition("/")[2])
            if _PICTURE.search(name) and words.speaks("id_card_files", name.rpartition(".")[0]):
                self.id_cards.add(name)

    def summary(self) -> Summary:
        types = {}
        for kind, values in self.best.items():
            counted = [value for value, level in values.items() if level >= Level.PROBABLE]
            tags = tuple(sorted(self._tag(value) for value in counted[:KEPT]))
            types[str(kind)] = Count(len(counted), len(values) - len(counted), tags)
        return Summary(
            types=types,
            secrets=tuple(sorted(self.secret_kinds)),
            public_keys=tuple(sorted(self.public_kinds)),
            officials=len(self.officials),
            children=len(self.children),
            authors=len(self.people),
            paths=len(self.paths),
            id_cards=len(self.id_cards),
            unread=self.unread,
            places=tuple(self._places())[:_PLACES],
            gaps=tuple(dict.fromkeys(self.gaps)),
        )

    def values(self) -> Iterable[tuple[str, str, str]]:
        """Type, place and value of everything counted."""
        for (kind, place), found in sorted(self.where.items()):
            for value in sorted(found):
                yield kind, place, value

    def _places(self) -> Iterable[str]:
        for (kind, place), values in sorted(self.where.items()):
            shown = ", ".join(self._shown(kind, value) for value in sorted(values)[:_SHOWN])
            yield f"{kind} x {len(values)} in {place}: {shown}"

    def _shown(self, kind: str, value: str) -> str:
        region = f"{value[:6]}xxxxxx****" if kind in CITIZEN else ""
        return f"{region}#{self._tag(value)}"

    def _tag(self, value: str) -> str:
        return hmac.new(self.key, value.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:16]


def find(document: Document, matcher: Matcher) -> Found:
    """Every pattern over a document."""
    buffer = Buffer.of(document)
    matches: dict[str, list[tuple[Match, Spot]]] = defaultdict(list)
    for match in matcher.find(buffer.data, MATCHES):
        matches[matcher.patterns[match.pattern].id].append((match, buffer.spot(match.value[0])))
    return Found(document, buffer, dict(matches))


def _weak_masks(found: Found) -> Iterable[Sighting]:
    for match, spot in found.of("masked"):
        shown = numbers.weakly_masked(found.value(match))
        if not shown:
            continue
        before = found.buffer.before(match.start, 80)
        told = words.nearest(before) in CITIZEN or _header_names(spot) or shown[:12].isdecimal()
        behind = found.buffer.after(match.end, 40)
        against = words.speaks("against", f"{before[-60:]} {behind}") or words.nearest(before) == words.OTHER
        if told and not against:
            yield Sighting("weak_mask", shown, 2.0, spot, match.start)


def _header_names(spot: Spot) -> bool:
    rows = spot.segment.rows[:15] if isinstance(spot.segment, Table) else ()
    return any(spot.column < len(row) and words.kinds(row[spot.column]) & CITIZEN for row in rows)


def _place(spot: Spot) -> str:
    if isinstance(spot.segment, Passage):
        return spot.segment.origin
    return f"{spot.segment.place or 'table'}, column {spot.column + 1}"
