"""What changed between two reports, fault by fault. Pure; used by the report's readers and the commands alike."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from auditor.model import Finding, Outcome, Report, Verdict


@dataclass(frozen=True, slots=True)
class Fault:
    """One failing verdict in its place; the unit in which reports are compared."""

    finding: Finding
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed between two reports, by verdict fingerprint."""

    fixed: tuple[Fault, ...]
    """Failed in the old one, judged and no longer failing in the new one."""
    new: tuple[Fault, ...]
    unchanged: tuple[Fault, ...]
    not_assessed: tuple[Fault, ...]
    """Failed in the old one; the new one did not judge that rule for that target. Never counted as fixed."""


def compare(old: Report, new: Report) -> Difference:
    """Faults fixed, new, unchanged, or not assessed any more."""
    shared = _shared(old, new)
    before, after = _faults(old, shared), _faults(new, shared)
    settled = _settled(new, shared)
    gone = [(fault, settled(fault)) for mark, fault in before.items() if mark not in after]
    return Difference(
        fixed=tuple(fault for fault, judged in gone if judged),
        new=tuple(fault for mark, fault in after.items() if mark not in before),
        unchanged=tuple(fault for mark, fault in after.items() if mark in before),
        not_assessed=tuple(fault for fault, judged in gone if not judged),
    )


def only_new(report: Report, baseline: Report) -> tuple[Finding, ...]:
    """Findings without those failures of which every fault already stands in the baseline."""
    shared = _shared(baseline, report)
    known = _faults(baseline, shared)
    return tuple(
        finding
        for finding in report.findings
        if finding.outcome is not Outcome.FAIL
        or not _failing(finding)
        or any(_mark(finding, verdict, shared) not in known for verdict in _failing(finding))
    )


def _shared(old: Report, new: Report) -> frozenset[str]:
    """Ids of the policies that judged both.

    Within those a fault is that of its policy. Elsewhere, where an agency's own policy has taken the place of the
    one it extends, the rules that it inherits go on under their ids.
    """
    return frozenset(policy.id for policy in old.policies) & frozenset(policy.id for policy in new.policies)


def _failing(finding: Finding) -> tuple[Verdict, ...]:
    return tuple(verdict for verdict in finding.verdicts if verdict.outcome is Outcome.FAIL)


def _mark(finding: Finding, verdict: Verdict, shared: frozenset[str]) -> tuple[str, str]:
    return finding.policy if finding.policy in shared else "", verdict.fingerprint


def _faults(report: Report, shared: frozenset[str]) -> dict[tuple[str, str], Fault]:
    """Every failing verdict of failed and waived findings."""
    return {
        _mark(finding, verdict, shared): Fault(finding, verdict)
        for finding in report.findings
        if finding.outcome in (Outcome.FAIL, Outcome.WAIVED)
        for verdict in _failing(finding)
    }


def _settled(report: Report, shared: frozenset[str]) -> Callable[[Fault], bool]:
    """Whether a report judged what a fault of an older one was about, with nothing left open there."""

    def place(finding: Finding) -> tuple[str, str, str]:
        return finding.policy if finding.policy in shared else "", finding.rule, finding.target

    found: defaultdict[tuple[str, str, str], list[Finding]] = defaultdict(list)
    for finding in report.findings:
        found[place(finding)].append(finding)

    def settled(fault: Fault) -> bool:
        findings = found.get(place(fault.finding), [])
        return bool(findings) and not any(map(partial(_open, fault), findings))

    return settled


def _open(fault: Fault, finding: Finding) -> bool:
    """Whether a finding leaves open what the fault is about."""
    return finding.outcome is Outcome.UNKNOWN or any(
        verdict.outcome is Outcome.UNKNOWN
        and verdict.fact == fault.verdict.fact
        and verdict.subject in ("", fault.verdict.subject)
        for verdict in finding.verdicts
    )
