"""JUnit XML, for the test tabs of Jenkins, GitLab and others: a suite for each site, a case for each rule.

A rule that could not be judged is an error and never a success: what was not seen is not in order. What nobody
asked for, what only people can answer, what does not apply and what an officer accepted is skipped.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC
from xml.etree import ElementTree as ET

from auditor.messages import Catalog, catalog
from auditor.model import Outcome, View

from .digest import NOT_REQUESTED, digest
from .entries import Entry, entries, sentence
from .visible import visible
from .wording import Wording

_KINDS = {Outcome.FAIL.value: "failure", Outcome.UNKNOWN.value: "error"}
"""Elements by outcome; a pass has none, every other outcome is `skipped`."""


def render(view: View, lang: str) -> Iterable[tuple[str, bytes]]:
    """`junit.xml`."""
    arranged = digest(view)
    words = catalog(lang)
    say = Wording(words, view.specs, arranged.zone)
    cases: defaultdict[str, defaultdict[str, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries(arranged):
        cases[entry.finding.target][entry.rule].append(entry)
    root = ET.Element("testsuites", name=view.report.tool.name)
    total = {"tests": 0, "failures": 0, "errors": 0}
    for site in arranged.sites:
        suite = _suite(root, site.target.url, view)
        counts = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
        for found in cases[site.target.url].values():
            counts["tests"] += 1
            kind = _case(suite, found, say, words)
            if kind:
                counts[{"failure": "failures", "error": "errors", "skipped": "skipped"}[kind]] += 1
        suite.attrib |= {name: str(number) for name, number in counts.items()}
        for name in total:
            total[name] += counts[name]
    root.attrib |= {name: str(number) for name, number in total.items()}
    ET.indent(root)
    yield "junit.xml", ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _suite(root: ET.Element, url: str, view: View) -> ET.Element:
    started = view.report.run.started.astimezone(UTC)
    return ET.SubElement(
        root, "testsuite", name=visible(url), timestamp=started.strftime("%Y-%m-%dT%H:%M:%S"), time="0"
    )


def _case(suite: ET.Element, found: list[Entry], say: Wording, words: Catalog) -> str:
    """One rule on one site; returns the element's name, empty for a pass."""
    first = found[0]
    rule = first.clause.rule
    title = visible(rule.title.in_(words.lang))
    case = ET.SubElement(suite, "testcase", classname=first.clause.policy.id, name=f"{rule.id} {title}", time="0")
    if first.outcome == Outcome.PASS:
        return ""
    kind = _KINDS.get(first.outcome, "skipped")
    said = words.outcome(first.finding.outcome)
    if first.outcome == NOT_REQUESTED:
        said = words.text("not requested")
    element = ET.SubElement(case, kind, type=rule.severity.value, message=said)
    lines = [sentence(entry, say) for entry in found] if kind != "skipped" else []
    if kind == "failure" and rule.remediation.in_(words.lang):
        lines.append(visible(rule.remediation.in_(words.lang)))
    element.text = "\n".join(lines)
    return kind
