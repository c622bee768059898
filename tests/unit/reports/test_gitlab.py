"""GitLab's DAST report, against a schema written from its documented required fields."""

import json

import pytest

from auditor.model import Outcome
from tests.unit.reports.rendering import LANGUAGES, VIEWS, faults, only

SCHEMA = "gitlab-dast.json"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", VIEWS)
def test_the_schema_has_nothing_to_object(name: str, lang: str) -> None:
    assert faults(SCHEMA, json.loads(only("gitlab", VIEWS[name](), lang))) == []


@pytest.mark.parametrize(("key", "value"), [("severity", "grave"), ("identifiers", []), ("solution", "x" * 7001)])
def test_the_schema_does_object_to_what_is_wrong(key: str, value: object) -> None:
    document = json.loads(only("gitlab", VIEWS["bad"]()))
    document["vulnerabilities"][0][key] = value
    assert faults(SCHEMA, document)


@pytest.mark.parametrize("name", VIEWS)
def test_every_fault_is_there_once(name: str) -> None:
    view = VIEWS[name]()
    found = json.loads(only("gitlab", view))["vulnerabilities"]
    broken = [
        v for f in view.report.findings if f.outcome is Outcome.FAIL for v in f.verdicts if v.outcome is Outcome.FAIL
    ]
    assert len(found) == len(broken)
    assert len({entry["id"] for entry in found}) == len(found)


def test_a_scan_that_judged_too_little_has_failed() -> None:
    assert json.loads(only("gitlab", VIEWS["unknown"]()))["scan"]["status"] == "failure"
    assert json.loads(only("gitlab", VIEWS["good"]()))["scan"]["status"] == "success"
