"""Roots that browsers refuse from a day on."""

from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import pytest

from checks.certificate import distrust
from tests.wire import pki

ENTRUST = ("Entrust, Inc.", "Entrust Root Certification Authority - G2")


def leaf_under(organisation: str, root: str, issued: datetime) -> tuple[str, ...]:
    above = pki.authority("Penerbit", pki.authority(root, organisation=organisation))
    site = pki.leaf(above, pki.HOST, not_before=issued, not_after=issued + 90 * pki.DAY)
    return distrust.distrusting(site.sent)


@pytest.mark.parametrize(
    ("issued", "stores"),
    [
        (datetime(2024, 11, 11, 23, 59, 59, tzinfo=UTC), ()),
        (datetime(2024, 11, 12, tzinfo=UTC), ("chrome",)),
        (datetime(2024, 11, 30, 23, 59, 59, tzinfo=UTC), ("chrome",)),
        (datetime(2024, 12, 1, tzinfo=UTC), ("chrome", "mozilla")),
    ],
)
def test_each_store_by_its_own_day(issued: datetime, stores: tuple[str, ...]) -> None:
    assert leaf_under(*ENTRUST, issued) == stores


@pytest.mark.parametrize(
    ("organisation", "root"),
    [("ISRG", "ISRG Root X1"), ("Palsu", ENTRUST[1]), (ENTRUST[0], "Entrust Root Certification Authority - G9")],
)
def test_other_roots_are_nobodys_concern(organisation: str, root: str) -> None:
    assert leaf_under(organisation, root, datetime(2026, 1, 1, tzinfo=UTC)) == ()


def test_chromes_clock_is_the_earliest_timestamp() -> None:
    early, late = datetime(2024, 11, 1, tzinfo=UTC), datetime(2024, 11, 20, tzinfo=UTC)
    stamps = pki.timestamp_list(pki.timestamp(b"a", late), pki.timestamp(b"b", early))
    root = pki.authority(ENTRUST[1], organisation=ENTRUST[0])
    site = pki.leaf(
        root, pki.HOST, not_before=late, not_after=late + 90 * pki.DAY, further=(pki.embedded_timestamps(stamps),)
    )
    assert distrust.distrusting([site.certificate]) == ()


def test_every_entry_has_a_store_a_clock_a_day_and_a_source() -> None:
    entries = distrust.known()
    assert {entry.store for entry in entries} == {"chrome", "mozilla"}
    assert {entry.clock for entry in entries} == {"timestamp", "not_before"}
    assert all(urlsplit(entry.source).scheme == "https" and urlsplit(entry.source).netloc for entry in entries)
    assert all(date(2015, 1, 1) < entry.until.date() < date(2026, 1, 1) for entry in entries)
    assert len({(entry.store, entry.organisation, entry.name) for entry in entries}) == len(entries)
