"""What the report is for others: archives opened, workbooks re-opened by openpyxl, and what must never stand in them."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_UP, Decimal

import openpyxl
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import frameworks, plugins
from auditor.model import Assertion, Basis, Category, Condition, Finding, Outcome, Severity, View
from reports.digest import digest
from reports.spbe import evidence, happened, opendata, posture
from reports.spbe.posture import Standing, State
from tests.unit.reports import samples

FORMATS = (
    "bukti-dukung", "data-kerentanan", "kertas-kerja", "laporan-insiden", "pemberitahuan-pdp", "peta", "prometheus",
    "satu-data", "sia-spbe",
)  # fmt: skip
VIEWS: dict[str, Callable[[], View]] = {
    "bad": samples.bad, "dozen": samples.dozen, "hostile": samples.hostile, "changed": samples.changed,
    "unknown": samples.unknown,
}  # fmt: skip
MARK = re.compile(r"(ringkasan|naskah dibaca|belum diverifikasi|sumber tidak tercatat), periksa JDIH")
CITED = re.compile(r"(Peraturan|Undang-Undang|Keputusan)[^(;]*?Nomor \d+ Tahun \d{4}")


def made(name: str, view: View, lang: str = "id") -> dict[str, bytes]:
    (renderer,) = plugins.load_renderers([name])
    return dict(renderer.render(view, lang))


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def table(data: bytes, sheet: int = 0) -> list[dict[str, object]]:
    """The rows below the frozen header, by heading."""
    page = opened(data).worksheets[sheet]
    top = int(str(page.freeze_panes)[1:]) - 1
    header = [str(cell.value) for cell in page[top]]
    return [
        {title: cell.value for title, cell in zip(header, row, strict=True)} for row in page.iter_rows(min_row=top + 1)
    ]


def words(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    return " ".join(text.replace("\u200b", "").replace("\ufffe", "").split())


def files(name: str, view: View) -> dict[str, bytes]:
    """Every file of a format, those in archives too."""
    found: dict[str, bytes] = {}
    for file, content in made(name, view).items():
        if file.endswith(".zip"):
            archive = zipfile.ZipFile(io.BytesIO(content))
            found |= {f"{file}/{member}": archive.read(member) for member in archive.namelist()}
        else:
            found[file] = content
    return found


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", [name for name in FORMATS if name != "bukti-dukung"])
def test_every_report_can_be_handed_on_and_nothing_in_it_is_a_formula(name: str, view: str) -> None:
    for file, content in files(name, VIEWS[view]()).items():
        if file.endswith(".xlsx"):
            cells = [cell for page in opened(content) for row in page.iter_rows() for cell in row]
            assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
            texts = [str(cell.value) for cell in cells if cell.data_type == "s"]
        elif file.endswith(".csv"):
            rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
            texts = [cell for row in rows for cell in row if not re.fullmatch(r"-?\d+", cell)]
        elif file.endswith((".html", ".prom", ".json", ".jsonld")):
            texts = []
            assert "<script>" not in content.decode() or not file.endswith(".html")
            assert "\x1b" not in content.decode()
            assert "\\u001b" not in content.decode()
        else:
            assert content.startswith(b"%PDF-")
            texts = []
        assert not any(text.lstrip().startswith(("=", "+", "-", "@")) for text in texts)


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_report_gives_the_same_bytes(name: str) -> None:
    assert made(name, samples.changed()) == made(name, samples.changed())


@pytest.mark.parametrize("name", FORMATS)
def test_every_citation_carries_its_mark(name: str) -> None:
    view = samples.changed()
    for file, content in files(name, view).items():
        if file.endswith(".xlsx"):
            texts = [
                str(cell.value) for page in opened(content) for row in page.iter_rows() for cell in row if cell.value
            ]
        elif file.endswith(".pdf"):
            texts = [words(content)]
        elif file.endswith(".csv"):
            texts = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]
        else:
            continue
        for text in texts:
            named = re.sub(r"dicabut dengan Peraturan Menteri PANRB Nomor 8 Tahun 2026", "", text)
            assert len(CITED.findall(named)) <= len(MARK.findall(named)) + named.count("Indeks"), (file, text)


# ---- evidence by indicator -----------------------------------------------------------------------------------


def test_there_is_an_archive_for_each_indicator_of_both_instruments() -> None:
    names = set(made("bukti-dukung", samples.dozen()))
    assert names == {f"bukti-dukung-pemdi-2026-I{n}.zip" for n in (8, 9, 10, 11, 12)} | {
        f"bukti-dukung-spbe-2020-I{n}.zip" for n in (8, 9, 22, 29, 30, 31)
    }


def test_evidence_is_coded_by_the_level_that_it_serves_and_the_sealed_report_is_in_it() -> None:
    sealed = {"report.pdf": b"%PDF-sealed", "SHA256SUMS": b"sums", "signature/SHA256SUMS.p7s": b"p7s"}
    found = files("bukti-dukung", replace(samples.changed(), files=sealed))
    mine = {
        name.partition("/")[2]: data for name, data in found.items() if name.startswith("bukti-dukung-pemdi-2026-I10")
    }
    assert mine["I10-L3-01.pdf"] == b"%PDF-sealed"
    assert json.loads(mine["I10-L3-02.json"])["id"] == samples.changed().report.id
    assert mine["bundel/SHA256SUMS"] == b"sums"
    assert all(re.fullmatch(r"I10-L[1-5]-\d\d\.(pdf|json|xlsx)|I10-daftar-bukti\.pdf|bundel/.*", name) for name in mine)
    said = words(mine["I10-daftar-bukti.pdf"])
    assert "Dapat mendukung tingkat 3, 4, 5" in said
    assert "Hasil resmi Indeks KAMI atau IKASANDI" in said
    assert "ringkasan, periksa JDIH" in said


def test_without_an_earlier_report_nothing_is_said_to_have_been_reviewed_or_mended() -> None:
    found = files("bukti-dukung", samples.dozen())
    said = words(found["bukti-dukung-pemdi-2026-I10.zip/I10-daftar-bukti.pdf"])
    assert "Dapat mendukung tingkat 3." in said
    assert "laporan sebelumnya sebagai pembanding" in said
    assert not any("I10-L4" in name or "I10-L5" in name for name in found)


def test_a_site_that_nobody_could_examine_supports_nothing() -> None:
    for name, content in files("bukti-dukung", samples.unknown()).items():
        assert name.endswith("daftar-bukti.pdf"), name
        assert "Belum mendukung tingkat mana pun" in words(content)


@given(
    st.frozensets(
        st.sampled_from(["assessed", "all_agencies", "compared", "followed_up", "transit_some", "transit_all"])
    )
)
def test_levels_that_no_scan_shows_are_never_supported(held: frozenset[str]) -> None:
    for each in frameworks.data("evidence")["sets"]:
        for indicator in each["indicators"]:
            for step, entry in zip(evidence.steps(indicator, held, "id"), indicator["levels"], strict=True):
                assert step.missing
                assert step.supported is set(entry["needs"]).issubset(held)
                assert not (step.supported and "never" in entry["needs"])


def transit_view(**categories: Category | None) -> View:
    """Sites of one service each: those named good are encrypted, those named bad are not, open ones unknown."""
    targets, found = [], []
    (found_rule,) = (each for each in samples.RULES if each[0].id == "KOM-02")
    decided = Condition((Assertion("tls.versions", "subset_of", ("TLSv1.2", "TLSv1.3")),))
    entry = (replace(found_rule[0], require=decided), *found_rule[1:])
    for name, category in categories.items():
        site = replace(samples.target(f"{name}.contoh.go.id"), se_category=category, service=name)
        outcome = {"g": Outcome.PASS, "b": Outcome.FAIL, "o": Outcome.UNKNOWN, "w": Outcome.WAIVED}[name[0]]
        targets.append(site)
        found.append(samples.finding(site, entry, outcome, [("", "[TLSv1.2]")]))
    return samples.view(targets, found, rules=[entry[0]])


def test_the_share_counts_services_of_category_tinggi_and_above() -> None:
    tinggi, strategis, rendah = Category.TINGGI, Category.STRATEGIS, Category.RENDAH
    view = transit_view(good1=tinggi, good2=strategis, bad1=tinggi, open1=tinggi, good3=rendah, w1=tinggi)
    share = posture.transit(posture.services(digest(view)))
    # good1, good2, bad1, open1 and w1 count; two are encrypted: an accepted risk is no encryption, an unknown neither.
    assert (len(share.services), share.encrypted, share.percent) == (5, 2, 40)
    assert share.uncategorised == ()


def test_all_services_means_all_and_a_missing_category_leaves_it_open() -> None:
    whole = transit_view(good1=Category.TINGGI, good2=Category.STRATEGIS)
    assert "transit_all" in posture.measures(whole, digest(whole))
    gap = transit_view(good1=Category.TINGGI, good2=None)
    assert "transit_all" not in posture.measures(gap, digest(gap))
    bad = transit_view(good1=Category.TINGGI, bad1=Category.TINGGI)
    assert "transit_all" not in posture.measures(bad, digest(bad))


def test_a_service_of_two_sites_is_as_good_as_the_worse() -> None:
    view = transit_view(good1=Category.TINGGI, bad1=Category.TINGGI)
    together = tuple(replace(target, service="satu") for target in view.report.targets)
    (service,) = posture.services(digest(replace(view, report=replace(view.report, targets=together))))
    assert service.encrypted is False


# ---- points of an audit --------------------------------------------------------------------------------------

FINDINGS = st.lists(
    st.tuples(st.sampled_from(list(Outcome)), st.sampled_from(list(Basis))).map(
        lambda pair: Finding("p", "r", "t", pair[0], Severity.LOW, basis=pair[1])
    ),
    max_size=4,
)


@given(findings=FINDINGS, seen=st.booleans())
def test_what_cannot_be_seen_is_supported_by_no_measurement(findings: list[Finding], *, seen: bool) -> None:
    found = posture.standing(findings, seen=seen)
    said = {(finding.outcome, finding.basis) for finding in findings}
    if not seen:
        assert found is not Standing.SUPPORTED
    if found is Standing.STATED:
        assert (Outcome.PASS, Basis.ATTESTED) in said
    if (Outcome.FAIL, Basis.MEASURED) in said:
        assert found is Standing.DISPROVED
    if not findings:
        assert found is Standing.NOT_ASSESSED


def test_the_working_paper_has_150_points_and_concludes_nothing() -> None:
    content = made("kertas-kerja", samples.dozen())["kertas-kerja-pra-audit.xlsx"]
    rows = table(content)
    assert [row["Kode"] for row in rows] == [
        *(f"TK-{n}" for n in range(1, 26)), *(f"MK-{n}" for n in range(1, 51)), *(f"FK-{n}" for n in range(1, 76)),
    ]  # fmt: skip
    assert {row["Keadaan bukti"] for row in rows if str(row["Kode"]) == "TK-2"} == {"tidak dinilai"}
    everything = " ".join(str(c.value).lower() for page in opened(content) for row in page.iter_rows() for c in row)
    for word in ("memadai", "belum efektif", "perlu peningkatan", "skor audit", "konklusi audit"):
        assert word not in everything


def test_sixteen_points_ask_for_a_document_that_a_report_can_be() -> None:
    assert sum("document" in each for each in frameworks.data("audit-points")["points"]) == 16
    rows = table(made("kertas-kerja", samples.changed())["kertas-kerja-pra-audit.xlsx"])
    documents = [row for row in rows if str(row["Jenis bukti"]).startswith("dokumen")]
    assert len(documents) == 16
    assert all(row["Tahap"] and row["Tempat dalam bundel"] for row in documents)


# ---- BSSN's workbook -----------------------------------------------------------------------------------------

COLUMNS = [
    "No", "Nama Kerentanan", "Severity", "OWASP Top 10 2021", "Perban BSSN (kategori)", "CVSS Vector String", "Score",
    "Link Terdampak", "Deskripsi", "Dampak", "Rekomendasi", "Penjelasan", "Caption_1", "Poc_1", "Caption_2", "Poc_2",
    "Caption_3", "Poc_3", "Caption_4", "Poc_4",
]  # fmt: skip


def test_the_workbook_has_a_sheet_an_application_and_the_given_columns() -> None:
    view = samples.dozen()
    book = opened(made("data-kerentanan", view)["data-kerentanan.xlsx"])
    assert len(book.worksheets) == 12
    for page in book:
        assert [page.cell(row, 1).value for row in range(1, 7)] == [
            "Nama Aplikasi", "URL", "IP", "Versi", "Deskripsi", "Jenis Aset",
        ]  # fmt: skip
        assert [cell.value for cell in page[7]] == COLUMNS


def test_faults_have_the_words_and_labels_of_the_form() -> None:
    rows = table(made("data-kerentanan", samples.bad())["data-kerentanan.xlsx"])
    assert rows[0]["Severity"] == "Critical"
    assert {row["Severity"] for row in rows} <= {"Critical", "High", "Medium", "Low", "Info"}
    labels = set(frameworks.data("data-kerentanan")["categories"].values())
    assert {row["Perban BSSN (kategori)"] for row in rows} <= labels
    git = next(row for row in rows if "git" in str(row["Nama Kerentanan"]))
    assert (git["Score"], git["Perban BSSN (kategori)"]) == (7.5, "m. keamanan konfigurasi")
    assert "/.git/HEAD" in str(git["Link Terdampak"])


def test_labels_are_the_thirteen_functions_in_order() -> None:
    labels = list(frameworks.data("data-kerentanan")["categories"].values())
    assert [label[:2] for label in labels] == [f"{letter}." for letter in "abcdefghijklm"]


@pytest.mark.parametrize(
    ("vector", "score"),
    {(c["vector"], c["score"]) for c in frameworks.data("data-kerentanan")["classes"].values() if "vector" in c},
)
def test_scores_are_those_of_their_vectors(vector: str, score: str) -> None:
    """CVSS 3.1, section 7.1, for an unchanged scope."""
    metrics = dict(part.split(":") for part in vector.split("/")[1:])
    assert metrics["S"] == "U"
    weight = {"N": Decimal(0), "L": Decimal("0.22"), "H": Decimal("0.56")}
    iss = 1 - (1 - weight[metrics["C"]]) * (1 - weight[metrics["I"]]) * (1 - weight[metrics["A"]])
    ease = (
        {"N": Decimal("0.85")}[metrics["AV"]] * {"L": Decimal("0.77"), "H": Decimal("0.44")}[metrics["AC"]]
        * {"N": Decimal("0.85")}[metrics["PR"]] * {"N": Decimal("0.85"), "R": Decimal("0.62")}[metrics["UI"]]
    )  # fmt: skip
    total = min(Decimal("6.42") * iss + Decimal("8.22") * ease, Decimal(10))
    assert total.quantize(Decimal("0.1"), ROUND_UP) == Decimal(score)


# ---- follow-up, map, open data -------------------------------------------------------------------------------


def test_follow_up_counts_done_in_progress_not_yet_and_not_seen_again() -> None:
    view = samples.changed()
    arranged = digest(view)
    found = posture.follow_up(arranged)
    by = {state: [item for item in found if item.state is state] for state in State}
    assert arranged.changes is not None
    assert len(by[State.DONE]) == len(arranged.changes.fixed)
    assert len(by[State.UNSEEN]) == len(arranged.changes.not_assessed) > 0
    assert [item.rule.id for item in by[State.UNDERWAY]] == ["KOM-01"]
    assert [item.rule.id for item in by[State.OPEN] if item.expired] == ["SRT-02"]


def test_the_map_ranks_agencies_with_their_officers_and_says_what_is_to_be_decided() -> None:
    found = made("peta", samples.dozen())
    rows = table(found["peta.xlsx"])
    assert [row["Peringkat"] for row in rows] == [1, 2, 3, 4]
    assert rows[0]["Perangkat Daerah"] == "Dinas Komunikasi dan Informatika"
    assert rows[0]["Petugas penanggung jawab"] == "Rina Wulandari"
    said = words(found["ringkasan-pimpinan.pdf"])
    assert "RINGKASAN UNTUK PIMPINAN" in said
    assert "Tetapkan petugas untuk: Kecamatan Banjarmasin Utara" in said
    assert len(pypdfium2.PdfDocument(found["ringkasan-pimpinan.pdf"])) == 1
    page = found["peta.html"].decode()
    assert page.index("Dinas Komunikasi") < page.index("Kecamatan Banjarmasin Utara") or "4." in page
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page


def test_grave_faults_of_sites_without_an_agency_are_no_good_news_for_the_leadership() -> None:
    site = samples.target("contoh.go.id")
    said = words(made("peta", samples.view([site], samples.judged(site, ("EKS-01",))))["ringkasan-pimpinan.pdf"])
    assert "1 situs memiliki temuan berat" in said
    assert "Minta temuan berat diperbaiki pada: contoh.go.id" in said
    assert "Teruskan pemeriksaan" not in said
    assert "Tidak ada" not in said


def test_what_could_not_be_examined_is_no_good_news_for_the_leadership() -> None:
    said = words(made("peta", samples.unknown())["ringkasan-pimpinan.pdf"])
    assert "Tidak terlihat temuan berat, tetapi tidak semua situs dapat diperiksa" in said
    assert "Pastikan setiap situs dapat diperiksa" in said


def test_the_trend_is_against_the_earlier_report() -> None:
    now = samples.dozen()
    lower = tuple(replace(score, value=(score.value or 0) - 5) for score in now.report.scores)
    before = replace(now.report, id="lama", scores=lower, judged_at=now.report.judged_at - timedelta(days=7))
    rows = table(made("peta", replace(now, previous=before))["peta.xlsx"])
    assert all(row["Kecenderungan"] == 5 for row in rows)


def test_a_province_keeps_to_one_page_for_its_leadership() -> None:
    assert len(pypdfium2.PdfDocument(made("peta", samples.fleet(120, 6))["ringkasan-pimpinan.pdf"])) == 1


def test_open_data_names_no_site_no_agency_and_no_fault() -> None:
    view = samples.dozen()
    found = made("satu-data", view)
    everything = b" ".join(found.values()).decode()
    for target in view.report.targets:
        assert target.host not in everything
        assert target.organisation is not None
        assert target.organisation.name not in everything
    for rule in view.report.policies[0].rules:
        assert rule.id not in everything
    rows = list(csv.DictReader(io.StringIO(found["satu-data.csv"].decode())))
    assert [row["kode_wilayah"] for row in rows] == ["6371"]
    # Twelve sites of four agencies; one of them answered with a challenge.
    assert (rows[0]["jumlah_situs"], rows[0]["jumlah_situs_dinilai"]) == ("12", "11")
    columns = [row["Kolom"] for row in csv.DictReader(io.StringIO(found["satu-data-kamus.csv"].decode()))]
    assert columns == list(rows[0])


def test_what_stands_for_too_few_sites_is_not_published() -> None:
    assert list(opendata.rows(digest(samples.bad()), 3)) == []
    assert made("satu-data", samples.bad())["satu-data.csv"].count(b"\n") == 1


def test_open_data_describes_itself_by_dcat_and_ckan() -> None:
    found = made("satu-data", samples.dozen())
    dcat = json.loads(found["satu-data-dcat.jsonld"])
    assert dcat["@type"] == "dcat:Dataset"
    assert {"dct:title", "dct:publisher", "dct:license", "dcat:distribution"} <= set(dcat)
    ckan = json.loads(found["satu-data-ckan.json"])
    assert re.fullmatch(r"[a-z0-9_-]{2,100}", ckan["name"])
    assert [each["name"] for each in ckan["resources"]] == ["satu-data.csv", "satu-data-kamus.csv"]


def test_metrics_are_in_the_exposition_format() -> None:
    text = made("prometheus", samples.dozen())["auditor.prom"].decode()
    sample = re.compile(r'[a-z_]+(\{[a-z]+="(?:[^"\\\n]|\\.)*"(,[a-z]+="(?:[^"\\\n]|\\.)*")*\})? -?\d+')
    for line in text.splitlines():
        assert line.startswith(("# HELP ", "# TYPE ")) or sample.fullmatch(line), line
    assert len(set(text.splitlines())) == len(text.splitlines())


# ---- forms of incidents --------------------------------------------------------------------------------------


def test_the_clock_of_the_notice_runs_72_hours_from_the_first_sign() -> None:
    view = samples.bad()
    (entry,) = (each for each in samples.RULES if each[0].id == "EKS-02")
    dump = replace(samples.finding(view.report.targets[0], entry, Outcome.FAIL, [("/db.sql", "true")]))
    named = replace(dump, verdicts=tuple(replace(v, fact="exposure.sql_dump") for v in dump.verdicts))
    leaking = replace(view, report=replace(view.report, findings=(*view.report.findings, named)))
    kind = happened.kinds()["breach"]
    found = happened.signs(leaking, digest(leaking), kind)
    assert [sign.verdict.subject for sign in found] == ["/db.sql"]
    end, start = happened.deadline(found, kind), happened.first(found)
    assert end is not None
    assert start is not None
    assert end - start == timedelta(hours=72)
    said = words(made("pemberitahuan-pdp", leaking)["pemberitahuan-pdp.pdf"])
    assert "Rina Wulandari" in said
    assert "25 November 2026" in said  # 22 November and 72 hours
    assert "isi basis data" in said


def test_a_sound_site_has_no_sign_of_anything() -> None:
    for name, file in (("laporan-insiden", "laporan-insiden.pdf"), ("pemberitahuan-pdp", "pemberitahuan-pdp.pdf")):
        assert "Laporan ini tidak memuat penandanya" in words(made(name, samples.good())[file])


def test_the_architecture_has_its_seven_objects_and_calls_no_scan_an_audit() -> None:
    found = made("sia-spbe", samples.changed())
    assert [name[9] for name in sorted(found)] == list("1234567")
    rows = {name: list(csv.reader(io.StringIO(data.decode("utf-8-sig")))) for name, data in found.items()}
    assert rows["sia-spbe-6-audit-keamanan.csv"] == [
        ["ID", "Hasil Audit", "Jenis Audit", "Tanggal Kegiatan", "Tindak Lanjut"]
    ]
    assert len(rows["sia-spbe-3-identifikasi-kerentanan.csv"]) == 2
    assert len(rows["sia-spbe-4-peningkatan-keamanan.csv"]) >= 1


def test_a_risk_whose_acceptance_ran_out_comes_back_loudly() -> None:
    view = samples.bad()
    found = made("peta", view)
    assert "Penerimaan risiko kedaluwarsa" in found["peta.html"].decode()
    assert "Penerimaan risiko kedaluwarsa" in words(found["ringkasan-pimpinan.pdf"])
    listing = files("bukti-dukung", view)["bukti-dukung-pemdi-2026-I10.zip/I10-daftar-bukti.pdf"]
    assert "Penerimaan risiko kedaluwarsa" in words(listing)
    notes = [row["Keterangan"] for row in table(found["peta.xlsx"], 2) if row["Aturan"] == "SRT-02"]
    assert notes
    assert all(str(note).startswith("penerimaan risiko kedaluwarsa") for note in notes)
