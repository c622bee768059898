"""Plain HTTP that lets a client go on over TLS (RFC 2817) beside https on a port of its own: Opossum (2025)."""

from auditor.errors import Unobserved
from auditor.net import Field, Network

from ..answers import Answer

_SWITCHING = 101


def within_http(url: str, net: Network) -> Answer:
    """Whether the plain side would switch to TLS; the connection is dropped then."""
    wanted = (Field("Upgrade", "TLS/1.0"), Field("Connection", "Upgrade"))
    try:
        answer = net.get(url, method="OPTIONS", fields=wanted).final
    except Unobserved as gap:
        return Answer(gap=gap)
    upgraded = answer.status == _SWITCHING and "tls/" in ", ".join(answer.values("upgrade")).lower()
    return Answer(upgraded)
