"""The findings one by one, for formats that know no groups: one entry a fault, as fine as the evidence has it.

Every machine format reads this, so that all of them count alike.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.canonical import sha256
from auditor.model import Finding, Outcome, Severity, Verdict

from .digest import NOT_REQUESTED, Clause, Digest, Site, broken
from .visible import visible
from .wording import Wording

CVSS_BANDS = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.5",
    Severity.INFO: "0.0",
}
"""A number inside each band of CVSS 3.1 (section 5), for tools that sort by one. It scores nothing."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding, and one of the verdicts that made it what it is; none where it has no such verdict."""

    clause: Clause
    site: Site
    finding: Finding
    verdict: Verdict | None

    @property
    def outcome(self) -> str:
        """The outcome; what nobody asked for is told apart from what could not be judged."""
        return NOT_REQUESTED if self.finding.reason == NOT_REQUESTED else self.finding.outcome.value

    @property
    def rule(self) -> str:
        """`policy/rule`, unique in a report of several policies."""
        return f"{self.clause.policy.id}/{self.clause.rule.id}"

    @property
    def fingerprint(self) -> str:
        """The same fault keeps it from run to run, 64 hex digits."""
        if self.verdict is not None:
            return self.verdict.fingerprint
        return sha256(f"{self.finding.rule}\0{self.finding.target}".encode())

    @property
    def fact(self) -> str:
        """The fact, as policies name it; empty for what people answer."""
        return self.verdict.fact if self.verdict else ""

    @property
    def subject(self) -> str:
        """What on the site, visible; empty for the site as a whole."""
        return visible(self.verdict.subject, 200) if self.verdict else ""


def entries(arranged: Digest) -> Iterator[Entry]:
    """Every finding in the order of the report; one with several faults, or several gaps, is several entries."""
    for finding in arranged.report.findings:
        clause, site = arranged.clause(finding), arranged.site(finding)
        decisive = broken(finding) if finding.outcome in (Outcome.FAIL, Outcome.WAIVED, Outcome.UNKNOWN) else ()
        for verdict in decisive or (None,):
            yield Entry(clause, site, finding, verdict)


def sentence(entry: Entry, say: Wording) -> str:
    """What is the matter, on one line: the rule's title, the thing on the site, what was asked and what was seen."""
    text, title = say.words.text, visible(entry.clause.rule.title.in_(say.words.lang))
    if entry.outcome == Outcome.UNKNOWN:
        return text("{title}: not assessed ({reason})", title=title, reason=say.reason(entry.finding.reason).title)
    if entry.verdict is None:
        return title
    kind, subject = say.subject(entry.verdict)
    return text(
        "{title}{about}: expected {expected}; seen {observed}",
        title=title,
        about=f" [{kind} {subject}]" if subject else "",
        expected=say.expected(entry.verdict),
        observed=say.observed(entry.verdict),
    )
