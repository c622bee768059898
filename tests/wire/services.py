"""Small mail, directory and database servers that let TLS begin within their protocol, or refuse to.

    with services.running("smtp", context) as port: ...

They speak as the RFCs have it (SMTP 5321 and 3207, IMAP 9051, POP3 1939 and 2595, LDAP 4511) and PostgreSQL's
protocol has it, each with a greeting of several lines or octets where there may be one.
"""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.wire.listener import Listener, listening


def _smtp(connection: socket.socket, *, offers: bool) -> bool:
    connection.sendall(b"220-surat.contoh.go.id ESMTP\r\n220 siap\r\n")
    assert connection.recv(512).upper().startswith(b"EHLO ")
    connection.sendall(b"250-surat.contoh.go.id\r\n250-SIZE 1000\r\n")
    connection.sendall(b"250-STARTTLS\r\n250 8BITMIME\r\n" if offers else b"250 8BITMIME\r\n")
    if connection.recv(512).upper() != b"STARTTLS\r\n" or not offers:
        return False
    connection.sendall(b"220 2.0.0 Ready\r\n")
    return True


def _imap(connection: socket.socket, *, offers: bool) -> bool:
    connection.sendall(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] siap\r\n")
    tag, _, command = connection.recv(512).strip().partition(b" ")
    assert command.upper() == b"STARTTLS"
    if not offers:
        connection.sendall(tag + b" BAD tidak dikenal\r\n")
        return False
    connection.sendall(b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK mulai\r\n")
    return True


def _pop3(connection: socket.socket, *, offers: bool) -> bool:
    connection.sendall(b"+OK siap\r\n")
    assert connection.recv(512) == b"STLS\r\n"
    connection.sendall(b"+OK mulai\r\n" if offers else b"-ERR tidak dikenal\r\n")
    return offers


def _ldap(connection: socket.socket, *, offers: bool) -> bool:
    """LDAPMessage { 1, extendedResp { resultCode, matchedDN "", diagnosticMessage "" } }."""
    asked = connection.recv(512)
    assert asked == bytes.fromhex("301d02010177188016") + b"1.3.6.1.4.1.1466.20037"
    body = b"\x0a\x01" + (b"\x00" if offers else b"\x02") + b"\x04\x00\x04\x00"
    answer = b"\x02\x01\x01" + b"\x78" + bytes([len(body)]) + body
    connection.sendall(b"\x30" + bytes([len(answer)]) + answer)
    return offers


def _postgresql(connection: socket.socket, *, offers: bool) -> bool:
    assert connection.recv(512) == bytes.fromhex("0000000804d2162f")
    connection.sendall(b"S" if offers else b"N")
    return offers


SPEAKERS: dict[str, Callable[..., bool]] = {
    "smtp": _smtp,
    "imap": _imap,
    "pop3": _pop3,
    "ldap": _ldap,
    "postgresql": _postgresql,
}


@contextmanager
def running(scheme: str, context: ssl.SSLContext | None) -> Iterator[Listener]:
    """Serve until the block ends; without a context TLS is refused."""

    def talk(connection: socket.socket, _: Listener) -> None:
        if not SPEAKERS[scheme](connection, offers=context is not None) or context is None:
            return
        with context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(1)

    with listening(talk) as seen:
        yield seen
