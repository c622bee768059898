"""The signatures and time stamps in a document, in the order in which they came, each judged at a proven moment.

The last time stamp must hold now; each earlier one, and each signature, when the next stamp after it was made (ETSI
EN 319 102-1 section 5.6): so a renewed document outlives the certificates in it. Revocation data is that of the
document security store. Every signature must be over all that was there, and what came after may be no more than a
seal allows that wants to be signed after (DocMDP FILL_FORMS).
"""

import asyncio
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO

from asn1crypto import parser  # type: ignore[import-untyped] # has no stubs
from cryptography import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError, ValidationInfoReadingError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from auditor.model import Outcome
from auditor.trust import cms, timestamp
from auditor.trust.chain import UNREADABLE as NOT_ASN1
from auditor.trust.chain import Reason, asn1
from auditor.trust.cms import SignatureStatus
from auditor.trust.revocation import NOTHING, Revocations
from auditor.trust.timestamp import StampStatus

BASIC, STAMPED, LONG, ARCHIVED = "PAdES B-B", "PAdES B-T", "PAdES B-LT", "PAdES B-LTA"
UNREADABLE = (
    PdfError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError, RecursionError,
    OSError, struct.error, zlib.error, ValidationInfoReadingError, NoDSSFoundError, SignatureValidationError,
)  # fmt: skip
"""What pyHanko raises on a PDF that somebody twisted."""
_STAMP = "/DocTimeStamp"


@dataclass(frozen=True, slots=True)
class Countersignature:
    """A signature that was put on after the seal: an official's, or that of BSrE."""

    subject: str
    intact: bool
    trusted: bool
    """Its chain ends in a given anchor."""
    at: datetime | None
    """The signer's own claim."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What a document's signatures say."""

    seal: SignatureStatus
    """The first signature; not intact where anything in the document is not as it was sealed."""
    stamps: tuple[StampStatus, ...] = ()
    """Time stamps over the document, oldest first; one in the seal is `seal.stamp`."""
    countersignatures: tuple[Countersignature, ...] = ()


def read(
    document: bytes,
    roots: Sequence[x509.Certificate],
    at: datetime,
    stamp_roots: Sequence[x509.Certificate] | None = None,
    *,
    vouched: bool = False,
) -> Paper:
    """Check the seal, the time stamps over the document and what was signed after it.

    `at` is the verifier's clock, `stamp_roots` as in `cms.check`. Where another signature by the same key is `vouched`
    for every byte, as in a bundle, what was added after the seal is not compared with what the seal allows, which takes
    a reading of the whole document. Never raises for what is in the document.
    """
    anchors = roots if stamp_roots is None else stamp_roots
    try:
        found, known = _embedded(document, vouched=vouched)
        stamps: list[StampStatus] = []
        others: list[Countersignature] = []
        moment = at
        for one in reversed(found[1:]):
            data, contents = _parts(document, one)
            if one.sig_object_type == _STAMP:
                stamp = timestamp.check_token(data, contents, anchors, moment, known)
                moment = stamp.at if stamp.outcome is Outcome.PASS and stamp.at else moment
                stamps.insert(0, stamp)
            else:
                others.insert(0, _countersignature(one, roots, moment))
        data, contents = _parts(document, found[0])
        claimed = found[0].self_reported_timestamp
        if claimed is None or claimed.tzinfo is None:
            return Paper(_refused())
    except (*UNREADABLE, *NOT_ASN1):
        return Paper(_refused())
    seal = cms.check(data, contents, roots, moment, claimed=claimed, stamp_roots=anchors, known=known)
    return Paper(replace(seal, level=_level(seal, known, stamps)) if seal.level else seal, tuple(stamps), tuple(others))


def check(document: bytes, roots: Sequence[x509.Certificate], at: datetime) -> SignatureStatus:
    """The seal alone, as `read` finds it."""
    return read(document, roots, at).seal


def _refused() -> SignatureStatus:
    return SignatureStatus(Outcome.FAIL, Reason.MALFORMED)


def _level(seal: SignatureStatus, known: Revocations, stamps: Sequence[StampStatus]) -> str:
    if seal.stamp is None:
        return BASIC
    if stamps:
        return ARCHIVED
    return LONG if known else STAMPED


def _embedded(document: bytes, *, vouched: bool) -> tuple[list[EmbeddedPdfSignature], Revocations]:
    """Signatures and time stamps, oldest first, and the revocation data.

    Raises:
        ValueError: the first is a time stamp, the last is not over the whole file, or something was changed after the
            first that it does not allow; others of `UNREADABLE` as they come.
    """
    reader = PdfFileReader(BytesIO(document))
    found = list(reader.embedded_signatures)
    if not found or found[0].sig_object_type == _STAMP:
        raise ValueError("no seal")
    whole = [one.evaluate_signature_coverage() for one in found]
    if whole[-1] is not SignatureCoverageLevel.ENTIRE_FILE:
        raise ValueError("something was added after the last signature")
    if any(level.value < SignatureCoverageLevel.ENTIRE_REVISION.value for level in whole):
        raise ValueError("a signature leaves something out")
    if len(found) == 1 or vouched:
        return found, _known(reader)
    for one in found[:-1]:
        one.compute_integrity_info()
        if not one.summarise_integrity_info()["docmdp_ok"]:
            raise ValueError("something was changed after it was signed")
    return found, _known(reader)


def _known(reader: PdfFileReader) -> Revocations:
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return NOTHING
    crls = tuple(bytes(reference.get_object().data) for reference in store.crls)
    ocsps = tuple(bytes(reference.get_object().data) for reference in store.ocsps)
    for crl in crls:
        x509.load_der_x509_crl(crl)
    return Revocations(crls, ocsps)


def _parts(document: bytes, one: EmbeddedPdfSignature) -> tuple[bytes, bytes]:
    """The bytes signed, and the signature over them.

    Raises:
        ValueError: not written as it was signed.
    """
    zero, length, start, rest = (int(place) for place in one.byte_range)
    contents = bytes(one.pkcs7_content)
    if zero or document[length:start] != b"<%s>" % contents.hex().upper().encode():
        raise ValueError("the signature is not written as it was")  # nothing in a sealed file may change, not even this
    size = parser.peek(contents)
    if contents[size:].strip(b"\0"):
        raise ValueError("something stands behind the signature")
    return document[:length] + document[start : start + rest], contents[:size]


def _countersignature(
    one: EmbeddedPdfSignature, roots: Sequence[x509.Certificate], moment: datetime
) -> Countersignature:
    """Judged by pyHanko: others sign in forms that our own reader would refuse."""
    context = ValidationContext(
        trust_roots=asn1(roots), moment=moment, allow_fetching=False, revocation_mode="soft-fail"
    )
    status = asyncio.run(async_validate_pdf_signature(one, signer_validation_context=context, skip_diff=True))
    subject = x509.load_der_x509_certificate(status.signing_cert.dump()).subject.rfc4514_string()
    return Countersignature(subject, status.intact and status.valid, status.trusted, status.signer_reported_dt)
