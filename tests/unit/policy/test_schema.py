"""The JSON Schema says what the loader says; the reference names every operator and fact."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from auditor.errors import PolicyError
from auditor.policy import load_sources, reference, schema
from auditor.policy.operators import OPERATORS
from auditor.source import Node, read
from tests.unit.policy.evidence import SPECS
from tests.unit.policy.test_loader import FULL, HEAD, RULE

SCHEMA = schema(SPECS)


def faults(rule: dict[str, Any], value: Any) -> Iterable[str]:  # noqa: C901, PLR0912 - one case a word
    """A validator of those words of JSON Schema (2020-12) that we use; any other one is an error."""
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "number": float, "boolean": bool}
    for word, said in rule.items():
        match word:
            case "$ref":
                yield from faults(SCHEMA["$defs"][said.removeprefix("#/$defs/")], value)
            case "type":
                names = [said] if isinstance(said, str) else said
                if not any(
                    isinstance(value, kinds[name]) and (name == "boolean" or value is not True) for name in names
                ):
                    yield f"{value!r} is no {said}"
            case "const" | "enum":
                if value not in (said if word == "enum" else [said]):
                    yield f"{value!r} is not {said}"
            case "anyOf":
                if not any(not list(faults(option, value)) for option in said):
                    yield "none of the options"
            case "pattern":
                if not re.search(said, value):
                    yield f"{value!r} does not match"
            case "required":
                yield from (f"{key} is missing" for key in said if key not in value)
            case "minProperties" | "minItems" | "minLength":
                if len(value) < said:
                    yield "too few"
            case "minimum" | "maximum":
                if value < said if word == "minimum" else value > said:
                    yield "out of range"
            case "uniqueItems":
                if len({repr(item) for item in value}) < len(value):
                    yield "twice"
            case "items" if isinstance(value, list):
                yield from (fault for item in value for fault in faults(said, item))
            case "properties" if isinstance(value, dict):
                yield from entries(rule, value)
            case "patternProperties" | "additionalProperties" | "items" | "description" | "title" | "$schema" | "$defs":
                if word == "additionalProperties" and "properties" not in rule and isinstance(value, dict):
                    yield from (fault for item in value.values() for fault in faults(said, item))
            case _:
                raise AssertionError(f"{word} is not known to this validator")


def entries(rule: dict[str, Any], value: dict[str, Any]) -> Iterable[str]:
    for key, item in value.items():
        fitting = [rule["properties"][key]] if key in rule["properties"] else []
        fitting += [inner for pattern, inner in rule.get("patternProperties", {}).items() if re.search(pattern, key)]
        if not fitting and rule.get("additionalProperties") is False:
            yield f"{key} is unknown"
        yield from (fault for inner in fitting for fault in faults(inner, item))


def plain(node: Node) -> Any:
    """A file as an editor sees it."""
    if node.is_list:
        return [plain(item) for item in node.items()]
    return {key.text(): plain(value) for key, value in node.mapping()} if node.is_mapping else node.plain()


def refused_by_schema(text: str) -> bool:
    return bool(list(faults(SCHEMA, plain(read(text.encode())))))


def refused_by_loader(text: str) -> bool:
    try:
        load_sources({"contoh.yaml": text.encode()}, SPECS, ["contoh"])
    except PolicyError:
        return True
    return False


def test_a_policy_with_every_key_fits_both() -> None:
    assert not refused_by_schema(FULL)
    assert not refused_by_loader(FULL)


@pytest.mark.parametrize(
    "text",
    [
        HEAD,
        HEAD + RULE + "title: {id: x}\n",
        HEAD + RULE + "minimum_coverage: 101\n",
        HEAD + RULE + "rule: []\n",
        HEAD + RULE + "    severity: grave\n",
        HEAD + RULE + "    when: {}\n",
        HEAD + RULE + "    when: {tls.ofered: {equals: true}}\n",
        HEAD + RULE + "    when: {tls.offered: {at_least: 1}}\n",
        HEAD + RULE + '    when: {tls.offered: {equals: "true"}}\n',
        HEAD + RULE + "    when: {tls.offered: {}}\n",
        HEAD + RULE + "    when: {tls.versions: {contains_all: []}}\n",
        HEAD + RULE + "    when: {'cert.not_after[leaf]': {beyond_days: 99999}}\n",
        HEAD + RULE + "    when: {'tls.offered[x]': {equals: true}}\n",
        HEAD + RULE + "    when: {any: []}\n",
        HEAD + RULE + "    when: {any: [{http.server: {one_of: nginx}}]}\n",
        HEAD + RULE + "scoring: {caps: [{rule: R-1}]}\n",
        HEAD + RULE + "scoring: {by_severity: {grave: {fail: -1}}}\n",
        HEAD + "rules: [{id: R-1}]\n",
    ],
)
def test_what_the_loader_refuses_the_schema_refuses(text: str) -> None:
    assert refused_by_loader(text)
    assert refused_by_schema(text)


def test_the_baseline_has_the_form_of_the_schema_but_for_the_facts_of_its_checks() -> None:
    baseline = plain(read(Path(__file__).parents[3] / "policies" / "baseline.yaml"))
    for rule in baseline["rules"]:
        rule.pop("when", None)
        rule["require"] = {"tls.offered": {"equals": True}}
    assert list(faults(SCHEMA, baseline)) == []


def test_the_reference_names_every_operator_and_fact() -> None:
    lines = reference(SPECS | {"x.pipe": SPECS["tls.offered"].__class__(bool, "a | b\nc")}).splitlines()
    assert all(len(re.findall(r"(?<!\\)\|", line)) in (5, 6) for line in lines if line.startswith("|"))
    for name in (*OPERATORS, *SPECS):
        assert len([line for line in lines if line.startswith(f"| `{name}` |")]) == 1
    assert "| `cert.lifetime_days` | integer (days) | position | passive | Lifetime |" in lines
    assert r"| `x.pipe` | boolean |  | passive | a \| b c |" in lines
