"""`auditor judge`: judge stored evidence again, with no packet sent; leaves a new bundle that names its parent."""

from pathlib import Path
from typing import Any

import click

from auditor import bundle as bundle_files
from auditor import facts as facts_file
from auditor import plugins, scan
from auditor.audit import Edition, Scanned, publish
from auditor.canonical import DecodeError, decode, encode, sha256
from auditor.cli import console
from auditor.cli.console import out_bytes, words
from auditor.cli.options import key_options, lang_option, out_option, policy_options, read_signer
from auditor.cli.result import finish, load_previous, load_rules
from auditor.errors import BundleError
from auditor.model import Report

_say = words().text


@click.command(help=_say("Judge the evidence of a bundle again, by the same or other policies; no network."))
@click.argument("bundle", type=click.Path(path_type=Path, file_okay=False))
@policy_options
@out_option
@click.option("--format", "formats", default="html", show_default=True, help=_say("report formats, with commas"))
@lang_option
@key_options
@click.option("--json", "as_json", is_flag=True, help=_say("the JSON report on standard output"))
def judge(**asked: Any) -> int:
    """Re-judge; returns the exit code."""
    stored = bundle_files.read(asked["bundle"])
    try:
        old = decode(Report, stored.files["report.json"])
        # Facts of an older bundle keep the types they were collected under; newer ones are merely not collected.
        specs = {**facts_file.union(plugins.load_checks()), **facts_file.read(stored.files["facts.json"])}
    except DecodeError as error:
        raise BundleError(f"{asked['bundle']}: {error}") from None
    rules = load_rules(asked, specs, default=tuple(policy.id for policy in old.policies))
    previous = load_previous(asked["baseline"])
    scanned = Scanned(
        targets=old.targets,
        run=old.run,
        evidence=stored.files["evidence.jsonl"],
        specs=specs,
        provenance=tuple(plugin for plugin in old.provenance if plugin.group == plugins.CHECKS),
        agency=old.scope.agency,
        parent=sha256(stored.sums),
    )
    edition = Edition(tuple(name for name in asked["formats"].split(",") if name), console.lang(), previous)
    signer = read_signer(asked["key"], asked["passphrase_fd"])
    sealed = publish(rules, scanned, edition, out=asked["out"], signer=signer, at=scan.now())
    if asked["as_json"]:
        out_bytes(encode(sealed.report) + b"\n")
    return finish(sealed, fail_on=asked["fail_on"], previous=previous, show=not asked["as_json"])
