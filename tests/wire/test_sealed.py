"""Bundles sealed with everything: time stamps, CRLs, OCSP, the log, ML-DSA; judged by openssl, pdfsig, pyHanko and us.

One bundle is made by the command line against authorities on loopback, and then altered in every way that somebody with
access to it, or to a key, could think of. Each alteration must be caught, and named.
"""

import io
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from auditor import bundle
from auditor.canonical import decode, encode, load_json, sha256
from auditor.cli import run
from auditor.model import Outcome, Report
from auditor.trust import cms, keys, log, note, timestamp, validation
from auditor.trust.revocation import Revocations
from auditor.verify import Check, Reader, verify, verify_paper
from tests.wire import bundles, tsa
from tests.wire.test_pdf import said, store
from tests.wire.tsa import DAY, Issued, Tsa, answer, issue, revocations

LATER = datetime(2030, 1, 1, tzinfo=UTC)
SIGNS = (ExtendedKeyUsageOID.EMAIL_PROTECTION,)
PYHANKO = Path(sys.executable).with_name("pyhanko")


@dataclass(frozen=True)
class World:
    """Who is who."""

    tsa: Tsa
    root: Issued
    middle: Issued
    signer: Issued
    folder: Path
    path: Path
    """The bundle."""

    @property
    def roots(self) -> Path:
        """A folder with both roots, as a reviewer keeps them."""
        return self.folder / "akar"

    @property
    def reader(self) -> Reader:
        anchors = (self.root.certificate, self.tsa.anchor.certificate)
        return Reader(anchors, log=log.load(self.folder / "log").verifier)

    @property
    def key(self) -> Path:
        return self.folder / "key.pem"


def sealed(world: World, out: str, *options: str) -> Path:
    """A new bundle out of the first one's evidence."""
    first = world.folder / "awal" / "bundel"
    told = ["judge", str(first), "--format", "pdf", "--out", str(world.folder / out), "--fail-on", "never"]
    assert run([*told, "--key", str(world.key), *options]) in (0, 3)
    return max((world.folder / out).iterdir())


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("dunia")
    with tsa.running(folder / "tsa", points_to_crl=True) as authority:
        base = authority.url.removesuffix("/tsa")
        root = issue("Akar Penanda Tangan")
        middle = issue("Antara Penanda Tangan", root, crl=f"{base}/signer-root.crl")
        signer = issue("Petugas Persandian", middle, usage=SIGNS, critical=False, lifetime=2 * tsa.YEAR,
                       crl=f"{base}/signer.crl", ocsp=f"{base}/ocsp")  # fmt: skip
        authority.pages |= {"/signer-root.crl": revocations(root), "/signer.crl": revocations(middle)}
        authority.responder = lambda _: answer(middle, signer.certificate)
        (folder / "akar").mkdir()
        (folder / "akar" / "penanda.pem").write_bytes(root.pem)
        (folder / "akar" / "stempel.pem").write_bytes(authority.anchor.pem)
        (folder / "key.pem").touch(0o600)
        (folder / "key.pem").write_bytes(signer.key_pem + signer.pem + middle.pem)
        bundles.create(folder / "awal")
        log.create(folder / "log", "log.contoh.go.id")
        assert run(["keys", "create", "--out", str(folder / "pq"), "--post-quantum", "--no-passphrase"]) == 0
        made = World(authority, root, middle, signer, folder, folder)
        path = sealed(
            made, "bundel", "--tsa", authority.url, "--log", str(folder / "log"),
            "--cosigner", str(folder / "pq" / "mldsa65.pem"),
        )  # fmt: skip
        yield replace(made, path=path)


@pytest.fixture
def copied(world: World, tmp_path: Path) -> World:
    shutil.copytree(world.path, tmp_path / world.path.name)
    return replace(world, path=tmp_path / world.path.name)


def asked(world: World, at: datetime | None = None) -> dict[str, Check]:
    result = verify(world.path, world.reader, at or datetime.now(UTC), "en")
    found = {check.name: check for check in result.checks}
    assert result.genuine is not bool(bad(found))
    return found


def bad(found: dict[str, Check]) -> dict[str, str]:
    return {
        name: check.detail
        for name, check in found.items()
        if check.outcome is Outcome.FAIL or (check.needed and check.outcome is Outcome.UNKNOWN)
    }


def openssl(*command: object) -> bool:
    done = subprocess.run(["openssl", *map(str, command)], capture_output=True, check=False)
    return done.returncode == 0


# ---------------------------------------------------------------- genuine


def test_a_bundle_with_every_seal_is_genuine_and_each_question_is_answered(world: World) -> None:
    found = asked(world)
    assert bad(found) == {}
    unknown = {name for name, check in found.items() if check.outcome is Outcome.UNKNOWN}
    assert unknown == {"policy_known", "cosignature"}  # neither was told to the verifier
    assert "CAdES-T" in found["signature"].detail
    assert "entry 1 of 1 in log.contoh.go.id" in found["log"].detail
    names = {path.relative_to(world.path).as_posix() for path in world.path.rglob("*") if path.is_file()}
    assert {
        "signature/SHA256SUMS.p7s", "signature/SHA256SUMS.p7s.tsr", "signature/SHA256SUMS.mldsa65",
        "validation/signer.pem", "validation/tsa.pem", "validation/1.crl", "validation/1.ocsp", "validation/mldsa65.pem",
        "log/checkpoint", "log/inclusion.json", "verify.sh", "VERIFIKASI.md",
    } <= names  # fmt: skip


def test_the_command_says_it_in_json_and_knows_policies_and_keys_that_it_is_given(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    told = ["verify", str(world.path), "--trust", str(world.roots), "--json", "--policy", str(world.path / "policy")]
    assert run([*told, "--cosigner", str(world.folder / "pq" / "mldsa65.pub")]) == 0
    result = load_json(capsys.readouterr().out.encode())
    assert result["genuine"] is True
    assert {check["outcome"] for check in result["checks"]} == {"pass"}
    assert result["unproven"]


def test_openssl_verifies_signature_stamp_and_revocation_with_nothing_of_ours(world: World, tmp_path: Path) -> None:
    p7s, sums = world.path / bundle.SIGNATURE, world.path / bundle.SUMS
    signing = ("cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", p7s, "-out", "/dev/null", "-CAfile")
    root, stranger = world.folder / "akar" / "penanda.pem", tmp_path / "asing.pem"
    stranger.write_bytes(issue("Asing").pem)
    assert openssl(*signing, root, "-content", sums, "-crl_check_all")
    assert not openssl(*signing, root, "-content", world.path / "report.json")
    assert not openssl(*signing, stranger, "-content", sums)
    stamping = ("ts", "-verify", "-in", world.path / bundle.STAMP, "-untrusted", world.path / "validation" / "tsa.pem")
    anchor = world.folder / "akar" / "stempel.pem"
    assert openssl(*stamping, "-data", p7s, "-CAfile", anchor)
    assert not openssl(*stamping, "-data", sums, "-CAfile", anchor)
    assert not openssl(*stamping, "-data", p7s, "-CAfile", root)
    answered = ("ocsp", "-respin", world.path / "validation" / "1.ocsp", "-CAfile", root, "-issuer", tmp_path / "m.pem")
    (tmp_path / "m.pem").write_bytes(world.middle.pem)
    (tmp_path / "s.pem").write_bytes(world.signer.pem)
    done = subprocess.run(
        ["openssl", *map(str, answered), "-cert", str(tmp_path / "s.pem"), "-verify_other", str(tmp_path / "m.pem")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "s.pem: good" in done.stdout, done.stderr


def script(world: World, *roots: Path, clock: str = "") -> tuple[int, str]:
    command = ["sh", str(world.path / "verify.sh"), *map(str, roots)]
    done = subprocess.run(
        ["faketime", clock, *command] if clock else command, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def both(world: World) -> tuple[Path, Path]:
    return world.roots / "penanda.pem", world.roots / "stempel.pem"


def test_the_script_in_the_bundle_agrees_today_and_in_2030(world: World) -> None:
    for clock in ("", "2030-01-01"):
        code, told = script(world, *both(world), clock=clock)
        assert (code, "[GAGAL]" in told) == (0, False), told
        assert told.count("[OK]") == 4
        assert "[?]" not in told


def test_the_script_takes_no_root_out_of_the_bundle_and_no_other_root(world: World, tmp_path: Path) -> None:
    assert script(world, world.path / "validation" / "signer.pem")[0] == 2
    (tmp_path / "asing.pem").write_bytes(issue("Asing").pem)
    assert script(world, tmp_path / "asing.pem", both(world)[1])[0] == 1
    assert script(world, both(world)[0], tmp_path / "asing.pem")[0] == 1


# ---------------------------------------------------------------- the PDF


def adesverify(world: World, file: Path, *options: str, clock: str = "") -> tuple[int, str]:
    trust = [part for root in both(world) for part in ("--trust", str(root))]
    command = [str(PYHANKO), "sign", "adesverify", "--trust-replace", *trust, *options, str(file)]
    done = subprocess.run(
        ["faketime", clock, *command] if clock else command, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_the_seal_is_lta_for_pyhanko_pdfsig_and_qpdf(world: World, tmp_path: Path) -> None:
    file = world.path / "report.pdf"
    code, told = adesverify(world, file)
    assert code == 0, told
    assert ":INTACT:TRUSTED" in told
    nss = store(tmp_path / "nss", both(world)[0])
    _, told = said("pdfsig", "-nssdir", f"sql:{nss}", file)
    assert told.count("Signature is Valid.") == 1
    assert "Certificate is Trusted." in told
    assert told.count("Stempel Waktu") == 2  # which this version of pdfsig cannot judge
    assert said("qpdf", "--check", file)[0] == 0
    assert said("pdfdetach", "-saveall", "-o", tmp_path, file)[0] == 0
    assert (tmp_path / "report.json").read_bytes() == (world.path / "report.json").read_bytes()


def test_a_flipped_bit_or_a_foreign_root_is_refused_by_pyhanko_and_pdfsig(world: World, tmp_path: Path) -> None:
    data = bytearray((world.path / "report.pdf").read_bytes())
    data[data.index(b"stream") + 60] ^= 1
    (tmp_path / "ubah.pdf").write_bytes(data)
    assert adesverify(world, tmp_path / "ubah.pdf")[0] != 0
    nss = store(tmp_path / "nss", both(world)[0])
    assert "Digest Mismatch" in said("pdfsig", "-nssdir", f"sql:{nss}", tmp_path / "ubah.pdf")[1]
    (tmp_path / "asing.pem").write_bytes(issue("Asing").pem)
    command = [str(PYHANKO), "sign", "adesverify", "--trust-replace", "--trust", str(tmp_path / "asing.pem")]
    done = subprocess.run([*command, world.path / "report.pdf"], capture_output=True, text=True, check=False)
    assert done.returncode != 0


def test_the_pdf_alone_is_genuine_and_what_it_does_not_prove_is_said(world: World) -> None:
    result = verify_paper((world.path / "report.pdf").read_bytes(), world.reader, datetime.now(UTC), "en")
    assert result.genuine
    found = {check.name: check for check in result.checks}
    assert "B-LTA" in found["signature"].detail
    assert found["revocation"].outcome is Outcome.PASS
    assert found["verdicts"].outcome is Outcome.UNKNOWN
    assert any("computed again" in said for said in result.unproven)


@pytest.fixture(scope="module")
def additions(world: World) -> dict[str, Path]:
    """A renewed, and a countersigned PDF, outside the bundle."""
    files = {"renewed": world.folder / "perbarui.pdf", "countersigned": world.folder / "sah.pdf"}
    original = str(world.path / "report.pdf")
    assert run(["renew", original, "--tsa", world.tsa.url, "--out", str(files["renewed"])]) == 0
    official = keys.create(world.folder / "pejabat", "Kepala Dinas", None)
    told = ["countersign", str(files["renewed"]), "--key", str(official.key), "--tsa", world.tsa.url]
    assert run([*told, "--out", str(files["countersigned"])]) == 0
    return files


def test_additions_begin_with_the_original_and_all_seals_hold(world: World, additions: dict[str, Path]) -> None:
    original = (world.path / "report.pdf").read_bytes()
    for name, file in additions.items():
        data = file.read_bytes()
        assert data.startswith(original)
        result = verify_paper(data, world.reader, datetime.now(UTC), "en", original=world.path)
        assert result.genuine, result.checks
        found = {check.name: check for check in result.checks}
        assert found["original"].outcome is Outcome.PASS
        assert ("countersignatures" in found) is (name == "countersigned")
        assert said("qpdf", "--check", file)[0] == 0
    assert adesverify(world, additions["renewed"])[0] == 0


def test_an_addition_to_another_document_is_told(world: World, additions: dict[str, Path]) -> None:
    other = sealed(world, "lain", "--tsa", world.tsa.url)
    data = additions["renewed"].read_bytes()
    found = verify_paper(data, world.reader, datetime.now(UTC), "en", original=other).checks
    assert next(check for check in found if check.name == "original").outcome is Outcome.FAIL


def test_nothing_is_added_to_what_was_changed_and_nothing_written_into_a_bundle(world: World, tmp_path: Path) -> None:
    original = world.path / "report.pdf"
    (tmp_path / "ubah.pdf").write_bytes(original.read_bytes() + b"\n")
    assert run(["renew", str(tmp_path / "ubah.pdf"), "--tsa", world.tsa.url, "--out", str(tmp_path / "b.pdf")]) == 4
    assert run(["renew", str(original), "--tsa", world.tsa.url, "--out", str(world.path / "b.pdf")]) == 2
    assert not (world.path / "b.pdf").exists()


@pytest.mark.parametrize("change", ["append", "metadata", "cut"])
def test_an_update_that_no_seal_allows_is_caught_in_the_pdf_alone(
    world: World, additions: dict[str, Path], change: str
) -> None:
    from pyhanko.pdf_utils import generic  # noqa: PLC0415
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415

    data = additions["renewed"].read_bytes()
    if change == "append":
        data += b"% catatan\n"
    elif change == "cut":
        data = data[:-2000]
    else:
        writer = IncrementalPdfFileWriter(io.BytesIO(data))
        page = writer.root["/Pages"]["/Kids"][0].get_object()
        page["/Rotate"] = generic.NumberObject(180)  # type: ignore[no-untyped-call] # pyHanko leaves it out
        writer.mark_update(writer.root["/Pages"]["/Kids"].raw_get(0))
        output = io.BytesIO()
        writer.write(output)  # type: ignore[no-untyped-call] # pyHanko leaves it out
        data = output.getvalue()
    result = verify_paper(data, world.reader, datetime.now(UTC), "en")
    assert not result.genuine
    assert result.checks[0].outcome is Outcome.FAIL


# ---------------------------------------------------------------- years later


def test_in_2030_all_of_it_still_verifies_offline(world: World, additions: dict[str, Path]) -> None:
    assert world.signer.certificate.not_valid_after_utc < LATER
    asked_before = world.tsa.asked
    assert bad(asked(world, LATER)) == {}
    for file in (world.path / "report.pdf", additions["renewed"]):
        result = verify_paper(file.read_bytes(), world.reader, LATER, "en")
        assert result.genuine, result.checks
    assert world.tsa.asked == asked_before


def test_in_2030_pyhanko_agrees_about_the_pdf_given_the_authority_s_list_of_that_day(
    world: World, tmp_path: Path
) -> None:
    """SIGNING: it wants a fresh CRL of the time stamp authority, which we judge at the moment of the stamp."""
    code, told = adesverify(world, world.path / "report.pdf", "--no-revocation-check", clock="2027-06-01")
    assert code == 0, told


def test_in_2030_a_bundle_without_a_stamp_is_not_proven(world: World) -> None:
    plain = sealed(world, "tanpa-stempel")
    now = asked(replace(world, path=plain, folder=world.folder))
    assert set(bad(now)) == {"log"}  # this reader knows a log
    result = verify(plain, replace(world.reader, log=None), LATER, "en")
    assert [check.name for check in result.checks if check.needed and check.outcome is not Outcome.PASS] == [
        "chain",
        "seal",
    ][:1]
    assert not result.genuine


def test_a_renewed_pdf_outlives_the_first_authority_and_one_that_is_not_renewed_does_not(
    world: World, tmp_path: Path
) -> None:
    """The first authority's certificate ends within days; a longer-lived one stamps again before."""
    with tsa.running(tmp_path / "pendek", lifetime=3 * DAY) as short:
        path = sealed(world, "pendek", "--tsa", short.url)
        anchors = (*world.reader.roots, short.anchor.certificate)
        renewed = tmp_path / "panjang.pdf"
        assert run(["renew", str(path / "report.pdf"), "--tsa", world.tsa.url, "--out", str(renewed)]) == 0
    reader = Reader(anchors)
    assert not verify_paper((path / "report.pdf").read_bytes(), reader, LATER, "en").genuine
    assert verify_paper(renewed.read_bytes(), reader, LATER, "en").genuine


# ---------------------------------------------------------------- tampering


def flip(path: Path, place: int = 40) -> None:
    data = bytearray(path.read_bytes())
    data[place % len(data)] ^= 1
    path.write_bytes(data)


def sums_again(world: World) -> None:
    members = bundle.gather(world.path).members
    (world.path / bundle.SUMS).write_bytes(bundle.render_sums(members))


def signed_again(world: World, signer: Issued | None = None) -> None:
    """The sums anew, signed and stamped by a key that is (or is not) the right one, with all that belongs to it."""
    by = signer or world.signer
    sums_again(world)
    authority = timestamp.Authority(world.tsa.url)
    chain = (world.middle.certificate,) if by is world.signer else ()
    p7s = cms.sign(keys.Signer(by.key, by.certificate, chain), (world.path / bundle.SUMS).read_bytes(),
                   datetime.now(UTC), authority)  # fmt: skip
    stamp = authority.stamp(p7s)
    (world.path / bundle.SIGNATURE).write_bytes(p7s)
    (world.path / bundle.STAMP).write_bytes(stamp)
    for file in (world.path / "validation").glob("[!m]*"):
        file.unlink()
    for name, data in validation.material(p7s, stamp).items():
        (world.path / "validation" / name).write_bytes(data)


def then(*steps: Callable[[World], object]) -> Callable[[World], None]:
    def change(world: World) -> None:
        for step in steps:
            step(world)

    return change


def by_stranger(world: World) -> None:
    signed_again(world, stranger())


def to_lenient(world: World) -> None:
    edit(world, lenient)


def stranger() -> Issued:
    root = issue("Akar Asing")
    return issue("Petugas Persandian", root, usage=SIGNS, critical=False)


def edit(world: World, change: Callable[[Report], Report]) -> None:
    file = world.path / "report.json"
    file.write_bytes(encode(change(decode(Report, file.read_bytes()))) + b"\n")


def foreign_stamp(world: World) -> None:
    p7s = (world.path / bundle.SIGNATURE).read_bytes()
    with tsa.running(world.path.parent / "tsa-asing") as other:
        (world.path / bundle.STAMP).write_bytes(timestamp.Authority(other.url).stamp(p7s))


def older_stamp(world: World) -> None:
    (world.path / bundle.STAMP).write_bytes(timestamp.Authority(world.tsa.url).stamp(b"tanda tangan lama"))


def fork(world: World) -> None:
    """Another log of the same name, with a key of its own, that holds this report."""
    folder = world.path.parent / "log-lain"
    made = log.create(folder, "log.contoh.go.id")
    _, files = log.append(folder, bytes.fromhex(sha256((world.path / bundle.SUMS).read_bytes())), "x")
    for name, data in files.items():
        (world.path / name).write_bytes(data)
    assert made.verifier != log.load(world.folder / "log").verifier


def swap(world: World, name: str) -> None:
    other = sealed(world, "tukar", "--tsa", world.tsa.url, "--log", str(world.folder / "log"))
    (world.path / name).write_bytes((other / name).read_bytes())


def strip(world: World, *names: str) -> None:
    for name in names:
        (world.path / name).unlink()


def other_policy(world: World) -> None:
    file = world.path / "policy" / "dasar.yaml"
    file.write_bytes(file.read_bytes().replace(b"31536000", b"1"))


def other_evidence(world: World) -> None:
    file = world.path / "evidence.jsonl"
    file.write_bytes(file.read_bytes().replace(b'["TLSv1.0","TLSv1.2"]', b'["TLSv1.2","TLSv1.3"]'))


def longer_pdf(world: World) -> None:
    with (world.path / "report.pdf").open("ab") as file:
        file.write(b"%x\n")


def lenient(report: Report) -> Report:
    return replace(report, findings=tuple(replace(f, outcome=Outcome.PASS) for f in report.findings))


TAMPERED: dict[str, tuple[Callable[[World], object], str, str]] = {
    "report flipped": (lambda w: flip(w.path / "report.json"), "digests", "report.json"),
    "evidence flipped": (lambda w: flip(w.path / "evidence.jsonl"), "digests", "evidence.jsonl"),
    "facts flipped": (lambda w: flip(w.path / "facts.json"), "digests", "facts.json"),
    "policy flipped": (lambda w: flip(w.path / "policy" / "coba.yaml"), "digests", "policy/coba.yaml"),
    "waivers flipped": (lambda w: flip(w.path / "waivers.yaml"), "digests", "waivers.yaml"),
    "pdf flipped": (lambda w: flip(w.path / "report.pdf", 5000), "digests", "report.pdf"),
    "script flipped": (lambda w: flip(w.path / "verify.sh"), "digests", "verify.sh"),
    "guide flipped": (lambda w: flip(w.path / "VERIFIKASI.md"), "digests", "VERIFIKASI.md"),
    "sums flipped": (lambda w: flip(w.path / "SHA256SUMS"), "signature", "SHA256SUMS"),
    "signature flipped": (lambda w: flip(w.path / bundle.SIGNATURE, -1), "timestamp", "time stamp"),
    "stamp flipped": (lambda w: flip(w.path / bundle.STAMP, -1), "timestamp", "stamp"),
    "cosignature flipped": (lambda w: flip(w.path / bundle.COSIGNATURE), "cosignature", "not what was signed"),
    "validation flipped": (lambda w: flip(w.path / "validation" / "1.crl"), "validation", "1.crl"),
    "checkpoint flipped": (lambda w: flip(w.path / "log" / "checkpoint", -5), "log", "not signed by"),
    "inclusion edited": (lambda w: (w.path / log.INCLUSION).write_bytes(b'{"hashes":[],"index":1,"size":2}\n'), "log", "proof"),
    "member added": (lambda w: (w.path / "exports" / "x.json").write_bytes(b"{}"), "files", "exports/x.json"),
    "member removed": (lambda w: strip(w, "evidence.jsonl"), "files", "evidence.jsonl"),
    "member renamed": (lambda w: (w.path / "waivers.yaml").rename(w.path / "attestations.yaml"), "files", "waivers.yaml"),
    "sums regenerated": (then(to_lenient, sums_again), "signature", "SHA256SUMS"),
    "signed by a stranger": (then(to_lenient, by_stranger), "chain", "trusted root"),
    "verdict edited by the key's holder": (then(to_lenient, signed_again), "verdicts", "passed"),
    "policy swapped by the key's holder": (then(other_policy, signed_again), "policies", "policy/dasar.yaml"),
    "evidence swapped by the key's holder": (then(other_evidence, signed_again), "evidence", "evidence.jsonl"),
    "signed again, log left": (then(lambda w: edit(w, lambda r: replace(r, id="20200101T000000Z-000000")), signed_again), "log", "proof"),
    "foreign stamp": (foreign_stamp, "timestamp", "trusted root"),
    "older stamp": (older_stamp, "timestamp", "foreign or older"),
    "stamp of another bundle": (lambda w: swap(w, bundle.STAMP), "timestamp", "foreign or older"),
    "signature of another bundle": (lambda w: swap(w, bundle.SIGNATURE), "signature", "SHA256SUMS"),
    "pdf of another bundle": (then(lambda w: swap(w, "report.pdf"), signed_again), "pdf", "report.pdf"),
    "stamp taken away": (lambda w: strip(w, bundle.STAMP), "timestamp", "missing"),
    "log taken away": (lambda w: strip(w, log.CHECKPOINT, log.INCLUSION), "log", "missing"),
    "cosignature taken away": (lambda w: strip(w, bundle.COSIGNATURE), "cosignature", "missing"),
    "validation taken away": (lambda w: strip(w, "validation/signer.pem"), "validation", "signer.pem"),
    "validation added": (lambda w: (w.path / "validation" / "9.crl").write_bytes(b"x"), "validation", "9.crl"),
    "log forked": (fork, "log", "signed by"),
    "log proof of another bundle": (lambda w: swap(w, log.INCLUSION), "log", "proof"),
    "pdf updated in the bundle": (then(longer_pdf, signed_again), "seal", "changed after"),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERED)
def test_every_alteration_is_caught_and_named(copied: World, name: str) -> None:
    (copied.path / "exports").mkdir(exist_ok=True)
    change, check, named = TAMPERED[name]
    change(copied)
    found = bad(asked(copied))
    assert check in found, found
    assert named in found[check]


STOCK = {name for name in TAMPERED if "key's holder" not in name and "log" not in name and "cosign" not in name} - {
    "checkpoint flipped", "inclusion edited", "validation added", "validation flipped", "validation taken away",
    "pdf of another bundle", "pdf updated in the bundle",
}  # fmt: skip
"""What takes neither recomputing nor anything but coreutils and openssl to see."""


@pytest.mark.parametrize("name", sorted(STOCK))
def test_the_script_catches_what_stock_tools_can(copied: World, name: str) -> None:
    (copied.path / "exports").mkdir(exist_ok=True)
    shutil.copy(copied.path / "verify.sh", copied.path.parent / "verify.sh")
    TAMPERED[name][0](copied)
    command = ["sh", str(copied.path.parent / "verify.sh"), *map(str, both(copied)), str(copied.path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout
    assert "[GAGAL]" in done.stdout


# ---------------------------------------------------------------- revocation and time


def test_no_report_is_signed_with_a_revoked_certificate(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    good = world.tsa.pages["/signer.crl"]
    world.tsa.pages["/signer.crl"] = revocations(world.middle, world.signer.certificate)
    try:
        told = ["judge", str(world.path), "--out", str(world.folder / "cabut"), "--key", str(world.key)]
        assert run([*told, "--tsa", world.tsa.url, "--lang", "en"]) == 2
    finally:
        world.tsa.pages["/signer.crl"] = good
    assert "was revoked" in capsys.readouterr().err
    assert not [path for path in (world.folder / "cabut").glob("*") if not path.name.startswith(".")]


def test_a_responder_that_says_revoked_stops_it_too(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    good = world.tsa.responder
    world.tsa.responder = lambda _: answer(world.middle, world.signer.certificate, revoked=True)
    try:
        told = ["judge", str(world.path), "--out", str(world.folder / "cabut2"), "--key", str(world.key)]
        assert run([*told, "--tsa", world.tsa.url, "--lang", "en"]) == 2
    finally:
        world.tsa.responder = good
    assert "was revoked" in capsys.readouterr().err


def resigned(world: World, crl: bytes) -> dict[str, Check]:
    """As if the list had been embedded by a signer who did not look at it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("auditor.trust.revocation.fetch", lambda *_: Revocations((crl,)))
        signed_again(world)
    return asked(world)


def test_a_signer_revoked_before_the_stamp_is_caught_by_us_and_by_openssl(copied: World) -> None:
    found = bad(resigned(copied, revocations(copied.middle, copied.signer.certificate)))
    assert "revoked" in found["chain"]
    assert "revoked" in found["revocation"]
    command = ("cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", copied.path / bundle.SIGNATURE)
    about = ("-content", copied.path / bundle.SUMS, "-out", "/dev/null", "-CAfile", both(copied)[0])
    assert openssl(*command, *about)
    assert not openssl(*command, *about, "-crl_check")


def test_a_time_stamp_authority_that_is_down_stops_the_report_and_the_run_can_be_resumed(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.tsa.spoil = lambda _: 503
    try:
        told = ["judge", str(world.path), "--out", str(world.folder / "mati"), "--key", str(world.key)]
        assert run([*told, "--tsa", world.tsa.url, "--lang", "en"]) == 3
    finally:
        world.tsa.spoil = lambda data: data
    assert "HTTP status 503" in capsys.readouterr().err


# ---------------------------------------------------------------- zip and log


def test_a_packed_bundle_is_the_same_bytes_twice_and_verifies(world: World, tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        assert run(["pack", str(world.path), "--out", str(tmp_path / name)]) == 0
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert run(["verify", str(tmp_path / "a.zip"), "--trust", str(world.roots)]) == 0
    subprocess.run(["python3", "-m", "zipfile", "-e", tmp_path / "a.zip", tmp_path / "buka"], check=True)
    assert run(["verify", str(tmp_path / "buka" / world.path.name), "--trust", str(world.roots)]) == 0


@pytest.mark.parametrize("change", ["flip", "twice", "outside", "link", "cut", "more", "no zip"])
def test_a_zip_that_was_altered_is_caught(world: World, tmp_path: Path, change: str) -> None:
    file = tmp_path / "a.zip"
    run(["pack", str(world.path), "--out", str(file)])
    name = world.path.name
    if change == "cut":
        file.write_bytes(file.read_bytes()[:-30])
    elif change == "no zip":
        file.write_bytes(b"bukan zip")
    elif change == "flip":
        with zipfile.ZipFile(file) as old:
            members = {m.filename: old.read(m) for m in old.infolist()}
        members[f"{name}/report.json"] = members[f"{name}/report.json"].replace(b"fail", b"pass", 1)
        with zipfile.ZipFile(file, "w") as new:
            for member, data in members.items():
                new.writestr(member, data)
    else:
        with zipfile.ZipFile(file, "a") as archive:
            link = zipfile.ZipInfo(f"{name}/report.txt")
            link.external_attr = 0o120777 << 16
            added: dict[str, str | zipfile.ZipInfo] = {
                "twice": f"{name}/report.json",
                "outside": "../report.json",
                "link": link,
                "more": f"{name}/x.txt",
            }
            with pytest.warns(UserWarning, match="Duplicate") if change == "twice" else _nothing():
                archive.writestr(added[change], b"/etc/passwd")
    assert run(["verify", str(file), "--trust", str(world.roots)]) == 4


class _nothing:  # noqa: N801
    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...


def test_a_log_is_consistent_with_every_older_checkpoint_and_a_fork_is_not(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "log"
    shutil.copytree(world.folder / "log", folder)
    for number in range(5):
        log.append(folder, bytes([number]) * 32, f"laporan-{number}")
    printed = decode(Report, (world.path / "report.json").read_bytes()).sealing.checkpoint
    (tmp_path / "qr.txt").write_text(printed.rstrip("\n"))  # as a reader of QR codes saves it
    told = ["log", "verify", str(folder), "--from", str(world.path), "--from", str(tmp_path / "qr.txt")]
    assert run([*told, "--log-key", str(world.folder / "log" / "log.vkey")]) == 0
    assert run(["log", "prove", str(folder), str(world.path)]) == 0
    proof = load_json(capsys.readouterr().out.splitlines()[-1].encode())
    assert proof["inclusion"]["index"] == 0
    entries = (folder / "entries").read_text().splitlines(keepends=True)
    (folder / "entries").write_text("".join([f"{'0' * 64}  diganti\n", *entries[1:]]))
    assert run(["log", "verify", str(folder)]) == 4  # not what the checkpoint was signed over
    rewritten(folder)
    assert run(["log", "verify", str(folder)]) == 0  # history was rewritten with the key
    assert run(["log", "verify", str(folder), "--from", str(world.path), "--lang", "en"]) == 4
    assert "FORK" in capsys.readouterr().err


def rewritten(folder: Path) -> None:
    """What the holder of the log's key can do."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    from auditor.trust import merkle  # noqa: PLC0415

    key = load_pem_private_key((folder / "log.key").read_bytes(), None)
    lines = (folder / "entries").read_text().splitlines()
    leaves = [merkle.leaf_hash(bytes.fromhex(line[:64])) for line in lines]
    made = note.Checkpoint("log.contoh.go.id", len(leaves), merkle.root(leaves))
    (folder / "checkpoint").write_bytes(note.sign(made, key))  # type: ignore[arg-type] # it is Ed25519


def test_the_guide_names_key_and_script_and_its_commands_are_those_of_the_readme(world: World) -> None:
    text = (world.path / "VERIFIKASI.md").read_text()
    assert keys.fingerprint(world.signer.certificate) in text
    assert sha256((world.path / "verify.sh").read_bytes()) in text
    assert not re.search(r"\{[a-z]+\}", text)
