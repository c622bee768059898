"""Signs that something has happened, and the forms that the law then asks for, to be completed by a person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from auditor import frameworks
from auditor.messages import catalog
from auditor.model import Finding, Outcome, Verdict, View

from ..blocks import Block, Paper, heading, paragraph, signatures, small, table, terms
from ..citing import citing
from ..digest import Digest, Site, broken, digest
from ..leaf import leaf
from ..sheet import Column, Sheet, workbook
from ..wording import Wording
from .posture import named

_ROOM = "................................................................................"


@dataclass(frozen=True, slots=True)
class Sign:
    """A fault that tells of an incident: where, what was seen, and when it was seen first in this report."""

    site: Site
    finding: Finding
    verdict: Verdict
    at: datetime


def signs(view: View, arranged: Digest, kind: Mapping[str, Any]) -> tuple[Sign, ...]:
    """The signs of a kind of incident, by site; a risk that was accepted is there all the same."""
    times = {(o.target, fact.name): o.at for o in reversed(view.observations) for fact in o.facts}
    found: dict[tuple[str, str, str], Sign] = {}
    for site in arranged.sites:
        for finding in site.findings:
            if finding.outcome not in (Outcome.FAIL, Outcome.WAIVED):
                continue
            for verdict in broken(finding):
                if _begins(verdict.fact, kind["facts"]) and not _begins(verdict.fact, kind.get("not_personal", ())):
                    at = times.get((site.target.url, verdict.fact), view.report.run.started)
                    found.setdefault((site.target.url, verdict.fact, verdict.subject), Sign(site, finding, verdict, at))
    return tuple(found.values())


def tells(finding: Finding, kind: Mapping[str, Any]) -> bool:
    """Whether a finding, whatever came of it, is about what would be a sign."""
    return any(_begins(verdict.fact, kind["facts"]) for verdict in finding.verdicts)


def _begins(fact: str, names: Iterable[str]) -> bool:
    return any(fact == name or fact.startswith(f"{name}.") for name in names)


def opened(view: View, lang: str) -> Paper:
    """The report, ready to be written from."""
    words = catalog(lang)
    arranged = digest(view)
    return Paper(view, arranged, Wording(words, view.specs, arranged.zone), lang)


def seen(this: Paper, found: Sequence[Sign]) -> Block:
    """A table of the signs."""
    text = this.words.text
    return table(
        [text("Site"), text("What was seen"), text("Where"), text("When")],
        [
            [
                sign.site.label, f"{this.say.fact(sign.verdict)}: {this.say.observed(sign.verdict)}",
                sign.verdict.subject or "–", this.say.time(sign.at),
            ]
            for sign in found
        ],
        [3, 4, 2, 2],
        size=8,
    )  # fmt: skip


def form(
    this: Paper, name: str, title: str, control: str, fields: Sequence[tuple[str, str]], found: Sequence[Sign],
    notes: Sequence[str],
) -> Iterable[tuple[str, bytes]]:  # fmt: skip
    """The form as PDF to print and sign, and as a workbook to fill in."""
    text, marks = this.words.text, citing(this.view.report, this.words)
    filled = [(what, said or text("to be filled in")) for what, said in fields]
    blocks: list[Block] = [
        small(text("Filled in beforehand from what an examination saw; a person checks and completes it.")),
        terms([(what, said or {"muted": _ROOM}) for what, said in fields]),
        heading(text("Signs")),
        seen(this, found) if found else paragraph(text("This report has no sign of it.")),
        *(small(note) for note in notes),
        small(text("Basis: {citation}", citation=marks.cite(control))),
        signatures([(text("Reported by"), [text("Name"), text("Office"), text("Date"), text("Signature")])]),
    ]
    yield f"{name}.pdf", leaf(this, title, text("Draft to be completed"), blocks, size=9.5)
    rows = tuple((what, said) for what, said in filled)
    sheet = Sheet(
        text("Form"), (Column(text("Field"), 36), Column(text("Entry"), 90)), rows,
        (title, (text("Report"), this.view.report.id), (text("Basis"), marks.cite(control))),
    )  # fmt: skip
    details = tuple(
        (
            sign.site.target.url, this.say.fact(sign.verdict), this.say.observed(sign.verdict), sign.verdict.subject,
            this.say.time(sign.at),
        )
        for sign in found
    )  # fmt: skip
    columns = (
        Column(text("Site"), 34), Column(text("What was seen"), 50), Column(text("Observed"), 24),
        Column(text("Where"), 34), Column(text("When"), 34),
    )  # fmt: skip
    yield f"{name}.xlsx", workbook([sheet, Sheet(text("Signs"), columns, details)], this.view.report.judged_at)


def contact(this: Paper, found: Sequence[Sign]) -> str:
    """Officers of the sites concerned, with what reaches them."""
    people = (sign.site.target.organisation for sign in found)
    lines = (
        ", ".join(part for part in (o.officer.name, o.officer.contact, o.name) if part)
        for o in people
        if o is not None and o.officer is not None
    )
    return "; ".join(dict.fromkeys(lines)) or this.view.report.scope.agency


def first(found: Sequence[Sign]) -> datetime | None:
    """When the first sign was seen."""
    return min((sign.at for sign in found), default=None)


def deadline(found: Sequence[Sign], kind: Mapping[str, Any]) -> datetime | None:
    """When the hours that the law gives are over, counted from the first sign seen."""
    start = first(found)
    return start + timedelta(hours=kind["hours"]) if start else None


def kinds() -> Mapping[str, Any]:
    """The forms of the data."""
    forms: Mapping[str, Any] = frameworks.data("forms")
    return forms


__all__ = ["Sign", "contact", "deadline", "first", "form", "kinds", "named", "opened", "signs", "tells"]
