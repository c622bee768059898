"""Assemble the report. Every moment and digest is an input; what controls stand for is looked up in packaged data."""

import platform
import ssl
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from auditor import __version__
from auditor.canonical import sha256
from auditor.frameworks import citations
from auditor.model import (
    REPORT_SCHEMA,
    Attestation,
    Coverage,
    Finding,
    Plugin,
    Policy,
    Report,
    Run,
    Scope,
    Score,
    Target,
    Tool,
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
        citations=citations(c for policy in judgement.policies for rule in policy.rules for c in rule.controls),
    )
