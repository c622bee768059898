"""Tests of policies: samples of evidence with expected outcomes."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor.errors import PolicyError
from auditor.facts import TARGET_FACTS
from auditor.model import Absence, Absent, Decides, Fact, Manual, Outcome, Text
from auditor.policy import selftest
from auditor.policy.selftest import Mismatch, load_tests, run, untested
from tests.unit.policy import evidence
from tests.unit.policy.evidence import policy, rule, says

SPECS = {**evidence.SPECS, **TARGET_FACTS}
POLICY = policy(
    rule(says(tls__versions=("subset_of", ("TLSv1.2", "TLSv1.3"))), id="KOM-02"),
    rule(says(http__cookie__secure=("equals", True)), says(http__cookie__session=("equals", True)), id="SES-03"),
    rule(says(http__reachable=("equals", True)), says(target__se_category=("equals", "tinggi")), id="KAT-01"),
    rule(says(http__reachable=("equals", True)), id="ATR-02", decides=Decides.FAIL_ONLY),
    rule(id="ATR-01", manual=Manual(Text("?", "?"))),
)

CASES = """\
schema: 1
cases:
  - name: everything at once
    at: 2026-11-22T10:00:00Z
    target: {url: "https://contoh.go.id:8443/x", tags: [layanan], se_category: tinggi, region: "6371", service: s, organisation: o, level: standard}
    facts:
      tls.offered: true
      tls.versions: [TLSv1.2]
      http.hsts.max_age: 31536000
      http.server: "12"
      http.cookie.session: {PHPSESSID: true, bahasa: false}
      http.cookie.secure: {PHPSESSID: false, bahasa: false}
      cert.not_after: {leaf: 2027-01-31T23:59:59Z}
    absent:
      http.reachable: timeout
      cert.key_bits: {"1": malformed}
      cert.key_type: refused
    incomplete: [tls.versions]
    covered: [http.cookie.session, http.cookie.secure]
    expect: {KOM-02: unknown, SES-03: fail, KAT-01: unknown, ATR-02: unknown, ATR-01: manual}
  - name: no cookies at all
    covered: [http.cookie.session, http.cookie.secure]
    expect: {SES-03: not_applicable, KAT-01: unknown}
"""


def cases(folder: Path, text: str) -> tuple[selftest.Case, ...]:
    (folder / "contoh.tests.yaml").write_text(text, "utf-8")
    return load_tests(folder / "contoh.tests.yaml", POLICY, SPECS)


def test_the_tests_of_a_policy_stand_beside_it() -> None:
    assert selftest.tests_of(Path("a/baseline.yaml")) == Path("a/baseline.tests.yaml")


def test_a_sample_becomes_what_the_checks_would_have_said(tmp_path: Path) -> None:
    case = cases(tmp_path, CASES)[0]
    assert (case.name, case.place) == ("everything at once", f"{tmp_path / 'contoh.tests.yaml'}:3:5")
    assert case.target.url == "https://contoh.go.id:8443/x"
    said = {observation.check: observation for observation in case.observations}
    assert set(said) == {"target", "tls", "http", "cert"}
    assert Fact("tls.versions", ("TLSv1.2",), complete=False) in said["tls"].facts
    assert Fact("http.server", "12") in said["http"].facts
    assert Fact("http.cookie.secure", value=False, subject="bahasa") in said["http"].facts
    assert Fact("cert.not_after", datetime(2027, 1, 31, 23, 59, 59, tzinfo=UTC), "leaf") in said["cert"].facts
    assert Absent("http.reachable", Absence.TIMEOUT) in said["http"].absent
    assert Absent("cert.key_bits", Absence.MALFORMED, subject="1") in said["cert"].absent
    assert Absent("cert.key_type", Absence.REFUSED) in said["cert"].absent
    assert said["http"].covered == ("http.cookie.session", "http.cookie.secure")
    assert Fact("target.se_category", "tinggi") in said["target"].facts
    assert {observation.at for observation in case.observations} == {datetime(2026, 11, 22, 10, tzinfo=UTC)}


def test_cases_hold_or_say_what_they_found_instead(tmp_path: Path) -> None:
    assert [result.mismatches for result in run(POLICY, SPECS, cases(tmp_path, CASES))] == [(), ()]
    wrong = cases(tmp_path, CASES.replace("KOM-02: unknown, SES-03: fail", "KOM-02: pass, SES-03: fail"))
    first, second = run(POLICY, SPECS, wrong)
    assert first.mismatches == (Mismatch("KOM-02", Outcome.PASS, Outcome.UNKNOWN, "limited"),)
    assert second.mismatches == ()


def test_outcomes_that_no_case_expects_are_listed(tmp_path: Path) -> None:
    assert untested(POLICY, cases(tmp_path, CASES)) == (
        ("KOM-02", Outcome.PASS), ("KOM-02", Outcome.FAIL), ("SES-03", Outcome.PASS), ("KAT-01", Outcome.PASS),
        ("KAT-01", Outcome.FAIL), ("ATR-02", Outcome.MANUAL), ("ATR-02", Outcome.FAIL),
    )  # fmt: skip


CASE = "schema: 1\ncases:\n  - name: x\n    expect: {KOM-02: pass}\n    "


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (CASE + "facts: {tls.ofered: true}", "5:13: unknown fact 'tls.ofered' (did you mean tls.offered?)"),
        (CASE + "facts: {tls.offered: 1}", "5:26: expected true or false, found 1"),
        (CASE + "facts: {http.hsts.max_age: many}", "5:32: expected an integer, found many"),
        (CASE + "facts: {tls.versions: TLSv1.2}", "5:27: expected a list, found TLSv1.2"),
        (CASE + "facts: {cert.not_after: {leaf: 2027-01-01}}", "5:36: expected a time such as 2026-11-22T10:00:00Z, found 2027-01-01"),
        (CASE + "facts: {cert.key_bits: 1}", "5:28: expected a mapping, found 1"),
        (CASE + "facts: {target.tags: [a]}", "5:13: fact target.tags follows from target"),
        (CASE + "absent: {tls.ofered: timeout}", "5:14: unknown fact 'tls.ofered' (did you mean tls.offered?)"),
        (CASE + "absent: {tls.offered: timed_out}", "5:27: unknown word 'timed_out' (did you mean timeout?)"),
        (CASE + "absent: {tls.offered: {leaf: timeout}}", "5:27: expected one value, found a mapping"),
        (CASE + "incomplete: [tls.versions]", "5:18: the case has no such value"),
        (CASE + "incomplete: [tls.offered]", "5:18: fact tls.offered is no set, so no member of it can be missing"),
        (CASE + "incomplete: [tls.verions]", "5:18: unknown fact 'tls.verions' (did you mean tls.versions?)"),
        (CASE + "covered: [tls.offered]", "5:15: fact tls.offered has no subjects that could be covered"),
        (CASE + "target: {url: contoh.go.id}", "5:19: expected a URL such as https://contoh.go.id, found contoh.go.id"),
        (CASE + "target: {url: 'https://a:99999'}", "5:19: expected a URL such as https://contoh.go.id, found https://a:99999"),
        (CASE + "target: {level: high}", "5:21: unknown word 'high' (there are: active, passive, standard)"),
        (CASE + "at: 2026-11-22", "5:9: expected a time such as 2026-11-22T10:00:00Z, found 2026-11-22"),
        (CASE + "fact: {}", "5:5: unknown key 'fact' (did you mean facts?)"),
        ("schema: 1\ncases:\n  - expect: {KOM-02: pass}\n", "3:5: key name is missing"),
        ("schema: 1\ncases:\n  - name: x\n", "3:5: key expect is missing"),
        ("schema: 1\ncases:\n  - {name: x, expect: {}}\n", "3:23: a case that expects nothing tests nothing"),
        ("schema: 1\ncases:\n  - {name: x, expect: {KOM-20: pass}}\n", "3:24: unknown rule 'KOM-20' (did you mean KOM-02?)"),
        ("schema: 1\ncases:\n  - {name: x, expect: {KOM-02: passed}}\n", "3:32: unknown word 'passed' (did you mean pass?)"),
        ("schema: 1\ncases:\n  - {name: x, expect: {KOM-02: waived}}\n", "3:32: unknown word 'waived' (there are: fail,"),
    ],
)  # fmt: skip
def test_a_wrong_case_is_named_with_its_place(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        cases(tmp_path, text + "\n")
    assert str(caught.value).removeprefix(f"{tmp_path / 'contoh.tests.yaml'}:").startswith(said)
