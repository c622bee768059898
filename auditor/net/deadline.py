"""Points in time after which waiting ends, each with the absence it then means."""

import time
from dataclasses import dataclass

from auditor.errors import Unobserved
from auditor.model import Absence


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
