"""JSON and XML: records become rows, keys become the header."""

import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from auditor.model import Absence

from .document import CELLS, Document, Gap, Passage, Table, Unreadable

_COLUMNS = 400
_NO_WORD = re.compile(r"(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[^\s@]{10,300}")
"""A value that may be a secret, for which its key has to stand beside it."""
_DEPTH = 60


@dataclass(slots=True)
class _Records:
    """Records by the path at which they stand."""

    shapes: dict[str, tuple[dict[str, int], list[dict[str, str]]]] = field(default_factory=dict)
    lists: list[tuple[tuple[str, ...], ...]] = field(default_factory=list)
    """Arrays of arrays."""
    values: list[str] = field(default_factory=list)
    cells: int = 0

    def add(self, path: str, record: Mapping[str, str]) -> None:
        self.cells += len(record)
        if self.cells > CELLS:
            return
        header, rows = self.shapes.setdefault(path, ({}, []))
        for key in record:
            if key not in header and len(header) < _COLUMNS:
                header[key] = len(header)
        rows.append(dict(record))
        self.values += [f'"{key}": "{value}"' for key, value in record.items() if _NO_WORD.fullmatch(value)]

    def document(self) -> Document:
        tables = tuple(
            Table(
                (tuple(header), *(tuple(row.get(key, "") for key in header) for row in rows)),
                f"records {n}",
                keyed=True,
            )
            for n, (header, rows) in enumerate(self.shapes.values(), start=1)
        )
        lists = tuple(Table(rows, f"rows {n}") for n, rows in enumerate(self.lists, start=1))
        values = (Passage("\n".join(self.values), "values"),) if self.values else ()
        cut = Gap(Absence.LIMITED, "more values than are looked at of one file") if self.cells > CELLS else None
        return Document(values, (*tables, *lists), cut=cut)


def from_json(value: Any) -> Document:
    """Objects at the same place are rows of one table; objects in objects are columns `outer.inner`."""
    records = _Records()
    stack: list[tuple[str, Any, int]] = [("", value, 0)]
    while stack:
        path, item, depth = stack.pop()
        if depth > _DEPTH:
            raise Unreadable(Absence.LIMITED, "nested deeper than is looked at")
        if isinstance(item, dict):
            record: dict[str, str] = {}
            _flatten("", item, record, stack, path, depth)
            if record:
                records.add(path, record)
        elif isinstance(item, list):
            _list(path, item, records, stack, depth)
        elif item is not None:
            records.values.append(f"{path.rpartition('/')[2]}: {_text(item)}")
    return records.document()


def _flatten(
    prefix: str, item: dict[str, Any], record: dict[str, str], stack: list[tuple[str, Any, int]], path: str, depth: int
) -> None:
    if depth > _DEPTH:
        raise Unreadable(Absence.LIMITED, "nested deeper than is looked at")
    for key, value in item.items():
        name = f"{prefix}.{key}" if prefix else str(key)
        if isinstance(value, dict) and len(record) < _COLUMNS:
            _flatten(name, value, record, stack, path, depth + 1)
        elif isinstance(value, dict | list):
            stack.append((f"{path}/{name}", value, depth + 1))
        elif value is not None and len(record) < _COLUMNS:
            record[name] = _text(value)


def _list(path: str, item: list[Any], records: _Records, stack: list[tuple[str, Any, int]], depth: int) -> None:
    rows = [row for row in item if isinstance(row, list) and all(not isinstance(c, dict | list) for c in row)]
    if len(rows) == len(item) and len(rows) > 1:
        records.lists.append(tuple(tuple("" if cell is None else _text(cell) for cell in row) for row in rows))
        return
    key = path.rpartition("/")[2]
    for value in reversed(item):
        if isinstance(value, dict | list):
            stack.append((path, value, depth + 1))
        elif value is not None:
            records.values.append(f"{key}: {_text(value)}")


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e19:
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value) if isinstance(value, bool) else str(value)


def from_xml(data: bytes) -> Document:
    """Elements whose children are all leaves are rows; attributes are columns too.

    Raises:
        Unreadable: it defines entities, or is no well-formed XML.
    """
    records = _Records()
    for path, record, comment in _elements(data):
        if comment:
            records.values.append(comment)
        elif len(record) == 1:
            records.values += [f"{key}: {value}" for key, value in record.items()]
        else:
            records.add(path, record)
    return records.document()


def _elements(data: bytes) -> Iterator[tuple[str, dict[str, str], str]]:
    try:
        for _, element in iterparse(io.BytesIO(data), events=("end",), forbid_external=True):
            children = list(element)
            leaves = {
                local(child.tag): (child.text or "").strip() for child in children if not len(child) and child.text
            }
            own = {local(name): value for name, value in element.attrib.items()}
            if children and (leaves or own):
                yield local(element.tag), own | leaves, ""
            elif own:
                text = (element.text or "").strip()
                yield local(element.tag), own | ({local(element.tag): text} if text else {}), ""
            for child in children:
                if child.tail and child.tail.strip():
                    yield "", {}, child.tail.strip()
                if len(child):
                    element.remove(child)
    except DefusedXmlException:
        raise Unreadable(Absence.NOT_ASSESSABLE, "XML that defines entities is not expanded") from None
    except ParseError:
        raise Unreadable(Absence.MALFORMED, "not well-formed XML") from None


def local(name: Any) -> str:
    """The name without its namespace."""
    return name.rpartition("}")[2] if isinstance(name, str) else ""
