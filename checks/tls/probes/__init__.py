"""Active probes: what only shows when a server is told something that no sound client says.

Each detects and goes no further: the least octets that make a difference, on a connection that is then dropped;
nothing that a server gives away is kept. A server that does not answer is unknown, never sound.
"""

from collections.abc import Mapping

from auditor.model import WEB, Target
from auditor.net import Network

from ..answers import Answer
from ..hello import SSL30, TLS12
from ..portrait import Portrait
from . import disorder, memory, padding, pages, renegotiation, robot
from .aim import Aim, aims

VULNERABILITIES = (
    "heartbleed",
    "ccs",
    "ticketbleed",
    "robot",
    "poodle-tls",
    "zombie-poodle",
    "goldendoodle",
    "renegotiation",
    "opossum",
    "breach",
)
"""What is found out here; a server for which one has no meaning is no subject of it."""


def probed(portrait: Portrait, target: Target, net: Network) -> Mapping[str, Answer]:
    """Whether the server is open to each of these, by name.

    `heartbleed` CVE-2014-0160; `ccs` early ChangeCipherSpec, CVE-2014-0224; `ticketbleed` CVE-2016-9244; `robot`
    CVE-2017-13099 and its like; `poodle-tls` padding that is not checked, CVE-2014-8730; `zombie-poodle` and
    `goldendoodle` answers that differ by padding or MAC, CVE-2019-5592 and CVE-2019-6593; `renegotiation` begun by
    the client and not bound to the connection, CVE-2009-3555; `opossum` upgrade to TLS within HTTP beside https,
    CVE-2025-49812; of `breach`, CVE-2013-3587, the precondition: pages are compressed within TLS.
    """
    found: dict[str, Answer] = {}
    elders = aims(portrait, target.host, SSL30, TLS12, lambda _: True)
    if elders:
        found["heartbleed"] = memory.heartbleed(elders[0], net)
        found["ccs"] = disorder.early_change(elders[0], net)
    if keyed := aims(portrait, target.host, SSL30, TLS12, robot.fits):
        found["robot"] = robot.oracle(keyed[0], net)
    whole = aims(portrait, target.host, SSL30 + 1, TLS12, memory.fits)
    if whole:
        found["ticketbleed"] = memory.ticketbleed(whole[0], net)
        found["renegotiation"] = renegotiation.accepted(whole[0], net, bound=False)
    if chained := aims(portrait, target.host, SSL30 + 1, TLS12, padding.fits):
        found |= padding.oracles(chained[0], net, web=target.scheme in WEB)
    if target.scheme in WEB and net.http is not None:
        found["opossum"] = pages.upgraded(net.http, net)
    if target.scheme == "https":
        found["breach"] = pages.compressed(net)
    return found


def client_renegotiation(portrait: Portrait, host: str, net: Network) -> Mapping[str, Answer]:
    """Whether a client may begin a renegotiation that is bound to its connection (RFC 5746), by version."""
    newest: list[Aim] = aims(portrait, host, SSL30 + 1, TLS12, memory.fits)[:1]
    return {aim.name: renegotiation.accepted(aim, net, bound=True) for aim in newest}
