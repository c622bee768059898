"""`auditor keys`: make and look at signing keys."""

import sys
from pathlib import Path

import click

from auditor.cli.console import note, out, words
from auditor.cli.options import PASSPHRASE_VARIABLE, given_passphrase, lang_option
from auditor.errors import InputError
from auditor.trust import cosignature
from auditor.trust import keys as key_files

_say = words().text


@click.group(help=_say("Signing keys."))
def keys() -> None:
    """Group of the key commands."""


@keys.command(help=_say("Make a signing key: key.pem (yours alone), cert.pem, and root.pem to give to reviewers."))
@click.option(
    "--out", "folder", type=click.Path(path_type=Path, file_okay=False), required=True, help=_say("folder to write to")
)
@click.option("--name", default="auditor", show_default=True, help=_say("name in the certificate, e.g. the agency's"))
@click.option("--passphrase-fd", type=int, help=_say("file descriptor that the passphrase is read from"))
@click.option("--no-passphrase", is_flag=True, help=_say("leave the key unencrypted"))
@click.option(
    "--post-quantum",
    is_flag=True,
    help=_say("an ML-DSA-65 key that signs beside another one: mldsa65.pem and mldsa65.pub"),
)
@click.option("--receiving", is_flag=True, help=_say("a key that others encrypt to, not one to sign with"))
@lang_option
def create(
    folder: Path, name: str, passphrase_fd: int | None, *, no_passphrase: bool, receiving: bool, post_quantum: bool
) -> int:
    """Create a key."""
    if no_passphrase and passphrase_fd is not None:
        raise click.UsageError(words().text("--passphrase-fd and --no-passphrase exclude each other"))
    passphrase = None if no_passphrase else given_passphrase(passphrase_fd) or _new_passphrase()
    if post_quantum:
        private, public = cosignature.create(folder, passphrase)
        say = words().text
        out(say("{path}: the private key; keep it, show it to nobody", path=private))
        out(say("{path}: its public half; give it to those who verify, by another way than the reports", path=public))
        return 0
    made = key_files.create(folder, name, passphrase, receiving=receiving)
    say = words().text
    out(say("{path}: the private key; keep it, show it to nobody", path=made.key))
    out(say("{path}: its certificate", path=made.certificate))
    out(say("sha256 of the certificate: {digest}", digest=made.fingerprint))
    out(say("{path}: the root; give it to those who verify, by another way than the reports", path=made.root))
    return 0


def _new_passphrase() -> bytes:
    if not sys.stdin.isatty():
        raise InputError(
            "there is no terminal to ask for a passphrase",
            place="auditor keys create",
            hint="give it with --passphrase-fd or in the variable {variable}, or none with --no-passphrase",
            variable=PASSPHRASE_VARIABLE,
        )
    say = words().text
    while True:
        typed: str = click.prompt(say("Passphrase"), hide_input=True, err=True)
        if click.prompt(say("Once more"), hide_input=True, err=True) == typed:
            return typed.encode()
        note(say("the two are not the same"))


@keys.command(help=_say("What a key file holds; never the key itself."))
@click.argument("key")
@click.option(
    "--passphrase-fd", type=int, help=_say("file descriptor that the passphrase of a PKCS#12 file is read from")
)
@lang_option
def show(key: str, passphrase_fd: int | None) -> int:
    """Describe a key."""
    if key.startswith("pkcs11:"):
        from auditor.trust.keys import token  # noqa: PLC0415 - most have none

        found = token.describe(key)
    else:
        found = key_files.describe(Path(key), given_passphrase(passphrase_fd))
    say = words()
    encrypted = {True: say.text("yes"), False: say.text("no"), None: say.text("no private key in this file")}
    for name, value in (
        (say.text("subject"), found.subject),
        (say.text("issuer"), found.issuer),
        (say.text("algorithm"), found.algorithm),
        (say.text("sha256 of the certificate"), found.fingerprint),
        (say.text("valid from"), say.date(found.not_before)),
        (say.text("valid until"), say.date(found.not_after)),
        (say.text("encrypted"), encrypted[found.encrypted]),
    ):
        out(f"{name}: {value}")
    return 0
