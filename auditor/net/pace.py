"""Politeness: how often and how widely each address is spoken to, by all targets of a process together.

Sites of different names share servers, so the neighbour is the address (600 names on one machine are one
neighbour). On loopback and private addresses, where tests, tunnels and intranets live, each port is one, and
there is no rate unless the operator sets it.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net.connection import Connection
from auditor.net.deadline import Deadline
from auditor.net.guard import is_public
from auditor.net.tls import contexts

RATE = 2
"""HTTP requests a second to one neighbour."""
CONNECTIONS = 2
CONVERSATIONS = 8
"""Raw TLS conversations at once."""
SLOW = 5.0
"""Seconds from which an answer counts as a sign of strain."""
_MOST_SLOWDOWN = 8
_RECOVERY = 10
"""Good answers in a row after which a slowdown is halved."""
_LONGEST_WAIT = 3600.0
_MOST_NEIGHBOURS = 4_096


class Neighbour:
    """The state of politeness towards one address."""

    def __init__(
        self,
        *,
        local: bool,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._local, self._clock, self._sleep = local, clock, sleep
        self._changed = threading.Condition()
        self._next = self._not_before = 0.0
        self._slowdown, self._good, self._failed = 1, 0, 0
        self._open = self._talks = 0
        self._idle: OrderedDict[Hashable, Connection] = OrderedDict()

    @property
    def busy(self) -> bool:
        """Whether anything is open towards it."""
        return bool(self._open or self._talks or self._idle)

    def turn(self, deadline: Deadline, *, rate: int | None, errors: int) -> None:
        """Wait until one more HTTP request is polite.

        Args:
            deadline: of the target.
            rate: requests a second as fixed by the operator; None for the usual one.
            errors: failed exchanges in a row after which the neighbour is left alone.

        Raises:
            Unobserved: LIMITED when the turn would come after the deadline, or the neighbour is left alone.
        """
        with self._changed:
            self.heed(errors)
            now = self._clock()
            start = max(now, self._next, self._not_before)
            if start >= deadline.at:
                raise Unobserved(Absence.LIMITED, f"the next polite moment is {start - now:.0f} s away")
            pace = rate if rate is not None else (0 if self._local else RATE)
            self._next = start + self._slowdown / pace if pace else 0.0
        if start > now:
            self._sleep(start - now)

    def heed(self, errors: int) -> None:
        """Refuse to go on where too much has failed.

        Raises:
            Unobserved: LIMITED.
        """
        if self._failed >= errors:
            raise Unobserved(Absence.LIMITED, f"left alone after {self._failed} failed exchanges in a row")

    def borrow(self, key: Hashable, deadline: Deadline, *, bounded: bool) -> Connection | None:
        """Take one of the connections that may be open: an idle one of this `key`, or None: open one.

        Idle ones of others make way. `bounded` lets the bound hold on local addresses too.

        Raises:
            Unobserved: LIMITED, all are in use until the deadline.
        """
        most = CONNECTIONS if bounded or not self._local else None
        with self._changed:
            while True:
                if connection := self._idle.pop(key, None):
                    self._open += 1
                    return connection
                if most is None or self._open + len(self._idle) < most:
                    self._open += 1
                    return None
                if self._idle:
                    self._idle.popitem(last=False)[1].close()
                    continue
                self._wait(deadline)

    def give_back(self, key: Hashable, connection: Connection | None) -> None:
        """End a loan; a connection given back is kept for the next exchange of the same key."""
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
            self._changed.notify_all()

    @contextmanager
    def talk(self, deadline: Deadline) -> Iterator[None]:
        """Hold one of the raw conversations that may go on at once.

        Raises:
            Unobserved: LIMITED, all go on until the deadline.
        """
        with self._changed:
            while self._talks >= CONVERSATIONS:
                self._wait(deadline)
            self._talks += 1
        try:
            yield
        finally:
            with self._changed:
                self._talks -= 1
                self._changed.notify_all()

    def _wait(self, deadline: Deadline) -> None:
        if not self._changed.wait(max(0.0, deadline.at - self._clock())):
            raise Unobserved(Absence.LIMITED, "no free connection to this address in time")

    def answered(self, status: int, retry_after: float | None, took: float) -> None:
        """Learn from an answer: strain doubles the pause between requests, calm halves it again."""
        with self._changed:
            if status in (429, 503):
                pause = min(retry_after or 0.0, _LONGEST_WAIT)
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


class Neighbours:
    """What all targets of a process share: the neighbours, and the TLS contexts. Safe among threads."""

    def __init__(self) -> None:
        self.contexts = contexts()
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, int], Neighbour] = OrderedDict()

    def at(self, address: str, port: int) -> Neighbour:
        """The neighbour that answers at an address; of those not spoken to, the longest unseen are forgotten."""
        local = not is_public(address)
        key = (address, port if local else 0)
        with self._lock:
            neighbour = self._known.pop(key, None) or Neighbour(local=local)
            self._known[key] = neighbour
            if len(self._known) > _MOST_NEIGHBOURS:
                idle = next((old for old, state in self._known.items() if not state.busy and old != key), None)
                if idle is not None:
                    del self._known[idle]
        return neighbour
