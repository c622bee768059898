"""How far a scan of a target may go (PRODUCT, rule "Authorisation")."""

from dataclasses import replace

from auditor.model import Authorisation, Level, Target
from auditor.targets.url import own_scope


def resolve(target: Target, authorisation: Authorisation | None, requested: Level | None) -> Target:
    """The target with its authorisation, level and scope decided.

    Without `requested` the level is the authorisation's; without an authorisation `passive`, but `standard` where
    sockets go to a loopback or private address that the operator named. A level asked for is cut to what is
    authorised; at such addresses anything may be asked for. The letter's scope widens the target's own.
    """
    inside = target.stays_inside
    default = Level.STANDARD if inside else Level.PASSIVE
    if authorisation:
        default = authorisation.level
    ceiling = Level.ACTIVE if inside else default
    level = min(requested or default, ceiling, key=lambda item: item.rank)
    further = authorisation.scope if authorisation else ()
    scope = tuple(dict.fromkeys((*own_scope(target.host), *target.scope, *further)))
    return replace(target, authorisation=authorisation, level=level, requested=requested, scope=scope)
