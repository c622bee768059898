"""Which protocol versions a server accepts, each asked for alone.

Accepted is what a ServerHello of exactly that version says. Refused is what an alert, an orderly close, a reset, or a
ServerHello of another version says. Anything else (a time-out, a broken answer) leaves the version open.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net import Ask, Network, Reply

from . import hello, records, sslv2
from .hello import Manner, Offer
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

_PROTOCOL_VERSION = 70

COMMONEST = VERSIONS[4]
"""The one to ask for first: nearly every server that speaks TLS at all has TLS 1.2."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What asking for one version brought."""

    version: Version
    accepted: bool | None
    """None while it is open; `gap` says why."""
    hello: ServerHello | ServerHelloV2 | None = None
    """The ServerHello that came, of whatever version."""
    silent: bool = False
    """Refused without a word: the connection was closed or reset."""
    alert: int | None = None
    """That it was refused with."""
    manner: Manner = "usual"
    """Of the hello that was accepted."""
    clear: bytes = b""
    """The start of an answer that is not TLS at all."""
    gap: Unobserved | None = None

    @property
    def speaks_tls(self) -> bool:
        """A ServerHello came."""
        return self.hello is not None


def ask(wanted: Sequence[Version], host: str, net: Network, again: str = "") -> list[Sighting]:
    """Ask for each of these versions alone."""
    asks = [
        Ask(version.ask(host), settled_by(version.parse), f"tls version {version.name}{again}") for version in wanted
    ]
    return [read(version, reply) for version, reply in zip(wanted, net.converse_all(asks), strict=True)]


def read(version: Version, reply: Reply | Unobserved) -> Sighting:
    """What an outcome says about the version asked for."""
    if isinstance(reply, Unobserved):
        return Sighting(version, None, gap=reply)
    try:
        found = version.parse(reply.data)
    except TlsParseError as error:
        gap = Unobserved(Absence.MALFORMED, f"no answer of TLS: {error}")
        return Sighting(version, None, clear=reply.data[:16] if records.foreign(reply.data) else b"", gap=gap)
    if isinstance(found, ServerHello | ServerHelloV2):
        return Sighting(version, found.version == version.number, hello=found)
    return _refused(version, found, reply)


def _refused(version: Version, found: object, reply: Reply) -> Sighting:
    """By an alert, an error of SSL 2.0, or without a word; or broken off."""
    if found is not None and reply.ended != "cap":
        return Sighting(version, accepted=False, alert=found.description if isinstance(found, records.Alert) else None)
    if not reply.data and reply.ended != "cap":
        return Sighting(version, accepted=False, silent=True)
    detail = f"cut off after {len(reply.data)} octets of an answer ({reply.ended})"
    return Sighting(version, None, gap=Unobserved(Absence.MALFORMED, detail))


def survey(host: str, net: Network) -> tuple[Sighting, ...]:
    """Every version.

    Where versions were refused without a word, one that was accepted is asked for again at the end: a server or
    firewall that has begun to drop us refuses that too, and then the silent refusals say nothing.
    """
    seen = ask(VERSIONS, host, net)
    accepted = next((sighting.version for sighting in reversed(seen) if sighting.accepted), None)
    if accepted and any(sighting.silent for sighting in seen) and not still_answers(accepted, host, net, " again"):
        seen = [_reopened(sighting) for sighting in seen]
    return _asked_gently(tuple(seen), host, net)


def _asked_gently(seen: tuple[Sighting, ...], host: str, net: Network) -> tuple[Sighting, ...]:
    """The same; where no version of TLS was accepted and one refused for no clear reason, what less of a hello brings.

    There are servers that cannot bear a hello of more than 255 octets, or any extension.
    """
    modern = [sighting for sighting in seen if sighting.version.number > hello.SSL30]
    unclear = any(s.silent or (s.accepted is False and s.alert not in (None, _PROTOCOL_VERSION)) for s in modern)
    if not unclear or any(sighting.accepted for sighting in modern):
        return seen
    elders = [sighting.version for sighting in modern if sighting.version.number < hello.TLS13]
    manners: tuple[Manner, ...] = ("small", "plain")
    for manner in manners:
        gentle = [replace(version, ask=_gentle(version.number, manner)) for version in elders]
        again = {
            each.version.name: replace(each, version=version, manner=manner)
            for version, each in zip(elders, ask(gentle, host, net, f" {manner}"), strict=True)
        }
        if any(each.accepted for each in again.values()):
            return tuple(again.get(sighting.version.name, sighting) for sighting in seen)
    return seen


def _gentle(number: int, manner: Manner) -> Callable[[str], bytes]:
    return lambda host: hello.client_hello(number, host, Offer(manner=manner))


def still_answers(accepted: Version, host: str, net: Network, again: str) -> bool:
    """Whether a version that was accepted before still is; `again` tells this question from others like it."""
    return bool(ask([accepted], host, net, again)[0].accepted)


def _reopened(sighting: Sighting) -> Sighting:
    if not sighting.silent:
        return sighting
    detail = "closed without a word, as was then a version accepted before"
    return Sighting(sighting.version, None, gap=Unobserved(Absence.REFUSED, detail))


def names(accepted: Iterable[str]) -> tuple[str, ...]:
    """Names of versions, each once, oldest first."""
    wanted = set(accepted)
    return tuple(version.name for version in VERSIONS if version.name in wanted)
