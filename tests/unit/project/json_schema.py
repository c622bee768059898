"""A second opinion on our JSON Schemas (2020-12): just the keywords that they use, and an error for any other."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}
_NOTES = {"$schema", "$defs", "title", "description", "format"}
"""Say nothing about whether a document is valid."""
_INSIDE = {"properties", "patternProperties", "additionalProperties", "items"}
"""Speak about what is inside the document."""


def faults(
    document: Any, schema: Mapping[str, Any], root: Mapping[str, Any] | None = None, at: str = "$"
) -> Iterator[str]:
    """Where and why the document is not as the schema says; nothing for a valid one.

    Raises:
        KeyError: the schema has a keyword that is not looked at here.
    """
    root = root if root is not None else schema
    for keyword, wanted in schema.items():
        if keyword == "$ref":
            yield from faults(document, root["$defs"][wanted.removeprefix("#/$defs/")], root, at)
        elif keyword == "anyOf":
            if all(any(True for _ in faults(document, option, root, at)) for option in wanted):
                yield f"{at}: none of the alternatives"
        elif keyword not in _NOTES | _INSIDE and not _HOLDS[keyword](wanted, document):
            yield f"{at}: {keyword} {wanted!r:.60}, found {document!r:.60}"
    if isinstance(document, dict):
        yield from _members(document, schema, root, at)
    if isinstance(document, list) and "items" in schema:
        for position, item in enumerate(document):
            yield from faults(item, schema["items"], root, f"{at}[{position}]")


def _members(document: Mapping[str, Any], schema: Mapping[str, Any], root: Mapping[str, Any], at: str) -> Iterator[str]:
    for name, value in document.items():
        meant = [schema["properties"][name]] if name in schema.get("properties", {}) else []
        meant += [part for pattern, part in schema.get("patternProperties", {}).items() if re.search(pattern, name)]
        rest = schema.get("additionalProperties", True)
        if not meant and rest is False:
            yield f"{at}: unknown member {name!r}"
        for part in meant or ([rest] if isinstance(rest, dict) else []):
            yield from faults(value, part, root, f"{at}.{name}")


def _is(found: Any, name: str) -> bool:
    """JSON's types; only in Python is true an integer."""
    return isinstance(found, _TYPES[name]) and (name == "boolean" or not isinstance(found, bool))


_HOLDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "type": lambda wanted, found: any(_is(found, name) for name in ([wanted] if isinstance(wanted, str) else wanted)),
    "const": lambda wanted, found: found == wanted and type(found) is type(wanted),
    "enum": lambda wanted, found: found in wanted,
    "required": lambda wanted, found: not isinstance(found, dict) or set(wanted) <= set(found),
    "minProperties": lambda wanted, found: not isinstance(found, dict) or len(found) >= wanted,
    "minItems": lambda wanted, found: not isinstance(found, list) or len(found) >= wanted,
    "uniqueItems": lambda _, found: not isinstance(found, list) or all(x not in found[:n] for n, x in enumerate(found)),
    "minLength": lambda wanted, found: not isinstance(found, str) or len(found) >= wanted,
    "pattern": lambda wanted, found: not isinstance(found, str) or re.search(wanted, found) is not None,
    "minimum": lambda wanted, found: not _is(found, "integer") or found >= wanted,
    "maximum": lambda wanted, found: not _is(found, "integer") or found <= wanted,
}
"""Whether a value is as a keyword says; a keyword about another type of value says nothing."""
