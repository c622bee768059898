"""What HTTP beside or within TLS makes of it: upgrades of plain HTTP (RFC 2817; Opossum), compressed pages (BREACH)."""

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net import Field, Network

from ..answers import Answer

_SWITCHING = 101
_CODINGS = {"gzip", "x-gzip", "deflate", "compress", "x-compress", "br", "zstd"}


def upgraded(url: str, net: Network) -> Answer:
    """Whether the plain side would switch to TLS; the connection is dropped then."""
    wanted = (Field("Upgrade", "TLS/1.0"), Field("Connection", "Upgrade"))
    try:
        answer = net.get(url, method="OPTIONS", fields=wanted).final
    except Unobserved as gap:
        return Answer(gap=gap)
    switches = answer.status == _SWITCHING and "tls/" in ", ".join(answer.values("upgrade")).lower()
    return Answer(switches)


def compressed(net: Network) -> Answer:
    """Whether the home page comes compressed over https: with a secret and a guess in it, its length tells (BREACH)."""
    try:
        answer = net.home().final
    except Unobserved as gap:
        return Answer(gap=gap)
    if not answer.url.startswith("https:"):
        return Answer(gap=Unobserved(Absence.NOT_ASSESSABLE, "the home page is not served over https"))
    codings = {coding.strip().lower() for value in answer.values("content-encoding") for coding in value.split(",")}
    return Answer(bool(codings & _CODINGS))
