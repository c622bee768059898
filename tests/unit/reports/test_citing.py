"""No citation without how well its text is known, in whatever format it stands."""

import csv
import io
import json
from dataclasses import replace

import pypdfium2
import pytest

from auditor.messages import catalog
from auditor.model import Citation, Confidence, Text
from reports.citing import citing
from tests.unit.reports import samples
from tests.unit.reports.rendering import files, only

WORDS = {word.value for word in Confidence}


@pytest.mark.parametrize("lang", ["id", "en"])
def test_tables_mark_each_control(lang: str) -> None:
    rows = list(csv.reader(io.StringIO(only("csv", samples.bad(), lang).decode("utf-8-sig"))))
    column = rows[0].index(catalog(lang).text("Controls"))
    cited = [part for row in rows[1:] for part in row[column].split("; ") if part]
    assert cited
    assert all(part.endswith(")") and "(" in part for part in cited)


def test_machine_formats_say_it_by_its_word() -> None:
    view = samples.bad()
    (run,) = json.loads(only("sarif", view))["runs"]
    for rule in run["tool"]["driver"]["rules"]:
        assert set(rule["properties"]["citations"].values()) <= WORDS
        assert len(rule["properties"]["citations"]) == len(rule["properties"]["tags"]) - 1
    for line in only("jsonl", view).splitlines():
        entry = json.loads(line)
        assert set(entry["citations"]) == set(entry["controls"])
        assert set(entry["citations"].values()) <= WORDS
    catalogs = [json.loads(data) for name, data in files("oscal", view).items() if "catalog" in name]
    props = [p for c in catalogs for control in c["catalog"]["controls"] for p in control["props"]]
    cited = [prop for prop in props if prop["name"] == "control"]
    assert cited
    assert {prop["class"] for prop in cited} <= WORDS


def test_reports_for_people_name_regulation_place_and_mark() -> None:
    view = samples.bad()
    page = only("html", view).decode()
    assert "Peraturan BSSN Nomor 4 Tahun 2021 Pasal 27 ayat (8) huruf c" in page
    assert "(ringkasan, periksa JDIH)" in page
    document = pypdfium2.PdfDocument(only("pdf", view))
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    assert "ringkasan, periksa JDIH" in " ".join(text.replace("\u200b", "").split())


def test_a_citation_is_what_the_report_recorded_unless_it_knew_nothing() -> None:
    view = samples.good()
    said = Citation("X-1", Text("Peraturan X", "Regulation X"), Text(), Confidence.READ)
    unknown = Citation("CWE-79", Text("CWE-79", "CWE-79"), Text(), Confidence.UNRECORDED)
    marks = citing(replace(view.report, citations=(said, unknown)), catalog("id"))
    assert marks.cite("X-1") == "Peraturan X (naskah dibaca, periksa JDIH)"
    assert marks.cite("CWE-79") == "CWE 79 (standar publik)"
    assert marks.cite("PERDA-1") == "PERDA-1 (sumber tidak tercatat, periksa JDIH)"
    assert "dicabut" in marks.cite("SPBE-2020.I22")
