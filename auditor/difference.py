"""What changed between two reports, fault by fault. Pure; used by the report's readers and the commands alike."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

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
    before, after = faults(old), faults(new)
    settled = _settled(new)
    gone = [(fault, settled(fault)) for mark, fault in before.items() if mark not in after]
    return Difference(
        fixed=tuple(fault for fault, judged in gone if judged),
        new=tuple(fault for mark, fault in after.items() if mark not in before),
        unchanged=tuple(fault for mark, fault in after.items() if mark in before),
        not_assessed=tuple(fault for fault, judged in gone if not judged),
    )


def faults(report: Report) -> dict[str, Fault]:
    """Every failing verdict of failed and waived findings, by policy and fingerprint."""
    return {
        f"{finding.policy}:{verdict.fingerprint}": Fault(finding, verdict)
        for finding in report.findings
        if finding.outcome in (Outcome.FAIL, Outcome.WAIVED)
        for verdict in finding.verdicts
        if verdict.outcome is Outcome.FAIL
    }


def only_new(findings: Iterable[Finding], baseline: Report) -> tuple[Finding, ...]:
    """Findings without those failures of which every fault already stands in the baseline."""
    known = faults(baseline)
    return tuple(
        finding
        for finding in findings
        if finding.outcome is not Outcome.FAIL
        or any(
            f"{finding.policy}:{verdict.fingerprint}" not in known
            for verdict in finding.verdicts
            if verdict.outcome is Outcome.FAIL
        )
        or not any(verdict.outcome is Outcome.FAIL for verdict in finding.verdicts)
    )


def _settled(report: Report) -> Callable[[Fault], bool]:
    """Whether a report judged what a fault of an older one was about, with nothing left open there."""
    findings = {(f.policy, f.rule, f.target): f for f in report.findings}

    def settled(fault: Fault) -> bool:
        old = fault.finding
        finding = findings.get((old.policy, old.rule, old.target))
        if finding is None or finding.outcome is Outcome.UNKNOWN:
            return False
        return not any(
            verdict.outcome is Outcome.UNKNOWN
            and verdict.fact == fault.verdict.fact
            and verdict.subject in ("", fault.verdict.subject)
            for verdict in finding.verdicts
        )

    return settled
