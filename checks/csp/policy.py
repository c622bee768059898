"""Which Content Security Policies a response has, and which directive of them governs what (CSP Level 3, 2.2, 6.8)."""

import re

from auditor.net import Response

from ..http.page import Page

Policy = dict[str, tuple[str, ...]]
"""Directives by name in lower case, each with its values; the first of a name counts."""

_SPACE = "\t\n\f\r "
_SPACES = re.compile(f"[{_SPACE}]+")
_NOT_IN_META = ("frame-ancestors", "report-uri", "sandbox")

FALLBACK = {
    "script-src-elem": ("script-src-elem", "script-src", "default-src"),
    "script-src-attr": ("script-src-attr", "script-src", "default-src"),
    "script-src": ("script-src", "default-src"),
    "style-src-elem": ("style-src-elem", "style-src", "default-src"),
    "style-src-attr": ("style-src-attr", "style-src", "default-src"),
    "object-src": ("object-src", "default-src"),
    "base-uri": ("base-uri",),
    "form-action": ("form-action",),
    "frame-ancestors": ("frame-ancestors",),
}
"""Where the source list of each kind of thing stands: the first of these that a policy has (section 6.8.3)."""

KNOWN = frozenset(
    (
        "base-uri", "block-all-mixed-content", "child-src", "connect-src", "default-src", "fenced-frame-src",
        "font-src", "form-action", "frame-ancestors", "frame-src", "img-src", "manifest-src", "media-src",
        "navigate-to", "object-src", "plugin-types", "prefetch-src", "referrer", "reflected-xss", "report-to",
        "report-uri", "require-sri-for", "require-trusted-types-for", "sandbox", "script-src", "script-src-attr",
        "script-src-elem", "style-src", "style-src-attr", "style-src-elem", "trusted-types",
        "upgrade-insecure-requests", "webrtc", "worker-src",
    )
)  # fmt: skip
"""Names that are or were directives."""


def enforced(response: Response, page: Page | None = None) -> tuple[Policy, ...]:
    """Policies of the header that have a directive, then those of meta elements in the head of `page`.

    A meta element brings one policy, commas and all, and never `frame-ancestors`, `report-uri` or `sandbox` (HTML,
    http-equiv "Content-Security-Policy").
    """
    policies = _of_header(response, "content-security-policy")
    for meta in page.metas if page else ():
        if meta.in_head and meta.get("http-equiv").lower() == "content-security-policy":
            policy = parse(meta.get("content"))
            policies.append({name: values for name, values in policy.items() if name not in _NOT_IN_META})
    return tuple(policy for policy in policies if policy)


def report_only(response: Response) -> tuple[Policy, ...]:
    """Policies that are watched and not enforced; only the header has them."""
    return tuple(policy for policy in _of_header(response, "content-security-policy-report-only") if policy)


def _of_header(response: Response, name: str) -> list[Policy]:
    return [parse(part) for value in response.values(name) for part in value.split(",")]


def parse(text: str) -> Policy:
    """One serialized policy. Empty and non-ASCII tokens are skipped, later directives of a name ignored."""
    policy: Policy = {}
    for part in text.split(";"):
        token = part.strip(_SPACE)
        if token and token.isascii():
            name, *values = _SPACES.split(token)
            policy.setdefault(name.lower(), tuple(values))
    return policy


def governing(policy: Policy, kind: str) -> str | None:
    """Name of the directive whose source list decides about things of this kind; None when nothing limits them."""
    return next((name for name in FALLBACK[kind] if name in policy), None)
