"""How far the page keeps apart from others: COOP and COEP (HTML Standard, 7.1.3 and 7.1.4), CORP (Fetch, 3.7)."""

from urllib.parse import urlsplit

from auditor.net import Response

from ..http.structured import Token, item

OPENER = ("unsafe-none", "same-origin-allow-popups", "same-origin", "noopener-allow-popups")
EMBEDDER = ("unsafe-none", "require-corp", "credentialless")
RESOURCE = ("same-origin", "same-site", "cross-origin")


def opener(response: Response) -> str | None:
    """Cross-Origin-Opener-Policy in force, `unsafe-none` by default; None when what was sent is void."""
    return _policy(response, "cross-origin-opener-policy", OPENER)


def embedder(response: Response) -> str | None:
    """Cross-Origin-Embedder-Policy in force, `unsafe-none` by default; None when what was sent is void."""
    return _policy(response, "cross-origin-embedder-policy", EMBEDDER)


def resource(response: Response) -> str | None:
    """Cross-Origin-Resource-Policy in force; None when there is none, or what was sent is void.

    It is compared as bytes, capitals and all, and two fields are one value that means nothing.
    """
    value = ", ".join(response.values("cross-origin-resource-policy"))
    return value if value in RESOURCE else None


def _policy(response: Response, name: str, known: tuple[str, ...]) -> str | None:
    """An item of structured fields, a token; over plain http it is not looked at."""
    values = response.values(name)
    if not values or urlsplit(response.url).scheme != "https":
        return "unsafe-none"
    value = item(", ".join(values))
    return str(value) if isinstance(value, Token) and value in known else None
