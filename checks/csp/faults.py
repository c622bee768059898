"""What stands in a policy and does not mean what it looks like (CSP Level 3, 2.2.1, 2.3.1, 6.7.2.4)."""

import re

from .policy import KNOWN, Policy
from .sources import KEYWORDS, read

_WITHOUT_LISTS = frozenset(
    (
        "block-all-mixed-content", "plugin-types", "referrer", "reflected-xss", "report-to", "report-uri",
        "require-sri-for", "require-trusted-types-for", "sandbox", "trusted-types", "upgrade-insecure-requests",
        "webrtc",
    )
)  # fmt: skip
_BARE = frozenset(keyword.strip("'") for keyword in KEYWORDS) | {"none"}
_BARE_VALUE = re.compile(r"(nonce|sha256|sha384|sha512)-.+", re.IGNORECASE)


def faults(policies: tuple[Policy, ...]) -> tuple[str, ...]:
    """Unknown directive names, and sources as `directive source` that are void or only look like keywords."""
    found: list[str] = []
    for policy in policies:
        for name, values in policy.items():
            if name not in KNOWN:
                found.append(name)
            elif name not in _WITHOUT_LISTS:
                found += [f"{name} {value}" for value in values if _misleads(value, alone=len(values) == 1)]
    return tuple(dict.fromkeys(found))


def _misleads(value: str, *, alone: bool) -> bool:
    if value.lower() == "'none'":
        return not alone
    bare = value.lower() in _BARE or _BARE_VALUE.fullmatch(value) is not None
    return bare or read(value).kind == "void"
