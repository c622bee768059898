"""Cookies carried from hop to hop of one visit: sites that set one and redirect to themselves wait for it.

The parts of RFC 6265 that decide where a cookie goes, and no more. What a browser would keep is judged by a check,
from the raw fields.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from auditor.net.address import Address
from auditor.net.dates import parse_date
from auditor.net.guard import literal

MOST = 50
"""Cookies of one visit; the oldest go first."""
LARGEST = 4_096
"""Octets of name and value together."""
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_BLANKS = " \t"
_WHOLE_NUMBER = re.compile(r"-?[0-9]+")


@dataclass(frozen=True, slots=True)
class _Cookie:
    name: str
    value: str
    domain: str
    host_only: bool
    path: str
    secure: bool

    @property
    def key(self) -> tuple[str, str, bool, str]:
        return self.name, self.domain, self.host_only, self.path

    @property
    def pair(self) -> str:
        return f"{self.name}={self.value}" if self.name else self.value

    def goes_to(self, address: Address) -> bool:
        """Section 5.4."""
        if self.secure and address.scheme != "https":
            return False
        if address.host != self.domain and (self.host_only or not _covers(self.domain, address.host)):
            return False
        path = address.resource.partition("?")[0]
        return path == self.path or path.startswith(self.path.rstrip("/") + "/")


class Jar:
    """The cookies of one visit, empty at its start."""

    def __init__(self) -> None:
        self._cookies: dict[tuple[str, str, bool, str], _Cookie] = {}

    def receive(self, address: Address, lines: Iterable[str]) -> None:
        """Take what the Set-Cookie fields of an answer from `address` say."""
        for line in lines:
            if cookie := _read(line, address):
                former = self._cookies.get(cookie.key)
                if former and former.secure and address.scheme != "https":
                    continue
                if _expired(_attributes(line)):
                    self._cookies.pop(cookie.key, None)
                else:
                    self._cookies[cookie.key] = cookie
                if len(self._cookies) > MOST:
                    del self._cookies[next(iter(self._cookies))]

    def header(self, address: Address) -> str:
        """The Cookie field for a request to `address`; empty when none goes there."""
        going = [cookie for cookie in self._cookies.values() if cookie.goes_to(address)]
        return "; ".join(cookie.pair for cookie in sorted(going, key=lambda cookie: -len(cookie.path)))


def _read(line: str, address: Address) -> _Cookie | None:
    """The cookie of one field value (section 5.2); None where it is not for this host to set."""
    name, equals, value = line.partition(";")[0].partition("=")
    name, value = (name.strip(_BLANKS), value.strip(_BLANKS)) if equals else ("", name.strip(_BLANKS))
    if not name + value or len(name) + len(value) > LARGEST or _CONTROLS.search(line):
        return None
    attributes = _attributes(line)
    secure = "secure" in attributes
    domain = attributes.get("domain", "").lower().removeprefix(".")
    if (secure and address.scheme != "https") or (domain and not _covers(domain, address.host)):
        return None
    path = attributes.get("path", "")
    if not path.startswith("/"):
        path = address.resource.partition("?")[0].rpartition("/")[0] or "/"
    return _Cookie(name, value, domain or address.host, not domain, path, secure)


def _attributes(line: str) -> dict[str, str]:
    parts = (part.partition("=") for part in line.split(";")[1:])
    return {name.strip(_BLANKS).lower(): value.strip(_BLANKS) for name, _, value in parts}


def _expired(attributes: dict[str, str]) -> bool:
    """Max-Age goes before Expires; a cookie that is over when it comes deletes the one of its key."""
    age = attributes.get("max-age", "")
    if _WHOLE_NUMBER.fullmatch(age):
        return age.startswith("-") or not age.strip("0")
    moment = parse_date(attributes.get("expires", ""))
    return moment is not None and moment <= datetime.now(UTC)


def _covers(domain: str, host: str) -> bool:
    """Section 5.1.3: the same, or a subdomain, but never a part of an IP address."""
    return host == domain or (host.endswith(f".{domain}") and literal(host) is None)
