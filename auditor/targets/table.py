"""A CSV file or workbook as rows of named cells, each with its place, as spreadsheets of many kinds write it.

CSV: comma, semicolon (Excel with Indonesian settings) or tab; UTF-8 with or without byte order mark; Excel's `sep=`
line. Of a workbook (XLSX) the first sheet. Column names in any case.
"""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from auditor.errors import InventoryError
from auditor.source import MAX_BYTES, Document, Entries, Node, read_bytes
from auditor.spreadsheet import read_workbook, unguarded

_LISTS = frozenset({"tags"})
_SEPARATORS = re.compile(r"[,;|]")


def rows(path: Path, columns: tuple[str, ...]) -> tuple[Entries, ...]:
    """Every row that is not empty, as entries of its cells that are not; `tags` as a list.

    Raises:
        InventoryError: not such a file, an unknown or missing column, a row that is longer than the header.
    """
    document = Document(str(path), InventoryError)
    data = read_bytes(path, document)
    if len(data) > MAX_BYTES:
        raise InventoryError("is larger than {size} MiB", place=document.name, size=MAX_BYTES // 1024**2)
    lines = _sheet(document, data) if path.suffix.lower() == ".xlsx" else _lines(document, data)
    header: list[str] | None = None
    found = []
    for line, cells in lines:
        if header is None:
            header = _header(document, line, cells, columns)
            continue
        nodes = [_cell(document, line, number, text) for number, text in enumerate(cells, 1)]
        filled = [node for node in nodes if node.content]
        if not filled:
            continue
        if filled[-1].column > len(header):
            raise filled[-1].error("the row is longer than the header", hint="put a text with separators in quotes")
        values = {header[node.column - 1]: node for node in filled}
        if "url" not in values:
            raise nodes[0].error("the row has no url")
        values |= {name: _listed(values[name]) for name in _LISTS & values.keys()}
        found.append(Entries(nodes[0], values))
    if header is None:
        raise InventoryError("is empty", place=document.name)
    return tuple(found)


def _sheet(document: Document, data: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows of a workbook's first sheet that are not empty, with their numbers."""
    try:
        found = read_workbook(data)
    except ValueError as problem:
        raise InventoryError("not a workbook: {problem}", place=document.name, problem=str(problem)) from None
    for number, cells in enumerate(found, 1):
        if any(cell.strip() for cell in cells):
            yield number, list(cells)


def _lines(document: Document, data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Number of the first line of each row, and its cells."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise InventoryError("is not UTF-8", place=f"{document.name}:{line}", hint="save it as CSV UTF-8") from None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            raise InventoryError("not CSV: {problem}", place=f"{document.name}:{line}", problem=str(problem)) from None
        if any(cell.strip() for cell in cells) and not (line == 1 and cells[0].lower().startswith("sep=")):
            yield line, cells
        line = reader.line_num + 1


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0].strip("\r")
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4]
    return max(",;\t", key=first.count)


def _header(document: Document, line: int, cells: list[str], columns: tuple[str, ...]) -> list[str]:
    names: list[str] = []
    for number, cell in enumerate(cells, 1):
        node = _cell(document, line, number, cell)
        name = str(node.content).lower().replace(" ", "_")
        if name and name not in columns:
            raise node.unknown("unknown column {word}", name, columns)
        if name and name in names:
            raise node.error("column {name} stands twice", name=name)
        names.append(name)
    while names and not names[-1]:
        names.pop()
    if "" in names:
        raise _cell(document, line, names.index("") + 1, "").error("a column has no name")
    if "url" not in names:
        raise InventoryError("column url is missing", place=f"{document.name}:{line}")
    return names


def _cell(document: Document, line: int, number: int, text: str) -> Node:
    shown = text.strip()
    node = Node(document, line, number, unguarded(shown), quoted=True)
    if not shown.isprintable():
        raise node.error("the cell has control characters or line breaks in it")
    return node


def _listed(node: Node) -> Node:
    parts = (part.strip() for part in _SEPARATORS.split(str(node.content)))
    items = tuple(Node(node.document, node.line, node.column, part, quoted=True) for part in parts if part)
    return Node(node.document, node.line, node.column, items)
