"""Series of questions in which each answer decides the next question; several series go on side by side.

A series (`Walk`) yields ClientHellos and is sent what was heard. Refused is only what a server says when nothing
offered suits it, or an end without a word; a time-out or a broken answer is neither a yes nor a no.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net import Ask, Network, Reply, Series

from . import flight, hello
from .flight import Flight
from .hello import Offer
from .records import Alert, TlsParseError, settled_by

T = TypeVar("T")

HANDSHAKE_FAILURE, INAPPROPRIATE_FALLBACK, UNKNOWN_PSK_IDENTITY, NO_APPLICATION_PROTOCOL = 40, 86, 115, 120
_REFUSALS = {None, 0, HANDSHAKE_FAILURE, 47, 70, 71, 109}
"""No word, or the alerts of servers that have nothing in common with an offer: close_notify, handshake_failure,
illegal_parameter, protocol_version, insufficient_security, missing_extension (RFC 8446, section 6.2)."""

_UNCLEAR = {None, 10, 80}
"""No word, or unexpected_message and internal_error, which some servers send in place of those."""


@dataclass(frozen=True, slots=True)
class Question:
    """One ClientHello, by what it is for."""

    version: int
    host: str
    offer: Offer
    purpose: str

    def ask(self) -> Ask:
        """The conversation that it is asked in."""
        return Ask(hello.client_hello(self.version, self.host, self.offer), settled_by(flight.read), self.purpose)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The server would have none of it: by an alert, or without a word where `alert` is None."""

    alert: int | None = None


Heard = Flight | Refusal | Unobserved


def heard(question: Question, outcome: Reply | Unobserved) -> Heard:
    """What an outcome says to a question."""
    if isinstance(outcome, Unobserved):
        return outcome
    try:
        found = flight.read(outcome.data)
    except TlsParseError as error:
        return Unobserved(Absence.MALFORMED, f"no answer of TLS: {error}")
    if isinstance(found, Flight):
        return _admissible(question, found)
    if isinstance(found, Alert) and outcome.ended != "cap":
        return Refusal(found.description)
    if not outcome.data and outcome.ended != "cap":
        return Refusal()
    return Unobserved(Absence.MALFORMED, f"cut off after {len(outcome.data)} octets of an answer ({outcome.ended})")


def _admissible(question: Question, found: Flight) -> Heard:
    if found.hello.version != question.version:
        return Refusal(70)
    if question.offer.suites and found.hello.suite not in question.offer.suites:
        return Unobserved(Absence.MALFORMED, f"the server chose suite {found.hello.suite:#06x}, which was not offered")
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """What a walk found out."""

    found: tuple[int, ...] = ()
    """What the server chose, in the order it chose."""
    flights: tuple[Flight, ...] = ()
    end: Refusal | Unobserved | None = None
    """What ended the walk; None where nothing was left to ask for."""

    @property
    def gap(self) -> Unobserved | None:
        """Why there may be more than was found."""
        if isinstance(self.end, Refusal):
            return (
                None
                if self.end.alert in _REFUSALS | _UNCLEAR
                else Unobserved(Absence.MALFORMED, f"TLS alert {self.end.alert}")
            )
        return self.end

    @property
    def silent(self) -> bool:
        """Ended without a clear word, which says something only of a server that answers others still."""
        return isinstance(self.end, Refusal) and self.end.alert in _UNCLEAR


Walk = Generator[Question, Heard, Told]


def eliminate(
    candidates: Sequence[int],
    question: Callable[[tuple[int, ...]], Question],
    chosen: Callable[[Flight], int | None],
) -> Walk:
    """Offer all candidates, then all that were not chosen yet, until the server will have none of the rest."""
    left = list(candidates)
    found: list[int] = []
    flights: list[Flight] = []
    end: Refusal | Unobserved | None = None
    while left:
        reply = yield question(tuple(left))
        if not isinstance(reply, Flight):
            end = reply
            break
        choice = chosen(reply)
        if choice not in left:
            end = Unobserved(Absence.MALFORMED, f"the server chose {choice}, which was not offered")
            break
        left.remove(choice)
        found.append(choice)
        flights.append(reply)
    return Told(tuple(found), tuple(flights), end)


def sift(candidates: Sequence[int], question: Callable[[tuple[int, ...]], Question]) -> Walk:
    """Offer all candidates, and each alone where some will do: for what a server does not say in the clear."""
    reply = yield question(tuple(candidates))
    if isinstance(reply, Flight) and reply.hello.retry:
        return Told(end=Unobserved(Absence.MALFORMED, "a key for a group accepted before was not taken"))
    if not isinstance(reply, Flight):
        return Told(end=reply)
    if len(candidates) == 1:
        return Told(tuple(candidates))
    told = []
    for candidate in candidates:
        told.append((yield from sift((candidate,), question)))  # noqa: PERF401 - a comprehension cannot yield
    gap = next((each.gap for each in told if each.gap), None)
    return Told(tuple(code for each in told for code in each.found), end=gap)


def once(question: Question) -> Walk:
    """A single question."""
    reply = yield question
    return Told(flights=(reply,)) if isinstance(reply, Flight) else Told(end=reply)


def together(net: Network, walks: Mapping[str, Walk]) -> dict[str, Told]:
    """Let every walk go to its end, side by side; what they found out, by the same names."""
    return net.converse_along({name: asked(walk) for name, walk in walks.items()})


def asked(walk: Generator[Question, Heard, T]) -> Series[T]:
    """A walk as a series of conversations."""
    try:
        question = next(walk)
        while True:
            outcome: Reply | Unobserved = yield question.ask()
            question = walk.send(heard(question, outcome))
    except StopIteration as end:
        return cast("T", end.value)
