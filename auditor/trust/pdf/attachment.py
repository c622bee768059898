"""The machine report within the document."""

import zlib
from io import BytesIO

from pyhanko.pdf_utils.reader import PdfFileReader

from auditor.trust.pdf.reading import UNREADABLE

CAP = 256 * 1024 * 1024
"""Bytes of an attachment, unpacked."""


def carries(document: bytes, name: str, content: bytes) -> bool:
    """Whether `content` is attached to the document as `name`, or gzipped as `name`.gz, and nothing else is.

    Never raises for what is in the document, and unpacks no more of it than pyHanko's limits and `content` allow.
    """
    return attached(document, name, len(content)) == content


def attached(document: bytes, name: str, cap: int = CAP) -> bytes | None:
    """What is attached to the document as `name`, or gzipped as `name`.gz, if nothing else is; cut behind `cap` bytes.

    Never raises for what is in the document.
    """
    try:
        names = PdfFileReader(BytesIO(document)).root["/Names"]["/EmbeddedFiles"]["/Names"]
        embedded = names[1]["/EF"]  # items and keys, since only these are looked up where they are references
        streams = [embedded[key].data for key in embedded]
        if names[0] == f"{name}.gz":
            streams = [_unpacked(data, cap) for data in streams]
        elif names[0] != name:
            return None
    except UNREADABLE:
        return None
    if len(names) != 2 or not streams or any(data != streams[0] for data in streams):
        return None
    return bytes(streams[0])


def _unpacked(data: bytes, cap: int) -> bytes:
    """What is in a gzip file, cut behind `cap` bytes."""
    return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, cap + 1)
