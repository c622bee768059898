"""A summary in Markdown, for the step summary of a pipeline or a comment on a merge request.

Nothing from the scanned site is read as markup: what stands in a table is escaped. The summary ends where GitHub
would cut it off (1 MiB), and says so.
"""

import re
from collections.abc import Iterable, Iterator

from auditor.messages import Catalog, catalog
from auditor.model import Outcome, View

from .digest import Digest, Group, Site, digest
from .entries import Entry, entries, sentence
from .visible import visible
from .wording import Wording, notices, trust

CAP = 1_000_000
"""Bytes; GitHub takes 1 MiB of a step."""
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|<>&~@:-])")


def render(view: View, lang: str) -> Iterable[tuple[str, bytes]]:
    """`summary.md`."""
    arranged = digest(view)
    words = catalog(lang)
    say = Wording(words, view.specs, arranged.zone)
    rest = words.text("The summary is cut off here; the whole report is in the bundle.")
    kept, size = [], len(rest.encode()) + 4
    for line in _lines(arranged, view, words, say):
        size += len(line.encode()) + 1
        if size > CAP:
            kept += ["", f"*{rest}*"]
            break
        kept.append(line)
    yield "summary.md", ("\n".join(kept) + "\n").encode()


def _lines(arranged: Digest, view: View, words: Catalog, say: Wording) -> Iterator[str]:
    text = words.text
    report = view.report
    yield f"## {text('Report of a security examination')}"
    yield ""
    yield f"{_plain(report.scope.agency)} · {say.time(report.run.started)} · `{report.id}`".removeprefix(" · ")
    for notice in (*notices(arranged, words), *(n for n in [trust(report, words)] if n.tone == "bad")):
        yield ""
        yield f"> **{_plain(notice.title)}**  "
        yield f"> {_plain(notice.text)}"
    yield ""
    yield _row(text("Site"), text("Grade"), text("Faults"), text("Rules met"), text("Not assessed"))
    yield _row(*["---"] * 5)
    for site in arranged.gravest or arranged.sites:
        yield _site(site, words, say)
    if arranged.changes is not None:
        yield ""
        yield text(
            "Since the last report: {fixed} fixed, {new} new, {unchanged} unchanged, {open} not assessed any more.",
            fixed=len(arranged.changes.fixed),
            new=len(arranged.changes.new),
            unchanged=len(arranged.changes.unchanged),
            open=len(arranged.changes.not_assessed),
        )
    found = [entry for entry in entries(arranged) if entry.finding.outcome is Outcome.FAIL]
    if found:
        yield from _faults(found, words, say)
    for reason, groups in arranged.unknown.items():
        yield from _unknown(say.reason(reason).title, groups, words)


def _site(site: Site, words: Catalog, say: Wording) -> str:
    counts = (site.tally[outcome] for outcome in (Outcome.FAIL, Outcome.PASS, Outcome.UNKNOWN))
    grades = ", ".join(say.score(score) for score in site.scores) or "–"
    return _row(_plain(site.label), _plain(grades), *(words.number(count) for count in counts))


def _faults(found: list[Entry], words: Catalog, say: Wording) -> Iterator[str]:
    yield ""
    yield f"### {words.text('Faults')}"
    yield ""
    yield _row(words.text("Severity"), words.text("Site"), words.text("Rule"), words.text("Condition"))
    yield _row(*["---"] * 4)
    for entry in sorted(found, key=lambda entry: -entry.finding.severity.rank):
        yield _row(
            words.severity(entry.finding.severity),
            _plain(entry.site.label),
            _plain(entry.clause.rule.id),
            _plain(sentence(entry, say)),
        )


def _unknown(title: str, groups: Iterable[Group], words: Catalog) -> Iterator[str]:
    yield ""
    yield f"### {_plain(words.text('Not assessed'))}: {_plain(title)}"
    yield ""
    for group in groups:
        rule = group.clause.rule
        yield f"- {_plain(rule.id)} {_plain(rule.title.in_(words.lang))} ({len(group.findings)})"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def _plain(text: str) -> str:
    """The text as itself: no markup, no link, no mention."""
    return _MARKUP.sub(r"\\\1", visible(text, 500))
