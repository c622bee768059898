"""Working paper before an audit: 150 points, and the evidence that this report gives to each of them.

It is evidence for auditors, never an audit: no text of the official instrument, no score, no conclusion.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from auditor import frameworks
from auditor.messages import catalog
from auditor.model import Confidence, View

from ..blocks import Paper
from ..citing import citing
from ..digest import digest
from ..sheet import Cell, Column, Sheet, workbook
from ..wording import Wording
from . import matrices
from .posture import Point, Standing, named, points

_NAMED = 5
"""Sites named of a point; the sheet of points has all of them."""
_PLACES = {
    "assets": "report.json: targets",
    "findings": "report.json: findings; evidence.jsonl",
    "follow-up": "report.json: findings, waivers",
    "history": "report.json: run, findings",
    "controls": "report.json: policies, citations",
    "scores": "report.json: scores, coverage",
}
"""Where in the bundle a document that is looked for stands."""


def render(view: View, lang: str) -> Iterable[tuple[str, bytes]]:
    """`kertas-kerja-pra-audit.xlsx`."""
    words = catalog(lang)
    arranged = digest(view)
    this = Paper(view, arranged, Wording(words, view.specs, arranged.zone), lang)
    text = words.text
    found = {point.code: point for point in points(arranged)}
    columns = (
        Column(text("Code"), 8), Column(text("Topic"), 42), Column(text("Basis"), 56),
        Column(text("Seen from outside"), 14), Column(text("Kind of evidence"), 24), Column(text("Stage"), 14),
        Column(text("Place in the bundle"), 40), Column(text("State of the evidence"), 34), Column(text("Sites"), 40),
        Column(text("Method for effectiveness"), 28),
    )  # fmt: skip
    data = frameworks.data("audit-points")
    rows = tuple(_row(this, entry, data, found.get(entry["code"])) for entry in data["points"])
    head = (
        text("Working paper before an audit"),
        text(
            "Evidence for auditors, in our own words: no audit, no score and no conclusion. {citation}.",
            citation=citing(view.report, words).cite("PERBAN-BSSN-8-2024.P4"),
        ),
        text("The points follow a secondary source: {mark}.", mark=words.confidence(Confidence(data["confidence"]))),
        (text("Agency"), view.report.scope.agency or "–"),
        (text("Report"), f"{view.report.id}, {this.say.time(view.report.judged_at)}"),
    )
    sheets = [Sheet(text("Working paper"), columns, rows, head), matrices.points_sheet(this), matrices.followed(this)]
    yield "kertas-kerja-pra-audit.xlsx", workbook(sheets, view.report.judged_at)


def _row(this: Paper, entry: Mapping[str, Any], data: Mapping[str, Any], point: Point | None) -> tuple[Cell, ...]:
    words, marks = this.words, citing(this.view.report, this.words)
    if point is not None:
        basis = marks.cite(point.control)
        kind, stage, place, state, sites = _of_point(this, point)
    else:
        law = entry.get("law", "")
        cited = f"{marks.of(law).name.in_(this.lang)} {entry.get('place', '')}".strip() if law else ""
        mark = words.confidence(Confidence(data["confidence"]))
        basis = f"{cited} ({mark})" if law else words.text("no article is named")
        kind, stage, place, state, sites = _of_document(this, entry)
    method = named(data["methods"].get(entry.get("method", "")), this.lang)
    seen = matrices.observable_word(words, entry["observable"])
    return entry["code"], named(entry["topic"], this.lang), basis, seen, kind, stage, place, state, sites, method


def _of_point(this: Paper, point: Point) -> tuple[str, str, str, str, str]:
    """Kind, stage and place of the evidence, its state over all sites, and the sites that findings speak of."""
    text = this.words.text
    counted = Counter(place.standing for place in point.places)
    told = [standing for standing in counted if standing is not Standing.NOT_ASSESSED]
    if not told:
        return "", "", "", text("not assessed"), ""
    stated = {Standing.STATED, Standing.STATED_NOT}
    kinds = [text("measurement")] if set(told) - stated else []
    kinds += [text("a person's statement")] if set(told) & stated else []
    rules = dict.fromkeys(f.rule for p in point.places if p.standing is not Standing.NOT_ASSESSED for f in p.findings)
    place = f"report.json: findings {', '.join(rules)}" + ("; attestations.yaml" if set(told) & stated else "")
    state = "; ".join(f"{matrices.standing_word(this.words, s)}: {counted[s]}" for s in Standing if counted[s])
    against = [p.site.label for p in point.places if p.standing in (Standing.DISPROVED, Standing.STATED_NOT)]
    more = len(against) - _NAMED
    named_sites = ", ".join(against[:_NAMED]) + (" " + text("and {n} more", n=more) if more > 0 else "")
    return ", ".join(kinds), "EIK", place, state, named_sites


def _of_document(this: Paper, entry: Mapping[str, Any]) -> tuple[str, str, str, str, str]:
    text, document = this.words.text, entry.get("document")
    if document is None or (document["part"] == "history" and this.digest.changes is None):
        return "", "", "", text("not assessed"), ""
    name = named(document["name"], this.lang)
    state = text("document available; whether it suffices is for the auditor to judge")
    return text("document: {name}", name=name), document["stage"], _PLACES[document["part"]], state, ""
