"""References in a page or script, found by pattern: linear on any input, and comments count too."""

import html
import re
from collections.abc import Iterator

from auditor.net.crawl.spelling import canonical
from auditor.net.wire import Response

MOST = 10_000
"""Of one page."""

_TAG = re.compile(r"<(a|area|link|script|iframe|frame|embed|object|base|meta)\s([^>]{1,4096})", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-z-]{2,20})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_ADDRESS = {"script": "src", "iframe": "src", "frame": "src", "embed": "src", "object": "data"}
_REFRESH = re.compile(r"\s*[\d.]*\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"']+)", re.IGNORECASE)
_SOURCE_MAP = re.compile(r"^[ \t]*//[#@][ \t]*sourceMappingURL=([^\s'\"]{1,2000})[ \t]*$", re.MULTILINE)
_MARKUP = ("text/html", "application/xhtml+xml", "")
_SCRIPT = ("text/javascript", "application/javascript", "application/x-javascript", "text/ecmascript")


def links(response: Response) -> tuple[str, ...]:
    """Canonical http(s) URLs that the answer refers to, each once."""
    kind = (response.first("content-type") or "").partition(";")[0].strip().lower()
    if kind in _MARKUP:
        found = _in_markup(response)
    elif kind in _SCRIPT:
        found = ((response.url, match[1]) for match in _SOURCE_MAP.finditer(response.text[-4_096:]))
    else:
        return ()
    distinct: dict[str, None] = {}
    for base, reference in found:
        address = canonical(base, reference)
        if address is not None:
            distinct[address.url] = None
        if len(distinct) >= MOST:
            break
    return tuple(distinct)


def _in_markup(response: Response) -> Iterator[tuple[str, str]]:
    base = response.url
    for tag in _TAG.finditer(response.text):
        name = tag[1].lower()
        given = {m[1].lower(): html.unescape(m[2] or m[3] or m[4] or "") for m in _ATTRIBUTE.finditer(tag[2])}
        if name == "base":
            first = canonical(response.url, given.get("href", ""))
            base = first.url if first else base
        elif name == "meta":
            refresh = _REFRESH.match(given.get("content", ""))
            if given.get("http-equiv", "").lower() == "refresh" and refresh:
                yield base, refresh[1]
        elif reference := given.get(_ADDRESS.get(name, "href")):
            yield base, reference
