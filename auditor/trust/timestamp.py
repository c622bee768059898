"""Time stamps (RFC 3161): that bytes existed at a moment, by the word of a third party.

    openssl ts -verify -data SHA256SUMS.p7s -in SHA256SUMS.p7s.tsr -CAfile tsa-root.pem -untrusted tsa.pem

A response is stored without what no signature covers and nobody needs: of its certificates those stay that lead
upwards from the authority's own. So every bit of it counts.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import requests
from asn1crypto import cms, tsp  # type: ignore[import-untyped] # has no stubs
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation, validate_sig_integrity

from auditor.errors import TimeStampError
from auditor.model import Outcome
from auditor.net import plain
from auditor.trust.chain import UNREADABLE, Reason, RefusedError, lineage
from auditor.trust.chain import require as require_chain
from auditor.trust.container import CAP, certificate_of, digest_of, opened, present
from auditor.trust.keys import DIGESTS, fingerprint
from auditor.trust.revocation import NOTHING, Revocations

_IMPRINT = "sha256"
_CLOCK_SKEW = timedelta(minutes=5)
_REQUEST, _RESPONSE = "application/timestamp-query", "application/timestamp-reply"


@dataclass(frozen=True, slots=True)
class StampStatus:
    """What is known about a time stamp.

    `outcome` is PASS only where it is `intact` and its authority's chain ends in a given trust anchor; UNKNOWN where
    that cannot be decided; FAIL otherwise. `at` is the moment it names, in UTC.
    """

    outcome: Outcome
    reason: Reason
    intact: bool = False
    at: datetime | None = None
    subject: str = ""
    fingerprint: str = ""
    unrevoked: bool = False
    """What is known says that the authority's certificate was not revoked at that moment."""


def require_url(url: str) -> str:
    """The URL of an authority as given, if it can be one.

    Raises:
        TimeStampError: no http(s) URL, or one that carries credentials, which would end up in reports.
    """
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    else:
        usable = usable and parts.username is None and parts.password is None
    if not usable or not url.isascii() or not url.isprintable() or " " in url:
        raise TimeStampError("is no URL of a time stamp authority", place="--tsa", hint="http://... or https://...")
    return url


class Authority(TimeStamper):
    """A time stamp authority reached over HTTP (RFC 3161 section 3.4); pyHanko can be given it, too."""

    def __init__(self, url: str, session: requests.Session | None = None) -> None:
        super().__init__(include_nonce=True)  # type: ignore[no-untyped-call] # pyHanko leaves it out
        self.url = require_url(url)
        self.session = session or plain.session()
        self._own: tuple[x509.Certificate, ...] = ()

    def stamp(self, data: bytes) -> bytes:
        """A TimeStampResp over `data`, DER, checked but for who the authority is.

        Raises:
            TimeStampError: no answer, a refusal, or an answer that is not about `data` and now.
        """
        nonce, request = self.request_cms(hashlib.new(_IMPRINT, data).digest(), _IMPRINT)  # type: ignore[no-untyped-call] # pyHanko leaves it out
        response = self._asked(request)
        try:
            granted = _trimmed(response)
            answered = granted["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed["nonce"].native
        except (*UNREADABLE, RefusedError):
            raise self._error("the answer is no time stamp") from None
        stored = bytes(granted.dump())
        now = datetime.now(UTC)
        status = check(data, stored, (), now + _CLOCK_SKEW)
        if answered != nonce or not status.intact or status.at is None:
            raise self._error("the answer is no time stamp of what was sent: {reason}", reason=status.reason)
        if abs(status.at - now) > _CLOCK_SKEW:
            raise self._error(
                "its clock says {theirs}, this machine's {ours}", theirs=f"{status.at:%F %T}Z", ours=f"{now:%F %T}Z"
            )
        return stored

    def certificates(self) -> tuple[x509.Certificate, ...]:
        """The authority's certificate and those above it, no root, as its last answer had them.

        Raises:
            TimeStampError: it had to be asked, and gave no stamp.
        """
        if not self._own:
            self._own = certificates(token_of(self.stamp(b"")))
        return self._own

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """What pyHanko asks for; the answer without what nobody needs."""
        try:
            answer = _trimmed(self._asked(req))
            self._own = certificates(answer["time_stamp_token"])
        except (*UNREADABLE, RefusedError):
            raise self._error("the answer is no time stamp") from None
        return answer

    def _asked(self, request: tsp.TimeStampReq) -> tsp.TimeStampResp:
        try:
            reply = self.session.post(
                self.url,
                data=request.dump(),
                headers={"Content-Type": _REQUEST, "Accept": _RESPONSE},
                allow_redirects=False,
            )
        except (requests.RequestException, OSError) as error:
            raise self._error("no answer: {kind}", kind=type(error).__name__) from None
        if reply.status_code != 200:
            raise self._error("HTTP status {status}", status=reply.status_code)
        kind = reply.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind != _RESPONSE or len(reply.content) > CAP:
            raise self._error("the answer is no time stamp")
        try:
            response = tsp.TimeStampResp.load(reply.content, strict=True)
            status: str = response["status"]["status"].native
        except UNREADABLE:
            raise self._error("the answer is no time stamp") from None
        if status not in ("granted", "granted_with_mods"):
            raise self._error("refused: {status}", status=status)
        return response

    def _error(self, message: str, **values: object) -> TimeStampError:
        return TimeStampError(
            message,
            place=self.url,
            hint="nothing was written; name another authority with --tsa, or none",
            **values,
        )


def check(
    data: bytes, response: bytes, roots: Sequence[x509.Certificate], at: datetime, known: Revocations = NOTHING
) -> StampStatus:
    """Check a stored TimeStampResp over `data`. `at` is the verifier's clock. Never raises for what is in it."""
    try:
        token = _token_in(response)
    except RefusedError as refused:
        return StampStatus(Outcome.FAIL, refused.reason)
    except UNREADABLE:
        return StampStatus(Outcome.FAIL, Reason.MALFORMED)
    return check_token(data, token, roots, at, known)


def _token_in(response: bytes) -> bytes:
    """The token, if the response says nothing beside it."""
    if len(response) > CAP:
        raise RefusedError(Reason.MALFORMED)
    token = tsp.TimeStampResp.load(response, strict=True)["time_stamp_token"]
    if _wrapped(token).dump() != response:
        raise RefusedError(Reason.MALFORMED)
    return bytes(token.dump())


def check_token(
    data: bytes, token: bytes, roots: Sequence[x509.Certificate], at: datetime, known: Revocations = NOTHING
) -> StampStatus:
    """Check a TimeStampToken over `data`, its authority's chain to `roots`, usage and algorithm floors.

    The chain must hold `at`, the verifier's clock or a later stamp's moment: an authority whose certificate has
    expired is no longer watched. Never raises for what is in the token.
    """
    try:
        certificate, others, moment = _open(data, token)
    except RefusedError as refused:
        return StampStatus(Outcome.FAIL, refused.reason)
    except UNREADABLE:
        return StampStatus(Outcome.FAIL, Reason.MALFORMED)
    status = StampStatus(
        outcome=Outcome.UNKNOWN,
        reason=Reason.NO_ROOTS,
        intact=True,
        at=moment,
        subject=certificate.subject.rfc4514_string(),
        fingerprint=fingerprint(certificate),
    )
    try:
        _require_fit(certificate, moment, at)
        outcome, reason, unrevoked = _trust(certificate, others, roots, (moment, at), known)
    except RefusedError as refused:
        outcome, reason, unrevoked = Outcome.FAIL, refused.reason, False
    except UNREADABLE:
        outcome, reason, unrevoked = Outcome.FAIL, Reason.UNTRUSTED, False
    return replace(status, outcome=outcome, reason=reason, unrevoked=unrevoked)


def _trust(
    certificate: x509.Certificate,
    others: Sequence[asn1_x509.Certificate],
    roots: Sequence[x509.Certificate],
    moments: tuple[datetime, datetime],
    known: Revocations,
) -> tuple[Outcome, Reason, bool]:
    """The chain held when the stamp was made, and holds now."""
    if not roots:
        return Outcome.UNKNOWN, Reason.NO_ROOTS, False
    made, now = moments
    unrevoked = require_chain(certificate, others, roots, made, known).unrevoked
    try:
        require_chain(certificate, others, roots, now, known)
    except RefusedError as refused:
        if refused.reason is not Reason.EXPIRED:
            raise
        return Outcome.UNKNOWN, Reason.EXPIRED, unrevoked
    return Outcome.PASS, Reason.GOOD, unrevoked


def token_of(response: bytes) -> cms.ContentInfo:
    """The token in a response that `stamp` gave or `check` found intact."""
    return tsp.TimeStampResp.load(response)["time_stamp_token"]


def certificates(token: cms.ContentInfo) -> tuple[x509.Certificate, ...]:
    """The authority's certificate and those above it, as the token carries them."""
    return certificates_in(token["content"])


def certificates_in(signed: cms.SignedData) -> tuple[x509.Certificate, ...]:
    """The same, of the SignedData of a token."""
    found = extract_certs_for_validation(signed)
    leaf, *bag = (x509.load_der_x509_certificate(c.dump()) for c in (found.signer_cert, *found.other_certs))
    return lineage(leaf, bag)


def _open(data: bytes, token: bytes) -> tuple[x509.Certificate, list[asn1_x509.Certificate], datetime]:
    """Read the token and verify the one signature in it."""
    signed, info = opened(token, "v3")
    content = signed["encap_content_info"]
    if content["content_type"].native != "tst_info" or content["content"].native is None:
        raise RefusedError(Reason.MALFORMED)
    if present(info["unsigned_attrs"]) or present(signed["crls"]):
        raise RefusedError(Reason.MALFORMED)
    names = [attribute["type"].native for attribute in info["signed_attrs"]]
    binding = names.count("signing_certificate_v2"), names.count("signing_certificate")
    if names.count("content_type") != 1 or names.count("message_digest") != 1 or max(binding) != 1:
        raise RefusedError(Reason.NOT_CADES)
    digest = digest_of(info)
    found = extract_certs_for_validation(signed)
    certificate = certificate_of(found.signer_cert, info)
    others = list(found.other_certs)
    bag = [x509.load_der_x509_certificate(other.dump()) for other in others]
    if len(bag) + 1 != len(lineage(certificate, bag)):
        raise RefusedError(Reason.MALFORMED)
    same, valid = validate_sig_integrity(
        info,
        found.signer_cert,
        expected_content_type="tst_info",
        actual_digest=hashlib.new(digest, content["content"].contents).digest(),
    )
    if not valid or not same:
        raise RefusedError(Reason.FORGED)
    stamped: tsp.TSTInfo = content["content"].parsed
    imprint = stamped["message_imprint"]
    algorithm = imprint["hash_algorithm"]["algorithm"].native
    if algorithm not in DIGESTS:
        raise RefusedError(Reason.WEAK)
    if imprint["hashed_message"].native != hashlib.new(algorithm, data).digest():
        raise RefusedError(Reason.ALTERED)
    moment: datetime = stamped["gen_time"].native
    return certificate, others, moment.astimezone(UTC)


def _require_fit(certificate: x509.Certificate, moment: datetime, at: datetime) -> None:
    """The certificate is for time stamps and nothing else (RFC 3161 section 2.3), and the moment is not to come."""
    usages = [e for e in certificate.extensions if isinstance(e.value, x509.ExtendedKeyUsage)]
    only = [ExtendedKeyUsageOID.TIME_STAMPING]
    if len(usages) != 1 or not usages[0].critical or list(usages[0].value) != only:
        raise RefusedError(Reason.USAGE)
    if moment > at + _CLOCK_SKEW:
        raise RefusedError(Reason.OUTSIDE_VALIDITY)


def _trimmed(response: tsp.TimeStampResp) -> tsp.TimeStampResp:
    """The response without what no signature covers and nobody needs."""
    token = response["time_stamp_token"].copy()
    signed = token["content"]
    info = signed["signer_infos"][0]
    signed["certificates"] = [
        cms.CertificateChoices(name="certificate", value=cms.Certificate.load(c.public_bytes(Encoding.DER)))
        for c in certificates(token)
    ]
    signed["crls"] = None
    info["unsigned_attrs"] = None
    return _wrapped(cms.ContentInfo.load(token.dump()))


def _wrapped(token: cms.ContentInfo) -> tsp.TimeStampResp:
    return tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token})
