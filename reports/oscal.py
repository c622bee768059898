"""OSCAL 1.1.3 (NIST): the policies as catalogs, the findings as assessment results.

A rule is a control, a finding an observation with its evidence. Only what was judged is `satisfied`; a rule that
could not be judged is `not-satisfied` for the reason `other`, never anything better.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from auditor.canonical import encode, format_time
from auditor.frameworks import citation
from auditor.messages import catalog
from auditor.model import Basis, Outcome, Policy, Report, Rule, View

from .digest import NOT_REQUESTED, Digest, digest
from .entries import Entry, entries, sentence
from .visible import visible
from .wording import Wording

VERSION = "1.1.3"
_NAMESPACE = "https://auditor.invalid/oscal"
"""Of our own properties; OSCAL wants a URI, nothing is there to be fetched."""
_OPEN = (Outcome.NOT_APPLICABLE, Outcome.MANUAL)
"""Outcomes that say nothing about satisfaction: observations, without a finding."""


def render(view: View, lang: str) -> Iterable[tuple[str, bytes]]:
    """`oscal/catalog-<policy>.json` for each policy, and `oscal/assessment-results.json`."""
    arranged = digest(view)
    say = Wording(catalog(lang), view.specs, arranged.zone)
    for policy in view.report.policies:
        yield f"oscal/catalog-{policy.id}.json", encode({"catalog": _catalog(policy, view.report, lang)}) + b"\n"
    results = {"assessment-results": _results(arranged, say)}
    yield "oscal/assessment-results.json", encode(results) + b"\n"


def _uuid(*parts: str) -> str:
    """The same thing has the same identifier in every rendering."""
    return str(uuid5(NAMESPACE_URL, "\0".join((_NAMESPACE, *parts))))


def _metadata(title: str, version: str, report: Report) -> dict[str, Any]:
    return {
        "title": title,
        "last-modified": format_time(report.judged_at),
        "version": version,
        "oscal-version": VERSION,
    }


def _catalog(policy: Policy, report: Report, lang: str) -> dict[str, Any]:
    return {
        "uuid": _uuid("catalog", policy.id, policy.digest),
        "metadata": _metadata(policy.title.in_(lang) or policy.id, policy.version, report),
        "controls": [_control(policy, rule, lang) for rule in policy.rules],
    }


def _control(policy: Policy, rule: Rule, lang: str) -> dict[str, Any]:
    identity = token(policy.id, rule.id)
    parts = [("statement", rule.title), ("guidance", rule.rationale), ("guidance", rule.remediation)]
    return {
        "id": identity,
        "title": rule.title.in_(lang) or rule.id,
        "props": [
            {"name": "label", "value": rule.id},
            _prop("severity", rule.severity.value),
            *(
                _prop("control", control) | {"class": citation(control).confidence.value}
                for control in dict.fromkeys(rule.controls)
            ),
        ],
        "parts": [
            {"id": f"{identity}_{number}", "name": name, "prose": text.in_(lang)}
            for number, (name, text) in enumerate(parts, start=1)
            if text.in_(lang)
        ],
    }


def token(policy: str, rule: str) -> str:
    """An identifier as OSCAL takes it: a letter first, then letters, digits, `.`, `-`, `_`."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "-", f"{policy}.{rule}").lower()
    return plain if plain[0].isalpha() else f"p-{plain}"


def _prop(name: str, value: str) -> dict[str, str]:
    return {"ns": _NAMESPACE, "name": name, "value": value}


def _results(arranged: Digest, say: Wording) -> dict[str, Any]:
    report = arranged.report
    text = say.words.text
    plan = _uuid("plan", report.id)
    return {
        "uuid": _uuid("results", report.id),
        "metadata": _metadata(text("Report of a security examination"), report.id, report),
        "import-ap": {"href": f"#{plan}"},
        "results": [_result(policy, arranged, say) for policy in report.policies],
        "back-matter": {
            "resources": [
                {
                    "uuid": plan,
                    "title": text("Scope and authorisation"),
                    "description": visible(", ".join(report.scope.hosts)) or report.id,
                    "rlinks": [{"href": "report.json", "media-type": "application/json"}],
                },
                {
                    "uuid": _uuid("evidence", report.id),
                    "title": "evidence.jsonl",
                    "rlinks": [
                        {
                            "href": "evidence.jsonl",
                            "media-type": "application/jsonl",
                            "hashes": [{"algorithm": "SHA-256", "value": report.evidence_digest}],
                        }
                    ],
                },
            ]
        },
    }


def _result(policy: Policy, arranged: Digest, say: Wording) -> dict[str, Any]:
    report = arranged.report
    grouped: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries(arranged):
        if entry.finding.policy == policy.id:
            grouped.setdefault((entry.finding.rule, entry.finding.target), []).append(entry)
    result: dict[str, Any] = {
        "uuid": _uuid("result", report.id, policy.id),
        "title": policy.title.in_(say.words.lang) or policy.id,
        "description": f"{policy.id} {policy.version} sha256 {policy.digest}",
        "start": format_time(report.run.started),
        "end": format_time(report.run.finished),
        "reviewed-controls": {
            "control-selections": [
                {"include-controls": [{"control-id": token(policy.id, rule.id)} for rule in policy.rules]}
            ]
        },
    }
    components = [_component(target.url, report) for target in report.targets]
    if components:
        result["local-definitions"] = {"components": components}
    observations = [_observation(found, report, say) for found in grouped.values()]
    if observations:
        result["observations"] = observations
    findings = list(_findings(grouped, report, say))
    if findings:
        result["findings"] = findings
    return result


def _component(url: str, report: Report) -> dict[str, Any]:
    return {
        "uuid": _uuid("site", report.id, url),
        "type": "service",
        "title": visible(url),
        "description": visible(url),
        "status": {"state": "operational"},
    }


def _observation(found: Sequence[Entry], report: Report, say: Wording) -> dict[str, Any]:
    first = found[0]
    measured = first.finding.basis is Basis.MEASURED and first.finding.outcome is not Outcome.MANUAL
    return {
        "uuid": _uuid("observation", report.id, first.rule, first.finding.target),
        "title": first.clause.rule.id,
        "description": "\n".join(sentence(entry, say) for entry in found),
        "methods": ["TEST" if measured else "INTERVIEW"],
        "collected": format_time(report.run.finished),
        "subjects": [{"subject-uuid": _uuid("site", report.id, first.finding.target), "type": "component"}],
        "relevant-evidence": [
            {"href": f"#{_uuid('evidence', report.id)}", "description": entry.fact or first.clause.rule.id}
            for entry in found
        ],
        "props": [_prop("outcome", first.outcome)],
    }


def _findings(
    grouped: Mapping[tuple[str, str], Sequence[Entry]], report: Report, say: Wording
) -> Iterator[dict[str, Any]]:
    for found in grouped.values():
        first = found[0]
        outcome = first.finding.outcome
        if outcome in _OPEN or first.outcome == NOT_REQUESTED:
            continue
        reason = {Outcome.PASS: "pass", Outcome.FAIL: "fail", Outcome.WAIVED: "fail"}.get(outcome, "other")
        yield {
            "uuid": _uuid("finding", report.id, first.rule, first.finding.target),
            "title": first.clause.rule.title.in_(say.words.lang) or first.clause.rule.id,
            "description": visible(first.finding.target),
            "target": {
                "type": "objective-id",
                "target-id": token(first.clause.policy.id, first.clause.rule.id),
                "status": {"state": "satisfied" if outcome is Outcome.PASS else "not-satisfied", "reason": reason},
            },
            "related-observations": [
                {"observation-uuid": _uuid("observation", report.id, first.rule, first.finding.target)}
            ],
        }
