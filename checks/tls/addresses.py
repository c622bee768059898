"""Every address of a name, compared: one that was forgotten when the others were set up is where visitors land, too."""

from collections.abc import Iterator

from auditor.errors import Unobserved
from auditor.model import Absence, Absent, Collected, Covered, Fact, FactSpec, Level
from auditor.net import Ask, Network

from . import versions
from .records import settled_by
from .versions import VERSIONS, Sighting

facts = {
    "tls.address_versions": FactSpec(
        tuple, "Versions accepted at one address of the name", subject="address", level=Level.STANDARD, cost=6
    ),
    "tls.addresses_agree": FactSpec(
        bool,
        "Every address of the name accepts the same versions, and chooses the same suite of all the usual ones in each",
        level=Level.STANDARD,
    ),
}


def stated(sightings: tuple[Sighting, ...], host: str, net: Network) -> Iterator[Collected]:
    """Both facts; `sightings` are those at the address that everything else was asked of."""
    first, *others = net.tls_addresses()
    seen = {first: sightings} | {address: _survey(address, host, net) for address in others}
    agree: bool | None = True
    gap = Unobserved(Absence.NOT_COLLECTED)
    for address, found in seen.items():
        accepted = versions.names(each.version.name for each in found if each.accepted)
        open_ = next((each.gap for each in found if each.gap), None)
        if open_ is not None and not accepted:
            yield Absent("tls.address_versions", open_.reason, open_.detail, address)
        else:
            yield Fact("tls.address_versions", accepted, address, complete=open_ is None)
        if _differs(found, sightings):
            agree = False
        elif open_ is not None and agree:
            agree, gap = None, open_
    yield Covered("tls.address_versions")
    yield Absent("tls.addresses_agree", gap.reason, gap.detail) if agree is None else Fact("tls.addresses_agree", agree)


def _survey(address: str, host: str, net: Network) -> tuple[Sighting, ...]:
    asks = [Ask(version.ask(host), settled_by(version.parse), f"tls version {version.name}") for version in VERSIONS]
    outcomes = net.converse_all(asks, address)
    return tuple(versions.read(version, outcome) for version, outcome in zip(VERSIONS, outcomes, strict=True))


def _differs(found: tuple[Sighting, ...], other: tuple[Sighting, ...]) -> bool:
    """A version that only one accepts, or in which they choose different suites; what is open differs from nothing."""
    pairs = zip(found, other, strict=True)
    known = [(one, two) for one, two in pairs if one.accepted is not None and two.accepted is not None]
    return any(one.accepted != two.accepted or _choice(one) != _choice(two) for one, two in known)


def _choice(sighting: Sighting) -> object:
    """The suite of an accepted version; of SSL 2.0 all that are offered."""
    if not sighting.accepted or sighting.hello is None:
        return None
    return getattr(sighting.hello, "suite", None) or getattr(sighting.hello, "ciphers", None)
