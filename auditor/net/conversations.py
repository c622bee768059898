"""Several short raw conversations with one host at once: one thread, a few sockets, what comes first is read first.

A host that turns connections away may do so because there are too many of them. So whoever was turned away while
others were being heard is asked again alone, and if that brings an answer, fewer are held at once from then on.
A time-out is asked again once, at half the width; a host that keeps silent in two rounds is asked no more.
"""

import errno
import os
import selectors
import socket
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net.connection import named
from auditor.net.deadline import Deadline
from auditor.net.dialler import Unconnected
from auditor.net.script import Script, Turn
from auditor.net.stream import BLOCK
from auditor.net.wire import Reply

_ROUNDS = 2
"""Rounds with a time-out after which a host is asked no more: each took two of them."""
_TOO_MANY = Unobserved(Absence.LIMITED, "too many questions were left unanswered")


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """A conversation to be held, and who is told how it went."""

    script: Callable[[], Script[Any]]
    """Made anew for every try."""
    tell: Callable[[Any], Iterable["Item"]]
    """Given what the script returned, or the `Unobserved` in its place; gives what is to be held next."""


Agenda = deque[Item]
_Place = tuple[str, int]
_Outcomes = list[tuple[Item, Any]]
_Settle = Callable[[Item, Any, bool], None]
"""Told the outcome of a conversation, and whether anything was heard in it."""


class Conversations:
    """How raw conversations with one target are held; remembers how many at once it bears."""

    def __init__(self, width: int, cap: int, count: Callable[[int], None]) -> None:
        self.width = width
        """Most conversations at once."""
        self._cap, self._count = cap, count

    def hold(self, agenda: Agenda, place: _Place, most: int, patience: Callable[[], Deadline]) -> None:
        """Hold everything on the agenda, and everything that follows from it.

        Args:
            agenda: at least one conversation; empty afterwards.
            place: address and port.
            most: conversations that may be held at once, beside the target's own bound.
            patience: gives the deadline of a conversation that begins now.

        Raises:
            Unconnected: none of them came to a connection; the agenda is as it was, nobody was told anything.
        """
        reached, silences = False, 0
        while agenda:
            width = min(most, self.width)
            late, away, settled = self._first(agenda, place, width, patience)
            reached |= not all(isinstance(outcome, _Unheard) for _, outcome in (*late, *away, *settled))
            final = [each for each in settled if isinstance(each[1], _Unheard)]
            if late and not reached and not away:
                final, late = final + late, []  # nobody is there; a second round would only take as long again
            for again, wide in ((late, max(1, width // 2)), (away, 1)):
                final += self._again(again, place, width, wide, patience) if again else []
            reached |= not all(isinstance(outcome, _Unheard) for _, outcome in final)
            if not reached:
                agenda.extend(item for item, _ in final)
                raise Unconnected(final[0][1].reason, final[0][1].detail)
            silences += any(_late(outcome) for _, outcome in final)
            for item, outcome in final:
                agenda.extend(item.tell(outcome))
            while agenda and silences >= _ROUNDS:
                agenda.extend(agenda.popleft().tell(_TOO_MANY))

    def _first(
        self, agenda: Agenda, place: _Place, width: int, patience: Callable[[], Deadline]
    ) -> tuple[_Outcomes, _Outcomes, _Outcomes]:
        """Everything at full width; who came too late, who was turned away, and all the others, who were told."""
        late: _Outcomes = []
        away: _Outcomes = []
        settled: _Outcomes = []

        def settle(item: Item, outcome: Any, heard: bool) -> None:  # noqa: FBT001 - as `_Settle` has it
            if _late(outcome):
                late.append((item, outcome))
            elif width > 1 and not heard and _turned_away(outcome):
                away.append((item, outcome))
            else:
                settled.append((item, outcome))
                if not isinstance(outcome, _Unheard):
                    agenda.extendleft(item.tell(outcome))  # a series that has begun goes on before others begin

        self._run(agenda, place, width, patience, settle)
        return late, away, settled

    def _again(
        self, again: _Outcomes, place: _Place, before: int, width: int, patience: Callable[[], Deadline]
    ) -> _Outcomes:
        second: _Outcomes = []

        def settle(item: Item, outcome: Any, heard: bool) -> None:  # noqa: FBT001 - as `_Settle` has it
            second.append((item, outcome))
            if before > 1 and not _late(outcome) and (heard or not _turned_away(outcome)):
                self.width = max(1, before // 2)

        self._run(deque(item for item, _ in again), place, width, patience, settle)
        return second

    def _run(
        self,
        queue: Agenda,
        place: _Place,
        width: int,
        patience: Callable[[], Deadline],
        settle: _Settle,
    ) -> None:
        """Hold all in the queue, `width` at once; `settle` may lengthen it."""
        talks: set[_Talk] = set()
        with selectors.DefaultSelector() as selector:
            try:
                while queue or talks:
                    while queue and len(talks) < width:
                        item = queue.popleft()
                        self._count(1)
                        try:
                            talk = _opened(item, place, patience())
                        except Unobserved as gap:
                            settle(item, gap, False)  # noqa: FBT003 - as `_Settle` has it
                            continue
                        talks.add(talk)
                        selector.register(talk.socket, selectors.EVENT_WRITE, talk)
                    for talk, outcome in _turn(selector, talks, self._cap):
                        settle(talk.item, outcome, talk.heard)
            finally:
                for talk in talks:
                    talk.socket.close()


class _Unheard(Unobserved):
    """No TCP connection."""


def _late(outcome: Any) -> bool:
    return isinstance(outcome, Unobserved) and outcome.reason is Absence.TIMEOUT


def _turned_away(outcome: Any) -> bool:
    """Refused, reset or closed without a word: what a host at its bound does, and also some that merely refuse."""
    if isinstance(outcome, Unobserved):
        return outcome.reason is Absence.REFUSED
    return isinstance(outcome, Reply) and not outcome.data and outcome.ended != "enough"


@dataclass(slots=True, eq=False)
class _Talk:
    """One conversation that is going on."""

    item: Item
    script: Script[Any]
    socket: socket.socket
    deadline: Deadline
    turn: Turn
    unsent: bytes = b""
    data: bytearray = field(default_factory=bytearray)
    until: float = 0.0
    """When waiting in this turn ends."""
    connected: bool = False
    heard: bool = False
    """Something was received."""
    over: bool = False
    outcome: Any = None

    def begin(self, turn: Turn) -> None:
        """Take up a turn."""
        self.turn, self.unsent, self.data = turn, turn.payload, bytearray()
        own = self.deadline.at if turn.patience is None else time.monotonic() + turn.patience
        self.until = min(self.deadline.at, own)

    def go_on(self, usual: int) -> None:
        """Do what can be done without waiting. `usual` is the cap of a turn without its own.

        Raises:
            Unobserved: the conversation is over, and this is its outcome.
        """
        cap = usual if self.turn.cap is None else self.turn.cap
        with named(self.deadline):
            if not self.connected:
                if failure := self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                    raise OSError(failure, os.strerror(failure))
                self.connected = True
            if self.unsent:
                self._send()
                return
            try:
                block = self.socket.recv(BLOCK)
            except BlockingIOError:
                return
            except ConnectionError:
                self.reply("reset", cap)
                return
        self.data += block
        self.heard |= bool(block)
        if not block:
            self.reply("closed", cap)
        elif self.turn.enough(bytes(self.data)):
            self.reply("enough", cap)
        elif len(self.data) >= cap:
            self.reply("cap", cap)

    def _send(self) -> None:
        """Send what the socket takes. A peer that no longer listens may have said why: that is read then."""
        try:
            self.unsent = self.unsent[self.socket.send(self.unsent) :]
        except BlockingIOError:
            return
        except ConnectionError:
            self.unsent = b""

    def reply(self, ended: Literal["enough", "closed", "reset", "cap", "silent"], cap: int) -> None:
        """End the turn: the script says what comes next, or that it is over."""
        try:
            self.begin(self.script.send(Reply(bytes(self.data[:cap]), ended)))
        except StopIteration as end:
            self.over, self.outcome = True, end.value

    def wait_no_longer(self, cap: int) -> None:
        """The turn's time is over: silence, or the deadline of the whole has passed.

        Raises:
            Unobserved: the latter.
        """
        self.deadline.left()
        if self.connected and self.turn.patience is not None:
            self.reply("silent", cap)


def _turn(selector: selectors.BaseSelector, talks: set[_Talk], cap: int) -> list[tuple[_Talk, Any]]:
    """Wait once, and take every conversation as far as it goes; those that are over, with their outcomes."""
    if not talks:
        return []
    first = min(talk.until for talk in talks)
    ready = {key.data for key, _ in selector.select(max(0.0, first - time.monotonic()))}
    now = time.monotonic()
    over: list[tuple[_Talk, Any]] = []
    for talk in [talk for talk in talks if talk in ready or talk.until <= now]:
        try:
            if talk in ready:
                talk.deadline.left()
                talk.go_on(cap)
            else:
                talk.wait_no_longer(cap)
        except Unobserved as gap:
            talk.over, talk.outcome = True, gap if talk.connected else _Unheard(gap.reason, gap.detail)
        if talk.over:
            over.append((talk, talk.outcome))
            selector.unregister(talk.socket)
            talk.socket.close()
            talks.remove(talk)
        elif talk.connected:
            selector.modify(talk.socket, selectors.EVENT_WRITE if talk.unsent else selectors.EVENT_READ, talk)
    return over


def _opened(item: Item, place: _Place, deadline: Deadline) -> _Talk:
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
            failure = opened.connect_ex(place)
            if failure not in (0, errno.EINPROGRESS):
                raise OSError(failure, os.strerror(failure))
    except Unobserved as gap:
        if opened is not None:
            opened.close()
        raise _Unheard(gap.reason, gap.detail) from None
    script = item.script()
    turn = next(script)
    talk = _Talk(item, script, opened, deadline, turn)
    talk.begin(turn)
    return talk
