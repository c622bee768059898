"""Which cookies a browser keeps of a visit, and how (RFC 6265bis, sections 5.6 "Set-Cookie" and 5.7 "Storage Model").

A deletion leaves no cookie. A broken prefix or a Domain that is a public suffix leaves none either: the browser
refuses it, and what the site meant to keep is lost.
"""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from auditor.net import Response

from ..http.suffixes import is_public_suffix

LARGEST = 4_096
"""Octets of name and value together (section 5.6)."""
LARGEST_ATTRIBUTE = 1_024

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_SAME_SITE = {"strict": "Strict", "lax": "Lax", "none": "None"}
_WSP = " \t"

_DELIMITER = re.compile(r"[\t\x20-/;-@\[-`{-~]+")
_TIME = re.compile(r"(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\D.*)?$", re.ASCII)
_DAY = re.compile(r"(\d{1,2})(?:\D.*)?$", re.ASCII)
_YEAR = re.compile(r"(\d{2,4})(?:\D.*)?$", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Cookie:
    """A stored cookie. `same_site` is `Strict`, `Lax`, `None` or `default`; `expires` is None for a session's."""

    name: str
    value: str = field(repr=False)
    domain: str
    path: str
    host_only: bool
    secure: bool
    http_only: bool
    same_site: str
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A field that leaves no cookie although it should, and why. `deletes`: it was to leave none anyway."""

    name: str
    why: str
    deletes: bool = False


def stored(hops: Iterable[Response], now: datetime) -> tuple[Cookie, ...]:
    """Cookies in the jar of a browser that began empty, made these requests, and looks at `now`."""
    return kept_and_refused(hops, now)[0]


def kept_and_refused(hops: Iterable[Response], now: datetime) -> tuple[tuple[Cookie, ...], tuple[Refusal, ...]]:
    """That jar, and what was kept out of it and is under no name in it."""
    jar: dict[tuple[str, str, bool, str], Cookie] = {}
    refused: list[Refusal] = []
    for hop in hops:
        for line in hop.values("set-cookie"):
            cookie = receive(line, hop.url, now)
            if isinstance(cookie, Cookie) and _overlays_secure(cookie, hop.url, jar.values()):
                cookie = Refusal(cookie.name, "it stands in front of a Secure one, over plain http")
            if isinstance(cookie, Refusal):
                refused += [] if cookie.deletes else [cookie]
                continue
            key = (cookie.name, cookie.domain, cookie.host_only, cookie.path)
            if cookie.expires is not None and cookie.expires <= now:
                jar.pop(key, None)
            else:
                jar[key] = cookie
    kept = {cookie.name for cookie in jar.values()}
    return tuple(jar.values()), tuple(refusal for refusal in refused if refusal.name not in kept)


def receive(line: str, url: str, now: datetime) -> Cookie | Refusal:
    """The cookie of one field value answered from `url`, or why a browser ignores it entirely."""
    pair, *rest = line.split(";")
    name, equals, value = pair.partition("=")
    if not equals:
        name, value = "", pair
    name, value = name.strip(_WSP), value.strip(_WSP)
    if _CONTROL.search(line):
        return Refusal(name, "a control character stands in it")
    if not name and not value:
        return Refusal(name, "it has neither name nor value")
    if len(name) + len(value) > LARGEST:
        return Refusal(name, f"name and value are longer than {LARGEST} octets")
    attributes = _attributes(rest)
    expires = _expiry(attributes, now)
    deletes = expires is not None and expires <= now
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    scoped = _scope(attributes.get("domain", ""), host)
    if scoped is None:
        return Refusal(name, "its Domain is a public suffix, or none that this host may set", deletes)
    domain, host_only = scoped
    path = attributes.get("path", "")
    cookie = Cookie(
        name,
        value,
        domain,
        path if path.startswith("/") else _default_path(parts.path),
        host_only,
        secure="secure" in attributes,
        http_only="httponly" in attributes,
        same_site=_SAME_SITE.get(attributes.get("samesite", "").lower(), "default"),
        expires=expires,
    )
    why = _objection(cookie, attributes, parts.scheme)
    return Refusal(name, why, deletes) if why else cookie


def _attributes(rest: Iterable[str]) -> dict[str, str]:
    """Attributes by lower-case name, the last valid one of a name; oversized and meaningless ones are ignored."""
    found: dict[str, str] = {}
    for part in rest:
        name, _, value = part.partition("=")
        name, value = name.strip(_WSP).lower(), value.strip(_WSP)
        meaningless = (
            (name == "max-age" and not re.fullmatch(r"-?[0-9]+|-", value))
            or (name == "expires" and parse_date(value) is None)
            or (name == "domain" and not value)
        )
        if len(value) <= LARGEST_ATTRIBUTE and not meaningless:
            found[name] = value
    return found


def _scope(attribute: str, host: str) -> tuple[str, bool] | None:
    """Domain and host-only flag; None when the Domain attribute is not one that `host` may set."""
    domain = attribute.lower().removeprefix(".")
    if not domain.isascii():
        return None
    if domain and is_public_suffix(domain):
        if domain != host:
            return None
        domain = ""
    if not domain:
        return host, True
    return (domain, False) if domain_matches(host, domain) else None


def domain_matches(host: str, domain: str) -> bool:
    """Section 5.1.3: the same, or a subdomain, but never a part of an IP address."""
    if host == domain:
        return True
    return host.endswith("." + domain) and not _is_address(host)


def _objection(cookie: Cookie, attributes: dict[str, str], scheme: str) -> str:
    """For what it claims of itself the storage model rejects the cookie; empty when it does not."""
    name = cookie.name.lower()
    claim = name or cookie.value.lower()
    if not name and claim.startswith(("__secure-", "__host-")):
        return "a value without a name looks like a prefix"
    if cookie.secure:
        if scheme != "https":
            return "it is Secure, and was set over plain http"
    elif cookie.same_site == "None":
        return "it is SameSite=None without Secure"
    elif name.startswith(("__secure-", "__host-")):
        return "its prefix asks for Secure"
    if name.startswith("__host-") and not (cookie.host_only and cookie.path == "/" and attributes.get("path") == "/"):
        return "its prefix asks for Path=/ and no Domain"
    return ""


def _overlays_secure(cookie: Cookie, url: str, jar: Iterable[Cookie]) -> bool:
    """A cookie set over plain http may not stand in front of a Secure one."""
    if cookie.secure or urlsplit(url).scheme == "https":
        return False
    return any(
        other.secure
        and other.name == cookie.name
        and (domain_matches(other.domain, cookie.domain) or domain_matches(cookie.domain, other.domain))
        and _path_matches(cookie.path, other.path)
        for other in jar
    )


def _path_matches(path: str, cookie_path: str) -> bool:
    """Section 5.1.4."""
    if path == cookie_path:
        return True
    return path.startswith(cookie_path) and (cookie_path.endswith("/") or path[len(cookie_path)] == "/")


def _default_path(path: str) -> str:
    return path.rpartition("/")[0] or "/" if path.startswith("/") else "/"


def _expiry(attributes: dict[str, str], now: datetime) -> datetime | None:
    """Max-Age goes before Expires; neither makes a session cookie."""
    if "max-age" in attributes:
        digits = attributes["max-age"]
        if digits.startswith("-") or not digits.strip("0"):
            return datetime.min.replace(tzinfo=UTC)
        return now + timedelta(seconds=min(int(digits[:10]), 2**31))
    return parse_date(attributes["expires"]) if "expires" in attributes else None


def parse_date(text: str) -> datetime | None:
    """A cookie date in any of the forms that browsers read (section 5.1.1); None when it is none."""
    time: tuple[int, int, int] | None = None
    day = month = year = None
    for token in _DELIMITER.split(text):
        if time is None and (match := _TIME.match(token)):
            time = (int(match[1]), int(match[2]), int(match[3]))
        elif day is None and (match := _DAY.match(token)):
            day = int(match.group(1))
        elif month is None and token[:3].lower() in _MONTHS:
            month = _MONTHS.index(token[:3].lower()) + 1
        elif year is None and (match := _YEAR.match(token)):
            year = int(match.group(1))
    if time is None or day is None or month is None or year is None:
        return None
    year += 1900 if 70 <= year <= 99 else 2000 if year <= 69 else 0
    if year < 1601:
        return None
    try:
        hour, minute, second = time
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
