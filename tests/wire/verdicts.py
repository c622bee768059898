"""What the baseline says of a site that is sound but for one thing, as bytes on a wire, all checks of the header half.

    verdict("9110-8.3", "nosniff in capitals", {"X-Content-Type-Options": "NOSNIFF"})
    verdict("HTML-7.7.1", "ALLOW-FROM", {"X-Frame-Options": "ALLOW-FROM x", "Content-Security-Policy": OPEN}, "HDR-03")

Fields replace those of the sound site by name; None takes one away, a tuple sends it several times.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from auditor import facts, plugins, scan
from auditor.model import Collected, Fact, FactSpec, Finding, Level, Outcome, Plugin, Policy, Target
from auditor.net import Limits, Neighbours, Network
from auditor.plugins import Check
from auditor.policy import load
from auditor.policy.judge import judge
from tests.wire.conformance import BODY
from tests.wire.site import NAME, Page, Site, aim, reply

Value = str | tuple[str, ...] | None
SECURE = f"https://{NAME}/"
PLAIN = f"http://{NAME}/"

SOUND: Mapping[str, Value] = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Set-Cookie": "ci_session=contohsesi0123456789abcdef; Path=/; Secure; HttpOnly; SameSite=Lax",
}
CONTACT = reply(
    200, body=b"Contact: mailto:csirt@contoh.go.id\nExpires: 2099-12-31T00:00:00Z\n", kind="text/plain; charset=utf-8"
)
AREAS = ("http", "headers", "csp", "cookies", "content", "cors", "methods", "contact")
RULES = ("ALH", "HDR", "ISI", "KET", "KNF", "KTK", "SES", "KOM-07", "KOM-08", "KOM-09", "KOM-10", "KOM-11")
PATIENT = Limits(exchange=5.0, target=20.0)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One site, and the rules that it fails."""

    pages: Mapping[str, Page]
    plain: Mapping[str, Page]
    fails: frozenset[str]
    unknown: frozenset[str] = frozenset()
    level: Level = Level.STANDARD


def fields(**changes: Value) -> list[str]:
    """Lines of the sound site's fields, changed; keyword names are of no use here, so pass `**{"Name": value}`."""
    merged: dict[str, Value] = {**SOUND, **changes}
    lines: list[str] = []
    for name, value in merged.items():
        values: Iterable[str] = () if value is None else (value,) if isinstance(value, str) else value
        lines += [f"{name}: {one}" for one in values]
    return lines


def verdict(
    section: str,
    name: str,
    changes: Mapping[str, Value] | None = None,
    *fails: str,
    body: str | bytes = BODY,
    status: int = 200,
    pages: Mapping[str, Page] | None = None,
    plain: Mapping[str, Page] | None = None,
    unknown: Iterable[str] = (),
    level: Level = Level.STANDARD,
) -> Any:
    """A parameter set whose id names the section."""
    data = body.encode() if isinstance(body, str) else body
    home = reply(status, *fields(**(changes or {})), body=data)
    served = {"/": home, "/.well-known/security.txt": CONTACT} | dict(pages or {})
    upgrade = {"*": reply(301, f"Location: {SECURE}")} if plain is None else dict(plain)
    case = Verdict(served, upgrade, frozenset(fails), frozenset(unknown), level)
    return pytest.param(case, id=f"{section}-{name}".replace(" ", "-"))


def _tls(_: Target, __: Any) -> Iterator[Collected]:
    yield Fact("tls.offered", value=True)


@cache
def checks() -> tuple[Check, ...]:
    """The checks of the header half, and one that says what every case here has: TLS."""
    known = {check.name: check for check in plugins.load_checks()}
    offered = {"tls.offered": FactSpec(bool, "TLS is offered")}
    tls = Check("tls", offered, _tls, Plugin("checks", "test", "tests", "0", ""), "")
    return (*(known[name] for name in AREAS), tls)


@cache
def specs() -> Mapping[str, FactSpec]:
    return facts.union(plugins.load_checks())


@contextmanager
def sites() -> Iterator[tuple[Site, Site]]:
    """Two servers for all cases; each case puts its pages on them."""
    with Site({}, tls=True) as secure, Site({}) as plain:
        yield secure, plain


def judged(case: Verdict, servers: tuple[Site, Site], policy: str = "baseline") -> tuple[Finding, ...]:
    """What a policy says, at the level of the case."""
    secure, plain = servers
    secure.show(case.pages)
    plain.show(case.plain)
    target = aim(secure, plain, level=case.level)

    def open_network(asked: Target) -> Network:
        return Network(asked, neighbours=Neighbours(), limits=PATIENT)

    observations = scan.scan(target, checks(), open_network)
    return judge(observations, specs(), (loaded(policy),), (), (), scan.now(), (target,))


@cache
def loaded(policy: str) -> Policy:
    """A packaged policy."""
    return load(policy, specs()).policy


def outcomes(found: Iterable[Finding], outcome: Outcome) -> set[str]:
    """Rules of the header half with that outcome."""
    return {finding.rule for finding in found if finding.outcome is outcome and finding.rule.startswith(RULES)}
