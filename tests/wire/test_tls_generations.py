"""Servers with libraries of 2013 and of today: everything that OpenSSL 1.0.1e has, and the hybrids of 3.5."""

from functools import cache
from pathlib import Path

import pytest

from auditor.model import Collected, Endpoint, Fact, Level, Target
from auditor.net import Limits, Neighbours, Network
from checks import tls
from tests.wire import java_server, node, pki


@cache
def identity() -> pki.Identity:
    return pki.leaf(pki.authority(key="rsa-2048"), pki.HOST, key="rsa-2048")


@pytest.fixture
def rsa(tmp_path: Path) -> pki.Files:
    return identity().write(tmp_path, "rsa")


def look(port: int, level: Level = Level.ACTIVE) -> dict[tuple[str, str], Fact]:
    target = Target("https", pki.HOST, 443, level=level, connect=Endpoint("127.0.0.1", port))
    with Network(target, neighbours=Neighbours(), limits=Limits(exchange=10.0)) as net:
        items: list[Collected] = list(tls.collect(target, net))
    return {(item.name, item.subject): item for item in items if isinstance(item, Fact)}


def whole(seen: dict[tuple[str, str], Fact], name: str, subject: str = "") -> set[str]:
    found = seen[name, subject]
    assert found.complete
    assert isinstance(found.value, tuple)
    return set(found.value)


# ciphers(1) of OpenSSL 1.0.1, "SSL v2.0 cipher suites", and the suites with RSA key exchange of "SSL v3.0", "AES",
# "Camellia", "SEED" and "TLS v1.2 cipher suites"; those for export need a temporary key, which Node.js never makes.
SSLV2 = {
    "SSL_CK_RC4_128_WITH_MD5",
    "SSL_CK_RC4_128_EXPORT40_WITH_MD5",
    "SSL_CK_RC2_128_CBC_WITH_MD5",
    "SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5",
    "SSL_CK_IDEA_128_CBC_WITH_MD5",
    "SSL_CK_DES_64_CBC_WITH_MD5",
    "SSL_CK_DES_192_EDE3_CBC_WITH_MD5",
}
SSLV3 = {
    f"TLS_RSA_WITH_{cipher}"
    for cipher in [
        "NULL_MD5",
        "NULL_SHA",
        "RC4_128_MD5",
        "RC4_128_SHA",
        "IDEA_CBC_SHA",
        "DES_CBC_SHA",
        "3DES_EDE_CBC_SHA",
        "AES_128_CBC_SHA",
        "AES_256_CBC_SHA",
        "CAMELLIA_128_CBC_SHA",
        "CAMELLIA_256_CBC_SHA",
        "SEED_CBC_SHA",
    ]
}
TLSV12 = SSLV3 | {
    f"TLS_RSA_WITH_{cipher}"
    for cipher in (
        ["NULL_SHA256", "AES_128_CBC_SHA256", "AES_256_CBC_SHA256", "AES_128_GCM_SHA256", "AES_256_GCM_SHA384"]
    )
}


def test_everything_that_openssl_1_0_1_has(tmp_path: Path, rsa: pki.Files) -> None:
    everything = {"ciphers": "ALL:COMPLEMENTOFALL", "secureProtocol": "SSLv23_method"}
    with node.running(tmp_path, node.OLD, rsa, **everything) as port:
        seen = look(port)
    assert whole(seen, "tls.versions") == {"SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2"}
    assert whole(seen, "tls.suites", "SSLv2") == SSLV2
    for version in ("SSLv3", "TLSv1.0", "TLSv1.1"):
        assert whole(seen, "tls.suites", version) == SSLV3, version
    assert whole(seen, "tls.suites", "TLSv1.2") == TLSV12
    open_to = {subject for (name, subject), fact in seen.items() if name == "tls.vulnerable" and fact.value}
    assert open_to == {"ccs", "drown", "poodle-sslv3", "beast", "lucky13", "rc4", "sweet32"}
    assert seen["tls.vulnerable", "heartbleed"].value is False  # built without heartbeats


@pytest.mark.parametrize(
    ("curves", "expected"),
    [
        (
            "X25519MLKEM768:SecP256r1MLKEM768:SecP384r1MLKEM1024:X25519",
            {"X25519MLKEM768", "SecP256r1MLKEM768", "SecP384r1MLKEM1024", "x25519"},
        ),
        ("SecP384r1MLKEM1024", {"SecP384r1MLKEM1024"}),
        ("ffdhe2048:X448:P-256", {"ffdhe2048", "x448", "secp256r1"}),
    ],
)
def test_hybrids_of_openssl_3_5(tmp_path: Path, rsa: pki.Files, curves: str, expected: set[str]) -> None:
    options = {"ecdhCurve": curves, "minVersion": "TLSv1.3"}
    with node.running(tmp_path, node.NEW, rsa, **options) as port:
        seen = look(port, Level.STANDARD)
    assert whole(seen, "tls.versions") == {"TLSv1.3"}
    assert whole(seen, "tls.groups") == expected


def test_openssl_3_5_is_open_to_nothing_that_is_probed(tmp_path: Path, rsa: pki.Files) -> None:
    ciphers = {"ciphers": "ECDHE-RSA-AES128-GCM-SHA256:AES256-SHA:TLS_AES_128_GCM_SHA256"}
    with node.running(tmp_path, node.NEW, rsa, **ciphers) as port:
        seen = look(port)
    suites = {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_256_CBC_SHA"}
    assert whole(seen, "tls.suites", "TLSv1.2") == suites
    assert whole(seen, "tls.suites", "TLSv1.3") == {"TLS_AES_128_GCM_SHA256"}
    probed = {name: seen["tls.vulnerable", name].value for name in tls.probes.VULNERABILITIES if name != "opossum"}
    assert set(probed.values()) == {False}


@pytest.mark.parametrize("protocols", ["TLSv1.2,TLSv1.3", "TLSv1.2"])
def test_everything_that_java_has(tmp_path: Path, rsa: pki.Files, protocols: str) -> None:
    with java_server.running(tmp_path, rsa, protocols) as (port, enabled):
        seen = look(port, Level.STANDARD)
    versions = protocols.split(",")
    assert whole(seen, "tls.versions") == set(versions)
    # Of what it enables, the rest needs other keys than RSA, or is a signal.
    fitting = {name for name in enabled if not {"ECDSA", "ECDH", "DSS", "EMPTY"} & set(name.split("_"))}
    found = {name for version in versions for name in whole(seen, "tls.suites", version)}
    assert found == {name for name in fitting if "WITH" in name or "TLSv1.3" in versions}
    finite = {f"ffdhe{bits}" for bits in (2048, 3072, 4096, 6144, 8192)}
    assert whole(seen, "tls.groups") == {"x25519", "secp256r1", "secp384r1", "secp521r1", "x448"} | finite
    assert seen["tls.session_id_resumed", "TLSv1.2"].value is True
