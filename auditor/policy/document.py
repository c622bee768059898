"""One policy file, read and type-checked. What a file may hold is shown in `auditor.policy.loader`."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import TypeVar

from auditor.model import (
    TYPE_NAMES,
    Assertion,
    Band,
    Cap,
    Condition,
    Decides,
    FactSpec,
    Manual,
    Points,
    Rule,
    Scoring,
    Severity,
    Text,
)
from auditor.policy.operators import MAX_DAYS, OPERATORS, Operand
from auditor.policy.patterns import PatternError, compiled
from auditor.source import Entries, Node, chosen, distinct, listed, schema_one

T = TypeVar("T")

IDENTITY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""Ids of policies and rules: fit for file names, tables and addresses."""
FACT = re.compile(r"([a-z0-9_]+(?:\.[a-z0-9_]+)*)(?:\[([^\[\]]+)\])?")

POLICY_KEYS = ("schema", "id", "version", "title", "extends", "minimum_coverage", "rules", "scoring")
RULE_KEYS = (
    "id", "title", "severity", "controls", "when", "require", "decides", "manual",
    "rationale", "remediation", "fixes", "references",
)  # fmt: skip
CAP_KEYS = ("rule", "at_most", "only_seen")
BAND_KEYS = ("at_least", "grade", "requires")
SCORING_KEYS = ("start", "minimum", "maximum", "by_severity", "points", "bonus_from", "caps", "bands")


@dataclass(frozen=True, slots=True)
class Document:
    """A policy file before what it extends is folded in."""

    id: str
    id_node: Node
    version: str
    title: Text
    extends: tuple[Node, ...]
    rules: tuple[tuple[Node, Rule], ...]
    """Each rule with the node of its id."""
    scoring: tuple[Node, Scoring] | None
    minimum_coverage: int | None


def read_policy(root: Node, specs: Mapping[str, FactSpec]) -> Document:
    """The file as values.

    Raises:
        PolicyError: at the place of the first thing that is wrong.
    """
    top = root.entries(*POLICY_KEYS)
    top.need("schema", schema_one)
    identity = top.need("id", _identity)
    rules = _once(top.get("rules", listed(lambda node: _rule(node, specs)), ()), lambda rule: rule.id)
    if not rules and not top.get("extends", Node.items, ()):
        raise root.error("the policy has no rules")
    return Document(
        id=identity,
        id_node=top["id"],
        version=top.need("version", Node.text),
        title=top.get("title", text, Text(identity, identity)),
        extends=_references(top["extends"]) if "extends" in top else (),
        rules=rules,
        scoring=(top["scoring"], _scoring(top["scoring"])) if "scoring" in top else None,
        minimum_coverage=top.get("minimum_coverage", _percent, None),
    )


def text(node: Node) -> Text:
    """The same sentence in both languages: `{id: ..., en: ...}`."""
    entry = node.entries("id", "en")
    return Text(entry.need("id", Node.text), entry.need("en", Node.text))


def _identity(node: Node) -> str:
    if not IDENTITY.fullmatch(node.text()):
        raise node.error("an id has letters, digits, dot, dash and underscore, at most 64 of them")
    return node.text()


def _percent(node: Node) -> int:
    if not 0 <= node.integer() <= 100:
        raise node.error("expected a percentage from 0 to 100, found {number}", number=node.integer())
    return node.integer()


def _references(node: Node) -> tuple[Node, ...]:
    distinct(node)
    return node.items()


def _once(found: tuple[tuple[Node, T], ...], name: Callable[[T], str]) -> tuple[tuple[Node, T], ...]:
    first: dict[str, Node] = {}
    for node, value in found:
        if name(value) in first:
            raise node.error(
                "rule {rule} stands twice", hint="first at line {line}", rule=name(value), line=first[name(value)].line
            )
        first[name(value)] = node
    return found


def _rule(node: Node, specs: Mapping[str, FactSpec]) -> tuple[Node, Rule]:
    entry = node.entries(*RULE_KEYS)
    identity = entry.need("id", _identity)
    condition = _Conditions(specs)
    rule = Rule(
        id=identity,
        title=entry.get("title", text, Text(identity, identity)),
        severity=entry.get("severity", chosen(Severity), Severity.MEDIUM),
        controls=entry.get("controls", distinct, ()),
        when=entry.get("when", condition.read, Condition()),
        require=entry.get("require", condition.read, Condition()),
        decides=entry.get("decides", chosen(Decides), Decides.BOTH),
        manual=entry.get("manual", _manual, None),
        rationale=entry.get("rationale", text, Text()),
        remediation=entry.get("remediation", text, Text()),
        fixes=entry.get("fixes", _fixes, {}),
        references=entry.get("references", distinct, ()),
    )
    if rule.require.empty and rule.manual is None:
        raise node.error("rule {rule} has neither require nor manual, so nothing decides it", rule=identity)
    if rule.require.empty and rule.decides is Decides.FAIL_ONLY:
        raise entry["decides"].error("decides: fail_only needs require: facts that can disprove the rule")
    if rule.manual and not rule.require.empty and rule.decides is Decides.BOTH:
        raise entry["manual"].error(
            "the facts decide this rule both ways, so nobody would be asked", hint="add decides: fail_only"
        )
    return entry["id"], rule


def _manual(node: Node) -> Manual:
    entry = node.entries("question", "evidence")
    return Manual(entry.need("question", text), entry.get("evidence", distinct, ()))


def _fixes(node: Node) -> dict[str, str]:
    return {key.text(): value.text() for key, value in node.mapping()}


@dataclass(slots=True)
class _Conditions:
    """Reads the conditions of one rule, which range over at most one subject kind together."""

    specs: Mapping[str, FactSpec]
    ranged: tuple[str, str] | None = None
    """The first fact that ranges over subjects, and their kind."""

    def read(self, node: Node) -> Condition:
        assertions: list[Assertion] = []
        alternatives: tuple[Condition, ...] = ()
        for key, value in node.mapping():
            if key.text() == "any":
                alternatives = listed(self.read)(value)
                if not alternatives:
                    raise value.error("an empty list asks nothing")
            else:
                assertions += self._assertions(key, value)
        if not assertions and not alternatives:
            raise node.error("an empty mapping asks nothing")
        return Condition(tuple(assertions), alternatives)

    def _assertions(self, key: Node, value: Node) -> Iterator[Assertion]:
        name, selector, spec = self._fact(key)
        if not value.mapping():
            raise value.error("an empty mapping asks nothing")
        for word, operand in value.mapping():
            if word.text() not in OPERATORS:
                raise word.unknown("unknown operator {word}", word.text(), OPERATORS)
            yield Assertion(name, word.text(), _operand(word, operand, name, spec), selector)

    def _fact(self, key: Node) -> tuple[str, str, FactSpec]:
        found = FACT.fullmatch(key.text())
        name, selector = (found[1], found[2] or "") if found else (key.text(), "")
        if name not in self.specs:
            near = get_close_matches(name, sorted(self.specs), 1)
            raise key.error(
                "unknown fact {fact}",
                hint="did you mean {nearest}?" if near else "see: auditor facts",
                fact=repr(name),
                nearest=near[0] if near else "",
            )
        spec = self.specs[name]
        if selector and not spec.subject:
            raise key.error("fact {fact} has no subjects to select from", fact=name)
        if spec.subject and not selector:
            first, kind = self.ranged = self.ranged or (name, spec.subject)
            if kind != spec.subject:
                raise key.error(
                    "the rule ranges over {kind} ({first}) and {other} ({fact}) at once",
                    hint="select one, as in {fact}[...]",
                    kind=kind, first=first, other=spec.subject, fact=name,
                )  # fmt: skip
        return name, selector, spec


def _operand(word: Node, node: Node, fact: str, spec: FactSpec) -> Operand:
    operator = OPERATORS[word.text()]
    wanted = operator.accepts.get(spec.type)
    if wanted is None:
        fitting = ", ".join(name for name, row in OPERATORS.items() if spec.type in row.accepts)
        raise word.error(
            "operator {operator} is not for {fact}, which is of type {type}",
            hint="operators for this type: {fitting}",
            operator=word.text(), fact=fact, type=TYPE_NAMES[spec.type], fitting=fitting,
        )  # fmt: skip
    operand = distinct(node) if node.is_list else node.plain() if not node.is_mapping else None
    if operand is None or type(operand) is not wanted:
        raise node.error(
            "operator {operator} on {fact} needs true or false" if wanted is bool
            else "operator {operator} on {fact} needs an integer" if wanted is int
            else "operator {operator} on {fact} needs a list" if wanted is tuple
            else "operator {operator} on {fact} needs text",
            hint="text that looks like a number or like true stands in quotes" if wanted is str else "",
            operator=word.text(), fact=fact,
        )  # fmt: skip
    if operand == () and not operator.may_be_empty:
        raise node.error("an empty list asks nothing")
    if spec.type is datetime and isinstance(operand, int) and abs(operand) > MAX_DAYS:
        raise node.error("{number} days are more than a century", number=operand)
    if word.text() == "matches":
        _check_pattern(node, str(operand))
    return operand


def _check_pattern(node: Node, pattern: str) -> None:
    try:
        compiled(pattern)
    except PatternError as error:
        raise node.error("not a usable pattern: {problem}", problem=str(error)) from None


def _scoring(node: Node) -> Scoring:
    entry = node.entries(*SCORING_KEYS)
    scoring = Scoring(
        start=entry.get("start", Node.integer, 100),
        minimum=entry.get("minimum", Node.integer, 0),
        maximum=entry.get("maximum", Node.integer, 100),
        by_severity={word.value: points for word, points in entry.get("by_severity", _by_severity, ())},
        points=entry.get("points", _by_rule, {}),
        bonus_from=entry.get("bonus_from", Node.integer, None),
        caps=entry.get("caps", listed(_cap), ()),
        bands=entry.get("bands", listed(_band), ()),
    )
    if scoring.minimum > scoring.maximum:
        raise node.error("minimum is above maximum")
    _check_bands(entry, scoring)
    return scoring


def _check_bands(entry: Entries, scoring: Scoring) -> None:
    """Bands that require nothing go down strictly, and every score is in one of them."""
    open_to_all = [band.at_least for band in scoring.bands if not band.requires]
    if open_to_all != sorted(set(open_to_all), reverse=True):
        raise entry["bands"].error("bands go from the highest at_least down")
    if scoring.bands and (not open_to_all or open_to_all[-1] > scoring.minimum):
        raise entry["bands"].error("a score of {score} would be in no band", score=scoring.minimum)
    if scoring.bands and scoring.bands[-1].requires:
        raise entry["bands"].error("bands go from the highest at_least down")


def _by_severity(node: Node) -> tuple[tuple[Severity, Points], ...]:
    return tuple((chosen(Severity)(key), _points(value)) for key, value in node.mapping())


def _by_rule(node: Node) -> dict[str, Points]:
    return {key.text(): _points(value) for key, value in node.mapping()}


def _points(node: Node) -> Points:
    entry = node.entries("pass", "fail")
    points = Points(entry.get("pass", Node.integer, 0), entry.get("fail", Node.integer, 0))
    if points.on_fail > points.on_pass:
        raise node.error("a failed rule would score more than a passed one")
    return points


def _cap(node: Node) -> Cap:
    entry = node.entries(*CAP_KEYS)
    return Cap(
        entry.need("rule", Node.text),
        entry.need("at_most", Node.integer),
        only_seen=entry.get("only_seen", Node.boolean, False),
    )


def _band(node: Node) -> Band:
    entry = node.entries(*BAND_KEYS)
    return Band(
        entry.need("at_least", Node.integer), entry.need("grade", Node.text), entry.get("requires", distinct, ())
    )
