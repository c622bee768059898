"""What one certificate says of itself, as facts."""

import hashlib
from collections.abc import Callable, Mapping

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from auditor.errors import Unobserved
from auditor.model import Absence, Value

from . import extensions, lifetime, names, roca, timestamps
from .reading import signed

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


FieldReader = Callable[[x509.Certificate], Value | Unobserved]

_NO_CURVE = Unobserved(Absence.NOT_OFFERED, "the key is not of elliptic curves")
_NO_EXPONENT = Unobserved(Absence.NOT_OFFERED, "the key is not of RSA")
_UNSAID = Unobserved(Absence.NOT_OFFERED, "the certificate does not say")
_UNLIMITED = Unobserved(Absence.NOT_ASSESSABLE, "issued before the schedule of the CA/Browser Forum begins")


def signature_algorithm(certificate: x509.Certificate) -> str:
    """The registered name; for RSASSA-PSS with its hash (`id-RSASSA-PSS-sha256`); unknown ones dotted."""
    oid = certificate.signature_algorithm_oid.dotted_string
    name = SIGNATURES.get(oid, oid)
    if isinstance(certificate.signature_algorithm_parameters, padding.PSS):
        digest = certificate.signature_hash_algorithm
        return f"{name}-{digest.name if digest else 'unknown'}"
    return name


KEYS: Mapping[str, str] = {
    "1.2.840.113549.1.1.1": "rsa",
    "1.2.840.113549.1.1.10": "rsa",
    "1.2.840.10045.2.1": "ec",
    "1.3.101.112": "ed25519",
    "1.3.101.113": "ed448",
    "1.2.840.10040.4.1": "dsa",
    "2.16.840.1.101.3.4.3.17": "mldsa44",
    "2.16.840.1.101.3.4.3.18": "mldsa65",
    "2.16.840.1.101.3.4.3.19": "mldsa87",
}
"""Kinds of public keys in RFC 3279, 4055, 5480, 8410 and 9881, by object identifier."""


def key_type(certificate: x509.Certificate) -> str:
    """The kind of the key, `rsa` also where it is for RSASSA-PSS alone; unknown ones dotted."""
    oid = certificate.public_key_algorithm_oid.dotted_string
    return KEYS.get(oid, oid)


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


def curve(certificate: x509.Certificate) -> str | Unobserved:
    """Name of the curve of an EC key (SEC 2, RFC 5639), such as secp256r1."""
    key = certificate.public_key()
    return key.curve.name if isinstance(key, ec.EllipticCurvePublicKey) else _NO_CURVE


def rsa_exponent(certificate: x509.Certificate) -> int | Unobserved:
    """The public exponent of an RSA key."""
    key = certificate.public_key()
    return key.public_numbers().e if isinstance(key, rsa.RSAPublicKey) else _NO_EXPONENT


def made_by_roca(certificate: x509.Certificate) -> bool:
    """Whether the key is of RSA and has the fingerprint of the library that made weak ones."""
    key = certificate.public_key()
    return isinstance(key, rsa.RSAPublicKey) and roca.fingerprinted(key.public_numbers().n)


def key_fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the SubjectPublicKeyInfo."""
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(key).hexdigest()


def lifetime_days(certificate: x509.Certificate) -> int:
    """Days of the validity period, a fraction counting as a whole one."""
    return lifetime.days(certificate.not_valid_before_utc, certificate.not_valid_after_utc)


def days_over_limit(certificate: x509.Certificate) -> int | Unobserved:
    """Days of the validity period beyond what was allowed when it began."""
    allowed = lifetime.limit(certificate.not_valid_before_utc)
    return _UNLIMITED if allowed is None else max(0, lifetime_days(certificate) - allowed)


def _where_said(read: Callable[[x509.Certificate], Value | None]) -> FieldReader:
    """A reader of what a certificate may leave out."""

    def reader(certificate: x509.Certificate) -> Value | Unobserved:
        value = read(certificate)
        return _UNSAID if value is None else value

    return reader


READERS: Mapping[str, FieldReader] = {
    "cert.not_before": lambda certificate: certificate.not_valid_before_utc,
    "cert.not_after": lambda certificate: certificate.not_valid_after_utc,
    "cert.names": names.presented,
    "cert.key_type": key_type,
    "cert.key_bits": key_bits,
    "cert.signature_algorithm": signature_algorithm,
    "cert.lifetime_days": lifetime_days,
    "cert.self_signed": lambda certificate: signed(certificate, certificate),
    "cert.subject": lambda certificate: certificate.subject.rfc4514_string(),
    "cert.issuer": lambda certificate: certificate.issuer.rfc4514_string(),
    "cert.fingerprint": lambda certificate: hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest(),
    "cert.key_fingerprint": key_fingerprint,
    "cert.curve": curve,
    "cert.rsa_exponent": rsa_exponent,
    "cert.roca": made_by_roca,
    "cert.ca": extensions.authority,
    "cert.path_length": _where_said(extensions.path_length),
    "cert.key_usage": _where_said(extensions.key_usage),
    "cert.extended_key_usage": _where_said(extensions.purposes),
    "cert.server_auth": extensions.for_servers,
    "cert.name_constraints": _where_said(extensions.name_constraints),
    "cert.must_staple": extensions.must_staple,
    "cert.ocsp_urls": _where_said(extensions.ocsp_urls),
    "cert.crl_urls": _where_said(extensions.crl_urls),
    "cert.issuer_urls": _where_said(extensions.issuer_urls),
    "cert.ocsp_published": extensions.ocsp_published,
    "cert.revocation_published": extensions.revocation_published,
    "cert.scts_embedded": lambda certificate: timestamps.logs(timestamps.embedded(certificate)),
}
"""How to read each fact about every certificate of a chain."""
