"""Whole handshakes of TLS 1.0 to 1.2, as scripts: for what a server shows only to who finishes, or only behind them.

Neither certificate nor Finished of the server is verified: a man in the middle is seen as the server that he plays.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509 import load_der_x509_certificate

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net import Reply, Script, Turn

from . import secrets12, secrets13, suites
from .flight import CERTIFICATE, DONE, KEY_EXCHANGE, KeyExchange, key_exchange
from .hello import Offer, client_hello
from .records import (
    ALERT,
    CHANGE_CIPHER_SPEC,
    HANDSHAKE,
    SERVER_HELLO,
    Alert,
    Cursor,
    ServerHello,
    TlsParseError,
    answer,
    complete,
    messages,
)
from .secrets12 import Half

CCS, CLOSE_NOTIFY = b"\1", b"\1\0"
MASTER_SECRET = 23
GROUPS = (29, 23, 24, 25)
"""Those that we have keys for."""
_CERTIFICATE_REQUEST, _CLIENT_KEY_EXCHANGE, _FINISHED, _NEW_TICKET = 13, 16, 20, 4
_PREMASTER = hashlib.sha384(b"auditor premaster").digest()[:46]
_EXPONENT = int.from_bytes(hashlib.sha256(b"auditor exponent").digest())


@dataclass(frozen=True, slots=True)
class Opening:
    """What the server says before it waits for us: a whole first flight, or that an older session goes on."""

    version: int
    hello: ServerHello
    suite: suites.Suite
    randoms: tuple[bytes, bytes] = field(repr=False)
    """The client's and the server's."""
    transcript: bytes = field(repr=False)
    """Handshake messages of both sides."""
    chain: tuple[bytes, ...] = field(default=(), repr=False)
    exchange: KeyExchange | None = None
    asks_certificate: bool = False
    resumed: bool = False
    """Neither certificate nor key exchange: the session offered goes on."""


@dataclass(slots=True)
class Session:
    """A conversation after both Finished."""

    opening: Opening
    ours: Half
    theirs: Half
    verify: bytes
    """verify_data of our Finished."""
    master: bytes
    ticket: bytes = b""
    lifetime: int | None = None
    """Seconds that the ticket is said to be good for; 0 leaves it open (RFC 5077, section 3.3)."""


def usable(each: suites.Suite) -> bool:
    """Whether we can finish a handshake with it."""
    return secrets12.method(each) is not None


def record(kind: int, version: int, content: bytes) -> bytes:
    """A record in the clear."""
    return bytes([kind]) + version.to_bytes(2) + len(content).to_bytes(2) + content


def message(kind: int, body: bytes) -> bytes:
    """A handshake message."""
    return bytes([kind]) + len(body).to_bytes(3) + body


def opened(version: int, host: str, offer: Offer) -> Script[Opening]:
    """Say hello, and hear the server out.

    Raises:
        Unobserved: REFUSED by an alert or another version, MALFORMED.
    """
    hello = client_hello(version, host, offer)
    reply = yield Turn(hello, lambda data: _heard_out(data) is not None)
    return _opening(version, hello[5:], reply)


def _heard_out(data: bytes) -> object:
    try:
        found = answer(data)
        if not isinstance(found, ServerHello):
            return found if isinstance(found, Alert) and found.final else None
        if any(kind == CHANGE_CIPHER_SPEC for kind, _ in complete(data)):
            return True
        return True if any(kind == DONE for kind, _ in _clear(data)) else None
    except TlsParseError as error:
        return error


def _clear(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Handshake messages in the clear, up to the first record of another kind that is no alert."""
    end = 0
    for kind, fragment in complete(data):
        if kind not in (HANDSHAKE, ALERT):
            break
        end += 5 + len(fragment)
    return messages(data[:end])


def _opening(version: int, hello: bytes, reply: Reply) -> Opening:
    try:
        found = answer(reply.data)
        if isinstance(found, Alert):
            raise Unobserved(Absence.REFUSED, f"TLS alert {found.description}")
        if found is None:
            reason = Absence.REFUSED if not reply.data else Absence.MALFORMED
            raise Unobserved(reason, f"no ServerHello ({reply.ended})")
        if found.version != version:
            raise Unobserved(Absence.REFUSED, "another version than was asked for")
        return _read(version, hello, found, reply.data)
    except TlsParseError as error:
        raise Unobserved(Absence.MALFORMED, f"no answer of TLS: {error}") from None


def _read(version: int, hello: bytes, found: ServerHello, data: bytes) -> Opening:
    suite = suites.known().get(found.suite)
    if suite is None:
        raise TlsParseError("a suite that was not offered")
    transcript, random = hello, b""
    chain: tuple[bytes, ...] = ()
    exchange, asks, done = None, False, False
    for kind, body in _clear(data):
        transcript += message(kind, body) if kind != _NEW_TICKET else b""
        if kind == SERVER_HELLO:
            random = body[2:34]
        elif kind == CERTIFICATE:
            chain = tuple(_certificates(Cursor(Cursor(body).vector(3))))
        elif kind == KEY_EXCHANGE:
            exchange = key_exchange(body, suite, version)
        elif kind == _CERTIFICATE_REQUEST:
            asks = True
        elif kind == DONE:
            done = True
    resumed = not done and any(kind == CHANGE_CIPHER_SPEC for kind, _ in complete(data))
    if not done and not resumed:
        raise TlsParseError("the flight breaks off")
    return Opening(version, found, suite, (hello[6:38], random), transcript, chain, exchange, asks, resumed)


def _certificates(cursor: Cursor) -> Iterator[bytes]:
    while cursor.left:
        yield cursor.vector(3)


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back for our last flight, and the keys to read it with."""

    reply: Reply
    session: Session


def answered(
    opening: Opening,
    form: secrets12.Form = secrets12.sound,
    patience: float | None = None,
    *,
    farewell: bool = False,
) -> Script[Answered]:
    """Send key exchange, ChangeCipherSpec and Finished, the latter's record in the form given.

    With a `farewell` close_notify follows at once: a session that is broken off must not go on (RFC 2246, section
    7.2.1), and some servers hold to that still.

    Raises:
        Unobserved: MALFORMED where the server's key is no key; NOT_COLLECTED where we have no such cipher.
    """
    method = secrets12.method(opening.suite)
    if method is None:
        raise Unobserved(Absence.NOT_COLLECTED, "no cipher of ours")
    body, premaster = _keys(opening)
    version, randoms = opening.version, opening.randoms
    clear = message(CERTIFICATE, bytes(3)) if opening.asks_certificate else b""
    clear += message(_CLIENT_KEY_EXCHANGE, body)
    digest = secrets12.transcript_hash(opening.transcript + clear, version, method.digest)
    extended = opening.hello.extension(MASTER_SECRET) is not None  # RFC 7627, section 4
    label, seed = ("extended master secret", digest) if extended else ("master secret", b"".join(randoms))
    master = secrets12.derived(premaster, label, seed, 48, version, method.digest)
    ours, theirs = secrets12.halves(method, version, master, randoms)
    verify = secrets12.derived(master, "client finished", digest, 12, version, method.digest)
    payload = record(HANDSHAKE, version, clear) + record(CHANGE_CIPHER_SPEC, version, CCS)
    payload += ours.seal(HANDSHAKE, message(_FINISHED, verify), form)
    payload += ours.seal(ALERT, CLOSE_NOTIFY) if farewell else b""
    reply = yield Turn(payload, concluded, patience)
    return Answered(reply, Session(opening, ours, theirs, verify, master))


def concluded(data: bytes) -> bool:
    """Whether an alert came, or a record behind a ChangeCipherSpec, or something that is no TLS."""
    try:
        kinds = [kind for kind, _ in complete(data)]
    except TlsParseError:
        return True
    return ALERT in kinds or CHANGE_CIPHER_SPEC in kinds[:-1]


def shaken(version: int, host: str, offer: Offer) -> Script[Session]:
    """A whole handshake.

    Raises:
        Unobserved: as `opened` and `answered`; REFUSED where the server does not finish.
    """
    opening = yield from opened(version, host, offer)
    if opening.resumed:
        raise Unobserved(Absence.MALFORMED, "a session goes on that was not offered")
    heard = yield from answered(opening)
    return finished(heard)


def finished(heard: Answered) -> Session:
    """The session, once the server has finished too.

    Raises:
        Unobserved: REFUSED by an alert or without a word, MALFORMED.
    """
    session = heard.session
    try:
        records = list(complete(heard.reply.data))
        kinds = [kind for kind, _ in records]
        if CHANGE_CIPHER_SPEC not in kinds[:-1]:
            raise Unobserved(Absence.REFUSED, f"the handshake was not finished ({signal(heard.reply)})")
        at = kinds.index(CHANGE_CIPHER_SPEC)
        for kind, body in messages(
            b"".join(record(k, session.opening.version, f) for k, f in records[:at] if k == HANDSHAKE)
        ):
            if kind == _NEW_TICKET:
                cursor = Cursor(body)
                session.lifetime, session.ticket = cursor.number(4), cursor.vector(2)
        session.theirs.open(*records[at + 1])
    except TlsParseError as error:
        raise Unobserved(Absence.MALFORMED, f"no answer of TLS: {error}") from None
    return session


def signal(reply: Reply) -> str:
    """What an outsider can tell of an answer: the records in the order they came, alerts by number, and its end."""
    parts = []
    try:
        for kind, fragment in complete(reply.data):
            parts.append(f"alert {fragment[1]}" if kind == ALERT and len(fragment) == 2 else f"record {kind}")
    except TlsParseError:
        parts.append("noise")
    if reply.ended != "enough":
        parts.append(reply.ended)
    return ", ".join(parts)


def _keys(opening: Opening) -> tuple[bytes, bytes]:
    """The body of our key exchange, and the premaster secret."""
    exchange = opening.exchange
    try:
        if opening.suite.ephemeral == "ecdh" and exchange is not None and exchange.group is not None:
            shared = secrets13.exchanged(exchange.group, exchange.public)
            own = dict(secrets13.shares())[exchange.group]
            return bytes([len(own)]) + own, shared
        if opening.suite.ephemeral == "dh" and exchange is not None and exchange.prime and exchange.generator:
            own = _octets(pow(exchange.generator, _EXPONENT, exchange.prime))
            shared = _octets(pow(int.from_bytes(exchange.public), _EXPONENT, exchange.prime))
            return len(own).to_bytes(2) + own, shared
        premaster = opening.version.to_bytes(2) + _PREMASTER
        sealed = key_of(opening).encrypt(premaster, padding.PKCS1v15())
    except (TlsParseError, ValueError) as error:
        raise Unobserved(Absence.MALFORMED, f"no key exchange: {type(error).__name__}") from None
    return len(sealed).to_bytes(2) + sealed, premaster


def key_of(opening: Opening) -> rsa.RSAPublicKey:
    """The RSA key of the certificate.

    Raises:
        Unobserved: MALFORMED, there is none.
    """
    try:
        key = load_der_x509_certificate(opening.chain[0]).public_key() if opening.chain else None
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, rsa.RSAPublicKey):
        raise Unobserved(Absence.MALFORMED, "a certificate without an RSA key")
    return key


def _octets(number: int) -> bytes:
    return number.to_bytes(max(1, (number.bit_length() + 7) // 8))
