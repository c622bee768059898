"""Which protocol versions a server accepts, each asked for alone.

Accepted is what a ServerHello of exactly that version says. Refused is what an alert, an orderly close, a reset, or a
ServerHello of another version says. Anything else (a time-out, a broken answer) leaves the version open.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net import Network, Reply

from . import hello, records, sslv2
from .records import ServerHello, TlsParseError, settled_by
from .sslv2 import ServerHelloV2


@dataclass(frozen=True, slots=True)
class Version:
    """A protocol version: its name in facts, its number on the wire, and how to ask for it alone."""

    name: str
    number: int
    ask: Callable[[str], bytes]
    """Host to the bytes of the question."""
    parse: Callable[[bytes], object]


def _modern(name: str, number: int) -> Version:
    return Version(name, number, lambda host: hello.client_hello(number, host), records.answer)


VERSIONS = (
    Version("SSLv2", sslv2.VERSION, lambda _: sslv2.client_hello(), sslv2.answer),
    _modern("SSLv3", hello.SSL30),
    _modern("TLSv1.0", hello.TLS10),
    _modern("TLSv1.1", hello.TLS11),
    _modern("TLSv1.2", hello.TLS12),
    _modern("TLSv1.3", hello.TLS13),
)
"""Oldest first."""

COMMONEST = VERSIONS[4]
"""The one to ask for first: nearly every server that speaks TLS at all has TLS 1.2."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What asking for one version brought."""

    version: Version
    accepted: bool | None
    """None while it is open; `gap` says why."""
    speaks_tls: bool = False
    """A ServerHello came, of whatever version."""
    silent: bool = False
    """Refused without a word: the connection was closed or reset."""
    clear: bytes = b""
    """The start of an answer that is not TLS at all."""
    gap: Unobserved | None = None


def ask(version: Version, host: str, net: Network, purpose: str = "") -> Sighting:
    """Ask for one version."""
    enough = settled_by(version.parse)
    try:
        reply = net.converse(version.ask(host), enough, purpose=purpose or f"tls version {version.name}")
    except Unobserved as gap:
        return Sighting(version, None, gap=gap)
    return read(version, reply)


def read(version: Version, reply: Reply) -> Sighting:
    """What a reply says about the version asked for."""
    try:
        found = version.parse(reply.data)
    except TlsParseError as error:
        gap = Unobserved(Absence.MALFORMED, f"no answer of TLS: {error}")
        return Sighting(version, None, clear=reply.data[:16] if records.foreign(reply.data) else b"", gap=gap)
    if isinstance(found, ServerHello | ServerHelloV2):
        return Sighting(version, found.version == version.number, speaks_tls=True)
    if found is not None and reply.ended != "cap":
        return Sighting(version, accepted=False)
    if not reply.data and reply.ended != "cap":
        return Sighting(version, accepted=False, silent=True)
    detail = f"cut off after {len(reply.data)} octets of an answer ({reply.ended})"
    return Sighting(version, None, gap=Unobserved(Absence.MALFORMED, detail))


def survey(first: Sighting, host: str, net: Network) -> tuple[Sighting, ...]:
    """Every version, `first` being one that was asked for already.

    Where versions were refused without a word, one that was accepted is asked for again at the end: a server or
    firewall that has begun to drop us refuses that too, and then the silent refusals say nothing.
    """
    seen = [first if version == first.version else ask(version, host, net) for version in VERSIONS]
    accepted = next((sighting.version for sighting in reversed(seen) if sighting.accepted), None)
    if accepted and any(sighting.silent for sighting in seen):
        again = ask(accepted, host, net, f"tls version {accepted.name} again")
        if not again.accepted:
            seen = [_reopened(sighting) for sighting in seen]
    return tuple(seen)


def _reopened(sighting: Sighting) -> Sighting:
    if not sighting.silent:
        return sighting
    detail = "closed without a word, as was then a version accepted before"
    return Sighting(sighting.version, None, gap=Unobserved(Absence.REFUSED, detail))


def names(accepted: Iterable[str]) -> tuple[str, ...]:
    """Names of versions, each once, oldest first."""
    wanted = set(accepted)
    return tuple(version.name for version in VERSIONS if version.name in wanted)
