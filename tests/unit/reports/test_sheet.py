"""No text of a table can become a formula; openpyxl and the csv module read back what was written."""

import csv
import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.sheet import Column, Sheet, delimited, guarded, workbook

AT = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)
ATTACKS = ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1", "\n@x", "＝1", "=cmd|'/C calc'!A0", "\u00a0=1", "\u200b=1"]  # fmt: skip


def sheet(*cells: str) -> Sheet:
    return Sheet("Temuan", (Column("Situs"), Column("Jumlah")), tuple((cell, 3) for cell in cells))


@pytest.mark.parametrize("text", ATTACKS)
def test_what_could_be_a_formula_begins_with_something_else(text: str) -> None:
    assert not guarded(text).lstrip().startswith(("=", "+", "-", "@", "\t", "\r", "＝"))


@given(st.text())
def test_no_text_at_all_becomes_a_formula(text: str) -> None:
    assert not guarded(text).strip().startswith(("=", "+", "-", "@"))
    assert guarded(text).isprintable()


def test_harmless_text_stays_as_it_is() -> None:
    assert guarded("a=b - c @ d") == "a=b - c @ d"


def test_the_csv_module_reads_the_table_back() -> None:
    table = delimited(sheet("biasa", 'dengan "kutip", dan koma', "=1+1"))
    rows = list(csv.reader(io.StringIO(table.decode(), newline="")))
    assert rows == [["Situs", "Jumlah"], ["biasa", "3"], ['dengan "kutip", dan koma', "3"], ["'=1+1", "3"]]


def test_openpyxl_reads_the_workbook_back() -> None:
    made = workbook(
        [Sheet("S", (Column("a"), Column("b"), Column("c")), (("=1+1", 7, date(2026, 11, 22)),), ("Judul",))], AT
    )
    page = openpyxl.load_workbook(io.BytesIO(made)).active
    assert page is not None
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    assert rows[0][0] == "Judul"
    assert rows[1] == ["a", "b", "c"]
    assert rows[2] == ["'=1+1", 7, datetime(2026, 11, 22)]  # noqa: DTZ001 - what openpyxl gives for a day
    assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert page.freeze_panes == "A3"
    assert page.auto_filter.ref == "A2:C3"


def test_names_that_the_format_refuses_are_made_fit_and_unique() -> None:
    names = ["a/b:c", "A b c", "x" * 40, "x" * 40, "", "'q'"]
    made = openpyxl.load_workbook(io.BytesIO(workbook([Sheet(name, (Column("a"),), ()) for name in names], AT)))
    assert len({name.casefold() for name in made.sheetnames}) == len(names)
    assert all(len(name) <= 31 for name in made.sheetnames)


def test_the_same_tables_give_the_same_bytes() -> None:
    assert workbook([sheet("a")], AT) == workbook([sheet("a")], AT)
