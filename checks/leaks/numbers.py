"""Digits as written, and what they can be by structure alone."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from auditor import regions
from auditor.identifiers import Kind, is_sample, luhn, parse_bpjs, parse_kk, parse_nik, parse_nip, parse_npwp

_SEPARATORS = re.compile(r"[^0-9]")
_NUMERIC = re.compile(r"[1-9][0-9]{15}|[1-9][0-9]{17}")
_DATE = re.compile(r"\b([0-9]{1,4})[\-/. ]([0-9]{1,2}|[A-Za-z]{3,9})[\-/. ]([0-9]{2,4})\b|\b((?:19|20)[0-9]{6})\b")
_MONTHS = {
    name: number
    for names, number in (
        ("jan januari january", 1), ("feb februari february pebruari", 2), ("mar maret march", 3), ("apr april", 4),
        ("mei may", 5), ("jun juni june", 6), ("jul juli july", 7), ("agu agt agustus aug august ags", 8),
        ("sep september sept", 9), ("okt oktober oct october", 10), ("nov november nop nopember", 11),
        ("des desember dec december", 12),
    )
    for name in names.split()
}  # fmt: skip
_WOMEN = frozenset(("p", "pr", "perempuan", "wanita", "female", "f", "woman"))
_MEN = frozenset(("l", "lk", "laki laki", "laki", "pria", "male", "m", "man"))
_LEVELS = re.compile(r"^(?:kabupaten|kota administrasi|kota|provinsi|kab\.?|adm\.?)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Number:
    """A run of digits; the digits stay out of `repr`, so out of tracebacks."""

    digits: str = field(repr=False)
    formatted: bool = False
    """Written with separators."""
    numeric: bool = False
    """From a cell that holds a floating-point number: only its first 15 digits are what was typed in."""

    @property
    def typed(self) -> str:
        """Digits to judge the structure by: lost ones replaced by some that could have stood there."""
        lost = len(self.digits) - 15
        if self.numeric and lost > 0 and set(self.digits[15:]) == {"0"}:
            return f"{self.digits[:15]}{'1'.zfill(lost)}"
        return self.digits


def number(text: str, *, numeric: bool = False) -> Number:
    """The digits of a text."""
    digits = _SEPARATORS.sub("", text)
    return Number(digits, formatted=digits != text.strip(), numeric=numeric and bool(_NUMERIC.fullmatch(digits)))


def is_citizen(given: Number) -> bool:
    """Has the structure of a NIK (a KK has it too)."""
    return len(given.digits) == 16 and parse_nik(given.typed) is not None


def fits(given: Number, kind: str) -> bool:
    """Has the structure of a number of this kind, and is no published sample of it; bodies' tax numbers do not fit."""
    test = _STRUCTURES.get(kind)
    return test is not None and not is_sample(given.digits) and len(set(given.digits)) > 2 and test(given.typed)


def _is_persons(digits: str) -> bool:
    parsed = parse_npwp(digits)
    return parsed is not None and parsed.personal


_STRUCTURES: dict[str, Callable[[str], bool]] = {
    Kind.NIK: lambda digits: parse_nik(digits) is not None,
    Kind.KK: lambda digits: parse_kk(digits) is not None,
    Kind.NPWP: _is_persons,
    Kind.NIP: lambda digits: parse_nip(digits) is not None,
    Kind.NUPTK: lambda digits: len(digits) == 16 and len(set(digits)) > 3,
    Kind.BPJS: lambda digits: parse_bpjs(digits) is not None,
    Kind.BANK_ACCOUNT: lambda digits: 8 <= len(digits) <= 18 and len(set(digits)) > 2,
}


def born(digits: str) -> tuple[int, int, int]:
    """Day, month and two-digit year in a NIK."""
    day = int(digits[6:8])
    return day - 40 if day > 40 else day, int(digits[8:10]), int(digits[10:12])


def dates(text: str) -> set[tuple[int, int, int]]:
    """Day, month and two-digit year of every date in a text."""
    found = set()
    for match in _DATE.finditer(text):
        if match[4]:
            first, middle, last = match[4][:4], match[4][4:6], match[4][6:]
        else:
            first, middle, last = match[1], match[2], match[3]
        month = int(middle) if middle.isdecimal() else _MONTHS.get(middle.lower(), 0)
        day, year = (int(last), int(first)) if len(first) == 4 else (int(first), int(last))
        if 1 <= month <= 12 and 1 <= day <= 31:
            found.add((day, month, year % 100))
    return found


def a_date(text: str, today: date) -> date | None:
    """The first date in a text, as a date of birth: no later than today, no more than 110 years ago."""
    for day, month, year in sorted(dates(text)):
        whole = _DATE.search(text)
        full = whole and next((g for g in (whole[1], whole[3], (whole[4] or "")[:4]) if g and len(g) == 4), "")
        century = int(full) if full else (2000 + year if 2000 + year <= today.year else 1900 + year)
        try:
            value = date(century, month, day)
        except ValueError:
            continue
        if value <= today and today.year - value.year <= 110:
            return value
    return None


def age(digits: str, today: date) -> int:
    """Years since the birth in a NIK, taking the later century where it is not in the future."""
    _, _, year = born(digits)
    return today.year - (2000 + year if 2000 + year <= today.year else 1900 + year)


def sex_of(text: str) -> str:
    """`f`, `m`, or empty."""
    word = " ".join(re.split(r"[\W_]+", text.strip().lower()))
    return "f" if word in _WOMEN else "m" if word in _MEN else ""


def names_of(region6: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the kecamatan, and of its kabupaten or kota, in lower case."""
    return _named(region6), _named(region6[:4])


def _named(code: str) -> tuple[str, ...]:
    name = _LEVELS.sub("", regions.name(code) or "").lower()
    return (name,) if len(name) > 3 else ()


def is_card(digits: str) -> bool:
    """Passes as the number of a payment card."""
    return luhn(digits)


def weakly_masked(text: str) -> str:
    """The normalised mask of a 16-digit number that shows twelve digits or more, or region and date; else empty."""
    shown = re.sub(r"[xX#]", "*", re.sub(r"[ .\-]", "", text))
    if len(shown) != 16 or "*" not in shown or sum(map(str.isdecimal, shown)) < 12:
        return ""
    if shown[:12].isdecimal():
        return shown if parse_nik(f"{shown[:12]}9001") else ""
    if shown[:6].isdecimal() and not regions.strength(shown[:6]):
        return ""
    return shown
