"""Tables for spreadsheets: read back by openpyxl and the csv module, none of whose cells may be a formula."""

import csv
import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.spreadsheet import Column, Sheet, delimited, guarded, read_workbook, unguarded, workbook

STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
ATTACKS = ["=cmd|'/C calc'!A0", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1", "＝1", "'=1", "''@x", "\n=1"]


@pytest.mark.parametrize("text", ATTACKS)
def test_what_programs_would_run_begins_with_something_else(text: str) -> None:
    assert not guarded(text).lstrip().startswith(STARTS)


@pytest.mark.parametrize("text", ["", "biasa", "a=b", "1-2", "'kutip'", "–", "contoh.go.id"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text


@given(st.text(st.characters(exclude_categories=("C", "Zl", "Zp", "Zs")), max_size=40))
def test_the_guard_comes_off_again(text: str) -> None:
    assert unguarded(guarded(text)) == text


AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
TWO = (Column("a"), Column("=b"))


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=30)), max_size=5))
def test_no_cell_of_either_format_is_a_formula(rows: list[tuple[str, str]]) -> None:
    sheet = Sheet("uji", TWO, rows)
    cells = [c for row in csv.reader(io.StringIO(delimited(sheet).decode(), newline="")) for c in row]
    assert len(cells) == 2 + 2 * len(rows)
    assert not any(cell.lstrip().startswith(STARTS) for cell in cells)
    page = openpyxl.load_workbook(io.BytesIO(workbook([sheet], AT))).worksheets[0]
    for row in page.iter_rows():
        for cell in row:
            assert cell.data_type != "f"
            assert not str(cell.value or "").lstrip().startswith(STARTS)


def test_names_with_what_is_said_of_them_stand_above() -> None:
    sheet = Sheet("Data", TWO, ((1, None), (2, date(2026, 11, 22)), (2.5, "x")), preamble=("Judul", ("URL", "=x")))
    page = openpyxl.load_workbook(io.BytesIO(workbook([sheet], AT)))["Data"]
    assert (page.freeze_panes, page.auto_filter.ref) == ("A4", "A3:B6")
    assert (page["A1"].value, page["A2"].value, page["B2"].value) == ("Judul", "URL", "'=x")
    assert (page["A4"].value, page["B4"].value, page["A6"].value) == (1, None, 2.5)
    assert page["B5"].is_date


def test_a_name_that_excel_keeps_for_itself_is_changed() -> None:
    assert openpyxl.load_workbook(io.BytesIO(workbook([Sheet("History", TWO, ())], AT))).sheetnames == ["History 2"]


def test_a_byte_order_mark_is_there_when_asked_for() -> None:
    sheet = Sheet("uji", TWO, ())
    assert delimited(sheet, marked=True) == b"\xef\xbb\xbf" + delimited(sheet)


def test_a_workbook_reads_back_row_by_row() -> None:
    sheet = Sheet("uji", TWO, (("=x", 3), (None, 2.5), (date(2026, 11, 1), "y")))
    rows = (("a", "'=b"), ("'=x", "3"), ("", "2.5"), ("2026-11-01", "y"))
    assert read_workbook(workbook([sheet], AT)) == rows


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"<html>"])
def test_other_files_are_no_workbooks(data: bytes) -> None:
    with pytest.raises(ValueError):
        read_workbook(data)
