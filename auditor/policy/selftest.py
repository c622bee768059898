"""Tests of a policy: samples of evidence with the outcomes expected. `auditor policy test FILE` runs them.

They stand beside the policy, `baseline.tests.yaml` for `baseline.yaml`:

    schema: 1
    cases:
      - name: an insecure session cookie beside a harmless one
        at: 2026-11-22T10:00:00Z          # optional: moment of observation and judgement; this one by default
        target:                           # optional; only what the rules look at
          {url: "https://contoh.go.id", level: standard, tags: [layanan], se_category: tinggi, region: "6371",
           service: perizinan, organisation: diskominfo}
        facts:
          tls.offered: true               # of the type that the fact declares
          tls.versions: [TLSv1.2, TLSv1.3]
          http.hsts.max_age: 31536000
          http.cookie.session: {PHPSESSID: true, bahasa: false}            # of a fact with subjects: by subject
          http.cookie.secure: {PHPSESSID: false, bahasa: false}
          cert.not_after: {leaf: 2027-01-31T23:59:59Z}
        absent:                           # reasons: not_offered unreachable refused timeout malformed ...
          http.csp.present: not_offered   # of a fact with subjects: all of them ...
          cert.key_bits: {"1": malformed} # ... or by subject
        incomplete:                       # sets of which some members could not be resolved
          - tls.versions
          - tls.suites[TLSv1.2]
        covered: [http.cookie.session, http.cookie.secure]     # looked for everywhere: there are no others
        expect: {SES-03: fail, KOM-02: unknown}                # pass fail unknown not_applicable manual
      - name: no cookies at all
        covered: [http.cookie.session, http.cookie.secure]
        expect: {SES-03: not_applicable}

Facts that a case does not mention were not collected, so rules about them are unknown; `target.*` follows from
`target`. Facts whose names begin alike (`http.`, `tls.`) count as collected by one check.

A rule is tested when some case expects each outcome that its facts can give: pass and fail; fail and manual where it
`decides: fail_only`; nothing for a rule that only a person answers.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from auditor import source
from auditor.facts import TARGET_FACTS, about_target
from auditor.model import (
    Absence,
    Absent,
    Category,
    Covered,
    Decides,
    Fact,
    FactSpec,
    Level,
    Observation,
    Organisation,
    Outcome,
    Policy,
    Rule,
    Target,
    Value,
    ValueType,
)
from auditor.policy.document import FACT
from auditor.policy.judge import judge
from auditor.source import Entries, Node, chosen, distinct, listed, schema_one

SOMEWHEN = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
"""When a case that does not say so takes place."""

SUFFIX = ".tests.yaml"


@dataclass(frozen=True, slots=True)
class Case:
    """One sample of evidence and what is expected of it."""

    name: str
    place: str
    target: Target
    observations: tuple[Observation, ...]
    at: datetime
    expected: tuple[tuple[str, Outcome], ...]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A rule that did not do what the case expects of it."""

    rule: str
    expected: Outcome
    found: Outcome
    reason: str


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What a case gave; it holds where nothing mismatches."""

    case: Case
    mismatches: tuple[Mismatch, ...]


def tests_of(policy: Path) -> Path:
    """Where the tests of a policy file stand."""
    return policy.with_name(policy.name.removesuffix(policy.suffix) + SUFFIX)


def load_tests(path: Path, policy: Policy, specs: Mapping[str, FactSpec]) -> tuple[Case, ...]:
    """The cases of a file.

    Raises:
        PolicyError: `file:line:col`; also for an unknown fact or rule, and a value of another type than its fact's.
    """
    top = source.read(path).entries("schema", "cases")
    top.need("schema", schema_one)
    rules = {rule.id for rule in policy.rules}
    return top.need("cases", listed(lambda node: _case(node, rules, specs)))


def run(policy: Policy, specs: Mapping[str, FactSpec], cases: Iterable[Case]) -> tuple[CaseResult, ...]:
    """Judge every case."""
    return tuple(_run(policy, specs, case) for case in cases)


def _run(policy: Policy, specs: Mapping[str, FactSpec], case: Case) -> CaseResult:
    findings = {f.rule: f for f in judge(case.observations, specs, [policy], (), (), case.at, [case.target])}
    return CaseResult(
        case,
        tuple(
            Mismatch(rule, expected, findings[rule].outcome, findings[rule].reason)
            for rule, expected in case.expected
            if findings[rule].outcome is not expected
        ),
    )


def untested(policy: Policy, cases: Iterable[Case]) -> tuple[tuple[str, Outcome], ...]:
    """Outcomes that the facts can give a rule and that no case expects, in the order of the rules."""
    seen = {expectation for case in cases for expectation in case.expected}
    wanted = [(rule.id, outcome) for rule in policy.rules for outcome in _decidable(rule)]
    return tuple(pair for pair in wanted if pair not in seen)


def _decidable(rule: Rule) -> tuple[Outcome, ...]:
    if rule.require.empty:
        return ()
    return (Outcome.MANUAL if rule.decides is Decides.FAIL_ONLY else Outcome.PASS, Outcome.FAIL)


class _Expected(StrEnum):
    PASS = Outcome.PASS.value
    FAIL = Outcome.FAIL.value
    UNKNOWN = Outcome.UNKNOWN.value
    NOT_APPLICABLE = Outcome.NOT_APPLICABLE.value
    MANUAL = Outcome.MANUAL.value


def _case(node: Node, rules: set[str], specs: Mapping[str, FactSpec]) -> Case:
    entry = node.entries("name", "at", "target", "facts", "absent", "incomplete", "covered", "expect")
    target = entry.get("target", _target, Target("https", "contoh.go.id", 443, level=Level.ACTIVE))
    at = entry.get("at", Node.time, SOMEWHEN)
    return Case(
        name=entry.need("name", Node.text),
        place=node.place,
        target=target,
        observations=tuple(_observations(target, at, _Sample(specs).read(entry), specs)),
        at=at,
        expected=entry.need("expect", lambda value: _expected(value, rules)),
    )


def _expected(node: Node, rules: set[str]) -> tuple[tuple[str, Outcome], ...]:
    for key, _ in node.mapping():
        if key.text() not in rules:
            raise key.unknown("unknown rule {word}", key.text(), rules)
    if not node.mapping():
        raise node.error("a case that expects nothing tests nothing")
    return tuple((key.text(), Outcome(chosen(_Expected)(value))) for key, value in node.mapping())


def _target(node: Node) -> Target:
    entry = node.entries("url", "level", "tags", "se_category", "region", "service", "organisation")
    organisation = entry.get("organisation", Node.text, "")
    return replace(
        entry.get("url", _url, Target("https", "contoh.go.id", 443)),
        level=entry.get("level", chosen(Level), Level.ACTIVE),
        tags=entry.get("tags", distinct, ()),
        se_category=entry.get("se_category", chosen(Category), None),
        region=entry.get("region", Node.text, ""),
        service=entry.get("service", Node.text, ""),
        organisation=Organisation(organisation, organisation) if organisation else None,
    )


def _url(node: Node) -> Target:
    try:
        parts = urlsplit(node.text())
        if parts.scheme in ("https", "http") and parts.hostname:
            port = parts.port or (443 if parts.scheme == "https" else 80)
            return Target(parts.scheme, parts.hostname, port, parts.path or "/")
    except ValueError:
        pass
    raise node.error("expected a URL such as https://contoh.go.id, found {found}", found=node.text())


def _observations(
    target: Target, at: datetime, sample: Iterable[Fact | Absent | Covered], specs: Mapping[str, FactSpec]
) -> Iterator[Observation]:
    """The sample as the checks would have said it, each of which speaks of the facts with one first word."""
    about = [item for item in about_target(target) if _name(item) in specs]
    checks: defaultdict[str, list[Fact | Absent | Covered]] = defaultdict(list)
    for item in (*about, *sample):
        checks[_name(item).partition(".")[0]].append(item)
    for check, items in checks.items():
        facts = tuple(item for item in items if isinstance(item, Fact))
        absent = tuple(item for item in items if isinstance(item, Absent))
        covered = tuple(item.fact for item in items if isinstance(item, Covered))
        yield Observation(target.url, check, at, 0, facts, absent, covered)


def _name(item: Fact | Absent | Covered) -> str:
    return item.name if isinstance(item, Fact) else item.fact


_READERS: Mapping[ValueType, Callable[[Node], Value]] = {
    bool: Node.boolean,
    int: Node.integer,
    str: Node.text,
    datetime: Node.time,
    tuple: distinct,
}


@dataclass(frozen=True, slots=True)
class _Sample:
    """Reads the evidence of a case."""

    specs: Mapping[str, FactSpec]

    def read(self, entry: Entries) -> Iterator[Fact | Absent | Covered]:
        partly = entry.get("incomplete", listed(self._set), ())
        facts = [fact for key, value in entry.get("facts", Node.mapping, ()) for fact in self._facts(key, value)]
        for node, name, subject in partly:
            if not any((fact.name, fact.subject) == (name, subject) for fact in facts):
                raise node.error("the case has no such value")
        marked = {(name, subject) for _, name, subject in partly}
        yield from (replace(fact, complete=(fact.name, fact.subject) not in marked) for fact in facts)
        for key, value in entry.get("absent", Node.mapping, ()):
            yield from self._absences(key, value)
        for node in entry.get("covered", Node.items, ()):
            if not self._spec(node).subject:
                raise node.error("fact {fact} has no subjects that could be covered", fact=node.text())
            yield Covered(node.text())

    def _spec(self, key: Node) -> FactSpec:
        if key.text() not in self.specs:
            raise key.unknown("unknown fact {word}", key.text(), self.specs)
        if key.text() in TARGET_FACTS:
            raise key.error("fact {fact} follows from target", fact=key.text())
        return self.specs[key.text()]

    def _by_subject(self, key: Node, value: Node) -> tuple[tuple[str, Node], ...]:
        if not self._spec(key).subject:
            return (("", value),)
        return tuple((subject.text(), each) for subject, each in value.mapping())

    def _facts(self, key: Node, value: Node) -> Iterator[Fact]:
        for subject, node in self._by_subject(key, value):
            yield Fact(key.text(), _READERS[self.specs[key.text()].type](node), subject)

    def _absences(self, key: Node, value: Node) -> Iterator[Absent]:
        read: Callable[[Node], Absence] = chosen(Absence)
        if not value.is_mapping:
            self._spec(key)
            yield Absent(key.text(), read(value))
        else:
            for subject, node in self._by_subject(key, value):
                yield Absent(key.text(), read(node), subject=subject or None)

    def _set(self, node: Node) -> tuple[Node, str, str]:
        found = FACT.fullmatch(node.text())
        name, subject = (found[1], found[2] or "") if found else (node.text(), "")
        if name not in self.specs:
            raise node.unknown("unknown fact {word}", name, self.specs)
        if self.specs[name].type is not tuple:
            raise node.error("fact {fact} is no set, so no member of it can be missing", fact=name)
        return node, name, subject
