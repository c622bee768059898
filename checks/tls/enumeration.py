"""The suites of every version and the groups of TLS 1.3, found out by ClientHellos that no handshake follows.

A ServerHello discloses one suite, so every suite costs a connection, and each share that the suites are dealt into
one more to be told that nothing of it is left. For TLS 1.3 a ClientHello without a key asks for a HelloRetryRequest,
which names a suite and a group and costs the server no cryptography.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import cast

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net import Network

from . import parameters, suites, versions
from .answers import Seen
from .features import Asking
from .flight import Flight
from .hello import CURVES, MOST_SUITES, TLS12, TLS13, Manner, Offer, usual_suites
from .portrait import Offering, Portrait
from .records import ServerHello
from .sslv2 import ServerHelloV2
from .versions import Sighting
from .walks import UNKNOWN_PSK_IDENTITY, Question, Refusal, Told, Walk, asked, eliminate

_SHARES = {TLS12: 4, TLS13: 1}
_SHARES_BEFORE = 3
_SIGNATURE_SHARES = {"usual": 2, "small": 5, "plain": 1}
_KEY_SHARE = 51


def enumerated(sightings: Sequence[Sighting], host: str, net: Network, negotiated: str | None) -> Portrait:
    """What the accepted versions let us ask for at once.

    Suites by version, the groups of TLS 1.3, the signature algorithms of TLS 1.2 if its first choice is signed, and the
    features; `sightings` are of all versions, `negotiated` as for `features.Asking`.
    """
    accepted = [sighting for sighting in sightings if sighting.accepted]
    walks: dict[str, Walk] = {}
    for sighting in accepted:
        if isinstance(sighting.hello, ServerHello):
            walks |= _suite_walks(sighting.version.number, sighting.hello.suite, host, sighting.manner)
            if sighting.version.number == TLS13:
                walks["groups 0"] = _group_walk(group_of(Flight(sighting.hello)), host)
        if sighting.version.number == TLS12 and isinstance(sighting.hello, ServerHello):
            walks |= _signature_walks(sighting.hello.suite, host, sighting.manner)
    asking = Asking(accepted, host, negotiated)
    results = net.converse_along({**asking.series(), **{name: asked(walk) for name, walk in walks.items()}})
    told = confirmed({name: cast("Told", results[name]) for name in walks}, accepted, host, net, " after its suites")
    signatures = _shares(told, "signatures")
    portrait = Portrait(
        tuple(_offering(sighting, told) for sighting in accepted),
        tuple(sighting for sighting in sightings if sighting.accepted is None),
        signatures=union(*signatures) if signatures else None,
        features=asking.read(results),
        flights=tuple(chain.from_iterable(each.flights for each in signatures)),
    )
    newest = accepted[-1] if accepted else None
    if newest is None or newest.version.number != TLS13 or not isinstance(newest.hello, ServerHello):
        return portrait
    first = group_of(Flight(newest.hello))
    return replace(portrait, groups=union(Told((first,) if first else ()), *_shares(told, "groups")))


def _suite_walks(version: int, known: int, host: str, manner: Manner) -> Iterator[tuple[str, Walk]]:
    """A walk for each share of the suites of a version, without the one that is known already."""
    (every,) = suites.offered(version)
    shares = max(_SHARES.get(version, _SHARES_BEFORE), -(-len(every) // MOST_SUITES[manner]))
    for at, share in enumerate(suites.offered(version, shares)):
        walk = _suite_walk([code for code in share if code != known], version, host, manner, ticket=at % 2 == 0)
        yield f"{version} {at}", walk


def _suite_walk(candidates: Sequence[int], version: int, host: str, manner: Manner, *, ticket: bool) -> Walk:
    """One share. A server that chose SRP and misses the user's name (RFC 5054, section 2.5.1.2) hides the rest."""
    offer = Offer(
        groups=CURVES if version < TLS13 and manner == "usual" else (), features=True, ticket=ticket, manner=manner
    )

    def question(left: tuple[int, ...]) -> Question:
        return Question(version, host, replace(offer, suites=left), "tls suites")

    told = yield from eliminate(candidates, question, suite_of)
    if told.end == Refusal(UNKNOWN_PSK_IDENTITY):
        rest = [s.code for s in suites.of(candidates) if "SRP" not in s.exchange and s.code not in told.found]
        more = yield from eliminate(rest, question, suite_of)
        gap = Unobserved(Absence.NOT_COLLECTED, "there are suites with SRP, which were not told apart")
        return Told(told.found + more.found, told.flights + more.flights, gap)
    return told


def suite_of(heard: Flight) -> int:
    """The suite that was chosen."""
    return heard.hello.suite


def group_of(heard: Flight) -> int | None:
    """The group of a key exchange, or the one that a HelloRetryRequest asks for."""
    if heard.exchange is not None:
        return heard.exchange.group
    body = heard.hello.extension(_KEY_SHARE)
    return int.from_bytes(body[:2]) if body is not None and len(body) >= 2 else None


def _group_walk(known: int | None, host: str) -> Walk:
    def question(left: tuple[int, ...]) -> Question:
        return Question(TLS13, host, Offer(groups=left), "tls groups")

    return eliminate([code for code in parameters.GROUPS_TLS13 if code != known], question, group_of)


def _signature_walks(first: int, host: str, manner: Manner) -> Iterator[tuple[str, Walk]]:
    """Of TLS 1.2, where the suite that is chosen first is one with a signature."""
    if any(suite.signed for suite in suites.of([first])):
        signed = tuple(suite.code for suite in suites.of(usual_suites(TLS12, manner)) if suite.signed)
        yield from signature_walks(signed, host, manner)


def signature_walks(signed: tuple[int, ...], host: str, manner: Manner) -> Iterator[tuple[str, Walk]]:
    """A walk for each share of the signature algorithms of TLS 1.2, by suites that have a signature."""

    def question(left: tuple[int, ...]) -> Question:
        return Question(TLS12, host, Offer(suites=signed, signatures=left, manner=manner), "tls signatures")

    wanted = tuple(parameters.SIGNATURES)
    for at in range(_SIGNATURE_SHARES[manner]):
        yield f"signatures {at}", eliminate(wanted[at :: _SIGNATURE_SHARES[manner]], question, _signature_of)


def _signature_of(heard: Flight) -> int | None:
    return heard.exchange.signature if heard.exchange is not None else None


def _offering(sighting: Sighting, told: Mapping[str, Told]) -> Offering:
    name, number = sighting.version.name, sighting.version.number
    if isinstance(sighting.hello, ServerHelloV2):
        return Offering(name, number, Seen(sighting.hello.ciphers))
    first = sighting.hello.suite if sighting.hello is not None else None
    shares = _shares(told, str(number))
    return Offering(
        name,
        number,
        union(Told((first,) if first is not None else ()), *shares),
        first,
        sighting.manner,
        tuple(chain.from_iterable(share.flights for share in shares[::2])),
        tuple(chain.from_iterable(share.flights for share in shares[1::2])),
    )


def _shares(told: Mapping[str, Told], of: str) -> list[Told]:
    return [each for name, each in told.items() if name.rpartition(" ")[0] == of]


def union(*told: Told) -> Seen:
    """All that several walks found, each once, and the first reason why there may be more."""
    members = dict.fromkeys(chain.from_iterable(each.found for each in told))
    return Seen(tuple(members), next((each.gap for each in told if each.gap), None))


def confirmed(
    told: Mapping[str, Told], accepted: Sequence[Sighting], host: str, net: Network, after: str
) -> Mapping[str, Told]:
    """What was found out, with silent refusals taken back where the server has begun to refuse everything.

    `after` tells this question from others like it.
    """
    if not any(each.silent for each in told.values()):
        return told
    if versions.still_answers(accepted[-1].version, host, net, after):
        return told
    gap = Unobserved(Absence.REFUSED, "closed without a word, as was then a version accepted before")
    return {name: replace(each, end=gap) if each.silent else each for name, each in told.items()}
