"""A chain of certificates to a trust anchor at a given moment, judged by what is at hand: nothing is fetched."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from asn1crypto import x509 as asn1_x509  # type: ignore[import-untyped] # has no stubs
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID
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
from auditor.trust.revocation import NOTHING, Revocations

_CURVES = ("secp256r1", "secp384r1", "secp521r1")
_FOREIGN_RSA_BITS = 2048
_POINTERS = (x509.CRLDistributionPoints, x509.AuthorityInformationAccess)

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
    """The issuer says, in a CRL or an OCSP response, that a certificate of the chain was revoked by then."""
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
    """Whether what was at hand says of every certificate that points to a CRL or a responder that it was good."""
    pointed: bool
    """Whether any certificate points to one."""


def require(
    certificate: x509.Certificate,
    others: Iterable[asn1_x509.Certificate],
    roots: Sequence[x509.Certificate],
    moment: datetime,
    known: Revocations = NOTHING,
) -> Chain:
    """A chain to one of `roots` that holds at `moment`. `others` may be in between.

    Raises:
        RefusedError: UNTRUSTED, EXPIRED, NOT_YET_VALID, REVOKED or WEAK.
    """
    authorities = [root for root in roots if is_authority(root)]
    if not authorities:  # the library would take the system's
        raise RefusedError(Reason.UNTRUSTED)
    others = list(others)
    try:
        found, unrevoked = _path(certificate, others, authorities, moment, known), True
    except InsufficientRevinfoError:
        found, unrevoked = _path(certificate, others, authorities, moment, None), False
    _require_unlisted(found, known, moment)
    for one in found:
        digest = one.signature_hash_algorithm
        if one not in authorities and (digest is None or digest.name not in DIGESTS):
            raise RefusedError(Reason.WEAK)
        if not strong(one.public_key()):
            raise RefusedError(Reason.WEAK)
        if moment > one.not_valid_after_utc:
            raise RefusedError(Reason.EXPIRED)
    pointed = any(isinstance(e.value, _POINTERS) for one in found[:-1] for e in one.extensions)
    return Chain(found, unrevoked, pointed)


def _path(
    certificate: x509.Certificate,
    others: list[asn1_x509.Certificate],
    roots: Sequence[x509.Certificate],
    moment: datetime,
    known: Revocations | None,
) -> tuple[x509.Certificate, ...]:
    context = ValidationContext(
        trust_roots=asn1(roots),
        other_certs=others,
        moment=moment,
        allow_fetching=False,
        crls=known.crls if known is not None else None,
        ocsps=known.ocsps if known is not None else None,
        revocation_mode="soft-fail" if known is None else "hard-fail",
        retroactive_revinfo=True,  # a newer CRL still knows the date of an earlier revocation
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
    downwards = [x509.load_der_x509_certificate(c.dump()) for c in path.iter_certs(include_root=True)]
    return tuple(reversed(downwards))


def _require_unlisted(path: Sequence[x509.Certificate], known: Revocations, moment: datetime) -> None:
    """What is said of the path, though it is too old to say that all is well: once revoked is revoked."""
    lists = [x509.load_der_x509_crl(crl) for crl in known.crls]
    answers = [ocsp.load_der_ocsp_response(answer) for answer in known.ocsps]
    for certificate, issuer in pairwise(path):
        for crl in lists:
            if crl.issuer != issuer.subject or not crl.is_signature_valid(issuer.public_key()):  # type: ignore[arg-type] # strong keys only
                continue
            entry = crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
            if entry is not None and entry.revocation_date_utc <= moment:
                raise RefusedError(Reason.REVOKED)
        for answer in answers:
            if (
                answer.response_status is ocsp.OCSPResponseStatus.SUCCESSFUL
                and answer.serial_number == certificate.serial_number
                and answer.certificate_status is ocsp.OCSPCertStatus.REVOKED
                and _answers_for(issuer, answer)
                and (answer.revocation_time_utc or moment) <= moment
            ):
                raise RefusedError(Reason.REVOKED)


def _answers_for(issuer: x509.Certificate, answer: ocsp.OCSPResponse) -> bool:
    """Whether the issuer signed the answer, or a responder that it certified for that (RFC 6960 section 4.2.2.2)."""
    delegates = [c for c in answer.certificates if _issued(issuer, c) and _is_responder(c)]
    return any(_signed_by(answer, by.public_key()) for by in (issuer, *delegates))


def _is_responder(certificate: x509.Certificate) -> bool:
    return any(
        isinstance(e.value, x509.ExtendedKeyUsage) and ExtendedKeyUsageOID.OCSP_SIGNING in e.value
        for e in certificate.extensions
    )


def _signed_by(answer: ocsp.OCSPResponse, key: object) -> bool:
    digest = answer.signature_hash_algorithm
    if digest is None or not strong(key):
        return False
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(answer.signature, answer.tbs_response_bytes, padding.PKCS1v15(), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(answer.signature, answer.tbs_response_bytes, ec.ECDSA(digest))
    except InvalidSignature:
        return False
    return True


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
