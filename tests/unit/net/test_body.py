"""Bodies: framing and decoding within caps."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net.body import Body, read_body
from auditor.net.content import decode_text
from auditor.net.faults import FAULTS, Fault
from auditor.net.head import Head
from auditor.net.stream import Stream
from auditor.net.wire import Field


def read(
    data: bytes, *fields: tuple[str, str], cap: int = 1_000_000, piece: int = 0, status: int = 200, method: str = "GET"
) -> Body:
    size = piece or len(data) or 1
    pieces = iter([data[at : at + size] for at in range(0, len(data), size)])
    head = Head("1.1", status, "", tuple(Field(*field) for field in fields))
    return read_body(Stream(lambda: next(pieces, b"")), head, method=method, cap=cap, ratio=100)


FIELDS = st.lists(
    st.tuples(
        st.sampled_from(["Content-Length", "Transfer-Encoding", "Content-Encoding"]),
        st.sampled_from(["chunked", "gzip", "deflate", "br", "5", "-1", "", "gzip, chunked", "999999", "5, 6"]),
    ),
    max_size=3,
)


@given(st.binary(max_size=300), FIELDS, st.integers(1, 300))
def test_any_body_under_any_framing_is_read_within_its_cap(
    data: bytes, fields: list[tuple[str, str]], cap: int
) -> None:
    body = read(data, *fields, cap=cap)
    assert len(body.data) <= cap
    assert body.complete or body.faults
    assert body.faults <= FAULTS


@given(st.lists(st.binary(min_size=1, max_size=50)), st.integers(1, 40))
def test_chunks_come_back_as_they_were_cut(parts: list[bytes], piece: int) -> None:
    raw = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
    body = read(raw, ("Transfer-Encoding", "chunked"), piece=piece)
    assert body == Body(b"".join(parts), complete=True, faults=frozenset(), ended=True)


@given(st.binary(max_size=5_000), st.sampled_from(["gzip", "deflate", "deflate-raw"]), st.integers(1, 60))
def test_codings_are_undone_in_whatever_pieces(data: bytes, coding: str, piece: int) -> None:
    raw = zlib.compressobj(wbits=-15)
    packed = {
        "gzip": gzip.compress(data),
        "deflate": zlib.compress(data),
        "deflate-raw": raw.compress(data) + raw.flush(),
    }[coding]
    body = read(packed, ("Content-Encoding", coding.partition("-")[0]), piece=piece)
    assert (body.data, body.complete, body.faults) == (data, True, frozenset())


@given(st.binary(min_size=1, max_size=400), st.data())
def test_a_coded_body_cut_anywhere_is_never_complete(data: bytes, draw: st.DataObject) -> None:
    packed = gzip.compress(data)
    cut = draw.draw(st.integers(1, len(packed) - 1))
    body = read(packed[:cut], ("Content-Encoding", "gzip"))
    assert not body.complete
    assert data.startswith(body.data)


@pytest.mark.parametrize(("cap", "complete"), [(21, True), (20, False)])
def test_the_cap_cuts_what_is_over_it_and_nothing_else(cap: int, *, complete: bool) -> None:
    body = read(b"x" * 21, ("Content-Length", "21"), cap=cap)
    assert (len(body.data), body.complete) == (cap, complete)
    assert body.faults == (frozenset() if complete else {"body_over_cap"})


def test_a_bomb_is_cut_at_the_ratio() -> None:
    body = read(gzip.compress(b"\0" * 9_000_000), ("Content-Encoding", "gzip"), cap=8_000_000)
    assert body.faults == {"ratio_over_cap"}
    assert len(body.data) < 1_500_000


def test_a_small_page_that_packs_well_is_no_bomb() -> None:
    page = b" " * 60_000
    body = read(gzip.compress(page), ("Content-Encoding", "gzip"))
    assert (body.data, body.faults) == (page, frozenset())


@pytest.mark.parametrize(("status", "method"), [(200, "HEAD"), (204, "GET"), (304, "GET")])
def test_answers_without_a_body_have_none_whatever_they_announce(status: int, method: str) -> None:
    body = read(b"HTTP/1.1 200 OK", ("Content-Length", "15"), status=status, method=method)
    assert body == Body(b"", complete=True, faults=frozenset(), ended=True)


def test_a_head_that_was_cut_frames_no_body() -> None:
    head = Head("1.1", 200, "", (Field("Content-Length", "5"),), complete=False)
    body = read_body(Stream(lambda: b"hello"), head, method="HEAD", cap=9, ratio=9)
    assert body == Body(b"", complete=False, faults=frozenset(), ended=False)


@pytest.mark.parametrize(
    ("reason", "fault"),
    [(Absence.TIMEOUT, "slow_body"), (Absence.LIMITED, "slow_body"), (Absence.REFUSED, "short_body")],
)
def test_a_body_that_breaks_off_keeps_what_came(reason: Absence, fault: Fault) -> None:
    pieces = iter([b"half"])

    def more() -> bytes:
        for piece in pieces:
            return piece
        raise Unobserved(reason, "")

    head = Head("1.1", 200, "", (Field("Content-Length", "8"),))
    body = read_body(Stream(more), head, method="GET", cap=100, ratio=100)
    assert body == Body(b"half", complete=False, faults=frozenset({fault}), ended=False)


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (b"\xc3\xa9", "text/html", "é"),
        (b"\xe9", "text/html; charset=ISO-8859-1", "é"),
        (b"\x80", "text/html; charset=latin1", "€"),  # as WHATWG Encoding reads it
        (b"\xe9", 'text/html; charset="windows-1252"', "é"),
        (b"\xff\xfeA\0", "text/html; charset=utf-8", "A"),
        (b"\xef\xbb\xbfA", "text/html; charset=iso-8859-1", "A"),
        (b"+ADw-script+AD4-", "text/html; charset=utf-7", "+ADw-script+AD4-"),
        (b"deadbeef", "text/html; charset=hex", "deadbeef"),
        (b"\xff", "text/html; charset=nonsense", "\ufffd"),
        (b"\xff", "", "\ufffd"),
    ],
)
def test_text_is_read_as_a_browser_reads_it(body: bytes, content_type: str, text: str) -> None:
    assert decode_text(body, content_type) == text


@given(
    st.binary(max_size=50),
    st.text(max_size=30) | st.sampled_from(["charset=utf-16", "charset=gb18030", "charset=big5"]),
)
def test_any_bytes_have_a_text(body: bytes, content_type: str) -> None:
    decode_text(body, content_type).encode("utf-8")
