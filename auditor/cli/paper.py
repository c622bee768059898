"""`auditor renew`, `auditor countersign`: what may be added to a sealed PDF, in a new file outside its bundle."""

from pathlib import Path

import click

from auditor import scan
from auditor.cli.console import out, words
from auditor.cli.options import authority_url, lang_option, read_signer
from auditor.errors import BundleError, InputError

_say = words().text
_document = click.argument("document", metavar="PDF", type=click.Path(path_type=Path, dir_okay=False))
_file = click.option(
    "--out", "file", required=True, type=click.Path(path_type=Path, dir_okay=False), help=_say("file to write")
)
_tsa = click.option("--tsa", default="", metavar="URL", help=_say("time stamp authority (RFC 3161)"))
_CAP = 512 * 1024 * 1024


@click.command(
    help=_say("Put a new time stamp on a sealed PDF before the certificate of the last one expires; writes a new file.")
)
@_document
@_file
@_tsa
@lang_option
def renew(document: Path, file: Path, tsa: str) -> int:
    """Renew; returns 0."""
    from auditor.trust import pdf  # noqa: PLC0415 - `auditor --help` must not wait for pyHanko
    from auditor.trust.timestamp import Authority  # noqa: PLC0415

    if not tsa:
        raise InputError("is missing", place="--tsa")
    data = read_document(document)
    made = pdf.renew(data, Authority(authority_url(tsa)), scan.now())
    return write_addition(document, file, data, made)


@click.command(help=_say("Sign a sealed PDF once more, as an official; writes a new file."))
@_document
@_file
@click.option("--key", required=True, help=_say("the official's key, as of `audit`"))
@click.option("--passphrase-fd", type=int, help=_say("file descriptor that the key's passphrase or PIN is read from"))
@click.option("--reason", default="", help=_say("why it is signed, shown by PDF readers"))
@_tsa
@lang_option
def countersign(document: Path, file: Path, key: str, passphrase_fd: int | None, reason: str, tsa: str) -> int:
    """Countersign; returns 0."""
    from auditor.trust import pdf  # noqa: PLC0415 - `auditor --help` must not wait for pyHanko
    from auditor.trust.timestamp import Authority  # noqa: PLC0415

    data = read_document(document)
    signer = read_signer(key, passphrase_fd)
    authority = Authority(tsa) if authority_url(tsa) else None
    made = pdf.countersign(data, signer, scan.now(), reason or words().text("Approved"), authority)
    return write_addition(document, file, data, made)


def read_document(path: Path) -> bytes:
    """The bytes of a PDF, up to a cap.

    Raises:
        InputError: no PDF.
    """
    with path.open("rb") as stream:
        data = stream.read(_CAP)
    if not data.startswith(b"%PDF-"):
        raise InputError("is no PDF", place=str(path))
    return data


def write_addition(document: Path, file: Path, original: bytes, made: bytes) -> int:
    """Write what was made of a document, never over it nor into a bundle, and only if it begins with it.

    Raises:
        InputError: the file is in a bundle; BundleError: what was made does not begin with the original.
    """
    if any((folder / "SHA256SUMS").exists() for folder in file.resolve().parents):
        raise InputError("a bundle is never written to", place="--out", hint="name a file outside it")
    if not made.startswith(original) or len(made) == len(original):
        raise BundleError("does not begin with the document that was to be added to", place=str(document))
    with file.open("xb") as stream:
        stream.write(made)
    out(str(file))
    return 0
