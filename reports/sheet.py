"""Tables for spreadsheets, in which no text can become a formula.

A program that opens a table computes a cell that begins with `=`, `+`, `-` or `@`, so a scanned site could have
code run at the officer's desk (OWASP, "CSV Injection"; CWE-1236). Such texts get an apostrophe in front, in
workbooks too, as those are often saved as CSV again.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import xlsxwriter  # type: ignore[import-untyped] # has no types

from .visible import visible

Cell = str | int | date
_FORMULAS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Full-width forms count: some programs take them for their narrow twins."""
_ROWS = 1_048_576
"""Rows that a worksheet can hold."""
_NAME = 31
"""Characters of a worksheet's name."""
_NO_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, and how wide the column is in characters."""

    title: str
    width: int = 16


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. `preamble` stands above the headings: titles, notes, one line each."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Cell, ...]]
    preamble: tuple[str, ...] = ()


def guarded(text: str) -> str:
    """The text on one line, visible, and never a formula."""
    shown = visible(text)
    return "'" + shown if shown.lstrip().startswith(_FORMULAS) else shown


def delimited(sheet: Sheet) -> bytes:
    """The table as CSV (RFC 4180), UTF-8; headings first, without the preamble."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([guarded(column.title) for column in sheet.columns])
    writer.writerows([_plain(cell) for cell in row] for row in sheet.rows)
    return file.getvalue().encode()


def _plain(cell: Cell) -> str | int:
    if isinstance(cell, str):
        return guarded(cell)
    return cell if isinstance(cell, int) else cell.isoformat()


def workbook(sheets: Iterable[Sheet], created: datetime) -> bytes:
    """A workbook (XLSX): headings frozen and filtered, one worksheet a table. The same tables give the same bytes.

    Raises:
        ValueError: more rows than a worksheet holds.
    """
    file = io.BytesIO()
    moment = created.astimezone(UTC).replace(tzinfo=None)
    names: set[str] = set()
    options = {"in_memory": True, "remove_timezone": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"created": moment})
        style = {"text_wrap": True, "valign": "top"}
        heading = book.add_format(style | {"bold": True, "bg_color": "#DCE6F1", "bottom": 1})
        plain = book.add_format(style)
        day = book.add_format(style | {"num_format": "yyyy-mm-dd"})
        strong = book.add_format({"bold": True})
        for sheet in sheets:
            page = book.add_worksheet(_free(sheet.name, names))
            top = len(sheet.preamble)
            if top + 1 + len(sheet.rows) > _ROWS:
                raise ValueError(f"more than {_ROWS} rows: {sheet.name}")
            for number, line in enumerate(sheet.preamble):
                page.write_string(number, 0, guarded(line), strong if number == 0 else None)
            for place, column in enumerate(sheet.columns):
                page.set_column(place, place, column.width)
                page.write_string(top, place, guarded(column.title), heading)
            for number, row in enumerate(sheet.rows, start=top + 1):
                for place, cell in enumerate(row):
                    if isinstance(cell, str):
                        page.write_string(number, place, guarded(cell), plain)
                    elif isinstance(cell, int):
                        page.write_number(number, place, cell, plain)
                    else:
                        page.write_datetime(number, place, cell, day)
            page.freeze_panes(top + 1, 0)
            page.autofilter(top, 0, top + len(sheet.rows), len(sheet.columns) - 1)
            page.set_landscape()
            page.set_paper(9)  # A4
            page.fit_to_pages(1, 0)
            page.repeat_rows(top)
    return file.getvalue()


def _free(name: str, taken: set[str]) -> str:
    """A worksheet name that the format allows and that no other worksheet has; case does not tell them apart."""
    base = visible(name).translate(_NO_NAME).strip()[:_NAME] or "-"
    free, number = base, 1
    while free.casefold() in taken:
        number += 1
        suffix = f" {number}"
        free = base[: _NAME - len(suffix)] + suffix
    taken.add(free.casefold())
    return free
