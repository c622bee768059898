"""Several short raw conversations with one host at once: one thread, a few sockets, what comes first is read first.

A host that turns connections away may do so because there are too many of them. So whoever was turned away while
others were being heard is asked again alone, and if that brings an answer, fewer are held at once from then on.
A time-out is asked again once, at half the width.
"""

import errno
import os
import selectors
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net.connection import named
from auditor.net.deadline import Deadline
from auditor.net.dialler import Unconnected
from auditor.net.pace import CONVERSATIONS
from auditor.net.stream import BLOCK
from auditor.net.wire import Reply


@dataclass(frozen=True, slots=True)
class Ask:
    """One raw conversation: what to send, and when enough has been read; `purpose` is part of its name on tape."""

    payload: bytes
    enough: Callable[[bytes], bool]
    purpose: str
    cap: int | None = None
    """Most octets that are read; the limits' own by default."""


Outcome = Reply | Unobserved


class Conversations:
    """How raw conversations with one target are held; remembers how many at once it bears."""

    def __init__(self, cap: int, count: Callable[[int], None]) -> None:
        self.width = CONVERSATIONS
        """Most conversations at once."""
        self._cap, self._count = cap, count

    def hold(
        self, asks: Sequence[Ask], place: tuple[str, int], most: int, patience: Callable[[], Deadline]
    ) -> list[Outcome]:
        """Every outcome in the order asked.

        Args:
            asks: at least one.
            place: address and port.
            most: conversations that may be held at once, beside the target's own bound.
            patience: gives the deadline of a conversation that begins now.

        Raises:
            Unconnected: none of them came to a connection.
        """
        width = min(most, self.width, len(asks))
        outcomes = self._held(asks, place, width, patience)
        late = [at for at, outcome in enumerate(outcomes) if _late(outcome)]
        if late and len(late) == len(asks) and all(isinstance(outcome, _Unheard) for outcome in outcomes):
            late = []  # nobody is there; a second round would only take as long again
        away = [at for at, outcome in enumerate(outcomes) if _turned_away(outcome)] if width > 1 else []
        for again, wide in ((late, max(1, width // 2)), (away, 1)):
            if again:
                second = self._held([asks[at] for at in again], place, wide, patience)
                if width > 1 and any(not _late(outcome) and not _turned_away(outcome) for outcome in second):
                    self.width = max(1, width // 2)
                for at, outcome in zip(again, second, strict=True):
                    outcomes[at] = outcome
        if all(isinstance(outcome, _Unheard) for outcome in outcomes):
            gap = outcomes[0]
            if isinstance(gap, Unobserved):
                raise Unconnected(gap.reason, gap.detail)
        return outcomes

    def _held(
        self, asks: Sequence[Ask], place: tuple[str, int], width: int, patience: Callable[[], Deadline]
    ) -> list[Outcome]:
        self._count(len(asks))
        return _held(asks, place, width, patience, self._cap)


class _Unheard(Unobserved):
    """No TCP connection."""


def _late(outcome: Outcome) -> bool:
    return isinstance(outcome, Unobserved) and outcome.reason is Absence.TIMEOUT


def _turned_away(outcome: Outcome) -> bool:
    """Refused, reset or closed without a word: what a host at its bound does, and also some that merely refuse."""
    if isinstance(outcome, Unobserved):
        return outcome.reason is Absence.REFUSED
    return not outcome.data and outcome.ended != "enough"


@dataclass(slots=True, eq=False)
class _Talk:
    """One conversation that is going on."""

    at: int
    ask: Ask
    socket: socket.socket
    deadline: Deadline
    unsent: bytes
    data: bytearray = field(default_factory=bytearray)
    connected: bool = False

    def go_on(self, usual: int) -> Reply | None:
        """Do what can be done without waiting; the reply when it is complete. `usual` is the cap of an ask without.

        Raises:
            Unobserved: there was none.
        """
        cap = usual if self.ask.cap is None else self.ask.cap
        with named(self.deadline):
            if not self.connected:
                if failure := self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                    raise OSError(failure, os.strerror(failure))
                self.connected = True
            if self.unsent:
                self._send()
                return None
            try:
                block = self.socket.recv(BLOCK)
            except BlockingIOError:
                return None
            except ConnectionError:
                return self._reply("reset", cap)
        if not block:
            return self._reply("closed", cap)
        self.data += block
        if self.ask.enough(bytes(self.data)):
            return self._reply("enough", cap)
        return self._reply("cap", cap) if len(self.data) >= cap else None

    def _send(self) -> None:
        """Send what the socket takes. A peer that no longer listens may have said why: that is read then."""
        try:
            self.unsent = self.unsent[self.socket.send(self.unsent) :]
        except BlockingIOError:
            return
        except ConnectionError:
            self.unsent = b""

    def _reply(self, ended: Literal["enough", "closed", "reset", "cap"], cap: int) -> Reply:
        return Reply(bytes(self.data[:cap]), ended)


def _held(
    asks: Sequence[Ask], place: tuple[str, int], width: int, patience: Callable[[], Deadline], cap: int
) -> list[Outcome]:
    """Hold them all, `width` at once."""
    outcomes: dict[int, Outcome] = {}
    waiting = list(enumerate(asks))[::-1]
    talks: set[_Talk] = set()
    with selectors.DefaultSelector() as selector:
        try:
            while waiting or talks:
                while waiting and len(talks) < width:
                    at, ask = waiting.pop()
                    try:
                        talk = _opened(at, ask, place, patience())
                    except Unobserved as gap:
                        outcomes[at] = gap
                        continue
                    talks.add(talk)
                    selector.register(talk.socket, selectors.EVENT_WRITE, talk)
                _turn(selector, talks, outcomes, cap)
        finally:
            for talk in talks:
                talk.socket.close()
    return [outcomes[at] for at in range(len(asks))]


def _turn(selector: selectors.BaseSelector, talks: set[_Talk], outcomes: dict[int, Outcome], cap: int) -> None:
    """Wait once, and take every conversation as far as it goes."""
    if not talks:
        return
    first = min(talk.deadline.at for talk in talks)
    ready = [key.data for key, _ in selector.select(max(0.0, first - time.monotonic()))]
    now = time.monotonic()
    for talk in ready or [talk for talk in talks if talk.deadline.at <= now]:
        outcome: Outcome | None
        try:
            talk.deadline.left()
            outcome = talk.go_on(cap)
        except Unobserved as gap:
            outcome = gap if talk.connected else _Unheard(gap.reason, gap.detail)
        if outcome is not None:
            outcomes[talk.at] = outcome
            selector.unregister(talk.socket)
            talk.socket.close()
            talks.remove(talk)
        elif not talk.unsent:
            selector.modify(talk.socket, selectors.EVENT_READ, talk)


def _opened(at: int, ask: Ask, place: tuple[str, int], deadline: Deadline) -> _Talk:
    """A conversation whose connection is on its way.

    Raises:
        Unobserved: there will be none.
    """
    deadline.left()
    opened = None
    try:
        with named(deadline):
            opened = socket.socket(socket.AF_INET6 if ":" in place[0] else socket.AF_INET, socket.SOCK_STREAM)
            opened.setblocking(False)  # noqa: FBT003 - the socket module's own signature
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            failure = opened.connect_ex(place)
            if failure not in (0, errno.EINPROGRESS):
                raise OSError(failure, os.strerror(failure))
    except Unobserved as gap:
        if opened is not None:
            opened.close()
        raise _Unheard(gap.reason, gap.detail) from None
    return _Talk(at, ask, opened, deadline, ask.payload)
