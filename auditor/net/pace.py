"""Politeness: how often and how widely each address is spoken to, by all targets of a process together.

Sites of different names share servers, so the neighbour is the address (600 names on one machine are one
neighbour). On loopback and private addresses, where tests, tunnels and intranets live, each port is one, and
there is no rate unless the operator sets it.
"""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net.connection import Connection
from auditor.net.deadline import Budget
from auditor.net.guard import is_public
from auditor.net.tls import contexts

RATE = 2
"""HTTP requests a second to one neighbour."""
CONNECTIONS = 2
CONVERSATIONS = 8
"""Raw TLS conversations at once, unless the operator says otherwise."""
SLOW = 5.0
"""Seconds from which an answer counts as a sign of strain."""
_MOST_SLOWDOWN = 8
_RECOVERY = 10
"""Good answers in a row after which a slowdown is halved."""
_LONGEST_PAUSE = 3600.0
"""Seconds; no server keeps its neighbours waiting for longer, whatever its Retry-After says."""
_MOST_NEIGHBOURS = 4_096


class Neighbour:
    """The state of politeness towards one address.

    Who comes first is served first, and what is waited for behind others is no time of the target's. A pause that
    the server asked for is: it delays everybody, and who has less time left than it lasts gives up at once. So
    every wait ends: those ahead each end within their own deadlines.
    """

    def __init__(
        self,
        *,
        local: bool,
        conversations: int = CONVERSATIONS,
        clock: Callable[[], float] = time.monotonic,
        changed: threading.Condition | None = None,
    ) -> None:
        self._local, self._clock = local, clock
        self._conversations = conversations
        self._changed = changed or threading.Condition()
        self._next = self._not_before = 0.0
        self._slowdown, self._good, self._failed = 1, 0, 0
        self._open = self._talks = 0
        self._idle: OrderedDict[Hashable, Connection] = OrderedDict()
        self._requesting: deque[object] = deque()
        self._talking: deque[object] = deque()

    @property
    def busy(self) -> bool:
        """Whether anything is open towards it, or waits to be."""
        return bool(self._open or self._talks or self._idle or self._requesting or self._talking)

    def admit(self, key: Hashable, budget: Budget, *, rate: int | None, errors: int) -> Connection | None:
        """Wait until one more HTTP request is polite, and count it as begun; `give_back` ends it.

        Args:
            key: whose idle connection may be used again; idle ones of others make way.
            budget: of the target.
            rate: requests a second as fixed by the operator; None for the usual one.
            errors: failed exchanges in a row after which the neighbour is left alone.

        Returns:
            An open connection, or None: open one.

        Raises:
            Unobserved: LIMITED when the server asked for a longer pause than the target has time, or the
                neighbour is left alone.
        """
        unbounded = self._local and rate is None
        pace = 0 if unbounded else rate or RATE
        with self._changed, self._in_line(self._requesting, budget):
            while True:
                self._heed(errors)
                now = self._clock()
                pause = self._not_before - max(now, self._next)
                if max(0.0, pause) >= budget.left:
                    raise budget.deadline.passed() if pause <= 0 else _asked_to_pause(pause)
                if not unbounded and self._open >= CONNECTIONS:
                    self._wait(None, budget)
                elif self._next > now:
                    self._wait(self._next - now, budget)
                elif pause > 0:
                    self._changed.wait(pause)
                else:
                    break
            self._next = now + self._slowdown / pace if pace else 0.0
            connection = self._idle.pop(key, None)
            if connection is None and not unbounded and self._open + len(self._idle) >= CONNECTIONS:
                self._idle.popitem(last=False)[1].close()
            self._open += 1
            return connection

    def give_back(self, key: Hashable, connection: Connection | None) -> None:
        """End a request; a connection given back is kept for the next one of the same key."""
        with self._changed:
            self._open -= 1
            if connection is not None:
                if former := self._idle.pop(key, None):
                    former.close()
                self._idle[key] = connection
            self._changed.notify_all()

    def hang_up(self, key: Hashable) -> None:
        """Close the idle connection of this key, if there is one."""
        with self._changed:
            if connection := self._idle.pop(key, None):
                connection.close()

    @contextmanager
    def talk(self, budget: Budget, *, errors: int) -> Iterator[None]:
        """Hold one of the raw conversations that may go on at once.

        Raises:
            Unobserved: LIMITED, the neighbour is left alone after `errors` failed exchanges in a row.
        """
        with self._changed, self._in_line(self._talking, budget):
            while self._talks >= self._conversations:
                self._wait(None, budget)
            self._heed(errors)
            self._talks += 1
        try:
            yield
        finally:
            with self._changed:
                self._talks -= 1
                self._changed.notify_all()

    @contextmanager
    def talks(self, most: int, budget: Budget, *, errors: int) -> Iterator[int]:
        """Hold as many raw conversations as are free, at least one and at most `most`; none of those waited for.

        Raises:
            Unobserved: as `talk`.
        """
        with self.talk(budget, errors=errors):
            with self._changed:
                more = 0 if self._talking else max(0, min(most, self._conversations - self._talks + 1) - 1)
                self._talks += more
            try:
                yield 1 + more
            finally:
                with self._changed:
                    self._talks -= more
                    self._changed.notify_all()

    def _heed(self, errors: int) -> None:
        if self._failed >= errors:
            raise Unobserved(Absence.LIMITED, f"left alone after {self._failed} failed exchanges in a row")

    @contextmanager
    def _in_line(self, line: deque[object], budget: Budget) -> Iterator[None]:
        """Be the first of a line: come to it, and leave it."""
        place = object()
        line.append(place)
        try:
            while line[0] is not place:
                self._wait(None, budget)
            yield
        finally:
            line.remove(place)
            self._changed.notify_all()

    def _wait(self, seconds: float | None, budget: Budget) -> None:
        started = self._clock()
        self._changed.wait(seconds)
        budget.lengthen(self._clock() - started)

    def answered(self, status: int, retry_after: float | None, took: float) -> None:
        """Learn from an answer: strain doubles the pause between requests, calm halves it again."""
        with self._changed:
            if status in (429, 503):
                pause = min(retry_after or 0.0, _LONGEST_PAUSE)
                self._not_before = max(self._not_before, self._clock() + pause)
            if status in (429, 503) or took >= SLOW:
                self._slowdown, self._good = min(self._slowdown * 2, _MOST_SLOWDOWN), 0
                return
            self._good += 1
            if self._good >= _RECOVERY:
                self._slowdown, self._good = max(1, self._slowdown // 2), 0

    def reached(self) -> None:
        """Learn that something came back."""
        with self._changed:
            self._failed = 0

    def failed(self) -> None:
        """Learn from an exchange without an answer."""
        with self._changed:
            self._failed += 1


def _asked_to_pause(seconds: float) -> Unobserved:
    return Unobserved(Absence.LIMITED, f"the server asks for a pause of {seconds:.0f} s")


class Neighbours:
    """What all targets of a process share: the neighbours, and the TLS contexts. Safe among threads."""

    def __init__(self, conversations: int = CONVERSATIONS) -> None:
        self.contexts = contexts()
        self.conversations = conversations
        """Raw TLS conversations at once with one neighbour."""
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, int], Neighbour] = OrderedDict()

    def at(self, address: str, port: int) -> Neighbour:
        """The neighbour that answers at an address; of those not spoken to, the longest unseen are forgotten."""
        local = not is_public(address)
        key = (address, port if local else 0)
        with self._lock:
            neighbour = self._known.pop(key, None) or Neighbour(local=local, conversations=self.conversations)
            self._known[key] = neighbour
            if len(self._known) > _MOST_NEIGHBOURS:
                idle = next((old for old, state in self._known.items() if not state.busy and old != key), None)
                if idle is not None:
                    del self._known[idle]
        return neighbour
