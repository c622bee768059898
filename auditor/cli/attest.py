"""`auditor attest`: named persons answer controls that cannot be seen from outside, at the terminal or by a form.

The answers go to a file, which `audit` and `judge` take with `--attestations` and sign into the bundle.
"""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import click
from rich.console import Console
from rich.panel import Panel

from auditor import bundle as bundle_files
from auditor import facts as facts_file
from auditor import plugins, scan
from auditor.canonical import DecodeError, decode
from auditor.cli.console import lang, note, out, words
from auditor.cli.mirror import fetched
from auditor.cli.options import lang_option
from auditor.errors import BundleError, InputError, PolicyError
from auditor.model import Attestation, Outcome, Policy, Report
from auditor.policy import forms, load_all, load_sources
from auditor.policy.forms import Question
from auditor.regions import zone

_say = words().text
_FILE = click.Path(path_type=Path, dir_okay=False)
_YEAR = timedelta(days=365)
_ANSWERS = {
    "y": Outcome.PASS, "ya": Outcome.PASS, "yes": Outcome.PASS,
    "t": Outcome.FAIL, "tidak": Outcome.FAIL, "n": Outcome.FAIL, "no": Outcome.FAIL,
    "tb": Outcome.NOT_APPLICABLE, "na": Outcome.NOT_APPLICABLE,
}  # fmt: skip


def _source_options(function: click.decorators.FC) -> click.decorators.FC:
    """`--bundle` or `--policy`: where the questions come from."""
    for option in (
        click.option("--policy", "policies", multiple=True, help=_say("policy whose questions are asked")),
        click.option(
            "--bundle",
            type=click.Path(path_type=Path, file_okay=False),
            help=_say("bundle whose open questions are asked"),
        ),
    ):
        function = option(function)
    return function


@click.group(invoke_without_command=True, help=_say("Answer controls that cannot be seen from outside."))
@_source_options
@click.option("--host", default="", help=_say("site that the answers are for; all sites, where left out"))
@click.option(
    "--file", "written", type=_FILE, default=Path("attestations.yaml"), show_default=True, help=_say("file of answers")
)
@lang_option
@click.pass_context
def attest(ctx: click.Context, bundle: Path | None, policies: Sequence[str], host: str, written: Path) -> int:
    """Ask at the terminal; returns 0."""
    if ctx.invoked_subcommand is not None:
        return 0
    if not sys.stdin.isatty():
        raise InputError("there is no terminal to ask at", place="attest", hint="see: auditor attest form")
    known, questions, region = _questions(bundle, policies, by_site=False)
    given = _asked([replace(question, host=host) for question in questions], _today(region))
    if given:
        forms.add_attestations(written, given, known)
        out(words().plural("{n} answer was written.", "{n} answers were written.", len(given)))
        out(_say("Sign them into a new bundle:") + f" auditor judge BUNDLE --attestations {written} --key KEY")
    else:
        out(_say("Nothing was written."))
    return 0


@attest.command(help=_say("Write a form to fill in, .xlsx or .yaml."))
@_source_options
@click.option("--by-site", is_flag=True, help=_say("one row for each site and question"))
@click.option("--out", "written", type=_FILE, required=True, help=_say("XLSX or YAML file to write"))
@lang_option
def form(bundle: Path | None, policies: Sequence[str], written: Path, *, by_site: bool) -> int:
    """Write a form; returns 0."""
    _, questions, _ = _questions(bundle, policies, by_site=by_site)
    if written.exists():
        raise InputError("is already there", place=str(written), hint="choose another --out")
    make = forms.as_workbook if written.suffix.lower() == ".xlsx" else forms.as_yaml
    written.write_bytes(make(questions, lang()))
    out(f"{written}: " + words().plural("{n} question", "{n} questions", len(questions)))
    return 0


@attest.command("import", help=_say("Take the answers of a filled-in form."))
@click.argument("file", metavar="FORM", type=_FILE)
@_source_options
@click.option(
    "--file", "written", type=_FILE, default=Path("attestations.yaml"), show_default=True, help=_say("file of answers")
)
@lang_option
def import_(file: Path, bundle: Path | None, policies: Sequence[str], written: Path) -> int:
    """Import a form; returns 0."""
    given = forms.read_form(file)
    if not given:
        raise PolicyError("no answer is filled in", place=str(file))
    named = policies or tuple(dict.fromkeys(each.policy for each in given if each.policy))
    known, _, _ = _questions(bundle, named, by_site=False)
    forms.add_attestations(written, given, known)
    out(f"{written}: " + words().plural("{n} answer was written.", "{n} answers were written.", len(given)))
    return 0


def _questions(
    bundle: Path | None, references: Sequence[str], *, by_site: bool
) -> tuple[tuple[Policy, ...], tuple[Question, ...], str]:
    """The policies, their questions (of a bundle those left open), and the region whose day it is."""
    specs = facts_file.union(plugins.load_checks())
    if bundle is None:
        if not references:
            raise InputError("one of --policy and --bundle is needed", place="attest")
        with fetched(references) as files:
            known = tuple(loaded.policy for loaded in load_all(files, specs))
        return known, forms.of_policies(known), ""
    stored = bundle_files.read(bundle)
    try:
        specs |= facts_file.read(stored.files["facts.json"])
        report = decode(Report, stored.files["report.json"])
    except DecodeError as error:
        raise BundleError(f"{bundle}: {error}") from None
    sources = {name.removeprefix("policy/"): data for name, data in stored.files.items() if name.startswith("policy/")}
    known = tuple(item.policy for item in load_sources(sources, specs, [policy.id for policy in report.policies]))
    region = next((target.region for target in report.targets if target.region), "")
    return known, forms.of_report(report, by_site=by_site), region


def _today(region: str) -> date:
    return scan.now().astimezone(zone(region)).date()


def _asked(questions: Sequence[Question], today: date) -> list[Attestation]:
    """The answers given; whoever answers stops when they like, and keeps what was answered."""
    screen = Console(stderr=True, highlight=False)
    if not questions:
        note(_say("There is nothing to ask."))
        return []
    note(words().plural("{n} question", "{n} questions", len(questions)))
    note(_say("Answer y (yes), n (no), na (not applicable); Enter skips, q ends."))
    respondent = _needed(_say("Your name and office"))
    until = _day(_say("Last day the answers hold"), today + _YEAR)
    given: list[Attestation] = []
    for number, question in enumerate(questions, 1):
        asked_for = _say("Evidence: {names}", names=", ".join(question.evidence)) if question.evidence else ""
        screen.print(
            Panel(
                "\n".join(part for part in (question.asked(lang()), asked_for) if part),
                title=f"{number}/{len(questions)}  {question.rule.id}  {question.host}".rstrip(),
                title_align="left",
            ),
            markup=False,
        )
        answer = _answer()
        if answer is None:
            break
        if answer is not _SKIPPED:
            given.append(
                Attestation(
                    rule=question.rule.id, answer=answer, respondent=respondent, answered_on=today, until=until,
                    statement=_needed(_say("What you state")), host=question.host, policy=question.policy,
                    documents=tuple(_documents()),
                )
            )  # fmt: skip
    return given


_SKIPPED = Outcome.UNKNOWN


def _answer() -> Outcome | None:
    """The answer, `_SKIPPED`, or None to end."""
    while True:
        said = _prompt(_say("Answer [y/n/na/Enter/q]")).casefold()
        if said == "q":
            return None
        if not said:
            return _SKIPPED
        if said in _ANSWERS:
            return _ANSWERS[said]
        note(_say("Please answer y, n or na, press Enter, or q to end."))


def _needed(question: str) -> str:
    while not (said := _prompt(question)):
        note(_say("This cannot be left empty."))
    return said


def _day(question: str, default: date) -> date:
    while True:
        said = _prompt(f"{question} [{default.isoformat()}]")
        if not said:
            return default
        try:
            return date.fromisoformat(said)
        except ValueError:
            note(_say("Please write the day as 2026-11-22."))


def _documents() -> Iterable[str]:
    """Documents by their paths, one a line, until an empty one."""
    while said := _prompt(_say("Document (path), Enter for none or no more")):
        try:
            yield forms.digested(Path(said).expanduser())
        except OSError:
            note(_say("{name} cannot be read.", name=said))


def _prompt(question: str) -> str:
    answer: str = click.prompt(question, default="", show_default=False, err=True)
    return answer.strip()
