"""Certificate revocation lists (RFC 5280, section 5): whether one has a certificate on it, and may be believed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

from . import extensions
from .reading import SKEW, UNREADABLE, quietly, verify

UNREADABLE_LIST, ANOTHER, UNSIGNED, UNVERIFIED = "unreadable", "of_another_scope", "unsigned", "unverified"
"""Faults: no list at all; one that does not say of such a certificate whether it is revoked; not signed by the issuer;
and, where nobody here can tell whether it is, not verified."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a list says of a certificate."""

    fault: str = ""
    listed: bool = False
    this_update: datetime | None = None
    next_update: datetime | None = None

    def current(self, at: datetime) -> bool:
        """Whether it speaks of the moment `at`."""
        begun = self.this_update is not None and self.this_update <= at + SKEW
        return begun and (self.next_update is None or at <= self.next_update)


def read(data: bytes, certificate: x509.Certificate, issuers: Iterable[x509.Certificate]) -> Statement:
    """What a list (DER, or PEM) says of a certificate that one of the `issuers` has issued."""
    try:
        with quietly():
            pem = data.lstrip().startswith(b"-----BEGIN")
            found = x509.load_pem_x509_crl(data) if pem else x509.load_der_x509_crl(data)
            return _read(found, certificate, issuers)
    except UNREADABLE:
        return Statement(UNREADABLE_LIST)


def _read(
    found: x509.CertificateRevocationList, certificate: x509.Certificate, issuers: Iterable[x509.Certificate]
) -> Statement:
    signers = [issuer for issuer in issuers if issuer.subject == found.issuer]
    verified = {_verified(issuer.public_key(), found) for issuer in signers}
    if True not in verified:
        return Statement(UNVERIFIED if None in verified else UNSIGNED)
    listed = found.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None
    if not _covers(found, certificate):
        return Statement(ANOTHER)
    return Statement("", listed, found.last_update_utc, found.next_update_utc)


def _covers(found: x509.CertificateRevocationList, certificate: x509.Certificate) -> bool:
    """Whether the certificate would be on the list if it were revoked."""
    for extension in found.extensions:
        scope = extension.value
        if isinstance(scope, x509.IssuingDistributionPoint):
            authority = extensions.authority(certificate)
            others = scope.only_contains_attribute_certs or scope.indirect_crl or scope.only_some_reasons
            if others or (scope.only_contains_user_certs if authority else scope.only_contains_ca_certs):
                return False
        elif extension.critical:
            return False
    return True


def _verified(key: CertificatePublicKeyTypes, found: x509.CertificateRevocationList) -> bool | None:
    """None where nobody here can tell."""
    try:
        verify(key, found.signature, found.tbs_certlist_bytes, found.signature_hash_algorithm)
    except InvalidSignature:
        return False
    except UnsupportedAlgorithm:
        return None
    return True
