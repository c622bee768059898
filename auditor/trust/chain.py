"""A chain of certificates to a trust anchor at a given moment, judged with the CRLs at hand and nothing fetched."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from asn1crypto import x509 as asn1_x509  # type: ignore[import-untyped] # has no stubs
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    ExpiredError,
    InsufficientRevinfoError,
    NotYetValidError,
    PathError,
    RevokedError,
    ValidationError,
)

from auditor.trust.anchors import is_authority
from auditor.trust.keys import DIGESTS

_CURVES = ("secp256r1", "secp384r1", "secp521r1")
_FOREIGN_RSA_BITS = 2048

UNREADABLE = (
    ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError, RuntimeError,
    UnsupportedAlgorithm, InvalidSignature, PathError, ValidationError,
    x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType,
)  # fmt: skip
"""What the ASN.1 and CMS libraries raise on bytes that somebody twisted: they read lazily, so anywhere."""


class Reason(StrEnum):
    """What a check of a signature or a time stamp ended with."""

    GOOD = "good"
    MALFORMED = "malformed"
    """Not one SignedData of the expected shape; its signer is named by issuer and serial number."""
    ATTACHED = "attached"
    """Carries content of its own, so it is not (only) about the data given."""
    SIGNERS = "signers"
    """Not exactly one signer."""
    NOT_CADES = "not_cades"
    """Without the signed attributes that CAdES asks for."""
    ALTERED = "altered"
    """The data is not what was signed."""
    FORGED = "forged"
    """The signature is not that of the certificate's key."""
    WEAK = "weak"
    """A hash, key or curve below the floor, in the signature or the chain."""
    USAGE = "usage"
    """The certificate is not meant for this."""
    SELF_SIGNED = "self_signed"
    """Its own issuer: an ephemeral key, which proves nothing about who signed."""
    NO_ROOTS = "no_roots"
    """No trust anchor was given, so nothing is said about who signed."""
    UNTRUSTED = "untrusted"
    """No chain to the trust anchors given."""
    REVOKED = "revoked"
    """A CRL of the issuer says that a certificate of the chain was revoked by then."""
    EXPIRED = "expired"
    """The chain has expired; UNKNOWN where it was valid at the time in question, which nothing proves."""
    NOT_YET_VALID = "not_yet_valid"
    OUTSIDE_VALIDITY = "outside_validity"
    """The time claimed is outside the certificate's validity, or in the future."""


class RefusedError(Exception):
    """Ends a check with its reason."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain that holds."""

    certificates: tuple[x509.Certificate, ...]
    """From the certificate asked about to the anchor."""
    unrevoked: bool
    """Whether CRLs valid at that moment cover every certificate below the anchor."""


def require(
    certificate: x509.Certificate,
    others: Iterable[asn1_x509.Certificate],
    roots: Sequence[x509.Certificate],
    moment: datetime,
    crls: Sequence[bytes] = (),
) -> Chain:
    """A chain to one of `roots` that holds at `moment`. `others` may be in between; `crls` are DER.

    Raises:
        RefusedError: UNTRUSTED, EXPIRED, NOT_YET_VALID, REVOKED or WEAK.
    """
    authorities = [root for root in roots if is_authority(root)]
    if not authorities:  # the library would take the system's
        raise RefusedError(Reason.UNTRUSTED)
    others = list(others)
    try:
        found, unrevoked = _path(certificate, others, authorities, moment, crls), True
    except InsufficientRevinfoError:
        found, unrevoked = _path(certificate, others, authorities, moment, None), False
        _require_unlisted(found, crls, moment)
    for one in found:
        digest = one.signature_hash_algorithm
        if one not in authorities and (digest is None or digest.name not in DIGESTS):
            raise RefusedError(Reason.WEAK)
        if not strong(one.public_key()):
            raise RefusedError(Reason.WEAK)
        if moment > one.not_valid_after_utc:
            raise RefusedError(Reason.EXPIRED)
    return Chain(found, unrevoked)


def _path(
    certificate: x509.Certificate,
    others: list[asn1_x509.Certificate],
    roots: Sequence[x509.Certificate],
    moment: datetime,
    crls: Sequence[bytes] | None,
) -> tuple[x509.Certificate, ...]:
    context = ValidationContext(
        trust_roots=asn1(roots),
        other_certs=others,
        moment=moment,
        allow_fetching=False,
        crls=crls,
        revocation_mode="soft-fail" if crls is None else "require",
        retroactive_revinfo=True,  # a verifier's newer CRL still knows the date of an earlier revocation
    )
    validator = CertificateValidator(asn1([certificate])[0], validation_context=context)
    try:
        path = asyncio.run(validator.async_validate_path())
    except RevokedError:
        raise RefusedError(Reason.REVOKED) from None
    except ExpiredError:
        raise RefusedError(Reason.EXPIRED) from None
    except NotYetValidError:
        raise RefusedError(Reason.NOT_YET_VALID) from None
    return tuple(x509.load_der_x509_certificate(c.dump()) for c in path.iter_certs(include_root=True))


def _require_unlisted(path: Sequence[x509.Certificate], crls: Sequence[bytes], moment: datetime) -> None:
    """What a list says of the path, though it is too old to say that all is well: once revoked is revoked."""
    lists = [x509.load_der_x509_crl(crl) for crl in crls]
    for certificate, issuer in pairwise(path):
        for known in lists:
            if known.issuer != issuer.subject or not known.is_signature_valid(issuer.public_key()):  # type: ignore[arg-type] # strong keys only
                continue
            entry = known.get_revoked_certificate_by_serial_number(certificate.serial_number)
            if entry is not None and entry.revocation_date_utc <= moment:
                raise RefusedError(Reason.REVOKED)


def lineage(leaf: x509.Certificate, bag: Sequence[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """The leaf and those of the bag above it, each having signed the one before; no root among them."""
    found = [leaf]
    while True:
        issuer = next((one for one in bag if one not in found and _issued(one, found[-1])), None)
        if issuer is None or issuer.subject == issuer.issuer:
            return tuple(found)
        found.append(issuer)


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except UNREADABLE:
        return False
    return True


def strong(key: object) -> bool:
    """Whether a key is above the floor for signatures that others made."""
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size >= _FOREIGN_RSA_BITS
    return isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in _CURVES


def asn1(certificates: Iterable[x509.Certificate]) -> list[asn1_x509.Certificate]:
    """The same certificates, as pyHanko wants them."""
    return [asn1_x509.Certificate.load(c.public_bytes(Encoding.DER)) for c in certificates]
