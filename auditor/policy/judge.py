"""From observations to findings: a pure function of its arguments, the same on every machine.

What a finding shows: for each subject the verdicts of `require` (of a satisfied `any` those of its first satisfied
alternative, else those of all), the unknown verdicts of `when` where that could not be decided, and the false ones
of `when` where the whole rule does not apply.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from auditor.canonical import format_time, sha256
from auditor.errors import PolicyError
from auditor.model import (
    Absent,
    Attestation,
    Fact,
    FactSpec,
    Finding,
    Observation,
    Outcome,
    Policy,
    Target,
    Value,
    Verdict,
    Waiver,
)
from auditor.policy.evaluation import Look, Plan, Ruling, all_of, looks, plan, reason
from auditor.policy.index import Index
from auditor.policy.statements import statements

MAX_OBSERVED = 500
"""Characters of a value that a verdict shows; the evidence has all of it."""


def judge(
    observations: Iterable[Observation],
    specs: Mapping[str, FactSpec],
    policies: Sequence[Policy],
    waivers: Sequence[Waiver],
    attestations: Sequence[Attestation],
    judged_at: datetime,
    targets: Sequence[Target],
) -> tuple[Finding, ...]:
    """One finding for each rule of each policy and target, in that order: policy, target, rule.

    A target that names policies is judged by those alone. Facts are judged at the moment of their observation;
    `judged_at`, which has a zone, decides which waivers and attestations hold.

    Raises:
        PolicyError: a target names a policy that is not among those given, so nothing would judge it.
        ValueError: `judged_at` has no zone.
    """
    if judged_at.tzinfo is None:
        raise ValueError("judged_at has no zone")
    _require_policies(targets, {policy.id for policy in policies})
    indices = {target.url: Index(specs) for target in targets}
    for observation in observations:
        if observation.target in indices:
            indices[observation.target].add(observation)
    findings = []
    for policy in policies:
        plans = [plan(rule, specs) for rule in policy.rules]
        for target in targets:
            if not target.policies or policy.id in target.policies:
                index, stated = indices[target.url], statements(target, policy, waivers, attestations, judged_at)
                for each in plans:
                    found = looks(each, index)
                    findings.append(stated.applied(each.rule, _measured(policy, target, each, found), found))
    return tuple(findings)


def _require_policies(targets: Iterable[Target], known: set[str]) -> None:
    for target in targets:
        for name in target.policies:
            if name not in known:
                raise PolicyError("policy {policy} of this target is not loaded", place=target.url, policy=name)


def _measured(policy: Policy, target: Target, judged: Plan, found: Sequence[Look]) -> Finding:
    applying = [look for look in found if look.outcome is not Outcome.NOT_APPLICABLE]
    outcome = all_of(look.outcome for look in applying) if applying else Outcome.NOT_APPLICABLE
    rulings = (ruling for look in applying or found for ruling in look.rulings)
    return Finding(
        policy=policy.id,
        rule=judged.rule.id,
        target=target.url,
        outcome=outcome,
        severity=judged.rule.severity,
        verdicts=tuple(dict.fromkeys(_verdict(judged.rule.id, target.url, ruling) for ruling in rulings)),
        reason=reason(applying) if outcome is Outcome.UNKNOWN else "",
    )


def _verdict(rule: str, target: str, ruling: Ruling) -> Verdict:
    fact, subject = ruling.assertion.fact, ruling.entry.subject
    return Verdict(
        fact=fact,
        subject=subject,
        expected=ruling.assertion.expected,
        observed=observed(ruling.entry.seen),
        outcome=ruling.outcome,
        fingerprint=fingerprint(rule, target, fact, subject),
    )


def fingerprint(rule: str, target: str, fact: str, subject: str) -> str:
    """sha256 of the four, joined by NUL, which none but the last may hold."""
    return sha256(f"{rule}\0{target}\0{fact}\0{subject}".encode("utf-8", "surrogatepass"))


def observed(seen: Fact | Absent) -> str:
    """What was seen, in no language: `true`, `31536000`, `[TLSv1.2, TLSv1.3]`, a canonical time, `timeout: detail`.

    `?` stands for the members of a set that could not be resolved.
    """
    if isinstance(seen, Absent):
        return _cut(f"{seen.reason}: {seen.detail}" if seen.detail else str(seen.reason))
    return _cut(_shown(seen.value, () if seen.complete else ("?",)))


def _shown(value: Value, unresolved: tuple[str, ...]) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return format_time(value)
    if isinstance(value, tuple):
        return f"[{', '.join((*value, *unresolved))}]"
    return str(value)


def _cut(text: str) -> str:
    return text if len(text) <= MAX_OBSERVED else text[: MAX_OBSERVED - 1] + "…"
