"""Conversations as generators that touch no socket: what to say, until when to listen, what it all means."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net.wire import Reply

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Turn:
    """What to say next, which may be nothing, and when enough has been heard in answer."""

    payload: bytes
    enough: Callable[[bytes], bool]
    """Told everything that came in this turn."""
    patience: float | None = None
    """Seconds after which silence is an answer (`silent`); None: a conversation without an answer is a time-out."""
    cap: int | None = None
    """Most octets that are read; the limits' own by default."""


Script = Generator[Turn, Reply, T]
"""Yields turns, is sent what each brought, returns what it found out. It may raise `Unobserved`. After a reply that
ended `closed` or `reset`, further turns bring nothing."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A conversation of one turn; `purpose` is part of its name in memory and on tape."""

    payload: bytes
    enough: Callable[[bytes], bool]
    purpose: str
    cap: int | None = None
    """Most octets that are read; the limits' own by default."""

    def script(self) -> Script[Reply]:
        """The reply is all there is to find out."""
        return (yield Turn(self.payload, self.enough, cap=self.cap))


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A conversation of several turns.

    Its script says the same whenever it hears the same, so that it can be played again from a tape.
    """

    script: Callable[[], Script[Any]]
    purpose: str


Series = Generator[Ask | Dialogue, Any, T]
"""Conversations of which each outcome, what its script returned or an `Unobserved`, decides the next."""


def heard(script: Script[T], replies: list[Reply]) -> Script[T]:
    """The script, with what it hears noted in `replies`."""
    turn = next(script)
    while True:
        reply = yield turn
        replies.append(reply)
        try:
            turn = script.send(reply)
        except StopIteration as end:
            return cast("T", end.value)


def played(script: Script[T], replies: Sequence[Reply]) -> T:
    """What the script makes of these replies.

    Raises:
        Unobserved: it does so itself; NOT_COLLECTED where it wants to hear more.
    """
    try:
        next(script)
        for reply in replies:
            script.send(reply)
    except StopIteration as end:
        return cast("T", end.value)
    raise Unobserved(Absence.NOT_COLLECTED, "not on the tape")


def after(preface: Callable[[], Script[None]], script: Script[T]) -> Script[T]:
    """The script, when the preface is done."""
    yield from preface()
    return (yield from script)
