"""GitLab's DAST report (security report format 15.2), for its vulnerability list and merge requests.

The format has no place for what could not be judged. Where that is more than a policy allows, the scan has failed:
GitLab then shows it as incomplete instead of clean.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from auditor.canonical import encode
from auditor.messages import catalog
from auditor.model import Outcome, Severity, View

from .digest import digest
from .entries import Entry, entries, sentence
from .sarif import uri
from .visible import visible
from .wording import Wording

VERSION = "15.2.1"
_SEVERITIES = {
    Severity.CRITICAL: "Critical",
    Severity.HIGH: "High",
    Severity.MEDIUM: "Medium",
    Severity.LOW: "Low",
    Severity.INFO: "Info",
}
_NAME, _MESSAGE, _SOLUTION = 255, 2000, 7000
"""Characters that GitLab takes of each."""


def render(view: View, lang: str) -> Iterable[tuple[str, bytes]]:
    """`gl-dast-report.json`."""
    arranged = digest(view)
    say = Wording(catalog(lang), view.specs, arranged.zone)
    report = view.report
    program = {
        "id": report.tool.name,
        "name": report.tool.name,
        "version": report.tool.version,
        "vendor": {"name": report.tool.name},
    }
    whole = not report.run.interrupted and all(c.percent >= c.minimum for c in report.coverage)
    document = {
        "version": VERSION,
        "scan": {
            "analyzer": program,
            "scanner": program,
            "type": "dast",
            "start_time": _time(report.run.started),
            "end_time": _time(report.run.finished),
            "status": "success" if whole else "failure",
            "scanned_resources": [
                {"method": "GET", "type": "url", "url": uri(target.url)} for target in report.targets
            ],
        },
        "vulnerabilities": [
            _vulnerability(entry, say) for entry in entries(arranged) if entry.finding.outcome is Outcome.FAIL
        ],
    }
    yield "gl-dast-report.json", encode(document) + b"\n"


def _vulnerability(entry: Entry, say: Wording) -> dict[str, Any]:
    rule, lang = entry.clause.rule, say.words.lang
    parts = urlsplit(uri(entry.finding.target))
    location = {"hostname": f"{parts.scheme}://{parts.netloc}", "method": "GET", "path": parts.path or "/"}
    return {
        "id": str(uuid5(NAMESPACE_URL, f"{entry.finding.policy}\0{entry.fingerprint}")),
        "name": visible(rule.title.in_(lang), _NAME - 1),
        "description": sentence(entry, say)[:_MESSAGE],
        "severity": _SEVERITIES[entry.finding.severity],
        "solution": rule.remediation.in_(lang)[:_SOLUTION],
        "identifiers": [
            {"type": "auditor_rule", "name": entry.rule, "value": entry.rule},
            *(_cwe(control) for control in dict.fromkeys(rule.controls) if control.startswith("CWE-")),
        ],
        "location": location | ({"param": entry.subject} if entry.subject else {}),
    }


def _cwe(control: str) -> dict[str, str]:
    number = control.removeprefix("CWE-")
    return {
        "type": "cwe",
        "name": control,
        "value": number,
        "url": f"https://cwe.mitre.org/data/definitions/{number}.html",
    }


def _time(moment: datetime) -> str:
    """UTC without a zone letter, as the format has it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
