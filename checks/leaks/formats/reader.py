"""Which format a file has, by its first bytes, then its declared type, then its name."""

import json
import re
from collections.abc import Iterator
from typing import Any

from auditor.model import Absence

from . import archive, office, plain
from .archive import DEPTH, Budget
from .document import TEXT, Document, Gap, Passage, Unreadable
from .markup import from_html, from_script
from .pdf import from_pdf
from .tree import from_json, from_xml

_SPREADSHEETS = re.compile(r"\.(?:xlsx|xlsm|xlsb|xls|ods)$", re.IGNORECASE)
_HTML = re.compile(
    r"\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|div|table|p|meta|script|title)\b", re.IGNORECASE | re.DOTALL
)
_STREAMS = ((b"\x1f\x8b", "gzip"), (b"BZh", "bzip2"), (b"\xfd7zXZ", "xz"))
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OPAQUE = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07")
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF", b"wOF", b"\x00\x00\x01\x00")
_TEXTUAL = bytes((*range(7, 14), 27, *range(32, 256)))
_MEDIA = re.compile(r"(?:image|audio|video|font)/")
_JSONP = re.compile(r"\s*(?:/\*.*?\*/)?[\w.$]+\((.*)\)\s*;?\s*", re.DOTALL)
_SCRIPTS = (".js", ".mjs", ".map", ".ts", ".css", ".php", ".env", ".yml", ".yaml", ".ini", ".conf", ".log")


def read(name: str, content_type: str, data: bytes) -> Iterator[Document | Gap]:
    """Every document in a file, and every part of it that could not be looked at."""
    yield from _read(name, content_type.lower(), data, Budget(), 0)


def _read(name: str, kind: str, data: bytes, budget: Budget, depth: int) -> Iterator[Document | Gap]:
    try:
        yield from _by_magic(name.lower(), kind, data, budget, depth)
    except Unreadable as state:
        yield state.gap


def _by_magic(name: str, kind: str, data: bytes, budget: Budget, depth: int) -> Iterator[Document | Gap]:
    if data.startswith(b"PK\x03\x04"):
        yield from _zip(name, data, budget, depth)
    elif b"%PDF-" in data[:1024]:
        document, attached, left = from_pdf(data)
        yield document
        if left:
            yield Gap(Absence.LIMITED, "more pages than are looked at of one file")
        yield from _nested(attached, budget, depth)
    elif data.startswith(_OLE):
        yield _binary(data, budget)
    elif stream := next((kind for mark, kind in _STREAMS if data.startswith(mark)), ""):
        inner = archive.inflate(data, stream, budget)
        yield from _nested([(name.rpartition(".")[0], inner)], budget, depth)
    elif data[257:262] == b"ustar":
        yield from _archive(archive.from_tar(data, budget), budget, depth)
    elif data.startswith(_OPAQUE):
        raise Unreadable(Absence.NOT_ASSESSABLE, "an archive of a format that is not read")
    elif data.startswith(_PICTURES) or (kind.startswith(("image/", "audio/", "video/", "font/")) and "svg" not in kind):
        yield Document(links=(name,), unread=1)
    else:
        yield from _text(name, kind, data)


def _binary(data: bytes, budget: Budget) -> Document:
    """A workbook of the old kind, or another old file by its strings."""
    try:
        return office.from_workbook(data, budget)
    except Unreadable as state:
        if state.gap.reason is not Absence.MALFORMED:
            raise
        return office.from_binary(data)


def _zip(name: str, data: bytes, budget: Budget, depth: int) -> Iterator[Document | Gap]:
    entries = frozenset(info.filename for info in archive.open_zip(data).infolist())
    if "xl/workbook.xml" in entries or "xl/workbook.bin" in entries or _SPREADSHEETS.search(name):
        yield office.from_workbook(data, budget)
    elif "word/document.xml" in entries or "ppt/presentation.xml" in entries or "content.xml" in entries:
        if "spreadsheet" in _mimetype(data):
            yield office.from_workbook(data, budget)
            return
        document, embedded = office.from_package(data, budget)
        yield document
        yield from _nested(embedded, budget, depth)
    else:
        yield from _archive(archive.from_zip(data, budget), budget, depth)


def _mimetype(data: bytes) -> str:
    """What an ODF package says of itself: its first member, stored (ODF 1.2 part 3, section 3.3)."""
    return data[30:120].decode("latin-1") if data[30:38] == b"mimetype" else ""


def _archive(files: Iterator[tuple[str, bytes]], budget: Budget, depth: int) -> Iterator[Document | Gap]:
    for name, content in files:
        yield Document(links=(name,))
        yield from _nested([(name, content)], budget, depth)


def _nested(files: list[tuple[str, bytes]], budget: Budget, depth: int) -> Iterator[Document | Gap]:
    for name, content in files:
        if depth >= DEPTH:
            yield Gap(Absence.LIMITED, "archives are nested deeper than is looked at")
            return
        yield from _read(name, "", content, budget, depth + 1)


def _text(name: str, kind: str, data: bytes) -> Iterator[Document | Gap]:
    if _is_binary(data):
        yield office.from_binary(data)
        return
    text = plain.decode(data, kind)
    if len(text) > TEXT:
        yield Gap(Absence.LIMITED, "more text than is looked at of one file")
        text = text[:TEXT]
    head = text[:2_048].lstrip("\ufeff \t\r\n")
    if text.startswith("{\\rtf"):
        yield office.from_rtf(text)
    elif "html" in kind or name.endswith((".html", ".htm")) or _HTML.match(head):
        yield from_html(text)
    elif "json" in kind or name.endswith((".json", ".geojson", ".webmanifest")) or head[:1] in ("{", "["):
        yield from _json(text)
    elif "xml" in kind or head.startswith("<?xml") or name.endswith((".xml", ".kml", ".rss", ".svg")):
        yield Document((Passage(text, "script"),))
        yield from_xml(data)
    elif "javascript" in kind or "ecmascript" in kind or name.endswith(_SCRIPTS):
        yield from_script(text)
    else:
        yield plain.from_text(text, table="csv" in kind or name.endswith((".csv", ".tsv")))


def _is_binary(data: bytes) -> bool:
    """Control characters that no text has, but for UTF-16's zeros in every other place."""
    head = data[:4096]
    odd = len(head.translate(None, delete=_TEXTUAL))
    zeros = max(head[::2].count(0), head[1::2].count(0))
    return odd * 20 > len(head) and zeros * 10 < len(head) * 3


def _json(text: str) -> Iterator[Document]:
    """JSON, JSON lines, JSONP; what is none of these is read as a script."""
    for value in (_whole, _lines, _wrapped):
        try:
            document = from_json(value(text))
        except (ValueError, RecursionError):
            continue
        yield document
        return
    yield from_script(text)


def _whole(text: str) -> Any:
    return json.loads(text)


def _lines(text: str) -> Any:
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def _wrapped(text: str) -> Any:
    found = _JSONP.fullmatch(text)
    if found is None:
        raise ValueError
    return json.loads(found[1])
