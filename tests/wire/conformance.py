"""Cases written from specifications: raw fields in, facts out, over a real socket.

    case("6.7.3.2", "nonce disables unsafe-inline", csp("script-src 'unsafe-inline' 'nonce-YQ'"), inline_script=False)

Facts are named without their prefix (`http.csp.`), subjects in square brackets; absences are their reason.
"""

from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import pytest

from auditor.model import Absent, Fact, Level
from auditor.net import Limits, Neighbours, Network
from tests.wire.site import Page, Site, aim, reply

BODY = b"<html><head><title>Dinas Contoh</title></head><body><h1>Halo warga</h1><p>Layanan.</p></body></html>"
PATIENT = Limits(exchange=5.0, target=20.0)


@dataclass(frozen=True, slots=True)
class Case:
    """What is served at `/`, and what must be said of it."""

    name: str
    fields: tuple[str, ...]
    expected: dict[str, Any]
    body: bytes = BODY
    tls: bool = True
    more: dict[str, Page] = field(default_factory=dict)
    """Further pages."""


def case(
    section: str,
    name: str,
    fields: tuple[str, ...] = (),
    *,
    body: str | bytes = BODY,
    tls: bool = True,
    pages: dict[str, Page] | None = None,
    **expected: Any,
) -> Any:
    """A parameter set whose id names the section."""
    data = body.encode() if isinstance(body, str) else body
    return pytest.param(Case(name, fields, expected, data, tls, pages or {}), id=f"{section}-{name}".replace(" ", "-"))


def csp(*policies: str) -> tuple[str, ...]:
    """One field for each policy."""
    return tuple(f"Content-Security-Policy: {policy}" for policy in policies)


def facts_of(check: ModuleType, prefix: str, served: Case, level: Level = Level.PASSIVE) -> dict[str, Any]:
    """Every fact of a check about the case: values, reasons of absences, sets as sets."""
    pages: dict[str, Page] = {"/": reply(200, *served.fields, body=served.body), **served.more}
    with Site(pages, tls=served.tls) as site:
        target = aim(site, level=level) if served.tls else aim(None, site, level=level)
        with Network(target, neighbours=Neighbours(), limits=PATIENT) as net:
            found = list(check.collect(target, net))
    said: dict[str, Any] = {}
    for item in found:
        if isinstance(item, Fact):
            name = item.name.removeprefix(prefix) + (f"[{item.subject}]" if item.subject else "")
            said[name] = set(item.value) if isinstance(item.value, tuple) else item.value
        elif isinstance(item, Absent):
            said[item.fact.removeprefix(prefix) + (f"[{item.subject}]" if item.subject else "")] = item.reason
    return said


def expect(check: ModuleType, prefix: str, served: Case, level: Level = Level.PASSIVE) -> None:
    """Assert what the case expects."""
    said = facts_of(check, prefix, served, level)
    assert {name: said.get(name) for name in served.expected} == served.expected, served.name
