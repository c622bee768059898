"""ClientHellos: each offers one version, fits what servers tolerate, and leaves out no suite that a web server may have."""

import re
import subprocess

import pytest

from checks.tls import hello
from checks.tls.hello import SSL30, TLS10, TLS11, TLS12, TLS13, client_hello

EVERY = (SSL30, TLS10, TLS11, TLS12, TLS13)


def extensions_of(data: bytes) -> dict[int, bytes]:
    """Extensions of a ClientHello record, read by the layout of RFC 8446 section 4.1.2."""
    at = 5 + 4 + 2 + 32
    at += 1 + data[at]
    at += 2 + int.from_bytes(data[at : at + 2])
    at += 1 + data[at]
    found: dict[int, bytes] = {}
    end = at + 2 + int.from_bytes(data[at : at + 2])
    at += 2
    while at < end:
        size = int.from_bytes(data[at + 2 : at + 4])
        found[int.from_bytes(data[at : at + 2])] = data[at + 4 : at + 4 + size]
        at += 4 + size
    assert at == end == len(data)
    return found


@pytest.mark.parametrize("version", EVERY)
@pytest.mark.parametrize("host", ["contoh.go.id", "127.0.0.1", "::1", "a" * 63 + ".go.id"])
def test_lengths_add_up_and_the_troublesome_sizes_are_avoided(version: int, host: str) -> None:
    data = client_hello(version, host)
    assert int.from_bytes(data[3:5]) == len(data) - 5
    assert int.from_bytes(data[6:9]) == len(data) - 9
    assert not 256 <= len(data) - 5 < 512


@pytest.mark.parametrize("version", EVERY)
def test_the_version_stands_where_its_own_servers_look(version: int) -> None:
    data = client_hello(version, "contoh.go.id")
    assert int.from_bytes(data[9:11]) == min(version, TLS12)
    if version == TLS13:
        assert extensions_of(data)[43] == b"\x02\x03\x04"
        assert extensions_of(data)[51] == b"\x00\x00"
    elif version > SSL30:
        assert 43 not in extensions_of(data)


def test_sni_names_the_host_but_never_an_address() -> None:
    assert extensions_of(client_hello(TLS12, "contoh.go.id"))[0] == b"\x00\x0f\x00\x00\x0c" + b"contoh.go.id"
    assert 0 not in extensions_of(client_hello(TLS12, "127.0.0.1"))
    assert 0 not in extensions_of(client_hello(TLS12, "2001:db8::1"))


def test_the_same_question_is_the_same_bytes() -> None:
    assert client_hello(TLS12, "contoh.go.id") == client_hello(TLS12, "contoh.go.id")
    assert client_hello(TLS12, "contoh.go.id") != client_hello(TLS11, "contoh.go.id")


def test_no_suite_twice_and_not_over_128_with_the_scsv() -> None:
    assert len(hello.SUITES_TLS12) == len(set(hello.SUITES_TLS12))
    assert len(hello.SUITES_TLS12) + 1 <= 128


def test_every_certificate_suite_that_openssl_knows_is_offered() -> None:
    """OpenSSL's own list is the second source; PSK and SRP suites are left out on purpose (see hello.py)."""
    listed = subprocess.run(
        ["openssl", "ciphers", "-V", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"], check=True, capture_output=True, text=True
    ).stdout
    suites = re.findall(r"0x(..),0x(..) - (\S+)\s+\S+\s+Kx=(\S+)\s+Au=(\S+)", listed)
    assert len(suites) > 100
    known = {*hello.SUITES_TLS12, *hello.SUITES_TLS13}
    missing = [
        name
        for high, low, name, exchange, authentication in suites
        if int(high + low, 16) not in known
        and not ({exchange, authentication} & {"PSK", "RSAPSK", "DHEPSK", "ECDHEPSK", "SRP"})
    ]
    assert missing == []
