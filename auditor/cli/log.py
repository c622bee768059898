"""`auditor log`: the transparency log of issued reports."""

from pathlib import Path

import click

from auditor.canonical import encode, sha256
from auditor.cli.console import fail, out, out_bytes, words
from auditor.cli.options import lang_option, read_log_key
from auditor.errors import InputError, LogError
from auditor.trust import log as logs
from auditor.trust import note
from auditor.trust.note import Checkpoint, NoteError

_say = words().text
_folder = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
_CAP = 64 * 1024


@click.group(help=_say("The transparency log of issued reports: nobody can quietly take one back."))
def log() -> None:
    """Group of the log commands."""


@log.command(help=_say("Make an empty log with a key of its own; hand log.vkey to those who verify."))
@_folder
@click.option("--name", required=True, help=_say("name of the log, such as log.contoh.go.id"))
@lang_option
def create(folder: Path, name: str) -> int:
    """Create a log."""
    made = logs.create(folder, name)
    out(words().text("{path}: the log's key; give it to those who verify", path=folder / "log.vkey"))
    out(str(made.verifier))
    return 0


@log.command(help=_say("What is in a log: its checkpoint, and every report in it."))
@_folder
@lang_option
def show(folder: Path) -> int:
    """Show a log."""
    found = logs.load(folder)
    out(found.checkpoint.decode())
    for number, entry in enumerate(found.entries[: found.signed.size], 1):
        out(f"{number:>6}  {entry.digest.hex()}  {entry.name}")
    return 0


@log.command(help=_say("Prove that a report is in the log, under its newest checkpoint: JSON on standard output."))
@_folder
@click.argument("report", metavar="BUNDLE|DIGEST|ID")
@lang_option
def prove(folder: Path, report: str) -> int:
    """Print an inclusion proof with its checkpoint."""
    found = logs.load(folder)
    proof = found.inclusion(_digest(found, report))
    document = {"checkpoint": found.checkpoint.decode(), "inclusion": proof}
    out_bytes(encode(document) + b"\n")
    return 0


def _digest(found: logs.Log, report: str) -> bytes:
    sums = Path(report) / "SHA256SUMS"
    if sums.is_file():
        return bytes.fromhex(sha256(sums.read_bytes()))
    for entry in found.entries:
        if report in (entry.digest.hex(), entry.name):
            return entry.digest
    raise LogError("holds no such report", place=str(found.folder))


@log.command(
    help=_say("Check a log: its entries are those its checkpoint is over, and older checkpoints are its beginning; "
              "exit code 4 if not.")
)  # fmt: skip
@_folder
@click.option(
    "--from",
    "olds",
    multiple=True,
    type=click.Path(path_type=Path),
    help=_say("older checkpoint: file, bundle, or the text of a printed QR code in a file; may be repeated"),
)
@click.option("--log-key", help=_say("key of the transparency log: file log.vkey, or what is in it"))
@lang_option
def verify(folder: Path, olds: tuple[Path, ...], log_key: str | None) -> int:
    """Verify a log; returns 0 or 4."""
    say = words().text
    try:
        found = _opened(folder, log_key)
        out(say("{n} entries, as the checkpoint was signed over", n=found.signed.size))
        for place in olds:
            old = _checkpoint(place, found)
            found.consistency(old)
            out(say("{path}: its {n} entries are the beginning of the log", path=place, n=old.size))
    except LogError as error:
        fail(error)
        return 4
    if not olds:
        out(say("no older checkpoint was given with --from: whether history was rewritten is not proven"))
    return 0


def _opened(folder: Path, log_key: str | None) -> logs.Log:
    found = logs.load(folder)
    if log_key and read_log_key(log_key) != found.verifier:
        raise LogError("the log has another key than the one given", place=str(folder))
    return found


def _checkpoint(place: Path, found: logs.Log) -> Checkpoint:
    file = place / logs.CHECKPOINT if place.is_dir() else place
    if not file.is_file():
        raise InputError("file not found", place=str(file))
    with file.open("rb") as stream:
        data = stream.read(_CAP)
    try:
        return note.opened(data.rstrip(b"\r\n ") + b"\n", found.verifier)
    except NoteError as error:
        raise LogError("{problem}", place=str(file), problem=str(error)) from None
