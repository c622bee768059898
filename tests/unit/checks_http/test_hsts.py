"""RFC 6797: which Strict-Transport-Security policy a browser notes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.headers.hsts import Hsts, effective, parse
from tests.unit.checks_http.answers import answer

YEAR = 31_536_000


def noted(max_age: int, *flags: str) -> Hsts:
    return Hsts(max_age, include_subdomains="includeSubDomains" in flags, preload="preload" in flags)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("max-age=31536000", noted(YEAR), id="6.2-example-1"),
        pytest.param(
            "max-age=15768000 ; includeSubDomains", noted(15_768_000, "includeSubDomains"), id="6.2-example-2"
        ),
        pytest.param('max-age="31536000"', noted(YEAR), id="6.2-example-quoted"),
        pytest.param("max-age=0", noted(0), id="6.2-example-forget"),
        pytest.param("max-age=0; includeSubDomains", noted(0), id="6.1.1-zero-takes-subdomains-with-it"),
        pytest.param("max-age = 31536000", noted(YEAR), id="6.1-white-space-around-equals"),
        pytest.param("MAX-AGE=31536000; INCLUDESUBDOMAINS", noted(YEAR, "includeSubDomains"), id="6.1-names-any-case"),
        pytest.param(";;max-age=31536000;;", noted(YEAR), id="6.1-empty-directives"),
        pytest.param("includeSubDomains; max-age=31536000", noted(YEAR, "includeSubDomains"), id="6.1-order-is-free"),
        pytest.param('max-age="3600"', noted(3600), id="6.1-quoted-hour-is-an-hour"),
        pytest.param("max-age=31536000; preload", noted(YEAR, "preload"), id="preload"),
        pytest.param("max-age=31536000; preload=1", noted(YEAR), id="preload-takes-no-value"),
        pytest.param('max-age=31536000; report="a;b,c"', noted(YEAR), id="6.1-unknown-directive-ignored"),
        pytest.param('max-age="3\\1536000"', noted(YEAR), id="6.1-quoted-pair"),
        pytest.param("max-age=031536000", noted(YEAR), id="6.1.1-leading-zero"),
        pytest.param("max-age=" + "9" * 5000, noted(2**31), id="9111-1.2.2-overflow"),
    ],
)
def test_what_the_grammar_allows_is_noted(value: str, expected: Hsts) -> None:
    assert parse(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("", id="6.1.1-max-age-required"),
        pytest.param("includeSubDomains", id="6.1.1-max-age-missing"),
        pytest.param("max-age", id="6.1.1-no-value"),
        pytest.param("max-age=", id="6.1.1-empty-value"),
        pytest.param('max-age=""', id="6.1.1-empty-quoted"),
        pytest.param("max-age=31536000.5", id="6.1.1-fraction"),
        pytest.param("max-age=31536000s", id="6.1.1-unit"),
        pytest.param("max-age=-1", id="6.1.1-negative"),
        pytest.param("max-age=+1", id="6.1.1-sign"),
        pytest.param("max-age=1e9", id="6.1.1-exponent"),
        pytest.param("max-age=\u0663\u0664", id="6.1.1-other-digits"),
        pytest.param("max-age=31536000; max-age=0", id="6.1-rule-2-twice"),
        pytest.param("max-age=31536000; Max-Age=31536000", id="6.1-rule-2-twice-in-other-case"),
        pytest.param("max-age=31536000; includeSubDomains; includeSubDomains", id="6.1-rule-2-flag-twice"),
        pytest.param("max-age=31536000; includeSubDomains=1", id="6.1.2-valueless"),
        pytest.param("max-age=31536000, includeSubDomains", id="6.1-comma-for-semicolon"),
        pytest.param("max-age=31536000 includeSubDomains", id="6.1-missing-semicolon"),
        pytest.param('max-age="31536000', id="6.1-open-quote"),
        pytest.param("max-age:31536000", id="6.1-colon"),
        pytest.param("max-age=31536000; ü", id="6.1-not-a-token"),
        pytest.param("max-age=3153\x006000", id="6.1-control"),
        pytest.param("=31536000", id="6.1-no-name"),
    ],
)
def test_what_breaks_the_grammar_voids_the_field(value: str) -> None:
    assert isinstance(parse(value), str)


def test_8_1_only_the_first_field_counts() -> None:
    first_good = answer("Strict-Transport-Security: max-age=31536000", "Strict-Transport-Security: max-age=0")
    first_zero = answer("Strict-Transport-Security: max-age=0", "Strict-Transport-Security: max-age=31536000")
    assert effective(first_good) == noted(YEAR)
    assert effective(first_zero) == noted(0)


def test_8_1_a_void_first_field_is_not_made_good_by_the_second() -> None:
    both = answer("Strict-Transport-Security: max-age=x", "Strict-Transport-Security: max-age=31536000")
    assert isinstance(effective(both), str)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://contoh.go.id/", id="8.1-plain-http"),
        pytest.param("https://192.0.2.1/", id="8.1.1-ipv4"),
        pytest.param("https://[2001:db8::1]/", id="8.1.1-ipv6"),
    ],
)
def test_where_browsers_ignore_the_field(url: str) -> None:
    assert isinstance(effective(answer("Strict-Transport-Security: max-age=31536000", url=url)), str)


def test_a_missing_field_is_no_policy() -> None:
    assert effective(answer()) == "not sent"


@given(st.text(max_size=60))
def test_any_text_is_a_policy_or_a_reason(value: str) -> None:
    found = parse(value)
    assert isinstance(found, str) or 0 <= found.max_age <= 2**31


@given(seconds=st.integers(0, 2**31), subdomains=st.booleans())
def test_what_is_written_is_read(seconds: int, *, subdomains: bool) -> None:
    value = f"max-age={seconds}" + ("; includeSubDomains" if subdomains else "")
    assert parse(value) == noted(seconds, *(["includeSubDomains"] if subdomains and seconds else []))
