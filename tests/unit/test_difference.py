"""What changed between two reports; what was not looked at again is never mended, and never known before."""

from dataclasses import replace

import pytest

from auditor.difference import compare, only_new
from auditor.model import Finding, Outcome, Report
from tests.unit.reports import samples

SITE = samples.target("contoh.go.id")
RULES = {entry[0].id: entry for entry in samples.RULES}
COOKIES = "SES-03"


def report(*findings: Finding, policies: tuple[str, ...] = ("baseline",)) -> Report:
    whole = samples.view([SITE], list(findings)).report
    return replace(whole, policies=tuple(replace(samples.policy(), id=name) for name in policies))


def found(rule: str, outcome: Outcome, *subjects: str, policy: str = "baseline") -> Finding:
    return replace(samples.finding(SITE, RULES[rule], outcome, [(s, "false") for s in subjects]), policy=policy)


FAULT = found("KOM-01", Outcome.FAIL, "")
PASS = found("KOM-01", Outcome.PASS, "")
UNKNOWN = found("KOM-01", Outcome.UNKNOWN, "")


def counts(old: Report, new: Report) -> tuple[int, int, int, int]:
    change = compare(old, new)
    return len(change.fixed), len(change.new), len(change.unchanged), len(change.not_assessed)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ((FAULT,), (PASS,), (1, 0, 0, 0)),
        ((PASS,), (FAULT,), (0, 1, 0, 0)),
        ((FAULT,), (FAULT,), (0, 0, 1, 0)),
        ((FAULT,), (UNKNOWN,), (0, 0, 0, 1)),
        ((FAULT,), (), (0, 0, 0, 1)),
        ((FAULT,), (replace(FAULT, outcome=Outcome.WAIVED),), (0, 0, 1, 0)),
    ],
)
def test_a_fault_is_mended_only_where_it_was_judged_again(
    old: tuple[Finding, ...], new: tuple[Finding, ...], expected: tuple[int, int, int, int]
) -> None:
    assert counts(report(*old), report(*new)) == expected


def test_a_second_insecure_cookie_is_news() -> None:
    old, new = report(found(COOKIES, Outcome.FAIL, "one")), report(found(COOKIES, Outcome.FAIL, "one", "two"))
    assert [fault.verdict.subject for fault in compare(old, new).new] == ["two"]
    assert only_new(new, old) == new.findings
    assert only_new(old, new) == ()


def test_a_cookie_that_may_be_hidden_by_an_open_one_is_not_mended() -> None:
    whole = found(COOKIES, Outcome.FAIL, "two")
    opened = replace(whole.verdicts[0], subject="", outcome=Outcome.UNKNOWN)
    new = report(replace(whole, verdicts=(*whole.verdicts, opened)))
    assert len(compare(report(found(COOKIES, Outcome.FAIL, "one")), new).not_assessed) == 1


def test_only_known_failures_are_left_out() -> None:
    new = report(FAULT, found("KOM-02", Outcome.FAIL, ""), found("SRT-01", Outcome.UNKNOWN, ""))
    assert [finding.rule for finding in only_new(new, report(FAULT))] == ["KOM-02", "SRT-01"]


def test_a_failure_without_verdicts_is_always_news() -> None:
    bare = replace(FAULT, verdicts=())
    assert only_new(report(bare), report(bare)) == (bare,)


def test_rules_that_an_own_policy_inherits_go_on() -> None:
    own = replace(FAULT, policy="kabupaten")
    new = report(own, policies=("kabupaten",))
    assert counts(report(FAULT), new) == (0, 0, 1, 0)
    assert counts(report(FAULT), report(replace(PASS, policy="kabupaten"), policies=("kabupaten",))) == (1, 0, 0, 0)
    assert only_new(new, report(FAULT)) == ()


def test_a_policy_that_joins_those_of_before_brings_faults_of_its_own() -> None:
    own = replace(FAULT, policy="kabupaten")
    both = report(FAULT, own, policies=("baseline", "kabupaten"))
    assert counts(report(FAULT), both) == (0, 1, 1, 0)
    assert only_new(both, report(FAULT)) == (own,)
