"""Scripts that send away only those who come from a search."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from .reading import AWAY, Reading

_REFERRER = re.compile(r"document\.referrer|document\[[\"']referrer[\"']\]")
_ENGINES = re.compile(r"google|bing|yahoo|duckduckgo|yandex|baidu", re.IGNORECASE)


def from_search(reading: Reading) -> Iterator[str]:
    """Hosts that visitors who come from a search engine are sent to by a script."""
    for script in reading.scripts:
        if _REFERRER.search(script) and _ENGINES.search(script):
            yield from (_host(match[1]) for match in AWAY.finditer(script))


def _host(authority: str) -> str:
    try:
        return urlsplit(f"//{authority}").hostname or ""
    except ValueError:
        return ""
