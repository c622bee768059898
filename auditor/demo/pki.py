"""A throwaway certificate authority: root, intermediate and leaves that live as long as the demo."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


@dataclass(frozen=True, slots=True)
class Issuer:
    """A certificate that signs others, with its key and the chain above it, the root left out."""

    certificate: x509.Certificate
    key: CertificateIssuerPrivateKeyTypes
    chain: bytes = b""

    @property
    def pem(self) -> bytes:
        """The certificate itself."""
        return self.certificate.public_bytes(Encoding.PEM)


def root(now: datetime) -> Issuer:
    """A self-signed root, valid for a year."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Akar Demo auditor")
    builder = _builder(name, name, key, now - timedelta(days=1), now + timedelta(days=365))
    certificate = _authority(builder, path_length=1).sign(key, hashes.SHA256())
    return Issuer(certificate, key)


def intermediate(parent: Issuer, now: datetime) -> Issuer:
    """An issuing authority under `parent`, valid for a year."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name("Penerbit Demo auditor")
    builder = _builder(subject, parent.certificate.subject, key, now - timedelta(days=1), now + timedelta(days=365))
    certificate = _signed_by(_authority(builder, path_length=0), parent)
    return Issuer(certificate, key, certificate.public_bytes(Encoding.PEM) + parent.chain)


def leaf(issuer: Issuer, host: str, not_before: datetime, not_after: datetime, *, rsa_key: bool) -> bytes:
    """PEM of key, leaf and intermediates for a server named `host`: RSA 2048, or EC P-256."""
    key = rsa.generate_private_key(65537, 2048) if rsa_key else ec.generate_private_key(ec.SECP256R1())
    builder = (
        _builder(_name(host), issuer.certificate.subject, key, not_before, not_after)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage("digital_signature", *(("key_encipherment",) if rsa_key else ())), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    )
    certificate = _signed_by(builder, issuer)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + certificate.public_bytes(Encoding.PEM) + issuer.chain


def now() -> datetime:
    """The current time to the second, which is all that a certificate can say."""
    return datetime.now(UTC).replace(microsecond=0)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: CertificateIssuerPrivateKeyTypes,
    not_before: datetime,
    not_after: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _authority(builder: x509.CertificateBuilder, path_length: int) -> x509.CertificateBuilder:
    return builder.add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True).add_extension(
        _usage("key_cert_sign", "crl_sign"), critical=True
    )


def _signed_by(builder: x509.CertificateBuilder, issuer: Issuer) -> x509.Certificate:
    identifier = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(
        issuer.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    )
    return builder.add_extension(identifier, critical=False).sign(issuer.key, hashes.SHA256())


def _usage(*granted: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{usage: usage in granted for usage in _USAGES})
