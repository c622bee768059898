"""`auditor bsre`: signatures and seals of BSrE on a PDF report, in a new file outside its bundle."""

import sys
from pathlib import Path

import click

from auditor.cli.console import out, words
from auditor.cli.options import lang_option, read_passphrase
from auditor.cli.paper import read_document, write_addition
from auditor.errors import InputError
from auditor.trust.bsre import Service, read_account

_say = words().text
_document = click.argument("document", metavar="PDF", type=click.Path(path_type=Path, dir_okay=False))
_file = click.option(
    "--out", "file", required=True, type=click.Path(path_type=Path, dir_okay=False), help=_say("file to write")
)
_account = click.option(
    "--account",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help=_say("YAML file that says where the service is, and who the agency is there"),
)
_reason = click.option("--reason", default="", help=_say("why it is signed, shown by PDF readers"))


@click.group(help=_say("Electronic signatures of BSrE on PDF reports."))
def bsre() -> None:
    """Group of the BSrE commands."""


@bsre.command(help=_say("Whether a person's certificate can sign."))
@click.argument("signer", required=False, metavar="[NIK|EMAIL]")
@_account
@lang_option
def status(signer: str | None, account: Path) -> int:
    """Ask for a person's status."""
    found = read_account(account)
    out(Service(found).status(signer or _signer(found.signer)))
    return 0


@bsre.command(help=_say("Sign a PDF as a person; the passphrase is asked for each time and kept nowhere."))
@_document
@_file
@_account
@_reason
@click.option("--passphrase-fd", type=int, help=_say("file descriptor that the passphrase is read from"))
@lang_option
def sign(document: Path, file: Path, account: Path, reason: str, passphrase_fd: int | None) -> int:
    """Sign as a person; returns 0."""
    data, found = read_document(document), read_account(account)
    signer = _signer(found.signer)
    passphrase = (
        _asked(words().text("Passphrase")) if passphrase_fd is None else read_passphrase(passphrase_fd).decode()
    )
    made = Service(found).sign(data, signer, passphrase, reason or words().text("Approved"))
    return write_addition(document, file, data, made)


@bsre.command(help=_say("Put the agency's seal on a PDF; needs nobody at the keyboard."))
@_document
@_file
@_account
@_reason
@lang_option
def seal(document: Path, file: Path, account: Path, reason: str) -> int:
    """Seal; returns 0."""
    data = read_document(document)
    made = Service(read_account(account)).seal(data, reason or words().text("Seal of the examination report"))
    return write_addition(document, file, data, made)


@bsre.command(help=_say("Ask for the activation of the agency's seal, once."))
@_account
@lang_option
def activate(account: Path) -> int:
    """Activate the seal; returns 0."""
    out(Service(read_account(account)).activate())
    return 0


@bsre.command(help=_say("What the service says of the signatures in a PDF; exit code 4 if any is not good."))
@_document
@_account
@lang_option
def verify(document: Path, account: Path) -> int:
    """Verify by the service; returns 0 or 4."""
    found = Service(read_account(account)).verify(read_document(document))
    say = words().text
    out(f"{_shown(found.conclusion)} {_shown(found.description)}".strip() or say("the service draws no conclusion"))
    for one in found.signatures:
        intact = say("unchanged") if one.intact else say("CHANGED")
        trusted = say("trusted certificate") if one.trusted else say("certificate NOT trusted")
        out(f"{_shown(one.signer)}, {_shown(one.at)}: {intact}, {trusted}")
    return 0 if found.good else 4


def _signer(known: str) -> str:
    return known or _asked(words().text("NIK or e-mail address of the signer"))


def _asked(question: str) -> str:
    if not sys.stdin.isatty():
        raise InputError("there is no terminal to ask: {question}", question=question)
    typed: str = click.prompt(question, hide_input=True, err=True)
    return typed


def _shown(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)[:200]
