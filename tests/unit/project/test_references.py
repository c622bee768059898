"""The generated pages under docs/reference: as the code is now, and true of real documents."""

import copy
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.cli import run
from auditor.errors import BundleError, InputError, PluginError
from tests.references import EXIT_CODES, FOLDER
from tests.unit.project.json_schema import faults
from tests.wire import bundles

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle with every kind of thing in it: faults, a waiver, an unknown, two policy files."""
    return bundles.create(tmp_path_factory.mktemp("bundel")).path


def schema(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / f"{name}.schema.json").read_text("utf-8"))
    return loaded


def test_pages_are_what_the_code_says(tmp_path: Path) -> None:
    # In a process of its own: command modules read their texts in the language of their first import.
    subprocess.run([sys.executable, "-m", "tests.references", tmp_path], cwd=ROOT, check=True, timeout=30)
    generated = {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()}
    stored = {path.name: path.read_text("utf-8") for path in FOLDER.iterdir()}
    assert sorted(generated) == sorted(stored)
    stale = [name for name, text in generated.items() if text != stored[name]]
    assert stale == [], "write them again: python -m tests.references"


@pytest.mark.parametrize("name", ["report", "evidence", "policy"])
def test_commands_print_the_stored_schema(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "schema"]) == 0
    assert json.loads(capsys.readouterr().out) == schema(name)


def test_a_real_report_is_valid(bundle: Path) -> None:
    assert list(faults(json.loads((bundle / "report.json").read_bytes()), schema("report"))) == []


def test_every_line_of_real_evidence_is_valid(bundle: Path) -> None:
    lines = (bundle / "evidence.jsonl").read_bytes().splitlines()
    assert [fault for line in lines for fault in faults(json.loads(line), schema("evidence"))] == []
    assert len(lines) > 5


def test_real_fact_declarations_are_valid(bundle: Path) -> None:
    assert list(faults(json.loads((bundle / "facts.json").read_bytes()), schema("facts"))) == []


@pytest.mark.parametrize("file", ["policies/baseline.yaml", "docs/examples/policy.yaml"])
def test_policies_are_valid(file: str) -> None:
    assert list(faults(yaml.safe_load((ROOT / file).read_text("utf-8")), schema("policy"))) == []


def _without(name: str) -> Callable[[dict[str, Any]], object]:
    return lambda document: document.pop(name)


@pytest.mark.parametrize(
    "spoil",
    [
        _without("findings"),
        lambda report: report.update(grade="A"),
        lambda report: report.update(judged_at="24 November 2026"),
        lambda report: report["findings"][0].update(outcome="passed"),
        lambda report: report["targets"][0].update(port="443"),
        lambda report: report["scores"][0].update(value=True),
    ],
    ids=["missing member", "unknown member", "time as prose", "invented outcome", "port as text", "score as boolean"],
)
def test_a_spoilt_report_is_not_valid(bundle: Path, spoil: Callable[[dict[str, Any]], object]) -> None:
    report = json.loads((bundle / "report.json").read_bytes())
    spoil(report)
    assert list(faults(report, schema("report"))) != []


@pytest.mark.parametrize(
    "spoil",
    [
        _without("id"),
        lambda policy: policy["rules"][0].update(severty="high"),
        lambda policy: policy["rules"][0].update(severity="severe"),
        lambda policy: policy["rules"][0].update(require={"tls.offerd": {"equals": True}}),
        lambda policy: policy["rules"][0].update(require={"tls.offered": {"at_least": 1}}),
        lambda policy: policy["rules"][0].update(require={"tls.versions": {"subset_of": "TLSv1.2"}}),
        lambda policy: policy["rules"][0].update(require={}),
    ],
    ids=["no id", "unknown key", "unknown severity", "unknown fact", "operator of another type", "no list", "nothing"],
)
def test_a_spoilt_policy_is_not_valid(spoil: Callable[[dict[str, Any]], object]) -> None:
    policy = copy.deepcopy(yaml.safe_load((ROOT / "policies" / "baseline.yaml").read_text("utf-8")))
    spoil(policy)
    assert list(faults(policy, schema("policy"))) != []


@pytest.mark.parametrize("page", ["README.md", "README.id.md", "SECURITY.md"])
def test_exit_codes_are_told_alike_everywhere(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    told = re.findall(r"^\| (\d+) \|", text, flags=re.MULTILINE) or re.findall(r"\b(\d+) (?=[a-z])", _codes(text))
    assert [int(code) for code in told] == list(EXIT_CODES)


def _codes(text: str) -> str:
    found = re.search(r"exit codes \((.*?)\)", text, flags=re.DOTALL)
    assert found
    return found[1]


def test_errors_end_with_the_codes_that_are_told() -> None:
    assert (InputError.exit_code, PluginError.exit_code, BundleError.exit_code) == (2, 2, 4)
