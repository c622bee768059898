import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import TargetError
from auditor.model import Endpoint
from auditor.targets import parse_endpoint, parse_host, parse_target


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://contoh.go.id", "https://contoh.go.id/"),
        ("http://contoh.go.id", "http://contoh.go.id/"),
        ("contoh.go.id", "https://contoh.go.id/"),
        ("contoh.go.id:8443", "https://contoh.go.id:8443/"),
        ("contoh.go.id/layanan/", "https://contoh.go.id/layanan/"),
        ("https://contoh.go.id:443/a", "https://contoh.go.id/a"),
        ("http://contoh.go.id:443/", "http://contoh.go.id:443/"),
        ("HTTPS://Contoh.GO.ID./A", "https://contoh.go.id/A"),
        ("  https://contoh.go.id\n", "https://contoh.go.id/"),
        ("localhost:8080", "https://localhost:8080/"),
        ("intranet", "https://intranet/"),
        ("https://contoh.go.id/@petugas/100%25", "https://contoh.go.id/@petugas/100%25"),
        ("https://contoh.go.id/é", "https://contoh.go.id/%C3%A9"),
        ("bücher.example", "https://xn--bcher-kva.example/"),
        ("BÜCHER.example.", "https://xn--bcher-kva.example/"),
        ("faß.example", "https://xn--fa-hia.example/"),  # IDNA 2008, not 2003's fass
        ("例え。example", "https://xn--r8jz45g.example/"),  # the ideographic full stop is mapped by UTS 46
        ("xn--bcher-kva.example", "https://xn--bcher-kva.example/"),
        ("127.0.0.1", "https://127.0.0.1/"),
        ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"),
        ("[::1]", "https://[::1]/"),
        ("[::1]:8443", "https://[::1]:8443/"),
        ("https://[2001:DB8:0::1]:443/", "https://[2001:db8::1]/"),
        ("2001:db8::1", "https://[2001:db8::1]/"),
        ("http://2001:db8::1/x", "http://[2001:db8::1]/x"),
    ],
)
def test_every_form_of_a_target(written: str, url: str) -> None:
    target = parse_target(written)
    assert target.url == url
    assert parse_target(target.url) == target


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "nothing is written"),
        (" \t", "nothing is written"),
        ("https://", "the host is missing"),
        ("https:///jalur", "the host is missing"),
        ("https://.", "the host is missing"),
        (":443", "the host is missing"),
        ("https://admin@contoh.go.id/", "user name or password"),
        ("https://admin:rahasia@contoh.go.id/", "user name or password"),
        ("https://contoh.go.id?nik=1", "a query or fragment"),
        ("https://contoh.go.id/a?b=c", "a query or fragment"),
        ("https://contoh.go.id/#atas", "a query or fragment"),
        ("ftp://contoh.go.id", "ftp is not a scheme"),
        ("file:///etc/passwd", "file is not a scheme"),
        ("javascript:alert(1)", "is not a port"),
        ("contoh.go.id:", "is not a port"),
        ("contoh.go.id:0", "is not a port"),
        ("contoh.go.id:65536", "is not a port"),
        ("contoh.go.id:https", "is not a port"),
        ("contoh.go.id:-1", "is not a port"),
        ("contoh.go.id:٤٤٣", "is not a port"),
        ("http://2130706433", "is not an IPv4 address"),
        ("http://0177.0.0.1", "is not an IPv4 address"),
        ("http://0x7f.0.0.1", "is not an IPv4 address"),
        ("http://0x7f000001", "is not an IPv4 address"),
        ("http://127.1", "is not an IPv4 address"),
        ("http://127.0.0.0x1", "is not an IPv4 address"),
        ("http://256.0.0.1", "is not an IPv4 address"),
        ("http://1.2.3.4.5", "is not an IPv4 address"),
        ("http://１２７.0.0.1", "is not an IPv4 address"),
        ("https://[::1", "is not a host"),
        ("https://[]", "is not an IPv6 address"),
        ("https://[127.0.0.1]", "is not an IPv6 address"),
        ("https://[fe80::1%eth0]/", "is not an IPv6 address"),
        ("https://a..b", "is not a host name"),
        ("https://-a.example", "is not a host name"),
        ("https://*.contoh.go.id", "is not a host name"),
        ("https://a_b.example", "is not a host name"),
        ("https://" + "a" * 64 + ".example", "is not a host name"),
        ("https://" + "a." * 127 + "example", "is not a host name"),
        ("https://xn--zz-.example", "is not a host name"),
        ("https://%63ontoh.go.id", "is not a host name"),
        ("https://contoh.go.id\\@lain.example", "U+005C"),
        ("https://contoh.go.id/a b", "U+0020"),
        ("https://contoh\u200b.go.id", "U+200B"),
        ("https://contoh.go.id/\x00", "U+0000"),
        ("https://contoh.go.id/\r\nX: y", "U+000D"),
        ("https://contoh.go.id/%zz", "two hex digits"),
        ("https://contoh.go.id/" + "a" * 2048, "longer than 2048"),
    ],
)
def test_what_is_refused_says_why_and_where(written: str, said: str) -> None:
    with pytest.raises(TargetError) as caught:
        parse_target(written, place="--target")
    assert said in str(caught.value)
    assert caught.value.place == "--target"
    assert caught.value.exit_code == 2


def test_a_password_in_a_url_is_not_repeated() -> None:
    with pytest.raises(TargetError) as caught:
        parse_target("https://admin:rahasia@contoh.go.id/")
    assert "rahasia" not in str(caught.value)


@pytest.mark.parametrize(
    ("written", "scope"),
    [
        ("contoh.go.id", ("contoh.go.id", "www.contoh.go.id")),
        ("www.contoh.go.id", ("www.contoh.go.id", "contoh.go.id")),
        ("localhost", ("localhost",)),
        ("127.0.0.1", ("127.0.0.1",)),
        ("[::1]", ("::1",)),
    ],
)
def test_the_scope_is_the_host_and_its_twin(written: str, scope: tuple[str, ...]) -> None:
    assert parse_target(written).scope == scope


@pytest.mark.parametrize(
    ("written", "endpoint"),
    [
        ("127.0.0.1:4402", Endpoint("127.0.0.1", 4402)),
        ("[::1]:443", Endpoint("::1", 443)),
        ("Proxy.Internal:8443", Endpoint("proxy.internal", 8443)),
    ],
)
def test_endpoints(written: str, endpoint: Endpoint) -> None:
    assert parse_endpoint(written) == endpoint


@pytest.mark.parametrize(("written", "host"), [("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("[::1]", "::1")])
def test_an_endpoint_without_port_takes_the_port_meant(written: str, host: str) -> None:
    assert parse_endpoint(written, port=53) == Endpoint(host, 53)
    with pytest.raises(TargetError, match="the port is missing"):
        parse_endpoint(written)


@pytest.mark.parametrize(
    "written", ["", ":443", "127.0.0.1:0", "127.0.0.1:443/x", "https://127.0.0.1:443", "0x7f.1:443", "a@b:1"]
)
def test_what_is_no_endpoint(written: str) -> None:
    with pytest.raises(TargetError) as caught:
        parse_endpoint(written)
    assert caught.value.place == "--connect"


def test_a_host_has_no_port() -> None:
    assert parse_host("Contoh.go.id.") == "contoh.go.id"
    with pytest.raises(TargetError, match="without port"):
        parse_host("contoh.go.id:443")


@given(st.text(max_size=60) | st.from_regex(r"(https?://)?[a-z0-9.:@\[\]%/?#\\-]{0,30}", fullmatch=True))
def test_any_text_is_a_clean_target_or_a_target_error(text: str) -> None:
    try:
        target = parse_target(text)
    except TargetError:
        return
    assert target.url.isascii()
    assert target.url.isprintable()
    assert " " not in target.url
    assert 1 <= target.port <= 65535
    assert target.host == target.host.lower()
    assert parse_target(target.url) == target
