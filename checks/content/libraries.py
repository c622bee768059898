"""Which JavaScript libraries a page loads, in which version, and what is known against that version.

The data is that of retire.js (`libraries.json`, written by `python -m tests.lists retire`). A version is read off an
address, or off the first lines of a script, where libraries put their name.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

HEAD = 2_048
"""Characters of a script in which its name is looked for."""
LONGEST_ADDRESS = 500
SEVERITIES = ("none", "low", "medium", "high", "critical")

_VERSION = r"([0-9][0-9.a-z_\-]{0,30})"
_ON_CDN = re.compile(rf"/(?:npm/|ajax/libs/)?(?P<name>[a-z0-9][a-z0-9.\-]{{1,60}})(?:@|(?<!/npm)/){_VERSION}(?:/|\Z)")
"""How jsDelivr, unpkg and cdnjs name a file of a package."""
_WORDPRESS = ("/wp-includes/js/jquery/jquery.min.js", "/wp-includes/js/jquery/jquery.js")
_WORDPRESS_VERSION = re.compile(r"(?:^|&)ver=([0-9.]{1,12})")
"""WordPress puts the version of its jQuery behind the address."""
_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Library:
    """A library as loaded. `known` are CVE numbers where there are such, else words; `severity` the gravest of them."""

    name: str
    version: str
    known: tuple[str, ...]
    severity: str


def by_address(url: str) -> Iterator[Library]:
    """Libraries that an address gives away with their version, in folders or file name."""
    parts = urlsplit(url)
    path = parts.path[:LONGEST_ADDRESS]
    package = _ON_CDN.search(path)
    if package and (name := _packages().get(package["name"].removesuffix(".js"))):
        if package[2].count(".") >= 2:  # what says less is a range: the newest of it is served
            yield _judged(name, package[2])
        return
    if path.endswith(_WORDPRESS) and (version := _WORDPRESS_VERSION.search(parts.query)):
        yield _judged("jquery", version[1])
        return
    for place, text in (("uri", path), ("filename", path.rpartition("/")[2])):
        yield from _found(place, text, whole=place == "filename")


def by_content(script: str) -> Iterator[Library]:
    """Libraries that a script names in its first lines."""
    yield from _found("filecontent", script[:HEAD], whole=False)


def is_promising(url: str) -> bool:
    """Whether a file of that name may be a library whose version stands inside it."""
    name = urlsplit(url).path.rpartition("/")[2].lower()[:LONGEST_ADDRESS]
    return name.endswith(".js") and any(word in name for word in _names())


def distinct(found: Iterable[Library]) -> Mapping[str, Library]:
    """One for each name and version, by a subject that tells them apart."""
    return {f"{library.name} {library.version}": library for library in found}


def _found(place: str, text: str, *, whole: bool) -> Iterator[Library]:
    small = text.lower()
    for name, entry in _known().items():
        for word, pattern in entry.get(place, ()):
            if word not in small:
                continue
            match = _compiled(pattern).fullmatch(text) if whole else _compiled(pattern).search(text)
            if match and (version := next((part for part in match.groups() if part and part[0].isdigit()), "")):
                yield _judged(name, re.sub(r"[.\-]min$", "", version).rstrip(".-_"))
                break


def _judged(name: str, version: str) -> Library:
    against = [
        (severity, words)
        for start, below, severity, words in _known()[name]["vulnerabilities"]
        if at_or_above(version, start) and not at_or_above(version, below)
    ]
    gravest = max((severity for severity, _ in against), key=SEVERITIES.index, default="none")
    return Library(name, version, tuple(dict.fromkeys(words for _, words in against)), gravest)


def at_or_above(version: str, other: str) -> bool:
    """As retire.js compares: part by part, a number above a word, so that `3.0.0-rc.1` is below `3.0.0`."""
    ours, theirs = (re.split(r"[.\-]", text) for text in (version, other))
    for at in range(max(len(ours), len(theirs))):
        one, two = (parts[at] if at < len(parts) else "0" for parts in (ours, theirs))
        numbers = [_NUMBER.fullmatch(part) is not None for part in (one, two)]
        if numbers[0] != numbers[1]:
            return numbers[0]
        if one != two:
            return int(one) > int(two) if numbers[0] else one > two
    return True


@cache
def _known() -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads(resources.files(__package__).joinpath("libraries.json").read_text("utf-8"))
    return data


@cache
def _packages() -> Mapping[str, str]:
    """Libraries by what package registries call them."""
    return {entry["npm"]: name for name, entry in _known().items()} | {name.lower(): name for name in _known()}


@cache
def _names() -> frozenset[str]:
    """Words of file names, such as `jquery`."""
    words = {word.strip("-. ") for entry in _known().values() for word, _ in entry.get("filename", ())}
    return frozenset(word for word in words if len(word) >= 3)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace("§§version§§", _VERSION).replace(f"({_VERSION})", _VERSION))
