"""`auditor audit`: scan, judge, report, sign."""

import contextlib
import resource
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from auditor import facts as facts_file
from auditor import plugins, scan
from auditor.audit import Edition, Order, Rules, Scanned, Sealed, collect, kept, new_run_id, publish
from auditor.canonical import encode, format_time, parse_time, sha256
from auditor.cli import budget, console
from auditor.cli.confided import Confided
from auditor.cli.console import note, out, out_bytes, words
from auditor.cli.mirror import fetched
from auditor.cli.options import (
    key_options,
    lang_option,
    out_option,
    policy_options,
    read_ca,
    read_hmac_key,
    read_seals,
)
from auditor.cli.progress import track
from auditor.cli.result import DEFAULT_POLICY, finish, load_previous, load_rules
from auditor.errors import InputError, KeyFileError, LogError, TimeStampError
from auditor.journal import Journal
from auditor.mask import Masker
from auditor.model import MOST_PAGES, FactSpec, Level, Run, Target
from auditor.net import CONVERSATIONS, Limits
from auditor.net.crawl import USUAL, WIDE
from auditor.plugins import Check
from auditor.policy import load
from auditor.targets import Inventory, load_inventory, parse_endpoint, parse_target, read_authorisation, resolve

_say = words().text


@click.command(help=_say("Scan sites, judge what was seen, and leave a signed bundle."))
@click.argument("targets", nargs=-1, metavar="TARGET...")
@click.option("--inventory", type=click.Path(path_type=Path, dir_okay=False), help=_say("sites: YAML, CSV or XLSX"))
@policy_options
@out_option
@click.option("--format", "formats", default="html", show_default=True, help=_say("report formats, with commas"))
@lang_option
@click.option("--level", type=click.Choice([level.value for level in Level]), help=_say("highest level to run"))
@click.option("--authorisation", help=_say("authorisation: YAML file, or the letter's number"))
@click.option("--only", default="", help=_say("run only these checks, with commas"))
@click.option("--without", default="", help=_say("leave out these checks, with commas"))
@key_options
@click.option("--resume", metavar="RUN", help=_say("go on with an interrupted run"))
@click.option("--connect", metavar="HOST:PORT", help=_say("where the https socket goes instead of the URL's host"))
@click.option("--connect-http", metavar="HOST:PORT", help=_say("where the plain-http socket goes"))
@click.option("--ca", type=click.Path(path_type=Path), help=_say("further trusted roots: a file or folder, PEM or DER"))
@click.option("--resolver", metavar="IP[:PORT]", help=_say("DNS resolver to ask instead of the system's"))
@click.option(
    "--hmac-key",
    type=click.Path(path_type=Path, dir_okay=False),
    help=_say("key that personal data are tagged with, so that runs can be compared; by default a new one each run"),
)
@click.option(
    "--owner-certificate",
    "owners",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help=_say("certificate (PEM) of the owner: what leaks is also written whole, encrypted to it; may be repeated"),
)
@click.option("--rate", type=click.IntRange(1, 1000), help=_say("HTTP requests a second to one address"))
@click.option(
    "--pages",
    type=click.IntRange(1, MOST_PAGES),
    help=_say(
        "requests of the crawl of one site; by default {usual}, at a local address without --rate {wide}",
        usual=USUAL,
        wide=WIDE,
    ),
)
@click.option("--jobs", type=click.IntRange(1, 256), default=16, show_default=True, help=_say("sites at the same time"))
@click.option(
    "--connections",
    type=click.IntRange(1, 64),
    default=CONVERSATIONS,
    show_default=True,
    help=_say("short TLS handshakes at the same time with one host"),
)
@click.option(
    "--timeout",
    type=click.FloatRange(0.1, 600),
    default=Limits().exchange,
    show_default=True,
    help=_say("seconds for one exchange"),
)
@click.option(
    "--deadline",
    type=click.FloatRange(1, 3600),
    default=Limits().target,
    show_default=True,
    help=_say("seconds for one site and as many for its crawl, not counting its wait for others on the same address"),
)
@click.option("--dry-run", is_flag=True, help=_say("show what would be requested, and stop"))
@click.option("--quiet", is_flag=True, help=_say("no progress"))
@click.option("--json", "as_json", is_flag=True, help=_say("the JSON report on standard output"))
@click.pass_context
def audit(ctx: click.Context, /, **given: Any) -> int:  # fmt: skip
    """Scan, judge, report, seal; returns the exit code."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core would hold the pages that were read
    journal = Journal.open(given["out"], given["resume"]) if given["resume"] else None
    asked = _resumed(ctx, journal, given) if journal else given
    at = scan.now()
    plan = _plan(asked, at)
    if asked["dry_run"]:
        _show_budget(plan)
        return 0
    seals = read_seals(asked)
    confided = Confided(tuple(map(Path, asked["owners"])))
    if confided.certificates:
        confided.check()
        plan = replace(plan, order=replace(plan.order, confide=confided.take))
    previous = load_previous(asked["baseline"])
    if journal is None:
        journal = Journal.create(asked["out"], new_run_id(at), _options(asked, plan.order, at))
    elif journal.options["targets"] != _targets_digest(plan.order.targets):
        raise InputError("the targets have changed since run {run} was started", place="--resume", run=journal.run)
    evidence = _collect(plan.order, journal, quiet=asked["quiet"])
    run = Run(
        started=parse_time(journal.options["started"]),
        finished=scan.now(),
        requested=Level(asked["level"]) if asked["level"] else None,
        only=_names(asked["only"]),
        without=_names(asked["without"]),
    )
    if len(evidence) < len(plan.order.targets):
        return _interrupted(journal, len(evidence), len(plan.order.targets))
    scanned = Scanned(
        targets=plan.order.targets,
        run=run,
        evidence=b"".join(evidence[target.url] for target in plan.order.targets),
        specs=plan.specs,
        provenance=tuple(check.plugin for check in plan.order.checks),
        agency=plan.agency,
        letterhead=plan.letterhead,
        identity=journal.run,
    )
    edition = Edition(_names(asked["formats"]), console.lang(), previous)
    try:
        sealed = publish(
            plan.rules,
            scanned,
            edition,
            out=asked["out"],
            signer=seals.signer,
            at=scan.now(),
            tsa=seals.tsa,
            log=seals.log,
            cosigner=seals.cosigner,
        )
    except (TimeStampError, LogError, KeyFileError):
        _say_resume(journal)  # what was scanned is not lost
        raise
    journal.close()
    if confided.certificates:
        confided.write(asked["out"], journal.run)
    return _finish(sealed, asked, previous)


def _finish(sealed: Sealed, asked: Mapping[str, Any], previous: Any) -> int:
    if asked["as_json"]:
        out_bytes(encode(sealed.report) + b"\n")
    return finish(sealed, fail_on=asked["fail_on"], previous=previous, show=not asked["as_json"])


@dataclass(frozen=True, slots=True)
class _Plan:
    order: Order
    rules: Rules
    specs: dict[str, FactSpec]
    agency: str
    letterhead: tuple[str, ...]


def _plan(asked: Mapping[str, Any], at: datetime) -> _Plan:
    """Everything that can be wrong with the input comes out here, before anything is sent."""
    inventory = load_inventory(asked["inventory"], at) if asked["inventory"] else None
    targets = _targets(asked, inventory, at)
    checks = plugins.load_checks()
    specs = facts_file.union(checks)
    chosen = _choose(checks, asked)
    roots = read_ca(asked["ca"]) if asked["ca"] else inventory.roots if inventory else ()
    plugins.load_renderers(_names(asked["formats"]))
    targets, rules = _with_policies(asked, targets, specs)
    order = Order(
        targets=targets,
        checks=chosen,
        roots=roots,
        resolver=parse_endpoint(asked["resolver"], place="--resolver", port=53) if asked["resolver"] else None,
        limits=Limits(exchange=asked["timeout"], target=asked["deadline"]),
        jobs=asked["jobs"],
        masker=Masker(read_hmac_key(asked["hmac_key"]) if asked["hmac_key"] else None),
        conversations=asked["connections"],
    )
    return _Plan(order, rules, specs, inventory.agency if inventory else "", inventory.letterhead if inventory else ())


def _with_policies(
    asked: Mapping[str, Any], targets: tuple[Target, ...], specs: Mapping[str, FactSpec]
) -> tuple[tuple[Target, ...], Rules]:
    """What each target is judged by: what `--policy` says, else what its inventory says, else the baseline."""
    if asked["policies"]:
        return tuple(replace(target, policies=()) for target in targets), load_rules(asked, specs)
    folder = asked["inventory"].parent if asked["inventory"] else Path()
    own = [tuple(_place(name, folder) for name in target.policies) or (DEFAULT_POLICY,) for target in targets]
    references = tuple(dict.fromkeys(reference for named in own for reference in named))
    with fetched(references) as files:
        rules = load_rules({**asked, "policies": files}, specs)
        ids = dict(zip(references, (load(file, specs).policy.id for file in files), strict=True))
    judged = [tuple(ids[reference] for reference in named) for named in own]
    return tuple(replace(t, policies=named) for t, named in zip(targets, judged, strict=True)), rules


def _place(reference: str, folder: Path) -> str:
    """A policy that an inventory names by file lies relative to the inventory."""
    named_by_file = reference.partition("#")[0].endswith((".yaml", ".yml")) and "://" not in reference
    return str(folder / reference) if named_by_file else reference


def _targets(asked: Mapping[str, Any], inventory: Inventory | None, at: datetime) -> tuple[Target, ...]:
    """Every site asked for, each with the level that may run on it."""
    connect = parse_endpoint(asked["connect"], place="--connect") if asked["connect"] else None
    plain = parse_endpoint(asked["connect_http"], place="--connect-http") if asked["connect_http"] else None
    named = [parse_target(text) for text in asked["targets"]]
    if (connect or plain) and (inventory or len(named) != 1):
        raise InputError("needs exactly one TARGET", place="--connect", hint="an inventory names it per target")
    if not named and inventory is None:
        raise InputError("nothing to scan", place="auditor audit", hint="name a TARGET or --inventory FILE")
    targets = [replace(target, connect=connect, connect_http=plain) for target in named]
    requested = Level(asked["level"]) if asked["level"] else None
    authorisation = read_authorisation(asked["authorisation"], at) if asked["authorisation"] else None
    resolved = [resolve(target, authorisation, requested) for target in targets]
    if inventory:
        resolved += [resolve(t, authorisation or t.authorisation, requested or t.requested) for t in inventory.targets]
    if asked["rate"]:
        resolved = [replace(target, rate=asked["rate"]) for target in resolved]
    if asked["pages"]:
        resolved = [replace(target, pages=asked["pages"]) for target in resolved]
    _refuse_twins(resolved)
    return tuple(resolved)


def _refuse_twins(targets: list[Target]) -> None:
    seen: set[str] = set()
    for target in targets:
        if target.url in seen:
            raise InputError("{url} is asked for twice", url=target.url)
        seen.add(target.url)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _choose(checks: tuple[Check, ...], asked: Mapping[str, Any]) -> tuple[Check, ...]:
    known = {check.name for check in checks}
    for option in ("only", "without"):
        for name in _names(asked[option]):
            if name not in known:
                raise InputError(
                    "no check {name}", place=f"--{option}", hint="there are: {known}",
                    name=repr(name), known=", ".join(sorted(known)),
                )  # fmt: skip
    return scan.choose(checks, _names(asked["only"]), _names(asked["without"]))


def _collect(order: Order, journal: Journal, *, quiet: bool) -> dict[str, bytes]:
    """Evidence by URL; of fewer targets than asked for when the operator interrupted."""
    evidence: dict[str, bytes] = {}
    with contextlib.suppress(KeyboardInterrupt):
        saved = len(kept(order, journal))
        done = collect(order, journal)
        for target, lines in track(done, order, words().text("Scanning"), saved=saved, quiet=quiet):
            evidence[target.url] = lines
    return evidence


def _interrupted(journal: Journal, done: int, total: int) -> int:
    say = words().text
    note(say("interrupted; {done} of {total} sites are done and saved", done=done, total=total))
    _say_resume(journal)
    return 130


def _say_resume(journal: Journal) -> None:
    say = words().text
    note(say("go on with: auditor audit --out {out} --resume {run}", out=journal.path.parent.parent, run=journal.run))


def _show_budget(plan: _Plan) -> None:
    say = words().text
    for line in budget.lines(plan.order.targets, plan.order.checks, plan.order.jobs):
        out(line)
    out(say("checks: {names}", names=", ".join(check.name for check in plan.order.checks)))
    policies = ", ".join(f"{loaded.policy.id} {loaded.policy.version}" for loaded in plan.rules.policies)
    out(say("policies: {names}", names=policies))


# What a resumed run needs is kept as the options were given; where the bundle goes and who watches may differ.
_NOT_KEPT = frozenset({"out", "resume", "quiet", "dry_run", "as_json", "passphrase_fd"})


def _options(asked: Mapping[str, Any], order: Order, at: datetime) -> dict[str, Any]:
    kept = {
        name: [str(v) for v in value]
        if isinstance(value, tuple)
        else str(value)
        if isinstance(value, Path | float)
        else value
        for name, value in asked.items()
        if name not in _NOT_KEPT
    }
    return {"targets": _targets_digest(order.targets), "started": format_time(at), "asked": kept}


def _targets_digest(targets: tuple[Target, ...]) -> str:
    return sha256(encode(targets))


def _resumed(ctx: click.Context, journal: Journal, given: Mapping[str, Any]) -> dict[str, Any]:
    """The options of the interrupted run, except those given anew."""
    asked = dict(given)
    kept = journal.options["asked"]
    for parameter in ctx.command.params:
        name = parameter.name or ""
        if name in kept and ctx.get_parameter_source(name) is ParameterSource.DEFAULT:
            asked[name] = parameter.type_cast_value(ctx, kept[name])
    return asked
