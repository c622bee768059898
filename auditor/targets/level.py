"""How far a scan of a target may go (PRODUCT, rule "Authorisation")."""

from dataclasses import replace
from ipaddress import IPv6Address, ip_address

from auditor.model import Authorisation, Level, Target
from auditor.targets.url import own_scope


def resolve(target: Target, authorisation: Authorisation | None, requested: Level | None) -> Target:
    """The target with its authorisation, level and scope decided.

    Without `requested` the level is the authorisation's; without an authorisation `passive`, but `standard` where
    sockets go to a loopback or private address that the operator named. A level asked for is cut to what is
    authorised; at such addresses anything may be asked for. The letter's scope widens the target's own.
    """
    inside = stays_inside(target)
    default = Level.STANDARD if inside else Level.PASSIVE
    if authorisation:
        default = authorisation.level
    ceiling = Level.ACTIVE if inside else default
    level = min(requested or default, ceiling, key=lambda item: item.rank)
    further = authorisation.scope if authorisation else ()
    scope = tuple(dict.fromkeys((*own_scope(target.host), *target.scope, *further)))
    return replace(target, authorisation=authorisation, level=level, requested=requested, scope=scope)


def stays_inside(target: Target) -> bool:
    """Whether every socket goes to a loopback or private address that the operator wrote."""
    ends = [end for end in (target.connect, target.connect_http) if end]
    own = target.connect if target.scheme == "https" else target.connect_http or target.connect
    hosts = [end.host for end in ends] if own else [target.host, *(end.host for end in ends)]
    return all(map(_is_inside, hosts))


def _is_inside(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_private or address.is_loopback or address.is_link_local
