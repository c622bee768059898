"""Sitemap files: `urlset`, `sitemapindex`, plain lists, gzipped or not (sitemaps.org protocol 0.9).

Read by pattern, not by an XML parser: nothing is expanded, so no document can be a bomb.
"""

import html
import re

from auditor.net.content import Broken, Decoder, decode_text
from auditor.net.wire import Response

MOST_LOCATIONS = 50_000
"""Of one file, as the protocol has it."""
_RATIO = 1_000
"""Lists of URLs compress to a hundredth; zlib's own limit is about a thousandth."""
_LOCATION = re.compile(r"<(?:\w{1,20}:)?loc\s*>\s*(?:<!\[CDATA\[\s*)?([^<\]]{1,4096})", re.IGNORECASE)
_INDEX = re.compile(r"<(?:\w{1,20}:)?sitemapindex\b", re.IGNORECASE)
_LINE = re.compile(r"^https?://\S{1,4096}", re.MULTILINE)
_GZIP = b"\x1f\x8b"


def read(response: Response, cap: int) -> tuple[tuple[str, ...], bool, bool]:
    """Locations as written, whether they are further sitemaps, and whether the file was read whole."""
    body, complete = response.body, response.complete
    if body.startswith(_GZIP):
        body, whole = _inflated(body, cap)
        complete = complete and whole
    text = decode_text(body, response.first("content-type") or "")
    pattern = _LOCATION if "<" in text[:1_024] else _LINE
    found: list[str] = []
    for match in pattern.finditer(text):
        if len(found) >= MOST_LOCATIONS:
            complete = False
            break
        found.append(html.unescape(match[pattern.groups and 1]).strip())
    return tuple(found), _INDEX.search(text[:4_096]) is not None, complete


def _inflated(body: bytes, cap: int) -> tuple[bytes, bool]:
    decoder = Decoder(["gzip"], cap=cap, ratio=_RATIO)
    try:
        decoder.feed(body)
        decoder.finish()
    except Broken:
        return bytes(decoder.data), False
    return bytes(decoder.data), True
