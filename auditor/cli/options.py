"""Options that several commands share, and how their values are read."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from auditor.cli.console import words
from auditor.errors import InputError
from auditor.messages import LANGUAGES
from auditor.model import Severity
from auditor.trust.keys import Signer, describe, ephemeral, load

F = TypeVar("F", bound=Callable[..., Any])

NEVER = "never"
PASSPHRASE_VARIABLE = "AUDITOR_KEY_PASSPHRASE"  # noqa: S105 - the name of a variable


def lang_option(function: F) -> F:
    """`--lang`; its value is read by `console.language` before click starts."""
    text = words().text("language of messages and reports; AUDITOR_LANG sets it for good")
    return click.option("--lang", type=click.Choice(LANGUAGES), expose_value=False, help=text)(function)


def out_option(function: F) -> F:
    """`--out`: the folder that bundles go to."""
    text = words().text("folder for bundles")
    return click.option(
        "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("bundles"), show_default=True, help=text
    )(function)


def policy_options(function: F) -> F:
    """`--policy`, `--waivers`, `--attestations`, `--fail-on`, `--baseline`."""
    say = words().text
    file = click.Path(path_type=Path, dir_okay=False)
    for option in (
        click.option(
            "--baseline", type=click.Path(path_type=Path), help=say("bundle or report.json: only new faults fail")
        ),
        click.option(
            "--fail-on",
            type=click.Choice([*(s.value for s in Severity if s is not Severity.INFO), NEVER]),
            default=Severity.HIGH.value,
            show_default=True,
            help=say("lowest severity whose failure ends with exit code 1"),
        ),
        click.option("--attestations", type=file, help=say("YAML file of answers to manual controls")),
        click.option("--waivers", type=file, help=say("YAML file of approved exceptions")),
        click.option(
            "--policy",
            "policies",
            multiple=True,
            help=say("policy id, YAML file or URL, pinned by #sha256=DIGEST; may be repeated"),
        ),
    ):
        function = option(function)
    return function


def key_options(function: F) -> F:
    """`--key` and `--passphrase-fd`."""
    say = words().text
    function = click.option(
        "--passphrase-fd", type=int, help=say("file descriptor that the key's passphrase is read from")
    )(function)
    return click.option(
        "--key",
        type=click.Path(path_type=Path, dir_okay=False),
        help=say("signing key (PEM); without one the bundle is signed by a throwaway key and is not trusted"),
    )(function)


def read_signer(key: Path | None, passphrase_fd: int | None) -> Signer:
    """The signer for a run. The passphrase comes from a descriptor, the environment, or a prompt; never from argv.

    Raises:
        InputError: the key cannot be used, or the passphrase cannot be read.
    """
    if key is None:
        return ephemeral()
    passphrase = given_passphrase(passphrase_fd)
    if passphrase is not None:
        return load(key, passphrase)
    if str(key).startswith("pkcs11:"):
        raise InputError("tokens are not supported by this version", place="--key", hint="use a key file")
    if not describe(key).encrypted:
        return load(key, None)
    if not sys.stdin.isatty():
        raise InputError(
            "the key is encrypted, and there is no terminal to ask for its passphrase",
            place=str(key),
            hint="give it with --passphrase-fd or in the variable {variable}",
            variable=PASSPHRASE_VARIABLE,
        )
    return load(key, click.prompt(words().text("Passphrase"), hide_input=True, err=True).encode())


def given_passphrase(descriptor: int | None) -> bytes | None:
    """The passphrase from a descriptor, else from the environment, if either has one.

    Raises:
        InputError: the descriptor cannot be read.
    """
    if descriptor is not None:
        return read_passphrase(descriptor)
    known = os.environ.get(PASSPHRASE_VARIABLE)
    return None if known is None else known.encode()


def read_passphrase(descriptor: int) -> bytes:
    """The first line of a file descriptor.

    Raises:
        InputError: not an open descriptor, or nothing on it.
    """
    try:
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            line = file.readline().rstrip(b"\r\n")
    except OSError:
        raise InputError("file descriptor {number} is not open", place="--passphrase-fd", number=descriptor) from None
    if not line:
        raise InputError("nothing was read from file descriptor {number}", place="--passphrase-fd", number=descriptor)
    return line


def read_ca(path: Path) -> tuple[bytes, ...]:
    """The trust anchors of a PEM file, or of every `*.pem` / `*.crt` of a folder.

    Raises:
        InputError: missing, or without a certificate.
    """
    if not path.exists():
        raise InputError("file not found", place=str(path))
    files = sorted(p for p in path.iterdir() if p.suffix in {".pem", ".crt"}) if path.is_dir() else [path]
    found = tuple(data for data in (file.read_bytes() for file in files) if b"BEGIN CERTIFICATE" in data)
    if not found:
        raise InputError("no PEM certificate in it", place=str(path))
    return found
