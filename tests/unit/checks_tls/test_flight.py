"""What follows a ServerHello: any bytes give a value or the parse error, and nothing is concluded too early."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.tls import suites
from checks.tls.flight import Flight, KeyExchange, read
from checks.tls.records import Alert, TlsParseError, settled_by


def record(*messages: bytes) -> bytes:
    fragment = b"".join(messages)
    return b"\x16\x03\x03" + len(fragment).to_bytes(2) + fragment


def message(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + len(body).to_bytes(3) + body


def hello(suite: int, version: int = 0x0303) -> bytes:
    return message(2, version.to_bytes(2) + b"\xab" * 32 + b"\0" + suite.to_bytes(2) + b"\0")


def vector(octets: int, content: bytes) -> bytes:
    return len(content).to_bytes(octets) + content


CERTIFICATE, DONE = message(11, bytes(3)), message(14, b"")
# RFC 8422 section 5.4: named curve x25519, its point, then algorithm and signature (RFC 5246 section 4.7).
ECDHE = message(12, b"\x03\x00\x1d" + vector(1, b"p" * 32) + b"\x08\x04" + vector(2, b"s" * 64))
# RFC 5246 section 7.4.3: p, g, Ys.
DHE = vector(2, b"\x17") + vector(2, b"\x05") + vector(2, b"\x08")
ECDHE_RSA, DHE_RSA, DH_ANON, RSA, DHE_PSK = 0xC02F, 0x0033, 0x0034, 0x002F, 0x0090


def exchange(data: bytes) -> KeyExchange | None:
    found = read(data)
    assert isinstance(found, Flight)
    return found.exchange


def test_curve_key_and_signature_algorithm() -> None:
    expected = KeyExchange(group=0x1D, public=b"p" * 32, signature=0x0804)
    assert exchange(record(hello(ECDHE_RSA), CERTIFICATE, ECDHE, DONE)) == expected


def test_prime_and_key() -> None:
    signed = message(12, DHE + b"\x04\x01" + vector(2, b"s"))
    assert exchange(record(hello(DHE_RSA)) + record(CERTIFICATE, signed)) == KeyExchange(
        None, 0x17, b"\x08", 0x0401, generator=5
    )


def test_nothing_is_signed_by_anonymous_servers() -> None:
    assert exchange(record(hello(DH_ANON), message(12, DHE))) == KeyExchange(None, 0x17, b"\x08", None, generator=5)


def test_no_version_before_tls_1_2_names_the_algorithm() -> None:
    signed = message(12, DHE + vector(2, b"s" * 36))
    assert exchange(record(hello(DHE_RSA, 0x0301), CERTIFICATE, signed)) == KeyExchange(
        None, 0x17, b"\x08", None, generator=5
    )


def test_a_hint_comes_before_the_exchange_of_a_pre_shared_key() -> None:
    assert exchange(record(hello(DHE_PSK), message(12, vector(2, b"hint") + DHE))) == KeyExchange(
        None, 0x17, b"\x08", generator=5
    )


def test_the_hello_is_enough_where_no_key_exchange_follows() -> None:
    assert exchange(record(hello(RSA))) is None


@pytest.mark.parametrize(
    "data",
    [
        record(hello(ECDHE_RSA), CERTIFICATE, DONE),
        record(hello(ECDHE_RSA), message(12, b"\x01" + bytes(40))),  # an explicit curve
        record(hello(ECDHE_RSA), message(12, b"\x03\x00\x1d\xff")),  # a point that runs past the end
        record(hello(ECDHE_RSA), b"\x0b\x0f\xff\xff"),  # a certificate of a megabyte
    ],
)
def test_what_breaks_the_protocol_is_an_error(data: bytes) -> None:
    with pytest.raises(TlsParseError):
        read(data)
    assert settled_by(read)(data)


@given(st.data())
def test_no_prefix_is_already_an_answer(draw: st.DataObject) -> None:
    data = record(hello(ECDHE_RSA), CERTIFICATE) + record(ECDHE)
    prefix = data[: draw.draw(st.integers(0, len(data) - 1))]
    assert read(prefix) is None
    assert not settled_by(read)(prefix)


@given(
    st.sampled_from(sorted(suites.known())),
    st.sampled_from([0x0300, 0x0301, 0x0303, 0x0304]),
    st.lists(st.tuples(st.sampled_from([11, 12, 13, 14, 22]), st.binary(max_size=80)), max_size=4),
    st.data(),
)
def test_any_messages_and_any_flipped_octet_give_a_value_or_the_parse_error(
    suite: int, version: int, messages: list[tuple[int, bytes]], draw: st.DataObject
) -> None:
    data = record(hello(suite, version), *(message(kind, body) for kind, body in messages))
    at = draw.draw(st.integers(0, len(data) - 1))
    for each in (data, data[:at] + bytes([draw.draw(st.integers(0, 255))]) + data[at + 1 :]):
        try:
            found = read(each)
        except TlsParseError:
            continue
        assert found is None or isinstance(found, Flight | Alert)


@given(st.binary(max_size=300) | st.binary(max_size=200).map(lambda tail: record(hello(ECDHE_RSA)) + tail))
def test_any_bytes_give_a_value_or_the_parse_error(data: bytes) -> None:
    try:
        found = read(data)
    except TlsParseError:
        return
    assert found is None or isinstance(found, Flight | Alert)
