"""Sessions, tickets, names, client certificates, oddities, addresses: each as the server's configuration has it."""

import socket
from functools import cache
from pathlib import Path

import pytest

from auditor.model import Absence, Absent, Collected, Endpoint, Fact, Level, Target
from auditor.net import Limits, Neighbours, Network
from checks import tls
from tests.wire import name_server, nginx, pki, tiny_tls
from tests.wire.programs import gnutls_serv, s_server
from tests.wire.tiny_tls import Behaviour

BOTH = "ssl_protocols TLSv1.2 TLSv1.3;"


@cache
def identity(name: str = pki.HOST) -> pki.Identity:
    return pki.leaf(pki.authority(key="rsa-2048"), name, key="rsa-2048")


@pytest.fixture
def rsa(tmp_path: Path) -> pki.Files:
    return identity().write(tmp_path, "rsa")


class Look:
    def __init__(
        self,
        port: int,
        *,
        level: Level = Level.STANDARD,
        connect: str = "127.0.0.1",
        host: str = pki.HOST,
        resolver: Endpoint | None = None,
    ) -> None:
        target = Target("https", host, 443, level=level, connect=Endpoint(connect, port))
        limits = Limits(exchange=10.0)
        with Network(target, neighbours=Neighbours(), limits=limits, resolver=resolver) as net:
            self.items: list[Collected] = list(tls.collect(target, net))

    def about(self, name: str) -> dict[str, object]:
        """Values, and reasons of absences, by subject."""
        facts = {item.subject: item.value for item in self.items if isinstance(item, Fact) and item.name == name}
        gaps = [item for item in self.items if isinstance(item, Absent) and item.fact == name]
        return {**facts, **{gap.subject or "": gap.reason for gap in gaps}}

    def value(self, name: str) -> object:
        return self.about(name)[""]


# Sessions


@pytest.mark.parametrize("cache_", [True, False])
@pytest.mark.parametrize("tickets", [True, False])
def test_sessions_of_nginx(tmp_path: Path, rsa: pki.Files, cache_: bool, tickets: bool) -> None:  # noqa: FBT001
    config = nginx.tls(
        rsa,
        BOTH,
        "ssl_session_timeout 7m;",
        f"ssl_session_cache {'shared:uji:1m' if cache_ else 'off'};",
        f"ssl_session_tickets {'on' if tickets else 'off'};",
    )
    with nginx.running(tmp_path, config) as (port,):
        look = Look(port)
    assert look.about("tls.session_id_resumed") == {"TLSv1.2": cache_}
    assert look.about("tls.session_ticket_resumed") == {"TLSv1.2": tickets}
    lifetime = look.about("tls.ticket_lifetime")
    assert lifetime["TLSv1.2"] == (420 if tickets else Absence.NOT_OFFERED)
    if tickets:
        assert lifetime["TLSv1.3"] == 420
    assert look.value("tls.early_data") is False


def test_early_data(tmp_path: Path, rsa: pki.Files) -> None:
    for on in (True, False):
        config = nginx.tls(rsa, "ssl_protocols TLSv1.3;", f"ssl_early_data {'on' if on else 'off'};")
        with nginx.running(tmp_path, config) as (port,):
            assert Look(port).value("tls.early_data") is on


def test_record_size_limit(tmp_path: Path, rsa: pki.Files) -> None:
    with gnutls_serv(tmp_path, rsa, "NORMAL:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.3") as port:
        assert Look(port).about("tls.record_size_limit") == {"TLSv1.2": True, "TLSv1.3": True}
    with nginx.running(tmp_path, nginx.tls(rsa, BOTH)) as (port,):
        assert Look(port).about("tls.record_size_limit") == {"TLSv1.2": False, "TLSv1.3": False}


# Client certificates and names


@pytest.mark.parametrize("versions", ["TLSv1.2", "TLSv1.3", "TLSv1.2 TLSv1.3"])
@pytest.mark.parametrize("wanted", ["off", "optional", "on"])
def test_client_certificates_of_nginx(tmp_path: Path, rsa: pki.Files, versions: str, wanted: str) -> None:
    config = nginx.tls(
        rsa, f"ssl_protocols {versions};", f"ssl_client_certificate {rsa.root};", f"ssl_verify_client {wanted};"
    )
    with nginx.running(tmp_path, config) as (port,):
        assert Look(port).value("tls.client_certificate") is (wanted != "off")


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_a_handshake_that_fails_without_a_client_certificate_hides_nothing(
    tmp_path: Path, rsa: pki.Files, version: str
) -> None:
    with s_server(tmp_path, rsa, version, "-Verify", "1", "-CAfile", str(rsa.root), "-verify_return_error") as port:
        look = Look(port)
    assert look.value("tls.client_certificate") is True
    assert look.about("tls.suites")


@pytest.mark.parametrize("versions", ["TLSv1.2", "TLSv1.3"])
def test_names(tmp_path: Path, rsa: pki.Files, versions: str) -> None:
    other = identity("lain.go.id").write(tmp_path, "other")
    site = nginx.tls(rsa, f"server_name {pki.HOST};", f"ssl_protocols {versions};")
    fallbacks = {
        "ignored": "",
        "used": nginx.tls(other, f"ssl_protocols {versions};").replace("@0 ssl", "@0 ssl default_server"),
        "required": f"server {{ listen @0 ssl default_server; ssl_protocols {versions}; ssl_reject_handshake on; }}",
    }
    for expected, fallback in fallbacks.items():
        with nginx.running(tmp_path, site + fallback) as (port,):
            assert Look(port).value("tls.sni") == expected


def test_an_address_has_no_name(tmp_path: Path, rsa: pki.Files) -> None:
    with nginx.running(tmp_path, nginx.tls(rsa, BOTH)) as (port,):
        assert Look(port, host="127.0.0.1").value("tls.sni") is Absence.NOT_ASSESSABLE


def test_kinds_of_certificates(tmp_path: Path, rsa: pki.Files) -> None:
    ecdsa = pki.standard().write(tmp_path, "ec")
    both = (f"ssl_certificate {ecdsa.chain};", f"ssl_certificate_key {ecdsa.key};")
    for versions in ("TLSv1.2", "TLSv1.3"):
        with nginx.running(tmp_path, nginx.tls(rsa, f"ssl_protocols {versions};", *both)) as (port,):
            assert Look(port).value("tls.certificate_keys") == ("ec", "rsa")
    with nginx.running(tmp_path, nginx.tls(rsa, "ssl_protocols TLSv1.2;")) as (port,):
        assert Look(port).value("tls.certificate_keys") == ("rsa",)


# The whole order


@pytest.mark.parametrize("chosen", [("AES256-SHA", "ECDHE-RSA-AES128-GCM-SHA256", "AES128-SHA256", "AES128-SHA")])
def test_the_whole_order_before_tls_1_3_at_level_active(
    tmp_path: Path, rsa: pki.Files, chosen: tuple[str, ...]
) -> None:
    names = (
        "TLS_RSA_WITH_AES_256_CBC_SHA",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_RSA_WITH_AES_128_CBC_SHA256",
        "TLS_RSA_WITH_AES_128_CBC_SHA",
    )
    config = nginx.tls(
        rsa,
        "ssl_protocols TLSv1.1 TLSv1.2;",
        f"ssl_ciphers {':'.join(chosen)}:@SECLEVEL=0;",
        "ssl_prefer_server_ciphers on;",
    )
    with nginx.running(tmp_path, config) as (port,):
        look = Look(port, level=Level.ACTIVE)
    assert look.about("tls.suites") == {"TLSv1.2": names, "TLSv1.1": (names[0], names[3])}
    assert look.about("tls.order_enforced") == {"TLSv1.2": True, "TLSv1.1": True}


# Oddities

SUITES = ("TLS_RSA_WITH_AES_128_CBC_SHA",)
TOLERANT = dict.fromkeys(("version", "extensions", "suites", "length"), False)


def test_servers_that_bear_everything(tmp_path: Path, rsa: pki.Files) -> None:
    for config in (BOTH, "ssl_protocols TLSv1.3;", "ssl_protocols TLSv1.2;"):
        with nginx.running(tmp_path, nginx.tls(rsa, config)) as (port,):
            assert Look(port).about("tls.intolerant") == TOLERANT
    with tiny_tls.running(identity(), Behaviour()) as seen:
        assert Look(seen.endpoint.port).about("tls.intolerant") == TOLERANT


@pytest.mark.parametrize(
    ("behaviour", "intolerant"),
    [
        (Behaviour(extensions="unknown refused"), "extensions"),
        (Behaviour(longest=1500), "length"),
        (Behaviour(longest=255), "length"),
        (Behaviour(longest=255, extensions="any refused"), "extensions length"),
        (Behaviour(extensions="any refused"), "extensions length"),  # what makes a hello long is an extension
        (Behaviour(most_suites=60), ""),
    ],
    ids=str,
)
def test_servers_that_cannot_bear_something_are_seen_whole_all_the_same(behaviour: Behaviour, intolerant: str) -> None:
    with tiny_tls.running(identity(), behaviour) as seen:
        look = Look(seen.endpoint.port)
    assert look.about("tls.versions") == {"": ("TLSv1.2",)}
    assert look.about("tls.suites") == {"TLSv1.2": SUITES}
    assert {name for name, value in look.about("tls.intolerant").items() if value is True} == set(intolerant.split())


# Addresses

TWO = {("ganda.contoh.go.id", "A"): ["127.0.0.1"], ("ganda.contoh.go.id", "AAAA"): ["::1"]}


def _port_on_both() -> int:
    """A port that was free on both loopback addresses a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        port = int(one.getsockname()[1])
        with socket.create_server(("::1", port), family=socket.AF_INET6):
            return port


def test_every_address_is_compared(tmp_path: Path, rsa: pki.Files) -> None:
    for second, agree in ((BOTH, True), ("ssl_protocols TLSv1.2;", False)):
        port = _port_on_both()
        six = nginx.tls(rsa, second).replace("@0", f"[::1]:{port}")
        four = nginx.tls(rsa, BOTH).replace("@0", f"127.0.0.1:{port}")
        with nginx.running(tmp_path, four + six + "server { listen @0; }"), name_server.serving(TWO) as names:
            look = Look(port, connect="ganda.contoh.go.id", resolver=names.endpoint)
        expected = {"127.0.0.1": ("TLSv1.2", "TLSv1.3"), "::1": ("TLSv1.2", "TLSv1.3") if agree else ("TLSv1.2",)}
        assert look.about("tls.address_versions") == expected
        assert look.value("tls.addresses_agree") is agree


def test_an_address_where_nobody_answers_leaves_it_open(tmp_path: Path, rsa: pki.Files) -> None:
    with nginx.running(tmp_path, nginx.tls(rsa, BOTH)) as (port,), name_server.serving(TWO) as names:
        look = Look(port, connect="ganda.contoh.go.id", resolver=names.endpoint)
    assert look.about("tls.address_versions") == {"127.0.0.1": ("TLSv1.2", "TLSv1.3"), "::1": Absence.REFUSED}
    assert look.value("tls.addresses_agree") is Absence.REFUSED


# Handshakes that take another turn


def test_a_hello_retry_request_with_a_cookie(tmp_path: Path, rsa: pki.Files) -> None:
    with s_server(tmp_path, rsa, "-tls1_3", "-stateless", "-alpn", "h2,http/1.1") as port:
        look = Look(port)
    assert look.about("tls.suites")["TLSv1.3"]
    assert look.value("tls.alpn") == ("h2", "http/1.1")
    assert look.about("tls.ticket_lifetime")["TLSv1.3"] == 7200


def test_an_ecdsa_key_on_p_384_alone(tmp_path: Path) -> None:
    files = pki.leaf(pki.authority(), pki.HOST, key="ec-p384").write(tmp_path, "p384")
    with nginx.running(tmp_path, nginx.tls(files, BOTH, "ssl_ecdh_curve secp384r1;")) as (port,):
        look = Look(port)
    assert look.value("tls.groups") == ("secp384r1",)
    assert look.value("tls.certificate_keys") == ("ec",)
    assert look.about("tls.session_ticket_resumed") == {"TLSv1.2": True}


@pytest.mark.parametrize("cipher", ["ADH-AES128-SHA256", "NULL-SHA256", "AECDH-AES256-SHA"])
def test_servers_with_nothing_but_what_nobody_should_have(tmp_path: Path, rsa: pki.Files, cipher: str) -> None:
    with s_server(tmp_path, rsa, "-tls1_2", "-cipher", f"{cipher}:@SECLEVEL=0") as port:
        look = Look(port)
    assert look.value("tls.offered") is True
    (suites,) = look.about("tls.suites").values()
    assert isinstance(suites, tuple)
    assert len(suites) == 1
