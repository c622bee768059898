"""What kind of page answered: the site itself, or something that stands before or in place of it.

Only `site` and `login` are the site. Everything else is recognised so that its headers and cookies are not taken for
the site's: a challenge page behind which the real site hides would otherwise be graded.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import urljoin, urlsplit

from auditor.model import Absence
from auditor.net import Response, Visit

from .markers import DECISIVE, MARKERS, Place
from .page import KEPT, Page, is_html, read_page

CLASSES: Final = (
    "block", "challenge", "suspended", "parked", "maintenance", "default", "error", "login", "site"
)  # fmt: skip
"""In order of precedence where two score the same."""
ASSESSABLE: Final = frozenset(("site", "login"))

IN_THE_WAY: Final = frozenset(("challenge", "block", "parked", "suspended"))
"""Page classes that answer for every path alike: nothing behind them was seen."""
THIN_TEXT = 5_000
"""Characters of visible text up to which words of a page may make it something else than a site."""
THIN_LINKS = 30
LOGIN_TEXT = 2_500
BARE_TEXT = 300
BARE_RESOURCES = 3
BARE_SCRIPT = 20_000

_SETS_COOKIE = re.compile(r"document\.cookie\s*=|\.cookie\s*=\s*[\"'`]")
_GOES_ON = re.compile(r"location\.reload|location\.replace|location\.href\s*=|location\s*=|\.submit\(\)")
_CUT_AT_CAP = frozenset(("body_over_cap",))


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a page cannot be assessed as the site, in the terms of an absence."""

    reason: Absence
    detail: str


@lru_cache(maxsize=KEPT)
def page_class(response: Response) -> str:
    """One of `CLASSES`, from one response and nothing else."""
    page = read_page(response)
    scores = _scores(response, page)
    best = max(CLASSES, key=lambda name: scores.get(name, 0))
    if scores.get(best, 0) >= DECISIVE:
        return best
    if not 200 <= response.status < 300:
        return "error"
    if page.passwords and len(page.text) <= LOGIN_TEXT and page.links <= THIN_LINKS:
        return "login"
    return "site"


@dataclass(frozen=True, slots=True)
class Standing:
    """The class of the page that a visit ended at, and what keeps that page from being assessed as the site."""

    kind: str
    obstacle: Obstacle | None


def standing(visit: Visit) -> Standing:
    """What a visit ended at."""
    kind = page_class(visit.final)
    return Standing(kind, _obstacle(visit, kind))


def _obstacle(visit: Visit, kind: str) -> Obstacle | None:
    final = visit.final
    if visit.stopped and kind == "error":
        return Obstacle(Absence.NOT_ASSESSABLE, f"redirect not followed ({visit.stopped}): {origin(visit.location)}")
    if kind not in ASSESSABLE:
        return Obstacle(Absence.NOT_ASSESSABLE, f"page class: {kind}")
    if not final.head_complete:
        return None  # the fields that were read count; each check says what the cut may have taken
    if "bad_encoding" in final.faults:
        return Obstacle(Absence.MALFORMED, "the page could not be decoded, so it is not known whether it is the site")
    if not final.complete and not _CUT_AT_CAP & set(final.faults):
        return Obstacle(Absence.LIMITED, "the page broke off, so it is not known whether it is the site")
    return None


def origin(url: str) -> str:
    """Scheme, host and port of a URL: what may be printed of an address that could hold personal data."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.netloc else ""


def _scores(response: Response, page: Page) -> dict[str, int]:
    places = _places(response, page)
    best: dict[tuple[str, Place], int] = {}
    for marker in MARKERS:
        texts = places.get(marker.place, ())
        match = marker.pattern.fullmatch if marker.place in ("title", "heading") else marker.pattern.search
        key = (marker.page_class, marker.place)
        if marker.points > best.get(key, 0) and any(match(text) for text in texts):
            best[key] = marker.points
    scores: dict[str, int] = {}
    for (kind, _), points in best.items():
        scores[kind] = scores.get(kind, 0) + points
    if is_html(response) and _is_cookie_challenge(page):
        scores["challenge"] = scores.get("challenge", 0) + DECISIVE
    return scores


def _places(response: Response, page: Page) -> dict[Place, tuple[str, ...]]:
    """Where each kind of sign is looked for. Words count only on a page with little else on it."""
    found: dict[Place, tuple[str, ...]] = {
        "header": tuple(f"{item.name.lower()}: {item.value[:200]}" for item in response.fields),
        "url": (response.url[:2_000], _location(response)[:2_000]),
        "status": (str(response.status),),
    }
    if len(page.text) <= THIN_TEXT and page.links <= THIN_LINKS:
        found |= {
            "title": (page.title[:200],),
            "heading": tuple(heading[:200] for heading in page.headings[:10]),
            "text": (page.text,),
            "script": (page.scripts[:65_536],),
            "resource": tuple(address[:300] for address in page.resources[:100]),
        }
    return found


def _location(response: Response) -> str:
    """Where a response points to, or nothing when that is no URL."""
    try:
        return urljoin(response.url, response.first("location") or "")
    except ValueError:
        return ""


def _is_cookie_challenge(page: Page) -> bool:
    """A page of nothing but a script that sets a cookie and loads the page again."""
    return (
        len(page.text) <= BARE_TEXT
        and page.links <= 1
        and len(page.resources) <= BARE_RESOURCES
        and len(page.scripts) <= BARE_SCRIPT
        and _SETS_COOKIE.search(page.scripts) is not None
        and _GOES_ON.search(page.scripts) is not None
    )
