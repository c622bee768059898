"""The certificate of a block page is told from the site's own."""

import pytest

from auditor.model import Absence, Absent, Fact
from checks import certificate
from checks.certificate import replaced
from tests.unit.checks_certificate.chains import collected
from tests.wire import pki


@pytest.mark.parametrize(
    "names",
    [
        ("internetpositif.id",),
        ("*.internetpositif.id", "internetpositif.id"),
        ("lamanlabuh.aduankonten.id",),
        ("trustpositif.kominfo.go.id",),
        ("mercusuar.uzone.id",),
        ("INTERNETPOSITIF.ID",),
    ],
)
def test_names_of_block_pages(names: tuple[str, ...]) -> None:
    site = pki.leaf(pki.authority(), *names)
    assert replaced.by_block_page(pki.HOST, site.chain_der)


def test_common_name_alone_is_enough() -> None:
    site = pki.leaf(pki.authority(), common_name="internetpositif.id")
    assert replaced.by_block_page(pki.HOST, site.chain_der)


@pytest.mark.parametrize(
    ("host", "names"),
    [
        (pki.HOST, (pki.HOST,)),
        (pki.HOST, ("lain.go.id",)),
        (pki.HOST, ("bukaninternetpositif.id",)),
        ("internetpositif.id", ("internetpositif.id",)),
        (pki.HOST, ("trustpositif.komdigi.go.id", pki.HOST)),
    ],
)
def test_other_certificates_and_the_page_itself_are_none(host: str, names: tuple[str, ...]) -> None:
    assert not replaced.by_block_page(host, pki.leaf(pki.authority(), *names).chain_der)


@pytest.mark.parametrize("chain", [(), (b"junk",)])
def test_without_a_readable_leaf_there_is_no_telling(chain: tuple[bytes, ...]) -> None:
    assert not replaced.by_block_page(pki.HOST, chain)


def test_nothing_is_assessed_by_the_certificate_of_a_block_page() -> None:
    items = collected(pki.leaf(pki.authority(), "internetpositif.id").chain_der)
    assert [item.value for item in items if isinstance(item, Fact)] == [True]
    gaps = {item.fact: item.reason for item in items if isinstance(item, Absent)}
    assert gaps == dict.fromkeys(set(certificate.facts) - {"cert.block_page"}, Absence.NOT_ASSESSABLE)
