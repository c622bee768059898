"""SSL 2.0, which has a record layer and a handshake of its own (draft-hickman-netscape-ssl-00; banned by RFC 6176)."""

from dataclasses import dataclass

from . import records
from .records import Alert, ServerHello, TlsParseError

VERSION = 0x0002
CLIENT_HELLO, SERVER_HELLO, ERROR = 1, 4, 0

CIPHERS = (0x010080, 0x020080, 0x030080, 0x040080, 0x050080, 0x060040, 0x0700C0, 0x080080)
"""Every cipher kind of the draft, and RC4 with a 64-bit key."""

_CHALLENGE = bytes(range(16))


@dataclass(frozen=True, slots=True)
class ServerHelloV2:
    """An SSL 2.0 SERVER-HELLO: version and the cipher kinds that it offers, perhaps none."""

    version: int
    ciphers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ErrorV2:
    """An SSL 2.0 ERROR message."""

    code: int


def client_hello() -> bytes:
    """A CLIENT-HELLO for SSL 2.0 alone, in its two-octet record header."""
    ciphers = b"".join(cipher.to_bytes(3) for cipher in CIPHERS)
    head = VERSION.to_bytes(2) + len(ciphers).to_bytes(2) + (0).to_bytes(2) + len(_CHALLENGE).to_bytes(2)
    message = bytes([CLIENT_HELLO]) + head + ciphers + _CHALLENGE
    return (0x8000 | len(message)).to_bytes(2) + message


def answer(data: bytes) -> ServerHelloV2 | ErrorV2 | ServerHello | Alert | None:
    """What came back; None while it is not complete. A server that knows TLS only answers with a TLS alert.

    Raises:
        TlsParseError: neither SSL 2.0 nor TLS.
    """
    if data[:1] and data[0] in {records.ALERT, records.HANDSHAKE}:
        return records.answer(data)
    if data[:1] and not data[0] & 0x80:
        raise TlsParseError(f"octet {data[0]} starts neither an SSL 2.0 nor a TLS record")
    if len(data) < 2:
        return None
    size = int.from_bytes(data[:2]) & 0x7FFF
    message = data[2 : 2 + size]
    if message and message[0] not in {SERVER_HELLO, ERROR}:
        raise TlsParseError(f"SSL 2.0 message {message[0]} where a SERVER-HELLO must come")
    if not size:
        raise TlsParseError("an empty SSL 2.0 record")
    if len(message) < size:
        return None
    return _error(message) if message[0] == ERROR else _server_hello(message)


def _error(message: bytes) -> ErrorV2:
    if len(message) != 3:
        raise TlsParseError("an SSL 2.0 ERROR is three octets")
    return ErrorV2(int.from_bytes(message[1:]))


def _server_hello(message: bytes) -> ServerHelloV2:
    """Type, session-id-hit, certificate type, version, three lengths, then what they measure."""
    if len(message) < 11:
        raise TlsParseError("SERVER-HELLO is cut short")
    certificate, ciphers, connection = (int.from_bytes(message[at : at + 2]) for at in (5, 7, 9))
    if len(message) != 11 + certificate + ciphers + connection or ciphers % 3:
        raise TlsParseError("SERVER-HELLO's lengths do not add up")
    start = 11 + certificate
    kinds = (int.from_bytes(message[at : at + 3]) for at in range(start, start + ciphers, 3))
    return ServerHelloV2(int.from_bytes(message[3:5]), tuple(kinds))
