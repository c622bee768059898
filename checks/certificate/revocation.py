"""Whether the issuers have revoked the certificates that the server shows: asked of their OCSP responders and lists.

Responders and lists are where each certificate says (RFC 5280, sections 4.2.1.13 and 4.2.2.1), so that this goes to
third parties. The list is fetched only where no responder has settled it: lists are long.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from auditor.errors import Unobserved
from auditor.model import Absence, Absent, Collected, Covered, Fact, FactSpec, Level, Target, absent_all
from auditor.net import Field, Network, Response

from . import crl, extensions, ocsp, replaced, trust
from .positions import POSITION, subjects
from .presented import presentation
from .reading import UNREADABLE, read

T = TypeVar("T", str, bool)

facts = {
    "cert.revoked": FactSpec(
        bool,
        "Its issuer has revoked it, as an OCSP responder or else a revocation list says",
        subject=POSITION,
        level=Level.STANDARD,
        cost=2,
    ),
    "cert.ocsp_status": FactSpec(
        str,
        "What its issuer's OCSP responder says of it: good, revoked, unknown",
        subject=POSITION,
        level=Level.STANDARD,
    ),
    "cert.crl_listed": FactSpec(
        bool,
        "It is on its issuer's revocation list, which is looked at where no OCSP responder has settled it",
        subject=POSITION,
        level=Level.STANDARD,
    ),
}

_MOST = 5
"""Certificates of a chain that are asked about."""
_URLS = 2
"""Addresses of one kind that are tried for a certificate."""
_CAP_OCSP, _CAP_LIST = 1 << 16, 1 << 23
_REQUEST = Field("Content-Type", "application/ocsp-request")

_UNPUBLISHED = Unobserved(Absence.NOT_OFFERED, "the certificate names no responder and no list that could be asked")
_NO_RESPONDER = Unobserved(Absence.NOT_OFFERED, "the certificate names no OCSP responder")
_NO_LIST = Unobserved(Absence.NOT_OFFERED, "the certificate names no revocation list")
_SETTLED = Unobserved(Absence.NOT_COLLECTED, "the OCSP responder has settled it")
_OUT_OF_DATE = Unobserved(Absence.NOT_ASSESSABLE, "what the issuer says is out of date")
_UNVERIFIED = Unobserved(Absence.NOT_ASSESSABLE, "nobody here can verify what the issuer says")
_TOO_MANY = Unobserved(Absence.LIMITED, "more certificates than are asked about")
_CUT = Unobserved(Absence.LIMITED, "the answer is over the length cap or broken off")
_UNKNOWN = Unobserved(Absence.NOT_ASSESSABLE, "the responder does not know the certificate")


def collect(target: Target, net: Network) -> Iterable[Collected]:
    """At most two requests for each certificate and kind, to services that the certificates name."""
    presented = presentation(target, net)
    if not presented.chains:
        yield from absent_all(facts, Absence.NOT_OFFERED, "the server sent no certificate")
        return
    if any(replaced.by_block_page(target.host, chain.certificates) for chain in presented.chains):
        yield from absent_all(facts, replaced.GAP.reason, replaced.GAP.detail)
        return
    at = datetime.now(UTC)
    for chain in presented.chains:
        sent = [read(der) for der in chain.certificates]
        readable = [each for each in sent if isinstance(each, x509.Certificate)]
        for place, (subject, certificate) in enumerate(zip(subjects(chain), sent, strict=True)):
            if isinstance(certificate, Exception):
                gap = Unobserved(Absence.MALFORMED, f"the certificate cannot be read: {type(certificate).__name__}")
                yield from _account(subject, _Found(gap, gap, gap))
            elif place >= _MOST:
                yield from _account(subject, _Found(_TOO_MANY, _TOO_MANY, _TOO_MANY))
            else:
                yield from _account(
                    subject, _asked(certificate, trust.issuers(certificate, readable, net.roots), net, at)
                )
    if presented.gap is not None:
        yield from absent_all(facts, presented.gap.reason, f"there may be another certificate: {presented.gap.detail}")
    else:
        yield from map(Covered, facts)


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found out about one certificate."""

    revoked: bool | Unobserved
    status: str | Unobserved
    listed: bool | Unobserved


def _account(subject: str, found: _Found) -> Iterator[Fact | Absent]:
    for name, value in zip(facts, (found.revoked, found.status, found.listed), strict=True):
        if isinstance(value, Unobserved):
            yield Absent(name, value.reason, value.detail, subject)
        else:
            yield Fact(name, value, subject)


def _asked(certificate: x509.Certificate, issuers: Sequence[x509.Certificate], net: Network, at: datetime) -> _Found:
    try:
        responders = extensions.over_http(extensions.ocsp_urls(certificate))[:_URLS]
        lists = extensions.over_http(extensions.crl_urls(certificate))[:_URLS]
    except UNREADABLE as error:
        gap = Unobserved(Absence.MALFORMED, f"the certificate cannot be read: {type(error).__name__}")
        return _Found(gap, gap, gap)
    status = _first_settled((_status(url, certificate, issuers, net, at) for url in responders), _NO_RESPONDER)
    if isinstance(status, str) and status != "unknown":
        return _Found(status == "revoked", status, _SETTLED if lists else _NO_LIST)
    listed = _first_settled((_listed(url, certificate, issuers, net, at) for url in lists), _NO_LIST)
    if not isinstance(listed, Unobserved):
        return _Found(listed, status, listed)
    if not responders and not lists:
        return _Found(_UNPUBLISHED, status, listed)
    return _Found(_UNKNOWN if isinstance(status, str) else status if responders else listed, status, listed)


def _first_settled(answers: Iterator[T | Unobserved], nothing: Unobserved) -> T | Unobserved:
    """The first answer that is one, else the last reason."""
    last: T | Unobserved = nothing
    for last in answers:
        if not isinstance(last, Unobserved):
            break
    return last


def _status(
    url: str, certificate: x509.Certificate, issuers: Sequence[x509.Certificate], net: Network, at: datetime
) -> str | Unobserved:
    """What the responder at a URL says."""
    if not issuers:
        return _UNVERIFIED
    try:
        question = ocsp.request(certificate, issuers[0]).public_bytes(Encoding.DER)
        answer = _answered(net.call(url, body=question, fields=(_REQUEST,), cap=_CAP_OCSP))
    except Unobserved as gap:
        return gap
    except UNREADABLE as error:
        return Unobserved(Absence.MALFORMED, f"the certificate cannot be read: {type(error).__name__}")
    return _believed(ocsp.read(answer, certificate, issuers), at)


def _believed(said: ocsp.Statement, at: datetime) -> str | Unobserved:
    """The status, where it is the issuer's word about the moment `at`."""
    if ocsp.UNSUCCESSFUL in said.faults:
        return Unobserved(Absence.REFUSED, "the responder has no answer")
    if said.faults == (ocsp.UNVERIFIED,):
        return _UNVERIFIED
    if not said.believed:
        return Unobserved(Absence.MALFORMED, f"the responder's answer is not to be believed: {', '.join(said.faults)}")
    return said.status if said.current(at) else _OUT_OF_DATE


def _listed(
    url: str, certificate: x509.Certificate, issuers: Sequence[x509.Certificate], net: Network, at: datetime
) -> bool | Unobserved:
    """What the list at a URL says."""
    if not issuers:
        return _UNVERIFIED
    try:
        said = crl.read(_answered(net.call(url, cap=_CAP_LIST)), certificate, issuers)
    except Unobserved as gap:
        return gap
    if said.fault:
        return (
            _UNVERIFIED
            if said.fault == crl.UNVERIFIED
            else Unobserved(Absence.MALFORMED, f"the revocation list is not to be believed: {said.fault}")
        )
    return said.listed if said.current(at) else _OUT_OF_DATE


def _answered(response: Response) -> bytes:
    """The body of an answer.

    Raises:
        Unobserved: there is none that could be used.
    """
    if response.status != 200:
        raise Unobserved(Absence.REFUSED, f"status {response.status}")
    if not response.complete:
        raise _CUT
    return response.body
