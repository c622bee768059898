"""What a probe is aimed at, and how its conversations are held."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from auditor.errors import Unobserved
from auditor.net import Dialogue, Network, Script, Series

from ..portrait import Portrait
from ..suites import Suite

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Aim:
    """A version of a server, and suites that it accepted there."""

    host: str
    name: str
    version: int
    suites: tuple[int, ...]


def aims(portrait: Portrait, host: str, first: int, last: int, fits: Callable[[Suite], bool]) -> list[Aim]:
    """Each accepted version from `first` to `last` with its suites that fit, newest first; none without any."""
    found = (
        Aim(host, each.name, each.number, tuple(suite.code for suite in each.kinds if fits(suite)))
        for each in reversed(portrait.offerings)
        if first <= each.number <= last
    )
    return [aim for aim in found if aim.suites]


def held(scripts: Mapping[str, Callable[[], Script[T]]], net: Network) -> dict[str, T | Unobserved]:
    """Conversations side by side; what each found out, by its purpose."""

    def series(purpose: str, script: Callable[[], Script[T]]) -> Series[T | Unobserved]:
        outcome: T | Unobserved = yield Dialogue(script, f"tls {purpose}")
        return outcome

    return net.converse_along({purpose: series(purpose, script) for purpose, script in scripts.items()})


def hold(purpose: str, script: Callable[[], Script[T]], net: Network) -> T | Unobserved:
    """One conversation."""
    return held({purpose: script}, net)[purpose]
