"""Observations as canonical JSON lines, masked on the way to disk whatever the check did.

Judging always works on evidence that went through `read`, so that what is judged is what is signed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from auditor.canonical import DecodeError, encode, from_plain, load_json, parse_time
from auditor.model import TYPE_NAMES, Fact, FactSpec, Observation, Value


class Masker(Protocol):
    """Hides personal numbers and secrets in text."""

    def text(self, text: str, /) -> str:
        """The text with each of them made unreadable."""
        ...


def write(observations: Iterable[Observation], masker: Masker) -> bytes:
    """One canonical JSON line an observation, in the order given; every text masked."""
    return b"".join(encode(mask(observation, masker)) + b"\n" for observation in observations)


def mask(observation: Observation, masker: Masker) -> Observation:
    """The observation with every value, subject and detail masked."""
    return replace(
        observation,
        facts=tuple(
            replace(fact, value=_mask_value(fact.value, masker), subject=masker.text(fact.subject))
            for fact in observation.facts
        ),
        absent=tuple(
            replace(
                absent,
                detail=masker.text(absent.detail),
                subject=None if absent.subject is None else masker.text(absent.subject),
            )
            for absent in observation.absent
        ),
    )


def _mask_value(value: Value, masker: Masker) -> Value:
    if isinstance(value, str):
        return masker.text(value)
    if isinstance(value, tuple):
        return tuple(masker.text(item) for item in value)
    return value


def read(data: bytes, specs: Mapping[str, FactSpec]) -> tuple[Observation, ...]:
    """Parse `evidence.jsonl`, each value by the type its fact declares.

    Raises:
        DecodeError: a line that is no observation, an undeclared fact, a value of another type; names the line.
    """
    observations = []
    for number, line in enumerate(data.splitlines(), start=1):
        try:
            observations.append(_observation(load_json(line), specs))
        except DecodeError as error:
            raise DecodeError(f"evidence line {number}: {error}") from None
    return tuple(observations)


def _observation(plain: Any, specs: Mapping[str, FactSpec]) -> Observation:
    if not isinstance(plain, dict) or not isinstance(plain.get("facts", []), list):
        raise DecodeError("expected an observation")
    facts = tuple(_fact(item, specs) for item in plain.pop("facts", []))
    observation: Observation = replace(from_plain(Observation, plain), facts=facts)
    named = [absent.fact for absent in observation.absent] + list(observation.covered)
    for name in named:
        if name not in specs:
            raise DecodeError(f"undeclared fact {name!r:.80}")
    return observation


def _fact(plain: Any, specs: Mapping[str, FactSpec]) -> Fact:
    if not isinstance(plain, dict) or not isinstance(plain.get("name"), str):
        raise DecodeError("expected a fact with a name")
    name = plain["name"]
    if name not in specs:
        raise DecodeError(f"undeclared fact {name!r:.80}")
    fact: Fact = from_plain(Fact, plain)
    value = fact.value
    if specs[name].type is datetime and isinstance(value, str):
        try:
            fact = replace(fact, value=parse_time(value))
        except ValueError:
            raise DecodeError(f"fact {name!r}: {value!r:.40} is no time") from None
    if not is_of_type(fact.value, specs[name]):
        raise DecodeError(f"fact {name!r} is not of type {TYPE_NAMES[specs[name].type]}")
    return fact


def is_of_type(value: object, spec: FactSpec) -> bool:
    """Whether a value is exactly of the declared type: True is no integer, a set holds text only."""
    if spec.type is tuple:
        return isinstance(value, tuple) and all(isinstance(item, str) for item in value)
    if spec.type is datetime:
        return isinstance(value, datetime) and value.tzinfo is not None
    return type(value) is spec.type


__all__ = ["Masker", "is_of_type", "mask", "read", "write"]
