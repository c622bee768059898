"""Strength of suites, against `openssl ciphers -V` and by hand."""

import re
import subprocess

import pytest

from auditor.errors import Unobserved
from auditor.model import Absence, Absent
from checks.tls import strength, suites
from checks.tls.answers import Seen
from checks.tls.hello import TLS12
from checks.tls.portrait import Offering

BY_NAME = {suite.name: suite for suite in suites.known().values()}


def listed() -> list[tuple[str, str, str, int, str]]:
    """Name, key exchange, authentication, bits and MAC of every suite of OpenSSL."""
    command = ["openssl", "ciphers", "-V", "-stdname", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"]
    listing = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.findall(r" - (TLS_\S+) +- .*Kx=(\S+) +Au=(\S+) +Enc=(\S+) +Mac=(\S+)", listing)
    assert len(found) > 100
    return [
        (name, kx, au, int((re.search(r"\((\d+)\)", enc) or ["", "0"])[1]), mac) for name, kx, au, enc, mac in found
    ]


def test_sizes_are_those_of_openssl() -> None:
    for name, _, _, size, _ in listed():
        assert strength.bits(BY_NAME[name]) == (112 if "3DES" in name else size), name


def test_exchanges_and_modes_are_those_of_openssl() -> None:
    for name, exchange, authentication, _, mac in listed():
        suite = BY_NAME[name]
        assert strength.aead(suite) == (mac == "AEAD"), name
        assert strength.anonymous(suite) == (authentication == "None" and "SRP" not in name), name
        assert strength.forward_secret(suite) == (exchange in {"any", "DH", "ECDH", "DHEPSK", "ECDHEPSK"}), name


def test_every_suite_has_a_size() -> None:
    assert [suite.name for suite in suites.known().values() if strength.bits(suite) is None] == []


def stated(*codes: int, gap: Unobserved | None = None) -> dict[str, object]:
    found = strength.stated(Offering("TLSv1.2", TLS12, Seen(codes, gap)))
    return {
        item.fact if isinstance(item, Absent) else item.name: item.reason if isinstance(item, Absent) else item.value
        for item in found
    }


def test_of_several_suites() -> None:
    assert stated(0xC030, 0x000A) == {
        "tls.anonymous": False, "tls.forward_secrecy": True, "tls.aead": True, "tls.forward_secrecy_only": False,
        "tls.cipher_bits_least": 112, "tls.cipher_bits_most": 256,
    }  # fmt: skip


def test_what_was_seen_in_part_proves_only_what_is_there() -> None:
    gap = Unobserved(Absence.TIMEOUT)
    assert stated(0xC030, gap=gap) == {
        "tls.anonymous": gap.reason, "tls.forward_secrecy": True, "tls.aead": True,
        "tls.forward_secrecy_only": gap.reason, "tls.cipher_bits_least": gap.reason, "tls.cipher_bits_most": gap.reason,
    }  # fmt: skip


@pytest.mark.parametrize("codes", [(), (0xFEED,)])
def test_unknown_suites_prove_nothing(codes: tuple[int, ...]) -> None:
    assert set(stated(*codes).values()) == {Absence.NOT_ASSESSABLE}
