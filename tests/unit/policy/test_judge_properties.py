"""Laws of judging, held against whatever hypothesis can think of."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.canonical import encode
from auditor.model import (
    Absence,
    Absent,
    Assertion,
    Attestation,
    Condition,
    Decides,
    Fact,
    FactSpec,
    Finding,
    Observation,
    Outcome,
    Policy,
    Rule,
    Severity,
    Target,
    Text,
)
from auditor.policy import judge
from auditor.policy.evaluation import all_of, any_of

LOGIC = (Outcome.PASS, Outcome.UNKNOWN, Outcome.FAIL)
AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
TARGET = Target("https", "contoh.go.id", 443)

SPECS = {
    "x.flag": FactSpec(bool, ""),
    "x.size": FactSpec(int, ""),
    "x.set": FactSpec(tuple, ""),
    "c.first": FactSpec(bool, "", subject="cookie"),
    "c.second": FactSpec(int, "", subject="cookie"),
    "c.set": FactSpec(tuple, "", subject="cookie"),
    "d.other": FactSpec(bool, "", subject="cookie"),
    "c.place": FactSpec(bool, "", subject="position"),
}
SUBJECTS = ("a", "b", "ec:a")
Case = tuple[Rule, tuple[Observation, ...]]
ANSWERED = Attestation("R-1", Outcome.PASS, "Budi", date(2026, 1, 1), date(2027, 1, 1), "Sudah")

_VALUES: dict[Any, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    int: st.integers(0, 3),
    tuple: st.lists(st.sampled_from(["u", "v", "w"]), unique=True, max_size=3).map(tuple),
}
_ASKED: dict[Any, st.SearchStrategy[tuple[str, Any]]] = {
    bool: st.tuples(st.just("equals"), st.booleans()),
    int: st.tuples(st.sampled_from(["at_least", "at_most", "equals"]), st.integers(0, 3)),
    tuple: st.tuples(st.sampled_from(["subset_of", "contains_all", "contains_none"]), st.just(("u", "v"))),
}


@st.composite
def assertions(draw: st.DrawFn) -> Assertion:
    name = draw(st.sampled_from(sorted(SPECS)))
    spec = SPECS[name]
    selected = spec.subject == "position" or (spec.subject and draw(st.integers(0, 3)) == 0)
    operator, operand = draw(_ASKED[spec.type])
    return Assertion(name, operator, operand, draw(st.sampled_from(["a", "b"])) if selected else "")


@st.composite
def conditions(draw: st.DrawFn, least: int = 0) -> Condition:
    conjunction = st.lists(assertions(), min_size=1, max_size=2).map(lambda found: Condition(tuple(found)))
    alternatives = draw(st.one_of(st.just([]), st.lists(conjunction, min_size=1, max_size=3)))
    own = draw(st.lists(assertions(), min_size=0 if alternatives else least, max_size=2))
    return Condition(tuple(own), tuple(alternatives))


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    decides = draw(st.sampled_from(Decides))
    return Rule("R-1", Text(), Severity.HIGH, when=draw(conditions()), require=draw(conditions(1)), decides=decides)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Rule, tuple[Observation, ...]]:
    """A rule, and three checks of which each may say anything about the rule's facts and one more, or nothing."""
    rule = draw(rules())
    return rule, tuple(
        draw(observations(check, asked_in(rule.when) | asked_in(rule.require) | {"c.first"})) for check in "xcd"
    )


@st.composite
def observations(draw: st.DrawFn, check: str, names: set[str]) -> Observation:
    facts: list[Fact] = []
    absent: list[Absent] = []
    covered: list[str] = []
    for name in sorted(name for name in names if name.startswith(f"{check}.")):
        spec = SPECS[name]
        for subject in SUBJECTS if spec.subject else ("",):
            said = draw(st.sampled_from(["value", "value", "absent", "nothing"]))
            if said == "value":
                complete = spec.type is not tuple or draw(st.booleans())
                facts.append(Fact(name, draw(_VALUES[spec.type]), subject, complete))
            elif said == "absent":
                absent.append(Absent(name, draw(st.sampled_from(Absence)), "", subject or None))
        match draw(st.sampled_from(["covered", "covered", "whole", "both", "nothing"])) if spec.subject else "":
            case "covered":
                covered.append(name)
            case "whole" | "both" as said:
                absent.append(Absent(name, draw(st.sampled_from(Absence))))
                covered += [name] if said == "both" else []
    absent += unaccounted(facts, absent, covered)
    return Observation(TARGET.url, check, AT, 0, tuple(facts), tuple(absent), tuple(covered))


def unaccounted(facts: list[Fact], absent: list[Absent], covered: list[str]) -> list[Absent]:
    """What the scan adds: a fact that is not covered has something to say wherever its siblings have."""
    said = {(f.name, f.subject) for f in facts} | {(a.fact, a.subject) for a in absent}
    return [
        Absent(name, Absence.CRASHED, "", subject)
        for name in sorted({name for name, _ in said} - set(covered))
        for subject in sorted({s for n, s in said if s and SPECS[n].subject == SPECS[name].subject})
        if (name, None) not in said and (name, subject) not in said
    ]


def judged(rule: Rule, observations: tuple[Observation, ...]) -> Finding:
    policy = Policy("contoh", "1", Text(), (rule,))
    (finding,) = judge(observations, SPECS, [policy], (), (ANSWERED,), AT, [TARGET])
    return finding


def asked_in(condition: Condition) -> set[str]:
    return {a.fact for a in condition.all} | {name for option in condition.any for name in asked_in(option)}


def worsened(
    rule: Rule, observations: tuple[Observation, ...], draw: Callable[[st.SearchStrategy[Any]], Any]
) -> tuple[Observation, ...]:
    """The same evidence with less seen, or more refused."""
    place = draw(st.integers(0, len(observations) - 1))
    seen = observations[place]
    names = [name for name in sorted(SPECS) if name.startswith(f"{seen.check}.")]
    name = draw(st.sampled_from(names))
    # What is not offered makes `when` false, and rightly so: the rule is no longer about it.
    reasons = [r for r in Absence if r is not Absence.NOT_OFFERED or name not in asked_in(rule.when)]
    gap = Absent(name, draw(st.sampled_from(reasons)))
    match draw(st.sampled_from(["subject", "whole", "beside", "observation", "incomplete"])):
        case "observation":
            return observations[:place] + observations[place + 1 :]
        case "subject":
            subject = draw(st.sampled_from(SUBJECTS)) if SPECS[name].subject else ""
            facts = tuple(f for f in seen.facts if (f.name, f.subject) != (name, subject))
            seen = replace(seen, facts=facts, absent=(*seen.absent, replace(gap, subject=subject or None)))
        case "whole":
            facts = tuple(f for f in seen.facts if f.name != name)
            absent = tuple(a for a in seen.absent if a.fact != name)
            kept = draw(st.booleans())
            covered = tuple(c for c in seen.covered if c != name or kept)
            seen = replace(seen, facts=facts, absent=(*absent, gap), covered=covered)
        case "beside":
            seen = replace(seen, absent=(*seen.absent, gap))
        case _:
            seen = replace(seen, facts=tuple(replace(f, complete=False) if f.name == name else f for f in seen.facts))
    return (*observations[:place], seen, *observations[place + 1 :])


@settings(max_examples=500, deadline=None)
@given(cases(), st.data())
def test_seeing_less_never_creates_a_pass(case: Case, data: st.DataObject) -> None:
    rule, seen = case
    before = judged(rule, seen)
    after = judged(rule, worsened(rule, seen, data.draw))
    assert before.outcome is Outcome.PASS or after.outcome is not Outcome.PASS


@settings(max_examples=200, deadline=None)
@given(rules(), st.data())
def test_nothing_but_absences_never_passes(rule: Rule, data: st.DataObject) -> None:
    """Every absence, whole or by subject, of every fact at once: a pass would rest on nothing seen."""
    absent = tuple(
        Absent(name, data.draw(st.sampled_from(Absence)), "", subject)
        for name in sorted(SPECS)
        for subject in ((None, *SUBJECTS) if SPECS[name].subject else (None,))
        if subject is None or data.draw(st.booleans())
    )
    finding = judged(rule, (Observation(TARGET.url, "all", AT, 0, (), absent),))
    assert finding.outcome in (Outcome.FAIL, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE)
    assert finding.outcome is not Outcome.UNKNOWN or finding.reason


@settings(max_examples=200, deadline=None)
@given(cases())
def test_an_unknown_finding_names_its_reason_and_a_failed_one_its_fault(case: Case) -> None:
    rule, seen = case
    finding = judged(rule, seen)
    outcomes = {verdict.outcome for verdict in finding.verdicts}
    if finding.outcome is Outcome.UNKNOWN:
        assert finding.reason in list(Absence)
        assert Outcome.UNKNOWN in outcomes
    elif finding.outcome is Outcome.FAIL:
        assert Outcome.FAIL in outcomes
    elif finding.outcome is Outcome.PASS and rule.decides is Decides.BOTH:
        assert outcomes <= {Outcome.PASS}


@settings(max_examples=200, deadline=None)
@given(cases(), st.integers())
def test_the_order_of_observations_and_facts_does_not_matter(case: Case, seed: int) -> None:
    rule, seen = case
    random = Random(seed)

    def shuffled(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(random.sample(items, len(items)))

    doubled = (*seen, *seen[:2])
    permuted = shuffled(
        tuple(
            replace(o, facts=shuffled(o.facts), absent=shuffled(o.absent), covered=shuffled(o.covered)) for o in doubled
        )
    )
    assert encode(judged(rule, permuted)) == encode(judged(rule, doubled))


@settings(max_examples=50, deadline=None)
@given(cases())
def test_judging_twice_gives_the_same_bytes(case: Case) -> None:
    assert encode(judged(*case)) == encode(judged(*case))


@pytest.mark.parametrize(("a", "b", "c"), list(itertools.product(LOGIC, repeat=3)))
def test_the_connectives_are_those_of_kleene(a: Outcome, b: Outcome, c: Outcome) -> None:
    assert all_of((a, b)) is all_of((b, a))
    assert any_of((a, b)) is any_of((b, a))
    assert all_of((a, all_of((b, c)))) is all_of((all_of((a, b)), c))
    assert any_of((a, any_of((b, c)))) is any_of((any_of((a, b)), c))
    assert all_of((a, any_of((b, c)))) is any_of((all_of((a, b)), all_of((a, c))))
    assert any_of((a, all_of((b, c)))) is all_of((any_of((a, b)), any_of((a, c))))
    assert all_of((a, any_of((a, b)))) is a
    assert all_of((a, a)) is any_of((a, a)) is a


def test_unknown_is_stronger_than_pass_and_weaker_than_fail_in_a_conjunction() -> None:
    assert all_of(()) is Outcome.PASS
    assert any_of(()) is Outcome.FAIL
    assert all_of((Outcome.PASS, Outcome.UNKNOWN)) is Outcome.UNKNOWN
    assert all_of((Outcome.UNKNOWN, Outcome.FAIL)) is Outcome.FAIL
    assert any_of((Outcome.PASS, Outcome.UNKNOWN)) is Outcome.PASS
    assert any_of((Outcome.UNKNOWN, Outcome.FAIL)) is Outcome.UNKNOWN
