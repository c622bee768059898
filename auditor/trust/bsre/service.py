"""Calls of the e-Sign service: each one request over HTTPS, its answer read tolerantly, its refusal told plainly."""

import base64
import binascii
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from auditor.canonical import DecodeError, load_json
from auditor.errors import BsreError
from auditor.net import plain
from auditor.trust.bsre.account import Account, read_secret

_CAP = 256 * 1024 * 1024
_RETRIED = (400, 415, 422)


@dataclass(frozen=True, slots=True)
class SignatureInformation:
    """One signature as the service sees it."""

    signer: str
    at: str
    intact: bool
    trusted: bool
    format: str
    stamped: str
    """When its time stamp was made, in the service's words; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the service says of a document. Its conclusion is one of an open set of words and decides nothing."""

    conclusion: str
    description: str
    signatures: tuple[SignatureInformation, ...]

    @property
    def good(self) -> bool:
        """Whether there are signatures, all intact and all by trusted certificates."""
        return bool(self.signatures) and all(one.intact and one.trusted for one in self.signatures)


class Service:
    """The e-Sign service of one account."""

    def __init__(self, account: Account, session: requests.Session | None = None) -> None:
        self.account = account
        self._session = session or plain.session()
        if account.ca:
            self._session.verify = str(account.ca)

    def status(self, signer: str) -> str:
        """Whether a person's certificate can sign, in the service's words.

        Raises:
            BsreError: the service refuses, or cannot be reached.
        """
        if self.account.version == 1:
            answer = self._json("GET", f"/api/user/status/{signer}")
        else:
            answer = self._json("POST", "/api/v2/user/check/status", json=_who(signer))
        return _text(answer, "status", "message")

    def sign(self, document: bytes, signer: str, passphrase: str, reason: str) -> bytes:
        """The document with the person's signature. The passphrase is sent once, and kept nowhere.

        Raises:
            BsreError: as `status`.
        """
        if self.account.version == 1:
            form = {"nik": signer, "passphrase": passphrase, "tampilan": "invisible", "reason": reason}
            reply = self._asked("POST", "/api/sign/pdf", data=form, files=_upload("file", document))
            return self._signed_by_v1(reply)
        body = {
            **_who(signer),
            "passphrase": passphrase,
            "signatureProperties": [{"tampilan": "INVISIBLE", "reason": reason}],
            "file": [base64.b64encode(document).decode()],
        }
        return self._file(self._json("POST", "/api/v2/sign/pdf", json=body))

    def seal(self, document: bytes, reason: str) -> bytes:
        """The document with the agency's seal. The one-time code is exchanged for the next one first.

        Raises:
            BsreError: as `status`; v1, or an account without a seal.
        """
        subscriber, totp = self._subscription()
        body = {
            "idSubscriber": subscriber,
            "totp": self._exchanged(subscriber, totp),
            "signatureProperties": [{"tampilan": "INVISIBLE", "reason": reason}],
            "file": [base64.b64encode(document).decode()],
        }
        return self._file(self._json("POST", "/api/v2/seal/pdf", json=body))

    def activate(self) -> str:
        """Ask for the seal's activation; what the service says to do next.

        Raises:
            BsreError: as `seal`.
        """
        subscriber, _ = self._subscription()
        answer = self._json("POST", "/api/v2/seal/get/activation", json={"idSubscriber": subscriber})
        return _text(answer, "message", "result")

    def verify(self, document: bytes) -> Judgement:
        """What the service says of the signatures in a document.

        Raises:
            BsreError: as `status`.
        """
        if self.account.version == 1:
            return _judgement(self._json("POST", "/api/sign/verify", files=_upload("signed_file", document)))
        content = base64.b64encode(document).decode()
        reply = self._asked("POST", "/api/v2/verify/pdf", json={"file": content}, refusable=True)
        if reply.status_code in _RETRIED:  # some versions want a list
            reply = self._asked("POST", "/api/v2/verify/pdf", json={"file": [content]})
        return _judgement(self._read(reply))

    def _subscription(self) -> tuple[str, Path]:
        if self.account.version == 1:
            raise self._error("version 1 of the service has no seal")
        if not self.account.subscriber or self.account.totp is None:
            raise self._error("the account names no seal: subscriber and totp are needed")
        return self.account.subscriber, self.account.totp

    def _exchanged(self, subscriber: str, kept: Path) -> str:
        """The next one-time code; the old one is void, so that the new one is kept before anything else is done."""
        body = {"idSubscriber": subscriber, "totp": read_secret(kept), "data": 1}
        code = _text(self._json("POST", "/api/v2/seal/get/totp", json=body), "totp", "result")
        if not code:
            raise self._error("the service gave no one-time code")
        draft = kept.with_name(f".{kept.name}.new")
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(f"{code}\n")
            file.flush()
            os.fsync(descriptor)
        draft.replace(kept)
        return code

    def _signed_by_v1(self, reply: requests.Response) -> bytes:
        """The body itself, or what is fetched by the id in a header or in JSON."""
        if reply.content.startswith(b"%PDF-"):
            return reply.content
        identity = reply.headers.get("id_dokumen") or _text(self._read(reply), "id_dokumen")
        if not identity.replace("-", "").isalnum():
            raise self._error("the service gave back no PDF")
        fetched = self._asked("GET", f"/api/sign/download/{identity}").content
        if not fetched.startswith(b"%PDF-"):
            raise self._error("the service gave back no PDF")
        return fetched

    def _file(self, answer: Mapping[str, Any]) -> bytes:
        found = answer.get("file")
        content = found[0] if isinstance(found, list) and found else found
        try:
            document = base64.b64decode(content, validate=True) if isinstance(content, str) else b""
        except binascii.Error:
            document = b""
        if not document.startswith(b"%PDF-"):
            raise self._error("the service gave back no PDF")
        return document

    def _json(self, method: str, path: str, **what: Any) -> Mapping[str, Any]:
        return self._read(self._asked(method, path, **what))

    def _read(self, reply: requests.Response) -> Mapping[str, Any]:
        try:
            answer = load_json(reply.content)
        except DecodeError:
            answer = None
        if not isinstance(answer, dict):
            raise self._error("the service's answer cannot be read")
        return answer

    def _asked(self, method: str, path: str, *, refusable: bool = False, **what: Any) -> requests.Response:
        pair = f"{self.account.user}:{self.account.password}".encode()
        basic = {"Authorization": "Basic " + base64.b64encode(pair).decode()}
        try:
            reply = self._session.request(method, self.account.url + path, headers=basic, allow_redirects=False, **what)
        except (requests.RequestException, OSError) as error:
            raise self._error("the e-Sign service cannot be reached: {kind}", kind=type(error).__name__) from None
        if len(reply.content) > _CAP:
            raise self._error("the service's answer cannot be read")
        if reply.status_code >= 300 and not (refusable and reply.status_code in _RETRIED):
            raise self._refusal(reply)
        return reply

    def _refusal(self, reply: requests.Response) -> BsreError:
        try:
            answer = load_json(reply.content)
        except DecodeError:
            answer = {}
        told = _text(answer, "error", "message") if isinstance(answer, dict) else ""
        said = "".join(c if c.isprintable() else " " for c in told)[:200]
        code = reply.status_code
        if code in (401, 403):
            return self._error("the service refuses the agency's user name or password: {said}", said=said)
        if code == 404:
            return self._error("the service does not know this: {said}", said=said)
        if code >= 500:
            return self._error("the service is out of order (status {code}): {said}", code=code, said=said)
        return self._error("the service refuses (status {code}): {said}", code=code, said=said)

    def _error(self, message: str, **values: object) -> BsreError:
        return BsreError(message, place=self.account.url, hint="", **values)


def _who(signer: str) -> dict[str, str]:
    return {"email": signer} if "@" in signer else {"nik": signer}


def _upload(name: str, document: bytes) -> dict[str, tuple[str, bytes, str]]:
    return {name: ("report.pdf", document, "application/pdf")}


def _text(answer: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that holds text or a number."""
    return next((str(answer[name]) for name in names if isinstance(answer.get(name), str | int)), "")


def _judgement(answer: Mapping[str, Any]) -> Judgement:
    listed = answer.get("signatureInformations")
    found = [_information(one) for one in listed if isinstance(one, dict)] if isinstance(listed, Sequence) else []
    return Judgement(_text(answer, "conclusion", "summary"), _text(answer, "description", "notes"), tuple(found))


def _information(one: Mapping[str, Any]) -> SignatureInformation:
    """`timestampInfomation` is how the service spells it today; the right spelling is read too."""
    stamp = one.get("timestampInfomation") or one.get("timestampInformation") or {}
    return SignatureInformation(
        signer=_text(one, "signerName"),
        at=_text(one, "signatureDate"),
        intact=one.get("integrityValid") is True,
        trusted=one.get("certificateTrusted") is True,
        format=_text(one, "signatureFormat"),
        stamped=_text(stamp, "timestampDate") if isinstance(stamp, dict) else "",
    )
