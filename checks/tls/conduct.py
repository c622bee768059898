"""From features to facts: how a server treats sessions, names, client certificates, and hellos that are odd."""

from collections.abc import Iterator

from auditor.errors import Unobserved
from auditor.model import Absence, Absent, Collected, Covered, Fact, FactSpec, Level, ValueType

from . import parameters, vulnerabilities
from .answers import Answer
from .features import ECH, RECORD_SIZE_LIMIT, Features, Resumption
from .handshake13 import Behind
from .hello import SSL30, TLS12, TLS13
from .portrait import Portrait
from .suites import Suite

_TLS13 = "TLSv1.3"


def _fact(kind: ValueType, doc: str, subject: str = "", cost: int = 0, unit: str = "") -> FactSpec:
    return FactSpec(kind, doc, unit=unit, subject=subject, level=Level.STANDARD, cost=cost)


facts = {
    "tls.before_tls13": _fact(bool, "A version before TLS 1.3 is accepted"),
    "tls.certificate_keys": _fact(tuple, "Kinds of keys that the server's certificates have: rsa ec eddsa dsa gost"),
    "tls.client_certificate": _fact(bool, "The client is asked for a certificate"),
    "tls.session_ticket_resumed": _fact(bool, "A session goes on by its ticket (RFC 5077)", "version", 2),
    "tls.session_id_resumed": _fact(bool, "A session goes on by its id", "version", 2),
    "tls.ticket_lifetime": _fact(int, "How long a session ticket is said to be good for", "version", 1, "s"),
    "tls.early_data": _fact(bool, "Tickets allow data before the handshake is over (0-RTT; RFC 8446, section 2.3)"),
    "tls.record_size_limit": _fact(bool, "A limit of record size is negotiated (RFC 8449)", "version"),
    "tls.ech": _fact(bool, "Encrypted ClientHellos are understood (RFC 9849)"),
    "tls.sni": _fact(
        str,
        "What a hello without the site's name meets: required (refused), used (another certificate), ignored (the"
        " same certificate)",
        cost=1,
    ),
    "tls.intolerant": _fact(
        bool,
        "What a server must ignore it cannot bear: a newer version, unknown extensions, unknown suites, the length of"
        " a hello",
        "oddity",
        1,
    ),
}

_AUTHENTICATION = {"ECDSA": "ec", "RSA": "rsa", "DSS": "dsa", "CNT": "gost", "IMIT": "gost"}


def stated(portrait: Portrait) -> Iterator[Collected]:
    """Every fact of this module."""
    features = portrait.features
    yield _before(portrait)
    yield _keys(portrait)
    yield _answer("tls.client_certificate", features.asks_certificate)
    yield from _sessions(features)
    yield from _limits(portrait)
    yield from _behind(features)
    yield _sni(features)
    for name, answer in (features.intolerant or {}).items():
        yield _answer("tls.intolerant", answer, name)
    yield Covered("tls.intolerant")


def _before(portrait: Portrait) -> Collected:
    if any(each.number < TLS13 for each in portrait.offerings):
        return Fact("tls.before_tls13", value=True)
    gap = next((each.gap for each in portrait.open if each.version.number < TLS13 and each.gap), None)
    return Absent("tls.before_tls13", gap.reason, gap.detail) if gap else Fact("tls.before_tls13", value=False)


def _keys(portrait: Portrait) -> Collected:
    """By the suites before TLS 1.3, and by what the server signs with."""
    kinds = {_kind(suite) for each in portrait.offerings for suite in each.kinds}
    signatures = portrait.signatures.members if portrait.signatures else ()
    kinds |= {_signer(parameters.SIGNATURES[code]) for code in signatures}
    gap = vulnerabilities.unseen(portrait, SSL30, TLS12) or (portrait.signatures.gap if portrait.signatures else None)
    found = tuple(sorted(kinds - {""}))
    if not found:
        gap = gap or Unobserved(Absence.NOT_OFFERED, "no suite with a certificate")
        return Absent("tls.certificate_keys", gap.reason, gap.detail)
    return Fact("tls.certificate_keys", found, complete=gap is None)


def _kind(suite: Suite) -> str:
    if "anon" in suite.exchange or not suite.exchange:
        return ""
    authentication = suite.exchange.removesuffix("_EXPORT").removesuffix("_EXPORT1024").rpartition("_")[2]
    return "gost" if suite.exchange.startswith("GOST") else _AUTHENTICATION.get(authentication, "")


def _signer(name: str) -> str:
    family = name.partition("_")[0]
    return {"rsa": "rsa", "ecdsa": "ec", "dsa": "dsa", "ed25519": "eddsa", "ed448": "eddsa"}.get(family, "")


def _sessions(features: Features) -> Iterator[Collected]:
    """Sessions before TLS 1.3, and the tickets of all versions."""
    if features.resumption is not None:
        yield from _resumed(features.resumption)
    behind = features.behind
    if isinstance(behind, Behind) and behind.tickets:
        yield Fact("tls.ticket_lifetime", max(ticket.lifetime for ticket in behind.tickets), _TLS13)
    elif isinstance(behind, Unobserved):
        yield Absent("tls.ticket_lifetime", behind.reason, behind.detail, _TLS13)
    elif behind is not None:
        gap = _without_tickets(behind)
        yield Absent("tls.ticket_lifetime", gap.reason, gap.detail, _TLS13)
    for name in ("tls.session_ticket_resumed", "tls.session_id_resumed", "tls.ticket_lifetime"):
        yield Covered(name)


def _resumed(sessions: Resumption) -> Iterator[Collected]:
    none = Unobserved(Absence.NOT_OFFERED, "no ticket was issued")
    if sessions.gap is not None:
        yield Absent("tls.session_ticket_resumed", sessions.gap.reason, sessions.gap.detail, sessions.version)
        yield Absent("tls.ticket_lifetime", sessions.gap.reason, sessions.gap.detail, sessions.version)
    elif sessions.by_ticket is None:
        yield Fact("tls.session_ticket_resumed", value=False, subject=sessions.version)
        yield Absent("tls.ticket_lifetime", none.reason, none.detail, sessions.version)
    else:
        yield _answer("tls.session_ticket_resumed", sessions.by_ticket, sessions.version)
        yield Fact("tls.ticket_lifetime", sessions.lifetime or 0, sessions.version)
    if sessions.by_id is not None:
        yield _answer("tls.session_id_resumed", sessions.by_id, sessions.version)


def _without_tickets(behind: Behind) -> Unobserved:
    if behind.finished:
        return Unobserved(Absence.NOT_OFFERED, "no ticket was issued")
    return Unobserved(Absence.REFUSED, "the handshake was not finished")


def _limits(portrait: Portrait) -> Iterator[Collected]:
    name = "tls.record_size_limit"
    for each in portrait.offerings:
        if SSL30 < each.number < TLS13:
            seen = [flight.hello.extension(RECORD_SIZE_LIMIT) is not None for flight in each.flights]
            gap = each.suites.gap or Unobserved(Absence.NOT_COLLECTED, "no answer that could have shown it")
            yield _answer(name, Answer(any(seen)) if seen else Answer(gap=gap), each.name)
    behind = portrait.features.behind
    if isinstance(behind, Behind):
        yield Fact(name, behind.extension(RECORD_SIZE_LIMIT) is not None, _TLS13)
    elif behind is not None:
        yield Absent(name, behind.reason, behind.detail, _TLS13)
    yield Covered(name)


def _behind(features: Features) -> Iterator[Collected]:
    """What TLS 1.3 alone has."""
    behind = features.behind
    if not isinstance(behind, Behind):
        gap = behind or Unobserved(Absence.NOT_OFFERED, "TLS 1.3 is not accepted")
        yield Absent("tls.early_data", gap.reason, gap.detail)
        yield Absent("tls.ech", gap.reason, gap.detail)
        return
    if behind.tickets or behind.finished:
        yield Fact("tls.early_data", any(ticket.early for ticket in behind.tickets))
    else:
        gap = _without_tickets(behind)
        yield Absent("tls.early_data", gap.reason, gap.detail)
    yield Fact("tls.ech", behind.extension(ECH) is not None)


def _sni(features: Features) -> Collected:
    if isinstance(features.sni, str):
        return Fact("tls.sni", features.sni)
    gap = features.sni or Unobserved(Absence.NOT_ASSESSABLE, "there is no name, or no hello that could do without")
    return Absent("tls.sni", gap.reason, gap.detail)


def _answer(name: str, answer: Answer, subject: str = "") -> Collected:
    if answer.value is not None:
        return Fact(name, answer.value, subject)
    gap = answer.gap or Unobserved(Absence.NOT_COLLECTED, "nothing was asked that could have shown it")
    return Absent(name, gap.reason, gap.detail, subject or None)
