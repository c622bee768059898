"""A report arranged for people: what to see first, what belongs together. Pure, in no language and no format.

Every renderer for people (terminal, HTML) reads this, so that they count and order alike. One pass over the
findings; nothing here compares a site with every other.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Literal

from auditor.difference import Difference, compare
from auditor.model import (
    Attestation,
    Basis,
    Finding,
    Organisation,
    Outcome,
    Policy,
    Report,
    Rule,
    Score,
    Severity,
    Target,
    Text,
    Verdict,
    View,
    Waiver,
)
from auditor.regions import zone

NOT_REQUESTED = "not_requested"
WAIVER_EXPIRED = "waiver_expired"
"""Reasons that the judge gives and that are shown apart."""

BY_WEIGHT = tuple(sorted(Severity, key=lambda severity: -severity.rank))
"""Severities, gravest first: the order of every list."""

RuleKey = tuple[str, str]
"""Policy id and rule id."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A rule with the policy it stands in; `number` is its place in the document."""

    number: int
    policy: Policy
    rule: Rule

    @property
    def weight(self) -> int:
        """Sorts the gravest first."""
        return -self.rule.severity.rank


@dataclass(frozen=True, slots=True)
class Tally:
    """Findings by outcome. What was above the requested level is counted apart, as nobody asked for it."""

    outcomes: Mapping[Outcome, int]
    failed: Mapping[Severity, int]
    not_requested: int

    @property
    def decided(self) -> int:
        """Findings that say yes or no."""
        return self[Outcome.PASS] + self[Outcome.FAIL] + self[Outcome.WAIVED]

    def __getitem__(self, outcome: Outcome) -> int:
        return self.outcomes.get(outcome, 0)


@dataclass(frozen=True, slots=True)
class Site:
    """One target with everything said about it; `number` is its place in the document."""

    number: int
    target: Target
    findings: tuple[Finding, ...]
    """Gravest first."""
    scores: tuple[Score, ...]
    tally: Tally

    @property
    def label(self) -> str:
        """The target's URL, short: without the scheme where it is https, without an empty path."""
        return self.target.url.removeprefix("https://").removesuffix("/")

    @property
    def worst(self) -> Severity | None:
        """The gravest fault, if there is one."""
        return worst(self.tally)

    def of(self, *outcomes: Outcome) -> tuple[Finding, ...]:
        """Its findings of some outcomes; UNKNOWN without what nobody asked for."""
        return tuple(f for f in self.findings if f.outcome in outcomes and f.reason != NOT_REQUESTED)


@dataclass(frozen=True, slots=True)
class Group:
    """One rule, and every finding of one kind under it."""

    clause: Clause
    findings: tuple[Finding, ...]
    """Of one outcome each; the clause's severity is that of the rule in its policy."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A risk that a named officer accepted, and the faults that it covers."""

    waiver: Waiver
    group: Group


@dataclass(frozen=True, slots=True)
class Answered:
    """A named person's answer, and the findings that rest on it."""

    attestation: Attestation
    group: Group


@dataclass(frozen=True, slots=True)
class Standing:
    """One organisation's sites together."""

    organisation: Organisation | None
    sites: tuple[Site, ...]
    tally: Tally
    worst: Score | None
    """The lowest score of a site, if any policy gives scores."""


@dataclass(frozen=True, slots=True)
class Digest:
    """The whole report, arranged."""

    report: Report
    clauses: Mapping[RuleKey, Clause]
    sites: tuple[Site, ...]
    """In the order of the report."""
    standings: tuple[Standing, ...]
    """Organisations with the gravest faults first; empty where no target names one."""
    tally: Tally
    faults: tuple[Group, ...]
    """Failed rules, gravest first, then by how many sites they concern."""
    unknown: Mapping[str, tuple[Group, ...]]
    """Rules that could not be judged, by reason, most frequent first."""
    not_requested: tuple[Group, ...]
    manual: tuple[Group, ...]
    answered: tuple[Answered, ...]
    accepted: tuple[Accepted, ...]
    passed: tuple[Group, ...]
    not_applicable: tuple[Group, ...]
    changes: Difference | None
    """Against the previous report; None where there is none."""
    zone: tzinfo
    """The agency's."""

    _places: Mapping[str, int]

    def clause(self, finding: Finding) -> Clause:
        """The rule behind a finding."""
        return self.clauses[finding.policy, finding.rule]

    def site(self, finding: Finding) -> Site:
        """The site behind a finding."""
        return self.sites[self._places[finding.target]]

    def title(self, finding: Finding, previous: Report) -> Text:
        """The title of a finding's rule, from the previous report where the policy has dropped it since."""
        clause = self.clauses.get((finding.policy, finding.rule))
        if clause is not None:
            return clause.rule.title
        dropped = (rule for policy in previous.policies for rule in policy.rules if policy.id == finding.policy)
        return next((rule.title for rule in dropped if rule.id == finding.rule), Text(finding.rule, finding.rule))

    def expired(self, group: Group) -> tuple[Waiver, ...]:
        """The acceptances that have run out, of the faults of a rule."""
        places = (f.waiver for f in group.findings if f.reason == WAIVER_EXPIRED and f.waiver is not None)
        return tuple(self.report.waivers[place] for place in dict.fromkeys(places))

    @property
    def gravest(self) -> tuple[Site, ...]:
        """Sites with a fault, the gravest first."""
        return tuple(sorted((site for site in self.sites if site.worst), key=lambda site: _failures(site.tally)))

    @property
    def by_organisation(self) -> tuple[tuple[str, tuple[Site, ...]], ...]:
        """Names and sites of the organisations as they stand; one nameless group where there are none."""
        if not self.standings:
            return (("", self.sites),)
        return tuple((s.organisation.name if s.organisation else "", s.sites) for s in self.standings)


def digest(view: View) -> Digest:
    """Arrange a report."""
    report = view.report
    clauses = {
        (policy.id, rule.id): Clause(number, policy, rule)
        for number, (policy, rule) in enumerate(
            ((policy, rule) for policy in report.policies for rule in policy.rules), start=1
        )
    }
    sites = tuple(_sites(report))
    asked = [f for f in report.findings if f.reason != NOT_REQUESTED]
    measured = [f for f in asked if f.basis is Basis.MEASURED]

    def grouped(findings: Iterable[Finding], *outcomes: Outcome) -> tuple[Group, ...]:
        return _groups((f for f in findings if f.outcome in outcomes), clauses)

    return Digest(
        report=report,
        clauses=clauses,
        sites=sites,
        standings=_standings(sites),
        tally=tally(report.findings),
        faults=grouped(asked, Outcome.FAIL),
        unknown=_by_reason((f for f in asked if f.outcome is Outcome.UNKNOWN), clauses),
        not_requested=_groups((f for f in report.findings if f.reason == NOT_REQUESTED), clauses),
        manual=grouped(asked, Outcome.MANUAL),
        answered=tuple(
            Answered(report.attestations[place], group)
            for place, group in _parted((f for f in asked if f.basis is Basis.ATTESTED), clauses, "attestation")
        ),
        accepted=tuple(
            Accepted(report.waivers[place], group)
            for place, group in _parted((f for f in asked if f.outcome is Outcome.WAIVED), clauses, "waiver")
        ),
        passed=grouped(measured, Outcome.PASS),
        not_applicable=grouped(measured, Outcome.NOT_APPLICABLE),
        changes=compare(view.previous, report) if view.previous else None,
        zone=zone(_region(report.targets)),
        _places={site.target.url: place for place, site in enumerate(sites)},
    )


def tally(findings: Iterable[Finding]) -> Tally:
    """Count findings."""
    outcomes: Counter[Outcome] = Counter()
    failed: Counter[Severity] = Counter()
    not_requested = 0
    for finding in findings:
        if finding.reason == NOT_REQUESTED:
            not_requested += 1
            continue
        outcomes[finding.outcome] += 1
        if finding.outcome is Outcome.FAIL:
            failed[finding.severity] += 1
    return Tally(outcomes, failed, not_requested)


def worst(counted: Tally) -> Severity | None:
    """The gravest severity with a fault."""
    return next((severity for severity in BY_WEIGHT if counted.failed.get(severity)), None)


def broken(finding: Finding) -> tuple[Verdict, ...]:
    """The verdicts that made a finding what it is: the failing ones of a fault, the open ones of an unknown."""
    wanted = Outcome.UNKNOWN if finding.outcome is Outcome.UNKNOWN else Outcome.FAIL
    return tuple(verdict for verdict in finding.verdicts if verdict.outcome is wanted)


def one_a_site(groups: Iterable[Group]) -> tuple[Finding, ...]:
    """The first finding of each site in some groups."""
    first: dict[str, Finding] = {}
    for group in groups:
        for finding in group.findings:
            first.setdefault(finding.target, finding)
    return tuple(first.values())


def target_zone(target: Target) -> tzinfo:
    """The zone in which a target's days end."""
    return zone(_region((target,)))


def _region(targets: Iterable[Target]) -> str:
    regions = (t.region or (t.organisation.region if t.organisation else "") for t in targets)
    return next((region for region in regions if region), "")


def _gravity(finding: Finding) -> tuple[int, str, str]:
    return -finding.severity.rank, finding.policy, finding.rule


def _sites(report: Report) -> Iterable[Site]:
    findings: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        findings[finding.target].append(finding)
    scores: defaultdict[str, list[Score]] = defaultdict(list)
    for score in report.scores:
        scores[score.target].append(score)
    for number, target in enumerate(report.targets, start=1):
        mine = sorted(findings[target.url], key=_gravity)
        yield Site(number, target, tuple(mine), tuple(scores[target.url]), tally(mine))


def _groups(findings: Iterable[Finding], clauses: Mapping[RuleKey, Clause]) -> tuple[Group, ...]:
    members: defaultdict[RuleKey, list[Finding]] = defaultdict(list)
    for finding in findings:
        members[finding.policy, finding.rule].append(finding)
    groups = [Group(clauses[key], tuple(found)) for key, found in members.items()]
    return tuple(sorted(groups, key=lambda g: (g.clause.weight, -len(g.findings), g.clause.number)))


def _parted(
    findings: Iterable[Finding], clauses: Mapping[RuleKey, Clause], by: Literal["waiver", "attestation"]
) -> Iterable[tuple[int, Group]]:
    """Groups whose findings all rest on one waiver or attestation, with its place in the report."""
    parts: defaultdict[int, list[Finding]] = defaultdict(list)
    for finding in findings:
        place = finding.waiver if by == "waiver" else finding.attestation
        if place is not None:
            parts[place].append(finding)
    return ((place, group) for place, found in parts.items() for group in _groups(found, clauses))


def _by_reason(findings: Iterable[Finding], clauses: Mapping[RuleKey, Clause]) -> Mapping[str, tuple[Group, ...]]:
    reasons: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        reasons[finding.reason].append(finding)
    return {
        reason: _groups(found, clauses)
        for reason, found in sorted(reasons.items(), key=lambda item: (-len(item[1]), item[0]))
    }


def _standings(sites: tuple[Site, ...]) -> tuple[Standing, ...]:
    members: defaultdict[str, list[Site]] = defaultdict(list)
    for site in sites:
        members[site.target.organisation.id if site.target.organisation else ""].append(site)
    if set(members) <= {""}:
        return ()
    standings = [_standing(tuple(found)) for found in members.values()]
    return tuple(sorted(standings, key=_rank))


def _standing(sites: tuple[Site, ...]) -> Standing:
    scores = [score for site in sites for score in site.scores if score.value is not None]
    return Standing(
        organisation=sites[0].target.organisation,
        sites=sites,
        tally=tally(finding for site in sites for finding in site.findings),
        worst=min(scores, key=lambda score: score.value or 0, default=None),
    )


def _failures(counted: Tally) -> tuple[int, ...]:
    """Sorts the gravest first: more critical faults, then more high ones, at last more left open."""
    return *(-counted.failed.get(severity, 0) for severity in BY_WEIGHT), -counted[Outcome.UNKNOWN]


def _rank(standing: Standing) -> tuple[tuple[int, ...], str]:
    return _failures(standing.tally), standing.organisation.name if standing.organisation else ""
