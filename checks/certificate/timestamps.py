"""Lists of signed certificate timestamps (RFC 6962, section 3.3), from wherever they come."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.x509.certificate_transparency import SignedCertificateTimestamp

from .extensions import of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_V1 = 0
_LAST = 253_402_300_799_000  # of the year 9999, in milliseconds


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A promise of a log to enter the certificate; its signature is not verified."""

    log: bytes
    """SHA-256 of the log's key."""
    at: datetime


def logs(timestamps: tuple[Timestamp, ...]) -> int:
    """How many different logs have promised."""
    return len({timestamp.log for timestamp in timestamps})


def parsed(data: bytes) -> tuple[Timestamp, ...]:
    """The timestamps of a SignedCertificateTimestampList; of other versions than v1 nothing is known, not even a log.

    Raises:
        ValueError: it is none.
    """
    outer, rest = _vector(data)
    if rest:
        raise ValueError("octets after the list of timestamps")
    return tuple(_timestamps(outer))


def embedded(certificate: x509.Certificate) -> tuple[Timestamp, ...]:
    """Those within a certificate.

    Raises:
        ValueError: its extensions, or the list, cannot be read.
    """
    found = of(certificate, x509.PrecertificateSignedCertificateTimestamps)
    return () if found is None else listed(found)


def listed(found: Iterable[SignedCertificateTimestamp]) -> tuple[Timestamp, ...]:
    """Those that cryptography has read."""
    return tuple(Timestamp(each.log_id, each.timestamp.replace(tzinfo=UTC)) for each in found)


def _timestamps(data: bytes) -> Iterator[Timestamp]:
    while data:
        body, data = _vector(data)
        if not body:
            raise ValueError("an empty timestamp")
        if body[0] != _V1:
            continue
        if len(body) < 41:
            raise ValueError("a timestamp that is cut off")
        _, signature = _vector(body[41:])
        if len(signature) < 4 or _vector(signature[2:])[1]:
            raise ValueError("a timestamp without its signature")
        milliseconds = int.from_bytes(body[33:41])
        if milliseconds > _LAST:
            raise ValueError("a timestamp after the year 9999")
        yield Timestamp(body[1:33], _EPOCH + timedelta(milliseconds=milliseconds))


def _vector(data: bytes) -> tuple[bytes, bytes]:
    """The content of a vector with a length of two octets, and what follows it."""
    end = 2 + int.from_bytes(data[:2])
    if len(data) < 2 or end > len(data):
        raise ValueError("a vector that is cut off")
    return data[2:end], data[end:]
