"""What is left of a file once its format is undone."""

from dataclasses import dataclass, field

from auditor.model import Absence

TEXT = 12_000_000
"""Characters that are looked at of one file, all its members together."""
CELLS = 500_000
"""Cells that are looked at of one file."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Running text; `origin` is `text`, `comment`, `script`, `attributes` or `values` (lines of `key: value`)."""

    text: str = field(repr=False)
    origin: str = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, the header among them where there is one."""

    rows: tuple[tuple[str, ...], ...] = field(repr=False)
    place: str = ""
    """Where in the file, without a word of the file's own: `sheet 2`."""
    keyed: bool = False
    """The first row holds the keys of a record format (JSON, XML, SQL), so it is certainly a header."""
    numeric: frozenset[int] = frozenset()
    """Columns with cells stored as floating-point numbers: Excel keeps 15 digits of those."""
    above: str = field(default="", repr=False)
    """Heading or caption that stands over it."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A part of a file that was not looked at, and why."""

    reason: Absence
    detail: str


@dataclass(frozen=True, slots=True)
class Document:
    """One file, or one member of an archive."""

    passages: tuple[Passage, ...] = ()
    tables: tuple[Table, ...] = ()
    title: str = field(default="", repr=False)
    links: tuple[str, ...] = field(default=(), repr=False)
    """Addresses and file names that it lists."""
    people: tuple[str, ...] = field(default=(), repr=False)
    """Authors in its metadata."""
    cut: Gap | None = None
    """What of it was left out, if anything was."""
    unread: int = 0
    """Pages or pictures that hold no text, so that nothing could be read of them."""


class Unreadable(Exception):  # noqa: N818 - a state of the file, caught by the reader
    """The file cannot be read further; `gap` says why."""

    def __init__(self, reason: Absence, detail: str) -> None:
        self.gap = Gap(reason, detail)
        super().__init__(detail)
