"""Servers that renegotiate because a client wants to: a cost to them, and unsafe where it is not bound (RFC 5746)."""

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net import Network, Script, Turn

from .. import handshake12
from ..answers import Answer
from ..handshake12 import Session, shaken
from ..hello import Offer, client_hello
from ..records import ALERT, HANDSHAKE, SERVER_HELLO, TlsParseError, complete
from .aim import Aim, hold

_RENEGOTIATION_INFO = 0xFF01
_PATIENCE = 3.0


def accepted(aim: Aim, net: Network, *, bound: bool) -> Answer:
    """Whether a second ClientHello is answered by a ServerHello; neither says that it knows RFC 5746 unless `bound`."""
    found = hold(f"renegotiation {aim.name} {bound}", lambda: _begun(aim, bound=bound), net)
    return Answer(gap=found) if isinstance(found, Unobserved) else Answer(found)


def _begun(aim: Aim, *, bound: bool) -> Script[bool]:
    offer = Offer(suites=aim.suites, groups=handshake12.GROUPS, signalling=bound)
    session = yield from shaken(aim.version, aim.host, offer)
    more = ((_RENEGOTIATION_INFO, bytes([len(session.verify)]) + session.verify),) if bound else ()
    again = Offer(suites=aim.suites, groups=handshake12.GROUPS, signalling=False, more=more)
    hello = client_hello(aim.version, aim.host, again)[5:]
    reply = yield Turn(session.ours.seal(HANDSHAKE, hello), _said, _PATIENCE)
    found = _answered(session, reply.data)
    if found is None and reply.ended not in ("closed", "reset"):
        raise Unobserved(Absence.TIMEOUT, "no answer to a renegotiation")
    return bool(found)


def _said(data: bytes) -> bool:
    try:
        return any(kind in (ALERT, HANDSHAKE) for kind, _ in complete(data))
    except TlsParseError:
        return True


def _answered(session: Session, data: bytes) -> bool | None:
    """Whether a ServerHello came, or an alert; None for neither."""
    try:
        for kind, fragment in complete(data):
            content = session.theirs.open(kind, fragment)
            if kind == HANDSHAKE and content[:1] == bytes([SERVER_HELLO]):
                return True
            if kind == ALERT:
                return False
    except TlsParseError:
        return None
    return None
