"""A bundle as one zip file, to be sent: the same bundle always gives the same bytes (with the same zlib).

Files are sorted, of 1980-01-01, mode 0644, under one folder of the bundle's name. Read back, an archive is as hostile
as a folder: names and sizes are those that a bundle may have, and nothing is ever unpacked to disk.
"""

import io
import re
import stat
import zipfile
import zlib
from pathlib import Path

from auditor.bundle import FILES_CAP, TOTAL_CAP, Bundle, cap_of
from auditor.errors import BundleError

_EPOCH = (1980, 1, 1, 0, 0, 0)
_FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}")
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)
"""What zipfile raises on archives that somebody twisted, encrypted or packed in another way."""


def pack(bundle: Bundle) -> bytes:
    """The zip file of a bundle."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in sorted(bundle.files.items()):
            member = zipfile.ZipInfo(f"{bundle.path.name}/{name}", _EPOCH)
            member.external_attr = (stat.S_IFREG | 0o644) << 16
            member.create_system = 3  # Unix, wherever this runs
            archive.writestr(member, data, zipfile.ZIP_DEFLATED, 9)
    return output.getvalue()


def gather(path: Path) -> Bundle:
    """The bundle in a zip file, within the layout and its caps, not compared to the sums.

    Raises:
        BundleError: no zip file, or an entry that no bundle has.
    """
    files: dict[str, bytes] = {}
    total = 0
    folder: str | None = None
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > FILES_CAP:
                raise BundleError("makes the bundle larger than any bundle is", place=str(path))
            for member in members:
                name, folder = _placed(member, folder)
                if name in files:
                    raise BundleError("stands twice in the archive", place=name)
                files[name] = _read(archive, member, name)
                total += len(files[name])
                if total > TOTAL_CAP:
                    raise BundleError("makes the bundle larger than any bundle is", place=name)
    except _UNREADABLE as error:
        raise BundleError(
            "is no zip file that can be read: {kind}", place=str(path), kind=type(error).__name__
        ) from None
    return Bundle(path, dict(sorted(files.items())))


def _placed(member: zipfile.ZipInfo, folder: str | None) -> tuple[str, str]:
    """The member's name in the bundle, and the folder that all lie in; the first one says which."""
    shown = member.filename.encode("utf-8", "backslashreplace").decode()
    head, _, rest = member.filename.partition("/")
    if folder is None:
        folder = "" if cap_of(member.filename) is not None else head
    name = member.filename if not folder else rest
    mode = member.external_attr >> 16
    if stat.S_ISLNK(mode):
        raise BundleError("is a symbolic link, which no bundle has", place=shown)
    if (folder and (head != folder or not _FOLDER.fullmatch(head))) or cap_of(name) is None:
        raise BundleError("is a file that no bundle has", place=shown)
    return name, folder


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> bytes:
    cap = cap_of(name) or 0
    with archive.open(member) as stream:
        data = stream.read(cap + 1)
    if len(data) > cap:
        raise BundleError("is larger than {size} MiB", place=name, size=cap // (1024 * 1024))
    return data
