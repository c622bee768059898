"""An inventory written back, in forms that `load_inventory` reads to the same targets."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import yaml

from auditor.model import Authorisation, Endpoint, Organisation, Target
from auditor.spreadsheet import Column, Sheet, delimited, workbook
from auditor.targets.inventory import SITE_KEYS, Defaults, Inventory

COLUMNS = (
    "url", "organisation", "officer", "officer_contact", "region", "service", "tags", "se_category", "connect",
    "connect_http", "level",
)  # fmt: skip
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)
"""Written into workbooks, so that one inventory gives one file."""
_WIDE = frozenset({"url", "organisation", "officer"})


def export_csv(inventory: Inventory) -> bytes:
    """One row a target, in the columns of `COLUMNS`, with a byte order mark so that Excel reads it.

    Agency, authorisation and defaults have no place in a table; levels and regions are written out.
    """
    return delimited(_sheet(inventory), marked=True)


def export_xlsx(inventory: Inventory) -> bytes:
    """The same table as a workbook."""
    return workbook([_sheet(inventory)], _CREATED)


def _sheet(inventory: Inventory) -> Sheet:
    columns = tuple(Column(name, 34 if name in _WIDE else 16) for name in COLUMNS)
    return Sheet("inventaris", columns, tuple(_rows(inventory)))


def _rows(inventory: Inventory) -> Iterator[tuple[str, ...]]:
    for target in inventory.targets:
        organisation = target.organisation
        officer = organisation.officer if organisation else None
        row = {
            **{key: value for key, value in _site(target).items() if key != "tags"},
            "tags": "|".join(target.tags),
            "organisation": organisation.name if organisation else "",
            "officer": officer.name if officer else "",
            "officer_contact": officer.contact if officer else "",
        }
        yield tuple(str(row.get(name, "")) for name in COLUMNS)


def export_yaml(inventory: Inventory) -> bytes:
    """The whole inventory, organisations in the order of their first target."""
    document: dict[str, Any] = {"schema": 1}
    if inventory.agency:
        document["agency"] = _filled(
            name=inventory.agency, region=inventory.region, letterhead=list(inventory.letterhead)
        )
    if inventory.authorisation:
        document["authorisation"] = _authorisation(inventory.authorisation)
    if inventory.defaults != Defaults():
        document["defaults"] = _defaults(inventory.defaults)
    groups: dict[Organisation | None, list[Any]] = {}
    for target in inventory.targets:
        groups.setdefault(target.organisation, []).append(_entry(target, inventory))
    loose = groups.pop(None, [])
    if groups:
        document["organisations"] = [_organisation(item, sites) for item, sites in groups.items() if item]
    if loose:
        document["targets"] = loose
    text: str = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=10_000)
    return text.encode("utf-8")


def _site(target: Target) -> dict[str, Any]:
    """What is to be said of one target, under the keys of both forms."""
    values = {
        "url": target.url,
        "service": target.service,
        "region": target.region,
        "tags": list(target.tags),
        "se_category": str(target.se_category or ""),
        "connect": _endpoint(target.connect),
        "connect_http": _endpoint(target.connect_http),
        "level": str(target.requested or ""),
    }
    return {key: values[key] for key in SITE_KEYS if values[key]}


def _entry(target: Target, inventory: Inventory) -> Any:
    site = _site(target)
    inherited = (target.organisation.region if target.organisation else "") or inventory.region
    if target.region == inherited:
        site.pop("region", None)
    if target.requested == inventory.defaults.level:
        site.pop("level", None)
    return site if len(site) > 1 else site["url"]


def _organisation(item: Organisation, sites: list[Any]) -> dict[str, Any]:
    officer = _filled(name=item.officer.name, contact=item.officer.contact) if item.officer else None
    return _filled(id=item.id, name=item.name, officer=officer, region=item.region, targets=sites)


def _authorisation(given: Authorisation) -> dict[str, Any]:
    return _filled(
        letter=given.letter,
        issuer=given.issuer,
        valid_from=given.valid_from,
        valid_to=given.valid_to,
        level=str(given.level),
        file=given.file,
        scope=list(given.scope),
    )


def _defaults(defaults: Defaults) -> dict[str, Any]:
    return _filled(
        policy=list(defaults.policies),
        level=str(defaults.level or ""),
        ca=defaults.ca,
        rate=defaults.rate,
        pages=defaults.pages,
    )


def _filled(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def _endpoint(end: Endpoint | None) -> str:
    if end is None:
        return ""
    return f"[{end.host}]:{end.port}" if ":" in end.host else f"{end.host}:{end.port}"
