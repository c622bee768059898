"""Content codings undone within caps, and bodies as text."""

import re
import zlib
from collections.abc import Generator, Iterator, Sequence

from auditor.net.faults import Fault

_PIECE = 65_536
_STEP = 4_096
_RATIO_FREE = 65_536
_MOST_CODINGS = 3
_GZIP = b"\x1f\x8b"
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
# Labels as browsers read them (WHATWG Encoding): Latin-1 and ASCII mean windows-1252, and nothing executable
# or stateful such as UTF-7 is ever honoured.
_CODECS = {
    "utf-8": "utf-8", "utf8": "utf-8", "utf-16": "utf-16-le", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
    "us-ascii": "cp1252", "ascii": "cp1252", "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252",
    "windows-1252": "cp1252", "cp1252": "cp1252", "iso-8859-2": "iso8859-2", "iso-8859-15": "iso8859-15",
    "windows-1250": "cp1250", "windows-1251": "cp1251", "windows-1256": "cp1256", "koi8-r": "koi8-r",
    "gbk": "gbk", "gb2312": "gbk", "gb18030": "gb18030", "big5": "big5", "shift_jis": "cp932", "euc-jp": "euc-jp",
    "euc-kr": "cp949",
}  # fmt: skip


class Broken(Exception):  # noqa: N818 - a state of the body, caught one floor up
    """The body cannot be read further; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault)


def decode_text(body: bytes, content_type: str) -> str:
    """The body as text: by byte order mark, else declared charset, else UTF-8; bad bytes become U+FFFD."""
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    declared = _CHARSET.search(content_type)
    codec = _CODECS.get(declared[1].lower(), "utf-8") if declared else "utf-8"
    return body.decode(codec, "replace")


class Decoder:
    """Undoes codings step by step; `data` holds what came out so far, never more than `cap` bytes."""

    __slots__ = ("_cap", "_ratio", "_stages", "_wire", "data")

    def __init__(self, codings: Sequence[str], *, cap: int, ratio: int) -> None:
        """`codings` in the order applied (RFC 9110 section 8.4): gzip, deflate; identity is passed over.

        Raises:
            Broken: a coding that was never offered to the server, or more than three of them.
        """
        applied = [coding.removeprefix("x-") for coding in codings if coding != "identity"]
        if len(applied) > _MOST_CODINGS or not {"gzip", "deflate"}.issuperset(applied):
            raise Broken("bad_encoding")
        self._stages = [_Inflater(coding, cap) for coding in reversed(applied)]
        self._cap, self._ratio, self._wire = cap, ratio, 0
        self.data = bytearray()

    def feed(self, block: bytes) -> None:
        """Take bytes off the wire.

        Raises:
            Broken: they do not decode, or a cap was passed.
        """
        for start in range(0, len(block), _STEP):  # small steps, or one block could outrun the ratio
            part = block[start : start + _STEP]
            self._wire += len(part)
            self._push(0, part)
            if self._wire > self._cap:
                raise Broken("body_over_cap")

    def finish(self) -> None:
        """Say that the wire gave everything.

        Raises:
            Broken: the coded data stop in the middle.
        """
        if self._wire and any(not stage.finished for stage in self._stages):
            raise Broken("bad_encoding")

    def _push(self, depth: int, block: bytes) -> None:
        if depth < len(self._stages):
            for piece in self._stages[depth].inflate(block):
                self._push(depth + 1, piece)
            return
        room = self._cap - len(self.data)
        self.data += block[:room]
        if len(block) > room:
            raise Broken("body_over_cap")
        if self._stages and len(self.data) > max(_RATIO_FREE, self._ratio * self._wire):
            raise Broken("ratio_over_cap")


class _Inflater:
    """One gzip (RFC 1952, members in a row) or deflate (zlib or, as some servers send it, raw) coding."""

    __slots__ = ("_cap", "_coding", "_engine", "_held", "_members", "_produced")

    def __init__(self, coding: str, cap: int) -> None:
        self._coding, self._cap = coding, cap
        self._engine: zlib._Decompress | None = None
        self._held = b""
        self._members = self._produced = 0

    @property
    def finished(self) -> bool:
        return self._engine is None and self._members > 0

    def inflate(self, block: bytes) -> Iterator[bytes]:
        block = self._held + block
        self._held = b""
        while block:
            if self._engine is None:
                if self._members and self._coding == "deflate":
                    return
                if len(block) < 2:
                    self._held = block
                    return
                if self._members and not block.startswith(_GZIP):
                    return  # bytes after the last member: browsers pass over them
                self._engine = zlib.decompressobj(self._window(block))
            block = yield from self._member(self._engine, block)

    def _member(self, engine: "zlib._Decompress", block: bytes) -> Generator[bytes, None, bytes]:
        """Inflate until the input or the member ends; gives back what lies behind the member."""
        while True:
            try:
                piece = engine.decompress(block, _PIECE)
            except zlib.error:
                raise Broken("bad_encoding") from None
            self._produced += len(piece)
            if piece:
                yield piece
            if self._produced > self._cap:
                raise Broken("body_over_cap")
            if engine.eof:
                self._engine, self._members = None, self._members + 1
                return engine.unused_data
            block = engine.unconsumed_tail
            if not block and len(piece) < _PIECE:
                return b""

    def _window(self, start: bytes) -> int:
        if self._coding == "gzip":
            return 31
        is_zlib = start[0] & 0x0F == 8 and int.from_bytes(start[:2], "big") % 31 == 0
        return 15 if is_zlib else -15
