"""SARIF: OASIS's schema as the oracle, and the references that no schema holds."""

import json
from typing import Any

import pytest

from auditor.model import Outcome, View
from tests.unit.reports.rendering import LANGUAGES, VIEWS, faults, only

SCHEMA = "sarif-2.1.0.json"


def run_of(view: View, lang: str = "id") -> dict[str, Any]:
    (run,) = json.loads(only("sarif", view, lang))["runs"]
    assert isinstance(run, dict)
    return run


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", VIEWS)
def test_the_schema_has_nothing_to_object(name: str, lang: str) -> None:
    assert faults(SCHEMA, json.loads(only("sarif", VIEWS[name](), lang))) == []


@pytest.mark.parametrize("wrong", [("level", "grave"), ("kind", "bad"), ("baselineState", "old"), ("ruleIndex", "1")])
def test_the_schema_does_object_to_what_is_wrong(wrong: tuple[str, str]) -> None:
    document = json.loads(only("sarif", VIEWS["bad"]()))
    document["runs"][0]["results"][0][wrong[0]] = wrong[1]
    assert faults(SCHEMA, document)


@pytest.mark.parametrize("name", VIEWS)
def test_every_reference_leads_to_its_rule(name: str) -> None:
    run = run_of(VIEWS[name]())
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    for notification in run["invocations"][0]["toolExecutionNotifications"]:
        rule = notification["associatedRule"]
        assert rules[rule["index"]]["id"] == rule["id"]


@pytest.mark.parametrize("name", VIEWS)
def test_faults_are_results_and_nothing_else_is(name: str) -> None:
    view = VIEWS[name]()
    broken = [
        verdict.fingerprint
        for finding in view.report.findings
        if finding.outcome in (Outcome.FAIL, Outcome.WAIVED)
        for verdict in finding.verdicts
        if verdict.outcome is Outcome.FAIL
    ]
    results = run_of(view)["results"]
    assert sorted(result["partialFingerprints"]["auditorVerdict/v1"] for result in results) == sorted(broken)
    waived = {f.rule for f in view.report.findings if f.outcome is Outcome.WAIVED}
    assert {r["ruleId"].partition("/")[2] for r in results if r.get("suppressions")} == waived


@pytest.mark.parametrize("name", VIEWS)
def test_what_could_not_be_judged_is_told_and_is_no_result(name: str) -> None:
    view = VIEWS[name]()
    told = run_of(view)["invocations"][0]["toolExecutionNotifications"]
    unknown = [f for f in view.report.findings if f.outcome is Outcome.UNKNOWN]
    assert len(told) == len(unknown)


def test_new_faults_are_told_from_old_ones() -> None:
    states = {result["ruleId"]: result.get("baselineState") for result in run_of(VIEWS["changed"]())["results"]}
    assert states["baseline/EKS-01"] == "new"
    assert states["baseline/EKS-02"] == "unchanged"


def test_nothing_from_the_site_controls_a_terminal() -> None:
    text = json.dumps(run_of(VIEWS["hostile"]()), ensure_ascii=False)
    assert "\x1b" not in text
    assert "\u202e" not in text
