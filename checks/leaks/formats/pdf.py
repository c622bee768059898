"""PDF: the text of each page, line by line, attached files, authors."""

import ctypes

import pypdfium2
import pypdfium2.raw as pdfium

from auditor.model import Absence

from .document import TEXT, Document, Passage, Table, Unreadable
from .grid import Box, grid, holds_a_table

PAGES = 1_500
"""Pages that are looked at of one file."""
ATTACHMENT = 20_000_000
_BOXES = 4_000
"""Runs of text of a page up to which their places are looked at."""


def from_pdf(data: bytes) -> tuple[Document, list[tuple[str, bytes]], bool]:
    """The document, the files attached to it, and whether pages were left out.

    Raises:
        Unreadable: encrypted, or no PDF that the library can open.
    """
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise Unreadable(Absence.NOT_ASSESSABLE, "the PDF is encrypted") from None
        raise Unreadable(Absence.MALFORMED, "not a readable PDF") from None
    passages: list[Passage] = []
    tables: list[Table] = []
    size = unread = 0
    left = False
    for number in range(len(pdf)):
        if number >= PAGES or size > TEXT:
            left = True
            break
        text, rows = _page(pdf, number)
        size += len(text) + sum(len(cell) for row in rows for cell in row)
        if text.strip():
            passages.append(Passage(text))
        if rows:
            tables.append(
                Table(
                    _with_header(tuple(rows), tables),
                    f"page {number + 1}",
                    above=passages[-1].text[-200:] if passages else "",
                )
            )
        unread += not text.strip() and not rows
    author = pdf.get_metadata_dict().get("Author", "").strip()
    attached = [(file.get_name(), bytes(file.get_data())) for file in _attachments(pdf)]
    return (
        Document(tuple(passages), tuple(tables), people=(author[:120],) if author else (), unread=unread),
        attached,
        left,
    )


def _page(pdf: pypdfium2.PdfDocument, number: int) -> tuple[str, list[tuple[str, ...]]]:
    """The text of a page, without what stands in the rows of a table, and those rows."""
    try:
        page = pdf[number]
        reader = page.get_textpage()
    except pypdfium2.PdfiumError:
        return "", []
    try:
        text = str(reader.get_text_bounded()).replace("\r\n", "\n")
        if not holds_a_table(text) or (count := reader.count_rects()) > _BOXES:
            return text, []
        spans = [reader.get_rect(index) for index in range(count)]
        rows, rest = grid([_box(span, reader.get_text_bounded(*span)) for span in spans])
        return (rest, rows) if rows else (text, [])
    finally:
        reader.close()
        page.close()


def _box(span: tuple[float, float, float, float], text: str) -> Box:
    left, bottom, right, top = span
    return Box(left, bottom, right, top, text)


def _with_header(rows: tuple[tuple[str, ...], ...], before: list[Table]) -> tuple[tuple[str, ...], ...]:
    """Rows that go on from the page before get its first row, where they have as many columns and no header."""
    last = before[-1].rows if before else ()
    goes_on = last and len(last[0]) == len(rows[0]) and any(map(str.isdecimal, "".join(rows[0])))
    return (last[0], *rows) if goes_on else rows


def _attachments(pdf: pypdfium2.PdfDocument) -> list[pypdfium2.PdfAttachment]:
    found = []
    for index in range(min(pdf.count_attachments(), 50)):
        attachment = pdf.get_attachment(index)
        length = ctypes.c_ulong()
        if pdfium.FPDFAttachment_GetFile(attachment, None, 0, length) and length.value <= ATTACHMENT:
            found.append(attachment)
    return found
