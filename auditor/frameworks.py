"""The frameworks that policies cite and reports are written for: regulations, indices, forms. All of them are data.

The files lie in `policies/frameworks/`; nothing in the code knows one framework from another.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from auditor.model import Citation, Confidence, Text


def policies_folder() -> Path:
    """The packaged policies: inside the package in a wheel, beside it in a checkout; never the working directory."""
    package = Path(__file__).resolve().parent
    installed = package / "policies"
    return installed if installed.is_dir() else package.parent / "policies"


@cache
def data(name: str) -> Any:
    """A file of the frameworks' folder as plain data. It is shared: nobody changes it."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = (policies_folder() / "frameworks" / f"{name}.yaml").read_text("utf-8")
    return yaml.load(text, loader)  # noqa: S506 - a safe loader either way


def text(entry: Mapping[str, str] | None) -> Text:
    """`{id: ..., en: ...}` as a text; empty where there is none."""
    return Text(**entry) if entry else Text()


def citations(controls: Iterable[str]) -> tuple[Citation, ...]:
    """What each control stands for, sorted by id, each once."""
    return tuple(citation(control) for control in sorted(set(controls)))


def citation(control: str) -> Citation:
    """What a control stands for; marked as unrecorded where no file tells."""
    found = _known().get(control)
    if found is not None:
        return found
    for standard in data("regulations")["standards"]:
        number = control.removeprefix(standard["prefix"])
        if number != control and re.fullmatch(standard["number"], number):
            name = f"{standard['name']} {number}"
            return Citation(control, Text(name, name), Text(), Confidence.STANDARD)
    return Citation(control, Text(control, control), Text(), Confidence.UNRECORDED)


def regulation(control: str) -> str:
    """The id of the regulation or framework that a control is a place in; what stands before the first dot, else."""
    known = (entry["id"] for entry in data("regulations")["regulations"])
    mine = (name for name in known if control == name or control.startswith(f"{name}."))
    return next(mine, control.partition(".")[0])


@cache
def _known() -> Mapping[str, Citation]:
    found: dict[str, Citation] = {}
    for entry in data("regulations")["regulations"]:
        name, repealed = text(entry["name"]), text(entry.get("repealed"))
        whole = text(entry["text"]) if "text" in entry else Text(entry["title"], entry["title"])
        found[entry["id"]] = Citation(entry["id"], name, whole, Confidence(entry["confidence"]), repealed)
        for place in entry["articles"]:
            at = text(place["at"])
            full = Text(f"{name.id} {at.id}", f"{name.en} {at.en}")
            control = f"{entry['id']}.{place['id']}"
            found[control] = Citation(control, full, text(place["text"]), Confidence(place["confidence"]), repealed)
    return found
