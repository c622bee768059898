"""What authors of policies look things up in, generated from facts and operators: JSON Schema and Markdown."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from auditor.model import TYPE_NAMES, Decides, FactSpec, Severity
from auditor.policy.document import BAND_KEYS, CAP_KEYS, IDENTITY, POLICY_KEYS, RULE_KEYS, SCORING_KEYS
from auditor.policy.operators import MAX_DAYS, OPERATORS, Operand

_OPERANDS: Mapping[type[Operand], str] = {bool: "true or false", int: "an integer", str: "text", tuple: "a list"}
_LIST: dict[str, Any] = {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": True}
_TEXT: dict[str, Any] = {"$ref": "#/$defs/text"}
_INTEGER: dict[str, Any] = {"type": "integer"}
_NAME: dict[str, Any] = {"type": "string", "minLength": 1}


def schema(specs: Mapping[str, FactSpec]) -> dict[str, Any]:
    """JSON Schema (2020-12) of policy files over these facts, for editors.

    An editor with it completes facts and operators and marks most mistakes; the loader finds the rest (rules that
    do not exist, subject kinds that do not go together, patterns).
    """
    points = _closed({"pass": _INTEGER, "fail": _INTEGER})
    definitions = {
        "text": _closed({"id": _NAME, "en": _NAME}, required=("id", "en")),
        "identity": {"type": "string", "pattern": f"^{IDENTITY.pattern}$"},
        "points": points,
        "condition": _condition(specs),
        "rule": _rule(),
        "scoring": _scoring(),
    }
    properties: dict[str, Any] = {
        "schema": {"const": 1},
        "id": {"$ref": "#/$defs/identity"},
        "version": {"type": ["string", "number"]},
        "title": _TEXT,
        "extends": _LIST,
        "minimum_coverage": {"type": "integer", "minimum": 0, "maximum": 100},
        "rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}},
        "scoring": {"$ref": "#/$defs/scoring"},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "auditor policy",
        **_closed({key: properties[key] for key in POLICY_KEYS}, required=("schema", "id", "version")),
        "anyOf": [{"required": ["rules"]}, {"required": ["extends"]}],
        "$defs": definitions,
    }


def reference(specs: Mapping[str, FactSpec]) -> str:
    """Operators and facts as Markdown."""
    lines = [
        "# Operators and facts",
        "",
        "Generated from the code; every rule of a policy is made of these.",
        "",
        "## Operators",
        "",
        "| operator | facts of type | operand | holds when |",
        "|---|---|---|---|",
    ]
    for name, operator in OPERATORS.items():
        types = ", ".join(TYPE_NAMES[kind] for kind in operator.accepts)
        operands = ", ".join(dict.fromkeys(_OPERANDS[kind] for kind in operator.accepts.values()))
        lines.append(f"| `{name}` | {types} | {operands} | {_cell(operator.doc)} |")
    lines += ["", "## Facts", "", "| fact | type | subject | level | what it is |", "|---|---|---|---|---|"]
    for name, spec in sorted(specs.items()):
        kind = f"{TYPE_NAMES[spec.type]} ({spec.unit})" if spec.unit else TYPE_NAMES[spec.type]
        lines.append(f"| `{name}` | {kind} | {spec.subject} | {spec.level.value} | {_cell(spec.doc)} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _closed(properties: Mapping[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    document: dict[str, Any] = {"type": "object", "additionalProperties": False, "properties": dict(properties)}
    return {**document, "required": list(required)} if required else document


def _condition(specs: Mapping[str, FactSpec]) -> dict[str, Any]:
    """A fact with subjects may carry a selector, so its key is a pattern; any other is a plain key."""
    plain = {name: _assertion(spec) for name, spec in sorted(specs.items()) if not spec.subject}
    ranged = {
        rf"^{re.escape(name)}(\[[^\[\]]+\])?$": _assertion(spec) for name, spec in sorted(specs.items()) if spec.subject
    }
    alternatives = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/condition"}}
    return {**_closed({"any": alternatives, **plain}), "patternProperties": ranged, "minProperties": 1}


def _assertion(spec: FactSpec) -> dict[str, Any]:
    operands = {
        name: {"description": operator.doc, **_operand(operator.accepts[spec.type], spec, empty=operator.may_be_empty)}
        for name, operator in OPERATORS.items()
        if spec.type in operator.accepts
    }
    return {"description": spec.doc, **_closed(operands), "minProperties": 1}


def _operand(kind: type[Operand], spec: FactSpec, *, empty: bool) -> dict[str, Any]:
    if kind is tuple:
        return _LIST if empty else {**_LIST, "minItems": 1}
    if kind is int and spec.type is datetime:
        return {**_INTEGER, "minimum": -MAX_DAYS, "maximum": MAX_DAYS}
    return {"type": "boolean"} if kind is bool else _INTEGER if kind is int else _NAME


def _rule() -> dict[str, Any]:
    condition = {"$ref": "#/$defs/condition"}
    properties: dict[str, Any] = {
        "id": {"$ref": "#/$defs/identity"},
        "title": _TEXT,
        "severity": {"enum": [severity.value for severity in Severity]},
        "controls": _LIST,
        "when": condition,
        "require": condition,
        "decides": {"enum": [way.value for way in Decides]},
        "manual": _closed({"question": _TEXT, "evidence": _LIST}, required=("question",)),
        "rationale": _TEXT,
        "remediation": _TEXT,
        "fixes": {"type": "object", "additionalProperties": _NAME},
        "references": _LIST,
    }
    return {
        **_closed({key: properties[key] for key in RULE_KEYS}, required=("id",)),
        "anyOf": [{"required": ["require"]}, {"required": ["manual"]}],
    }


def _scoring() -> dict[str, Any]:
    points = {"$ref": "#/$defs/points"}
    caps = {"rule": _NAME, "at_most": _INTEGER, "only_seen": {"type": "boolean"}}
    cap = _closed({key: caps[key] for key in CAP_KEYS}, required=("rule", "at_most"))
    bands = {"at_least": _INTEGER, "grade": _NAME, "requires": _LIST}
    band = _closed({key: bands[key] for key in BAND_KEYS}, required=("at_least", "grade"))
    properties: dict[str, Any] = {
        "start": _INTEGER,
        "minimum": _INTEGER,
        "maximum": _INTEGER,
        "by_severity": _closed({severity.value: points for severity in Severity}),
        "points": {"type": "object", "additionalProperties": points},
        "bonus_from": _INTEGER,
        "caps": {"type": "array", "items": cap},
        "bands": {"type": "array", "items": band},
    }
    return _closed({key: properties[key] for key in SCORING_KEYS})
