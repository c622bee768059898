"""The pipeline templates under docs/ci: read by the schemas of their services, and run as their services would."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unit.project import shown
from tests.unit.project.shown import EXAMPLES, ROOT, Sites

CI = ROOT / "docs" / "ci"
SCHEMAS = {
    CI / "action.yml": "vendor.github-actions",
    CI / "gitlab.yml": "vendor.gitlab-ci",
    EXAMPLES / "github-workflow.yml": "vendor.github-workflows",
    EXAMPLES / "gitlab-ci.yml": "vendor.gitlab-ci",
}


@pytest.fixture(scope="module")
def running() -> Iterator[Sites]:
    with shown.sites() as served:
        yield served


@pytest.fixture
def folder(running: Sites, tmp_path: Path) -> Path:
    """The checkout of a site with the root of its certificates, a baseline of its sound state, and waivers."""
    shown.lay_out(tmp_path, running)
    first = "auditor audit https://contoh.go.id --connect 127.0.0.1:4443 --ca ca.pem --out first"
    lines = [
        running.put_into(first),
        "cp first/*/report.json baseline.json",
        "cp docs/examples/waivers.yaml waivers.yaml",
    ]
    assert [typed.output for typed in shown.type_in(lines, tmp_path) if typed.code] == []
    return tmp_path


def load(path: Path) -> dict[Any, Any]:
    loaded: dict[Any, Any] = yaml.safe_load(path.read_text("utf-8"))
    return loaded


def shell(script: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a script as a runner does: in bash, with its variables and nothing of ours."""
    environment = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(folder), **variables}
    command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_the_services_schemas_have_nothing_to_object(path: Path) -> None:
    checker = Path(sys.executable).parent / "check-jsonschema"
    command = [str(checker), "--builtin-schema", SCHEMAS[path], str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout


def test_the_schemas_do_object_to_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "action.yml").write_text(
        (CI / "action.yml").read_text("utf-8").replace("using: composite", "using: it")
    )
    checker = Path(sys.executable).parent / "check-jsonschema"
    command = [str(checker), "--builtin-schema", "vendor.github-actions", str(tmp_path / "action.yml")]
    assert subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 1


# ---- GitHub ---------------------------------------------------------------------------------------------------


def action(folder: Path, running: Sites, **changed: str) -> tuple[int, str, str]:
    """What the action does with the inputs of the example; its exit code, outputs and summary."""
    (step,) = [
        step for step in load(EXAMPLES / "github-workflow.yml")["jobs"]["audit"]["steps"] if step.get("id") == "auditor"
    ]
    described = load(CI / "action.yml")
    inputs = {name: given.get("default", "") for name, given in described["inputs"].items()} | step["with"] | changed
    (audit,) = [step for step in described["runs"]["steps"] if step.get("id") == "audit"]
    variables = {
        name: running.put_into(re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda m: inputs[m[1]], value))
        for name, value in audit["env"].items()
    }
    output, summary = folder / "output", folder / "summary"
    done = shell(audit["run"], folder, GITHUB_OUTPUT=str(output), GITHUB_STEP_SUMMARY=str(summary), **variables)
    assert "Traceback" not in done.stderr
    return done.returncode, output.read_text("utf-8"), summary.read_text("utf-8")


def test_the_action_lets_a_sound_site_pass(folder: Path, running: Sites) -> None:
    code, output, summary = action(folder, running)
    assert code == 0
    named = dict(line.split("=", 1) for line in output.splitlines())
    assert (folder / named["sarif"]).is_file()
    assert (folder / named["bundle"] / "exports" / "junit.xml").is_file()
    assert summary.startswith("## Laporan pemeriksaan keamanan")


def test_the_action_stops_a_fault_that_the_baseline_does_not_have(folder: Path, running: Sites) -> None:
    code, _, summary = action(folder, running, connect="127.0.0.1:4543")
    assert code == 1
    assert "| kritis |" in summary


def test_known_faults_pass_with_a_baseline_and_fail_without(folder: Path, running: Sites) -> None:
    weak = {"connect": "127.0.0.1:4543", "target": "https://layanan.contoh.go.id", "waivers": ""}
    code, output, _ = action(folder, running, baseline="", **weak)
    assert code == 1
    bundle = dict(line.split("=", 1) for line in output.splitlines())["bundle"]
    code, _, _ = action(folder, running, baseline=f"{bundle}/report.json", **weak)
    assert code == 0


# ---- GitLab and Jenkins -----------------------------------------------------------------------------------------


def gitlab(folder: Path, running: Sites) -> int:
    job = load(CI / "gitlab.yml")[".auditor"]
    mine = load(EXAMPLES / "gitlab-ci.yml")["audit"]
    variables = {name: running.put_into(value) for name, value in (job["variables"] | mine["variables"]).items()}
    code = shell("\n".join(job["script"]), folder, **variables).returncode
    assert shell("\n".join(job["after_script"]), folder, **variables).returncode == 0
    assert all((folder / name).is_file() for name in job["artifacts"]["reports"].values())
    return code


def test_the_gitlab_template_lets_a_sound_site_pass(folder: Path, running: Sites) -> None:
    assert gitlab(folder, running) == 0


def test_the_jenkinsfile_runs_as_written(folder: Path, running: Sites) -> None:
    text = (CI / "Jenkinsfile").read_text("utf-8")
    (command,) = re.findall(r"sh '([^']+)'", text)
    assert shell(running.put_into(command), folder).returncode == 0
    for pattern in re.findall(r"'(bundles/\*/[^']+)'", text):
        assert list(folder.glob(pattern))
    faulty = running.put_into(command.replace("127.0.0.1:4443", "127.0.0.1:4543"))
    assert shell(faulty, folder).returncode == 1


# ---- pre-commit -------------------------------------------------------------------------------------------------


def test_the_hook_for_policies_finds_a_typo(tmp_path: Path) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert re.search(hook["files"], "policies/desa.yaml")
    assert re.search(hook["exclude"], "policies/desa.tests.yaml")
    good, bad = EXAMPLES / "policy.yaml", tmp_path / "policy.yaml"
    bad.write_text(good.read_text("utf-8").replace("severity:", "severty:", 1), "utf-8")
    assert shell(f"{hook['entry']} {good}", tmp_path).returncode == 0
    done = shell(f"{hook['entry']} {bad}", tmp_path)
    assert done.returncode == 2
    assert "severity" in done.stderr + done.stdout
