"""What a TLS server answers to a ClientHello: record layer, ServerHello, HelloRetryRequest, alerts (RFC 8446)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA, HEARTBEAT = 20, 21, 22, 23, 24
"""Content types."""
SERVER_HELLO = 2
SUPPORTED_VERSIONS = 43

MAX_RECORD = 1 << 14
"""Octets of a plaintext fragment (RFC 8446, section 5.1)."""
MAX_PROTECTED = MAX_RECORD + 2048
"""Octets of a protected one (RFC 5246, section 6.2.3)."""
MAX_HELLO = 1 << 16
"""Octets of a ServerHello that is still believed: its extensions alone are a vector of at most 2^16-1."""
MAX_MESSAGE = 1 << 19
"""Octets of any other handshake message; the longest, Certificate, is far below in practice."""

_RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
"""ServerHello.random of a HelloRetryRequest: SHA-256 of "HelloRetryRequest" (RFC 8446, section 4.1.3)."""


class TlsParseError(ValueError):
    """The bytes are not what a TLS server may answer."""


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert in the clear: level 1 (warning) or 2 (fatal), description as registered with IANA."""

    level: int
    description: int

    @property
    def final(self) -> bool:
        """Whether nothing may follow it: fatal, or close_notify (RFC 8446, section 6.1)."""
        return self.level == 2 or self.description == 0


@dataclass(frozen=True, slots=True)
class ServerHello:
    """A ServerHello, or a HelloRetryRequest where `retry`.

    `version` is the one chosen: that of supported_versions where sent, else legacy_version; on the wire's scale
    (0x0300 is SSL 3.0, 0x0304 is TLS 1.3). `extensions` are (type, body) in the order sent.
    """

    version: int
    suite: int
    compression: int
    retry: bool
    extensions: tuple[tuple[int, bytes], ...]
    session: bytes = b""
    """The session id."""

    def extension(self, kind: int) -> bytes | None:
        """The body of an extension, None where it was not sent."""
        return next((body for found, body in self.extensions if found == kind), None)


def answer(data: bytes) -> ServerHello | Alert | None:
    """The first ServerHello or final alert in `data`; None while it is not complete.

    Warnings are passed over; where nothing follows them, the last one is the answer so far.

    Raises:
        TlsParseError: the bytes, or as much of them as there is, cannot be the start of such an answer.
    """
    handshake = b""
    warning = None
    consumed = 0
    for content, fragment in _records(data):
        consumed += 5 + len(fragment)
        if content == ALERT:
            if handshake:
                raise TlsParseError("an alert inside a handshake message")
            alert = _alert(fragment)
            if alert.final:
                return alert
            warning = alert
        else:
            if not fragment:
                raise TlsParseError("an empty handshake record")
            handshake += fragment
            hello = _server_hello(handshake)
            if hello is not None:
                return hello
    return warning if consumed == len(data) and not handshake else None


def messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Complete handshake messages in the clear at the start of `data`, as (type, body); alerts are passed over.

    Raises:
        TlsParseError: a record or message is none.
    """
    stream = bytearray()
    for content, fragment in _records(data):
        if content == HANDSHAKE:
            stream += fragment
        while len(stream) >= 4:
            size = int.from_bytes(stream[1:4])
            if size > MAX_MESSAGE:
                raise TlsParseError("handshake message over 2^19 octets")
            if len(stream) < 4 + size:
                break
            yield stream[0], bytes(stream[4 : 4 + size])
            del stream[: 4 + size]


def complete(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Complete records of every kind, protected ones included, as (content type, fragment).

    Raises:
        TlsParseError: a header is none, as soon as that shows.
    """
    at = 0
    while at < len(data):
        head = data[at : at + 5]
        size = int.from_bytes(head[3:5])
        if not CHANGE_CIPHER_SPEC <= head[0] <= HEARTBEAT or (len(head) > 1 and head[1] != 3) or size > MAX_PROTECTED:
            raise TlsParseError("no record of TLS")
        if len(head) < 5 or at + 5 + size > len(data):
            return
        yield head[0], data[at + 5 : at + 5 + size]
        at += 5 + size


def foreign(data: bytes) -> bool:
    """Whether the very first octet says that this is no answer of TLS."""
    return bool(data) and data[0] not in {ALERT, HANDSHAKE}


def settled_by(parse: Callable[[bytes], object]) -> Callable[[bytes], bool]:
    """A predicate on bytes received: whether no further byte could change what `parse` makes of them."""

    def settled(data: bytes) -> bool:
        try:
            found = parse(data)
        except TlsParseError:
            return True
        return found.final if isinstance(found, Alert) else found is not None

    return settled


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Complete records as (content type, fragment); a broken header is noticed at once."""
    at = 0
    while at < len(data):
        head = data[at : at + 5]
        if head[0] not in {ALERT, HANDSHAKE}:
            raise TlsParseError(f"content type {head[0]} is neither alert nor handshake")
        if len(head) > 1 and head[1] != 3:
            raise TlsParseError(f"record version {head[1]}.x is not TLS")
        if len(head) < 5:
            return
        end = at + 5 + int.from_bytes(head[3:5])
        if end - at - 5 > MAX_RECORD:
            raise TlsParseError("record over 2^14 octets")
        if end > len(data):
            return
        yield head[0], data[at + 5 : end]
        at = end


def _alert(fragment: bytes) -> Alert:
    if len(fragment) != 2:
        raise TlsParseError("an alert is two octets")
    level, description = fragment
    if level not in {1, 2}:
        raise TlsParseError(f"alert level {level}")
    return Alert(level, description)


@lru_cache(16)  # more of the flight may come, and is read from its start again
def _server_hello(handshake: bytes) -> ServerHello | None:
    """The ServerHello at the start of the handshake stream; None while octets are missing."""
    if handshake[0] != SERVER_HELLO:
        raise TlsParseError(f"handshake message {handshake[0]} where a ServerHello must come first")
    size = int.from_bytes(handshake[1:4])
    if len(handshake) >= 4 and size > MAX_HELLO:
        raise TlsParseError("ServerHello over 2^16 octets")
    if len(handshake) < 4 + size or len(handshake) < 4:
        return None
    body = Cursor(handshake[4 : 4 + size])
    legacy_version = body.number(2)
    random = body.take(32)
    session = body.vector(1)
    if len(session) > 32:
        raise TlsParseError("session id over 32 octets")
    suite, compression = body.number(2), body.number(1)
    extensions = tuple(_extensions(Cursor(body.vector(2)))) if body.left else ()
    if body.left:
        raise TlsParseError("octets after the ServerHello's extensions")
    return ServerHello(_chosen(legacy_version, extensions), suite, compression, random == _RETRY, extensions, session)


def _extensions(cursor: "Cursor") -> Iterator[tuple[int, bytes]]:
    while cursor.left:
        yield cursor.number(2), cursor.vector(2)


def _chosen(legacy_version: int, extensions: tuple[tuple[int, bytes], ...]) -> int:
    """The version that the server chose (RFC 8446, section 4.2.1)."""
    for kind, body in extensions:
        if kind == SUPPORTED_VERSIONS:
            if len(body) != 2:
                raise TlsParseError("supported_versions of a ServerHello is two octets")
            return int.from_bytes(body)
    return legacy_version


@dataclass(slots=True)
class Cursor:
    """Reads big-endian numbers and length-prefixed vectors from the front of `data`."""

    data: bytes
    at: int = 0

    @property
    def left(self) -> int:
        """Octets that were not taken."""
        return len(self.data) - self.at

    def take(self, count: int) -> bytes:
        """The next octets; TlsParseError where there are not as many, here and below."""
        end = self.at + count
        if end > len(self.data):
            raise TlsParseError("a field runs past the end of its message")
        taken, self.at = self.data[self.at : end], end
        return taken

    def number(self, octets: int) -> int:
        """A number of so many octets."""
        return int.from_bytes(self.take(octets))

    def vector(self, octets: int) -> bytes:
        """A vector, whose length stands before it in so many octets."""
        return self.take(self.number(octets))
