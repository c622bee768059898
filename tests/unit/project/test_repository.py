"""What must hold of the repository itself, as git tracks it."""

import importlib
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import entry_points, version
from pathlib import Path

import pytest

import auditor

ROOT = Path(__file__).parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def tracked() -> Iterator[tuple[str, str]]:
    """Name and text of every tracked file that is text."""
    # A checkout may belong to another user than the one who runs the tests.
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for name in filter(None, listing.split("\0")):
        data = (ROOT / name).read_bytes() if (ROOT / name).is_file() else b""
        if b"\0" not in data:
            yield name, data.decode("utf-8", "replace")


def registries() -> set[str]:
    """Hosts of the public package registries, and of those that this machine is set up to use."""
    known = {f"{name}.{top}" for name, top in (("pypi", "org"), ("files.pythonhosted", "org"), ("npmjs", "org"))}
    configured = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, check=True, text=True
    ).stdout
    environment = [value for name, value in os.environ.items() if re.match(r"(pip|uv|npm)_", name.lower())]
    hosts = re.findall(r"https?://(?:[^/@\s'\"]*@)?([^/:\s'\"]+)", "\n".join([configured, *environment]))
    return (known | set(hosts)) - {"127.0.0.1", "localhost"}


def test_no_file_names_a_registry() -> None:
    hosts = registries()
    assert [(name, host) for name, text in tracked() for host in hosts if host in text] == []


def test_no_file_names_a_place_on_this_machine() -> None:
    places = [f"{place}/" for place in (ROOT, ROOT.parent) if len(place.parts) > 2]
    places.append(f"{Path.home()}/.")
    assert [(name, place) for name, text in tracked() for place in places if place in text] == []


def test_locks_hold_hashes_and_no_place_to_fetch_from() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text("utf-8")
        pins = re.findall(r"^[a-z0-9][^ ]*==[^ ]+(?: ;[^\\]*)? \\\n    --hash=sha256:", text, flags=re.MULTILINE)
        assert len(pins) == len(re.findall(r"^[a-z0-9]", text, flags=re.MULTILINE))
        assert "://" not in text


def test_the_runtime_lock_is_part_of_the_development_lock() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^(\S+==\S+)", (ROOT / name).read_text("utf-8"), flags=re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_every_declared_dependency_is_locked() -> None:
    def name(requirement: str) -> str:
        found = re.match(r"[\w.-]+", requirement)
        assert found
        return found[0].lower()

    for lock, wanted in (
        ("requirements.lock", PROJECT["project"]["dependencies"]),
        ("requirements-dev.lock", PROJECT["dependency-groups"]["dev"]),
    ):
        locked = set(re.findall(r"^([\w.-]+)==", (ROOT / lock).read_text("utf-8"), flags=re.MULTILINE))
        assert {name(requirement) for requirement in wanted} <= locked


def test_versions_agree() -> None:
    assert version("auditor") == auditor.__version__
    newest = re.search(r"^## \[([^]]+)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), flags=re.MULTILINE)
    assert newest
    assert newest[1] == auditor.__version__


def test_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert PROJECT["project"]["license"] == "Apache-2.0"


@pytest.mark.parametrize("group", ["auditor.checks", "auditor.reports"])
def test_entry_points_lead_somewhere(group: str) -> None:
    declared = PROJECT["project"]["entry-points"][group]
    installed = {point.name: point.value for point in entry_points(group=group) if point.name in declared}
    assert installed == declared
    for module in declared.values():
        importlib.import_module(module)


def test_every_make_target_is_explained() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    (targets,) = re.findall(r"^\.PHONY: (.*)$", text, flags=re.MULTILINE)
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    explained = re.findall(r"^make (\w+) +\S", shown, flags=re.MULTILINE)
    assert explained == targets.split()


def test_ci_calls_what_people_call() -> None:
    lines = (ROOT / ".ci" / "run").read_text("utf-8")
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert "make check" in lines
    assert "make test" in lines


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    marks = re.compile(r"pytest\.(?:skip|importorskip|xfail|mark\.(?:skip|skipif|xfail))\b")
    mine = Path(__file__).relative_to(ROOT).as_posix()
    named = [name for name, text in tracked() if name.startswith("tests/") and marks.search(text)]
    assert set(named) <= {mine}


def test_decisions_stay_short_and_say_what_would_change_them() -> None:
    for file in sorted((ROOT / "docs" / "decisions").glob("*.md")):
        text = file.read_text("utf-8")
        assert len(text.splitlines()) < 40, file.name
        for heading in ("**Context.**", "**Decision.**", "**What it costs.**", "**What would change our mind.**"):
            assert heading in text, file.name
