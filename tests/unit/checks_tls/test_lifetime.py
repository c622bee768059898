"""Validity periods as the CA/Browser Forum counts and limits them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.certificate import lifetime

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("length", "days"),
    [
        (timedelta(days=398) - timedelta(seconds=1), 398),  # both ends included: exactly 398 x 86,400 s
        (timedelta(days=398), 399),
        (timedelta(days=397), 398),
        (timedelta(seconds=0), 1),
        (timedelta(days=90) - timedelta(seconds=1), 90),
    ],
)
def test_any_fraction_counts_as_a_further_day(length: timedelta, days: int) -> None:
    assert lifetime.days(START, START + length) == days


@given(st.integers(1, 4000), st.integers(0, 86_399))
def test_days_are_the_least_whole_number_that_holds_the_period(whole: int, seconds: int) -> None:
    days = lifetime.days(START, START + timedelta(days=whole, seconds=seconds))
    assert (days - 1) * 86_400 < whole * 86_400 + seconds + 1 <= days * 86_400


@pytest.mark.parametrize(
    ("day", "limit"),
    [
        ("2018-02-28", None),
        ("2018-03-01", 825),
        ("2020-08-31", 825),
        ("2020-09-01", 398),
        ("2026-03-14", 398),
        ("2026-03-15", 200),
        ("2027-03-14", 200),
        ("2027-03-15", 100),
        ("2029-03-14", 100),
        ("2029-03-15", 47),
        ("2040-01-01", 47),
    ],
)
def test_limit_follows_ballot_sc_081(day: str, limit: int | None) -> None:
    assert lifetime.limit(datetime.fromisoformat(f"{day}T00:00:00+00:00")) == limit
