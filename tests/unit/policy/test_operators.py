"""Every operator on every type, and what it makes of a set seen in part."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from auditor.model import TYPE_NAMES, Assertion, Fact, Outcome
from auditor.policy.operators import OPERATORS, evaluate
from auditor.policy.patterns import MAX_VALUE

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
PASS, FAIL, UNKNOWN = Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN


def said(operator: str, operand: Any, value: Any, *, complete: bool = True) -> Outcome:
    return evaluate(Assertion("x", operator, operand), Fact("x", value, complete=complete), AT)


def test_the_table_is_the_one_of_the_language() -> None:
    assert list(OPERATORS) == [
        "equals", "one_of", "at_least", "at_most", "within_days", "beyond_days", "matches",
        "subset_of", "contains_all", "contains_none",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("operator", "operand", "passes", "fails"),
    [
        ("equals", True, [True], [False]),
        ("equals", False, [False], [True]),
        ("equals", 5, [5], [4, 6, -5]),
        ("equals", "nosniff", ["nosniff"], ["NOSNIFF", "nosniff ", ""]),
        ("one_of", ("DENY", "SAMEORIGIN"), ["DENY", "SAMEORIGIN"], ["deny", "ALLOW", "", "DENY,SAMEORIGIN"]),
        ("at_least", 10, [10, 11], [9, 0, -10]),
        ("at_most", 10, [10, 9, -1], [11]),
        ("within_days", 30, [AT + 30 * DAY, AT, AT - DAY], [AT + 30 * DAY + SECOND]),
        ("within_days", 0, [AT, AT - SECOND], [AT + SECOND]),
        ("within_days", -1, [AT - DAY], [AT - DAY + SECOND]),
        ("beyond_days", 0, [AT + SECOND], [AT, AT - SECOND]),
        ("beyond_days", 30, [AT + 30 * DAY + SECOND], [AT + 30 * DAY, AT]),
        ("matches", "nginx(/.*)?", ["nginx", "nginx/1.2"], ["nginx2", "xnginx", "nginx/1\n"]),
        ("subset_of", ("a", "b"), [(), ("a",), ("b", "a")], [("c",), ("a", "c"), ("A",)]),
        ("subset_of", (), [()], [("a",)]),
        ("contains_all", ("a", "b"), [("a", "b"), ("c", "b", "a")], [(), ("a",), ("b", "c")]),
        ("contains_none", ("a", "b"), [(), ("c",)], [("a",), ("c", "b")]),
    ],
)
def test_an_operator_holds_for_some_values_and_not_for_others(
    operator: str, operand: object, passes: list[object], fails: list[object]
) -> None:
    assert {value: said(operator, operand, value) for value in passes} == dict.fromkeys(passes, PASS)
    assert {value: said(operator, operand, value) for value in fails} == dict.fromkeys(fails, FAIL)


@pytest.mark.parametrize(
    ("operator", "operand", "seen", "outcome"),
    [
        ("subset_of", ("a",), (), UNKNOWN),
        ("subset_of", ("a",), ("a",), UNKNOWN),
        ("subset_of", ("a",), ("a", "z"), FAIL),
        ("contains_all", ("a",), (), UNKNOWN),
        ("contains_all", ("a",), ("a", "z"), PASS),
        ("contains_none", ("a",), (), UNKNOWN),
        ("contains_none", ("a",), ("z",), UNKNOWN),
        ("contains_none", ("a",), ("a",), FAIL),
    ],
)
def test_a_set_seen_in_part_decides_only_what_its_members_decide(
    operator: str, operand: tuple[str, ...], seen: tuple[str, ...], outcome: Outcome
) -> None:
    assert said(operator, operand, seen, complete=False) is outcome


SAMPLES: dict[Any, Any] = {bool: True, int: 1, str: "a", datetime: AT, tuple: ("a",)}
OPERANDS: dict[Any, Any] = {bool: True, int: 1, str: "a", tuple: ("a",)}


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize("kind", SAMPLES, ids=lambda kind: TYPE_NAMES[kind])
@pytest.mark.parametrize("operand", OPERANDS.values(), ids=repr)
def test_types_that_do_not_go_together_are_unknown(operator: str, kind: Any, operand: Any) -> None:
    """In particular True is no integer, and 1 no boolean."""
    fits = OPERATORS[operator].accepts.get(kind) is type(operand)
    assert (said(operator, operand, SAMPLES[kind]) is UNKNOWN) is not fits


@pytest.mark.parametrize("value", [None, 1.0, {"a": 1}, ["a"], b"a", AT.date(), AT.replace(tzinfo=None), ("a", 1)])
@pytest.mark.parametrize("operator", OPERATORS)
def test_what_is_no_value_is_unknown_and_no_crash(operator: str, value: object) -> None:
    assert {said(operator, operand, value) for operand in OPERANDS.values()} == {UNKNOWN}


def test_an_operator_that_does_not_exist_is_unknown() -> None:
    assert said("contains", "a", "a") is UNKNOWN


def test_days_reach_beyond_the_calendar_without_overflow() -> None:
    assert said("within_days", 10**12, AT) is PASS
    assert said("beyond_days", -(10**12), datetime.min.replace(tzinfo=UTC)) is PASS


def test_a_text_too_long_to_match_and_a_pattern_outside_the_language_are_unknown() -> None:
    assert said("matches", "a*", "a" * MAX_VALUE) is PASS
    assert said("matches", "a*", "a" * (MAX_VALUE + 1)) is UNKNOWN
    assert said("matches", "(a+)+", "a") is UNKNOWN
