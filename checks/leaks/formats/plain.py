"""Text without markup: character sets, CSV and its relatives, SQL dumps."""

import csv
import io
import re
from collections import Counter

from auditor.model import Absence

from .document import CELLS, Document, Gap, Passage, Table

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_CHARSET = re.compile(r"""charset\s*=\s*["']?(utf-?16(?:le|be)?|utf-?8|iso-8859-1|windows-1252)""", re.IGNORECASE)
_DELIMITERS = ",;\t|"
_SAMPLE = 30
_FIELD = 131_072
_INSERT = re.compile(
    r"INSERT\s+(?:IGNORE\s+)?INTO\s+[`\"\[]?[\w.]+[`\"\]]?\s*(?:\(([^()]{1,4000})\)\s*)?VALUES\s*", re.IGNORECASE
)
_TUPLE = re.compile(r"\(((?:'(?:[^'\\]|\\.|'')*'|[^'()])*)\)\s*([,;]?)")
_ITEM = re.compile(r"\s*(?:N?'((?:[^'\\]|\\.|'')*)'|([^,']*))\s*(?:,|$)")
_COPY = re.compile(r"^COPY [\w.\"]+ \(([^)]{1,4000})\) FROM stdin;\n(.*?)^\\\.$", re.MULTILINE | re.DOTALL)


def decode(data: bytes, content_type: str = "") -> str:
    """Text by byte order mark, declared charset, the look of UTF-16, UTF-8, and at last Windows-1252."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, "replace")
    declared = _CHARSET.search(content_type)
    if declared:
        codec = declared[1].lower()
        return data.decode("utf-16-le" if codec in ("utf-16", "utf16") else codec, "replace")
    head = data[:4096]
    if len(head) >= 4 and head.count(0) > len(head) // 4:
        return data.decode("utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace") if data.count(b"\xc3") > 3 else data.decode("cp1252", "replace")


def from_text(text: str, *, table: bool = False) -> Document:
    """A table where lines are divided alike by commas, semicolons, tabs or bars; SQL rows; otherwise a passage.

    `table` says that the file is declared to be one.
    """
    tables, rest = _sql(text)
    if tables:
        return Document((Passage(rest, "script"),), tuple(tables))
    delimiter = _delimiter(text, declared=table)
    if not delimiter:
        return Document((Passage(text),))
    csv.field_size_limit(_FIELD)
    rows: list[tuple[str, ...]] = []
    cells, cut = 0, None
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            cells += len(row)
            if cells > CELLS:
                cut = Gap(Absence.LIMITED, "more cells than are looked at of one file")
                break
            rows.append(tuple(cell.strip() for cell in row))
    except csv.Error:
        return Document((Passage(text),))
    return Document((), (Table(tuple(rows), "table"),), cut=cut)


def _delimiter(text: str, *, declared: bool) -> str:
    lines = [line for line in text[:65_536].splitlines()[: _SAMPLE * 2] if line.strip()][:_SAMPLE]
    best, most = "", 0
    for delimiter in _DELIMITERS:
        counts = Counter(line.count(delimiter) for line in lines)
        counts.pop(0, None)
        if not counts:
            continue
        times, alike = counts.most_common(1)[0]
        enough = alike * 2 > len(lines) if declared else len(lines) >= 3 and alike * 10 >= len(lines) * 8
        if enough and times * alike > most:
            best, most = delimiter, times * alike
    return best


def _sql(text: str) -> tuple[list[Table], str]:
    """Rows of INSERT and COPY statements, and the text without them."""
    spans: list[tuple[int, int]] = []
    tables: dict[str, list[tuple[str, ...]]] = {}
    cells = 0
    for found in _INSERT.finditer(text):
        header = _columns(found[1] or "")
        rows = tables.setdefault(found[1] or "", [header] if header else [])
        place = found.end()
        while cells < CELLS and (row := _TUPLE.match(text, place)):
            rows.append(_items(row[1]))
            cells += len(rows[-1])
            place = row.end()
            if row[2] != ",":
                break
            while place < len(text) and text[place].isspace():
                place += 1
        spans.append((found.end(), place))
    made = [Table(tuple(rows), f"rows {n}", keyed=bool(key)) for n, (key, rows) in enumerate(tables.items(), start=1)]
    for found in _COPY.finditer(text):
        lines = [tuple(line.split("\t")) for line in found[2].splitlines()]
        made.append(Table((_columns(found[1]), *lines), "rows", keyed=True))
        spans.append(found.span())
    rest, done = [], 0
    for start, end in sorted(spans):
        rest.append(text[done:start])
        done = max(done, end)
    return made, "".join((*rest, text[done:]))


def _columns(text: str) -> tuple[str, ...]:
    return tuple(name.strip(' `"[]\n\r\t') for name in text.split(",")) if text else ()


def _items(text: str) -> tuple[str, ...]:
    items, place = [], 0
    while place < len(text) and (found := _ITEM.match(text, place)):
        items.append((found[1] if found[1] is not None else found[2] or "").strip())
        if found.end() == place:
            break
        place = found.end()
    return tuple(items)
