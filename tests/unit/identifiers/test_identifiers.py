from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import identifiers, regions
from auditor.identifiers import Kind
from tests.unit.identifiers.synthetic import niks


@given(niks())
def test_every_nik_of_the_region_table_is_one(nik: str) -> None:
    parsed = identifiers.parse_nik(nik)
    assert parsed is not None
    assert (parsed.kind, parsed.value, parsed.region) == (Kind.NIK, nik, nik[:6])
    assert parsed.strength is regions.Strength.KECAMATAN


def test_both_sexes_have_every_day_of_a_hundred_years_and_no_other() -> None:
    # 36,525 days twice, as LEAKS section 3 measured.
    valid = sum(
        identifiers.parse_nik(f"637101{day:02}{month:02}{year:02}9001") is not None
        for day in range(100)
        for month in range(14)
        for year in range(100)
    )
    assert valid == 73_050


@pytest.mark.parametrize(
    ("digits", "why"),
    [
        ("6371010112909000"[:15], "15 digits"),
        ("63710101129090012", "17 digits"),
        ("6371010112900000", "serial 0000"),
        ("6399010112909001", "no such kabupaten"),
        ("6371990112909001", "no such kecamatan"),
        ("6371013112909001"[:6] + "310490" + "9001", "31 April"),
        ("6371010013909001", "day 00, month 13"),
        ("6371012902010001"[:6] + "290201" + "9001", "29 February of no leap year"),
        ("637101720190" + "9001", "day 72"),
        ("637101٠١٠١٩٠9001", "digits of another script"),
        ("637101 011290 9001", "separators"),
        ("", "nothing"),
    ],
)
def test_what_is_no_nik(digits: str, why: str) -> None:
    assert identifiers.parse_nik(digits) is None, why


def test_an_older_kabupaten_is_known_at_kabupaten_strength() -> None:
    parsed = identifiers.parse_nik("6473010112909001")
    assert parsed is not None
    assert parsed.strength is regions.Strength.KABUPATEN


def test_a_leap_day_is_a_birthday() -> None:
    assert identifiers.parse_nik("6371012902009001")
    assert identifiers.parse_nik("6371016902009001")


def test_a_kk_never_adds_forty_to_the_day() -> None:
    assert identifiers.parse_kk("6371010112159001")
    assert identifiers.parse_kk("6371014112159001") is None
    assert identifiers.parse_nik("6371014112159001")


@pytest.mark.parametrize("number", ["092542943407000", "013121660091000"])
def test_published_npwp_have_their_luhn_digit(number: str) -> None:
    assert identifiers.parse_npwp(number)
    assert identifiers.parse_npwp(f"0{number}") == identifiers.parse_npwp(number)
    for other in range(1, 10):
        wrong = f"{number[:8]}{(int(number[8]) + other) % 10}{number[9:]}"
        assert identifiers.parse_npwp(wrong) is None


def test_the_npwp_of_a_body_is_not_personal() -> None:
    body, person = identifiers.parse_npwp("013121660091000"), identifiers.parse_npwp("092542943407000")
    assert body is not None
    assert person is not None
    assert (body.personal, person.personal) == (False, True)


def test_the_npwp_of_a_person_may_be_the_nik() -> None:
    parsed = identifiers.parse_npwp("6371010112909001")
    assert parsed is not None
    assert (parsed.kind, parsed.region, parsed.personal) == (Kind.NPWP, "637101", True)
    assert identifiers.parse_npwp("000000000000000") is None
    assert identifiers.parse_npwp("6399010112909001") is None


@pytest.mark.parametrize(
    ("digits", "valid"),
    [
        ("199001122015011901", True),
        ("199001122015212901", True),  # PPPK: 21 in the place of the month
        ("199001122015131901", False),
        ("199002302015011901", False),
        ("199001122015013901", False),  # sex 3
        ("199001122015011000", False),
        ("199001122005011901", False),  # appointed at 15
        ("199001122006011901", True),  # at 16
        ("195001122010011901", True),  # at 60
        ("195001122010021901", False),  # a month later
        ("19900112201501190", False),
    ],
)
def test_nip_is_judged_by_its_dates(digits: str, *, valid: bool) -> None:
    assert (identifiers.parse_nip(digits) is not None) == valid


@pytest.mark.parametrize("written", ["081200001234", "6281200001234"])
def test_one_phone_has_one_value_however_it_is_written(written: str) -> None:
    parsed = identifiers.parse_phone(written)
    assert parsed is not None
    assert parsed.value == "6281200001234"


@pytest.mark.parametrize("written", ["0812000012", "0812000012345", "0899000012345", "0877000012345", "0838000012"])
def test_mobile_numbers_have_ten_to_thirteen_digits(written: str) -> None:
    assert identifiers.parse_phone(written)


@pytest.mark.parametrize("written", ["081200001", "08120000123456", "081000001234", "0511123456", "12081200001234"])
def test_what_is_no_mobile_number(written: str) -> None:
    assert identifiers.parse_phone(written) is None


def test_numbers_of_weak_structure_need_a_label() -> None:
    weak = [
        identifiers.parse_nuptk("1234567890123456"),
        identifiers.parse_bpjs("0001234567890"),
        identifiers.parse_passport("A1234567"),
        identifiers.parse_passport("AB123456"),
    ]
    assert all(parsed is not None and parsed.label_needed for parsed in weak)
    assert identifiers.parse_bpjs("1001234567890") is None
    assert identifiers.parse_nuptk("123456789012345") is None
    assert identifiers.parse_passport("A123456") is None


def test_the_machine_readable_zone_of_icao_doc_9303() -> None:
    specimen = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
    parsed = identifiers.parse_mrz(specimen)
    assert parsed is not None
    assert parsed.value == "L898902C3"
    assert not parsed.label_needed
    for place in (0, 9, 13, 19, 27, 43):
        wrong = specimen[:place] + ("5" if specimen[place] != "5" else "6") + specimen[place + 1 :]
        assert identifiers.parse_mrz(wrong) is None


@pytest.mark.parametrize(
    ("digits", "valid"), [("79927398713", True), ("79927398710", False), ("4111111111111111", True)]
)
def test_luhn(digits: str, *, valid: bool) -> None:
    assert identifiers.luhn(digits) == valid


@given(st.text(alphabet="0123456789", max_size=20))
def test_arbitrary_digits_are_judged_without_error(digits: str) -> None:
    for parse in (
        identifiers.parse_nik, identifiers.parse_kk, identifiers.parse_npwp, identifiers.parse_nip,
        identifiers.parse_nuptk, identifiers.parse_bpjs, identifiers.parse_passport, identifiers.parse_phone,
    ):  # fmt: skip
        parsed = parse(digits)
        assert parsed is None or digits[1:] in parsed.value or parsed.kind in (Kind.NPWP, Kind.PHONE)


def test_the_value_stays_out_of_repr() -> None:
    assert "0112909001" not in repr(identifiers.parse_nik("6371010112909001"))


@pytest.mark.parametrize("text", ["{}", "?nik={}&x", "NIK: {}.", "<td>{}</td>", '"{}"', "({})", "{}, nama", "{}. Nama"])
def test_a_number_that_stands_alone_is_found(text: str) -> None:
    nik = "6371010112909001"
    assert [match[0] for match in identifiers.bounded(text.format(nik), 16)] == [nik]


@pytest.mark.parametrize(
    "text",
    [
        "1{}",
        "{}1",
        "a{}",
        "{}a",
        "0.{}",
        "{}.5",
        "v-{}",
        "/{}",
        "#{}",
        "&#{};",
        "+{}",
        "{}%",
        "%{}",
        "{}-1",
        "{},5",
        "${}",
    ],
)
def test_a_number_inside_something_longer_is_not(text: str) -> None:
    assert not list(identifiers.bounded(text.format("6371010112909001"), 16))


def test_documented_samples_are_known() -> None:
    assert identifiers.is_sample("3171011708450001")
    assert identifiers.is_sample("1101010101900001")
    assert not identifiers.is_sample("6371010112909001")


@given(st.dates(date(1901, 1, 1), date(1999, 12, 31)))
def test_every_day_of_the_last_century_is_a_birthday(born: date) -> None:
    assert identifiers.parse_nik(f"637101{born:%d%m%y}9001")
