"""`auditor demo`: a weak site and a good one on loopback, audited one after the other. Opens nothing else."""

from dataclasses import replace
from pathlib import Path

import click

from auditor import facts as facts_file
from auditor import plugins, scan
from auditor.audit import Edition, Order, Rules, Scanned, collect, new_run_id, publish
from auditor.cli.console import lang, note, out, words
from auditor.cli.options import lang_option
from auditor.cli.progress import track
from auditor.cli.result import show_report
from auditor.demo.sites import DemoSite, sites
from auditor.model import Run, Target
from auditor.policy import load
from auditor.targets import parse_target, resolve
from auditor.trust import keys

_say = words().text


@click.command(
    help=_say("Audit a weak site and a good one, both started here on loopback; shows what a report looks like.")
)
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo"),
    show_default=True,
    help=_say("folder for keys and bundles"),
)
@click.option("--quiet", is_flag=True, help=_say("no progress"))
@lang_option
def demo(folder: Path, *, quiet: bool) -> int:  # fmt: skip
    """Run the demo; returns 0 when both audits were made, whatever they found."""
    say = words().text
    key_folder = folder / "keys"
    if not (key_folder / "key.pem").exists():
        keys.create(key_folder, "Demo auditor", None)
    signer = keys.load(key_folder / "key.pem", None)
    checks = plugins.load_checks()
    specs = facts_file.union(checks)
    rules = Rules((load("baseline", specs),))
    bundles = []
    with sites() as running:
        for title, site in ((say("The weak site"), running.weak), (say("The good site"), running.good)):
            out(click.style(f"\n{title}: {site.url}\n", bold=True))
            at = scan.now()
            target = _target(site)
            order = Order((target,), checks, roots=(running.root,))
            done = track(collect(order), order, site.host, quiet=quiet)
            evidence = b"".join(lines for _, lines in done)
            scanned = Scanned(
                targets=(target,),
                run=Run(at, scan.now(), None),
                evidence=evidence,
                specs=specs,
                provenance=tuple(check.plugin for check in checks),
                agency=say("Demo on loopback"),
                identity=f"{new_run_id(at)}-{site.host.partition('.')[0]}",
            )
            sealed = publish(rules, scanned, Edition(lang=lang()), out=folder, signer=signer, at=scan.now())
            show_report(sealed.view)
            bundles.append(sealed.bundle.path)
    out(click.style("\n" + say("Two signed reports were made:"), bold=True))
    for path in bundles:
        out(f"  {path / 'report.html'}")
    out(say("Verify one:"))
    out(f"  auditor verify {bundles[0]} --trust {key_folder / 'root.pem'}")
    note(say("Both sites were on this machine and are stopped again."))
    return 0


def _target(site: DemoSite) -> Target:
    named = replace(parse_target(site.url), connect=site.connect, connect_http=site.connect_http)
    return resolve(named, None, None)
