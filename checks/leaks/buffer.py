"""One document as one run of bytes, so that every pattern looks at it once."""

from bisect import bisect_right
from dataclasses import dataclass, field

from .formats import Document, Passage, Table
from .plainness import plain


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in a document a match lies: in a passage, at a cell of a table (row and column from 0)."""

    segment: Passage | Table
    number: int
    row: int = -1
    column: int = -1


@dataclass(slots=True)
class Buffer:
    """The bytes, and the way back from a place in them. Cells are divided by tabs, rows by line feeds."""

    data: bytes = field(default=b"", repr=False)
    starts: list[int] = field(default_factory=list)
    segments: list[Passage | Table] = field(default_factory=list)
    rows: dict[int, list[int]] = field(default_factory=dict)
    """Where each row of a table begins, by number of the segment."""

    @classmethod
    def of(cls, document: Document) -> "Buffer":
        """Lay a document out."""
        buffer, parts, place = cls(), [], 0
        segments: tuple[Passage | Table, ...] = (*document.passages, *document.tables)
        for number, segment in enumerate(segments):
            buffer.starts.append(place)
            buffer.segments.append(segment)
            if isinstance(segment, Passage):
                part = plain(segment.text).encode("utf-8", "replace") + b"\n\n"
                parts.append(part)
                place += len(part)
                continue
            begins = buffer.rows[number] = []
            for row in segment.rows:
                begins.append(place)
                cells = (plain(cell).replace("\t", " ").replace("\n", " ") for cell in row)
                line = "\t".join(cells).encode("utf-8", "replace") + b"\n"
                parts.append(line)
                place += len(line)
            parts.append(b"\n")
            place += 1
        buffer.data = b"".join(parts)
        return buffer

    def spot(self, place: int) -> Spot:
        """The segment, row and column at a place."""
        number = bisect_right(self.starts, place) - 1
        segment = self.segments[number]
        if isinstance(segment, Passage):
            return Spot(segment, number)
        row = bisect_right(self.rows[number], place) - 1
        return Spot(segment, number, row, self.data.count(b"\t", self.rows[number][row], place))

    def before(self, place: int, most: int) -> str:
        """Text before a place in the same segment."""
        begin = max(self.starts[bisect_right(self.starts, place) - 1], place - most)
        return self.data[begin:place].decode("utf-8", "ignore")

    def after(self, place: int, most: int) -> str:
        """Text behind a place in the same segment."""
        number = bisect_right(self.starts, max(0, place - 1))
        end = self.starts[number] if number < len(self.starts) else len(self.data)
        return self.data[place : min(end, place + most)].decode("utf-8", "ignore")

    def text(self, start: int, end: int) -> str:
        """What stands between two places."""
        return self.data[start:end].decode("utf-8", "replace")
