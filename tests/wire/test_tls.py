"""The TLS check against real servers whose configuration says what is true, and against hostile ones."""

import socket
from pathlib import Path

import pytest

from auditor.model import Absence, Absent, Collected, Endpoint, Fact, Level, Target
from auditor.net import Limits, Neighbours, Network
from checks import tls
from tests.wire import nginx, pki, scripted, tlslite_server
from tests.wire.programs import gnutls_serv, s_server

QUICK = Limits(exchange=0.4)


def look(
    port: int,
    *,
    host: str = pki.HOST,
    level: Level = Level.STANDARD,
    http_port: int | None = None,
    limits: Limits = Limits(exchange=5.0),  # noqa: B008 - frozen
) -> dict[str, Collected]:
    """What the check says of a server on loopback, by fact."""
    target = Target(
        "https",
        host,
        443,
        level=level,
        connect=Endpoint("127.0.0.1", port),
        connect_http=Endpoint("127.0.0.1", http_port) if http_port else None,
    )
    with Network(target, neighbours=Neighbours(), limits=limits) as net:
        return {item.name if isinstance(item, Fact) else item.fact: item for item in tls.collect(target, net)}


def value(seen: dict[str, Collected], name: str) -> object:
    item = seen[name]
    assert isinstance(item, Fact), item
    return item.value


def versions(seen: dict[str, Collected]) -> tuple[object, bool]:
    item = seen["tls.versions"]
    assert isinstance(item, Fact), item
    return item.value, item.complete


def absence(seen: dict[str, Collected], name: str) -> Absence:
    item = seen[name]
    assert isinstance(item, Absent), item
    return item.reason


@pytest.fixture
def site(tmp_path: Path) -> pki.Files:
    return pki.standard().write(tmp_path)


@pytest.fixture
def rsa(tmp_path: Path) -> pki.Files:
    return pki.leaf(pki.authority(key="rsa-2048"), pki.HOST, key="rsa-2048").write(tmp_path, "rsa")


# Real servers


def test_nginx_with_tls_1_2_and_1_3(tmp_path: Path, site: pki.Files) -> None:
    with nginx.running(tmp_path, nginx.tls(site, "ssl_protocols TLSv1.2 TLSv1.3;")) as (port,):
        seen = look(port)
    assert value(seen, "tls.offered") is True
    assert versions(seen) == (("TLSv1.2", "TLSv1.3"), True)
    assert value(seen, "tls.negotiated_version") == "TLSv1.3"
    assert value(seen, "tls.negotiated_suite") == "TLS_AES_256_GCM_SHA384"  # OpenSSL's own first choice


def test_nginx_with_tls_1_0_to_1_2(tmp_path: Path, rsa: pki.Files) -> None:
    config = nginx.tls(rsa, "ssl_protocols TLSv1 TLSv1.1 TLSv1.2;", "ssl_conf_command CipherString ALL:@SECLEVEL=0;")
    with nginx.running(tmp_path, config) as (port,):
        seen = look(port)
    assert versions(seen) == (("TLSv1.0", "TLSv1.1", "TLSv1.2"), True)
    assert value(seen, "tls.negotiated_version") == "TLSv1.2"


def test_nginx_with_tls_1_3_only(tmp_path: Path, site: pki.Files) -> None:
    with nginx.running(tmp_path, nginx.tls(site, "ssl_protocols TLSv1.3;")) as (port,):
        assert versions(look(port)) == (("TLSv1.3",), True)


def test_nginx_that_requires_a_client_certificate(tmp_path: Path, site: pki.Files) -> None:
    config = nginx.tls(
        site, "ssl_protocols TLSv1.2 TLSv1.3;", f"ssl_client_certificate {site.root};", "ssl_verify_client on;"
    )
    with nginx.running(tmp_path, config) as (port,):
        seen = look(port)
    assert value(seen, "tls.offered") is True
    assert versions(seen) == (("TLSv1.2", "TLSv1.3"), True)


def test_nginx_asked_by_address_gets_no_sni(tmp_path: Path, site: pki.Files) -> None:
    with nginx.running(tmp_path, nginx.tls(site, "ssl_protocols TLSv1.2 TLSv1.3;")) as (port,):
        assert versions(look(port, host="127.0.0.1")) == (("TLSv1.2", "TLSv1.3"), True)


def test_nginx_that_rejects_names_it_does_not_know(tmp_path: Path, site: pki.Files) -> None:
    """`ssl_reject_handshake` answers every hello with the alert unrecognized_name: nothing was seen of the site."""
    config = (
        nginx.tls(site, "server_name lain.go.id;") + "server { listen @0 ssl default_server; ssl_reject_handshake on; }"
    )
    with nginx.running(tmp_path, config) as (port,):
        seen = look(port)
    assert all(isinstance(seen[name], Absent) for name in tls.facts)
    assert absence(seen, "tls.versions") is Absence.REFUSED


def test_nginx_with_alpn(tmp_path: Path, site: pki.Files) -> None:
    config = nginx.tls(site, "ssl_protocols TLSv1.2;", "ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256;")
    with nginx.running(tmp_path, config.replace("@0 ssl", "@0 ssl http2")) as (port,):
        seen = look(port)
    assert value(seen, "tls.negotiated_alpn") == "h2"
    assert value(seen, "tls.negotiated_suite") == "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"


def test_no_alpn_is_not_offered(tmp_path: Path, site: pki.Files) -> None:
    with s_server(tmp_path, site, "-tls1_2") as port:
        assert absence(look(port), "tls.negotiated_alpn") is Absence.NOT_OFFERED


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("-tls1_3",), ("TLSv1.3",)),
        (("-tls1_2",), ("TLSv1.2",)),
        (("-tls1_1", "-cipher", "ALL:@SECLEVEL=0"), ("TLSv1.1",)),
        (("-no_tls1_2", "-cipher", "ALL:@SECLEVEL=0"), ("TLSv1.0", "TLSv1.1", "TLSv1.3")),
        (("-tls1_2", "-cipher", "NULL-SHA256:@SECLEVEL=0"), ("TLSv1.2",)),
        (("-tls1_3", "-ciphersuites", "TLS_AES_128_CCM_8_SHA256"), ("TLSv1.3",)),
        (("-tls1_3", "-groups", "X448"), ("TLSv1.3",)),
        (("-tls1_2", "-cipher", "ADH-AES128-SHA256:@SECLEVEL=0"), ("TLSv1.2",)),
    ],
)
def test_openssl_s_server(
    tmp_path: Path, rsa: pki.Files, arguments: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    with s_server(tmp_path, rsa, *arguments) as port:
        seen = look(port)
    assert value(seen, "tls.offered") is True
    assert versions(seen) == (expected, True)


@pytest.mark.parametrize(
    ("priority", "expected"),
    [
        ("NORMAL:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.3", ("TLSv1.2", "TLSv1.3")),
        ("NORMAL:-VERS-ALL:+VERS-TLS1.3", ("TLSv1.3",)),
        ("LEGACY:-VERS-ALL:+VERS-TLS1.0:+VERS-TLS1.1:+VERS-TLS1.2", ("TLSv1.0", "TLSv1.1", "TLSv1.2")),
    ],
)
def test_gnutls_serv(tmp_path: Path, rsa: pki.Files, priority: str, expected: tuple[str, ...]) -> None:
    with gnutls_serv(tmp_path, rsa, priority) as port:
        assert versions(look(port)) == (expected, True)


def test_server_of_ssl_3_0_alone_offers_tls_although_no_handshake_succeeds(rsa: pki.Files) -> None:
    with tlslite_server.running(rsa, (3, 0)) as port:
        seen = look(port)
    assert value(seen, "tls.offered") is True
    assert versions(seen) == (("SSLv3",), True)
    assert absence(seen, "tls.negotiated_version") in {Absence.REFUSED, Absence.MALFORMED}
    assert absence(seen, "tls.negotiated_suite") in {Absence.REFUSED, Absence.MALFORMED}


def test_passive_level_shakes_hands_and_asks_for_no_versions(tmp_path: Path, site: pki.Files) -> None:
    with nginx.running(tmp_path, nginx.tls(site)) as (port,):
        target = Target("https", pki.HOST, 443, connect=Endpoint("127.0.0.1", port))
        with Network(target, neighbours=Neighbours()) as net:
            names = {item.name for item in tls.collect(target, net) if isinstance(item, Fact)}
            assert net.connections == 1
    assert names == {"tls.offered", "tls.negotiated_version", "tls.negotiated_suite", "tls.negotiated_alpn"}


# No TLS


def test_closed_tls_port_beside_an_answering_http_side_is_not_offered(tmp_path: Path) -> None:
    with nginx.running(tmp_path, "server { listen @0; return 200 halo; }") as (http,):
        seen = look(closed_port(), http_port=http)
    assert value(seen, "tls.offered") is False
    assert absence(seen, "tls.versions") is Absence.REFUSED


def test_closed_tls_port_without_an_answering_http_side_is_unknown() -> None:
    assert absence(look(closed_port()), "tls.offered") is Absence.REFUSED
    assert absence(look(closed_port(), http_port=closed_port()), "tls.offered") is Absence.REFUSED


def test_plain_http_on_the_tls_port_is_not_offered(tmp_path: Path) -> None:
    with nginx.running(tmp_path, "server { listen @0; return 200 halo; }") as (http,):
        seen = look(http)
    assert value(seen, "tls.offered") is False


def test_target_that_is_plain_http_on_a_port_of_its_own_is_not_offered(tmp_path: Path) -> None:
    with nginx.running(tmp_path, "server { listen @0; return 200 halo; }") as (http,):
        target = Target("http", "127.0.0.1", http)
        with Network(target, neighbours=Neighbours()) as net:
            seen = {item.name: item.value for item in tls.collect(target, net) if isinstance(item, Fact)}
    assert seen == {"tls.offered": False}


def test_garbage_on_the_tls_port_is_unknown() -> None:
    with scripted.running(dict.fromkeys(ALL, b"SSH-2.0-OpenSSH_9.2\r\n")) as port:
        assert absence(look(port), "tls.offered") is Absence.MALFORMED


def test_server_that_stalls_is_unknown_and_is_not_asked_for_every_version() -> None:
    with scripted.running(dict.fromkeys(ALL, scripted.STALL)) as port:
        seen = look(port, limits=QUICK)
    assert {absence(seen, name) for name in tls.facts} == {Absence.TIMEOUT}


# Refused, or merely not answered

ALL = ("SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3")
MODERN = {
    "SSLv2": b"",
    "SSLv3": scripted.PROTOCOL_VERSION,
    "TLSv1.0": scripted.PROTOCOL_VERSION,
    "TLSv1.1": scripted.PROTOCOL_VERSION,
    "TLSv1.2": scripted.hello(0x0303),
    "TLSv1.3": scripted.hello(0x0303),
}


def test_alerts_silence_and_other_versions_refuse() -> None:
    with scripted.running(MODERN) as port:
        assert versions(look(port)) == (("TLSv1.2",), True)


@pytest.mark.parametrize(
    "answer",
    [
        scripted.STALL,
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        scripted.hello(0x0302)[:20],
        scripted.PROTOCOL_VERSION[:5],
        b"\x16\x03\x01\x00\x04\x0b\x00\x00\x00",
    ],
    ids=["stalls", "answers in the clear", "cuts its hello", "cuts its alert", "sends another message"],
)
def test_a_version_without_a_clear_answer_leaves_the_set_incomplete(answer: bytes) -> None:
    with scripted.running(MODERN | {"TLSv1.1": answer}) as port:
        assert versions(look(port, limits=QUICK)) == (("TLSv1.2",), False)


def test_reset_refuses() -> None:
    with scripted.running(MODERN | {"TLSv1.1": scripted.RESET}) as port:
        assert versions(look(port)) == (("TLSv1.2",), True)


def test_sslv2_server_hello_accepts() -> None:
    with scripted.running(MODERN | {"SSLv2": scripted.SSLV2_SERVER_HELLO}) as port:
        assert versions(look(port)) == (("SSLv2", "TLSv1.2"), True)


def test_silence_is_no_refusal_when_the_server_then_refuses_what_it_had_accepted() -> None:
    """The first TLS 1.2 hello is the handshake's, the second the question, the third is asked for certainty."""
    hello = scripted.hello(0x0303)
    with scripted.running(MODERN | {"TLSv1.0": b"", "TLSv1.2": (hello, hello, b"")}) as port:
        assert versions(look(port)) == (("TLSv1.2",), False)


def test_refusing_every_version_is_unknown_and_never_an_empty_set() -> None:
    with scripted.running(dict.fromkeys(ALL, scripted.PROTOCOL_VERSION)) as port:
        seen = look(port)
    assert absence(seen, "tls.versions") is Absence.REFUSED
    assert absence(seen, "tls.offered") is Absence.REFUSED


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])
