"""Tables for spreadsheets, CSV and XLSX: the one place where text of a scanned site is kept from being a formula.

A cell that begins with `=`, `+`, `-` or `@` (their full-width forms, or spaces and apostrophes before them, too) is
run by spreadsheet programs (CWE-1236). Such a text gets an apostrophe in front, in both formats: a workbook is soon
saved as CSV by whoever was sent it. `unguarded` takes it away again.

Both writers give the same bytes for the same table: nothing in them is taken from a clock.
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

LONGEST = 32_000
"""Characters of a cell; XLSX ends at 32,767."""
_NAME = 31
"""Characters of a sheet's name."""

_FORMULA = re.compile(r"['\s]*[=+\-@＝＋－＠]")
_GUARDED = re.compile(r"'(?=['\s]*[=+\-@＝＋－＠])")
_REFUSED = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading, and its width in characters."""

    title: str
    width: int = 18


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: a header that stays in sight and filters, below it the rows."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Sequence[Cell], ...]
    above: tuple[tuple[str, str], ...] = ()
    """Names and values that stand over the table."""


def guarded(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula, printable and of bearable length."""
    plain = "".join(c if c.isprintable() or c == "\n" else " " for c in text[:LONGEST])
    return f"'{plain}" if _FORMULA.match(plain) else plain


def unguarded(text: str) -> str:
    """What `guarded` was given, where it added an apostrophe."""
    return text[1:] if _GUARDED.match(text) else text


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with byte order mark, so that Excel reads it; lines end as RFC 4180 says."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(map(guarded, header))
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(sheets: Sequence[Sheet], *, title: str = "") -> bytes:
    """A workbook. Names of sheets are cut, cleaned and made distinct."""
    import xlsxwriter  # type: ignore[import-untyped] # noqa: PLC0415 - only who writes a workbook waits for it

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"title": title, "created": _EPOCH})
    head = book.add_format(
        {
            "bold": True,
            "bg_color": "#1F3A5F",
            "font_color": "white",
            "text_wrap": True,
            "valign": "vcenter",
            "border": 1,
        }
    )
    label = book.add_format({"bold": True, "valign": "top"})
    body = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "border_color": "#C8CED6"})
    day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "border": 1, "border_color": "#C8CED6"})
    for name, sheet in zip(_names(sheets), sheets, strict=True):
        page = book.add_worksheet(name)
        for row, (what, said) in enumerate(sheet.above):
            page.write_string(row, 0, guarded(what), label)
            page.write_string(row, 1, guarded(said))
        top = len(sheet.above) + 1 if sheet.above else 0
        for place, column in enumerate(sheet.columns):
            page.set_column(place, place, column.width)
            page.write_string(top, place, guarded(column.title), head)
        for row, cells in enumerate(sheet.rows, start=top + 1):
            for place, cell in enumerate(cells):
                _write(page, (row, place), cell, day if isinstance(cell, date) else body)
        page.freeze_panes(top + 1, 0)
        if sheet.columns:
            page.autofilter(top, 0, top + max(len(sheet.rows), 1), len(sheet.columns) - 1)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.repeat_rows(top)
    book.close()
    return out.getvalue()


def read_xlsx(data: bytes) -> tuple[tuple[str, ...], ...]:
    """Every row of a workbook's first sheet as text, empty ones too: row 1 of the sheet is the first.

    Raises:
        ValueError: not a workbook that can be read, or none with a sheet.
    """
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415

    try:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, IndexError, OSError, ValueError) as error:
        raise ValueError(str(error)) from None
    return tuple(tuple(_shown(cell) for cell in row) for row in rows)


def _shown(cell: Any) -> str:
    """A cell as a person would type it: whole numbers without a decimal point, days in ISO 8601."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if (cell.hour, cell.minute, cell.second) == (0, 0, 0) else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _write(page: Any, place: tuple[int, int], cell: Cell, style: Any) -> None:
    match cell:
        case None:
            page.write_blank(*place, None, style)
        case date():
            page.write_datetime(*place, cell, style)
        case int() | float():
            page.write_number(*place, cell, style)
        case str():
            page.write_string(*place, guarded(cell), style)


def _plain(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case date():
            return cell.isoformat()
        case int() | float():
            return str(cell)
        case str():
            return guarded(cell)


def _names(sheets: Sequence[Sheet]) -> list[str]:
    """Names that workbooks take: short, without marks, distinct whatever their case."""
    taken: set[str] = set()
    names = []
    for number, sheet in enumerate(sheets, start=1):
        plain = _REFUSED.sub(" ", sheet.name).strip(" '") or f"Lembar {number}"
        name = plain[:_NAME]
        if name.lower() in taken or name.lower() == "history":
            tail = f" ({number})"
            name = plain[: _NAME - len(tail)] + tail
        taken.add(name.lower())
        names.append(name)
    return names
