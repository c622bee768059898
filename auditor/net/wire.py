"""What comes back over the wire, as values: responses, visits, handshakes, raw replies."""

from dataclasses import dataclass, field
from typing import Literal

from auditor.net.content import decode_text
from auditor.net.faults import Fault


@dataclass(frozen=True, slots=True)
class Limits:
    """Every cap of the way out. Times in seconds, sizes in bytes."""

    exchange: float = 15.0
    """Connect, request and whole answer of one exchange, together."""
    target: float = 300.0
    """Everything for one target: ample at the usual rate. What it waits behind others for a polite moment does not
    count; a pause that the server asked for (Retry-After) does, and ends the call as LIMITED at once where it is
    longer than what is left. The crawl has as much again, so that a slow site leaves the other checks their time."""
    header: int = 262_144
    fields: int = 2_000
    body: int = 2_097_152
    """After decompression."""
    ratio: int = 100
    """Decompressed to compressed size, above the first 64 KiB."""
    bodies: int = 16_777_216
    """All bodies kept for one target, together."""
    document: int = 10_485_760
    """One page or file of the crawl, after decompression."""
    crawled: int = 268_435_456
    """All that one crawl reads."""
    kept: int = 67_108_864
    """All that it keeps, compressed."""
    redirects: int = 10
    errors: int = 5
    """Failed exchanges in a row after which a host is left alone."""


@dataclass(frozen=True, slots=True)
class Field:
    """One header field as sent: name and value in ISO-8859-1, outer white space trimmed, obs-fold made a space."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response, read from raw bytes.

    `faults` are the breaches that were tolerated (`auditor.net.faults.Fault`), sorted.
    """

    url: str
    status: int
    reason: str
    version: str
    fields: tuple[Field, ...]
    body: bytes = b""
    """Content-decoded, cut at the cap."""
    complete: bool = True
    """False when the body was cut, broken off or could not be decoded."""
    head_complete: bool = True
    """False when fields were dropped at a cap: then a missing field proves nothing."""
    faults: tuple[Fault, ...] = ()
    address: str = ""
    took_ms: int = 0

    def values(self, name: str) -> tuple[str, ...]:
        """Every value of a field, in the order sent; empty when it was not sent."""
        wanted = name.lower()
        return tuple(item.value for item in self.fields if item.name.lower() == wanted)

    def first(self, name: str) -> str | None:
        """The first value of a field, or None."""
        values = self.values(name)
        return values[0] if values else None

    @property
    def text(self) -> str:
        """The body as text by its declared charset, UTF-8 otherwise, undecodable bytes replaced."""
        return decode_text(self.body, self.first("content-type") or "")


Stop = Literal["", "loop", "out_of_scope", "too_many", "bad_location", "not_allowed"]


@dataclass(frozen=True, slots=True)
class Visit:
    """A GET with the redirects it led through; `hops` holds every response, the final one last.

    Cookies are carried from hop to hop as a browser does, and forgotten with the visit: it is a `loop` when the same
    URL comes again with the same cookies.
    """

    hops: tuple[Response, ...]
    stopped: Stop = ""
    """Why a last redirect was not followed; empty when the final response is no redirect."""
    location: str = ""
    """Absolute URL of the redirect that was not followed."""

    @property
    def final(self) -> Response:
        """The last response that was read."""
        return self.hops[-1]


@dataclass(frozen=True, slots=True)
class Handshake:
    """One full TLS handshake, certificate not verified while shaking hands."""

    version: str
    """`TLSv1.0` ... `TLSv1.3`."""
    suite: str
    """IANA name."""
    alpn: str
    """Negotiated protocol of those offered (h2, http/1.1), or empty."""
    chain: tuple[bytes, ...] = field(repr=False)
    """Certificates as sent, DER, leaf first."""
    address: str = ""
    took_ms: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """What a raw conversation brought: the bytes, and how it ended."""

    data: bytes = field(repr=False)
    ended: Literal["enough", "closed", "reset", "cap", "silent"]
