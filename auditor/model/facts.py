"""What a check declares and what it saw."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from auditor.model.vocabulary import Absence, Level

Value = bool | int | str | datetime | tuple[str, ...]
"""Every value a fact may have. Closed on purpose: no mapping, no float, no None."""

ValueType = type[bool] | type[int] | type[str] | type[datetime] | type[tuple[str, ...]]

TYPE_NAMES: Mapping[ValueType, str] = {
    bool: "boolean",
    int: "integer",
    str: "text",
    datetime: "time",
    tuple: "set",
}
"""Names of the value types in `facts.json`, in policy messages and in the generated references."""


@dataclass(frozen=True, slots=True)
class FactSpec:
    """Declaration of one fact by the check that collects it.

    `subject` names the kind of thing the fact is about ("cookie", "position" of a certificate, "path"), or is
    empty for a fact about the target as a whole. `cost` is the number of requests beyond the shared ones.
    """

    type: ValueType
    doc: str
    unit: str = ""
    subject: str = ""
    level: Level = Level.PASSIVE
    cost: int = 0
    active: tuple[str, ...] = ()
    """Subjects that need level active, whatever `level` says of the others."""
    crawl: bool = False
    """Whether it is looked for over the pages of the crawl, whose requests are made once for all such facts."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing seen. `complete` is false for a set of which some members could not be resolved."""

    name: str
    value: Value
    subject: str = ""
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Absent:
    """A declared fact without a value, and why; for one subject, or for all of them when `subject` is None."""

    fact: str
    reason: Absence
    detail: str = ""
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Covered:
    """The fact was looked for everywhere: the subjects reported, perhaps none, are all there are."""

    fact: str


Collected = Fact | Absent | Covered
"""What a check's `collect` yields."""


@dataclass(frozen=True, slots=True)
class Observation:
    """Everything one check said about one target."""

    target: str
    check: str
    at: datetime
    took_ms: int
    facts: tuple[Fact, ...] = ()
    absent: tuple[Absent, ...] = ()
    covered: tuple[str, ...] = ()


def absent_all(facts: Iterable[str], reason: Absence, detail: str = "") -> Iterable[Absent]:
    """The same absence for several facts as a whole."""
    return (Absent(name, reason, detail) for name in facts)
