"""What CONTRIBUTING.md shows is run as it stands there."""

import re
import sys
import tomllib
import types
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

import checks
from auditor import facts, plugins, policy, scan
from auditor.errors import Unobserved
from auditor.model import Absence, Level, Target
from auditor.policy import selftest
from checks.exposure import signatures

TEXT = (Path(__file__).parents[3] / "CONTRIBUTING.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    found = re.findall(rf"^```{language}\n(.*?)^```$", TEXT, flags=re.MULTILINE | re.DOTALL)
    assert found
    return found


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """The module of step 1, importable as step 2 names it."""
    module = types.ModuleType("checks.security_txt")
    exec(compile(blocks("python")[0], "CONTRIBUTING.md", "exec"), module.__dict__)
    monkeypatch.setitem(sys.modules, "checks.security_txt", module)
    monkeypatch.setattr(checks, "security_txt", module, raising=False)
    return module


@pytest.fixture
def loaded(shown: types.ModuleType) -> plugins.Check:
    entry = tomllib.loads(blocks("toml")[0])["project"]["entry-points"][plugins.CHECKS]
    ((name, value),) = entry.items()
    assert value == shown.__name__
    (check,) = plugins.load_checks([EntryPoint(name, value, plugins.CHECKS)])
    return check


def test_the_check_loads_like_any_other(loaded: plugins.Check) -> None:
    assert list(loaded.facts) == ["security_txt.contact"]
    assert loaded.doc == "Where to report a vulnerability of the site (RFC 9116)."


@pytest.mark.usefixtures("shown")
def test_its_tests_pass() -> None:
    scope: dict[str, object] = {"__name__": "shown"}
    exec(compile(blocks("python")[1], "CONTRIBUTING.md", "exec"), scope)
    tests = [item for name, item in scope.items() if name.startswith("test_") and callable(item)]
    assert len(tests) == 3
    for test in tests:
        test()


def test_a_network_failure_becomes_the_named_absence(loaded: plugins.Check) -> None:
    class Dead:
        def get(self, url: str, **_: object) -> None:
            raise Unobserved(Absence.TIMEOUT, url)

    observation = scan.run(loaded, Target("https", "contoh.go.id", 443, level=Level.STANDARD), Dead())
    assert observation.facts == ()
    assert [(gap.fact, gap.reason) for gap in observation.absent] == [("security_txt.contact", Absence.TIMEOUT)]


def test_the_third_party_distribution_uses_the_same_group() -> None:
    project = tomllib.loads(blocks("toml")[1])["project"]
    assert list(project["entry-points"]) == [plugins.CHECKS]


def test_the_rule_is_accepted_and_its_tests_hold(loaded: plugins.Check, tmp_path: Path) -> None:
    file, specs = tmp_path / "contoh.yaml", facts.union([loaded])
    _, rule, cases = blocks("yaml")
    file.write_text(rule, "utf-8")
    selftest.tests_of(file).write_text(cases, "utf-8")
    read = policy.load(file, specs).policy
    tests = selftest.load_tests(selftest.tests_of(file), read, specs)
    assert [result.mismatches for result in selftest.run(read, specs, tests)] == [(), (), ()]
    assert selftest.untested(read, tests) == ()


def test_the_folder_of_signatures_is_a_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "auditor_signatures_contoh"
    package.mkdir()
    (package / "__init__.py").write_text(blocks("python")[2], "utf-8")
    (package / "contoh.yaml").write_text(blocks("yaml")[0], "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    (check,) = plugins.load_checks([EntryPoint("contoh", package.name, plugins.CHECKS)])
    assert {name: spec.subject for name, spec in check.facts.items()} == {"exposure.antrian": "path"}
    assert signatures.wrong_samples(signatures.load(package)) == ()
    before = check.plugin.sha256
    (package / "contoh.yaml").write_text(blocks("yaml")[0].replace("antrian.csv", "daftar.csv"), "utf-8")
    assert plugins.load_checks([EntryPoint("contoh", package.name, plugins.CHECKS)])[0].plugin.sha256 != before
