"""Which cookies of a visit go to its next hop (RFC 6265 sections 5.1 to 5.4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.net.address import Address
from auditor.net.cookies import LARGEST, MOST, Jar
from auditor.net.exchange import Request
from auditor.net.wire import Field

HERE = Address("https", "www.contoh.go.id", 443, "/dalam/laman?tanya=1")


def at(host: str = HERE.host, resource: str = HERE.resource, scheme: str = "https") -> Address:
    return Address(scheme, host, 443 if scheme == "https" else 80, resource)


def sent(*lines: str, to: Address = HERE, set_by: Address = HERE) -> str:
    jar = Jar()
    jar.receive(set_by, lines)
    return jar.header(to)


def test_a_visit_begins_without_cookies() -> None:
    assert Jar().header(HERE) == ""


@pytest.mark.parametrize(
    ("line", "pair"),
    [
        ("a=b", "a=b"),
        (" a = b ; Path=/", "a=b"),
        ("a=b=c", "a=b=c"),
        ('a="b"', 'a="b"'),
        ("a=", "a="),
        ("a", "a"),
        ("=a", "a"),
        ("a=\xc3\xa0", "a=\xc3\xa0"),  # UTF-8 bytes go back as they came
        ("", ""),
        ("=", ""),
        ("; Path=/", ""),
        ("a=b\x01", ""),
        ("a=b; Path=/\n", ""),
    ],
)
def test_a_pair_goes_back_as_it_came(line: str, pair: str) -> None:
    assert sent(line) == pair


@pytest.mark.parametrize(
    ("domain", "host", "goes"),
    [
        ("", "www.contoh.go.id", True),
        ("", "contoh.go.id", False),
        ("", "a.www.contoh.go.id", False),
        ("www.contoh.go.id", "a.www.contoh.go.id", True),
        ("contoh.go.id", "contoh.go.id", True),
        (".contoh.go.id", "contoh.go.id", True),
        ("CONTOH.go.id", "layanan.contoh.go.id", True),
        ("contoh.go.id", "evilcontoh.go.id", False),
    ],
)
def test_a_cookie_stays_with_its_host_unless_its_domain_covers_others(domain: str, host: str, goes: bool) -> None:  # noqa: FBT001
    line = f"a=b; Path=/; Domain={domain}" if domain else "a=b; Path=/"
    assert sent(line, to=at(host)) == ("a=b" if goes else "")


@pytest.mark.parametrize("domain", ["evil.example", "a.www.contoh.go.id", "ontoh.go.id", "www.contoh.go.id."])
def test_a_domain_that_does_not_cover_the_host_that_sets_it_makes_no_cookie(domain: str) -> None:
    assert sent(f"a=b; Path=/; Domain={domain}") == ""
    assert sent(f"a=b; Path=/; Domain={domain}", to=at(domain)) == ""


def test_an_address_has_no_parent_domain() -> None:
    address = at("10.0.0.1")
    assert sent("a=b; Domain=0.0.1", set_by=address, to=address) == ""
    assert sent("a=b; Domain=10.0.0.1", set_by=address, to=address) == "a=b"


def test_a_secure_cookie_is_for_https_only() -> None:
    assert sent("a=b; Path=/; Secure") == "a=b"
    assert sent("a=b; Path=/; Secure", to=at(scheme="http")) == ""
    assert sent("a=b; Path=/; Secure", set_by=at(scheme="http")) == ""
    assert sent("a=b; Path=/", set_by=at(scheme="http"), to=at()) == "a=b"


def test_plain_http_does_not_replace_a_secure_cookie() -> None:
    jar = Jar()
    jar.receive(HERE, ["a=b; Path=/; Secure"])
    jar.receive(at(scheme="http"), ["a=c; Path=/", "a=d; Path=/; Max-Age=0"])
    assert jar.header(HERE) == "a=b"


@pytest.mark.parametrize(
    ("path", "resource", "goes"),
    [
        ("/", "/", True),
        ("/a", "/a", True),
        ("/a", "/a/b", True),
        ("/a", "/a?b", True),
        ("/a/", "/a/b", True),
        ("/a/", "/a", False),
        ("/a", "/ab", False),
        ("/a", "/", False),
        ("", "/dalam", True),  # the directory of the page that set it
        ("", "/dalam/lain", True),
        ("", "/", False),
        ("a", "/dalam", True),
    ],
)
def test_a_cookie_is_for_its_path_and_what_lies_below(path: str, resource: str, goes: bool) -> None:  # noqa: FBT001
    assert sent(f"a=b; Path={path}", to=at(resource=resource)) == ("a=b" if goes else "")


def test_longer_paths_come_first_then_older_ones() -> None:
    assert sent("a=1; Path=/", "b=2; Path=/dalam", "c=3; Path=/", "a=4; Path=/") == "b=2; a=4; c=3"


@pytest.mark.parametrize(
    "over",
    [
        "Max-Age=0",
        "max-age=-1",
        "Max-Age=00",
        "Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "Expires=Thu, 01-Jan-1970 00:00:01 GMT",
        "Max-Age=0; Expires=Fri, 31 Dec 2999 23:59:59 GMT",
    ],
)
def test_a_cookie_that_is_over_removes_its_like(over: str) -> None:
    assert sent("a=b", "c=d", f"a=x; {over}") == "c=d"
    assert sent("a=b", f"a=x; {over}; Path=/") == "a=b"  # another path is another cookie


@pytest.mark.parametrize(
    "lasting",
    [
        "Max-Age=60",
        "Max-Age=soon",
        "Max-Age=",
        "Expires=Fri, 31 Dec 2999 23:59:59 GMT",
        "Expires=soon",
        "Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
    ],
)
def test_a_cookie_that_lasts_is_carried(lasting: str) -> None:
    assert sent(f"a=b; {lasting}") == "a=b"


def test_a_jar_is_bounded() -> None:
    assert sent("a=" + "x" * (LARGEST - 1)) == "a=" + "x" * (LARGEST - 1)
    assert sent("a=" + "x" * LARGEST) == ""
    assert sent(*(f"c{number}=x" for number in range(60))).split("; ") == [f"c{number}=x" for number in range(10, 60)]
    assert (LARGEST, MOST) == (4_096, 50)


@given(
    st.lists(
        st.text(st.characters(max_codepoint=255), max_size=30) | st.from_regex(r"[ab]=[c;=, -~]{0,30}", fullmatch=True)
    )
)
def test_whatever_a_server_sets_can_be_sent_and_breaks_no_line(lines: list[str]) -> None:
    cookies = sent(*lines)
    head = Request(HERE, "GET", (Field("Cookie", cookies),), 1).encode()
    assert head.count(b"\r\n") == head.count(b"\n") == 9
