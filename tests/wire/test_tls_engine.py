"""What the TLS engine finds is exactly what each server's own library says that it offers.

The truth comes from elsewhere: `openssl ciphers -s -V` of the library in nginx and s_server, `gnutls-cli --list` of the
one in gnutls-serv, tlslite-ng's own selection, and the line of configuration that differs.
"""

import re
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from auditor.model import Absence, Absent, Collected, Covered, Endpoint, Fact, Level, Target
from auditor.net import Limits, Neighbours, Network
from checks import tls
from checks.tls import suites
from tests.wire import nginx, pki, tlslite_server
from tests.wire.programs import gnutls_serv, s_server

EVERYTHING = "ALL:COMPLEMENTOFALL:@SECLEVEL=0"
FLAGS = {"TLSv1.0": "-tls1", "TLSv1.1": "-tls1_1", "TLSv1.2": "-tls1_2", "TLSv1.3": "-tls1_3"}
OLD = ("TLSv1.0", "TLSv1.1", "TLSv1.2")
TLS13_OF_OPENSSL = {"TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"}


class Look:
    """What the check said of a server on loopback."""

    def __init__(self, port: int, *, host: str = pki.HOST) -> None:
        target = Target("https", host, 443, level=Level.STANDARD, connect=Endpoint("127.0.0.1", port))
        with Network(target, neighbours=Neighbours(), limits=Limits(exchange=10.0)) as net:
            self.items: list[Collected] = list(tls.collect(target, net))
            self.connections = net.connections

    def fact(self, name: str, subject: str = "") -> Fact:
        (found,) = (i for i in self.items if isinstance(i, Fact) and (i.name, i.subject) == (name, subject))
        return found

    def value(self, name: str, subject: str = "") -> object:
        return self.fact(name, subject).value

    def whole(self, name: str, subject: str = "") -> set[str]:
        """A set that is complete."""
        found = self.fact(name, subject)
        assert found.complete
        assert isinstance(found.value, tuple)
        assert len(found.value) == len(set(found.value))
        return set(found.value)

    def about(self, name: str) -> dict[str, object]:
        return {i.subject: i.value for i in self.items if isinstance(i, Fact) and i.name == name}

    def absence(self, name: str) -> Absence:
        (found,) = (i for i in self.items if isinstance(i, Absent) and i.fact == name)
        return found.reason

    def vulnerable(self) -> set[str]:
        return {subject for subject, value in self.about("tls.vulnerable").items() if value}


def openssl(version: str, ciphers: str, authentication: Iterable[str], *, exchange: str = "RSA DH ECDH") -> set[str]:
    """IANA names of what OpenSSL supports in a version with certificates of these kinds (`None` is anonymous)."""
    command = ["openssl", "ciphers", "-s", "-V", "-stdname", FLAGS[version], ciphers]
    listing = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    lines = re.findall(r" - (TLS_\S+) +- \S+ +\S+ +Kx=(\S+) +Au=(\S+)", listing)
    assert lines
    wanted = {*authentication, "any"} if version == "TLSv1.3" else {*authentication}
    return {name for name, kx, au in lines if au in wanted and kx in {*exchange.split(), "any"}}


@pytest.fixture
def rsa(tmp_path: Path) -> pki.Files:
    return pki.leaf(pki.authority(key="rsa-2048"), pki.HOST, key="rsa-2048").write(tmp_path, "rsa")


@pytest.fixture
def ecdsa(tmp_path: Path) -> pki.Files:
    return pki.standard().write(tmp_path)


def dhparam(folder: Path, group: str) -> Path:
    """Parameters of a named group, as OpenSSL writes them."""
    file = folder / f"{group}.pem"
    command = ["openssl", "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", f"group:{group}", "-out", str(file)]
    subprocess.run(command, check=True, capture_output=True)
    return file


# nginx


@pytest.mark.parametrize(
    "ciphers",
    [
        "HIGH:!aNULL:!PSK:!SRP:!ARIA:!CAMELLIA",
        "ECDHE+AESGCM:ECDHE+CHACHA20",
        "AES256-SHA",
        "ALL:!aNULL:@SECLEVEL=0",
        "DHE",
    ],
)
def test_suites_of_nginx_with_an_rsa_key(tmp_path: Path, rsa: pki.Files, ciphers: str) -> None:
    config = nginx.tls(
        rsa,
        "ssl_protocols TLSv1.2 TLSv1.3;",
        f"ssl_ciphers {ciphers};",
        f"ssl_dhparam {dhparam(tmp_path, 'modp_2048')};",
    )
    with nginx.running(tmp_path, config) as (port,):
        look = Look(port)
    assert look.whole("tls.suites", "TLSv1.2") == openssl("TLSv1.2", ciphers, ["RSA"])
    assert look.whole("tls.suites", "TLSv1.3") == TLS13_OF_OPENSSL
    assert set(look.about("tls.suites")) == {"TLSv1.2", "TLSv1.3"}


@pytest.mark.parametrize(
    "ciphers", ["ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305", "ALL:!aNULL:@SECLEVEL=0"]
)
def test_suites_of_nginx_with_an_ecdsa_key(tmp_path: Path, ecdsa: pki.Files, ciphers: str) -> None:
    config = nginx.tls(ecdsa, "ssl_protocols TLSv1.2 TLSv1.3;", f"ssl_ciphers {ciphers};")
    with nginx.running(tmp_path, config) as (port,):
        look = Look(port)
    assert look.whole("tls.suites", "TLSv1.2") == openssl("TLSv1.2", ciphers, ["ECDSA"])


def test_every_suite_of_nginx_in_every_version(tmp_path: Path, rsa: pki.Files) -> None:
    config = nginx.tls(
        rsa,
        "ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;",
        f"ssl_ciphers {EVERYTHING};",
        f"ssl_dhparam {dhparam(tmp_path, 'modp_2048')};",
    )
    with nginx.running(tmp_path, config) as (port,):
        look = Look(port)
    for version in OLD:
        assert look.whole("tls.suites", version) == openssl(version, EVERYTHING, ["RSA", "None"]), version
    assert look.whole("tls.suites", "TLSv1.3") == TLS13_OF_OPENSSL
    assert look.vulnerable() == {"beast", "lucky13", "dheat"}  # OpenSSL 3.0 has neither RC4 nor 3DES


def test_two_certificates_on_one_host(tmp_path: Path, rsa: pki.Files, ecdsa: pki.Files) -> None:
    both = (f"ssl_certificate {ecdsa.chain};", f"ssl_certificate_key {ecdsa.key};", f"ssl_ciphers {EVERYTHING};")
    with nginx.running(tmp_path, nginx.tls(rsa, "ssl_protocols TLSv1 TLSv1.1 TLSv1.2;", *both)) as (port,):
        look = Look(port)
    for version in OLD:
        expected = openssl(version, EVERYTHING, ["RSA", "ECDSA", "None"])
        assert look.whole("tls.suites", version) == {n for n in expected if "_DHE_" not in n and "_DH_anon_" not in n}
    assert {"ecdsa_secp256r1_sha256", "rsa_pss_rsae_sha256"} <= look.whole("tls.signature_algorithms")


def test_client_certificate_that_is_required_hides_nothing(tmp_path: Path, ecdsa: pki.Files) -> None:
    config = nginx.tls(
        ecdsa, "ssl_protocols TLSv1.2 TLSv1.3;", f"ssl_client_certificate {ecdsa.root};", "ssl_verify_client on;"
    )
    with nginx.running(tmp_path, config) as (port,):
        look = Look(port)
    assert look.whole("tls.suites", "TLSv1.2") == openssl("TLSv1.2", "HIGH:!aNULL:!MD5", ["ECDSA"])


@pytest.mark.parametrize("on", [True, False])
def test_whose_order_of_suites_decides(tmp_path: Path, rsa: pki.Files, on: bool) -> None:  # noqa: FBT001
    # The order of our own hellos, and the reverse of it: neither may be taken for the server's.
    for ciphers in (
        "ECDHE-RSA-AES128-GCM-SHA256:AES256-SHA:AES128-SHA",
        "AES128-SHA:AES256-SHA:ECDHE-RSA-AES128-GCM-SHA256",
    ):
        config = nginx.tls(
            rsa,
            "ssl_protocols TLSv1.2 TLSv1.3;",
            f"ssl_ciphers {ciphers};",
            f"ssl_prefer_server_ciphers {'on' if on else 'off'};",
        )
        with nginx.running(tmp_path, config) as (port,):
            look = Look(port)
        assert look.about("tls.order_enforced") == {"TLSv1.2": on, "TLSv1.3": on}
        first = look.fact("tls.suites", "TLSv1.3").value
        if on:
            assert first == ("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256")
        wanted = (
            "TLS_RSA_WITH_AES_128_CBC_SHA"
            if on and ciphers.startswith("AES128")
            else "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
        )
        named = look.fact("tls.suites", "TLSv1.2").value
        assert isinstance(named, tuple)
        assert named[0] == wanted


def test_a_single_suite_has_no_order(tmp_path: Path, rsa: pki.Files) -> None:
    with s_server(tmp_path, rsa, "-tls1_2", "-cipher", "AES128-SHA") as port:
        look = Look(port)
    assert look.about("tls.order_enforced") == {}
    assert Covered("tls.order_enforced") in look.items


@pytest.mark.parametrize(
    ("http2", "expected"), [("", {"http/1.1"}), (" http2", {"h2", "http/1.1"})], ids=["http/1.1", "h2 too"]
)
def test_alpn_of_nginx(tmp_path: Path, rsa: pki.Files, http2: str, expected: set[str]) -> None:
    config = nginx.tls(rsa, "ssl_protocols TLSv1.2 TLSv1.3;").replace("@0 ssl", f"@0 ssl{http2}")
    with nginx.running(tmp_path, config) as (port,):
        assert Look(port).whole("tls.alpn") == expected


def test_features_of_nginx(tmp_path: Path, rsa: pki.Files) -> None:
    config = nginx.tls(
        rsa, "ssl_protocols TLSv1.1 TLSv1.2 TLSv1.3;", f"ssl_ciphers {EVERYTHING};", "ssl_session_tickets off;"
    )
    with nginx.running(tmp_path, config) as (port,):
        look = Look(port)
    both = {"TLSv1.1", "TLSv1.2"}
    assert look.about("tls.session_ticket") == dict.fromkeys(both, False)
    assert look.about("tls.secure_renegotiation") == dict.fromkeys(both, True)
    assert look.about("tls.extended_master_secret") == dict.fromkeys(both, True)
    assert look.about("tls.encrypt_then_mac") == dict.fromkeys(both, True)
    assert look.about("tls.compression") == dict.fromkeys(both, False)
    assert look.about("tls.heartbeat") == dict.fromkeys(both, False)
    assert look.about("tls.fallback_scsv") == {"TLSv1.2": True}
    assert look.about("tls.key_reused") == {"ecdh": False}


def test_tls_1_3_alone_has_no_place_for_what_came_before(tmp_path: Path, ecdsa: pki.Files) -> None:
    with nginx.running(tmp_path, nginx.tls(ecdsa, "ssl_protocols TLSv1.3;")) as (port,):
        look = Look(port)
    assert look.whole("tls.suites", "TLSv1.3") == TLS13_OF_OPENSSL
    for name in ("secure_renegotiation", "fallback_scsv", "compression", "session_ticket", "extended_master_secret"):
        assert look.about(f"tls.{name}") == {}
        assert Covered(f"tls.{name}") in look.items
    assert look.absence("tls.dh_bits") is Absence.NOT_OFFERED
    assert look.vulnerable() == {"dheat"}  # OpenSSL 3 has ffdhe groups in TLS 1.3


# Diffie-Hellman


@pytest.mark.parametrize(
    ("group", "bits", "name"),
    [("modp_2048", 2048, "rfc3526-2048"), ("modp_3072", 3072, "rfc3526-3072"), ("ffdhe2048", 2048, "ffdhe2048")],
)
def test_well_known_primes_are_named(tmp_path: Path, rsa: pki.Files, group: str, bits: int, name: str) -> None:
    with s_server(tmp_path, rsa, "-tls1_2", "-cipher", "DHE", "-dhparam", str(dhparam(tmp_path, group))) as port:
        look = Look(port)
    assert look.value("tls.dh_bits") == bits
    assert look.whole("tls.dh_primes") == {name}
    assert "logjam" not in look.vulnerable()


def test_a_small_prime_of_its_own(rsa: pki.Files) -> None:
    # Made by `openssl dhparam 512`, which no server of Debian takes any more.
    prime = int(
        "8CD5023D6FCAB6989C529B823886CB95FAD19673D4A7ED65FF10FD0E161EAFF8"
        "777ADF2C19C93ABE311B7F164AAF5D5A9108888AFF39CD7B8DF386230E423D87",
        16,
    )
    with tlslite_server.running(rsa, (3, 3), prime=prime) as port:
        look = Look(port)
    assert look.value("tls.dh_bits") == 512
    (unknown,) = look.whole("tls.dh_primes")
    assert re.fullmatch("[0-9a-f]{16}", unknown)
    assert look.vulnerable() >= {"logjam", "dheat"}


# openssl s_server


@pytest.mark.parametrize("version", OLD)
def test_every_suite_of_s_server(tmp_path: Path, rsa: pki.Files, version: str) -> None:
    with s_server(tmp_path, rsa, FLAGS[version], "-cipher", EVERYTHING) as port:
        look = Look(port)
    assert look.whole("tls.suites", version) == openssl(version, EVERYTHING, ["RSA", "None"])


def test_suites_with_a_pre_shared_key(tmp_path: Path, rsa: pki.Files) -> None:
    with s_server(tmp_path, rsa, "-tls1_2", "-cipher", "PSK:AES128-SHA:@SECLEVEL=0", "-psk", "c0ffee") as port:
        look = Look(port)
    command = ["openssl", "ciphers", "-s", "-psk", "-V", "-stdname", "-tls1_2", "PSK:AES128-SHA:@SECLEVEL=0"]
    listing = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    expected = {name for name in re.findall(r" - (TLS_\S+) ", listing) if "_SRP_" not in name and "_DSS_" not in name}
    assert look.whole("tls.suites", "TLSv1.2") == expected


def test_every_suite_of_tls_1_3(tmp_path: Path, rsa: pki.Files) -> None:
    every = {*TLS13_OF_OPENSSL, "TLS_AES_128_CCM_SHA256", "TLS_AES_128_CCM_8_SHA256"}
    with s_server(tmp_path, rsa, "-tls1_3", "-ciphersuites", ":".join(sorted(every))) as port:
        assert Look(port).whole("tls.suites", "TLSv1.3") == every


@pytest.mark.parametrize(
    ("version", "groups", "expected"),
    [
        ("-tls1_3", "X25519", {"x25519"}),
        ("-tls1_3", "P-521:X448:ffdhe3072:ffdhe8192", {"secp521r1", "x448", "ffdhe3072", "ffdhe8192"}),
        ("-tls1_2", "P-256:P-384:X25519", {"secp256r1", "secp384r1", "x25519"}),
        ("-tls1_2", "P-521:brainpoolP256r1:secp256k1", {"secp521r1", "brainpoolP256r1", "secp256k1"}),
    ],
)
def test_groups_of_a_server_with_an_rsa_key(
    tmp_path: Path, rsa: pki.Files, version: str, groups: str, expected: set[str]
) -> None:
    with s_server(tmp_path, rsa, version, "-groups", groups) as port:
        assert Look(port).whole("tls.groups") == expected


def test_groups_of_a_server_whose_ecdsa_key_demands_a_curve(tmp_path: Path, ecdsa: pki.Files) -> None:
    """It refuses who does not offer P-256, whatever else is offered."""
    with s_server(tmp_path, ecdsa, "-tls1_2", "-groups", "X25519:P-256:P-384") as port:
        assert Look(port).whole("tls.groups") == {"x25519", "secp256r1", "secp384r1"}


def test_groups_that_an_ecdsa_key_hides_are_not_denied(tmp_path: Path, ecdsa: pki.Files) -> None:
    """With an order of its own, the server takes P-256 before P-384 whenever it is offered, and it must be."""
    with s_server(tmp_path, ecdsa, "-tls1_2", "-groups", "X25519:P-256:P-384", "-serverpref") as port:
        found = Look(port).fact("tls.groups")
    assert found.value == ("x25519", "secp256r1")
    assert not found.complete


@pytest.mark.parametrize(
    ("algorithms", "expected"),
    [
        ("RSA-PSS+SHA256:RSA+SHA384", {"rsa_pss_rsae_sha256", "rsa_pkcs1_sha384"}),
        ("RSA+SHA1:RSA+SHA512", {"rsa_pkcs1_sha1", "rsa_pkcs1_sha512"}),
    ],
)
def test_signature_algorithms(tmp_path: Path, rsa: pki.Files, algorithms: str, expected: set[str]) -> None:
    with s_server(tmp_path, rsa, "-tls1_2", "-sigalgs", algorithms, "-cipher", "ECDHE:@SECLEVEL=0") as port:
        assert Look(port).whole("tls.signature_algorithms") == expected


@pytest.mark.parametrize(
    ("algorithms", "expected"),
    [
        ("RSA-PSS+SHA256:RSA-PSS+SHA512", {"rsa_pss_rsae_sha256", "rsa_pss_rsae_sha512"}),
        ("RSA+SHA256:RSA-PSS+SHA384", {"rsa_pss_rsae_sha384"}),  # TLS 1.3 has no PKCS #1 (RFC 8446, section 4.2.3)
    ],
)
@pytest.mark.parametrize("groups", ["X25519:P-256", "P-256"])
def test_signature_algorithms_behind_encryption(
    tmp_path: Path, rsa: pki.Files, algorithms: str, expected: set[str], groups: str
) -> None:
    with s_server(tmp_path, rsa, "-tls1_3", "-sigalgs", algorithms, "-groups", groups) as port:
        assert Look(port).whole("tls.signature_algorithms") == expected


def test_an_ecdsa_key_signs_by_its_own_curve_alone_in_tls_1_3(tmp_path: Path, ecdsa: pki.Files) -> None:
    with gnutls_serv(tmp_path, ecdsa, "NORMAL:-VERS-ALL:+VERS-TLS1.3") as port:
        assert Look(port).whole("tls.signature_algorithms") == {"ecdsa_secp256r1_sha256"}


def test_alpn_behind_encryption(tmp_path: Path, rsa: pki.Files) -> None:
    with s_server(tmp_path, rsa, "-tls1_3") as port:
        assert Look(port).whole("tls.alpn") == set()
    with s_server(tmp_path, rsa, "-tls1_3", "-alpn", "h2,http/1.1") as port:
        assert Look(port).whole("tls.alpn") == {"h2", "http/1.1"}
    with s_server(tmp_path, rsa, "-tls1_3", "-alpn", "h2") as port:
        assert Look(port).whole("tls.alpn") == {"h2"}


def test_nothing_is_signed_without_an_ephemeral_key(tmp_path: Path, rsa: pki.Files) -> None:
    with s_server(tmp_path, rsa, "-tls1_2", "-cipher", "AES128-SHA:AES256-SHA") as port:
        look = Look(port)
    assert look.absence("tls.signature_algorithms") is Absence.NOT_OFFERED
    assert look.absence("tls.groups") is Absence.NOT_OFFERED


# gnutls-serv

GROUPS_OF_GNUTLS = {"secp256r1", "secp384r1", "secp521r1", "x25519", "x448"} | {
    f"ffdhe{bits}" for bits in (2048, 3072, 4096, 6144, 8192)
}


def gnutls(priority: str, *, newest: str) -> set[str]:
    """IANA names of what GnuTLS lists for a priority string, RSA or anonymous, usable in a version."""
    listing = subprocess.run(
        ["gnutls-cli", "--list", "--priority", priority], check=True, capture_output=True, text=True
    )
    lines = re.findall(r"^TLS_(\w+)\s+0x(..), 0x(..)\s+(\S+)$", listing.stdout, re.MULTILINE)
    assert lines
    modern = newest == "TLS1.3"
    found = {
        int(high + low, 16)
        for name, high, low, since in lines
        if (since == "TLS1.3") is modern and since <= newest and "ECDSA" not in name and "DSS" not in name
    }
    return {suites.name_of(code) for code in found}


@pytest.mark.parametrize("priority", ["NORMAL", "SECURE256", "NORMAL:+ANON-DH:+ANON-ECDH"])
def test_everything_that_gnutls_offers(tmp_path: Path, rsa: pki.Files, priority: str) -> None:
    both = f"{priority}:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.3"
    with gnutls_serv(tmp_path, rsa, both) as port:
        look = Look(port)
    assert look.whole("tls.suites", "TLSv1.2") == gnutls(both, newest="TLS1.2")
    assert look.whole("tls.suites", "TLSv1.3") == gnutls(both, newest="TLS1.3")
    if priority == "NORMAL":
        assert look.whole("tls.groups") == GROUPS_OF_GNUTLS


def test_finite_groups_that_are_negotiated_before_tls_1_3(tmp_path: Path, rsa: pki.Files) -> None:
    """RFC 7919: GnuTLS does, OpenSSL takes the parameters that it is given, whatever their name."""
    with gnutls_serv(tmp_path, rsa, "NORMAL:-VERS-ALL:+VERS-TLS1.2") as port:
        assert Look(port).whole("tls.groups") == GROUPS_OF_GNUTLS
    with s_server(
        tmp_path, rsa, "-tls1_2", "-groups", "P-256", "-dhparam", str(dhparam(tmp_path, "ffdhe2048"))
    ) as port:
        look = Look(port)
    assert look.whole("tls.groups") == {"secp256r1"}
    assert look.whole("tls.dh_primes") == {"ffdhe2048"}


def test_old_versions_of_gnutls(tmp_path: Path, rsa: pki.Files) -> None:
    priority = "LEGACY:+3DES-CBC:+ARCFOUR-128:-VERS-ALL:+VERS-TLS1.0:+VERS-TLS1.1"
    with gnutls_serv(tmp_path, rsa, priority) as port:
        look = Look(port)
    for version in ("TLSv1.0", "TLSv1.1"):
        assert look.whole("tls.suites", version) == gnutls(priority, newest="TLS1.0"), version
    assert {"sweet32", "rc4", "beast", "lucky13"} <= look.vulnerable()


# tlslite-ng


@pytest.mark.parametrize(
    ("version", "name", "weak"),
    [
        ((3, 0), "SSLv3", {"poodle-sslv3", "beast", "rc4", "sweet32"}),
        ((3, 1), "TLSv1.0", {"beast", "lucky13", "rc4", "sweet32"}),
        ((3, 3), "TLSv1.2", {"lucky13", "rc4", "sweet32"}),
    ],
)
def test_suites_that_debian_has_dropped(rsa: pki.Files, version: tuple[int, int], name: str, weak: set[str]) -> None:
    ciphers = ("aes256", "aes128", "3des", "rc4", "null")
    with tlslite_server.running(rsa, version, ciphers) as port:
        look = Look(port)
    expected = {suites.name_of(code) for code in tlslite_server.offered(version, ciphers)}
    assert len(expected) > 5
    assert look.whole("tls.suites", name) == expected
    assert look.vulnerable() - {"dheat"} == weak


def every_subject(items: Iterable[Collected]) -> Mapping[str, set[str]]:
    return {
        name: {
            i.subject or ""
            for i in items
            if isinstance(i, Fact | Absent) and (i.name if isinstance(i, Fact) else i.fact) == name
        }
        for name in tls.facts
    }


def test_every_declared_fact_is_accounted_for(tmp_path: Path, rsa: pki.Files) -> None:
    with nginx.running(tmp_path, nginx.tls(rsa, "ssl_protocols TLSv1.2 TLSv1.3;")) as (port,):
        items = Look(port).items
    covered = {item.fact for item in items if isinstance(item, Covered)}
    assert {name for name, subjects in every_subject(items).items() if not subjects} <= covered
