"""The referrer policy a page ends up with (Referrer Policy, section 8.1; HTML Standard, `<meta name=referrer>`)."""

from auditor.net import Response

from ..http.page import Page

POLICIES = frozenset(
    (
        "no-referrer", "no-referrer-when-downgrade", "same-origin", "origin", "strict-origin",
        "origin-when-cross-origin", "strict-origin-when-cross-origin", "unsafe-url",
    )
)  # fmt: skip
_LEGACY = {
    "never": "no-referrer",
    "default": "strict-origin-when-cross-origin",
    "always": "unsafe-url",
    "origin-when-crossorigin": "origin-when-cross-origin",
}


def effective(response: Response, page: Page) -> str | None:
    """The last policy known: later tokens of the header beat earlier ones, and meta elements beat the header.

    A meta element names one policy, never a list; the old names count there only.
    """
    policy = None
    for value in response.values("referrer-policy"):
        for token in value.split(","):
            word = token.strip("\t ").lower()
            policy = word if word in POLICIES else policy
    for meta in page.metas:
        if meta.get("name").lower() == "referrer":
            word = meta.get("content").lower()
            word = _LEGACY.get(word, word)
            policy = word if word in POLICIES else policy
    return policy
