"""The weak site and the good one, each with an https side and a plain http side."""

import contextlib
import ssl
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from auditor.demo import pages, pki
from auditor.demo.server import serving
from auditor.model import Endpoint

WEAK_HOST = "lemah.contoh.go.id"
GOOD_HOST = "baik.contoh.go.id"


@dataclass(frozen=True, slots=True)
class DemoSite:
    """A running site: its name, and where the sockets of its two sides go."""

    host: str
    connect: Endpoint
    connect_http: Endpoint

    @property
    def url(self) -> str:
        """What a visitor would type."""
        return f"https://{self.host}/"


@dataclass(frozen=True, slots=True)
class DemoSites:
    """Both sites, and the root (PEM) that their certificates lead to."""

    weak: DemoSite
    good: DemoSite
    root: bytes


@contextlib.contextmanager
def sites() -> Iterator[DemoSites]:
    """Run both sites on free loopback ports until the block ends.

    Raises:
        OSError: no loopback port can be bound.
    """
    now = pki.now()
    root = pki.root(now)
    issuer = pki.intermediate(root, now)
    # The weak leaf is for the machine's old name and runs out within days: two common neglects.
    weak_leaf = pki.leaf(
        issuer, "server-lama.contoh.go.id", now - timedelta(days=388), now + timedelta(days=9), rsa_key=True
    )
    good_leaf = pki.leaf(issuer, GOOD_HOST, now - timedelta(days=1), now + timedelta(days=89), rsa_key=False)
    with contextlib.ExitStack() as stack:
        weak = DemoSite(
            WEAK_HOST,
            stack.enter_context(serving(pages.WEAK, _weak_context(weak_leaf))),
            stack.enter_context(serving(pages.WEAK)),
        )
        good = DemoSite(
            GOOD_HOST,
            stack.enter_context(serving(pages.GOOD, _good_context(good_leaf))),
            stack.enter_context(serving(pages.upgrade(GOOD_HOST))),
        )
        yield DemoSites(weak, good, root.pem)


def _weak_context(identity: bytes) -> ssl.SSLContext:
    """Everything that the local OpenSSL can still be talked into, TLS 1.0 on most builds."""
    context = _context(identity)
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:!aNULL:!eNULL:@SECLEVEL=0")  # below level 0 there is no TLS 1.0 in OpenSSL 3
    return context


def _good_context(identity: bytes) -> ssl.SSLContext:
    context = _context(identity)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE+AESGCM:ECDHE+CHACHA20")
    context.set_alpn_protocols(["http/1.1"])
    return context


def _context(identity: bytes) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory(prefix="auditor-demo-") as folder:
        file = Path(folder) / "server.pem"
        file.touch(mode=0o600)
        file.write_bytes(identity)
        context.load_cert_chain(file)
    return context
