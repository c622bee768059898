"""Requests as sent, and what answers say about going on."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import __version__
from auditor.net.address import Address
from auditor.net.exchange import Request, retry_after
from auditor.net.wire import Field, Response


def lines(request: Request) -> list[str]:
    text = request.encode().decode("latin-1")
    assert text.endswith("\r\n\r\n")
    return text[:-4].split("\r\n")


def test_a_request_is_honest_and_asks_for_a_page() -> None:
    first, *fields = lines(Request(Address("https", "contoh.go.id", 443, "/a?b"), "GET", (), 1))
    assert first == "GET /a?b HTTP/1.1"
    assert fields[0] == "Host: contoh.go.id"
    assert f"User-Agent: auditor/{__version__}" in fields
    assert "Accept-Encoding: gzip, deflate" in fields
    assert any(field.startswith("Accept: text/html") for field in fields)
    assert any(field.startswith("Accept-Language: id") for field in fields)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        (Address("https", "contoh.go.id", 8443, "/"), "contoh.go.id:8443"),
        (Address("http", "::1", 80, "/"), "[::1]"),
        (Address("http", "contoh.go.id", 443, "/"), "contoh.go.id:443"),
    ],
)
def test_host_names_the_port_where_it_is_not_the_default(address: Address, host: str) -> None:
    assert f"Host: {host}" in lines(Request(address, "HEAD", (), 1))


def test_a_field_replaces_the_usual_one_of_its_name() -> None:
    fields = (Field("accept", "*/*"), Field("Origin", "null"))
    sent = lines(Request(Address("http", "contoh.go.id", 80, "/"), "OPTIONS", fields, 1))
    assert [line for line in sent if line.lower().startswith("accept:")] == ["accept: */*"]
    assert "Origin: null" in sent


@pytest.mark.parametrize("value", ["a\r\nX: y", "a\nb", "a\0"])
def test_nothing_can_be_smuggled_into_a_request(value: str) -> None:
    with pytest.raises(ValueError, match="control byte"):
        Request(Address("http", "contoh.go.id", 80, "/"), "GET", (Field("X", value),), 1).encode()


def answer(value: str) -> Response:
    return Response("", 503, "", "1.1", (Field("Retry-After", value),))


@pytest.mark.parametrize(
    ("value", "seconds"), [("120", 120), ("0", 0), ("", None), ("soon", None), ("-5", None), ("٣", None)]
)
def test_retry_after_in_seconds(value: str, seconds: float | None) -> None:
    assert retry_after(answer(value)) == seconds


def test_retry_after_as_a_date() -> None:
    moment = datetime.now(UTC) + timedelta(seconds=90)
    seconds = retry_after(answer(format_datetime(moment, usegmt=True)))
    assert seconds is not None
    assert 80 < seconds <= 90
    assert retry_after(answer("Sun, 06 Nov 1994 08:49:37 GMT")) == 0


@given(
    st.text(max_size=40)
    | st.builds("{}, {} {} {} {}:{}:{} {}".format, *[st.text("MonJan0123456789+-", max_size=6)] * 8)
    | st.builds(
        "Mon, 01 Jan {} 00:00:00 {}".format,
        st.integers(0, 99999),
        st.sampled_from(["GMT", "+9999", "-9999", "+99999999"]),
    )
)
def test_any_retry_after_is_a_number_or_none(value: str) -> None:
    seconds = retry_after(answer(value))
    assert seconds is None or seconds >= 0
