"""One HTTP/1.1 request and its answer over an open connection."""

import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from auditor import __version__
from auditor.net.address import Address
from auditor.net.body import read_body
from auditor.net.connection import Connection
from auditor.net.dates import parse_date
from auditor.net.deadline import Deadline
from auditor.net.head import Head, read_head
from auditor.net.wire import Field, Limits, Response

AGENT = f"auditor/{__version__}"
"""How we name ourselves, alone or behind what else a User-Agent says."""
# Asked as a browser asks, so that the page is the one that visitors get; the name is honest.
_USUAL = (
    Field("User-Agent", AGENT),
    Field("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"),
    Field("Accept-Language", "id,en;q=0.5"),
    Field("Accept-Encoding", "gzip, deflate"),
    Field("Connection", "keep-alive"),
)
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for; `fields` replace the usual ones of the same name, `cap` bounds the decoded body."""

    address: Address
    method: str
    fields: tuple[Field, ...]
    cap: int
    body: bytes = b""
    """What is sent along, of the type that `fields` say."""

    @property
    def upgrades(self) -> bool:
        """Whether another protocol is asked for (RFC 9110, section 7.8)."""
        return any(item.name.lower() == "upgrade" for item in self.fields)

    def encode(self) -> bytes:
        """The bytes to send.

        Raises:
            ValueError: the method or a field holds a control byte.
        """
        replaced = {item.name.lower() for item in self.fields}
        host = Field("Host", self.address.authority)
        usual = [item for item in (host, *_USUAL) if item.name.lower() not in replaced]
        lines = [f"{self.method} {self.address.resource} HTTP/1.1"]
        size = (Field("Content-Length", str(len(self.body))),) if self.body else ()
        lines += [f"{item.name}: {item.value}" for item in (*usual, *self.fields, *size)]
        if any(_CONTROLS.search(line) for line in lines):
            raise ValueError("a request line or field holds a control byte")
        return "".join(f"{line}\r\n" for line in (*lines, "")).encode("latin-1") + self.body


def exchange(connection: Connection, request: Request, limits: Limits, deadline: Deadline) -> tuple[Response, bool]:
    """Send and read; the second value says whether the connection may carry another exchange.

    Raises:
        Unobserved: no complete head came back.
    """
    started = time.monotonic()
    connection.send(request.encode(), deadline)
    stream = connection.stream
    head = read_head(stream, max_bytes=limits.header, max_fields=limits.fields, upgrade=request.upgrades)
    body = read_body(stream, head, method=request.method, cap=request.cap, ratio=limits.ratio)
    connection.answers += 1
    response = Response(
        request.address.url,
        head.status,
        head.reason,
        head.version,
        head.fields,
        body.data,
        complete=body.complete,
        head_complete=head.complete,
        faults=tuple(sorted(head.faults | body.faults)),
        address=connection.address,
        took_ms=round((time.monotonic() - started) * 1000),
    )
    return response, head.status != 101 and body.ended and not stream.pending and _persists(head)


def _persists(head: Head) -> bool:
    """RFC 9112 section 9.3."""
    wishes = head.listed("connection")
    return "close" not in wishes and (head.version == "1.1" or "keep-alive" in wishes)


def retry_after(response: Response) -> float | None:
    """Seconds that the server asks to wait (RFC 9110 section 10.2.3), if it asks."""
    value = response.first("retry-after") or ""
    if value.isascii() and value.isdigit():
        return float(value[:9])
    moment = parse_date(value)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds()) if moment else None
