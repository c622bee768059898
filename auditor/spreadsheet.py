"""Tables for spreadsheets, read and written, in which no text can become a formula.

A program that opens a table computes a cell that begins with `=`, `+`, `-` or `@`, so a scanned site could have
code run at the officer's desk (OWASP, "CSV Injection"; CWE-1236). Such texts get an apostrophe in front, in
workbooks too, as those are often saved as CSV again; `unguarded` takes it away.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

Cell = str | int | float | date | None
"""Numbers stay numbers; None is an empty cell."""

_FORMULA = re.compile(r"['\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]")
"""Full-width forms count: some programs take them for their narrow twins."""
_LONGEST = 32_000
"""Characters of a cell; XLSX ends at 32,767."""
_ROWS = 1_048_576
"""Rows that a worksheet can hold."""
_LINE, _TALLEST = 15, 405
"""Points of a line and of a row; XLSX ends at 409."""
_SPARE = 200
"""Rows below the table in which a column's choices hold as well."""
_NAME = 31
"""Characters of a worksheet's name."""
_NO_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, how wide the column is in characters, and whether longer texts go on below or are hidden."""

    title: str
    width: int = 16
    wrapped: bool = True
    choices: tuple[str, ...] = ()
    """What may be chosen in it; anything, where that is empty."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. `preamble` stands above the headings: titles and notes, or names with what is said of them."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Cell, ...]]
    preamble: tuple[str | tuple[str, str], ...] = ()


def guarded(text: str) -> str:
    """The text on one line, printable, of bearable length, and never a formula."""
    cut = text[:_LONGEST]
    shown = cut if cut.isprintable() else "".join(c if c.isprintable() else _named(c) for c in cut)
    return f"'{shown}" if _FORMULA.match(shown) else shown


def unguarded(text: str) -> str:
    """What `guarded` was given, where it added an apostrophe."""
    return text[1:] if text[:1] == "'" and _FORMULA.match(text[1:]) else text


def _named(char: str) -> str:
    return " " if char in "\n\u00a0\u202f" else f"⟨U+{ord(char):04X}⟩"


def delimited(sheet: Sheet, *, marked: bool = False) -> bytes:
    """The table as CSV (RFC 4180), UTF-8; headings first, without the preamble.

    `marked` puts a byte order mark in front, without which Excel takes the text for another encoding.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([guarded(column.title) for column in sheet.columns])
    writer.writerows([_plain(cell) for cell in row] for row in sheet.rows)
    return file.getvalue().encode("utf-8-sig" if marked else "utf-8")


def _plain(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return guarded(cell)
    return cell.isoformat() if isinstance(cell, date) else cell


def workbook(sheets: Iterable[Sheet], created: datetime) -> bytes:
    """A workbook (XLSX): headings frozen and filtered, one worksheet a table. The same tables give the same bytes.

    Raises:
        ValueError: more rows than a worksheet holds.
    """
    import xlsxwriter  # type: ignore[import-untyped] # noqa: PLC0415 - only who writes a workbook waits for it

    file = io.BytesIO()
    moment = created.astimezone(UTC).replace(tzinfo=None)
    names: set[str] = set()
    options = {"in_memory": True, "remove_timezone": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"created": moment})
        style = {"text_wrap": True, "valign": "top"}
        heading = book.add_format(style | {"bold": True, "bg_color": "#DCE6F1", "bottom": 1})
        plain = book.add_format(style)
        single = book.add_format(style | {"text_wrap": False})
        day = book.add_format(style | {"num_format": "yyyy-mm-dd"})
        strong = book.add_format({"bold": True})
        for sheet in sheets:
            page = book.add_worksheet(_free(sheet.name, names))
            top = len(sheet.preamble)
            if top + 1 + len(sheet.rows) > _ROWS:
                raise ValueError(f"more than {_ROWS} rows: {sheet.name}")
            for number, line in enumerate(sheet.preamble):
                name, said = (line, "") if isinstance(line, str) else line
                bold = number == 0 or not isinstance(line, str)
                page.write_string(number, 0, guarded(name), strong if bold else None)
                if said:
                    page.write_string(number, 1, guarded(said))
            for place, column in enumerate(sheet.columns):
                page.set_column(place, place, column.width)
                page.write_string(top, place, guarded(column.title), heading)
                if column.choices:
                    choice = {"validate": "list", "source": list(column.choices)}
                    page.data_validation(top + 1, place, top + max(len(sheet.rows), 1) + _SPARE, place, choice)
            for number, row in enumerate(sheet.rows, start=top + 1):
                page.set_row(number, _height(sheet.columns, row))
                for place, (cell, column) in enumerate(zip(row, sheet.columns, strict=True)):
                    styled = day if isinstance(cell, date) else plain if column.wrapped else single
                    _write(page, (number, place), cell, styled)
            page.set_row(top, _height(sheet.columns, [column.title for column in sheet.columns]))
            page.freeze_panes(top + 1, 0)
            page.autofilter(top, 0, top + len(sheet.rows), len(sheet.columns) - 1)
            page.set_landscape()
            page.set_paper(9)  # A4
            page.fit_to_pages(1, 0)
            page.repeat_rows(top)
    return file.getvalue()


def _height(columns: Sequence[Column], row: Sequence[Cell]) -> int:
    """Points for the tallest cell of a row: not every program measures wrapped texts when it opens a workbook."""
    texts = ((len(str(cell)), column.width) for cell, column in zip(row, columns, strict=True) if column.wrapped)
    lines = max((-(-length // max(width - 2, 1)) for length, width in texts), default=1)
    return _LINE * min(max(lines, 1), _TALLEST // _LINE)


def _write(page: Any, place: tuple[int, int], cell: Cell, style: Any) -> None:
    if isinstance(cell, str):
        page.write_string(*place, guarded(cell), style)
    elif isinstance(cell, date):
        page.write_datetime(*place, cell, style)
    elif cell is not None:
        page.write_number(*place, cell, style)


def _free(name: str, taken: set[str]) -> str:
    """A worksheet name that the format allows and that no other worksheet has; case does not tell them apart."""
    base = guarded(name).translate(_NO_NAME).strip()[:_NAME] or "-"
    free, number = base, 1
    while free.casefold() in taken or free.casefold() == "history":  # a name that Excel keeps for itself
        number += 1
        suffix = f" {number}"
        free = base[: _NAME - len(suffix)] + suffix
    taken.add(free.casefold())
    return free


def read_workbook(data: bytes) -> tuple[tuple[str, ...], ...]:
    """Every row of a workbook's first worksheet as text, empty ones too, as `guarded` left it.

    Raises:
        ValueError: not a workbook that can be read, or none with a worksheet.
    """
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415

    try:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, IndexError, OSError, ValueError) as error:
        raise ValueError(str(error)) from None
    return tuple(tuple(_typed(cell) for cell in row) for row in rows)


def _typed(cell: Any) -> str:
    """A cell as a person would type it: whole numbers without a decimal point, days in ISO 8601."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if (cell.hour, cell.minute, cell.second) == (0, 0, 0) else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
