"""The report on paper: what it says, that nothing a site says can break it, and that it comes quickly."""

import gzip
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.canonical import encode
from auditor.messages import catalog
from auditor.model import View
from auditor.trust.pdf import carries
from auditor.typesetting import typeset
from reports import pdf
from reports.paper import paper
from tests.unit.reports import samples

VIEWS = {
    "good": samples.good,
    "bad": samples.bad,
    "unknown": samples.unknown,
    "dozen": samples.dozen,
    "hostile": samples.hostile,
    "changed": samples.changed,
}
ROOT = pdf.TEMPLATE.parents[2]


def rendered(view: View, lang: str = "id") -> bytes:
    [(name, data)] = pdf.render(view, lang)
    assert name == "report.pdf"
    return data


def titles(document: Mapping[str, Any]) -> list[str]:
    return [section["title"] for section in document["sections"]]


def blocks(document: Mapping[str, Any], title: str) -> list[tuple[str, Any]]:
    [found] = [section["blocks"] for section in document["sections"] if section["title"] == title]
    return list(found)


def texts(value: Any) -> Iterator[str]:
    """Every text in a part of the document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts(item)


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("name", VIEWS)
def test_the_same_view_gives_the_same_bytes(name: str, lang: str) -> None:
    first = rendered(VIEWS[name](), lang)
    assert first.startswith(b"%PDF-1.7")
    assert rendered(VIEWS[name](), lang) == first


def test_neither_process_nor_zone_nor_clock_shows_in_the_bytes() -> None:
    script = (
        "import sys; from reports import pdf; from tests.unit.reports import samples;"
        "sys.stdout.buffer.write(next(iter(pdf.render(samples.bad(), 'id')))[1])"
    )
    told = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "America/Lima", "SOURCE_DATE_EPOCH": "0", "LANG": "C"}
    elsewhere = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=told, capture_output=True, check=True)
    assert elsewhere.stdout == rendered(samples.bad())


def test_another_finding_gives_other_bytes() -> None:
    assert rendered(samples.good()) != rendered(samples.bad())


def test_the_machine_report_is_inside_to_the_byte() -> None:
    view = samples.bad()
    machine = encode(view.report) + b"\n"
    document = rendered(view)
    assert carries(document, "report.json", machine)
    assert not carries(document, "report.json", machine[:-1])
    assert not carries(document, "report.json", b"")
    assert not carries(document, "other.json", machine)


def test_a_large_machine_report_is_gzipped(monkeypatch: pytest.MonkeyPatch) -> None:
    view = samples.bad()
    machine = encode(view.report) + b"\n"
    monkeypatch.setattr(pdf, "PLAIN_CAP", len(machine))
    assert b"report.json.gz" not in rendered(view)
    monkeypatch.setattr(pdf, "PLAIN_CAP", len(machine) - 1)
    document = rendered(view)
    assert b"(report.json.gz)" in document
    assert carries(document, "report.json", machine)
    assert not carries(document, "report.json", machine + b" ")
    assert not carries(document, "report.json", gzip.compress(machine, mtime=0))


def test_what_assessors_ask_of_evidence_stands_on_the_first_page() -> None:
    document = paper(samples.bad(), "id")
    facts = dict(document["facts"])
    assert document["agency"] == "Pemerintah Kabupaten Contoh"
    assert document["number"] == "20261122T021500Z-7f3a9c"
    assert facts["Tanggal"] == "22 November 2026"
    assert facts["Waktu pemeriksaan"] == "22 November 2026 pukul 10.15 WITA"
    assert facts["Objek pemeriksaan"] == "layanan.contoh.go.id"
    assert facts["Perangkat Daerah"] == "Dinas Komunikasi dan Informatika"
    assert facts["Petugas penanggung jawab"] == "Rina Wulandari, S.Kom."
    assert list(texts(facts["Dasar"])) == ["ST-12/DISKOMINFO/2026 (Sekretaris Daerah)"]
    assert list(texts(facts["Cakupan"])) == ["10 dari 13 aturan dinilai (82 persen; batas minimum 80 persen)"]


@pytest.mark.parametrize("lang", ["id", "en"])
def test_coverage_follow_up_and_authority_are_in_every_report(lang: str) -> None:
    words = catalog(lang)
    for make in VIEWS.values():
        found = titles(paper(make(), lang))
        for wanted in ("Coverage of the examination", "Follow-up", "Scope and authorisation", "Endorsement"):
            assert words.text(wanted) in found


def test_every_fault_has_a_row_to_fill_in() -> None:
    view = samples.dozen()
    rows = [(kind, value) for kind, value in blocks(paper(view, "id"), "Tindak lanjut") if kind in ("heading", "table")]
    named = {target.url: target.organisation.name for target in view.report.targets if target.organisation}
    failed = {
        (named[f.target], f.rule, f.target[len("https://") : -1]) for f in view.report.findings if f.outcome == "fail"
    }
    found = set()
    for (_, agency), (_, table) in zip(rows[::2], rows[1::2], strict=True):
        assert table["tall"] >= 1
        for _, rule, sites, _, *room in table["rows"]:
            assert room == ["", "", "", ""]
            *_, identity = texts(rule)
            found |= {(agency, identity, site) for site in texts(sites) if site.strip(", ")}
    assert found == failed


def test_without_a_fault_there_is_nothing_to_fill_in() -> None:
    assert blocks(paper(samples.good(), "id"), "Tindak lanjut") == [
        ("paragraph", "Tidak ada temuan yang perlu ditindaklanjuti.")
    ]


def test_every_rule_and_every_site_stands_in_the_coverage_matrix() -> None:
    view = samples.dozen()
    said = list(texts(blocks(paper(view, "en"), "Coverage of the examination")))
    for rule in view.report.policies[0].rules:
        assert rule.id in said
    for target in view.report.targets:
        assert target.host in said


def test_a_rule_that_nobody_could_judge_is_never_counted_as_met() -> None:
    document = paper(samples.unknown(), "en")
    [by_rule] = [value for kind, value in blocks(document, "Coverage of the examination") if kind == "table"][-1:]
    assert {next(texts(row[-1])) for row in by_rule["rows"]} == {"not assessed"}


def test_a_throwaway_key_is_called_untrusted_and_a_trusted_one_is_not() -> None:
    assert paper(samples.bad(), "id")["untrusted"]["title"] == "TIDAK TEPERCAYA"
    assert paper(samples.bad(signing="trusted-key"), "id")["untrusted"] is None


SMALL = b'#set document(title: "x")\n#let data = json("data.json")\n#data.text'


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=60))
def test_no_text_stops_the_typesetter(text: str) -> None:
    assert typeset(SMALL, {"text": text}, {}, tagged=True).startswith(b"%PDF")


@pytest.mark.parametrize("text", ["ᜠ᜴", "க்ஷ", "ཀྵ", "á" * 40, "\u202eabc", "中文" * 400, "😀", "\ud800", "a" * 5000])
def test_texts_that_break_typesetters_are_named_by_code_point_or_broken_up(text: str) -> None:
    assert typeset(SMALL, {"text": text}, {}, tagged=True).startswith(b"%PDF")


def test_markup_in_a_text_is_text() -> None:
    with_markup = typeset(SMALL, {"text": '#panic("ran") *b* $x$ @ref'}, {}, tagged=True)
    assert with_markup.startswith(b"%PDF")


def test_ten_pages_take_a_moment_and_a_province_a_few_seconds() -> None:
    rendered(samples.good())
    began = time.process_time()
    rendered(samples.bad())
    assert time.process_time() - began < 1.5
    view = samples.fleet()
    began = time.process_time()
    rendered(view)
    assert time.process_time() - began < 12
