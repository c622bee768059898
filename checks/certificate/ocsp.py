"""OCSP responses (RFC 6960): what one says of a certificate, and whether it may be believed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from . import extensions, timestamps
from .reading import SKEW, UNREADABLE, issued, quietly, verify
from .timestamps import Timestamp

UNREADABLE_RESPONSE, UNSUCCESSFUL, ANOTHER, UNSIGNED, UNVERIFIED = (
    "unreadable",
    "unsuccessful",
    "another_certificate",
    "unsigned",
    "unverified",
)
"""Faults of a response: no OCSPResponse at all, one that only says that there is none, about another certificate, not
signed by the issuer or its delegate; and, where nobody here can tell whether it is, not verified."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a response says."""

    faults: tuple[str, ...] = ()
    status: str = ""
    """`good`, `revoked` or `unknown`; empty where nothing is said of the certificate."""
    this_update: datetime | None = None
    next_update: datetime | None = None
    """None where newer information is always available."""
    reason: str = ""
    """Of a revocation, in the words of RFC 5280, section 5.3.1."""
    timestamps: tuple[Timestamp, ...] = ()
    """Those of logs (RFC 6962, section 3.3)."""

    @property
    def believed(self) -> bool:
        """Whether it is the issuer's word about the certificate."""
        return not self.faults

    def current(self, at: datetime) -> bool:
        """Whether it speaks of the moment `at`."""
        begun = self.this_update is not None and self.this_update <= at + SKEW
        return begun and (self.next_update is None or at <= self.next_update)


def request(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    algorithm: hashes.HashAlgorithm = hashes.SHA1(),  # noqa: B008, S303 - a name and no more, as all take it (RFC 5019)
) -> ocsp.OCSPRequest:
    """A request for the status of one certificate.

    Raises:
        ValueError: one of them cannot be read; so may any of `UNREADABLE` say.
    """
    return ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, algorithm).build()


def read(der: bytes, certificate: x509.Certificate, issuers: Iterable[x509.Certificate]) -> Statement:
    """What a response says of a certificate.

    Args:
        der: as received.
        certificate: the one that was asked for.
        issuers: authorities of which one may have issued it; without any that has, nothing can be verified.
    """
    try:
        with quietly():
            return _read(der, certificate, [each for each in issuers if issued(each, certificate)])
    except UNREADABLE:
        return Statement((UNREADABLE_RESPONSE,))


def _read(der: bytes, certificate: x509.Certificate, issuers: list[x509.Certificate]) -> Statement:
    response = ocsp.load_der_ocsp_response(der)
    if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        return Statement((UNSUCCESSFUL,))
    single = next((each for each in response.responses if _concerns(each, certificate, issuers)), None)
    fault = _unsigned(response, issuers)
    faults = [fault] if fault else []
    if single is None:
        return Statement((ANOTHER, *faults))
    revoked = single.certificate_status is ocsp.OCSPCertStatus.REVOKED
    reason = single.revocation_reason if revoked else None
    return Statement(
        tuple(faults),
        single.certificate_status.name.lower(),
        single.this_update_utc,
        single.next_update_utc,
        reason.value if reason else "",
        _timestamps(response),
    )


def _concerns(single: ocsp.OCSPSingleResponse, certificate: x509.Certificate, issuers: list[x509.Certificate]) -> bool:
    """Whether it is about the certificate: by number and, where the issuer is known, by the issuer's key."""
    if single.serial_number != certificate.serial_number:
        return False
    asked = (request(certificate, issuer, single.hash_algorithm) for issuer in issuers)
    return not issuers or any(each.issuer_key_hash == single.issuer_key_hash for each in asked)


def _unsigned(response: ocsp.OCSPResponse, issuers: list[x509.Certificate]) -> str:
    """What is wrong with the signature; empty where the issuer or a delegate of its made it."""
    if not issuers:
        return UNVERIFIED
    at = response.produced_at_utc
    delegates = [each for each in response.certificates if any(_delegated(issuer, each, at) for issuer in issuers)]
    found = {_verified(signer.public_key(), response) for signer in (*issuers, *delegates)}
    return "" if True in found else UNVERIFIED if None in found else UNSIGNED


def _delegated(issuer: x509.Certificate, signer: x509.Certificate, at: datetime) -> bool:
    """Whether the issuer lets `signer` answer for it at that time (RFC 6960, section 4.2.2.2)."""
    if not signer.not_valid_before_utc <= at <= signer.not_valid_after_utc:
        return False
    usage = extensions.of(signer, x509.ExtendedKeyUsage)
    return usage is not None and ExtendedKeyUsageOID.OCSP_SIGNING in usage and issued(issuer, signer)


def _verified(key: CertificatePublicKeyTypes, response: ocsp.OCSPResponse) -> bool | None:
    """None where nobody here can tell."""
    try:
        verify(key, response.signature, response.tbs_response_bytes, response.signature_hash_algorithm)
    except InvalidSignature:
        return False
    except UnsupportedAlgorithm:
        return None
    return True


def _timestamps(response: ocsp.OCSPResponse) -> tuple[Timestamp, ...]:
    """Those of logs, which stand in the only single response of a response or cannot be told."""
    try:
        return timestamps.listed(
            response.single_extensions.get_extension_for_class(x509.SignedCertificateTimestamps).value
        )
    except (*UNREADABLE, x509.ExtensionNotFound):
        return ()
