"""The site's other names and addresses: www beside the bare domain, IPv6 beside IPv4."""

import ipaddress
from dataclasses import dataclass

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net import Network, Response, Visit

from .classify import page_class
from .page import read_page
from .suffixes import site_of

COMPARED = 262_144
"""Bytes of a page that are read to compare it."""


@dataclass(frozen=True, slots=True)
class Twin:
    """How the other name answers. `leads` is where its plain side ends: `https`, `http`, or nowhere (empty)."""

    answers: bool
    leads: str


def name_of(host: str) -> str:
    """The twin of a host: with www where it has none, without where it has; empty where there can be none."""
    if host.startswith("www."):
        return host.removeprefix("www.")
    return f"www.{host}" if site_of(host) == host and not _family(host) else ""


def look(net: Network, twin: str) -> Twin:
    """Ask its plain side, redirects followed; where that is closed, its TLS side.

    Raises:
        Unobserved: neither was seen; a name that does not exist is an answer, and no failure.
    """
    try:
        visit = net.get(f"http://{twin}/", follow=True)
    except Unobserved as gap:
        if gap.reason is Absence.UNREACHABLE:
            return Twin(answers=False, leads="")
        if gap.reason is not Absence.REFUSED:
            raise
        visit = net.get(f"https://{twin}/", follow=True)
    return Twin(answers=True, leads=_end(visit))


def _end(visit: Visit) -> str:
    return (visit.location or visit.final.url).partition(":")[0]


def families(addresses: tuple[str, ...]) -> tuple[str, str]:
    """The first IPv4 address and the first IPv6 one, empty where there is none."""
    found = {_family(address): address for address in reversed(addresses)}
    return found.get(4, ""), found.get(6, "")


def differences(four: Response, six: Response) -> tuple[str, ...]:
    """In what the same page differs over IPv4 and IPv6, where a visitor would notice."""
    pairs = {
        "status": (four.status, six.status),
        "page class": (page_class(four), page_class(six)),
        "title": (read_page(four).title, read_page(six).title),
        "location": (four.first("location"), six.first("location")),
        "Strict-Transport-Security": (four.first("strict-transport-security"), six.first("strict-transport-security")),
        "Content-Security-Policy": (
            bool(four.first("content-security-policy")),
            bool(six.first("content-security-policy")),
        ),
    }
    return tuple(name for name, (one, other) in pairs.items() if one != other)


def _family(address: str) -> int:
    try:
        return ipaddress.ip_address(address).version
    except ValueError:
        return 0
