"""One page as different visitors get it: cloaking shows each of them something else.

A browser twice, for what changes by itself; a visitor who comes from a search; a search engine's crawler; a telephone.
Our own name stands in each User-Agent, so that whoever reads the log knows; asked for at level standard alone, which
has the owner's leave.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urljoin, urlsplit

from auditor.errors import Unobserved
from auditor.net import AGENT, Field, Network, Response

from ..http.classify import page_class
from ..http.suffixes import site_of
from .lexicon import Lexicon
from .reading import Reading, read
from .redirects import from_search
from .score import Score, is_foreign, scores

Name = Literal["browser", "browser again", "from a search", "search bot", "telephone"]

_ENGINE = "AppleWebKit/537.36 (KHTML, like Gecko)"
_DESKTOP = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_ENGINE} Chrome/140.0.0.0 Safari/537.36 {AGENT}"
_TELEPHONE = f"Mozilla/5.0 (Linux; Android 10; K) {_ENGINE} Chrome/140.0.0.0 Mobile Safari/537.36 {AGENT}"
_BOT = f"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html) {AGENT}"

VIEWS: dict[Name, tuple[Field, ...]] = {
    "browser": (Field("User-Agent", _DESKTOP),),
    "browser again": (Field("User-Agent", _DESKTOP), Field("Cache-Control", "no-cache")),
    "from a search": (Field("User-Agent", _DESKTOP), Field("Referer", "https://www.google.com/")),
    "search bot": (Field("User-Agent", _BOT),),
    "telephone": (Field("User-Agent", _TELEPHONE),),
}
PAGES = 6
"""Pages looked at: the home page and at most five more."""
COST = PAGES * len(VIEWS)
"""Requests, redirects included."""

_HOPS = 3
_IN_THE_WAY = frozenset(("challenge", "block"))
_REFUSED = (401, 403, 406, 429, 503)
_PLAIN: tuple[Name, ...] = ("browser", "browser again")
_STORES = ("play.google.com", "apps.apple.com", "itunes.apple.com", "appgallery.huawei.com")


@dataclass(frozen=True, slots=True)
class View:
    """What one kind of visitor got."""

    score: Score
    away: str = ""
    """Another owner's host that the visitor is sent to."""
    status: int = 200
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """The views of one page; `missing` names those that gave nothing to compare."""

    url: str
    views: dict[Name, View]
    missing: tuple[Name, ...] = ()
    detail: str = ""

    def difference(self, lexicon: Lexicon) -> str:
        """What shows that the page is cloaked; empty when nothing does."""
        plain = [self.views[name] for name in _PLAIN if name in self.views]
        if not plain:
            return ""
        known = {host for view in plain for host in (*view.score.hosts, view.away)}
        for name, view in self.views.items():
            if name not in _PLAIN and view.away and view.away not in (*known, *_STORES):
                return f"{name}: sent to {view.away}"
            new = sorted(view.score.hosts - known)
            if name not in _PLAIN and new and view.score.terms:
                return f"{name}: promoting links to {new[0]}"
        points = {name: view.score.points for name, view in self.views.items()}
        most, least = max(points, key=points.__getitem__), min(points, key=points.__getitem__)
        natural = max(view.score.points for view in plain) - min(view.score.points for view in plain)
        gap = points[most] - points[least]
        if gap >= lexicon.weights.cloaked and gap > natural and points[most] >= lexicon.weights.fail:
            return f"{most}: {points[most]:g} points, {least}: {points[least]:g}"
        return ""

    @property
    def worst(self) -> Score:
        """The view that promotes most."""
        return max((view.score for view in self.views.values()), key=lambda item: item.points, default=Score())


@dataclass(slots=True)
class Viewer:
    """Asks for views of one site within `COST` requests."""

    net: Network
    lexicon: Lexicon
    own: str
    left: int = field(default=COST)

    def compare(self, url: str) -> Comparison | None:
        """The views of one page, or None where the requests do not suffice."""
        if self.left < len(VIEWS):
            return None
        views: dict[Name, View] = {}
        missing: list[Name] = []
        detail = ""
        for name, fields in VIEWS.items():
            try:
                view = self._view(url, fields)
            except Unobserved as gap:
                missing.append(name)
                detail = gap.detail
                continue
            if view.refused:
                missing.append(name)
                detail = f"answered: {view.status}"
            else:
                views[name] = view
        return Comparison(url, views, tuple(missing), detail)

    def _view(self, url: str, fields: tuple[Field, ...]) -> View:
        answer = self._ask(url, fields)
        for _ in range(_HOPS):
            onward = _onward(answer)
            if not onward:
                break
            host = urlsplit(onward).hostname or ""
            if is_foreign(host, self.own, self.lexicon):
                return View(Score(), away=host, status=answer.status)
            if site_of(host) != self.own or self.left <= 0:
                break
            try:
                answer = self._ask(onward, fields)
            except Unobserved:
                break
        refused = answer.status in _REFUSED or page_class(answer) in _IN_THE_WAY
        reading = read(answer)
        away = next(iter(self._by_script(reading, fields)), "")
        return View(scores(reading, self.lexicon)[0], away, answer.status, refused)

    def _by_script(self, reading: Reading, fields: tuple[Field, ...]) -> Iterator[str]:
        if any(item.name == "Referer" for item in fields):
            for host in from_search(reading):
                if is_foreign(host, self.own, self.lexicon):
                    yield host

    def _ask(self, url: str, fields: tuple[Field, ...]) -> Response:
        self.left -= 1
        return self.net.get(url, fields=fields).final


def _onward(answer: Response) -> str:
    location = answer.first("location")
    if not 300 <= answer.status < 400 or not location:
        return ""
    try:
        return urljoin(answer.url, location.strip())
    except ValueError:
        return ""
