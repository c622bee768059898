"""The seal on the PDF report, and what may be added to it: PAdES (ETSI EN 319 142-1), by the key that signs the bundle.

    pdfsig -nssdir sql:nss report.pdf
    pyhanko sign adesverify --trust-replace --trust root.pem report.pdf

A certification signature that allows forms to be filled in (DocMDP, ISO 32000-2 section 12.8.2.2), so that an
official can sign after it. Everything is an incremental update: the document that was sealed is the beginning of the
file. With a time stamp authority the level is B-LTA: a stamp over the signature, revocation data of that day, and a
stamp over it all, upon which `renew` puts another one before its certificate expires. Without one it is B-B, and
neither the time in it nor the certificate's not being revoked is proven, as with `cms`.
"""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from io import BytesIO

from asn1crypto import crl as asn1_crl  # type: ignore[import-untyped] # has no stubs
from asn1crypto import ocsp as asn1_ocsp
from cryptography import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner, PdfTimeStamper
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.validation.dss import DocumentSecurityStore

from auditor.errors import BundleError, TimeStampError
from auditor.messages import catalog
from auditor.trust import revocation, timestamp
from auditor.trust.chain import asn1
from auditor.trust.cms import KeyHolder
from auditor.trust.keys import Signer
from auditor.trust.pdf import picture
from auditor.trust.pdf.reading import ARCHIVED, BASIC, read
from auditor.trust.timestamp import Authority

FIELD = "Segel"

_RESERVED = 48 * 1024
"""Bytes, as hex digits, kept for a signature or a time stamp of somebody else's size."""


def seal(document: bytes, signer: Signer, at: datetime, lang: str, authority: Authority | None = None) -> bytes:
    """The document with a signature over all of it, shown in `picture.BOX` on its first page.

    `at` is written in as the time of signing, to the second.

    Raises:
        TimeStampError, KeyFileError: as `cms.sign`.
    """
    words = catalog(lang)
    moment = at.replace(microsecond=0)
    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=signer.digest,
        subfilter=SigSeedSubFilter.PADES,
        reason=words.text("Seal of the examination report"),
        certify=True,
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )
    field = SigFieldSpec(FIELD, on_page=0, box=picture.BOX, readable_field_name=words.text("Electronic seal"))
    level, tsa = (ARCHIVED, authority.url) if authority else (BASIC, "")
    style = picture.style(signer, moment, lang, level, tsa)
    tool = PdfSigner(metadata, KeyHolder(signer), timestamper=authority, stamp_style=style, new_field_spec=field)
    return _signed(document, tool, signer, moment, authority)


def countersign(
    document: bytes, signer: Signer, at: datetime, reason: str, authority: Authority | None = None
) -> bytes:
    """The document signed once more, by another key, in a field of its own that is not shown.

    Raises:
        BundleError: the document has no good seal to sign after.
        TimeStampError, KeyFileError: as `cms.sign`.
    """
    moment = at.replace(microsecond=0)
    found = read(document, (), moment)
    if not found.seal.intact:
        raise BundleError("the document has no good seal, or was changed after it was sealed")
    field = f"Pengesahan-{len(found.countersignatures) + 1}"
    metadata = PdfSignatureMetadata(
        field_name=field, md_algorithm=signer.digest, subfilter=SigSeedSubFilter.PADES, reason=reason
    )
    return _signed(document, PdfSigner(metadata, KeyHolder(signer), timestamper=authority), signer, moment, authority)


def renew(document: bytes, authority: Authority, at: datetime) -> bytes:
    """The document with one more time stamp over it, and revocation data of today for those in it.

    Raises:
        BundleError: the document has no good seal, or was changed after.
        TimeStampError, KeyFileError: as `cms.sign`.
    """
    if not read(document, (), at).seal.intact:
        raise BundleError("the document has no good seal, or was changed after it was sealed")
    tokens = [one.signed_data for one in PdfFileReader(BytesIO(document)).embedded_timestamp_signatures]
    stampers = [c for token in tokens for c in timestamp.certificates_in(token)]
    return _archived(document, [c for c in stampers if c.not_valid_after_utc > at], authority, at)


def _signed(document: bytes, tool: PdfSigner, signer: Signer, at: datetime, authority: Authority | None) -> bytes:
    try:
        signed = asyncio.run(_written(document, tool, at, authority))
    except TimestampRequestError:
        raise TimeStampError("the answer is no time stamp", place=authority.url if authority else "") from None
    if authority is None:
        return signed
    return _archived(signed, [signer.certificate, *signer.chain], authority, at)


async def _written(document: bytes, tool: PdfSigner, at: datetime, authority: Authority | None) -> bytes:
    session = tool.init_signing_session(IncrementalPdfFileWriter(BytesIO(document)))
    session.system_time = at
    size = _RESERVED if authority else await session.estimate_signature_container_size(None)
    output = BytesIO()
    draft = session.prepare_tbs_document(validation_info=None, bytes_reserved=size)
    digest, _ = draft.digest_tbs_document(output=output)
    await draft.perform_signature(digest.document_digest, PdfCMSSignedAttributes(signing_time=at))
    return output.getvalue()


def _archived(document: bytes, certificates: Iterable[x509.Certificate], authority: Authority, at: datetime) -> bytes:
    """Store what the signatures rest on, and put a time stamp over it all."""
    stampers = authority.certificates()
    needed = tuple(dict.fromkeys((*certificates, *stampers)))
    known = revocation.fetch(needed, authority.session, at)
    writer = IncrementalPdfFileWriter(BytesIO(document))
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=asn1(needed),
        crls=[asn1_crl.CertificateList.load(crl) for crl in known.crls],
        ocsps=[asn1_ocsp.OCSPResponse.load(answer) for answer in known.ocsps],
    )
    output = BytesIO()
    try:
        PdfTimeStamper(authority).timestamp_pdf(writer, "sha256", bytes_reserved=_RESERVED, output=output)
    except TimestampRequestError:
        raise TimeStampError("the answer is no time stamp", place=authority.url) from None
    return output.getvalue()
