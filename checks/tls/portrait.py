"""What a server offers, as values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from . import sslv2, suites
from .answers import Answer, Seen
from .features import Features
from .flight import Flight
from .hello import TLS13, Manner
from .suites import Suite
from .versions import Sighting


@dataclass(frozen=True, slots=True)
class Offering:
    """What one version offers."""

    name: str
    number: int
    suites: Seen
    first: int | None = None
    """The suite chosen of all the usual ones."""
    manner: Manner = "usual"
    """Of hellos that it bears."""
    ticketed: tuple[Flight, ...] = ()
    """What came while a session ticket and every other feature was offered ..."""
    ticketless: tuple[Flight, ...] = ()
    """... and every other feature alone."""
    ordered: Answer | None = None
    """Whether the server's own order of suites decides; None where there is nothing to order."""

    @property
    def kinds(self) -> Sequence[Suite]:
        """The suites by what they consist of; those of SSL 2.0 are of another kind."""
        return () if self.number == sslv2.VERSION else suites.of(self.suites.members)

    @property
    def flights(self) -> tuple[Flight, ...]:
        """All of them."""
        return self.ticketed + self.ticketless


@dataclass(frozen=True, slots=True)
class Fallback:
    """A client that pretends to have fallen back to `version` (RFC 7507), and whether the server noticed."""

    version: str
    noticed: Answer


@dataclass(frozen=True, slots=True)
class Portrait:
    """What a server offers. A field is None where its question does not apply."""

    offerings: tuple[Offering, ...]
    """Accepted versions, oldest first."""
    open: tuple[Sighting, ...]
    """Versions of which it is not known whether they are accepted."""
    groups: Seen | None = None
    signatures: Seen | None = None
    protocols: Seen | None = None
    """By their place in `parameters.PROTOCOLS`."""
    fallback: Fallback | None = None
    features: Features = field(default_factory=Features)
    flights: tuple[Flight, ...] = field(default=(), repr=False)
    """Of every question, TLS 1.3 left out."""

    @property
    def before_tls13(self) -> bool:
        """Whether a version before TLS 1.3 is accepted, or may be."""
        numbers = [each.number for each in self.offerings] + [each.version.number for each in self.open]
        return any(number < TLS13 for number in numbers)

    def newest(self, below: int, fits: Callable[[Suite], bool]) -> Offering | None:
        """The newest version before `below` with a suite that fits."""
        fitting = (each for each in reversed(self.offerings) if each.number < below and any(map(fits, each.kinds)))
        return next(fitting, None)
