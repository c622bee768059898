"""Which strangers' scripts may read the site's answers, tried with origins an attacker could have (Fetch, 3.2)."""

import secrets
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from auditor.errors import Unobserved
from auditor.model import Absence, Absent, Collected, Covered, Fact, FactSpec, Level, Target, absent_all
from auditor.net import Field, Network, Response

from ..http.classify import IN_THE_WAY, page_class, standing

facts = {
    "http.cors.readable": FactSpec(
        bool, "Scripts of such an origin may read what anybody may see", subject="origin", level=Level.ACTIVE, cost=12
    ),
    "http.cors.credentials": FactSpec(
        bool, "They may read it with the visitor's cookies", subject="origin", level=Level.ACTIVE
    ),
    "http.cors.writable": FactSpec(
        bool,
        "They may send PUT, DELETE or a body of JSON with the visitor's cookies",
        subject="origin",
        level=Level.ACTIVE,
    ),
}

CAP = 65_536
"""Bytes of an answer's body that are read: enough to know a challenge page."""
_ASKING = ("PUT", "DELETE")


def collect(target: Target, net: Network) -> Iterable[Collected]:  # noqa: ARG001 - the contract of a check
    """The final page of `home()`, once for each origin, and once more as a preflight for PUT."""
    home = net.home()
    if obstacle := standing(home).obstacle:
        yield from absent_all(facts, obstacle.reason, obstacle.detail)
        return
    for label, origin in origins(home.final.url).items():
        yield from _about(net, home.final.url, label, origin)
    yield from (Covered(name) for name in facts)


def origins(url: str) -> dict[str, str]:
    """An origin of each kind that careless comparisons let through, by the mistake that would."""
    host = urlsplit(url).hostname or ""
    word = secrets.token_hex(4)
    found = {
        "any": f"https://{word}.example",
        "null": "null",
        "prefix": f"https://{host}.{word}.example",
        "suffix": f"https://{word}{host}",
    }
    if "." in host.strip("0123456789.") and ":" not in host:
        found["dot"] = f"https://{host.replace('.', 'x', 1)}"
    if urlsplit(url).scheme == "https":
        found["plain"] = f"http://{host}"
    return found


def _about(net: Network, url: str, label: str, origin: str) -> Iterator[Collected]:
    sent = Field("Origin", origin)
    try:
        answer = net.get(url, fields=(sent,), cap=CAP).final
        obstacle = _obstacle(answer)
    except Unobserved as failure:
        yield from (Absent(name, failure.reason, failure.detail, label) for name in facts)
        return
    if obstacle:
        yield from (Absent(name, obstacle, "", label) for name in facts)
        return
    yield Fact("http.cors.readable", passes(answer, origin, credentials=False), label)
    yield Fact("http.cors.credentials", passes(answer, origin, credentials=True), label)
    wishes = (
        Field("Access-Control-Request-Method", _ASKING[0]),
        Field("Access-Control-Request-Headers", "content-type"),
    )
    try:
        answer = net.get(url, method="OPTIONS", fields=(sent, *wishes), cap=CAP).final
        obstacle = _obstacle(answer)
    except Unobserved as failure:
        yield Absent("http.cors.writable", failure.reason, failure.detail, label)
        return
    if obstacle:
        yield Absent("http.cors.writable", obstacle, "", label)
    else:
        yield Fact("http.cors.writable", _lets_write(answer, origin), label)


def _obstacle(answer: Response) -> Absence | None:
    """What keeps an answer from being taken for the site's."""
    if not answer.head_complete:
        return Absence.LIMITED
    in_the_way = answer.status == 429 or answer.status >= 500 or page_class(answer) in IN_THE_WAY
    return Absence.NOT_ASSESSABLE if in_the_way and answer.status != 501 else None


def passes(answer: Response, origin: str, *, credentials: bool) -> bool:
    """Fetch, 4.10 "CORS check": two fields are one value that matches nothing; `true` is compared as bytes."""
    allowed = ", ".join(answer.values("access-control-allow-origin"))
    if not credentials:
        return allowed in ("*", origin)
    return allowed == origin and ", ".join(answer.values("access-control-allow-credentials")) == "true"


def _lets_write(answer: Response, origin: str) -> bool:
    """Fetch, 4.8: a preflight answered with an ok status; with credentials `*` is no list.

    What is let through: a method that is not safelisted, or the field that lets POST carry JSON.
    """
    if not 200 <= answer.status < 300 or not passes(answer, origin, credentials=True):
        return False
    methods = _listed(answer, "access-control-allow-methods")
    return any(method in _ASKING for method in methods) or "content-type" in (
        name.lower() for name in _listed(answer, "access-control-allow-headers")
    )


def _listed(answer: Response, name: str) -> list[str]:
    return [member.strip(" \t") for member in ",".join(answer.values(name)).split(",")]
