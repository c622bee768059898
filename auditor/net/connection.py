"""One socket to one address, plain or TLS, every wait on it bounded by a deadline."""

import errno
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar, cast

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net.deadline import Deadline
from auditor.net.guard import literal
from auditor.net.script import Script, Turn
from auditor.net.stream import BLOCK, Stream
from auditor.net.tls import alert_in
from auditor.net.wire import Reply

T = TypeVar("T")

_CAP = 65_536
"""Octets of one turn."""

CONNECTION_REFUSED = "connection refused"
"""Detail of the absence where nothing listens on the port, unlike a close or a reset of what does."""
_OUT_OF_FILES = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


@contextmanager
def named(deadline: Deadline) -> Iterator[None]:
    """Give what goes wrong with a socket the name of its absence."""
    try:
        yield
    except TimeoutError:
        raise deadline.passed() from None
    except ssl.SSLError as error:
        raise _named_tls(error) from None
    except ConnectionError as error:
        refused = isinstance(error, ConnectionRefusedError)
        detail = CONNECTION_REFUSED if refused else "connection reset"
        raise Unobserved(Absence.REFUSED, detail) from None
    except OSError as error:
        reason = Absence.LIMITED if error.errno in _OUT_OF_FILES else Absence.UNREACHABLE
        raise Unobserved(reason, (error.strerror or type(error).__name__).lower()) from None


def _named_tls(error: ssl.SSLError) -> Unobserved:
    if isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        return Unobserved(Absence.REFUSED, "closed within the TLS conversation")
    if alert := alert_in(error):
        return Unobserved(Absence.REFUSED, f"TLS alert {alert}")
    return Unobserved(Absence.MALFORMED, f"TLS fault {(error.reason or 'unknown').lower()}")


def dial(address: str, port: int, deadline: Deadline) -> socket.socket:
    """A TCP connection.

    Raises:
        Unobserved: UNREACHABLE, REFUSED, LIMITED (no free sockets here), or the deadline's own absence.
    """
    with named(deadline):
        connected = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        try:
            connected.settimeout(deadline.left())
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connected.connect((address, port))
        except BaseException:
            connected.close()
            raise
    return connected


def secure(plain: socket.socket, context: ssl.SSLContext, host: str, deadline: Deadline) -> ssl.SSLSocket:
    """Shake hands; SNI is sent for names only (RFC 6066 section 3). On failure the socket is closed.

    Raises:
        Unobserved: REFUSED (alert, closed, reset), MALFORMED, or the deadline's own absence.
    """
    name = None if literal(host) else host
    try:
        with named(deadline):
            plain.settimeout(deadline.left())
            # With ragged ends suppressed, Python would give a reset as a regular end of the data.
            return context.wrap_socket(plain, server_hostname=name, suppress_ragged_eofs=False)
    except BaseException:
        plain.close()
        raise


def follow(script: Script[T], plain: socket.socket, deadline: Deadline) -> T:
    """What a script finds out over a connection of its own; its turns may have no patience of theirs.

    Raises:
        Unobserved: as the script does, UNREACHABLE, or the deadline's own absence; the socket is closed then.
    """
    try:
        turn = next(script)
        while True:
            turn = script.send(_taken(turn, plain, deadline))
    except StopIteration as end:
        return cast("T", end.value)
    except BaseException:
        plain.close()
        raise


def _taken(turn: Turn, plain: socket.socket, deadline: Deadline) -> Reply:
    data = b""
    with named(deadline):
        try:
            plain.settimeout(deadline.left())
            plain.sendall(turn.payload)
            while len(data) < _CAP:
                plain.settimeout(deadline.left())
                block = plain.recv(BLOCK)
                data += block
                if not block:
                    return Reply(data, "closed")
                if turn.enough(data):
                    return Reply(data, "enough")
        except ConnectionError:
            return Reply(data, "reset")
    return Reply(data, "cap")


class Connection:
    """An open connection that requests are sent over, one after the other."""

    __slots__ = ("_deadline", "_socket", "address", "answers", "stream")

    def __init__(self, connected: socket.socket, address: str, deadline: Deadline) -> None:
        self._socket, self.address, self._deadline = connected, address, deadline
        self.stream = Stream(self._more)
        self.answers = 0
        """Exchanges that this connection carried to their end."""

    def send(self, data: bytes, deadline: Deadline) -> None:
        """Send everything; reads that follow end at `deadline` too.

        A peer that no longer listens may have said why: that is for the read that follows to find.

        Raises:
            Unobserved: the deadline's own absence, UNREACHABLE.
        """
        self._deadline = deadline
        with named(deadline), suppress(ConnectionError, ssl.SSLEOFError):
            self._socket.settimeout(deadline.left())
            self._socket.sendall(data)

    def _more(self) -> bytes:
        with named(self._deadline):
            self._socket.settimeout(self._deadline.left())
            return self._socket.recv(BLOCK)

    def close(self) -> None:
        """Drop it without a farewell: the peer could make us wait for one."""
        self._socket.close()
