"""The 75 points of Pasal 27: whatever a scan sees, it affirms no more than what can be seen from outside."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import facts as facts_file
from auditor import frameworks, plugins
from auditor.evidence import is_of_type
from auditor.model import (
    Absence,
    Absent,
    Attestation,
    Basis,
    Condition,
    Decides,
    Fact,
    FactSpec,
    Finding,
    Level,
    Observation,
    Outcome,
    Policy,
    Target,
)
from auditor.policy import judge, load

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
TARGET = Target("https", "contoh.go.id", 443, level=Level.ACTIVE)
SPECS: Mapping[str, FactSpec] = facts_file.union(plugins.load_checks())
POLICY: Policy = load("bssn-4-2021", SPECS).policy
POINTS = {p["control"]: p for p in frameworks.data("audit-points")["points"] if p["code"].startswith("FK-")}
OBSERVABLE = {f"P27{control.partition('.P27')[2]}": point["observable"] for control, point in POINTS.items()}
# Counted by hand in Perban BSSN 4/2021 Pasal 27: letters of ayat (1) to (13).
LETTERS = (7, 7, 4, 8, 4, 7, 7, 4, 5, 5, 5, 7, 5)


def assertions(condition: Condition) -> set[tuple[str, str]]:
    own = {(each.fact, each.selector) for each in condition.all}
    return own.union(*(assertions(option) for option in condition.any))


ASKED = sorted(set().union(*(assertions(rule.when) | assertions(rule.require) for rule in POLICY.rules)))


def value(spec: FactSpec) -> st.SearchStrategy[object]:
    return {
        bool: st.booleans(),
        int: st.integers(0, 600) | st.just(31536000),
        str: st.sampled_from(["TLSv1.3", "TLSv1.0", "site", "default", "Lax", "same-origin", "DENY"]),
        datetime: st.sampled_from([datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)]),
        tuple: st.sampled_from([(), ("TLSv1.2", "TLSv1.3"), ("SSLv3",), ("x",)]),
    }[spec.type]


@st.composite
def observations(draw: st.DrawFn) -> tuple[Observation, ...]:
    seen, absent, covered = [], [], []
    for name, selector in ASKED:
        spec = SPECS[name]
        subject = selector or (draw(st.sampled_from(["a", "b"])) if spec.subject else "")
        match draw(st.sampled_from(["fact", "fact", "fact", "absent", "covered", "nothing"])):
            case "fact":
                fact = Fact(name, draw(value(spec)), subject)  # type: ignore[arg-type]
                assert is_of_type(fact.value, spec)
                seen.append(fact)
                covered.append(name)
            case "absent":
                absent.append(Absent(name, draw(st.sampled_from(list(Absence)))))
            case "covered":
                covered.append(name)
    return (Observation(TARGET.url, "check", AT, 0, tuple(seen), tuple(absent), tuple(dict.fromkeys(covered))),)


def judged(evidence: tuple[Observation, ...], *answers: Attestation) -> dict[str, Finding]:
    found = judge(evidence, SPECS, (POLICY,), (), answers, AT, (TARGET,))
    return {finding.rule: finding for finding in found}


def test_each_of_the_75_points_has_its_one_rule() -> None:
    assert sum(LETTERS) == 75
    letters = [f"P27.{ayat}.{'abcdefgh'[n]}" for ayat, count in enumerate(LETTERS, 1) for n in range(count)]
    assert [rule.id for rule in POLICY.rules] == letters
    assert all(rule.controls[0] == f"PERBAN-BSSN-4-2021.{rule.id}" for rule in POLICY.rules)


def test_seven_are_seen_thirty_in_part_and_thirty_eight_not() -> None:
    assert [list(OBSERVABLE.values()).count(word) for word in ("yes", "partly", "no")] == [7, 30, 38]
    seen = {rule.id for rule in POLICY.rules if rule.manual is None and rule.decides is Decides.BOTH}
    assert seen == {rule for rule, how in OBSERVABLE.items() if how == "yes"}
    for rule in POLICY.rules:
        if OBSERVABLE[rule.id] == "no":
            assert rule.require.empty
        if OBSERVABLE[rule.id] == "partly":
            assert rule.require.empty or rule.decides is Decides.FAIL_ONLY


@given(observations())
def test_no_scan_affirms_what_cannot_be_seen_from_outside(evidence: tuple[Observation, ...]) -> None:
    for rule, finding in judged(evidence).items():
        match OBSERVABLE[rule]:
            case "no":
                assert finding.outcome is Outcome.MANUAL
            case "partly":
                assert finding.outcome in (Outcome.MANUAL, Outcome.FAIL, Outcome.UNKNOWN)
        assert finding.basis is Basis.MEASURED


@given(observations())
def test_what_a_person_affirms_is_never_called_measured(evidence: tuple[Observation, ...]) -> None:
    stated = [
        Attestation(rule, Outcome.PASS, "Nama Petugas", date(2026, 11, 1), date(2027, 10, 31), "Ada.")
        for rule, how in OBSERVABLE.items()
        if how != "yes"
    ]
    alone = judged(evidence)
    for rule, finding in judged(evidence, *stated).items():
        if OBSERVABLE[rule] != "yes" and finding.outcome is Outcome.PASS:
            assert finding.basis is Basis.ATTESTED
        assert alone[rule].outcome is not Outcome.FAIL or finding.outcome is Outcome.FAIL


@pytest.mark.parametrize("rule", [rule.id for rule in POLICY.rules if rule.manual])
def test_every_question_is_asked_in_both_languages_and_names_a_document(rule: str) -> None:
    (found,) = (each for each in POLICY.rules if each.id == rule)
    assert found.manual is not None
    assert found.manual.question.id.endswith("?")
    assert found.manual.question.en.endswith("?")
    assert found.manual.evidence
