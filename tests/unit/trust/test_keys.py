import logging
import stat
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from auditor.errors import KeyFileError
from auditor.trust import anchors, keys
from tests.unit.trust.certificates import Issued, Key, issue

PASSPHRASE = b"kata-sandi-percobaan"
DAY = timedelta(days=1)

IssueNow = Callable[..., Issued]


@pytest.fixture(scope="module")
def authority() -> Issued:
    now = datetime.now(UTC)
    return issue("Akar Percobaan", ca=True, start=now - DAY, end=now + DAY)


@pytest.fixture
def issue_now(authority: Issued) -> IssueNow:
    def make(**changes: Any) -> Issued:
        now = datetime.now(UTC)
        return issue("Petugas", authority, **{"start": now - DAY, "end": now + DAY, **changes})

    return make


def refusal(path: Path, passphrase: bytes | None = None) -> str:
    with pytest.raises(KeyFileError) as caught:
        keys.load(path, passphrase)
    shown = str(caught.value)
    assert "\n" not in shown
    assert caught.value.hint
    assert caught.value.exit_code == 2
    return shown


def test_a_created_key_is_private_and_loads_back(tmp_path: Path) -> None:
    made = keys.create(tmp_path / "kunci", "Diskominfo Kabupaten Contoh", PASSPHRASE)
    assert stat.S_IMODE(made.key.stat().st_mode) == 0o600
    assert b"BEGIN ENCRYPTED PRIVATE KEY" in made.key.read_bytes()
    signer = keys.load(made.key, PASSPHRASE)
    assert signer.subject == "CN=Diskominfo Kabupaten Contoh"
    assert (signer.fingerprint, signer.signing, signer.ephemeral) == (made.fingerprint, "trusted-key", False)


def openssl_text(path: Path) -> str:
    done = subprocess.run(
        ["openssl", "x509", "-in", path, "-noout", "-text"], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_the_created_certificate_is_what_openssl_calls_a_p384_signing_certificate(tmp_path: Path) -> None:
    made = keys.create(tmp_path, "Petugas Persandian", None)
    shown = openssl_text(made.certificate)
    for expected in (
        "NIST CURVE: P-384",
        "Signature Algorithm: ecdsa-with-SHA384",
        "Digital Signature, Non Repudiation",
        "E-mail Protection, 1.3.6.1.5.5.7.3.36",
        "CA:FALSE",
    ):
        assert expected in shown
    assert "CA:TRUE" in openssl_text(made.root)
    lifetime = made.not_after - datetime.now(UTC)
    assert timedelta(days=729) < lifetime < timedelta(days=731)


def test_openssl_builds_the_created_chain_for_the_smime_purpose(tmp_path: Path) -> None:
    made = keys.create(tmp_path / "a", "Petugas", None)
    other = keys.create(tmp_path / "b", "Petugas", None)

    def verify(root: Path) -> int:
        command: list[str | Path] = ["openssl", "verify", "-purpose", "smimesign", "-CAfile", root, made.certificate]
        return subprocess.run(command, capture_output=True, check=False).returncode

    assert verify(made.root) == 0
    assert verify(other.root) != 0


def test_the_key_of_the_root_is_nowhere(tmp_path: Path) -> None:
    made = keys.create(tmp_path, "Petugas", None)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["cert.pem", "key.pem", "root.pem"]
    assert b"PRIVATE KEY" not in made.root.read_bytes() + made.certificate.read_bytes()
    assert made.key.read_bytes().count(b"BEGIN PRIVATE KEY") == 1


@pytest.mark.parametrize("existing", ["key.pem", "cert.pem", "root.pem"])
def test_nothing_is_overwritten(tmp_path: Path, existing: str) -> None:
    (tmp_path / existing).write_text("milik orang lain")
    with pytest.raises(KeyFileError, match="already there"):
        keys.create(tmp_path, "Petugas", None)
    assert [p.name for p in tmp_path.iterdir()] == [existing]
    assert (tmp_path / existing).read_text() == "milik orang lain"


@pytest.mark.parametrize("name", ["", "   ", "a" * 65, "baris\nbaru", "\x1b[31mmerah"])
def test_a_name_that_no_certificate_can_carry_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(KeyFileError, match="cannot name a key") as caught:
        keys.create(tmp_path, name, None)
    assert "\x1b" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_passphrase_is_not_taken_for_none(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="passphrase is empty"):
        keys.create(tmp_path, "Petugas", b"")


def test_a_folder_that_is_a_file_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "berkas").touch()
    with pytest.raises(KeyFileError, match="berkas"):
        keys.create(tmp_path / "berkas", "Petugas", None)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o644])
def test_a_key_that_others_may_touch_is_refused(tmp_path: Path, issue_now: IssueNow, mode: int) -> None:
    path = issue_now().save(tmp_path)
    path.chmod(mode)
    assert f"mode {mode:04o}" in refusal(path)
    path.chmod(0o600)
    assert keys.load(path, None).subject == "CN=Petugas"


def test_the_wrong_and_the_missing_passphrase_are_told_apart(tmp_path: Path) -> None:
    made = keys.create(tmp_path, "Petugas", PASSPHRASE)
    assert "--passphrase-fd" in refusal(made.key)
    assert "is the passphrase right?" in refusal(made.key, b"bukan-itu")


def test_no_secret_shows_in_errors_representations_or_logs(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    made = keys.create(tmp_path, "Petugas", PASSPHRASE)
    signer = keys.load(made.key, PASSPHRASE)
    number = str(signer.key.private_numbers().private_value)  # type: ignore[union-attr]
    with pytest.raises(KeyFileError) as caught:
        keys.load(made.key, PASSPHRASE + b"x")
    shown = repr(made) + repr(signer) + str(signer) + repr(caught.value) + caplog.text
    assert caught.value.__suppress_context__
    assert PASSPHRASE.decode() not in shown
    assert number not in shown
    assert "PrivateKey" not in shown


def test_one_file_may_hold_key_and_certificates_in_any_order(
    tmp_path: Path, issue_now: IssueNow, authority: Issued
) -> None:
    issued = issue_now()
    for number, content in enumerate(
        (issued.key_pem + issued.pem, authority.pem + issued.pem + issued.key_pem), start=1
    ):
        path = tmp_path / f"{number}.pem"
        path.touch(0o600)
        path.write_bytes(content)
        signer = keys.load(path, None)
        assert signer.certificate == issued.certificate
        assert signer.chain == ()  # a root is for the verifier to have, not for the signature to bring


def test_an_intermediate_certificate_goes_along_as_chain(tmp_path: Path, authority: Issued) -> None:
    now = datetime.now(UTC)
    middle = issue("Penerbit Antara", authority, ca=True, start=now - DAY, end=now + DAY)
    leaf = issue("Petugas", middle, start=now - DAY, end=now + DAY)
    path = leaf.save(tmp_path)
    (tmp_path / "cert.pem").write_bytes(leaf.pem + middle.pem + authority.pem)
    assert keys.load(path, None).chain == (middle.certificate,)


def test_a_certificate_of_another_key_is_refused(tmp_path: Path, issue_now: IssueNow) -> None:
    path = issue_now().save(tmp_path)
    (tmp_path / "cert.pem").write_bytes(issue_now().pem)
    assert "not that of key.pem" in refusal(path)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (ec.generate_private_key(ec.SECP521R1()), "secp521r1"),
        (ec.generate_private_key(ec.SECP256K1()), "secp256k1"),
        (rsa.generate_private_key(65537, 2048), "2048"),
        (ed25519.Ed25519PrivateKey.generate(), "this kind of key"),
    ],
    ids=["P-521", "secp256k1", "RSA-2048", "Ed25519"],
)
def test_keys_below_or_beside_the_floor_are_refused(tmp_path: Path, issue_now: IssueNow, key: Key, said: str) -> None:
    assert said in refusal(issue_now(key=key).save(tmp_path))


@pytest.mark.parametrize(
    ("key", "digest"),
    [(ec.generate_private_key(ec.SECP256R1()), "sha256"), (rsa.generate_private_key(65537, 3072), "sha384")],
    ids=["P-256", "RSA-3072"],
)
def test_the_other_accepted_keys_sign_with_a_hash_of_their_strength(
    tmp_path: Path, issue_now: IssueNow, key: Key, digest: str
) -> None:
    assert keys.load(issue_now(key=key).save(tmp_path), None).digest == digest


def test_an_expired_certificate_is_refused_with_its_day(tmp_path: Path, issue_now: IssueNow) -> None:
    end = datetime.now(UTC) - timedelta(hours=1)
    assert f"expired on {end.date()}" in refusal(issue_now(end=end).save(tmp_path))


def test_a_certificate_of_tomorrow_is_refused(tmp_path: Path, issue_now: IssueNow) -> None:
    start = datetime.now(UTC) + timedelta(hours=1)
    assert "valid from" in refusal(issue_now(start=start).save(tmp_path))


def test_a_certificate_for_web_servers_is_refused(tmp_path: Path, issue_now: IssueNow) -> None:
    issued = issue_now(usages=(ExtendedKeyUsageOID.SERVER_AUTH,))
    assert "not meant for signing" in refusal(issued.save(tmp_path))


def test_a_self_signed_certificate_is_refused(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    assert "its own issuer" in refusal(issue("Sendiri", start=now - DAY, end=now + DAY).save(tmp_path))


def test_a_sha1_certificate_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    command = ["openssl", "req", "-x509", "-sha1", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"]
    command += ["-noenc", "-keyout", str(path), "-out", str(tmp_path / "cert.pem"), "-subj", "/CN=Lama"]
    subprocess.run(command, check=True, capture_output=True)
    path.chmod(0o600)
    assert "signed with sha1" in refusal(path)


@pytest.mark.parametrize(
    "content", [b"", b"bukan kunci", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_a_file_that_is_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key.pem"
    path.touch(0o600)
    path.write_bytes(content)
    assert "no private key" in refusal(path)


def test_a_missing_key_and_a_missing_certificate_are_named(tmp_path: Path, issue_now: IssueNow) -> None:
    assert "tidak-ada.pem" in refusal(tmp_path / "tidak-ada.pem")
    path = issue_now().save(tmp_path)
    (tmp_path / "cert.pem").unlink()
    assert "put it beside the key as cert.pem" in refusal(path)
    (tmp_path / "cert.pem").write_bytes(b"kosong")
    assert "cert.pem: no certificate" in refusal(path)


def test_an_ephemeral_key_says_so_wherever_it_is_named() -> None:
    signer = keys.ephemeral()
    assert (signer.signing, signer.ephemeral) == ("ephemeral", True)
    assert "tidak tepercaya" in signer.subject
    assert "not trusted" in signer.subject
    assert keys.ephemeral().fingerprint != signer.fingerprint


def test_a_key_is_described_without_its_passphrase(tmp_path: Path) -> None:
    made = keys.create(tmp_path, "Petugas", PASSPHRASE)
    described = keys.describe(made.key)
    assert described.fingerprint == made.fingerprint
    assert described.algorithm == "ECDSA secp384r1"
    assert (described.encrypted, keys.describe(made.certificate).encrypted) == (True, None)
    assert described.issuer != described.subject
    listed = subprocess.run(
        ["openssl", "x509", "-in", made.certificate, "-noout", "-fingerprint", "-sha256"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert listed.strip().partition("=")[2].replace(":", "").lower() == described.fingerprint


def test_trust_anchors_come_from_a_file_or_a_folder(tmp_path: Path, authority: Issued) -> None:
    other = issue("Akar Lain", ca=True)
    (tmp_path / "a.pem").write_bytes(authority.pem)
    (tmp_path / "b.crt").write_bytes(other.pem)
    (tmp_path / "catatan.txt").write_text("bukan sertifikat")
    assert set(anchors.load(tmp_path)) == {authority.certificate, other.certificate}
    assert anchors.load(tmp_path / "a.pem") == (authority.certificate,)


@pytest.mark.parametrize("what", ["leaf", "nothing", "empty folder", "text"])
def test_what_is_no_trust_anchor_is_refused(tmp_path: Path, authority: Issued, issue_now: IssueNow, what: str) -> None:
    path = tmp_path / "root.pem"
    if what == "leaf":
        path.write_bytes(authority.pem + issue_now().pem)
    elif what == "empty folder":
        path.mkdir()
    elif what == "text":
        path.write_text("bukan sertifikat")
    with pytest.raises(KeyFileError, match=r"root\.pem") as caught:
        anchors.load(path)
    assert caught.value.hint
