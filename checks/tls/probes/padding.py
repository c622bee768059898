"""Servers that do not check the padding of CBC records, or let others see what is wrong with a record.

Every record that is broken in padding, MAC or both must meet the same answer (RFC 5246, section 6.2.3.2). The Finished
is sent broken, where the answer still comes in the clear; of web sites also the first request, whose answer we can
decrypt. A difference counts once it has come out the same again.
"""

from collections.abc import Callable, Mapping

from auditor.errors import Unobserved
from auditor.net import Network, Script, Turn

from .. import handshake12, secrets12
from ..answers import Answer
from ..handshake12 import answered, opened, shaken, signal
from ..hello import Offer
from ..records import ALERT, APPLICATION_DATA, CHANGE_CIPHER_SPEC, TlsParseError, complete
from ..suites import Suite
from .aim import Aim, held
from .memory import UNHEARD

_PATIENCE = 3.0
_ACCEPTED = "accepted"


def _longer(content: bytes, mac: bytes, block: int) -> int:
    """A length of padding with at least one octet before the length itself."""
    pad = block - 1 - (len(content) + len(mac)) % block
    return pad or block


def _bad_padding(content: bytes, mac: bytes, block: int) -> bytes:
    pad = _longer(content, mac, block)
    return content + mac + bytes([pad ^ 0x5A]) * pad + bytes([pad])


def _bad_mac(content: bytes, mac: bytes, block: int) -> bytes:
    return secrets12.sound(content, _flipped(mac), block)


def _bad_both(content: bytes, mac: bytes, block: int) -> bytes:
    return _bad_padding(content, _flipped(mac), block)


def _no_room(content: bytes, mac: bytes, block: int) -> bytes:
    """Padding that is said to be longer than the record."""
    plain = secrets12.sound(content, _flipped(mac), block)
    return plain[:-1] + b"\xff"


def _flipped(mac: bytes) -> bytes:
    return bytes(octet ^ 0xFF for octet in mac)


_VECTORS: Mapping[str, secrets12.Form] = {
    "padding": _bad_padding,
    "mac": _bad_mac,
    "both": _bad_both,
    "length": _no_room,
}


def fits(suite: Suite) -> bool:
    """CBC with a cipher that we have."""
    return suite.cbc and secrets12.method(suite) is not None


def oracles(aim: Aim, net: Network, *, web: bool) -> Mapping[str, Answer]:
    """`poodle-tls`, `zombie-poodle` (a wrong padding shows), `goldendoodle` (a wrong MAC shows)."""
    places: list[Callable[[Aim, secrets12.Form], Script[str]]] = [_in_finished]
    if web:
        places.append(_in_request)
    seen = [_settled(aim, place, net) for place in places]
    found = [each for each in seen if not isinstance(each, Unobserved)]
    gap = next((each for each in seen if isinstance(each, Unobserved)), None)
    if found and isinstance(seen[0], dict):
        gap = None  # a request may fail for reasons of its own
    return {
        "poodle-tls": _any(found, gap, lambda seen: seen["padding"] == _ACCEPTED),
        "zombie-poodle": _any(found, gap, lambda seen: seen["padding"] not in (_ACCEPTED, seen["both"])),
        "goldendoodle": _any(found, gap, lambda seen: not {seen["mac"], seen["length"]} <= {seen["both"]}),
    }


def _any(found: list[dict[str, str]], gap: Unobserved | None, open_to: Callable[[dict[str, str]], bool]) -> Answer:
    if any(map(open_to, found)):
        return Answer(value=True)
    return Answer(gap=gap) if gap else Answer(value=False)


def _settled(
    aim: Aim, place: Callable[[Aim, secrets12.Form], Script[str]], net: Network
) -> dict[str, str] | Unobserved:
    """The answer to each vector; where they differ, those that came out the same in three rounds."""
    first = _round(aim, place, net, 0)
    if isinstance(first, Unobserved):
        return first
    if set(first.values()) == {"silent"}:
        return UNHEARD
    if len(set(first.values())) == 1:
        return first
    for number in (1, 2):
        again = _round(aim, place, net, number)
        if isinstance(again, Unobserved):
            return again
        if again != first:
            return dict.fromkeys(first, first["both"])  # noise
    return first


def _round(
    aim: Aim, place: Callable[[Aim, secrets12.Form], Script[str]], net: Network, number: int
) -> dict[str, str] | Unobserved:
    def script(form: secrets12.Form) -> Callable[[], Script[str]]:
        return lambda: place(aim, form)

    scripts = {f"{place.__name__} {name} {number}": script(form) for name, form in _VECTORS.items()}
    found = held(scripts, net)
    gap = next((each for each in found.values() if isinstance(each, Unobserved)), None)
    return gap or {key.split()[1]: each for key, each in found.items() if isinstance(each, str)}


def _in_finished(aim: Aim, form: secrets12.Form) -> Script[str]:
    opening = yield from opened(aim.version, aim.host, Offer(suites=aim.suites, groups=handshake12.GROUPS))
    heard = yield from answered(opening, form, _PATIENCE)
    return _ACCEPTED if _changed(heard.reply.data) else signal(heard.reply)


def _changed(data: bytes) -> bool:
    try:
        return any(kind == CHANGE_CIPHER_SPEC for kind, _ in complete(data))
    except TlsParseError:
        return False


def _in_request(aim: Aim, form: secrets12.Form) -> Script[str]:
    session = yield from shaken(aim.version, aim.host, Offer(suites=aim.suites, groups=handshake12.GROUPS))
    request = f"HEAD / HTTP/1.1\r\nHost: {aim.host}\r\nConnection: close\r\n\r\n".encode("ascii")
    reply = yield Turn(session.ours.seal(APPLICATION_DATA, request, form), _said, _PATIENCE)
    return _decrypted(session, reply.data) or signal(reply)


def _said(data: bytes) -> bool:
    try:
        return any(kind in (ALERT, APPLICATION_DATA) for kind, _ in complete(data))
    except TlsParseError:
        return True


def _decrypted(session: handshake12.Session, data: bytes) -> str:
    """What the first record says that is data or an alert; empty where there is none."""
    try:
        for kind, fragment in complete(data):
            if kind == APPLICATION_DATA:
                return _ACCEPTED
            if kind == ALERT:
                said = fragment if len(fragment) == 2 else session.theirs.open(kind, fragment)
                return f"alert {said[-1]}" if said else "alert"
    except TlsParseError:
        return "noise"
    return ""
