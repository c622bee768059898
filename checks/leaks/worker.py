"""The child process: takes one file after the other on standard input, gives a masked summary of each.

A frame is a length of four bytes, big-endian, and so many bytes. A request is two frames: a JSON header (`name`,
`type`, `whole`, and in the first one `key`, hexadecimal), and the file. A reply is one frame: a summary as JSON, or
`{"failed": ...}`. Nothing else ever comes out of this process: its error output is closed, it leaves no core, and an
exception is told by the name of its type.
"""

import json
import os
import resource
import signal
import struct
import sys
from datetime import UTC, datetime
from typing import BinaryIO

MEMORY = 220 * 1024 * 1024
"""Bytes that the process may grow by while it works."""
PROCESSOR = 30.0
"""Seconds of processor time for one file, should the parent not be there to end it."""
_LENGTH = struct.Struct(">I")


def confine() -> None:
    """Give up what parsing does not need: memory without end, core files, new files, other processes."""
    with open("/proc/self/statm", encoding="ascii") as state:  # noqa: PTH123 - one line, once
        held = int(state.read().split()[0]) * resource.getpagesize()
    for limit, most in (
        (resource.RLIMIT_AS, held + MEMORY),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(limit, (most, most))


def main() -> None:
    """Serve until the parent closes the pipe."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints is no reply
    from .analysis import analyse  # noqa: PLC0415 - after what follows from a crash is shut off
    from .patterns import everything  # noqa: PLC0415

    matcher, key = everything(), b""
    confine()
    while (header := _take(source)) is not None and (data := _take(source)) is not None:
        asked = json.loads(header)
        key = bytes.fromhex(asked["key"]) if "key" in asked else key
        signal.setitimer(signal.ITIMER_PROF, PROCESSOR)
        try:
            today = datetime.now(UTC).date()
            reply = analyse(
                asked["name"], asked["type"], data, matcher=matcher, key=key, today=today, whole=asked["whole"]
            ).plain()
        except MemoryError:
            reply = {"failed": "memory"}
        except RecursionError:
            reply = {"failed": "nesting"}
        except Exception as error:  # noqa: BLE001 - told by its type alone: its message may hold what was read
            reply = {"failed": type(error).__name__}
        signal.setitimer(signal.ITIMER_PROF, 0)
        answer = json.dumps(reply).encode()
        sink.write(_LENGTH.pack(len(answer)) + answer)
        sink.flush()


def _take(source: BinaryIO) -> bytes | None:
    head = source.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    data = source.read(length)
    return data if len(data) == length else None


if __name__ == "__main__":
    main()
