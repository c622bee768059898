"""A second signature over SHA256SUMS by ML-DSA-65 (FIPS 204), for the day when the first one's mathematics fall.

Never the only one: no certificate, no time stamp and no stock tool of today goes with it. Its public key is named by
the report that the first signature is over; whoever keeps that key from another source can rely on it alone.
"""

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey, MLDSA65PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from auditor.errors import KeyFileError

_CONTEXT = b"auditor SHA256SUMS"
"""So that a signature for something else never counts (FIPS 204 section 5.2)."""
_CAP = 64 * 1024


@dataclass(frozen=True, slots=True)
class Cosigner:
    """An ML-DSA-65 key."""

    key: MLDSA65PrivateKey = field(repr=False, compare=False)

    @property
    def public(self) -> bytes:
        """The public key, PEM."""
        return self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    @property
    def fingerprint(self) -> str:
        """sha256 of the public key, DER, hex."""
        return fingerprint(self.public)

    def sign(self, data: bytes) -> bytes:
        """The signature over `data`, 3309 bytes."""
        return self.key.sign(data, _CONTEXT)


def create(out: Path, passphrase: bytes | None) -> tuple[Path, Path]:
    """Make a key: mldsa65.pem (mode 0600) and mldsa65.pub, which is handed to those who verify.

    Raises:
        KeyFileError: one of them is there already, or cannot be written.
    """
    made = MLDSA65PrivateKey.generate()
    encryption = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    contents = {
        out / "mldsa65.pem": (made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption), 0o600),
        out / "mldsa65.pub": (Cosigner(made).public, 0o644),
    }
    try:
        out.mkdir(parents=True, exist_ok=True)
        for path, (data, mode) in contents.items():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
    except OSError as error:
        raise KeyFileError("{error}", error=error.strerror, place=str(error.filename or out)) from None
    private, public = contents
    return private, public


def load(path: Path, passphrase: bytes | None) -> Cosigner:
    """Read a key.

    Raises:
        KeyFileError: missing, readable by others, wrong passphrase, or of another kind.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            data = file.read(_CAP)
    except OSError as error:
        raise KeyFileError("{error}", error=error.strerror, place=str(path)) from None
    if mode & 0o077:
        raise KeyFileError("others may read this private key", place=str(path), hint="chmod 600 {file}", file=path)
    try:
        key = load_pem_private_key(data, passphrase if b"ENCRYPTED" in data else None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyFileError("no private key can be read from it", place=str(path)) from None
    if not isinstance(key, MLDSA65PrivateKey):
        raise KeyFileError("is no ML-DSA-65 key", place=str(path), hint="auditor keys create --post-quantum makes one")
    return Cosigner(key)


def is_good(data: bytes, signature: bytes, public: bytes) -> bool:
    """Whether the signature over `data` was made by the key whose public half, PEM, is given. Never raises."""
    try:
        key = load_pem_public_key(public)
        if not isinstance(key, MLDSA65PublicKey):
            return False
        key.verify(signature, data, _CONTEXT)
    except (ValueError, TypeError, UnsupportedAlgorithm, InvalidSignature):
        return False
    return True


def fingerprint(public: bytes) -> str:
    """sha256 of a public key, given as PEM, over its DER.

    Raises:
        ValueError: no key.
    """
    key = load_pem_public_key(public)
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()
