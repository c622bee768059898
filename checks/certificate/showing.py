"""What a server shows of its certificate in answer to a ClientHello: the chain, an OCSP response, timestamps of logs.

In TLS 1.2 and before all of it is in the clear (RFC 5246, section 7.4.2; RFC 6066, section 8; RFC 6962, section 3.3.1).
In TLS 1.3 it comes under the handshake's keys (RFC 8446, section 4.4.2), and whether the server has the certificate's
key is not waited for.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ..tls.hello import TLS13
from ..tls.records import ALERT, HANDSHAKE, MAX_MESSAGE, Alert, Cursor, ServerHello, TlsParseError, answer, messages
from ..tls.secrets13 import protection

_CHANGE_CIPHER_SPEC, _APPLICATION_DATA = 20, 23
_CERTIFICATE, _CERTIFICATE_STATUS = 11, 22
_STATUS_REQUEST, _TIMESTAMPS, _KEY_SHARE = 5, 18, 51
_OCSP = 1
_MOST = (1 << 14) + 256
"""Octets of a protected record (RFC 8446, section 5.2)."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What came with a handshake; `staple` and `timestamps` are of the leaf, None where the server sent none."""

    chain: tuple[bytes, ...] = field(repr=False)
    """DER, leaf first."""
    staple: bytes | None = field(default=None, repr=False)
    """An OCSPResponse, as sent."""
    timestamps: bytes | None = field(default=None, repr=False)
    """A SignedCertificateTimestampList of the TLS extension, as sent."""


Parser = Callable[[bytes], Shown | Alert | None]
"""Of everything received so far: what is shown, or why nothing is; None while it is not complete.

Raises:
    TlsParseError: this cannot become an answer.
"""


def parser(client_hello: bytes, version: int) -> Parser:
    """How to read the answers to a hello of `version` alone; `client_hello` is its record."""
    if version == TLS13:
        return lambda data: _protected(data, client_hello[5:])
    return lambda data: _clear(data, version)


def _clear(data: bytes, version: int) -> Shown | Alert | None:
    hello = answer(data)
    if not isinstance(hello, ServerHello):
        return hello
    if hello.version != version:
        raise TlsParseError("a version that was not offered")
    timestamps = hello.extension(_TIMESTAMPS)
    chain: tuple[bytes, ...] | None = None
    for kind, body in messages(data):
        if kind == _CERTIFICATE:
            chain = tuple(_entries(Cursor(body)))
            if hello.extension(_STATUS_REQUEST) is None:
                return Shown(chain, None, timestamps)
        elif chain is not None:
            return Shown(chain, _status(body) if kind == _CERTIFICATE_STATUS else None, timestamps)
    return None


def _entries(cursor: Cursor) -> Iterator[bytes]:
    """The certificates of a message of TLS 1.2 and before."""
    listed = Cursor(cursor.vector(3))
    if cursor.left:
        raise TlsParseError("octets after the certificates")
    while listed.left:
        yield listed.vector(3)


def _status(body: bytes) -> bytes | None:
    """The response of a CertificateStatus; None where it is of another kind than OCSP, or empty."""
    cursor = Cursor(body)
    kind = cursor.number(1)
    response = cursor.vector(3) if kind == _OCSP else b""
    return response or None


def _protected(data: bytes, client_hello: bytes) -> Shown | Alert | None:
    hello = answer(data)
    if not isinstance(hello, ServerHello):
        return hello
    if hello.version != TLS13:
        raise TlsParseError("a version that was not offered")
    if hello.retry:
        raise TlsParseError("a key for a group that was not offered is asked for")
    share = Cursor(hello.extension(_KEY_SHARE) or b"")
    group, public = share.number(2), share.vector(2)
    kind, body = next(messages(data))
    message = bytes([kind]) + len(body).to_bytes(3) + body
    keys = protection(hello.suite, group, public, client_hello, message)
    stream = bytearray()
    for sequence, (header, fragment) in enumerate(_sealed(data)):
        content, plain = keys.opened(sequence, header, fragment)
        if content == ALERT and len(plain) == 2:
            return Alert(plain[0], plain[1])
        if content != HANDSHAKE:
            raise TlsParseError("something else among the messages of a handshake")
        stream += plain
        for each, inner in _complete(stream):
            if each == _CERTIFICATE:
                return _with_extensions(Cursor(inner))
    return None


def _sealed(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The protected records among all, as (header, fragment); those in the clear are passed over."""
    at = 0
    while at + 5 <= len(data):
        header = data[at : at + 5]
        size = int.from_bytes(header[3:])
        if header[0] not in (_CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, _APPLICATION_DATA) or size > _MOST:
            raise TlsParseError("no record of a handshake")
        end = at + 5 + size
        if end > len(data):
            return
        if header[0] == _APPLICATION_DATA:
            yield header, data[at + 5 : end]
        at = end


def _complete(stream: bytearray) -> Iterator[tuple[int, bytes]]:
    """Messages at the front of the stream, which are taken out of it."""
    while len(stream) >= 4:
        end = 4 + int.from_bytes(stream[1:4])
        if end > MAX_MESSAGE:
            raise TlsParseError("handshake message over 2^19 octets")
        if len(stream) < end:
            return
        message = stream[0], bytes(stream[4:end])
        del stream[:end]
        yield message


def _with_extensions(cursor: Cursor) -> Shown:
    """A Certificate message of TLS 1.3."""
    cursor.vector(1)
    listed = Cursor(cursor.vector(3))
    if cursor.left:
        raise TlsParseError("octets after the certificates")
    chain: list[bytes] = []
    leaf: dict[int, bytes] = {}
    while listed.left:
        chain.append(listed.vector(3))
        extensions = Cursor(listed.vector(2))
        while extensions.left:
            kind, body = extensions.number(2), extensions.vector(2)
            if len(chain) == 1:
                leaf[kind] = body
    status = leaf.get(_STATUS_REQUEST)
    return Shown(tuple(chain), None if status is None else _status(status), leaf.get(_TIMESTAMPS))
