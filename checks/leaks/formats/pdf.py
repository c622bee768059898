"""PDF: the text of each page, line by line, attached files, authors."""

import ctypes

import pypdfium2
import pypdfium2.raw as pdfium

from auditor.model import Absence

from .document import TEXT, Document, Passage, Unreadable

PAGES = 1_500
"""Pages that are looked at of one file."""
ATTACHMENT = 20_000_000


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
    size = unread = 0
    left = False
    for number in range(len(pdf)):
        if number >= PAGES or size > TEXT:
            left = True
            break
        text = _text(pdf, number)
        size += len(text)
        if text.strip():
            passages.append(Passage(text))
        else:
            unread += 1
    author = pdf.get_metadata_dict().get("Author", "").strip()
    attached = [(file.get_name(), bytes(file.get_data())) for file in _attachments(pdf)]
    return Document(tuple(passages), people=(author[:120],) if author else (), unread=unread), attached, left


def _text(pdf: pypdfium2.PdfDocument, number: int) -> str:
    try:
        page = pdf[number]
        reader = page.get_textpage()
    except pypdfium2.PdfiumError:
        return ""
    try:
        return str(reader.get_text_bounded()).replace("\r\n", "\n")
    finally:
        reader.close()
        page.close()


def _attachments(pdf: pypdfium2.PdfDocument) -> list[pypdfium2.PdfAttachment]:
    found = []
    for index in range(min(pdf.count_attachments(), 50)):
        attachment = pdf.get_attachment(index)
        length = ctypes.c_ulong()
        if pdfium.FPDFAttachment_GetFile(attachment, None, 0, length) and length.value <= ATTACHMENT:
            found.append(attachment)
    return found
