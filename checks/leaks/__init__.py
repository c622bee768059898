"""Personal data and secrets in pages and files of the site: how much of what kind, where, and never the data itself.

Files are read in a child process that can be killed (`sandbox`); it gives back counts and keyed tags (`analysis`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from auditor.errors import Unobserved
from auditor.identifiers import Kind
from auditor.mask import mask_text
from auditor.model import Absence, Absent, Collected, Covered, Fact, FactSpec, Level, Target, ValueType
from auditor.net import Confide, Document, Network

from .analysis import TYPES, Count, Summary
from .sandbox import Reader

_WORDS = {
    Kind.NIK: "NIK of citizens",
    Kind.KK: "numbers of family cards (KK)",
    Kind.NPWP: "tax numbers (NPWP) of persons",
    Kind.NIP: "NIP of civil servants outside the ordinary publication of an office",
    Kind.NUPTK: "NUPTK of teachers",
    Kind.BPJS: "BPJS Kesehatan card numbers",
    Kind.PASSPORT: "passport numbers",
    Kind.PHONE: "mobile numbers listed with people, or beside other data of a person",
    Kind.EMAIL: "e-mail addresses of people in lists, or beside other data of a person",
    Kind.BANK_ACCOUNT: "bank accounts of people",
    Kind.HEALTH: "people named or numbered beside a disease or condition",
    Kind.BIRTH_DATE: "dates of birth beside a person",
    "secret": "passwords, keys and tokens",
    "weak_mask": "16-digit numbers of people masked so weakly that they can be completed",
}

_SPECIFIC = frozenset((Kind.HEALTH, Kind.BANK_ACCOUNT))
"""UU 27/2022 article 4(2): health, personal finance; children are counted apart."""
_GENERAL = frozenset(TYPES) - _SPECIFIC - {"secret", "weak_mask"}
_KILLED = 5
"""Files that ended the reading process, or their time, after which no more are read: each may cost 20 seconds."""
_URL = "url"


def _about(value: ValueType, doc: str) -> FactSpec:
    return FactSpec(value, doc, subject=_URL, level=Level.STANDARD, crawl=True)


_COUNTS = {f"leak.{kind}.count": _about(int, f"Distinct {doc}, confirmed or probable") for kind, doc in _WORDS.items()}
_POSSIBLE = {
    f"leak.{kind}.possible": _about(int, f"More that may be {doc}; to be looked at") for kind, doc in _WORDS.items()
}
_FURTHER = {
    "leak.class": _about(tuple, "Classes of personal data found (UU 27/2022, article 4): general, specific"),
    "leak.children.count": _about(int, "Children among the people whose data were found"),
    "leak.nip.official": _about(int, "NIP of officials beside their office and nothing private: ordinary publication"),
    "leak.secret.kind": _about(tuple, "Kinds of the secrets found"),
    "leak.secret.public": _about(tuple, "Kinds of keys found that browsers are meant to see, such as of maps"),
    "leak.metadata.authors": _about(int, "People named as authors in the properties of documents"),
    "leak.metadata.paths": _about(int, "Paths of the computers that files were made on or are served from"),
    "leak.id_card.files": _about(int, "Files or links whose names say that they are pictures of identity documents"),
    "leak.unread": _about(int, "Pages and pictures without text, which were not read"),
    "leak.places": _about(tuple, "Where in the file how many of what stand, with the region of a NIK and keyed tags"),
}
_TOTALS = {
    f"leak.{kind}.total": FactSpec(int, f"Distinct {doc}, over the whole site", level=Level.STANDARD, crawl=True)
    for kind, doc in _WORDS.items()
}
_READ = {"leak.files": FactSpec(int, "Pages and files that were read", level=Level.STANDARD, crawl=True)}

facts = _COUNTS | _POSSIBLE | _FURTHER | _TOTALS | _READ
_BY_URL = (*_COUNTS, *_POSSIBLE, *_FURTHER)


def collect(target: Target, net: Network) -> Iterable[Collected]:  # noqa: ARG001 - the contract of a check
    """Every document of the crawl, one after the other."""
    crawl = net.crawl()
    with Reader(net.masker.tag_key, whole=net.confide is not None) as reader:
        survey = _Survey(reader, net.confide)
        for document in crawl.documents:
            survey.take(document)
    for missed in crawl.missed:
        survey.gaps[mask_text(missed.name)].append((missed.reason, missed.detail))
    yield from survey.told()
    whole = crawl.covered and not survey.gaps
    for name in _BY_URL:
        if crawl.reason is None:
            yield Covered(name)
        else:
            yield Absent(name, crawl.reason, crawl.detail)
    yield Fact("leak.files", survey.read)
    yield from survey.totals(whole=whole, reason=crawl.reason, detail=crawl.detail)


@dataclass(slots=True)
class _Survey:
    """What was read so far, by the name of the URL: two URLs may share one."""

    reader: Reader
    confide: Confide | None
    found: dict[str, list[Summary]] = field(default_factory=lambda: defaultdict(list))
    gaps: dict[str, list[tuple[Absence, str]]] = field(default_factory=lambda: defaultdict(list))
    read: int = 0
    killed: int = 0

    def take(self, document: Document) -> None:
        """Read one document of the crawl."""
        name = mask_text(document.name)
        if not document.complete:
            self.gaps[name].append((Absence.LIMITED, "cut at the size cap, or broken off"))
        if self.killed >= _KILLED:
            self.gaps[name].append((Absence.LIMITED, "not read: too many files before it could not be"))
            return
        if not document.body:
            return
        try:
            summary = self.reader.summary(document.url, document.head.first("content-type") or "", document.body)
        except Unobserved as gap:
            self.killed += 1
            self.gaps[name].append((gap.reason, gap.detail))
            return
        self.read += 1
        if self.confide is not None:
            for kind, place, value in summary.values:
                self.confide(document.url, kind, place, value)
        self.found[name].append(summary)
        self.gaps[name] += [(Absence(reason), detail) for reason, detail in summary.gaps]
        if not self.gaps[name]:
            del self.gaps[name]

    def told(self) -> Iterator[Collected]:
        """Facts of each URL where anything was found, absences of each that was not read whole."""
        for name in sorted({*self.found, *self.gaps}):
            values = _merged(self.found.get(name, []))
            gap = next(iter(self.gaps.get(name, ())), None)
            if gap is None and not any(values.values()):
                continue
            for fact, value in values.items():
                if gap is not None and not value:
                    yield Absent(fact, *gap, name)
                else:
                    yield Fact(fact, value, name, complete=gap is None or not isinstance(value, tuple))

    def totals(self, *, whole: bool, reason: Absence | None, detail: str) -> Iterator[Collected]:
        """Distinct values over all URLs; at least so many where not all was read."""
        for kind in TYPES:
            tags: set[str] = set()
            for summaries in self.found.values():
                for summary in summaries:
                    tags.update(summary.types.get(kind, Count()).tags)
            if tags or whole:
                yield Fact(f"leak.{kind}.total", len(tags))
            else:
                gaps = [gap for gaps in self.gaps.values() for gap in gaps]
                yield Absent(f"leak.{kind}.total", *((reason, detail) if reason else gaps[0]))


def _merged(summaries: list[Summary]) -> dict[str, int | tuple[str, ...]]:
    """All facts of one URL."""
    counts = {kind: _count([summary.types[kind] for summary in summaries if kind in summary.types]) for kind in TYPES}
    values: dict[str, int | tuple[str, ...]] = {f"leak.{kind}.count": counts[kind].count for kind in TYPES}
    values |= {f"leak.{kind}.possible": counts[kind].possible for kind in TYPES}
    children = max((summary.children for summary in summaries), default=0)
    classes = [
        name
        for name, there in (
            ("general", any(counts[kind].count for kind in _GENERAL)),
            ("specific", children or any(counts[kind].count for kind in _SPECIFIC)),
        )
        if there
    ]
    return values | {
        "leak.class": tuple(classes),
        "leak.children.count": children,
        "leak.nip.official": max((summary.officials for summary in summaries), default=0),
        "leak.secret.kind": _union(summary.secrets for summary in summaries),
        "leak.secret.public": _union(summary.public_keys for summary in summaries),
        "leak.metadata.authors": max((summary.authors for summary in summaries), default=0),
        "leak.metadata.paths": max((summary.paths for summary in summaries), default=0),
        "leak.id_card.files": max((summary.id_cards for summary in summaries), default=0),
        "leak.unread": sum(summary.unread for summary in summaries),
        "leak.places": _union(summary.places for summary in summaries),
    }


def _count(counts: list[Count]) -> Count:
    """Distinct values of pages that share a name, by their tags; what lies beyond those kept is at least the most."""
    tags = {tag for count in counts for tag in count.tags}
    most = max((count.count for count in counts), default=0)
    return Count(max(len(tags), most), max((count.possible for count in counts), default=0))


def _union(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({item for group in groups for item in group}))
