"""The head of an HTTP/1 response, read from raw bytes (RFC 9112).

The libraries at hand drop every field after a line without a colon, refuse heads of a hundred fields, or join
duplicates. Here a field that was sent is a field that is seen: what breaks the grammar is kept and named as a
fault, read the way browsers read it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net.faults import Fault
from auditor.net.stream import Stream
from auditor.net.wire import Field

_STATUS = re.compile(rb"HTTP/(\d(?:\.\d)?)[ \t]+(\d{3})(?:[ \t]+(.*))?", re.IGNORECASE | re.DOTALL)
_STATUS_LINE = 8_192
_BLANKS = (b" ", b"\t")
_CONTROLS = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_NON_ASCII = re.compile(rb"[\x80-\xff]")


@dataclass(frozen=True, slots=True)
class Head:
    """Status line and fields of one final response; `complete` is False when a cap cut fields off."""

    version: str
    status: int
    reason: str
    fields: tuple[Field, ...]
    faults: frozenset[Fault] = frozenset()
    complete: bool = True

    def values(self, name: str) -> tuple[str, ...]:
        """Every value of the field `name` (given in lower case), in the order sent."""
        return tuple(item.value for item in self.fields if item.name.lower() == name)

    def listed(self, name: str) -> tuple[str, ...]:
        """The members of a comma-separated field over all its lines, in lower case (RFC 9110 section 5.6.1)."""
        members = (part.strip().lower() for value in self.values(name) for part in value.split(","))
        return tuple(part for part in members if part)


def read_head(stream: Stream, *, max_bytes: int, max_fields: int, upgrade: bool = False) -> Head:
    """Read one final response head; interim ones (1xx) are passed over and count towards `max_bytes`.

    A switch of protocols (101) is final where an `upgrade` was asked for.

    Raises:
        Unobserved: REFUSED when the peer closed without a byte, MALFORMED when what it sent is no HTTP/1
            response, and whatever the stream's source raises.
    """
    lines = _Lines(stream, max_bytes)
    while True:
        version, status, reason = _read_status(lines)
        head = _read_fields(lines, max_fields, version, status, reason)
        if status >= 200 or (status == 101 and upgrade):
            return head
        if status == 101:
            raise Unobserved(Absence.MALFORMED, "switches to a protocol that was not asked for")
        if not head.complete:
            raise Unobserved(Absence.MALFORMED, "no final status within the cap on the head")


class _Lines:
    """Lines of the head, until its byte budget is used."""

    __slots__ = ("left", "started", "stream")

    def __init__(self, stream: Stream, budget: int) -> None:
        self.stream, self.left, self.started = stream, budget, False

    def next(self, limit: int | None = None) -> bytes:
        """One line with its LF; what there is of it, without LF, at the cap.

        Raises:
            Unobserved: the stream ended before the line did.
        """
        limit = self.left if limit is None else min(limit, self.left)
        line = self.stream.line(limit)
        self.started = self.started or bool(line)
        self.left -= len(line)
        if line.endswith(b"\n") or len(line) >= limit:
            return line
        if not self.started:
            raise Unobserved(Absence.REFUSED, "closed without an answer")
        raise Unobserved(Absence.MALFORMED, "closed within the head of the answer")


def _read_status(lines: _Lines) -> tuple[str, int, str]:
    # A stray line end after an earlier body is passed over, as RFC 9112 section 2.2 has servers do.
    while lines.stream.peek(1) in (b"\r", b"\n"):
        if lines.next(_STATUS_LINE) not in (b"\r\n", b"\n"):
            raise Unobserved(Absence.MALFORMED, "not an HTTP response")
    start = lines.stream.peek(5)
    if start and not start.upper().startswith(b"HTTP/"[: len(start)]):
        raise Unobserved(Absence.MALFORMED, "not an HTTP response")
    line = lines.next(_STATUS_LINE)
    if not line.endswith(b"\n"):
        raise Unobserved(Absence.MALFORMED, "no end of the status line")
    found = _STATUS.fullmatch(line.rstrip(b"\r\n"))
    if found is None or int(found[2]) < 100:
        raise Unobserved(Absence.MALFORMED, "not an HTTP status line")
    version, status, reason = found.groups(default=b"")
    return version.decode(), int(status), reason.decode("latin-1").strip()


def _read_fields(lines: _Lines, most: int, version: str, status: int, reason: str) -> Head:
    fields: list[Field] = []
    faults: set[Fault] = set()
    cut: Fault | None = None
    for line in _unfolded(lines, faults):
        if line is None:
            cut = "header_over_cap"
        elif len(fields) >= most:
            cut = "fields_over_cap"
        elif item := _field(line, faults):
            fields.append(item)
        if cut:
            faults.add(cut)
            break
    return Head(version, status, reason, tuple(fields), frozenset(faults), complete=not cut)


def _unfolded(lines: _Lines, faults: set[Fault]) -> Iterator[bytes | None]:
    """Field lines with continuations joined (RFC 9112 section 5.2); a last None stands for the cap.

    A line is only given once the next one shows that nothing follows it, so none is ever given in part.
    """
    held: list[bytes] = []
    while (raw := lines.next()).endswith(b"\n"):
        line = raw[:-1]
        if line.endswith(b"\r"):
            line = line[:-1]
        else:
            faults.add("bare_lf")
        if line[:1] in _BLANKS:
            faults.add("obs_fold")
            held.append(line.strip(b" \t"))
            continue
        if held:
            yield b" ".join(held)
        if not line:
            return
        held = [line.rstrip(b" \t")]
    if held and raw and raw[:1] not in _BLANKS:
        yield b" ".join(held)
    yield None


def _field(line: bytes, faults: set[Fault]) -> Field | None:
    if _CONTROLS.search(line):
        faults.add("control_bytes")
    if _NON_ASCII.search(line):
        faults.add("non_ascii")
    name, colon, value = line.partition(b":")
    if name != name.rstrip(b" \t"):
        faults.add("space_before_colon")
        name = name.rstrip(b" \t")
    if not colon or not name:
        faults.add("line_without_colon")
        return None
    return Field(name.decode("latin-1"), value.strip(b" \t").decode("latin-1"))
