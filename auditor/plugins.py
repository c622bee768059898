"""Checks and renderers, found by entry points; the built-in ones take the same road as anyone's.

Found and loaded are different states: `find` reads metadata only (cheap, for `--version` and completion),
`load` imports and verifies the contract.
"""

import hashlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from auditor.errors import AuditorError, PluginError
from auditor.model import SERVICES, TYPE_NAMES, WEB, Collected, FactSpec, Level, Plugin, Target, View

CHECKS = "auditor.checks"
REPORTS = "auditor.reports"

SOURCE_SUFFIXES = frozenset({".py", ".yaml", ".yml", ".json", ".csv", ".txt", ".html", ".css", ".j2"})
"""Files of a plug-in that its provenance digest covers."""


_FACT = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
"""Names that policies can write."""

_Render = Callable[[View, str], Iterable[tuple[str, bytes]]]


@dataclass(frozen=True, slots=True)
class Check:
    """A loaded check: what it declares, how it collects, where it came from."""

    name: str
    facts: Mapping[str, FactSpec]
    collect: Callable[[Target, Any], Iterable[Collected]]
    plugin: Plugin
    doc: str
    schemes: tuple[str, ...] = tuple(WEB)
    """Of the targets that it can look at; web sites unless the module says more by the name `schemes`."""


@dataclass(frozen=True, slots=True)
class Renderer:
    """A loaded renderer: `render(view, lang)` yields (file name, bytes)."""

    name: str
    render: _Render
    """Raises PluginError for whatever the renderer raises."""
    plugin: Plugin


def find(group: str) -> tuple[EntryPoint, ...]:
    """The entry points of a group, sorted by name.

    Raises:
        PluginError: two distributions claim the same name.
    """
    found: dict[str, EntryPoint] = {}
    for point in sorted(entry_points(group=group), key=lambda point: (point.name, _distribution(point))):
        other = found.setdefault(point.name, point)
        if (other.value, _distribution(other)) != (point.value, _distribution(point)):
            raise PluginError(
                "two distributions provide {name}: {one} and {other}",
                name=f"{group} {point.name!r}",
                one=f"{_distribution(other)} ({other.value})",
                other=f"{_distribution(point)} ({point.value})",
            )
    return tuple(found.values())


def load_checks(points: Iterable[EntryPoint] | None = None) -> tuple[Check, ...]:
    """Import every check, or those given.

    Raises:
        PluginError: an import failed, the contract is not met, or two checks declare the same fact.
    """
    checks = tuple(_check(point) for point in (find(CHECKS) if points is None else points))
    owners: dict[str, Check] = {}
    for check in checks:
        for name in check.facts:
            other = owners.setdefault(name, check)
            if other is not check:
                raise PluginError(
                    "two checks declare the fact {fact}: {one} and {other}",
                    fact=repr(name),
                    one=f"{other.name} of {other.plugin.distribution}",
                    other=f"{check.name} of {check.plugin.distribution}",
                )
    return checks


def load_renderers(names: Iterable[str]) -> tuple[Renderer, ...]:
    """Import the named renderers.

    Raises:
        PluginError: no such renderer, an import failed, or the contract is not met.
    """
    points = {point.name: point for point in find(REPORTS)}
    renderers = []
    for name in names:
        if name not in points:
            known = ", ".join(points)
            raise PluginError("no report format {name}", hint="there are: {known}", name=repr(name), known=known)
        module = _import(points[name])
        if not callable(getattr(module, "render", None)):
            raise PluginError("{plugin} has no render(view, lang)", plugin=_described(points[name]))
        renderers.append(Renderer(name, _guarded(points[name], module.render), _provenance(points[name], module)))
    return tuple(renderers)


def _guarded(point: EntryPoint, render: Callable[[View, str], Any]) -> _Render:
    """A renderer whose failure is a named error, however it fails."""

    def guarded(view: View, lang: str) -> Iterator[tuple[str, bytes]]:
        try:
            for name, content in render(view, lang):
                yield "" + name, b"" + content  # anything but text and bytes is a TypeError
        except (KeyboardInterrupt, GeneratorExit, AuditorError):
            raise
        except BaseException as error:
            problem = f"{type(error).__name__}: {error}"
            raise PluginError("{plugin} failed: {problem}", plugin=_described(point), problem=problem) from error

    return guarded


def _check(point: EntryPoint) -> Check:
    module = _import(point)
    facts = getattr(module, "facts", None)
    if not isinstance(facts, Mapping) or not all(isinstance(spec, FactSpec) for spec in facts.values()):
        raise PluginError("{plugin} has no `facts` mapping of names to FactSpec", plugin=_described(point))
    for name, spec in facts.items():
        if not _is_declared(name, spec):
            raise PluginError(
                "{plugin} declares the fact {fact} in a way that no policy could use",
                plugin=_described(point), fact=repr(name),
                hint="a lower-case name with dots, one of the value types, a level, a cost in whole requests",
            )  # fmt: skip
    if not callable(getattr(module, "collect", None)):
        raise PluginError("{plugin} has no collect(target, net)", plugin=_described(point))
    schemes = getattr(module, "schemes", tuple(WEB))
    if not isinstance(schemes, tuple) or not {*schemes} <= {*WEB, *SERVICES}:
        raise PluginError("{plugin} names schemes that no target has", plugin=_described(point))
    doc = (getattr(module, "__doc__", None) or "").strip().partition("\n")[0]
    return Check(point.name, dict(facts), module.collect, _provenance(point, module), doc, schemes)


def _is_declared(name: object, spec: FactSpec) -> bool:
    """Whether policies, `facts.json` and the level check can take the declaration as it is."""
    texts: tuple[object, ...] = (spec.doc, spec.unit, spec.subject, *spec.active)
    level: object = spec.level
    cost: object = spec.cost
    crawl: object = spec.crawl
    return (
        isinstance(name, str)
        and _FACT.fullmatch(name) is not None
        and spec.type in TYPE_NAMES
        and isinstance(level, Level)
        and all(isinstance(text, str) for text in texts)
        and type(cost) is int
        and cost >= 0
        and type(crawl) is bool
    )


def _import(point: EntryPoint) -> Any:
    try:
        return point.load()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # also SystemExit: a plug-in must not end the program, least of all with 0
        problem = f"{type(error).__name__}: {error}"
        raise PluginError(
            "{plugin} cannot be imported: {problem}", plugin=_described(point), problem=problem
        ) from error


def _provenance(point: EntryPoint, module: Any) -> Plugin:
    version = point.dist.version if point.dist else ""
    return Plugin(point.group, point.name, _distribution(point), version, _source_digest(point, module))


def _source_digest(point: EntryPoint, module: Any) -> str:
    """sha256 over the sorted (relative path, sha256) of the plug-in's files; empty for an object without files."""
    holder = module if hasattr(module, "__file__") else sys.modules.get(point.module)
    file = getattr(holder, "__file__", None)
    if not file:
        return ""
    path = Path(file)
    root = path.parent if path.name == "__init__.py" else path
    files = sorted(p for p in root.rglob("*") if p.suffix in SOURCE_SUFFIXES) if root.is_dir() else [root]
    digest = hashlib.sha256()
    for item in files:
        digest.update(f"{item.relative_to(root.parent).as_posix()}\0".encode())
        digest.update(hashlib.sha256(item.read_bytes()).digest())
    return digest.hexdigest()


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist else "unknown distribution"


def _described(point: EntryPoint) -> str:
    return f"{point.group} {point.name!r} ({point.value}) of {_distribution(point)}"
