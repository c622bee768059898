"""The parent's side of the child process that reads foreign files: it can be killed, and is, when its time is up."""

import contextlib
import json
import os
import select
import signal
import struct
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Any, Self

from auditor.errors import Unobserved
from auditor.model import Absence

from .analysis import Summary, summary_of

PATIENCE = 20.0
"""Seconds for one file."""
LARGEST = 50_000_000
"""Bytes of a file that is handed over at all."""
_REPLY = 8_000_000
_PASSED_ON = ("HOME", "XDG_CACHE_HOME", "PATH", "LANG")
"""Variables that the child is given; a key or passphrase in another is none of its business."""
_LENGTH = struct.Struct(">I")


@dataclass(slots=True)
class Reader:
    """Reads files in a child process, started at the first one and again after one that ended it.

    Use it as a context manager; not for several threads at once.
    """

    key: bytes = field(repr=False)
    patience: float = PATIENCE
    whole: bool = False
    """Whether summaries hold the values too."""
    _child: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._child is not None and self._child.stdin is not None:
            self._child.stdin.close()  # told so, it ends
        self._end()

    def summary(self, name: str, content_type: str, data: bytes) -> Summary:
        """What a file gives away.

        Raises:
            Unobserved: LIMITED when it is too large or takes too much time or memory; CRASHED when reading failed.
        """
        if len(data) > LARGEST:
            raise Unobserved(Absence.LIMITED, "larger than what is looked at of one file")
        deadline = time.monotonic() + self.patience
        try:
            self._send({"name": name, "type": content_type, "whole": self.whole}, data, deadline)
            reply = json.loads(self._receive(deadline))
        except TimeoutError:
            self._end()
            raise Unobserved(Absence.LIMITED, "not read within the time for one file") from None
        except (OSError, EOFError, ValueError):
            if self._end() == -signal.SIGABRT:  # how libraries end that are refused memory
                raise Unobserved(Absence.LIMITED, "needs more memory than a file may take") from None
            raise Unobserved(Absence.CRASHED, "the process that reads files ended on it") from None
        if "failed" in reply:
            self._end()
            raise _failure(str(reply["failed"]))
        return summary_of(reply)

    def _started(self) -> tuple[subprocess.Popen[bytes], dict[str, str]]:
        if self._child is not None:
            return self._child, {}
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        self._child = subprocess.Popen(
            [sys.executable, "-I", "-m", "checks.leaks.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            close_fds=True,
        )
        return self._child, {"key": self.key.hex()}

    def _send(self, header: dict[str, Any], data: bytes, deadline: float) -> None:
        child, first = self._started()
        assert child.stdin is not None  # noqa: S101 - by its construction
        head = json.dumps(header | first).encode()
        out = memoryview(_LENGTH.pack(len(head)) + head + _LENGTH.pack(len(data)) + data)
        descriptor = child.stdin.fileno()
        os.set_blocking(descriptor, False)
        while out:
            _, ready, _ = select.select([], [descriptor], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            out = out[os.write(descriptor, out[:65_536]) :]

    def _receive(self, deadline: float) -> bytes:
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size, deadline))
        if length > _REPLY:
            raise EOFError
        return self._exactly(length, deadline)

    def _exactly(self, size: int, deadline: float) -> bytes:
        child, _ = self._started()
        assert child.stdout is not None  # noqa: S101 - by its construction
        descriptor, data = child.stdout.fileno(), bytearray()
        while len(data) < size:
            ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            block = os.read(descriptor, size - len(data))
            if not block:
                raise EOFError
            data += block
        return bytes(data)

    def _end(self) -> int:
        """End the child; how it had ended by itself, if it had."""
        child, self._child = self._child, None
        if child is None:
            return 0
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(0.05)
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        return child.wait()


def _failure(what: Any) -> Unobserved:
    if what == "memory":
        return Unobserved(Absence.LIMITED, "needs more memory than a file may take")
    if what == "nesting":
        return Unobserved(Absence.LIMITED, "nested deeper than is looked at")
    return Unobserved(Absence.CRASHED, f"reading it failed: {what}")
