"""The observations of one target, arranged so that a rule finds its facts at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from auditor.model import Absence, Absent, Fact, FactSpec, Observation


@dataclass(frozen=True, slots=True)
class Entry:
    """What was said about a fact at one subject, and when."""

    subject: str
    seen: Fact | Absent
    at: datetime


@dataclass(slots=True)
class Index:
    """Everything said about one target, by fact."""

    specs: Mapping[str, FactSpec]
    at_subject: dict[str, dict[str, list[Entry]]] = field(default_factory=lambda: defaultdict(dict))
    whole: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    """Absences of facts with subjects that are not about one subject."""
    looked_everywhere: set[str] = field(default_factory=set)
    observers: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Which observations speak of a fact at all."""
    subjects_seen: list[dict[str, set[str]]] = field(default_factory=list)
    """By observation: subjects by kind."""

    def add(self, observation: Observation) -> None:
        """Enter one observation; what it says about undeclared facts is not believed."""
        place = len(self.subjects_seen)
        seen: dict[str, set[str]] = defaultdict(set)
        self.subjects_seen.append(seen)
        for fact in observation.facts:
            self._enter(Entry(fact.subject, fact, observation.at), fact.name, place, seen)
        for gap in observation.absent:
            self._enter(Entry(gap.subject or "", gap, observation.at), gap.fact, place, seen)
        for name in observation.covered:
            self.looked_everywhere.add(name)
            self.observers[name].add(place)

    def _enter(self, entry: Entry, name: str, place: int, seen: dict[str, set[str]]) -> None:
        if name not in self.specs:
            return
        kind = self.specs[name].subject
        self.observers[name].add(place)
        if kind and not entry.subject and isinstance(entry.seen, Absent):
            self.whole[name].append(entry)
        else:
            self.at_subject[name].setdefault(entry.subject, []).append(entry)
            if kind:
                seen[kind].add(entry.subject)

    def at(self, name: str, subject: str) -> list[Entry]:
        """What was said about a fact at a subject, or why nothing was: never empty."""
        found = self.at_subject.get(name, {}).get(subject)
        return _ordered(found) if found else self.missing(name, subject)

    def missing(self, name: str, subject: str) -> list[Entry]:
        """Why a fact says nothing about a subject: what is absent as a whole is absent there."""
        gaps = self.absences(name) or [_uncollected(name)]
        return [Entry(subject, gap.seen, gap.at) for gap in gaps]

    def absences(self, name: str) -> list[Entry]:
        """Absences of the fact as a whole; a fact that nobody has spoken of was not collected."""
        if name in self.whole:
            return _ordered(self.whole[name])
        return [] if name in self.at_subject or name in self.looked_everywhere else [_uncollected(name)]

    def selected(self, name: str, selector: str) -> list[Entry]:
        """What was said about the subjects that a selector means: itself, and `prefix:itself`.

        An absence of the fact as a whole leaves open whether there are more of them, unless it says that there
        are none.
        """
        known = self.at_subject.get(name, {})
        subjects = sorted(subject for subject in known if subject == selector or subject.endswith(f":{selector}"))
        if not subjects:
            return self.missing(name, selector)
        found = [entry for subject in subjects for entry in self.at(name, subject)]
        return found + [
            Entry(selector, gap.seen, gap.at) for gap in self.absences(name) if not _says_there_are_none(gap)
        ]

    def covered(self, name: str) -> bool:
        """Whether the subjects reported, perhaps none, are all that the fact has."""
        return name in self.looked_everywhere and name not in self.whole

    def universe(self, names: Iterable[str], kind: str) -> list[str]:
        """Subjects that a rule over these facts has to answer for, sorted.

        They are all subjects of the kind that the checks providing the facts speak of, except where none of the
        facts has anything at a subject and all of them were looked for everywhere.
        """
        facts = tuple(names)
        places = {place for name in facts if name in self.observers for place in self.observers[name]}
        subjects = {s for place in places for s in self.subjects_seen[place].get(kind, ())}
        if all(self.covered(name) for name in facts):
            subjects = {s for s in subjects if any(s in self.at_subject.get(name, ()) for name in facts)}
        return sorted(subjects)


_NEVER = datetime(1, 1, 1, tzinfo=UTC)
"""The moment of what was not observed; no value is ever compared with it."""


def _uncollected(name: str) -> Entry:
    return Entry("", Absent(name, Absence.NOT_COLLECTED), _NEVER)


def _says_there_are_none(gap: Entry) -> bool:
    return isinstance(gap.seen, Absent) and gap.seen.reason is Absence.NOT_OFFERED


def _ordered(entries: list[Entry]) -> list[Entry]:
    """In an order that does not depend on the one in which they were observed."""
    return entries if len(entries) == 1 else sorted(entries, key=lambda entry: (repr(entry.seen), entry.at))
