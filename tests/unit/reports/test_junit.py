"""JUnit XML: the schema of Jenkins' xUnit plug-in as the oracle, and counts that add up."""

import pytest
from lxml import etree  # type: ignore[import-untyped] # has no types

from auditor.model import Outcome
from tests.unit.reports.rendering import LANGUAGES, SCHEMAS, VIEWS, only

SCHEMA = etree.XMLSchema(etree.parse(SCHEMAS / "junit-10.xsd"))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", VIEWS)
def test_the_schema_has_nothing_to_object(name: str, lang: str) -> None:
    SCHEMA.assertValid(etree.fromstring(only("junit", VIEWS[name](), lang)))


def test_the_schema_does_object_to_what_is_wrong() -> None:
    root = etree.fromstring(only("junit", VIEWS["bad"]()))
    root[0][0].append(etree.Element("fail"))
    assert not SCHEMA.validate(root)


@pytest.mark.parametrize("name", VIEWS)
def test_outcomes_and_counts_are_those_of_the_report(name: str) -> None:
    view = VIEWS[name]()
    root = etree.fromstring(only("junit", view))
    outcomes = [f.outcome for f in view.report.findings]
    skipped = (Outcome.WAIVED, Outcome.MANUAL, Outcome.NOT_APPLICABLE)
    expected = (
        len(outcomes), outcomes.count(Outcome.FAIL), outcomes.count(Outcome.UNKNOWN), sum(o in skipped for o in outcomes),
    )  # fmt: skip
    found = tuple(len(root.findall(f".//{tag}")) for tag in ("testcase", "failure", "error", "skipped"))
    assert found == expected
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == tuple(map(str, expected[:3]))
    for suite in root:
        assert suite.get("tests") == str(len(suite.findall("testcase")))


def test_what_could_not_be_judged_is_no_success() -> None:
    root = etree.fromstring(only("junit", VIEWS["unknown"]()))
    assert all(len(case) == 1 and case[0].tag == "error" for case in root.iter("testcase"))
