"""What is encrypted to certificates, opened by openssl."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor.errors import KeyFileError
from auditor.trust import envelope, keys

SECRET = b"berkas pemilik\x00\n" * 999
KINDS = {
    "RSA": ["rsa:3072", "keyUsage=keyEncipherment"],
    "P-256": ["ec", "-pkeyopt", "ec_paramgen_curve:P-256", "keyUsage=keyAgreement"],
    "P-384": ["ec", "-pkeyopt", "ec_paramgen_curve:P-384", "keyUsage=keyAgreement"],
}


def receiver(folder: Path, kind: str) -> tuple[Path, Path]:
    *key, usage = KINDS[kind]
    folder.mkdir()
    made = (folder / "cert.pem", folder / "key.pem")
    command = ["openssl", "req", "-x509", "-newkey", *key, "-nodes", "-subj", f"/CN={kind}", "-addext", usage]
    subprocess.run([*command, "-out", made[0], "-keyout", made[1]], check=True, capture_output=True)
    return made


def opened(sealed: Path, certificate: Path, key: Path) -> bytes | None:
    command = ["openssl", "cms", "-decrypt", "-inform", "DER", "-binary", "-in", str(sealed)]
    command += ["-recip", str(certificate), "-inkey", str(key)]
    done = subprocess.run(command, capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else None


def test_each_receiver_opens_it_and_nobody_else(tmp_path: Path) -> None:
    to = {kind: receiver(tmp_path / kind, kind) for kind in KINDS}
    certificates = envelope.recipients([certificate for certificate, _ in to.values()], datetime.now(UTC))
    sealed = tmp_path / "berkas.p7m"
    sealed.write_bytes(envelope.encrypt(SECRET, certificates))
    assert SECRET[:14] not in sealed.read_bytes()
    for certificate, key in to.values():
        assert opened(sealed, certificate, key) == SECRET
    stranger = receiver(tmp_path / "asing", "P-256")
    assert opened(sealed, *stranger) is None


def test_a_changed_byte_is_not_opened(tmp_path: Path) -> None:
    certificate, key = receiver(tmp_path / "P-384", "P-384")
    whole = envelope.encrypt(SECRET, envelope.recipients([certificate], datetime.now(UTC)))
    changed = tmp_path / "ubah.p7m"
    changed.write_bytes(whole[:-40] + bytes([whole[-40] ^ 1]) + whole[-39:])
    assert opened(changed, certificate, key) != SECRET


def test_a_key_made_for_receiving_receives_and_does_not_sign(tmp_path: Path) -> None:
    made = keys.create(tmp_path / "kunci", "Penerima", None, receiving=True)
    sealed = tmp_path / "berkas.p7m"
    sealed.write_bytes(envelope.encrypt(SECRET, envelope.recipients([made.certificate], datetime.now(UTC))))
    assert opened(sealed, made.certificate, made.key) == SECRET
    with pytest.raises(KeyFileError, match="not meant for signing"):
        keys.load(made.key, None)


def test_a_signing_certificate_is_no_receiver(tmp_path: Path) -> None:
    made = keys.create(tmp_path / "kunci", "Penanda tangan", None)
    with pytest.raises(KeyFileError, match="not meant for encryption"):
        envelope.recipients([made.certificate], datetime.now(UTC))
    with pytest.raises(KeyFileError, match="nobody"):
        envelope.encrypt(SECRET, ())
