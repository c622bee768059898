"""The outer shape of a SignedData (RFC 5652), read strictly: what no signature covers may say nothing of its own."""

from asn1crypto import cms, core  # type: ignore[import-untyped] # has no stubs
from cryptography import x509

from auditor.trust.chain import Reason, RefusedError, strong
from auditor.trust.keys import DIGESTS

CAP = 1024 * 1024
_CERTIFICATES = 10


def opened(data: bytes, version: str) -> tuple[cms.SignedData, cms.SignerInfo]:
    """The SignedData of that version, and its only signer, named by issuer and serial number.

    Raises:
        RefusedError: MALFORMED, SIGNERS; and what asn1crypto raises, `chain.UNREADABLE`.
    """
    if len(data) > CAP:
        raise RefusedError(Reason.MALFORMED)
    container = cms.ContentInfo.load(data, strict=True)
    if container["content_type"].native != "signed_data":
        raise RefusedError(Reason.MALFORMED)
    signed: cms.SignedData = container["content"]
    if len(signed["certificates"]) > _CERTIFICATES:
        raise RefusedError(Reason.MALFORMED)
    if len(signed["signer_infos"]) != 1:
        raise RefusedError(Reason.SIGNERS)
    info: cms.SignerInfo = signed["signer_infos"][0]
    _require_plain(signed, info, version)
    return signed, info


def _require_plain(signed: cms.SignedData, info: cms.SignerInfo, version: str) -> None:
    """What no signature covers must say nothing else than what the signature says (RFC 5652 sections 5.1, 5.3)."""
    digest = info["digest_algorithm"]
    listed = signed["digest_algorithms"]
    if len(listed) != 1 or listed[0].dump() != digest.dump() or digest["parameters"].native is not None:
        raise RefusedError(Reason.MALFORMED)
    if info["sid"].name != "issuer_and_serial_number":
        raise RefusedError(Reason.MALFORMED)
    if any(choice.name == "other" for choice in signed["crls"]):
        version = "v5"
    if signed["version"].native != version or info["version"].native != "v1":
        raise RefusedError(Reason.MALFORMED)
    if any(choice.name != "certificate" for choice in signed["certificates"]):
        raise RefusedError(Reason.MALFORMED)


def certificate_of(found: object, info: cms.SignerInfo) -> x509.Certificate:
    """The signer's certificate as pyHanko found it, if it is named to the byte and its key is above the floor."""
    if info["sid"].chosen["issuer"].dump() != found.issuer.dump():  # type: ignore[attr-defined]
        raise RefusedError(Reason.MALFORMED)  # the library would let case and white space differ
    certificate = x509.load_der_x509_certificate(found.dump())  # type: ignore[attr-defined]
    if not strong(certificate.public_key()):
        raise RefusedError(Reason.WEAK)
    return certificate


def digest_of(info: cms.SignerInfo) -> str:
    """The one hash of the signature, where it and the mechanism are above the floor."""
    digest: str = info["digest_algorithm"]["algorithm"].native
    mechanism = info["signature_algorithm"]
    if digest not in DIGESTS:
        raise RefusedError(Reason.WEAK)
    if mechanism["algorithm"].native == "rsassa_pkcs1v15":  # names no hash: the digest algorithm's counts
        return digest
    if mechanism.signature_algo not in ("ecdsa", "rsassa_pkcs1v15", "rsassa_pss") or mechanism.hash_algo != digest:
        raise RefusedError(Reason.WEAK)
    return digest


def present(part: object) -> bool:
    """Whether an optional part is there; `native` would answer too, after decoding all of it over and over."""
    return not isinstance(part, core.Void)
