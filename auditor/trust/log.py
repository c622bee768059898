"""A transparency log of issued reports: an append-only Merkle tree in a folder, with signed checkpoints.

    entries      one line a report: sha256 of its SHA256SUMS, two spaces, its id; only the digest is hashed
    checkpoint   the newest signed note about them (auditor.trust.note)
    log.vkey     the log's public key; hand it out as root.pem is handed out
    log.key      its private key, Ed25519, yours alone

Whoever holds log.key can write another history. What he cannot do is make it agree with a checkpoint that
somebody else has kept: in a bundle, a mailbox, on paper. `consistent` finds that out.
"""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from auditor.canonical import decode, encode
from auditor.errors import LogError
from auditor.trust import merkle, note
from auditor.trust.note import Checkpoint, NoteError, Verifier

CHECKPOINT, INCLUSION = "log/checkpoint", "log/inclusion.json"
"""Where a bundle keeps them."""

_ENTRY = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9._-]{1,120})")


@dataclass(frozen=True, slots=True)
class Entry:
    """One report: the sha256 of its SHA256SUMS, and its id."""

    digest: bytes
    name: str

    @property
    def line(self) -> str:
        """As it stands in the file."""
        return f"{self.digest.hex()}  {self.name}\n"


@dataclass(frozen=True, slots=True)
class Proof:
    """Hashes in hex. `index` and `size` say of what: of inclusion at `index`, or that `index` entries became `size`."""

    index: int
    size: int
    hashes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Log:
    """A log as it stands in its folder; every entry is under the checkpoint, or about to be."""

    folder: Path
    verifier: Verifier
    entries: tuple[Entry, ...]
    checkpoint: bytes

    @property
    def leaves(self) -> list[bytes]:
        """The leaf hashes."""
        return [merkle.leaf_hash(entry.digest) for entry in self.entries]

    @property
    def signed(self) -> Checkpoint:
        """What the stored checkpoint says; `load` has verified it."""
        return note.opened(self.checkpoint, self.verifier)

    def inclusion(self, digest: bytes) -> Proof:
        """The proof that a report is under the stored checkpoint.

        Raises:
            LogError: it is not.
        """
        size = self.signed.size
        index = next((n for n, entry in enumerate(self.entries[:size]) if entry.digest == digest), None)
        if index is None:
            raise LogError("holds no such report", place=str(self.folder))
        return Proof(index, size, _hexed(merkle.inclusion(self.leaves[:size], index)))

    def consistency(self, old: Checkpoint) -> Proof:
        """The proof that the log as it was at `old` is the beginning of what it is now.

        Raises:
            LogError: it is not: one of the two histories is another one.
        """
        size = self.signed.size
        leaves = self.leaves[:size]
        if old.origin != self.verifier.name:
            raise LogError("the checkpoint is of another log, {name}", place=str(self.folder), name=old.origin)
        if old.size > size or merkle.root(leaves[: old.size]) != old.root:
            raise _forked(self.folder, old.size)
        return Proof(old.size, size, _hexed(merkle.consistency(leaves, old.size)) if old.size else ())


def create(folder: Path, name: str) -> Log:
    """Make an empty log with a key of its own.

    Raises:
        LogError: a bad name, a log that is already there, or a folder that cannot be written.
    """
    try:
        note.require_name(name)
    except NoteError:
        raise LogError("{name} cannot name a log", name=repr(name)[:80], hint="such as log.contoh.go.id") from None
    key = Ed25519PrivateKey.generate()
    verifier = note.verifier_of(name, key)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    checkpoint = note.sign(Checkpoint(name, 0, merkle.root(())), key)
    contents = {"log.key": pem, "log.vkey": f"{verifier}\n".encode(), "entries": b"", "checkpoint": checkpoint}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, data in contents.items():
            mode = 0o600 if file == "log.key" else 0o644
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
            with os.fdopen(os.open(folder / file, flags, mode), "wb") as stream:
                stream.write(data)
    except OSError as error:
        raise LogError("{error}", error=error.strerror, place=str(error.filename or folder)) from None
    return Log(folder, verifier, (), checkpoint)


def load(folder: Path) -> Log:
    """Read a log, and hold its entries to its checkpoint.

    Raises:
        LogError: no log, or one whose entries are not those that its checkpoint was signed over.
    """
    try:
        verifier = note.verifier((folder / "log.vkey").read_text("ascii"))
        checkpoint = (folder / "checkpoint").read_bytes()
        text = (folder / "entries").read_text("ascii")
        signed = note.opened(checkpoint, verifier)
    except OSError as error:
        hint = "make one with: auditor log create DIR --name NAME"
        raise LogError("{error}", error=error.strerror, place=str(error.filename or folder), hint=hint) from None
    except (NoteError, UnicodeDecodeError) as error:
        raise LogError("{problem}", place=str(folder), problem=str(error)) from None
    whole = text[: text.rfind("\n") + 1]  # a line that was being written when the machine stopped is none
    entries = tuple(_entry(line, folder) for line in whole.splitlines())
    log = Log(folder, verifier, entries, checkpoint)
    if len(entries) < signed.size or merkle.root(log.leaves[: signed.size]) != signed.root:
        raise LogError("the entries are not those that the checkpoint was signed over", place=str(folder))
    return log


def append(folder: Path, digest: bytes, name: str) -> tuple[Verifier, dict[str, bytes]]:
    """Add a report; the files that its bundle then holds.

    Raises:
        LogError: as `load`; the report is already there; the key cannot be used, or the folder not be written.
    """
    try:
        with _locked(folder):
            return _append(folder, Entry(digest, name))
    except OSError as error:
        raise LogError("{error}", error=error.strerror, place=str(error.filename or folder)) from None


def _append(folder: Path, entry: Entry) -> tuple[Verifier, dict[str, bytes]]:
    log = load(folder)
    if not _ENTRY.fullmatch(entry.line[:-1]):
        raise LogError("{name} cannot name a report", place=str(folder), name=repr(entry.name)[:80])
    if any(known.digest == entry.digest for known in log.entries):
        raise LogError("holds this report already", place=str(folder))
    key = _key(folder, log.verifier)
    entries = (*log.entries, entry)
    _replace(folder / "entries", "".join(one.line for one in entries).encode())
    leaves = [merkle.leaf_hash(one.digest) for one in entries]
    checkpoint = note.sign(Checkpoint(log.verifier.name, len(entries), merkle.root(leaves)), key)
    _replace(folder / "checkpoint", checkpoint)
    proof = Log(folder, log.verifier, entries, checkpoint).inclusion(entry.digest)
    return log.verifier, {CHECKPOINT: checkpoint, INCLUSION: encode(proof) + b"\n"}


def included(digest: bytes, checkpoint: bytes, inclusion: bytes, by: Verifier) -> tuple[Checkpoint, int]:
    """The checkpoint and the report's place under it, where the proof holds.

    Raises:
        NoteError: it does not; DecodeError: it cannot be read.
    """
    signed = note.opened(checkpoint, by)
    proof = decode(Proof, inclusion)
    if encode(proof) + b"\n" != inclusion:
        raise NoteError("the proof of inclusion is not canonical")
    leaf = merkle.leaf_hash(digest)
    if proof.size != signed.size or not merkle.includes(signed.root, signed.size, proof.index, leaf, _raw(proof)):
        raise NoteError("the proof does not lead from this report to the checkpoint")
    return signed, proof.index


def consistent(old: Checkpoint, new: Checkpoint, proof: Proof | None) -> bool | None:
    """Whether the older of two checkpoints is the beginning of the other; None where only a proof could tell."""
    if old.size > new.size:
        old, new = new, old
    if old.origin != new.origin:
        return False
    if old.size in (0, new.size):
        return old.root == (merkle.root(()) if old.size == 0 else new.root)
    if proof is None:
        return None
    fits = (proof.index, proof.size) == (old.size, new.size)
    return fits and merkle.extends(old.root, old.size, new.root, new.size, _raw(proof))


def _hexed(hashes: tuple[bytes, ...]) -> tuple[str, ...]:
    return tuple(one.hex() for one in hashes)


def _raw(proof: Proof) -> list[bytes]:
    hashes = [bytes.fromhex(one) for one in proof.hashes]
    if len(hashes) > 64 or any(len(one) != 32 for one in hashes) or _hexed(tuple(hashes)) != proof.hashes:
        raise NoteError("the proof is not made of hashes")
    return hashes


def _forked(folder: Path, size: int) -> LogError:
    return LogError(
        "FORK: the history of its first {size} entries is not the one that this checkpoint was signed over",
        place=str(folder),
        size=size,
    )


def _entry(line: str, folder: Path) -> Entry:
    found = _ENTRY.fullmatch(line)
    if found is None:
        raise LogError("{line} is no entry", place=str(folder / "entries"), line=repr(line)[:100])
    return Entry(bytes.fromhex(found[1]), found[2])


def _key(folder: Path, verifier: Verifier) -> Ed25519PrivateKey:
    path = folder / "log.key"
    if path.stat().st_mode & 0o077:
        raise LogError("others may read this private key", place=str(path), hint="chmod 600 {file}", file=path)
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise LogError("no private key can be read from it", place=str(path)) from None
    if not isinstance(key, Ed25519PrivateKey) or note.verifier_of(verifier.name, key) != verifier:
        raise LogError("is not the key of log.vkey", place=str(path))
    return key


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One writer at a time."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _replace(path: Path, data: bytes) -> None:
    """The whole file anew: after a crash it is the old one or the new one."""
    draft = path.with_name(f".{path.name}.new")
    with draft.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)
