"""Content-Security-Policy: which policies a response has (CSP Level 3, section 2.2)."""

from auditor.net import Response

from ..http.page import Page

Policy = dict[str, tuple[str, ...]]
"""Directives by name in lower case, each with its values; the first of a name counts."""

_SPACE = "\t\n\f\r "
_NOT_IN_META = ("frame-ancestors", "report-uri", "sandbox")


def enforced(response: Response, page: Page | None = None) -> tuple[Policy, ...]:
    """Policies of the header that have a directive, then those of meta elements in the head of `page`.

    A meta element cannot bring `frame-ancestors`, `report-uri` or `sandbox` (HTML, http-equiv
    "Content-Security-Policy").
    """
    policies = [parse(part) for value in response.values("content-security-policy") for part in value.split(",")]
    for meta in page.metas if page else ():
        if meta.in_head and meta.get("http-equiv").lower() == "content-security-policy":
            policy = parse(meta.get("content"))
            policies.append({name: values for name, values in policy.items() if name not in _NOT_IN_META})
    return tuple(policy for policy in policies if policy)


def report_only(response: Response) -> tuple[Policy, ...]:
    """Policies that are watched and not enforced; only the header has them."""
    values = response.values("content-security-policy-report-only")
    return tuple(policy for value in values for part in value.split(",") if (policy := parse(part)))


def parse(text: str) -> Policy:
    """One serialized policy. Empty and non-ASCII tokens are skipped, later directives of a name ignored."""
    policy: Policy = {}
    for token in text.split(";"):
        words = token.strip(_SPACE).split()
        if words and token.isascii():
            policy.setdefault(words[0].lower(), tuple(words[1:]))
    return policy
