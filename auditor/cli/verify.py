"""`auditor verify`: is this bundle genuine, and do its verdicts follow from its evidence?"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor import scan
from auditor.canonical import encode
from auditor.cli.console import lang, out, out_bytes, words
from auditor.cli.options import lang_option
from auditor.model import Outcome
from auditor.trust import anchors

if TYPE_CHECKING:
    from auditor.verify import Verification

_say = words().text
_MARKS = {Outcome.PASS: ("✓", "green"), Outcome.FAIL: ("✗", "red"), Outcome.UNKNOWN: ("?", "yellow")}


@click.command(
    help=_say("Check signature and digests of a bundle and recompute every verdict; exit code 4 if any fails.")
)
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--trust", type=click.Path(path_type=Path), help=_say("trusted root certificates: PEM file or folder"))
@click.option("--json", "as_json", is_flag=True, help=_say("the result as JSON"))
@lang_option
def verify(bundle: Path, trust: Path | None, *, as_json: bool) -> int:
    """Verify; returns 0 or 4."""
    from auditor.verify import verify as verify_bundle  # noqa: PLC0415 - `auditor --help` must not wait for pyHanko

    roots = anchors.load(trust) if trust else ()
    result = verify_bundle(bundle, roots, scan.now(), lang())
    if as_json:
        out_bytes(encode({"genuine": result.genuine, "checks": result.checks, "unproven": result.unproven}) + b"\n")
    else:
        _show(result)
    return 0 if result.genuine else 4


def _show(result: "Verification") -> None:
    for check in result.checks:
        mark, colour = _MARKS[check.outcome]
        line = click.style(f"{mark} ", fg=colour) + check.title
        out(f"{line}: {check.detail}" if check.detail else line)
    say = words().text
    out()
    if result.genuine:
        out(click.style(say("The bundle is genuine: signed by a trusted key, complete, and recomputed."), bold=True))
    else:
        out(click.style(say("The bundle is NOT proven genuine."), fg="red", bold=True))
    if result.unproven:
        out(say("Not proven by this:"))
    for line in result.unproven:
        out(f"- {line}")
