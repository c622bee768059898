"""Certificate revocation lists (RFC 5280 section 5), fetched when a signature is made so that it can be judged later.

OCSP is not asked: what it answers cannot stand in a signature that stock tools of today read.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import requests
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from auditor.errors import KeyFileError

_CAP = 512 * 1024
_CLOCK_SKEW = timedelta(minutes=5)


def fetch(certificates: Iterable[x509.Certificate], session: requests.Session, at: datetime) -> tuple[bytes, ...]:
    """The CRLs, DER, that the certificates point to over HTTP; none twice.

    Raises:
        KeyFileError: one is named but cannot be had, is not of now, or lists the certificate.
    """
    found: dict[str, x509.CertificateRevocationList] = {}
    for certificate in certificates:
        places = distribution_points(certificate)
        if not places:
            continue
        url = next((place for place in places if place in found), places[0])
        if url not in found:
            found[url] = _get(url, certificate, session, at)
        if found[url].get_revoked_certificate_by_serial_number(certificate.serial_number) is not None:
            name = certificate.subject.rfc4514_string()
            raise KeyFileError("{name} was revoked", place=url, name=name, hint="sign with another key")
    return tuple(dict.fromkeys(crl.public_bytes(Encoding.DER) for crl in found.values()))


def distribution_points(certificate: x509.Certificate) -> tuple[str, ...]:
    """The HTTP addresses of the CRLs that cover a certificate (RFC 5280 section 4.2.1.13)."""
    points = [
        point
        for extension in certificate.extensions
        if isinstance(extension.value, x509.CRLDistributionPoints)
        for point in extension.value
    ]
    names = [name for point in points if point.crl_issuer is None for name in point.full_name or ()]
    urls = [name.value for name in names if isinstance(name, x509.UniformResourceIdentifier)]
    return tuple(url for url in urls if url.lower().startswith(("http://", "https://")))


def _get(
    url: str, certificate: x509.Certificate, session: requests.Session, at: datetime
) -> x509.CertificateRevocationList:
    try:
        reply = session.get(url, allow_redirects=False)
    except (requests.RequestException, OSError) as error:
        raise _error("the revocation list cannot be had: {kind}", url, kind=type(error).__name__) from None
    if reply.status_code != 200:
        raise _error("HTTP status {status}", url, status=reply.status_code)
    if len(reply.content) > _CAP:
        raise _error("the revocation list is larger than {size} KiB", url, size=_CAP // 1024)
    try:
        crl = x509.load_der_x509_crl(reply.content)
    except ValueError:
        try:
            crl = x509.load_pem_x509_crl(reply.content)
        except ValueError:
            raise _error("no revocation list can be read from it", url) from None
    if crl.issuer != certificate.issuer:
        raise _error("the revocation list is that of {name}", url, name=crl.issuer.rfc4514_string())
    until = crl.next_update_utc
    if crl.last_update_utc > at + _CLOCK_SKEW or until is None or until < at:
        raise _error("the revocation list is not of today", url)
    return crl


def _error(message: str, url: str, **values: object) -> KeyFileError:
    return KeyFileError(message, place=url, hint="a certificate names it; nothing was written", **values)
