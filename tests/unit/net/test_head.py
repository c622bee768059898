"""Response heads: whatever bytes come, in whatever pieces."""

from collections.abc import Iterable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net.faults import FAULTS
from auditor.net.head import Head, read_head
from auditor.net.stream import Stream

HTTPISH = st.lists(
    st.sampled_from([
        b"HTTP/1.1 200 OK", b"HTTP/1.1 100 Continue", b"\r\n", b"\n", b"\r", b" ", b"\t", b":", b"Set-Cookie: a=b", b"X",
        b"\0", b"\xff", b"HTTP/", b"1.1", b"999", b"Content-Length: 5",
    ]) | st.binary(max_size=4)
).map(b"".join)  # fmt: skip


def stream_of(pieces: Iterable[bytes]) -> Stream:
    rest = iter([piece for piece in pieces if piece])
    return Stream(lambda: next(rest, b""))


def outcome(pieces: Iterable[bytes], max_bytes: int = 1_000, max_fields: int = 20) -> Head | Absence:
    try:
        return read_head(stream_of(pieces), max_bytes=max_bytes, max_fields=max_fields)
    except Unobserved as gap:
        return gap.reason


@given(st.binary() | HTTPISH)
@example(b"HTTP/1.1 200 OK\n\n")
def test_any_bytes_give_a_head_or_its_own_error(data: bytes) -> None:
    head = outcome([data])
    if isinstance(head, Head):
        assert head.faults <= FAULTS
    else:
        assert head in (Absence.MALFORMED, Absence.REFUSED)


@given(HTTPISH, st.integers(1, 5))
def test_pieces_in_which_bytes_arrive_do_not_matter(data: bytes, size: int) -> None:
    assert outcome(data[at : at + size] for at in range(0, len(data), size)) == outcome([data])


TOKEN = st.text("abcXYZ-", min_size=1, max_size=8)
VALUE = st.text([chr(c) for c in range(0x21, 0x7F)], max_size=12)


@given(st.lists(st.tuples(TOKEN, VALUE), max_size=20))
def test_every_field_of_a_sound_head_is_seen_in_order(fields: list[tuple[str, str]]) -> None:
    raw = b"HTTP/1.1 200 OK\r\n" + b"".join(f"{name}: {value}\r\n".encode() for name, value in fields) + b"\r\n"
    head = outcome([raw], max_bytes=10_000)
    assert isinstance(head, Head)
    assert [(item.name, item.value) for item in head.fields] == fields
    assert head.faults == frozenset()
    assert head.complete


@given(st.binary(max_size=60).filter(lambda line: b"\n" not in line and line[:1] not in (b" ", b"\t", b"\r", b"")))
def test_no_broken_line_hides_the_field_after_it(line: bytes) -> None:
    head = outcome([b"HTTP/1.1 200 OK\r\n" + line + b"\r\nSet-Cookie: a=b\r\n\r\n"])
    assert isinstance(head, Head)
    assert head.values("set-cookie")[-1] == "a=b"


@given(st.integers(20, 400))
def test_a_field_is_never_seen_in_part(cap: int) -> None:
    raw = b"HTTP/1.1 200 OK\r\n" + b"Set-Cookie: a=b;\r\n  Secure\r\n" * 20 + b"\r\n"
    head = outcome([raw], max_bytes=cap)
    assert isinstance(head, Head)
    assert set(head.values("set-cookie")) <= {"a=b; Secure"}
    assert not head.complete
    assert "header_over_cap" in head.faults


def test_fields_before_the_cap_are_kept() -> None:
    head = outcome([b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 30 + b"\r\n"], max_fields=7)
    assert isinstance(head, Head)
    assert (len(head.fields), head.complete, head.faults) == (7, False, frozenset({"fields_over_cap"}))


def test_a_head_of_exactly_the_cap_is_complete() -> None:
    raw = b"HTTP/1.1 200 OK\r\nA: b\r\nC: d\r\n\r\n"
    head = outcome([raw], max_bytes=len(raw), max_fields=2)
    assert isinstance(head, Head)
    assert head.complete


@pytest.mark.parametrize("end", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nA: b\r\n"])
def test_closing_before_the_end_of_the_head_is_never_an_answer(end: bytes) -> None:
    assert outcome([end]) is (Absence.MALFORMED if end else Absence.REFUSED)


def test_what_is_no_http_is_told_by_its_first_bytes_while_the_peer_keeps_talking() -> None:
    def never() -> bytes:
        raise AssertionError("read on")

    pieces = iter([b"<html"])
    stream = Stream(lambda: next(pieces, None) or never())
    with pytest.raises(Unobserved, match="not an HTTP response"):
        read_head(stream, max_bytes=1_000, max_fields=10)


def test_lists_are_joined_over_all_lines_of_a_field() -> None:
    head = outcome([b"HTTP/1.1 200 OK\r\nConnection: Close, x\r\nA: b\r\nconnection: ,keep-alive\r\n\r\n"])
    assert isinstance(head, Head)
    assert head.listed("connection") == ("close", "x", "keep-alive")
