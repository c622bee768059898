"""The report on a terminal: the answer first, then faults by severity, then what was not assessed and why.

Written as ANSI text; whoever prints it strips the colours where the output is no terminal. Everything is built
from `Text` objects, which know no markup, and passes through `visible`: a scanned site cannot move the cursor,
set the title or colour its own line.
"""

from collections.abc import Iterable, Iterator
from io import StringIO
from shutil import get_terminal_size

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule as Line
from rich.table import Table
from rich.text import Text

from auditor.messages import Catalog, catalog
from auditor.model import Outcome, Severity, View

from .digest import BY_WEIGHT, Digest, broken, digest, one_a_site
from .digest import Group as Faults
from .visible import visible
from .wording import Notice, Wording, notices, trust

WIDTH = 100
ROWS = 8
"""Verdicts or sites shown of one rule; the other reports have all."""

STYLES = {
    Severity.CRITICAL: "bold white on red",
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "blue",
    Severity.INFO: "dim",
}
TONES = {"bad": "bold red", "warn": "bold yellow", "good": "bold green", "plain": "bold"}


def render(view: View, lang: str) -> Iterable[tuple[str, bytes]]:
    """`report.txt` in the language, as wide as `COLUMNS` or the terminal is, or 100."""
    words = catalog(lang)
    arranged = digest(view)
    out = StringIO()
    console = Console(
        file=out,
        width=_width(),
        force_terminal=True,
        color_system="standard",
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
    )
    for part in _parts(arranged, Wording(words, view.specs, arranged.zone)):
        console.print(part)
    yield "report.txt", "\n".join(line.rstrip() for line in out.getvalue().split("\n")).encode()


def _width() -> int:
    return max(get_terminal_size((WIDTH, 0)).columns, 40)


def _parts(arranged: Digest, say: Wording) -> Iterator[RenderableType]:
    words = say.words
    yield from _head(arranged, say)
    if len(arranged.standings) > 1:
        yield _organisations(arranged, say)
    if arranged.faults:
        yield _title(words.text("Faults"))
        yield from _faults(arranged, say)
    if arranged.unknown:
        yield _title(words.text("Not assessed"))
        yield from _unknown(arranged, say)
    yield from _remarks(arranged, words)


def _head(arranged: Digest, say: Wording) -> Iterator[RenderableType]:
    words, report = say.words, arranged.report
    name = visible(report.scope.agency, 80) or words.text("Web site security examination report")
    what = (
        visible(arranged.sites[0].label, 120)
        if len(arranged.sites) == 1
        else words.plural("{n} site", "{n} sites", len(arranged.sites))
    )
    yield Text.assemble((name, "bold"), " · ", what, " · ", say.time(report.run.started))
    signed = trust(report, words)
    if signed.tone == "bad":
        yield _notice(signed)
    for notice in notices(arranged, words):
        yield _notice(notice)
    yield _counts(arranged, say)


def _notice(notice: Notice) -> Text:
    return Text.assemble((f"{notice.title}. ", TONES[notice.tone]), notice.text)


def _counts(arranged: Digest, say: Wording) -> Text:
    words, tally = say.words, arranged.tally
    shown = [
        f"{words.outcome(outcome)} {words.number(tally[outcome])}"
        for outcome in (Outcome.FAIL, Outcome.UNKNOWN, Outcome.WAIVED, Outcome.PASS, Outcome.MANUAL)
        if tally[outcome] or outcome in (Outcome.FAIL, Outcome.PASS)
    ]
    shown += [
        words.text("assessed share {percent} percent ({policy})", percent=c.percent, policy=visible(c.policy))
        for c in arranged.report.coverage
    ]
    if len(arranged.sites) == 1:
        shown += [f"{words.text('score')} {say.score(score)}" for score in arranged.sites[0].scores]
    return Text(" · ".join(shown))


def _title(text: str) -> RenderableType:
    return Padding(Line(Text(text, "bold"), align="left", style="dim"), (1, 0, 0, 0))


def _organisations(arranged: Digest, say: Wording) -> RenderableType:
    words = say.words
    # Notes are left to the other reports: 80 columns have no room for them.
    found = [s for s in BY_WEIGHT if s is not Severity.INFO and arranged.tally.failed.get(s)]
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=0)
    table.add_column(words.text("Agency"), min_width=12, overflow="fold")
    table.add_column(words.text("Officer"), min_width=6, overflow="fold")
    table.add_column(words.text("Sites"), justify="right")
    for severity in found:
        table.add_column(words.severity(severity), justify="right")
    for heading in (words.outcome(Outcome.UNKNOWN), words.text("Lowest score")):
        table.add_column(heading, justify="right", width=max(7, *map(len, heading.split())))
    for standing in arranged.standings:
        organisation = standing.organisation
        officer = organisation.officer if organisation else None
        table.add_row(
            Text(visible(organisation.name, 80) if organisation else words.text("no agency named")),
            Text(visible(officer.name, 60) if officer else words.text("none named"), "" if officer else "dim"),
            words.number(len(standing.sites)),
            *(_number(words, standing.tally.failed.get(severity, 0), STYLES[severity]) for severity in found),
            _number(words, standing.tally[Outcome.UNKNOWN], "yellow"),
            say.score(standing.worst) if standing.worst else "–",
        )
    return Padding(table, (1, 0, 0, 0), expand=False)


def _number(words: Catalog, n: int, style: str) -> Text:
    return Text(words.number(n), style if n else "dim")


def _faults(arranged: Digest, say: Wording) -> Iterator[RenderableType]:
    words = say.words
    for group in arranged.faults:
        rule = group.clause.rule
        head = Text.assemble(
            (f" {words.severity(rule.severity)} ", STYLES[rule.severity]),
            " ",
            (visible(rule.title.in_(words.lang)), "bold"),
            (f" {visible(rule.id)}", "dim"),
        )
        if arranged.expired(group):
            head.append(f"  {words.text('acceptance expired')}", "bold red")
        lines = _verdicts(group, say) if len(arranged.sites) == 1 else _sites(arranged, group, say)
        remedy = visible(rule.remediation.in_(words.lang).strip().partition("\n")[0], 300)
        if remedy:
            lines.append(Text.assemble((f"{words.text('How to mend it')}: ", "dim"), remedy))
        yield _block(head, lines)


def _verdicts(group: Faults, say: Wording) -> list[RenderableType]:
    verdicts = [verdict for finding in group.findings for verdict in broken(finding)]
    lines: list[RenderableType] = []
    if group.clause.rule.require.any:
        lines.append(Text(say.words.text("It is enough to meet one of the alternatives."), "dim"))
    for verdict in verdicts[:ROWS]:
        kind, name = say.subject(verdict)
        place = f"{say.fact(verdict)}, {kind} {visible(name, 100)}" if name else say.fact(verdict)
        said = say.words.text(
            "expected {expected}, observed {observed}",
            expected=visible(say.expected(verdict), 100),
            observed=visible(say.observed(verdict), 160),
        )
        lines.append(Text(f"{place}. {said}"))
    return lines + _more(len(verdicts), say.words)


def _sites(arranged: Digest, group: Faults, say: Wording) -> list[RenderableType]:
    hosts = [visible(arranged.site(finding).label, 80) for finding in group.findings]
    counted = say.words.plural("{n} site", "{n} sites", len(hosts))
    more = " …" if len(hosts) > ROWS else ""
    return [Text(f"{counted}: {', '.join(hosts[:ROWS])}{more}")]


def _block(head: Text, lines: list[RenderableType]) -> RenderableType:
    return Padding(Group(head, Padding(Group(*lines), (0, 0, 0, 3))), (1, 0, 0, 0))


def _more(total: int, words: Catalog) -> list[RenderableType]:
    if total <= ROWS:
        return []
    return [Text(words.text("and {n} more, listed in report.json", n=words.number(total - ROWS)), "dim")]


def _unknown(arranged: Digest, say: Wording) -> Iterator[RenderableType]:
    words = say.words
    for reason, groups in arranged.unknown.items():
        because = say.reason(reason)
        rules = ", ".join(visible(group.clause.rule.id) for group in groups)
        counted = words.plural("{n} rule", "{n} rules", len(groups))
        lines: list[RenderableType] = [Text.assemble((f"{counted}: ", "dim"), rules)]
        if len(arranged.sites) > 1:
            hosts = [visible(arranged.site(f).label, 80) for f in one_a_site(groups)]
            more = " …" if len(hosts) > ROWS else ""
            counted = words.plural("{n} site", "{n} sites", len(hosts))
            lines.append(Text.assemble((f"{counted}: ", "dim"), f"{', '.join(hosts[:ROWS])}{more}"))
        else:
            seen = dict.fromkeys(say.detail(v) for group in groups for v in broken(group.findings[0]))
            lines += [Text(visible(what, 160), "dim") for what in [*filter(None, seen)][:3]]
        lines.append(Text(because.advice))
        head = Text.assemble(("? ", "bold yellow"), (because.title, "bold"), f" – {because.text}")
        yield _block(head, lines)


def _remarks(arranged: Digest, words: Catalog) -> Iterator[RenderableType]:
    remarks = [
        words.text(
            "Accepted risk {rule} until {date}: {reason} ({approver})",
            rule=visible(accepted.waiver.rule),
            date=words.date(accepted.waiver.until),
            reason=visible(accepted.waiver.reason, 160),
            approver=visible(accepted.waiver.approver, 80),
        )
        for accepted in arranged.accepted[:ROWS]
    ]
    if arranged.manual:
        open_at = words.plural("{n} site", "{n} sites", len(one_a_site(arranged.manual)))
        remarks.append(
            words.plural(
                "{n} control waits for a person's answer ({sites}).",
                "{n} controls wait for a person's answer ({sites}).",
                len(arranged.manual),
                sites=open_at,
            )
        )
    if arranged.not_requested:
        spared = len(arranged.not_requested)
        remarks.append(
            words.plural(
                "{n} rule was not requested at this level.", "{n} rules were not requested at this level.", spared
            )
        )
    if arranged.changes:
        changes = arranged.changes
        remarks.append(
            words.text(
                "Since the last report: {new} new, {fixed} mended, {unchanged} still there, {open} not assessed again.",
                new=words.number(len(changes.new)),
                fixed=words.number(len(changes.fixed)),
                unchanged=words.number(len(changes.unchanged)),
                open=words.number(len(changes.not_assessed)),
            )
        )
    if remarks:
        yield Padding(Group(*(Text(remark) for remark in remarks)), (1, 0, 0, 0))
