"""New keys: for an office, with a root of its own; and for one run.

`emailProtection` stands beside `documentSigning` (RFC 9336) in our own certificates because `openssl cms -verify` asks
for the S/MIME purpose unless told otherwise, and a reviewer's plain command must succeed.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from auditor.errors import KeyFileError
from auditor.trust.keys.signer import DOCUMENT_SIGNING, Signer, SigningKey, Store, fingerprint

EPHEMERAL_NAME = "Kunci sekali pakai - tidak tepercaya (not trusted)"

_LIFETIME = timedelta(days=730)
_EPHEMERAL_LIFETIME = timedelta(days=1)
_CLOCK_SKEW = timedelta(minutes=5)

_Purpose = tuple[tuple[str, ...], tuple[ObjectIdentifier, ...]]
_SIGNS: _Purpose = (
    ("digital_signature", "content_commitment"), (ExtendedKeyUsageOID.EMAIL_PROTECTION, DOCUMENT_SIGNING)
)  # fmt: skip
_RECEIVES: _Purpose = (("key_agreement",), (ExtendedKeyUsageOID.EMAIL_PROTECTION,))
_KEY_USAGES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CreatedKey:
    """Where `create` wrote, and the prints to read out over the telephone."""

    key: Path
    certificate: Path
    root: Path
    fingerprint: str
    root_fingerprint: str
    not_after: datetime
    encrypted: bool


def create(
    out: Path, name: str, passphrase: bytes | None, *, receiving: bool = False, at: datetime | None = None
) -> CreatedKey:
    """Make a P-384 key with a certificate of two years, issued by a root of its own; one to be encrypted to, if asked.

    Writes key.pem (PKCS#8, mode 0600, encrypted where a passphrase is given), cert.pem, and root.pem, which is
    what verifiers pass to `--trust`. The root's private key is used once, for cert.pem, and forgotten: nobody can
    issue a second certificate under that root, and nobody can revoke this one. A key that leaks is answered by
    handing out a new root. `at` is the moment of making, now by default.

    Raises:
        KeyFileError: a bad name, an empty passphrase, a file that is already there or cannot be written.
    """
    if not name.strip() or len(name) > 64 or not name.isprintable():  # ub-common-name, RFC 5280 appendix A
        raise KeyFileError("{name} cannot name a key", name=repr(name)[:80], hint="1 to 64 printable characters")
    if passphrase == b"":
        raise KeyFileError("the passphrase is empty", hint="give one, or say --no-passphrase")
    paths = [out / file for file in ("key.pem", "cert.pem", "root.pem")]
    for path in paths:
        if path.exists() or path.is_symlink():
            raise KeyFileError(
                "is already there", place=str(path), hint="keys are never overwritten; choose another --out"
            )
    start = (at or datetime.now(UTC)).replace(microsecond=0) - _CLOCK_SKEW
    key, certificate, root = _issue(name, start, start + _LIFETIME, _RECEIVES if receiving else _SIGNS)
    encryption = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    contents = (
        (_private_bytes(key, encryption), 0o600),
        (certificate.public_bytes(Encoding.PEM), 0o644),
        (root.public_bytes(Encoding.PEM), 0o644),
    )
    try:
        out.mkdir(parents=True, exist_ok=True)
        for path, (data, mode) in zip(paths, contents, strict=True):
            _write_new(path, data, mode)
    except OSError as error:
        raise KeyFileError(
            "{error}",
            error=error.strerror,
            place=str(error.filename or out),
            hint="choose a folder you may write to",
        ) from None
    return CreatedKey(
        key=paths[0],
        certificate=paths[1],
        root=paths[2],
        fingerprint=fingerprint(certificate),
        root_fingerprint=fingerprint(root),
        not_after=certificate.not_valid_after_utc,
        encrypted=passphrase is not None,
    )


def ephemeral() -> Signer:
    """A key for this run alone: it shows that nothing was altered since, never who signed."""
    start = datetime.now(UTC).replace(microsecond=0) - _CLOCK_SKEW
    key = ec.generate_private_key(ec.SECP384R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, EPHEMERAL_NAME)])
    builder = _leaf(subject, subject, key, key.public_key(), (start, start + _EPHEMERAL_LIFETIME), _SIGNS)
    return Signer(key, builder.sign(key, hashes.SHA384()), ephemeral=True, store=Store.MEMORY)


def _issue(
    name: str, start: datetime, end: datetime, purpose: _Purpose
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate, x509.Certificate]:
    root_key, key = ec.generate_private_key(ec.SECP384R1()), ec.generate_private_key(ec.SECP384R1())
    issuer = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, name),
            x509.NameAttribute(NameOID.COMMON_NAME, "auditor root"),
        ]
    )
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    root = (
        x509.CertificateBuilder(issuer, issuer, root_key.public_key(), x509.random_serial_number(), start, end)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage("key_cert_sign", "crl_sign"), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA384())
    )
    leaf = _leaf(subject, issuer, key, root_key.public_key(), (start, end), purpose).sign(root_key, hashes.SHA384())
    return key, leaf, root


def _leaf(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer_key: ec.EllipticCurvePublicKey,
    validity: tuple[datetime, datetime],
    purpose: _Purpose,
) -> x509.CertificateBuilder:
    usages, extended = purpose
    return (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number(), *validity)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(*usages), critical=True)
        .add_extension(x509.ExtendedKeyUsage(extended), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
    )


def _key_usage(*named: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{usage: usage in named for usage in _KEY_USAGES})


def _private_bytes(key: SigningKey, encryption: KeySerializationEncryption) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


def _write_new(path: Path, data: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, mode)
        file.write(data)
