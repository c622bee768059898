"""A whole handshake of TLS 1.3 (RFC 8446) as a script, for what a server says behind encryption.

Neither certificate nor Finished of the server is verified: a man in the middle is seen as the server that he plays.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net import Reply, Script, Turn

from . import secrets13
from .flight import CERTIFICATE
from .hello import TLS13, Offer, client_hello
from .records import (
    ALERT,
    APPLICATION_DATA,
    HANDSHAKE,
    Alert,
    Cursor,
    ServerHello,
    TlsParseError,
    answer,
    complete,
    messages,
)
from .secrets13 import Protection, Secrets

_ENCRYPTED_EXTENSIONS, _CERTIFICATE_REQUEST, _FINISHED, _NEW_TICKET = 8, 13, 20, 4
_KEY_SHARE, _COOKIE, _EARLY_DATA = 51, 44, 42
_CCS = bytes.fromhex("140303000101")
_CLOSE_NOTIFY = b"\1\0"


@dataclass(frozen=True, slots=True)
class Ticket:
    """A NewSessionTicket: how long it is good for, in seconds, and how much data it lets a client send early."""

    lifetime: int
    early: int = 0


@dataclass(frozen=True, slots=True)
class Behind:
    """What was said behind encryption."""

    hello: ServerHello
    extensions: tuple[tuple[int, bytes], ...] = ()
    """Of EncryptedExtensions."""
    asks_certificate: bool = False
    chain: tuple[bytes, ...] = field(default=(), repr=False)
    finished: bool = False
    """The server took our Finished, or ended the conversation without complaint; else it is not known for what reason
    there are no tickets."""
    tickets: tuple[Ticket, ...] = ()

    def extension(self, kind: int) -> bytes | None:
        """The body of one of EncryptedExtensions, None where it was not sent."""
        return next((body for found, body in self.extensions if found == kind), None)


def offer(suites: Sequence[int], more: Sequence[tuple[int, bytes]] = (), protocols: Sequence[str] = ()) -> Offer:
    """One with every key that we have."""
    shares = secrets13.shares()
    return Offer(suites=suites, groups=[group for group, _ in shares], shares=shares, more=more, protocols=protocols)


def behind(host: str, wanted: Offer) -> Script[Behind]:
    """Shake hands, take what tickets there are, and say goodbye.

    Args:
        host: name or IP literal that the hello is for.
        wanted: with keys; where the server asks for a cookie, it gets it back.

    Raises:
        Unobserved: REFUSED by an alert or another version, MALFORMED, NOT_COLLECTED where we have no key for the group.
    """
    hello = client_hello(TLS13, host, wanted)
    transcript = hello[5:]
    reply = yield Turn(hello, _flight_over(hello[5:]))
    found = _hello(reply)
    if found.retry:
        again, transcript = _again(host, wanted, found, transcript, reply)
        reply = yield Turn(_CCS + again, _flight_over(transcript + again[5:]))
        transcript += again[5:]
        found = _hello(reply)
    try:
        flight = _read(transcript, found, reply.data)
    except TlsParseError as error:
        raise Unobserved(Absence.MALFORMED, f"no answer of TLS: {error}") from None
    if flight is None:
        raise Unobserved(Absence.MALFORMED, f"the flight breaks off ({reply.ended})")
    said, secrets, transcript = flight
    ours, theirs = secrets.application(transcript)
    after = yield Turn(_farewell(said, secrets, transcript, ours), lambda _: False)
    return _with_tickets(said, theirs, after)


def _hello(reply: Reply) -> ServerHello:
    try:
        found = answer(reply.data)
    except TlsParseError as error:
        raise Unobserved(Absence.MALFORMED, f"no answer of TLS: {error}") from None
    if isinstance(found, Alert):
        raise Unobserved(Absence.REFUSED, f"TLS alert {found.description}")
    if found is None:
        raise Unobserved(Absence.MALFORMED if reply.data else Absence.REFUSED, f"no ServerHello ({reply.ended})")
    if found.version != TLS13:
        raise Unobserved(Absence.REFUSED, "another version than was asked for")
    return found


def _again(host: str, wanted: Offer, retry: ServerHello, first: bytes, reply: Reply) -> tuple[bytes, bytes]:
    """The second ClientHello (RFC 8446, section 4.1.2), and the transcript before it."""
    share, cookie = retry.extension(_KEY_SHARE), retry.extension(_COOKIE)
    shares = dict(wanted.shares)
    group = int.from_bytes(share[:2]) if share else None
    if group is not None and group not in shares:
        raise Unobserved(Absence.NOT_COLLECTED, "a group that we have no key for")
    shares = shares if group is None else {group: shares[group]}
    more = (*wanted.more, (_COOKIE, cookie)) if cookie else wanted.more
    hello = client_hello(TLS13, host, replace(wanted, shares=tuple(shares.items()), more=more))
    try:
        kind, body = next(messages(reply.data))
        return hello, secrets13.replaced(first, retry.suite) + bytes([kind]) + len(body).to_bytes(3) + body
    except TlsParseError as error:
        raise Unobserved(Absence.MALFORMED, f"no answer of TLS: {error}") from None


def _flight_over(transcript: bytes) -> Callable[[bytes], bool]:
    """Whether what came in answer to the last message of a transcript needs no more, or can be none."""

    def over(data: bytes) -> bool:
        try:
            found = answer(data)
            if not isinstance(found, ServerHello):
                return isinstance(found, Alert) and found.final
            return found.version != TLS13 or found.retry or _read(transcript, found, data) is not None
        except (TlsParseError, Unobserved):
            return True

    return over


def _read(transcript: bytes, found: ServerHello, data: bytes) -> tuple[Behind, Secrets, bytes] | None:
    """What the server's flight says, the secrets, and the transcript up to its Finished; None while it is not whole."""
    share = Cursor(found.extension(_KEY_SHARE) or b"")
    group, public = share.number(2), share.vector(2)
    kind, body = next(messages(data))
    transcript += bytes([kind]) + len(body).to_bytes(3) + body
    secrets = secrets13.agreed(found.suite, group, public, transcript)
    said = Behind(found)
    for each, inner in _opened(secrets13.protected(secrets.server, secrets.suite), data):
        transcript += bytes([each]) + len(inner).to_bytes(3) + inner
        if each == _ENCRYPTED_EXTENSIONS:
            said = replace(said, extensions=tuple(_extensions(Cursor(inner))))
        elif each == _CERTIFICATE_REQUEST:
            said = replace(said, asks_certificate=True)
        elif each == CERTIFICATE:
            said = replace(said, chain=tuple(_chain(Cursor(inner))))
        elif each == _FINISHED:
            return said, secrets, transcript
    return None


def _opened(keys: Protection, data: bytes) -> Iterator[tuple[int, bytes]]:
    """Whole handshake messages of the protected records."""
    stream = bytearray()
    sealed = ((kind, fragment) for kind, fragment in complete(data) if kind == APPLICATION_DATA)
    for sequence, (kind, fragment) in enumerate(sealed):
        header = bytes([kind]) + b"\3\3" + len(fragment).to_bytes(2)
        content, plain = keys.opened(sequence, header, fragment)
        if content == ALERT:
            raise Unobserved(Absence.REFUSED, f"TLS alert {plain[-1]}")
        if content != HANDSHAKE:
            continue
        stream += plain
        while len(stream) >= 4 and len(stream) >= 4 + int.from_bytes(stream[1:4]):
            end = 4 + int.from_bytes(stream[1:4])
            yield stream[0], bytes(stream[4:end])
            del stream[:end]


def _extensions(cursor: Cursor) -> Iterator[tuple[int, bytes]]:
    listed = Cursor(cursor.vector(2))
    while listed.left:
        yield listed.number(2), listed.vector(2)


def _chain(cursor: Cursor) -> Iterator[bytes]:
    cursor.vector(1)
    listed = Cursor(cursor.vector(3))
    while listed.left:
        yield listed.vector(3)
        listed.vector(2)


def _farewell(said: Behind, secrets: Secrets, transcript: bytes, ours: Protection) -> bytes:
    """Our Finished, with no certificate where one is asked for, and close_notify, which ends the wait for tickets."""
    handshake = secrets13.protected(secrets.client, secrets.suite)
    sealed, sequence = b"", 0
    if said.asks_certificate:
        empty = bytes([CERTIFICATE]) + (4).to_bytes(3) + bytes(4)
        sealed, sequence = handshake.sealed(0, HANDSHAKE, empty), 1
        transcript += empty
    verify = secrets.finished(transcript)
    finished = bytes([_FINISHED]) + len(verify).to_bytes(3) + verify
    sealed += handshake.sealed(sequence, HANDSHAKE, finished)
    return _CCS + sealed + ours.sealed(0, ALERT, _CLOSE_NOTIFY)


def _with_tickets(said: Behind, theirs: Protection, after: Reply) -> Behind:
    """What came after our farewell: an alert that is no close_notify tells of a handshake that was not finished."""
    tickets = []
    try:
        for kind, body in _opened(theirs, after.data):
            if kind == _NEW_TICKET:
                tickets.append(_ticket(Cursor(body)))
    except TlsParseError:
        return replace(said, tickets=tuple(tickets))
    except Unobserved as gap:  # an alert: close_notify ends it as it should
        return replace(said, finished=gap.detail.endswith(" 0"), tickets=tuple(tickets))
    return replace(said, finished=bool(tickets) or after.ended == "closed", tickets=tuple(tickets))


def _ticket(cursor: Cursor) -> Ticket:
    """RFC 8446, section 4.6.1."""
    lifetime = cursor.number(4)
    cursor.take(4)
    cursor.vector(1)
    cursor.vector(2)
    extensions = dict(_extensions(cursor))
    return Ticket(lifetime, int.from_bytes(extensions.get(_EARLY_DATA, b"")))
