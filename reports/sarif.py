"""SARIF 2.1.0 (OASIS), for code scanning of GitHub, Azure DevOps and editors.

Faults are results, accepted ones suppressed results (section 3.35). What could not be judged is no result but a
notification of the run (section 3.20.21): a viewer must take it neither for a fault nor for a clean bill.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from auditor.canonical import encode, format_time
from auditor.frameworks import citation
from auditor.messages import catalog
from auditor.model import Outcome, Rule, Severity, View

from .digest import Clause, Digest, digest
from .entries import CVSS_BANDS, Entry, entries, sentence
from .visible import visible
from .wording import Wording

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}


def render(view: View, lang: str) -> Iterable[tuple[str, bytes]]:
    """`report.sarif`."""
    arranged = digest(view)
    say = Wording(catalog(lang), view.specs, arranged.zone)
    report = view.report
    clauses = sorted(arranged.clauses.values(), key=lambda clause: clause.number)
    places = {f"{clause.policy.id}/{clause.rule.id}": place for place, clause in enumerate(clauses)}
    known = _known(arranged)
    everything = tuple(entries(arranged))
    run = {
        "tool": {
            "driver": {
                "name": report.tool.name,
                "version": report.tool.version,
                "semanticVersion": report.tool.version,
                "rules": [_rule(clause, lang) for clause in clauses],
            }
        },
        "automationDetails": {"id": f"{report.tool.name}/{report.id}"},
        "language": lang,
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not report.run.interrupted,
                "startTimeUtc": format_time(report.run.started),
                "endTimeUtc": format_time(report.run.finished),
                "toolExecutionNotifications": [_notification(entry, say, places) for entry in _open(everything)],
            }
        ],
        "results": [
            _result(entry, say, places, known) | _suppression(entry, arranged, say)
            for entry in everything
            if entry.finding.outcome in (Outcome.FAIL, Outcome.WAIVED)
        ],
    }
    yield "report.sarif", encode({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}) + b"\n"


def _rule(clause: Clause, lang: str) -> dict[str, Any]:
    rule = clause.rule
    described = {
        "id": f"{clause.policy.id}/{rule.id}",
        "shortDescription": {"text": f"{rule.id}: {visible(rule.title.in_(lang))}"},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "security-severity": CVSS_BANDS[rule.severity],
            "tags": ["security", *_tags(rule)],
            "citations": {control: citation(control).confidence for control in rule.controls},
        },
    }
    if rule.rationale.in_(lang):
        described["fullDescription"] = {"text": rule.rationale.in_(lang)}
    if rule.remediation.in_(lang):
        described["help"] = {"text": _help(rule, lang, ""), "markdown": _help(rule, lang, "```")}
    link = next((reference for reference in rule.references if reference.startswith("https://")), None)
    if link:
        described["helpUri"] = uri(link)
    return described


def _tags(rule: Rule) -> Iterator[str]:
    for control in dict.fromkeys(rule.controls):
        yield f"external/cwe/{control.lower()}" if control.startswith("CWE-") else control


def _help(rule: Rule, lang: str, fence: str) -> str:
    """What to do, with the configuration for each stack; in Markdown between fences."""
    fences = [fence] if fence else []
    fixes = (["", f"{stack}:", *fences, snippet.rstrip(), *fences] for stack, snippet in rule.fixes.items())
    return "\n".join([rule.remediation.in_(lang), *(line for lines in fixes for line in lines)])


def _known(arranged: Digest) -> frozenset[str] | None:
    """Fingerprints of the faults that the previous report had too; None where there is no such report."""
    if arranged.changes is None:
        return None
    return frozenset(fault.verdict.fingerprint for fault in arranged.changes.unchanged)


def _result(entry: Entry, say: Wording, places: Mapping[str, int], known: frozenset[str] | None) -> dict[str, Any]:
    result = {
        "ruleId": entry.rule,
        "ruleIndex": places[entry.rule],
        "kind": "fail",
        "level": _LEVELS[entry.finding.severity],
        "message": {"text": sentence(entry, say)},
        "locations": [_location(entry)],
        "partialFingerprints": {
            "auditorVerdict/v1": entry.fingerprint,
            "primaryLocationLineHash": entry.fingerprint,
        },
    }
    if known is not None:
        result["baselineState"] = "unchanged" if entry.fingerprint in known else "new"
    return result


def _suppression(entry: Entry, arranged: Digest, say: Wording) -> dict[str, Any]:
    if entry.finding.outcome is not Outcome.WAIVED or entry.finding.waiver is None:
        return {}
    waiver = arranged.report.waivers[entry.finding.waiver]
    reason = visible(f"{waiver.reason} ({waiver.approver}, {say.words.date(waiver.until)})")
    return {"suppressions": [{"kind": "external", "status": "accepted", "justification": reason}]}


def _location(entry: Entry) -> dict[str, Any]:
    """The site, and the thing on it. Line 1, because GitHub takes no location without a line."""
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": uri(entry.finding.target)},
            "region": {"startLine": 1},
        }
    }
    if entry.fact:
        named = {"name": entry.subject} if entry.subject else {}
        location["logicalLocations"] = [named | {"fullyQualifiedName": entry.fact, "kind": "resource"}]
    return location


def uri(url: str) -> str:
    """A URL as RFC 3986 has it, whatever stood in the path."""
    return quote(url, safe="%/:?=&#+~@!$'()*,;[]")


def _open(everything: Iterable[Entry]) -> Iterator[Entry]:
    """What could not be judged, once for each rule and site."""
    seen: set[tuple[str, str]] = set()
    for entry in everything:
        key = (entry.rule, entry.finding.target)
        if entry.outcome == Outcome.UNKNOWN and key not in seen:
            seen.add(key)
            yield entry


def _notification(entry: Entry, say: Wording, places: Mapping[str, int]) -> dict[str, Any]:
    return {
        "associatedRule": {"id": entry.rule, "index": places[entry.rule]},
        "level": "warning",
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri(entry.finding.target)}}}],
        "message": {"text": sentence(entry, say)},
    }
