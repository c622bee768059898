"""Time that passes only while everybody waits, for threads that wait for each other and for moments."""

import math
import threading
import time
from collections.abc import Callable, Sequence

_REAL_PATIENCE = 20.0


class Clock:
    """The present, and the threads that live in it: the one that made it, or those that `run` starts."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self._lock = threading.RLock()
        self._alive = 1
        self._waiting: list[tuple[float, Moment]] = []
        self._failed: list[BaseException] = []

    def __call__(self) -> float:
        return self.now

    def condition(self) -> "Moment":
        return Moment(self, self._lock)

    def sleep(self, seconds: float) -> None:
        moment = self.condition()
        with moment:
            moment.wait(seconds)

    def run(self, works: Sequence[Callable[[], None]]) -> None:
        """Each in a thread of its own, until all have ended; what one raises is raised here."""
        self._alive = len(works)

        def live(work: Callable[[], None]) -> None:
            try:
                work()
            except BaseException as error:  # noqa: BLE001 - raised again in the thread of the test
                self._failed.append(error)
            with self._lock:
                self._alive -= 1
                self._go_on()

        threads = [threading.Thread(target=live, args=(work,), daemon=True) for work in works]
        for thread in threads:
            thread.start()
        ends = time.monotonic() + _REAL_PATIENCE
        for thread in threads:
            thread.join(max(0.0, ends - time.monotonic()))
        assert not any(thread.is_alive() for thread in threads), "it hangs"
        self._alive = 1
        for error in self._failed:
            raise error

    def wait(self, moment: "Moment", until: float) -> bool:
        me = (until, moment)
        self._waiting.append(me)
        self._go_on()
        while any(other is me for other in self._waiting):
            moment.really_wait()
        return self.now < until

    def wake(self, chosen: Callable[[float, "Moment"], bool]) -> None:
        woken = [one for one in self._waiting if chosen(*one)]
        self._waiting = [one for one in self._waiting if one not in woken]
        for _, moment in woken:
            moment.really_notify()

    def _go_on(self) -> None:
        """Once nobody is at work, it is the moment that the first one waits for."""
        if self._waiting and len(self._waiting) >= self._alive:
            first = min(until for until, _ in self._waiting)
            assert first < math.inf, "everybody waits for somebody else"
            self.now = max(self.now, first)
            self.wake(lambda until, _: until <= self.now)


class Moment(threading.Condition):
    """A condition whose time-outs are moments of a `Clock`."""

    def __init__(self, clock: Clock, lock: "threading.RLock") -> None:
        super().__init__(lock)
        self._clock = clock

    def wait(self, timeout: float | None = None) -> bool:
        return self._clock.wait(self, math.inf if timeout is None else self._clock.now + timeout)

    def notify_all(self) -> None:
        self._clock.wake(lambda _, moment: moment is self)

    def really_wait(self) -> None:
        super().wait(_REAL_PATIENCE)

    def really_notify(self) -> None:
        super().notify_all()
