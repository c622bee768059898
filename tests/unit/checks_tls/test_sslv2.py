"""SSL 2.0: the question, and what may come back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.tls import sslv2
from checks.tls.records import Alert, ServerHello, TlsParseError

# SERVER-HELLO: type 4, no session hit, X.509, version 2, certificate of 3, two ciphers, connection id of 16.
SERVER_HELLO = bytes.fromhex("8024 04 00 01 0002 0003 0006 0010 aabbcc 010080 0700c0") + bytes(16)


def test_client_hello_is_one_record_with_lengths_that_add_up() -> None:
    data = sslv2.client_hello()
    assert int.from_bytes(data[:2]) == 0x8000 | (len(data) - 2)
    assert data[2:5] == b"\x01\x00\x02"
    ciphers, session, challenge = (int.from_bytes(data[at : at + 2]) for at in (5, 7, 9))
    assert (ciphers % 3, session, challenge) == (0, 0, 16)
    assert len(data) == 11 + ciphers + challenge


def test_server_hello_tells_version_and_ciphers() -> None:
    assert sslv2.answer(SERVER_HELLO) == sslv2.ServerHelloV2(2, (0x010080, 0x0700C0))


def test_error_message_is_read() -> None:
    assert sslv2.answer(bytes.fromhex("8003000001")) == sslv2.ErrorV2(1)


def test_tls_alert_is_read() -> None:
    assert sslv2.answer(bytes.fromhex("15030100020246")) == Alert(2, 70)


@pytest.mark.parametrize("data", [b"HTTP/1.1 400", b"\x80\x00", b"\x80\x05\x02", b"\x80\x04\x00\x00\x01\x00"])
def test_what_is_neither_protocol_is_an_error(data: bytes) -> None:
    with pytest.raises(TlsParseError):
        sslv2.answer(data)


def test_lengths_that_do_not_add_up_are_an_error() -> None:
    with pytest.raises(TlsParseError):
        sslv2.answer(SERVER_HELLO.replace(b"\x00\x06", b"\x00\x05"))


@given(st.integers(0, len(SERVER_HELLO) - 1))
def test_no_prefix_is_already_an_answer(size: int) -> None:
    assert sslv2.answer(SERVER_HELLO[:size]) is None


@given(st.binary(max_size=200) | st.builds(lambda tail: b"\x80\x20\x04" + tail, st.binary(max_size=60)))
def test_any_bytes_give_a_value_or_the_parse_error(data: bytes) -> None:
    try:
        found = sslv2.answer(data)
    except TlsParseError:
        return
    assert found is None or isinstance(found, sslv2.ServerHelloV2 | sslv2.ErrorV2 | ServerHello | Alert)
