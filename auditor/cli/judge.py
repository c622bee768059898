"""`auditor judge`: judge stored evidence again, with no packet sent; leaves a new bundle that names its parent."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from auditor import bundle as bundle_files
from auditor import facts as facts_file
from auditor import plugins, scan
from auditor.audit import Edition, Rules, Scanned, publish
from auditor.bundle import Bundle
from auditor.canonical import DecodeError, decode, encode, sha256
from auditor.cli import console
from auditor.cli.console import out_bytes, words
from auditor.cli.options import key_options, lang_option, out_option, policy_options, read_seals
from auditor.cli.result import finish, load_previous, load_rules
from auditor.errors import BundleError
from auditor.model import FactSpec, Report
from auditor.policy import Answers, load_answers, load_sources, read_answers

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
    rules = load_rules(asked, specs) if asked["policies"] else _own_rules(stored, old, asked, specs)
    # Other policies than the old ones judge every target.
    targets = tuple(replace(t, policies=()) for t in old.targets) if asked["policies"] else old.targets
    previous = load_previous(asked["baseline"])
    scanned = Scanned(
        targets=targets,
        run=old.run,
        evidence=stored.files["evidence.jsonl"],
        specs=specs,
        provenance=tuple(plugin for plugin in old.provenance if plugin.group == plugins.CHECKS),
        agency=old.scope.agency,
        letterhead=old.scope.letterhead,
        parent=sha256(stored.sums),
    )
    edition = Edition(tuple(name for name in asked["formats"].split(",") if name), console.lang(), previous)
    seals = read_seals(asked)
    sealed = publish(
        rules,
        scanned,
        edition,
        out=asked["out"],
        signer=seals.signer,
        at=scan.now(),
        tsa=seals.tsa,
        log=seals.log,
        cosigner=seals.cosigner,
    )
    if asked["as_json"]:
        out_bytes(encode(sealed.report) + b"\n")
    return finish(sealed, fail_on=asked["fail_on"], previous=previous, show=not asked["as_json"])


def _own_rules(stored: Bundle, old: Report, asked: Mapping[str, Any], specs: Mapping[str, FactSpec]) -> Rules:
    """The bundle's own policies; with its own waivers unless others are given, and so with its attestations."""
    sources = {name.removeprefix("policy/"): data for name, data in stored.files.items() if name.startswith("policy/")}
    loaded = load_sources(sources, specs, [policy.id for policy in old.policies])
    policies = tuple(item.policy for item in loaded)
    given = load_answers(asked["waivers"], asked["attestations"], policies)
    kept = read_answers({name: data for name, data in stored.files.items() if name not in given.files}, policies)
    return Rules(
        loaded,
        Answers(given.waivers or kept.waivers, given.attestations or kept.attestations, {**kept.files, **given.files}),
    )
