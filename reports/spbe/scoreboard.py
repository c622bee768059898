"""The map of agencies: who does well and who does not, with a named officer, trend and follow-up.

HTML to look at, XLSX and CSV to work with, and one page without technical detail for the leadership.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from auditor.difference import compare
from auditor.messages import catalog
from auditor.model import Outcome, Report, Severity, View

from ..blocks import Block, Paper, figures, heading, items, notice, small, table
from ..digest import BY_WEIGHT, Site, Standing, digest
from ..leaf import leaf
from ..sheet import Cell, Column, Sheet, delimited, workbook
from ..visible import visible
from ..wording import Notice, Tone, Wording, notices, trust
from . import matrices
from .posture import FollowUp, State, by_severity, follow_up, judged

_TEMPLATES = Path(__file__).parents[1] / "templates"
_STATES = (State.DONE, State.UNDERWAY, State.OPEN, State.UNSEEN)
_MOST = 12
"""Agencies named on the page for the leadership."""


@dataclass(frozen=True, slots=True)
class Rank:
    """One agency in its place."""

    place: int
    standing: Standing
    score: int | None
    """Mean of its sites' scores, rounded down; a site without one counts as nothing known, not as zero."""
    before: int | None
    """The same in the earlier report."""
    assessed: int
    """Sites of which anything was settled."""
    faults: Counter[Severity]
    """Faults that are there, each once."""
    states: Counter[State]

    @property
    def name(self) -> str:
        """The agency's name."""
        return self.standing.organisation.name if self.standing.organisation else "–"

    @property
    def officer(self) -> str:
        """Its officer, or nothing."""
        organisation = self.standing.organisation
        return organisation.officer.name if organisation and organisation.officer else ""

    @property
    def trend(self) -> int | None:
        """By how much its score has risen; None where there is nothing to compare."""
        return None if self.score is None or self.before is None else self.score - self.before

    @property
    def tone(self) -> Tone:
        """How alarming it stands."""
        gravest = next((severity for severity in BY_WEIGHT if self.faults[severity]), None)
        if not self.assessed:
            return "plain"
        if gravest is None:
            return "good"
        return "bad" if gravest.rank >= Severity.HIGH.rank else "warn"


def render(view: View, lang: str) -> Iterable[tuple[str, bytes]]:
    """`peta.html`, `peta.xlsx`, `peta.csv` and `ringkasan-pimpinan.pdf`."""
    words = catalog(lang)
    arranged = digest(view)
    this = Paper(view, arranged, Wording(words, view.specs, arranged.zone), lang)
    ladder = ranks(this)
    board = _sheet(this, ladder)
    yield "peta.html", _page(this, ladder).encode()
    yield "peta.xlsx", workbook([board, matrices.coverage(this), matrices.followed(this)], view.report.judged_at)
    yield "peta.csv", delimited(board, marked=True)
    yield "ringkasan-pimpinan.pdf", _summary(this, ladder)


def ranks(this: Paper) -> tuple[Rank, ...]:
    """The agencies, the best first: fewest grave faults, then the highest score, then least left unknown."""
    followed = follow_up(this.digest)
    previous = this.view.previous
    found = []
    for standing in this.digest.standings:
        urls = {site.target.url for site in standing.sites}
        mine = [item for item in followed if item.target.url in urls]
        found.append(Rank(
            0, standing, _mean(this.view.report, urls), _mean(previous, urls) if previous else None,
            sum(judged(site) for site in standing.sites), by_severity(mine), Counter(item.state for item in mine),
        ))  # fmt: skip
    found.sort(key=_worth)
    return tuple(replace(rank, place=place) for place, rank in enumerate(found, start=1))


def _worth(rank: Rank) -> tuple[object, ...]:
    """Sorts the best first; who was not assessed at all comes last, whatever else is known."""
    grave = [rank.faults[severity] / len(rank.standing.sites) for severity in BY_WEIGHT[:2]]
    return rank.assessed == 0, *grave, -(rank.score or 0), rank.standing.tally[Outcome.UNKNOWN], rank.name


def _mean(report: Report, urls: set[str]) -> int | None:
    values = [score.value for score in report.scores if score.target in urls and score.value is not None]
    return sum(values) // len(values) if values else None


def _sheet(this: Paper, ladder: Sequence[Rank]) -> Sheet:
    text, words = this.words.text, this.words
    columns = (
        Column(text("Rank"), 10), Column(text("Agency"), 40), Column(text("Officer in charge"), 28),
        Column(text("Contact"), 28), Column(text("Sites"), 8), Column(text("Assessed"), 10), Column(text("Score"), 8),
        Column(text("Earlier score"), 10), Column(text("Trend"), 10),
        *(Column(_upfirst(words.severity(severity)), 9) for severity in BY_WEIGHT),
        Column(text("Not assessed"), 10),
        *(Column(_upfirst(matrices.state_word(words, state)), 11) for state in _STATES),
    )  # fmt: skip
    rows = tuple(_row(rank) for rank in ladder)
    report = this.view.report
    head = (text("Map of agencies"), (text("Agency"), report.scope.agency or "–"), (text("Report"), report.id))
    return Sheet(text("Map of agencies"), columns, rows, head)


def _row(rank: Rank) -> tuple[Cell, ...]:
    organisation = rank.standing.organisation
    contact = organisation.officer.contact if organisation and organisation.officer else ""
    return (
        rank.place, rank.name, rank.officer, contact, len(rank.standing.sites), rank.assessed, rank.score, rank.before,
        rank.trend, *(rank.faults[severity] for severity in BY_WEIGHT), rank.standing.tally[Outcome.UNKNOWN],
        *(rank.states[state] for state in _STATES),
    )  # fmt: skip


def _word(this: Paper, rank: Rank) -> str:
    text = this.words.text
    return {
        "plain": text("not assessed"),
        "good": text("no fault found"),
        "warn": text("faults to be mended"),
        "bad": text("grave faults"),
    }[rank.tone]


def _arrow(this: Paper, rank: Rank) -> str:
    text, trend = this.words.text, rank.trend
    if trend is None:
        return text("no comparison")
    if trend == 0:
        return text("unchanged")
    shown = f"{abs(trend)}"
    return f"↑ {text('up by {points}', points=shown)}" if trend > 0 else f"↓ {text('down by {points}', points=shown)}"


def _page(this: Paper, ladder: Sequence[Rank]) -> str:
    """The map as one HTML file that fetches nothing and runs nothing."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda shown: visible(shown) if type(shown) is str else shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("scoreboard.html.j2").render(
        lang=this.lang,
        text=this.words.text,
        say=this.say,
        report=this.view.report,
        told=[trust(this.view.report, this.words), *_warnings(this)],
        ladder=ladder,
        severities=BY_WEIGHT[:-1],
        states=_STATES,
        words=this.words,
        state_word=partial(matrices.state_word, this.words),
        state=partial(_word, this),
        trend=partial(_arrow, this),
    )


def _warnings(this: Paper) -> Sequence[Notice]:
    """What must not be overlooked: an interrupted run, too little that was judged, risks whose acceptance ran out."""
    *warnings, _ = notices(this.digest, this.words)
    return warnings


def _summary(this: Paper, ladder: Sequence[Rank]) -> bytes:
    """One page: how it stands, who leads and who lags, what has moved, what is to be decided."""
    words, text, number = this.words, this.words.text, this.words.number
    followed = follow_up(this.digest)
    states = Counter(item.state for item in followed)
    sites = this.digest.sites
    sound = sum(judged(site) and not _is_grave(site) for site in sites)
    grave = [rank for rank in ladder if rank.tone == "bad" and rank.standing.organisation]
    blocks: list[Block] = [
        figures(
            [
                (text("Sites examined"), number(sum(judged(site) for site in sites)), "plain"),
                (text("Without grave faults"), number(sound), "good"),
                (text("With grave faults"), number(sum(_is_grave(site) for site in sites)), "bad"),
                (text("Could not be examined"), number(sum(not judged(site) for site in sites)), "warn"),
            ]
        ),
        *(("notice", notice(said)) for said in _warnings(this)),
        ("notice", notice(_verdict(this, grave))),
        *([heading(text("Agencies")), _board(this, ladder)] if ladder else []),
    ]
    if len(ladder) > _MOST:
        blocks.append(small(text("The first and the last are named; all of them are in the workbook of the map.")))
    blocks += [
        heading(text("Follow-up")),
        table(
            [_upfirst(matrices.state_word(words, state)) for state in _STATES],
            [[number(states[state]) for state in _STATES]],
            [1, 1, 1, 1],
        ),
        heading(text("To be decided")),
        items(_decisions(this, grave, ladder, followed)),
        small(text("Technical detail is in the report of the same number. An examination is evidence, not an audit.")),
    ]
    return leaf(this, text("Summary for the leadership"), this.say.time(this.view.report.judged_at), blocks, size=9.5)


def _board(this: Paper, ladder: Sequence[Rank]) -> Block:
    text = this.words.text
    return table(
        [text("Rank"), text("Agency"), text("Officer in charge"), text("State"), text("Score"), text("Trend")],
        [
            [
                str(rank.place), rank.name, rank.officer or "–",
                {"bad": _word(this, rank)} if rank.tone == "bad" else _word(this, rank),
                "–" if rank.score is None else str(rank.score), _arrow(this, rank),
            ]
            for rank in _named(ladder)
        ],
        ["auto", 4, 3, 2, "auto", 2],
        right=(0, 4),
    )  # fmt: skip


def _is_grave(site: Site) -> bool:
    return site.worst is not None and site.worst.rank >= Severity.HIGH.rank


def _named(ladder: Sequence[Rank]) -> Sequence[Rank]:
    return ladder if len(ladder) <= _MOST else [*ladder[: _MOST // 2], *ladder[-_MOST // 2 :]]


def _verdict(this: Paper, grave: Sequence[Rank]) -> Notice:
    text = this.words.text
    changes = compare(this.view.previous, this.view.report) if this.view.previous else None
    moved = (
        text(
            "Since the last report {fixed} faults were mended and {new} came.",
            fixed=len(changes.fixed), new=len(changes.new),
        )
        if changes
        else text("There is no earlier report to compare with.")
    )  # fmt: skip
    if grave:
        said = this.words.plural("{n} agency has grave faults", "{n} agencies have grave faults", len(grave))
        return Notice("bad", said, moved)
    if lost := sum(map(_is_grave, this.digest.sites)):
        return Notice("bad", this.words.plural("{n} site has grave faults", "{n} sites have grave faults", lost), moved)
    if not all(map(judged, this.digest.sites)):
        return Notice("warn", text("No grave faults were seen, but not every site could be examined"), moved)
    return Notice("good", text("No grave faults were found"), moved)


def _decisions(this: Paper, grave: Sequence[Rank], ladder: Sequence[Rank], followed: Sequence[FollowUp]) -> list[str]:
    text = this.words.text
    found = [
        text(
            "Have {agency} mend its grave faults; officer: {officer}.",
            agency=r.name, officer=r.officer or text("none named"),
        )
        for r in sorted(grave, key=lambda rank: -rank.place)[:3]
    ]  # fmt: skip
    strays = [site for site in this.digest.sites if site.target.organisation is None]
    if unowned := [site.label for site in strays if _is_grave(site)]:
        found.append(text("Have the grave faults mended of: {sites}.", sites=_first(unowned)))
    if strays:
        named = [site.label for site in strays]
        found.append(text("Enter in the inventory which agency answers for: {sites}.", sites=_first(named)))
    nameless = [rank.name for rank in ladder if rank.standing.organisation and not rank.officer]
    if nameless:
        found.append(text("Name an officer for: {agencies}.", agencies=_first(nameless)))
    if any(item.expired for item in followed):
        found.append(text("Decide on risks whose acceptance has run out."))
    if not all(map(judged, this.digest.sites)):
        found.append(text("See that every site can be examined."))
    return found or [text("Keep examining regularly.")]


def _first(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (" …" if len(names) > 5 else "")


def _upfirst(text: str) -> str:
    return text[:1].upper() + text[1:]
