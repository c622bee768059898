"""Citations: each packaged policy cites what the data knows, and every mark is told."""

import re

import pytest

from auditor import facts as facts_file
from auditor import frameworks, plugins
from auditor.model import Confidence, Decides
from auditor.policy import load, packaged

SPECS = facts_file.union(plugins.load_checks())
CONTROLS = [c for entry in frameworks.data("regulations")["regulations"] for c in (
    entry["id"], *(f"{entry['id']}.{place['id']}" for place in entry["articles"])
)]  # fmt: skip


@pytest.mark.parametrize("identity", packaged())
def test_packaged_policies_cite_only_what_is_recorded(identity: str) -> None:
    cited = {control for rule in load(identity, SPECS).policy.rules for control in rule.controls}
    assert cited
    assert [c.id for c in frameworks.citations(cited) if c.confidence is Confidence.UNRECORDED] == []


@pytest.mark.parametrize("identity", packaged())
def test_packaged_policies_cite_nothing_that_was_repealed_but_by_its_own_name(identity: str) -> None:
    cited = {control for rule in load(identity, SPECS).policy.rules for control in rule.controls}
    assert {c.id for c in frameworks.citations(cited) if c.repealed.id and not c.id.startswith("SPBE-2020.")} == set()


def test_each_id_stands_once() -> None:
    assert len(CONTROLS) == len(set(CONTROLS))


@pytest.mark.parametrize("control", CONTROLS)
def test_every_citation_is_named_and_told_in_both_languages(control: str) -> None:
    found = frameworks.citation(control)
    assert found.confidence is not Confidence.UNRECORDED
    for said in (found.name, found.text):
        assert said.id
        assert said.en
    assert re.search(r"\d{4}|KAMI", found.name.id)


def test_a_citation_names_regulation_and_place() -> None:
    found = frameworks.citation("PERBAN-BSSN-4-2021.P27.8.c")
    assert found.name.id == "Peraturan BSSN Nomor 4 Tahun 2021 Pasal 27 ayat (8) huruf c"
    assert found.name.en == "BSSN Regulation 4/2021 Article 27 paragraph (8) letter c"
    assert found.confidence is Confidence.READ_SECONDARY


def test_what_nobody_recorded_is_marked_so() -> None:
    found = frameworks.citation("PERDA-CONTOH-1-2026.P3")
    assert (found.name.id, found.confidence) == ("PERDA-CONTOH-1-2026.P3", Confidence.UNRECORDED)


@pytest.mark.parametrize("control", ["CWE-79", "ASVS-4.0.3.14.4.3", "WSTG-SESS-02"])
def test_public_standards_are_cited_by_their_numbers(control: str) -> None:
    found = frameworks.citation(control)
    assert found.confidence is Confidence.STANDARD
    assert found.name.en.replace(" ", "-").endswith(control.replace("ASVS-4.0.3.", ""))


@pytest.mark.parametrize("control", ["CWE-", "CWE-x", "ASVS-4.0.3.", "CWE79"])
def test_what_only_looks_like_one_is_not_recorded(control: str) -> None:
    assert frameworks.citation(control).confidence is Confidence.UNRECORDED


def test_the_repealed_instrument_says_by_what() -> None:
    assert "8 Tahun 2026" in frameworks.citation("SPBE-2020.I22").repealed.id


@pytest.mark.parametrize("identity", packaged())
def test_no_rule_that_facts_decide_cites_a_point_that_cannot_be_seen(identity: str) -> None:
    hidden = {
        p["control"] for p in frameworks.data("audit-points")["points"] if p["observable"] == "no" and "control" in p
    }
    assert len(hidden) == 38
    for rule in load(identity, SPECS).policy.rules:
        if not rule.require.empty and rule.decides is Decides.BOTH:
            assert hidden.isdisjoint(rule.controls), rule.id


@pytest.mark.parametrize("identity", packaged())
def test_every_rule_says_what_it_asks_why_and_how_to_mend_it_in_both_languages(identity: str) -> None:
    for rule in load(identity, SPECS).policy.rules:
        for said in (rule.title, rule.remediation):
            assert said.id, rule.id
            assert said.en, rule.id
        assert rule.controls or identity == "baseline", rule.id  # whether a site answers is in no regulation
        assert rule.manual or rule.rationale.id, rule.id
        assert rule.references or rule.manual, rule.id
