"""Whether a foreign site may show the page in a frame, as a current browser decides it.

HTML Standard, "check a navigation response's adherence to X-Frame-Options", and CSP Level 3, `frame-ancestors`.
"""

import re
from dataclasses import dataclass

from auditor.net import Response

from ..http.suffixes import is_public_suffix
from .csp import Policy, enforced
from .structure import get_decode_split

_SOURCE = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.\-]*)://)?(?P<host>\*|(?:\*\.)?[a-z0-9\-_]+(?:\.[a-z0-9\-_]+)*\.?)(?::(?:\d+|\*))?(?:/\S*)?",
    re.IGNORECASE,
)
_ANY_WEB = frozenset(("*", "http:", "https:"))


@dataclass(frozen=True, slots=True)
class Framing:
    """`by_policy`: decided by `frame-ancestors`, which makes browsers ignore X-Frame-Options."""

    restricted: bool
    by_policy: bool


def effective(response: Response) -> Framing:
    """Every enforced policy that has `frame-ancestors` must let a site through for it to frame the page."""
    ancestors = [policy for policy in enforced(response) if "frame-ancestors" in policy]
    if ancestors:
        return Framing(any(not _open_to_all(policy) for policy in ancestors), by_policy=True)
    options = {value.lower() for value in get_decode_split(response, "x-frame-options")}
    if len(options) > 1:
        return Framing(bool(options & {"deny", "allowall", "sameorigin"}), by_policy=False)
    return Framing(options in ({"deny"}, {"sameorigin"}), by_policy=False)


def _open_to_all(policy: Policy) -> bool:
    return any(_matches_strangers(source.lower()) for source in policy["frame-ancestors"])


def _matches_strangers(source: str) -> bool:
    """A source that sites of other owners match: `*`, a bare web scheme, or `*.` before a public suffix.

    A source that is no valid expression matches nothing.
    """
    if source in _ANY_WEB:
        return True
    match = _SOURCE.fullmatch(source)
    if match is None or (match["scheme"] or "https") not in ("http", "https"):
        return False
    host = match["host"].rstrip(".")
    return host == "*" or (host.startswith("*.") and is_public_suffix(host[2:]))
