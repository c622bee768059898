"""Forms of secrets by what their issuers publish: the table behind finding them and behind hiding them.

`data/secrets.yaml` holds the table. Patterns in it are regular expressions in the sense of automata, so that any engine
gives the same answer; group 1, where there is one, is the secret itself.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml

_DATA = Path(__file__).with_name("data") / "secrets.yaml"


class Told(StrEnum):
    """What tells that a text is a secret."""

    ISSUED = "issued"
    """Its own form."""
    NAMED = "named"
    """The name beside it."""
    PUBLIC = "public"
    """Its own form, and browsers are meant to see it."""


@dataclass(frozen=True, slots=True)
class SecretForm:
    """One kind of secret."""

    kind: str
    told: Told
    literals: tuple[str, ...]
    """Lower case; every match holds one, whatever its case."""
    pattern: str


@cache
def forms() -> tuple[SecretForm, ...]:
    """Every form, in the order of the table."""
    table = yaml.load(_DATA.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return tuple(
        SecretForm(kind, told, tuple(str(literal) for literal in literals), _pattern(told, literals, pattern))
        for told in Told
        for kind, (literals, pattern) in table[told].items()
    )


def _pattern(told: Told, names: list[str], value: str) -> str:
    if told is not Told.NAMED:
        return value
    named = "|".join(_any_case(name) for name in names)
    return rf"(?:{named})[\w.\- ]{{0,32}}[\"'\]]{{0,2}}\s{{0,3}}(?:=>|:=|[:=,])\s{{0,3}}[\"']?({value})"


def _any_case(name: str) -> str:
    return "".join(
        f"[{char}{char.upper()}]" if char.isalpha() else f"\\{char}" if char in ".-" else char for char in name
    )
