"""Strict-Transport-Security as a browser stores it (RFC 6797)."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from auditor.net import Response

LONGEST = 2**31
"""Greater numbers of seconds are taken for this one (RFC 9111 section 1.2.2)."""

_NAME = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_DIRECTIVE = re.compile(
    rf"[ \t]*(?:(?P<name>{_NAME})[ \t]*"
    rf'(?:=[ \t]*(?:(?P<token>{_NAME})|"(?P<quoted>(?:[^"\\]|\\.)*)"))?[ \t]*)?(?:;|\Z)'
)


@dataclass(frozen=True, slots=True)
class Hsts:
    """What a browser remembers of a host; `max_age` in seconds, 0 makes it forget the host."""

    max_age: int
    include_subdomains: bool
    preload: bool


def effective(response: Response) -> Hsts | str:
    """The policy of a response, or why there is none.

    Only the first field counts, also when it is void (section 8.1); none counts over plain http (8.1) or for a host
    that is an IP literal (8.1.1).
    """
    fields = response.values("strict-transport-security")
    parts = urlsplit(response.url)
    if not fields:
        return "not sent"
    if parts.scheme != "https":
        return "sent over plain http, where browsers ignore it"
    if _is_address(parts.hostname or ""):
        return "the host is an IP address, where browsers ignore it"
    return parse(fields[0])


def parse(value: str) -> Hsts | str:
    """The field value by the grammar of section 6.1, or what voids it."""
    directives: dict[str, str | None] = {}
    at = 0
    while at < len(value):
        part = _DIRECTIVE.match(value, at)
        if part is None:
            return "void: breaks the grammar of the field"
        at = part.end()
        if not part["name"]:
            continue
        name = part["name"].lower()
        if name in directives:
            return f"void: directive {name[:40]} stands twice"
        quoted = part["quoted"]
        directives[name] = part["token"] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
    if "max-age" not in directives:
        return "void: max-age is missing"
    age = directives["max-age"] or ""
    if not re.fullmatch("[0-9]+", age):
        return "void: max-age is not a whole number of seconds"
    if directives.get("includesubdomains") is not None:
        return "void: includeSubDomains takes no value"
    seconds = min(int(age[-4000:]) if len(age.lstrip("0")) <= 10 else LONGEST, LONGEST)
    remembered = seconds > 0
    return Hsts(
        seconds,
        include_subdomains=remembered and "includesubdomains" in directives,
        preload=remembered and "preload" in directives and directives["preload"] is None,
    )


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
