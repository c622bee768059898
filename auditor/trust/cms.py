"""Detached CAdES-B signatures (ETSI EN 319 122-1) over bytes: made with pyHanko, checked here and by openssl.

    openssl cms -verify -cades -binary -inform DER -in SHA256SUMS.p7s -content SHA256SUMS -CAfile root.pem

What a signature of this level does not prove, and `check` does not pretend: when it was made (the time in it is
the signer's own claim) and whether the certificate was revoked meanwhile (no CRL or OCSP answer is looked at).
"""

import asyncio
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from asn1crypto import cms  # type: ignore[import-untyped] # has no stubs
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.general import find_unique_cms_attribute
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_cms import Signer as CmsSigner
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation, validate_sig_integrity
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import ExpiredError, NotYetValidError, PathError, ValidationError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from auditor.model import Outcome
from auditor.trust.anchors import is_authority
from auditor.trust.keys import DIGESTS, RSA_BITS, USAGES, Signer, fingerprint, usages

LEVEL = "CAdES-B"
PADES_LEVEL = "PAdES B-B"

_CURVES = ("secp256r1", "secp384r1", "secp521r1")
_FOREIGN_RSA_BITS = 2048
_CERTIFICATES = 10
_CAP = 1024 * 1024
_CLOCK_SKEW = timedelta(minutes=5)

_UNREADABLE = (
    ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError, RuntimeError,
    UnsupportedAlgorithm, InvalidSignature, PathError, ValidationError,
)  # fmt: skip
"""What the ASN.1 and CMS libraries raise on bytes that somebody twisted: they read lazily, so anywhere."""


class Reason(StrEnum):
    """What a check of a signature ended with."""

    GOOD = "good"
    MALFORMED = "malformed"
    """Not one SignedData of the expected shape; its signer is named by issuer and serial number."""
    ATTACHED = "attached"
    """Carries content of its own, so it is not (only) about the data given."""
    SIGNERS = "signers"
    """Not exactly one signer."""
    NOT_CADES = "not_cades"
    """Without the signed attributes that CAdES asks for."""
    ALTERED = "altered"
    """The data is not what was signed."""
    FORGED = "forged"
    """The signature is not that of the certificate's key."""
    WEAK = "weak"
    """A hash, key or curve below the floor, in the signature or the chain."""
    USAGE = "usage"
    """The certificate is not meant for signing."""
    SELF_SIGNED = "self_signed"
    """Its own issuer: an ephemeral key, which proves nothing about who signed."""
    NO_ROOTS = "no_roots"
    """No trust anchor was given, so nothing is said about who signed."""
    UNTRUSTED = "untrusted"
    """No chain to the trust anchors given."""
    EXPIRED = "expired"
    """The chain has expired; UNKNOWN where it was valid at the claimed time, which no time stamp proves."""
    NOT_YET_VALID = "not_yet_valid"
    OUTSIDE_VALIDITY = "outside_validity"
    """The claimed time of signing is outside the certificate's validity, or in the future."""


class Warned(StrEnum):
    """What does not break a signature but should be read."""

    SHORT_RSA = "short_rsa"
    """RSA below 3072 bits, which our own keys must have."""


@dataclass(frozen=True, slots=True)
class SignatureStatus:
    """What is known about a signature.

    `outcome` is PASS only where the signature is `intact` and its chain ends in a given trust anchor; UNKNOWN
    where trust cannot be decided; FAIL otherwise. `signed_at` is the signer's claim.
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


class _RefusedError(Exception):
    def __init__(self, reason: Reason) -> None:
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Signature:
    """A signature that is arithmetically good over the data."""

    certificate: x509.Certificate
    others: tuple[asn1_x509.Certificate, ...]
    signed_at: datetime


class KeyHolder(CmsSigner):
    """pyHanko's view of our key, which stays the object it was loaded as."""

    def __init__(self, signer: Signer) -> None:
        registry = SimpleCertificateStore()  # type: ignore[no-untyped-call] # pyHanko leaves it out
        registry.register_multiple(_asn1(signer.chain))
        super().__init__(signing_cert=_asn1([signer.certificate])[0], cert_registry=registry, embed_roots=False)
        self._key = signer.key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: FBT001, FBT002, ARG002 - pyHanko's signature
        """The bare signature over `data`."""
        digest = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384()}[digest_algorithm]
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), digest)
        return self._key.sign(data, ec.ECDSA(digest))


def sign(signer: Signer, data: bytes, at: datetime) -> bytes:
    """A detached CAdES-B signature over `data`, DER, with the chain's certificates but not the root.

    `at` is written in as the time of signing, to the second.
    """
    signed: cms.ContentInfo = asyncio.run(
        KeyHolder(signer).async_sign_general_data(
            data,
            signer.digest,
            use_cades=True,
            signed_attr_settings=PdfCMSSignedAttributes(signing_time=at),
        )
    )
    return bytes(signed.dump())


def check(
    data: bytes, p7s: bytes, roots: Sequence[x509.Certificate], at: datetime, *, claimed: datetime | None = None
) -> SignatureStatus:
    """Check a detached signature over `data`, its signer's chain to `roots`, usages and algorithm floors.

    `at` is the verifier's clock. `claimed` is the time of signing where it stands in `data` and must not stand in
    `p7s`, as PAdES has it (ETSI EN 319 142-1 section 6.3). Never raises for what is in `p7s`.
    """
    try:
        signature = _open(data, p7s, claimed)
        status = _describe(signature, LEVEL if claimed is None else PADES_LEVEL)
    except _RefusedError as refused:
        return SignatureStatus(Outcome.FAIL, refused.reason)
    except _UNREADABLE:
        return SignatureStatus(Outcome.FAIL, Reason.MALFORMED)
    try:
        _require_fit(signature, at)
        outcome, reason = _trust(signature, roots, at)
    except _RefusedError as refused:
        outcome, reason = Outcome.FAIL, refused.reason
    except _UNREADABLE:
        outcome, reason = Outcome.FAIL, Reason.UNTRUSTED
    return replace(status, outcome=outcome, reason=reason)


def _describe(signature: _Signature, level: str) -> SignatureStatus:
    """What the signature says of itself, trust left open."""
    certificate = signature.certificate
    return SignatureStatus(
        outcome=Outcome.UNKNOWN,
        reason=Reason.NO_ROOTS,
        intact=True,
        subject=certificate.subject.rfc4514_string(),
        fingerprint=fingerprint(certificate),
        signed_at=signature.signed_at,
        level=level,
        self_signed=certificate.subject == certificate.issuer,
        warnings=(Warned.SHORT_RSA,) if _short(certificate.public_key()) else (),
    )


def _open(data: bytes, p7s: bytes, claimed: datetime | None) -> _Signature:
    """Read the container and verify the one signature in it."""
    signed, info = _container(p7s)
    names = [attribute["type"].native for attribute in info["signed_attrs"]]
    wanted = ("content_type", "message_digest", "signing_certificate_v2")
    times = 1 if claimed is None else 0
    if any(names.count(name) != 1 for name in wanted) or names.count("signing_time") != times:
        raise _RefusedError(Reason.NOT_CADES)
    digest = _digest_of(info)
    found = extract_certs_for_validation(signed)
    if info["sid"].chosen["issuer"].dump() != found.signer_cert.issuer.dump():
        raise _RefusedError(Reason.MALFORMED)  # the library would let case and white space differ
    certificate = x509.load_der_x509_certificate(found.signer_cert.dump())
    if not _strong(certificate.public_key()):
        raise _RefusedError(Reason.WEAK)
    same, valid = validate_sig_integrity(
        info, found.signer_cert, expected_content_type="data", actual_digest=hashlib.new(digest, data).digest()
    )
    if not valid:
        raise _RefusedError(Reason.FORGED)
    if not same:
        raise _RefusedError(Reason.ALTERED)
    signed_at = claimed or find_unique_cms_attribute(info["signed_attrs"], "signing_time").native
    return _Signature(certificate, tuple(found.other_certs), signed_at)


def _container(p7s: bytes) -> tuple[cms.SignedData, cms.SignerInfo]:
    """The SignedData and its only signer."""
    if len(p7s) > _CAP:
        raise _RefusedError(Reason.MALFORMED)
    container = cms.ContentInfo.load(p7s, strict=True)
    if container["content_type"].native != "signed_data":
        raise _RefusedError(Reason.MALFORMED)
    signed: cms.SignedData = container["content"]
    content = signed["encap_content_info"]
    if content["content_type"].native != "data" or len(signed["certificates"]) > _CERTIFICATES:
        raise _RefusedError(Reason.MALFORMED)
    if content["content"].native is not None:
        raise _RefusedError(Reason.ATTACHED)
    if len(signed["signer_infos"]) != 1:
        raise _RefusedError(Reason.SIGNERS)
    info: cms.SignerInfo = signed["signer_infos"][0]
    _require_plain(signed, info)
    return signed, info


def _require_plain(signed: cms.SignedData, info: cms.SignerInfo) -> None:
    """What no signature covers must say nothing else than what the signature says (RFC 5652 sections 5.1, 5.3)."""
    digest = info["digest_algorithm"]
    listed = signed["digest_algorithms"]
    if len(listed) != 1 or listed[0].dump() != digest.dump() or digest["parameters"].native is not None:
        raise _RefusedError(Reason.MALFORMED)
    if info["sid"].name != "issuer_and_serial_number":
        raise _RefusedError(Reason.MALFORMED)
    if signed["version"].native != "v1" or info["version"].native != "v1":
        raise _RefusedError(Reason.MALFORMED)
    if any(choice.name != "certificate" for choice in signed["certificates"]):
        raise _RefusedError(Reason.MALFORMED)
    if info["unsigned_attrs"].native is not None or signed["crls"].native is not None:
        raise _RefusedError(Reason.MALFORMED)


def _digest_of(info: cms.SignerInfo) -> str:
    """The one hash of the signature, where it and the mechanism are above the floor."""
    digest: str = info["digest_algorithm"]["algorithm"].native
    mechanism = info["signature_algorithm"]
    if digest not in DIGESTS:
        raise _RefusedError(Reason.WEAK)
    if mechanism["algorithm"].native == "rsassa_pkcs1v15":  # names no hash: the digest algorithm's counts
        return digest
    if mechanism.signature_algo not in ("ecdsa", "rsassa_pkcs1v15", "rsassa_pss") or mechanism.hash_algo != digest:
        raise _RefusedError(Reason.WEAK)
    return digest


def _require_fit(signature: _Signature, at: datetime) -> None:
    """The signer's certificate may sign, and was valid when it says it did."""
    certificate, signed_at = signature.certificate, signature.signed_at
    key_usage = [e.value for e in certificate.extensions if isinstance(e.value, x509.KeyUsage)]
    may_sign = any(usage.digital_signature or usage.content_commitment for usage in key_usage)
    if not may_sign or not usages(certificate.extensions) & USAGES or is_authority(certificate):
        raise _RefusedError(Reason.USAGE)
    if signed_at > at + _CLOCK_SKEW:
        raise _RefusedError(Reason.OUTSIDE_VALIDITY)
    if not certificate.not_valid_before_utc <= signed_at <= certificate.not_valid_after_utc:
        raise _RefusedError(Reason.OUTSIDE_VALIDITY)


def _trust(signature: _Signature, roots: Sequence[x509.Certificate], at: datetime) -> tuple[Outcome, Reason]:
    if signature.certificate.subject == signature.certificate.issuer:
        raise _RefusedError(Reason.SELF_SIGNED)
    if not roots:
        return Outcome.UNKNOWN, Reason.NO_ROOTS
    authorities = [root for root in roots if is_authority(root)]
    if not authorities:
        raise _RefusedError(Reason.UNTRUSTED)
    try:
        _require_chain(signature, authorities, at)
    except _RefusedError as refused:
        if refused.reason is not Reason.EXPIRED:
            raise
        _require_chain(signature, authorities, signature.signed_at)
        return Outcome.UNKNOWN, Reason.EXPIRED
    return Outcome.PASS, Reason.GOOD


def _require_chain(signature: _Signature, roots: Sequence[x509.Certificate], moment: datetime) -> None:
    """A chain to one of `roots` (never empty: the library would take the system's) that holds at `moment`."""
    context = ValidationContext(
        trust_roots=_asn1(roots), other_certs=list(signature.others), moment=moment, allow_fetching=False
    )
    validator = CertificateValidator(_asn1([signature.certificate])[0], validation_context=context)
    try:
        path = asyncio.run(validator.async_validate_path())
    except ExpiredError:
        raise _RefusedError(Reason.EXPIRED) from None
    except NotYetValidError:
        raise _RefusedError(Reason.NOT_YET_VALID) from None
    chain = [x509.load_der_x509_certificate(c.dump()) for c in path.iter_certs(include_root=True)]
    anchor = [c for c in chain if c in roots]
    for certificate in chain:
        digest = certificate.signature_hash_algorithm
        trusted_as_is = certificate in anchor
        if not trusted_as_is and (digest is None or digest.name not in DIGESTS):
            raise _RefusedError(Reason.WEAK)
        if not _strong(certificate.public_key()):
            raise _RefusedError(Reason.WEAK)
        if moment > certificate.not_valid_after_utc:
            raise _RefusedError(Reason.EXPIRED)


def _strong(key: object) -> bool:
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size >= _FOREIGN_RSA_BITS
    return isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in _CURVES


def _short(key: object) -> bool:
    return isinstance(key, rsa.RSAPublicKey) and key.key_size < RSA_BITS


def _asn1(certificates: Iterable[x509.Certificate]) -> list[asn1_x509.Certificate]:
    return [asn1_x509.Certificate.load(c.public_bytes(Encoding.DER)) for c in certificates]
