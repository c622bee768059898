"""Which addresses may be contacted (DNS rebinding, redirects into the intranet).

A name in public DNS can point anywhere. Addresses that are not public are contacted only where the operator named
them: as an IP literal, as `localhost`, or with `--connect`.
"""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from auditor.errors import Unobserved
from auditor.model import Absence

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_RELAYS = IPv4Network("192.88.99.0/24")
"""Anycast 6to4 relays, RFC 7526."""


@lru_cache(1_024)  # asked of the same few hosts at every step
def literal(host: str) -> str | None:
    """The address when `host` is an IP literal (no brackets), else None."""
    try:
        return str(ip_address(host))
    except ValueError:
        return None


def named_by_operator(host: str) -> bool:
    """Whether a host that the operator wrote can only mean the address it means."""
    return host == "localhost" or literal(host) is not None


@lru_cache(1_024)
def is_public(address: str) -> bool:
    """Whether an address is globally reachable, whatever it embeds included.

    False for private, shared (CGNAT), loopback, link-local, site-local, multicast, reserved, documentation and
    unspecified addresses (IANA special-purpose registries, RFC 6890), for IPv4-mapped, 6to4 (RFC 3056) and NAT64
    (RFC 6052) forms of such, and for Teredo (RFC 4380).
    """
    parsed = ip_address(address)
    if isinstance(parsed, IPv4Address):
        return parsed.is_global and not parsed.is_multicast and parsed not in _RELAYS
    embedded = _embedded(parsed)
    if embedded is not None:
        return is_public(str(embedded))
    return parsed in _GLOBAL_UNICAST and parsed.is_global


def _embedded(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def admit(host: str, addresses: Iterable[str]) -> tuple[str, ...]:
    """Those of a name's addresses that may be contacted.

    Raises:
        Unobserved: NOT_AUTHORISED when none may.
    """
    found = tuple(addresses)
    public = tuple(address for address in found if is_public(address))
    if not public:
        place = ", ".join(found[:3])
        raise Unobserved(
            Absence.NOT_AUTHORISED,
            f"{host} resolves to {place}, which is not public; name the address with --connect to scan it",
        )
    return public
