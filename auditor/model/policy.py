"""What a policy says, as values. Loading is in `auditor.policy.loader`, judging in `auditor.policy.judge`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from auditor.model.vocabulary import Outcome, Severity


@dataclass(frozen=True, slots=True)
class Text:
    """The same sentence in Indonesian and English."""

    id: str = ""
    en: str = ""

    def in_(self, lang: str) -> str:
        """The sentence in `lang` ("id" or "en"), or in the other language where that one is missing."""
        return (self.en or self.id) if lang == "en" else (self.id or self.en)


class Confidence(StrEnum):
    """How well the text behind a citation is known. No mark spares a comparison with the official text (JDIH)."""

    READ = "read"
    READ_SECONDARY = "read-secondary"
    """Read in a restatement by others."""
    MEMORY = "memory"
    STANDARD = "standard"
    """No law: a public standard, cited by its own number."""
    UNRECORDED = "unrecorded"
    """Cited by a policy; this program knows nothing of it."""


@dataclass(frozen=True, slots=True)
class Citation:
    """What a control id such as `PERBAN-BSSN-4-2021.P27.8.c` stands for."""

    id: str
    name: Text
    """Regulation and place: `Peraturan BSSN Nomor 4 Tahun 2021 Pasal 27 ayat (8) huruf c`; the id where unrecorded."""
    text: Text
    """What stands there, in summary."""
    confidence: Confidence
    repealed: Text = field(default_factory=Text)
    """By what, where it is no longer in force."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """`fact[selector]: {operator: operand}`."""

    fact: str
    operator: str
    operand: bool | int | str | tuple[str, ...]
    selector: str = ""

    @property
    def expected(self) -> str:
        """The requirement in one line, as findings and reports show it: `at_most 398`."""
        operand = self.operand
        if isinstance(operand, bool):
            shown = "true" if operand else "false"
        elif isinstance(operand, tuple):
            shown = "[" + ", ".join(operand) + "]"
        else:
            shown = str(operand)
        return f"{self.operator} {shown}"


@dataclass(frozen=True, slots=True)
class Condition:
    """A conjunction of assertions and, where `any` is not empty, of a disjunction of further conditions."""

    all: tuple[Assertion, ...] = ()
    any: tuple["Condition", ...] = ()

    @property
    def empty(self) -> bool:
        """Whether it asks nothing."""
        return not self.all and not self.any


class Decides(StrEnum):
    """Which way facts may settle a rule."""

    BOTH = "both"
    FAIL_ONLY = "fail_only"
    """Facts can disprove the rule, but only a named person can affirm it."""


@dataclass(frozen=True, slots=True)
class Manual:
    """A control that a person answers."""

    question: Text
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One requirement of a policy."""

    id: str
    title: Text
    severity: Severity
    controls: tuple[str, ...] = ()
    when: Condition = field(default_factory=Condition)
    require: Condition = field(default_factory=Condition)
    decides: Decides = Decides.BOTH
    manual: Manual | None = None
    rationale: Text = field(default_factory=Text)
    remediation: Text = field(default_factory=Text)
    fixes: Mapping[str, str] = field(default_factory=dict)
    """Configuration to paste, by stack: `nginx`, `apache`, `laravel` ..."""
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Points:
    """What a rule adds to the score on pass and on fail; never fractions."""

    on_pass: int = 0
    on_fail: int = 0


@dataclass(frozen=True, slots=True)
class Cap:
    """The score is at most `at_most` unless the rule passes (or does not apply)."""

    rule: str
    at_most: int
    only_seen: bool = False
    """It holds only where the rule was seen to fail: for what a scan of the usual level leaves open, so that coverage
    alone tells of it."""


@dataclass(frozen=True, slots=True)
class Band:
    """Grade for a score of `at_least` or more, where all the rules of `requires` pass (or do not apply)."""

    at_least: int
    grade: str
    requires: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scoring:
    """How findings become a number, entirely as policy data."""

    start: int = 100
    minimum: int = 0
    maximum: int = 100
    by_severity: Mapping[str, Points] = field(default_factory=dict)
    points: Mapping[str, Points] = field(default_factory=dict)
    """By rule id; goes before `by_severity`."""
    bonus_from: int | None = None
    """Positive points count only where the score without any is at least this."""
    caps: tuple[Cap, ...] = ()
    bands: tuple[Band, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """One file that a policy was read from: its name in the bundle's `policy/` folder, and its bytes' digest."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy with everything it extends folded in."""

    id: str
    version: str
    title: Text
    rules: tuple[Rule, ...]
    scoring: Scoring | None = None
    minimum_coverage: int = 80
    """Percent of the rules that must be judged for the run to count as judged."""
    files: tuple[PolicyFile, ...] = ()
    """The policy's own file first, then those it extends."""
    digest: str = ""
    """sha256 over the list of file digests: one policy has one digest everywhere."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """An approved exception to one rule; only a FAIL can be waived."""

    rule: str
    reason: str
    approver: str
    until: date
    """Last day it holds, inclusive in the zone of the target's agency."""
    host: str = ""
    subject: str | None = None
    policy: str = ""


@dataclass(frozen=True, slots=True)
class Attestation:
    """A named person's answer to a manual control."""

    rule: str
    answer: Outcome
    """PASS, FAIL or NOT_APPLICABLE."""
    respondent: str
    answered_on: date
    until: date
    statement: str
    host: str = ""
    policy: str = ""
    documents: tuple[str, ...] = ()
    """`name sha256:hex` of each document relied upon."""
