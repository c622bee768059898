"""What one certificate says of itself, as facts."""

from collections.abc import Callable, Mapping

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa

from auditor.model import Value

from . import lifetime, names

SIGNATURES: Mapping[str, str] = {
    "1.2.840.113549.1.1.2": "md2WithRSAEncryption",
    "1.2.840.113549.1.1.4": "md5WithRSAEncryption",
    "1.2.840.113549.1.1.5": "sha1WithRSAEncryption",
    "1.2.840.113549.1.1.14": "sha224WithRSAEncryption",
    "1.2.840.113549.1.1.11": "sha256WithRSAEncryption",
    "1.2.840.113549.1.1.12": "sha384WithRSAEncryption",
    "1.2.840.113549.1.1.13": "sha512WithRSAEncryption",
    "1.2.840.113549.1.1.10": "id-RSASSA-PSS",
    "1.2.840.10045.4.1": "ecdsa-with-SHA1",
    "1.2.840.10045.4.3.1": "ecdsa-with-SHA224",
    "1.2.840.10045.4.3.2": "ecdsa-with-SHA256",
    "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
    "1.2.840.10045.4.3.4": "ecdsa-with-SHA512",
    "1.2.840.10040.4.3": "id-dsa-with-sha1",
    "2.16.840.1.101.3.4.3.1": "id-dsa-with-sha224",
    "2.16.840.1.101.3.4.3.2": "id-dsa-with-sha256",
    "1.3.101.112": "id-Ed25519",
    "1.3.101.113": "id-Ed448",
}
"""Names of signature algorithms in RFC 8017, 3279, 5758 and 8410, by object identifier."""

FieldReader = Callable[[x509.Certificate], Value]


def signature_algorithm(certificate: x509.Certificate) -> str:
    """The registered name; for RSASSA-PSS with its hash (`id-RSASSA-PSS-sha256`); unknown ones dotted."""
    oid = certificate.signature_algorithm_oid.dotted_string
    name = SIGNATURES.get(oid, oid)
    if isinstance(certificate.signature_algorithm_parameters, padding.PSS):
        digest = certificate.signature_hash_algorithm
        return f"{name}-{digest.name if digest else 'unknown'}"
    return name


def key_type(certificate: x509.Certificate) -> str:
    """`rsa`, `ec`, `ed25519`, `ed448` or `dsa`.

    Raises:
        ValueError: a key of another type.
    """
    match certificate.public_key():
        case rsa.RSAPublicKey():
            return "rsa"
        case ec.EllipticCurvePublicKey():
            return "ec"
        case ed25519.Ed25519PublicKey():
            return "ed25519"
        case ed448.Ed448PublicKey():
            return "ed448"
        case dsa.DSAPublicKey():
            return "dsa"
        case other:
            raise ValueError(f"public key of type {type(other).__name__}")


def key_bits(certificate: x509.Certificate) -> int:
    """Modulus of RSA, prime of DSA, field of EC; 256 and 456 for the Edwards curves (b in RFC 8032, section 5)."""
    match certificate.public_key():
        case rsa.RSAPublicKey() | ec.EllipticCurvePublicKey() | dsa.DSAPublicKey() as key:
            return key.key_size
        case ed25519.Ed25519PublicKey():
            return 256
        case ed448.Ed448PublicKey():
            return 456
        case other:
            raise ValueError(f"public key of type {type(other).__name__}")


def self_signed(certificate: x509.Certificate) -> bool:
    """Issued in its own name and signed with its own key."""
    if certificate.issuer != certificate.subject:
        return False
    try:
        certificate.verify_directly_issued_by(certificate)
    except InvalidSignature:
        return False
    return True


def lifetime_days(certificate: x509.Certificate) -> int:
    """Days of the validity period, a fraction counting as a whole one."""
    return lifetime.days(certificate.not_valid_before_utc, certificate.not_valid_after_utc)


READERS: Mapping[str, FieldReader] = {
    "cert.not_before": lambda certificate: certificate.not_valid_before_utc,
    "cert.not_after": lambda certificate: certificate.not_valid_after_utc,
    "cert.names": names.presented,
    "cert.key_type": key_type,
    "cert.key_bits": key_bits,
    "cert.signature_algorithm": signature_algorithm,
    "cert.lifetime_days": lifetime_days,
    "cert.self_signed": self_signed,
    "cert.subject": lambda certificate: certificate.subject.rfc4514_string(),
    "cert.issuer": lambda certificate: certificate.issuer.rfc4514_string(),
}
"""How to read each fact that every certificate of a chain has."""
