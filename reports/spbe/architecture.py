"""SIA-SPBE, security domain: its seven objects as CSV, filled as far as a report can."""

from collections.abc import Callable, Iterable, Mapping

from auditor import frameworks
from auditor.messages import catalog
from auditor.model import Outcome, View

from ..blocks import Paper
from ..citing import citing
from ..digest import digest
from ..sheet import Cell, Column, Sheet, delimited
from ..wording import Wording
from . import happened
from .posture import State, follow_up, services


def render(view: View, lang: str) -> Iterable[tuple[str, bytes]]:
    """`sia-spbe-1-....csv` to `sia-spbe-7-....csv`."""
    words = catalog(lang)
    arranged = digest(view)
    this = Paper(view, arranged, Wording(words, view.specs, arranged.zone), lang)
    for each in frameworks.data("sia-spbe")["objects"]:
        fill = _FILLED.get(each.get("from", ""), _nothing)
        columns = each["columns"]
        rows = tuple(
            (f"{each['code']}-{view.report.id}-{number:03d}", *cells, *("",) * (len(columns) - 1 - len(cells)))
            for number, cells in enumerate(fill(this), start=1)
        )
        sheet = Sheet(each["file"], tuple(Column(str(title)) for title in columns), rows)
        yield f"sia-spbe-{each['file']}.csv", delimited(sheet, marked=True)


def _nothing(this: Paper) -> Iterable[tuple[Cell, ...]]:  # noqa: ARG001 - as the others
    return ()


def _regulations(this: Paper) -> Iterable[tuple[Cell, ...]]:
    """The regulations that the rules cite; indices and public standards are none."""
    marks = citing(this.view.report, this.words)
    laws = {entry["id"] for entry in frameworks.data("regulations")["regulations"] if "index" not in entry}
    rules = (rule for policy in this.view.report.policies for rule in policy.rules)
    cited = laws & {frameworks.regulation(control) for rule in rules for control in rule.controls}
    return ((marks.cite(control),) for control in sorted(cited))


def _services(this: Paper) -> Iterable[tuple[Cell, ...]]:
    """An examination of each service, with what it found."""
    text, day = this.words.text, this.view.report.judged_at.astimezone(this.digest.zone).date()
    for service in services(this.digest):
        faults = sum(site.tally[Outcome.FAIL] for site in service.sites)
        said = text("Examination of {service}: {faults} faults", service=service.name, faults=faults)
        yield said, day


def _mended(this: Paper) -> Iterable[tuple[Cell, ...]]:
    """Faults that were mended since the earlier report."""
    day = this.view.report.judged_at.astimezone(this.digest.zone).date()
    for item in follow_up(this.digest):
        if item.state is State.DONE:
            yield f"{item.target.url}: {item.rule.title.in_(this.lang)}", day


def _incidents(this: Paper) -> Iterable[tuple[Cell, ...]]:
    """Signs of incidents; how they were handled is for the response team to say."""
    for sign in happened.signs(this.view, this.digest, happened.kinds()["incident"]):
        day = sign.at.astimezone(this.digest.zone).date()
        yield f"{sign.site.target.url}: {this.digest.clause(sign.finding).rule.title.in_(this.lang)}", day


_FILLED: Mapping[str, Callable[[Paper], Iterable[tuple[Cell, ...]]]] = {
    "regulations": _regulations,
    "services": _services,
    "mended": _mended,
    "incidents": _incidents,
}
