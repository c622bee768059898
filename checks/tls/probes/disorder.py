"""Servers that take a ChangeCipherSpec before any key was agreed upon (CVE-2014-0224)."""

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net import Network, Reply, Script, Turn

from ..answers import Answer
from ..handshake12 import CCS, opened, record
from ..hello import Offer
from ..records import ALERT, CHANGE_CIPHER_SPEC, TlsParseError, complete
from .aim import Aim, hold

_DECRYPTING = {20, 21, 22, 51}
"""Alerts of a server that has begun to decrypt: bad_record_mac, decryption_failed, record_overflow, decrypt_error."""
_PATIENCE = 3.0
"""Seconds: a sound server complains at once, or hangs up."""


def early_change(aim: Aim, net: Network) -> Answer:
    """Whether an early ChangeCipherSpec is taken: what follows then counts as encrypted, and cannot be decrypted."""
    found = hold(f"early change {aim.name}", lambda: _changed(aim), net)
    return Answer(gap=found) if isinstance(found, Unobserved) else Answer(found)


def _changed(aim: Aim) -> Script[bool]:
    yield from opened(aim.version, aim.host, Offer(suites=aim.suites))
    change = record(CHANGE_CIPHER_SPEC, aim.version, CCS)
    reply = yield Turn(change, _has_alert, _PATIENCE)
    if reply.ended != "silent":
        return _alert(reply) in _DECRYPTING
    reply = yield Turn(change, _has_alert)  # what took the first and hangs up at the second could not decrypt it
    found = _alert(reply)
    if found is None and reply.data:
        raise Unobserved(Absence.MALFORMED, f"an early ChangeCipherSpec is neither taken nor refused ({reply.ended})")
    return found is None or found in _DECRYPTING


def _has_alert(data: bytes) -> bool:
    try:
        return any(kind == ALERT for kind, _ in complete(data))
    except TlsParseError:
        return True


def _alert(reply: Reply) -> int | None:
    try:
        found = (fragment for kind, fragment in complete(reply.data) if kind == ALERT)
        return next((fragment[1] for fragment in found if len(fragment) == 2), None)
    except TlsParseError:
        return None
