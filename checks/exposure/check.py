"""A check out of a folder of signatures."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from auditor.errors import Unobserved
from auditor.model import Absence, Absent, Collected, Covered, Fact, FactSpec, Level, Target, absent_all
from auditor.net import Document, Network, Response

from ..http.classify import IN_THE_WAY, standing
from . import paths
from .probe import BASELINES, NEIGHBOURS, Gap, Probe, Question, first, questions
from .signatures import HOSTS, Catalogue, Signature, load
from .verdict import Obscure, Reading, of_page

Collect = Callable[[Target, Network], Iterable[Collected]]

Outcome = bool | Obscure

IN_MISSING = "/(missing)"
"""Subject of what the answer for a name that does not exist shows."""


def made_of(folder: Path) -> tuple[Mapping[str, FactSpec], Collect]:
    """The facts and the `collect` of a check that asks for what the signatures of a folder name.

    Raises:
        PluginError: at `file:line:col`, what is wrong in a file.
    """
    catalogue = load(folder)

    def collect(target: Target, net: Network) -> Iterable[Collected]:
        return _collect(catalogue, target, net)

    return _specs(catalogue), collect


def _specs(catalogue: Catalogue) -> Mapping[str, FactSpec]:
    """Facts with the requests of their paths; those that several share, and random names, count for the first."""
    costs = dict.fromkeys(catalogue.facts, 0)
    leading = next(name for name in catalogue.facts if name not in catalogue.rare)
    costs[leading] += BASELINES + NEIGHBOURS
    asked = set()
    usual = [
        (signature.fact, template, signature) for signature in catalogue.signatures for template in signature.paths
    ]
    walked = {signature.fact for signature in catalogue.signatures if paths.PAGE in signature.paths}
    rare = [(fact, template, one) for one in catalogue.signatures for template in one.rare for fact in catalogue.rare]
    for fact, template, signature in (*usual, *rare):
        key = (template, signature.method, signature.fields)
        if key not in asked:
            asked.add(key)
            costs[fact] += paths.most(template) if signature.hosts is None else HOSTS
    return {
        name: FactSpec(bool, doc, level=Level.ACTIVE, cost=costs[name])
        if name in catalogue.rare
        else FactSpec(bool, doc, subject="path", level=Level.STANDARD, cost=costs[name], crawl=name in walked)
        for name, doc in catalogue.facts.items()
    }


def _collect(catalogue: Catalogue, target: Target, net: Network) -> Iterator[Collected]:
    """Every path of every signature, on the origin that the site's own redirects end at."""
    visit = net.home()
    home, kind = visit.final, standing(visit).kind
    if kind in IN_THE_WAY:
        yield from absent_all(catalogue.facts, Absence.NOT_ASSESSABLE, f"page class: {kind}")
        return
    if "slow_body" in home.faults:
        detail = "the home page stalled, so no more is asked of the site"
        yield from absent_all(catalogue.facts, Absence.LIMITED, detail)
        return
    parts = urlsplit(home.url)
    wanted = catalogue.wanted(catalogue.shown(home), target.level)
    walk = _walked(wanted, net)
    asked = questions(wanted, paths.known(parts.hostname or "", home, walk.links))
    probe = Probe(net, f"{parts.scheme}://{parts.netloc}/", wanted)
    probe.ask_all(asked)
    if probe.over and not any(isinstance(answer, Response) for answer in probe.answers.values()):
        yield from absent_all(catalogue.facts, probe.over.reason, probe.over.detail)
        return
    said = _Said({}, catalogue)
    said.enter_answers(asked, Reading(probe, home))
    said.enter_pages(wanted, walk.documents, probe, home)
    said.enter_elsewhere(wanted, target, net)
    if walk.gap:
        by_walk = dict.fromkeys(signature.fact for signature in wanted if paths.PAGE in signature.paths)
        yield from absent_all(by_walk, walk.gap.reason, walk.gap.detail)
    yield from said.collected(target.level, probe.over)


@dataclass(frozen=True, slots=True)
class _Walk:
    """What the crawl brought, and why it is not the whole of it."""

    documents: tuple[Document, ...] = ()
    gap: Gap | None = None

    @property
    def links(self) -> Iterator[str]:
        """What the pages refer to."""
        return (link for document in self.documents for link in document.links)


def _walked(wanted: Iterable[Signature], net: Network) -> _Walk:
    """The pages of the site, where a signature looks at them."""
    if not any(paths.PAGE in signature.paths for signature in wanted):
        return _Walk()
    try:
        crawl = net.crawl()
    except Unobserved as failure:
        return _Walk(gap=Gap(failure.reason, f"pages of the site: {failure.detail}"))
    reason = crawl.reason
    return _Walk(crawl.documents, Gap(reason, f"pages of the site: {crawl.detail}") if reason else None)


@dataclass(slots=True)
class _Said:
    """What was found out, by fact and subject: what one signature proves, no other takes back."""

    outcomes: dict[tuple[str, str], Outcome]
    catalogue: Catalogue

    def enter_answers(self, asked: Iterable[Question], reading: Reading) -> None:
        """What the answers to questions say, and those that are there without asking."""
        for question in asked:
            for signature in question.signatures:
                self.enter(signature, question.place.subject, reading.of(question, signature))
        for signature in reading.probe.signatures:
            if paths.HOME in signature.paths:
                self.enter(signature, "/", reading.of_home(signature))
            if paths.MISSING in signature.paths:
                self.enter(signature, IN_MISSING, reading.of_missing(signature))

    def enter_pages(
        self, wanted: Iterable[Signature], documents: Iterable[Document], probe: Probe, home: Response
    ) -> None:
        """What the pages of the crawl show; those that show nothing are as many as the site has, and go unsaid."""
        looking = [signature for signature in wanted if paths.PAGE in signature.paths]
        for document in documents:
            answer, path = document.response, paths.own_path(home.url, document.url) or document.name
            for signature in looking:
                if signature.proves(first(answer, signature.bytes)) and not probe.is_invented(path, signature):
                    self.enter(signature, path, outcome=True)

    def enter_elsewhere(self, wanted: Iterable[Signature], target: Target, net: Network) -> None:
        """What hosts of others say, where the scope lists them: by content alone, as none of them is the site."""
        for signature in wanted:
            kind = signature.hosts
            for host in [name for name in target.scope if kind and kind.search(name)][:HOSTS]:
                for path in signature.paths:
                    url = f"https://{host}{path}"
                    try:
                        outcome = of_page(signature, net.get(url, fields=signature.fields, cap=signature.bytes).final)
                    except Unobserved as failure:
                        outcome = Obscure(failure.detail, failure.reason)
                    self.enter(signature, url, outcome)

    def enter(self, signature: Signature, subject: str, outcome: Outcome) -> None:
        key = (signature.fact, subject)
        before = self.outcomes.get(key, False)
        self.outcomes[key] = outcome if before is False or outcome is True else before

    def collected(self, level: Level, over: Gap | None) -> Iterator[Collected]:
        for (fact, subject), outcome in self.outcomes.items():
            if isinstance(outcome, Obscure):
                yield Absent(fact, outcome.reason, outcome.why, subject)
            else:
                yield Fact(fact, outcome, subject)
        for fact in self.catalogue.facts:
            if fact not in self.catalogue.rare:
                yield Covered(fact)
            elif level is Level.ACTIVE:
                yield Absent(fact, over.reason, over.detail) if over else Fact(fact, value=True)
