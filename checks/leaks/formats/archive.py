"""Archives read in memory, within caps, never to disk: zip, tar, gzip, bzip2, xz."""

import bz2
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from auditor.model import Absence

from .document import Unreadable

MEMBERS = 200
MEMBER = 20_000_000
TOTAL = 50_000_000
RATIO = 100
RATIO_FREE = 1_000_000
"""Bytes up to which the ratio does not count: small tables of zeros are honest."""
DEPTH = 2
"""Archives in archives."""
_BLOCK = 65_536


@dataclass(slots=True)
class Budget:
    """What may still be inflated of one file as it came over the wire."""

    left: int = TOTAL

    def spend(self, size: int) -> None:
        """Take bytes off.

        Raises:
            Unreadable: nothing is left.
        """
        self.left -= size
        if self.left < 0:
            raise Unreadable(Absence.LIMITED, "expands over the cap on archives")


def open_zip(data: bytes) -> zipfile.ZipFile:
    """Raises: Unreadable: the directory of the archive is broken."""
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise Unreadable(Absence.MALFORMED, "not a readable zip archive") from None


def members(archive: zipfile.ZipFile, budget: Budget, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    """Members that are wanted, inflated. The declared sizes of all are held to the caps first.

    Raises:
        Unreadable: over a cap, encrypted or broken.
    """
    packed = sum(info.compress_size for info in archive.infolist())
    declared = sum(info.file_size for info in archive.infolist())
    if declared > TOTAL or declared > max(RATIO_FREE, RATIO * packed):
        raise Unreadable(Absence.LIMITED, "expands over the cap on archives")
    for info in archive.infolist():
        if info.is_dir() or not wanted(info.filename):
            continue
        if info.flag_bits & 1:
            raise Unreadable(Absence.NOT_ASSESSABLE, "the archive is encrypted")
        try:
            with archive.open(info) as stream:
                yield info.filename, _drain(stream.read, budget, info.compress_size)
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, OSError, RuntimeError):
            raise Unreadable(Absence.MALFORMED, "a broken member of a zip archive") from None


def from_zip(data: bytes, budget: Budget) -> Iterator[tuple[str, bytes]]:
    """Every file of a zip archive. Raises: Unreadable."""
    archive = open_zip(data)
    names = [info.filename for info in archive.infolist() if not info.is_dir()]
    kept = frozenset(names[:MEMBERS])
    yield from members(archive, budget, kept.__contains__)
    if len(names) > MEMBERS:
        raise Unreadable(Absence.LIMITED, "more files than are looked at of one archive")


def from_tar(data: bytes, budget: Budget) -> Iterator[tuple[str, bytes]]:
    """Regular files of a tar archive, compressed or not; links and devices are passed over. Raises: Unreadable."""
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            for number, info in enumerate(archive):
                if number >= MEMBERS:
                    raise Unreadable(Absence.LIMITED, "more files than are looked at of one archive")
                stream = archive.extractfile(info) if info.isreg() else None
                if stream is not None:
                    yield info.name, _drain(stream.read, budget, info.size)
    except (tarfile.TarError, EOFError, ValueError, OverflowError):
        raise Unreadable(Absence.MALFORMED, "not a readable tar archive") from None


def inflate(data: bytes, kind: str, budget: Budget) -> bytes:
    """The content of a gzip, bzip2 or xz stream. Raises: Unreadable."""
    try:
        if kind == "gzip":
            return _gunzip(data, budget)
        with (bz2.open if kind == "bzip2" else lzma.open)(io.BytesIO(data)) as stream:
            return _drain(stream.read, budget, len(data))
    except (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError):
        raise Unreadable(Absence.MALFORMED, "not readable as what it begins as") from None


def _gunzip(data: bytes, budget: Budget) -> bytes:
    engine = zlib.decompressobj(31)
    held = io.BytesIO(data)

    def read(size: int) -> bytes:
        while not engine.eof:
            block = engine.unconsumed_tail or held.read(_BLOCK)
            if not block:
                raise EOFError
            if piece := engine.decompress(block, size):
                return piece
        return b""

    return _drain(read, budget, len(data))


def _drain(read: Callable[[int], bytes], budget: Budget, packed: int) -> bytes:
    out = bytearray()
    while block := read(_BLOCK):
        out += block
        budget.spend(len(block))
        if len(out) > MEMBER or len(out) > max(RATIO_FREE, RATIO * packed):
            raise Unreadable(Absence.LIMITED, "expands over the cap on archives")
    return bytes(out)
