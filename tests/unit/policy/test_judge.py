"""What each kind of evidence makes of a rule."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest

from auditor.errors import PolicyError
from auditor.model import (
    Absence,
    Absent,
    Assertion,
    Attestation,
    Basis,
    Condition,
    Covered,
    Decides,
    Fact,
    Finding,
    Manual,
    Outcome,
    Rule,
    Target,
    Text,
    Verdict,
    Waiver,
)
from auditor.policy import judge
from auditor.policy.judge import MAX_OBSERVED
from tests.unit.policy.evidence import AT, SPECS, TARGET, Item, finding, findings, observe, policy, rule, says

PASS, FAIL, UNKNOWN, NOT_APPLICABLE = Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE
TIMEOUT, NOT_OFFERED, NOT_COLLECTED = Absence.TIMEOUT, Absence.NOT_OFFERED, Absence.NOT_COLLECTED

REDIRECTS = rule(says(http__reachable=("equals", True)))
MODERN = rule(says(tls__versions=("subset_of", ("TLSv1.2", "TLSv1.3"))), says(tls__offered=("equals", True)))
SESSIONS = rule(
    says(http__cookie__secure=("equals", True), http__cookie__http_only=("equals", True)),
    says(http__cookie__session=("equals", True)),
)
ALL_COOKIES = rule(says(http__cookie__secure=("equals", True)))
COOKIES = ("http.cookie.session", "http.cookie.secure", "http.cookie.http_only")


def cookie(name: str, *, session: bool = True, secure: bool = True, http_only: bool = True) -> tuple[Fact, ...]:
    return tuple(Fact(fact, value, name) for fact, value in zip(COOKIES, (session, secure, http_only), strict=True))


def covered(*names: str) -> tuple[Covered, ...]:
    return tuple(Covered(name) for name in names or COOKIES)


def shown(found: Finding) -> list[tuple[str, str, str, Outcome]]:
    return [(v.fact, v.subject, v.observed, v.outcome) for v in found.verdicts]


# The four cases that the specification writes out


def test_an_insecure_session_cookie_beside_a_harmless_one_fails() -> None:
    found = finding(
        SESSIONS, *cookie("bahasa", session=False, secure=False), *cookie("PHPSESSID", secure=False), *covered()
    )
    assert found.outcome is FAIL
    assert shown(found) == [
        ("http.cookie.secure", "PHPSESSID", "false", FAIL),
        ("http.cookie.http_only", "PHPSESSID", "true", PASS),
    ]


def test_a_398_day_public_leaf_fails_while_its_intermediate_does_not() -> None:
    shortlived = rule(Condition((Assertion("cert.lifetime_days", "at_most", 200, "leaf"),)))
    found = finding(shortlived, Fact("cert.lifetime_days", 398, "leaf"), Fact("cert.lifetime_days", 3650, "1"))
    assert found.outcome is FAIL
    assert shown(found) == [("cert.lifetime_days", "leaf", "398", FAIL)]
    younger = finding(shortlived, Fact("cert.lifetime_days", 199, "leaf"), Fact("cert.lifetime_days", 3650, "1"))
    assert younger.outcome is PASS


KEY_FLOORS = rule(
    Condition(
        any=(
            says(cert__key_type=("equals", "rsa"), cert__key_bits=("at_least", 2048)),
            says(cert__key_type=("equals", "ec"), cert__key_bits=("at_least", 256)),
        )
    )
)


@pytest.mark.parametrize(
    ("leaf", "issuer", "outcome"), [(256, 4096, PASS), (224, 4096, FAIL), (256, 1024, FAIL), (4096, 256, FAIL)]
)
def test_an_ec_leaf_under_an_rsa_issuer_is_held_to_the_floors_of_each_type(
    leaf: int, issuer: int, outcome: Outcome
) -> None:
    leaf_type = "ec" if leaf < 1024 else "rsa"
    found = finding(
        KEY_FLOORS,
        Fact("cert.key_type", leaf_type, "leaf"),
        Fact("cert.key_bits", leaf, "leaf"),
        Fact("cert.key_type", "rsa", "1"),
        Fact("cert.key_bits", issuer, "1"),
    )
    assert found.outcome is outcome


def test_tls_12_enumerated_with_tls_11_timed_out_is_unknown() -> None:
    seen = Fact("tls.versions", ("TLSv1.2",), complete=False)
    found = finding(MODERN, Fact("tls.offered", value=True), seen)
    assert (found.outcome, found.reason) == (UNKNOWN, "limited")
    assert shown(found) == [("tls.versions", "", "[TLSv1.2, ?]", UNKNOWN)]


def test_tls_10_seen_fails_even_with_tls_11_timed_out() -> None:
    seen = Fact("tls.versions", ("TLSv1.0", "TLSv1.2"), complete=False)
    assert finding(MODERN, Fact("tls.offered", value=True), seen).outcome is FAIL


# Facts without subjects


@pytest.mark.parametrize("reason", list(Absence))
def test_an_absent_fact_is_unknown_unless_the_site_does_not_offer_it(reason: Absence) -> None:
    found = finding(REDIRECTS, Absent("http.reachable", reason, "rinci"))
    assert found.outcome is (FAIL if reason is NOT_OFFERED else UNKNOWN)
    assert shown(found) == [("http.reachable", "", f"{reason}: rinci", found.outcome)]
    assert found.reason == ("" if reason is NOT_OFFERED else reason.value)


@pytest.mark.parametrize("reason", list(Absence))
def test_a_condition_on_an_absent_fact_is_unknown_unless_the_site_does_not_offer_it(reason: Absence) -> None:
    found = finding(MODERN, Absent("tls.offered", reason), Fact("tls.versions", ("TLSv1.2",)))
    assert found.outcome is (NOT_APPLICABLE if reason is NOT_OFFERED else UNKNOWN)
    assert [verdict.fact for verdict in found.verdicts] == ["tls.offered"]


def test_a_fact_that_nobody_speaks_of_was_not_collected() -> None:
    found = findings(REDIRECTS, [])
    assert (found.outcome, found.reason) == (UNKNOWN, "not_collected")
    assert shown(found) == [("http.reachable", "", "not_collected", UNKNOWN)]


def test_a_value_of_another_type_than_declared_is_unknown() -> None:
    found = finding(REDIRECTS, Fact("http.reachable", 1))
    assert (found.outcome, found.reason) == (UNKNOWN, "crashed")
    assert found.verdicts[0].observed == "crashed: not of type boolean"


def test_a_value_with_a_subject_that_its_fact_does_not_have_is_not_taken_for_it() -> None:
    assert finding(REDIRECTS, Fact("http.reachable", value=True, subject="x")).outcome is UNKNOWN


def test_what_is_said_about_an_undeclared_fact_is_not_believed() -> None:
    seen = observe(Fact("http.baru", value=True), Absent("http.lama", NOT_OFFERED), Covered("http.lain"))
    for name in ("http.baru", "http.lama", "http.lain"):
        found = findings(rule(Condition((Assertion(name, "equals", operand=True),))), [seen])
        assert (found.outcome, found.reason) == (UNKNOWN, "not_collected")


def test_of_two_values_of_one_fact_the_worse_counts() -> None:
    twice = [observe(Fact("http.reachable", value=value), check=name) for name, value in (("a", True), ("b", False))]
    assert findings(REDIRECTS, twice).outcome is FAIL
    beside = [observe(Fact("http.reachable", value=True)), observe(Absent("http.reachable", TIMEOUT))]
    assert findings(REDIRECTS, beside).outcome is UNKNOWN


def test_what_was_seen_of_another_target_does_not_count() -> None:
    other = Target("https", "lain.go.id", 443)
    assert findings(REDIRECTS, [observe(Fact("http.reachable", value=True), target=other)]).outcome is UNKNOWN


def test_a_condition_that_is_false_shows_itself() -> None:
    found = finding(MODERN, Fact("tls.offered", value=False), Fact("tls.versions", ("SSLv3",)))
    assert found.outcome is NOT_APPLICABLE
    assert shown(found) == [("tls.offered", "", "false", FAIL)]


def test_days_are_counted_from_the_observation_not_from_the_judgement() -> None:
    fresh = rule(Condition((Assertion("cert.not_after", "beyond_days", 0, "leaf"),)))
    seen = observe(Fact("cert.not_after", AT + timedelta(days=1), "leaf"))
    assert findings(fresh, [seen], at=AT + timedelta(days=900)).outcome is PASS
    assert findings(fresh, [replace(seen, at=AT + timedelta(days=1))]).outcome is FAIL


# any


def alternatives() -> Rule:
    lasting = says(http__hsts__max_age=("at_least", 100))
    return rule(
        Condition(says(http__reachable=("equals", True)).all, (lasting, says(http__hsts__preloaded=("equals", True))))
    )


AGE, PRELOADED, REACHABLE = "http.hsts.max_age", "http.hsts.preloaded", "http.reachable"


def test_a_satisfied_any_shows_its_first_satisfied_alternative() -> None:
    found = finding(alternatives(), Fact(REACHABLE, value=True), Fact(AGE, 99), Fact(PRELOADED, value=True))
    assert found.outcome is PASS
    assert [verdict.fact for verdict in found.verdicts] == [REACHABLE, PRELOADED]
    both = finding(alternatives(), Fact(REACHABLE, value=True), Fact(AGE, 100), Fact(PRELOADED, value=True))
    assert [verdict.fact for verdict in both.verdicts] == [REACHABLE, AGE]


def test_an_unsatisfied_any_shows_all_its_alternatives() -> None:
    found = finding(alternatives(), Fact(REACHABLE, value=True), Fact(AGE, 99), Fact(PRELOADED, value=False))
    assert found.outcome is FAIL
    assert [verdict.fact for verdict in found.verdicts] == [REACHABLE, AGE, PRELOADED]


def test_an_any_is_unknown_while_an_alternative_may_still_hold() -> None:
    found = finding(alternatives(), Fact(REACHABLE, value=True), Fact(AGE, 99), Absent(PRELOADED, TIMEOUT))
    assert (found.outcome, found.reason) == (UNKNOWN, "timeout")
    settled = finding(alternatives(), Fact(REACHABLE, value=False), Fact(AGE, 99), Absent(PRELOADED, TIMEOUT))
    assert settled.outcome is FAIL


# Subjects


def test_no_cookie_at_all_passes_where_one_looked_everywhere_and_is_unknown_elsewhere() -> None:
    assert finding(ALL_COOKIES, *covered()).outcome is PASS
    assert finding(ALL_COOKIES).outcome is UNKNOWN
    assert finding(ALL_COOKIES, *covered("http.cookie.session")).outcome is UNKNOWN
    assert finding(ALL_COOKIES, Absent("http.cookie.secure", TIMEOUT)).reason == "timeout"


def test_no_cookie_at_all_is_not_applicable_to_a_rule_about_some_of_them() -> None:
    assert finding(SESSIONS, *covered()).outcome is NOT_APPLICABLE
    assert finding(SESSIONS, *cookie("bahasa", session=False), *covered()).outcome is NOT_APPLICABLE


def test_an_absence_beats_a_claim_to_have_looked_everywhere() -> None:
    assert finding(ALL_COOKIES, *covered(), Absent("http.cookie.secure", Absence.LIMITED)).outcome is UNKNOWN


def test_a_fact_that_joins_fails_even_where_there_is_no_subject() -> None:
    joined = rule(says(http__cookie__secure=("equals", True), http__reachable=("equals", True)))
    assert finding(joined, *covered(), Fact("http.reachable", value=True)).outcome is PASS
    assert finding(joined, *covered(), Fact("http.reachable", value=False)).outcome is FAIL
    assert finding(joined, *covered()).outcome is UNKNOWN


def test_a_fact_that_joins_is_shown_once_for_all_subjects() -> None:
    joined = rule(says(http__cookie__secure=("equals", True), http__reachable=("equals", True)))
    found = finding(joined, *cookie("a"), *cookie("b"), *covered(), Fact("http.reachable", value=True))
    assert [(v.fact, v.subject) for v in found.verdicts] == [
        ("http.cookie.secure", "a"), ("http.reachable", ""), ("http.cookie.secure", "b"),
    ]  # fmt: skip


def test_an_unknown_condition_at_one_subject_leaves_the_rule_unknown() -> None:
    facts: tuple[Item, ...] = (
        *cookie("a"),
        Absent("http.cookie.session", TIMEOUT, "rinci", "b"),
        *cookie("b", secure=False)[1:],
    )
    found = finding(SESSIONS, *facts, *covered())
    assert (found.outcome, found.reason) == (UNKNOWN, "timeout")
    assert ("http.cookie.session", "b", "timeout: rinci", UNKNOWN) in shown(found)
    failing = finding(SESSIONS, *facts, *cookie("c", secure=False), *covered())
    assert failing.outcome is FAIL
    assert ("http.cookie.session", "b", "timeout: rinci", UNKNOWN) in shown(failing)


def test_a_value_missing_at_a_subject_that_a_sibling_fact_knows_was_not_collected() -> None:
    found = finding(ALL_COOKIES, *cookie("a"), Fact("http.cookie.session", value=True, subject="b"))
    assert (found.outcome, found.reason) == (UNKNOWN, "not_collected")
    assert shown(found)[1] == ("http.cookie.secure", "b", "not_collected", UNKNOWN)


def test_a_subject_is_outside_the_range_where_all_ranged_facts_looked_everywhere_and_have_nothing_there() -> None:
    sibling = Fact("http.cookie.session", value=True, subject="b")
    assert finding(ALL_COOKIES, *cookie("a"), sibling, *covered()).outcome is PASS


def test_subjects_that_another_check_knows_do_not_concern_a_rule_without_its_facts() -> None:
    elsewhere = observe(Fact("http.cookie.session", value=True, subject="b"), check="other")
    assert findings(ALL_COOKIES, [observe(*cookie("a")), elsewhere]).outcome is PASS
    assert findings(SESSIONS, [observe(*cookie("a")), elsewhere]).outcome is UNKNOWN


def test_a_whole_absence_beside_values_leaves_open_whether_there_are_more() -> None:
    found = finding(ALL_COOKIES, *cookie("a"), Absent("http.cookie.secure", Absence.LIMITED, "100 kuki"))
    assert (found.outcome, found.reason) == (UNKNOWN, "limited")
    assert shown(found)[0] == ("http.cookie.secure", "", "limited: 100 kuki", UNKNOWN)
    assert finding(ALL_COOKIES, *cookie("a", secure=False), Absent("http.cookie.secure", TIMEOUT)).outcome is FAIL


def test_a_whole_absence_is_the_reason_at_every_subject_without_a_value() -> None:
    found = finding(SESSIONS, *cookie("a"), Absent("http.cookie.http_only", Absence.NOT_REQUESTED))
    assert found.outcome is UNKNOWN
    missing = finding(SESSIONS, *cookie("a")[:2], Absent("http.cookie.http_only", Absence.NOT_REQUESTED))
    assert (missing.outcome, missing.reason) == (UNKNOWN, "not_requested")


def test_what_is_not_offered_as_a_whole_fails_in_require_and_is_false_in_when() -> None:
    assert finding(ALL_COOKIES, Absent("http.cookie.secure", NOT_OFFERED)).outcome is FAIL
    assert finding(SESSIONS, Absent("http.cookie.session", NOT_OFFERED)).outcome is NOT_APPLICABLE


def test_a_pass_about_the_unseen_does_not_rest_on_a_silent_fact() -> None:
    """`any` holds by a fact without subjects; whether the rule is about the unseen cookies is not known."""
    either = rule(
        Condition(any=(says(http__cookie__secure=("equals", True)), says(http__reachable=("equals", True)))),
        says(http__cookie__session=("equals", True)),
    )
    facts = (*cookie("a"), Fact("http.reachable", value=True))
    assert finding(either, *facts, *covered()).outcome is PASS
    assert finding(either, *facts, Absent("http.cookie.secure", TIMEOUT)).outcome is UNKNOWN


def test_two_entries_for_one_subject_both_count() -> None:
    """Masking can give two cookies the same name."""
    same = (
        Fact("http.cookie.secure", value=True, subject="x****"),
        Fact("http.cookie.secure", value=False, subject="x****"),
    )
    found = finding(ALL_COOKIES, *same)
    assert found.outcome is FAIL
    assert len(found.verdicts) == 2


# Selectors

LEAF = rule(Condition((Assertion("cert.lifetime_days", "at_most", 398, "leaf"),)))


def test_a_selector_means_the_subject_in_every_chain() -> None:
    found = finding(LEAF, Fact("cert.lifetime_days", 90, "leaf"), Fact("cert.lifetime_days", 900, "ec:leaf"))
    assert found.outcome is FAIL
    assert shown(found) == [("cert.lifetime_days", "ec:leaf", "900", FAIL), ("cert.lifetime_days", "leaf", "90", PASS)]
    assert (
        finding(LEAF, Fact("cert.lifetime_days", 90, "leaf"), Fact("cert.lifetime_days", 900, "xleaf")).outcome is PASS
    )


@pytest.mark.parametrize("also", [(), covered("cert.lifetime_days")])
def test_a_selector_that_matches_nothing_was_not_collected(also: tuple[Covered, ...]) -> None:
    found = finding(LEAF, Fact("cert.lifetime_days", 900, "1"), *also)
    assert (found.outcome, found.reason) == (UNKNOWN, "not_collected")
    assert shown(found) == [("cert.lifetime_days", "leaf", "not_collected", UNKNOWN)]


def test_a_selector_that_matches_nothing_has_the_reason_of_the_whole_absence() -> None:
    assert finding(LEAF, Absent("cert.lifetime_days", TIMEOUT)).reason == "timeout"
    assert finding(LEAF, Absent("cert.lifetime_days", NOT_OFFERED)).outcome is FAIL


def test_a_whole_absence_beside_a_selected_value_leaves_open_whether_another_chain_has_one() -> None:
    value = Fact("cert.lifetime_days", 90, "leaf")
    assert finding(LEAF, value, Absent("cert.lifetime_days", TIMEOUT)).outcome is UNKNOWN
    assert finding(LEAF, value, Absent("cert.lifetime_days", NOT_OFFERED)).outcome is PASS


def test_a_selected_fact_joins_a_rule_that_ranges_over_another_kind() -> None:
    joined = rule(Condition((*ALL_COOKIES.require.all, *LEAF.require.all)))
    leaf = Fact("cert.lifetime_days", 90, "leaf")
    assert finding(joined, *cookie("a"), *covered(), leaf).outcome is PASS
    assert finding(joined, *cookie("a"), *covered()).outcome is UNKNOWN


# Reasons


def test_what_was_not_requested_is_the_reason_only_where_nothing_else_is_missing() -> None:
    both = rule(says(http__hsts__max_age=("at_least", 1), http__reachable=("equals", True)))
    unasked = Absent("http.hsts.max_age", Absence.NOT_REQUESTED)
    assert finding(both, unasked, Absent("http.reachable", TIMEOUT)).reason == "timeout"
    assert finding(both, unasked, Fact("http.reachable", value=True)).reason == "not_requested"
    assert finding(both, unasked, Fact("http.reachable", value=False)).outcome is FAIL


# People

MANUAL_ONLY = rule(manual=Manual(Text("Sudah?", "Done?")))
DISPROVED = replace(REDIRECTS, decides=Decides.FAIL_ONLY)
YES = Attestation("R-1", PASS, "Budi", date(2026, 11, 1), date(2026, 12, 31), "Sudah")
TRUE, FALSE, GONE = (
    Fact("http.reachable", value=True), Fact("http.reachable", value=False), Absent("http.reachable", TIMEOUT),
)  # fmt: skip


@pytest.mark.parametrize("answer", [PASS, FAIL, NOT_APPLICABLE])
def test_a_manual_rule_waits_for_a_person_and_takes_the_answer(answer: Outcome) -> None:
    waiting = finding(MANUAL_ONLY)
    assert (waiting.outcome, waiting.reason, waiting.basis) == (Outcome.MANUAL, "no_answer", Basis.MEASURED)
    found = findings(MANUAL_ONLY, [], attestations=(replace(YES, rule="X"), replace(YES, answer=answer)))
    assert (found.outcome, found.basis, found.attestation) == (answer, Basis.ATTESTED, 1)


@pytest.mark.parametrize(
    ("seen", "answer", "outcome", "basis"),
    [
        (TRUE, None, Outcome.MANUAL, Basis.MEASURED),
        (TRUE, PASS, PASS, Basis.ATTESTED),
        (TRUE, FAIL, FAIL, Basis.ATTESTED),
        (TRUE, NOT_APPLICABLE, NOT_APPLICABLE, Basis.ATTESTED),
        (FALSE, None, FAIL, Basis.MEASURED),
        (FALSE, PASS, FAIL, Basis.MEASURED),
        (FALSE, NOT_APPLICABLE, FAIL, Basis.MEASURED),
        (GONE, None, UNKNOWN, Basis.MEASURED),
        (GONE, PASS, UNKNOWN, Basis.MEASURED),
        (GONE, NOT_APPLICABLE, UNKNOWN, Basis.MEASURED),
        (GONE, FAIL, FAIL, Basis.ATTESTED),
    ],
)
def test_a_person_affirms_what_facts_cannot_prove_and_mends_nothing_that_they_disprove(
    seen: Fact | Absent, answer: Outcome | None, outcome: Outcome, basis: Basis
) -> None:
    stated = (replace(YES, answer=answer),) if answer else ()
    found = findings(DISPROVED, [observe(seen)], attestations=stated)
    assert (found.outcome, found.basis) == (outcome, basis)


def test_an_attestation_does_not_reach_a_rule_that_facts_decide() -> None:
    assert findings(REDIRECTS, [observe(GONE)], attestations=(YES,)).outcome is UNKNOWN


def test_a_manual_rule_that_does_not_apply_or_may_not_apply_asks_nobody() -> None:
    some = replace(MANUAL_ONLY, when=says(http__reachable=("equals", True)))
    for answers in ((), (YES,), (replace(YES, answer=FAIL),)):
        assert findings(some, [observe(FALSE)], attestations=answers).outcome is NOT_APPLICABLE
        assert findings(some, [observe(GONE)], attestations=answers).outcome is UNKNOWN
    assert findings(some, [observe(TRUE)]).outcome is Outcome.MANUAL


# Midnight of 31 December in the zone of the region: WIB is UTC+7, WITA UTC+8, WIT UTC+9 (Keppres 41/1987).
@pytest.mark.parametrize(
    ("region", "last_second"),
    [
        ("", datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)),
        ("3171", datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)),
        ("6371", datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)),
        ("9171", datetime(2026, 12, 31, 14, 59, 59, tzinfo=UTC)),
    ],
)
def test_the_last_day_ends_at_midnight_of_the_region(region: str, last_second: datetime) -> None:
    target = replace(TARGET, region=region)
    waiver = Waiver("R-1", "Alasan", "Kepala Dinas", date(2026, 12, 31))
    late = last_second + timedelta(seconds=1)
    excused = findings(REDIRECTS, [observe(FALSE)], (waiver,), at=last_second, target=target)
    assert (excused.outcome, excused.waiver) == (Outcome.WAIVED, 0)
    lapsed = findings(REDIRECTS, [observe(FALSE)], (waiver,), at=late, target=target)
    assert (lapsed.outcome, lapsed.reason, lapsed.waiver) == (FAIL, "waiver_expired", 0)
    answered = findings(MANUAL_ONLY, [], (), (YES,), at=last_second, target=target)
    assert answered.outcome is PASS
    expired = findings(MANUAL_ONLY, [], (), (YES,), at=late, target=target)
    assert (expired.outcome, expired.reason, expired.attestation) == (Outcome.MANUAL, "attestation_expired", 0)


def test_an_answer_of_tomorrow_is_not_given_yet() -> None:
    early = replace(YES, answered_on=date(2026, 11, 25))
    assert findings(MANUAL_ONLY, [], attestations=(early,)).reason == "no_answer"


def test_the_answer_about_the_host_goes_before_the_general_one_and_the_later_before_the_earlier() -> None:
    no = replace(YES, answer=FAIL)
    earlier = replace(YES, answered_on=date(2026, 10, 1))
    assert findings(MANUAL_ONLY, [], attestations=(no, replace(earlier, host="contoh.go.id"))).outcome is PASS
    assert findings(MANUAL_ONLY, [], attestations=(no, earlier)).outcome is FAIL
    assert findings(MANUAL_ONLY, [], attestations=(YES, no)).outcome is FAIL
    lapsed = replace(no, until=date(2026, 11, 2))
    assert findings(MANUAL_ONLY, [], attestations=(lapsed, earlier)).outcome is PASS


WAIVER = Waiver("R-1", "Alasan", "Kepala Dinas", date(2026, 12, 31))


@pytest.mark.parametrize(
    "other",
    [{"rule": "R-2"}, {"host": "lain.go.id"}, {"policy": "lain"}, {"subject": "lain"}],
    ids=lambda other: next(iter(other)),
)
def test_a_waiver_about_something_else_excuses_nothing(other: dict[str, str]) -> None:
    found = findings(REDIRECTS, [observe(FALSE)], (replace(WAIVER, **other),))  # type: ignore[arg-type]
    assert (found.outcome, found.waiver, found.reason) == (FAIL, None, "")


def test_a_waived_finding_keeps_its_verdicts() -> None:
    found = findings(REDIRECTS, [observe(FALSE)], (replace(WAIVER, host="contoh.go.id", policy="contoh"),))
    assert found.outcome is Outcome.WAIVED
    assert shown(found) == [("http.reachable", "", "false", FAIL)]


@pytest.mark.parametrize(("seen", "outcome"), [(TRUE, PASS), (GONE, UNKNOWN)])
def test_only_a_failure_can_be_waived(seen: Fact | Absent, outcome: Outcome) -> None:
    found = findings(REDIRECTS, [observe(seen)], (WAIVER,))
    assert (found.outcome, found.waiver) == (outcome, None)


def test_a_waiver_for_one_subject_excuses_that_one_alone() -> None:
    waiver = replace(WAIVER, subject="a")
    faulty: tuple[Item, ...] = (*cookie("a", secure=False), *covered())
    assert findings(ALL_COOKIES, [observe(*faulty, *cookie("b"))], (waiver,)).outcome is Outcome.WAIVED
    assert findings(ALL_COOKIES, [observe(*faulty, *cookie("b", secure=False))], (waiver,)).outcome is FAIL
    both = findings(ALL_COOKIES, [observe(*faulty, *cookie("b", secure=False))], (waiver, replace(WAIVER, subject="b")))
    assert (both.outcome, both.waiver) == (Outcome.WAIVED, 0)


def test_a_waiver_for_one_subject_does_not_hide_that_another_is_unknown() -> None:
    seen = observe(*cookie("a", secure=False), Absent("http.cookie.secure", TIMEOUT, subject="b"), *covered())
    found = findings(ALL_COOKIES, [seen], (replace(WAIVER, subject="a"),))
    assert (found.outcome, found.reason, found.waiver) == (UNKNOWN, "timeout", 0)
    assert findings(ALL_COOKIES, [seen], (WAIVER,)).outcome is Outcome.WAIVED


def test_a_waiver_may_name_a_selected_subject() -> None:
    old = observe(Fact("cert.lifetime_days", 900, "leaf"))
    assert findings(LEAF, [old], (replace(WAIVER, subject="leaf"),)).outcome is Outcome.WAIVED
    assert findings(LEAF, [old], (replace(WAIVER, subject="1"),)).outcome is FAIL


def test_an_expired_waiver_beside_one_that_holds_does_not_matter() -> None:
    waivers = (replace(WAIVER, until=date(2026, 1, 1)), WAIVER)
    found = findings(REDIRECTS, [observe(FALSE)], waivers)
    assert (found.outcome, found.waiver, found.reason) == (Outcome.WAIVED, 1, "")


def test_an_attested_failure_can_be_waived_as_a_whole() -> None:
    no = (replace(YES, answer=FAIL),)
    assert findings(MANUAL_ONLY, [], (WAIVER,), no).outcome is Outcome.WAIVED
    assert findings(MANUAL_ONLY, [], (replace(WAIVER, subject="a"),), no).outcome is FAIL


# Form


def test_findings_come_by_policy_then_target_then_rule() -> None:
    first, second = TARGET, Target("https", "aaa.go.id", 443)
    policies = [policy(replace(REDIRECTS, id="Z"), replace(REDIRECTS, id="A")), replace(policy(REDIRECTS), id="aaa")]
    found = judge([], SPECS, policies, (), (), AT, [first, second])
    assert [(f.policy, f.target, f.rule) for f in found] == [
        ("contoh", first.url, "Z"), ("contoh", first.url, "A"), ("contoh", second.url, "Z"), ("contoh", second.url, "A"),
        ("aaa", first.url, "R-1"), ("aaa", second.url, "R-1"),
    ]  # fmt: skip


def test_a_target_that_names_policies_is_judged_by_those_alone() -> None:
    policies = [policy(REDIRECTS), replace(policy(REDIRECTS), id="lain")]
    found = judge([], SPECS, policies, (), (), AT, [replace(TARGET, policies=("lain",))])
    assert [f.policy for f in found] == ["lain"]
    with pytest.raises(PolicyError, match=r"https://contoh\.go\.id/: policy hilang"):
        judge([], SPECS, policies, (), (), AT, [replace(TARGET, policies=("hilang",))])


def test_subjects_come_in_order_whatever_the_order_of_the_facts() -> None:
    found = finding(ALL_COOKIES, *cookie("b"), *cookie("a"), *cookie("c"))
    assert [verdict.subject for verdict in found.verdicts] == ["a", "b", "c"]


def test_a_fingerprint_is_the_same_whatever_was_seen_and_differs_by_rule_target_fact_and_subject() -> None:
    verdict = finding(ALL_COOKIES, *cookie("a", secure=False)).verdicts[0]
    assert verdict.fingerprint == sha256(b"R-1\0https://contoh.go.id/\0http.cookie.secure\0a").hexdigest()
    assert verdict.fingerprint == finding(ALL_COOKIES, *cookie("a")).verdicts[0].fingerprint


@pytest.mark.parametrize(
    ("fact", "expected", "text"),
    [
        (Fact("http.hsts.max_age", 31536000), ("at_least", 1), "31536000"),
        (Fact("http.server", "nginx"), ("equals", "nginx"), "nginx"),
        (Fact("tls.versions", ("TLSv1.2", "TLSv1.3")), ("subset_of", ()), "[TLSv1.2, TLSv1.3]"),
        (Fact("tls.versions", ()), ("subset_of", ()), "[]"),
        (Fact("http.server", "x" * 600), ("equals", "x"), "x" * (MAX_OBSERVED - 1) + "…"),
    ],
)
def test_values_are_shown_in_no_language(fact: Fact, expected: tuple[str, int], text: str) -> None:
    found = finding(rule(Condition((Assertion(fact.name, *expected),))), fact)
    assert [verdict.observed for verdict in found.verdicts] == [text]


def test_times_are_shown_in_their_canonical_form() -> None:
    fresh = rule(Condition((Assertion("cert.not_after", "beyond_days", 30, "leaf"),)))
    (verdict,) = finding(fresh, Fact("cert.not_after", AT, "leaf")).verdicts
    assert verdict == Verdict(
        "cert.not_after", "leaf", "beyond_days 30", "2026-11-24T03:00:00Z", FAIL,
        sha256(b"R-1\0https://contoh.go.id/\0cert.not_after\0leaf").hexdigest(),
    )  # fmt: skip


def test_a_moment_of_judgement_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no zone"):
        findings(REDIRECTS, [], at=datetime(2026, 11, 24))  # noqa: DTZ001 - the very case
