"""Bytes in the order they arrive, taken by lines or by blocks."""

from collections.abc import Callable

BLOCK = 65_536


class Stream:
    """A buffer over a source of bytes.

    `more` gives the next bytes, none at the end; what it raises passes through.
    """

    __slots__ = ("_buffer", "_ended", "_more")

    def __init__(self, more: Callable[[], bytes]) -> None:
        self._more = more
        self._buffer = bytearray()
        self._ended = False

    @property
    def pending(self) -> bool:
        """Whether bytes arrived that nobody has taken."""
        return bool(self._buffer)

    def peek(self, count: int) -> bytes:
        """The next `count` bytes, left where they are; fewer only at the end."""
        while len(self._buffer) < count and self._fill():
            pass
        return bytes(self._buffer[:count])

    def line(self, limit: int) -> bytes:
        """The next line with its LF; without one when `limit` bytes hold none, or at the end."""
        searched = 0
        while (end := self._buffer.find(b"\n", searched, limit)) < 0:
            searched = len(self._buffer)
            if searched >= limit or not self._fill():
                return self._take(min(limit, len(self._buffer)))
        return self._take(end + 1)

    def some(self, limit: int) -> bytes:
        """At least one byte and at most `limit`; none at the end."""
        if not self._buffer:
            self._fill()
        return self._take(min(limit, len(self._buffer)))

    def _fill(self) -> bool:
        if not self._ended:
            block = self._more()
            self._buffer += block
            self._ended = not block
        return not self._ended

    def _take(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken
