"""`auditor checks`, `facts`, `report schema`, `evidence schema`: what can be collected, and how documents look."""

import json
from collections.abc import Callable
from typing import Any

import click

from auditor import facts as facts_file
from auditor import plugins, schemas
from auditor.cli.console import out, words
from auditor.cli.options import lang_option
from auditor.errors import InputError
from auditor.model import TYPE_NAMES, FactSpec

_say = words().text


@click.command(help=_say("The checks that are installed, or one of them with its facts."))
@click.argument("name", required=False)
@lang_option
def checks(name: str | None) -> int:
    """List checks."""
    found = plugins.load_checks()
    if name is not None:
        found = tuple(check for check in found if check.name == name)
        if not found:
            raise InputError("no check {name}", place="auditor checks", hint="see: auditor checks", name=repr(name))
    for check in found:
        origin = f"{check.plugin.distribution} {check.plugin.version}"
        out(f"{click.style(check.name, bold=True)}  {words().text(check.doc)}  ({origin})")
        for fact, spec in sorted(check.facts.items()) if name else ():
            out(f"  {_line(fact, spec)}")
    return 0


@click.command(help=_say("Every fact that policies may speak of."))
@lang_option
def facts() -> int:
    """List facts."""
    for fact, spec in sorted(facts_file.union(plugins.load_checks()).items()):
        out(_line(fact, spec))
    return 0


def _line(name: str, spec: FactSpec) -> str:
    subject = f"[{spec.subject}]" if spec.subject else ""
    unit = f" {spec.unit}" if spec.unit else ""
    cost = words().plural("{n} request", "{n} requests", spec.cost) if spec.cost else ""
    parts = ", ".join(part for part in (f"{TYPE_NAMES[spec.type]}{unit}", words().level(spec.level), cost) if part)
    return f"{click.style(name + subject, fg='cyan')}  {words().text(spec.doc)}  ({parts})"


def _schema_group(name: str, summary: str, document: Callable[[], dict[str, Any]]) -> click.Group:
    group = click.Group(name, help=summary)

    @group.command("schema", help=_say("Print the JSON Schema."))
    @lang_option
    def schema() -> int:
        out(json.dumps(document(), indent=2, ensure_ascii=False))
        return 0

    return group


report = _schema_group("report", _say("The machine report's format."), schemas.report)
evidence = _schema_group("evidence", _say("The evidence's format."), schemas.evidence)
