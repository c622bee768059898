"""The seal on the PDF report: PAdES B-B (ETSI EN 319 142-1), by the key that signs the bundle.

    pdfsig -nssdir sql:nss report.pdf
    pyhanko sign adesverify --trust-replace --trust root.pem report.pdf

A certification signature that allows forms to be filled in (DocMDP, ISO 32000-2 section 12.8.2.2), so that an
official can sign after it. It is an incremental update: the document that was sealed is the beginning of the file.
Neither the time in it nor the certificate's not being revoked is proven, as with `cms`.
"""

import asyncio
import struct
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from asn1crypto import parser  # type: ignore[import-untyped] # has no stubs
from cryptography import x509
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko.stamp import StaticStampStyle

from auditor.messages import catalog
from auditor.trust import cms
from auditor.trust.cms import KeyHolder, SignatureStatus
from auditor.trust.keys import Signer
from auditor.typesetting import typeset

BOX = (184, 113, 539, 216)
"""The frame that the report's first page keeps for the seal, in points from the lower left corner of A4."""
FIELD = "Segel"

_TEMPLATE = Path(__file__).with_name("seal.typ")
_UNREADABLE = (
    PdfError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError, RecursionError,
    OSError, struct.error, zlib.error,
)  # fmt: skip
"""What pyHanko raises on a PDF that somebody twisted."""


def seal(document: bytes, signer: Signer, at: datetime, lang: str) -> bytes:
    """The document with a signature over all of it, shown in `BOX` on its first page.

    `at` is written in as the time of signing, to the second.
    """
    return asyncio.run(_sealed(document, signer, at.replace(microsecond=0), lang))


async def _sealed(document: bytes, signer: Signer, at: datetime, lang: str) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(document))
    words = catalog(lang)
    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=signer.digest,
        subfilter=SigSeedSubFilter.PADES,
        reason=words.text("Seal of the examination report"),
        certify=True,
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )
    style = StaticStampStyle(
        border_width=0,
        background=_Picture(_picture(signer, at, lang)),
        background_layout=SimpleBoxLayoutRule(
            AxisAlignment.ALIGN_MID,
            AxisAlignment.ALIGN_MID,
            margins=Margins.uniform(0),  # type: ignore[no-untyped-call] # pyHanko leaves it out
        ),
        background_opacity=1,
    )
    field = SigFieldSpec(FIELD, on_page=0, box=BOX, readable_field_name=words.text("Electronic seal"))
    tool = PdfSigner(metadata, KeyHolder(signer), stamp_style=style, new_field_spec=field)
    session = tool.init_signing_session(writer)
    session.system_time = at
    size = await session.estimate_signature_container_size(None)
    output = BytesIO()
    draft = session.prepare_tbs_document(validation_info=None, bytes_reserved=size)
    digest, _ = draft.digest_tbs_document(output=output)
    await draft.perform_signature(digest.document_digest, PdfCMSSignedAttributes(signing_time=at))
    return output.getvalue()


def check(document: bytes, roots: Sequence[x509.Certificate], at: datetime) -> SignatureStatus:
    """Check the seal: one signature, over the whole file, otherwise as `cms.check` does.

    Never raises for what is in it.
    """
    try:
        data, p7s, claimed = _parts(document)
    except _UNREADABLE:
        data, p7s, claimed = b"", b"", at  # checked all the same, as the signature that it is not
    return cms.check(data, p7s, roots, at, claimed=claimed)


def carries(document: bytes, name: str, content: bytes) -> bool:
    """Whether `content` is attached to the document as `name`, or gzipped as `name`.gz, and nothing else is.

    Never raises for what is in the document, and unpacks no more of it than pyHanko's limits and `content` allow.
    """
    try:
        names = PdfFileReader(BytesIO(document)).root["/Names"]["/EmbeddedFiles"]["/Names"]
        embedded = names[1]["/EF"]  # items and keys, since only these are looked up where they are references
        streams = [embedded[key].data for key in embedded]
        if names[0] == f"{name}.gz":
            streams = [_unpacked(data, len(content)) for data in streams]
        elif names[0] != name:
            return False
    except _UNREADABLE:
        return False
    return len(names) == 2 and bool(streams) and all(data == content for data in streams)


def _unpacked(data: bytes, size: int) -> bytes:
    """What is in a gzip file, cut behind `size` bytes."""
    return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, size + 1)


def _parts(document: bytes) -> tuple[bytes, bytes, datetime]:
    """The bytes signed, the signature over them, and the time that it claims.

    Raises:
        ValueError: not exactly one signature, or not over the whole file; others of `_UNREADABLE` as they come.
    """
    (embedded,) = PdfFileReader(BytesIO(document)).embedded_signatures
    if embedded.evaluate_signature_coverage() is not SignatureCoverageLevel.ENTIRE_FILE:
        raise ValueError("something was added after the seal")
    _, length, start, rest = (int(place) for place in embedded.byte_range)
    contents = bytes(embedded.pkcs7_content)
    if document[length:start] != b"<%s>" % contents.hex().upper().encode():
        raise ValueError("the signature is not written as it was")  # nothing in a sealed file may change, not even this
    size = parser.peek(contents)
    if contents[size:].strip(b"\0"):
        raise ValueError("something stands behind the signature")
    claimed = embedded.self_reported_timestamp
    if claimed is None or claimed.tzinfo is None:
        raise ValueError("no time of signing")
    return document[:length] + document[start : start + rest], contents[:size], claimed


class _Picture(PdfContent):
    """A page of another document, as the seal's appearance."""

    def __init__(self, page: bytes) -> None:
        super().__init__(box=BoxConstraints(width=BOX[2] - BOX[0], height=BOX[3] - BOX[1]))
        self._page = page

    def render(self) -> bytes:
        """Import the page; the content stream that paints it."""
        imported = self._ensure_writer.import_page_as_xobject(PdfFileReader(BytesIO(self._page)))
        self.resources.xobject["/Seal"] = imported
        return b"/Seal Do"


def _picture(signer: Signer, at: datetime, lang: str) -> bytes:
    """The visible seal: who signed, when, with which certificate, and how to find out whether that is true."""
    words = catalog(lang)
    text = words.text
    title = (
        text("NOT TRUSTED: sealed with a key made for this one run")
        if signer.ephemeral
        else text("Sealed electronically")
    )
    advice = (
        text("Anyone could have made this seal. It is no official evidence.")
        if signer.ephemeral
        else text(
            "It is genuine only if a PDF reader, pdfsig or auditor finds this certificate under the issuer's root."
        )
    )
    print_ = signer.fingerprint
    rows = [
        (text("Signer"), signer.subject[:200]),
        (text("Time"), text("{time}, by the signer's own clock", time=words.time(at, UTC))),
        (text("Certificate"), "sha256 " + " ".join(print_[n : n + 8] for n in range(0, len(print_), 8))),
        (text("Level"), text("{level}; forms and further signatures stay allowed", level=cms.PADES_LEVEL)),
    ]
    shown = {
        "lang": lang,
        "trusted": not signer.ephemeral,
        "width": BOX[2] - BOX[0],
        "height": BOX[3] - BOX[1],
        "title": title,
        "rows": rows,
        "advice": advice,
    }
    return typeset(_TEMPLATE.read_bytes(), shown, {}, tagged=False)
