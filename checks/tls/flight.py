"""What follows a ServerHello of TLS 1.2 and before: the server's key exchange (RFC 5246, section 7.4.3)."""

from dataclasses import dataclass
from functools import lru_cache

from . import suites
from .hello import TLS12, TLS13
from .records import Alert, Cursor, ServerHello, TlsParseError, answer, messages

CERTIFICATE, KEY_EXCHANGE, DONE = 11, 12, 14
_NAMED_CURVE = 3


@dataclass(frozen=True, slots=True)
class KeyExchange:
    """A ServerKeyExchange, as far as it says something: what the suite does not have is None or empty."""

    group: int | None = None
    """Elliptic curve, of ECDHE."""
    prime: int | None = None
    """Modulus, of DHE; of export-grade RSA, that of the temporary key."""
    public: bytes = b""
    """The server's ephemeral key."""
    signature: int | None = None
    """Signature algorithm, of TLS 1.2."""
    generator: int | None = None
    """Of DHE."""


@dataclass(frozen=True, slots=True)
class Flight:
    """A ServerHello and the key exchange that follows it, where the suite has one."""

    hello: ServerHello
    exchange: KeyExchange | None = None


@lru_cache(16)  # what has just come is read once to see whether it is all, and once more for what it says
def read(data: bytes) -> Flight | Alert | None:
    """The flight in `data`, read up to the server's key exchange; None while it is not complete.

    Raises:
        TlsParseError: these are not the beginnings of such a flight.
    """
    hello = answer(data)
    if not isinstance(hello, ServerHello):
        return hello
    suite = suites.known().get(hello.suite)
    if hello.version >= TLS13 or suite is None or not suite.ephemeral:
        return Flight(hello)
    for kind, body in messages(data):
        if kind == KEY_EXCHANGE:
            return Flight(hello, key_exchange(body, suite, hello.version))
        if kind == DONE:
            raise TlsParseError("the flight ends without the key exchange that its suite needs")
    return None


def key_exchange(body: bytes, suite: suites.Suite, version: int) -> KeyExchange:
    """The body of a ServerKeyExchange.

    Raises:
        TlsParseError: it is not what the suite wants.
    """
    cursor = Cursor(body)
    if suite.hinted:
        cursor.vector(2)
    group = prime = generator = None
    if suite.ephemeral == "ecdh":
        if cursor.number(1) != _NAMED_CURVE:
            raise TlsParseError("a curve without a name")
        group, public = cursor.number(2), cursor.vector(1)
    else:
        prime = int.from_bytes(cursor.vector(2))
        generator = int.from_bytes(cursor.vector(2))
        public = cursor.vector(2)
    signature = cursor.number(2) if suite.signed and version == TLS12 else None
    return KeyExchange(group, prime, public, signature, generator)
