"""One spelling a URL: examples of RFC 3986 and laws that hold for every URL."""

import random
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.net import address
from auditor.net.crawl.spelling import SHOWN, canonical, key, shown, spelled

BASE = "https://contoh.go.id/berita/indeks.html"


def spelling(reference: str, base: str = BASE) -> str | None:
    found = canonical(base, reference)
    return None if found is None else found.url


@pytest.mark.parametrize(
    ("reference", "wanted"),
    [
        # RFC 3986, section 5.4, on our base
        ("g", "https://contoh.go.id/berita/g"),
        ("./g/.", "https://contoh.go.id/berita/g/"),
        ("../../../g", "https://contoh.go.id/g"),
        ("/./g", "https://contoh.go.id/g"),
        ("g;x=1/../y", "https://contoh.go.id/berita/y"),
        ("//LAIN.go.id/x", "https://lain.go.id/x"),
        # section 6.2.2
        ("HTTPS://CONTOH.GO.ID:443/a", "https://contoh.go.id/a"),
        ("/%7euser/%c3%a9%2f", "https://contoh.go.id/~user/%C3%A9%2F"),
        ("/a/%2e%2e/b", "https://contoh.go.id/b"),
        ("https://contoh.go.id/a/../b", "https://contoh.go.id/b"),
        ("/é", "https://contoh.go.id/%C3%A9"),
        # what browsers do besides (WHATWG URL)
        ("  /a\n/b ", "https://contoh.go.id/a/b"),
        ("\\a\\b?x=\\", "https://contoh.go.id/a/b?x=\\"),
        ("/a b", "https://contoh.go.id/a%20b"),
        # what names the visit, not the page
        ("/a?PHPSESSID=0123456789abcdef&id=2", "https://contoh.go.id/a?id=2"),
        ("/a;jsessionid=8F2A.node1?id=2", "https://contoh.go.id/a?id=2"),
        ("/(S(lit3py55t21z5v55vlm25s55))/a.aspx", "https://contoh.go.id/a.aspx"),
        ("/a?sid=0a1b2c3d4e5f60718293&utm_source=x&fbclid=y", "https://contoh.go.id/a"),
        ("/a?sid=5&session=2024", "https://contoh.go.id/a?sid=5&session=2024"),
        ("/a?&&b=1&#x", "https://contoh.go.id/a?b=1"),
        ("/a?", "https://contoh.go.id/a"),
    ],
)
def test_spelling(reference: str, wanted: str) -> None:
    assert spelling(reference) == wanted


@pytest.mark.parametrize(
    "reference",
    [
        "javascript:alert(1)",
        "mailto:a@b.go.id",
        "tel:021",
        "data:,x",
        "ftp://contoh.go.id/",
        "http://[",
        "/" + "a" * 3_000,
    ],
)
def test_what_is_no_page_has_no_spelling(reference: str) -> None:
    assert canonical(BASE, reference) is None


def test_the_same_page_has_one_key() -> None:
    same = ["/a/?x=1&y=2", "/a//?y=2&x=1", "/a/index.php?x=1&y=2", "/a/INDEX.html?x=1&y=2"]
    assert len({key(found) for text in same if (found := canonical(BASE, text))}) == 1
    lower, upper = canonical(BASE, "/a?x=1"), canonical(BASE, "/A?x=1")
    assert lower is not None
    assert upper is not None
    assert key(lower) != key(upper), "paths are told apart by case (RFC 3986, section 6.2.2.1)"


URLS = st.builds(
    lambda scheme, path, query: f"{scheme}://contoh.go.id/{path}{'?' if query else ''}{query}",
    st.sampled_from(["http", "https", "HTTP"]),
    st.text(st.sampled_from("ab./%2eE~;é\\ &=-_"), max_size=30),
    st.text(st.sampled_from("ab=&%2b+é;/?"), max_size=20),
)


@given(URLS)
def test_a_spelling_is_stable_and_stays_on_the_host(url: str) -> None:
    found = canonical(BASE, url)
    assert found is not None
    assert canonical(BASE, found.url) == found
    assert address.parse(found.url) == found
    assert found.host == "contoh.go.id"
    assert not {"..", "."} & set(found.resource.partition("?")[0].split("/"))


@given(URLS, st.integers(0, 2**32))
def test_needless_encoding_makes_no_other_page(url: str, seed: int) -> None:
    """RFC 3986, section 6.2.2.2: an unreserved octet and its encoding are the same."""
    head, sep, path = url.partition("contoh.go.id/")
    if "%" in path:
        return  # a digit after a stray % would join it
    chance = random.Random(seed)
    coded = "".join(f"%{ord(char):02x}" if char in "ab~" and chance.random() < 0.5 else char for char in path)
    assert canonical(BASE, head + sep + coded) == canonical(BASE, url)


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://contoh.go.id/cari?nik=6371019001909001&nama=Budi+Contoh", "https://contoh.go.id/cari?nik=&nama="),
        ("https://contoh.go.id/?p=12&page_id=berita", "https://contoh.go.id/?p=12&page_id=berita"),
        ("https://contoh.go.id/?id=6371019001909001", "https://contoh.go.id/?id="),
        ("https://contoh.go.id/?6371019001909001", "https://contoh.go.id/?…"),
        ("https://a:b@contoh.go.id/x", "https://contoh.go.id/x"),
    ],
)
def test_facts_name_urls_without_what_people_typed(url: str, wanted: str) -> None:
    assert shown(url) == wanted


@given(st.text(min_size=6, max_size=30), st.sampled_from(["q", "nik", "id", "x"]))
def test_no_long_value_is_ever_shown(value: str, name: str) -> None:
    found = canonical(BASE, f"/cari?{name}={value}")
    parts = urlsplit(shown(found.url)) if found else urlsplit("")
    for piece in parts.query.split("&"):
        said = piece.partition("=")[2]
        assert said == "" or (said.isascii() and said.isalpha() and len(said) <= 16)


def test_a_long_url_is_shown_in_part() -> None:
    assert len(shown("https://contoh.go.id/" + "a" * 900)) == SHOWN


def test_spelled_refuses_what_grows_too_long() -> None:
    assert spelled(address.Address("https", "contoh.go.id", 443, "/" + "a" * 2_001)) is None
