"""`auditor inventory`: check a list of sites, and carry it between YAML, CSV and XLSX."""

from pathlib import Path

import click

from auditor import scan
from auditor.cli.console import out, words
from auditor.cli.options import lang_option
from auditor.errors import InputError
from auditor.targets import export_csv, export_xlsx, export_yaml, load_inventory

_say = words().text
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(help=_say("Inventories: which sites, whose, with which officer and by whose leave."))
def inventory() -> None:
    """Group of the inventory commands."""


@inventory.command(help=_say("Check an inventory, YAML, CSV or XLSX; every error with file:line:col."))
@click.argument("file", type=_FILE)
@lang_option
def check(file: Path) -> int:
    """Check a file, and count what is in it."""
    found = load_inventory(file, scan.now())
    organisations = {target.organisation for target in found.targets if target.organisation}
    say = words()
    sites = say.plural("{n} site", "{n} sites", len(found.targets))
    owners = say.plural("{n} organisation", "{n} organisations", len(organisations))
    out(say.text("{file}: correct ({what})", file=file, what=f"{sites}, {owners}"))
    for organisation in sorted((o for o in organisations if o.officer is None), key=lambda o: o.name):
        out(say.text("{name}: no officer is named", name=organisation.name))
    return 0


@inventory.command("import", help=_say("Make a YAML inventory of a CSV or XLSX sheet."))
@click.argument("file", type=_FILE)
@click.option("--out", "written", type=_FILE, required=True, help=_say("YAML file to write"))
@lang_option
def import_(file: Path, written: Path) -> int:
    """A table to YAML."""
    _write_new(written, export_yaml(load_inventory(file, scan.now())))
    return 0


@inventory.command(help=_say("Make a CSV or XLSX sheet of an inventory."))
@click.argument("file", type=_FILE)
@click.option("--out", "written", type=_FILE, required=True, help=_say("CSV or XLSX file to write"))
@lang_option
def export(file: Path, written: Path) -> int:
    """YAML to a table, of the kind that the name asks for."""
    table = export_xlsx if written.suffix.lower() == ".xlsx" else export_csv
    _write_new(written, table(load_inventory(file, scan.now())))
    return 0


def _write_new(path: Path, data: bytes) -> None:
    if path.exists():
        raise InputError("is already there", place=str(path), hint="choose another --out")
    path.write_bytes(data)
    out(str(path))
