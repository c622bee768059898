"""CSV, XLSX and JSON Lines: read back by other libraries, every finding in its place."""

import csv
import io
import json

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from auditor.model import Outcome
from tests.unit.reports.rendering import LANGUAGES, VIEWS, only


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", VIEWS)
def test_csv_has_a_row_for_every_fault_and_every_other_finding(name: str, lang: str) -> None:
    view = VIEWS[name]()
    head, *rows = csv.reader(io.StringIO(only("csv", view, lang).decode(), newline=""))
    assert len({len(row) for row in [head, *rows]}) == 1
    rule = 6
    assert {row[rule] for row in rows} == {f.rule for f in view.report.findings}
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for row in rows for cell in row)


@pytest.mark.parametrize("name", VIEWS)
def test_two_readers_see_the_same_workbook_without_a_formula(name: str) -> None:
    content = only("xlsx", VIEWS[name]())
    book = openpyxl.load_workbook(io.BytesIO(content))
    other = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheetnames == other.sheet_names
    for page in book.worksheets:
        assert page.freeze_panes == "A2"
        assert page.auto_filter.ref
        cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} <= {"s", "n"}
        assert not any(str(cell.value).lstrip().startswith(("=", "+", "-", "@")) for cell in cells)
        assert len(other.get_sheet_by_name(page.title).to_python(skip_empty_area=False)) == page.max_row


def test_the_faults_of_the_workbook_are_those_of_the_report() -> None:
    view = VIEWS["bad"]()
    page = openpyxl.load_workbook(io.BytesIO(only("xlsx", view, "en")))["Faults"]
    rules = [row[6].value for row in page.iter_rows(min_row=2)]
    broken = [
        f.rule
        for f in view.report.findings
        if f.outcome is Outcome.FAIL
        for v in f.verdicts
        if v.outcome is Outcome.FAIL
    ]
    assert rules == broken


@pytest.mark.parametrize("name", VIEWS)
def test_json_lines_have_the_same_keys_throughout(name: str) -> None:
    view = VIEWS[name]()
    lines = [json.loads(line) for line in only("jsonl", view).splitlines()]
    assert len({tuple(sorted(line)) for line in lines}) == 1
    assert {(line["rule"], line["target"]) for line in lines} == {(f.rule, f.target) for f in view.report.findings}
    assert {line["outcome"] for line in lines} <= {*Outcome, "not_requested"}
