"""Tables for spreadsheets: read back by openpyxl and the csv module, none of whose cells may be a formula."""

import csv
import io
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.spreadsheet import Column, Sheet, guarded, read_xlsx, unguarded, write_csv, write_xlsx

STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
ATTACKS = ["=cmd|'/C calc'!A0", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1", "＝1", "'=1", "''@x", "\n=1"]


@pytest.mark.parametrize("text", ATTACKS)
def test_what_programs_would_run_gets_an_apostrophe(text: str) -> None:
    shown = guarded(text)
    assert shown.startswith("'")
    assert not shown.lstrip().startswith(STARTS)


@pytest.mark.parametrize("text", ["", "biasa", "a=b", "1-2", "'kutip'", "–", "contoh.go.id"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text


@given(st.text(st.characters(blacklist_categories=("C", "Zl", "Zp", "Zs")), max_size=40))
def test_the_guard_comes_off_again(text: str) -> None:
    assert unguarded(guarded(text)) == text


@given(st.lists(st.lists(st.text(max_size=30), min_size=2, max_size=2), max_size=5))
def test_no_cell_of_either_format_is_a_formula(rows: list[list[str]]) -> None:
    data = write_csv(["a", "=b"], rows)
    cells = [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")) for cell in row]
    assert len(cells) == 2 + 2 * len(rows)
    assert not any(cell.lstrip("' \n").startswith(STARTS) and not cell.startswith("'") for cell in cells)
    sheet = Sheet("uji", (Column("a"), Column("b")), tuple(rows))
    page = openpyxl.load_workbook(io.BytesIO(write_xlsx([sheet]))).worksheets[0]
    for row in page.iter_rows(min_row=2):
        for cell in row:
            assert cell.data_type != "f"
            assert not str(cell.value or "").startswith(STARTS)


def test_the_header_stays_in_sight_and_filters() -> None:
    sheet = Sheet(
        "Data", (Column("No"), Column("Nama", 40)), ((1, "a"), (2, date(2026, 11, 22))), above=(("URL", "x"),)
    )
    page = openpyxl.load_workbook(io.BytesIO(write_xlsx([sheet])))["Data"]
    assert page.freeze_panes == "A4"
    assert page.auto_filter.ref == "A3:B5"
    assert page["A4"].value == 1
    assert page["B5"].is_date
    assert page.column_dimensions["B"].width == pytest.approx(40, abs=1)


def test_names_of_sheets_are_cut_cleaned_and_distinct() -> None:
    names = ["https://contoh.go.id/a[1]", "https://contoh.go.id/a:1?", "x" * 40, "X" * 40, "", "History"]
    book = write_xlsx([Sheet(name, (Column("a"),), ()) for name in names])
    found = openpyxl.load_workbook(io.BytesIO(book)).sheetnames
    assert len({name.lower() for name in found}) == len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in found)


def test_the_same_table_gives_the_same_bytes() -> None:
    sheet = Sheet("uji", (Column("a"),), (("x",),))
    assert write_xlsx([sheet], title="t") == write_xlsx([sheet], title="t")


def test_a_workbook_reads_back_row_by_row() -> None:
    sheet = Sheet("uji", (Column("a"), Column("b")), (("=x", 3), (None, 2.5), (date(2026, 11, 1), "y")))
    assert read_xlsx(write_xlsx([sheet])) == (("a", "b"), ("'=x", "3"), ("", "2.5"), ("2026-11-01", "y"))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"<html>"])
def test_other_files_are_no_workbooks(data: bytes) -> None:
    with pytest.raises(ValueError):
        read_xlsx(data)
