"""The sites of an agency with their officers, read from YAML, CSV or XLSX.

All forms end in the same reader of one site; every error says file, line and column (in a table, the cell's).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from auditor import regions
from auditor.errors import InventoryError, TargetError
from auditor.model import MOST_PAGES, Authorisation, Category, Endpoint, Level, Officer, Organisation, Target
from auditor.source import Entries, Node, chosen, distinct, listed, read, schema_one
from auditor.targets.authorisation import authorisation
from auditor.targets.level import resolve
from auditor.targets.roots import read_roots
from auditor.targets.table import rows
from auditor.targets.url import parse_endpoint, parse_target

T = TypeVar("T")

SITE_KEYS = ("url", "service", "region", "tags", "se_category", "connect", "connect_http", "level")
_MAX_RATE = 1000
_LETTERHEAD, _LINE = 4, 120


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for every site that says nothing else."""

    policies: tuple[str, ...] = ()
    level: Level | None = None
    ca: str = ""
    """File or folder of further trusted roots, as written: relative to the inventory's folder."""
    rate: int | None = None
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class Inventory:
    """An inventory file, every target resolved to the level that may run on it."""

    agency: str
    region: str
    authorisation: Authorisation | None
    targets: tuple[Target, ...]
    defaults: Defaults = field(default_factory=Defaults)
    roots: tuple[bytes, ...] = ()
    """What `defaults.ca` names: PEM or DER."""
    letterhead: tuple[str, ...] = ()
    """Lines under the agency's name on paper: office, address, telephone."""


def load_inventory(path: Path, at: datetime) -> Inventory:
    """The inventory in a .yaml, .yml, .csv or .xlsx file.

    Args:
        path: the file; what it names (letter, roots) lies relative to its folder.
        at: moment of the scan, at which the authorisation must be valid.

    Raises:
        InventoryError: with `file:line:col` where something in it is wrong.
    """
    suffix = path.suffix.lower()
    if suffix in (".yaml", ".yml"):
        return _from_yaml(path, at)
    if suffix in (".csv", ".xlsx"):
        return _from_table(path)
    raise InventoryError("is neither YAML, CSV nor XLSX", place=str(path), hint="save the sheet as CSV UTF-8 or XLSX")


def _from_yaml(path: Path, at: datetime) -> Inventory:
    top = read(path, error=InventoryError).entries(
        "schema", "agency", "authorisation", "defaults", "organisations", "targets"
    )
    top.need("schema", schema_one)
    agency, region, letterhead = top.get("agency", _agency, ("", "", ()))
    given = top.get("authorisation", lambda node: authorisation(node, path.parent, at, region), None)
    defaults = top.get("defaults", _defaults, Defaults())
    roots = _roots(top["defaults"].entries(*_DEFAULT_KEYS)["ca"], path.parent / defaults.ca) if defaults.ca else ()

    def sites() -> Iterator[tuple[Entries, Organisation | None]]:
        for entries, organisation in top.get("organisations", _organisations, ()):
            yield from ((_site(node), organisation) for node in entries["targets"].items())
        yield from ((entries, None) for entries in top.get("targets", listed(_site), ()))

    targets = _targets(sites(), region, given, defaults)
    if not targets:
        raise InventoryError("lists no target", place=str(path), hint="add one under organisations, targets")
    return Inventory(agency, region, given, targets, defaults, roots, letterhead)


def _from_table(path: Path) -> Inventory:
    read_rows = rows(path, (*SITE_KEYS, "organisation", "officer", "officer_contact"))
    organisations = _organisations_of_rows(read_rows)
    sites = ((entries, organisations.get(entries.get("organisation", Node.text, ""))) for entries in read_rows)
    targets = _targets(sites, "", None, Defaults())
    if not targets:
        raise InventoryError("lists no target", place=str(path), hint="add one row for each site")
    return Inventory("", "", None, targets)


# ---- one site ------------------------------------------------------------------------------------------------


def _targets(
    sites: Iterator[tuple[Entries, Organisation | None]], region: str, given: Authorisation | None, defaults: Defaults
) -> tuple[Target, ...]:
    lines: dict[str, int] = {}
    targets = []
    for entries, organisation in sites:
        target = _target(entries, organisation, region, defaults)
        written = entries["url"]
        if first := lines.get(target.url):
            raise written.error("{url} is listed twice", hint="first at line {line}", url=target.url, line=first)
        lines[target.url] = written.line
        targets.append(resolve(target, given, target.requested))
    return tuple(targets)


def _target(entries: Entries, organisation: Organisation | None, region: str, defaults: Defaults) -> Target:
    inherited = (organisation.region if organisation else "") or region
    return replace(
        entries.need("url", _said(parse_target)),
        organisation=organisation,
        service=entries.get("service", Node.text, ""),
        region=entries.get("region", _region, inherited),
        tags=entries.get("tags", _tags, ()),
        se_category=entries.get("se_category", chosen(Category), None),
        connect=entries.get("connect", _said(_endpoint), None),
        connect_http=entries.get("connect_http", _said(_endpoint), None),
        requested=entries.get("level", chosen(Level), defaults.level),
        rate=defaults.rate,
        pages=defaults.pages,
        policies=defaults.policies,
    )


def _site(node: Node) -> Entries:
    return node.entries(*SITE_KEYS) if node.is_mapping else Entries(node, {"url": node})


def _said(parse: Callable[[str], T]) -> Callable[[Node], T]:
    """A reader out of a parser of the command line, whose errors get the place in the file."""

    def parsed(node: Node) -> T:
        try:
            return parse(node.text())
        except TargetError as error:
            raise node.error(error.message, hint=error.hint, **error.values) from None

    return parsed


def _endpoint(text: str) -> Endpoint:
    return parse_endpoint(text)


def _region(node: Node) -> str:
    code = node.text().replace(".", "")  # 63.71, as the decree writes it
    if not regions.exists(code):
        raise node.error(
            "{code} is not a region code", hint="Kemendagri code of 2, 4 or 6 digits, such as 6371", code=repr(code)
        )
    return code


def _tags(node: Node) -> tuple[str, ...]:
    tags = distinct(node)
    bad = next((item for item in node.items() if set(item.text()) & set(",;|")), None)
    if bad:
        raise bad.error("a tag has no comma, semicolon or bar in it")
    return tags


# ---- what stands around the sites ----------------------------------------------------------------------------

_DEFAULT_KEYS = ("policy", "level", "ca", "rate", "pages")


def _agency(node: Node) -> tuple[str, str, tuple[str, ...]]:
    entries = node.entries("name", "region", "letterhead")
    lines = entries.get("letterhead", listed(Node.text), ())
    if len(lines) > _LETTERHEAD or any(len(line) > _LINE for line in lines):
        raise entries["letterhead"].error(
            "a letterhead has at most {n} lines of {m} characters", n=_LETTERHEAD, m=_LINE
        )
    return entries.need("name", Node.text), entries.get("region", _region, ""), lines


def _defaults(node: Node) -> Defaults:
    entries = node.entries(*_DEFAULT_KEYS)
    return Defaults(
        policies=entries.get("policy", distinct, ()),
        level=entries.get("level", chosen(Level), None),
        ca=entries.get("ca", Node.text, ""),
        rate=entries.get("rate", _rate, None),
        pages=entries.get("pages", _pages, None),
    )


def _rate(node: Node) -> int:
    if not 1 <= node.integer() <= _MAX_RATE:
        raise node.error("a rate is from 1 to {most} requests a second", most=_MAX_RATE)
    return node.integer()


def _pages(node: Node) -> int:
    if not 1 <= node.integer() <= MOST_PAGES:
        raise node.error("the pages of a crawl are from 1 to {most} requests", most=MOST_PAGES)
    return node.integer()


def _roots(node: Node, path: Path) -> tuple[bytes, ...]:
    try:
        return read_roots(path)
    except OSError as problem:
        raise node.error("{path} cannot be read: {problem}", path=repr(str(path)), problem=problem.strerror) from None
    except ValueError:
        raise node.error("no certificate in {path}", path=repr(str(path))) from None


def _organisations(node: Node) -> tuple[tuple[Entries, Organisation], ...]:
    found: dict[str, tuple[Entries, Organisation]] = {}
    for item in node.items():
        entries = item.entries("id", "name", "officer", "region", "targets")
        organisation = Organisation(
            id=entries.need("id", Node.text),
            name=entries.need("name", Node.text),
            officer=entries.get("officer", _officer, None),
            region=entries.get("region", _region, ""),
        )
        if organisation.id in found:
            raise entries["id"].error("organisation {id} stands twice", id=repr(organisation.id))
        entries.need("targets", Node.items)
        found[organisation.id] = entries, organisation
    return tuple(found.values())


def _officer(node: Node) -> Officer:
    entries = node.entries("name", "contact")
    return Officer(entries.need("name", Node.text), entries.get("contact", Node.text, ""))


def _organisations_of_rows(read_rows: tuple[Entries, ...]) -> dict[str, Organisation]:
    """By name; the officer is the one that any of its rows names."""
    found: dict[str, Organisation] = {}
    for entries in read_rows:
        name = entries.get("organisation", Node.text, "")
        person = entries.get("officer", Node.text, "")
        contact = entries.get("officer_contact", Node.text, "")
        officer = Officer(person, contact) if person else None
        if not name:
            if officer:
                raise entries["officer"].error("an officer needs an organisation")
            continue
        known = found.setdefault(name, Organisation(_slug(name), name, officer))
        if known.officer is None:
            found[name] = replace(known, officer=officer)
        elif officer and officer != known.officer:
            raise entries["officer"].error(
                "{organisation} has another officer above: {other}", organisation=name, other=known.officer.name
            )
    return found


def _slug(name: str) -> str:
    return "-".join("".join(char if char.isalnum() else " " for char in name.lower()).split())
