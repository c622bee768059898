"""OSCAL: NIST's model as compliance-trestle holds it, and the references that trestle lets dangle."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from auditor.model import Outcome, View
from tests import peers
from tests.unit.reports.rendering import LANGUAGES, VIEWS, files

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def documents(view: View, lang: str = "id") -> tuple[dict[str, Any], dict[str, Any]]:
    """The assessment results, and the catalog of the only policy."""
    made = {name: json.loads(content) for name, content in files("oscal", view, lang).items()}
    results = made.pop("oscal/assessment-results.json")["assessment-results"]
    (catalog,) = made.values()
    return results, catalog["catalog"]


class Trestle:
    """A workspace in which trestle validates."""

    def __init__(self, home: Path) -> None:
        self.program, self.home = peers.programs("oscal") / "trestle", home
        self.run("init", "--local")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(self.program), *arguments]
        return subprocess.run(command, cwd=self.home, capture_output=True, text=True, timeout=120, check=False)

    def validate(self, made: dict[str, bytes]) -> subprocess.CompletedProcess[str]:
        """All documents in one go, as starting the program is what takes time."""
        for name, content in made.items():
            kind, _, rest = Path(name).stem.partition("-")
            place = self.home / ("catalogs" if kind == "catalog" else "assessment-results") / f"{kind}-{rest}"
            place.mkdir(parents=True)
            file = "catalog.json" if kind == "catalog" else "assessment-results.json"
            (place / file).write_bytes(content)
        return self.run("validate", "--all")


def test_trestle_has_nothing_to_object(tmp_path: Path) -> None:
    made = {}
    for name, view in VIEWS.items():
        for file, content in files("oscal", view(), "id").items():
            made[f"{Path(file).stem}-{name}.json"] = content
    done = Trestle(tmp_path).validate(made)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("VALID") + done.stderr.count("VALID") >= len(made)


def test_trestle_does_object_to_what_is_wrong(tmp_path: Path) -> None:
    document = json.loads(files("oscal", VIEWS["bad"]())["oscal/assessment-results.json"])
    document["assessment-results"]["results"][0]["findings"][0]["target"]["status"]["state"] = "fine"
    done = Trestle(tmp_path).validate({"assessment-results-x.json": json.dumps(document).encode()})
    assert done.returncode != 0


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", VIEWS)
def test_every_reference_leads_somewhere(name: str, lang: str) -> None:
    results, catalog = documents(VIEWS[name](), lang)
    controls = {control["id"] for control in catalog["controls"]}
    resources = {resource["uuid"] for resource in results["back-matter"]["resources"]}
    assert results["import-ap"]["href"].removeprefix("#") in resources
    (result,) = results["results"]
    sites = {component["uuid"] for component in result["local-definitions"]["components"]}
    observations = {observation["uuid"] for observation in result["observations"]}
    for observation in result["observations"]:
        assert {subject["subject-uuid"] for subject in observation["subjects"]} <= sites
        assert {e["href"].removeprefix("#") for e in observation["relevant-evidence"]} <= resources
    for finding in result.get("findings", ()):
        assert {o["observation-uuid"] for o in finding["related-observations"]} <= observations
        assert finding["target"]["target-id"] in controls
    (selection,) = result["reviewed-controls"]["control-selections"]
    assert {control["control-id"] for control in selection["include-controls"]} == controls


@pytest.mark.parametrize("name", VIEWS)
def test_identifiers_are_unique_and_well_formed(name: str) -> None:
    results, catalog = documents(VIEWS[name]())
    found = re.findall(r'"uuid": "([^"]+)"', json.dumps([results, catalog]))
    assert all(UUID.fullmatch(identity) for identity in found)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("name", VIEWS)
def test_only_what_passed_is_satisfied(name: str) -> None:
    view = VIEWS[name]()
    results, _ = documents(view)
    states = [finding["target"]["status"] for finding in results["results"][0].get("findings", ())]
    outcomes = [f.outcome for f in view.report.findings]
    assert sum(status["state"] == "satisfied" for status in states) == outcomes.count(Outcome.PASS)
    assert sum(status["reason"] == "other" for status in states) == outcomes.count(Outcome.UNKNOWN)
