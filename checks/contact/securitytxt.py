"""The text of a security.txt (RFC 9116, sections 2 and 4)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

_FIELD = re.compile(r"([!-9;-~]+):([ \t]*)(.*)")
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE)
_URI = re.compile(r"[a-z][a-z0-9+.\-]*:\S+", re.IGNORECASE)
_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
_LANGUAGES = re.compile(r"[a-z]{2,8}(-[a-z0-9]{1,8})*([ \t]*,[ \t]*[a-z]{2,8}(-[a-z0-9]{1,8})*)*", re.IGNORECASE)
_ADDRESSES = ("acknowledgments", "canonical", "contact", "csaf", "encryption", "hiring", "policy")
_ONCE = ("expires", "preferred-languages")
_KNOWN = frozenset((*_ADDRESSES, *_ONCE))


@dataclass(frozen=True, slots=True)
class Document:
    """What it says. `expires` is None unless exactly one valid date is given."""

    contact: bool
    """It names one."""
    expires: datetime | None
    signed: bool
    canonical: tuple[str, ...]
    faults: tuple[str, ...]


def parse(text: str) -> Document | None:
    """The document in a text; None where no field of the standard stands, as in an error page answered in its place."""
    signed = text.lstrip("\ufeff \r\n").startswith(_SIGNED)
    fields: dict[str, list[str]] = {}
    faults: list[str] = []
    for line in _lines(text, signed=signed):
        found = _FIELD.fullmatch(line)
        if found is None:
            faults.append("a line that is neither field nor comment")
            continue
        fields.setdefault(found[1].lower(), []).append(found[3].strip())
        if not found[2]:
            faults.append("no space behind the colon of a field")
    if not _KNOWN & fields.keys() or "<html" in text[:1_024].lower() or text.lstrip()[:2] == "<!":
        return None
    if signed and _SIGNATURE not in text:
        faults.append("a signature is announced and does not follow")
    faults += _broken(fields)
    dates = [_moment(value) for value in fields.get("expires", ())]
    return Document(
        "contact" in fields,
        dates[0] if len(dates) == 1 else None,
        signed and _SIGNATURE in text,
        tuple(fields.get("canonical", ())),
        tuple(dict.fromkeys(faults)),
    )


def _lines(text: str, *, signed: bool) -> Iterator[str]:
    """Lines that should be fields: no comments, no blanks, nothing of the armour around signed text (RFC 4880, 7)."""
    body = text.removeprefix("\ufeff")
    if signed:
        body = body.partition(_SIGNATURE)[0].partition(_SIGNED)[2]
        body = re.sub(r"\A(?:\r?\n|Hash:[^\n]*\n)+", "", body)
    for raw in re.split(r"\r?\n", body):
        line = raw.removeprefix("- ") if signed else raw
        if line.strip() and not line.startswith("#"):
            yield line.rstrip()


def _broken(fields: dict[str, list[str]]) -> Iterator[str]:
    if "contact" not in fields:
        yield "no contact"
    if "expires" not in fields:
        yield "no expires"
    for name in _ONCE:
        if len(fields.get(name, ())) > 1:
            yield f"{name} more than once"
    if any(_moment(value) is None for value in fields.get("expires", ())):
        yield "expires is no date"
    if any(not _LANGUAGES.fullmatch(value) for value in fields.get("preferred-languages", ())):
        yield "preferred-languages is no list of language tags"
    for name in _ADDRESSES:
        if any(not _URI.fullmatch(value) for value in fields.get(name, ())):
            yield f"{name} is no URI"
        if any(value.lower().startswith("http:") for value in fields.get(name, ())):
            yield f"{name} over plain http"


def _moment(value: str) -> datetime | None:
    """A date of RFC 3339, in UTC and whole seconds."""
    if not _DATE.fullmatch(value):
        return None
    try:
        moment = datetime.fromisoformat(re.sub(r"\.\d+", "", value.upper()))
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
