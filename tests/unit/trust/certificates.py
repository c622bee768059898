"""Certificates of every kind that must be accepted or refused, made on the spot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from auditor.trust import keys

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
SIGNING = (ExtendedKeyUsageOID.EMAIL_PROTECTION, ObjectIdentifier("1.3.6.1.5.5.7.3.36"))


def name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


@dataclass(frozen=True, slots=True)
class Issued:
    key: Key
    certificate: x509.Certificate

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def save(self, folder: Path) -> Path:
        """key.pem and cert.pem, as an operator would keep them."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "key.pem").touch(0o600)
        (folder / "key.pem").write_bytes(self.key_pem)
        (folder / "cert.pem").write_bytes(self.pem)
        return folder / "key.pem"


def issue(
    common: str,
    issuer: Issued | None = None,
    *,
    key: Key | None = None,
    ca: bool = False,
    start: datetime = NOW - YEAR,
    end: datetime = NOW + YEAR,
    usages: tuple[ObjectIdentifier, ...] = SIGNING,
    sign_usage: bool = True,
) -> Issued:
    """A certificate; its own issuer where none is given."""
    key = key or ec.generate_private_key(ec.SECP384R1())
    by = issuer.key if issuer else key
    builder = (
        x509.CertificateBuilder(
            issuer.certificate.subject if issuer else name(common),
            name(common),
            key.public_key(),
            x509.random_serial_number(),
            start,
            end,
        )
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=sign_usage and not ca,
                content_commitment=False,
                key_encipherment=not sign_usage,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=ca,
                crl_sign=ca,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    )
    if usages and not ca:
        builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=False)
    return Issued(key, builder.sign(by, None if isinstance(by, ed25519.Ed25519PrivateKey) else hashes.SHA384()))


def signer(issued: Issued, chain: Sequence[Issued] = ()) -> keys.Signer:
    assert not isinstance(issued.key, ed25519.Ed25519PrivateKey)
    return keys.Signer(issued.key, issued.certificate, tuple(c.certificate for c in chain))


ROOT = issue("Akar Percobaan", ca=True, start=NOW - 2 * YEAR, end=NOW + 9 * YEAR)
ROOTS = (ROOT.certificate,)
