"""Certificates read from DER, whatever is in it: one error for all that can be wrong, and no warnings."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import RLock

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""What cryptography raises on reading a certificate, or a part of one, that breaks its rules."""

SKEW = timedelta(minutes=5)
"""By how much another's clock may be ahead of ours: what was signed a moment ago is no word of the future."""

# Filters of warnings belong to the whole process, so that changing them for a moment takes turns.
_turn = RLock()


@contextmanager
def quietly() -> Iterator[None]:
    """Hold back cryptography's warnings about certificates that are odd but readable. Not for waiting in."""
    with _turn, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def read(der: bytes) -> x509.Certificate | Exception:
    """The certificate, or what is wrong with it; its parts may still turn out to be unreadable (`UNREADABLE`)."""
    try:
        with quietly():
            return x509.load_der_x509_certificate(der)
    except UNREADABLE as error:
        return error


def certificates(chain: tuple[bytes, ...]) -> Iterator[x509.Certificate]:
    """Those of a chain that can be read."""
    return (found for found in map(read, chain) if isinstance(found, x509.Certificate))


def signed(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    """Whether `issuer` has the name and the key that `certificate` was issued with (RFC 5280, section 6.1.3).

    Raises:
        ValueError: one of them cannot be read; so may any of `UNREADABLE` say.
        UnsupportedAlgorithm: nobody here can verify such a signature.
    """
    with quietly():
        if certificate.issuer != issuer.subject:
            return False
        try:
            _verify(issuer.public_key(), certificate)
        except InvalidSignature:
            return False
    return True


def _verify(key: CertificatePublicKeyTypes, certificate: x509.Certificate) -> None:
    """Verify a signature with any digest, also one that cryptography would not have on certificates any more."""
    parameters = certificate.signature_algorithm_parameters
    pss = parameters if isinstance(parameters, padding.PSS) else None
    verify(key, certificate.signature, certificate.tbs_certificate_bytes, certificate.signature_hash_algorithm, pss)


def verify(
    key: CertificatePublicKeyTypes,
    signature: bytes,
    content: bytes,
    digest: hashes.HashAlgorithm | None,
    pss: padding.PSS | None = None,
) -> None:
    """Verify what was signed with the key of a certificate; PKCS #1 v1.5 for RSA unless `pss` says otherwise.

    Raises:
        InvalidSignature: it was not, or not in a way that fits the key.
        UnsupportedAlgorithm: nobody here can tell.
    """
    match key, digest:
        case rsa.RSAPublicKey(), hashes.HashAlgorithm():
            key.verify(signature, content, pss or padding.PKCS1v15(), digest)
        case ec.EllipticCurvePublicKey(), hashes.HashAlgorithm():
            key.verify(signature, content, ec.ECDSA(digest))
        case dsa.DSAPublicKey(), hashes.HashAlgorithm():
            key.verify(signature, content, digest)
        case ((ed25519.Ed25519PublicKey() | ed448.Ed448PublicKey()), None):
            key.verify(signature, content)
        case _:
            raise InvalidSignature


def issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    """As `signed`, but by name alone where the signature cannot be verified; nothing unreadable has issued anything."""
    try:
        return signed(issuer, certificate)
    except UnsupportedAlgorithm:
        return True
    except UNREADABLE:
        return False
