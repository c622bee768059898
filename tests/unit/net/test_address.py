"""URLs and redirects as browsers read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.net.address import Address, follow, parse, resolve

BASE = "http://contoh.go.id/dir/page?x=y"


@pytest.mark.parametrize(
    ("location", "url"),  # as by the WHATWG URL standard
    [
        ("/a", "http://contoh.go.id/a"),
        ("a", "http://contoh.go.id/dir/a"),
        ("../a", "http://contoh.go.id/a"),
        ("?b", "http://contoh.go.id/dir/page?b"),
        ("#c", "http://contoh.go.id/dir/page?x=y"),
        ("//evil.example/a", "http://evil.example/a"),
        ("///evil.example/a", "http://evil.example/a"),
        ("/\\evil.example/a", "http://evil.example/a"),
        ("\\\\evil.example", "http://evil.example/"),
        ("https:evil.example", "https://evil.example/"),
        ("https:\\evil.example", "https://evil.example/"),
        ("http:a", "http://contoh.go.id/dir/a"),
        ("http:/a", "http://contoh.go.id/a"),
        ("http:///evil.example", "http://evil.example/"),
        ("https://contoh.go.id@evil.example/", "https://evil.example/"),
        ("https://evil.example\\@contoh.go.id/", "https://evil.example/@contoh.go.id/"),
        ("https://CONTOH.go.id.:443/a b?c d", "https://contoh.go.id/a%20b?c%20d"),
        ("https://b\xc3\xbccher.example/\xc3\xa9", "https://xn--bcher-kva.example/%C3%A9"),
        ("https://[::1]:8443/", "https://[::1]:8443/"),
        ("?u=http:\\\\x", "http://contoh.go.id/dir/page?u=http:\\\\x"),
        ("ftp://contoh.go.id/", "ftp://contoh.go.id/"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_a_redirect_leads_where_browsers_go(location: str, url: str) -> None:
    assert follow(BASE, location)[0] == url


@pytest.mark.parametrize(
    "url",
    [
        "", "/", "contoh.go.id", "ftp://a/", "http://", "http:///", "http://:80/", "http://a:0/", "http://a:65536/", "http://a:x/",
        "http://[::1", "http://a..b/", "http://-a/", "http://a%2eb/", "http://a b/", "http://" + "a" * 64 + ".id/",
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_none(url: str) -> None:
    assert parse(url) is None


@given(st.text() | st.text("htps:/\\@#?[].%0 a\t\n\0"))
def test_any_location_leads_somewhere_or_nowhere(location: str) -> None:
    url, parsed = follow(BASE, location)
    assert parsed is None or (parsed.url == url and url.isascii() and url.isprintable() and " " not in url)


@given(st.text() | st.text("htps:/\\@#?[].%0 a"))
def test_any_reference_is_an_address_or_none(reference: str) -> None:
    found = resolve(BASE, reference)
    assert found is None or parse(found.url) == found


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (Address("https", "contoh.go.id", 443, "/"), "https://contoh.go.id/"),
        (Address("http", "contoh.go.id", 443, "/a"), "http://contoh.go.id:443/a"),
        (Address("https", "2001:db8::1", 8443, "/"), "https://[2001:db8::1]:8443/"),
    ],
)
def test_an_address_spells_its_url_and_back(address: Address, url: str) -> None:
    assert address.url == url
    assert parse(url) == address
