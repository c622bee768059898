"""Gambling and other promotion that intruders plant, cloaked or open, and pages that boast of an intrusion.

What is seen from outside is told. Pages shown to a search engine's own addresses alone cannot be seen so: the owner's
Search Console and a look at the files on the server show them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from auditor.model import Absence, Absent, Collected, Covered, Fact, FactSpec, Level, Target, ValueType, absent_all
from auditor.net import Crawl, Document, Network, Visit, shown

from ..http.classify import IN_THE_WAY, page_class, standing
from ..http.suffixes import site_of
from .defacement import is_defaced
from .japanese import is_japanese_shop, kana_share
from .lexicon import Lexicon, lexicon
from .reading import Reading, read
from .redirects import from_search
from .score import is_foreign, is_promoter, promotes_by_path, scores
from .views import COST, PAGES, Comparison, Viewer


def _of_page(doc: str, kind: ValueType = bool, *, cost: int = 0) -> FactSpec:
    return FactSpec(kind, doc, subject="url", level=Level.STANDARD, cost=cost, crawl=True)


facts = {
    "content.pages": FactSpec(int, "Pages and files of the site that were looked at", level=Level.STANDARD, crawl=True),
    "content.gambling.injected": _of_page("The page promotes gambling, openly or hidden"),
    "content.gambling.suspect": _of_page(
        "The page has signs of gambling promotion that are too few to tell: somebody should look at it"
    ),
    "content.gambling.cloaked": _of_page(
        "Visitors from a search, a search engine's crawler or a telephone get promotion of gambling that a browser does"
        " not get, or are sent to another owner's site",
        cost=COST,
    ),
    "content.gambling.sitemap": _of_page("The sitemap lists addresses that promote gambling"),
    "content.gambling.signs": _of_page("What the suspicion of a page rests on", tuple),
    "content.seo_spam": _of_page(
        "The page promotes medicines, copies of brands, loans or the like, or is one of a Japanese shop"
    ),
    "content.defaced": _of_page("The page boasts of an intrusion"),
}

_TIRED = (429, 503)
_TEXTS = ("text/", "application/xhtml", "application/javascript", "application/x-javascript", "application/json")
_BY_PAGE = ("content.gambling.injected", "content.seo_spam", "content.defaced")
_ALL = tuple(name for name in facts if name != "content.pages")


def collect(target: Target, net: Network) -> Iterable[Collected]:  # noqa: ARG001 - the contract of a check
    """Every page of the crawl, its sitemaps, and a few pages as different visitors see them."""
    home = net.home()
    kind = standing(home).kind
    if kind in IN_THE_WAY:
        yield from absent_all(facts, Absence.NOT_ASSESSABLE, f"page class: {kind}")
        return
    crawl = net.crawl()
    yield Fact("content.pages", len(crawl.documents))
    look = _Look(lexicon(), site_of(urlsplit(home.final.url).hostname or ""))
    for document in crawl.documents:
        look.at(document)
    for sitemap in crawl.sitemaps:
        look.at_sitemap(shown(sitemap.url), sitemap.locations, complete=sitemap.complete)
    look.compare(net, crawl, home)
    yield from look.told(crawl)


@dataclass(slots=True)
class _Look:
    """What was seen so far, by fact and name of the page; pages of one name are one subject."""

    lexicon: Lexicon
    own: str
    found: dict[tuple[str, str], bool] = field(default_factory=dict)
    signs: dict[str, set[str]] = field(default_factory=dict)
    gaps: dict[tuple[str, str], Absent] = field(default_factory=dict)
    points: dict[str, float] = field(default_factory=dict)
    """Points of gambling by URL."""
    at_home_japanese: bool | None = None

    def at(self, document: Document) -> None:
        """One page or file."""
        if 300 <= document.status < 400:
            self._redirect(document)
            return
        if document.status in _TIRED or (document.status >= 400 and page_class(document.response) in IN_THE_WAY):
            self._gap(document.name, Absence.NOT_ASSESSABLE, f"answered: {document.status}")
            return
        reading = read(document.response) if self._is_text(document) else Reading(document.url)
        if document.status >= 400 and not reading.blocks:
            return  # nothing is there, whatever its address says
        self._judge(document, reading)
        if self._is_text(document) and not document.complete and "body_over_cap" not in document.head.faults:
            self._gap(document.name, Absence.LIMITED, "the page broke off")

    def _judge(self, document: Document, reading: Reading) -> None:
        weights, name = self.lexicon.weights, document.name
        gambling, other = scores(reading, self.lexicon)
        self.points[document.url] = gambling.points
        if gambling.points >= weights.fail:
            self._mark("content.gambling.injected", name, gambling.signs)
        elif gambling.points >= weights.review:
            self._mark("content.gambling.suspect", name, gambling.signs)
        if self.at_home_japanese is None:
            self.at_home_japanese = kana_share(reading) >= self.lexicon.kana_percent
        if other.points >= weights.fail:
            self._mark("content.seo_spam", name, other.signs)
        elif not self.at_home_japanese and is_japanese_shop(reading, self.lexicon):
            self._mark("content.seo_spam", name, ("words of a Japanese shop",))
        if is_defaced(reading, self.lexicon):
            self._mark("content.defaced", name, ())
        for host in from_search(reading):
            if is_foreign(host, self.own, self.lexicon):
                self._mark("content.gambling.cloaked", name, (f"a script sends visitors from a search to {host}",))

    def _redirect(self, document: Document) -> None:
        location = document.head.first("location") or ""
        host = urlsplit(location).hostname or "" if "//" in location else ""
        promoted = is_promoter(host, self.lexicon) or promotes_by_path(location, self.lexicon, self.lexicon.gambling)
        if is_foreign(host, self.own, self.lexicon) and promoted:
            self._mark("content.gambling.injected", document.name, (f"sends every visitor to {host}",))

    def at_sitemap(self, url: str, locations: tuple[str, ...], *, complete: bool) -> None:
        """A sitemap: its share of addresses that promote, or their number."""
        limits = self.lexicon.weights.limits
        bad = sum(promotes_by_path(location, self.lexicon, self.lexicon.gambling) for location in locations)
        name = "content.gambling.sitemap"
        if bad >= limits["sitemap_least"] or (bad and bad * 100 > limits["sitemap_percent"] * len(locations)):
            self._mark(name, url, (f"{bad} of {len(locations)} addresses promote",))
        elif not complete:
            self.gaps[name, url] = Absent(name, Absence.LIMITED, "the sitemap was cut", url)

    def compare(self, net: Network, crawl: Crawl, home: Visit) -> None:
        """The home page, then the most suspicious pages, then others, in several views."""
        viewer = Viewer(net, self.lexicon, self.own)
        for url in _sample(crawl, home.final.url, self.points, self.lexicon):
            seen = viewer.compare(url)
            if seen is None:
                break
            self._compared(seen)

    def _compared(self, seen: Comparison) -> None:
        name = shown(seen.url)
        if difference := seen.difference(self.lexicon):
            self._mark("content.gambling.cloaked", name, (difference, *seen.worst.signs))
        elif seen.missing:
            self.gaps["content.gambling.cloaked", name] = Absent(
                "content.gambling.cloaked", Absence.NOT_ASSESSABLE, seen.detail, name
            )
        if seen.worst.points >= self.lexicon.weights.fail:
            self._mark("content.gambling.injected", name, seen.worst.signs)

    def _mark(self, fact: str, name: str, signs: Iterable[str]) -> None:
        self.found[fact, name] = True
        self.signs.setdefault(name, set()).update(_sound(sign) for sign in signs)

    def _gap(self, name: str, reason: Absence, detail: str) -> None:
        for fact in _BY_PAGE:
            self.gaps[fact, name] = Absent(fact, reason, detail, name)

    def _is_text(self, document: Document) -> bool:
        return (
            not document.content_type
            or document.content_type.startswith(_TEXTS)
            or document.content_type.endswith("xml")
        )

    def told(self, crawl: Crawl) -> Iterator[Collected]:
        """Facts of pages where something was found; where all was looked at, that these are all."""
        for fact, name in self.found:
            yield Fact(fact, True, name)  # noqa: FBT003 - the value
        for name, signs in self.signs.items():
            if signs:
                yield Fact("content.gambling.signs", tuple(sorted(signs)), name)
        for missed in crawl.missed:
            self._gap(missed.name, missed.reason, missed.detail)
        yield from (gap for key, gap in self.gaps.items() if key not in self.found)
        for fact in _ALL:
            if crawl.reason is None:
                yield Covered(fact)
            else:
                yield Absent(fact, crawl.reason, crawl.detail)


def _sound(sign: str) -> str:
    """A sign as a document can hold it: a script's code may stand for no character."""
    return sign[:200].encode("utf-8", "replace").decode()


def _sample(crawl: Crawl, home: str, points: dict[str, float], words: Lexicon) -> list[str]:
    """URLs to compare: the home page, suspicious ones, then pages of different parts of the site."""
    pages = {
        d.url: d
        for d in crawl.documents
        if d.status == 200 and d.content_type in ("text/html", "application/xhtml+xml", "")
    }
    listed = [url for item in crawl.sitemaps for url in item.locations if promotes_by_path(url, words, words.gambling)]
    known = {d.url for d in crawl.documents}
    suspicious = sorted((url for url in pages if points.get(url, 0) > 0), key=lambda url: -points[url])
    folders: dict[str, str] = {}
    for url in pages:
        folders.setdefault(urlsplit(url).path.strip("/").partition("/")[0], url)
    wanted = [home, *suspicious[:2], *(url for url in listed if url in known)][: PAGES - 2] + list(folders.values())
    return list(dict.fromkeys(wanted))[:PAGES]


__all__ = ["collect", "facts"]
