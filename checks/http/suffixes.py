"""Public suffixes: names under which strangers register, by the Mozilla list that `publicsuffixlist` brings."""

from functools import cache

from publicsuffixlist import PublicSuffixList


def is_public_suffix(name: str) -> bool:
    """Whether sites of different owners live directly below `name`: `id`, `go.id`; a single unknown label too."""
    return _known().is_public(name)


def site_of(host: str) -> str:
    """The domain that one owner registered, of which `host` is a part; the host itself where there is none such."""
    return str(_known().privatesuffix(host) or host)


def is_listed(name: str) -> bool:
    """Whether `name` is on the list or below something on it, as no name of an internal network is."""
    return _known().publicsuffix(name, accept_unknown=False) is not None


@cache
def _known() -> PublicSuffixList:
    return PublicSuffixList()
