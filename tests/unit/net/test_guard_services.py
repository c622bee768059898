"""Where a site may send us to: to no place less public than its own."""

import pytest

from auditor.errors import Unobserved
from auditor.net.guard import admit_service

PUBLIC, PRIVATE, LOOPBACK = "1.1.1.1", "10.0.0.9", "127.0.0.1"


@pytest.mark.parametrize(
    ("asker", "service"),
    [
        (PUBLIC, "8.8.8.8"),
        (PRIVATE, "8.8.8.8"),
        (PRIVATE, "192.168.1.1"),
        (PRIVATE, "fd00::1"),
        (LOOPBACK, "8.8.8.8"),
        (LOOPBACK, PRIVATE),
        (LOOPBACK, "127.0.0.2"),
        ("::1", "::ffff:127.0.0.1"),
    ],
)
def test_services_no_less_public_than_the_site(asker: str, service: str) -> None:
    assert admit_service("ocsp.contoh.go.id", [service], [asker]) == (service,)


@pytest.mark.parametrize(
    ("asker", "service"),
    [
        (PUBLIC, PRIVATE),
        (PUBLIC, LOOPBACK),
        (PUBLIC, "::ffff:10.0.0.1"),
        (PUBLIC, "64:ff9b::a00:1"),
        (PRIVATE, LOOPBACK),
        (PRIVATE, "::1"),
        (LOOPBACK, "169.254.169.254"),
        (LOOPBACK, "0.0.0.0"),
        (LOOPBACK, "224.0.0.1"),
        (LOOPBACK, "fe80::1"),
    ],
)
def test_services_in_a_less_public_place(asker: str, service: str) -> None:
    with pytest.raises(Unobserved, match="not_authorised"):
        admit_service("ocsp.contoh.go.id", [service], [asker])


def test_a_site_with_a_public_address_is_public() -> None:
    with pytest.raises(Unobserved):
        admit_service("ocsp.contoh.go.id", [PRIVATE], [PRIVATE, PUBLIC])
