"""Patterns mean what `re.fullmatch` makes of them, and none runs for ever."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.policy.patterns import MAX_PATTERN, MAX_VALUE, PatternError, compiled


@pytest.mark.parametrize(
    "pattern",
    [
        "nosniff", r"\d+\.\d+", r"nginx(/\d+)?", "(?:DENY|SAMEORIGIN)", "[a-z]{2,5}", "[]x]+", "[^]]*", r"a\{1\}", "", "a|",
        r"(?:\d{1,3}\.){3}\d{1,3}", "(?:a|b){8}", ".*?x", r"\x41", r"[\]\\]",
    ],
)  # fmt: skip
def test_ordinary_patterns_are_accepted_as_they_are(pattern: str) -> None:
    assert compiled(pattern).pattern == pattern


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("(a+)+", "too long"),
        ("(a*)*", "too long"),
        ("(a|b)+", "too long"),
        ("(a|a)*b", "too long"),
        ("(a?){40}", "too long"),
        ("a?" * 40, "too long"),
        (".*.*.*", "too long"),
        ("(?:(?:a{1,9}){1,9}){1,9}", "too long"),
        ("(?=a)", "outside the pattern language"),
        ("(?P<x>a)", "outside the pattern language"),
        ("(?i)a", "outside the pattern language"),
        (r"(a)\1", "outside the pattern language"),
        (r"\b", "outside the pattern language"),
        ("a\\", "outside the pattern language"),
        ("[a", "outside the pattern language"),
        ("[[]", "outside the pattern language"),
        ("[a--b]", "outside the pattern language"),
        ("[a&&b]", "outside the pattern language"),
        ("*a", "nothing to repeat"),
        ("a**", "nothing to repeat"),
        ("(", "unbalanced"),
        ("(a", "unbalanced"),
        ("a)", "unbalanced"),
        ("a{,3}", "no count"),
        ("a{3,1}", "min repeat"),
        ("[z-a]", "bad character range"),
        ("(" * 20 + ")" * 20, "nested too deeply"),
        ("a" * (MAX_PATTERN + 1), "longer than"),
    ],
)
def test_what_could_run_long_or_is_outside_the_language_is_refused(pattern: str, problem: str) -> None:
    with pytest.raises(PatternError, match=re.escape(problem)):
        compiled(pattern)


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("a*a*b", "a" * MAX_VALUE),
        (".*=.*=", "=" * (MAX_VALUE - 1) + "x"),
        ("a?" * 23 + "b", "a" * MAX_VALUE),
        ("(?:a|a){22}b", "a" * 24),
    ],
)
def test_the_worst_patterns_that_are_accepted_end_soon(pattern: str, value: str) -> None:
    started = time.process_time()
    assert compiled(pattern).fullmatch(value) is None
    assert time.process_time() - started < 3


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab|()[]{}?*+.\\d,12^-$:&~", max_size=24))
def test_nothing_but_a_pattern_or_its_error_comes_of_any_text(pattern: str) -> None:
    try:
        found = compiled(pattern)
    except PatternError:
        return
    assert found.pattern == pattern
