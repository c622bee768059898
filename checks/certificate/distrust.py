"""Authorities whose newer certificates some browsers refuse although the root is still in their stores.

Lists of roots such as certifi's carry no dates, so that path building does not see it. `distrusted.txt` has the roots.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files

from cryptography import x509
from cryptography.x509.oid import NameOID

from . import timestamps


@dataclass(frozen=True, slots=True)
class Distrust:
    """One root, as one store regards it."""

    store: str
    clock: str
    """`timestamp`: the earliest one of the logs, where there is any; `not_before`: the start of the validity."""
    until: datetime
    """What was issued from here on is not trusted."""
    organisation: str
    name: str
    source: str


def distrusting(chain: Iterable[x509.Certificate]) -> tuple[str, ...]:
    """The stores (`chrome`, `mozilla`) that refuse the leaf because of a root that the chain names and of its date.

    Args:
        chain: leaf first; roots are recognised by name, as issuers of any of them.

    Raises:
        ValueError: a name or the leaf's extensions cannot be read.
    """
    leaf, *above = chain
    named = {_name(issuer) for issuer in (leaf.issuer, *(each.issuer for each in above))}
    concerned = [each for each in known() if (each.organisation, each.name) in named]
    if not concerned:
        return ()
    begins = leaf.not_valid_before_utc
    first = min((timestamp.at for timestamp in timestamps.embedded(leaf)), default=begins)
    dates = {"not_before": begins, "timestamp": first}
    return tuple(sorted({each.store for each in concerned if dates[each.clock] >= each.until}))


@cache
def known() -> tuple[Distrust, ...]:
    """Every entry of the table."""
    lines = files(__package__).joinpath("distrusted.txt").read_text("utf-8").splitlines()
    return tuple(_entry(*line.split("\t")) for line in lines if not line.startswith("#"))


def _entry(store: str, clock: str, last: str, organisation: str, name: str, source: str) -> Distrust:
    until = datetime.fromisoformat(last).replace(tzinfo=UTC) + timedelta(days=1)
    return Distrust(store, clock, until, organisation, name, source)


def _name(name: x509.Name) -> tuple[str, str]:
    """Organisation, and common name or else the last organisational unit."""

    def last(oid: x509.ObjectIdentifier) -> str:
        return next((str(each.value) for each in reversed(name.get_attributes_for_oid(oid))), "")

    return last(NameOID.ORGANIZATION_NAME), last(NameOID.COMMON_NAME) or last(NameOID.ORGANIZATIONAL_UNIT_NAME)
