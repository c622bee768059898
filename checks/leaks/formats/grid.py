"""Tables of a page that has only positions: rows by height, columns by the white gutters between them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

Row = list["Box"]

_NUMBERS = re.compile(r"[0-9]{6}|@|[0-9][-/][0-9]{2}[-/][0-9]{4}|\b[A-Z][0-9]{6}")
_WORD_GAP = 0.7
"""Share of the height of the letters up to which two boxes are parts of one cell."""


@dataclass(frozen=True, slots=True)
class Box:
    """A run of text and where it stands, in points from the lower left corner."""

    left: float
    bottom: float
    right: float
    top: float
    text: str = field(repr=False)


def holds_a_table(text: str) -> bool:
    """Whether it is worth looking for one: several lines hold numbers."""
    return sum(bool(_NUMBERS.search(line)) for line in text.splitlines()) > 1


def grid(boxes: Sequence[Box]) -> tuple[list[tuple[str, ...]], str]:
    """Rows of cells where there are columns, and all other lines as text."""
    rows = [_joined(row) for row in _rows(boxes)]
    tabular = [row for row in rows if len(row) > 1]
    columns = _columns(tabular)
    if len(columns) < 2 or len(tabular) < 2:
        return [], "\n".join(" ".join(box.text for box in row) for row in rows)
    cells = []
    for row in tabular:
        filled = [""] * len(columns)
        for box in row:
            at = _column(columns, box)
            filled[at] = f"{filled[at]} {box.text}".strip()
        cells.append(tuple(filled))
    return cells, "\n".join(row[0].text for row in rows if len(row) == 1)


def _rows(boxes: Sequence[Box]) -> list[Row]:
    rows: list[Row] = []
    for box in sorted(boxes, key=lambda b: (-(b.top + b.bottom), b.left)):
        middle = (box.top + box.bottom) / 2
        if rows and rows[-1][0].bottom <= middle <= rows[-1][0].top:
            rows[-1].append(box)
        else:
            rows.append([box])
    return [sorted(row, key=lambda b: b.left) for row in rows]


def _joined(row: Row) -> Row:
    """Boxes that touch are one: fonts and kerning part words."""
    joined: Row = []
    for box in row:
        text = box.text.strip()
        if not text:
            continue
        last = joined[-1] if joined else None
        if last is not None and box.left - last.right < _WORD_GAP * (last.top - last.bottom):
            space = " " if box.left - last.right > 0.1 * (last.top - last.bottom) else ""
            joined[-1] = Box(last.left, last.bottom, box.right, last.top, f"{last.text}{space}{text}")
        else:
            joined.append(Box(box.left, box.bottom, box.right, box.top, text))
    return joined


def _columns(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """Stretches of the page's width that text covers, of the rows with most cells."""
    most = max(map(len, rows), default=0)
    spans = sorted((box.left, box.right) for row in rows if len(row) * 2 > most for box in row)
    columns: list[list[float]] = []
    for left, right in spans:
        if columns and left <= columns[-1][1]:
            columns[-1][1] = max(columns[-1][1], right)
        else:
            columns.append([left, right])
    return [(left, right) for left, right in columns]


def _column(columns: Sequence[tuple[float, float]], box: Box) -> int:
    return max(range(len(columns)), key=lambda n: min(columns[n][1], box.right) - max(columns[n][0], box.left))
