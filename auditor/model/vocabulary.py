"""The closed word lists of the field: outcomes, absences, severities, levels."""

from enum import StrEnum


class _Ranked(StrEnum):
    """A word list whose order of definition is its rank, lowest first."""

    @property
    def rank(self) -> int:
        return list(type(self)).index(self)


class Level(_Ranked):
    """How much of a scan a site could notice (PRODUCT rule "Authorisation")."""

    PASSIVE = "passive"
    """What one visitor's browser does."""
    STANDARD = "standard"
    """Benign single requests: TLS enumeration, well-known paths, DNS."""
    ACTIVE = "active"
    """Probes that a site could notice: the Heartbleed class, CORS origins, methods."""


class Severity(_Ranked):
    """How much a broken rule matters, by the policy that holds the rule."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Category(_Ranked):
    """Category of an electronic system (SE) under Perban BSSN 8/2020."""

    RENDAH = "rendah"
    TINGGI = "tinggi"
    STRATEGIS = "strategis"


class Outcome(StrEnum):
    """What judging a rule against the facts of one target gave."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    WAIVED = "waived"
    MANUAL = "manual"


class Basis(StrEnum):
    """What an outcome rests on."""

    MEASURED = "measured"
    ATTESTED = "attested"


class Absence(StrEnum):
    """Why a declared fact has no value.

    Only `NOT_OFFERED` is an observation about the site; every other absence leaves the fact unknown.
    """

    NOT_OFFERED = "not_offered"
    """The site was asked and does not have it: no such header, the version is refused."""
    UNREACHABLE = "unreachable"
    """No address, no route."""
    REFUSED = "refused"
    """The peer refused or reset the connection."""
    TIMEOUT = "timeout"
    """No full answer within the deadline."""
    MALFORMED = "malformed"
    """The answer breaks its protocol beyond use."""
    NOT_AUTHORISED = "not_authorised"
    """The authorisation at hand does not cover this."""
    NOT_REQUESTED = "not_requested"
    """Above the level that the operator chose with `--level`; outside coverage and exit code."""
    NOT_ASSESSABLE = "not_assessable"
    """What answered is not the site: a challenge, a default page, a block page."""
    NOT_COLLECTED = "not_collected"
    """No check looked: an older bundle, `--only`, a missing plug-in."""
    LIMITED = "limited"
    """Cut off before the declared budget was used."""
    CRASHED = "crashed"
    """The check failed, or did not account for the fact."""
