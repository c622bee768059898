"""Indices of digital government: weights, levels and grades, all of them data (`policies/frameworks/indices.yaml`).

    index = sum(weight x level) / 100        of an aspect or domain: sum(weight x level) / sum(weight)

Decimal throughout: a grade turns on hundredths. What has no level has no index.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from auditor import frameworks
from auditor.errors import InputError
from auditor.model import Confidence, Text

LEVELS = range(1, 6)
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator; its aspect by number."""

    number: int
    name: str
    weight: Decimal
    aspect: int

    @property
    def code(self) -> str:
        """`I10`."""
        return f"I{self.number}"


@dataclass(frozen=True, slots=True)
class Part:
    """An aspect or domain of an instrument."""

    number: int
    name: str
    weight: Decimal
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Instrument:
    """An index: what it is made of, and what its values are called."""

    id: str
    name: Text
    law: str
    """Control id of the regulation."""
    confidence: Confidence
    grades: tuple[tuple[str, Decimal], ...]
    """Names with their lowest values, highest first."""
    domains: tuple[Part, ...]
    aspects: tuple[Part, ...]
    indicators: tuple[Indicator, ...]
    security: tuple[int, ...]
    """Numbers of the indicators on security."""

    def grade(self, value: Decimal) -> str:
        """The name of a value, taken exactly; the lowest one below all bounds."""
        return next((name for name, least in self.grades if value >= least), self.grades[-1][0])


@dataclass(frozen=True, slots=True)
class Index:
    """A value, exact, with those of the parts."""

    value: Decimal
    grade: str
    domains: tuple[tuple[Part, Decimal], ...]
    aspects: tuple[tuple[Part, Decimal], ...]


def rounded(value: Decimal) -> Decimal:
    """To hundredths, halves up: how indices are published."""
    return value.quantize(_HUNDREDTH, ROUND_HALF_UP)


def instruments() -> tuple[Instrument, ...]:
    """Every instrument of the data, the current one first."""
    return tuple(_instrument(entry["id"]) for entry in frameworks.data("indices")["instruments"])


def instrument(identity: str) -> Instrument:
    """An instrument by its id.

    Raises:
        InputError: there is none.
    """
    known = [entry["id"] for entry in frameworks.data("indices")["instruments"]]
    if identity not in known:
        raise InputError("no instrument {name}", hint="there are: {known}", name=identity, known=", ".join(known))
    return _instrument(identity)


def compute(this: Instrument, levels: Mapping[int, int]) -> Index:
    """The index at these levels, by number of the indicator.

    Raises:
        InputError: a level is missing, out of range, or of no indicator.
    """
    known = {indicator.number for indicator in this.indicators}
    missing = sorted(known - set(levels))
    if missing:
        raise InputError("levels are missing: {names}", names=", ".join(f"I{number}" for number in missing))
    for number, level in levels.items():
        if number not in known:
            raise InputError("there is no indicator {name}", name=f"I{number}")
        if level not in LEVELS:
            raise InputError("{name}: a level is from 1 to 5, found {level}", name=f"I{number}", level=level)
    value = _earned(this.indicators, levels) / 100
    return Index(value, this.grade(value), _of_parts(this.domains, levels), _of_parts(this.aspects, levels))


def _earned(indicators: Iterable[Indicator], levels: Mapping[int, int]) -> Decimal:
    return sum((each.weight * levels[each.number] for each in indicators), Decimal())


def _of_parts(parts: Iterable[Part], levels: Mapping[int, int]) -> tuple[tuple[Part, Decimal], ...]:
    return tuple((part, _earned(part.indicators, levels) / _weight(part.indicators)) for part in parts)


def _weight(indicators: Iterable[Indicator]) -> Decimal:
    return sum((each.weight for each in indicators), Decimal())


@cache
def _instrument(identity: str) -> Instrument:
    (entry,) = (each for each in frameworks.data("indices")["instruments"] if each["id"] == identity)
    indicators = tuple(
        Indicator(each["number"], each["name"], Decimal(each["weight"]), each["aspect"]) for each in entry["indicators"]
    )
    domain_of = {aspect["number"]: aspect.get("domain") for aspect in entry["aspects"]}

    def part(each: Mapping[str, Any], *, domain: bool) -> Part:
        mine = tuple(i for i in indicators if (domain_of[i.aspect] if domain else i.aspect) == each["number"])
        return Part(each["number"], each["name"], Decimal(each["weight"]), mine)

    return Instrument(
        id=entry["id"],
        name=frameworks.text(entry["name"]),
        law=entry["law"],
        confidence=Confidence(entry["confidence"]),
        grades=tuple((grade["name"], Decimal(grade["at_least"])) for grade in entry["grades"]),
        domains=tuple(part(each, domain=True) for each in entry.get("domains", ())),
        aspects=tuple(part(each, domain=False) for each in entry["aspects"]),
        indicators=indicators,
        security=tuple(entry["security"]),
    )
