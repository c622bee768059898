"""OCSP responses and revocation lists for certificates of `pki`, signed as told."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from tests.wire import pki
from tests.wire.pki import DAY, Identity

GOOD, REVOKED, UNKNOWN = ocsp.OCSPCertStatus.GOOD, ocsp.OCSPCertStatus.REVOKED, ocsp.OCSPCertStatus.UNKNOWN


@dataclass(frozen=True, slots=True)
class Period:
    """What a statement says of its own time."""

    begins: datetime
    ends: datetime | None


def current() -> Period:
    """From yesterday for a week."""
    return Period(pki.now() - DAY, pki.now() + 6 * DAY)


def stale() -> Period:
    """Over since an hour ago."""
    ended = pki.now() - timedelta(hours=1)
    return Period(ended - 7 * DAY, ended)


def response(
    site: Identity,
    issuer: Identity,
    status: ocsp.OCSPCertStatus = GOOD,
    *,
    period: Period | None = None,
    signer: Identity | None = None,
    algorithm: hashes.SHA1 | hashes.SHA256 = hashes.SHA1(),  # noqa: B008 - no state
) -> bytes:
    """An OCSPResponse about `site`; another `signer` than the issuer sends its certificate along."""
    period, by = period or current(), signer or issuer
    revoked = status is REVOKED
    builder = ocsp.OCSPResponseBuilder().add_response(
        site.certificate,
        issuer.certificate,
        algorithm,
        status,
        period.begins,
        period.ends,
        pki.now() - DAY if revoked else None,
        x509.ReasonFlags.key_compromise if revoked else None,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, by.certificate)
    if signer:
        builder = builder.certificates([signer.certificate])
    return builder.sign(by.key, hashes.SHA256()).public_bytes(Encoding.DER)


def refusal() -> bytes:
    """An OCSPResponse that says tryLater."""
    return ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER).public_bytes(Encoding.DER)


def delegate(issuer: Identity, *, granted: bool = True) -> Identity:
    """A responder under `issuer`; not `granted`, it may not answer for it."""
    purpose = x509.oid.ExtendedKeyUsageOID.OCSP_SIGNING if granted else x509.oid.ExtendedKeyUsageOID.CODE_SIGNING
    return pki.leaf(issuer, owner="responder", purposes=(purpose,), common_name="Penjawab Uji")


def revocation_list(issuer: Identity, *revoked: Identity, period: Period | None = None) -> bytes:
    """A CRL of `issuer`, DER."""
    period = period or current()
    builder = x509.CertificateRevocationListBuilder(issuer.certificate.subject, period.begins, period.ends)
    for each in revoked:
        entry = x509.RevokedCertificateBuilder(each.certificate.serial_number, pki.now() - DAY)
        builder = builder.add_revoked_certificate(entry.build())
    number = x509.CRLNumber(7)
    signed = builder.add_extension(number, critical=False).sign(issuer.key, hashes.SHA256())
    return signed.public_bytes(Encoding.DER)
