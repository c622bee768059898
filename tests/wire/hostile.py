"""Servers that are dead, slow, endless, lying or resetting: a table of them, and what each must become.

`CASES` is the table; `serving(CASES)` puts each of them on a loopback port of its own.
"""

import contextlib
import gzip
import selectors
import socket
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import trustme

from auditor.model import Absence, Endpoint, Target

HOST = "contoh.go.id"


# What a server does, step by step. Bytes are sent as they are.


@dataclass(frozen=True, slots=True)
class Drip:
    """Send byte by byte, one every `every` seconds."""

    data: bytes
    every: float = 0.1


@dataclass(frozen=True, slots=True)
class Endless:
    """Send the block over and over until the peer has had enough."""

    block: bytes


@dataclass(frozen=True, slots=True)
class Stall:
    """Say nothing until the peer hangs up."""


@dataclass(frozen=True, slots=True)
class Reset:
    """Break off with RST."""


Step = bytes | Drip | Endless | Stall | Reset
Script = tuple[Step, ...] | Callable[[str], tuple[Step, ...]]
"""Steps, or steps by request path. At their end the connection is closed."""


# What must come of it.


@dataclass(frozen=True, slots=True)
class Answered:
    """A response: final status, exact faults, and how far it is to be believed."""

    status: int = 200
    faults: tuple[str, ...] = ()
    complete: bool = True
    head_complete: bool = True
    stopped: str = ""
    body: bytes | None = None
    fields: tuple[tuple[str, str], ...] | None = None
    """Exact fields, for cases about fields."""


Expected = Absence | Answered


@dataclass(frozen=True, slots=True)
class Case:
    """One hostile server."""

    name: str
    script: Script
    expected: Expected
    mode: str = "http"
    """`http`: plain. `https`: TLS of its own, the script inside. `tls`: raw bytes on the TLS port. `dead`,
    `backlog`: nothing listens, nobody accepts. `mtls12`, `mtls13`: a client certificate is demanded."""
    greets: bool = False
    """Talks without waiting for a request."""

    @property
    def scheme(self) -> str:
        return "http" if self.mode == "http" else "https"


def target_of(case: Case, endpoint: Endpoint, **extra: Any) -> Target:
    """The target by which the case is reached: the name is a label, the socket goes to the endpoint."""
    scope = (HOST, f"www.{HOST}")
    if case.scheme == "http":
        return Target("http", HOST, 80, scope=scope, connect_http=endpoint, **extra)
    return Target("https", HOST, 443, scope=scope, connect=endpoint, **extra)


OK = b"HTTP/1.1 200 OK\r\n"
END = b"\r\n"
PAGE = b"<title>Contoh</title>"
SIZED = b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
SHORT, SLOW_BODY = ("short_body",), ("slow_body",)


def _page(*lines: bytes, status: bytes = b"HTTP/1.1 200 OK") -> bytes:
    """A sound answer with these raw field lines (without their CRLF) in front."""
    return b"\r\n".join((status, *lines, b"")) + SIZED


def _dead() -> Iterator[Case]:
    yield Case("dead-port", (), Absence.REFUSED, mode="dead")
    yield Case("backlog-full", (), Absence.TIMEOUT, mode="backlog")
    for mode in ("http", "tls", "https"):
        yield Case(f"{mode}-silent", (Stall(),), Absence.TIMEOUT, mode=mode)
        yield Case(f"{mode}-closes-at-once", (), Absence.REFUSED, mode=mode)
        yield Case(f"{mode}-resets-at-once", (Reset(),), Absence.REFUSED, mode=mode)


def _heads_cut() -> Iterator[Case]:
    head = b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n"
    for size in (1, 4, 5, 8, 9, 12, 15, 16, 17, 23, 27, 28, 29):
        part = head[:size]
        yield Case(f"head-{size}-then-silent", (part, Stall()), Absence.TIMEOUT)
        yield Case(f"head-{size}-then-closed", (part,), Absence.MALFORMED)
        yield Case(f"head-{size}-then-reset", (part, Reset()), Absence.REFUSED)
    yield Case("head-interim-then-closed", (b"HTTP/1.1 100 Continue\r\n\r\n",), Absence.MALFORMED)
    yield Case("head-interim-then-silent", (b"HTTP/1.1 103 Early Hints\r\n\r\n", Stall()), Absence.TIMEOUT)
    yield Case("head-drips", (Drip(head + b"x"),), Absence.TIMEOUT)
    yield Case("head-drips-in-tls", (Drip(head + b"x"),), Absence.TIMEOUT, mode="https")
    yield Case("head-drips-spaces", (OK + b"X: ", Drip(b" " * 900)), Absence.TIMEOUT)


def _bodies_cut() -> Iterator[Case]:
    parts = {
        "counted-0": OK + b"Content-Length: 100\r\n\r\n",
        "counted-1": OK + b"Content-Length: 100\r\n\r\n<",
        "counted-99": OK + b"Content-Length: 100\r\n\r\n" + b"x" * 99,
    }
    for name, part in parts.items():
        for mode in ("http", "https"):
            where = f"{mode}-{name}"
            yield Case(f"{where}-then-silent", (part, Stall()), Answered(faults=SLOW_BODY, complete=False), mode=mode)
            yield Case(f"{where}-then-closed", (part,), Answered(faults=SHORT, complete=False), mode=mode)
            yield Case(f"{where}-then-reset", (part, Reset()), Answered(faults=SHORT, complete=False), mode=mode)
    chunks = b"5\r\nhello\r\n0\r\nX: y\r\n\r\n"
    for size in (0, 1, 2, 3, 5, 8, 9, 10, 11, 12, 13, 15, 19):
        part = OK + CHUNKED + chunks[:size]
        body = b"hello"[: max(0, min(size, 8) - 3)]
        for how, end, faults in (
            ("silent", (Stall(),), SLOW_BODY),
            ("closed", (), SHORT),
            ("reset", (Reset(),), SHORT),
        ):
            expected = Answered(faults=faults, complete=False, body=body)
            yield Case(f"chunks-{size}-then-{how}", (part, *end), expected)
    open_ended = OK + END + PAGE
    yield Case("open-ended-closed", (open_ended,), Answered(body=PAGE))
    yield Case("open-ended-silent", (open_ended, Stall()), Answered(faults=SLOW_BODY, complete=False, body=PAGE))
    yield Case("open-ended-reset", (open_ended, Reset()), Answered(faults=SHORT, complete=False, body=PAGE))
    yield Case("open-ended-closed-in-tls", (open_ended,), Answered(body=PAGE), mode="https")
    cut = Answered(faults=SHORT, complete=False, body=PAGE)
    yield Case("open-ended-reset-in-tls", (open_ended, Reset()), cut, mode="https")
    drips = Answered(faults=SLOW_BODY, complete=False)
    yield Case("body-drips", (OK + b"Content-Length: 900\r\n\r\n", Drip(b"x" * 900)), drips)
    yield Case("body-drips-in-tls", (OK + b"Content-Length: 900\r\n\r\n", Drip(b"x" * 900)), drips, mode="https")
    yield Case("body-drips-open-ended", (OK + END, Drip(b"x" * 900)), drips)
    yield Case("chunks-drip", (OK + CHUNKED, Drip(b"1\r\nx\r\n" * 200)), drips)


def _endless() -> Iterator[Case]:
    cut = Answered(faults=("header_over_cap",), complete=False, head_complete=False)
    many = Answered(faults=("fields_over_cap",), complete=False, head_complete=False)
    block = b"x" * 16_384
    yield Case("endless-status-line", (b"HTTP/1.1 200 ", Endless(block)), Absence.MALFORMED)
    yield Case("endless-blank-lines", (Endless(b"\r\n" * 500),), Absence.MALFORMED)
    yield Case("endless-interim", (Endless(b"HTTP/1.1 100 Continue\r\n\r\n" * 100),), Absence.MALFORMED)
    yield Case("endless-interim-fields", (b"HTTP/1.1 100 Continue\r\n", Endless(b"A: b\r\n" * 500)), Absence.MALFORMED)
    yield Case("endless-field-name", (OK, Endless(block)), cut)
    yield Case("endless-field-value", (OK + b"X: ", Endless(block)), cut)
    yield Case("endless-fields", (OK, Endless(b"Set-Cookie: a=b\r\n" * 500)), many)
    yield Case(
        "endless-colonless-lines",
        (OK, Endless(b"nothing\r\n" * 500)),
        Answered(faults=("header_over_cap", "line_without_colon"), complete=False, head_complete=False),
    )
    yield Case(
        "endless-folds",
        (OK + b"X: y\r\n", Endless(b" more\r\n" * 500)),
        Answered(faults=("header_over_cap", "obs_fold"), complete=False, head_complete=False, fields=()),
    )
    big = Answered(faults=("body_over_cap",), complete=False)
    yield Case("endless-body", (OK + END, Endless(block)), big)
    yield Case("endless-body-in-tls", (OK + END, Endless(block)), big, mode="https")
    yield Case("endless-counted-body", (OK + b"Content-Length: 999999999999\r\n\r\n", Endless(block)), big)
    yield Case("endless-chunks", (OK + CHUNKED, Endless(b"4000\r\n" + block + b"\r\n")), big)
    yield Case("endless-chunk", (OK + CHUNKED + b"FFFFFFFFFFFF\r\n", Endless(block)), big)
    bad = Answered(faults=("bad_chunk",), complete=False)
    yield Case("endless-chunk-extension", (OK + CHUNKED + b"5;", Endless(block)), bad)
    yield Case("endless-chunk-size", (OK + CHUNKED, Endless(b"0" * 16_384)), bad)
    yield Case("endless-trailer", (OK + CHUNKED + b"0\r\n", Endless(b"X: y\r\n" * 500)), bad)
    yield Case(
        "endless-body-after-error",
        (b"HTTP/1.1 500 No\r\n\r\n", Endless(block)),
        Answered(500, ("body_over_cap",), complete=False),
    )


def _lengths() -> Iterator[Case]:
    lying = ("conflicting_length",)

    def with_lengths(*values: bytes) -> tuple[Step, ...]:
        return (OK + b"".join(b"Content-Length: %s\r\n" % value for value in values) + END + PAGE,)

    whole, n = Answered(body=PAGE), b"%d" % len(PAGE)
    yield Case("length-too-small", with_lengths(b"7"), Answered(body=PAGE[:7]))
    yield Case("length-zero-with-body", with_lengths(b"0"), Answered(body=b""))
    yield Case("length-too-great", with_lengths(b"500"), Answered(faults=SHORT, complete=False, body=PAGE))
    yield Case("length-huge", with_lengths(b"9" * 18), Answered(faults=SHORT, complete=False, body=PAGE))
    yield Case("length-twice-the-same", with_lengths(n, n), whole)
    yield Case("length-listed-twice", with_lengths(n + b", " + n), whole)
    yield Case("length-empty", with_lengths(b""), whole)
    for name, value in {
        "negative": b"-5", "signed": b"+21", "fraction": b"21.0", "hexadecimal": b"0x15", "exponent": b"2e1",
        "word": b"lots", "beyond-64-bit": b"9" * 20, "beyond-all": b"9" * 5_000, "with-unit": b"21 bytes",
        "semicolon": b"21;21", "quoted": b'"21"', "arabic-digits": "٢١".encode(),
    }.items():  # fmt: skip
        faults = ("conflicting_length", "non_ascii") if not value.isascii() else lying
        yield Case(f"length-{name}", with_lengths(value), Answered(faults=faults, body=PAGE))
    for name, values in {"two-fields": (b"5", n), "listed": (b"5, " + n,), "one-broken": (b"5", b"x")}.items():
        expected = Answered(faults=lying, complete=False, body=PAGE[:5])
        yield Case(f"lengths-differ-{name}", with_lengths(*values), expected)
    both = OK + b"Content-Length: 3\r\n" + CHUNKED + b"5\r\nhello\r\n0\r\n\r\n"
    yield Case("length-and-chunks", (both,), Answered(faults=lying, body=b"hello"))
    yield Case("head-with-204-and-length", (b"HTTP/1.1 204 No\r\nContent-Length: 50\r\n\r\n", Stall()), Answered(204))
    yield Case("head-with-304-and-length", (b"HTTP/1.1 304 No\r\nContent-Length: 50\r\n\r\n", Stall()), Answered(304))


def _chunks() -> Iterator[Case]:
    hello = Answered(body=b"hello")
    for name, raw in {
        "extension": b"5;a=b\r\nhello\r\n0;c\r\n\r\n", "upper-case": b"05\r\nhello\r\n000\r\n\r\n",
        "blanks": b" 5 \r\nhello\r\n0\r\n\r\n", "bare-lf": b"5\nhello\n0\n\n",
        "trailer": b"5\r\nhello\r\n0\r\nSet-Cookie: a=b\r\n\r\n", "single-bytes": b"1\r\nh\r\n4\r\nello\r\n0\r\n\r\n",
    }.items():  # fmt: skip
        yield Case(f"chunks-{name}", (OK + CHUNKED + raw,), hello)
    for name, raw in {
        "not-hex": b"zz\r\n", "negative": b"-1\r\n", "empty-size": b"\r\nhello\r\n", "prefixed": b"0x5\r\nhello\r\n",
        "sixteen-digits": b"1111111111111111\r\n", "sixty-four-digits": b"f" * 64 + b"\r\n", "nul": b"\x005\r\nhello\r\n",
        "words-after-size": b"5 hello\r\nhello\r\n", "html": b"<html>\r\n</html>\r\n", "fraction": b"5.0\r\nhello\r\n",
        "decimal-sign": b"+5\r\nhello\r\n",
    }.items():  # fmt: skip
        yield Case(f"chunks-{name}", (OK + CHUNKED + raw,), Answered(faults=("bad_chunk",), complete=False, body=b""))
    for name, raw in {
        "no-end-of-chunk": b"5\r\nhello0\r\n\r\n",
        "longer-than-said": b"5\r\nhello world\r\n0\r\n\r\n",
    }.items():
        expected = Answered(faults=("bad_chunk",), complete=False, body=b"hello")
        yield Case(f"chunks-{name}", (OK + CHUNKED + raw,), expected)
    sound = b"5\r\nhello\r\n0\r\n\r\n"
    yield Case("transfer-twice-chunked", (OK + b"Transfer-Encoding: chunked, chunked\r\n\r\n" + sound,), hello)
    yield Case("transfer-in-capitals", (OK + b"TRANSFER-ENCODING: Chunked\r\n\r\n" + sound,), hello)
    yield Case("transfer-on-http-1.0", (b"HTTP/1.0 200 OK\r\n" + CHUNKED + sound,), hello)
    yield Case("transfer-identity", (OK + b"Transfer-Encoding: identity\r\n\r\nhello",), hello)
    packed = gzip.compress(b"hello")
    coded = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    yield Case("transfer-gzip-chunked", (OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + coded,), hello)
    unknown = Answered(faults=("bad_encoding",), complete=False, body=b"")
    yield Case("transfer-unknown", (OK + b"Transfer-Encoding: xchunked\r\n\r\n" + sound,), unknown)


def _codings() -> Iterator[Case]:
    def coded(coding: bytes, data: bytes) -> tuple[Step, ...]:
        return (OK + b"Content-Encoding: %s\r\nContent-Length: %d\r\n\r\n" % (coding, len(data)) + data,)

    whole = Answered(body=PAGE)
    packed, packed_z = gzip.compress(PAGE), zlib.compress(PAGE)
    engine = zlib.compressobj(wbits=-15)
    packed_raw = engine.compress(PAGE) + engine.flush()
    for name, coding, data in (
        ("gzip", b"gzip", packed), ("x-gzip", b"x-gzip", packed), ("gzip-in-capitals", b"GZIP", packed),
        ("gzip-members", b"gzip", gzip.compress(PAGE[:5]) + gzip.compress(PAGE[5:])),
        ("gzip-then-garbage", b"gzip", packed + b"garbage"), ("deflate", b"deflate", packed_z),
        ("deflate-raw", b"deflate", packed_raw), ("nested", b"gzip, gzip", gzip.compress(packed)),
        ("nested-mixed", b"deflate, gzip", gzip.compress(packed_z)), ("identity", b"identity", PAGE), ("none", b"", PAGE),
    ):  # fmt: skip
        yield Case(f"coding-{name}", coded(coding, data), whole)
    yield Case("coding-gzip-of-nothing", coded(b"gzip", b""), Answered(body=b""))
    noise = bytes((i * 37 + 11) % 256 for i in range(3_000))
    broken = ("bad_encoding",)
    for name, coding, data in (
        ("gzip-is-text", b"gzip", PAGE), ("gzip-is-zlib", b"gzip", packed_z), ("gzip-is-noise", b"gzip", noise),
        ("deflate-is-noise", b"deflate", noise), ("deflate-is-gzip", b"deflate", packed), ("gzip-one-byte", b"gzip", b"\x1f"),
        ("gzip-header-only", b"gzip", packed[:10]), ("gzip-half", b"gzip", packed[: len(packed) // 2]),
        ("gzip-no-trailer", b"gzip", packed[:-8]), ("gzip-bad-sum", b"gzip", packed[:-8] + b"\0" * 8),
        ("gzip-second-member-cut", b"gzip", packed + packed[:12]), ("brotli", b"br", noise), ("zstd", b"zstd", noise),
        ("compress", b"compress", noise), ("nonsense", b"\x01\x02", noise), ("nested-four", b"gzip, gzip, gzip, gzip", packed),
        ("nested-inner-broken", b"gzip, gzip", packed),
    ):  # fmt: skip
        faults = ("bad_encoding", "control_bytes") if coding == b"\x01\x02" else broken
        yield Case(f"coding-{name}", coded(coding, data), Answered(faults=faults, complete=False))
    bomb = gzip.compress(b"\0" * 20_000_000, 9)
    blown = Answered(faults=("ratio_over_cap",), complete=False)
    yield Case("bomb-gzip", coded(b"gzip", bomb), blown)
    yield Case("bomb-deflate", coded(b"deflate", zlib.compress(b"\0" * 20_000_000, 9)), blown)
    yield Case("bomb-nested", coded(b"gzip, gzip", gzip.compress(bomb, 9)), blown)
    yield Case(
        "bomb-members",
        coded(b"gzip", gzip.compress(b"\0" * 60_000, 9) * 2_000),
        Answered(faults=("ratio_over_cap",), complete=False),
    )
    yield Case(
        "bomb-inner-stops",
        coded(b"gzip, gzip", gzip.compress(packed + b"\0" * 20_000_000, 9)),
        Answered(faults=("body_over_cap",), complete=False, body=PAGE),
    )
    endless_name = b"\x1f\x8b\x08\x08" + b"\0" * 6
    yield Case(
        "gzip-endless-file-name",
        (OK + b"Content-Encoding: gzip\r\n\r\n" + endless_name, Endless(b"x" * 16_384)),
        Answered(faults=("body_over_cap",), complete=False, body=b""),
    )
    empty_block = b"\x00\x00\x00\xff\xff"
    yield Case(
        "gzip-endless-empty-blocks",
        (OK + b"Content-Encoding: gzip\r\n\r\n" + packed[:10], Endless(empty_block * 3_000)),
        Answered(faults=("body_over_cap",), complete=False, body=b""),
    )


def _fields() -> Iterator[Case]:
    length = ("Content-Length", str(len(PAGE)))

    def seen(*fields: tuple[str, str], faults: tuple[str, ...] = ()) -> Answered:
        return Answered(body=PAGE, faults=faults, fields=(*fields, length))

    cookie = ("Set-Cookie", "a=b")
    raw = b"Set-Cookie: a=b"
    yield Case(
        "fields-5000",
        (_page(*(b"X-%d: y" % i for i in range(5_000))),),
        Answered(faults=("fields_over_cap",), complete=False, head_complete=False, body=b""),
    )
    yield Case("fields-1500", (_page(*(b"X: y" for _ in range(1_500))),), seen(*[("X", "y")] * 1_500))
    yield Case("field-20-kB", (_page(b"X: " + b"y" * 20_000, raw),), seen(("X", "y" * 20_000), cookie))
    yield Case(
        "field-300-kB",
        (_page(raw, b"X: " + b"y" * 300_000),),
        Answered(faults=("header_over_cap",), complete=False, head_complete=False, fields=(cookie,)),
    )
    yield Case("fields-duplicated", (_page(b"A: 1", b"a: 2", b"A: 1"),), seen(("A", "1"), ("a", "2"), ("A", "1")))
    for byte in (0x00, 0x01, 0x07, 0x08, 0x0B, 0x0C, 0x0D, 0x1B, 0x7F):
        value = b"x" + bytes([byte]) + b"y"
        expected = seen(("X", value.decode("latin-1")), cookie, faults=("control_bytes",))
        yield Case(f"field-with-byte-{byte:02x}", (_page(b"X: " + value, raw),), expected)
    yield Case("field-name-with-nul", (_page(b"X\0Y: z", raw),), seen(("X\0Y", "z"), cookie, faults=("control_bytes",)))
    yield Case(
        "field-invalid-utf-8", (_page(b"X: \xff\xfe\xc3", raw),), seen(("X", "ÿþÃ"), cookie, faults=("non_ascii",))
    )
    yield Case("field-name-non-ascii", (_page(b"X\xe9: y", raw),), seen(("Xé", "y"), cookie, faults=("non_ascii",)))
    fold = ("obs_fold",)
    yield Case("fold-space", (_page(b"X: a", b" b", raw),), seen(("X", "a b"), cookie, faults=fold))
    yield Case("fold-tab", (_page(b"X: a", b"\tb", raw),), seen(("X", "a b"), cookie, faults=fold))
    yield Case("fold-thrice", (_page(b"X: a", b"  b", b"\t c", raw),), seen(("X", "a b c"), cookie, faults=fold))
    yield Case("fold-before-value", (_page(b"X:", b" a", raw),), seen(("X", "a"), cookie, faults=fold))
    yield Case("fold-of-nothing", (_page(b"X: a", b" ", raw),), seen(("X", "a"), cookie, faults=fold))
    yield Case(
        "fold-hides-an-attribute",
        (_page(b"Set-Cookie: a=b;", b" Secure"),),
        seen(("Set-Cookie", "a=b; Secure"), faults=fold),
    )
    yield Case("fold-first-line", (_page(b" Set-Cookie: a=b"),), seen(cookie, faults=fold))
    yield Case("fold-last-line", (_page(raw, b" "),), seen(cookie, faults=fold))
    colonless = ("line_without_colon",)
    yield Case("line-without-colon-first", (_page(b"garbage", raw),), seen(cookie, faults=colonless))
    yield Case(
        "line-without-colon-later", (_page(raw, b"garbage", b"A: b"),), seen(cookie, ("A", "b"), faults=colonless)
    )
    yield Case("line-of-colon", (_page(b":", raw),), seen(cookie, faults=colonless))
    yield Case("line-with-empty-name", (_page(b": value", raw),), seen(cookie, faults=colonless))
    yield Case("line-is-status-again", (_page(b"HTTP/1.1 200 OK", raw),), seen(cookie, faults=colonless))
    yield Case("space-before-colon", (_page(b"Set-Cookie : a=b"),), seen(cookie, faults=("space_before_colon",)))
    yield Case("tab-before-colon", (_page(b"Set-Cookie\t: a=b"),), seen(cookie, faults=("space_before_colon",)))
    yield Case("no-space-after-colon", (_page(b"Set-Cookie:a=b"),), seen(cookie))
    yield Case("blanks-around-value", (_page(b"Set-Cookie: \t a=b \t"),), seen(cookie))
    yield Case("bare-lf", (_page(raw).replace(b"\r\n", b"\n"),), seen(cookie, faults=("bare_lf",)))
    yield Case("bare-lf-sometimes", (_page(raw).replace(b"a=b\r\n", b"a=b\n"),), seen(cookie, faults=("bare_lf",)))
    yield Case("no-fields-at-all", (OK + END + PAGE,), Answered(body=PAGE, fields=()))
    yield Case("crlf-before-status", (b"\r\n\r\n" + _page(raw),), seen(cookie))
    hints = b"HTTP/1.1 103 Early Hints\r\nSet-Cookie: early=1\r\n\r\n"
    yield Case("interim-100-times", (b"HTTP/1.1 100 Continue\r\n\r\n" * 100 + _page(raw),), seen(cookie))
    yield Case("interim-early-hints", (hints + _page(raw),), seen(cookie))
    yield Case("interim-processing", (b"HTTP/1.1 102 Processing\r\n\r\n" + _page(raw),), seen(cookie))
    yield Case("interim-unknown", (b"HTTP/1.1 199 Soon\r\n\r\n" + _page(raw),), seen(cookie))
    yield Case("interim-then-garbage", (b"HTTP/1.1 100 Continue\r\n\r\n<html>",), Absence.MALFORMED)
    yield Case("switching-protocols", (b"HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\n\r\n",), Absence.MALFORMED)


def _statuses() -> Iterator[Case]:
    bad = Absence.MALFORMED
    for name, line in {
        "000": b"HTTP/1.1 000 No", "099": b"HTTP/1.1 099 No", "negative": b"HTTP/1.1 -1 No", "missing": b"HTTP/1.1",
        "word": b"HTTP/1.1 OK", "two-digits": b"HTTP/1.1 20", "four-digits": b"HTTP/1.1 2000 OK",
        "letters": b"HTTP/1.1 2OO OK", "glued": b"HTTP/1.1 200OK", "version-missing": b"HTTP 200 OK",
        "version-long": b"HTTP/11.1 200 OK", "version-word": b"HTTP/x 200 OK", "shoutcast": b"ICY 200 OK",
        "rtsp": b"RTSP/1.0 200 OK", "sip": b"SIP/2.0 200 OK", "cgi": b"Status: 200 OK", "leading-space": b" HTTP/1.1 200 OK",
        "bom": b"\xef\xbb\xbfHTTP/1.1 200 OK", "utf-16": "HTTP/1.1 200 OK".encode("utf-16"), "https": b"HTTPS/1.1 200 OK",
        "arabic-digits": "HTTP/1.1 ٢٠٠ OK".encode(), "nul": b"HTTP/1.1\x00200 OK",
    }.items():  # fmt: skip
        yield Case(f"status-{name}", (_page(status=line),), bad)
    for name, line, status in (
        ("999", b"HTTP/1.1 999 Denied", 999), ("600", b"HTTP/1.1 600 What", 600), ("no-reason", b"HTTP/1.1 200", 200),
        ("two-spaces", b"HTTP/1.1  200 OK", 200), ("tab", b"HTTP/1.1\t200\tOK", 200), ("lower-case", b"http/1.1 200 ok", 200),
        ("http-2-in-text", b"HTTP/2 200", 200), ("http-3.7", b"HTTP/3.7 200 OK", 200), ("http-1.0", b"HTTP/1.0 200 OK", 200),
        ("reason-8-bit", b"HTTP/1.1 200 \xff\x01", 200), ("500", b"HTTP/1.1 500 No", 500), ("403", b"HTTP/1.1 403 No", 403),
        ("503", b"HTTP/1.1 503 Later", 503), ("429", b"HTTP/1.1 429 Later", 429), ("418", b"HTTP/1.1 418 Teapot", 418),
    ):  # fmt: skip
        yield Case(f"status-{name}", (_page(status=line),), Answered(status, body=PAGE))


def _not_http() -> Iterator[Case]:
    for name, data in {
        "http-0.9": b"<html><body>tua</body></html>", "smtp": b"220 mail.contoh.go.id ESMTP ready\r\n",
        "ftp": b"220 (vsFTPd 3.0.5)\r\n", "ssh": b"SSH-2.0-OpenSSH_9.6\r\n", "redis": b"-ERR unknown command\r\n",
        "mysql": b"J\0\0\0\n8.0.36\0" + b"x" * 60, "imap": b"* OK IMAP4rev1\r\n", "pop3": b"+OK ready\r\n",
        "h2-settings": b"\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0\x64", "h2-preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "h2-goaway": b"\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\x01", "tls-alert": b"\x15\x03\x03\0\x02\x02\x28",
        "json": b'{"status": 200}', "nuls": b"\0" * 5_000, "noise": bytes((i * 73 + 5) % 256 for i in range(5_000)),
        "request-echoed": b"GET / HTTP/1.1\r\nHost: contoh.go.id\r\n\r\n", "proxy-line": b"PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n",
        "text": b"Silakan datang kembali\n", "xml": b"<?xml version='1.0'?>", "http-slash": b"HTTP/" + b"\xff" * 50 + b"\r\n\r\n",
    }.items():  # fmt: skip
        yield Case(f"banner-{name}-closed", (data,), Absence.MALFORMED)
        if name not in ("h2-preface", "request-echoed", "http-slash"):
            yield Case(f"banner-{name}-kept-open", (data, Stall()), Absence.MALFORMED, greets=True)


def _moved(location: bytes, status: int = 302, cookie: bytes = b"") -> bytes:
    cookies = b"Set-Cookie: %s\r\n" % cookie if cookie else b""
    return b"HTTP/1.1 %d Moved\r\nLocation: %s\r\n%sContent-Length: 0\r\n\r\n" % (status, location, cookies)


def _redirects() -> Iterator[Case]:
    counter = iter(range(10**9))
    yield Case("redirect-endless", lambda path: (_moved(b"/%d" % next(counter)),), Answered(302, stopped="too_many"))
    yield Case("redirect-to-itself", (_moved(b"/"),), Answered(302, stopped="loop"))
    yield Case("redirect-to-fragment", (_moved(b"#a"),), Answered(302, stopped="loop"))
    yield Case(
        "redirect-in-a-ring", lambda path: (_moved(b"/b" if path == "/a" else b"/a"),), Answered(302, stopped="loop")
    )
    yield Case("redirect-to-itself-with-a-cookie", (_moved(b"/", cookie=b"a=b"),), Answered(302, stopped="loop"))
    yield Case(
        "redirect-to-itself-with-ever-new-cookies",
        lambda path: (_moved(b"/", cookie=b"a=%d" % next(counter)),),
        Answered(302, stopped="too_many"),
    )
    yield Case(
        "redirect-with-ever-more-cookies",
        lambda path: (_moved(b"/", cookie=b"c%d=" % next(counter) + b"x" * 4_000),),
        Answered(302, stopped="too_many"),
    )
    yield Case(
        "redirect-with-a-deleted-cookie",
        (_moved(b"/", cookie=b"a=b; Max-Age=0"),),
        Answered(302, stopped="loop"),
    )
    yield Case(
        "redirect-with-broken-cookies",
        (_moved(b"/", cookie=b"\x01=\x80\xff;;; Path; Domain=.; Expires=soon; Max-Age=-"),),
        Answered(302, ("control_bytes", "non_ascii"), stopped="loop"),
    )
    yield Case("redirect-grows", lambda path: (_moved(path.encode() + b"x/"),), Answered(302, stopped="too_many"))
    outside = Answered(302, stopped="out_of_scope")
    for name, place in {
        "loopback": b"http://127.0.0.1/", "private": b"http://10.0.0.1/", "metadata": b"http://169.254.169.254/latest/",
        "loopback-v6": b"http://[::1]/", "mapped-v6": b"http://[::ffff:127.0.0.1]/", "unspecified": b"http://0.0.0.0/",
        "decimal-ip": b"http://2130706433/", "hex-ip": b"http://0x7f.1/", "octal-ip": b"http://0177.0.0.1/",
        "short-ip": b"http://127.1/", "localhost": b"http://localhost/", "nat64": b"http://[64:ff9b::7f00:1]/",
        "other-site": b"https://evil.example/", "no-scheme": b"//evil.example/", "backslashes": b"\\\\evil.example\\",
        "slash-backslash": b"/\\evil.example/", "scheme-backslashes": b"https:\\\\evil.example/",
        "suffixed": b"https://contoh.go.id.evil.example/", "prefixed": b"https://evilcontoh.go.id/",
        "user-info": b"https://contoh.go.id@evil.example/", "user-password": b"https://contoh.go.id:443@evil.example/",
        "user-backslash": b"https://evil.example\\@contoh.go.id/", "fragment-host": b"https://evil.example#contoh.go.id",
        "query-host": b"https://evil.example?contoh.go.id", "subdomain": b"https://dalam.contoh.go.id/",
        "ftp": b"ftp://contoh.go.id/", "file": b"file:///etc/passwd", "javascript": b"javascript:alert(1)",
        "data": b"data:text/html,x", "mailto": b"mailto:a@contoh.go.id", "gopher": b"gopher://127.0.0.1:6379/_x",
        "web-socket": b"wss://contoh.go.id/", "view-source": b"view-source:https://contoh.go.id/",
        "three-slashes": b"///evil.example/", "scheme-three-slashes": b"http:///evil.example/",
        "other-scheme-no-slashes": b"https:evil.example/", "one-slash": b"https:/evil.example/", "upper-case-scheme": b"FTP://contoh.go.id/",
    }.items():  # fmt: skip
        yield Case(f"redirect-{name}", (_moved(place),), outside)
    yield Case(
        "redirect-cyrillic-name",
        (_moved("http://сontoh.go.id/".encode()),),
        Answered(302, ("non_ascii",), stopped="out_of_scope"),
    )
    useless = Answered(302, stopped="bad_location")
    for name, place in {
        "empty": b"", "blank": b"   ", "port-too-great": b"http://contoh.go.id:99999/", "port-zero": b"http://contoh.go.id:0/",
        "port-word": b"http://contoh.go.id:abc/", "no-host": b"http:///", "only-scheme": b"http://",
        "bracket": b"http://[::1/", "percent-host": b"http://contoh%2ego.id/", "space-in-host": b"http://contoh go.id/",
        "empty-label": b"http://contoh..go.id/", "long-label": b"http://" + b"a" * 64 + b".go.id/",
        "long-host": b"http://" + b"a." * 200 + b"id/", "8-bit-host": b"http://\xff\xfe/",
    }.items():  # fmt: skip
        expected = useless if place.isascii() else Answered(302, ("non_ascii",), stopped="bad_location")
        yield Case(f"redirect-{name}", (_moved(place),), expected)
    for name, place in {
        "nul": b"/a\0b",
        "tab": b"/a\tb",
        "escape": b"/\x1b[2J",
        "bare-cr": b"/a\rSet-Cookie: x=y",
    }.items():
        faults = () if name == "tab" else ("control_bytes",)
        yield Case(f"redirect-with-{name}", (_moved(place),), Answered(302, faults, stopped="bad_location"))
    for name, place in {"other-port": b"http://contoh.go.id:8443/", "other-side": b"https://contoh.go.id/"}.items():
        yield Case(f"redirect-{name}-without-socket", (_moved(place),), Answered(302, stopped="not_allowed"))
    for name, place in {
        "relative": b"a", "scheme-and-relative": b"http:a", "absolute": b"http://contoh.go.id/a", "twin": b"http://www.contoh.go.id/", "query": b"?a=b",
        "20-kB": b"/" + b"a" * 20_000, "user-kept-in-scope": b"http://evil.example@contoh.go.id/a",
        "trailing-dot": b"http://contoh.go.id./a", "capitals": b"HTTP://CONTOH.GO.ID/a", "default-port": b"http://contoh.go.id:80/a",
        "blanks-around": b"  /a  ", "space-inside": b"/a b", "dots": b"/../../../a", "utf-8": "/é".encode(),
        "surrogate-bytes": b"/\xed\xa0\x80",
    }.items():  # fmt: skip

        def answers(path: str, place: bytes = place) -> tuple[Step, ...]:
            return (_moved(place) if path == "/" else _page(),)

        def twin(path: str, seen: list[str] = []) -> tuple[Step, ...]:  # noqa: B006 - remembers on purpose
            seen.append(path)
            return (_moved(b"http://www.contoh.go.id/") if len(seen) == 1 else _page(),)

        yield Case(f"redirect-followed-{name}", twin if name == "twin" else answers, Answered(body=PAGE))
    yield Case("redirect-without-location", (_page(status=b"HTTP/1.1 302 Found"),), Answered(302, body=PAGE))
    yield Case(
        "redirect-two-locations",
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nLocation: /a\r\n" + SIZED,),
        outside,
    )
    yield Case("redirect-300", (_moved(b"/a", 300),), Answered(300))
    yield Case("redirect-then-dead-end", lambda path: (_moved(b"/a"),) if path == "/" else (Stall(),), Absence.TIMEOUT)
    yield Case("redirect-then-reset", lambda path: (_moved(b"/a"),) if path == "/" else (Reset(),), Absence.REFUSED)
    yield Case(
        "redirect-then-garbage", lambda path: (_moved(b"/a"),) if path == "/" else (b"<html>",), Absence.MALFORMED
    )


def _record(kind: int, body: bytes, version: int = 0x0303) -> bytes:
    return struct.pack("!BHH", kind, version, len(body)) + body


def _server_hello(version: int, suite: int) -> bytes:
    hello = struct.pack("!H", version) + b"\x55" * 32 + b"\0" + struct.pack("!HB", suite, 0)
    return _record(22, b"\x02" + len(hello).to_bytes(3, "big") + hello, version)


def _tls() -> Iterator[Case]:
    bad, refused, late = Absence.MALFORMED, Absence.REFUSED, Absence.TIMEOUT
    alerts = {
        "handshake-failure": 40, "protocol-version": 70, "unrecognized-name": 112, "internal-error": 80,
        "no-application-protocol": 120, "insufficient-security": 71, "access-denied": 49, "unknown-ca": 48,
        "certificate-required": 116, "illegal-parameter": 47, "decode-error": 50, "unexpected-message": 10,
    }  # fmt: skip
    for name, number in alerts.items():
        yield Case(f"tls-alert-{name}", (_record(21, bytes([2, number])),), refused, mode="tls")
    hello = _server_hello(0x0303, 0xC02F)
    for name, data, expected in (
        ("http-answer", b"HTTP/1.1 400 Bad Request\r\n\r\nplain HTTP to an HTTPS port", bad), ("html", b"<html></html>", bad),
        ("smtp", b"220 mail.contoh.go.id ESMTP\r\n", bad), ("ssh", b"SSH-2.0-OpenSSH_9.6\r\n", bad), ("nuls", b"\0" * 300, bad),
        ("noise", bytes((i * 73 + 5) % 256 for i in range(400)), bad), ("echo-of-hello", b"\x16\x03\x01\0\x05\x01\0\0\x01\0", bad),
        ("ssl3-hello", _server_hello(0x0300, 0x002F), bad), ("unknown-version", _server_hello(0x0399, 0xC02F), bad),
        ("unoffered-suite", _server_hello(0x0303, 0x0000), bad), ("ssl2-hello", b"\x80\x0b\x04\0\x01\0\x02\0\0\0\0" * 3, bad),
        ("data-first", _record(23, b"x" * 50), bad), ("cipher-change-first", _record(20, b"\x01"), bad),
        ("record-oversize", b"\x16\x03\x03\xff\xff" + b"x" * 70_000, bad), ("hello-twice", hello + hello, bad),
        ("message-oversize", _record(22, b"\x02\xff\xff\xff" + b"x" * 500), bad), ("unknown-record", _record(99, b"xx"), bad),
        ("hello-then-garbage-certificate", hello + _record(22, b"\x0b\0\0\x0a\0\0\x07\0\0\x04abcd"), bad),
        ("hello-then-empty-certificate", hello + _record(22, b"\x0b\0\0\x03\0\0\0"), bad),
        ("close-notify", _record(21, b"\x01\0"), refused), ("hello-then-closed", hello, refused),
        ("half-record-closed", hello[:20], refused), ("half-header-closed", hello[:3], refused),
    ):  # fmt: skip
        yield Case(f"tls-{name}", (data,), expected, mode="tls")
    yield Case("tls-hello-then-silent", (hello, Stall()), late, mode="tls")
    yield Case("tls-hello-then-reset", (hello, Reset()), refused, mode="tls")
    yield Case("tls-half-record-silent", (hello[:20], Stall()), late, mode="tls")
    yield Case("tls-half-header-silent", (hello[:3], Stall()), late, mode="tls")
    yield Case("tls-half-record-reset", (hello[:20], Reset()), refused, mode="tls")
    yield Case("tls-hello-drips", (Drip(hello),), late, mode="tls")
    yield Case("tls-warning-then-silent", (_record(21, b"\x01\x70"), Stall()), late, mode="tls")
    yield Case("tls-endless-warnings", (Endless(_record(21, b"\x01\x70") * 100),), bad, mode="tls")
    yield Case("tls-endless-empty-records", (Endless(_record(22, b"") * 100),), bad, mode="tls")
    yield Case("tls-endless-noise", (Endless(b"\xff" * 16_384),), bad, mode="tls")
    yield Case("tls-1.2-wants-client-certificate", (_page(),), refused, mode="mtls12")
    yield Case("tls-1.3-wants-client-certificate", (_page(),), refused, mode="mtls13")
    yield Case("tls-then-page", (_page(),), Answered(body=PAGE), mode="https")
    yield Case("tls-then-garbage", (b"<html>",), bad, mode="https")
    yield Case("tls-then-half-head", (OK + b"Serv",), bad, mode="https")
    yield Case(
        "tls-then-reset-in-body",
        (OK + b"Content-Length: 100\r\n\r\nx", Reset()),
        Answered(faults=SHORT, complete=False, body=b"x"),
        mode="https",
    )


CASES: tuple[Case, ...] = tuple(
    case
    for family in (
        _dead, _heads_cut, _bodies_cut, _endless, _lengths, _chunks, _codings, _fields, _statuses, _not_http, _redirects, _tls,
    )
    for case in family()
)  # fmt: skip


@contextlib.contextmanager
def serving(cases: Sequence[Case] = CASES) -> Iterator[Mapping[str, Endpoint]]:
    """Every case on a loopback port of its own, by name, until the block ends."""
    with _Zoo(cases) as zoo:
        yield zoo.endpoints


class _Zoo:
    def __init__(self, cases: Sequence[Case]) -> None:
        self.endpoints: dict[str, Endpoint] = {}
        self._over = threading.Event()
        self._open: set[socket.socket] = set()
        self._doors = selectors.DefaultSelector()
        self._closed: list[socket.socket] = []
        self._contexts = _contexts()
        for case in cases:
            self._admit(case)
        self._porter = threading.Thread(target=self._receive, name="hostile")

    def _admit(self, case: Case) -> None:
        door = socket.socket()
        door.bind(("127.0.0.1", 0))
        endpoint = self.endpoints[case.name] = Endpoint("127.0.0.1", door.getsockname()[1])
        self._closed.append(door)
        if case.mode == "dead":
            return
        if case.mode == "backlog":
            door.listen(0)
            for _ in range(4):  # those who wait at the door already
                waiting = socket.socket()
                waiting.settimeout(0)
                waiting.connect_ex((endpoint.host, endpoint.port))
                self._closed.append(waiting)
            return
        door.listen(16)
        door.settimeout(0)
        self._doors.register(door, selectors.EVENT_READ, case)

    def __enter__(self) -> Self:
        self._porter.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._porter.join()
        for guest in list(self._open):
            with contextlib.suppress(OSError):
                guest.shutdown(socket.SHUT_RDWR)
        for thread in threading.enumerate():
            if thread.name.startswith("hostile-guest"):
                thread.join(5)
        for door in self._closed:
            door.close()
        self._doors.close()

    def _receive(self) -> None:
        while not self._over.is_set():
            for ready, _ in self._doors.select(0.05):
                with contextlib.suppress(OSError):
                    guest, _address = ready.fileobj.accept()  # type: ignore[union-attr]
                    threading.Thread(
                        target=self._serve, args=(guest, ready.data), name="hostile-guest", daemon=True
                    ).start()

    def _serve(self, guest: socket.socket, case: Case) -> None:
        guest.settimeout(10)
        guest.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            if context := self._contexts.get(case.mode):
                guest = context.wrap_socket(guest, server_side=True)
            self._open.add(guest)
            self._play(guest, case)
        except OSError:
            pass
        finally:
            self._open.discard(guest)
            guest.close()

    def _play(self, guest: socket.socket, case: Case) -> None:  # noqa: C901 - one branch a step
        heard = b""
        if not case.greets:
            while block := guest.recv(65_536):
                heard += block
                if case.mode == "tls" or b"\r\n\r\n" in heard:
                    break
        path = heard.split(b" ", 2)[1].decode() if case.mode != "tls" and heard.count(b" ") > 1 else "/"
        for step in case.script(path) if callable(case.script) else case.script:
            match step:
                case bytes():
                    guest.sendall(step)
                case Drip(data, every):
                    for at in range(len(data)):
                        guest.sendall(data[at : at + 1])
                        if self._over.wait(every):
                            return
                case Endless(block):
                    while not self._over.is_set():
                        guest.sendall(block)
                case Stall():
                    self._listen(guest, 20)
                case Reset():
                    time.sleep(0.03)  # what was sent before shall arrive before
                    guest.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    return
        guest.shutdown(socket.SHUT_WR)
        self._listen(guest, 1)

    def _listen(self, guest: socket.socket, seconds: float) -> None:
        guest.settimeout(seconds)
        while not self._over.is_set() and guest.recv(65_536):
            pass


def _contexts() -> dict[str, ssl.SSLContext]:
    ca = trustme.CA()
    certificate = ca.issue_cert(HOST)
    made = {}
    for mode in ("https", "mtls12", "mtls13"):
        context = made[mode] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        if mode != "https":
            ca.configure_trust(context)
            context.verify_mode = ssl.CERT_REQUIRED
    made["mtls12"].maximum_version = ssl.TLSVersion.TLSv1_2
    return made
