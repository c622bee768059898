"""A persandian officer's round in Indonesian: inventory, audit, answers, an accepted risk, and what is handed on."""

import csv
import io
import zipfile
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from auditor.canonical import decode
from auditor.cli import run
from auditor.model import Basis, Outcome, Report
from auditor.trust import keys
from tests.wire.regency import regency

POLICIES = ("baseline", "bssn-4-2021")
CHECKS = "tls,certificate,http,headers,csp,cookies,content"
ANSWERS = {
    "P27.1.a": ("ya", "Kata sandi dikelola layanan identitas terpusat.", "sk-12.pdf"),
    "P27.1.f": ("ya", "Kata sandi disimpan dengan Argon2id.", ""),
    "P27.6.d": ("tidak", "Cakupan log belum ditetapkan.", ""),
}


def newest(folder: Path) -> Path:
    return max(folder.glob("2*"), key=lambda path: path.stat().st_mtime_ns)


def report(bundle: Path) -> Report:
    return decode(Report, (bundle / "report.json").read_bytes())


def fill(form: Path) -> None:
    """Three answers, as they are typed into the workbook."""
    book = openpyxl.load_workbook(form)
    sheet = book.worksheets[0]
    (top,) = (number for number, row in enumerate(sheet.iter_rows(), 1) if row[0].value == "Aturan")
    column = {str(cell.value): place for place, cell in enumerate(sheet[top], 1)}
    for number in range(top + 1, sheet.max_row + 1):
        rule = str(sheet.cell(number, column["Aturan"]).value)
        if rule in ANSWERS:
            answer, statement, document = ANSWERS[rule]
            for heading, value in (
                ("Jawaban", answer), ("Responden dan jabatan", "Budi Santoso, Kepala Seksi Persandian"),
                ("Tanggal jawaban", "2026-01-05"), ("Berlaku sampai", "2099-12-31"), ("Pernyataan", statement),
                ("Dokumen", document),
            ):  # fmt: skip
                sheet.cell(number, column[heading], value)
    book.save(form)


@pytest.fixture(scope="module")
def handed_on(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """The first bundle, the one with answers, and the folder of what was rendered of it."""
    folder = tmp_path_factory.mktemp("keliling")
    keys.create(folder / "kunci", "Diskominfo Kabupaten Contoh", None)
    key, bundles, out = str(folder / "kunci" / "key.pem"), str(folder / "bundel"), folder / "keluaran"
    plan = {"dukcapil": (True, False), "dinkes": (True, False)}
    with regency(folder, plan, POLICIES) as inventory:
        table = folder / "inventaris.xlsx"
        assert run(["inventory", "export", str(inventory), "--out", str(table)]) == 0
        assert run(["inventory", "check", str(table)]) == 0
        asked = ["audit", "--inventory", str(inventory), "--only", CHECKS, "--out", bundles, "--key", key, "--quiet"]
        assert run(asked) == 1
    first = newest(folder / "bundel")
    form, attested, waived = folder / "form.xlsx", folder / "attestations.yaml", folder / "waivers.yaml"
    assert run(["attest", "form", "--bundle", str(first), "--out", str(form)]) == 0
    (folder / "sk-12.pdf").write_bytes(b"SK")
    fill(form)
    assert run(["attest", "import", str(form), "--bundle", str(first), "--file", str(attested)]) == 0
    accept = ["waive", "KOM-02", "--host", "layanan.dinkes.contoh.go.id", "--reason", "Perangkat lama di kecamatan."]
    approved = ["--approver", "Kepala Dinas", "--until", "2099-12-31", "--file", str(waived)]
    assert run([*accept, *approved]) == 0
    judge = ["judge", str(first), "--attestations", str(attested), "--waivers", str(waived), "--key", key]
    run([*judge, "--out", bundles, "--format", "html,pdf"])
    second = newest(folder / "bundel")
    formats = "bukti-dukung,data-kerentanan,kertas-kerja,laporan-insiden,pemberitahuan-pdp,peta,satu-data,sia-spbe"
    assert run(["render", str(second), "--baseline", str(first), "--format", formats, "--out", str(out)]) == 0
    assert run(["verify", str(second), "--trust", str(folder / "kunci" / "root.pem")]) == 0
    return first, second, out


def test_answers_are_signed_into_the_bundle_and_told_apart_from_what_was_measured(
    handed_on: tuple[Path, Path, Path],
) -> None:
    first, second, _ = handed_on
    found = report(second)
    assert [a.documents[0].partition(" ")[0] if a.documents else "" for a in found.attestations] == [
        "sk-12.pdf",
        "",
        "",
    ]
    attested = [f for f in found.findings if f.basis is Basis.ATTESTED]
    assert {f.rule for f in attested} == set(ANSWERS)
    assert len(attested) == 3 * 4
    assert {f.outcome for f in report(first).findings if f.rule in ANSWERS} == {Outcome.MANUAL}
    (accepted,) = (f for f in found.findings if f.outcome is Outcome.WAIVED)
    assert accepted.rule == "KOM-02"
    assert "attestations.yaml" in (second / "SHA256SUMS").read_text("utf-8")
    page = (second / "report.html").read_text("utf-8")
    assert "Budi Santoso" in page
    assert "ringkasan, periksa JDIH" in page


def test_evidence_has_its_codes_the_sealed_report_and_the_signature(handed_on: tuple[Path, Path, Path]) -> None:
    _, second, out = handed_on
    with zipfile.ZipFile(out / "bukti-dukung-pemdi-2026-I10.zip") as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
        assert {"I10-L3-01.pdf", "I10-L3-02.json", "I10-L3-03.xlsx", "bundel/SHA256SUMS.p7s"} <= names
        assert archive.read("I10-L3-01.pdf") == (second / "report.pdf").read_bytes()
        pypdfium2.PdfDocument(archive.read("I10-daftar-bukti.pdf"))


def test_the_workbooks_tell_of_both_agencies(handed_on: tuple[Path, Path, Path]) -> None:
    _, _, out = handed_on
    book = openpyxl.load_workbook(out / "data-kerentanan.xlsx")
    assert len(book.sheetnames) == 4
    sound, weak = (book[f"{name}.dinkes.contoh.go.id"] for name in ("portal", "layanan"))
    labels = {row[4].value for row in weak.iter_rows(min_row=8)}
    assert "h. keamanan komunikasi" in labels
    assert weak.max_row > sound.max_row
    rows = list(csv.DictReader(io.StringIO((out / "peta.csv").read_bytes().decode("utf-8-sig"))))
    assert {row["Perangkat Daerah"] for row in rows} == {
        "Dinas Kependudukan dan Pencatatan Sipil", "Dinas Kesehatan",
    }  # fmt: skip
    assert {row["Petugas penanggung jawab"] for row in rows} == {"Budi Santoso", "Rahmat Hidayat"}
    assert sum(int(row["Proses"]) for row in rows) == 1


def test_the_working_paper_leaves_what_cannot_be_seen_unassessed_but_for_statements(
    handed_on: tuple[Path, Path, Path],
) -> None:
    _, _, out = handed_on
    page = openpyxl.load_workbook(out / "kertas-kerja-pra-audit.xlsx").worksheets[0]
    states = {str(row[0].value): str(row[7].value) for row in page.iter_rows() if row[0].value}
    assert states["FK-1"] == "dinyatakan terpenuhi oleh responden: 4"
    assert states["FK-2"] == "tidak dinilai"
    assert states["FK-34"] == "dinyatakan tidak terpenuhi oleh responden: 4"
    assert "ada temuan yang membantah: 2" in states["FK-47"]
    assert "bukti mendukung: 2" in states["FK-45"]
