"""What was seen, before it is counted: values with the weight of the evidence for them."""

from dataclasses import dataclass, field

from auditor.identifiers import Kind

from .buffer import Buffer, Spot
from .engine import Match
from .formats import Document
from .weights import Level, level

CITIZEN = frozenset((Kind.NIK, Kind.KK))
CHILD = "child"
"""A child among the people; told in a fact of its own."""
IDENTITY = frozenset((Kind.NIK, Kind.KK, Kind.NPWP, Kind.NIP, Kind.NUPTK, Kind.BPJS, Kind.PASSPORT))


@dataclass(frozen=True, slots=True)
class Sighting:
    """One value at one place. The value stays out of `repr`."""

    kind: str
    value: str = field(repr=False)
    score: float
    spot: Spot = field(repr=False)
    at: int = -1
    """Place in the buffer; -1 for what a whole row says."""
    official: bool = False
    """The number of an official in the ordinary publication of an office."""

    @property
    def level(self) -> Level:
        """How sure it is."""
        return level(self.score)


@dataclass(frozen=True, slots=True)
class Found:
    """A document with all matches in it, by id of their pattern."""

    document: Document
    buffer: Buffer
    matches: dict[str, list[tuple[Match, Spot]]]

    def of(self, *patterns: str) -> list[tuple[Match, Spot]]:
        """Matches of several patterns."""
        return [found for pattern in patterns for found in self.matches.get(pattern, ())]

    def value(self, match: Match) -> str:
        """The text of a match's value."""
        return self.buffer.text(*match.value)
