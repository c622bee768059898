import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from auditor import regions


@pytest.mark.parametrize(
    ("code", "name"),
    [("63", "Kalimantan Selatan"), ("6371", "Kota Banjarmasin"), ("110101", "Bakongan"), ("96", "Papua Barat Daya")],
)
def test_names_at_each_level(code: str, name: str) -> None:
    assert regions.name(code) == name
    assert regions.exists(code)


@pytest.mark.parametrize("code", ["", "6", "00", "99", "637", "6399", "637199", "6371011", "63.71", "code"])
def test_unknown_codes_have_no_name(code: str) -> None:
    assert regions.name(code) is None
    assert not regions.exists(code)


def test_the_table_has_the_totals_its_source_states() -> None:
    by_length = {2: 0, 4: 0, 6: 0}
    for code in regions._names():
        by_length[len(code)] += 1
    assert by_length == {2: 38, 4: 540, 6: 7879}


def test_every_code_stands_below_its_parents() -> None:
    for code in regions._names():
        assert code.isdecimal()
        assert regions.exists(code[:2])
        assert len(code) < 6 or regions.name(code[:4]) is not None


def test_older_kabupaten_are_known_at_kabupaten_strength_only() -> None:
    for code in ("6404", "6405", "6406", "6410", "6473", "1473", "7325"):
        assert regions.exists(code)
        assert not regions.exists(code + "01")
        assert regions.strength(code + "01") is regions.Strength.KABUPATEN


def test_strength_of_kecamatan_and_of_nothing() -> None:
    assert regions.strength("637101") is regions.Strength.KECAMATAN
    assert regions.strength("637199") is regions.Strength.NONE
    assert regions.strength("6371") is regions.Strength.NONE


def test_each_province_has_exactly_one_zone() -> None:
    provinces = {code for code in regions._names() if len(code) == 2}
    assert set(regions._province_zones()) == provinces


@pytest.mark.parametrize(
    ("region", "name", "hours"),
    [
        ("31", "WIB", 7),
        ("6171", "WIB", 7),
        ("62", "WIB", 7),
        ("6371", "WITA", 8),
        ("51", "WITA", 8),
        ("64", "WITA", 8),
        ("65", "WITA", 8),
        ("7371", "WITA", 8),
        ("8171", "WIT", 9),
        ("9401", "WIT", 9),
        ("", "WIB", 7),
        ("00", "WIB", 7),
    ],
)
def test_zone_by_province(region: str, name: str, hours: int) -> None:
    assert regions.zone_name(region) == name
    zone = regions.zone(region)
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    assert zone.utcoffset(moment) == timedelta(hours=hours)
    assert zone.tzname(moment) == name


def test_the_table_is_loaded_only_when_asked() -> None:
    code = "from auditor import regions; assert not regions._names.cache_info().currsize"
    subprocess.run([sys.executable, "-c", code], check=True)
