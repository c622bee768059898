"""What audit and judge do alike: what to judge by, and how the result is told."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from auditor import plugins
from auditor.audit import Rules, Sealed
from auditor.canonical import DecodeError, decode
from auditor.cli.console import lang, note, out, words
from auditor.cli.mirror import fetched
from auditor.cli.options import NEVER
from auditor.difference import only_new
from auditor.errors import InputError
from auditor.model import Attestation, FactSpec, Report, Severity, View, Waiver
from auditor.policy import exit_code, load_all, load_answers

DEFAULT_POLICY = "baseline"
"""What every site is judged by unless something else is asked for."""
_MOST_NAMED = 5


def load_rules(asked: Mapping[str, Any], specs: Mapping[str, FactSpec]) -> Rules:
    """Policies, waivers and attestations as the options name them.

    Raises:
        PolicyError: with `file:line:col`.
    """
    with fetched(dict.fromkeys(asked["policies"])) as references:
        policies = load_all(references, specs)
    answers = load_answers(asked["waivers"], asked["attestations"], tuple(loaded.policy for loaded in policies))
    return Rules(policies, answers)


def load_previous(path: Path | None) -> Report | None:
    """The report that `--baseline` names: a bundle's folder or a report.json.

    Raises:
        InputError: missing, or not a report.
    """
    if path is None:
        return None
    file = path / "report.json" if path.is_dir() else path
    if not file.is_file():
        raise InputError("file not found", place=str(file))
    try:
        return decode(Report, file.read_bytes())
    except DecodeError as error:
        raise InputError("not a report: {problem}", place=str(file), problem=str(error)) from None


def finish(sealed: Sealed, *, fail_on: str, previous: Report | None, show: bool = True) -> int:
    """Show the report on the terminal and where it lies; returns the exit code."""
    if show:
        show_report(sealed.view)
    say = words().text
    note(say("bundle: {path}", path=sealed.bundle.path))
    if sealed.report.signing == "ephemeral":
        note(say("signed by a throwaway key: NOT TRUSTED; sign with --key (see: auditor keys create)"))
    for line in _idle(sealed.report):
        note(line)
    findings = sealed.report.findings if previous is None else only_new(sealed.report, previous)
    return exit_code(findings, sealed.report.coverage, None if fail_on == NEVER else Severity(fail_on))


def _idle(report: Report) -> Iterator[str]:
    """Waivers and answers that concern nothing here: a fault that is mended since, or a name that is mistyped."""
    say = words().text
    used = {finding.waiver for finding in report.findings}
    asked = {finding.attestation for finding in report.findings}
    waivers = [waiver for place, waiver in enumerate(report.waivers) if place not in used]
    answers = [answer for place, answer in enumerate(report.attestations) if place not in asked]
    if waivers:
        yield say("accepted risks without a fault here: {names}", names=_named(waivers))
    if answers:
        yield say("answers that nothing asks for here: {names}", names=_named(answers))


def _named(given: Sequence[Waiver | Attestation]) -> str:
    """The first of them, by rule and host."""
    names = [f"{one.rule} {one.host}".strip() for one in given[:_MOST_NAMED]]
    return ", ".join(names) + (" …" if len(given) > _MOST_NAMED else "")


def show_report(view: View) -> None:
    """The report for people, on the terminal."""
    (renderer,) = plugins.load_renderers(["terminal"])
    for _, content in renderer.render(view, lang()):
        out(content.decode(), end="")
