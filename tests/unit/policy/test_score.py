"""Findings to numbers and exit codes, reckoned by hand."""

import pytest

from auditor.model import Band, Cap, Coverage, Finding, Outcome, Points, Policy, Score, Scoring, Severity, Text
from auditor.policy import coverage, exit_code, score
from tests.unit.policy.evidence import rule

PASS, FAIL, UNKNOWN, WAIVED = Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN, Outcome.WAIVED
NOT_APPLICABLE, MANUAL = Outcome.NOT_APPLICABLE, Outcome.MANUAL
BANDS = (Band(90, "A"), Band(50, "C"), Band(0, "E"))


def found(
    *outcomes: Outcome, target: str = "https://contoh.go.id/", severity: Severity = Severity.HIGH
) -> list[Finding]:
    """Findings of the rules R-1, R-2 ..., in that order."""
    return [
        Finding("contoh", f"R-{number}", target, outcome, severity) for number, outcome in enumerate(outcomes, start=1)
    ]


def unasked(finding: Finding) -> Finding:
    return Finding(finding.policy, finding.rule, finding.target, UNKNOWN, finding.severity, reason="not_requested")


def scored(scoring: Scoring | None, *outcomes: Outcome) -> Score:
    rules = tuple(rule(id=f"R-{number}") for number in range(1, len(outcomes) + 1))
    (value,) = score(Policy("contoh", "1", Text(), rules, scoring), found(*outcomes))
    return value


EACH = Scoring(start=50, by_severity={"high": Points(5, -10)}, bands=BANDS)


@pytest.mark.parametrize(
    ("outcomes", "value"),
    [
        ((), None),
        ((PASS,), 55),
        ((FAIL,), 40),
        ((WAIVED,), 40),
        ((UNKNOWN,), 40),
        ((NOT_APPLICABLE, MANUAL), 50),
        ((PASS, PASS, FAIL), 50),
        ((FAIL,) * 6, 0),
        ((PASS,) * 11, 100),
    ],
)
def test_points_are_added_to_the_start_within_the_bounds(outcomes: tuple[Outcome, ...], value: int | None) -> None:
    if outcomes:
        assert scored(EACH, *outcomes).value == value
    else:
        assert score(Policy("contoh", "1", Text(), (), EACH), []) == ()


def test_points_of_a_rule_go_before_those_of_its_severity_even_where_they_are_none() -> None:
    own = Scoring(by_severity={"high": Points(0, -10)}, points={"R-1": Points(0, -3), "R-2": Points(0, 0)})
    assert scored(own, FAIL, FAIL, FAIL).value == 100 - 3 - 0 - 10


def test_an_unknown_rule_earns_the_worse_of_its_two() -> None:
    """A policy made without the loader may reward failing; unknown still gets the lesser."""
    assert scored(Scoring(points={"R-1": Points(-5, 5)}), UNKNOWN).value == 95


@pytest.mark.parametrize(("threshold", "value"), [(None, 98), (90, 98), (91, 90), (89, 98)])
def test_bonus_counts_only_from_a_score_upwards(threshold: int | None, value: int) -> None:
    scoring = Scoring(points={"R-1": Points(8, 0), "R-2": Points(0, -10)}, bonus_from=threshold)
    assert scored(scoring, PASS, FAIL).value == value


@pytest.mark.parametrize(
    ("outcome", "value"), [(PASS, 100), (FAIL, 40), (WAIVED, 40), (UNKNOWN, 100), (NOT_APPLICABLE, 100)]
)
def test_a_cap_may_leave_what_is_unknown_to_the_coverage(outcome: Outcome, value: int) -> None:
    found_score = scored(Scoring(caps=(Cap("R-1", 40, only_seen=True),)), outcome)
    assert found_score.value == value
    assert found_score.coverage == (0 if outcome is UNKNOWN else 100)


@pytest.mark.parametrize(
    ("first", "second", "grade"),
    [
        (PASS, PASS, "A+"),
        (PASS, NOT_APPLICABLE, "A+"),
        (PASS, FAIL, "A"),
        (PASS, UNKNOWN, "A"),
        (PASS, WAIVED, "A"),
        (FAIL, PASS, "M"),
        (UNKNOWN, PASS, "M"),
    ],
)
def test_a_band_may_require_that_rules_hold(first: Outcome, second: Outcome, grade: str) -> None:
    bands = (Band(90, "A+", ("R-1", "R-2")), Band(90, "A", ("R-1",)), Band(0, "E", ("R-1",)), Band(0, "M"))
    assert scored(Scoring(points={}, bands=bands), first, second).grade == grade


def test_what_was_not_requested_keeps_no_band_away() -> None:
    bands = (Band(90, "A+", ("R-1",)), Band(0, "A"))
    policy = Policy("contoh", "1", Text(), (rule(id="R-1"),), Scoring(bands=bands))
    (found_score,) = score(policy, [unasked(each) for each in found(UNKNOWN)])
    assert found_score.grade == "A+"


@pytest.mark.parametrize(
    ("outcome", "value"), [(PASS, 100), (FAIL, 40), (UNKNOWN, 40), (WAIVED, 40), (NOT_APPLICABLE, 100), (MANUAL, 100)]
)
def test_a_cap_holds_while_its_rule_is_not_known_to_pass(outcome: Outcome, value: int) -> None:
    assert scored(Scoring(caps=(Cap("R-1", 40), Cap("R-1", 60))), outcome).value == value


def test_what_was_not_requested_neither_costs_nor_caps() -> None:
    scoring = Scoring(caps=(Cap("R-1", 40),), by_severity={"high": Points(0, -10)})
    policy = Policy("contoh", "1", Text(), (rule(id="R-1"), rule(id="R-2")), scoring)
    first, second = found(UNKNOWN, PASS)
    (value,) = score(policy, [unasked(first), second])
    assert (value.value, value.coverage) == (100, 100)


@pytest.mark.parametrize(("fails", "grade"), [(0, "A"), (1, "A"), (2, "C"), (5, "C"), (6, "E"), (10, "E")])
def test_the_grade_is_that_of_the_highest_band_reached(fails: int, grade: str) -> None:
    outcomes = (FAIL,) * fails + (PASS,)
    assert scored(Scoring(by_severity={"high": Points(0, -10)}, bands=BANDS), *outcomes).grade == grade


def test_a_policy_without_scoring_gives_coverage_alone() -> None:
    assert scored(None, PASS, UNKNOWN, UNKNOWN) == Score("contoh", "https://contoh.go.id/", None, "", 33)


def test_every_target_has_a_score_of_its_own() -> None:
    policy = Policy("contoh", "1", Text(), (rule(id="R-1"),), EACH)
    findings = found(FAIL, target="https://b.go.id/") + found(PASS, target="https://a.go.id/")
    other = Finding("lain", "R-1", "https://c.go.id/", PASS, Severity.HIGH)
    assert [(s.target, s.value) for s in score(policy, [*findings, other])] == [
        ("https://b.go.id/", 40), ("https://a.go.id/", 55),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("outcomes", "counted"),
    [
        ((PASS, FAIL, WAIVED), (3, 3, 100)),
        ((PASS, PASS, UNKNOWN), (2, 3, 66)),
        ((UNKNOWN,), (0, 1, 0)),
        ((PASS, NOT_APPLICABLE, MANUAL), (1, 1, 100)),
    ],
)
def test_coverage_is_the_floor_of_the_share_judged(
    outcomes: tuple[Outcome, ...], counted: tuple[int, int, int]
) -> None:
    policy = Policy("contoh", "1", Text(), (), minimum_coverage=70)
    other = Finding("lain", "R-1", "https://contoh.go.id/", UNKNOWN, Severity.HIGH)
    assert coverage(policy, [*found(*outcomes), other]) == Coverage("contoh", *counted, 70)


def ends(
    *outcomes: Outcome, fail_on: Severity | None = Severity.HIGH, severity: Severity = Severity.HIGH, minimum: int = 0
) -> int:
    findings = found(*outcomes, severity=severity)
    return exit_code(
        findings, [coverage(Policy("contoh", "1", Text(), (), minimum_coverage=minimum), findings)], fail_on
    )


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ((PASS,), 0),
        ((PASS, WAIVED, NOT_APPLICABLE, MANUAL), 0),
        ((PASS, FAIL), 1),
        ((PASS, UNKNOWN), 3),
        ((FAIL, UNKNOWN), 1),
        ((NOT_APPLICABLE,), 3),
        ((MANUAL,), 3),
        ((), 3),
    ],
)
def test_a_failure_goes_before_what_is_unknown_and_nothing_judged_is_no_success(
    outcomes: tuple[Outcome, ...], code: int
) -> None:
    assert ends(*outcomes) == code


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("fail_on", [*Severity, None])
def test_only_rules_at_or_above_the_level_count(severity: Severity, fail_on: Severity | None) -> None:
    order = ["info", "low", "medium", "high", "critical"]
    counts = fail_on is not None and order.index(severity) >= order.index(fail_on)
    assert ends(PASS, FAIL, severity=severity, fail_on=fail_on) == (1 if counts else 0)
    assert ends(PASS, UNKNOWN, severity=severity, fail_on=fail_on) == (3 if counts else 0)


def test_thin_coverage_is_no_success_whatever_the_severity() -> None:
    assert ends(PASS, UNKNOWN, severity=Severity.LOW, minimum=50) == 0
    assert ends(PASS, UNKNOWN, severity=Severity.LOW, minimum=51) == 3
    assert ends(FAIL, UNKNOWN, severity=Severity.LOW, minimum=51, fail_on=None) == 3


def test_what_was_not_requested_is_outside_the_exit_code() -> None:
    first, second = found(PASS, UNKNOWN)
    policy = Policy("contoh", "1", Text(), (), minimum_coverage=100)
    findings = [first, unasked(second)]
    assert exit_code(findings, [coverage(policy, findings)], Severity.INFO) == 0


def test_a_policy_without_findings_does_not_spoil_the_others() -> None:
    findings = found(PASS)
    policies = [Policy(name, "1", Text(), ()) for name in ("contoh", "lain")]
    assert exit_code(findings, [coverage(policy, findings) for policy in policies], Severity.HIGH) == 0
