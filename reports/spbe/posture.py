"""What a report says of services, agencies and follow-up; counted here once, for every form that needs it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from auditor import frameworks
from auditor.difference import Fault
from auditor.model import (
    Basis,
    Category,
    Decides,
    Finding,
    Organisation,
    Outcome,
    Rule,
    Severity,
    Target,
    Text,
    Verdict,
    View,
)

from ..digest import NOT_REQUESTED, WAIVER_EXPIRED, Digest, Site, broken

_DECIDED = frozenset({Outcome.PASS, Outcome.FAIL, Outcome.WAIVED})


class State(StrEnum):
    """Follow-up of a fault, in the words that complaints (SP4N-LAPOR!) are counted by; the first that is so holds."""

    UNDERWAY = "underway"
    """Its risk was accepted for a time by a named officer, who says why."""
    OPEN = "open"
    UNSEEN = "unseen"
    """It stood in the earlier report and could not be examined again; never counted as done."""
    DONE = "done"
    """It stood in the earlier report, was examined again, and is gone."""


_STATED = Verdict("", "", "", "", Outcome.FAIL, "")
"""Of a fault that a person stated and nothing measured."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One fault and how far it has come."""

    state: State
    fault: Fault
    rule: Rule
    target: Target
    note: str = ""
    """Why its risk was accepted, by whom and until when; empty otherwise."""
    expired: bool = False
    """Its acceptance has run out."""


@dataclass(frozen=True, slots=True)
class Service:
    """The sites of one service together."""

    name: str
    sites: tuple[Site, ...]
    category: Category | None
    """The highest of its sites."""
    organisation: Organisation | None
    encrypted: bool | None
    """In transit, at every site; None where that was not assessed everywhere and nothing speaks against it."""


@dataclass(frozen=True, slots=True)
class Transit:
    """How many services of a category or higher are encrypted in transit."""

    services: tuple[Service, ...]
    """Those that count."""
    uncategorised: tuple[Service, ...]
    """Those whose category nobody stated: they might count."""

    @property
    def encrypted(self) -> int:
        """Services that are."""
        return sum(service.encrypted is True for service in self.services)

    @property
    def percent(self) -> int:
        """Share, rounded down: 100 means all of them."""
        return 100 * self.encrypted // len(self.services) if self.services else 0


def follow_up(arranged: Digest) -> tuple[FollowUp, ...]:
    """Every fault of this report and those that the earlier one had, each once, gravest first.

    A fault is what was found at a thing of a site: however many rules and policies speak of it, it is mended once.
    """
    members: defaultdict[tuple[str, ...], list[FollowUp]] = defaultdict(list)
    for item in (*_standing(arranged), *_gone(arranged)):
        verdict = item.fault.verdict
        same = (verdict.fact, verdict.subject) if verdict.fact else ("", item.fault.finding.policy, item.rule.id)
        members[item.target.url, *same].append(item)
    found = (_together(items) for items in members.values())
    return tuple(sorted(found, key=lambda f: (-f.rule.severity.rank, f.rule.id, f.target.url, f.fault.verdict.subject)))


def _together(items: list[FollowUp]) -> FollowUp:
    """One fault as the rules that speak of it leave it; shown by the gravest of those that say so."""
    state = min((item.state for item in items), key=list(State).index)
    chosen = max((item for item in items if item.state is state), key=lambda item: item.rule.severity.rank)
    return replace(chosen, expired=any(item.expired for item in items))


def _standing(arranged: Digest) -> Iterable[FollowUp]:
    for finding in arranged.report.findings:
        if finding.outcome not in (Outcome.FAIL, Outcome.WAIVED):
            continue
        rule, target = arranged.clause(finding).rule, arranged.site(finding).target
        waiver = arranged.report.waivers[finding.waiver] if finding.waiver is not None else None
        state = State.UNDERWAY if finding.outcome is Outcome.WAIVED else State.OPEN
        note = f"{waiver.reason} ({waiver.approver}, {waiver.until.isoformat()})" if waiver else ""
        for verdict in broken(finding) or (_STATED,):
            fault = Fault(finding, verdict)
            yield FollowUp(state, fault, rule, target, note, finding.reason == WAIVER_EXPIRED)


def _gone(arranged: Digest) -> Iterable[FollowUp]:
    if arranged.changes is None:
        return
    sites = {site.target.url: site.target for site in arranged.sites}
    for state, faults in ((State.DONE, arranged.changes.fixed), (State.UNSEEN, arranged.changes.not_assessed)):
        for fault in faults:
            clause = arranged.clauses.get((fault.finding.policy, fault.finding.rule))
            target = sites.get(fault.finding.target)
            if clause is not None and target is not None:
                yield FollowUp(state, fault, clause.rule, target)


def services(arranged: Digest) -> tuple[Service, ...]:
    """Sites grouped by the service that the inventory names, in the order of the report."""
    groups: defaultdict[str, list[Site]] = defaultdict(list)
    for site in arranged.sites:
        groups[site.target.service or site.target.host].append(site)
    return tuple(_service(name, sites, arranged) for name, sites in groups.items())


def _service(name: str, sites: list[Site], arranged: Digest) -> Service:
    categories = [site.target.se_category for site in sites]
    stated = [category for category in categories if category is not None]
    outcomes = [encrypted_at(site, arranged) for site in sites]
    return Service(
        name,
        tuple(sites),
        max(stated, key=lambda category: category.rank) if stated and None not in categories else None,
        sites[0].target.organisation,
        False if False in outcomes else None if None in outcomes else True,
    )


def encrypted_at(site: Site, arranged: Digest) -> bool | None:
    """Whether a site is encrypted in transit: every rule on it that facts decide was met.

    None where that was not assessed. A risk that was accepted is there all the same.
    """
    controls = frozenset(frameworks.data("evidence")["transit"])
    asked = [f for f in site.findings if _on_transit(arranged.clause(f).rule, controls) and f.reason != NOT_REQUESTED]
    outcomes = {finding.outcome for finding in asked if finding.outcome is not Outcome.NOT_APPLICABLE}
    if outcomes & {Outcome.FAIL, Outcome.WAIVED}:
        return False
    return True if outcomes == {Outcome.PASS} else None


def _on_transit(rule: Rule, controls: frozenset[str]) -> bool:
    return not rule.require.empty and rule.decides is Decides.BOTH and bool(controls.intersection(rule.controls))


def transit(found: Iterable[Service]) -> Transit:
    """The services that count for the indicator on cryptography."""
    least = Category(frameworks.data("evidence")["counted_from"])
    every = tuple(found)
    counted = tuple(s for s in every if s.category is not None and s.category.rank >= least.rank)
    return Transit(counted, tuple(service for service in every if service.category is None))


def judged(site: Site) -> bool:
    """Whether anything at all was settled about a site from outside."""
    return any(finding.outcome in _DECIDED for finding in site.findings)


class Standing(StrEnum):
    """How a report stands to a point that an audit looks at. Nothing here concludes."""

    SUPPORTED = "supported"
    """Measured, and nothing speaks against it; only of points that can be seen from outside."""
    DISPROVED = "disproved"
    STATED = "stated"
    """A named person says so."""
    STATED_NOT = "stated_not"
    NOT_APPLICABLE = "not_applicable"
    NOT_ASSESSED = "not_assessed"


@dataclass(frozen=True, slots=True)
class Place:
    """A point at one site."""

    site: Site
    standing: Standing
    findings: tuple[Finding, ...]
    """Of the rules that cite the point."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point that rules cite, as the report stands to it."""

    code: str
    control: str
    topic: Text
    observable: str
    """From outside: yes, partly, no."""
    places: tuple[Place, ...]


def points(arranged: Digest) -> tuple[Point, ...]:
    """The points of the data that rules can cite, at every site."""
    cited: defaultdict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in arranged.report.findings:
        if finding.reason != NOT_REQUESTED:
            for control in arranged.clause(finding).rule.controls:
                cited[control, finding.target].append(finding)
    return tuple(
        Point(
            entry["code"],
            entry["control"],
            frameworks.text(entry["topic"]),
            entry["observable"],
            tuple(_place(entry, site, tuple(cited[entry["control"], site.target.url])) for site in arranged.sites),
        )
        for entry in frameworks.data("audit-points")["points"]
        if "control" in entry
    )


def _place(entry: Mapping[str, Any], site: Site, findings: tuple[Finding, ...]) -> Place:
    return Place(site, standing(findings, seen=entry["observable"] == "yes"), findings)


def standing(findings: Iterable[Finding], *, seen: bool) -> Standing:
    """What some findings say of a point; `seen`: whether an examination from outside can affirm it at all."""
    said = {(finding.outcome, finding.basis) for finding in findings}
    outcomes = {outcome for outcome, _ in said}
    if (Outcome.FAIL, Basis.MEASURED) in said or Outcome.WAIVED in outcomes:
        return Standing.DISPROVED
    if (Outcome.FAIL, Basis.ATTESTED) in said:
        return Standing.STATED_NOT
    if Outcome.UNKNOWN in outcomes or Outcome.MANUAL in outcomes:
        return Standing.NOT_ASSESSED
    if (Outcome.PASS, Basis.ATTESTED) in said:
        return Standing.STATED
    if outcomes == {Outcome.NOT_APPLICABLE} and (seen or said == {(Outcome.NOT_APPLICABLE, Basis.ATTESTED)}):
        return Standing.NOT_APPLICABLE
    return Standing.SUPPORTED if seen and Outcome.PASS in outcomes else Standing.NOT_ASSESSED


def measures(view: View, arranged: Digest) -> frozenset[str]:
    """What is so of this report, in the words of `needs` in the data."""
    share = transit(services(arranged))
    followed = follow_up(arranged)
    everybody = bool(arranged.sites) and all(
        any(judged(site) for site in sites) for _, sites in arranged.by_organisation
    )
    true = {
        "assessed": any(judged(site) for site in arranged.sites),
        "all_agencies": everybody and not view.report.run.unreached,
        "compared": arranged.changes is not None,
        "followed_up": any(item.state is State.DONE for item in followed),
        "transit_some": share.encrypted > 0,
        "transit_all": bool(share.services) and share.percent == 100 and not share.uncategorised,
    }
    return frozenset(name for name, holds in true.items() if holds)


def by_severity(items: Iterable[FollowUp]) -> Counter[Severity]:
    """Faults that are there, accepted or not, by severity."""
    return Counter(item.rule.severity for item in items if item.state in (State.OPEN, State.UNDERWAY))


def named(data: Any, lang: str) -> str:
    """A text of the data in a language."""
    return frameworks.text(data).in_(lang)
