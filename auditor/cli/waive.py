"""`auditor waive`: write an accepted risk into a file of waivers, checked as `audit` and `judge` will read it."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import click

from auditor import facts as facts_file
from auditor import plugins
from auditor.cli.console import out, words
from auditor.cli.mirror import fetched
from auditor.cli.options import lang_option
from auditor.cli.result import DEFAULT_POLICY
from auditor.model import Waiver
from auditor.policy import forms, load_all

_say = words().text


@click.command(help=_say("Accept the risk of a fault for a time: who approved it, why, and until when."))
@click.argument("rule")
@click.option("--host", default="", help=_say("site that it is for; all sites, where left out"))
@click.option("--subject", default=None, help=_say("the one cookie, path or the like that it is for"))
@click.option("--reason", required=True, help=_say("why the risk is accepted"))
@click.option("--approver", required=True, help=_say("who approved it, with office"))
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), required=True, help=_say("last day it holds, in the agency's zone")
)
@click.option("--policy", "policies", multiple=True, default=(DEFAULT_POLICY,), help=_say("policy that has the rule"))
@click.option(
    "--file",
    "written",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("waivers.yaml"),
    show_default=True,
    help=_say("file of accepted risks"),
)
@lang_option
def waive(
    rule: str,
    host: str,
    subject: str | None,
    reason: str,
    approver: str,
    until: datetime,
    policies: Sequence[str],
    written: Path,
) -> int:
    """Write a waiver; returns 0."""
    with fetched(policies) as files:
        known = tuple(loaded.policy for loaded in load_all(files, facts_file.union(plugins.load_checks())))
    last: date = until.date()
    forms.add_waiver(written, Waiver(rule, reason, approver, last, host, subject), known)
    out(words().text("{file}: {rule} accepted until {day}", file=written, rule=rule, day=words().date(last)))
    return 0
