"""What the rows of tables say about people beside their numbers: contacts, accounts, births, health, children.

None of it is a leak by itself: an office publishes its telephone number, a statistic its diseases. It counts where it
stands with the name or number of a person, and contacts count where they are a list of people's.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date

from auditor.identifiers import Kind

from . import numbers, weights, words
from .contacts import EMAIL, LIKELY, LIST, MAILING, MAYBE, PHONE, SURE, email, is_official, phone
from .sightings import CHILD, IDENTITY, Found, Sighting
from .tables import Sheet
from .weights import Level

ADULT = 18
_EMPTY = frozenset(("", "-", "--", "tidak ada", "tidak", "nihil", "n a", "none", "null", "0", "sehat", "normal"))


def in_rows(found: Found, laid: list[Sheet], seen: list[Sighting], today: date) -> Iterator[Sighting]:
    """Everything about people in the rows of tables; `seen` are the numbers already found in them."""
    for sheet in laid:
        identities: dict[int, str] = {}
        for sighting in seen:
            certain = sighting.level >= Level.PROBABLE and not sighting.official
            if certain and sighting.spot.number == sheet.number and sighting.kind in IDENTITY - {Kind.NIP}:
                identities.setdefault(sighting.spot.row, sighting.value)
        yield from _rows(found, sheet, identities, seen, today)


def _rows(
    found: Found, sheet: Sheet, identities: dict[int, str], seen: list[Sighting], today: date
) -> Iterator[Sighting]:
    body = range(sheet.layout.head + 1, len(sheet.table.rows))
    people = {row: name for row in body for name in (_person(sheet, row),) if name}
    contacts = list(_contacts(sheet, body))
    for kind in (Kind.PHONE, Kind.EMAIL):
        yield from _listed(sheet, kind, [(r, c, v) for k, r, c, v in contacts if k == kind], identities, people)
    yield from _accounts(sheet, body, identities, people)
    births = dict(_births(sheet, body, today))
    for row, (column, born) in births.items():
        known = row in identities or (row in people and len(births) >= LIST)
        if known or row in people:
            yield Sighting(Kind.BIRTH_DATE, f"{born}", SURE if known else MAYBE, sheet.spot(row, column))
    yield from _health(sheet, body, identities, people)
    ages = {row: _age(born, today) for row, (_, born) in births.items()}
    yield from _children(found, sheet, identities, people, ages, seen, today)


def _listed(
    sheet: Sheet, kind: str, cells: list[tuple[int, int, str]], identities: dict[int, str], people: dict[int, str]
) -> Iterator[Sighting]:
    """Contacts of one kind: beside a number of the person, or with names in several rows."""
    header = " ".join(sheet.table.rows[sheet.layout.head]) if sheet.layout.head >= 0 else ""
    offices = bool(sheet.layout.columns(words.INSTITUTION)) or words.speaks("official", header)
    of_offices = offices and not sheet.layout.columns(words.NAME)
    own = [(row, column, value) for row, column, value in cells if row in identities or not is_official(value)]
    of_people = {value for row, _, value in own if row in people or row in identities}
    everyone = {value for _, _, value in own}
    for row, column, value in own:
        if row in identities:
            score = SURE
        elif of_offices:
            if row not in people:
                continue
            score = MAYBE
        elif row in people and len(of_people) >= LIST:
            score = SURE if sheet.layout.columns(words.NAME) else LIKELY
        elif kind == Kind.EMAIL and len(everyone) >= MAILING:
            score = LIKELY
        elif row in people:
            score = MAYBE
        else:
            continue
        yield Sighting(kind, value, score, sheet.spot(row, column))


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _person(sheet: Sheet, row: int) -> str:
    for column in sheet.names:
        name = sheet.cell(row, column).strip()
        if name and any(map(str.isalpha, name)) and not words.speaks("institutional", name):
            return name
    return ""


def _contacts(sheet: Sheet, body: range) -> Iterator[tuple[str, int, int, str]]:
    for column in _columns(sheet, Kind.PHONE, lambda text: bool(PHONE.fullmatch(text) and phone(text))):
        for row in body:
            for part in re.split(r"[/;,]| dan ", sheet.cell(row, column)):
                if number := phone(part):
                    yield Kind.PHONE, row, column, number
    for column in _columns(sheet, Kind.EMAIL, lambda text: bool(EMAIL.fullmatch(text))):
        for row in body:
            if address := email(sheet.cell(row, column)):
                yield Kind.EMAIL, row, column, address


def _columns(sheet: Sheet, kind: str, looks: Callable[[str], bool]) -> list[int]:
    """Columns said to hold a kind, or, without a header that says otherwise, columns of which each cell looks so."""
    said = list(sheet.layout.columns(kind))
    rows = sheet.table.rows[sheet.layout.head + 1 :][:200]
    width = min(60, max(map(len, rows), default=0))
    for column in range(width):
        if column in said or sheet.layout.of(column):
            continue
        cells = [row[column].strip() for row in rows if column < len(row) and row[column].strip()]
        if cells and sum(map(looks, cells)) * 10 >= len(cells) * 8:
            said.append(column)
    return said


def _accounts(sheet: Sheet, body: range, identities: dict[int, str], people: dict[int, str]) -> Iterator[Sighting]:
    banks = any("bank" in words.normal(" ".join(row)) for row in sheet.table.rows[max(0, sheet.layout.head) :][:2])
    for column in sheet.layout.columns(Kind.BANK_ACCOUNT):
        if words.OTHER in sheet.layout.of(column):
            continue
        for row in body:
            cell = sheet.cell(row, column)
            given = numbers.number(cell)
            if not numbers.fits(given, Kind.BANK_ACCOUNT):
                continue
            score = weights.of_kind(Kind.BANK_ACCOUNT, "bare") + weights.of_kind(Kind.BANK_ACCOUNT, "header")
            score += weights.of("support") if row in people else 0.0
            score += weights.of("bank") if banks or re.search(r"[A-Za-z]{3}", cell) else 0.0
            score += LIKELY if row in identities else 0.0
            if row not in people and row not in identities:
                score += weights.of("institutional")
            yield Sighting(Kind.BANK_ACCOUNT, given.digits, score, sheet.spot(row, column))


def _births(sheet: Sheet, body: range, today: date) -> Iterator[tuple[int, tuple[int, date]]]:
    for column in sheet.layout.columns(Kind.BIRTH_DATE):
        for row in body:
            born = numbers.a_date(sheet.cell(row, column), today)
            if born:
                yield row, (column, born)


def _health(sheet: Sheet, body: range, identities: dict[int, str], people: dict[int, str]) -> Iterator[Sighting]:
    columns = sheet.layout.columns("health")
    above = sheet.table.above
    listed = words.speaks("sick", above) and words.speaks("health_terms", above)
    for row in body:
        who = identities.get(row) or people.get(row)
        if not who:
            continue
        said = any(words.normal(sheet.cell(row, column)) not in _EMPTY for column in columns)
        if not said and not columns:
            cells = (cell for cell in sheet.table.rows[row] if 2 < len(cell) < 80)
            said = listed or (row in identities and any(words.speaks("health_terms", cell) for cell in cells))
        if said:
            column = columns[0] if columns else 0
            score = SURE if columns and (row in identities or sheet.layout.columns(words.NAME)) else LIKELY
            yield Sighting(Kind.HEALTH, who, score, sheet.spot(row, column))


def _children(
    found: Found, sheet: Sheet, identities: dict[int, str], people: dict[int, str], ages: dict[int, int],
    seen: list[Sighting], today: date,
) -> Iterator[Sighting]:  # fmt: skip
    header = " ".join(sheet.table.rows[sheet.layout.head]) if sheet.layout.head >= 0 else ""
    mostly = len(ages) >= LIST and sum(age < ADULT for age in ages.values()) * 2 > len(ages)
    listed = mostly or words.speaks("children", f"{found.document.title} {sheet.table.above} {header}")
    pupils = sheet.layout.columns(words.CHILD)
    young = {
        s.spot.row
        for s in seen
        if s.spot.number == sheet.number and s.kind == Kind.NIK and s.level >= Level.PROBABLE
        and numbers.age(s.value, today) < ADULT
    }  # fmt: skip
    for row in {*identities, *people}:
        numbered = any(sheet.cell(row, column) for column in pupils)
        by_age = row in young or ages.get(row, ADULT) < ADULT
        if (numbered and row in people) or (by_age and (listed or row in identities)):
            who = identities.get(row) or people[row]
            yield Sighting(CHILD, who, SURE, sheet.spot(row, 0))
