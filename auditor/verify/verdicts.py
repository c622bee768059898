"""Verdicts, scores and coverage, computed again from the evidence and the policies in the bundle."""

from collections.abc import Mapping, Sequence

from auditor.canonical import encode
from auditor.messages import Catalog
from auditor.model import FactSpec, Finding, Observation, Policy, Report
from auditor.policy import coverage, judge, score
from auditor.verify.asking import DoubtError, given


def rejudge(
    report: Report | None,
    specs: Mapping[str, FactSpec] | None,
    observations: tuple[Observation, ...] | None,
    policies: tuple[Policy, ...] | None,
    words: Catalog,
) -> tuple[tuple[Finding, ...], str]:
    """The findings are what the policies give for the evidence."""
    claimed = given(report, words)
    findings = judge(
        given(observations, words),
        given(specs, words),
        given(policies, words),
        claimed.waivers,
        claimed.attestations,
        claimed.judged_at,
        claimed.targets,
    )
    if encode(findings) != encode(claimed.findings):
        raise DoubtError(_first_difference(claimed.findings, findings, words))
    return findings, words.text("{n} findings recomputed, identical", n=len(findings))


def _first_difference(claimed: Sequence[Finding], computed: Sequence[Finding], words: Catalog) -> str:
    def keyed(findings: Sequence[Finding]) -> dict[tuple[str, str, str], Finding]:
        return {(finding.policy, finding.rule, finding.target): finding for finding in findings}

    said, found = keyed(claimed), keyed(computed)
    for key in dict.fromkeys([*said, *found]):
        place = dict(zip(("policy", "rule", "target"), key, strict=True))
        if key not in found:
            return words.text("{policy} {rule} {target}: not given by the policies", **place)
        if key not in said:
            return words.text("{policy} {rule} {target}: left out", **place)
        if said[key].outcome is not found[key].outcome:
            outcomes = {
                "claimed": words.outcome(said[key].outcome),
                "computed": words.outcome(found[key].outcome),
            }
            return words.text(
                "{policy} {rule} {target}: report.json says {claimed}, the evidence gives {computed}",
                **place,
                **outcomes,
            )
        if said[key] != found[key]:
            return words.text("{policy} {rule} {target}: the details are not those that the evidence gives", **place)
    return words.text("the findings stand twice or in another order")


def rescore(
    report: Report | None,
    policies: tuple[Policy, ...] | None,
    findings: tuple[Finding, ...] | None,
    words: Catalog,
) -> tuple[None, str]:
    """Scores and coverage are what the findings give."""
    claimed, sound = given(report, words), given(findings, words)
    loaded = given(policies, words)
    scores = tuple(found for policy in loaded for found in score(policy, sound))
    for stated, computed in zip(claimed.scores, scores, strict=False):
        if stated != computed:
            raise DoubtError(words.text("the score of {target} is not what its findings give", target=computed.target))
    if len(claimed.scores) != len(scores):
        raise DoubtError(words.text("a score is missing or one too many"))
    for policy in loaded:
        if coverage(policy, sound) not in claimed.coverage or len(claimed.coverage) != len(loaded):
            raise DoubtError(words.text("the coverage of policy {id} is not what its findings give", id=policy.id))
    return None, words.text("scores and coverage recomputed, identical")
