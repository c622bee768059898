"""A second opinion on our JSON Schemas (2020-12): just the keywords that they use, and an error for any other."""

import re
from collections.abc import Iterator, Mapping
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


def faults(document: Any, schema: Mapping[str, Any], root: Mapping[str, Any] | None = None, at: str = "$") -> Iterator[str]:
    """Where and why the document is not as the schema says; nothing for a valid one.

    Raises:
        NotImplementedError: the schema has a keyword that is not looked at here.
    """
    root = root if root is not None else schema
    for keyword, wanted in schema.items():
        match keyword:
            case "$ref":
                found: Any = root
                for part in wanted.removeprefix("#/").split("/"):
                    found = found[part]
                yield from faults(document, found, root, at)
            case "anyOf":
                if all(any(True for _ in faults(document, option, root, at)) for option in wanted):
                    yield f"{at}: none of the alternatives"
            case "properties" | "patternProperties" | "additionalProperties":
                pass  # below, together
            case _ if keyword not in _NOTES:
                if not _holds(keyword, wanted, document):
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


def _holds(keyword: str, wanted: Any, found: Any) -> bool:  # noqa: PLR0911 - one line a keyword
    match keyword:
        case "type":
            return any(_is(found, name) for name in ([wanted] if isinstance(wanted, str) else wanted))
        case "const":
            return bool(found == wanted and type(found) is type(wanted))
        case "enum":
            return found in wanted
        case "required":
            return not isinstance(found, dict) or set(wanted) <= set(found)
        case "minProperties":
            return not isinstance(found, dict) or len(found) >= wanted
        case "minItems":
            return not isinstance(found, list) or len(found) >= wanted
        case "uniqueItems":
            return not isinstance(found, list) or all(item not in found[:n] for n, item in enumerate(found))
        case "items":
            return True
        case "minLength":
            return not isinstance(found, str) or len(found) >= wanted
        case "pattern":
            return not isinstance(found, str) or re.search(wanted, found) is not None
        case "minimum":
            return not isinstance(found, int) or found >= wanted
        case "maximum":
            return not isinstance(found, int) or found <= wanted
    raise NotImplementedError(keyword)


def _is(found: Any, name: str) -> bool:
    """JSON's types; only in Python is true an integer."""
    return isinstance(found, _TYPES[name]) and (name == "boolean" or not isinstance(found, bool))
