"""What says that certificates were not revoked: CRLs (RFC 5280 section 5) and OCSP responses (RFC 6960).

Both are fetched when a signature is made, so that it can be judged later with nothing fetched.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import requests
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID

from auditor.errors import KeyFileError

_CAP = 512 * 1024
_CLOCK_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Revocations:
    """CRLs and OCSP responses, DER."""

    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.crls or self.ocsps)

    def __add__(self, others: "Revocations") -> "Revocations":
        return Revocations(
            tuple(dict.fromkeys((*self.crls, *others.crls))), tuple(dict.fromkeys((*self.ocsps, *others.ocsps)))
        )


NOTHING = Revocations()


def fetch(certificates: Iterable[x509.Certificate], session: requests.Session, at: datetime) -> Revocations:
    """What the certificates point to over HTTP, none twice: the CRL and the answer of the responder.

    Of a certificate that points to both, one is enough.

    Raises:
        KeyFileError: none that is named can be had, or it is not of now, or it says that a certificate was revoked.
    """
    lists: dict[str, bytes] = {}
    found = NOTHING
    for certificate in certificates:
        found += _about(certificate, session, at, lists)
    return found


def _about(
    certificate: x509.Certificate, session: requests.Session, at: datetime, lists: dict[str, bytes]
) -> Revocations:
    """What is said about one certificate; `lists` are the CRLs at hand, by URL."""
    crls: list[bytes] = []
    answers: list[bytes] = []
    refused: list[_UnusableError] = []
    for url in distribution_points(certificate)[:1]:
        try:
            lists[url] = lists.get(url) or _list(url, certificate, session, at)
            crls.append(lists[url])
        except _UnusableError as error:
            refused.append(error)
            continue
        listed = x509.load_der_x509_crl(lists[url])
        if listed.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None:
            raise _revoked(certificate, url)
    for url in _responders(certificate)[:1]:
        try:
            answers.append(_answer(url, certificate, session, at))
        except _UnusableError as error:
            refused.append(error)
    if refused and not crls and not answers:
        raise refused[0]
    return Revocations(tuple(crls), tuple(answers))


def distribution_points(certificate: x509.Certificate) -> tuple[str, ...]:
    """The HTTP addresses of the CRLs that cover a certificate (RFC 5280 section 4.2.1.13)."""
    points = [
        point
        for extension in certificate.extensions
        if isinstance(extension.value, x509.CRLDistributionPoints)
        for point in extension.value
    ]
    return _urls(name for point in points if point.crl_issuer is None for name in point.full_name or ())


def _responders(certificate: x509.Certificate) -> tuple[str, ...]:
    """The HTTP addresses of OCSP responders (RFC 5280 section 4.2.2.1)."""
    return _urls(
        access.access_location
        for extension in certificate.extensions
        if isinstance(extension.value, x509.AuthorityInformationAccess)
        for access in extension.value
        if access.access_method == AuthorityInformationAccessOID.OCSP
    )


def _urls(names: Iterable[x509.GeneralName]) -> tuple[str, ...]:
    urls = [name.value for name in names if isinstance(name, x509.UniformResourceIdentifier)]
    return tuple(url for url in urls if url.lower().startswith(("http://", "https://")))


def _list(url: str, certificate: x509.Certificate, session: requests.Session, at: datetime) -> bytes:
    content = _asked(url, session)
    try:
        crl = x509.load_der_x509_crl(content)
    except ValueError:
        try:
            crl = x509.load_pem_x509_crl(content)
        except ValueError:
            raise _error("no revocation list can be read from it", url) from None
    if crl.issuer != certificate.issuer:
        raise _error("the revocation list is that of {name}", url, name=crl.issuer.rfc4514_string())
    until = crl.next_update_utc
    if crl.last_update_utc > at + _CLOCK_SKEW or until is None or until < at:
        raise _error("the revocation list is not of today", url)
    return crl.public_bytes(Encoding.DER)


def _answer(url: str, certificate: x509.Certificate, session: requests.Session, at: datetime) -> bytes:
    query = _query(certificate)
    if query is None:
        raise _error("the certificate does not name its issuer's key, so that no responder can be asked", url)
    content = _asked(url, session, query)
    try:
        answer = ocsp.load_der_ocsp_response(content)
        good = answer.response_status is ocsp.OCSPResponseStatus.SUCCESSFUL
        status = answer.certificate_status if good else None
        about = answer.serial_number if good else None
        since, until = (answer.this_update_utc, answer.next_update_utc) if good else (at, None)
    except ValueError:
        raise _error("the answer about revocation cannot be read", url) from None
    if status is ocsp.OCSPCertStatus.REVOKED and about == certificate.serial_number:
        raise _revoked(certificate, url)
    if status is not ocsp.OCSPCertStatus.GOOD or about != certificate.serial_number:
        raise _error("the responder does not know the certificate", url)
    if since > at + _CLOCK_SKEW or (until is not None and until < at):
        raise _error("the answer about revocation is not of today", url)
    return content


def _query(certificate: x509.Certificate) -> bytes | None:
    """An OCSP request by the hashes of RFC 5019; the issuer's key hash is what the certificate calls its identifier."""
    identifiers = [e.value for e in certificate.extensions if isinstance(e.value, x509.AuthorityKeyIdentifier)]
    key = identifiers[0].key_identifier if identifiers else None
    if key is None or len(key) != 20:
        return None
    name = hashlib.sha1(certificate.issuer.public_bytes(), usedforsecurity=False).digest()
    builder = ocsp.OCSPRequestBuilder().add_certificate_by_hash(name, key, certificate.serial_number, SHA1())  # noqa: S303 - names a certificate, signs nothing
    return builder.build().public_bytes(Encoding.DER)


def _asked(url: str, session: requests.Session, query: bytes | None = None) -> bytes:
    try:
        if query is None:
            reply = session.get(url, allow_redirects=False)
        else:
            kind = {"Content-Type": "application/ocsp-request"}
            reply = session.post(url, data=query, headers=kind, allow_redirects=False)
    except (requests.RequestException, OSError) as error:
        raise _error("what says about revocation cannot be had: {kind}", url, kind=type(error).__name__) from None
    if reply.status_code != 200:
        raise _error("HTTP status {status}", url, status=reply.status_code)
    if len(reply.content) > _CAP:
        raise _error("what says about revocation is larger than {size} KiB", url, size=_CAP // 1024)
    return reply.content


def _revoked(certificate: x509.Certificate, url: str) -> KeyFileError:
    name = certificate.subject.rfc4514_string()
    return KeyFileError("{name} was revoked", place=url, name=name, hint="sign with another key")


class _UnusableError(KeyFileError):
    """One source that does not say anything."""


def _error(message: str, url: str, **values: object) -> _UnusableError:
    return _UnusableError(message, place=url, hint="a certificate names it; nothing was written", **values)
