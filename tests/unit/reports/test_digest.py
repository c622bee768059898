"""What a reader sees first, counted and ordered in one place."""

from collections import Counter
from dataclasses import replace

from auditor.model import Absence, Finding, Outcome, Severity, View
from reports.digest import digest
from tests.unit.reports import samples


def with_findings(view: View, found: list[Finding]) -> View:
    return replace(view, report=replace(view.report, findings=tuple(found)))


def test_findings_are_counted_by_outcome() -> None:
    view = samples.dozen()
    by_hand = Counter(f.outcome for f in view.report.findings)
    tally = digest(view).tally
    assert {outcome: tally[outcome] for outcome in Outcome} == {outcome: by_hand[outcome] for outcome in Outcome}
    assert sum(tally.failed.values()) == by_hand[Outcome.FAIL]


def test_every_finding_is_in_exactly_one_list() -> None:
    arranged = digest(samples.bad())
    listed = [
        finding
        for groups in (
            arranged.faults,
            *arranged.unknown.values(),
            arranged.not_requested,
            arranged.manual,
            arranged.passed,
            arranged.not_applicable,
            [a.group for a in arranged.accepted],
            [a.group for a in arranged.answered],
        )
        for group in groups
        for finding in group.findings
    ]
    assert sorted(f.rule for f in listed) == sorted(f.rule for f in arranged.report.findings)


def test_faults_come_gravest_first_and_then_by_the_sites_they_concern() -> None:
    faults = digest(samples.dozen()).faults
    order = [(-group.clause.rule.severity.rank, -len(group.findings)) for group in faults]
    assert order == sorted(order)
    assert faults[0].clause.rule.id == "EKS-02"
    assert len(faults[0].findings) == 3


def test_what_nobody_requested_is_outside_the_counts() -> None:
    view = samples.unknown()
    first, *rest = view.report.findings
    arranged = digest(with_findings(view, [replace(first, reason="not_requested"), *rest]))
    assert arranged.tally[Outcome.UNKNOWN] == len(rest)
    assert arranged.tally.not_requested == 1
    assert [group.clause.rule.id for group in arranged.not_requested] == [first.rule]
    assert sum(len(groups) for groups in arranged.unknown.values()) == len(rest)
    assert len(arranged.sites[0].of(Outcome.UNKNOWN)) == len(rest)


def test_unknowns_are_grouped_by_reason_the_most_frequent_first() -> None:
    view = samples.unknown()
    found = list(view.report.findings)
    found[0] = replace(found[0], reason=Absence.CRASHED)
    assert list(digest(with_findings(view, found)).unknown) == [Absence.UNREACHABLE, Absence.CRASHED]


def test_agencies_with_the_gravest_faults_stand_first() -> None:
    arranged = digest(samples.dozen())
    criticals = [standing.tally.failed.get(Severity.CRITICAL, 0) for standing in arranged.standings]
    assert criticals == sorted(criticals, reverse=True)
    assert sum(len(standing.sites) for standing in arranged.standings) == 12
    assert arranged.standings[-1].organisation is not None
    assert arranged.standings[-1].organisation.id == "diskominfo", "the one without any fault"


def test_the_lowest_score_of_an_agency_is_that_of_its_worst_site() -> None:
    arranged = digest(samples.dozen())
    standing = next(s for s in arranged.standings if s.organisation and s.organisation.id == "kecamatan")
    assert standing.worst is not None
    assert standing.worst.value == 0


def test_without_agencies_there_is_no_table_of_them() -> None:
    assert digest(samples.good()).standings == ()
    assert len(digest(samples.good()).by_organisation) == 1


def test_changes_are_there_only_with_an_earlier_report() -> None:
    assert digest(samples.bad()).changes is None
    changes = digest(samples.changed()).changes
    assert changes is not None
    assert [f.finding.rule for f in changes.new] == ["EKS-01"]
    assert [f.finding.rule for f in changes.fixed] == ["HDR-03"]
    assert [f.finding.rule for f in changes.not_assessed] == ["KOM-02"], "a time-out is no repair"


def test_a_rule_that_the_policy_has_dropped_keeps_its_title_in_the_changes() -> None:
    view = samples.changed()
    before = view.previous
    assert before is not None
    policy = view.report.policies[0]
    kept = replace(policy, rules=tuple(rule for rule in policy.rules if rule.id != "HDR-03"))
    found = [f for f in view.report.findings if f.rule != "HDR-03"]
    view = replace(view, report=replace(view.report, policies=(kept,), findings=tuple(found)))
    gone = next(f for f in before.findings if f.rule == "HDR-03")
    assert digest(view).title(gone, before).en == "X-Content-Type-Options: nosniff"


def test_days_and_times_are_those_of_the_region() -> None:
    assert digest(samples.good()).zone.tzname(None) == "WITA"


def test_one_acceptance_for_many_sites_is_shown_once() -> None:
    view = samples.dozen()
    found = [
        replace(f, outcome=Outcome.WAIVED, waiver=0) if f.rule == "EKS-02" and f.outcome is Outcome.FAIL else f
        for f in view.report.findings
    ]
    waivers = samples.bad().report.waivers
    arranged = digest(replace(view, report=replace(view.report, findings=tuple(found), waivers=waivers)))
    assert [(a.waiver, len(a.group.findings)) for a in arranged.accepted] == [(waivers[0], 3)]
