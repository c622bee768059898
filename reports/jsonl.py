"""Every finding as one line of JSON, for log collectors and scripts: stable keys, no language."""

from collections.abc import Iterable

from auditor.canonical import encode
from auditor.frameworks import citation
from auditor.model import View

from .digest import digest
from .entries import entries


def render(view: View, lang: str) -> Iterable[tuple[str, bytes]]:  # noqa: ARG001 - the contract of a renderer
    """`findings.jsonl`."""
    lines = (
        encode(
            {
                "report": view.report.id,
                "at": view.report.judged_at,
                "target": entry.finding.target,
                "organisation": entry.site.target.organisation.id if entry.site.target.organisation else "",
                "policy": entry.clause.policy.id,
                "policy_version": entry.clause.policy.version,
                "rule": entry.clause.rule.id,
                "severity": entry.finding.severity,
                "outcome": entry.outcome,
                "basis": entry.finding.basis,
                "reason": entry.finding.reason,
                "controls": entry.clause.rule.controls,
                "citations": {control: citation(control).confidence for control in entry.clause.rule.controls},
                "fact": entry.fact,
                "subject": entry.verdict.subject if entry.verdict else "",
                "expected": entry.verdict.expected if entry.verdict else "",
                "observed": entry.verdict.observed if entry.verdict else "",
                "fingerprint": entry.fingerprint,
            }
        )
        for entry in entries(digest(view))
    )
    yield "findings.jsonl", b"".join(line + b"\n" for line in lines)
