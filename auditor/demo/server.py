"""A small threaded web server: fixed answers, exact header fields, over TLS or in the clear."""

import contextlib
import socket
import socketserver
import ssl
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler

from auditor.model import Endpoint

_IDLE = 10.0
"""Seconds a visitor may keep silent."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One response: status, header fields in the order they are sent, body."""

    status: int
    fields: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Pages:
    """What a server says: an answer by path, and one for every other path."""

    by_path: Mapping[str, Answer]
    otherwise: Answer
    upgrade_to: str = ""
    """Origin to which every request is redirected, path and query kept; then nothing else is answered."""


@contextlib.contextmanager
def serving(pages: Pages, context: ssl.SSLContext | None = None) -> Iterator[Endpoint]:
    """Serve on a free loopback port until the block ends; every connection and thread is gone after it."""
    with _Server(pages, context) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="demo-site")
        thread.start()
        try:
            yield Endpoint("127.0.0.1", server.server_address[1])
        finally:
            server.shutdown()
            thread.join()
            server.hang_up()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "demo", ""
    timeout = _IDLE
    disable_nagle_algorithm = True
    """Head and body are two writes: the second would wait for the visitor's delayed ACK of the first, 40 ms."""
    server: "_Server"

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        pages = self.server.pages
        if pages.upgrade_to:
            answer = Answer(301, (("Location", pages.upgrade_to + self.path),))
        else:
            answer = pages.by_path.get(self.path.partition("?")[0], pages.otherwise)
        self.send_response_only(answer.status)
        self.send_header("Date", self.date_time_string())
        for name, value in answer.fields:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if with_body:
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Say nothing: the terminal belongs to the audit."""


class _Server(socketserver.ThreadingTCPServer):
    request_queue_size = 64

    def __init__(self, pages: Pages, context: ssl.SSLContext | None) -> None:
        self.pages, self._context = pages, context
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        connection, address = super().get_request()
        connection.settimeout(_IDLE)
        if self._context is not None:
            # Hands are shaken with the first read, in the visitor's own thread.
            connection = self._context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        with self._lock:
            self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        if isinstance(request, socket.socket):
            with self._lock:
                self._open.discard(request)
        if isinstance(request, ssl.SSLSocket):
            with contextlib.suppress(OSError, ValueError):
                request.settimeout(0)
                request.unwrap()  # sends close_notify (RFC 8446, 6.1) and does not wait for the answer
        super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """A visitor who breaks off or cannot agree on TLS is no news; anything else is a fault of ours."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    def hang_up(self) -> None:
        """End the connections still open, so that their threads end."""
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)
