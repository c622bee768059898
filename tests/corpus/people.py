"""Invented people whose numbers nobody has."""

import random
import string
from dataclasses import dataclass
from datetime import date, timedelta

from auditor import regions

KECAMATAN = tuple(code for code in regions._names() if len(code) == 6)
FIRST = {
    "L": ("Budi", "Agus", "Ahmad", "Dedi", "Eko", "Hendra", "Joko", "Rudi", "Slamet", "Wahyu", "Muhammad", "Yusuf"),
    "P": ("Siti", "Dewi", "Rina", "Sri", "Nur", "Fitri", "Yuni", "Lestari", "Ani", "Ratna", "Aisyah", "Maria"),
}
LAST = ("Santoso", "Wijaya", "Hidayat", "Rahman", "Saputra", "Lestari", "Aminah", "Nugroho", "Kurniawan", "Sihombing",
        "Ginting", "Tanjung", "Siregar", "Pratama", "Wibowo", "Halim")  # fmt: skip
STREETS = ("Melati", "Mawar", "Ahmad Yani", "Sudirman", "Pahlawan", "Veteran", "Merdeka")
BANKS = {"BRI": 15, "BNI": 10, "Mandiri": 13, "BCA": 10, "BPD": 13}
DISEASES = ("TBC paru", "Hipertensi", "Diabetes melitus tipe 2", "HIV", "Skizofrenia", "Stunting", "Hepatitis B")
OFFICES = ("Kepala Bidang Pelayanan", "Sekretaris Dinas", "Kepala Seksi Data", "Analis Kebijakan", "Pranata Komputer")


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person."""

    name: str
    sex: str
    born: date
    nik: str
    kk: str
    phone: str
    email: str
    address: str
    kecamatan: str
    bank: str
    account: str
    npwp: str
    bpjs: str
    nuptk: str
    passport: str
    nip: str
    disease: str
    office: str


def luhn_digit(digits: str) -> str:
    """The check digit behind the digits."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        double = int(char) * (2 if place % 2 == 0 else 1)
        total += double - 9 if double > 9 else double
    return str(-total % 10)


def person(rng: random.Random, region: str = "", *, youngest: int = 19, oldest: int = 75) -> Person:
    """Someone of the region (six digits; empty: any), of an age within the bounds at the end of 2026."""
    code = region or rng.choice(KECAMATAN)
    sex = rng.choice("LP")
    first, second = rng.choice(FIRST[sex]), rng.choice(LAST)
    born = date(2026, 11, 1) - timedelta(days=rng.randrange(youngest * 366, oldest * 365))
    day = born.day + (40 if sex == "P" else 0)
    recorded = date(2004, 1, 1) + timedelta(days=rng.randrange(7000))
    bank = rng.choice(tuple(BANKS))
    tax = f"{rng.randint(4, 9):02}{rng.randrange(10**6):06}"
    tax += luhn_digit(tax) + f"{rng.randrange(1, 999):03}000"
    appointed = date(max(born.year + 22, 1980), rng.randint(1, 12), 1)
    return Person(
        name=f"{first} {second}",
        sex=sex,
        born=born,
        nik=f"{code}{day:02}{born:%m%y}{rng.randint(9000, 9999)}",
        kk=f"{code}{recorded:%d%m%y}{rng.randint(9000, 9999)}",
        phone=f"08120000{rng.randrange(10_000):04}",
        email=f"{first}.{second}{rng.randrange(1000)}@surel.test".lower(),
        address=f"Jl. {rng.choice(STREETS)} No. {rng.randint(1, 200)}",
        kecamatan=regions.name(code) or "",
        bank=bank,
        account="".join(rng.choice(string.digits[1:]) for _ in range(BANKS[bank])),
        npwp=tax,
        bpjs=f"000{rng.randrange(10**10):010}",
        nuptk=f"9{rng.randrange(10**15):015}",
        passport=f"{rng.choice('ABCX')}9{rng.randrange(10**6):06}",
        nip=f"{born:%Y%m%d}{appointed:%Y%m}{1 if sex == 'L' else 2}{rng.randint(900, 999)}",
        disease=rng.choice(DISEASES),
        office=rng.choice(OFFICES),
    )


def people(rng: random.Random, count: int, region: str = "", **ages: int) -> list[Person]:
    """Several with different numbers, of one kabupaten where a region is given."""
    near = [code for code in KECAMATAN if region and code[:4] == region[:4]] or [""]
    found: dict[str, Person] = {}
    while len(found) < count:
        one = person(rng, rng.choice(near), **ages)
        found.setdefault(one.phone, one)
    return list(found.values())


def npwp_formatted(npwp: str) -> str:
    """12.345.678.9-012.345."""
    return f"{npwp[:2]}.{npwp[2:5]}.{npwp[5:8]}.{npwp[8]}-{npwp[9:12]}.{npwp[12:]}"


def token(rng: random.Random, length: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    """Random characters."""
    return "".join(rng.choice(alphabet) for _ in range(length))
