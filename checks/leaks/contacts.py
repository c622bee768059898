"""Mobile numbers and e-mail addresses of people, as written."""

import re

from auditor.identifiers import parse_phone

LIST = 3
"""People from which rows or lines are a list."""
MAILING = 5
"""Addresses without names that are a list."""
SURE, LIKELY, MAYBE = 2.0, 1.0, 0.0
"""Log10 odds where no weights apply: the evidence is that two things stand in one record."""

EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){0,4}\.[A-Za-z]{2,24}")
PHONE = re.compile(r"[+(]?[0-9][0-9 .\-()]{8,18}")
"""The whole of a cell that may be a telephone number."""
_ROLES = re.compile(
    r"(?:info|admin|administrator|webmaster|humas|kontak|contact|support|help|helpdesk|noreply|no-reply|cs|csirt"
    r"|sekretariat|layanan|pengaduan|ppid|diskominfo|kominfo|office|sales|marketing)[._\-0-9]*"
    r"|(?:email|mail|user|you|name|nama|test|example)"
)
_OFFICIAL = (".go.id", ".mil.id", ".desa.id")


def phone(text: str) -> str:
    """The mobile number in a text in the form 628.., or empty; a leading zero may be lost, as spreadsheets do."""
    digits = re.sub(r"[^0-9]", "", text)
    if digits.startswith("620"):
        digits = "62" + digits[3:]
    for form in (digits, f"0{digits}" if digits.startswith("8") else ""):
        parsed = parse_phone(form)
        if parsed:
            return parsed.value
    return ""


def email(text: str) -> str:
    """The address of a person in a text, in lower case; empty for those of roles."""
    match = EMAIL.search(text)
    address = match[0].lower() if match else ""
    return "" if _ROLES.fullmatch(address.partition("@")[0]) else address


def is_official(address: str) -> bool:
    """An address that an office gives its staff: published as a rule, a leak only beside a number of that person."""
    return address.endswith(_OFFICIAL)
