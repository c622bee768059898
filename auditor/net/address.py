"""URLs as the way out needs them: the parts of one, and where a redirect leads."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

import idna

from auditor.net.guard import literal

PORTS = {"https": 443, "http": 80}
"""Default port by scheme."""
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_CONTROLS = re.compile(r"[\x00-\x20\x7f]")
_REFERENCE = re.compile(r"([^?#]*)([?#]?)(.*)", re.DOTALL)
_SCHEME = re.compile(r"(?:(https?):)?(/*)", re.IGNORECASE)
_IN_PATH = "!$%&'()*+,/:;=@[]|\\"
_IN_QUERY = "!$%&()*+,/:;=@[]|\\?^`{}"
"""Kept as they are, beside letters, digits and `-._~` (WHATWG URL, path and special-query encode sets)."""


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an http or https URL; `resource` is path and query, printable ASCII."""

    scheme: str
    host: str
    port: int
    resource: str

    @property
    def authority(self) -> str:
        """Host, and port where it is not the scheme's own (RFC 9110 section 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole, as it is spelled everywhere."""
        return f"{self.scheme}://{self.authority}{self.resource}"


def parse(url: str) -> Address | None:
    """The parts of an absolute URL, user information and fragment dropped; None when it is not http(s) or broken."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    host = _canonical(host)
    if parts.scheme not in PORTS or not host or port == 0:
        return None
    resource = quote(parts.path or "/", safe=_IN_PATH, errors="replace")
    if parts.query:
        resource += f"?{quote(parts.query, safe=_IN_QUERY, errors='replace')}"
    return Address(parts.scheme, host, port or PORTS[parts.scheme], resource)


def resolve(base: str, reference: str) -> Address | None:
    """A URL or relative reference as seen from `base`; None when it is not http(s) or broken."""
    try:
        return parse(urljoin(base, reference))
    except ValueError:
        return None


def follow(base: str, location: str) -> tuple[str, Address | None]:
    """Where a Location field leads, as browsers read it (WHATWG URL): absolute URL, and its parts if http(s).

    The field's bytes are UTF-8, backslashes are slashes, more slashes before a host are two, outer blanks do not
    count. Control bytes inside make it useless: the URL is empty then.
    """
    text = location.encode("latin-1", "replace").decode("utf-8", "replace").strip()
    if not text or _CONTROLS.search(text.replace(" ", "")):
        return "", None
    place, mark, rest = _REFERENCE.match(text).groups()  # type: ignore[union-attr]  # matches any text
    place = place.replace("\\", "/")
    scheme, slashes = _SCHEME.match(place).groups(default="")  # type: ignore[union-attr]  # the same
    own = urlsplit(base).scheme
    rest = mark + rest
    try:
        if len(slashes) > 1 or scheme.lower() not in ("", own):
            joined = f"{scheme or own}://{place[len(scheme) + bool(scheme) :].lstrip('/')}{rest}"
        else:
            joined = urljoin(base, place[len(scheme) + bool(scheme) :] + rest)
    except ValueError:
        return "", None
    parsed = parse(joined)
    return (parsed.url if parsed else joined), parsed


def _canonical(host: str) -> str:
    """A-label in lower case, or an IP literal; empty when it is neither."""
    if address := literal(host):
        return address
    name = host.removesuffix(".").lower()
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode()
        except idna.IDNAError:
            return ""
    return name if len(name) <= 253 and _HOST.fullmatch(name) else ""
