"""The vocabulary of the paper document: blocks, and the parts of a line, in one report's language."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditor.messages import Catalog
from auditor.model import Finding, Rule, Severity, Verdict, View

from .citing import citing
from .digest import BY_WEIGHT, WAIVER_EXPIRED, Clause, Digest, Group, Site
from .visible import visible
from .wording import Notice, Wording

Part = str | Mapping[str, Any] | Sequence[Any]
"""Text, text of a kind (`{"code": ...}`), or several of them in a row."""
Terms = list[tuple[str, Part]]
"""Names, each with what is said of it."""
Block = tuple[str, Any]
"""A kind and what it shows; `typst/report.typ` has a function of the same name for each."""

CHECKPOINT = "checkpoint.svg"
"""The picture of the log's checkpoint."""
NAMED = 40
"""Sites named of one rule, verdicts shown of one finding: beyond, the number of the others stands."""
BRIEF = 160
"""Characters shown of a text that a scanned site can choose."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A report about to be written down."""

    view: View
    digest: Digest
    say: Wording
    lang: str

    @property
    def words(self) -> Catalog:
        """The catalogue of its language."""
        return self.say.words

    @property
    def single(self) -> Site | None:
        """The one site, where there is only one."""
        return self.digest.sites[0] if len(self.digest.sites) == 1 else None

    def badge(self, severity: Severity) -> Part:
        """A severity, framed."""
        return {"badge": [severity.value, self.words.severity(severity)]}

    def clause(self, clause: Clause) -> list[Part]:
        """A rule's title and id."""
        return [clause.rule.title.in_(self.lang), " ", {"id": clause.rule.id}]

    def controls(self, rule: Rule) -> list[Part]:
        """The ids of what a rule rests on, each with its mark."""
        marks = citing(self.view.report, self.words)
        return [[{"id": control}, " ", {"muted": f"({marks.mark(control)})"}] for control in rule.controls]

    def many(self, group: Group) -> str:
        """On how many sites, where there are several."""
        return "" if self.single else f" – {self.words.plural('{n} site', '{n} sites', len(group.findings))}"

    def counts(self, site: Site) -> list[Part]:
        """A site's faults by severity."""
        shown: list[Part] = []
        for severity in BY_WEIGHT:
            if failed := site.tally.failed.get(severity):
                shown += [self.badge(severity), f" {self.words.number(failed)}  "]
        return shown

    def sites(self, findings: Sequence[Finding]) -> Part:
        """The names of the sites of some findings."""
        named: list[Part] = []
        for finding in findings[:NAMED]:
            expired: list[Part] = (
                [" ", {"bad": f"({self.words.text('acceptance expired')})"}] if is_expired(finding) else []
            )
            named += [", " if named else "", self.digest.site(finding).label, *expired]
        rest = len(findings) - NAMED
        return [*named, " ", self.others(rest)] if rest > 0 else named

    def others(self, rest: int) -> str:
        """How many more there are than are named here."""
        return self.words.text("and {n} more, listed in report.json", n=self.words.number(rest))

    def subject(self, verdict: Verdict) -> list[Part]:
        """What a verdict is about; nothing for the site as a whole."""
        kind, name = self.say.subject(verdict)
        return [f"{kind} ", {"code": brief(name)}] if name else []

    def verdicts(self, verdicts: Sequence[Verdict]) -> list[list[Part]]:
        """Rows of what was examined, expected and observed, with the name of each fact."""
        rows: list[list[Part]] = []
        for verdict in verdicts[:NAMED]:
            about = self.subject(verdict)
            examined: list[Part] = [self.say.fact(verdict), *([about] if about else []), {"id": verdict.fact}]
            rows.append([{"lines": examined}, *self._sides(verdict)])
        return self._closed(rows, len(verdicts))

    def compact(self, verdicts: Sequence[Verdict]) -> list[list[Part]]:
        """The same where there are thousands: nothing but text."""
        rows: list[list[Part]] = []
        for verdict in verdicts[:NAMED]:
            kind, name = self.say.subject(verdict)
            about = f", {kind} {brief(name)}" if name else ""
            rows.append([f"{self.say.fact(verdict)}{about}", *self._sides(verdict)])
        return self._closed(rows, len(verdicts))

    def _sides(self, verdict: Verdict) -> tuple[str, str]:
        return brief(self.say.expected(verdict)), brief(self.say.observed(verdict))

    def _closed(self, rows: list[list[Part]], total: int) -> list[list[Part]]:
        if total > NAMED:
            rows.append([self.others(total - NAMED), "", ""])
        return rows or [[self.words.text("no detail was recorded"), "", ""]]


def brief(text: str) -> str:
    """A text chosen elsewhere, cut to what a line or two can hold."""
    return visible(str(text), BRIEF)


def upfirst(text: str) -> str:
    """The text with a capital in front."""
    return text[:1].upper() + text[1:]


def is_expired(finding: Finding) -> bool:
    """Whether the acceptance of this fault has run out."""
    return finding.reason == WAIVER_EXPIRED


def notice(said: Notice) -> dict[str, str]:
    """A notice as data."""
    return {"tone": said.tone, "title": said.title, "text": said.text}


def prose(text: str) -> Iterator[Part]:
    """Paragraphs of a policy text, one a line."""
    return (visible(line.strip()) for line in text.splitlines() if line.strip())


def heading(text: str) -> Block:
    """A heading within a section."""
    return "heading", text


def subheading(part: Part) -> Block:
    """A heading under a heading."""
    return "subheading", part


def paragraph(part: Part) -> Block:
    """Text."""
    return "paragraph", part


def small(part: Part) -> Block:
    """Text that stands back."""
    return "small", part


def lead(part: Part) -> Block:
    """Text that stays with what follows it."""
    return "lead", part


def label(text: str) -> Block:
    """A title too small for a heading; stays with what follows it."""
    return "label", text


def items(parts: Sequence[Part]) -> Block:
    """A list."""
    return "items", parts


def steps(parts: Sequence[Part]) -> Block:
    """A numbered list."""
    return "steps", parts


def terms(rows: Terms) -> Block:
    """Names and what is said of them, side by side."""
    return "terms", rows


def code(text: str) -> Block:
    """Lines to be typed as they stand."""
    return "code", text


def figures(rows: Sequence[tuple[str, str, str]]) -> Block:
    """Numbers that are seen first: label, number, tone."""
    return "figures", rows


def fault(title: Part, meta: Sequence[Part]) -> Block:
    """The head of a fault or a site: its title, and a line about it."""
    return "fault", {"title": title, "meta": meta}


def signatures(roles: Sequence[tuple[str, Sequence[str]]]) -> Block:
    """Room to sign by hand: each role with the lines to fill in."""
    return "signatures", roles


def table(
    header: Sequence[Part],
    rows: Iterable[Sequence[Part]],
    columns: Sequence[float | str],
    *,
    right: Iterable[int] = (),
    size: float = 8.5,
    tall: float = 0,
) -> Block:
    """A table; `columns` are shares of the width or `auto`, `right` the columns of numbers, `size` in points.

    `tall` is the height of a row in cm that is to be written into by hand, with a frame round every cell.
    """
    return "table", {
        "header": list(header), "rows": [list(row) for row in rows], "columns": list(columns), "right": list(right),
        "size": size, "tall": tall,
    }  # fmt: skip
