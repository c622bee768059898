"""Servers that tell well-formed from ill-formed RSA key exchanges apart (H. Boeck et al., "ROBOT", 2018).

Five encrypted secrets are sent, one well formed and four each broken in another way, none with anything in it. All
must meet the same answer (RFC 5246, section 7.4.7.1); a difference counts once it has come out the same again.
"""

from collections.abc import Callable, Mapping

from auditor.errors import Unobserved
from auditor.net import Network, Script, Turn

from ..answers import Answer
from ..handshake12 import CCS, key_of, message, opened, record, signal
from ..hello import Offer
from ..records import ALERT, CHANGE_CIPHER_SPEC, HANDSHAKE, TlsParseError, complete
from ..suites import Suite
from .aim import Aim, held
from .memory import UNHEARD

_CLIENT_KEY_EXCHANGE = 16
_SECRET = bytes(range(1, 47))
_GARBAGE = bytes(64)
"""Stands where the Finished would."""
_PATIENCE = {True: 3.0, False: 1.0}
"""Seconds, for a whole flight and for one that breaks off, after which a sound server has nothing to say."""

_VECTORS: Mapping[str, Callable[[bytes, bytes], bytes]] = {
    "sound": lambda pad, version: b"\0\2" + pad + b"\0" + version + _SECRET,
    "type": lambda pad, version: b"\x41\x17" + pad + b"\0" + version + _SECRET,
    "separator": lambda pad, _: b"\0\2" + pad + b"\x11" + _SECRET + b"\0\x11",
    "none": lambda pad, _: b"\0\2" + pad + b"\x11\x11\x11" + _SECRET,
    "version": lambda pad, _: b"\0\2" + pad + b"\0\2\2" + _SECRET,
}
"""Padding and the version offered to what is encrypted (RFC 8017, section 7.2.1); each as long as the modulus."""


def fits(suite: Suite) -> bool:
    """RSA carries the secret."""
    return suite.exchange == "RSA"


def oracle(aim: Aim, net: Network) -> Answer:
    """Whether answers differ, for whole flights and for those that break off after the key exchange."""
    for whole in (True, False):
        first = _round(aim, net, 0, whole=whole)
        if isinstance(first, Unobserved):
            return Answer(gap=first)
        if whole and set(first.values()) == {"silent"}:
            return Answer(gap=UNHEARD)
        again: dict[str, str] | Unobserved = first
        for number in (1, 2):
            if isinstance(again, Unobserved):
                return Answer(gap=again)
            if len(set(first.values())) == 1 or again != first:
                break
            again = _round(aim, net, number, whole=whole)
        if isinstance(again, Unobserved):
            return Answer(gap=again)
        if again == first and len(set(first.values())) > 1:
            return Answer(value=True)
    return Answer(value=False)


def _round(aim: Aim, net: Network, number: int, *, whole: bool) -> dict[str, str] | Unobserved:
    """The answer to each vector."""

    def script(name: str) -> Callable[[], Script[str]]:
        return lambda: _sent(aim, name, whole=whole)

    found = held({f"robot {name} {whole} {number}": script(name) for name in _VECTORS}, net)
    gap = next((each for each in found.values() if isinstance(each, Unobserved)), None)
    return gap or {key.split()[1]: each for key, each in found.items() if isinstance(each, str)}


def _sent(aim: Aim, name: str, *, whole: bool) -> Script[str]:
    opening = yield from opened(aim.version, aim.host, Offer(suites=aim.suites))
    public = key_of(opening).public_numbers()
    size = (public.n.bit_length() + 7) // 8
    pad = (b"\xab\xcd" * size)[: size - 3 - 48]
    plain = int.from_bytes(_VECTORS[name](pad, aim.version.to_bytes(2)))
    sealed = pow(plain, public.e, public.n).to_bytes(size)
    body = sealed if aim.version == 0x0300 else size.to_bytes(2) + sealed
    sent = record(HANDSHAKE, aim.version, message(_CLIENT_KEY_EXCHANGE, body))
    if whole:
        sent += record(CHANGE_CIPHER_SPEC, aim.version, CCS) + record(HANDSHAKE, aim.version, _GARBAGE)
    reply = yield Turn(sent, _has_alert, _PATIENCE[whole])
    return signal(reply)


def _has_alert(data: bytes) -> bool:
    try:
        return any(kind == ALERT for kind, _ in complete(data))
    except TlsParseError:
        return True
