"""Options that several commands share, and how their values are read."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import click

from auditor.cli.console import system_problem, words
from auditor.errors import InputError
from auditor.messages import LANGUAGES
from auditor.model import Severity
from auditor.targets import read_roots
from auditor.trust.cosignature import Cosigner
from auditor.trust.cosignature import load as load_cosigner
from auditor.trust.keys import Signer, ephemeral, is_encrypted, load, parse
from auditor.trust.log import load as load_log
from auditor.trust.note import NoteError, Verifier, verifier

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
    """`--key`, `--passphrase-fd`, `--tsa`, `--log`: what a bundle is sealed with."""
    say = words().text
    folder = click.Path(path_type=Path, file_okay=False)
    for option in (
        click.option(
            "--cosigner",
            type=click.Path(path_type=Path, dir_okay=False),
            help=say("ML-DSA-65 key that signs beside --key, against quantum computers"),
        ),
        click.option("--log", type=folder, help=say("folder of the transparency log that the report is entered in")),
        click.option("--tsa", default="", metavar="URL", help=say("time stamp authority (RFC 3161)")),
        click.option(
            "--passphrase-fd", type=int, help=say("file descriptor that the key's passphrase or PIN is read from")
        ),
        click.option(
            "--key",
            help=say(
                "signing key: PEM or PKCS#12 file, pkcs11: URI of a token, or env:NAME of a variable; "
                "without one the bundle is signed by a throwaway key and is not trusted"
            ),
        ),
    ):
        function = option(function)
    return function


@dataclass(frozen=True, slots=True)
class Seals:
    """What a bundle is to be sealed with; every part of it was found usable."""

    signer: Signer
    tsa: str
    log: Path | None
    cosigner: Cosigner | None


def read_seals(asked: Mapping[str, Any]) -> Seals:
    """What `key_options` name, before any work is done.

    Raises:
        InputError: the key, the authority's URL or the log cannot be used.
    """
    if asked["log"]:
        load_log(asked["log"])
    if asked["cosigner"] and not asked["key"]:
        raise InputError("needs --key: an ML-DSA signature is never the only one", place="--cosigner")
    signer = read_signer(asked["key"], asked["passphrase_fd"])
    return Seals(signer, authority_url(asked["tsa"]), asked["log"], _read_cosigner(asked["cosigner"]))


def _read_cosigner(path: Path | None) -> Cosigner | None:
    """The ML-DSA-65 key; its passphrase is asked for, or that of the environment."""
    if path is None:
        return None
    return load_cosigner(path, _secret(None, place=str(path)) if is_encrypted(path) else None)


def authority_url(url: str) -> str:
    """The URL as given, if an authority can be there; nothing stays nothing.

    Raises:
        TimeStampError: it cannot be one.
    """
    if url:
        from auditor.trust.timestamp import require_url  # noqa: PLC0415 - `--help` must not wait for pyHanko

        require_url(url)
    return url


def read_signer(key: str | None, passphrase_fd: int | None) -> Signer:
    """The signer for a run. The passphrase comes from a descriptor, the environment, or a prompt; never from argv.

    Raises:
        InputError: the key cannot be used, or the passphrase cannot be read.
    """
    if not key:
        return ephemeral()
    if key.startswith("env:"):
        return _from_environment(key.removeprefix("env:"), passphrase_fd)
    if key.startswith("pkcs11:"):
        from auditor.trust.keys import token  # noqa: PLC0415 - most have none

        signer = token.load(key, lambda: _secret(passphrase_fd, place=key.partition("?")[0], asked="PIN"))
        return replace(signer, ci=passphrase_fd is None and _in_environment())
    path = Path(key)
    protected = is_encrypted(path)
    passphrase = _secret(passphrase_fd, place=key) if protected else None
    signer = load(path, passphrase)
    return replace(signer, ci=True) if protected and passphrase_fd is None and _in_environment() else signer


def _from_environment(name: str, passphrase_fd: int | None) -> Signer:
    data = os.environ.get(name, "").encode()
    if not data:
        raise InputError("the variable {name} is empty", place="--key", name=name)
    return parse(data, _secret(passphrase_fd, place=f"env:{name}") if b"ENCRYPTED" in data else None, f"env:{name}")


def _in_environment() -> bool:
    return PASSPHRASE_VARIABLE in os.environ


def _secret(passphrase_fd: int | None, *, place: str, asked: str = "") -> bytes:
    """A passphrase or PIN, asked for where nothing else gives it."""
    given = given_passphrase(passphrase_fd)
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise InputError(
            "the key is encrypted, and there is no terminal to ask for its passphrase",
            place=place,
            hint="give it with --passphrase-fd or in the variable {variable}",
            variable=PASSPHRASE_VARIABLE,
        )
    typed: str = click.prompt(asked or words().text("Passphrase"), hide_input=True, err=True)
    return typed.encode()


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


_SHORTEST_KEY = 32


def read_hmac_key(path: Path) -> bytes:
    """The key of the tags in `--hmac-key`: all bytes of the file, a line end behind them aside.

    Raises:
        InputError: missing, unreadable, or too short to resist guessing.
    """
    try:
        key = path.read_bytes().rstrip(b"\r\n")
    except OSError:
        raise InputError("file not found, or not readable", place="--hmac-key") from None
    if len(key) < _SHORTEST_KEY:
        raise InputError(
            "the key is shorter than {least} bytes",
            place="--hmac-key",
            hint="make one with: openssl rand -hex 32",
            least=_SHORTEST_KEY,
        )
    return key


def read_log_key(given: str) -> Verifier:
    """The key of a transparency log: what `--log-key` names, a file or the line itself.

    Raises:
        InputError: no such key.
    """
    try:
        return verifier(given if "+" in given else Path(given).read_text("utf-8"))
    except (NoteError, UnicodeDecodeError):
        raise InputError("is no key of a log", place="--log-key", hint="name the file log.vkey") from None


def read_ca(path: Path) -> tuple[bytes, ...]:
    """The trust anchors of a PEM or DER file, or of every such file of a folder.

    Raises:
        InputError: missing, unreadable, or without a certificate.
    """
    if not path.exists():
        raise InputError("file not found", place=str(path))
    try:
        return read_roots(path)
    except OSError as problem:
        raise InputError("{problem}", place=str(path), problem=system_problem(problem)) from None
    except ValueError:
        raise InputError("no certificate in it", place=str(path)) from None
