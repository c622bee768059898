"""Assemble the report, and compare two of them. Pure: every moment and digest is an input."""

import platform
import ssl
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from auditor import __version__
from auditor.canonical import sha256
from auditor.model import (
    REPORT_SCHEMA,
    Attestation,
    Coverage,
    Finding,
    Outcome,
    Plugin,
    Policy,
    Report,
    Run,
    Scope,
    Score,
    Target,
    Tool,
    Verdict,
    Waiver,
)


def tool() -> Tool:
    """This program, as reports name it."""
    return Tool("auditor", __version__, platform.python_version(), ssl.OPENSSL_VERSION)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the policies say about the evidence."""

    policies: tuple[Policy, ...]
    waivers: tuple[Waiver, ...]
    attestations: tuple[Attestation, ...]
    judged_at: datetime
    findings: tuple[Finding, ...]
    scores: tuple[Score, ...]
    coverage: tuple[Coverage, ...]


def assemble(
    judgement: Judgement,
    targets: Sequence[Target],
    run: Run,
    evidence: bytes,
    *,
    identity: str,
    agency: str = "",
    parent: str = "",
    provenance: Iterable[Plugin] = (),
    signing: str,
) -> Report:
    """The machine report over `evidence` (the bytes of evidence.jsonl)."""
    authorisations = tuple(dict.fromkeys(t.authorisation for t in targets if t.authorisation))
    return Report(
        schema=REPORT_SCHEMA,
        id=identity,
        parent=parent,
        tool=tool(),
        policies=judgement.policies,
        scope=Scope(agency, authorisations, tuple(sorted({host for t in targets for host in t.scope}))),
        run=run,
        judged_at=judgement.judged_at,
        targets=tuple(targets),
        findings=judgement.findings,
        scores=judgement.scores,
        coverage=judgement.coverage,
        waivers=judgement.waivers,
        attestations=judgement.attestations,
        provenance=tuple(provenance),
        evidence_digest=sha256(evidence),
        signing=signing,
    )


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
    gone = [fault for mark, fault in before.items() if mark not in after]
    settled = _settled(new)
    fixed = tuple(fault for fault in gone if settled(fault))
    return Difference(
        fixed=fixed,
        new=tuple(fault for mark, fault in after.items() if mark not in before),
        unchanged=tuple(fault for mark, fault in after.items() if mark in before),
        not_assessed=tuple(fault for fault in gone if fault not in fixed),
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
