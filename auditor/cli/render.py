"""`auditor render`: any report format from a stored bundle, written outside it."""

from pathlib import Path

import click

from auditor import bundle as bundle_files
from auditor import evidence as evidence_file
from auditor import facts as facts_file
from auditor import plugins, scan
from auditor.audit import PDF_REPORT
from auditor.canonical import DecodeError, decode
from auditor.cli.console import lang, out, words
from auditor.cli.options import lang_option, read_signer
from auditor.cli.result import load_previous
from auditor.errors import BundleError, InputError
from auditor.model import Report, View
from auditor.trust import pdf

_say = words().text


@click.command(help=_say("Write a stored bundle's report in other formats; the bundle itself is left as it is."))
@click.argument("bundle", type=click.Path(path_type=Path, file_okay=False))
@click.option("--format", "formats", required=True, help=_say("report formats, with commas"))
@click.option(
    "--out",
    "out_folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help=_say("folder to write to"),
)
@click.option("--baseline", type=click.Path(path_type=Path), help=_say("earlier bundle, to show what changed"))
@click.option(
    "--key",
    help=_say("key to seal a PDF with, as of `audit`; else it has no seal"),
)
@click.option("--passphrase-fd", type=int, help=_say("file descriptor that the key's passphrase is read from"))
@lang_option
def render(
    bundle: Path, formats: str, out_folder: Path, baseline: Path | None, key: str | None, passphrase_fd: int | None
) -> int:
    """Render; returns 0. A PDF is sealed only with a key that is named: no throwaway seal on a copy."""
    stored = bundle_files.read(bundle)
    try:
        specs = facts_file.read(stored.files["facts.json"])
        report = decode(Report, stored.files["report.json"])
        observations = evidence_file.read(stored.files["evidence.jsonl"], specs)
    except DecodeError as error:
        raise BundleError(f"{bundle}: {error}") from None
    if out_folder.resolve().is_relative_to(bundle.resolve()):
        raise InputError("a bundle is never written to", place="--out", hint="name a folder outside it")
    view = View(report, observations, specs, load_previous(baseline), stored.files)
    signer = read_signer(key, passphrase_fd) if key else None
    for renderer in plugins.load_renderers(name for name in formats.split(",") if name):
        for name, content in renderer.render(view, lang()):
            path = out_folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if signer and name == PDF_REPORT:
                path.write_bytes(pdf.seal(content, signer, scan.now(), lang()))
            else:
                path.write_bytes(content)
            out(str(path))
    return 0
