"""What a server sends along with the leaf: its issuer's OCSP response, and timestamps of transparency logs."""

from collections.abc import Iterator, Sequence

from cryptography import x509

from auditor.errors import Unobserved
from auditor.model import Absence, Absent, Fact, Value

from . import ocsp, timestamps
from .presented import Chain
from .reading import UNREADABLE

OCSP_FACTS = (
    "cert.ocsp_staple_faults",
    "cert.ocsp_staple_status",
    "cert.ocsp_staple_this_update",
    "cert.ocsp_staple_next_update",
    "cert.scts_ocsp",
)
FACTS = ("cert.ocsp_stapled", *OCSP_FACTS, "cert.scts_tls", "cert.scts")
"""Every fact that `stated` accounts for."""

_NONE = Unobserved(Absence.NOT_OFFERED, "no OCSP response was sent along")
_NO_LIMIT = Unobserved(Absence.NOT_OFFERED, "the response does not say when there will be a newer one")
_SILENT = Unobserved(Absence.NOT_ASSESSABLE, "the response does not speak of the certificate")
_NO_LIST = Unobserved(Absence.MALFORMED, "no list of timestamps")

Logs = tuple[timestamps.Timestamp, ...] | Unobserved


def stated(
    subject: str, chain: Chain, leaf: x509.Certificate, issuers: Sequence[x509.Certificate]
) -> Iterator[Fact | Absent]:
    """Facts about what came along with the leaf of a chain.

    Args:
        subject: of the facts.
        chain: as presented.
        leaf: its first certificate.
        issuers: authorities of which one may have issued it.
    """
    said = ocsp.read(chain.staple, leaf, issuers) if isinstance(chain.staple, bytes) else None
    if isinstance(chain.staple, Unobserved):
        yield from _gaps(("cert.ocsp_stapled", *OCSP_FACTS), chain.staple, subject)
    else:
        yield Fact("cert.ocsp_stapled", chain.staple is not None, subject)
    if said is not None:
        yield from _of_response(said, subject)
    elif chain.staple is None:
        yield from _gaps(OCSP_FACTS[:-1], _NONE, subject)
        yield Fact("cert.scts_ocsp", 0, subject)
    sent = _sent(chain.timestamps)
    yield _count("cert.scts_tls", sent, subject)
    stapled = chain.staple if isinstance(chain.staple, Unobserved) else said.timestamps if said else ()
    yield _count("cert.scts", _together(_embedded(leaf), sent, stapled), subject)


def _of_response(said: ocsp.Statement, subject: str) -> Iterator[Fact | Absent]:
    faults = tuple(fault for fault in said.faults if fault != ocsp.UNVERIFIED)
    yield Fact("cert.ocsp_staple_faults", faults, subject, complete=ocsp.UNVERIFIED not in said.faults)
    yield _known("cert.ocsp_staple_status", said.status or _SILENT, subject)
    yield _known("cert.ocsp_staple_this_update", said.this_update or _SILENT, subject)
    limit = said.next_update or (_NO_LIMIT if said.status else _SILENT)
    yield _known("cert.ocsp_staple_next_update", limit, subject)
    yield _count("cert.scts_ocsp", said.timestamps, subject)


def _sent(content: bytes | Unobserved | None) -> Logs:
    if not isinstance(content, bytes):
        return content or ()
    try:
        return timestamps.parsed(content)
    except ValueError:
        return _NO_LIST


def _embedded(leaf: x509.Certificate) -> Logs:
    try:
        return timestamps.embedded(leaf)
    except UNREADABLE:
        return _NO_LIST


def _together(*ways: Logs) -> Logs:
    found: list[timestamps.Timestamp] = []
    for way in ways:
        if isinstance(way, Unobserved):
            return way
        found += way
    return tuple(found)


def _count(name: str, found: Logs, subject: str) -> Fact | Absent:
    return _known(name, found if isinstance(found, Unobserved) else timestamps.logs(found), subject)


def _known(name: str, value: Value | Unobserved, subject: str) -> Fact | Absent:
    if isinstance(value, Unobserved):
        return Absent(name, value.reason, value.detail, subject)
    return Fact(name, value, subject)


def _gaps(names: Sequence[str], gap: Unobserved, subject: str) -> Iterator[Absent]:
    return (Absent(name, gap.reason, gap.detail, subject) for name in names)
