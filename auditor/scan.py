"""Targets times checks to observations: the one place where a check's failure becomes an absence.

Whatever a check does (crash, stall, yield nonsense, forget a fact), every fact that it declares ends as a value,
a named absence, or covered. Nothing that goes wrong here can read as good news.
"""

import re
import time
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from auditor.errors import Unobserved
from auditor.evidence import is_of_type
from auditor.facts import TARGET_CHECK, TARGET_FACTS, about_target
from auditor.model import Absence, Absent, Covered, Fact, FactSpec, Level, Observation, Target
from auditor.plugins import Check

MAX_TEXT = 4_096
"""Characters of a value; a longer one is LIMITED, since a prefix could satisfy what the whole does not."""
MAX_MEMBERS = 10_000
MAX_SUBJECT = 512
MAX_DETAIL = 300
MAX_INTEGER = 2**53 - 1
"""Up to here every reader of JSON agrees on what a number is (RFC 8785, section 3.2.2.3)."""
MAX_ITEMS = 100_000
"""What one check may yield about one target."""

Clock = Callable[[], datetime]
Open = Callable[[Target], AbstractContextManager[Any]]
"""Gives the network of one target, to be closed when its checks are done."""


def now() -> datetime:
    """UTC, to the second: the resolution of every document."""
    return datetime.now(UTC).replace(microsecond=0)


def scan(target: Target, checks: Sequence[Check], open_network: Open, *, clock: Clock = now) -> tuple[Observation, ...]:
    """Run the checks on one target, one after the other over one network; those that ask least come first.

    So a site that shuts out whoever asks for much has answered everything else by then. `KeyboardInterrupt` passes
    through; everything else that a check raises becomes an absence.
    """
    about = _about(target, clock())
    with open_network(target) as network:
        seen = {check.name: run(check, target, network, clock=clock) for check in sorted(checks, key=_asks)}
    return (about, *(seen[check.name] for check in checks))


def _asks(check: Check) -> int:
    """Requests that a check makes at most, beside the crawl that all share."""
    return sum(spec.cost for spec in check.facts.values())


def _about(target: Target, at: datetime) -> Observation:
    ledger = _Ledger(TARGET_FACTS)
    for item in about_target(target):
        ledger.add(item)
    return ledger.observation(target, TARGET_CHECK, at, 0)


def run(check: Check, target: Target, network: Any, *, clock: Clock = now) -> Observation:
    """One check on one target, with every declared fact accounted for."""
    at, started = clock(), time.monotonic()
    ledger = _Ledger(check.facts)
    _withhold(ledger, check, target)
    if ledger.wanted:
        try:
            for item in check.collect(target, network):
                ledger.add(item)
            ledger.close(Absence.CRASHED, "the check did not account for this fact", finished=True)
        except Unobserved as gap:
            ledger.close(_given(gap.reason), gap.detail if _is_text(gap.detail) else "")
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - a crash becomes an absence; a check that exits has crashed
            ledger.close(Absence.CRASHED, _described(error))
    return ledger.observation(target, check.name, at, round((time.monotonic() - started) * 1000))


def _withhold(ledger: "_Ledger", check: Check, target: Target) -> None:
    """Close the account of what may not be collected from this target."""
    for name, spec in check.facts.items():
        if target.scheme not in check.schemes:
            ledger.withhold(name, Absence.NOT_REQUESTED, f"not asked of {target.scheme}")
        elif spec.level.rank > target.level.rank:
            ledger.withhold(name, *_why_not(target, spec.level))
        elif Level.ACTIVE.rank > target.level.rank:
            for subject in spec.active:
                ledger.withhold(name, *_why_not(target, Level.ACTIVE), subject)


def _why_not(target: Target, level: Level) -> tuple[Absence, str]:
    if target.requested is not None and level.rank > target.requested.rank:
        return Absence.NOT_REQUESTED, f"needs level {level}, asked for {target.requested}"
    return Absence.NOT_AUTHORISED, f"needs level {level}, authorised up to {target.level}"


def _given(reason: object) -> Absence:
    """The reason that a check gives. What was not requested counts for nothing, so that is not for a check to say."""
    return reason if isinstance(reason, Absence) and reason is not Absence.NOT_REQUESTED else Absence.CRASHED


def _described(error: BaseException) -> str:
    """Type and place only: a message may carry what the site sent."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


@dataclass(slots=True)
class _Ledger:
    """The account of one check's facts. A fact that is in dispute is absent."""

    specs: Mapping[str, FactSpec]
    facts: dict[tuple[str, str], Fact] = field(default_factory=dict)
    absent: dict[tuple[str, str | None], Absent] = field(default_factory=dict)
    covered: set[str] = field(default_factory=set)
    withheld: set[str] = field(default_factory=set)
    """Facts that may not be collected."""
    gated: set[tuple[str, str]] = field(default_factory=set)
    """Single subjects of others that may not."""
    disputed: set[str] = field(default_factory=set)
    """Facts of which nothing that was yielded is believed."""
    items: int = 0
    """How many were yielded, believed or not."""

    @property
    def wanted(self) -> bool:
        return len(self.withheld) < len(self.specs)

    def withhold(self, name: str, reason: Absence, detail: str, subject: str | None = None) -> None:
        if subject is None:
            self.withheld.add(name)
        else:
            self.gated.add((name, subject))
        self.absent[name, subject] = Absent(name, reason, detail, subject)

    def add(self, item: object) -> None:
        """Enter what the check yielded.

        Raises:
            TypeError: the item is of no kind that a check may yield, or its fact is not declared.
            Unobserved: there are more items than a report could hold.
        """
        self.items += 1
        if self.items > MAX_ITEMS:
            raise Unobserved(Absence.LIMITED, "over the cap on values of one check")
        match item:
            case Fact(name=name):
                enter: Callable[[Any], None] = self._add_fact
            case Absent(fact=name):
                enter = self._add_absent
            case Covered(fact=name):
                enter = self._add_covered
            case _:
                raise TypeError(f"a check yielded {type(item).__name__}")
        if name not in self.specs:
            raise TypeError("a check yielded an undeclared fact")
        if name not in self.withheld:
            enter(item)

    def _add_fact(self, fact: Fact) -> None:
        spec, key = self.specs[fact.name], (fact.name, fact.subject)
        if bool(spec.subject) != bool(fact.subject):
            self._dispute(fact.name, "a subject is given where none is declared, or the reverse")
        elif not _is_flag(fact.complete) or not _is_text(fact.subject, *_texts(fact.value)):
            self._dispute(fact.name, _ODD)
        elif self._is_late(fact.name, fact.subject):
            self._dispute(fact.name, _LATE)
        elif not is_of_type(fact.value, spec):
            self._dispute(fact.name, f"{type(fact.value).__name__} is not the declared type")
        elif key in self.facts:
            self._dispute(fact.name, "yielded twice for the same subject")
        elif len(fact.subject) > MAX_SUBJECT or _too_long(fact):
            subject = fact.subject[:MAX_SUBJECT] if spec.subject else None
            gap = Absent(fact.name, Absence.LIMITED, "over the length cap", subject)
            self.absent[fact.name, subject] = gap
        else:
            self.facts[key] = fact

    def _add_absent(self, absent: Absent) -> None:
        if absent.subject is not None and not self.specs[absent.fact].subject:
            self._dispute(absent.fact, "a subject is given where none is declared")
            return
        if not _is_text(absent.detail, absent.subject or ""):
            self._dispute(absent.fact, _ODD)
            return
        if self._is_late(absent.fact, absent.subject):
            self._dispute(absent.fact, _LATE)
            return
        subject = None if absent.subject is None else absent.subject[:MAX_SUBJECT]
        gap = Absent(absent.fact, _given(absent.reason), absent.detail[:MAX_DETAIL], subject)
        self.absent.setdefault((absent.fact, subject), gap)

    def _add_covered(self, covered: Covered) -> None:
        self.covered.add(covered.fact)

    def _is_late(self, name: str, subject: str | None) -> bool:
        """Whether there were said to be no more subjects: then what came before a crash could be all of them."""
        return bool(subject) and name in self.covered

    def _dispute(self, name: str, detail: str) -> None:
        self.disputed.add(name)
        self.absent[name, None] = Absent(name, Absence.CRASHED, detail)

    def close(self, reason: Absence, detail: str, *, finished: bool = False) -> None:
        """Account for what is still open.

        Where the check came to its end (`finished`), that is a fact without any word, or a subject that sibling
        facts of its kind have and it has not. Where it did not, also every uncovered range of subjects: more of
        them might have followed.
        """
        for name, spec in self.specs.items():
            keys = {*self.facts, *self.absent} - self.gated
            seen = {subject for fact, subject in keys if fact == name}
            if name in self.covered or None in seen:
                continue
            if not seen or (spec.subject and not finished):
                self.absent[name, None] = Absent(name, reason, detail[:MAX_DETAIL])
            elif spec.subject:
                for subject in self._subjects(spec.subject) - seen:
                    self.absent[name, subject] = Absent(name, reason, detail[:MAX_DETAIL], subject)

    def _subjects(self, kind: str) -> set[str]:
        """Subjects of a kind that any uncovered fact of the check has spoken about."""
        named = [key for key in (*self.facts, *self.absent) if key[0] not in self.covered]
        return {subject for name, subject in named if subject and self.specs[name].subject == kind}

    def observation(self, target: Target, check: str, at: datetime, took_ms: int) -> Observation:
        facts = (fact for fact in self.facts.values() if self._stands(fact))
        whole = {name for name, subject in self.absent if subject is None}
        return Observation(
            target.url,
            check,
            at,
            took_ms,
            tuple(sorted(facts, key=lambda fact: (fact.name, fact.subject))),
            tuple(sorted(self.absent.values(), key=lambda gap: (gap.fact, gap.subject or ""))),
            tuple(sorted(self.covered - whole)),
        )

    def _stands(self, fact: Fact) -> bool:
        """A value stands unless the same thing is also said to be absent: then the absence does."""
        subject = fact.subject if self.specs[fact.name].subject else None
        return fact.name not in self.disputed and (fact.name, subject) not in self.absent


_ODD = "not made of what a document holds"
_LATE = "a subject is given after it was said that there are no more"
_SURROGATE = re.compile("[\ud800-\udfff]")


def _texts(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()


def _is_flag(value: object) -> bool:
    return type(value) is bool


def _is_text(*parts: object) -> bool:
    """Whether each part is text that UTF-8 can hold."""
    return all(isinstance(part, str) and not _SURROGATE.search(part) for part in parts)


def _too_long(fact: Fact) -> bool:
    if isinstance(fact.value, int):
        return abs(fact.value) > MAX_INTEGER
    if isinstance(fact.value, str):
        return len(fact.value) > MAX_TEXT
    if isinstance(fact.value, tuple):
        return len(fact.value) > MAX_MEMBERS or any(len(item) > MAX_TEXT for item in fact.value)
    return False


def choose(checks: Iterable[Check], only: Iterable[str], without: Iterable[str]) -> tuple[Check, ...]:
    """The checks that a run wants; names are known to exist."""
    wanted, unwanted = set(only), set(without)
    return tuple(c for c in checks if (not wanted or c.name in wanted) and c.name not in unwanted)
