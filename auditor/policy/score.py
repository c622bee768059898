"""Findings to numbers and to the exit code. Integers throughout; every percentage is rounded down."""

from collections.abc import Iterable, Sequence

from auditor.model import Coverage, Finding, Outcome, Points, Policy, Rule, Score, Scoring, Severity

NOT_REQUESTED = "not_requested"
"""Reason of a finding about what the operator did not ask for: outside coverage, score and exit code."""

_JUDGED = frozenset({Outcome.PASS, Outcome.FAIL, Outcome.WAIVED})
_SEEN = frozenset({Outcome.FAIL, Outcome.WAIVED})
"""A waiver excuses, it does not mend."""
_CAPPING = _SEEN | {Outcome.UNKNOWN}


def score(policy: Policy, findings: Iterable[Finding]) -> tuple[Score, ...]:
    """The policy's number for each target that it judged, in the order of the findings.

    A pass earns the rule's pass points, a failure (waived or not) its fail points, what is unknown the worse of the
    two; what does not apply, waits for a person or was not requested earns none. `value` is None where the policy
    has no scoring.
    """
    by_target: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.policy == policy.id:
            by_target.setdefault(finding.target, []).append(finding)
    scores = []
    for target, found in by_target.items():
        value, grade = None, ""
        if policy.scoring is not None:
            value = _value(policy.scoring, policy.rules, found)
            grade = _grade(policy.scoring, value, found)
        scores.append(Score(policy.id, target, value, grade, _percent(*_judged(found))))
    return tuple(scores)


def coverage(policy: Policy, findings: Iterable[Finding]) -> Coverage:
    """How much of what could be judged was judged, over all targets."""
    judged, total = _judged(finding for finding in findings if finding.policy == policy.id)
    return Coverage(policy.id, judged, total, _percent(judged, total), policy.minimum_coverage)


def exit_code(findings: Iterable[Finding], coverages: Sequence[Coverage], fail_on: Severity | None) -> int:
    """0 compliant, 1 a rule at or above `fail_on` failed, 3 too much is unknown. None is `--fail-on never`.

    3 also where nothing was judged at all. Waived, manual and not applicable rules never fail.
    """
    counted = {
        finding.outcome
        for finding in findings
        if fail_on is not None and finding.severity.rank >= fail_on.rank and finding.reason != NOT_REQUESTED
    }
    if Outcome.FAIL in counted:
        return 1
    thin = any(found.percent < found.minimum for found in coverages) or not any(found.judged for found in coverages)
    return 3 if thin or Outcome.UNKNOWN in counted else 0


def _judged(findings: Iterable[Finding]) -> tuple[int, int]:
    """Rules judged, and rules that could have been."""
    outcomes = [finding.outcome for finding in findings if finding.reason != NOT_REQUESTED]
    judged = sum(outcome in _JUDGED for outcome in outcomes)
    return judged, judged + outcomes.count(Outcome.UNKNOWN)


def _percent(judged: int, total: int) -> int:
    """Floor of the share; of nothing, everything was judged."""
    return 100 * judged // total if total else 100


def _value(scoring: Scoring, rules: Iterable[Rule], findings: Iterable[Finding]) -> int:
    outcomes = {finding.rule: finding.outcome for finding in findings if finding.reason != NOT_REQUESTED}
    earned = [_earned(_points(scoring, rule), outcomes[rule.id]) for rule in rules if rule.id in outcomes]
    value = scoring.start + sum(points for points in earned if points < 0)
    if scoring.bonus_from is None or value >= scoring.bonus_from:
        value += sum(points for points in earned if points > 0)
    caps = [cap.at_most for cap in scoring.caps if outcomes.get(cap.rule) in (_SEEN if cap.only_seen else _CAPPING)]
    return max(scoring.minimum, min([scoring.maximum, value, *caps]))


def _points(scoring: Scoring, rule: Rule) -> Points:
    return scoring.points.get(rule.id) or scoring.by_severity.get(rule.severity.value) or Points()


def _earned(points: Points, outcome: Outcome) -> int:
    if outcome is Outcome.PASS:
        return points.on_pass
    if outcome in (Outcome.FAIL, Outcome.WAIVED):
        return points.on_fail
    return min(points.on_pass, points.on_fail) if outcome is Outcome.UNKNOWN else 0


def _grade(scoring: Scoring, value: int, findings: Iterable[Finding]) -> str:
    """That of the first band that the score reaches and whose rules hold; what was not requested holds nothing up."""
    failing = {each.rule for each in findings if each.outcome in _CAPPING and each.reason != NOT_REQUESTED}
    reached = (band for band in scoring.bands if value >= band.at_least and failing.isdisjoint(band.requires))
    return next((band.grade for band in reached), "")
