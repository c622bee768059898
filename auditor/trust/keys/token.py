"""Keys in tokens and hardware modules, by PKCS#11: named by a `pkcs11:` URI (RFC 7512), used where they are.

    pkcs11:token=Persandian;object=segel?module-path=/usr/lib/softhsm/libsofthsm2.so

The module may also be named in the variable AUDITOR_PKCS11_MODULE. A PIN in the URI is refused: it would be seen by
everyone on the machine. The certificate lies in the token beside the key, under the same id or label.
"""

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

import pkcs11
from asn1crypto import algos, core  # type: ignore[import-untyped] # has no stubs
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from pkcs11 import Attribute, Mechanism, ObjectClass
from pkcs11.exceptions import PKCS11Error, UserAlreadyLoggedIn

from auditor.errors import KeyFileError
from auditor.trust.keys.files import Description, refuse_unfit, refuse_weak
from auditor.trust.keys.signer import Signer, Store, algorithm, fingerprint

MODULE_VARIABLE = "AUDITOR_PKCS11_MODULE"

_KNOWN = frozenset({"token", "serial", "manufacturer", "model", "slot-id", "object", "id", "type"})
_SHOWN = {
    Attribute.SENSITIVE: "sensitive",
    Attribute.ALWAYS_SENSITIVE: "always sensitive",
    Attribute.EXTRACTABLE: "extractable",
    Attribute.NEVER_EXTRACTABLE: "never extractable",
    Attribute.LOCAL: "local",
}


@dataclass(frozen=True, slots=True)
class Place:
    """What a URI names."""

    uri: str
    module: str
    token: Mapping[str, str]
    label: str | None
    id: bytes | None


@dataclass(frozen=True, slots=True)
class _Key:
    """A private key in an open session."""

    handle: Any = field(repr=False)
    public: object

    def sign(self, data: bytes, digest: str) -> bytes:
        """As `keys.signer.TokenKey`; hashed here, since many tokens know the bare mechanisms only."""
        hashed = hashlib.new(digest, data).digest()
        if isinstance(self.public, rsa.RSAPublicKey):
            kind = {"algorithm": digest, "parameters": core.Null()}
            info = algos.DigestInfo({"digest_algorithm": kind, "digest": hashed})
            return bytes(self.handle.sign(info.dump(), mechanism=Mechanism.RSA_PKCS))
        pair = bytes(self.handle.sign(hashed, mechanism=Mechanism.ECDSA))
        half = len(pair) // 2
        return encode_dss_signature(int.from_bytes(pair[:half], "big"), int.from_bytes(pair[half:], "big"))


def parse(uri: str) -> Place:
    """What the URI names.

    Raises:
        KeyFileError: not of RFC 7512, with a PIN in it, or without a module.
    """
    path, _, query = uri.removeprefix("pkcs11:").partition("?")
    named = _pairs(path, ";")
    asked = _pairs(query, "&")
    if "pin-value" in asked or "pin-value" in named or "pin-source" in asked:
        raise KeyFileError(
            "a PIN has no place in the URI", place="--key", hint="it is asked for; or give it with --passphrase-fd"
        )
    unknown = sorted(set(named) - _KNOWN)
    if unknown:
        raise KeyFileError("{name} is nothing that a pkcs11: URI names", place="--key", name=unknown[0])
    module = unquote(asked.get("module-path", "")) or os.environ.get(MODULE_VARIABLE, "")
    if not module:
        raise KeyFileError(
            "no PKCS#11 module is named",
            place="--key",
            hint="add ?module-path=/usr/lib/... or set {variable}",
            variable=MODULE_VARIABLE,
        )
    token = {name: unquote(value) for name, value in named.items() if name not in ("object", "id", "type")}
    label = unquote(named["object"]) if "object" in named else None
    return Place(f"pkcs11:{path}", module, token, label, unquote_to_bytes(named["id"]) if "id" in named else None)


def load(uri: str, ask_pin: Callable[[], bytes]) -> Signer:
    """Open the token and find the one key and certificate that the URI names.

    Raises:
        KeyFileError: as `keys.load`; no such module, token or key, several of them, or a wrong PIN.
    """
    place = parse(uri)
    try:
        session = _logged_in(_token(place), ask_pin().decode())
        handle = _only(place, session.get_objects(_query(place, ObjectClass.PRIVATE_KEY)), "private key")
        identity = Place(place.uri, place.module, place.token, place.label, place.id or _read(handle, Attribute.ID))
        certificate = _certificate(identity, session)
        others = [_loaded(one) for one in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})]
        attributes = tuple(name for attribute, name in _SHOWN.items() if _read(handle, attribute))
    except PKCS11Error as error:
        raise _refused(place, error) from None
    except UnicodeDecodeError:
        raise KeyFileError("the PIN is no text", place=place.uri) from None
    public = certificate.public_key()
    refuse_weak(place.uri, public)
    refuse_unfit(place.uri, certificate, datetime.now(UTC))
    chain = tuple(one for one in others if one != certificate and one.issuer != one.subject)
    return Signer(_Key(handle, public), certificate, chain, store=Store.TOKEN, attributes=attributes)


def describe(uri: str) -> Description:
    """The certificate that lies beside the key; no PIN is needed.

    Raises:
        KeyFileError: as `load`.
    """
    place = parse(uri)
    try:
        certificate = _certificate(place, _token(place).open())
    except PKCS11Error as error:
        raise _refused(place, error) from None
    return Description(
        subject=certificate.subject.rfc4514_string(),
        issuer=certificate.issuer.rfc4514_string(),
        fingerprint=fingerprint(certificate),
        algorithm=algorithm(certificate.public_key()),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        encrypted=None,
    )


def _logged_in(token: Any, pin: str) -> Any:
    try:
        return token.open(user_pin=pin)
    except UserAlreadyLoggedIn:  # by this very process: a login is the application's, not the session's
        return token.open()


def _pairs(text: str, separator: str) -> dict[str, str]:
    parts = [part.partition("=") for part in text.split(separator) if part]
    pairs = {name: value for name, _, value in parts}
    if any(not equals for _, equals, _ in parts) or len(pairs) != len(parts):
        raise KeyFileError("is no pkcs11: URI", place="--key", hint="such as pkcs11:token=NAME;object=KEY")
    return pairs


def _token(place: Place) -> Any:
    try:
        found = list(pkcs11.lib(place.module).get_tokens())
    except (PKCS11Error, RuntimeError, OSError):
        raise KeyFileError("the PKCS#11 module cannot be loaded", place=place.module) from None
    return _only(place, [token for token in found if _is(token, place.token)], "token")


def _is(token: Any, named: Mapping[str, str]) -> bool:
    told = {
        "token": token.label,
        "serial": token.serial.decode("utf-8", "replace"),
        "manufacturer": token.manufacturer_id,
        "model": token.model,
        "slot-id": str(token.slot.slot_id),
    }
    return all(told[name].strip(" \0") == value for name, value in named.items())


def _query(place: Place, kind: ObjectClass) -> dict[Attribute, Any]:
    wanted: dict[Attribute, Any] = {Attribute.CLASS: kind}
    if place.label is not None:
        wanted[Attribute.LABEL] = place.label
    if place.id is not None:
        wanted[Attribute.ID] = place.id
    return wanted


def _certificate(place: Place, session: Any) -> x509.Certificate:
    """By id and label; by id alone where the label is the key's own."""
    found = list(session.get_objects(_query(place, ObjectClass.CERTIFICATE)))
    if not found and place.id is not None:
        found = list(session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.ID: place.id}))
    return _loaded(_only(place, found, "certificate"))


def _loaded(found: Any) -> x509.Certificate:
    return x509.load_der_x509_certificate(bytes(found[Attribute.VALUE]))


def _only(place: Place, found: Sequence[Any], kind: str) -> Any:
    found = list(found)
    if len(found) != 1:
        raise KeyFileError(
            "names {n} objects of the kind: {kind}",
            place=place.uri,
            n=len(found),
            kind=kind,
            hint="name one by token=, object= or id=",
        )
    return found[0]


def _read(handle: Any, attribute: Attribute) -> Any:
    """An attribute, or nothing where the token does not tell it."""
    try:
        return handle[attribute]
    except PKCS11Error:
        return None


def _refused(place: Place, error: PKCS11Error) -> KeyFileError:
    kind = type(error).__name__
    if kind in ("PinIncorrect", "PinLenRange", "PinInvalid"):
        return KeyFileError("the PIN is wrong", place=place.uri)
    if kind == "PinLocked":
        return KeyFileError("the PIN is locked: too many wrong ones", place=place.uri)
    return KeyFileError("the token refuses: {kind}", place=place.uri, kind=kind)
