"""Records that stand one value a line (`NIK : ...`) or one label a row, turned into tables with a header."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from . import words
from .columns import layout
from .formats import Document, Passage, Table

_LABEL = re.compile(r"\s*([^\W\d_][\w ./()\-]{0,40}?)\s*[:=]\s*(\S.{0,199})?")
_PART = re.compile(r"\s*[;|]\s+|\t+")
_LONGEST = 240
"""Characters of a line that is an entry; a longer one is prose."""
_APART = 4
"""Lines without an entry that end a record."""
_RECORDS = 20_000

Entry = tuple[str, str]


def with_records(document: Document) -> Document:
    """The document, and as tables what it holds as labelled lines; tables that lie on their side stand upright."""
    found = [table for passage in document.passages for table in _tables(_lines(passage))]
    return replace(document, tables=(*map(_upright, document.tables), *found))


def _lines(passage: Passage) -> Iterator[Entry | None]:
    """Label and value by line; None for a line that is neither."""
    if passage.origin not in ("text", "comment"):
        return
    waiting = ""
    for line in passage.text.splitlines():
        if not line.strip():
            continue
        for part in _PART.split(line) if len(line) <= _LONGEST else ():
            found = _LABEL.fullmatch(part)
            if waiting and (value := part.strip().removeprefix(":").strip()) and not (found and words.kinds(found[1])):
                yield waiting, value
                waiting = ""
            elif found and found[2] and words.kinds(found[1]):
                yield found[1], found[2].strip()
                waiting = ""
            elif len(part) <= 40 and _is_label(part):
                waiting = part.rstrip(" :").strip()
            else:
                waiting = ""
                yield None


def _is_label(text: str) -> bool:
    """A line that is little more than a label: `No. KK`, not `Sekretaris Dinas`."""
    plain = words.normal(text)
    found = [label for label in words.labels(plain) if label.kind not in (words.INSTITUTION, words.OFFICE)]
    return any((label.end - label.start) * 10 >= len(plain) * 6 for label in found)


def _tables(entries: Iterable[Entry | None]) -> Iterator[Table]:
    """Entries grouped into records: a label that comes again begins the next one."""
    groups: dict[tuple[str, ...], list[dict[str, str]]] = {}
    record: dict[str, str] = {}
    apart = kept = 0

    def close() -> None:
        if len(record) > 1:
            groups.setdefault(tuple(record), []).append(dict(record))
        record.clear()

    for entry in entries:
        if entry is None:
            apart += 1
            if apart > _APART:
                close()
            continue
        apart = 0
        if entry[0] in record:
            close()
            kept += 1
        if kept > _RECORDS:
            break
        record[entry[0]] = entry[1]
    close()
    for header, records in groups.items():
        yield Table((header, *(tuple(each.values()) for each in records)), "labelled lines", keyed=True)


def _upright(table: Table) -> Table:
    """A table whose first column holds the labels, as pages of one record have it."""
    if table.keyed or (layout(table).head >= 0 and not _labelled(table)):
        return table
    if not _labelled(table):
        return table
    entries = [
        (row[0].strip(" :"), next((cell for cell in row[1:] if cell.strip(" :")), "")) for row in table.rows if row
    ]
    made = list(_tables((label, value.strip().removeprefix(":").strip()) for label, value in entries if label))
    return replace(made[0], place=table.place, above=table.above) if len(made) == 1 else table


def _labelled(table: Table) -> bool:
    """Two columns (a third may hold colons), labels in the first and never in the second."""
    rows = [row for row in table.rows if any(row)]
    if not 2 <= len(rows) <= 200 or any(len([c for c in row if c.strip(" :")]) > 2 for row in rows):
        return False
    named = sum(bool(words.kinds(row[0])) for row in rows)
    valued = sum(bool(words.kinds(row[-1])) and not re.search("[0-9]", row[-1]) for row in rows)
    return named * 2 >= len(rows) and named >= 2 and valued * 2 < named
