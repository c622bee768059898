"""Detached CAdES signatures (ETSI EN 319 122-1) over bytes: made with pyHanko, checked here and by openssl.

    openssl cms -verify -cades -binary -inform DER -in SHA256SUMS.p7s -content SHA256SUMS -CAfile root.pem

With a time stamp authority the level is CAdES-T: a token over the signature shows when it was there already, and the
CRLs of that moment go along. Without one it is CAdES-B, which does not prove, and `check` does not pretend, when
it was made (the time in it is the signer's own claim).
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from asn1crypto import cms  # type: ignore[import-untyped] # has no stubs
from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509 import ocsp
from pyhanko.sign.general import find_unique_cms_attribute
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_cms import Signer as CmsSigner
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation, validate_sig_integrity
from pyhanko_certvalidator.registry import SimpleCertificateStore

from auditor.model import Outcome
from auditor.trust import revocation, timestamp
from auditor.trust.anchors import is_authority
from auditor.trust.chain import UNREADABLE, Chain, RefusedError, asn1
from auditor.trust.chain import Reason as Reason  # noqa: PLC0414 - what a status names is part of this module
from auditor.trust.chain import require as require_chain
from auditor.trust.container import certificate_of, digest_of, opened, present
from auditor.trust.keys import RSA_BITS, Meant, Signer, fingerprint, meant
from auditor.trust.revocation import NOTHING, Revocations
from auditor.trust.timestamp import Authority, StampStatus

LEVEL = "CAdES-B"
STAMPED_LEVEL = "CAdES-T"

_TOKEN = "signature_time_stamp_token"  # noqa: S105 - the name of an attribute
_CLOCK_SKEW = timedelta(minutes=5)


class Warned(StrEnum):
    """What does not break a signature but should be read."""

    SHORT_RSA = "short_rsa"
    """RSA below 3072 bits, which our own keys must have."""
    UNSAID_USAGE = "unsaid_usage"
    """The certificate names neither documentSigning nor emailProtection as its purpose."""


@dataclass(frozen=True, slots=True)
class SignatureStatus:
    """What is known about a signature.

    `outcome` is PASS only where the signature is `intact` and its chain ends in a given trust anchor; UNKNOWN
    where trust cannot be decided; FAIL otherwise. `signed_at` is the signer's claim. Where `stamp` passes, the chain
    was judged at its moment, else at the verifier's clock.
    """

    outcome: Outcome
    reason: Reason
    intact: bool = False
    """The data is what the holder of the certificate's key signed, whoever that is."""
    subject: str = ""
    fingerprint: str = ""
    signed_at: datetime | None = None
    level: str = ""
    self_signed: bool = False
    warnings: tuple[Warned, ...] = ()
    stamp: StampStatus | None = None
    """The time stamp in the signature, where there is one."""
    pointed: bool = False
    """Whether any certificate of the chain points to a CRL or a responder."""
    unrevoked: bool = False
    """What is known covers every certificate that points to something, and none was revoked at that moment."""


@dataclass(frozen=True, slots=True)
class _Signature:
    """A signature that is arithmetically good over the data."""

    certificate: x509.Certificate
    others: tuple[asn1_x509.Certificate, ...]
    signed_at: datetime
    signature: bytes
    token: bytes
    """The time stamp over `signature`, or nothing."""
    known: Revocations


class KeyHolder(CmsSigner):
    """pyHanko's view of our key, which stays the object it was loaded as."""

    def __init__(self, signer: Signer) -> None:
        registry = SimpleCertificateStore()  # type: ignore[no-untyped-call] # pyHanko leaves it out
        registry.register_multiple(asn1(signer.chain))
        super().__init__(signing_cert=asn1([signer.certificate])[0], cert_registry=registry, embed_roots=False)
        self._signer = signer

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: FBT001, FBT002, ARG002 - pyHanko's signature
        """The bare signature over `data`."""
        return self._signer.sign(data, digest_algorithm)


def sign(signer: Signer, data: bytes, at: datetime, authority: Authority | None = None) -> bytes:
    """A detached signature over `data`, DER, with the chain's certificates but not the root.

    `at` is written in as the time of signing, to the second. With an authority, its time stamp goes in, and what the
    signer's and the authority's certificates point to: CRLs, and OCSP responses (RFC 5940).

    Raises:
        TimeStampError: no time stamp could be had.
        KeyFileError: a certificate was revoked, or nothing that it points to can be had.
    """
    made: cms.ContentInfo = asyncio.run(
        KeyHolder(signer).async_sign_general_data(
            data,
            signer.digest,
            use_cades=True,
            signed_attr_settings=PdfCMSSignedAttributes(signing_time=at),
        )
    )
    if authority is not None:
        signed = made["content"]
        info = signed["signer_infos"][0]
        token = timestamp.token_of(authority.stamp(info["signature"].native))
        info["unsigned_attrs"] = [cms.CMSAttribute({"type": _TOKEN, "values": [token]})]
        below = (signer.certificate, *signer.chain, *timestamp.certificates(token))
        known = revocation.fetch(below, authority.session, at)
        if known:
            signed["crls"] = _choices(known)
            signed["version"] = "v5" if known.ocsps else "v1"  # RFC 5652 section 5.1
    return bytes(made.dump())


def _choices(known: Revocations) -> list[cms.RevocationInfoChoice]:
    lists = [cms.RevocationInfoChoice("crl", asn1_crl.CertificateList.load(crl)) for crl in known.crls]
    answers = [
        cms.RevocationInfoChoice(
            "other", {"other_rev_info_format": "ocsp_response", "other_rev_info": asn1_ocsp.OCSPResponse.load(answer)}
        )
        for answer in known.ocsps
    ]
    return lists + answers


def check(
    data: bytes,
    p7s: bytes,
    roots: Sequence[x509.Certificate],
    at: datetime,
    *,
    claimed: datetime | None = None,
    stamp_roots: Sequence[x509.Certificate] | None = None,
    known: Revocations = NOTHING,
) -> SignatureStatus:
    """Check a detached signature over `data`, its signer's chain to `roots`, usages and algorithm floors.

    `at` is the verifier's clock. `claimed` is the time of signing where it stands in `data` and must not stand in
    `p7s`, as PAdES has it (ETSI EN 319 142-1 section 6.3). `stamp_roots` are the anchors of time stamp authorities,
    `roots` where not given; `known` what else says of revocations. Never raises for what is in `p7s`.
    """
    try:
        signature = _open(data, p7s, claimed)
        status = _describe(signature)
    except RefusedError as refused:
        return SignatureStatus(Outcome.FAIL, refused.reason)
    except UNREADABLE:
        return SignatureStatus(Outcome.FAIL, Reason.MALFORMED)
    known = signature.known + known
    if signature.token:
        anchors = roots if stamp_roots is None else stamp_roots
        stamp = timestamp.check_token(signature.signature, signature.token, anchors, at, known)
        status = replace(status, stamp=stamp)
    try:
        _require_fit(signature, at)
        outcome, reason, chain = _trust(signature, roots, _moment(status, at), known)
    except RefusedError as refused:
        outcome, reason, chain = Outcome.FAIL, refused.reason, None
    except UNREADABLE:
        outcome, reason, chain = Outcome.FAIL, Reason.UNTRUSTED, None
    status = replace(status, outcome=outcome, reason=reason)
    return replace(status, unrevoked=chain.unrevoked, pointed=chain.pointed) if chain else status


def material(p7s: bytes) -> tuple[tuple[x509.Certificate, ...], Revocations, bytes]:
    """The certificates, signer's first, what says of revocations, and the token, of a signature found intact."""
    signed, info = opened(p7s, "v1")
    found = extract_certs_for_validation(signed)
    token, known = _unsigned(signed, info)
    certificates = [x509.load_der_x509_certificate(c.dump()) for c in (found.signer_cert, *found.other_certs)]
    return tuple(certificates), known, token


def revocations(p7s: bytes) -> Revocations:
    """What says of revocations in a signature, good or not; nothing where it cannot be read."""
    try:
        return _unsigned(*opened(p7s, "v1"))[1]
    except (RefusedError, *UNREADABLE):
        return NOTHING


def _moment(status: SignatureStatus, at: datetime) -> datetime:
    """When the chain must hold: at the time that is proven, else now."""
    stamp = status.stamp
    if stamp is None or stamp.outcome is not Outcome.PASS or stamp.at is None:
        return at
    if status.signed_at is not None and status.signed_at > stamp.at + _CLOCK_SKEW:
        raise RefusedError(Reason.OUTSIDE_VALIDITY)
    return stamp.at


def _describe(signature: _Signature) -> SignatureStatus:
    """What the signature says of itself, trust left open."""
    certificate = signature.certificate
    return SignatureStatus(
        outcome=Outcome.UNKNOWN,
        reason=Reason.NO_ROOTS,
        intact=True,
        subject=certificate.subject.rfc4514_string(),
        fingerprint=fingerprint(certificate),
        signed_at=signature.signed_at,
        level=STAMPED_LEVEL if signature.token else LEVEL,
        self_signed=certificate.subject == certificate.issuer,
        warnings=_warnings(certificate),
    )


def _open(data: bytes, p7s: bytes, claimed: datetime | None) -> _Signature:
    """Read the container and verify the one signature in it."""
    signed, info = _container(p7s)
    names = [attribute["type"].native for attribute in info["signed_attrs"]]
    wanted = ("content_type", "message_digest", "signing_certificate_v2")
    times = 1 if claimed is None else 0
    if any(names.count(name) != 1 for name in wanted) or names.count("signing_time") != times:
        raise RefusedError(Reason.NOT_CADES)
    digest = digest_of(info)
    found = extract_certs_for_validation(signed)
    certificate = certificate_of(found.signer_cert, info)
    same, valid = validate_sig_integrity(
        info, found.signer_cert, expected_content_type="data", actual_digest=hashlib.new(digest, data).digest()
    )
    if not valid:
        raise RefusedError(Reason.FORGED)
    if not same:
        raise RefusedError(Reason.ALTERED)
    signed_at = claimed or find_unique_cms_attribute(info["signed_attrs"], "signing_time").native
    token, known = _unsigned(signed, info)
    return _Signature(certificate, tuple(found.other_certs), signed_at, info["signature"].native, token, known)


def _container(p7s: bytes) -> tuple[cms.SignedData, cms.SignerInfo]:
    """The SignedData and its only signer."""
    signed, info = opened(p7s, "v1")
    content = signed["encap_content_info"]
    if content["content_type"].native != "data":
        raise RefusedError(Reason.MALFORMED)
    if content["content"].native is not None:
        raise RefusedError(Reason.ATTACHED)
    return signed, info


def _unsigned(signed: cms.SignedData, info: cms.SignerInfo) -> tuple[bytes, Revocations]:
    """Token, CRLs and OCSP responses: all that may stand beside what is signed (EN 319 122-1, 5.3 and 5.4)."""
    token = b""
    if present(info["unsigned_attrs"]):
        (attribute,) = info["unsigned_attrs"]
        if attribute["type"].native != _TOKEN:
            raise RefusedError(Reason.MALFORMED)
        (value,) = attribute["values"]
        token = bytes(value.dump())
    if not present(signed["crls"]):
        return token, NOTHING
    if not token:
        raise RefusedError(Reason.MALFORMED)
    crls, ocsps = [], []
    for choice in signed["crls"]:
        if choice.name == "crl":
            crls.append(bytes(choice.chosen.dump()))
        elif choice.name == "other" and choice.chosen["other_rev_info_format"].native == "ocsp_response":
            ocsps.append(bytes(choice.chosen["other_rev_info"].dump()))
        else:
            raise RefusedError(Reason.MALFORMED)
    for crl in crls:
        x509.load_der_x509_crl(crl)
    for answer in ocsps:
        ocsp.load_der_ocsp_response(answer)
    return token, Revocations(tuple(crls), tuple(ocsps))


def _require_fit(signature: _Signature, at: datetime) -> None:
    """The signer's certificate may sign, and was valid when it says it did."""
    certificate, signed_at = signature.certificate, signature.signed_at
    if meant(certificate) is Meant.NO or is_authority(certificate):
        raise RefusedError(Reason.USAGE)
    if signed_at > at + _CLOCK_SKEW:
        raise RefusedError(Reason.OUTSIDE_VALIDITY)
    if not certificate.not_valid_before_utc <= signed_at <= certificate.not_valid_after_utc:
        raise RefusedError(Reason.OUTSIDE_VALIDITY)


def _trust(
    signature: _Signature, roots: Sequence[x509.Certificate], moment: datetime, known: Revocations
) -> tuple[Outcome, Reason, Chain | None]:
    if signature.certificate.subject == signature.certificate.issuer:
        raise RefusedError(Reason.SELF_SIGNED)
    if not roots:
        return Outcome.UNKNOWN, Reason.NO_ROOTS, None

    def chain_at(when: datetime) -> Chain:
        return require_chain(signature.certificate, signature.others, roots, when, known)

    try:
        return Outcome.PASS, Reason.GOOD, chain_at(moment)
    except RefusedError as refused:
        if refused.reason is not Reason.EXPIRED:
            raise
    return Outcome.UNKNOWN, Reason.EXPIRED, chain_at(signature.signed_at)


def _warnings(certificate: x509.Certificate) -> tuple[Warned, ...]:
    key = certificate.public_key()
    short = isinstance(key, rsa.RSAPublicKey) and key.key_size < RSA_BITS
    unsaid = meant(certificate) is Meant.UNSAID
    return (*[Warned.SHORT_RSA] * short, *[Warned.UNSAID_USAGE] * unsaid)
