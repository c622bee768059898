"""What is scanned, for whom, and by whose leave."""

from dataclasses import dataclass
from datetime import date
from ipaddress import IPv6Address, ip_address

from auditor.model.vocabulary import Category, Level

WEB = {"https": 443, "http": 80}
"""Schemes of web sites, with their default ports."""
SERVICES = {"smtp": 25, "imap": 143, "pop3": 110, "ldap": 389, "postgresql": 5432}
"""Schemes of services that begin in the clear and go on over TLS (STARTTLS), with their default ports."""
MOST_PAGES = 10_000
"""Requests that a crawl may be allowed."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A host (IP literal or name) and TCP port that a socket goes to instead of the URL's own."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Officer:
    """The named person who answers for the sites of an organisation."""

    name: str
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Organisation:
    """One agency (perangkat daerah) of the inventory."""

    id: str
    name: str
    officer: Officer | None = None
    region: str = ""
    """Kemendagri code, 2, 4 or 6 digits."""


@dataclass(frozen=True, slots=True)
class Authorisation:
    """Leave to scan. Both days are inclusive in the agency's zone."""

    letter: str
    issuer: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    level: Level = Level.STANDARD
    file: str = ""
    file_sha256: str = ""
    scope: tuple[str, ...] = ()
    """Further hosts that may be visited, beside the targets it is given for and their www/apex twins."""
    stated: bool = False
    """True when it is a bare letter number stated by the operator, with no document behind it."""


@dataclass(frozen=True, slots=True)
class Target:
    """One site, as asked for. `url` identifies it in evidence and findings."""

    scheme: str
    host: str
    """A-label name or IP literal without brackets, lower case."""
    port: int
    path: str = "/"
    service: str = ""
    organisation: Organisation | None = None
    region: str = ""
    """Kemendagri code, 2, 4 or 6 digits; chooses the zone in which days end."""
    tags: tuple[str, ...] = ()
    se_category: Category | None = None
    authorisation: Authorisation | None = None
    level: Level = Level.PASSIVE
    """The highest level that may run: what was asked for, cut to what is authorised."""
    requested: Level | None = None
    """The level named by the operator, if any: facts above it are "not requested"."""
    scope: tuple[str, ...] = ()
    """Hosts that redirects may lead to, the target's own and its www/apex twin included."""
    connect: Endpoint | None = None
    """Where the socket of the https side goes, if not to the URL's host and port."""
    connect_http: Endpoint | None = None
    """The same for the plain-http side."""
    rate: int | None = None
    """HTTP requests a second, when the operator fixed it."""
    pages: int | None = None
    """Requests of the crawl, when the operator fixed it."""
    policies: tuple[str, ...] = ()
    """Policies that the inventory names for this target; empty means the run's own."""

    @property
    def url(self) -> str:
        """Canonical URL: default port left out, IPv6 in brackets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        default = (WEB | SERVICES)[self.scheme]
        port = "" if self.port == default else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"

    @property
    def stays_inside(self) -> bool:
        """Whether every socket goes to a loopback or private address that the operator wrote."""
        ends = [end for end in (self.connect, self.connect_http) if end]
        own = self.connect if self.scheme == "https" else self.connect_http or self.connect
        hosts = [end.host for end in ends] if own else [self.host, *(end.host for end in ends)]
        return all(map(_is_inside, hosts))


def _is_inside(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_private or address.is_loopback or address.is_link_local
