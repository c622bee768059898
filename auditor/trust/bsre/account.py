"""The agency's account at the e-Sign service, from a YAML file. No secret stands in it.

schema: 1
url: https://esign.contoh.go.id
version: 2                       # 1 or 2, of the service's interface
user: diskominfo                 # of the agency (HTTP Basic)
password: env:BSRE_PASSWORD      # or file:password.txt, mode 0600
signer: "199001012020121001"     # NIK or e-mail of who signs; asked for where left out
subscriber: "abc-123"            # of the agency's seal
totp: seal.totp                  # where the seal's next one-time code is kept, mode 0600
ca: root.pem                     # further root for the service's certificate
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from auditor import source
from auditor.errors import BsreError
from auditor.source import Node

_CAP = 4096


@dataclass(frozen=True, slots=True)
class Account:
    """Where the service is, and who the agency is there."""

    url: str
    version: int
    user: str
    password: str = field(repr=False)
    signer: str = field(default="", repr=False)
    subscriber: str = ""
    totp: Path | None = None
    ca: Path | None = None


def read_account(path: Path) -> Account:
    """The account in a file.

    Raises:
        BsreError: unreadable, incomplete, with a password in clear, or one that others may read.
    """
    node = source.read(path, error=BsreError)
    entries = node.entries("schema", "url", "version", "user", "password", "signer", "subscriber", "totp", "ca")
    entries.need("schema", source.schema_one)

    def beside(one: Node) -> Path:
        return path.parent / one.text()

    return Account(
        url=entries.need("url", _url),
        version=entries.get("version", _version, 2),
        user=entries.need("user", Node.text),
        password=entries.need("password", lambda one: _secret(one, path.parent)),
        signer=entries.get("signer", Node.text, ""),
        subscriber=entries.get("subscriber", Node.text, ""),
        totp=entries.get("totp", beside, None),
        ca=entries.get("ca", beside, None),
    )


def _version(node: Node) -> int:
    if node.integer() not in (1, 2):
        raise node.error("version is 1 or 2")
    return node.integer()


def _url(node: Node) -> str:
    parts = urlsplit(node.text())
    local = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1")
    if not (parts.scheme == "https" or local) or not parts.hostname or parts.username or parts.query:
        raise node.error("the service's URL must be https://...")
    return node.text().rstrip("/")


def _secret(node: Node, folder: Path) -> str:
    """The password that the file points to."""
    kind, _, name = node.text().partition(":")
    if kind == "env" and name:
        found = os.environ.get(name, "")
        if not found:
            raise node.error("the variable {name} is empty", name=name)
        return found
    if kind == "file" and name:
        return read_secret(folder / name)
    raise BsreError(
        "a password has no place in this file",
        place=node.place,
        hint="name a variable (env:NAME) or a file of mode 0600 ({how})",
        how="file:NAME",
    )


def read_secret(path: Path) -> str:
    """The one line of a file that only its owner may read.

    Raises:
        BsreError: unreadable, or readable by others.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            data = file.read(_CAP)
    except OSError as error:
        raise BsreError("{error}", error=error.strerror, place=str(path)) from None
    if mode & 0o077:
        raise BsreError("others may read this file", place=str(path), hint="chmod 600 {file}", file=path)
    return data.decode("utf-8", "replace").strip()
