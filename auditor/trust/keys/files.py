"""Keys in files: PEM (PKCS#8, or what openssl writes) with its certificate, and PKCS#12."""

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12

from auditor.errors import KeyFileError
from auditor.trust.keys.signer import (
    CURVES,
    DIGESTS,
    RSA_BITS,
    Meant,
    Signer,
    SigningKey,
    Store,
    algorithm,
    fingerprint,
    meant,
)

_FILE_CAP = 256 * 1024


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


def load(path: Path, passphrase: bytes | None) -> Signer:
    """Read a signing key: key.pem with cert.pem beside it, one PEM file that holds both, or a PKCS#12 file.

    Raises:
        KeyFileError: missing, readable by others, wrong passphrase, too weak, expired, another key's certificate.
    """
    data = _read(path, private=True)
    if not _is_pem(data):
        key, bag = _unpacked(path, data, passphrase)
        return _signer(key, bag, path.name, str(path), Store.FILE)
    key = _parse_key(str(path), data, passphrase)
    place, certificates = _certificates_of(path, data)
    return _signer(key, certificates, path.name, str(place), Store.FILE)


def parse(data: bytes, passphrase: bytes | None, place: str) -> Signer:
    """A signing key out of PEM text that holds its certificate too, as a pipeline keeps it in a variable.

    Raises:
        KeyFileError: as `load`.
    """
    key = _parse_key(place, data, passphrase)
    try:
        certificates = x509.load_pem_x509_certificates(data)
    except ValueError:
        raise KeyFileError("has no certificate in it", place=place, hint="put it behind the key, PEM") from None
    return replace(_signer(key, certificates, place, place, Store.ENVIRONMENT), ci=True)


def encrypted(data: bytes) -> bool:
    """Whether a key needs a passphrase; of PKCS#12 it is taken that it does."""
    return b"ENCRYPTED" in data or not _is_pem(data)


def describe(path: Path, passphrase: bytes | None = None) -> Description:
    """What stands in a key or certificate file. Only PKCS#12 needs its passphrase; no private key is shown.

    Raises:
        KeyFileError: unreadable, or without a certificate in it or beside it.
    """
    data = _read(path)
    if _is_pem(data):
        certificate = _certificates_of(path, data)[1][0]
        protected = encrypted(data) if b"PRIVATE KEY-----" in data else None
    else:
        certificate, protected = _unpacked(path, data, passphrase)[1][0], bool(passphrase)
    return Description(
        subject=certificate.subject.rfc4514_string(),
        issuer=certificate.issuer.rfc4514_string(),
        fingerprint=fingerprint(certificate),
        algorithm=algorithm(certificate.public_key()),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        encrypted=protected,
    )


def is_encrypted(path: Path) -> bool:
    """Whether the key in a file needs a passphrase.

    Raises:
        KeyFileError: it cannot be read.
    """
    return encrypted(_read(path))


def _is_pem(data: bytes) -> bool:
    return b"-----BEGIN " in data


def _signer(key: SigningKey, certificates: Sequence[x509.Certificate], name: str, place: str, store: Store) -> Signer:
    own = [c for c in certificates if _is_of(c, key)]
    if not own:
        raise KeyFileError(
            "the certificate is not that of {key}", key=name, place=place, hint="put the key's own beside it"
        )
    certificate = own[0]
    refuse_unfit(place, certificate, datetime.now(UTC))
    chain = tuple(c for c in certificates if c != certificate and c.issuer != c.subject)
    return Signer(key, certificate, chain, store=store)


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


def _parse_key(place: str, data: bytes, passphrase: bytes | None) -> SigningKey:
    if encrypted(data) and not passphrase:
        raise KeyFileError("is encrypted", place=place, hint="give its passphrase with --passphrase-fd")
    try:
        key = load_pem_private_key(data, passphrase if encrypted(data) else None)
    except (ValueError, TypeError):
        raise KeyFileError(
            "no private key can be read from it",
            place=place,
            hint="is the passphrase right?" if encrypted(data) else "a PEM file is needed",
        ) from None
    except UnsupportedAlgorithm:
        raise KeyFileError("this kind of key cannot be used", place=place, hint="use P-384 or P-256") from None
    return _require_strong(place, key)


def _unpacked(path: Path, data: bytes, passphrase: bytes | None) -> tuple[SigningKey, tuple[x509.Certificate, ...]]:
    """The key and its certificates, its own first, out of a PKCS#12 file (RFC 7292)."""
    try:
        found = pkcs12.load_pkcs12(data, passphrase or None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyFileError(
            "no private key can be read from it",
            place=str(path),
            hint="is the passphrase right?" if passphrase else "give its passphrase with --passphrase-fd",
        ) from None
    if found.key is None or found.cert is None:
        raise KeyFileError("holds no key with its certificate", place=str(path), hint="export both into it")
    certificates = (found.cert.certificate, *(one.certificate for one in found.additional_certs))
    return _require_strong(str(path), found.key), certificates


def _require_strong(place: str, key: object) -> SigningKey:
    if isinstance(key, rsa.RSAPrivateKey):
        refuse_weak(place, key.public_key())
        return key
    if isinstance(key, ec.EllipticCurvePrivateKey):
        refuse_weak(place, key.public_key())
        return key
    raise KeyFileError("this kind of key cannot be used", place=place, hint="use P-384 or P-256")


def refuse_weak(place: str, key: object) -> None:
    """Hold a public key to the floor for our own signatures.

    Raises:
        KeyFileError: short RSA, another curve, another kind of key.
    """
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size < RSA_BITS:
            raise KeyFileError(
                "RSA of {bits} bits is too short", bits=key.key_size, place=place, hint="use P-384, or RSA of 3072 bits"
            )
    elif isinstance(key, ec.EllipticCurvePublicKey):
        if key.curve.name not in CURVES:
            raise KeyFileError(
                "curve {curve} is not accepted", curve=key.curve.name, place=place, hint="use P-384 or P-256"
            )
    else:
        raise KeyFileError("this kind of key cannot be used", place=place, hint="use P-384 or P-256")


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


def refuse_unfit(place: str, certificate: x509.Certificate, now: datetime) -> None:
    """Hold a certificate to what reviewers will ask of it.

    Raises:
        KeyFileError: signed with SHA-1, not valid now, its own issuer, or not meant for signing.
    """
    digest = certificate.signature_hash_algorithm
    if digest is None or digest.name not in DIGESTS:
        raise KeyFileError(
            "the certificate is signed with {digest}",
            digest=digest.name if digest else "?",
            place=place,
            hint="have it reissued with SHA-256 or better",
        )
    if now > certificate.not_valid_after_utc:
        day = certificate.not_valid_after_utc.date()
        raise KeyFileError(
            "the certificate expired on {day}",
            day=day,
            place=place,
            hint="make a key with: auditor keys create --out DIR",
        )
    if now < certificate.not_valid_before_utc:
        day = certificate.not_valid_before_utc.date()
        raise KeyFileError(
            "the certificate is valid from {day} only",
            day=day,
            place=place,
            hint="is this machine's clock right?",
        )
    if certificate.issuer == certificate.subject:
        raise KeyFileError(
            "the certificate is its own issuer, so nobody can trust it",
            place=place,
            hint="make a key with: auditor keys create --out DIR",
        )
    if meant(certificate) is Meant.NO:
        raise KeyFileError(
            "the certificate is not meant for signing documents",
            place=place,
            hint="it needs the usage emailProtection or documentSigning",
        )
