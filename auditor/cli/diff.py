"""`auditor diff`: what changed between two reports."""

from collections.abc import Iterable
from pathlib import Path

import click

from auditor.canonical import encode
from auditor.cli.console import lang, out, out_bytes, words
from auditor.cli.options import lang_option
from auditor.cli.result import load_previous
from auditor.difference import Fault, compare
from auditor.model import Report

_say = words().text


@click.command(help=_say("Faults that are fixed, new, unchanged, or no longer assessed between two bundles."))
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help=_say("the result as JSON"))
@lang_option
def diff(old: Path, new: Path, *, as_json: bool) -> int:
    """Compare; always returns 0, since a difference is no failure."""
    before, after = load_previous(old), load_previous(new)
    if before is None or after is None:
        raise click.UsageError(words().text("two bundles are needed"))
    difference = compare(before, after)
    if as_json:
        out_bytes(encode(difference) + b"\n")
        return 0
    titles = _titles(before) | _titles(after)
    for heading, colour, faults in (
        (words().text("fixed"), "green", difference.fixed),
        (words().text("new"), "red", difference.new),
        (words().text("unchanged"), "yellow", difference.unchanged),
        (words().text("not assessed any more"), "magenta", difference.not_assessed),
    ):
        _show(heading, colour, faults, titles)
    return 0


def _titles(report: Report) -> dict[tuple[str, str], str]:
    return {(policy.id, rule.id): rule.title.in_(lang()) for policy in report.policies for rule in policy.rules}


def _show(heading: str, colour: str, faults: Iterable[Fault], titles: dict[tuple[str, str], str]) -> None:
    faults = tuple(faults)
    out(click.style(f"{heading}: {len(faults)}", fg=colour, bold=True))
    for fault in faults:
        finding, verdict = fault.finding, fault.verdict
        subject = f" [{verdict.subject}]" if verdict.subject else ""
        out(f"  {finding.target}  {finding.rule} {titles.get((finding.policy, finding.rule), '')}{subject}")
