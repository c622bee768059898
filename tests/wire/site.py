"""A scriptable HTTP(S) server on loopback that answers each path with exactly the bytes it is given.

    with Site({"/": reply(200, "Set-Cookie: a=b", body=b"<title>x</title>")}) as plain, \
            Site({"/": reply(301, "Location: https://contoh.go.id/x")}, tls=True) as secure:
        target = aim(secure, plain)

One connection serves one request and is closed, so what is written is what arrives. Keys are paths with
their query (`/a?b`), `host/path` where a name has pages of its own, or `*` for everything else.
"""

import contextlib
import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

import trustme

from auditor.model import Endpoint, Level, Target

NAME = "contoh.go.id"
TWIN = "www.contoh.go.id"


@dataclass(frozen=True, slots=True)
class Cut:
    """Send these bytes, then reset the connection."""

    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Stall:
    """Send these bytes, then say nothing more until the peer hangs up or the site stops."""

    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as received."""

    method: str
    target: str
    host: str
    raw: bytes = field(repr=False)


Answer = bytes | Cut | Stall
Page = Answer | Sequence[Answer] | Callable[[Request], Answer]
"""A sequence is used up one answer a request, the last one repeated."""


def reply(status: int = 200, *fields: str, body: bytes = b"", kind: str | None = "text/html") -> bytes:
    """A well-formed response with the fields as written, a length, and `kind` as content type (None: no type)."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unassigned"
    lines = [f"HTTP/1.1 {status} {phrase}", *fields]
    lines += [f"Content-Type: {kind}"] if kind else []
    lines += [f"Content-Length: {len(body)}", "Connection: close"]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


NOT_FOUND = reply(404, body=b"<!doctype html><title>404 Not Found</title><h1>Not Found</h1>")


@cache
def authority() -> trustme.CA:
    """The root that signs every `tls=True` site of this process."""
    return trustme.CA()


@cache
def server_context() -> ssl.SSLContext:
    """A server context for the names of this module and 127.0.0.1."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority().issue_cert(NAME, TWIN, "127.0.0.1").configure_cert(context)
    return context


class Site:
    """The server. `requests` are those received so far, `port` where it listens on 127.0.0.1."""

    def __init__(self, pages: Mapping[str, Page], *, tls: bool | ssl.SSLContext = False) -> None:
        self.pages = dict(pages)
        self.requests: list[Request] = []
        self._context = server_context() if tls is True else tls or None
        self._served: dict[str, int] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self.endpoint = Endpoint("127.0.0.1", self.port)

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    @property
    def paths(self) -> list[str]:
        """Request targets received, in order."""
        return [request.target for request in self.requests]

    def show(self, pages: Mapping[str, Page]) -> None:
        """Serve these pages from now on, in place of all others."""
        with self._lock:
            self.pages = dict(pages)
            self._served.clear()
            self.requests.clear()

    def _start(self, run: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=run, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return  # shut down
            self._start(self._serve, peer)

    def _serve(self, peer: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), contextlib.closing(peer):
            peer.settimeout(5)
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            stream = self._context.wrap_socket(peer, server_side=True) if self._context else peer
            with contextlib.closing(stream):
                request = _read(stream)
                if request is None:
                    return
                answer = self._answer(request)
                self._send(stream, answer)

    def _answer(self, request: Request) -> Answer:
        with self._lock:
            self.requests.append(request)
            keys = (request.host + request.target, request.target, "*")
            key = next((key for key in keys if key in self.pages), None)
            if key is None:
                return NOT_FOUND
            page = self.pages[key]
            if isinstance(page, (bytes, Cut, Stall)):
                return page
            if callable(page):
                return page(request)
            turn = self._served.get(key, 0)
            self._served[key] = turn + 1
            return page[min(turn, len(page) - 1)]

    def _send(self, stream: socket.socket, answer: Answer) -> None:
        data = answer if isinstance(answer, bytes) else answer.data
        if data:
            stream.sendall(data)
        if isinstance(answer, Cut):
            self._stop.wait(0.05 if data else 0)  # a reset overtakes what the peer has not read yet
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif isinstance(answer, Stall):
            stream.settimeout(0.05)
            while not self._stop.is_set():
                with contextlib.suppress(TimeoutError):
                    if not stream.recv(4096):
                        return
        elif isinstance(stream, ssl.SSLSocket):
            stream.unwrap()
        else:
            stream.shutdown(socket.SHUT_WR)
            stream.recv(1)


def _read(stream: socket.socket) -> Request | None:
    data = b""
    while b"\r\n\r\n" not in data and len(data) < 65_536:
        part = stream.recv(65_536)
        if not part:
            return None
        data += part
    method, target, _ = data.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
    host = re.search(rb"(?im)^host:[ \t]*([^\r\n]*)", data)
    name = host.group(1).decode("latin-1").strip() if host else ""
    return Request(method, target, re.sub(r":\d+$", "", name).lower(), data)


def aim(
    secure: Site | Endpoint | None = None, plain: Site | Endpoint | None = None, *, path: str = "/", **more: Any
) -> Target:
    """A target named contoh.go.id whose https side is `secure` and whose plain side is `plain`.

    Without `secure` the target is the plain site itself.
    """
    scheme, port = ("https", 443) if secure else ("http", 80)
    given = {"scope": (NAME, TWIN), "level": Level.STANDARD, "rate": None} | more
    return Target(
        scheme=scheme,
        host=NAME,
        port=port,
        path=path,
        connect=secure.endpoint if isinstance(secure, Site) else secure,
        connect_http=plain.endpoint if isinstance(plain, Site) else plain,
        **given,
    )


def closed_port() -> Endpoint:
    """A port of 127.0.0.1 on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return Endpoint("127.0.0.1", port)
