"""Kemendagri region codes and the three zones of Indonesia.

`data/wilayah.csv` is the union of the code tables of 2015 to 2025 (38 provinces, 540 kabupaten/kota, 7,879
kecamatan; from cahyadsn/wilayah, MIT, Kepmendagri 300.2.2-2430/2025). It is a union because a NIK keeps the
code of its first registration when regions are split. `data/zones.csv` gives each province its zone (Keppres
41/1987).

Zones are fixed offsets, not `zoneinfo.ZoneInfo`: Indonesia has no daylight saving time, and minimal machines
and Windows bring no zone database.
"""

from datetime import timedelta, timezone, tzinfo
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Literal

_DATA = Path(__file__).with_name("data")

ZoneName = Literal["WIB", "WITA", "WIT"]

_ZONES: dict[ZoneName, timezone] = {
    "WIB": timezone(timedelta(hours=7), "WIB"),
    "WITA": timezone(timedelta(hours=8), "WITA"),
    "WIT": timezone(timedelta(hours=9), "WIT"),
}

OLDER_KABUPATEN = frozenset({"1473", "6404", "6405", "6406", "6410", "6473", "7325"})
"""Codes given up before 2015 and still seen in NIKs; their kecamatan are not known."""


class Strength(IntEnum):
    """How far a code is known, as the number of digits found in the table."""

    NONE = 0
    PROVINCE = 2
    KABUPATEN = 4
    KECAMATAN = 6


def name(code: str) -> str | None:
    """Name of a province (2 digits), kabupaten/kota (4) or kecamatan (6); None where the table has none."""
    return _names().get(code)


def exists(code: str) -> bool:
    """Whether the code of 2, 4 or 6 digits is, or once was, given to a region."""
    return code in _names() or code in OLDER_KABUPATEN


def strength(region6: str) -> Strength:
    """How far the first six digits of a personal number are a known region.

    KABUPATEN is given for the older kabupaten codes alone: below a kabupaten whose kecamatan are known, an
    unknown kecamatan makes the whole code unknown (NONE). PROVINCE is never given.
    """
    if len(region6) != 6:
        return Strength.NONE
    if region6 in _names():
        return Strength.KECAMATAN
    return Strength.KABUPATEN if region6[:4] in OLDER_KABUPATEN else Strength.NONE


def zone_name(region: str) -> ZoneName:
    """Zone of a region code of any length by its province; WIB where it is empty or unknown."""
    return _province_zones().get(region[:2], "WIB")


def zone(region: str) -> tzinfo:
    """The zone in which a day of the region begins and ends, as a fixed offset named WIB, WITA or WIT."""
    return _ZONES[zone_name(region)]


@cache
def _names() -> dict[str, str]:
    return dict(_rows("wilayah.csv"))


@cache
def _province_zones() -> dict[str, ZoneName]:
    known: dict[str, ZoneName] = {name: name for name in _ZONES}
    return {province: known[zone] for province, zone in _rows("zones.csv")}


def _rows(file: str) -> list[tuple[str, str]]:
    # Two columns without quoting: splitting is ten times faster than the csv module.
    lines = (_DATA / file).read_text("utf-8").splitlines()[1:]
    return [(left, right) for left, _, right in (line.partition(",") for line in lines)]
