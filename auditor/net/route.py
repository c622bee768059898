"""Which socket a URL of a target leads to."""

from collections.abc import Mapping
from dataclasses import dataclass

from auditor.errors import Unobserved
from auditor.model import SERVICES, Absence, Endpoint, Target
from auditor.net.address import PORTS, Address
from auditor.net.guard import named_by_operator


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a target: the port in its URLs, and where its sockets go instead, if anywhere."""

    scheme: str
    port: int
    endpoint: Endpoint | None = None


def sides(target: Target) -> Mapping[str, Side]:
    """The sides that are known, by scheme; of a service, itself.

    The other side of a URL is where browsers look for it: at the default port, if the URL is at its own default
    port. A `connect` to another port says nothing about the other side, which is hidden then.
    """
    if target.scheme in SERVICES:
        return {target.scheme: Side(target.scheme, target.port, target.connect)}
    ends = {"https": target.connect, "http": target.connect_http}
    if target.scheme == "http" and not ends["http"] and ends["https"] and ends["https"].port != PORTS["https"]:
        ends = {"http": ends["https"], "https": None}  # a lone --connect aims the URL that was given
    at_default = target.port == PORTS[target.scheme]
    known = {}
    for scheme, other in (("https", "http"), ("http", "https")):
        own, port = scheme == target.scheme, PORTS[scheme]
        end, other_end = ends[scheme], ends[other]
        if end is None and at_default and other_end and other_end.port == PORTS[other]:
            end = Endpoint(other_end.host, port)
        if own or end or (at_default and not other_end):
            known[scheme] = Side(scheme, target.port if own else port, end)
    return known


def endpoint(known: Mapping[str, Side], address: Address) -> tuple[Endpoint, bool]:
    """Where the socket for an address goes, and whether the operator said so.

    Raises:
        Unobserved: NOT_COLLECTED when sockets are aimed by `connect` and it names none for this port.
    """
    side = known.get(address.scheme)
    if side is not None and side.endpoint is not None and side.port == address.port:
        return side.endpoint, True
    if any(item.endpoint for item in known.values()) and (side is None or side.endpoint is not None):
        raise Unobserved(Absence.NOT_COLLECTED, f"no socket is named for {address.scheme} port {address.port}")
    return Endpoint(address.host, address.port), named_by_operator(address.host)
