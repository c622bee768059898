"""Running what the documentation shows: the sites that it speaks of, on loopback, and a terminal to type in.

The documentation writes four addresses; they are put in place of each other wherever a command or example is run, and
so is the year of its dates, because the authorisation of an example must be valid on the day of the test:

    127.0.0.1:4443  127.0.0.1:4480      https and plain http of contoh.go.id, a site without fault
    127.0.0.1:4543  127.0.0.1:4580      the same of layanan.contoh.go.id, a neglected one
"""

import contextlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

from auditor.cli import run
from auditor.demo import pages, pki
from auditor.demo.server import serving
from auditor.demo.sites import _good_context, _weak_context

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "docs" / "examples"
PASSPHRASE = "sandi uji saja"
YEAR = 2026
"""Of the dates in the examples."""


@dataclass(frozen=True)
class Sites:
    """The addresses really served, by those that the documentation writes; and the root of the certificates."""

    addresses: Mapping[str, str]
    root: bytes

    def put_into(self, text: str) -> str:
        """The text with the real addresses, and with dates of this year."""
        text = re.sub(r"127\.0\.0\.1:\d+", lambda match: self.addresses[match[0]], text)
        later = datetime.now(UTC).astimezone().year - YEAR
        return re.sub(r"\b(20\d\d)(?=-\d\d-\d\d\b)", lambda match: str(int(match[1]) + later), text)


@contextlib.contextmanager
def sites() -> Iterator[Sites]:
    """Both sites, until the block ends."""
    now = pki.now()
    root = pki.root(now)
    issuer = pki.intermediate(root, now)
    leaves = [
        pki.leaf(issuer, host, now - timedelta(days=1), now + timedelta(days=89), rsa_key=False)
        for host in ("contoh.go.id", "layanan.contoh.go.id")
    ]
    with contextlib.ExitStack() as stack:
        served = [
            stack.enter_context(site)
            for site in (
                serving(pages.GOOD, _good_context(leaves[0])),
                serving(pages.upgrade("contoh.go.id")),
                serving(pages.WEAK, _weak_context(leaves[1])),
                serving(pages.WEAK),
            )
        ]
        ports = (4443, 4480, 4543, 4580)
        addresses = {f"127.0.0.1:{port}": f"{end.host}:{end.port}" for port, end in zip(ports, served, strict=True)}
        yield Sites(addresses, root.pem)


def lay_out(folder: Path, running: Sites) -> None:
    """`docs/examples` as in a checkout, and the root of the test server."""
    there = folder / "docs" / "examples"
    there.mkdir(parents=True)
    for example in EXAMPLES.iterdir():
        (there / example.name).write_text(running.put_into(example.read_text("utf-8")), "utf-8")
    (folder / "ca.pem").write_bytes(running.root)


@dataclass(frozen=True)
class Typed:
    """A command line and what came of it."""

    line: str
    code: int
    output: str


def type_in(lines: Iterable[str], folder: Path, *stand_ins: Path) -> list[Typed]:
    """Type command lines in `folder`, up to the first that fails.

    A plain command of ours is run in this process, which saves a second each; whatever has more shell in it than
    `*`, and whatever asks for a new passphrase, is run by `sh`. The passphrase of an existing key stands in the
    environment.
    """
    done = []
    path = [*map(str, stand_ins), str(Path(sys.executable).parent), os.environ["PATH"]]
    environment = {"PATH": os.pathsep.join(path), "AUDITOR_KEY_PASSPHRASE": PASSPHRASE, "AUDITOR_LANG": ""}
    with contextlib.chdir(folder), mock.patch.dict(os.environ, environment):
        for line in lines:
            plain = line.startswith("auditor ") and not re.search(r"[|&;<>$`()]", line)
            done.append(_here(line) if plain and "keys create" not in line else _by_shell(line))
            if done[-1].code:
                break
    return done


def _here(line: str) -> Typed:
    expanded = subprocess.run(["sh", "-c", f"printf '%s\\0' {line}"], capture_output=True, check=True, text=True).stdout
    said = io.BytesIO()
    output = io.TextIOWrapper(said, "utf-8", write_through=True)
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        code = run(expanded.split("\0")[1:-1])
    return Typed(line, code, said.getvalue().decode())


def _by_shell(line: str) -> Typed:
    done = subprocess.run(
        ["sh", "-euc", line],
        input=f"{PASSPHRASE}\n{PASSPHRASE}\n",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
        start_new_session=True,  # no terminal: what is typed comes from the input
    )
    return Typed(line, done.returncode, done.stdout)
