"""The table of suites against two libraries' own, and how suites are dealt out."""

import re
import subprocess

import pytest

from checks.tls import hello, suites
from checks.tls.hello import SSL30, TLS10, TLS11, TLS12, TLS13


def test_names_are_those_that_openssl_has_for_the_codes() -> None:
    command = ["openssl", "ciphers", "-V", "-stdname", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"]
    listing = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    listed = {int(high + low, 16): name for high, low, name in re.findall(r"0x(..),0x(..) - (\S+) ", listing)}
    assert len(listed) > 150
    assert {code: suites.name_of(code) for code in listed} == listed


def test_names_are_those_that_gnutls_has_for_the_codes() -> None:
    def spelt(name: str) -> str:
        """As GnuTLS spells it: without WITH, hashes with their size, RC4 by its former name."""
        name = name.replace("_WITH_", "_").replace("RC4", "ARCFOUR").replace("PSK_DHE_", "DHE_PSK_").upper()
        return re.sub(r"_SHA$", "_SHA1", re.sub(r"(?<!^TLS_CHACHA20)_POLY1305_SHA256$", "_POLY1305", name))

    listing = subprocess.run(["gnutls-cli", "--list"], check=True, capture_output=True, text=True).stdout
    listed = {
        int(h + low, 16): n.upper() for n, h, low in re.findall(r"^(TLS_\S+)\s+0x(..), 0x(..)", listing, re.MULTILINE)
    }
    assert len(listed) > 150
    assert {code: spelt(suites.name_of(code)) for code in listed} == listed


def test_first_versions_are_those_that_openssl_tells() -> None:
    since = {"SSLv3": SSL30, "TLSv1": SSL30, "TLSv1.2": TLS12, "TLSv1.3": TLS13}
    command = ["openssl", "ciphers", "-V", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"]
    listing = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    listed = re.findall(r"0x(..),0x(..) - \S+ +(\S+) +Kx", listing)
    assert {int(h + low, 16): suites.known()[int(h + low, 16)].version for h, low, _ in listed} == {
        int(h + low, 16): since[version] for h, low, version in listed
    }


@pytest.mark.parametrize(
    ("name", "traits"),
    [
        ("TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5", "cbc export short_blocks"),
        ("TLS_RSA_WITH_3DES_EDE_CBC_SHA", "cbc short_blocks"),
        ("TLS_RSA_WITH_RC4_128_SHA", ""),
        ("TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA", "cbc export short_blocks signed dh"),
        ("TLS_DH_anon_WITH_AES_128_GCM_SHA256", "dh"),
        ("TLS_DH_RSA_WITH_AES_128_CBC_SHA", "cbc"),
        ("TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA", "cbc"),
        ("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "signed ecdh"),
        ("TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256", "cbc hinted ecdh"),
        ("TLS_PSK_DHE_WITH_AES_128_CCM_8", "hinted dh"),
        ("TLS_RSA_WITH_IDEA_CBC_SHA", "cbc short_blocks"),
        ("TLS_AES_128_GCM_SHA256", ""),
    ],
)
def test_what_a_suite_consists_of(name: str, traits: str) -> None:
    (suite,) = (each for each in suites.known().values() if each.name == name)
    flags = {trait for trait in ("cbc", "export", "short_blocks", "signed", "hinted") if getattr(suite, trait)}
    assert flags | ({suite.ephemeral} if suite.ephemeral else set()) == set(traits.split())


@pytest.mark.parametrize("version", [SSL30, TLS10, TLS11, TLS12, TLS13])
@pytest.mark.parametrize("shares", [1, 3, 5])
def test_shares_hold_every_suite_of_the_version_once(version: int, shares: int) -> None:
    dealt = [code for share in suites.offered(version, shares) for code in share]
    wanted = {
        c for c, s in suites.known().items() if (s.version == TLS13) is (version == TLS13) and s.version <= version
    }
    assert sorted(dealt) == sorted(wanted)


def test_no_hello_holds_more_than_128_suites() -> None:
    """Some servers cannot take more; the usual ones and the renegotiation value are within that already."""
    assert max(len(share) for share in suites.offered(TLS12, 5)) < 128
    assert max(len(share) for share in suites.offered(TLS11, 3)) < 128
    assert set(hello.SUITES_TLS12) <= set(suites.known())
