"""Points in time after which waiting ends, each with the absence it then means."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock, Thread
from typing import TypeVar

from auditor.errors import Unobserved
from auditor.model import Absence

T = TypeVar("T")


@dataclass(frozen=True, slots=True, order=True)
class Deadline:
    """A point on the monotonic clock; the earlier one is the smaller."""

    at: float
    reason: Absence = Absence.TIMEOUT
    detail: str = "no full answer in time"

    def left(self) -> float:
        """Seconds left, more than none.

        Raises:
            Unobserved: none are.
        """
        seconds = self.at - time.monotonic()
        if seconds <= 0:
            raise self.passed()
        return seconds

    def passed(self) -> Unobserved:
        """The absence that this deadline means once it has passed."""
        return Unobserved(self.reason, self.detail)


def after(seconds: float, what: str) -> Deadline:
    """The deadline of one exchange: `what` did not come within `seconds`."""
    return Deadline(time.monotonic() + seconds, Absence.TIMEOUT, f"{what} in {seconds:g} s")


class Budget:
    """The time that one target may take of its own, without what others make it wait. Safe among threads."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, Lock()
        self._end = clock() + seconds
        self._detail = f"the {seconds:g} s for this target are used up"

    @property
    def left(self) -> float:
        """Seconds; none or less when it is used up."""
        return self._end - self._clock()

    @property
    def deadline(self) -> Deadline:
        """When it will be used up, if nobody else is waited for until then."""
        return Deadline(self._end, Absence.LIMITED, self._detail)

    def lengthen(self, seconds: float) -> None:
        """Give back what was spent waiting for others."""
        with self._lock:
            self._end += seconds


def within(seconds: float, work: Callable[[], T]) -> T:
    """The outcome of blocking work that knows no time-out of the whole: it is left to a thread of its own.

    After a time-out that thread goes on until the work ends by itself; it keeps no program from ending.

    Raises:
        TimeoutError: the work did not end within `seconds`; and whatever it raises.
    """
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            outcome.set_exception(error)

    Thread(target=run, name="within", daemon=True).start()
    return outcome.result(seconds)
