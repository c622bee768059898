"""Leave to scan, as an operator writes it: a letter's number, or a YAML mapping with the letter beside it."""

import hashlib
from datetime import datetime
from pathlib import Path

from auditor import regions
from auditor.errors import TargetError
from auditor.model import Authorisation, Level
from auditor.source import Entries, Node, chosen, read
from auditor.targets.url import parse_host

_MAX_LETTER = 200


def read_authorisation(text: str, at: datetime, *, region: str = "") -> Authorisation:
    """What `--authorisation` names: a YAML file, or else the number of a letter as stated by the operator.

    Args:
        text: a path ending in .yaml or .yml, a path of a file that exists, or a letter's number.
        at: moment of the scan; the letter must be valid then.
        region: Kemendagri code of the agency, in whose zone days begin and end.

    Raises:
        TargetError: not readable, not valid at that moment, or the letter's file is missing.
    """
    path = Path(text)
    if path.suffix.lower() in (".yaml", ".yml") or _is_file(path):
        node = read(path, error=TargetError)
        return authorisation(node, path.parent, at, region)
    letter = text.strip()
    if not letter or len(letter) > _MAX_LETTER or not letter.isprintable():
        raise TargetError(
            "not the number of a letter", place="--authorisation", hint="such as ST-12/2026, or a YAML file"
        )
    return Authorisation(letter, stated=True)


def authorisation(node: Node, folder: Path, at: datetime, region: str) -> Authorisation:
    """An authorisation out of its mapping; the letter's `file` is named relative to `folder`.

    Raises:
        InputError: of the document's class, with the place.
    """
    entries = node.entries("letter", "issuer", "valid_from", "valid_to", "level", "file", "scope")
    file = entries.get("file", Node.text, "")
    given = Authorisation(
        letter=entries.need("letter", Node.text),
        issuer=entries.get("issuer", Node.text, ""),
        valid_from=entries.get("valid_from", Node.day, None),
        valid_to=entries.get("valid_to", Node.day, None),
        level=entries.get("level", chosen(Level), Level.STANDARD),
        file=file,
        file_sha256=_digest(entries["file"], folder / file) if file else "",
        scope=entries.get("scope", _hosts, ()),
    )
    _require_valid(given, entries, at, region)
    return given


def _require_valid(given: Authorisation, entries: Entries, at: datetime, region: str) -> None:
    today = at.astimezone(regions.zone(region)).date()
    first, last = given.valid_from, given.valid_to
    if first and last and last < first:
        raise entries["valid_to"].error("{last} is before {first}, the first day", last=last, first=first)
    if first and today < first:
        raise entries["valid_from"].error(
            "the authorisation {letter} is valid only from {first}; today is {today}",
            hint="scan later, or leave it out to scan at level passive",
            letter=given.letter, first=first, today=today,
        )  # fmt: skip
    if last and today > last:
        raise entries["valid_to"].error(
            "the authorisation {letter} ended on {last}; today is {today}",
            hint="ask for a new letter, or leave it out to scan at level passive",
            letter=given.letter, last=last, today=today,
        )  # fmt: skip


def _hosts(node: Node) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_host(item) for item in node.items()))


def _host(node: Node) -> str:
    try:
        return parse_host(node.text())
    except TargetError as error:
        raise node.error(error.message, hint=error.hint, **error.values) from None


def _digest(node: Node, path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError) as problem:  # ValueError: a NUL in the path
        shown = getattr(problem, "strerror", None) or str(problem)
        raise node.error("the letter {path} cannot be read: {problem}", path=repr(str(path)), problem=shown) from None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # too long for a name, or a NUL in it
        return False
