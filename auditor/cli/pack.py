"""`auditor pack`: a bundle as one file to be sent, encrypted to those who may read it where asked."""

from pathlib import Path

import click

from auditor import archive, scan
from auditor import bundle as bundle_files
from auditor.cli.console import out, words
from auditor.cli.options import lang_option
from auditor.errors import InputError

_say = words().text


@click.command(help=_say("Pack a bundle into one zip file, encrypted to certificates where asked."))
@click.argument("bundle", type=click.Path(path_type=Path, file_okay=False))
@click.option("--out", "file", type=click.Path(path_type=Path, dir_okay=False), help=_say("file to write"))
@click.option(
    "--to",
    "receivers",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help=_say("certificate (PEM) of someone who may read it; may be repeated"),
)
@lang_option
def pack(bundle: Path, file: Path | None, receivers: tuple[Path, ...]) -> int:
    """Pack; returns 0."""
    from auditor.trust import envelope  # noqa: PLC0415 - `auditor --help` must not wait for pyHanko

    stored = bundle_files.read(bundle)
    certificates = envelope.recipients(receivers, scan.now())
    data = archive.pack(stored)
    name = f"{bundle.resolve().name}.zip"
    if certificates:
        data, name = envelope.encrypt(data, certificates), f"{name}.p7m"
    path = file or Path(name)
    if path.resolve().is_relative_to(bundle.resolve()):
        raise InputError("a bundle is never written to", place="--out", hint="name a file outside it")
    with path.open("xb") as stream:
        stream.write(data)
    out(str(path))
    if certificates:
        command = f"openssl cms -decrypt -inform DER -binary -in {path} -recip cert.pem -inkey key.pem -out bundle.zip"
        out(words().text("opened with: {command}", command=command))
    return 0
