"""Answers that may be missing."""

from dataclasses import dataclass

from auditor.errors import Unobserved


@dataclass(frozen=True, slots=True)
class Seen:
    """A set of codes, and why there may be more in it."""

    members: tuple[int, ...] = ()
    gap: Unobserved | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A yes or no, or why there is none."""

    value: bool | None = None
    gap: Unobserved | None = None
