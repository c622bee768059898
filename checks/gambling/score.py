"""How much a page promotes what it should not: points for signs, by `weights.toml`."""

import re
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from ..http.suffixes import site_of
from .lexicon import Lexicon, Subject
from .normal import normal
from .reading import Link, Reading

_LEAST_ACTS = 2
_LEAST_ACTS_BESIDE_TITLE = 4
"""Where the title itself promotes, or asks what the word means."""
_MOST = 500
"""Terms of one block that are looked at."""
_LINK_TEXT = 300
_LEAST_HIDDEN = 2
_EITHER = re.compile(r"^slot|gacor")
"""Words that have an ordinary sense."""
_PHRASE = 3
"""Words of a term that nobody writes by chance."""
_SHOWN_TERMS = 6
_SHOWN_HOSTS = 5


@dataclass(frozen=True, slots=True)
class Score:
    """Points of one page, and the signs that they were given for."""

    points: float = 0.0
    signs: tuple[str, ...] = ()
    hosts: frozenset[str] = frozenset()
    """Other owners' hosts to which promoting links lead."""
    terms: frozenset[str] = frozenset()
    """Strong terms that are promoted."""


@dataclass(slots=True)
class _Tally:
    """What is counted of one page."""

    lexicon: Lexicon
    subject: Subject
    ordinary: bool = False
    """Whether title or headings say that slots are places here, or that birds sing."""
    promoted: Counter[str] = field(default_factory=Counter)
    calls: int = 0
    placed: bool = False
    headed: set[str] = field(default_factory=set)
    """Terms that title, headings or descriptions promote."""
    hidden: bool = False

    def block(self, text: str, *, hidden: bool, heading: bool) -> bool:
        """Take in words that stand together; whether they promote."""
        promotes = False
        limits = self.lexicon.weights.limits
        near, within = limits["near"], limits["call_within"]
        for start, end, term in self.subject.strong.find(text)[:_MOST]:
            before, after = text[max(0, start - near) : start], text[end : end + near]
            if self.lexicon.excuses(f"{before} {after}") or (self.ordinary and not hidden and _EITHER.search(term)):
                continue
            promotes = True
            self.promoted[term] += 1
            if heading:
                self.headed.add(term)
            self.calls += self.lexicon.call.search(f"{before[-within:]} | {after[:within]}") is not None
        self.placed |= promotes and heading
        self.hidden |= promotes and hidden
        return promotes


def scores(reading: Reading, lexicon: Lexicon) -> tuple[Score, Score]:
    """The points of a page for gambling, and for other promotion."""
    worded = bool(lexicon.strong.find(reading.text))
    subjects = (lexicon.gambling, lexicon.seo)
    gambling, other = (_score(reading, lexicon, subject, worded=worded) for subject in subjects)
    return gambling, other


def _score(reading: Reading, lexicon: Lexicon, subject: Subject, *, worded: bool) -> Score:
    weights, own = lexicon.weights, site_of(urlsplit(reading.url).hostname or "")
    heads = " ".join((reading.title, *reading.headings))
    tally = _Tally(lexicon, subject, lexicon.ordinary.search(heads) is not None)
    for block in reading.blocks if worded else ():
        tally.block(block.text, hidden=block.hidden, heading=block.heading)
    promoting = [link for link in reading.links if _promotes(link, own, lexicon, subject, tally)]
    promoting += _hidden_links(reading, own, lexicon, subject)
    in_path = promotes_by_path(reading.url, lexicon, subject)
    foreign = [host for host in map(_host, reading.elsewhere) if is_foreign(host, own, lexicon)]
    led = _led_to(reading, own, lexicon) if subject is lexicon.gambling else set()
    if not tally.promoted and not promoting and not in_path and not foreign and not led:
        return Score()
    news = not promoting and not led and not tally.hidden and not in_path and _is_news(reading, tally, lexicon)
    points, signs = weights.points, []
    hosts = {link.host for link in promoting} | led
    by_name = {host for host in hosts if subject is lexicon.gambling and is_promoter(host, lexicon)}
    total = points["strong"] * len(tally.promoted) + points["promoter"] * len(by_name)
    if in_path and not tally.promoted:
        total += points["strong"]
    many = max(len(hosts), len(promoting)) >= weights.limits["many_links"]
    given = (
        ("place", tally.placed, "in title, headings, description or link texts"),
        ("links", many, "links out"),
        ("link", not many and bool(hosts), "links out"),
        ("hidden", tally.hidden or any(link.hidden for link in promoting), "in what visitors do not see"),
        ("path", in_path, "in the address"),
        ("title", bool(tally.headed), "in the title"),
        ("dense", not news and _is_dense(tally, reading, lexicon), "again and again"),
        ("call", tally.calls > 0, "with a call to act"),
        ("foreign", bool(foreign) or bool(led), "canonical, amphtml, frame or redirect of another owner"),
    )
    for name, holds, sign in given:
        if holds:
            total += points[name]
            signs.append(sign)
    weak = {term for block in reading.blocks for _, _, term in subject.weak.find(block.text)}
    total += min(points["weak_most"], points["weak"] * len(weak))
    if news:
        total += min(0.0, points["news_strong_most"] - points["strong"] * len(tally.promoted)) + points["news"]
        signs.append("in an article that reports or warns")
    outward = bool(promoting or led or foreign or tally.hidden or in_path)
    if subject is lexicon.gambling and not outward and not _is_telling(tally, lexicon):
        total = min(total, weights.fail - 1)
    return Score(max(0.0, total), (*_named(tally, hosts), *signs), frozenset(hosts), frozenset(tally.promoted))


def promotes_by_path(url: str, lexicon: Lexicon, subject: Subject) -> bool:
    """Whether the path or query of a URL promotes, as `/uploads/situs-slot-gacor.html` does."""
    words = _words_of(url)
    return bool(subject.strong.find(words)) and not lexicon.reports(words)


def _words_of(url: str) -> str:
    """Path and query of a URL as words."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return normal(re.sub(r"[-_/+.=&]+", " ", unquote(f"{parts.path} {parts.query}")))


def is_foreign(host: str, own: str, lexicon: Lexicon) -> bool:
    """Whether a host is another owner's, and none of those that report."""
    if not host or host == own or site_of(host) == own:
        return False
    labels = host.split(".")
    return not any(".".join(labels[at:]) in lexicon.trusted for at in range(len(labels)))


def is_promoter(host: str, lexicon: Lexicon) -> bool:
    """Whether a host has the name of a promoter of gambling."""
    own = site_of(host).partition(".")[0]
    names = {own, *host.removesuffix(site_of(host)).strip(".").split(".")}
    return any(lexicon.hosts.search(name.replace("-", "")) for name in names if name)


def _promotes(link: Link, own: str, lexicon: Lexicon, subject: Subject, tally: _Tally) -> bool:
    """Whether a link promotes and leads to another owner's host; its words count as a place."""
    foreign = is_foreign(link.host, own, lexicon)
    if not foreign and not tally.promoted:
        return False  # its words stand in a block too
    found = subject.strong.find(link.text[:_LINK_TEXT])
    guarded = (bool(found) or foreign) and lexicon.reports(link.text[:_LINK_TEXT])
    if found and not guarded:
        tally.placed = True
        tally.promoted.update(term for _, _, term in found)
    if not foreign:
        return False
    by_host = subject is lexicon.gambling and is_promoter(link.host, lexicon)
    by_path = promotes_by_path(link.url, lexicon, subject)
    if by_path and not guarded:
        tally.promoted.update(term for _, _, term in subject.strong.find(_words_of(link.url)))
    return not guarded and (bool(found) or by_host or by_path)


def _hidden_links(reading: Reading, own: str, lexicon: Lexicon, subject: Subject) -> list[Link]:
    """Links to other owners that visitors do not see, two or more, with words that would be nothing in the open."""
    foreign = [link for link in reading.links if link.hidden and is_foreign(link.host, own, lexicon)]
    found = [link for link in foreign if subject.weak.find(link.text[:_LINK_TEXT]) and not lexicon.reports(link.text)]
    return found if len(found) >= _LEAST_HIDDEN else []


def _is_telling(tally: _Tally, lexicon: Lexicon) -> bool:
    """Whether words alone show a promoter: many terms, two in the title, or a call to act; a report may have one."""
    phrased = any(term.count(" ") >= _PHRASE - 1 for term in tally.promoted)
    return (
        phrased
        or tally.calls > 0
        or len(tally.headed) > 1
        or len(tally.promoted) >= lexicon.weights.limits["terms_alone"]
    )


def _led_to(reading: Reading, own: str, lexicon: Lexicon) -> set[str]:
    """Hosts of promoters that the page gives itself out for, shows in frames, or sends visitors to."""
    hosts = {_host(url) for url in (*reading.elsewhere, *reading.embedded)}
    return {host for host in hosts if is_foreign(host, own, lexicon) and is_promoter(host, lexicon)}


def _is_dense(tally: _Tally, reading: Reading, lexicon: Lexicon) -> bool:
    count, limits = sum(tally.promoted.values()), lexicon.weights.limits
    return count >= limits["dense_least"] and count * 1_000 >= limits["dense_per_thousand"] * max(1, reading.words)


def _is_news(reading: Reading, tally: _Tally, lexicon: Lexicon) -> bool:
    """Whether the page reports or warns: by its title, or by as many such words as there are promoting ones."""
    if tally.calls >= lexicon.weights.limits["calls_of_news"]:
        return False
    heads = " ".join((reading.title, *reading.headings))
    if lexicon.reports(heads):
        return True
    if not tally.headed and lexicon.actors.search(heads) and lexicon.gambling.weak.find(heads):
        return True
    subject = lexicon.gambling  # words of a menu that stand alone excuse nothing
    speaking = (
        block.text for block in reading.blocks if subject.weak.find(block.text) or subject.strong.find(block.text)
    )
    texts = [lexicon.but.sub(" ", text) for text in speaking]
    acts = {match[0] for text in texts for match in lexicon.acts.finditer(text)}
    actors = {match[0] for text in texts for match in lexicon.actors.finditer(text)}
    least = _LEAST_ACTS_BESIDE_TITLE if tally.headed else _LEAST_ACTS
    return len(acts) >= least and len(acts | actors) >= max(lexicon.weights.limits["guard_least"], len(tally.promoted))


def _named(tally: _Tally, hosts: set[str]) -> list[str]:
    terms = [term for term, _ in tally.promoted.most_common(_SHOWN_TERMS)]
    named = [f"terms: {', '.join(terms)}"] if terms else []
    return named + [f"host: {host}" for host in sorted(hosts)[:_SHOWN_HOSTS]]


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
