"""What shows in whole handshakes, and in single odd hellos.

Sessions that go on, tickets, client certificates, names, what stands behind the encryption of TLS 1.3, what a server
cannot bear.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from ipaddress import ip_address
from typing import TypeVar

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net import Dialogue, Script, Series

from . import handshake12, handshake13, parameters, suites
from .answers import Answer
from .handshake12 import Opening, Session
from .handshake13 import Behind
from .hello import SSL30, SUITES_TLS13, TLS13, Manner, Offer, usual_suites
from .versions import Sighting
from .walks import Question, Told, asked, once

T = TypeVar("T")

_SESSION = b"auditor".ljust(32, b"\0")
"""Id that we give to a session that goes on by ticket: it comes back where it does (RFC 5077, section 3.4)."""
RECORD_SIZE_LIMIT, ECH = 28, 0xFE0D
_TICKET, _GREASE = 35, 0x7A7A
_ECH_OUTER = bytes.fromhex("00 0001 0001 2a 0020") + bytes(31) + b"\x09" + (144).to_bytes(2) + bytes(144)
"""An encrypted hello for nobody (RFC 9849, section 6.2): who knows ECH answers with its configuration."""
_NO_PROTOCOL = "TLS alert 120"


@dataclass(frozen=True, slots=True)
class Met:
    """A first flight, and the session where the handshake came to its end."""

    opening: Opening
    session: Session | None
    gap: Unobserved | None = None


@dataclass(frozen=True, slots=True)
class Resumption:
    """Sessions of one version before TLS 1.3. What is None was not asked, or does not exist."""

    version: str
    by_ticket: Answer | None = None
    by_id: Answer | None = None
    lifetime: int | None = None
    """Seconds that the ticket is said to be good for."""
    first: Opening | None = None
    """What the server says before it waits for us."""
    gap: Unobserved | None = None
    """Why there is no session to speak of."""


@dataclass(frozen=True, slots=True)
class Features:
    """All of it. A field is None where its question does not apply."""

    resumption: Resumption | None = None
    behind: Behind | Unobserved | None = None
    """What TLS 1.3 has behind its encryption."""
    protocols: Mapping[str, Answer] | None = None
    """Of ALPN: whether each is taken when offered alone."""
    sni: str | Unobserved | None = None
    """`required`, `used` (another certificate without a name) or `ignored`."""
    intolerant: Mapping[str, Answer] | None = None
    chosen: Mapping[int, int] = field(default_factory=dict)
    """By version: the suite chosen of those known, offered in an order that tells whose counts."""

    @property
    def asks_certificate(self) -> Answer:
        """Whether the client is asked for a certificate in any version."""
        first = self.resumption.first if self.resumption else None
        seen = [each.asks_certificate for each in (first, self.behind) if isinstance(each, Opening | Behind)]
        if any(seen):
            return Answer(value=True)
        gaps = [self.behind] if isinstance(self.behind, Unobserved) else []
        gaps += [self.resumption.gap] if self.resumption and first is None and self.resumption.gap else []
        if gaps or not seen:
            return Answer(gap=gaps[0] if gaps else None)
        return Answer(value=False)


def met(version: int, host: str, offer: Offer) -> Script[Met]:
    """A handshake as far as the server goes along."""
    opening = yield from handshake12.opened(version, host, offer)
    try:
        heard = yield from handshake12.answered(opening, farewell=True)
        return Met(opening, handshake12.finished(heard))
    except Unobserved as gap:
        return Met(opening, None, gap)


def _said(script: Callable[[], Script[T]], purpose: str) -> Series[T | Unobserved]:
    outcome: T | Unobserved = yield Dialogue(script, f"tls {purpose}")
    return outcome


@dataclass(frozen=True, slots=True)
class Asking:
    """The series that find it out, once it is known which versions are accepted."""

    accepted: Sequence[Sighting]
    host: str
    negotiated: str | None
    """The protocol that a handshake which offered all chose by ALPN, empty for none; None without one."""

    def series(self) -> Mapping[str, Series[object]]:
        """By name; `read` wants their results by the same."""
        found: dict[str, Series[object]] = {}
        elder, modern = self._elder, self._modern
        if elder is not None:
            first, second = self._wanted_protocols
            found |= {"by ticket": self._by_ticket(elder, first), "by id": self._by_id(elder, second)}
        if not _is_address(self.host):
            if elder is not None:
                number = elder.version.number
                found["nameless"] = _said(lambda: handshake12.opened(number, "", _offer(elder)), "without name")
            elif modern is not None:
                found["nameless"] = self._behind("", (), SUITES_TLS13)
        return found

    def later(self, turned: Mapping[int, tuple[int, ...]]) -> Mapping[str, Series[object]]:
        """More of them, which offer the suites of a version in a telling order; `read_later` wants their results."""
        newest = self._elder or self._modern
        if newest is None:
            return {}
        return {"odd": _odd(newest, self.host, turned.get(newest.version.number, ()))}

    def behind(self, codes: Sequence[int]) -> Series[Behind | Unobserved | None]:
        """What stands behind the encryption of TLS 1.3; the suites are offered in an order that tells whose counts.

        Nothing where there is no other version: then it is asked at once, and the order shows elsewhere.
        """
        return None if self._elder is None else (yield from self._behind(self.host, (), codes))

    def behind_alone(self) -> Series[Behind | Unobserved | None]:
        """The same where there is no other version."""
        if self._elder is not None:
            return None
        return (yield from self._behind(self.host, self._other_protocol, SUITES_TLS13))

    @property
    def ordered(self) -> frozenset[int]:
        """Versions whose order of suites shows later."""
        newest = self._elder or self._modern
        return frozenset(each.version.number for each in (newest, self._modern) if each is not None)

    @property
    def _wanted_protocols(self) -> tuple[str, str]:
        """What a handshake with a ticket, and one without, has to offer by ALPN; empty for nothing."""
        if self.negotiated is None:
            return parameters.PROTOCOLS
        return "", next((name for name in parameters.PROTOCOLS if self.negotiated and name != self.negotiated), "")

    @property
    def _elder(self) -> Sighting | None:
        """The newest of TLS 1.0 to 1.2."""
        fitting = (each for each in reversed(self.accepted) if SSL30 < each.version.number < TLS13)
        return next(fitting, None)

    @property
    def _modern(self) -> Sighting | None:
        return next((each for each in self.accepted if each.version.number == TLS13), None)

    @property
    def _other_protocol(self) -> tuple[str, ...]:
        """Of TLS 1.3 alone: what ALPN was not seen to choose while something else was offered too."""
        if self._elder is not None or not self.negotiated:
            return ()
        return tuple(name for name in parameters.PROTOCOLS if name != self.negotiated)

    def _by_ticket(self, each: Sighting, wanted: str) -> Series[tuple[Answer, Met | Unobserved, Answer | None]]:
        """Whether the protocol is taken, a handshake with a ticket, and whether the session goes on by it."""
        offer = replace(_offer(each), ticket=True)
        protocol, first = yield from _with_protocol(each, self.host, offer, wanted)
        session = first.session if isinstance(first, Met) else None
        if session is None or not session.ticket:
            return protocol, first, None
        suite, ticket = session.opening.suite.code, session.ticket
        again = replace(_offer(each), suites=(suite,), session=_SESSION)
        again = replace(again, more=(*again.more, (_TICKET, ticket)))
        return protocol, first, (yield from _resumed(each, self.host, again, "by ticket"))

    def _by_id(self, each: Sighting, wanted: str) -> Series[tuple[Answer, Answer]]:
        """Whether the protocol is taken, and whether a session goes on by its id."""
        protocol, first = yield from _with_protocol(each, self.host, _offer(each), wanted)
        if isinstance(first, Unobserved):
            return protocol, Answer(gap=first)
        if first.session is None:
            return protocol, Answer(gap=first.gap)
        session = first.opening.hello.session
        if not session:
            return protocol, Answer(value=False)
        again = replace(_offer(each), suites=(first.opening.suite.code,), session=session)
        return protocol, (yield from _resumed(each, self.host, again, "by id"))

    def _behind(self, host: str, protocols: tuple[str, ...], codes: Sequence[int]) -> Series[Behind | Unobserved]:
        more = ((RECORD_SIZE_LIMIT, b"\x40\x01"), (ECH, _ECH_OUTER)) if host else ()
        wanted = handshake13.offer(codes, more, protocols)
        name = "behind" if host else "behind without name"
        heard = yield from _said(lambda: handshake13.behind(host, wanted), name)
        if protocols and isinstance(heard, Unobserved) and heard.detail == _NO_PROTOCOL:
            return (yield from _said(lambda: handshake13.behind(host, replace(wanted, protocols=())), f"{name} again"))
        return heard

    def read(self, results: Mapping[str, object]) -> Features:
        """What was found out."""
        found = Features()
        if isinstance(results.get("by ticket"), tuple) and isinstance(results.get("by id"), tuple):
            found = self._sessions(results["by ticket"], results["by id"])  # type: ignore[arg-type]
        behind, nameless = results.get("behind"), results.get("nameless")
        if isinstance(behind, Behind | Unobserved):
            found = replace(found, behind=behind)
        if isinstance(nameless, Opening | Behind | Unobserved):
            first = found.resumption.first if found.resumption else behind
            found = replace(found, sni=_name(first, nameless))
        return found

    def read_later(self, found: Features, results: Mapping[str, object]) -> Features:
        """What was found out then, added to what was before."""
        asked_later = self._elder is not None and isinstance(found.behind, Behind)
        chosen = {TLS13: found.behind.hello.suite} if asked_later and isinstance(found.behind, Behind) else {}
        odd = results.get("odd")
        newest = self._elder or self._modern
        if isinstance(odd, tuple) and newest is not None:
            found = replace(found, intolerant=odd[0])
            if odd[1] is not None:
                chosen[newest.version.number] = odd[1]
        return replace(found, chosen=chosen)

    def _sessions(
        self, ticket: tuple[Answer, Met | Unobserved, Answer | None], by_id: tuple[Answer, Answer]
    ) -> Features:
        protocol, first, by_ticket = ticket
        protocols = self._protocols(protocol, by_id[0])
        name = self._elder.version.name if self._elder else ""
        if isinstance(first, Unobserved):
            return Features(Resumption(name, by_id=by_id[1], gap=first), protocols=protocols)
        if first.session is None:
            return Features(Resumption(name, by_id=by_id[1], first=first.opening, gap=first.gap), protocols=protocols)
        lifetime = first.session.lifetime
        return Features(Resumption(name, by_ticket, by_id[1], lifetime, first.opening), protocols=protocols)

    def _protocols(self, by_ticket: Answer, by_id: Answer) -> Mapping[str, Answer]:
        if self.negotiated is None:
            return dict(zip(parameters.PROTOCOLS, (by_ticket, by_id), strict=True))
        known = {name: Answer(value=name == self.negotiated) for name in parameters.PROTOCOLS}
        _, asked_for = self._wanted_protocols
        return known | ({asked_for: by_id} if asked_for else {})


def _offer(each: Sighting) -> Offer:
    extended = ((handshake12.MASTER_SECRET, b""),)  # some let no session go on without
    usable = _usable(each.version.number, each.manner)
    return Offer(suites=usable, groups=handshake12.GROUPS, manner=each.manner, more=extended)


@cache
def _usable(version: int, manner: Manner) -> tuple[int, ...]:
    return tuple(suite.code for suite in suites.of(usual_suites(version, manner)) if handshake12.usable(suite))


def _with_protocol(each: Sighting, host: str, offer: Offer, protocol: str) -> Series[tuple[Answer, Met | Unobserved]]:
    """A handshake that offers a protocol; another without where the server will have none of it."""
    if not protocol:
        return Answer(), (yield from _said(lambda: met(each.version.number, host, offer), _purpose(offer)))
    with_it = replace(offer, protocols=(protocol,))
    heard = yield from _said(lambda: met(each.version.number, host, with_it), f"handshake {protocol}")
    if isinstance(heard, Unobserved) and heard.detail == _NO_PROTOCOL:
        without = yield from _said(lambda: met(each.version.number, host, offer), f"handshake without {protocol}")
        return Answer(value=False), without
    if isinstance(heard, Unobserved):
        return Answer(gap=heard), heard
    name = bytes([len(protocol)]) + protocol.encode("ascii")
    return Answer(heard.opening.hello.extension(16) == len(name).to_bytes(2) + name), heard


def _purpose(offer: Offer) -> str:
    return "handshake with ticket" if offer.ticket else "handshake"


def _resumed(each: Sighting, host: str, offer: Offer, purpose: str) -> Series[Answer]:
    heard = yield from _said(lambda: handshake12.opened(each.version.number, host, offer), purpose)
    return Answer(gap=heard) if isinstance(heard, Unobserved) else Answer(heard.resumed)


def _name(first: object, nameless: Opening | Behind | Unobserved) -> str | Unobserved | None:
    """What the server makes of a hello without a name."""
    if isinstance(nameless, Unobserved):
        return "required" if nameless.reason is Absence.REFUSED else nameless
    if not isinstance(first, Opening | Behind):
        return first if isinstance(first, Unobserved) else None
    return "ignored" if first.chain[:1] == nameless.chain[:1] else "used"


# Oddities

_ODD: Mapping[str, Callable[[Offer], Offer]] = {
    "version": lambda offer: replace(offer, future=True),
    "extensions": lambda offer: _extended(offer, (_GREASE, b"\0"), (0xFFF0, b"")),
    "suites": lambda offer: replace(offer, suites=(0x8A8A, *offer.suites, 0xFFF0)),
    "length": lambda offer: _extended(offer, (21, bytes(2_000))),
}
"""Each is to be ignored: a newer version (RFC 5246, appendix E.1; RFC 8446, section 4.2.1), unknown extensions and
suites (RFC 8701), a hello of more than a packet, which padding makes (RFC 7685)."""


def _extended(offer: Offer, *more: tuple[int, bytes]) -> Offer:
    """With further extensions, also where there are none otherwise."""
    return replace(offer, more=(*offer.more, *more), manner="small" if offer.manner == "plain" else offer.manner)


def _odd(each: Sighting, host: str, turned: tuple[int, ...]) -> Series[tuple[dict[str, Answer], int | None]]:
    """All at once; where that is refused, each alone. Also the suite that was chosen of those in the order given."""
    plain = Offer(suites=turned or usual_suites(each.version.number, each.manner), manner=each.manner)
    whole = plain
    for change in _ODD.values():
        whole = change(whole)
    told = yield from _offered(each, host, whole, "all")
    if told.flights:
        return dict.fromkeys(_ODD, Answer(value=False)), told.flights[0].hello.suite
    alone: dict[str, Told] = {}
    for name, change in _ODD.items():
        alone[name] = yield from _offered(each, host, change(plain), name)
    control = yield from _offered(each, host, plain, "control")
    if control.flights:
        return {name: _intolerant(told) for name, told in alone.items()}, control.flights[0].hello.suite
    gap = Unobserved(Absence.REFUSED, "a hello that was accepted before is refused, too")
    return {name: Answer(False if told.flights else None, gap) for name, told in alone.items()}, None


def _intolerant(told: Told) -> Answer:
    """Refused; a time-out or a broken answer says nothing."""
    return Answer(gap=told.end) if isinstance(told.end, Unobserved) else Answer(not told.flights)


def _offered(each: Sighting, host: str, offer: Offer, purpose: str) -> Series[Told]:
    return (yield from asked(once(Question(each.version.number, host, offer, f"tls odd {purpose}"))))


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
