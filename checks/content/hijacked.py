"""Hosts that are known to have served malicious scripts from a library's address (`hijacked.txt`)."""

from functools import cache
from importlib import resources

from ..http.suffixes import site_of


def is_hijacked(host: str) -> bool:
    """Whether the host belongs to a registrable domain of the list."""
    return site_of(host) in _sites()


@cache
def _sites() -> frozenset[str]:
    lines = resources.files(__package__).joinpath("hijacked.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
