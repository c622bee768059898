"""Servers that send back more than they were given: Heartbleed (RFC 6520 without its check of length), Ticketbleed."""

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net import Network, Script, Turn

from .. import handshake12
from ..answers import Answer
from ..handshake12 import opened, record, shaken
from ..hello import SSL30, Offer
from ..records import ALERT, HEARTBEAT, TlsParseError, complete
from ..suites import Suite
from .aim import Aim, hold

_REQUEST_WITHOUT_PAYLOAD = b"\x01\x00\x01"
"""A heartbeat that claims a payload of one octet and has none, so that one octet is all that could come back."""
_CLOSE_NOTIFY = b"\x01\x00"
_SESSION = b"auditor".ljust(31, b"\0")
"""A session id of 31 octets: a server that always returns 32 gives one of its own away."""

fits = handshake12.usable


def heartbleed(aim: Aim, net: Network) -> Answer:
    """Whether a heartbeat is answered whose payload is shorter than it says (RFC 6520, section 4).

    It must be ignored, so a farewell follows, and a server that ends the conversation without an answer is sound.
    """
    return _answer(hold(f"heartbleed {aim.name}", lambda: _heartbeat(aim), net))


def _heartbeat(aim: Aim) -> Script[bool]:
    yield from opened(aim.version, aim.host, Offer(suites=aim.suites, features=aim.version > SSL30))
    sent = record(HEARTBEAT, aim.version, _REQUEST_WITHOUT_PAYLOAD) + record(ALERT, aim.version, _CLOSE_NOTIFY)
    reply = yield Turn(sent, _has_heartbeat)
    return _has_heartbeat(reply.data)


def _has_heartbeat(data: bytes) -> bool:
    try:
        return any(kind == HEARTBEAT for kind, _ in complete(data))
    except TlsParseError:
        return False


def ticketbleed(aim: Aim, net: Network) -> Answer:
    """Whether a session that goes on by ticket comes back with a longer id than was sent (RFC 5077, section 3.4)."""
    offer = Offer(suites=aim.suites, groups=handshake12.GROUPS, ticket=True)
    first = hold(f"ticket {aim.name}", lambda: shaken(aim.version, aim.host, offer), net)
    if isinstance(first, Unobserved):
        return Answer(gap=first)
    if not first.ticket:
        return Answer(value=False)
    return _answer(hold(f"ticketbleed {aim.name}", lambda: _resumed(aim, first.opening.suite, first.ticket), net))


def _resumed(aim: Aim, suite: Suite, ticket: bytes) -> Script[bool]:
    offer = Offer(suites=(suite.code,), groups=handshake12.GROUPS, session=_SESSION, more=((35, ticket),))
    opening = yield from opened(aim.version, aim.host, offer)
    session = opening.hello.session
    return len(session) > len(_SESSION) and session.startswith(_SESSION)


def _answer(found: bool | Unobserved) -> Answer:  # noqa: FBT001 - what a script returned
    return Answer(gap=found) if isinstance(found, Unobserved) else Answer(found)


UNHEARD = Unobserved(Absence.TIMEOUT, "no answer to what must be answered")
