"""Asks a server for its certificate of one kind, and for what may come along with it, by a ClientHello alone."""

from collections.abc import Sequence

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net import Ask, Network, Reply

from ..tls import secrets13, suites
from ..tls.hello import SSL30, SUITES_LEGACY, SUITES_TLS12, TLS10, TLS11, TLS12, TLS13, Offer, client_hello
from ..tls.records import Alert, TlsParseError, settled_by
from .showing import Parser, Shown, parser

RSA, EC = "rsa", "ec"
"""Kinds of certificate by their key; those with keys for EdDSA stand with the elliptic curves."""
_VERSIONS = {"SSLv3": SSL30, "TLSv1.0": TLS10, "TLSv1.1": TLS11, "TLSv1.2": TLS12, "TLSv1.3": TLS13}
_EXCHANGES = {RSA: ("ECDHE_RSA", "DHE_RSA", "RSA"), EC: ("ECDHE_ECDSA",)}
_SIGNATURES = {
    RSA: (0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B, 0x0401, 0x0501, 0x0601, 0x0201),
    EC: (0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x081A, 0x081B, 0x081C, 0x0203),
}
_REFUSING = frozenset({0, 40, 41, 47, 70, 71, 109})
"""Alerts of a server that has nothing for such a client: handshake_failure, and what some send in its place
(close_notify, no_certificate, illegal_parameter, protocol_version, insufficient_security, missing_extension)."""
_CAP = 1 << 20
"""Octets of an answer that are read: certificates with thousands of names are long."""

Outcome = Shown | Unobserved | None
"""None: the server has no certificate of that kind."""

_SILENT = Unobserved(Absence.REFUSED, "closed without a word")


def shown(
    kinds: Sequence[str], version: str, host: str, net: Network, purpose: str = "certificate"
) -> tuple[Outcome, ...]:
    """What the server shows to clients that take one kind of certificate (`rsa`, `ec`) each; in their order.

    A connection closed without a word says that there is no such certificate only where another kind was shown.

    Args:
        kinds: each asked for in a conversation of its own.
        version: that of a handshake which succeeded, or one to try.
        host: name or IP literal that hellos are for.
        net: the way out.
        purpose: of the conversations; another one asks anew what was asked before.
    """
    number = _VERSIONS[version]
    hellos = [client_hello(number, host, _offer(kind, number)) for kind in kinds]
    parsers = [parser(hello, number) for hello in hellos]
    asks = [
        Ask(hello, settled_by(parse), f"{purpose} {kind}", _CAP)
        for kind, hello, parse in zip(kinds, hellos, parsers, strict=True)
    ]
    replies = net.converse_all(asks)
    outcomes = [_outcome(parse, reply) for parse, reply in zip(parsers, replies, strict=True)]
    answering = any(isinstance(outcome, Shown) for outcome in outcomes)
    return tuple(None if answering and outcome is _SILENT else outcome for outcome in outcomes)


def _offer(kind: str, version: int) -> Offer:
    if version == TLS13:
        shares = secrets13.shares()
        return Offer(groups=[group for group, _ in shares], signatures=_SIGNATURES[kind], shares=shares, status=True)
    usual = SUITES_TLS12 if version == TLS12 else SUITES_LEGACY
    fitting = [suite.code for suite in suites.of(usual) if suite.exchange in _EXCHANGES[kind]]
    return Offer(suites=fitting, signatures=_SIGNATURES[kind], status=True)


def _outcome(parse: Parser, reply: Reply | Unobserved) -> Outcome:
    if isinstance(reply, Unobserved):
        return reply
    try:
        found = parse(reply.data)
    except TlsParseError as error:
        return Unobserved(Absence.MALFORMED, f"no answer of TLS: {error}")
    match found:
        case Shown():
            return found
        case Alert(description=description):
            alert = Unobserved(Absence.REFUSED, f"refused with an alert: {description}")
            return None if description in _REFUSING else alert
        case None:
            return _cut_off(reply)


def _cut_off(reply: Reply) -> Unobserved:
    if reply.ended == "cap":
        return Unobserved(Absence.LIMITED, "the certificates are over the length cap")
    return Unobserved(Absence.MALFORMED, "cut off before the certificates ended") if reply.data else _SILENT
