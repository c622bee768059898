"""`auditor policy`: list, show, check, schema, test."""

import json
from pathlib import Path

import click

from auditor import facts as facts_file
from auditor import plugins
from auditor.canonical import encode
from auditor.cli.console import fail, lang, out, words
from auditor.cli.options import lang_option
from auditor.errors import PolicyError
from auditor.model import FactSpec, Rule
from auditor.policy import load, packaged, schema, selftest

_say = words().text


@click.group(help=_say("Policies: what is asked of a site, as YAML."))
def policy() -> None:
    """Group of the policy commands."""


def _specs() -> dict[str, FactSpec]:
    return facts_file.union(plugins.load_checks())


@policy.command("list", help=_say("The policies that come with the program."))
@lang_option
def list_() -> int:
    """List packaged policies."""
    specs = _specs()
    for identity in packaged():
        found = load(identity, specs).policy
        rules = words().plural("{n} rule", "{n} rules", len(found.rules))
        out(f"{click.style(found.id, bold=True)} {found.version}  {found.title.in_(lang())}  ({rules}, {found.digest})")
    return 0


@policy.command(help=_say("The rules of a policy, those it extends included."))
@click.argument("reference", metavar="ID|FILE")
@click.option("--json", "as_json", is_flag=True, help=_say("the result as JSON"))
@lang_option
def show(reference: str, *, as_json: bool) -> int:
    """Show a policy."""
    found = load(reference, _specs()).policy
    if as_json:
        out(encode(found).decode())
        return 0
    out(click.style(f"{found.id} {found.version}", bold=True) + f"  {found.title.in_(lang())}")
    for rule in found.rules:
        out(_line(rule))
    return 0


def _line(rule: Rule) -> str:
    controls = f"  {', '.join(rule.controls)}" if rule.controls else ""
    return f"{click.style(rule.id, fg='cyan')}  [{words().severity(rule.severity)}] {rule.title.in_(lang())}{controls}"


@policy.command(help=_say("Check policy files; every error with file:line:col."))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@lang_option
def check(files: tuple[Path, ...]) -> int:
    """Check files; returns 2 when any of them is wrong."""
    specs, wrong = _specs(), False
    for file in files:
        try:
            found = selftest.check(file, specs) if selftest.is_tests(file) else load(file, specs).policy
        except PolicyError as error:
            fail(error)
            wrong = True
        else:
            what = words().plural("{n} rule", "{n} rules", len(found.rules)) if found else words().text("tests")
            out(words().text("{file}: correct ({what})", file=file, what=what))
    return 2 if wrong else 0


@policy.command("schema", help=_say("Print the JSON Schema of policy files, for editors."))
@lang_option
def schema_() -> int:
    """Print the schema."""
    out(json.dumps(schema(_specs()), indent=2, ensure_ascii=False))
    return 0
