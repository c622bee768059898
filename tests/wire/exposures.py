"""The exposure check over a site, with all signatures, or with those of a few families where it is manners that count."""

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

import checks.exposure
from auditor.model import Absence, Absent, Fact, FactSpec, Target
from auditor.net import Limits, Neighbours, Network, Response
from checks.exposure.check import Collect, made_of
from checks.exposure.paths import known
from checks.exposure.probe import questions
from checks.exposure.signatures import load

FOLDER = Path(checks.exposure.__file__).parent / "signatures"
CATALOGUE = load(FOLDER)
FAMILIES = ("00-stacks", "01-repositories", "02-environment", "04-backups")


def _few() -> tuple[dict[str, FactSpec], Collect, tuple[str, ...]]:
    with tempfile.TemporaryDirectory() as folder:
        for family in FAMILIES:
            shutil.copy(FOLDER / f"{family}.yaml", folder)
        facts, collect = made_of(Path(folder))
        home = Response("https://contoh.go.id/", 200, "", "1.1", ())
        asked = questions(load(Path(folder)).signatures, known("contoh.go.id", home))
    return dict(facts), collect, tuple(question.place.subject for question in asked)


FACTS, COLLECT, PATHS = _few()
"""Of the few families: facts, the check, and the subjects of evidence at level standard."""

Seen = dict[str, bool | Absence]


def look(target: Target, limits: Limits, collect: Collect = COLLECT) -> tuple[Seen, list[object]]:
    """Answers by path (whole absences by fact), and everything collected."""
    with Network(target, neighbours=Neighbours(), limits=limits) as net:
        found = list(collect(target, net))
    return said(found), list(found)


def said(found: Iterable[object]) -> Seen:
    """Answers by path; a whole absence by its fact."""
    seen: Seen = {}
    for item in found:
        if isinstance(item, Fact) and item.subject:
            assert isinstance(item.value, bool)
            seen[item.subject] = item.value or seen.get(item.subject) is True
        elif isinstance(item, Absent):
            seen.setdefault(item.fact if item.subject is None else item.subject, item.reason)
    return seen
