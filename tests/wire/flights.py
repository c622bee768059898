"""Genuine answers to our hellos: OpenSSL as a server over memory, so that no socket is needed.

`answers()` gives, by name, a hello's record and the whole flight that OpenSSL sends for it.
"""

import ssl
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from checks.tls import handshake13
from checks.tls.hello import SUITES_TLS13, TLS10, TLS12, TLS13, Offer, client_hello
from tests.wire import pki


@dataclass(frozen=True)
class Exchange:
    version: int
    offer: Offer
    hello: bytes
    flight: bytes


@cache
def answers() -> Mapping[str, Exchange]:
    """Of TLS 1.0, of TLS 1.2 with each kind of key exchange, and of TLS 1.3 with and without a key."""
    rsa = (0x002F, 0x009C)
    offers = {
        "TLS 1.0": (TLS10, Offer(suites=(0xC014,), features=True, ticket=True)),
        "TLS 1.2 RSA": (TLS12, Offer(suites=rsa, features=True, protocols=("h2",))),
        "TLS 1.2 ECDHE": (TLS12, Offer(suites=(0xC02F,), ticket=True)),
        "TLS 1.2 DHE": (TLS12, Offer(suites=(0x009E,))),
        "TLS 1.2 refused": (TLS12, Offer(suites=(0x0005,))),
        "TLS 1.3": (TLS13, handshake13.offer(SUITES_TLS13, ((28, b"\x40\x01"),), ("h2", "http/1.1"))),
        "TLS 1.3 retry": (TLS13, Offer()),
    }
    return {name: _exchange(version, offer) for name, (version, offer) in offers.items()}


def _exchange(version: int, offer: Offer) -> Exchange:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.set_alpn_protocols(["h2"])
    with tempfile.TemporaryDirectory() as folder:
        files = pki.leaf(pki.authority(key="rsa-2048"), pki.HOST, key="rsa-2048").write(Path(folder))
        context.load_cert_chain(files.chain, files.key)
        parameters = Path(folder) / "dh.pem"
        group = ["-algorithm", "DH", "-pkeyopt", "group:ffdhe2048"]
        command = ["openssl", "genpkey", "-genparam", *group, "-out", str(parameters)]
        subprocess.run(command, check=True, capture_output=True)
        context.load_dh_params(str(parameters))
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = context.wrap_bio(incoming, outgoing, server_side=True)
    hello = client_hello(version, pki.HOST, offer)
    incoming.write(hello)
    with suppress(ssl.SSLError):  # it waits for us, or has refused us by an alert
        server.do_handshake()
    return Exchange(version, offer, hello, outgoing.read())
