"""Files of office programs: OOXML, ODF, XLS, RTF, and the old binary ones by their strings."""

import io
import re
import zipfile
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring, iterparse
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from auditor.model import Absence

from .archive import Budget, members, open_zip
from .document import CELLS, TEXT, Document, Gap, Passage, Table, Unreadable
from .tree import local

SHEETS = 256
"""Sheets that are looked at of one workbook."""

_PARTS = re.compile(
    r"(?:word/(?:document|header\d*|footer\d*|comments|footnotes|endnotes)|ppt/(?:slides|notesSlides|comments)/[^/]+"
    r"|(?:Object [^/]+/)?content|styles)\.xml",
    re.IGNORECASE,
)
_EMBEDDED = re.compile(r"(?:word|ppt|xl)/embeddings/.+", re.IGNORECASE)
_PEOPLE = frozenset(("creator", "lastModifiedBy", "Manager", "initial-creator"))
_TABLES = frozenset(("tbl", "table"))
_WRITTEN = frozenset(("t", "delText", "instrText", "span", "a", "p", "h"))
_INLINE = frozenset(("span", "a", "s", "tab", "line-break"))
_BREAKS = {"p": True, "h": True, "br": True, "line-break": True, "tab": False, "s": False}
"""Elements that part words: by a line end, or by a space."""
_UTF16 = re.compile(rb"(?:[\x20-\x7e]\x00){6,}")
_BYTES = re.compile(rb"[\x20-\x7e\r\n\t]{6,}")
_RTF_SKIP = re.compile(r"\{\\(?:fonttbl|colortbl|stylesheet|\*)[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")
_RTF_HEX = re.compile(r"\\'([0-9a-f]{2})", re.IGNORECASE)
_RTF_BREAK = re.compile(r"\\(?:par|line|row|cell|tab)\b ?")
_RTF_WORD = re.compile(r"\\[a-z]+-?\d* ?|[{}]", re.IGNORECASE)
_RTF_AUTHOR = re.compile(r"\{\\(?:author|operator) ([^{}]{1,80})\}")


def from_package(data: bytes, budget: Budget) -> tuple[Document, list[tuple[str, bytes]]]:
    """Text and tables of DOCX, PPTX, ODT, ODP; and the files embedded in it.

    Raises:
        Unreadable: no zip file, over a cap, or with XML that is not read.
    """
    passages: list[Passage] = []
    tables: list[Table] = []
    embedded: list[tuple[str, bytes]] = []
    for name, part in members(open_zip(data), budget, lambda n: bool(_PARTS.fullmatch(n) or _EMBEDDED.fullmatch(n))):
        if _EMBEDDED.fullmatch(name):
            embedded.append((name, part))
        else:
            _part(part, passages, tables)
    return Document(tuple(passages), tuple(tables), people=people(data, budget)), embedded


def _part(data: bytes, passages: list[Passage], tables: list[Table]) -> None:
    reader = _Part(tables)
    try:
        for event, element in iterparse(io.BytesIO(data), events=("start", "end")):
            if event == "start":
                reader.begin(local(element.tag))
            else:
                reader.end(local(element.tag), element)
    except DefusedXmlException:
        raise Unreadable(Absence.NOT_ASSESSABLE, "XML that defines entities is not expanded") from None
    except ParseError:
        raise Unreadable(Absence.MALFORMED, "not well-formed XML") from None
    passages.append(Passage("".join(reader.words)))


@dataclass(slots=True)
class _Part:
    """One XML part. A table in a cell is read as part of that cell."""

    tables: list[Table]
    words: list[str] = field(default_factory=list)
    rows: list[tuple[str, ...]] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    cell: list[str] = field(default_factory=list)
    depth: int = 0
    seen: int = 0
    heading: str = ""

    def begin(self, name: str) -> None:
        self.depth += name in _TABLES

    def end(self, name: str, element: Any) -> None:
        into = self.cell if self.depth else self.words
        if name in _WRITTEN and element.text:
            into.append(element.text)
        if name in _BREAKS:
            into.append("\n" if _BREAKS[name] and not self.depth else " ")
        if name in ("p", "h") and not self.depth:
            self.heading = "".join(self.words[-6:])
        self._structure(name)
        if element.tail and name in _INLINE:
            into.append(element.tail)
        if name in ("p", "h", "tr", "table-row"):
            element.clear()

    def _structure(self, name: str) -> None:
        if self.depth == 1 and name in ("tc", "table-cell"):
            self.cells.append(" ".join("".join(self.cell).split()))
            self.cell.clear()
        elif self.depth == 1 and name in ("tr", "table-row"):
            self.rows.append(tuple(self.cells))
            self.seen += len(self.cells)
            self.cells = []
            if self.seen > CELLS:
                raise Unreadable(Absence.LIMITED, "more cells than are looked at of one file")
        elif name in _TABLES:
            self.depth -= 1
            if not self.depth:
                self.tables.append(Table(tuple(self.rows), f"table {len(self.tables) + 1}", above=self.heading))
                self.rows = []


def people(data: bytes, budget: Budget) -> tuple[str, ...]:
    """Names of people in the properties of an OOXML or ODF file."""
    found: dict[str, None] = {}
    wanted = ("docProps/core.xml", "docProps/app.xml", "meta.xml")
    for _, part in members(open_zip(data), budget, lambda name: name in wanted):
        try:
            root = fromstring(part)
        except (DefusedXmlException, ParseError):
            continue
        for element in root.iter():
            if local(element.tag) in _PEOPLE and (element.text or "").strip():
                found[(element.text or "").strip()[:120]] = None
    return tuple(found)


def from_workbook(data: bytes, budget: Budget) -> Document:
    """Every sheet, hidden ones too; dates as YYYY-MM-DD, whole floats without point.

    Raises:
        Unreadable: encrypted, broken, or with more than is looked at.
    """
    names: tuple[str, ...] = ()
    if data.startswith(b"PK"):
        for _ in members(open_zip(data), budget, lambda _: False):
            pass  # holds the declared sizes to the caps before the library inflates them
        names = people(data, budget)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError:
        raise Unreadable(Absence.NOT_ASSESSABLE, "the workbook is encrypted") from None
    except (CalamineError, OSError, zipfile.BadZipFile):
        raise Unreadable(Absence.MALFORMED, "not a readable workbook") from None
    if len(book.sheet_names) > SHEETS:
        raise Unreadable(Absence.LIMITED, "more sheets than are looked at of one file")
    tables: list[Table] = []
    room = CELLS
    cut = None
    for number in range(len(book.sheet_names)):
        try:
            sheet = book.get_sheet_by_index(number)
        except (CalamineError, OSError):
            continue  # a chart
        most = room // max(1, sheet.width)
        room -= sheet.height * sheet.width
        if sheet.height:
            tables.append(_sheet(sheet, number + 1, most))
        if room < 0:
            cut = Gap(Absence.LIMITED, "more cells than are looked at of one file")
            break
    return Document((), tuple(tables), people=names, cut=cut)


def _sheet(sheet: CalamineSheet, number: int, most: int) -> Table:
    rows = []
    numeric: set[int] = set()
    for row in islice(sheet.iter_rows(), most):
        numeric |= {column for column, value in enumerate(row) if isinstance(value, float)}
        rows.append(tuple(_cell(value) for value in row))
    return Table(tuple(rows), f"sheet {number}", numeric=frozenset(numeric))


def _cell(value: object) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e20 else repr(value)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())[:10]
    return "" if value is None else str(value).strip()


def from_rtf(text: str) -> Document:
    """Words of rich text, paragraphs and cells as lines."""
    people = tuple(dict.fromkeys(_RTF_AUTHOR.findall(text)))
    plain = _RTF_HEX.sub(lambda m: bytes.fromhex(m[1]).decode("cp1252", "replace"), _RTF_SKIP.sub("", text))
    return Document((Passage(_RTF_WORD.sub("", _RTF_BREAK.sub("\n", plain))),), people=people)


def from_binary(data: bytes) -> Document:
    """Strings of an old binary document, in both encodings that such files use."""
    wide = (run.decode("utf-16-le") for run in _UTF16.findall(data))
    narrow = (run.decode("ascii") for run in _BYTES.findall(data))
    return Document((Passage("\n".join((*wide, *narrow))[:TEXT]),))
