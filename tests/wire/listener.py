"""A loopback listener that counts its connections and hands each to a function of the test."""

import contextlib
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from auditor.model import Endpoint


@dataclass(slots=True)
class Listener:
    """Where it listens, and what it saw."""

    endpoint: Endpoint
    connections: int = 0
    requests: list[str] = field(default_factory=list)
    """Request lines, where the function reads them with `requests_of`."""


Talk = Callable[[socket.socket, Listener], None]


@contextlib.contextmanager
def listening(talk: Talk, context: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> Iterator[Listener]:
    """Serve until the block ends; a connection is closed when `talk` returns."""
    over: list[socket.socket] = []

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            seen.connections += 1
            over.append(self.request)
            self.request.settimeout(5)
            self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with contextlib.suppress(OSError):
                if context is None:
                    talk(self.request, seen)
                    return
                with context.wrap_socket(self.request, server_side=True) as secured:
                    over.append(secured)
                    talk(secured, seen)

    class Server(socketserver.ThreadingTCPServer):
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

    with Server((host, 0), Handler) as server:
        seen = Listener(Endpoint(host, server.server_address[1]))
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield seen
        finally:
            server.shutdown()
            thread.join()
            for connection in over:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


def heads_of(connection: socket.socket, seen: Listener) -> Iterator[str]:
    """Heads of requests as they come in, without their last line ends, until the peer hangs up."""
    heard = b""
    while True:
        while b"\r\n\r\n" not in heard:
            block = connection.recv(65_536)
            if not block:
                return
            heard += block
        request, heard = heard.split(b"\r\n\r\n", 1)
        head = request.decode("latin-1")
        seen.requests.append(head.split("\r\n", 1)[0])
        yield head


def requests_of(connection: socket.socket, seen: Listener) -> Iterator[str]:
    """Request lines as they come in, until the peer hangs up."""
    for head in heads_of(connection, seen):
        yield head.split("\r\n", 1)[0]


def answering(*answers: bytes) -> Talk:
    """Answer request after request, the last answer for ever, on one kept connection."""

    def talk(connection: socket.socket, seen: Listener) -> None:
        for _ in requests_of(connection, seen):
            connection.sendall(answers[min(len(seen.requests), len(answers)) - 1])

    return talk


def page(body: bytes = b"hai", *fields: str, status: int = 200) -> bytes:
    """A sound answer."""
    lines = [f"HTTP/1.1 {status} X", *fields, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body
