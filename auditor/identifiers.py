"""Indonesian personal numbers, by structure alone: pure functions over the region table.

Each `parse_*` takes the bare number, separators removed, and answers whether it *can be* such a number. Kinds
whose structure proves little carry `label_needed`: they count only beside a label that names them. Marks behind
sources: [S] read in the source, [R] from memory, to be verified before it reaches a legal text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from auditor import regions


class Kind(StrEnum):
    """Personal data by kind; the `<type>` of the facts `leak.<type>.count`."""

    NIK = "nik"
    KK = "kk"
    NPWP = "npwp"
    NIP = "nip"
    NUPTK = "nuptk"
    BPJS = "bpjs"
    PASSPORT = "passport"
    PHONE = "phone"
    EMAIL = "email"
    BANK_ACCOUNT = "bank_account"
    HEALTH = "health"
    """A disease or condition beside a person."""
    BIRTH_DATE = "birth_date"


@dataclass(frozen=True, slots=True)
class Parsed:
    """A structurally valid number. The value stays out of `repr`, so out of tracebacks and logs."""

    kind: Kind
    value: str = field(repr=False)
    """Normalised: equal numbers written differently have equal values."""
    region: str = ""
    """First six digits of a NIK or KK: region of first registration."""
    strength: regions.Strength = regions.Strength.NONE
    """How far `region` is known; NONE for kinds without one."""
    personal: bool = True
    """False for the NPWP of a treasurer or body."""
    label_needed: bool = False


# Not inside a longer number, decimal, version, hash, path or entity; `=` before is allowed, for `?nik=`. Measured
# over 380 MB of JavaScript: 9 structurally valid NIKs inside longer words, none with these bounds.
_BEFORE = r"(?<![\w.,\-+#/%&$])"
_AFTER = r"(?![\w%]|[.,\-][0-9])"
_BOUNDED = {length: re.compile(f"{_BEFORE}[0-9]{{{length}}}{_AFTER}", re.ASCII) for length in (13, 15, 16, 18)}

_SAMPLES = ("317101170845", "1101010101900001")

_PHONE = re.compile(r"(?:62|0)(8[0-9]{8,11})")
# Allocations of mobile operators [R].
_OPERATORS = re.compile(r"81[1-9]|82[1238]|83[1238]|85[1235-9]|87[789]|88[1-9]|89[5-9]")
_PASSPORT = re.compile(r"[A-Z][0-9]{7}|[A-Z]{2}[0-9]{6,7}")
_MRZ = re.compile(
    r"([A-Z0-9<]{9})([0-9])([A-Z<]{3})([0-9]{6})([0-9])[MFX<]([0-9]{6})([0-9])([A-Z0-9<]{14})([0-9<])([0-9])"
)
_MRZ_VALUES = {c: i for i, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")} | {"<": 0}


def bounded(text: str, length: int) -> Iterator[re.Match[str]]:
    """Digit runs of exactly 13, 15, 16 or 18 that stand alone in `text`, as a leak detector should see them.

    For finding, where precision counts. Masking (`auditor.mask`) looks everywhere instead.
    """
    return _BOUNDED[length].finditer(text)


def is_sample(nik: str) -> bool:
    """Whether the NIK is one that public documentation uses as its example."""
    return nik.startswith(_SAMPLES)


def parse_nik(digits: str) -> Parsed | None:
    """NIK, 16 digits: region of first registration, DDMMYY of birth (women DD + 40), serial from 0001.

    No check digit exists; one in 1,738 random numbers passes. UU 23/2006 art. 13 [S].
    """
    return _registered(Kind.NIK, digits, women=True)


def parse_kk(digits: str) -> Parsed | None:
    """KK, 16 digits: region, DDMMYY of recording (never + 40), serial. Weak source.

    Has the structure of a man's NIK: only a label tells them apart.
    """
    return _registered(Kind.KK, digits, women=False)


def parse_npwp(digits: str) -> Parsed | None:
    """NPWP of 15 digits, or of 16: 0 + NPWP15, or for persons the NIK (PMK 112/2022 [S]).

    The ninth digit of the 15 is the Luhn digit of the first eight [S, M]. Prefixes 00 (treasurer) and 01-03
    (bodies) are not personal.
    """
    if not _is_number(digits, 15, 16):
        return None
    if len(digits) == 16 and digits[0] != "0":
        nik = parse_nik(digits)
        return nik and Parsed(Kind.NPWP, digits, nik.region, nik.strength)
    number = digits[-15:]
    if not luhn(number[:9]) or not int(number[:9]):
        return None
    return Parsed(Kind.NPWP, number, personal=number[:2] > "03")


def parse_nip(digits: str) -> Parsed | None:
    """NIP of a civil servant, 18 digits: birth YYYYMMDD, appointment YYYYMM, sex 1 or 2, serial.

    PPPK carry 21 in the place of the month [R]. Appointment is at 16 to 60 years of age. Perka BKN 22/2007 [S].
    """
    if not _is_number(digits, 18) or digits[14] not in "12" or digits[15:] == "000":
        return None
    year, month = int(digits[8:12]), digits[12:14]
    born = _real_date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    if born is None or not ("01" <= month <= "12" or month == "21"):
        return None
    age = year - born.year if month == "21" else (year * 12 + int(month) - born.year * 12 - born.month) / 12
    return Parsed(Kind.NIP, digits) if 16 <= age <= 60 else None


def parse_nuptk(digits: str) -> Parsed | None:
    """NUPTK of a teacher, 16 digits; its rule is not published, so any 16 digits may be one [R]."""
    return Parsed(Kind.NUPTK, digits, label_needed=True) if _is_number(digits, 16) else None


def parse_bpjs(digits: str) -> Parsed | None:
    """BPJS Kesehatan card, 13 digits beginning 000 in practice. Weak source."""
    if not _is_number(digits, 13) or not digits.startswith("000"):
        return None
    return Parsed(Kind.BPJS, digits, label_needed=True)


def parse_passport(text: str) -> Parsed | None:
    """Passport number: one letter and 7 digits, or two letters and 6 or 7 (older ones) [R]."""
    number = text.upper()
    return Parsed(Kind.PASSPORT, number, label_needed=True) if _PASSPORT.fullmatch(number) else None


def parse_mrz(line: str) -> Parsed | None:
    """Second line of a passport's machine-readable zone, 44 characters, all check digits right.

    ICAO Doc 9303 part 4, section 4.2.2 and part 3, section 4.9: weights 7, 3, 1, modulo 10.
    """
    match = _MRZ.fullmatch(line)
    if match is None:
        return None
    number, number_check, _, born, born_check, ends, ends_check, extra, extra_check, whole = match.groups()
    parts = (number + number_check, born + born_check, ends + ends_check, extra + extra_check)
    checked = ((part[:-1], part[-1]) for part in parts)
    # An empty optional field may leave its check digit as filler.
    if not all(_mrz_digit(part) == _MRZ_VALUES[check] for part, check in checked):
        return None
    if _mrz_digit("".join(parts)) != int(whole):
        return None
    return Parsed(Kind.PASSPORT, number.rstrip("<"))


def parse_phone(digits: str) -> Parsed | None:
    """Mobile number written 08.. (10 to 13 digits) or 628.. with a known operator's prefix [R].

    `value` is the form 628... without plus sign.
    """
    match = _PHONE.fullmatch(digits)
    if match is None or not _OPERATORS.match(match[1]):
        return None
    return Parsed(Kind.PHONE, f"62{match[1]}")


def luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of the others (ISO/IEC 7812-1 annex B)."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[::-2])) + sum(doubled)) % 10 == 0


def _registered(kind: Kind, digits: str, *, women: bool) -> Parsed | None:
    if not _is_number(digits, 16) or digits[12:] == "0000":
        return None
    strength = regions.strength(digits[:6])
    if not strength:
        return None
    day, month, year = int(digits[6:8]), int(digits[8:10]), int(digits[10:12])
    if women and day > 40:
        day -= 40
    # Every leap year of 1901-1999 is one of 2001-2099 too, and 00 is 2000.
    if _real_date(2000 + year, month, day) is None:
        return None
    return Parsed(kind, digits, digits[:6], strength)


def _is_number(digits: str, *lengths: int) -> bool:
    return len(digits) in lengths and digits.isascii() and digits.isdecimal()


def _real_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _mrz_digit(part: str) -> int:
    return sum(_MRZ_VALUES[char] * (7, 3, 1)[place % 3] for place, char in enumerate(part)) % 10
