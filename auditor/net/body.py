"""The body of an HTTP/1 response: framing (RFC 9112 section 6) and decoding, within caps."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net.content import Broken, Decoder
from auditor.net.faults import Fault
from auditor.net.head import Head
from auditor.net.stream import BLOCK, Stream

_LENGTH = re.compile(r"[0-9]{1,18}")
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?", re.DOTALL)
_CHUNK_LINE = 4_096
_TRAILER = 65_536


@dataclass(frozen=True, slots=True)
class Body:
    """What could be read and decoded; `ended` is True when the next byte on the wire begins another answer."""

    data: bytes
    complete: bool
    faults: frozenset[Fault]
    ended: bool


def read_body(stream: Stream, head: Head, *, method: str, cap: int, ratio: int) -> Body:
    """Read and decode the body that belongs to `head`.

    Never raises for what the peer does: a body that stops, stalls or does not decode is cut there, with its fault.
    """
    if not head.complete:
        return Body(b"", complete=False, faults=frozenset(), ended=False)
    if method == "HEAD" or head.status in (101, 204, 304):
        return Body(b"", complete=True, faults=frozenset(), ended=True)
    faults: set[Fault] = set()
    blocks, known_end = _framing(stream, head, faults)
    agreed = "conflicting_length" not in faults
    data = bytearray()
    try:
        decoder = Decoder(_codings(head), cap=cap, ratio=ratio)
        data = decoder.data
        for block in blocks:
            decoder.feed(block)
        decoder.finish()
    except Broken as end:
        faults.add(end.fault)
    except Unobserved as gap:
        faults.add("slow_body" if gap.reason in (Absence.TIMEOUT, Absence.LIMITED) else "short_body")
    whole = not faults - {"conflicting_length"}
    return Body(
        bytes(data),
        complete=whole and (agreed or not known_end),
        faults=frozenset(faults),
        ended=whole and agreed and known_end,
    )


def _codings(head: Head) -> tuple[str, ...]:
    transfer = tuple(coding for coding in head.listed("transfer-encoding") if coding != "chunked")
    return head.listed("content-encoding") + transfer


def _framing(stream: Stream, head: Head, faults: set[Fault]) -> tuple[Iterator[bytes], bool]:
    """Blocks of the body, and whether its end is known without the connection being closed."""
    transfer, lengths = head.listed("transfer-encoding"), set(head.listed("content-length"))
    if transfer:
        if lengths:
            faults.add("conflicting_length")
        return (_chunked(stream), not lengths) if transfer[-1] == "chunked" else (_to_the_close(stream), False)
    valid = {int(length) for length in lengths if _LENGTH.fullmatch(length)}
    if len(lengths) != len(valid):
        faults.add("conflicting_length")
    if len(valid) > 1:
        faults.add("conflicting_length")
    return (_counted(stream, min(valid)), True) if valid else (_to_the_close(stream), False)


def _to_the_close(stream: Stream) -> Iterator[bytes]:
    while block := stream.some(BLOCK):
        yield block


def _counted(stream: Stream, left: int) -> Iterator[bytes]:
    while left:
        block = stream.some(min(left, BLOCK))
        if not block:
            raise Broken("short_body")
        left -= len(block)
        yield block


def _chunked(stream: Stream) -> Iterator[bytes]:
    """RFC 9112 section 7.1; extensions and trailer fields are passed over."""
    while size := _chunk_size(stream):
        yield from _counted(stream, size)
        if _line(stream, 2).strip(b"\r\n"):
            raise Broken("bad_chunk")
    left = _TRAILER
    while (line := _line(stream, left)).strip(b"\r\n"):
        left -= len(line)


def _chunk_size(stream: Stream) -> int:
    found = _CHUNK.fullmatch(_line(stream, _CHUNK_LINE).rstrip(b"\r\n"))
    if found is None:
        raise Broken("bad_chunk")
    return int(found[1], 16)


def _line(stream: Stream, limit: int) -> bytes:
    line = stream.line(limit)
    if not line.endswith(b"\n"):
        raise Broken("bad_chunk" if len(line) >= limit else "short_body")
    return line
