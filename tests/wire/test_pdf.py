"""The PDF report in the hands of programs that are not ours: pdfsig, pyhanko, pdfdetach, qpdf, pdftotext, zbarimg."""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner

from auditor import bundle
from auditor.canonical import encode, sha256
from auditor.cli import run
from auditor.model import Outcome, Sealing, View
from auditor.trust import anchors, cms, keys, log, note, pdf
from auditor.verify import Check, Reader, verify
from reports import pdf as renderer
from tests.unit.reports import samples
from tests.wire import bundles
from tests.wire.bundles import AT, Sealed, copy

LATER = AT + timedelta(hours=1)  # than whatever a slow machine makes meanwhile
PYHANKO = Path(sys.executable).with_name("pyhanko")


def said(*command: str | Path) -> tuple[int, str]:
    program = shutil.which(command[0])
    assert program, f"{command[0]} is missing: see tests/packages.txt"
    done = subprocess.run([program, *command[1:]], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def rendered(view: View, lang: str = "id") -> bytes:
    [(_, document)] = renderer.render(view, lang)
    return document


def store(folder: Path, root: Path) -> Path:
    """An NSS store that trusts one root, as the report tells its reader to make it."""
    folder.mkdir()
    assert said("certutil", "-N", "-d", f"sql:{folder}", "--empty-password")[0] == 0
    told = ("-A", "-d", f"sql:{folder}", "-n", "root", "-t", "CT,C,C", "-a", "-i", root)
    assert said("certutil", *told)[0] == 0
    return folder


@dataclass(frozen=True)
class Issue:
    """A sealed report on disk, and what its reader trusts."""

    file: Path
    view: View
    signer: keys.Signer
    root: Path
    nss: Path


def issued(folder: Path, view: View) -> Issue:
    made = keys.create(folder / "kunci", "Dinas Kominfo", None, at=AT)
    signer = keys.load(made.key, None)
    file = folder / "report.pdf"
    file.write_bytes(pdf.seal(rendered(view), signer, AT, "id"))
    return Issue(file, view, signer, made.root, store(folder / "nss", made.root))


@pytest.fixture(scope="module")
def genuine(tmp_path_factory: pytest.TempPathFactory) -> Issue:
    return issued(tmp_path_factory.mktemp("asli"), samples.bad(signing="trusted-key"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Issue:
    return issued(tmp_path_factory.mktemp("asing"), samples.good())


@pytest.fixture
def flipped(genuine: Issue, tmp_path: Path) -> Path:
    """The report with one bit of its content changed."""
    data = bytearray(genuine.file.read_bytes())
    data[data.index(b"stream") + 60] ^= 1
    (tmp_path / "ubah.pdf").write_bytes(data)
    return tmp_path / "ubah.pdf"


# ---------------------------------------------------------------- the seal


def test_pdfsig_finds_the_seal_valid_and_trusted(genuine: Issue) -> None:
    _, told = said("pdfsig", "-nssdir", f"sql:{genuine.nss}", genuine.file)
    assert "Signature is Valid." in told
    assert "Certificate is Trusted." in told
    assert "Total document signed" in told
    assert "ETSI.CAdES.detached" in told
    assert "Dinas Kominfo" in told


def test_pdfsig_sees_a_changed_bit(genuine: Issue, flipped: Path) -> None:
    _, told = said("pdfsig", "-nssdir", f"sql:{genuine.nss}", flipped)
    assert "Digest Mismatch" in told
    assert "Signature is Valid" not in told


def test_pdfsig_does_not_trust_a_foreign_root(genuine: Issue, stranger: Issue) -> None:
    _, told = said("pdfsig", "-nssdir", f"sql:{stranger.nss}", genuine.file)
    assert "Signature is Valid." in told
    assert "Certificate is Trusted" not in told


def adesverify(root: Path, file: Path) -> tuple[int, str]:
    # The root that `auditor keys create` makes publishes no revocation list: see auditor.trust.keys.create.
    options = ("--trust-replace", "--trust", str(root), "--no-revocation-check")
    done = subprocess.run([PYHANKO, "sign", "adesverify", *options, file], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_pyhanko_finds_the_seal_good(genuine: Issue) -> None:
    code, told = adesverify(genuine.root, genuine.file)
    assert code == 0
    assert ":INTACT:TRUSTED" in told


def test_pyhanko_sees_a_changed_bit_and_a_foreign_root(genuine: Issue, stranger: Issue, flipped: Path) -> None:
    code, told = adesverify(genuine.root, flipped)
    assert code != 0
    assert ":INTACT:" not in told
    code, told = adesverify(stranger.root, genuine.file)
    assert code != 0
    assert "UNTRUSTED" in told


def test_qpdf_finds_no_fault_in_either_file_and_one_in_half_a_file(genuine: Issue, tmp_path: Path) -> None:
    unsealed, half = tmp_path / "polos.pdf", tmp_path / "separuh.pdf"
    unsealed.write_bytes(rendered(genuine.view))
    half.write_bytes(unsealed.read_bytes()[: len(unsealed.read_bytes()) // 2])
    assert said("qpdf", "--check", unsealed)[0] == 0
    assert said("qpdf", "--check", genuine.file)[0] == 0
    assert said("qpdf", "--check", half)[0] != 0


def test_an_official_can_sign_after_us(genuine: Issue, stranger: Issue, tmp_path: Path) -> None:
    metadata = PdfSignatureMetadata(field_name="Pejabat", md_algorithm="sha384", subfilter=SigSeedSubFilter.PADES)
    writer = IncrementalPdfFileWriter(BytesIO(genuine.file.read_bytes()))
    signed = PdfSigner(metadata, cms.KeyHolder(stranger.signer)).sign_pdf(writer).getvalue()
    assert signed.startswith(genuine.file.read_bytes())
    both = tmp_path / "berdua.pdf"
    both.write_bytes(signed)
    _, told = said("pdfsig", "-nssdir", f"sql:{genuine.nss}", both)
    assert told.count("Signature is Valid.") == 2
    trusting = ("--trust", str(genuine.root), "--trust", str(stranger.root), "--no-revocation-check")
    done = subprocess.run(
        [PYHANKO, "sign", "adesverify", "--trust-replace", *trusting, both],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("INTACT:TRUSTED") == 2


def test_the_seal_fills_the_frame_that_the_first_page_keeps_for_it(genuine: Issue, tmp_path: Path) -> None:
    """One pixel a point: dark just where BOX says, nothing but white within."""
    (tmp_path / "a.pdf").write_bytes(rendered(genuine.view))
    assert (
        said("pdftoppm", "-r", "72", "-gray", "-f", "1", "-l", "1", "-singlefile", tmp_path / "a.pdf", tmp_path / "a")[
            0
        ]
        == 0
    )
    head, pixels = (
        re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", (tmp_path / "a.pgm").read_bytes()),
        (tmp_path / "a.pgm").read_bytes(),
    )
    assert head
    width, height = int(head[1]), int(head[2])
    rows = [pixels[head.end() + y * width :][:width] for y in range(height)]
    left, bottom, right, top = pdf.BOX

    def darkest(x: int) -> int:
        return min(rows[height - (bottom + top) // 2][x - 2 : x + 3])

    assert darkest(left) < 230
    assert darkest(right) < 230
    inside = [rows[y][left + 4 : right - 4] for y in range(height - top + 4, height - bottom - 4)]
    assert {byte for row in inside for byte in row} == {255}


# ---------------------------------------------------------------- what is in it


def test_pdfdetach_takes_out_the_machine_report(genuine: Issue, tmp_path: Path) -> None:
    assert "1 embedded files" in said("pdfdetach", "-list", genuine.file)[1]
    assert said("pdfdetach", "-saveall", "-o", tmp_path, genuine.file)[0] == 0
    assert (tmp_path / "report.json").read_bytes() == encode(genuine.view.report) + b"\n"


def test_pdfdetach_takes_out_another_report_from_another_document(
    genuine: Issue, stranger: Issue, tmp_path: Path
) -> None:
    assert said("pdfdetach", "-saveall", "-o", tmp_path, stranger.file)[0] == 0
    assert (tmp_path / "report.json").read_bytes() != encode(genuine.view.report) + b"\n"


def test_the_qr_code_holds_the_digests(genuine: Issue, tmp_path: Path) -> None:
    assert (
        said("pdftoppm", "-r", "200", "-png", "-f", "1", "-l", "1", "-singlefile", genuine.file, tmp_path / "satu")[0]
        == 0
    )
    code, told = said("zbarimg", "--quiet", "--raw", tmp_path / "satu.png")
    assert code == 0
    report = genuine.view.report
    assert told.splitlines()[:4] == [  # what it says of its desktop bus follows
        f"auditor {report.id}",
        f"report.json sha256 {sha256(encode(report) + bytes([10]))}",
        f"evidence.jsonl sha256 {report.evidence_digest}",
        f"baseline 2026.1 sha256 {report.policies[0].digest}",
    ]


def pages(file: Path) -> list[str]:
    code, told = said("pdftotext", "-layout", file, "-")
    assert code == 0
    return told.split("\f")[:-1]


@pytest.mark.parametrize(("lang", "numbered"), [("id", "Halaman {n} dari {all}"), ("en", "Page {n} of {all}")])
def test_every_page_says_its_number_and_the_report_s(tmp_path: Path, lang: str, numbered: str) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(rendered(samples.dozen(), lang))
    found = pages(file)
    assert len(found) > 5
    for number, page in enumerate(found, start=1):
        assert numbered.format(n=number, all=len(found)) in page
        assert "20261122T021500Z-7f3a9c" in page


@pytest.mark.parametrize(("lang", "warning"), [("id", "TIDAK TEPERCAYA"), ("en", "NOT TRUSTED")])
def test_a_throwaway_key_shows_on_every_page_and_in_the_seal(tmp_path: Path, lang: str, warning: str) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(pdf.seal(rendered(samples.bad(), lang), keys.ephemeral(), AT, lang))
    found = pages(file)
    assert all(warning in page for page in found)
    assert found[0].count(warning) == 3
    file.write_bytes(rendered(samples.bad(signing="trusted-key"), lang))
    assert not any(warning in page for page in pages(file))


def test_what_a_site_says_stands_there_as_it_was_said(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(rendered(samples.hostile(), "en"))
    text = re.sub(r"[\s\u200b]+", "", "".join(pages(file)))
    assert "<script>alert(1)</script>" in text
    assert "⟨U+202E⟩" in text
    assert "{{7*7}}" in text


@pytest.mark.parametrize("view", ["bad", "dozen", "hostile"])
def test_no_word_leaves_the_page(view: str, tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(rendered(getattr(samples, view)(), "id"))
    _, told = said("pdftotext", "-bbox", file, "-")
    widths = {"595": 595 - 56, "841": 841 - 56}
    limit, words = 0, 0
    for line in told.splitlines():
        if page := re.search(r'<page width="(\d+)', line):
            limit = widths[page[1]]
        elif word := re.search(r'xMax="([\d.]+)" yMax="([\d.]+)"', line):
            words += 1
            assert float(word[1]) < limit + 3, line
    assert words > 500


def test_readers_for_the_blind_and_archives_find_what_they_need(genuine: Issue) -> None:
    _, told = said("pdfinfo", genuine.file)
    assert re.search(r"Tagged: +yes", told)
    assert re.search(r"Title: +Laporan Pemeriksaan Keamanan Situs 20261122T021500Z-7f3a9c", told)
    _, fonts = said("pdffonts", genuine.file)
    rows = [line for line in fonts.splitlines()[2:] if not line.startswith("Syntax")]
    assert len(rows) >= 3
    assert all(re.search(r" yes yes yes ", row) for row in rows)


# ---------------------------------------------------------------- in the bundle


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    """A bundle with a PDF, as `auditor judge` leaves it."""
    folder = tmp_path_factory.mktemp("bundel")
    first = bundles.create(folder)
    key = str(folder / "kunci" / "key.pem")
    run(["judge", str(first.path), "--format", "html,pdf", "--out", str(folder / "lagi"), "--key", key])
    (path,) = (folder / "lagi").iterdir()
    return replace(first, path=path)


@pytest.fixture
def sealed(original: Sealed, tmp_path: Path) -> Sealed:
    return copy(original, tmp_path / "salinan")


def reseal(sealed: Sealed) -> None:
    """New sums, signed by the bundle's own key, after it was judged."""
    bundles.reseal(sealed)
    (sealed.path / bundle.SIGNATURE).write_bytes(
        cms.sign(sealed.signer, (sealed.path / bundle.SUMS).read_bytes(), LATER)
    )


def faults(sealed: Sealed) -> dict[str, Check]:
    result = verify(sealed.path, Reader(sealed.roots), LATER, "en")
    assert {"pdf", "seal"} <= {check.name for check in result.checks}
    return {check.name: check for check in result.checks if check.outcome is not Outcome.PASS and check.needed}


def test_a_bundle_with_a_sealed_pdf_is_genuine(sealed: Sealed) -> None:
    assert faults(sealed) == {}
    assert pdf.check((sealed.path / "report.pdf").read_bytes(), sealed.roots, LATER).outcome is Outcome.PASS


def test_a_pdf_of_another_report_is_caught_though_the_same_key_sealed_and_signed(sealed: Sealed) -> None:
    (sealed.path / "report.pdf").write_bytes(pdf.seal(rendered(samples.good()), sealed.signer, AT, "id"))
    reseal(sealed)
    found = faults(sealed)
    assert set(found) == {"pdf"}
    assert "not report.json" in found["pdf"].detail


def test_a_pdf_sealed_by_another_key_is_caught(sealed: Sealed, stranger: Issue) -> None:
    document = (sealed.path / "report.pdf").read_bytes()
    plain = document[: document.index(b"%%EOF") + 5]
    (sealed.path / "report.pdf").write_bytes(pdf.seal(plain, stranger.signer, AT, "id"))
    reseal(sealed)
    found = faults(sealed)
    assert set(found) == {"seal"}
    assert stranger.signer.fingerprint in found["seal"].detail


@pytest.mark.parametrize("change", ["unsealed", "added", "flipped", "nonsense"])
def test_a_pdf_without_a_good_seal_is_caught_though_it_is_in_the_sums(sealed: Sealed, change: str) -> None:
    file = sealed.path / "report.pdf"
    document = file.read_bytes()
    twisted = bytearray(document)
    twisted[document.index(b"stream") + 60] ^= 1
    file.write_bytes(
        {
            "unsealed": document[: document.index(b"%%EOF") + 6],
            "added": document + b"\n",
            "flipped": bytes(twisted),
            "nonsense": b"%PDF-1.7",
        }[change]
    )
    reseal(sealed)
    assert faults(sealed)["seal"].outcome is Outcome.FAIL


def test_rendering_again_gives_the_document_that_was_sealed(original: Sealed, tmp_path: Path) -> None:
    assert run(["render", str(original.path), "--format", "pdf", "--out", str(tmp_path)]) == 0
    plain = (tmp_path / "report.pdf").read_bytes()
    assert pdf.check(plain, original.roots, LATER).outcome is Outcome.FAIL
    assert (original.path / "report.pdf").read_bytes().startswith(plain)


def test_rendering_with_a_key_seals(original: Sealed, tmp_path: Path) -> None:
    made = keys.create(tmp_path / "kunci", "Sekretariat", None, at=AT)
    told = ["render", str(original.path), "--format", "html,pdf", "--out", str(tmp_path), "--key", str(made.key)]
    assert run(told) == 0
    document = (tmp_path / "report.pdf").read_bytes()
    # the clock of the command, not of the bundle
    status = pdf.check(document, anchors.load(made.root), LATER + timedelta(days=1))
    assert (status.outcome, status.subject) == (Outcome.PASS, "CN=Sekretariat")
    assert bundle.read(original.path).files.keys() >= {"report.pdf"}


def test_letterhead_key_and_the_log_s_checkpoint_are_on_paper(genuine: Issue, tmp_path: Path) -> None:
    made = log.create(tmp_path / "log", "log.contoh.go.id")
    report = replace(
        genuine.view.report,
        scope=replace(genuine.view.report.scope, letterhead=("Jalan Contoh No. 1", "Telepon (0511) 000-0000")),
        sealing=Sealing(store="token", attributes=("never extractable",), checkpoint=made.checkpoint.decode()),
    )
    file = tmp_path / "a.pdf"
    file.write_bytes(rendered(replace(genuine.view, report=report)))
    found = pages(file)
    assert "Jalan Contoh No. 1" in found[0]
    (kept,) = [number for number, page in enumerate(found, 1) if "auditor log verify" in page]
    one = ("-f", str(kept), "-l", str(kept), "-singlefile", file, tmp_path / "qr")
    assert said("pdftoppm", "-r", "200", "-png", *one)[0] == 0
    program = shutil.which("zbarimg")
    assert program
    read = subprocess.run([program, "--quiet", "--raw", tmp_path / "qr.png"], capture_output=True, check=True).stdout
    assert note.opened(read.rstrip(b"\n") + b"\n", made.verifier).size == 0
