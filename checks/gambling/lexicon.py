"""The lists of words and weights, compiled once."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from .normal import FOLD, latin, plain

_END = r"(?![^\W\d_])"
_GAP = r"[\W_]{0,3}"
_SPACES = re.compile(r" \??")
_BEGINS = re.compile(r"[a-z]{1,4}(?![?*{])|[a-z]{1,3}(?=[a-z][?*{])")
_OPENING = re.compile(r"\(([^()]*)\)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Terms:
    """A list of terms, to be found in text that went through `normal`.

    Only where a word begins as some term does are those terms tried: one alternation of them all is a hundred times
    slower.
    """

    normal: "_Index"
    plain: "_Index"

    @classmethod
    def of(cls, terms: list[str]) -> "Terms":
        """Compile; the form of a term is told in `terms.toml`."""
        return cls(_Index.of(terms, _END), _Index.of([term.translate(FOLD) for term in terms], ""))

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """Start, end and spelling of each, in order; what only shows without digits for letters comes from there."""
        found = self.normal.find(text, text)
        folded = plain(text)
        if folded != text.translate(FOLD):
            known = {start for start, _, _ in found}
            found = sorted([*found, *(item for item in self.plain.find(folded, text) if item[0] not in known)])
        return found


@dataclass(frozen=True, slots=True)
class _Index:
    """Terms by the letters that they begin with, and those of other scripts, which have no bounds of words."""

    start: re.Pattern[str]
    by_start: dict[str, re.Pattern[str]]
    others: re.Pattern[str]

    @classmethod
    def of(cls, terms: list[str], end: str) -> "_Index":
        plain_terms = [latin(term) for term in terms]
        forms = [form for term in plain_terms if term.isascii() for form in _opened(term)]
        starts = sorted({_start(form) for form in forms}, key=len, reverse=True)
        forms.sort(key=len, reverse=True)  # the longer of two terms is the one that is counted
        groups = {start: [form for form in forms if start.startswith(_start(form))] for start in starts}
        foreign = [term for term in plain_terms if not term.isascii()]
        return cls(
            re.compile(rf"(?<![^\W\d_])(?:{'|'.join(starts)})"),
            {start: _compiled(group, end) for start, group in groups.items()},
            re.compile("|".join(foreign) or r"(?!)"),
        )

    def find(self, text: str, written: str) -> list[tuple[int, int, str]]:
        """Terms in a text; a number behind one, as it is `written`, is no letter that goes on (`g4c0r88`)."""
        found: list[tuple[int, int, str]] = []
        end = 0
        for start in self.start.finditer(text):
            match = self.by_start[start[0]].match(text, start.start()) if start.start() >= end else None
            if match is not None and not written[match.end() : match.end() + 1].isalpha():
                end = match.end()
                found.append((match.start(), end, _bare(match[0])))
        if not text.isascii():
            found += [(match.start(), match.end(), _bare(match[0])) for match in self.others.finditer(text)]
        return sorted(found)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is promoted: one pair of lists."""

    strong: Terms
    weak: Terms


@dataclass(frozen=True, slots=True)
class Weights:
    """`weights.toml`."""

    fail: float
    review: float
    cloaked: float
    points: dict[str, float]
    limits: dict[str, int]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything that the judgement of a page needs."""

    gambling: Subject
    seo: Subject
    strong: Terms
    """Of both: most pages have none."""
    shopping: re.Pattern[str]
    kana_percent: int
    call: re.Pattern[str]
    hosts: re.Pattern[str]
    acts: re.Pattern[str]
    actors: re.Pattern[str]
    but: re.Pattern[str]
    ordinary: re.Pattern[str]
    trusted: frozenset[str]
    weights: Weights

    def excuses(self, near: str) -> bool:
        """Whether words near a term make it a report, or an ordinary word."""
        return self.reports(near) or self.ordinary.search(near) is not None

    def reports(self, text: str) -> bool:
        """Whether words say that gambling is reported, warned of or acted against."""
        return self.acts.search(self.but.sub(" ", text)) is not None


def _bare(text: str) -> str:
    """A term as it is counted once: words alone."""
    return " ".join(re.findall(r"\w+", text))


def _start(term: str) -> str:
    """The letters, four at most, that a term surely begins with."""
    found = _BEGINS.match(term)
    return found[0] if found else ""


def _opened(term: str) -> list[str]:
    """A term that begins with a choice, once for each."""
    opening = _OPENING.fullmatch(term)
    return [first + opening[2] for first in opening[1].split("|")] if opening else [term]


def _compiled(terms: list[str], end: str = _END) -> re.Pattern[str]:
    parts = []
    for term in terms:
        pattern = _SPACES.sub(lambda _: _GAP, latin(term))
        parts.append(rf"(?<![^\W\d_])(?:{pattern}){end}" if term.isascii() else f"(?:{pattern})")
    return re.compile("|".join(parts))


@cache
def lexicon() -> Lexicon:
    """The lists that come with the program."""
    terms, guard, weights = (_read(name) for name in ("terms.toml", "guard.toml", "weights.toml"))
    return Lexicon(
        strong=Terms.of([*terms["gambling"]["strong"], *terms["seo"]["strong"]]),
        gambling=Subject(Terms.of(terms["gambling"]["strong"]), Terms.of(terms["gambling"]["weak"])),
        seo=Subject(Terms.of(terms["seo"]["strong"]), Terms.of(terms["seo"]["weak"])),
        shopping=re.compile("|".join(map(re.escape, terms["japanese"]["shopping"]))),
        kana_percent=terms["japanese"]["kana_percent"],
        call=_compiled(terms["call"]["words"]),
        hosts=re.compile("|".join(f"(?:{pattern})" for pattern in terms["hosts"]["patterns"])),
        acts=_compiled(guard["acts"]),
        actors=_compiled(guard["actors"]),
        but=_compiled(guard["but"]),
        ordinary=_compiled(guard["ordinary"]),
        trusted=frozenset(guard["hosts"]),
        weights=Weights(**weights),
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / name).read_text("utf-8"))
