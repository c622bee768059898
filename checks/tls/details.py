"""What can be asked once the suites are known: order, groups, signature algorithms, ALPN, fallback, session tickets."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, cast

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net import Network, Series

from . import features, parameters, primes
from .answers import Answer, Seen
from .enumeration import confirmed, group_of, signature_walks, suite_of, turned, union
from .flight import Flight
from .hello import SSL30, TLS12, TLS13, Offer, usual_suites
from .portrait import Fallback, Offering, Portrait
from .versions import Sighting
from .walks import (
    INAPPROPRIATE_FALLBACK,
    NO_APPLICATION_PROTOCOL,
    Question,
    Refusal,
    Told,
    Walk,
    asked,
    eliminate,
    once,
    sift,
    together,
)

_ALPN = 16
_HIDDEN = Unobserved(Absence.NOT_COLLECTED, "the curve of the certificate hides those that the server likes less")


def completed(
    portrait: Portrait,
    accepted: Sequence[Sighting],
    host: str,
    net: Network,
    *,
    negotiated: str | None,
    certificate_group: int | None,
    deep: bool,
) -> Portrait:
    """The portrait with everything that its suites allow to ask for, all asked at once.

    Args:
        portrait: with suites, and the groups of TLS 1.3.
        accepted: sightings of the accepted versions.
        host: name or IP literal that hellos are for.
        net: the way out.
        negotiated: as for `features.Asking`.
        certificate_group: curve of the server's certificate, where it is known to have one. Up to TLS 1.2 such a
            server refuses who does not offer that curve (RFC 8422, section 5.1).
        deep: also find the whole order of suites before TLS 1.3, which takes a question for each, one after the other.
    """
    riding = features.Asking(accepted, host, negotiated)
    asking = _Asking(portrait, host, certificate_group, deep, riding.ordered)
    orders = {each.number: _turned(each) for each in portrait.offerings if each.number > SSL30 and each.suites.members}
    walks = dict(asking.walks())
    series: dict[str, Series[Any]] = {name: asked(walk) for name, walk in walks.items()} | dict(riding.later(orders))
    results = net.converse_along(series)
    portrait = replace(portrait, features=riding.read_later(portrait.features, results))
    told = {name: cast("Told", results[name]) for name in walks}
    asking = replace(asking, portrait=portrait)
    told |= together(net, dict(asking.orders_left()))
    return asking.read(confirmed(told, accepted, host, net, " after its details"))


@dataclass(frozen=True, slots=True)
class _Asking:
    portrait: Portrait
    host: str
    certificate_group: int | None
    deep: bool
    ridden: frozenset[int]
    """Versions whose order shows in answers to other questions."""

    def walks(self) -> Iterator[tuple[str, Walk]]:
        for each in self.portrait.offerings:
            if each.number < SSL30 or len(each.suites.members) < 2:
                continue
            if self.deep and each.number < TLS13:
                yield f"order {each.name}", self._whole_order(each)
            elif not _prefers(each) and each.number not in self.ridden:
                yield f"order {each.name}", self._order(each)
        for each in self.portrait.offerings:
            if SSL30 < each.number <= TLS12 and each.suites.members and not (each.ticketed and each.ticketless):
                offer = Offer(suites=each.suites.members, features=True, ticket=not each.ticketed)
                yield f"ticket {each.name}", once(self._question(each, offer, "tickets"))
        yield from self._groups()
        yield from self._finite_groups()
        yield from self._signatures()
        yield from self._protocols()
        if fallen := self._fallen:
            offer = Offer(suites=fallen.suites.members, fallback=True)
            yield "fallback", once(self._question(fallen, offer, "fallback"))

    def _question(self, each: Offering, offer: Offer, purpose: str) -> Question:
        return Question(each.number, self.host, replace(offer, manner=each.manner), f"tls {purpose}")

    def _order(self, each: Offering) -> Walk:
        return once(self._question(each, Offer(suites=_turned(each)), "order"))

    def orders_left(self) -> Iterator[tuple[str, Walk]]:
        """Of versions whose order should have shown in other answers, and did not."""
        chosen = self.portrait.features.chosen
        for each in self.portrait.offerings:
            whole = self.deep and each.number < TLS13
            open_ = each.number in self.ridden - chosen.keys() and len(each.suites.members) > 1
            if open_ and not whole and not _prefers(each):
                yield f"order {each.name}", self._order(each)

    def _whole_order(self, each: Offering) -> Walk:
        """Every suite in the order that the server takes them; only the first where it follows the client."""
        turned = _turned(each)

        def question(left: tuple[int, ...]) -> Question:
            return self._question(each, Offer(suites=left), "order")

        first = yield question(turned)
        if not isinstance(first, Flight):
            return Told(end=first)
        if first.hello.suite == turned[0] and not _prefers(each):
            return Told((first.hello.suite,), (first,))
        rest = yield from eliminate([code for code in turned if code != first.hello.suite], question, suite_of)
        return Told((first.hello.suite, *rest.found), (first, *rest.flights), rest.end)

    # Groups

    @property
    def _curved(self) -> tuple[Offering, tuple[int, ...], int | None] | None:
        """The newest version before TLS 1.3 with curves, its suites that use them, and a curve to keep offering."""
        each = self.portrait.newest(TLS13, lambda suite: suite.ephemeral == "ecdh")
        if each is None:
            return None
        curved = [suite for suite in each.kinds if suite.ephemeral == "ecdh"]
        free = tuple(suite.code for suite in curved if not suite.exchange.endswith("_ECDSA"))
        return each, free or tuple(suite.code for suite in curved), None if free else self.certificate_group

    def _groups(self) -> Iterator[tuple[str, Walk]]:
        """Curves that TLS 1.3 did not show; all of them where there is no TLS 1.3."""
        if self._curved is None:
            return
        each, codes, kept = self._curved
        known = self.portrait.groups.members if self.portrait.groups else ()
        wanted = [code for code in parameters.GROUPS_TLS12 if code not in known and code != kept]

        def question(left: tuple[int, ...]) -> Question:
            groups = left if kept is None else (*left, kept)
            return self._question(each, Offer(suites=codes, groups=groups), "groups")

        yield "groups", _eliminated_beside(kept, wanted, question)

    def _finite_groups(self) -> Iterator[tuple[str, Walk]]:
        """Finite-field groups that are negotiated before TLS 1.3 (RFC 7919), where there is no TLS 1.3 to show them."""
        each = self.portrait.newest(TLS13, lambda suite: suite.ephemeral == "dh")
        if each is not None and each.number > SSL30 and self.portrait.groups is None:
            codes = tuple(suite.code for suite in each.kinds if suite.ephemeral == "dh")

            def question(left: tuple[int, ...]) -> Question:
                return self._question(each, Offer(suites=codes, groups=left), "finite groups")

            yield "finite groups", _negotiated_primes(question)

    def _groups_seen(self, told: Mapping[str, Told]) -> Seen | None:
        curved, finite = self._curves_seen(told), told.get("finite groups")
        if finite is None or not (finite.found or finite.gap):
            return curved
        return union(Told(curved.members, end=curved.gap) if curved else Told(), replace(finite, end=finite.gap))

    def _curves_seen(self, told: Mapping[str, Told]) -> Seen | None:
        if self._curved is None:
            return self.portrait.groups
        each, _, kept = self._curved
        found = told["groups"]
        modern = self.portrait.groups
        if modern is not None:
            return union(Told(modern.members, end=modern.gap), replace(found, end=found.gap))
        bound = all(suite.exchange.endswith("_ECDSA") for suite in each.kinds if suite.ephemeral == "ecdh")
        ordered = _ordered(each, told, self.portrait.features.chosen)
        hidden = bound and (kept is None or ordered is None or ordered.value is not False)
        return union(found, Told(end=_HIDDEN if hidden else None))

    # Signature algorithms

    def _signatures(self) -> Iterator[tuple[str, Walk]]:
        if self.portrait.signatures is not None:
            return
        each = self._signing
        if each is None:
            yield from self._hidden_signatures()
            return
        signed = tuple(suite.code for suite in each.kinds if suite.signed)
        yield from signature_walks(signed, self.host, each.manner)

    def _hidden_signatures(self) -> Iterator[tuple[str, Walk]]:
        """TLS 1.3 signs behind encryption, but goes on only with whom it can sign for."""
        each = next((each for each in self.portrait.offerings if each.number == TLS13), None)
        groups = self.portrait.groups.members if self.portrait.groups else ()
        share = next(((group, key) for group, key in parameters.SHARES.items() if group in groups), None)
        if each is None or share is None:
            return

        def question(left: tuple[int, ...]) -> Question:
            offer = Offer(suites=each.suites.members, groups=share[:1], signatures=left, shares=(share,))
            return self._question(each, offer, "signatures")

        for at, kind in enumerate(parameters.SIGNATURES_TLS13):
            yield f"signatures {at}", sift(kind, question)

    @property
    def _signing(self) -> Offering | None:
        """TLS 1.2, where it signs: no version before it negotiates how."""
        each = self.portrait.newest(TLS13, lambda suite: suite.signed)
        return each if each is not None and each.number == TLS12 else None

    # Protocols and fallback

    @property
    def _newest_elder(self) -> Offering | None:
        return self.portrait.newest(TLS13, lambda _: True)

    def _protocols(self) -> Iterator[tuple[str, Walk]]:
        """Where no handshake told."""
        each, told = self._newest_elder, self.portrait.features.protocols or {}
        if each is not None and each.number > SSL30 and any(answer.value is None for answer in told.values()):
            for name in parameters.PROTOCOLS:
                offer = Offer(suites=each.suites.members, protocols=(name,))
                yield f"protocol {name}", once(self._question(each, offer, "alpn"))

    @property
    def _fallen(self) -> Offering | None:
        """The newest version that a client could be made to fall back to."""
        below = [each for each in self.portrait.offerings[:-1] if each.number >= SSL30 and each.suites.members]
        return below[-1] if below else None

    def _protocols_seen(self, told: Mapping[str, Told]) -> Seen | None:
        asked = [told[f"protocol {name}"] for name in parameters.PROTOCOLS if f"protocol {name}" in told]
        if asked:
            return _told_by_hellos(asked)
        shaken = self.portrait.features.protocols
        if shaken is None:
            return None
        members = tuple(at for at, name in enumerate(parameters.PROTOCOLS) if shaken[name].value)
        return Seen(members, next((answer.gap for answer in shaken.values() if answer.value is None), None))

    def read(self, told: Mapping[str, Told]) -> Portrait:
        """What was found out, entered into the portrait."""
        chosen = self.portrait.features.chosen
        offerings = tuple(_with_details(each, told, chosen) for each in self.portrait.offerings)
        signatures = [each for name, each in told.items() if name.startswith("signatures ")]
        protocols = self._protocols_seen(told)
        fallen = self._fallen
        elders = chain.from_iterable(each.flights for each in offerings if each.number < TLS13)
        walked = chain.from_iterable(told[name].flights for name in told if name.startswith(("groups", "signatures ")))
        return replace(
            self.portrait,
            offerings=offerings,
            groups=self._groups_seen(told),
            signatures=union(*signatures) if signatures else self.portrait.signatures,
            protocols=protocols,
            fallback=Fallback(fallen.name, _noticed(told["fallback"])) if fallen else None,
            flights=(*self.portrait.flights, *elders, *walked),
        )


def _prefers(each: Offering) -> bool:
    """Of all the usual suites the server did not choose the first that it has: it has an order of its own."""
    usual = [code for code in usual_suites(each.number, each.manner) if code in each.suites.members]
    return each.first is not None and bool(usual) and each.first in usual and each.first != usual[0]


def _turned(each: Offering) -> tuple[int, ...]:
    return turned(each.suites.members, each.first)


def _ordered(each: Offering, told: Mapping[str, Told], chosen: Mapping[int, int]) -> Answer | None:
    if each.number < SSL30 or len(each.suites.members) < 2:
        return None
    if _prefers(each):
        return Answer(value=True)
    if f"order {each.name}" not in told:
        return Answer(chosen[each.number] != _turned(each)[0])
    answer = told[f"order {each.name}"]
    if answer.flights:
        return Answer(answer.flights[0].hello.suite != _turned(each)[0])
    return Answer(gap=answer.gap or Unobserved(Absence.REFUSED, "suites accepted before were refused"))


def _with_details(each: Offering, told: Mapping[str, Told], chosen: Mapping[int, int]) -> Offering:
    more = told.get(f"ticket {each.name}", Told()).flights
    ticketed, ticketless = (each.ticketed, each.ticketless + more) if each.ticketed else (more, each.ticketless)
    suites = each.suites
    order = told.get(f"order {each.name}", Told()).found
    if len(order) > 1 and set(order) == set(suites.members):
        suites = replace(suites, members=order)
    return replace(each, suites=suites, ticketed=ticketed, ticketless=ticketless, ordered=_ordered(each, told, chosen))


def _eliminated_beside(
    kept: int | None, wanted: Sequence[int], question: Callable[[tuple[int, ...]], Question]
) -> Walk:
    """As `eliminate`, where a choice of `kept`, which stands last in every offer, ends the walk too."""
    if kept is None:
        return (yield from eliminate(wanted, question, group_of))
    left = list(wanted)
    found: list[int] = []
    flights: list[Flight] = []
    while True:
        reply = yield question(tuple(left))
        if not isinstance(reply, Flight):
            return Told(tuple(found), tuple(flights), reply)
        choice = group_of(reply)
        flights.append(reply)
        if choice == kept:
            return Told((*found, kept), tuple(flights))
        if choice not in left:
            gap = Unobserved(Absence.MALFORMED, f"the server chose group {choice}, which was not offered")
            return Told(tuple(found), tuple(flights), gap)
        left.remove(choice)
        found.append(choice)


def _negotiated_primes(question: Callable[[tuple[int, ...]], Question]) -> Walk:
    """As `eliminate`, by the prime that comes; a server that sends one that was not offered negotiates none."""
    codes = {f"ffdhe{bits}": 256 + at for at, bits in enumerate((2048, 3072, 4096, 6144, 8192))}
    left = list(codes.values())
    found: list[int] = []
    while left:
        reply = yield question(tuple(left))
        if not isinstance(reply, Flight):
            return Told(tuple(found), end=reply)
        prime = reply.exchange.prime if reply.exchange is not None else None
        choice = codes.get(primes.name_of(prime) or "") if prime else None
        if choice not in left:
            return Told()
        left.remove(choice)
        found.append(choice)
    return Told(tuple(found))


def _told_by_hellos(told: Sequence[Told]) -> Seen:
    members, gaps = [], []
    for at, each in enumerate(told):
        if each.flights:
            if each.flights[0].hello.extension(_ALPN) == _protocol_list(parameters.PROTOCOLS[at]):
                members.append(at)
        elif each.end != Refusal(NO_APPLICATION_PROTOCOL):
            gaps.append(each.gap or Unobserved(Absence.REFUSED, "suites accepted before were refused"))
    return Seen(tuple(members), gaps[0] if gaps else None)


def _protocol_list(name: str) -> bytes:
    encoded = bytes([len(name)]) + name.encode("ascii")
    return len(encoded).to_bytes(2) + encoded


def _noticed(told: Told) -> Answer:
    if told.flights:
        return Answer(value=False)
    if told.end == Refusal(INAPPROPRIATE_FALLBACK):
        return Answer(value=True)
    return Answer(gap=told.gap or Unobserved(Absence.REFUSED, "suites accepted before were refused"))
