"""Addresses that may be contacted, and those that only the operator may name."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net.guard import admit, is_public, named_by_operator

# IANA special-purpose registries (RFC 6890 and successors), multicast (RFC 5771, RFC 4291).
NOT_PUBLIC = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.254", "127.0.0.1", "127.255.255.254", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:10.0.0.1", "::7f00:1", "fe80::1", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "ff0e::1",
    "2001:db8::1", "2001::1", "2002:7f00:1::", "2002:c0a8:101::1", "64:ff9b::10.0.0.1", "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1", "100::1", "4000::1", "::ffff:0:127.0.0.1",
]  # fmt: skip
PUBLIC = [
    "1.1.1.1",
    "103.10.10.10",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700::1111",
    "2001:4860:4860::8888",
    "64:ff9b::1.1.1.1",
]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_special_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_others_are(address: str) -> None:
    assert is_public(address)


@given(st.sampled_from([a for a in NOT_PUBLIC if ":" not in a]), st.integers(0, 2**64 - 1))
def test_no_wrapping_makes_an_address_public(address: str, rest: int) -> None:
    inner = int(IPv4Address(address))
    for wrapped in (0xFFFF << 32 | inner, 0x2002 << 112 | inner << 80 | rest, 0x64FF9B << 96 | inner, inner):
        assert not is_public(str(IPv6Address(wrapped)))


def test_of_mixed_addresses_only_the_public_ones_are_admitted() -> None:
    assert admit("contoh.go.id", ["10.0.0.1", "1.1.1.1", "::1"]) == ("1.1.1.1",)


def test_a_name_with_none_is_refused_with_the_way_to_allow_it() -> None:
    with pytest.raises(Unobserved, match="--connect") as caught:
        admit("contoh.go.id", ["127.0.0.1"])
    assert caught.value.reason is Absence.NOT_AUTHORISED


@pytest.mark.parametrize(
    ("host", "named"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost", True),
        ("2130706433", False),
        ("127.1", False),
        ("contoh.go.id", False),
    ],
)
def test_only_what_can_mean_one_address_names_it(host: str, *, named: bool) -> None:
    assert named_by_operator(host) is named
