"""What a crawl brings back, as frozen values."""

import zlib
from dataclasses import dataclass, field, replace

from auditor.model import Absence, Target
from auditor.net.crawl.spelling import shown
from auditor.net.wire import Response

USUAL = 100
"""Requests of a crawl where the site is spoken to at a polite rate."""
WIDE = 1_000
"""The same at a local address without a rate, where no one is waited for."""


def requests(target: Target) -> int:
    """The requests that the crawl of a target may make, robots.txt, sitemaps and redirects included."""
    return target.pages or (WIDE if target.rate is None and target.stays_inside else USUAL)


@dataclass(frozen=True, slots=True)
class Document:
    """One answer of the crawl: a page, a file, a redirect or an error, in the order of the crawl."""

    head: Response
    """The answer without its body."""
    packed: bytes = field(repr=False)
    depth: int = 0
    """Links from the home page."""
    found_on: str = ""
    """URL of the page, sitemap or redirect that named it; empty for the home page."""
    links: tuple[str, ...] = field(default=(), repr=False)
    """Canonical http(s) URLs that it refers to, in scope or not, each once, in the order found."""
    deflated: bool = False

    @classmethod
    def of(cls, response: Response, *, depth: int, found_on: str, links: tuple[str, ...]) -> "Document":
        """The document of an answer, its body compressed where that is worth it."""
        packed = zlib.compress(response.body, 1)
        deflated = len(packed) < len(response.body)
        body = packed if deflated else response.body
        return cls(replace(response, body=b""), body, depth, found_on, links, deflated)

    def emptied(self) -> "Document":
        """The document without its body, which is then not complete."""
        return replace(self, head=replace(self.head, complete=False), packed=b"", deflated=False)

    @property
    def url(self) -> str:
        """Canonical URL. It may hold personal data: what leaves the check is `name`."""
        return self.head.url

    @property
    def name(self) -> str:
        """The URL as facts name it: without the values of its query."""
        return shown(self.head.url)

    @property
    def status(self) -> int:
        """HTTP status."""
        return self.head.status

    @property
    def content_type(self) -> str:
        """Media type in lower case without parameters, empty where none was sent."""
        return (self.head.first("content-type") or "").partition(";")[0].strip().lower()

    @property
    def complete(self) -> bool:
        """False when the body was cut at a cap, broken off, or could not be decoded."""
        return self.head.complete

    @property
    def body(self) -> bytes:
        """The body, content-decoded, cut at `Limits.document`."""
        return zlib.decompress(self.packed) if self.deflated else self.packed

    @property
    def response(self) -> Response:
        """The answer with its body, as `Network.get` would give it."""
        return replace(self.head, body=self.body)


@dataclass(frozen=True, slots=True)
class Sitemap:
    """One sitemap file (sitemaps.org): what it lists, hosts out of scope included."""

    url: str
    found_on: str
    locations: tuple[str, ...] = field(repr=False)
    complete: bool
    """False when it was cut at a cap or broken off."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A URL that was asked for and gave no usable answer."""

    url: str
    reason: Absence
    detail: str

    @property
    def name(self) -> str:
        """The URL as facts name it."""
        return shown(self.url)


@dataclass(frozen=True, slots=True)
class Crawl:
    """A finished crawl."""

    documents: tuple[Document, ...]
    sitemaps: tuple[Sitemap, ...] = ()
    missed: tuple[Missed, ...] = ()
    budget: int = 0
    """Requests that it was allowed."""
    requests: int = 0
    """Requests that it made; the home page, which every check shares, is not among them."""
    left: int = 0
    """URLs known and not asked for when it ended."""
    withheld: int = 0
    """URLs that robots.txt, or their look of an action such as a deletion, kept it from."""
    traps: tuple[str, ...] = ()
    """Names of URLs beyond which it did not follow endless variations, at most one a family."""
    reason: Absence | None = None
    """Why it was cut off before its budget was used; None where it saw all it could reach or used its budget."""
    detail: str = ""

    @property
    def covered(self) -> bool:
        """Whether it was looked everywhere that the declared budget allows."""
        return self.reason is None
