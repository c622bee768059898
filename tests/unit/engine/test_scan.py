"""Whatever a check does, each fact it declares ends as a value, a named absence, or covered."""

import asyncio
import contextlib
import itertools
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import Unobserved
from auditor.evidence import read, write
from auditor.mask import Masker
from auditor.model import Absence, Absent, Collected, Covered, Fact, FactSpec, Level, Observation, Plugin, Target
from auditor.plugins import Check
from auditor.scan import MAX_ITEMS, MAX_TEXT, run, scan

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
SPECS = {
    "x.flag": FactSpec(bool, "a flag"),
    "x.size": FactSpec(int, "a number", level=Level.STANDARD),
    "x.cookie.secure": FactSpec(bool, "per cookie", subject="cookie"),
    "x.cookie.session": FactSpec(bool, "per cookie", subject="cookie"),
}
TARGET = Target("https", "contoh.go.id", 443, level=Level.ACTIVE)


def observe(collect: Callable[..., Iterable[object]], target: Target = TARGET) -> Observation:
    plugin = Plugin("auditor.checks", "x", "test", "1", "")
    return run(Check("x", SPECS, collect, plugin, ""), target, None, clock=lambda: AT)  # type: ignore[arg-type]


def whole(observation: Observation) -> dict[str, Absence]:
    return {gap.fact: gap.reason for gap in observation.absent if gap.subject is None}


def test_a_silent_check_has_crashed_on_every_fact() -> None:
    assert whole(observe(lambda *_: ())) == dict.fromkeys(SPECS, Absence.CRASHED)


def test_what_the_net_could_not_get_is_the_reason_for_all_that_is_open() -> None:
    def collect(*_: object) -> Iterable[Collected]:
        yield Fact("x.flag", value=True)
        yield Fact("x.cookie.secure", value=True, subject="a")
        yield Fact("x.cookie.session", value=True, subject="a")
        raise Unobserved(Absence.TIMEOUT, "no answer in 15 s")

    seen = observe(collect)
    assert Fact("x.flag", value=True) in seen.facts
    assert Fact("x.cookie.secure", value=True, subject="a") in seen.facts
    # more cookies might have followed: the range is open, so it is absent as a whole beside its values
    assert whole(seen) == dict.fromkeys(("x.size", "x.cookie.secure", "x.cookie.session"), Absence.TIMEOUT)


def test_a_crash_keeps_its_place_but_not_its_message() -> None:
    def collect(*_: object) -> Iterable[Collected]:
        yield Fact("x.size", 1)
        raise ValueError("637101 from the page")

    (gap,) = (gap for gap in observe(collect).absent if gap.fact == "x.flag")
    assert gap.reason is Absence.CRASHED
    assert "ValueError at test_scan.py" in gap.detail
    assert "637101" not in gap.detail


def test_a_subject_that_one_fact_of_a_kind_names_is_owed_by_the_others() -> None:
    def collect(*_: object) -> Iterable[Collected]:
        yield Fact("x.flag", value=True)
        yield Fact("x.size", 1)
        yield Fact("x.cookie.session", value=True, subject="a")
        yield Fact("x.cookie.session", value=True, subject="b")
        yield Fact("x.cookie.secure", value=True, subject="a")

    seen = observe(collect)
    detail = "the check did not account for this fact"
    assert seen.absent == (Absent("x.cookie.secure", Absence.CRASHED, detail, "b"),)


def test_covered_says_that_there_are_no_more() -> None:
    def collect(*_: object) -> Iterable[Collected]:
        yield Fact("x.flag", value=True)
        yield Fact("x.size", 1)
        yield Covered("x.cookie.secure")
        yield Covered("x.cookie.session")

    seen = observe(collect)
    assert seen.absent == ()
    assert seen.covered == ("x.cookie.secure", "x.cookie.session")


@pytest.mark.parametrize(
    "item",
    [
        Fact("x.flag", 1),
        Fact("x.flag", "true"),
        Fact("x.flag", value=True, subject="a"),
        Fact("x.size", value=True),
        Fact("x.cookie.secure", value=True),
        Fact("x.undeclared", value=True),
        "x.flag",
        None,
        Absent("x.flag", Absence.TIMEOUT, subject="a"),
        Absent("x.undeclared", Absence.TIMEOUT),
        Covered("x.undeclared"),
        Fact("x.flag", value=True, complete="no"),  # type: ignore[arg-type]
        Fact("x.size", 10**5000),
        Fact("x.cookie.secure", value=True, subject="\ud800"),
        Absent("x.flag", Absence.TIMEOUT, b"late"),  # type: ignore[arg-type]
        Absent("x.flag", "timeout"),  # type: ignore[arg-type]
    ],
)
def test_nonsense_from_a_check_is_never_a_value(item: object) -> None:
    def collect(*_: object) -> Iterable[object]:
        yield item

    seen = observe(collect)
    assert seen.facts == ()
    assert Absence.CRASHED in whole(seen).values()
    assert set(whole(seen)) == set(SPECS)
    assert read(write([seen], Masker()), SPECS) == (seen,)


@pytest.mark.parametrize("way_out", [SystemExit(0), GeneratorExit(), asyncio.CancelledError()])
def test_a_check_that_leaves_the_program_has_crashed(way_out: BaseException) -> None:
    def collect(*_: object) -> Iterable[Collected]:
        yield Fact("x.flag", value=True)
        raise way_out

    assert whole(observe(collect))["x.size"] is Absence.CRASHED


@pytest.mark.parametrize("raised", [False, True])
def test_no_check_may_say_that_it_was_not_asked(*, raised: bool) -> None:
    def collect(*_: object) -> Iterable[Collected]:
        if raised:
            raise Unobserved(Absence.NOT_REQUESTED)
        yield Absent("x.flag", Absence.NOT_REQUESTED)

    assert whole(observe(collect))["x.flag"] is Absence.CRASHED


def test_a_subject_after_the_last_one_takes_back_that_it_was_the_last() -> None:
    def collect(*_: object) -> Iterable[Collected]:
        yield Covered("x.cookie.secure")
        yield Fact("x.cookie.secure", value=True, subject="a")
        raise RuntimeError

    seen = observe(collect)
    assert whole(seen)["x.cookie.secure"] is Absence.CRASHED
    assert "x.cookie.secure" not in seen.covered


@pytest.mark.parametrize(
    ("first", "reason"), [(Fact("x.flag", value=True), "limited"), (Covered("x.cookie.secure"), "crashed")]
)
def test_a_check_that_never_ends_its_list_is_cut_off(first: Collected, reason: str) -> None:
    def collect(*_: object) -> Iterable[Collected]:
        yield first
        for number in itertools.count():
            yield Fact("x.cookie.secure", value=True, subject=str(number))

    seen = observe(collect)
    assert len(seen.facts) <= MAX_ITEMS
    assert whole(seen)["x.cookie.secure"] == reason


def test_saying_both_a_value_and_an_absence_is_an_absence() -> None:
    def collect(*_: object) -> Iterable[Collected]:
        yield Fact("x.flag", value=True)
        yield Absent("x.flag", Absence.TIMEOUT)

    seen = observe(collect)
    assert "x.flag" not in {fact.name for fact in seen.facts}
    assert whole(seen)["x.flag"] is Absence.TIMEOUT


def test_the_same_fact_twice_is_believed_neither_time() -> None:
    def collect(*_: object) -> Iterable[Collected]:
        yield Fact("x.flag", value=False)
        yield Fact("x.flag", value=True)

    assert whole(observe(collect))["x.flag"] is Absence.CRASHED


def test_an_overlong_text_is_cut_off_not_kept() -> None:
    specs = {"x.text": FactSpec(str, "text")}
    check = Check("x", specs, lambda *_: [Fact("x.text", "a" * (MAX_TEXT + 1))], Plugin("g", "x", "t", "1", ""), "")
    seen = run(check, TARGET, None, clock=lambda: AT)
    assert seen.facts == ()
    assert whole(seen) == {"x.text": Absence.LIMITED}


@pytest.mark.parametrize(
    ("level", "requested", "reason"),
    [(Level.PASSIVE, None, Absence.NOT_AUTHORISED), (Level.PASSIVE, Level.PASSIVE, Absence.NOT_REQUESTED),
     (Level.PASSIVE, Level.ACTIVE, Absence.NOT_AUTHORISED)],
)  # fmt: skip
def test_facts_above_the_level_are_withheld_even_if_yielded(
    level: Level, requested: Level | None, reason: Absence
) -> None:
    target = Target("https", "contoh.go.id", 443, level=level, requested=requested)
    seen = observe(lambda *_: [Fact("x.flag", value=True), Fact("x.size", 7)], target)
    assert whole(seen)["x.size"] is reason
    assert {fact.name for fact in seen.facts} == {"x.flag"}


def test_what_the_inventory_does_not_state_is_not_collected() -> None:
    (about,) = scan(TARGET, (), lambda _: contextlib.nullcontext(), clock=lambda: AT)
    assert whole(about) == dict.fromkeys(
        ("target.organisation", "target.region", "target.se_category"), Absence.NOT_COLLECTED
    )
    assert Fact("target.service", "contoh.go.id") in about.facts


NAMES = st.sampled_from([*SPECS, "x.undeclared"])
SUBJECTS = st.sampled_from(["", "a", "b"])
ITEMS = st.one_of(
    st.builds(Fact, NAMES, st.one_of(st.booleans(), st.integers(), st.text(), st.tuples(st.text())), SUBJECTS),
    st.builds(Absent, NAMES, st.sampled_from(Absence), st.text(), st.one_of(st.none(), SUBJECTS)),
    st.builds(Covered, NAMES),
)


@given(items=st.lists(ITEMS, max_size=12), crash=st.booleans())
def test_every_declared_fact_is_accounted_for_whatever_is_yielded(*, items: list[Collected], crash: bool) -> None:
    def collect(*_: object) -> Iterable[Collected]:
        yield from items
        if crash:
            raise RuntimeError

    seen = observe(collect)
    values = {(fact.name, fact.subject) for fact in seen.facts}
    gaps = {(gap.fact, gap.subject) for gap in seen.absent}
    for name, spec in SPECS.items():
        accounted = {n for n, _ in values} | {n for n, _ in gaps} | set(seen.covered)
        assert name in accounted
        assert all(type(fact.value) is spec.type for fact in seen.facts if fact.name == name)
    assert not values & gaps
    assert not set(seen.covered) & {name for name, subject in gaps if subject is None}


def test_what_asks_least_comes_first_and_the_order_of_the_checks_stays() -> None:
    asked: list[str] = []

    def check(name: str, cost: int) -> Check:
        def collect(target: Target, net: object) -> list[Fact]:
            asked.append(name)
            return [Fact(name, value=True)]

        plugin = Plugin("auditor.checks", name, "", "", "")
        return Check(name, {name: FactSpec(bool, "", cost=cost)}, collect, plugin, "")

    order = [check("banyak", 200), check("sedikit", 0), check("sedang", 9)]
    seen = scan(TARGET, order, lambda _: contextlib.nullcontext(), clock=lambda: AT)
    assert asked == ["sedikit", "sedang", "banyak"]
    assert [observation.check for observation in seen[1:]] == ["banyak", "sedikit", "sedang"]
