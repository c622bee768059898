"""Signing keys: made, read, and refused when they would not survive a reviewer.

What may sign is decided here once: ECDSA P-256 or P-384, or RSA of 3072 bits and more; a certificate signed with
SHA-2, in its validity, meant for signing. `emailProtection` stands beside `documentSigning` (RFC 9336) in our own
certificates because `openssl cms -verify` asks for the S/MIME purpose unless told otherwise, and a reviewer's
plain command must succeed.

No secret is ever part of an argument list, a representation, a message or a chained traceback.
"""

import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from auditor.errors import KeyFileError

SigningKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
"""id-kp-documentSigning, RFC 9336."""
USAGES = frozenset({ExtendedKeyUsageOID.EMAIL_PROTECTION, DOCUMENT_SIGNING})
CURVES = ("secp256r1", "secp384r1")
DIGESTS = ("sha256", "sha384", "sha512")
RSA_BITS = 3072

EPHEMERAL_NAME = "Kunci sekali pakai - tidak tepercaya (not trusted)"

_LIFETIME = timedelta(days=730)
_EPHEMERAL_LIFETIME = timedelta(days=1)
_CLOCK_SKEW = timedelta(minutes=5)
_FILE_CAP = 256 * 1024


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that may sign, with its certificate and the certificates between it and its root (root left out)."""

    key: SigningKey = field(repr=False, compare=False)
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()
    ephemeral: bool = False

    @property
    def signing(self) -> str:
        """What the report records: `trusted-key` or `ephemeral`."""
        return "ephemeral" if self.ephemeral else "trusted-key"

    @property
    def subject(self) -> str:
        """Subject of the certificate, RFC 4514."""
        return self.certificate.subject.rfc4514_string()

    @property
    def fingerprint(self) -> str:
        """sha256 of the DER certificate, hex."""
        return fingerprint(self.certificate)

    @property
    def digest(self) -> str:
        """The hash that matches the key's strength: sha256 for P-256, else sha384."""
        weak = isinstance(self.key, ec.EllipticCurvePrivateKey) and self.key.curve.key_size < 384
        return "sha256" if weak else "sha384"


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


@dataclass(frozen=True, slots=True)
class Description:
    """A key file as `auditor keys show` prints it; `encrypted` is None where there is no private key."""

    subject: str
    issuer: str
    fingerprint: str
    algorithm: str
    not_before: datetime
    not_after: datetime
    encrypted: bool | None


def create(out: Path, name: str, passphrase: bytes | None) -> CreatedKey:
    """Make a P-384 key with a certificate of two years, issued by a root of its own.

    Writes key.pem (PKCS#8, mode 0600, encrypted where a passphrase is given), cert.pem, and root.pem, which is
    what verifiers pass to `--trust`. The root's private key is used once, for cert.pem, and forgotten: nobody can
    issue a second certificate under that root, and nobody can revoke this one. A key that leaks is answered by
    handing out a new root.

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
    start = datetime.now(UTC).replace(microsecond=0) - _CLOCK_SKEW
    key, certificate, root = _issue(name, start, start + _LIFETIME)
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


def load(path: Path, passphrase: bytes | None) -> Signer:
    """Read a signing key: key.pem with cert.pem beside it, or one PEM file that holds both.

    Raises:
        KeyFileError: missing, readable by others, wrong passphrase, too weak, expired, another key's certificate.
    """
    data = _read(path, private=True)
    key = _parse_key(path, data, passphrase)
    place, certificates = _certificates_of(path, data)
    own = [c for c in certificates if _is_of(c, key)]
    if not own:
        raise KeyFileError(
            "the certificate is not that of {key}",
            key=path.name,
            place=str(place),
            hint="put the key's own beside it",
        )
    certificate = own[0]
    _refuse_unfit(place, certificate, datetime.now(UTC))
    chain = tuple(c for c in certificates if c != certificate and c.issuer != c.subject)
    return Signer(key, certificate, chain)


def ephemeral() -> Signer:
    """A key for this run alone: it shows that nothing was altered since, never who signed."""
    start = datetime.now(UTC).replace(microsecond=0) - _CLOCK_SKEW
    key = ec.generate_private_key(ec.SECP384R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, EPHEMERAL_NAME)])
    builder = _leaf(subject, subject, key, key.public_key(), start, start + _EPHEMERAL_LIFETIME)
    return Signer(key, builder.sign(key, hashes.SHA384()), ephemeral=True)


def describe(path: Path) -> Description:
    """What stands in a key or certificate file; needs no passphrase and reads no private key.

    Raises:
        KeyFileError: unreadable, or without a certificate in it or beside it.
    """
    data = _read(path)
    certificate = _certificates_of(path, data)[1][0]
    encrypted = (b"ENCRYPTED" in data) if b"PRIVATE KEY-----" in data else None
    return Description(
        subject=certificate.subject.rfc4514_string(),
        issuer=certificate.issuer.rfc4514_string(),
        fingerprint=fingerprint(certificate),
        algorithm=_algorithm(certificate.public_key()),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        encrypted=encrypted,
    )


def fingerprint(certificate: x509.Certificate) -> str:
    """sha256 of the DER certificate, hex."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def _issue(
    name: str, start: datetime, end: datetime
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
        .add_extension(_key_usage(certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA384())
    )
    leaf = _leaf(subject, issuer, key, root_key.public_key(), start, end).sign(root_key, hashes.SHA384())
    return key, leaf, root


def _leaf(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer_key: ec.EllipticCurvePublicKey,
    start: datetime,
    end: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number(), start, end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION, DOCUMENT_SIGNING]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
    )


def _key_usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=not certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _private_bytes(key: SigningKey, encryption: KeySerializationEncryption) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


def _write_new(path: Path, data: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, mode)
        file.write(data)


def _read(path: Path, *, private: bool = False) -> bytes:
    """Content and mode from one open file, so that neither can change in between."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            data = file.read(_FILE_CAP)
    except OSError as error:
        raise KeyFileError(
            "{error}", error=error.strerror, place=str(path), hint="make a key with: auditor keys create --out DIR"
        ) from None
    if private and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyFileError(
            "others may read this private key, mode {mode}",
            mode=f"{mode & 0o777:04o}",
            file=path,
            place=str(path),
            hint="chmod 600 {file}",
        )
    return data


def _parse_key(path: Path, data: bytes, passphrase: bytes | None) -> SigningKey:
    encrypted = b"ENCRYPTED" in data
    if encrypted and not passphrase:
        raise KeyFileError("is encrypted", place=str(path), hint="give its passphrase with --passphrase-fd")
    try:
        key = load_pem_private_key(data, passphrase if encrypted else None)
    except (ValueError, TypeError):
        raise KeyFileError(
            "no private key can be read from it",
            place=str(path),
            hint="is the passphrase right?" if encrypted else "a PEM file is needed",
        ) from None
    except UnsupportedAlgorithm:
        raise KeyFileError("this kind of key cannot be used", place=str(path), hint="use P-384 or P-256") from None
    if isinstance(key, rsa.RSAPrivateKey):
        if key.key_size < RSA_BITS:
            raise KeyFileError(
                "RSA of {bits} bits is too short",
                bits=key.key_size,
                place=str(path),
                hint="use P-384, or RSA of 3072 bits",
            )
        return key
    if isinstance(key, ec.EllipticCurvePrivateKey):
        if key.curve.name not in CURVES:
            raise KeyFileError(
                "curve {curve} is not accepted", curve=key.curve.name, place=str(path), hint="use P-384 or P-256"
            )
        return key
    raise KeyFileError("this kind of key cannot be used", place=str(path), hint="use P-384 or P-256")


def _certificates_of(path: Path, data: bytes) -> tuple[Path, Sequence[x509.Certificate]]:
    """The certificates in the file itself, else in cert.pem beside it, and which file that was."""
    place = path if b"BEGIN CERTIFICATE-----" in data else path.with_name("cert.pem")
    if place != path and not place.is_file():
        raise KeyFileError("has no certificate in it", place=str(path), hint="put it beside the key as cert.pem")
    try:
        return place, x509.load_pem_x509_certificates(data if place == path else _read(place))
    except ValueError:
        raise KeyFileError(
            "no certificate can be read from it", place=str(place), hint="a PEM file is needed"
        ) from None


def _is_of(certificate: x509.Certificate, key: SigningKey) -> bool:
    try:
        return certificate.public_key() == key.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return False


def _refuse_unfit(place: Path, certificate: x509.Certificate, now: datetime) -> None:
    digest = certificate.signature_hash_algorithm
    if digest is None or digest.name not in DIGESTS:
        raise KeyFileError(
            "the certificate is signed with {digest}",
            digest=digest.name if digest else "?",
            place=str(place),
            hint="have it reissued with SHA-256 or better",
        )
    if now > certificate.not_valid_after_utc:
        day = certificate.not_valid_after_utc.date()
        raise KeyFileError(
            "the certificate expired on {day}",
            day=day,
            place=str(place),
            hint="make a key with: auditor keys create --out DIR",
        )
    if now < certificate.not_valid_before_utc:
        day = certificate.not_valid_before_utc.date()
        raise KeyFileError(
            "the certificate is valid from {day} only",
            day=day,
            place=str(place),
            hint="is this machine's clock right?",
        )
    if certificate.issuer == certificate.subject:
        raise KeyFileError(
            "the certificate is its own issuer, so nobody can trust it",
            place=str(place),
            hint="make a key with: auditor keys create --out DIR",
        )
    if not usages(certificate.extensions) & USAGES:
        raise KeyFileError(
            "the certificate is not meant for signing documents",
            place=str(place),
            hint="it needs the usage emailProtection or documentSigning",
        )


def usages(extensions: Iterable[x509.Extension[x509.ExtensionType]]) -> frozenset[ObjectIdentifier]:
    """The extended key usages named in a certificate; none where the extension is missing."""
    return frozenset(
        usage for item in extensions if isinstance(item.value, x509.ExtendedKeyUsage) for usage in item.value
    )


def _algorithm(key: object) -> str:
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"ECDSA {key.curve.name}"
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}"
    return type(key).__name__
