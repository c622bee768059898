"""The keys under which a TLS 1.3 server sends its handshake (RFC 8446, section 7.1), seen from the client.

Our own keys are fixed, so that the same question is the same bytes and a recorded answer can be read again. They keep
nothing secret: no such handshake is ever finished.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ..tls.records import TlsParseError

X25519 = 29
_CURVES: dict[int, ec.EllipticCurve] = {23: ec.SECP256R1(), 24: ec.SECP384R1(), 25: ec.SECP521R1()}
"""Groups of TLS (RFC 8446, section 4.2.7) that we have keys for, beside X25519."""

Aead = AESGCM | AESCCM | ChaCha20Poly1305


@dataclass(frozen=True, slots=True)
class _Suite:
    digest: str
    key: int
    aead: Callable[[bytes], Aead]


_SUITES = {
    0x1301: _Suite("sha256", 16, AESGCM),
    0x1302: _Suite("sha384", 32, AESGCM),
    0x1303: _Suite("sha256", 32, ChaCha20Poly1305),
    0x1304: _Suite("sha256", 16, lambda key: AESCCM(key, 16)),
    0x1305: _Suite("sha256", 16, lambda key: AESCCM(key, 8)),
}


@dataclass(frozen=True, slots=True)
class Protection:
    """How the server's handshake records are protected (RFC 8446, section 5.2)."""

    aead: Aead
    iv: bytes

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


@cache
def shares() -> tuple[tuple[int, bytes], ...]:
    """Our public keys by group."""
    curves = (
        (group, _private(group).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
        for group in _CURVES
    )
    return ((X25519, _private_x25519().public_key().public_bytes_raw()), *curves)


def protection(suite: int, group: int, public: bytes, client_hello: bytes, server_hello: bytes) -> Protection:
    """The protection that follows from both hellos.

    Args:
        suite: the one chosen.
        group: that of the server's key.
        public: the server's key.
        client_hello: the whole handshake message.
        server_hello: likewise.

    Raises:
        TlsParseError: suite, group or key is none that we offered.
    """
    chosen = _SUITES.get(suite)
    if chosen is None:
        raise TlsParseError("a suite that was not offered")
    empty = hashlib.new(chosen.digest).digest()
    zeros = bytes(len(empty))
    early = hmac.digest(zeros, zeros, chosen.digest)
    handshake = hmac.digest(
        _expanded(early, "derived", empty, len(empty), chosen), _agreed(group, public), chosen.digest
    )
    hellos = hashlib.new(chosen.digest, client_hello + server_hello).digest()
    traffic = _expanded(handshake, "s hs traffic", hellos, len(empty), chosen)
    return Protection(
        chosen.aead(_expanded(traffic, "key", b"", chosen.key, chosen)), _expanded(traffic, "iv", b"", 12, chosen)
    )


def _expanded(secret: bytes, label: str, context: bytes, size: int, suite: _Suite) -> bytes:
    """HKDF-Expand-Label, of no more than one block, which is all that is ever needed."""
    name = b"tls13 " + label.encode()
    info = size.to_bytes(2) + bytes([len(name)]) + name + bytes([len(context)]) + context
    return hmac.digest(secret, info + b"\1", suite.digest)[:size]


def _agreed(group: int, public: bytes) -> bytes:
    try:
        if group == X25519:
            return _private_x25519().exchange(x25519.X25519PublicKey.from_public_bytes(public))
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
def _private(group: int) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(hashlib.sha256(b"auditor curve").digest()) >> 1, _CURVES[group])
