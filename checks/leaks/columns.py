"""What the columns of a table hold, by its header row and its cells."""

import re
from dataclasses import dataclass

from . import words
from .formats import Table

_LOOKED_AT = 15
"""Rows in which a header may stand below titles."""
_LONG_NUMBER = re.compile(r"[0-9]{6,}")
_PERSON = re.compile(r"(?:[A-Z][A-Za-z'’.]+|[A-Z])(?:[ ,]+(?:[A-Z][A-Za-z'’.]*|bin|binti|al|bint)){1,5}[.,]?")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Layout:
    """Kinds by column, from the header at row `head` (-1: none)."""

    head: int
    kinds: tuple[frozenset[str], ...]

    def of(self, column: int) -> frozenset[str]:
        """What the column is said to hold."""
        return self.kinds[column] if 0 <= column < len(self.kinds) else frozenset()

    def columns(self, kind: str) -> tuple[int, ...]:
        """Columns said to hold a kind."""
        return tuple(number for number, kinds in enumerate(self.kinds) if kind in kinds)


def layout(table: Table) -> Layout:
    """Find the header: the row that names most, among the first ones without long numbers."""
    if table.keyed and table.rows:
        return Layout(0, _kinds(table.rows[0]))
    best, most = -1, 0
    for number, row in enumerate(table.rows[:_LOOKED_AT]):
        filled = [cell for cell in row if cell]
        if not filled or sum(bool(_LONG_NUMBER.search(cell)) for cell in filled) > 0:
            if best >= 0:
                break
            continue
        named = sum(bool(kinds) for kinds in _kinds(row))
        if named > most and (len(filled) > 1 or len(row) == 1):
            best, most = number, named
    if best < 0 and table.rows and _is_heading(table.rows[0]):
        best = 0
    return Layout(best, _kinds(table.rows[best]) if best >= 0 else ())


def _kinds(row: tuple[str, ...]) -> tuple[frozenset[str], ...]:
    return tuple(_settled(words.kinds(cell), cell) if cell else frozenset() for cell in row)


def _settled(kinds: frozenset[str], cell: str) -> frozenset[str]:
    """`nama penyakit` is a disease and `nama kantor` an office, not a person; a column `pemohon` holds people."""
    if not kinds and words.is_a_person(cell):
        return frozenset((words.NAME,))
    if words.NAME in kinds and kinds & {"health", words.INSTITUTION}:
        return kinds - {words.NAME}
    return kinds


def _is_heading(row: tuple[str, ...]) -> bool:
    filled = [cell for cell in row if cell]
    return bool(filled) and all(_LETTER.search(cell) and len(cell) < 60 for cell in filled) and len(filled) == len(row)


def looks_like_a_person(text: str) -> bool:
    """Two to six capitalised words."""
    return len(text) < 70 and _PERSON.fullmatch(text.strip()) is not None


def _is_titled(table: Table, found: Layout, column: int) -> bool:
    """The header has a word for the column, and it is none for people."""
    header = table.rows[found.head] if found.head >= 0 else ()
    return column < len(header) and bool(header[column].strip())


def name_columns(table: Table, found: Layout) -> tuple[int, ...]:
    """Columns of people's names: said so, or by the look of most cells."""
    said = found.columns(words.NAME)
    if said:
        return said
    rows = table.rows[found.head + 1 : found.head + 200]
    width = max(map(len, rows), default=0)
    return tuple(
        column
        for column in range(min(width, 60))
        if not found.of(column)
        and not _is_titled(table, found, column)
        and len(cells := [row[column] for row in rows if column < len(row) and row[column]]) >= 2
        and sum(map(looks_like_a_person, cells)) * 10 >= len(cells) * 8
        and len(set(cells)) * 2 > len(cells)
    )
