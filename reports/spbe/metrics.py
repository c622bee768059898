"""Prometheus text (exposition format 0.0.4) for the dashboard of the government: counts by agency, no fault by name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditor.model import Outcome, View

from ..blocks import Paper
from ..digest import BY_WEIGHT
from ..visible import visible
from . import happened
from .posture import State, services, transit
from .scoreboard import ranks

Labels = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Metric:
    """One family of samples."""

    name: str
    help: str
    samples: tuple[tuple[Labels, int], ...]


def render(view: View, lang: str) -> Iterable[tuple[str, bytes]]:
    """`auditor.prom`."""
    this = happened.opened(view, lang)
    yield "auditor.prom", "".join(map(_written, metrics(this))).encode()


def metrics(this: Paper) -> Iterable[Metric]:
    """What a dashboard shows. Gauges all: each report stands for itself."""
    report, ladder = this.view.report, ranks(this)
    owners = [((("agency", rank.name),), rank) for rank in ladder]
    moment = int(report.judged_at.timestamp())
    yield Metric("auditor_report_timestamp_seconds", "When the report was judged", (((), moment),))
    yield Metric("auditor_sites", "Sites examined", tuple((label, len(rank.standing.sites)) for label, rank in owners))
    yield Metric("auditor_sites_assessed", "Sites of which anything was settled", tuple(
        (label, rank.assessed) for label, rank in owners
    ))  # fmt: skip
    yield Metric("auditor_score", "Mean score of the agency's sites", tuple(
        (label, rank.score) for label, rank in owners if rank.score is not None
    ))  # fmt: skip
    yield Metric("auditor_faults", "Faults that are there by severity", tuple(
        ((*label, ("severity", severity.value)), rank.faults[severity])
        for label, rank in owners for severity in BY_WEIGHT
    ))  # fmt: skip
    yield Metric("auditor_rules", "Rules by outcome", tuple(
        ((*label, ("outcome", outcome.value)), rank.standing.tally[outcome])
        for label, rank in owners for outcome in Outcome
    ))  # fmt: skip
    yield Metric("auditor_follow_up", "Faults by state of follow-up", tuple(
        ((*label, ("state", state.value)), rank.states[state]) for label, rank in owners for state in State
    ))  # fmt: skip
    yield Metric("auditor_coverage_percent", "Rules judged of those that could be, by policy", tuple(
        ((("policy", each.policy),), each.percent) for each in report.coverage
    ))  # fmt: skip
    share = transit(services(this.digest))
    yield Metric("auditor_services_counted", "Services of category tinggi or strategis", (((), len(share.services)),))
    yield Metric("auditor_services_encrypted", "Of them encrypted in transit", (((), share.encrypted),))


def _written(metric: Metric) -> str:
    lines = [f"# HELP {metric.name} {metric.help}", f"# TYPE {metric.name} gauge"]
    for labels, value in metric.samples:
        said = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels)
        lines.append(f"{metric.name}{{{said}}} {value}" if said else f"{metric.name} {value}")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return visible(text).replace("\\", "\\\\").replace('"', '\\"')
