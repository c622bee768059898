"""The suites of every version and the groups of TLS 1.3, found out by ClientHellos that no handshake follows.

A ServerHello discloses one suite, so every suite costs a connection, and each share that the suites are dealt into
one more to be told that nothing of it is left. For TLS 1.3 a ClientHello without a key asks for a HelloRetryRequest,
which names a suite and a group and costs the server no cryptography.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, cast

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net import Network, Series

from . import parameters, suites, versions
from .answers import Seen
from .features import Asking
from .flight import Flight
from .handshake13 import Behind
from .hello import CURVES, MOST_SUITES, TLS12, TLS13, Manner, Offer, usual_suites
from .portrait import Offering, Portrait
from .records import ServerHello
from .sslv2 import ServerHelloV2
from .versions import Sighting
from .walks import UNKNOWN_PSK_IDENTITY, Heard, Question, Refusal, Told, Walk, asked, eliminate

_SHARES = {TLS12: 5}
_SHARES_BEFORE = 3
_USUAL_SUITES_TLS13 = 3
_SIGNATURE_SHARES = {"usual": 2, "small": 5, "plain": 1}
_KEY_SHARE = 51


def enumerated(sightings: Sequence[Sighting], host: str, net: Network, negotiated: str | None) -> Portrait:
    """What the accepted versions let us ask for at once.

    Suites by version, the groups of TLS 1.3, the signature algorithms of TLS 1.2 if its first choice is signed, and the
    features; `sightings` are of all versions, `negotiated` as for `features.Asking`.
    """
    accepted = [sighting for sighting in sightings if sighting.accepted]
    walks: dict[str, Walk] = {}
    modern: ServerHello | None = None
    for sighting in accepted:
        if not isinstance(sighting.hello, ServerHello):
            continue
        if sighting.version.number == TLS13:
            modern = sighting.hello
            continue
        walks |= _suite_walks(sighting.version.number, sighting.hello.suite, host, sighting.manner)
        if sighting.version.number == TLS12:
            walks |= _signature_walks(sighting.hello.suite, host, sighting.manner)
    asking = Asking(accepted, host, negotiated)
    series: dict[str, Series[Any]] = {}  # long ones first: what comes last waits for a free place
    if modern is not None:
        series |= {"modern": _modern(modern, asking), "behind": asking.behind_alone()}
    series |= {name: asked(walk) for name, walk in walks.items()} | dict(asking.series())
    results = net.converse_along(series)
    found = {name: cast("Told", results[name]) for name in walks}
    if modern is not None:
        found[f"{TLS13} 0"], found["groups 0"], behind = results["modern"]
        results["behind"] = results["behind"] or behind
    told = confirmed(found, accepted, host, net, " after its suites")
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
    groups = CURVES if version < TLS13 and manner == "usual" else ()

    def question(left: tuple[int, ...]) -> Question:
        offer = Offer(suites=left, groups=groups, features=True, ticket=ticket, manner=manner)
        return Question(version, host, offer, "tls suites")

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


def _modern(hello: ServerHello, asking: Asking) -> Series[tuple[Told, Told, Behind | Unobserved | None]]:
    """Suites and groups of TLS 1.3, and then what stands behind its encryption, if that is not asked by itself."""
    suites_seen, groups_seen = yield from asked(_modern_walk(hello.suite, group_of(Flight(hello)), asking.host))
    members = (hello.suite, *suites_seen.found)
    behind = yield from asking.behind(turned(members, hello.suite))
    return suites_seen, groups_seen, behind


def turned(members: Sequence[int], first: int | None) -> tuple[int, ...]:
    """The server's first choice last, and ChaCha20 before it: some servers move it up for who offers it first."""
    chacha = {suite.code for suite in suites.of(members) if "CHACHA20" in suite.cipher}
    return tuple(sorted(members, key=lambda code: (code == first, code in chacha)))


def _modern_walk(suite: int, group: int | None, host: str) -> Generator[Question, Heard, tuple[Told, Told]]:
    """Suites and groups of TLS 1.3, which do not depend on each other.

    At first each question leaves out both a suite and a group that are known; from where most servers have no more
    suites on, what is left of each is asked for by itself.
    """
    suites_left = [code for code in suites.offered(TLS13)[0] if code != suite]
    groups_left = [code for code in parameters.GROUPS_TLS13 if code != group]
    both: list[Flight] = []
    while len(both) < _USUAL_SUITES_TLS13 - 1:
        offer = Offer(suites=tuple(suites_left), groups=tuple(groups_left))
        reply = yield Question(TLS13, host, offer, "tls suites and groups")
        if not isinstance(reply, Flight) or group_of(reply) not in groups_left:
            break
        both.append(reply)
        suites_left.remove(reply.hello.suite)
        groups_left = [code for code in groups_left if code != group_of(reply)]

    def by_suite(left: tuple[int, ...]) -> Question:
        return Question(TLS13, host, Offer(suites=left), "tls suites")

    def by_group(left: tuple[int, ...]) -> Question:
        return Question(TLS13, host, Offer(groups=left), "tls groups")

    groups = tuple(each for each in map(group_of, both) if each is not None)
    more = yield from eliminate(suites_left, by_suite, suite_of)
    others = yield from eliminate(groups_left, by_group, group_of)
    return (
        replace(more, found=(*map(suite_of, both), *more.found), flights=(*both, *more.flights)),
        replace(others, found=groups + others.found),
    )


def _signature_walks(first: int, host: str, manner: Manner) -> Iterator[tuple[str, Walk]]:
    """Of TLS 1.2, where the suite that it chooses first comes with a signature."""
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
