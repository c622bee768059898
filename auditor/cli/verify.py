"""`auditor verify`: is this bundle genuine, and do its verdicts follow from its evidence?"""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor import scan
from auditor.canonical import encode, sha256
from auditor.cli.console import lang, out, out_bytes, words
from auditor.cli.options import lang_option, read_log_key
from auditor.cli.paper import read_document
from auditor.errors import InputError
from auditor.model import Outcome
from auditor.trust import anchors, cosignature

if TYPE_CHECKING:
    from auditor.verify import Verification

_say = words().text
_MARKS = {Outcome.PASS: ("✓", "green"), Outcome.FAIL: ("✗", "red"), Outcome.UNKNOWN: ("?", "yellow")}


@click.command(
    help=_say(
        "Check signature and digests of a bundle (folder or zip) or a PDF report, and recompute every verdict; "
        "exit code 4 if any fails."
    )
)
@click.argument("bundle", metavar="BUNDLE|ZIP|PDF", type=click.Path(path_type=Path))
@click.option("--trust", type=click.Path(path_type=Path), help=_say("trusted root certificates: PEM file or folder"))
@click.option(
    "--trust-tsa",
    type=click.Path(path_type=Path),
    help=_say("trusted roots of time stamp authorities, where they are not those of --trust"),
)
@click.option(
    "--cosigner",
    "cosigners",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help=_say("public ML-DSA-65 key (mldsa65.pub) that you trust; may be repeated"),
)
@click.option("--log-key", help=_say("key of the transparency log: file log.vkey, or what is in it"))
@click.option(
    "--policy",
    "policies",
    multiple=True,
    type=click.Path(path_type=Path),
    help=_say("policy file (or folder of them) that is known to be right; may be repeated"),
)
@click.option(
    "--original",
    type=click.Path(path_type=Path, exists=True),
    help=_say("bundle or PDF that a renewed or countersigned PDF must begin with"),
)
@click.option("--at", metavar="TIME", help=_say("judge as of this moment (2030-01-31T00:00:00Z) instead of now"))
@click.option("--json", "as_json", is_flag=True, help=_say("the result as JSON"))
@lang_option
def verify(
    bundle: Path,
    trust: Path | None,
    trust_tsa: Path | None,
    cosigners: tuple[Path, ...],
    log_key: str | None,
    policies: tuple[Path, ...],
    original: Path | None,
    at: str | None,
    *,
    as_json: bool,
) -> int:
    """Verify; returns 0 or 4."""
    from auditor import verify as questions  # noqa: PLC0415 - `auditor --help` must not wait for pyHanko

    reader = questions.Reader(
        roots=anchors.load(trust) if trust else (),
        stamp_roots=anchors.load(trust_tsa) if trust_tsa else None,
        log=read_log_key(log_key) if log_key else None,
        cosigners=frozenset(_cosigner(path) for path in cosigners),
        policies=frozenset(sha256(file.read_bytes()) for path in policies for file in _files(path)),
    )
    moment = _moment(at) if at else scan.now()
    if _is_pdf(bundle):
        result = questions.verify_paper(read_document(bundle), reader, moment, lang(), original=original)
    elif original:
        raise InputError("is no PDF", place=str(bundle), hint="--original is for a renewed or countersigned PDF")
    else:
        result = questions.verify(bundle, reader, moment, lang())
    if as_json:
        out_bytes(encode({"genuine": result.genuine, "checks": result.checks, "unproven": result.unproven}) + b"\n")
    else:
        _show(result)
    return 0 if result.genuine else 4


def _cosigner(path: Path) -> str:
    try:
        return cosignature.fingerprint(path.read_bytes())
    except ValueError:
        raise InputError(
            "no public key can be read from it", place=str(path), hint="name the file mldsa65.pub"
        ) from None


def _is_pdf(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return stream.read(5) == b"%PDF-"


def _files(path: Path) -> list[Path]:
    return sorted(path.glob("*.yaml")) if path.is_dir() else [path]


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InputError("is no moment", place="--at", hint="such as 2030-01-31T00:00:00Z") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _show(result: "Verification") -> None:
    say = words().text
    outcomes = {Outcome.PASS: say("good"), Outcome.FAIL: say("BAD"), Outcome.UNKNOWN: say("unknown")}
    first, second = max(map(len, outcomes.values())), max(len(check.title) for check in result.checks)
    for check in result.checks:
        mark, colour = _MARKS[check.outcome]
        head = click.style(f"{mark} {outcomes[check.outcome]:<{first}}", fg=colour) + f"  {check.title:<{second}}"
        out(f"{head}  {check.detail}".rstrip())
    out()
    if result.genuine:
        out(click.style(say("Genuine: signed by a trusted key, complete, and as it was signed."), bold=True))
    else:
        out(click.style(say("NOT proven genuine."), fg="red", bold=True))
    if result.unproven:
        out(say("Not proven by this:"))
    for line in result.unproven:
        out(f"- {line}")
