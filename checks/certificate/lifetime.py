"""How long a certificate lives, and how long it may: CA/Browser Forum Baseline Requirements, section 6.3.2."""

from datetime import UTC, datetime

DAY = 86_400

SCHEDULE = (
    (datetime(2018, 3, 1, tzinfo=UTC), 825),  # ballot 193
    (datetime(2020, 9, 1, tzinfo=UTC), 398),  # ballot SC31
    (datetime(2026, 3, 15, tzinfo=UTC), 200),  # ballot SC-081v3, as are the next
    (datetime(2027, 3, 15, tzinfo=UTC), 100),
    (datetime(2029, 3, 15, tzinfo=UTC), 47),
)
"""From when on a server certificate may live how many days (Baseline Requirements, section 6.3.2), oldest first."""


def days(not_before: datetime, not_after: datetime) -> int:
    """Length of the validity period, both ends included (RFC 5280, section 4.1.2.5), in days of 86,400 s.

    Any fraction counts as a further day, so 398 days to the second are 399: the last second is part of it.
    """
    seconds = int((not_after - not_before).total_seconds()) + 1
    return -(-seconds // DAY)


def limit(not_before: datetime) -> int | None:
    """Days that a certificate issued at `not_before` may live; None before the schedule begins."""
    allowed = None
    for since, most in SCHEDULE:
        if not_before >= since:
            allowed = most
    return allowed
