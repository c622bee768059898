"""How long the versions of a site's own software that are in plain sight get security fixes.

`software.csv` follows endoflife.date. A row is the end of a branch; with `patched`, the day from which an older patch
of that branch lacks fixes that there are. Versions that a distribution patches itself are left alone, and so are
branches that the list does not know: nothing is said of what is not known.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import resources

from auditor.net import Response

from .libraries import at_or_above

_SIGHTS = (
    ("WordPress", "generator", re.compile(r"WordPress ([0-9][0-9.]{0,20})")),
    ("Joomla", "generator", re.compile(r"Joomla! ([0-9][0-9.]{0,20})")),
    ("Drupal", "generator", re.compile(r"Drupal ([0-9][0-9.]{0,20})")),
    ("TYPO3", "generator", re.compile(r"TYPO3 ([0-9][0-9.]{0,20})")),
    ("Open Journal Systems", "generator", re.compile(r"Open Journal Systems ([0-9][0-9.]{0,20})")),
    ("Drupal", "x-generator", re.compile(r"Drupal ([0-9][0-9.]{0,20})")),
    ("PHP", "x-powered-by", re.compile(r"PHP/([0-9]+\.[0-9]+\.[0-9]+)(?![0-9.]*[-+~])")),
    ("PHP", "server", re.compile(r"PHP/([0-9]+\.[0-9]+\.[0-9]+)(?![0-9.]*[-+~])")),
)


@dataclass(frozen=True, slots=True)
class Sighting:
    """One software, the version it shows, and until when that gets fixes; None where the list has no end for it."""

    name: str
    version: str
    until: datetime | None


def sightings(response: Response, generator: str) -> Mapping[str, Sighting]:
    """Software by name; the first sight of each counts."""
    found: dict[str, Sighting] = {}
    for name, place, pattern in _SIGHTS:
        texts = (generator,) if place == "generator" else response.values(place)
        for text in texts:
            match = pattern.search(text[:500])
            if match and name not in found:
                version = match[1].rstrip(".")
                found[name] = Sighting(name, version, _until(name, version))
    return found


def _until(name: str, version: str) -> datetime | None:
    for branch, patched, until in _branches(name):
        if version == branch or version.startswith(f"{branch}."):
            return None if patched and at_or_above(version, patched) else until
    return None


@cache
def _branches(name: str) -> tuple[tuple[str, str, datetime], ...]:
    return tuple(row[1:] for row in _rows() if row[0] == name)


@cache
def _rows() -> tuple[tuple[str, str, str, datetime], ...]:
    """Of the file, in its order; a day counts to its end."""

    def read() -> Iterator[tuple[str, str, str, datetime]]:
        for row in csv.DictReader(
            resources.files(__package__).joinpath("software.csv").read_text("utf-8").splitlines()
        ):
            end = datetime.fromisoformat(row["until"]).replace(hour=23, minute=59, second=59, tzinfo=UTC)
            yield row["software"], row["branch"], row["patched"], end

    return tuple(read())
