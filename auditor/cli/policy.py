"""`auditor policy`: list, show, check, schema, test."""

import json
from collections.abc import Mapping
from pathlib import Path

import click

from auditor import facts as facts_file
from auditor import plugins
from auditor.canonical import encode
from auditor.cli.console import fail, lang, out, words
from auditor.cli.options import lang_option
from auditor.errors import PolicyError
from auditor.frameworks import citation
from auditor.model import FactSpec, Rule
from auditor.policy import load, locate, packaged, schema, selftest

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
    marked = (f"{item.id} ({words().confidence(item.confidence)})" for item in map(citation, rule.controls))
    controls = f"  {', '.join(marked)}" if rule.controls else ""
    return f"{click.style(rule.id, fg='cyan')}  [{words().severity(rule.severity)}] {rule.title.in_(lang())}{controls}"


@policy.command(help=_say("Check policy files; every error with file:line:col."))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@lang_option
def check(files: tuple[Path, ...]) -> int:
    """Check files, files of tests among them; returns 2 when any of them is wrong."""
    specs, wrong = _specs(), False
    for file in files:
        try:
            what = _checked(file, specs)
        except PolicyError as error:
            fail(error)
            wrong = True
        else:
            out(words().text("{file}: correct ({what})", file=file, what=what))
    return 2 if wrong else 0


def _checked(file: Path, specs: dict[str, FactSpec]) -> str:
    """What a correct file holds.

    Raises:
        PolicyError: it is not correct.
    """
    if file.name.endswith(selftest.SUFFIX):
        tested = file.with_name(file.name.removesuffix(selftest.SUFFIX) + ".yaml")
        cases = selftest.load_tests(file, load(tested, specs).policy, specs)
        return words().plural("{n} case", "{n} cases", len(cases))
    return words().plural("{n} rule", "{n} rules", len(load(file, specs).policy.rules))


@policy.command(help=_say("Run the tests that stand beside policies: POLICY.tests.yaml."))
@click.argument("references", metavar="ID|FILE...", nargs=-1, required=True)
@lang_option
def test(references: tuple[str, ...]) -> int:
    """Run the tests of policies; returns 1 when a case does not hold or a rule is not tested both ways."""
    specs = _specs()
    counts = [_tested(reference, specs) for reference in references]
    passed, failed, missing = (sum(numbers) for numbers in zip(*counts, strict=True))
    out(words().text("{passed} passed, {failed} failed", passed=passed, failed=failed))
    return 1 if failed or missing else 0


def _tested(reference: str, specs: Mapping[str, FactSpec]) -> tuple[int, int, int]:
    """Tell what does not hold of one policy; the numbers of cases that hold, that do not, and that are missing."""
    found = load(reference, specs)
    cases = selftest.load_tests(selftest.tests_of(locate(reference)), found.policy, specs)
    results = selftest.run(found.policy, specs, cases)
    say = words()
    for result in results:
        for miss in result.mismatches:
            wrong = say.text(
                "{place}: {name}: {rule} is {found}, expected {expected}",
                place=result.case.place,
                name=result.case.name,
                rule=miss.rule,
                found=" ".join(part for part in (miss.found.value, miss.reason) if part),
                expected=miss.expected.value,
            )
            out(click.style("✗ ", fg="red") + wrong)
    missing = selftest.untested(found.policy, cases)
    for rule, outcome in missing:
        out(
            click.style("? ", fg="yellow")
            + say.text("{rule}: no case expects {outcome}", rule=rule, outcome=outcome.value)
        )
    failed = sum(1 for result in results if result.mismatches)
    return len(results) - failed, failed, len(missing)


@policy.command("schema", help=_say("Print the JSON Schema of policy files, for editors."))
@lang_option
def schema_() -> int:
    """Print the schema."""
    out(json.dumps(schema(_specs()), indent=2, ensure_ascii=False))
    return 0
