"""A key that may sign with its certificate, and what a certificate must be for that."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

SigningKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
"""id-kp-documentSigning, RFC 9336."""
CURVES = ("secp256r1", "secp384r1")
DIGESTS = ("sha256", "sha384", "sha512")
RSA_BITS = 3072

_MEANT = {ExtendedKeyUsageOID.EMAIL_PROTECTION, DOCUMENT_SIGNING}
_MACHINES = {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.OCSP_SIGNING}
_HASHES: dict[str, hashes.HashAlgorithm] = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384()}


class TokenKey(Protocol):
    """A private key that never leaves where it is."""

    def sign(self, data: bytes, digest: str) -> bytes:
        """The bare signature over `data`: of ECDSA as DER, of RSA PKCS#1 v1.5."""
        ...


class Store(StrEnum):
    """Where a key is kept."""

    FILE = "file"
    ENVIRONMENT = "environment"
    TOKEN = "token"  # noqa: S105 - a device, no secret
    MEMORY = "memory"
    """Made for one run."""


class Meant(StrEnum):
    """Whether a certificate is meant for signing documents."""

    YES = "yes"
    UNSAID = "unsaid"
    """It names neither documentSigning nor emailProtection: warned about."""
    NO = "no"


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that may sign, with its certificate and the certificates between it and its root (root left out)."""

    key: SigningKey | TokenKey = field(repr=False, compare=False)
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()
    ephemeral: bool = False
    store: Store = Store.FILE
    attributes: tuple[str, ...] = ()
    """What a token says of the key, in the words of PKCS#11: `sensitive`, `never extractable` ..."""
    ci: bool = False
    """The key or its passphrase came from the environment, which everyone who may change the pipeline can read."""

    @property
    def signing(self) -> str:
        """What the report records: `trusted-key`, `ci` or `ephemeral`."""
        return "ephemeral" if self.ephemeral else "ci" if self.ci else "trusted-key"

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
        public = self.certificate.public_key()
        weak = isinstance(public, ec.EllipticCurvePublicKey) and public.curve.key_size < 384
        return "sha256" if weak else "sha384"

    def sign(self, data: bytes, digest: str) -> bytes:
        """The bare signature over `data`, with a hash of `sha256` or `sha384`."""
        match self.key:
            case rsa.RSAPrivateKey():
                return self.key.sign(data, padding.PKCS1v15(), _HASHES[digest])
            case ec.EllipticCurvePrivateKey():
                return self.key.sign(data, ec.ECDSA(_HASHES[digest]))
            case _:
                return self.key.sign(data, digest)


def fingerprint(certificate: x509.Certificate) -> str:
    """sha256 of the DER certificate, hex."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def algorithm(key: object) -> str:
    """A public key's kind and size, to be shown."""
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"ECDSA {key.curve.name}"
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}"
    return type(key).__name__


def meant(certificate: x509.Certificate) -> Meant:
    """Whether a certificate may sign reports, by its key usage and extended key usage (RFC 5280, RFC 9336).

    One for servers, time stamps or revocation answers alone may not: the machine that holds it is no signer.

    Raises:
        ValueError: extensions that cannot be read.
    """
    extensions = [extension.value for extension in certificate.extensions]
    for value in extensions:
        if isinstance(value, x509.KeyUsage) and not (value.digital_signature or value.content_commitment):
            return Meant.NO
    usages = {usage for value in extensions if isinstance(value, x509.ExtendedKeyUsage) for usage in value}
    if usages & _MEANT:
        return Meant.YES
    return Meant.NO if usages and usages <= _MACHINES else Meant.UNSAID
