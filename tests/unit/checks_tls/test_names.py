"""Host names and certificates, by RFC 9525."""

import pytest

from checks.certificate import names
from tests.wire import pki


def speaks(host: str, *sans: str, common_name: str = "") -> bool:
    certificate = pki.leaf(pki.authority(), *sans, common_name=common_name).certificate
    return names.matches(host, certificate)


@pytest.mark.parametrize(
    ("host", "sans"),
    [
        ("contoh.go.id", ("contoh.go.id",)),
        ("contoh.go.id", ("CONTOH.Go.ID",)),
        ("contoh.go.id", ("lain.go.id", "contoh.go.id")),
        ("www.contoh.go.id", ("*.contoh.go.id",)),
        ("xn--bcher-kva.go.id", ("*.go.id",)),
        ("192.0.2.7", ("192.0.2.7",)),
        ("2001:db8::1", ("2001:db8:0:0::1",)),
    ],
)
def test_certificate_speaks_for_the_host(host: str, sans: tuple[str, ...]) -> None:
    assert speaks(host, *sans)


@pytest.mark.parametrize(
    ("host", "sans"),
    [
        ("contoh.go.id", ("lain.go.id",)),
        ("contoh.go.id", ("www.contoh.go.id",)),
        ("www.contoh.go.id", ("contoh.go.id",)),
        ("contoh.go.id", ("*.contoh.go.id",)),  # the wildcard is one whole label, not none
        ("a.b.contoh.go.id", ("*.contoh.go.id",)),  # and not two
        ("www.contoh.go.id", ("w*.contoh.go.id",)),  # and not a part of one
        ("www.contoh.go.id", ("www.*.go.id",)),  # and left-most only
        ("id", ("*",)),
        ("contoh.go.id.jahat.com", ("contoh.go.id",)),
        ("contohxgo.id", ("contoh.go.id",)),
        ("192.0.2.7", ("192.0.2.8",)),
        ("192.0.2.7", ("*.0.2.7",)),
        ("contoh.go.id", ()),
    ],
)
def test_certificate_does_not_speak_for_the_host(host: str, sans: tuple[str, ...]) -> None:
    assert not speaks(host, *sans)


def test_common_name_is_never_looked_at() -> None:
    assert not speaks("contoh.go.id", common_name="contoh.go.id")
    assert not speaks("contoh.go.id", "lain.go.id", common_name="contoh.go.id")


def test_address_written_as_dns_name_is_no_address() -> None:
    certificate = pki.leaf(pki.authority(), dns_names=("192.0.2.7",)).certificate
    assert names.presented(certificate) == ("192.0.2.7",)
    assert not names.matches("192.0.2.7", certificate)
