"""Chromium's list of hosts that are asked over HTTPS only, and what it takes to be put on it (hstspreload.org).

Of the list, the names under .id and the whole top-level domains are carried (`preloaded.txt`, written by
`python -m tests.lists preload`); of others nothing is known here.
"""

from functools import cache
from importlib import resources

from ..http.suffixes import site_of
from .hsts import Hsts

YEAR = 31_536_000


def is_preloaded(host: str) -> bool | None:
    """Whether the list has the host; None where the part of it that is carried cannot say."""
    names = _names()
    if host in names or any(f".{part}" in names for part in _above(host)):
        return True
    return False if host.endswith(".id") else None


def obstacles(host: str, policy: Hsts | str, *, upgraded: bool | None) -> tuple[str, ...]:
    """What keeps a host from being put on the list, as far as its answers show; certificates are judged elsewhere.

    Args:
        host: of the page.
        policy: what its first HTTPS answer says.
        upgraded: plain http leads to HTTPS of the same host first; None where port 80 is closed.
    """
    stored = policy if isinstance(policy, Hsts) else None
    found = {
        "not a registrable domain: the list takes the domain above it": site_of(host) != host,
        "no HSTS in the first answer over HTTPS": stored is None,
        "max-age under a year": stored is not None and stored.max_age < YEAR,
        "without includeSubDomains": stored is not None and not stored.include_subdomains,
        "without preload": stored is not None and not stored.preload,
        "plain http does not lead to HTTPS of the same host first": upgraded is False,
    }
    return tuple(sorted(name for name, holds in found.items() if holds))


def _above(host: str) -> tuple[str, ...]:
    labels = host.split(".")
    return tuple(".".join(labels[at:]) for at in range(len(labels)))


@cache
def _names() -> frozenset[str]:
    lines = resources.files(__package__).joinpath("preloaded.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))
