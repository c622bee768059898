"""RFC 6265bis: what a browser keeps of Set-Cookie."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.cookies.storage import Cookie, parse_date, receive, stored
from tests.unit.checks_http.answers import HOME, answer

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
PLAIN = "http://contoh.go.id/"


def kept(line: str, url: str = HOME) -> Cookie | None:
    cookie = receive(line, url, NOW)
    return cookie if isinstance(cookie, Cookie) else None


def names(*hops: tuple[str, ...], urls: tuple[str, ...] = (HOME, HOME)) -> list[str]:
    responses = [
        answer(*(f"Set-Cookie: {line}" for line in lines), url=url) for lines, url in zip(hops, urls, strict=False)
    ]
    return [cookie.name for cookie in stored(responses, NOW)]


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        pytest.param("a=b", "a", "b", id="5.6-pair"),
        pytest.param("  a \t=  b \t; Path=/", "a", "b", id="5.6-white-space-trimmed"),
        pytest.param("a=b=c", "a", "b=c", id="5.6-first-equals-splits"),
        pytest.param("a=", "a", "", id="5.6-empty-value"),
        pytest.param("=b", "", "b", id="5.6-empty-name"),
        pytest.param("b", "", "b", id="5.6-no-equals-is-a-nameless-value"),
        pytest.param('a="b c, d"', "a", '"b c, d"', id="5.6-quotes-stay"),
        pytest.param("a=b\tc", "a", "b\tc", id="5.6-tab-is-no-control"),
        pytest.param("a=" + "x" * 4095, "a", "x" * 4095, id="5.6-4096-octets"),
        pytest.param("a=b;;;Secure;", "a", "b", id="5.6-empty-attributes"),
    ],
)
def test_name_and_value(line: str, name: str, value: str) -> None:
    cookie = kept(line)
    assert cookie is not None
    assert (cookie.name, cookie.value) == (name, value)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("", id="5.7-2-nothing"),
        pytest.param("=", id="5.7-2-empty-name-and-value"),
        pytest.param("  ; Secure", id="5.7-2-only-attributes"),
        pytest.param("a=b\x00c", id="5.6-nul"),
        pytest.param("a=b; Path=/\x0d", id="5.6-control-in-attribute"),
        pytest.param("a\x7f=b", id="5.6-delete-character"),
        pytest.param("a=" + "x" * 4096, id="5.6-over-4096-octets"),
        pytest.param("a=b; Domain=go.id", id="5.7-public-suffix"),
        pytest.param("a=b; Domain=.id", id="5.7-top-level"),
        pytest.param("a=b; Domain=lain.go.id", id="5.7-other-domain"),
        pytest.param("a=b; Domain=www.contoh.go.id", id="5.7-subdomain-of-host"),
        pytest.param("a=b; Domain=ontoh.go.id", id="5.1.3-suffix-without-dot"),
        pytest.param("a=b; Domain=c\xf6ntoh.go.id", id="5.7-non-ascii-domain"),
        pytest.param("__Secure-a=b", id="5.7-secure-prefix-without-secure"),
        pytest.param("__secure-a=b", id="5.7-secure-prefix-any-case"),
        pytest.param("__Host-a=b; Path=/", id="5.7-host-prefix-without-secure"),
        pytest.param("__Host-a=b; Secure", id="5.7-host-prefix-without-path"),
        pytest.param("__Host-a=b; Secure; Path=/x", id="5.7-host-prefix-with-other-path"),
        pytest.param("__Host-a=b; Secure; Path=/; Domain=contoh.go.id", id="5.7-host-prefix-with-domain"),
        pytest.param("__HOST-a=b; Path=/", id="5.7-host-prefix-any-case"),
        pytest.param("=__Host-a=b; Path=/", id="5.7-nameless-that-would-pass-for-prefixed"),
        pytest.param("__Secure-a; Secure", id="5.7-nameless-prefixed-value"),
        pytest.param("a=b; SameSite=None", id="5.7-same-site-none-without-secure"),
    ],
)
def test_ignored_entirely(line: str) -> None:
    assert kept(line) is None


@pytest.mark.parametrize(
    ("line", "domain", "host_only"),
    [
        pytest.param("a=b", "contoh.go.id", True, id="5.7-no-domain"),
        pytest.param("a=b; Domain=contoh.go.id", "contoh.go.id", False, id="5.7-own-domain"),
        pytest.param("a=b; Domain=.contoh.go.id", "contoh.go.id", False, id="5.6.3-leading-dot"),
        pytest.param("a=b; DOMAIN=CONTOH.GO.ID", "contoh.go.id", False, id="5.6.3-any-case"),
        pytest.param("a=b; Domain=", "contoh.go.id", True, id="5.6.3-empty-ignored"),
        pytest.param("a=b; Domain=lain.id; Domain=contoh.go.id", "contoh.go.id", False, id="5.7-last-domain-counts"),
        pytest.param("a=b; Domain=" + "x" * 1025, "contoh.go.id", True, id="5.6-attribute-over-1024-ignored"),
    ],
)
def test_domain(line: str, domain: str, *, host_only: bool) -> None:
    cookie = kept(line)
    assert cookie is not None
    assert (cookie.domain, cookie.host_only) == (domain, host_only)


def test_5_7_domain_that_is_the_host_and_a_public_suffix_is_host_only() -> None:
    cookie = kept("a=b; Domain=go.id", "https://go.id/")
    assert cookie is not None
    assert cookie.host_only


def test_5_1_3_an_address_has_no_parent() -> None:
    assert kept("a=b; Domain=0.2.1", "https://192.0.2.1/") is None
    assert kept("a=b; Domain=192.0.2.1", "https://192.0.2.1/") is not None


@pytest.mark.parametrize(
    ("line", "url", "path"),
    [
        pytest.param("a=b", "https://contoh.go.id", "/", id="5.1.4-no-path"),
        pytest.param("a=b", "https://contoh.go.id/x", "/", id="5.1.4-one-segment"),
        pytest.param("a=b", "https://contoh.go.id/x/y", "/x", id="5.1.4-directory"),
        pytest.param("a=b", "https://contoh.go.id/x/y/", "/x/y", id="5.1.4-slash-at-end"),
        pytest.param("a=b; Path=/z", "https://contoh.go.id/x/y", "/z", id="5.6.4-named"),
        pytest.param("a=b; Path=z", "https://contoh.go.id/x/y", "/x", id="5.6.4-relative-is-default"),
        pytest.param("a=b; Path=", "https://contoh.go.id/x/y", "/x", id="5.6.4-empty-is-default"),
        pytest.param("a=b; Path=/p; Path=/q", "https://contoh.go.id/", "/q", id="5.7-last-path-counts"),
    ],
)
def test_path(line: str, url: str, path: str) -> None:
    cookie = kept(line, url)
    assert cookie is not None
    assert cookie.path == path


@pytest.mark.parametrize(
    ("line", "secure", "http_only", "same_site"),
    [
        pytest.param("a=b", False, False, "default", id="none"),
        pytest.param("a=b; Secure; HttpOnly; SameSite=Strict", True, True, "Strict", id="all"),
        pytest.param("a=b;secure;httponly;samesite=lax", True, True, "Lax", id="5.6-any-case"),
        pytest.param("a=b; Secure=false; HttpOnly=0", True, True, "default", id="5.6.5-value-does-not-matter"),
        pytest.param("a=b; Secure; SameSite=None", True, False, "None", id="5.6.7-none"),
        pytest.param("a=b; SameSite=Whatever", False, False, "default", id="5.6.7-unknown-is-default"),
        pytest.param("a=b; SameSite=Strict; SameSite=Lax", False, False, "Lax", id="5.7-last-counts"),
        pytest.param("a=b; Secured; Http-Only", False, False, "default", id="misspelt"),
        pytest.param("a=b; \tSecure \t", True, False, "default", id="5.6-white-space"),
    ],
)
def test_attributes(line: str, same_site: str, *, secure: bool, http_only: bool) -> None:
    cookie = kept(line)
    assert cookie is not None
    assert (cookie.secure, cookie.http_only, cookie.same_site) == (secure, http_only, same_site)


def test_prefixed_cookies_that_keep_their_promise_are_kept() -> None:
    assert kept("__Secure-a=b; Secure; Domain=contoh.go.id") is not None
    assert kept("__Host-a=b; Secure; Path=/") is not None


def test_5_7_secure_over_plain_http_is_refused() -> None:
    assert kept("a=b; Secure", PLAIN) is None
    assert kept("a=b", PLAIN) is not None


@pytest.mark.parametrize(
    ("line", "expires"),
    [
        pytest.param("a=b", None, id="session"),
        pytest.param("a=b; Max-Age=60", NOW + timedelta(seconds=60), id="5.6.2-max-age"),
        pytest.param("a=b; Max-Age=060", NOW + timedelta(seconds=60), id="5.6.2-leading-zero"),
        pytest.param("a=b; Max-Age=60s", None, id="5.6.2-not-digits-ignored"),
        pytest.param("a=b; Max-Age=+60", None, id="5.6.2-plus-ignored"),
        pytest.param(
            "a=b; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
            NOW + timedelta(seconds=60),
            id="5.7-max-age-goes-first",
        ),
        pytest.param("a=b; Expires=nonsense", None, id="5.6.1-no-date-ignored"),
    ],
)
def test_expiry(line: str, expires: datetime | None) -> None:
    cookie = kept(line)
    assert cookie is not None
    assert cookie.expires == expires


@pytest.mark.parametrize(
    "deletion",
    [
        pytest.param("a=deleted; Expires=Thu, 01-Jan-1970 00:00:01 GMT", id="php"),
        pytest.param("a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/", id="epoch"),
        pytest.param("a=b; Max-Age=0", id="max-age-zero"),
        pytest.param("a=b; Max-Age=-1", id="max-age-negative"),
        pytest.param("a=b; Expires=Tue, 24 Nov 2026 02:59:59 GMT", id="one-second-ago"),
        pytest.param("a=b; Expires=Tue, 24 Nov 2026 03:00:00 GMT", id="this-very-second"),
    ],
)
def test_a_deletion_leaves_no_cookie(deletion: str) -> None:
    assert names((deletion,)) == []
    assert names(("a=b",), (deletion,)) == []


def test_5_7_same_name_domain_and_path_replaces() -> None:
    hops = [answer("Set-Cookie: a=1", "Set-Cookie: a=2; Secure", url=HOME)]
    (cookie,) = stored(hops, NOW)
    assert (cookie.value, cookie.secure) == ("2", True)


def test_5_7_other_path_or_host_only_flag_is_another_cookie() -> None:
    assert names(("a=1", "a=2; Path=/x", "a=3; Domain=contoh.go.id")) == ["a", "a", "a"]


def test_cookies_of_every_hop_count() -> None:
    assert names(("a=1",), ("b=2",), urls=(PLAIN, HOME)) == ["a", "b"]


def test_5_7_leave_secure_cookies_alone() -> None:
    assert names(("a=1; Secure",), ("a=2",), urls=(HOME, PLAIN)) == ["a"]
    overlaid = stored(
        [answer("Set-Cookie: a=1; Secure"), answer("Set-Cookie: a=2; Domain=contoh.go.id", url=PLAIN)], NOW
    )
    assert [cookie.value for cookie in overlaid] == ["1"]
    elsewhere = stored([answer("Set-Cookie: a=1; Secure; Path=/x"), answer("Set-Cookie: a=2; Path=/", url=PLAIN)], NOW)
    assert len(elsewhere) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Wed, 09 Jun 2021 10:18:14 GMT", datetime(2021, 6, 9, 10, 18, 14, tzinfo=UTC), id="rfc1123"),
        pytest.param("Wednesday, 09-Jun-21 10:18:14 GMT", datetime(2021, 6, 9, 10, 18, 14, tzinfo=UTC), id="rfc850"),
        pytest.param("Wed Jun  9 10:18:14 2021", datetime(2021, 6, 9, 10, 18, 14, tzinfo=UTC), id="asctime"),
        pytest.param("10:18:14 2021 9 june", datetime(2021, 6, 9, 10, 18, 14, tzinfo=UTC), id="any-order"),
        pytest.param(
            "Wed, 09 Jun 70 10:18:14 GMT", datetime(1970, 6, 9, 10, 18, 14, tzinfo=UTC), id="two-digits-last-century"
        ),
        pytest.param(
            "Wed, 09 Jun 69 10:18:14 GMT", datetime(2069, 6, 9, 10, 18, 14, tzinfo=UTC), id="two-digits-this-century"
        ),
        pytest.param("Wed, 31 Feb 2021 10:18:14 GMT", None, id="no-such-day"),
        pytest.param("Wed, 09 Jun 2021 25:18:14 GMT", None, id="no-such-hour"),
        pytest.param("Wed, 09 Jun 1600 10:18:14 GMT", None, id="before-1601"),
        pytest.param("Wed, 09 2021 10:18:14 GMT", None, id="no-month"),
        pytest.param("2021-06-09T10:18:14Z", None, id="iso-is-no-cookie-date"),
        pytest.param("", None, id="empty"),
    ],
)
def test_5_1_1_dates(text: str, expected: datetime | None) -> None:
    assert parse_date(text) == expected


@given(st.text(max_size=80), st.sampled_from([HOME, PLAIN]))
def test_any_line_is_a_cookie_or_none_and_keeps_the_promises_of_storage(line: str, url: str) -> None:
    cookie = kept(line, url)
    if cookie is not None:
        assert cookie.name or cookie.value
        assert not (cookie.secure and url == PLAIN)
        assert not (cookie.same_site == "None" and not cookie.secure)
        assert cookie.path.startswith("/")
