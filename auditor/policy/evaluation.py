"""One rule over what is known of one target, in three-valued logic (Kleene).

FAIL beats UNKNOWN beats PASS in a conjunction, PASS beats UNKNOWN beats FAIL in `any`. Nothing but an observed fact
makes a PASS. A rule that ranges over subjects is looked at once for each subject, once more for those that may have
gone unseen, or once for the case that there are none.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from auditor.evidence import is_of_type
from auditor.model import TYPE_NAMES, Absence, Absent, Assertion, Condition, FactSpec, Outcome, Rule
from auditor.policy.index import Entry, Index
from auditor.policy.operators import evaluate

_RANK = {Outcome.FAIL: 0, Outcome.UNKNOWN: 1, Outcome.PASS: 2}


def all_of(outcomes: Iterable[Outcome]) -> Outcome:
    """Kleene conjunction; PASS where there is nothing to hold."""
    return min(outcomes, key=_RANK.__getitem__, default=Outcome.PASS)


def any_of(outcomes: Iterable[Outcome]) -> Outcome:
    """Kleene disjunction; FAIL where there is nothing to choose."""
    return max(outcomes, key=_RANK.__getitem__, default=Outcome.FAIL)


@dataclass(frozen=True, slots=True)
class Plan:
    """A rule, and what it ranges over."""

    rule: Rule
    ranged: frozenset[str]
    """Facts with subjects of which none is selected."""
    kind: str
    when_ranges: bool


def plan(rule: Rule, specs: Mapping[str, FactSpec]) -> Plan:
    """Which of the rule's facts have subjects to range over."""
    when, require = _ranged(rule.when, specs), _ranged(rule.require, specs)
    kinds = [specs[name].subject for name in (*when, *require)]
    return Plan(rule, frozenset((*when, *require)), kinds[0] if kinds else "", bool(when))


def _ranged(condition: Condition, specs: Mapping[str, FactSpec]) -> list[str]:
    return [a.fact for a in _assertions(condition) if a.fact in specs and specs[a.fact].subject and not a.selector]


def _assertions(condition: Condition) -> Iterator[Assertion]:
    yield from condition.all
    for option in condition.any:
        yield from _assertions(option)


@dataclass(frozen=True, slots=True)
class Ruling:
    """One assertion about one entry."""

    assertion: Assertion
    entry: Entry
    outcome: Outcome
    absence: Absence | None = None
    """Behind an UNKNOWN."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a rule says at one subject, and the rulings to show for it; NOT_APPLICABLE where its `when` is false."""

    subject: str
    outcome: Outcome
    rulings: tuple[Ruling, ...] = ()


def looks(plan: Plan, index: Index) -> list[Look]:
    """The rule at every subject that it has to answer for; at least one look."""
    if not plan.ranged:
        return [_Scene(plan, index).look()]
    subjects = index.universe(plan.ranged, plan.kind)
    unseen = any(index.absences(name) for name in plan.ranged)
    found = [_Scene(plan, index, unseen=True).look()] if unseen else []
    found += [_Scene(plan, index, subject).look() for subject in subjects]
    if found:
        return found
    return [Look("", Outcome.NOT_APPLICABLE) if plan.when_ranges else _Scene(plan, index, empty=True).look()]


@dataclass(frozen=True, slots=True)
class _Scene:
    """Where a rule is looked at: at a subject, at those unseen, or where there are none at all."""

    plan: Plan
    index: Index
    subject: str = ""
    unseen: bool = False
    empty: bool = False
    silence_counts: bool = False
    """Whether a fact that says nothing about the unseen is unknown there; always so inside an `any`."""

    def look(self) -> Look:
        found = self.once()
        # Facts that are silent about the unseen are left out first, so that a fault shows what was said; then a
        # pass must also hold without them.
        return replace(self, silence_counts=True).once() if self.unseen and found.outcome is Outcome.PASS else found

    def once(self) -> Look:
        rule = self.plan.rule
        applies, rulings = self._condition(rule.when)
        if applies is not Outcome.PASS:
            outcome = Outcome.NOT_APPLICABLE if applies is Outcome.FAIL else Outcome.UNKNOWN
            return Look(self.subject, outcome, tuple(r for r in rulings if r.outcome is applies))
        return Look(self.subject, *self._condition(rule.require))

    def _condition(self, condition: Condition, *, inside: bool = False) -> tuple[Outcome, tuple[Ruling, ...]]:
        rulings = tuple(r for assertion in condition.all for r in self._rulings(assertion, inside=inside))
        outcome = all_of(ruling.outcome for ruling in rulings)
        if not condition.any:
            return outcome, rulings
        options = [self._condition(option, inside=True) for option in condition.any]
        satisfied = next((shown for option, shown in options if option is Outcome.PASS), None)
        shown = tuple(r for _, each in options for r in each) if satisfied is None else satisfied
        return all_of((outcome, any_of(option for option, _ in options))), rulings + shown

    def _rulings(self, assertion: Assertion, *, inside: bool) -> list[Ruling]:
        name, index = assertion.fact, self.index
        if assertion.selector:
            entries = index.selected(name, assertion.selector)
        elif name not in self.plan.ranged:
            entries = index.at(name, "")
        elif self.empty:
            entries = []
        elif self.unseen:
            entries = index.absences(name) or (index.missing(name, "") if inside or self.silence_counts else [])
        else:
            entries = index.at(name, self.subject)
        return [self._ruling(assertion, entry) for entry in entries]

    def _ruling(self, assertion: Assertion, entry: Entry) -> Ruling:
        seen = entry.seen
        if isinstance(seen, Absent):
            if seen.reason is Absence.NOT_OFFERED:
                return Ruling(assertion, entry, Outcome.FAIL)
            return Ruling(assertion, entry, Outcome.UNKNOWN, seen.reason)
        spec = self.index.specs[assertion.fact]
        if not is_of_type(seen.value, spec):
            wrong = Absent(seen.name, Absence.CRASHED, f"not of type {TYPE_NAMES[spec.type]}")
            return Ruling(assertion, Entry(entry.subject, wrong, entry.at), Outcome.UNKNOWN, Absence.CRASHED)
        outcome = evaluate(assertion, seen, entry.at)
        return Ruling(assertion, entry, outcome, Absence.LIMITED if outcome is Outcome.UNKNOWN else None)


def reason(found: Iterable[Look]) -> str:
    """The absence behind the first unknown ruling; one that nobody asked to know comes last."""
    absences = [ruling.absence for look in found for ruling in look.rulings if ruling.absence is not None]
    return str(min(absences, key=lambda absence: absence is Absence.NOT_REQUESTED, default=""))
