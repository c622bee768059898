"""The keys and records of TLS 1.0 to 1.2 (RFC 2246, 4346, 5246, 5288, 6655, 7905), seen from the client.

What we choose is fixed, keys and initialisation vectors too: nothing secret is ever sent by them, and the same
conversation can be read again. Nothing is compared in constant time for the same reason.
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.decrepit.ciphers.algorithms import Camellia, TripleDES
from cryptography.hazmat.primitives.ciphers import BlockCipherAlgorithm, Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.ciphers.algorithms import AES

from .hello import TLS10, TLS11, TLS12
from .records import TlsParseError
from .suites import Suite

Aead = AESGCM | AESCCM | ChaCha20Poly1305
Form = Callable[[bytes, bytes, int], bytes]
"""Content, its MAC and the size of a block to the plaintext of a CBC record, padding included."""

_CBC = re.compile(r"(3DES_EDE|AES_128|AES_256|CAMELLIA_128|CAMELLIA_256)_CBC_(SHA|SHA256|SHA384)")
_BLOCKS: dict[str, Callable[[bytes], BlockCipherAlgorithm]] = {"3DES": TripleDES, "AES": AES, "CAMELLIA": Camellia}
_EXCHANGES = frozenset({"RSA", "ECDHE_RSA", "ECDHE_ECDSA", "DHE_RSA", "DHE_DSS", "DH_anon", "ECDH_anon"})


@dataclass(frozen=True, slots=True)
class Method:
    """How a suite protects records; `mac` is empty where the cipher authenticates by itself."""

    key: int
    """Octets, as those of `mac_size` and `fixed`."""
    digest: str
    """Of the pseudo-random function of TLS 1.2."""
    mac: str = ""
    block: Callable[[bytes], BlockCipherAlgorithm] | None = None
    block_size: int = 0
    aead: Callable[[bytes], Aead] | None = None
    fixed: int = 0
    """The part of the nonce that comes from the key block."""

    @property
    def mac_size(self) -> int:
        """Octets of the MAC, and of its key."""
        return hashlib.new(self.mac).digest_size if self.mac else 0


@cache
def method(suite: Suite) -> Method | None:
    """That of a suite; None where we have no such cipher or key exchange."""
    if suite.exchange not in _EXCHANGES:
        return None
    digest = "sha384" if suite.cipher.endswith("SHA384") else "sha256"
    if match := _CBC.fullmatch(suite.cipher):
        family, _, bits = match[1].partition("_")
        key, block = (24, 8) if family == "3DES" else (int(bits) // 8, 16)
        mac = "sha1" if match[2] == "SHA" else match[2].lower()
        return Method(key, digest, mac, _BLOCKS[family], block)
    if match := re.fullmatch(r"AES_(128|256)_GCM_SHA\d+", suite.cipher):
        return Method(int(match[1]) // 8, digest, aead=AESGCM, fixed=4)
    if match := re.fullmatch(r"AES_(128|256)_CCM(_8)?", suite.cipher):
        tag = 8 if match[2] else 16
        return Method(int(match[1]) // 8, digest, aead=lambda key: AESCCM(key, tag), fixed=4)
    if suite.cipher.startswith("CHACHA20_POLY1305"):
        return Method(32, digest, aead=ChaCha20Poly1305, fixed=12)
    return None


def derived(secret: bytes, label: str, seed: bytes, size: int, version: int, digest: str) -> bytes:
    """The pseudo-random function (RFC 5246, section 5; RFC 2246, section 5 for older versions)."""
    full = label.encode() + seed
    if version >= TLS12:
        return _expanded(secret, full, size, digest)
    half = (len(secret) + 1) // 2
    left, right = _expanded(secret[:half], full, size, "md5"), _expanded(secret[-half:], full, size, "sha1")
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def _expanded(secret: bytes, seed: bytes, size: int, digest: str) -> bytes:
    made, a = b"", seed
    while len(made) < size:
        a = hmac.digest(secret, a, digest)
        made += hmac.digest(secret, a + seed, digest)
    return made[:size]


def transcript_hash(transcript: bytes, version: int, digest: str) -> bytes:
    """What a Finished is made over."""
    if version >= TLS12:
        return hashlib.new(digest, transcript).digest()
    return (
        hashlib.md5(transcript, usedforsecurity=False).digest()
        + hashlib.sha1(transcript, usedforsecurity=False).digest()
    )


def sound(content: bytes, mac: bytes, block: int) -> bytes:
    """As the standard has it: the least padding, every octet its length (RFC 5246, section 6.2.3.2)."""
    pad = block - 1 - (len(content) + len(mac)) % block
    return content + mac + bytes([pad]) * (pad + 1)


class Half:
    """One direction of a conversation; counts its records."""

    __slots__ = ("_aead", "_chain", "_iv", "_key", "_mac_key", "_method", "_sequence", "_version")

    def __init__(self, method: Method, version: int, mac_key: bytes, key: bytes, iv: bytes) -> None:
        self._method, self._version, self._mac_key, self._key, self._iv = method, version, mac_key, key, iv
        self._sequence = 0
        self._chain = iv
        self._aead = method.aead(key) if method.aead else None

    def seal(self, kind: int, content: bytes, form: Form = sound) -> bytes:
        """The record of a content; `form` is for ciphers in CBC mode."""
        header = bytes([kind]) + self._version.to_bytes(2)
        if self._aead is not None:
            explicit, nonce = self._nonce(self._sequence.to_bytes(8))
            fragment = explicit + self._aead.encrypt(nonce, content, self._associated(kind, len(content)))
        else:
            mac = hmac.digest(self._mac_key, self._associated(kind, len(content)) + content, self._method.mac)
            plain = form(content, mac, self._method.block_size)
            iv = hashlib.sha256(self._sequence.to_bytes(8)).digest()[: self._method.block_size]
            explicit = iv if self._version >= TLS11 else b""
            sealed = self._cbc(explicit or self._chain).encryptor().update(plain)
            self._chain = sealed[-self._method.block_size :]
            fragment = explicit + sealed
        self._sequence += 1
        return header + len(fragment).to_bytes(2) + fragment

    def open(self, kind: int, fragment: bytes) -> bytes:
        """The content of a record.

        Raises:
            TlsParseError: it was not made with this key.
        """
        try:
            content = self._opened(kind, fragment)
        except (InvalidTag, ValueError):
            raise TlsParseError("a record that cannot be decrypted") from None
        self._sequence += 1
        return content

    def _opened(self, kind: int, fragment: bytes) -> bytes:
        if self._aead is not None:
            size = 12 - self._method.fixed
            _, nonce = self._nonce(fragment[:size])
            tag = 8 if isinstance(self._aead, AESCCM) and self._short else 16
            associated = self._associated(kind, len(fragment) - size - tag)
            return self._aead.decrypt(nonce, fragment[size:], associated)
        block = self._method.block_size
        iv, sealed = (self._chain, fragment) if self._version == TLS10 else (fragment[:block], fragment[block:])
        plain = self._cbc(iv).decryptor().update(sealed)
        self._chain = sealed[-block:]
        content = plain[: len(plain) - 1 - plain[-1] - self._method.mac_size] if plain else b""
        mac = hmac.digest(self._mac_key, self._associated(kind, len(content)) + content, self._method.mac)
        if plain[len(content) : len(content) + len(mac)] != mac:
            raise InvalidTag
        return content

    @property
    def _short(self) -> bool:
        return isinstance(self._aead, AESCCM) and len(self._aead.encrypt(bytes(12), b"", None)) == 8

    def _cbc(self, iv: bytes) -> Cipher[modes.CBC]:
        if self._method.block is None:
            raise TlsParseError("a cipher without blocks")
        return Cipher(self._method.block(self._key), modes.CBC(iv))

    def _nonce(self, explicit: bytes) -> tuple[bytes, bytes]:
        """What of the nonce is sent, and all of it."""
        if self._method.fixed == 12:
            return b"", (int.from_bytes(self._iv) ^ self._sequence).to_bytes(12)
        return explicit, self._iv + explicit

    def _associated(self, kind: int, size: int) -> bytes:
        return self._sequence.to_bytes(8) + bytes([kind]) + self._version.to_bytes(2) + size.to_bytes(2)


def halves(method: Method, version: int, master: bytes, randoms: tuple[bytes, bytes]) -> tuple[Half, Half]:
    """Our direction and the server's; `randoms` are those of the client and of the server."""
    iv = method.fixed or (method.block_size if version == TLS10 else 0)
    sizes = (method.mac_size, method.mac_size, method.key, method.key, iv, iv)
    client, server = randoms
    block = derived(master, "key expansion", server + client, sum(sizes), version, method.digest)
    parts, at = [], 0
    for size in sizes:
        parts.append(block[at : at + size])
        at += size
    return Half(method, version, *parts[0::2]), Half(method, version, *parts[1::2])
