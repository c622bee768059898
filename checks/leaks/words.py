"""The vocabulary: what words say about the numbers that stand beside them (`data/words.yaml`)."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml

_DATA = Path(__file__).with_name("data") / "words.yaml"
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NO_WORD = re.compile(r"[\W_]+")

NAME, SEX, ADDRESS, CHILD = "name", "sex", "address", "child"
OFFICE, INSTITUTION, OTHER = "office", "institution", "other"
"""Labels of what is no number of a person."""


@dataclass(frozen=True, slots=True)
class Label:
    """A word that names what follows, and where it ends in the normalised text."""

    kind: str
    start: int
    end: int


def normal(text: str) -> str:
    """Words in lower case with single spaces between them: `noKTP`, `no_ktp` and `No. KTP:` are alike."""
    return _NO_WORD.sub(" ", _CAMEL.sub(" ", text)).strip().lower()


@lru_cache(maxsize=4096)
def labels(text: str) -> tuple[Label, ...]:
    """Every label in a normalised text, without those that lie inside a longer one."""
    found = [
        Label(kind, match.start(), match.end())
        for kind, pattern in _table()["labels"].items()
        for match in pattern.finditer(text)
    ]
    return tuple(
        label
        for label in sorted(found, key=lambda each: (each.end, each.start))
        if not any(
            other is not label
            and other.start <= label.start
            and label.end <= other.end
            and (other.end - other.start) > (label.end - label.start)
            for other in found
        )
    )


def kinds(header: str) -> frozenset[str]:
    """What a column or key is said to hold; several for `NIP/NIK`."""
    return frozenset(label.kind for label in labels(normal(header[:160])))


def nearest(before: str) -> str:
    """Kind of the last label in a text, empty where there is none."""
    found = labels(normal(before))
    return found[-1].kind if found else ""


def is_a_person(header: str) -> bool:
    """Whether the header of a column is a word for people: `Pemohon`."""
    found = _table()["people"]["any"].fullmatch(normal(header))
    return found is not None


def speaks(category: str, text: str) -> bool:
    """Whether a text holds a word of a category other than labels."""
    return _table()[category]["any"].search(normal(text)) is not None


@cache
def _table() -> dict[str, dict[str, re.Pattern[str]]]:
    data = yaml.load(_DATA.read_text("utf-8"), Loader=yaml.CSafeLoader)
    table = {name: {"any": _words(entries)} for name, entries in data.items() if name != "labels"}
    table["labels"] = {kind: _words(entries) for kind, entries in data["labels"].items()}
    return table


def _words(entries: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(entries)})(?!\w)")
