"""The parser of what servers answer: any bytes give a value or `TlsParseError`, and nothing is concluded too early."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.tls.records import Alert, ServerHello, TlsParseError, answer, foreign, settled_by

RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")

# A complete ServerHello and a HelloRetryRequest, spelled out by RFC 8446 section 4.1.3 and RFC 8448 section 5.
HELLO_12 = bytes.fromhex(
    "1603030031"  # record: handshake, TLS 1.2, 49 octets
    "0200002d"  # ServerHello, 45 octets
    "0303" + "ab" * 32 + "00"  # TLS 1.2, random, no session id
    "c02f" + "00"  # TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, no compression
    "0005" + "ff01000100"  # extensions: renegotiation_info
)
RETRY_13 = bytes.fromhex(
    "16030300" + "38" + "02000034" + "0303" + RETRY.hex() + "00" + "1301" + "00" + "000c"
    "002b0002" + "0304"  # supported_versions: TLS 1.3
    "00330002" + "001d"  # key_share: x25519
)  # fmt: skip
PROTOCOL_VERSION = bytes.fromhex("15030300020246")
UNRECOGNIZED_NAME_WARNING = bytes.fromhex("15030300020170")


def record(fragment: bytes, content: int = 22) -> bytes:
    return bytes([content, 3, 3]) + len(fragment).to_bytes(2) + fragment


@st.composite
def server_hellos(draw: st.DrawFn) -> tuple[ServerHello, bytes]:
    """A ServerHello as value, and its handshake message."""
    legacy = draw(st.sampled_from([0x0300, 0x0301, 0x0302, 0x0303]))
    suite, compression = draw(st.integers(0, 0xFFFF)), draw(st.integers(0, 255))
    retry = draw(st.booleans())
    session = draw(st.binary(max_size=32))
    others = draw(st.lists(st.tuples(st.integers(0, 42), st.binary(max_size=40)), max_size=5))
    chosen = draw(st.none() | st.integers(0, 0xFFFF))
    extensions = [*others, (43, chosen.to_bytes(2))] if chosen is not None else others
    body = legacy.to_bytes(2) + (RETRY if retry else b"\xab" * 32) + bytes([len(session)]) + session
    body += suite.to_bytes(2) + bytes([compression])
    if extensions:
        encoded = b"".join(kind.to_bytes(2) + len(value).to_bytes(2) + value for kind, value in extensions)
        body += len(encoded).to_bytes(2) + encoded
    version = legacy if chosen is None else chosen
    return ServerHello(version, suite, compression, retry, tuple(extensions), session), b"\x02" + len(body).to_bytes(
        3
    ) + body


def test_server_hello_of_tls_1_2() -> None:
    assert answer(HELLO_12) == ServerHello(0x0303, 0xC02F, 0, retry=False, extensions=((0xFF01, b"\x00"),))


def test_hello_retry_request_chooses_by_supported_versions() -> None:
    found = answer(RETRY_13)
    assert isinstance(found, ServerHello)
    assert (found.version, found.suite, found.retry) == (0x0304, 0x1301, True)


def test_fatal_alert_is_the_answer() -> None:
    assert answer(PROTOCOL_VERSION) == Alert(2, 70)


def test_warning_before_the_server_hello_is_passed_over() -> None:
    assert answer(UNRECOGNIZED_NAME_WARNING + HELLO_12) == answer(HELLO_12)


def test_warning_alone_settles_nothing() -> None:
    settled = settled_by(answer)
    assert answer(UNRECOGNIZED_NAME_WARNING) == Alert(1, 112)
    assert not settled(UNRECOGNIZED_NAME_WARNING)
    assert settled(PROTOCOL_VERSION)
    assert settled(HELLO_12)


def test_close_notify_settles_although_it_is_a_warning() -> None:
    assert settled_by(answer)(bytes.fromhex("15030300020100"))


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x16\x02\x00\x00\x01\x02",  # major version 2
        record(b""),  # empty handshake fragment
        record(b"\x0b\x00\x00\x00"),  # a Certificate where the ServerHello must be
        record(b"\x02\xff\xff\xff"),  # a ServerHello of 16 MB
        b"\x16\x03\x03\x40\x01",  # a record of 2^14 + 1
        record(b"\x02", content=21),  # half an alert
        record(b"\x03\x28", content=21),  # alert level 3
        record(b"\x02\x00\x00\x04\x03\x03\xab\xab"),  # ends within the random
        record(HELLO_12[5:20]) + PROTOCOL_VERSION,  # an alert in the middle of a message
        HELLO_12[:4] + b"\x32" + HELLO_12[5:8] + b"\x2e" + HELLO_12[9:] + b"\x00",  # octet after the extensions
    ],
)
def test_what_breaks_the_protocol_is_an_error(data: bytes) -> None:
    with pytest.raises(TlsParseError):
        answer(data)
    assert settled_by(answer)(data)


def test_only_the_first_octet_tells_another_protocol() -> None:
    assert foreign(b"HTTP/1.1 400")
    assert not foreign(b"")
    assert not foreign(b"\x16\x02")


@given(st.binary(max_size=300))
def test_any_bytes_give_a_value_or_the_parse_error(data: bytes) -> None:
    try:
        found = answer(data)
    except TlsParseError:
        return
    assert found is None or isinstance(found, Alert | ServerHello)


@given(st.sampled_from([HELLO_12, RETRY_13, UNRECOGNIZED_NAME_WARNING + HELLO_12]), st.data())
def test_a_flipped_octet_gives_a_value_or_the_parse_error(data: bytes, draw: st.DataObject) -> None:
    at = draw.draw(st.integers(0, len(data) - 1))
    broken = data[:at] + bytes([draw.draw(st.integers(0, 255))]) + data[at + 1 :]
    try:
        answer(broken)
    except TlsParseError:
        return


@given(server_hellos(), st.data())
def test_fragments_of_any_size_make_the_same_hello(hello: tuple[ServerHello, bytes], draw: st.DataObject) -> None:
    value, message = hello
    cuts = sorted(draw.draw(st.sets(st.integers(1, len(message) - 1), max_size=6)))
    parts = [message[a:b] for a, b in zip([0, *cuts], [*cuts, len(message)], strict=True)]
    data = b"".join(map(record, parts))
    assert answer(data) == value
    assert answer(data + record(b"\x0b" * 20)) == value


@given(server_hellos(), st.data())
def test_no_prefix_of_a_hello_is_already_an_answer(hello: tuple[ServerHello, bytes], draw: st.DataObject) -> None:
    data = record(hello[1])
    prefix = data[: draw.draw(st.integers(0, len(data) - 1))]
    assert answer(prefix) is None
    assert not settled_by(answer)(prefix)
