"""The walk itself: robots.txt, sitemaps, then pages in rounds, until nothing is left or a bound is met."""

import re
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from threading import Thread

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net import address as urls
from auditor.net.address import PORTS, Address
from auditor.net.crawl import robots, sitemap
from auditor.net.crawl.frontier import Frontier
from auditor.net.crawl.links import links
from auditor.net.crawl.robots import Robots
from auditor.net.crawl.spelling import canonical, spelled
from auditor.net.crawl.values import Crawl, Document, Missed, Sitemap
from auditor.net.wire import Limits, Response, Visit

Fetch = Callable[[Address, int, int], Response]
"""One request, in one of the lanes counted from 0, with a cap on the body; raises Unobserved."""

LANES = 4
"""Where nobody is waited for; as many as connections are polite elsewhere."""
ROUND = 8
"""Requests whose answers are taken in together, in the order asked, so that a crawl is repeatable."""
SMALL = 524_288
"""Bytes that are still read of each document once large ones have used half of what the crawl may read or keep."""
_SITEMAPS = 10
_STRAIN = (429, 503)
_MOST_STRAINED = 5
_NOWHERE = (Absence.UNREACHABLE, Absence.NOT_COLLECTED, Absence.NOT_AUTHORISED)
_WORD = re.compile(r"[^\W\d_]{2,}")
_TAGS = re.compile(r"<[^>]*>|&[#\w]+;")
_READ = 30_000
_DATES = re.compile(
    r"\b(?:januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember|senin|selasa|rabu|kamis"
    r"|jum'?at|sabtu|minggu|ahad|january|february|march|may|june|july|august|october|december|(?:mon|tues|wednes|thurs"
    r"|fri|satur|sun)day|jan|feb|mar|apr|jun|jul|agu|agt|aug|sep|sept|okt|oct|nov|des|dec|mon|tue|wed|thu|fri|sat|sun)\b"
)


def crawl(
    home: Visit, fetch: Fetch, in_scope: Callable[[str], bool], *, budget: int, limits: Limits, lanes: int = LANES
) -> Crawl:
    """Walk over a site from its home page.

    Args:
        home: the visit of the home page, which is no request of the crawl.
        fetch: the way out.
        in_scope: whether a host may be visited.
        budget: requests at most.
        limits: caps on the size of one document and of all.
        lanes: requests at the same time, each lane on a connection of its own.
    """
    start = urls.parse(home.final.url)
    if start is None:  # a URL that was fetched can be parsed
        raise Unobserved(Absence.MALFORMED, "the home page has no usable URL")
    return _Walk(home, spelled(start) or start, fetch, in_scope, budget, limits, lanes).run()


class _Over(Exception):  # noqa: N818 - an end, not an error
    """The crawl ends here, cut off."""


@dataclass(slots=True)
class _Walk:
    home: Visit
    start: Address
    fetch: Fetch
    in_scope: Callable[[str], bool]
    budget: int
    limits: Limits
    lanes: int
    frontier: Frontier = field(default_factory=Frontier)
    rules: dict[str, Robots] = field(default_factory=dict)
    documents: list[Document] = field(default_factory=list)
    sitemaps: list[Sitemap] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)
    made: int = 0
    read: int = 0
    kept: int = 0
    withheld: int = 0
    strained: int = 0
    end: tuple[Absence, str] | None = None

    def run(self) -> Crawl:
        try:
            self._begin()
            while batch := self._round():
                for (address, depth, found_on), answer in zip(batch, self._together(batch), strict=True):
                    self._take_in(address, depth, found_on, answer)
        except _Over:
            pass
        if self.end is None and self.frontier.full and not self.frontier.waiting:
            detail = "the site has more URLs than are remembered"
            self.end = Absence.LIMITED, detail
        reason, told = self.end or (None, "")
        return Crawl(
            tuple(self.documents),
            tuple(self.sitemaps),
            tuple(self.missed),
            self.budget,
            self.made,
            len(self.frontier.waiting),
            self.withheld + self.frontier.actions,
            tuple(self.frontier.traps.values()),
            reason,
            told,
        )

    # The beginning

    def _begin(self) -> None:
        self.frontier.note(self.start)
        self._keep(self.home.final, 0, "")
        rules = self._robots(self.start)
        if not rules.allows(self.start.resource):
            detail = "robots.txt keeps crawlers from the whole site, or cannot be reached"
            self._over(Absence.NOT_ASSESSABLE, detail)
        page = self.documents[0]
        self._line_up(page.links, 1, page.url)
        if leads_to := self._onward(self.home.final):
            self._line_up((leads_to,), 0, page.url)
        self._read_sitemaps((*rules.sitemaps, "/sitemap.xml"))

    def _robots(self, address: Address) -> Robots:
        """The rules at an origin, fetched when the first of its URLs comes up."""
        origin = f"{address.scheme}://{address.authority}"
        if origin not in self.rules:
            self.rules[origin] = self._ask_robots(replace(address, resource="/robots.txt"))
        return self.rules[origin]

    def _ask_robots(self, address: Address) -> Robots:
        for _ in range(robots.REDIRECTS + 1):
            if self.made >= self.budget:
                return robots.NOTHING
            answer = self._ask(address)
            if isinstance(answer, Missed):
                return robots.NOTHING
            if 200 <= answer.status < 300:
                return robots.parse(answer.text[: robots.CAP])
            leads_to = self._onward(answer)
            onward = self._own(canonical(address.url, leads_to)) if leads_to else None
            if onward is None or onward == address:
                # Client errors and redirects that lead nowhere are "unavailable": everything may be fetched.
                return robots.NOTHING if answer.status >= 500 or answer.status == 429 else Robots()
            address = onward
        return Robots()

    def _read_sitemaps(self, named: Iterable[str]) -> None:
        queue = [(reference, "") for reference in named]
        known: set[str] = set()
        most = min(_SITEMAPS, max(1, self.budget // 10))
        while queue and len(known) < most and self.made < self.budget:
            reference, found_on = queue.pop(0)
            address = self._own(canonical(self.start.url, reference))
            if address is None or address.url in known or not self._robots(address).allows(address.resource):
                continue
            known.add(address.url)
            self.frontier.note(address)
            answer = self._ask(address)
            if isinstance(answer, Missed):
                self.missed.append(answer)
                continue
            if leads_to := self._onward(answer):
                queue.insert(0, (leads_to, address.url))
            if not 200 <= answer.status < 300:
                continue
            locations, is_index, complete = sitemap.read(answer, self.limits.document)
            if not locations:
                continue
            self.sitemaps.append(Sitemap(address.url, found_on, locations, complete))
            if is_index:
                queue += [(location, address.url) for location in locations[:_SITEMAPS]]
            else:
                self._line_up(locations, 1, address.url)

    # Rounds

    def _round(self) -> list[tuple[Address, int, str]]:
        """The next addresses, as many as the budget still allows."""
        batch: list[tuple[Address, int, str]] = []
        while len(batch) < min(ROUND, self.budget - self.made):
            item = self.frontier.take()
            if item is None:
                break
            if self._robots(item[0]).allows(item[0].resource):
                batch.append(item)
            else:
                self.withheld += 1
        return batch[: max(0, self.budget - self.made)]

    def _together(self, batch: list[tuple[Address, int, str]]) -> list[Response | Missed]:
        """Answers in the order asked. The threads are daemons: whoever stops the program waits for none of them."""
        outcomes: list[Future[Response | Missed]] = [Future() for _ in batch]
        self.made += len(batch)

        def serve(lane: int) -> None:
            for at in range(lane, len(batch), self.lanes):
                try:
                    outcomes[at].set_result(self._answer(batch[at][0], lane))
                except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
                    outcomes[at].set_exception(error)

        for lane in range(min(self.lanes, len(batch))):
            Thread(target=serve, args=(lane,), name="crawl", daemon=True).start()
        return [outcome.result() for outcome in outcomes]

    def _ask(self, address: Address) -> Response | Missed:
        self.made += 1
        answer = self._answer(address, 0)
        if isinstance(answer, Missed) and answer.reason is Absence.LIMITED:
            self._over(answer.reason, answer.detail)
        return answer

    @property
    def _cap(self) -> int:
        """Large documents leave room for the pages that follow: what is cut of them is told, page by page."""
        roomy = self.read < self.limits.crawled // 2 and self.kept < self.limits.kept // 2
        return self.limits.document if roomy else min(SMALL, self.limits.document)

    def _answer(self, address: Address, lane: int) -> Response | Missed:
        try:
            return self.fetch(address, lane, self._cap)
        except Unobserved as gap:
            return Missed(address.url, gap.reason, gap.detail)

    def _take_in(self, address: Address, depth: int, found_on: str, answer: Response | Missed) -> None:
        if isinstance(answer, Missed):
            if answer.reason is Absence.LIMITED:
                self._over(answer.reason, answer.detail)
            if address.host != self.start.host and answer.reason in _NOWHERE:
                self.withheld += 1  # a link to a host that is not there, or not to be reached from here, hides no page
            else:
                self.missed.append(answer)
            return
        self.strained = self.strained + 1 if answer.status in _STRAIN else 0
        if self.strained >= _MOST_STRAINED:
            detail = f"the server answers again and again: {answer.status}"
            self._over(Absence.LIMITED, detail)
        page = self._keep(answer, depth, found_on)
        if leads_to := self._onward(answer):
            self._line_up((leads_to,), depth, page.url)
        self._line_up(page.links, depth + 1, page.url)
        if page.links:
            self.frontier.learn(address, _words(answer))

    def _keep(self, answer: Response, depth: int, found_on: str) -> Document:
        document = Document.of(answer, depth=depth, found_on=found_on, links=links(answer))
        if self.kept + len(document.packed) > self.limits.kept:
            document = document.emptied()
        self.read += len(answer.body)
        self.kept += len(document.packed)
        self.documents.append(document)
        if self.read > self.limits.crawled:
            detail = "the bytes read by the crawl are at their cap"
            self._over(Absence.LIMITED, detail)
        return document

    def _line_up(self, found: Iterable[str], depth: int, found_on: str) -> None:
        for url in found:
            address = self._own(canonical(self.start.url, url))
            if address is not None:
                self.frontier.add(address, depth=depth, found_on=found_on)

    def _own(self, address: Address | None) -> Address | None:
        """The address if it is of the site: its twins are the site itself, on the side that the home page is on."""
        if address is None or not self.in_scope(address.host):
            return None
        if address.host.removeprefix("www.") == self.start.host.removeprefix("www."):
            address = replace(address, host=self.start.host)
            if address.port == PORTS[address.scheme] and self.start.port == PORTS[self.start.scheme]:
                address = replace(address, scheme=self.start.scheme, port=self.start.port)
            same = (address.scheme, address.port) == (self.start.scheme, self.start.port)
            return address if same else None
        return address if address.port == PORTS[address.scheme] else None

    def _onward(self, answer: Response) -> str:
        """Where an answer redirects to, absolute; empty where it does not."""
        location = answer.first("location")
        if not 300 <= answer.status < 400 or location is None:
            return ""
        return urls.follow(answer.url, location)[0]

    def _over(self, reason: Absence, detail: str) -> None:
        self.end = reason, detail
        raise _Over


def _words(answer: Response) -> int:
    """A digest of what a page says, without numbers, names of months and of days."""
    text = _TAGS.sub(" ", answer.text[:_READ]).lower()
    return hash(frozenset(_WORD.findall(_DATES.sub(" ", text))))
