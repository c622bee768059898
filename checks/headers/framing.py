"""Whether a foreign site may show the page in a frame, as a current browser decides it.

HTML Standard, "check a navigation response's adherence to X-Frame-Options", and CSP Level 3, `frame-ancestors`.
"""

from dataclasses import dataclass

from auditor.net import Response

from ..csp.effect import foreign_frame
from ..csp.policy import enforced
from ..csp.sources import at
from .structure import get_decode_split


@dataclass(frozen=True, slots=True)
class Framing:
    """`by_policy`: decided by `frame-ancestors`, which makes browsers ignore X-Frame-Options."""

    restricted: bool
    by_policy: bool


def effective(response: Response) -> Framing:
    """Every enforced policy that has `frame-ancestors` must let a site through for it to frame the page."""
    policies = enforced(response)
    if any("frame-ancestors" in policy for policy in policies):
        return Framing(not foreign_frame(policies, at(response.url)), by_policy=True)
    options = {value.lower() for value in get_decode_split(response, "x-frame-options")}
    if len(options) > 1:
        return Framing(bool(options & {"deny", "allowall", "sameorigin"}), by_policy=False)
    return Framing(options in ({"deny"}, {"sameorigin"}), by_policy=False)
