"""`auditor spbe`: the index of digital government from levels, what-if included, and evidence for its indicators."""

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from auditor import frameworks, maturity, source
from auditor.cli.console import lang, note, out, words
from auditor.cli.options import lang_option
from auditor.cli.render import render
from auditor.errors import InputError
from auditor.maturity import Index, Instrument, rounded
from auditor.source import Node, schema_one

_say = words().text
_FILE = click.Path(path_type=Path, dir_okay=False)
_LEVEL = re.compile(r"I?(\d{1,2})=(\d)", re.IGNORECASE)


@click.group(help=_say("SPBE and digital government (Pemdi): indices, and evidence for their indicators."))
def spbe() -> None:
    """Group of the commands."""


@spbe.command(help=_say("Write a file of levels to fill in."))
@click.option("--instrument", "identity", default="pemdi-2026", show_default=True, help=_say("pemdi-2026 or spbe-2020"))
@click.option("--out", "written", type=_FILE, required=True, help=_say("YAML file to write"))
@lang_option
def template(identity: str, written: Path) -> int:
    """Write a template with every indicator; returns 0."""
    if written.exists():
        raise InputError("is already there", place=str(written), hint="choose another --out")
    this = maturity.instrument(identity)
    lines = [f"  {each.code}: 1    # {each.name} (bobot {each.weight})" for each in this.indicators]
    written.write_text(f"schema: 1\ninstrument: {this.id}\nlevels:\n" + "\n".join(lines) + "\n", "utf-8")
    out(str(written))
    return 0


@spbe.command(help=_say("Compute the index from a file of levels; --set shows what another level would give."))
@click.argument("levels", type=_FILE)
@click.option("--set", "changes", multiple=True, metavar="I10=4", help=_say("level to try; may be repeated"))
@click.option("--json", "as_json", is_flag=True, help=_say("the result as JSON"))
@lang_option
def index(levels: Path, changes: Sequence[str], *, as_json: bool) -> int:
    """Compute; returns 0."""
    this, given = _read(levels)
    now, tried = maturity.compute(this, given), maturity.compute(this, {**given, **dict(map(_change, changes))})
    if as_json:
        out(json.dumps(_plain(this, now) | ({"with": _plain(this, tried)} if changes else {}), ensure_ascii=False))
        return 0
    _show(this, now)
    if changes:
        out()
        out(click.style(_say("With {changes}:", changes=", ".join(changes)), bold=True))
        _show(this, tried)
        out(_say("Difference: {difference}", difference=_signed(tried.value - now.value)))
    else:
        out()
        out(_say("One level more on a security indicator would add:"))
        for indicator in this.indicators:
            if indicator.number in this.security and given[indicator.number] < maturity.LEVELS[-1]:
                raised = maturity.compute(this, {**given, indicator.number: given[indicator.number] + 1})
                out(f"  {indicator.code}  {_signed(raised.value - now.value)}  {indicator.name}")
    law = frameworks.citation(this.law)
    note(f"{law.name.in_(lang())} ({words().confidence(this.confidence)})")
    if law.repealed.id:
        note(law.repealed.in_(lang()))
    note(_say("Levels are judged by assessors; this is arithmetic on the levels given."))
    return 0


@spbe.command(help=_say("Write the evidence of a bundle for each security indicator: one archive an indicator."))
@click.argument("bundle", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--out",
    "out_folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help=_say("folder to write to"),
)
@click.option("--baseline", type=click.Path(path_type=Path), help=_say("earlier bundle, to show what changed"))
@lang_option
@click.pass_context
def evidence(ctx: click.Context, bundle: Path, out_folder: Path, baseline: Path | None) -> int:
    """The same as `auditor render BUNDLE --format bukti-dukung`; returns 0."""
    code: int = ctx.invoke(
        render,
        bundle=bundle,
        formats="bukti-dukung",
        out_folder=out_folder,
        baseline=baseline,
        key=None,
        passphrase_fd=None,
    )
    return code


def _plain(this: Instrument, found: Index) -> dict[str, Any]:
    """Values as text, exact: a float would not be."""
    parts = {
        "domains": [[part.name, str(value)] for part, value in found.domains],
        "aspects": [[part.name, str(value)] for part, value in found.aspects],
    }
    return {
        "instrument": this.id,
        "confidence": str(this.confidence),
        "index": str(found.value),
        "grade": found.grade,
    } | parts


def _show(this: Instrument, found: Index) -> None:
    out(click.style(f"{this.name.in_(lang())}: {_number(found.value)}  {found.grade}", bold=True))
    for part, value in (*found.domains, *found.aspects):
        out(f"  {_number(value)}  {part.name}")


def _number(value: Decimal) -> str:
    shown = f"{rounded(value):.2f}"
    return shown.replace(".", ",") if lang() == "id" else shown


def _signed(value: Decimal) -> str:
    shown = f"{value.normalize():+f}"
    return shown.replace(".", ",") if lang() == "id" else shown


def _change(text: str) -> tuple[int, int]:
    found = _LEVEL.fullmatch(text)
    if not found:
        raise InputError("expected an indicator and a level such as I10=4", place="--set")
    return int(found[1]), int(found[2])


def _read(path: Path) -> tuple[Instrument, Mapping[int, int]]:
    top = source.read(path).entries("schema", "instrument", "levels")
    top.need("schema", schema_one)
    this = maturity.instrument(top.need("instrument", Node.text))
    codes = {each.code: each.number for each in this.indicators}
    levels: dict[int, int] = {}
    for key, value in top.need("levels", Node.mapping):
        if key.text() not in codes:
            raise key.unknown("there is no indicator {word}", key.text(), codes)
        levels[codes[key.text()]] = value.integer()
    return this, levels
