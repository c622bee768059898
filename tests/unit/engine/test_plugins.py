"""Plug-ins come by entry points alone; clashes and failures name the distributions."""

import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from typing import Any

import pytest

from auditor import plugins
from auditor.errors import PluginError
from auditor.facts import union
from auditor.model import FactSpec


@dataclass
class _Distribution:
    name: str
    version: str = "1.0"


def point(name: str, value: str, distribution: str) -> EntryPoint:
    made = EntryPoint(name, value, plugins.CHECKS)
    vars(made)["dist"] = _Distribution(distribution)
    return made


@pytest.fixture
def module() -> Iterator[types.ModuleType]:
    made = types.ModuleType("stranger_check")
    made.__doc__ = "A stranger's check.\n\nMore."
    made.facts = {"stranger.flag": FactSpec(bool, "a flag")}  # type: ignore[attr-defined]
    made.collect = lambda target, net: ()  # type: ignore[attr-defined]
    sys.modules[made.__name__] = made
    yield made
    del sys.modules[made.__name__]


def test_every_builtin_check_loads_by_the_same_road_and_none_clash() -> None:
    checks = plugins.load_checks()
    assert {check.plugin.distribution for check in checks} == {"auditor"}
    assert {"tls", "certificate", "http", "headers", "cookies", "exposure"} <= {check.name for check in checks}
    assert all(len(check.plugin.sha256) == 64 and check.doc for check in checks)
    assert set(union(checks)) >= {name for check in checks for name in check.facts}


def test_a_strangers_check_is_loaded_with_its_provenance(module: types.ModuleType) -> None:
    (check,) = plugins.load_checks([point("stranger", module.__name__, "dist-a")])
    assert (check.name, check.doc) == ("stranger", "A stranger's check.")
    assert (check.plugin.distribution, check.plugin.version) == ("dist-a", "1.0")


def test_two_distributions_with_one_name_are_both_named(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [point("tls", "a.tls", "dist-a"), point("tls", "b.tls", "dist-b")]
    monkeypatch.setattr(plugins, "entry_points", lambda group: points)
    with pytest.raises(PluginError, match=r"'tls': dist-a \(a.tls\) and dist-b \(b.tls\)"):
        plugins.find(plugins.CHECKS)


def test_two_checks_with_one_fact_are_both_named(module: types.ModuleType) -> None:
    points = [point("one", module.__name__, "dist-a"), point("two", module.__name__, "dist-b")]
    with pytest.raises(PluginError, match=r"'stranger\.flag': one of dist-a and two of dist-b"):
        plugins.load_checks(points)


def test_a_failed_import_names_the_distribution() -> None:
    with pytest.raises(
        PluginError, match=r"'gone' \(no_such_module\) of dist-a cannot be imported: ModuleNotFoundError"
    ):
        plugins.load_checks([point("gone", "no_such_module", "dist-a")])


@pytest.mark.parametrize(
    ("attribute", "value", "message"),
    [("facts", None, "no `facts`"), ("facts", {"a": "text"}, "no `facts`"), ("collect", None, "no collect")],
)
def test_a_module_off_the_contract_is_refused(
    module: types.ModuleType, attribute: str, value: object, message: str
) -> None:
    setattr(module, attribute, value)
    with pytest.raises(PluginError, match=message):
        plugins.load_checks([point("stranger", module.__name__, "dist-a")])


@pytest.mark.parametrize("way_out", [SystemExit(0), GeneratorExit()])
def test_a_module_that_leaves_the_program_is_a_failed_import(
    way_out: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(_: EntryPoint) -> None:
        raise way_out

    monkeypatch.setattr(EntryPoint, "load", load)
    with pytest.raises(PluginError, match="of dist-a cannot be imported"):
        plugins.load_checks([point("gone", "gone", "dist-a")])


@pytest.mark.parametrize(
    ("name", "spec"),
    [
        (3, FactSpec(int, "")),
        ("A fact", FactSpec(int, "")),
        ("stranger.x", FactSpec(float, "")),  # type: ignore[arg-type]
        ("stranger.x", FactSpec(int, "", level="active")),  # type: ignore[arg-type]
        ("stranger.x", FactSpec(int, "", cost="many")),  # type: ignore[arg-type]
        ("stranger.x", FactSpec(int, "", cost=-1)),
        ("stranger.x", FactSpec(int, "", crawl=1)),  # type: ignore[arg-type]
        ("stranger.x", FactSpec(int, None)),  # type: ignore[arg-type]
    ],
)
def test_a_fact_that_no_policy_could_use_is_refused(module: types.ModuleType, name: object, spec: FactSpec) -> None:
    module.facts[name] = spec
    with pytest.raises(PluginError, match=rf"of dist-a declares the fact {name!r}"):
        plugins.load_checks([point("stranger", module.__name__, "dist-a")])


def test_no_check_speaks_for_the_operator(module: types.ModuleType) -> None:
    module.facts["target.se_category"] = FactSpec(str, "as the site has it")
    checks = plugins.load_checks([point("stranger", module.__name__, "dist-a")])
    with pytest.raises(PluginError, match=r"stranger of dist-a declares 'target\.se_category'"):
        union(checks)


@pytest.mark.parametrize("answer", [SystemExit(0), ValueError("odd"), [("a.txt", "text")], [("a.txt",)], None])
def test_a_renderer_that_fails_is_named(monkeypatch: pytest.MonkeyPatch, answer: Any) -> None:
    def render(view: object, lang: object) -> Any:
        if isinstance(answer, BaseException):
            raise answer
        return answer

    made = types.ModuleType("stranger_report")
    made.render = render  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, made.__name__, made)
    monkeypatch.setattr(plugins, "entry_points", lambda group: [point("stranger", made.__name__, "dist-a")])
    (renderer,) = plugins.load_renderers(["stranger"])
    with pytest.raises(PluginError, match=r"of dist-a failed: "):
        list(renderer.render(None, "id"))  # type: ignore[arg-type]


def test_an_unknown_report_format_lists_those_there_are() -> None:
    with pytest.raises(PluginError, match=r"'docx' \(there are: .*html.*terminal"):
        plugins.load_renderers(["docx"])
