"""Signed notes and checkpoints as C2SP writes them (c2sp.org/signed-note, c2sp.org/tlog-checkpoint), Ed25519.

    log.contoh.go.id                                      the log's name
    42                                                    how many reports it holds
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=          the root over them
                                                          an empty line
    — log.contoh.go.id Az3grlgtzPICa5OS8npVmf1Myq/...     the name again, and the signature over what is above

A verifier's key is one line, `NAME+HASH+KEY`. What the signature is over can be checked with `openssl pkeyutl`.
"""

import binascii
import hashlib
from base64 import b64decode, b64encode
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"
_CAP = 64 * 1024


class NoteError(ValueError):
    """A note, checkpoint or key that is not what it should be; the message says how."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A log's name and public key."""

    name: str
    key: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that stand before each of its signatures."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.key).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64encode(_ED25519 + self.key).decode()}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself: that it holds `size` entries with this root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """As it is signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


def require_name(name: str) -> str:
    """The name as given, if a key may have it.

    Raises:
        NoteError: empty, long, or with white space or a plus sign.
    """
    if not 0 < len(name) <= 100 or not name.isprintable() or not name.isascii() or set(name) & set(" +"):
        raise NoteError("a log's name has no spaces and no plus sign, such as log.contoh.go.id")
    return name


def verifier(line: str) -> Verifier:
    """The key in `NAME+HASH+KEY`.

    Raises:
        NoteError: not of that form, or not of Ed25519.
    """
    try:
        name, digest, encoded = line.strip().split("+", 2)
        key = b64decode(encoded, validate=True)
        found = Verifier(require_name(name), key[1:])
    except (ValueError, binascii.Error):
        raise NoteError("is no verifier key NAME+HASH+KEY") from None
    if key[:1] != _ED25519 or len(key) != 33 or found.id.hex() != digest or str(found) != line.strip():
        raise NoteError("is no verifier key NAME+HASH+KEY")
    return found


def verifier_of(name: str, key: Ed25519PrivateKey) -> Verifier:
    """The public half of a log's key."""
    return Verifier(require_name(name), key.public_key().public_bytes_raw())


def sign(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> bytes:
    """The signed note."""
    text = checkpoint.text
    signature = verifier_of(checkpoint.origin, key).id + key.sign(text.encode())
    return f"{text}\n— {checkpoint.origin} {b64encode(signature).decode()}\n".encode()


def opened(note: bytes, by: Verifier) -> Checkpoint:
    """The checkpoint in a note that this log signed; other signatures (witnesses) may stand beside.

    Raises:
        NoteError: of another form, of another log, or not signed by it.
    """
    text, signatures = _parted(note)
    lines = [line for line in signatures if line.startswith(f"— {by.name} ")]
    for line in lines:
        encoded = line.rpartition(" ")[2]
        try:
            blob = b64decode(encoded, validate=True)
        except binascii.Error:
            raise NoteError("the checkpoint's signature cannot be read") from None
        if blob[:4] != by.id or b64encode(blob).decode() != encoded:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(by.key).verify(blob[4:], text.encode())
        except InvalidSignature:
            raise NoteError(f"the checkpoint was not signed by {by.name}") from None
        return _read(text, by.name)
    raise NoteError(f"the checkpoint was not signed by {by.name}")


def _parted(note: bytes) -> tuple[str, list[str]]:
    if len(note) > _CAP:
        raise NoteError("the checkpoint is too long")
    try:
        text, separator, rest = note.decode().rpartition("\n\n")
    except UnicodeDecodeError:
        raise NoteError("the checkpoint is no text") from None
    if not separator or not rest.endswith("\n") or any(ord(c) < 32 and c != "\n" for c in text + rest):
        raise NoteError("the checkpoint is no signed note")
    return text + "\n", rest[:-1].split("\n")


def _read(text: str, origin: str) -> Checkpoint:
    lines = text[:-1].split("\n")
    try:
        found = Checkpoint(lines[0], int(lines[1]), b64decode(lines[2], validate=True))
    except (IndexError, ValueError):
        raise NoteError("the checkpoint does not name a size and a root") from None
    if found.origin != origin or found.size < 0 or len(found.root) != 32 or found.text != text:
        raise NoteError("the checkpoint does not name a size and a root")
    return found
