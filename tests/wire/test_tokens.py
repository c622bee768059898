"""Keys in a SoftHSM2 token: what they sign is judged by openssl and pdfsig, and nothing of the PIN is left anywhere."""

import logging
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from asn1crypto import keys as keyinfo  # type: ignore[import-untyped] # has no stubs
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from pkcs11 import Attribute, CertificateType, KeyType, ObjectClass
from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters
from pkcs11.util.rsa import encode_rsa_public_key

from auditor.canonical import load_json
from auditor.cli import run
from auditor.errors import KeyFileError
from auditor.trust.keys import token
from tests.unit.trust.certificates import Issued, issue
from tests.wire import bundles
from tests.wire.test_pdf import said, store

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "87654321"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Token:
    folder: Path
    root: Path

    def uri(self, label: str) -> str:
        return f"pkcs11:token=Persandian;object={label}?module-path={MODULE}"


def opened(**how: Any) -> Any:
    return pkcs11.lib(MODULE).get_token(token_label="Persandian").open(**how)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Token:
    """A token with an RSA and an EC key made in it, and their certificates under one root."""
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "conf").write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "conf")  # read once, when the module is loaded
    command = ["softhsm2-util", "--init-token", "--free", "--label", "Persandian", "--pin", PIN, "--so-pin", "12345678"]
    subprocess.run(command, check=True, capture_output=True)
    root = issue("Akar", ca=True, start=datetime.now(UTC) - DAY, end=datetime.now(UTC) + 9 * DAY)
    (folder / "root.pem").write_bytes(root.pem)
    with opened(user_pin=PIN, rw=True) as session:
        public, _ = session.generate_keypair(KeyType.RSA, 3072, id=b"\1", label="rsa", store=True)
        info = keyinfo.PublicKeyInfo.wrap(encode_rsa_public_key(public), "rsa")
        keep(session, root, "rsa", b"\1", info.dump())
        curve = {Attribute.EC_PARAMS: encode_named_curve_parameters("secp384r1")}
        domain = session.create_domain_parameters(KeyType.EC, curve, local=True)
        public, _ = domain.generate_keypair(id=b"\2", label="ec", store=True)
        keep(session, root, "ec", b"\2", encode_ec_public_key(public))
    return Token(folder, folder / "root.pem")


def keep(session: Any, root: Issued, label: str, number: bytes, public: bytes) -> None:
    """Issue a certificate for a key of the token, and put it beside."""
    like = issue(label, root, start=datetime.now(UTC) - DAY, end=datetime.now(UTC) + DAY).certificate
    builder = x509.CertificateBuilder(
        like.issuer, like.subject, load_der_public_key(public), like.serial_number,  # type: ignore[arg-type] # no DH key
        like.not_valid_before_utc, like.not_valid_after_utc,
    )  # fmt: skip
    for extension in like.extensions:
        if not isinstance(extension.value, x509.SubjectKeyIdentifier):
            builder = builder.add_extension(extension.value, extension.critical)
    made = builder.sign(root.key, hashes.SHA384())
    session.create_object(
        {
            Attribute.CLASS: ObjectClass.CERTIFICATE,
            Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
            Attribute.TOKEN: True,
            Attribute.LABEL: label,
            Attribute.ID: number,
            Attribute.SUBJECT: made.subject.public_bytes(),
            Attribute.VALUE: made.public_bytes(Encoding.DER),
        }
    )


def piped(secret: str) -> int:
    reading, writing = os.pipe()
    os.write(writing, secret.encode() + b"\n")
    os.close(writing)
    return reading


@pytest.mark.parametrize("label", ["rsa", "ec"])
def test_a_token_signs_bundle_and_pdf_and_the_report_says_what_kind_of_key(
    kept: Token, label: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = bundles.create(tmp_path)
    caplog.set_level(logging.DEBUG)
    told = ["judge", str(first.path), "--format", "pdf", "--out", str(tmp_path / "out"), "--key", kept.uri(label)]
    assert run([*told, "--passphrase-fd", str(piped(PIN)), "--fail-on", "never"]) == 0
    (path,) = (tmp_path / "out").iterdir()
    report = load_json((path / "report.json").read_bytes())
    assert report["signing"] == "trusted-key"
    assert report["sealing"]["store"] == "token"
    assert {"sensitive", "always sensitive", "never extractable", "local"} <= set(report["sealing"]["attributes"])
    assert PIN not in caplog.text
    assert not any(PIN.encode() in file.read_bytes() for file in path.rglob("*") if file.is_file())
    command = ["openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "signature/SHA256SUMS.p7s"]
    for content, code in (("SHA256SUMS", 0), ("report.json", 4)):
        done = subprocess.run(
            [*command, "-content", content, "-CAfile", str(kept.root), "-out", "/dev/null"],
            cwd=path, capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stderr
    nss = store(tmp_path / "nss", kept.root)
    _, seen = said("pdfsig", "-nssdir", f"sql:{nss}", path / "report.pdf")
    assert "Signature is Valid." in seen
    assert "Certificate is Trusted." in seen
    assert run(["verify", str(path), "--trust", str(kept.root)]) == 0


def test_a_wrong_pin_is_refused_and_not_repeated(kept: Token) -> None:
    """In a process of its own: within one, a token stays logged in."""
    code = "import sys; from auditor.trust.keys import token; token.load(sys.argv[1], sys.stdin.buffer.read)"
    done = subprocess.run(
        [sys.executable, "-c", code, kept.uri("ec")], input="00000000", capture_output=True, text=True, check=False
    )
    assert "the PIN is wrong" in done.stderr
    assert "00000000" not in done.stderr


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("pkcs11:token=Persandian;object=ec?module-path={m}&pin-value=87654321", "no place"),
        ("pkcs11:token=Persandian;object=tidak-ada?module-path={m}", "0 objects"),
        ("pkcs11:token=Lain;object=ec?module-path={m}", "0 objects"),
        ("pkcs11:token=Persandian?module-path={m}", "2 objects"),
        ("pkcs11:token=Persandian;objek=ec?module-path={m}", "objek"),
        ("pkcs11:token=Persandian;object=ec", "no PKCS#11 module"),
        ("pkcs11:token=Persandian;object=ec?module-path=/tidak/ada.so", "cannot be loaded"),
        ("pkcs11:token", "no pkcs11: URI"),
    ],
)
def test_what_a_uri_must_not_be(kept: Token, uri: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(token.MODULE_VARIABLE, raising=False)
    with pytest.raises(KeyFileError) as caught:
        token.load(uri.format(m=MODULE), PIN.encode)
    assert said in str(caught.value)
    assert PIN not in str(caught.value)


def test_a_key_is_found_by_its_id_alone_and_shown_without_a_pin(
    kept: Token, capsys: pytest.CaptureFixture[str]
) -> None:
    number = pkcs11.lib(MODULE).get_token(token_label="Persandian").serial.decode().strip()
    uri = f"pkcs11:serial={number};id=%02?module-path={MODULE}"
    assert token.load(uri, PIN.encode).subject == "CN=ec"
    assert run(["keys", "show", kept.uri("rsa"), "--lang", "en"]) == 0
    assert "RSA 3072" in capsys.readouterr().out
