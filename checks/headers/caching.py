"""Whether a shared cache may hand an answer to other visitors without asking the site again (RFC 9111, 3 and 4.2)."""

import re

from auditor.net import Response

from ..cookies.storage import parse_date
from .structure import split

_NUMBER = re.compile(r'"?([0-9]+)"?')


def directives(response: Response) -> dict[str, str | None]:
    """Cache-Control by directive in lower case, the first of a name (section 5.2, 4.2.1)."""
    found: dict[str, str | None] = {}
    for member in split(", ".join(response.values("cache-control"))):
        name, equals, value = member.partition("=")
        if name.strip():
            found.setdefault(name.strip().lower(), value.strip() if equals else None)
    return found


def is_shared(response: Response) -> bool:
    """It says for how long it is fresh, or that it is public, and nothing keeps it out of shared caches.

    `private` and `no-cache` that name fields count as well: what they keep back is, as a rule, the cookie. What is
    public without a period is fresh for as long as the cache thinks fit (4.2.2).
    """
    said = directives(response)
    if {"no-store", "private", "no-cache"} & said.keys() or "*" in ", ".join(response.values("vary")):
        return False
    for name in ("s-maxage", "max-age"):
        if name in said:
            number = _NUMBER.fullmatch(said[name] or "")
            return number is not None and bool(number[1].strip("0"))
    expires, date = (parse_date(response.first(name) or "") for name in ("expires", "date"))
    if response.first("expires") is not None:
        return expires is not None and date is not None and expires > date
    return "public" in said
