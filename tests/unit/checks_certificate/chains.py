"""The check on a chain that some handshake brought, without a server."""

from collections.abc import Sequence
from typing import Any, cast

from auditor.model import Absent, Collected, Fact, Target
from auditor.net import Handshake, Network
from checks import certificate
from tests.wire import pki


class Sent:
    """A network of which only the handshake is known."""

    def __init__(self, chain: Sequence[bytes], roots: tuple[bytes, ...] = ()) -> None:
        self.chain, self.roots = tuple(chain), roots

    def handshake(self) -> Handshake:
        return Handshake("TLSv1.3", "TLS_AES_128_GCM_SHA256", "", self.chain)


def collected(chain: Sequence[bytes], roots: tuple[bytes, ...] = (), host: str = pki.HOST) -> list[Collected]:
    """Everything that the check yields, at level passive."""
    net = cast(Network, Sent(chain, roots))
    return list(certificate.collect(Target("https", host, 443), net))


def look(chain: Sequence[bytes], roots: tuple[bytes, ...] = (), host: str = pki.HOST) -> dict[tuple[str, str], Any]:
    """Values by fact and subject; an `Absence` where there is none."""
    seen: dict[tuple[str, str], Any] = {}
    for item in collected(chain, roots, host):
        if isinstance(item, Fact):
            seen[item.name, item.subject] = item.value
        elif isinstance(item, Absent):
            seen[item.fact, item.subject or ""] = item.reason
    return seen
