"""The closed table of operators: which facts each takes, what operand, and what it says about a value.

An operator answers PASS, FAIL or UNKNOWN. A set of which some members could not be resolved is judged by what was
seen: what is there can break `subset_of` and `contains_none` and can satisfy `contains_all`; anything else about it
is UNKNOWN. So is a value of another type than the operator takes, whatever let it through.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from auditor.model import Assertion, Fact, Outcome, ValueType
from auditor.policy.patterns import MAX_VALUE, PatternError, compiled

Operand = bool | int | str | tuple[str, ...]

MAX_DAYS = 36_500
"""A century: a longer span is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Operator:
    """One row of the table."""

    doc: str
    accepts: Mapping[ValueType, type[Operand]]
    """Type of the operand by the type of the fact."""
    holds: Callable[[Any, Any, datetime], bool]
    """Of the value, the operand, and the moment of observation."""
    seen_in_part: Outcome = Outcome.UNKNOWN
    """For sets: the answer that members seen so far can already give."""
    may_be_empty: bool = False
    """Whether an empty list asks anything."""


def _days(value: datetime, days: int, at: datetime) -> bool:
    # In whole microseconds: exact, and no sum that could leave the calendar.
    return (value - at) // timedelta(microseconds=1) <= days * 86_400 * 10**6


OPERATORS: Mapping[str, Operator] = {
    "equals": Operator(
        "The value is the operand.", {bool: bool, int: int, str: str}, lambda value, operand, _: value == operand
    ),
    "one_of": Operator("The text is one of the list.", {str: tuple}, lambda value, operand, _: value in operand),
    "at_least": Operator("The integer is the operand or more.", {int: int}, lambda value, operand, _: value >= operand),
    "at_most": Operator("The integer is the operand or less.", {int: int}, lambda value, operand, _: value <= operand),
    "within_days": Operator("The time is past, or at most so many days after the observation.", {datetime: int}, _days),
    "beyond_days": Operator(
        "The time is more than so many days after the observation; 0 means that it has not passed.",
        {datetime: int},
        lambda value, operand, at: not _days(value, operand, at),
    ),
    "matches": Operator(
        "The whole text matches the pattern.",
        {str: str},
        lambda value, operand, _: compiled(operand).fullmatch(value) is not None,
    ),
    "subset_of": Operator(
        "Every member of the set is in the list.",
        {tuple: tuple},
        lambda value, operand, _: set(value) <= set(operand),
        seen_in_part=Outcome.FAIL,
        may_be_empty=True,
    ),
    "contains_all": Operator(
        "Every item of the list is in the set.",
        {tuple: tuple},
        lambda value, operand, _: set(value) >= set(operand),
        seen_in_part=Outcome.PASS,
    ),
    "contains_none": Operator(
        "No item of the list is in the set.",
        {tuple: tuple},
        lambda value, operand, _: set(value).isdisjoint(operand),
        seen_in_part=Outcome.FAIL,
    ),
}


def evaluate(assertion: Assertion, fact: Fact, at: datetime) -> Outcome:
    """What an assertion says about a fact observed at `at`: PASS, FAIL or UNKNOWN, and never an exception."""
    operator, value = OPERATORS.get(assertion.operator), fact.value
    kind: Any = datetime if isinstance(value, datetime) else type(value)
    if operator is None or operator.accepts.get(kind) is not type(assertion.operand) or not _sound(assertion, fact):
        return Outcome.UNKNOWN
    outcome = Outcome.PASS if operator.holds(value, assertion.operand, at) else Outcome.FAIL
    return outcome if fact.complete or outcome is operator.seen_in_part else Outcome.UNKNOWN


def _sound(assertion: Assertion, fact: Fact) -> bool:
    """Whether a value of the right type can be judged at all."""
    value = fact.value
    if isinstance(value, datetime):
        return value.tzinfo is not None
    if assertion.operator == "matches":
        return isinstance(value, str) and len(value) <= MAX_VALUE and _is_pattern(assertion.operand)
    return not isinstance(value, tuple) or all(isinstance(member, str) for member in value)


def _is_pattern(operand: Operand) -> bool:
    try:
        return compiled(str(operand)) is not None
    except PatternError:
        return False
