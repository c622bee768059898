"""Every sample report in every machine format, and the validators that did not come from here."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jsonschema.validators import validator_for  # type: ignore[import-untyped] # has no types

from auditor import plugins
from auditor.model import View
from tests.unit.reports import samples

SCHEMAS = Path(__file__).parents[2] / "schemas"
VIEWS: dict[str, Callable[[], View]] = {
    "good": samples.good,
    "bad": samples.bad,
    "unknown": samples.unknown,
    "dozen": samples.dozen,
    "hostile": samples.hostile,
    "changed": samples.changed,
}
LANGUAGES = ("id", "en")


def files(name: str, view: View, lang: str = "id") -> dict[str, bytes]:
    """What the renderer that users reach by this name writes."""
    (renderer,) = plugins.load_renderers([name])
    return dict(renderer.render(view, lang))


def only(name: str, view: View, lang: str = "id") -> bytes:
    """The same for a renderer of one file."""
    (content,) = files(name, view, lang).values()
    return content


def faults(schema: str, document: Any) -> list[str]:
    """What is wrong with a document by a schema of `tests/schemas`."""
    rules = json.loads((SCHEMAS / schema).read_text("utf-8"))
    validator = validator_for(rules)(rules)
    return [f"{list(error.absolute_path)}: {error.message[:200]}" for error in validator.iter_errors(document)]
