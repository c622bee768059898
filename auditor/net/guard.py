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


def admit_service(host: str, addresses: Iterable[str], askers: Iterable[str]) -> tuple[str, ...]:
    """Those of a service's addresses that a site at `askers` may send us to.

    A site on the Internet may name services on the Internet alone; one on a private network also those on private
    networks; one on this machine any of them. Link-local and other special addresses are never contacted.

    Raises:
        Unobserved: NOT_AUTHORISED when none may.
    """
    reach = min(map(_seclusion, askers), default=0)
    admitted = tuple(address for address in addresses if _seclusion(address) <= min(reach, _LOOPBACK))
    if not admitted:
        raise Unobserved(Absence.NOT_AUTHORISED, f"{host} is at no address that this site may send us to")
    return admitted


_PRIVATE, _LOOPBACK, _SPECIAL = 1, 2, 3
_PRIVATE_NETWORKS: tuple[IPv4Network | IPv6Network, ...] = (
    *map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")),
    IPv6Network("fc00::/7"),
)
"""RFC 1918, RFC 6598, RFC 4193."""


def _seclusion(address: str) -> int:
    """How far an address is from the public: 0 public, private, loopback, special."""
    if is_public(address):
        return 0
    parsed = ip_address(address)
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    if parsed.is_loopback:
        return _LOOPBACK
    return _PRIVATE if any(parsed in network for network in _PRIVATE_NETWORKS) else _SPECIAL
