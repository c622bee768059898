"""Source expressions: what each is (CSP Level 3, 2.3.1) and which URLs it matches (6.7.2.8 to 6.7.2.12)."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from urllib.parse import unquote, urlsplit

from ..http.suffixes import is_public_suffix

Kind = Literal["keyword", "nonce", "hash", "scheme", "host", "void"]

KEYWORDS = frozenset(
    (
        "'self'", "'unsafe-inline'", "'unsafe-eval'", "'strict-dynamic'", "'unsafe-hashes'", "'report-sample'",
        "'unsafe-allow-redirects'", "'wasm-unsafe-eval'", "'trusted-types-eval'", "'report-sha256'",
        "'report-sha384'", "'report-sha512'", "'unsafe-webtransport-hashes'", "'inline-speculation-rules'",
    )
)  # fmt: skip

_SCHEME = r"[a-z][a-z0-9+.\-]*"
_BASE64 = r"[a-z0-9+/_\-]+={0,2}"
_SCHEME_SOURCE = re.compile(rf"({_SCHEME}):", re.IGNORECASE)
_NONCE = re.compile(rf"'nonce-({_BASE64})'", re.IGNORECASE)
_HASH = re.compile(rf"'sha(256|384|512)-{_BASE64}'", re.IGNORECASE)
_HOST_SOURCE = re.compile(
    rf"(?:(?P<scheme>{_SCHEME})://)?(?P<host>\*|(?:\*\.)?[a-z0-9\-_]+(?:\.[a-z0-9\-_]+)*\.?)"
    r"(?::(?P<port>\d+|\*))?(?P<path>/[^?#]*)?(?:[?#].*)?",
    re.IGNORECASE,
)
_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_WIDENS = {"http": ("https",), "ws": ("wss", "http", "https"), "wss": ("https",)}


@dataclass(frozen=True, slots=True)
class Url:
    """What matching needs of a URL: a port that is the scheme's own is None, as the URL Standard has it."""

    scheme: str
    host: str = ""
    port: int | None = None
    path: str = "/"


def at(url: str) -> Url:
    """The parts of an absolute web address."""
    parts = urlsplit(url)
    port = parts.port if parts.port != _PORTS.get(parts.scheme) else None
    return Url(parts.scheme, parts.hostname or "", port, parts.path)


@dataclass(frozen=True, slots=True)
class Source:
    """One expression. Scheme, host, port and path are empty where it does not name them; names in lower case."""

    text: str
    kind: Kind
    scheme: str = ""
    host: str = ""
    port: str = ""
    path: str = ""

    @property
    def reaches_strangers(self) -> bool:
        """It matches sites that anybody can have: any host, `data:`, or `*.` before a public suffix."""
        if self.kind == "scheme":
            return self.scheme == "data" or bool({"http", "https"} & {self.scheme, *_WIDENS.get(self.scheme, ())})
        if self.kind != "host" or (self.scheme and self.scheme not in _PORTS):
            return False
        return self.host == "*" or (self.host.startswith("*.") and is_public_suffix(self.host[2:].rstrip(".")))


@lru_cache(maxsize=1_024)
def read(text: str) -> Source:
    """The expression as the grammar has it; `void` where it has not, and browsers pass over it.

    Hosts may hold underscores, as they may in browsers; a query is dropped, as browsers do.
    """
    folded = text.lower()
    if folded in KEYWORDS:
        return Source(folded, "keyword")
    if _NONCE.fullmatch(text):
        return Source(text, "nonce")
    if _HASH.fullmatch(text):
        return Source(text, "hash")
    if scheme := _SCHEME_SOURCE.fullmatch(text):
        return Source(folded, "scheme", scheme=scheme[1].lower())
    if host := _HOST_SOURCE.fullmatch(text):
        scheme_part, port, path = host["scheme"] or "", host["port"] or "", host["path"] or ""
        return Source(text, "host", scheme_part.lower(), host["host"].lower(), port, path)
    return Source(text, "void")


@lru_cache(maxsize=64)
def read_all(values: tuple[str, ...]) -> tuple[Source, ...]:
    """A source list; `'none'` is an expression of no effect, alone or beside others."""
    return tuple(read(value) for value in dict.fromkeys(values))


def nonce_of(source: Source) -> str:
    """The value inside a nonce expression."""
    found = _NONCE.fullmatch(source.text)
    return found[1] if found else ""


def matches(source: Source, url: Url, own: Url) -> bool:
    """Whether a URL that was not redirected to matches an expression of a page at `own`."""
    if source.text == "*" and url.scheme in ("http", "https"):
        return True
    if source.kind == "keyword":
        return source.text == "'self'" and _is_self(url, own)
    if source.kind == "scheme":
        return _scheme_matches(source.scheme, url.scheme)
    if source.kind != "host" or not url.host:
        return False
    return (
        _scheme_matches(source.scheme or own.scheme, url.scheme)
        and _host_matches(source.host, url.host)
        and _port_matches(source.port, url)
        and _path_matches(source.path, url.path)
    )


def _is_self(url: Url, own: Url) -> bool:
    if url.host != own.host:
        return False
    if (url.scheme, url.port) == (own.scheme, own.port):
        return True
    ports_agree = url.port == own.port
    return ports_agree and (url.scheme in ("https", "wss") or (own.scheme == "http" and url.scheme == "ws"))


def _scheme_matches(wanted: str, scheme: str) -> bool:
    return wanted == scheme or scheme in _WIDENS.get(wanted, ())


def _host_matches(pattern: str, host: str) -> bool:
    if pattern == "*":
        return True
    return host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern


def _port_matches(wanted: str, url: Url) -> bool:
    if wanted in ("*", ""):
        return wanted == "*" or url.port is None
    number = int(wanted[-9:]) if len(wanted.lstrip("0")) <= 5 else -1
    return number == (url.port or _PORTS.get(url.scheme))


def _path_matches(wanted: str, path: str) -> bool:
    """A path that ends with a slash matches all below it, any other only itself."""
    if not wanted or (wanted == "/" and not path):
        return True
    parts, given = wanted.split("/"), path.split("/")
    if wanted.endswith("/"):
        parts.pop()
    elif len(parts) != len(given):
        return False
    if len(parts) > len(given):
        return False
    return all(unquote(part) == unquote(piece) for part, piece in zip(parts, given, strict=False))
