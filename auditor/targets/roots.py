"""Trust anchors that the operator names: a file, or a folder of them."""

from pathlib import Path

_SUFFIXES = frozenset({".pem", ".crt", ".cer", ".der"})
_SEQUENCE = b"\x30"


def read_roots(path: Path) -> tuple[bytes, ...]:
    """What a PEM or DER file holds, or each such file of a folder by its usual suffixes; others there are left out.

    Raises:
        OSError: it cannot be read.
        ValueError: there is no certificate in it, or the path is none.
    """
    files = sorted(each for each in path.iterdir() if each.suffix.lower() in _SUFFIXES) if path.is_dir() else [path]
    found = tuple(data for data in (file.read_bytes() for file in files) if _is_certificate(data))
    if not found:
        raise ValueError("no certificate")
    return found


def _is_certificate(data: bytes) -> bool:
    return b"-----BEGIN CERTIFICATE" in data or data.startswith(_SEQUENCE)
