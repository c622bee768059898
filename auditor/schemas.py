"""JSON Schemas (2020-12) of our documents, generated from the value types themselves."""

import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Union

from auditor.model import TYPE_NAMES, FactSpec, Observation, Report

_TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"


def report() -> dict[str, Any]:
    """Schema of `report.json`."""
    return _document("auditor report", Report)


def evidence() -> dict[str, Any]:
    """Schema of one line of `evidence.jsonl`."""
    return _document("auditor evidence line", Observation)


def facts() -> dict[str, Any]:
    """Schema of `facts.json`."""
    document = _document("auditor facts", FactSpec)
    return {
        "$schema": document["$schema"],
        "title": document["title"],
        "type": "object",
        "additionalProperties": False,
        "required": ["schema", "facts"],
        "properties": {
            "schema": {"const": 1},
            "facts": {"type": "object", "additionalProperties": {"$ref": "#/$defs/FactSpec"}},
        },
        "$defs": document["$defs"],
    }


def _document(title: str, type_: type) -> dict[str, Any]:
    definitions: dict[str, Any] = {}
    root = _schema(type_, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def _schema(type_: Any, definitions: dict[str, Any]) -> dict[str, Any]:  # noqa: PLR0911 - one line a kind of type
    origin = typing.get_origin(type_)
    if origin in (Union, types.UnionType):
        options = typing.get_args(type_)
        if all(typing.get_origin(option) is type for option in options):
            return {"enum": sorted(TYPE_NAMES.values())}
        return {"anyOf": _distinct(_schema(option, definitions) for option in options)}
    if origin is tuple:
        return {"type": "array", "items": _schema(typing.get_args(type_)[0], definitions)}
    if origin in (dict, Mapping):
        return {"type": "object", "additionalProperties": _schema(typing.get_args(type_)[1], definitions)}
    if isinstance(type_, type) and is_dataclass(type_):
        if type_.__name__ not in definitions:
            definitions[type_.__name__] = {}
            definitions[type_.__name__] = _object(type_, definitions)
        return {"$ref": f"#/$defs/{type_.__name__}"}
    if isinstance(type_, type) and issubclass(type_, StrEnum):
        return {"enum": [member.value for member in type_]}
    return dict(_SCALARS[type_])


def _object(type_: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(type_)
    described = {"description": type_.__doc__.strip().partition("\n")[0]} if type_.__doc__ else {}
    return {
        "type": "object",
        **described,
        "additionalProperties": False,
        "required": [f.name for f in fields(type_) if f.default is MISSING and f.default_factory is MISSING],
        "properties": {f.name: _schema(hints[f.name], definitions) for f in fields(type_)},
    }


_SCALARS: Mapping[Any, Mapping[str, Any]] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    str: {"type": "string"},
    datetime: {"type": "string", "pattern": _TIME},
    date: {"type": "string", "format": "date"},
    type(None): {"type": "null"},
}


def _distinct(schemas: typing.Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = []
    for schema in schemas:
        if schema not in kept:
            kept.append(schema)
    return kept
