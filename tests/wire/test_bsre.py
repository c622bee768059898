"""BSrE's e-Sign service, played on loopback after the field tables of its public clients; signatures are real ones."""

import base64
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from auditor.cli import run
from auditor.trust import keys, pdf
from auditor.typesetting import typeset
from tests.wire.bundles import AT
from tests.wire.test_pdf import said, store

USER, PASSWORD, NIK, PASSPHRASE = "diskominfo", "sandi-instansi-contoh", "6371019001990001", "frasa-sandi-pejabat"


@dataclass
class Esign:
    """The service as it runs. `spelled` is how it spells two of its fields, `listed` how it wants a file to verify."""

    url: str
    signer: keys.Signer
    root: Path
    totp: int = 100000
    seen: list[tuple[str, Any]] = field(default_factory=list)
    stamp_name: str = "timestampInfomation"
    listed: bool = False
    by_id: bool = False
    rewrites: bool = False
    kept: bytes = b""

    def signed(self, document: bytes) -> bytes:
        return b"%PDF-1.7 lain" if self.rewrites else pdf.countersign(document, self.signer, AT, "BSrE")

    def call(self, path: str, body: dict[str, Any]) -> tuple[int, Any, dict[str, str]]:  # noqa: C901, PLR0911 - one a call
        """Status, answer (JSON, or bytes of a PDF) and further headers."""
        self.seen.append((path, body))
        if path.startswith("/api/sign/download/"):
            return 200, self.kept, {}
        if path.startswith("/api/user/status/"):
            return 200, {"status": "ISSUE", "message": "User dapat melakukan tanda tangan elektronik"}, {}
        if path in ("/api/sign/pdf", "/api/v2/sign/pdf"):
            if body.get("passphrase") != PASSPHRASE:
                return 400, {"status_code": 2031, "error": "Passphrase anda salah"}, {}
            if path == "/api/sign/pdf":
                self.kept = self.signed(body["file"])
                return (200, {"id_dokumen": "a1b2"}, {}) if self.by_id else (200, self.kept, {"id_dokumen": "a1b2"})
            return (
                200,
                {"time": 12, "file": [base64.b64encode(self.signed(base64.b64decode(body["file"][0]))).decode()]},
                {},
            )
        if path == "/api/v2/seal/get/totp":
            if body["totp"] != str(self.totp):
                return 400, {"error": "TOTP tidak valid"}, {}
            self.totp += 1
            return 200, {"message": "ok", "totp": str(self.totp), "expires": "2026-12-01", "result": True}, {}
        if path == "/api/v2/seal/pdf":
            if body["totp"] != str(self.totp) or body["idSubscriber"] != "langganan-1":
                return 400, {"error": "TOTP tidak valid"}, {}
            return (
                200,
                {"time": 9, "file": [base64.b64encode(self.signed(base64.b64decode(body["file"][0]))).decode()]},
                {},
            )
        if path == "/api/v2/seal/get/activation":
            return 200, {"message": "Kode aktivasi dikirim ke surel", "result": True}, {}
        if path == "/api/v2/verify/pdf" and isinstance(body["file"], str) is self.listed:
            return 422, {"error": "file"}, {}
        if path in ("/api/v2/verify/pdf", "/api/sign/verify"):
            raw = body.get("signed_file") or base64.b64decode(body["file"][0] if self.listed else body["file"])
            found = pdf.read(raw, (), AT)
            one = {"id": "s1", "signerName": "Kepala Dinas", "signatureDate": "2026-11-26 10:00", "integrityValid": found.seal.intact,
                   "certificateTrusted": bool(found.countersignatures), "signatureFormat": "PAdES-BASELINE-LTA",
                   self.stamp_name: {"signerName": "TSA", "timestampDate": "2026-11-26 10:00:01"}}  # fmt: skip
            return 200, {"conclusion": "VALID_SIGNATURE", "description": "ok", "signatureInformations": [one]}, {}
        return 404, {"message": "not found"}, {}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Esign]:
    made = keys.create(tmp_path / "bsre", "Kepala Dinas", None)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answered({})

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers["Content-Type"].startswith("multipart/form-data"):
                head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
                parts: Any = BytesParser().parsebytes(head + raw).get_payload()
                body = {p.get_param("name", header="content-disposition"): p.get_payload(decode=True) for p in parts}
                files = ("file", "signed_file")
                self.answered({k: v if k in files else v.decode() for k, v in body.items()})
            else:
                self.answered(json.loads(raw))

        def answered(self, body: dict[str, Any]) -> None:
            wanted = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
            code, answer, headers = (
                here.call(self.path, body) if self.headers["Authorization"] == wanted else (401, {}, {})
            )
            content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(code)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here = Esign(f"http://127.0.0.1:{server.server_port}", keys.load(made.key, None), made.root)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield here
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """A PDF that we sealed."""
    made = keys.create(tmp_path / "kami", "Diskominfo", None)
    page = typeset(b'#set document(title: "x")\nLaporan', {}, {}, tagged=True)
    (tmp_path / "report.pdf").write_bytes(pdf.seal(page, keys.load(made.key, None), AT, "id"))
    return tmp_path / "report.pdf"


def account(folder: Path, service: Esign, *lines: str, password: str = "env:BSRE_UJI") -> str:
    text = ["schema: 1", f"url: {service.url}", f"user: {USER}", f'password: "{password}"', f'signer: "{NIK}"', *lines]
    (folder / "akun.yaml").write_text("\n".join(text) + "\n")
    return str(folder / "akun.yaml")


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BSRE_UJI", PASSWORD)


def piped(secret: str) -> str:
    import os  # noqa: PLC0415

    reading, writing = os.pipe()
    os.write(writing, secret.encode() + b"\n")
    os.close(writing)
    return str(reading)


@pytest.mark.parametrize(("version", "by_id"), [(1, False), (1, True), (2, False)])
def test_a_person_signs_after_our_seal_and_pdfsig_finds_both_good(
    service: Esign,
    document: Path,
    tmp_path: Path,
    version: int,
    by_id: bool,  # noqa: FBT001
) -> None:
    service.by_id = by_id
    told = ["bsre", "sign", str(document), "--account", account(tmp_path, service, f"version: {version}")]
    assert run([*told, "--out", str(tmp_path / "sah.pdf"), "--passphrase-fd", piped(PASSPHRASE)]) == 0
    made = (tmp_path / "sah.pdf").read_bytes()
    assert made.startswith(document.read_bytes())
    nss = store(tmp_path / "nss", service.root)
    assert said("pdfsig", "-nssdir", f"sql:{nss}", tmp_path / "sah.pdf")[1].count("Signature is Valid.") == 2
    assert not any(PASSPHRASE.encode() in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert service.seen[0][1]["nik"] == NIK


def test_a_wrong_passphrase_is_told_in_plain_indonesian_and_nothing_is_written(
    service: Esign, document: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = ["bsre", "sign", str(document), "--account", account(tmp_path, service), "--out", str(tmp_path / "x.pdf")]
    assert run([*told, "--passphrase-fd", piped("salah-sama-sekali")]) == 3
    shown = capsys.readouterr().err
    assert "layanan menolak" in shown
    assert "Passphrase anda salah" in shown
    assert "salah-sama-sekali" not in shown
    assert not (tmp_path / "x.pdf").exists()


def test_the_seal_exchanges_its_code_each_time_and_needs_nobody(service: Esign, document: Path, tmp_path: Path) -> None:
    (tmp_path / "seal.totp").touch(0o600)
    (tmp_path / "seal.totp").write_text("100000\n")
    where = account(tmp_path, service, 'subscriber: "langganan-1"', "totp: seal.totp")
    for number in (1, 2):
        assert run(["bsre", "seal", str(document), "--account", where, "--out", str(tmp_path / f"{number}.pdf")]) == 0
        assert (tmp_path / "seal.totp").read_text() == f"{100000 + number}\n"
        assert (tmp_path / "seal.totp").stat().st_mode & 0o777 == 0o600
        assert len(pdf.read((tmp_path / f"{number}.pdf").read_bytes(), (), AT).countersignatures) == 1
    assert run(["bsre", "activate", "--account", where]) == 0
    (tmp_path / "seal.totp").write_text("99\n")
    assert run(["bsre", "seal", str(document), "--account", where, "--out", str(tmp_path / "3.pdf")]) == 3
    (tmp_path / "seal.totp").chmod(0o644)
    assert run(["bsre", "seal", str(document), "--account", where, "--out", str(tmp_path / "3.pdf")]) == 3


@pytest.mark.parametrize("spelled", ["timestampInfomation", "timestampInformation"])
@pytest.mark.parametrize("listed", [True, False])
def test_the_service_verifies_whatever_it_spells(
    service: Esign,
    document: Path,
    tmp_path: Path,
    spelled: str,
    listed: bool,  # noqa: FBT001
    capsys: pytest.CaptureFixture[str],
) -> None:
    service.stamp_name, service.listed = spelled, listed
    (tmp_path / "sah.pdf").write_bytes(service.signed(document.read_bytes()))
    where = account(tmp_path, service)
    assert run(["bsre", "verify", str(tmp_path / "sah.pdf"), "--account", where]) == 0
    assert "Kepala Dinas" in capsys.readouterr().out
    assert run(["bsre", "verify", str(document), "--account", where]) == 4  # VALID_SIGNATURE decides nothing
    where = account(tmp_path, service, "version: 1")
    assert run(["bsre", "verify", str(tmp_path / "sah.pdf"), "--account", where]) == 0
    assert run(["bsre", "status", "--account", where]) == 0


def test_a_wrong_password_and_a_dead_service_are_told(
    service: Esign, document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    where = account(tmp_path, service)
    monkeypatch.setenv("BSRE_UJI", "bukan-itu-sandinya")
    assert run(["bsre", "verify", str(document), "--account", where]) == 3
    service.url = "http://127.0.0.1:9"
    assert run(["bsre", "verify", str(document), "--account", account(tmp_path, service)]) == 3
    shown = capsys.readouterr().err
    assert "nama pengguna atau kata sandi" in shown
    assert "tidak dapat dihubungi" in shown
    assert "bukan-itu-sandinya" not in shown


@pytest.mark.parametrize(
    ("lines", "password"),
    [
        ((), "sandi-terang"),
        ((), "file:sandi.txt"),
        (("version: 3",), "env:BSRE_UJI"),
        (("passphrase: rahasia",), "env:BSRE_UJI"),
        (('url: "http://esign.contoh.go.id"',), "env:BSRE_UJI"),
    ],
)
def test_an_account_that_would_give_a_secret_away_is_refused(
    service: Esign, document: Path, tmp_path: Path, lines: tuple[str, ...], password: str
) -> None:
    (tmp_path / "sandi.txt").write_text(PASSWORD)
    (tmp_path / "sandi.txt").chmod(0o644)
    where = account(tmp_path, service, *lines, password=password)
    assert run(["bsre", "verify", str(document), "--account", where]) == 3
    assert not service.seen


def test_a_document_that_comes_back_rewritten_is_not_taken(service: Esign, document: Path, tmp_path: Path) -> None:
    service.rewrites = True
    told = ["bsre", "sign", str(document), "--account", account(tmp_path, service), "--out", str(tmp_path / "x.pdf")]
    assert run([*told, "--passphrase-fd", piped(PASSPHRASE)]) == 4
    assert not (tmp_path / "x.pdf").exists()
