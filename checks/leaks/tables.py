"""Numbers in tables, judged by their column, its header, and what else stands in their row."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from auditor.identifiers import Kind, parse_passport

from . import numbers, weights, words
from .buffer import Spot
from .columns import Layout, layout, name_columns
from .formats import Table
from .numbers import Number
from .prose import NUMBERS, Crowd, crowd
from .sightings import CITIZEN, Found, Sighting

_ALLOWED: dict[int, tuple[str, ...]] = {
    16: (Kind.NIK, Kind.KK, Kind.NPWP, Kind.NUPTK),
    18: (Kind.NIP,),
    15: (Kind.NPWP,),
    13: (Kind.BPJS,),
}
_AGREE = 3
"""Rows from which agreement of two columns says something."""


@dataclass(slots=True)
class Sheet:
    """One table, its layout, and the numbers in it by column."""

    table: Table
    number: int
    layout: Layout
    names: tuple[int, ...]
    cells: dict[int, list[tuple[int, Number]]] = field(default_factory=lambda: defaultdict(list))
    """Row and number, by column."""

    def cell(self, row: int, column: int) -> str:
        """A cell, empty where there is none."""
        cells = self.table.rows[row]
        return cells[column] if 0 <= column < len(cells) else ""

    def spot(self, row: int, column: int) -> Spot:
        """A place in it."""
        return Spot(self.table, self.number, row, column)


def sheets(found: Found) -> list[Sheet]:
    """The tables of a document with the numbers found in them."""
    made: dict[int, Sheet] = {}
    for number, segment in enumerate(found.buffer.segments):
        if isinstance(segment, Table):
            laid = layout(segment)
            made[number] = Sheet(segment, number, laid, name_columns(segment, laid))
    for match, spot in found.of(*NUMBERS):
        if spot.number in made:
            sheet = made[spot.number]
            text = found.value(match).lstrip("NIKnikTPtp")
            numeric = spot.column in sheet.table.numeric
            sheet.cells[spot.column].append((spot.row, numbers.number(text, numeric=numeric)))
    return list(made.values())


def in_tables(found: Found, laid: list[Sheet], today: date) -> list[Sighting]:
    """Every number in the tables of a document."""
    return [
        sighting
        for sheet in laid
        for column, cells in sheet.cells.items()
        for sighting in _column(found, sheet, column, cells, today)
    ] + list(_passports(laid))


def _column(
    found: Found, sheet: Sheet, column: int, cells: list[tuple[int, Number]], today: date
) -> Iterator[Sighting]:
    named = sheet.layout.of(column)
    distinct = list({number.digits: number for _, number in cells}.values())
    common = crowd(distinct, today)
    agreement = _agreement(sheet, cells, named, today)
    above = f"{found.document.title} {sheet.table.above[-160:]}"
    samples = words.speaks("against", above) or (len(distinct) <= _AGREE and words.speaks("explains", above))
    for row, number in cells:
        beside = words.kinds(sheet.cell(row, column - 1)) if column else frozenset()
        kind = _kind(number, named, beside)
        if kind:
            score = _score(sheet, (row, column), number, kind, named, beside, common)
            score += agreement.get(row, 0.0) if kind in CITIZEN and number.typed else 0.0
            score += weights.of("against") if samples else 0.0
            official = kind == Kind.NIP and _is_official(sheet, row, above)
            yield Sighting(kind, number.digits, score, sheet.spot(row, column), official=official)


def _kind(number: Number, named: frozenset[str], beside: frozenset[str]) -> str:
    allowed = _ALLOWED.get(len(number.digits), ())
    for said in (named, beside):
        for kind in allowed:
            if kind in said and numbers.fits(number, kind):
                return kind
    if len(number.digits) == 16 and numbers.fits(number, Kind.NIK) and Kind.BANK_ACCOUNT not in named:
        return Kind.NIK
    if len(number.digits) == 18 and numbers.fits(number, Kind.NIP):
        return Kind.NIP
    return Kind.NPWP if len(number.digits) == 15 and number.formatted and numbers.fits(number, Kind.NPWP) else ""


def _score(
    sheet: Sheet, at: tuple[int, int], number: Number, kind: str, named: frozenset[str], beside: frozenset[str],
    common: Crowd,
) -> float:  # fmt: skip
    row, column = at
    score = weights.of_kind(kind, "formatted" if number.formatted and kind == Kind.NPWP else "bare")
    foreign = False
    if kind in named:
        score += weights.of_kind(kind, "header")
    elif kind in beside:
        score += weights.of_kind(kind, "label")
    elif words.OTHER in named or named & {*_numbered()} or (not named and words.OTHER in beside and column == 1):
        foreign = True
        score += weights.of("other_header")
    elif sheet.layout.columns(kind):
        score += weights.of("mentioned")
    if sheet.names or any(sheet.layout.columns(k) for k in (words.ADDRESS, words.SEX, Kind.BIRTH_DATE)):
        score += weights.of("support")
    cells = sheet.table.rows[row]
    if any(words.speaks("against", cell) for i, cell in enumerate(cells) if i != column and len(cell) < 40):
        score += weights.of("against")
    if kind == Kind.NPWP and words.speaks(
        "bodies", f"{' '.join(sheet.table.rows[max(0, sheet.layout.head)])} {' '.join(cells)}"
    ):
        score += weights.of("institutional")
    if kind in CITIZEN:
        score += min(0.0, common.evidence) if foreign else common.evidence
        score += 0.0 if kind in named or kind in beside else common.unlabelled
    return score


def _numbered() -> tuple[str, ...]:
    return (Kind.NIK, Kind.KK, Kind.NPWP, Kind.NIP, Kind.NUPTK, Kind.BPJS, Kind.BANK_ACCOUNT, Kind.PHONE)


def _agreement(sheet: Sheet, cells: list[tuple[int, Number]], named: frozenset[str], today: date) -> dict[int, float]:
    """Weight by row of what other columns say: date of birth, sex, name of the region."""
    valid = [(row, number.typed) for row, number in cells if numbers.is_citizen(number)]
    if not valid or Kind.KK in named:
        return {}
    said: dict[int, float] = dict.fromkeys((row for row, _ in valid), 0.0)
    births = sheet.layout.columns(Kind.BIRTH_DATE)
    agree = 0
    dated = 0
    for row, digits in valid:
        columns = births or tuple(c for c in range(len(sheet.table.rows[row])) if not sheet.layout.of(c))
        given = set().union(*(numbers.dates(sheet.cell(row, column)) for column in columns)) if columns else set()
        dated += bool(given)
        if numbers.born(digits) in given and (births or numbers.age(digits, today) > 3):
            agree += 1
            said[row] += weights.of("born")
        places, kabupaten = numbers.names_of(digits[:6])
        text = " ".join(cell for cell in sheet.table.rows[row] if len(cell) < 200).lower()
        if any(place in text for place in places):
            said[row] += weights.of("region")
        elif any(place in text for place in kabupaten):
            said[row] += weights.of("region") / 2
    if births and dated >= _AGREE and agree * 5 < dated and Kind.NIK not in named:
        said = {row: score + weights.of("born_contradicts") for row, score in said.items()}
    return _with_sex(sheet, valid, said, named)


def _with_sex(
    sheet: Sheet, valid: list[tuple[int, str]], said: dict[int, float], named: frozenset[str]
) -> dict[int, float]:
    for column in sheet.layout.columns(words.SEX):
        told = [(sex, digits) for row, digits in valid if (sex := numbers.sex_of(sheet.cell(row, column)))]
        if len(told) < _AGREE:
            continue
        agree = sum((int(digits[6:8]) > 40) == (sex == "f") for sex, digits in told)
        if agree * 10 >= len(told) * 9:
            return {row: score + weights.of("sex") for row, score in said.items()}
        if agree * 10 < len(told) * 7 and Kind.NIK not in named:
            return {row: score + weights.of("sex_contradicts") for row, score in said.items()}
    return said


def _is_official(sheet: Sheet, row: int, above: str) -> bool:
    """The row names an office and nothing private."""
    layout_ = sheet.layout
    office = bool(layout_.columns(words.OFFICE)) or words.speaks(
        "official", f"{above} {' '.join(cell for cell in sheet.table.rows[row] if len(cell) < 120)}"
    )
    private = (Kind.PHONE, Kind.BANK_ACCOUNT, words.ADDRESS, Kind.NIK, Kind.NPWP, Kind.KK)
    return office and not any(sheet.cell(row, column) for kind in private for column in layout_.columns(kind))


def _passports(laid: list[Sheet]) -> Iterator[Sighting]:
    for sheet in laid:
        for column in sheet.layout.columns(Kind.PASSPORT):
            for row in range(sheet.layout.head + 1, len(sheet.table.rows)):
                text = sheet.cell(row, column).replace(" ", "").upper()
                if parse_passport(text):
                    score = weights.of_kind(Kind.PASSPORT, "bare") + weights.of_kind(Kind.PASSPORT, "header")
                    score += weights.of("support") if sheet.names else 0.0
                    yield Sighting(Kind.PASSPORT, text, score, sheet.spot(row, column))
