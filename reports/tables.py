"""The findings as tables: what the CSV file and the workbook hold."""

from collections.abc import Iterable

from auditor.messages import Catalog
from auditor.model import Outcome

from .citing import Citing, citing
from .digest import NOT_REQUESTED, Digest
from .entries import Entry, entries
from .sheet import Cell, Column, Sheet
from .wording import Wording


def findings(arranged: Digest, say: Wording, *outcomes: Outcome, name: str = "") -> Sheet:
    """One row a finding and thing on a site, of some outcomes, or all; gravest first within a site."""
    text = say.words.text
    columns = (
        Column(text("Agency"), 24), Column(text("Officer in charge"), 20), Column(text("Site"), 32),
        Column(text("Service"), 16), Column(text("SE category"), 10), Column(text("Policy"), 14),
        Column(text("Rule"), 10), Column(text("Title"), 40), Column(text("Severity"), 10), Column(text("Result"), 14),
        Column(text("Kind"), 12), Column(text("Subject"), 24), Column(text("Requirement"), 28),
        Column(text("Condition"), 28), Column(text("Reason"), 24), Column(text("Recommendation"), 60),
        Column(text("Controls"), 40), Column(text("Fingerprint"), 12, wrapped=False),
    )  # fmt: skip
    chosen = [e for e in entries(arranged) if not outcomes or (e.finding.outcome in outcomes and not _unasked(e))]
    chosen.sort(key=lambda entry: (entry.site.number, -entry.finding.severity.rank))
    marks = citing(arranged.report, say.words)
    return Sheet(name, columns, [_row(entry, say, marks) for entry in chosen])


def sites(arranged: Digest, say: Wording, name: str) -> Sheet:
    """One row a site and policy: grade and counts."""
    text = say.words.text
    columns = (
        Column(text("Agency"), 24), Column(text("Officer in charge"), 20), Column(text("Site"), 32),
        Column(text("SE category"), 10), Column(text("Policy"), 14), Column(text("Grade"), 12),
        Column(text("Score"), 12), Column(text("Coverage"), 12), Column(text("Faults"), 12),
        Column(text("Rules met"), 12),
        Column(text("Not assessed"), 12), Column(text("Accepted risks"), 12), Column(text("Awaiting an answer"), 12),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for site in arranged.sites:
        organisation = site.target.organisation
        counted = (Outcome.FAIL, Outcome.PASS, Outcome.UNKNOWN, Outcome.WAIVED, Outcome.MANUAL)
        for policy in arranged.report.policies:
            mine = [f for f in site.findings if f.policy == policy.id and f.reason != NOT_REQUESTED]
            if not mine:
                continue
            score = next((score for score in site.scores if score.policy == policy.id), None)
            rows.append(
                (
                    organisation.name if organisation else "",
                    organisation.officer.name if organisation and organisation.officer else "",
                    site.target.url,
                    site.target.se_category or "",
                    policy.id,
                    score.grade if score else "",
                    score.value if score and score.value is not None else "",
                    score.coverage if score else "",
                    *(sum(f.outcome is outcome for f in mine) for outcome in counted),
                )
            )
    return Sheet(name, columns, rows)


def sheets(arranged: Digest, say: Wording) -> Iterable[Sheet]:
    """The workbook: sites, faults, what was not assessed, accepted risks, questions to people, rules met."""
    text = say.words.text
    yield sites(arranged, say, text("Sites"))
    yield findings(arranged, say, Outcome.FAIL, name=text("Faults"))
    yield findings(arranged, say, Outcome.UNKNOWN, name=text("Not assessed"))
    yield findings(arranged, say, Outcome.WAIVED, name=text("Accepted risks"))
    yield findings(arranged, say, Outcome.MANUAL, name=text("Awaiting an answer"))
    yield findings(arranged, say, Outcome.PASS, Outcome.NOT_APPLICABLE, name=text("Rules met"))


def _unasked(entry: Entry) -> bool:
    return entry.outcome == NOT_REQUESTED


def _row(entry: Entry, say: Wording, marks: Citing) -> tuple[Cell, ...]:
    words, target, rule = say.words, entry.site.target, entry.clause.rule
    organisation = target.organisation
    verdict = entry.verdict
    return (
        organisation.name if organisation else "",
        organisation.officer.name if organisation and organisation.officer else "",
        target.url,
        target.service,
        target.se_category or "",
        entry.clause.policy.id,
        rule.id,
        rule.title.in_(words.lang),
        words.severity(entry.finding.severity),
        words.text("not requested") if _unasked(entry) else words.outcome(entry.finding.outcome),
        say.subject(verdict)[0] if verdict else "",
        entry.subject,
        say.expected(verdict) if verdict else "",
        say.observed(verdict) if verdict else "",
        _reason(entry, say),
        rule.remediation.in_(words.lang),
        "; ".join(f"{control} ({marks.mark(control)})" for control in rule.controls),
        entry.fingerprint,
    )


def _reason(entry: Entry, say: Wording) -> str:
    return _known(say.words, entry) or (say.reason(entry.finding.reason).title if entry.finding.reason else "")


def _known(words: Catalog, entry: Entry) -> str:
    """Reasons that are not absences."""
    return {
        "waiver_expired": words.text("Expired risk acceptance"),
        "attestation_expired": words.text("the answer has expired"),
        "no_answer": words.text("not answered yet"),
        NOT_REQUESTED: words.text("not requested"),
    }.get(entry.finding.reason, "")
