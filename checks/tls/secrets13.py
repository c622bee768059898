"""The keys of a TLS 1.3 conversation (RFC 8446, section 7.1), seen from the client.

Our own keys are fixed, so that the same question is the same bytes and a recorded answer can be read again. They keep
nothing secret: over no such conversation is anything sent that matters.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec, x448, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ..tls.records import TlsParseError

X25519, X448 = 29, 30
_CURVES: dict[int, ec.EllipticCurve] = {23: ec.SECP256R1(), 24: ec.SECP384R1(), 25: ec.SECP521R1()}
"""Groups of TLS (RFC 8446, section 4.2.7) that we have keys for, beside X25519 and X448."""

Aead = AESGCM | AESCCM | ChaCha20Poly1305


@dataclass(frozen=True, slots=True)
class _Suite:
    digest: str
    key: int
    """Octets."""
    aead: Callable[[bytes], Aead]
    short: bool = False


_SUITES = {
    0x1301: _Suite("sha256", 16, AESGCM),
    0x1302: _Suite("sha384", 32, AESGCM),
    0x1303: _Suite("sha256", 32, ChaCha20Poly1305),
    0x1304: _Suite("sha256", 16, lambda key: AESCCM(key, 16)),
    0x1305: _Suite("sha256", 16, lambda key: AESCCM(key, 8), short=True),
}


@dataclass(frozen=True, slots=True)
class Protection:
    """How the server's handshake records are protected (RFC 8446, section 5.2)."""

    aead: Aead
    iv: bytes
    short: bool = False
    """The tag has 8 octets, not 16."""

    def opened(self, sequence: int, header: bytes, fragment: bytes) -> tuple[int, bytes]:
        """Content type and content of the record with this number.

        Raises:
            TlsParseError: it was not made with this key, or holds nothing.
        """
        nonce = (int.from_bytes(self.iv) ^ sequence).to_bytes(len(self.iv))
        try:
            inner = self.aead.decrypt(nonce, fragment, header).rstrip(b"\0")
        except (InvalidTag, ValueError):
            raise TlsParseError("a record that cannot be decrypted") from None
        if not inner:
            raise TlsParseError("a record without content")
        return inner[-1], inner[:-1]

    def sealed(self, sequence: int, content_type: int, content: bytes) -> bytes:
        """The record with this number."""
        nonce = (int.from_bytes(self.iv) ^ sequence).to_bytes(len(self.iv))
        header = b"\x17\x03\x03" + (len(content) + 17 - 8 * self.short).to_bytes(2)
        return header + self.aead.encrypt(nonce, content + bytes([content_type]), header)


@cache
def shares() -> tuple[tuple[int, bytes], ...]:
    """Our public keys by group."""
    curves = (
        (group, _private(group).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
        for group in _CURVES
    )
    return (
        (X25519, _private_x25519().public_key().public_bytes_raw()),
        *curves,
        (X448, _private_x448().public_key().public_bytes_raw()),
    )


@dataclass(frozen=True, slots=True)
class Secrets:
    """What both sides know after the hellos."""

    suite: _Suite
    handshake: bytes
    client: bytes
    """Traffic secret of our side of the handshake ..."""
    server: bytes
    """... and of the server's."""

    def finished(self, transcript: bytes) -> bytes:
        """verify_data of our Finished, after these messages (RFC 8446, section 4.4.4)."""
        size = _size(self.suite)
        key = _expanded(self.client, "finished", b"", size, self.suite)
        return hmac.digest(key, _hash(transcript, self.suite), self.suite.digest)

    def application(self, transcript: bytes) -> tuple[Protection, Protection]:
        """Protection of our records and of the server's, after these messages, which end with its Finished."""
        size, empty = _size(self.suite), _hash(b"", self.suite)
        derived = _expanded(self.handshake, "derived", empty, size, self.suite)
        master = hmac.digest(derived, bytes(size), self.suite.digest)
        context = _hash(transcript, self.suite)
        ours = _expanded(master, "c ap traffic", context, size, self.suite)
        theirs = _expanded(master, "s ap traffic", context, size, self.suite)
        return protected(ours, self.suite), protected(theirs, self.suite)


def agreed(suite: int, group: int, public: bytes, transcript: bytes) -> Secrets:
    """The secrets that follow from both hellos.

    Args:
        suite: the one chosen.
        group: that of the server's key.
        public: the server's key.
        transcript: every handshake message up to the ServerHello (RFC 8446, section 4.4.1).

    Raises:
        TlsParseError: suite, group or key is none that we offered.
    """
    chosen = _SUITES.get(suite)
    if chosen is None:
        raise TlsParseError("a suite that was not offered")
    size, empty = _size(chosen), _hash(b"", chosen)
    early = hmac.digest(bytes(size), bytes(size), chosen.digest)
    handshake = hmac.digest(_expanded(early, "derived", empty, size, chosen), exchanged(group, public), chosen.digest)
    hellos = _hash(transcript, chosen)
    ours, theirs = (_expanded(handshake, label, hellos, size, chosen) for label in ("c hs traffic", "s hs traffic"))
    return Secrets(chosen, handshake, ours, theirs)


def protected(traffic: bytes, suite: _Suite) -> Protection:
    """The protection that follows from a traffic secret."""
    key, iv = _expanded(traffic, "key", b"", suite.key, suite), _expanded(traffic, "iv", b"", 12, suite)
    return Protection(suite.aead(key), iv, suite.short)


def protection(suite: int, group: int, public: bytes, client_hello: bytes, server_hello: bytes) -> Protection:
    """The protection of the server's handshake that follows from both hellos, as `agreed`; each is a whole message."""
    secrets = agreed(suite, group, public, client_hello + server_hello)
    return protected(secrets.server, secrets.suite)


def replaced(client_hello: bytes, suite: int) -> bytes:
    """What stands for the first ClientHello in a transcript after a HelloRetryRequest (RFC 8446, section 4.4.1).

    Raises:
        TlsParseError: the suite is none that we offered.
    """
    if suite not in _SUITES:
        raise TlsParseError("a suite that was not offered")
    digest = _hash(client_hello, _SUITES[suite])
    return b"\xfe" + len(digest).to_bytes(3) + digest


def _hash(data: bytes, suite: _Suite) -> bytes:
    return hashlib.new(suite.digest, data).digest()


def _size(suite: _Suite) -> int:
    return hashlib.new(suite.digest).digest_size


def _expanded(secret: bytes, label: str, context: bytes, size: int, suite: _Suite) -> bytes:
    """HKDF-Expand-Label, of no more than one block, which is all that is ever needed."""
    name = b"tls13 " + label.encode()
    info = size.to_bytes(2) + bytes([len(name)]) + name + bytes([len(context)]) + context
    return hmac.digest(secret, info + b"\1", suite.digest)[:size]


def exchanged(group: int, public: bytes) -> bytes:
    """The secret shared by our fixed key and the server's, also before TLS 1.3.

    Raises:
        TlsParseError: group or key is none that we offered.
    """
    try:
        if group == X25519:
            return _private_x25519().exchange(x25519.X25519PublicKey.from_public_bytes(public))
        if group == X448:
            return _private_x448().exchange(x448.X448PublicKey.from_public_bytes(public))
        if group in _CURVES:
            point = ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[group], public)
            return _private(group).exchange(ec.ECDH(), point)
    except ValueError:
        raise TlsParseError("a key that is none") from None
    raise TlsParseError("a group that was not offered")


@cache
def _private_x25519() -> x25519.X25519PrivateKey:
    return x25519.X25519PrivateKey.from_private_bytes(hashlib.sha256(b"auditor x25519").digest())


@cache
def _private_x448() -> x448.X448PrivateKey:
    return x448.X448PrivateKey.from_private_bytes(hashlib.sha512(b"auditor x448").digest()[:56])


@cache
def _private(group: int) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(hashlib.sha256(b"auditor curve").digest()) >> 1, _CURVES[group])
