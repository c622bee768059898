"""Whether the site answers HTTP, what kind of page answers, and whether plain HTTP is led to HTTPS."""

from collections.abc import Iterable, Iterator

from auditor.errors import Unobserved
from auditor.model import Absence, Absent, Collected, Covered, Fact, FactSpec, Level, Target, absent_all
from auditor.net import CONNECTION_REFUSED, Network

from . import twin
from .classify import ASSESSABLE, Obstacle, origin
from .refresh import by_meta, by_script
from .walk import Walk, first_to_https, leads_to_http, leads_to_https, walk

facts = {
    "http.reachable": FactSpec(
        bool, "The side that the target names answers HTTP, whatever its status; false when only the other side does"
    ),
    "http.status": FactSpec(int, "Status code of the page that the target's redirects end at"),
    "http.page_class": FactSpec(
        str,
        "What that page is: site, login, error, default, challenge, block, parked, suspended or maintenance;"
        " only site and login are assessed further",
    ),
    "http.plain_offered": FactSpec(bool, "Port 80 answers HTTP", cost=1),
    "http.https_redirect": FactSpec(
        bool, "Plain HTTP leads by redirects to HTTPS within the scope, and never out of it again"
    ),
    "http.first_to_https": FactSpec(
        bool, "Plain HTTP's first redirect leads to HTTPS at once, by no further plain hop"
    ),
    "http.downgrade": FactSpec(bool, "Redirects, or a meta refresh, of the HTTPS side lead to plain HTTP"),
    "http.twin.answers": FactSpec(
        bool, "The other of www and the bare domain answers as well", level=Level.STANDARD, cost=3
    ),
    "http.twin.https": FactSpec(bool, "Its plain side leads to HTTPS", level=Level.STANDARD),
    "http.ipv6.offered": FactSpec(
        bool, "The host has an IPv6 address at which it answers", level=Level.STANDARD, cost=2
    ),
    "http.ipv6.differences": FactSpec(tuple, "In what the page differs between IPv4 and IPv6", level=Level.STANDARD),
    "http.hop.status": FactSpec(
        int, "Status of each answer on the way from a side's root: `http 1`, `http 2` ..., `https 1` ...", subject="hop"
    ),
    "http.hop.origin": FactSpec(str, "Scheme, host and port that it came from", subject="hop"),
    "http.hop.hsts": FactSpec(bool, "It carries Strict-Transport-Security over HTTPS", subject="hop"),
    "http.sent_on": FactSpec(
        tuple, "Where the final page sends visitors by a meta refresh or a script of its own, which is no redirect"
    ),
}

PLAIN = ("http.plain_offered", "http.https_redirect", "http.first_to_https")
_HOPS = ("http.hop.status", "http.hop.origin", "http.hop.hsts")

BLOCKED = Obstacle(Absence.NOT_ASSESSABLE, "a block page answered in place of the site")
CUT = Obstacle(Absence.LIMITED, "the response head was cut at a cap, and the page was not read")
CLOSED = Obstacle(Absence.REFUSED, CONNECTION_REFUSED)
UNKNOWN_PLAIN = Obstacle(
    Absence.NOT_COLLECTED, "the plain-http side of this target is not known: name it with --connect-http"
)
UNKNOWN_SECURE = Obstacle(Absence.NOT_COLLECTED, "the https side of this target is not known: name it with --connect")
_SILENT = (Absence.TIMEOUT, Absence.UNREACHABLE)


def collect(target: Target, net: Network) -> Iterable[Collected]:
    """Every declared fact. A target that stays silent on its own side is not asked on the other."""
    own = walk(lambda: net.get(target.url), net.home)
    if own.failure and not own.hops and own.failure.reason in _SILENT:
        yield from absent_all(
            (name for name, spec in facts.items() if spec.level.rank <= target.level.rank),
            own.failure.reason,
            own.failure.detail,
        )
        return
    if target.scheme == "https":
        secure, plain = own, _side(net, net.http, UNKNOWN_PLAIN)
        other = plain
    else:
        secure, plain = _side(net, net.https, UNKNOWN_SECURE), own
        other = secure
    yield from _own(own, other)
    yield from _plain(plain, secure)
    yield _settled("http.downgrade", BLOCKED if secure.blocked else leads_to_http(secure))
    yield from _hops(plain, secure)
    yield from _sent_on(own)
    if target.level.rank >= Level.STANDARD.rank:
        yield from _twin(target, net)
        yield from _ipv6(target, net, own)


def _side(net: Network, root: str | None, unknown: Obstacle) -> Walk:
    if root is None:
        return Walk(failure=unknown)
    return walk(lambda: net.get(root), lambda: net.get(root, follow=True))


def _own(own: Walk, other: Walk) -> Iterator[Collected]:
    """Reachability, status and class of the side that the target names."""
    if own.blocked:
        yield _settled("http.reachable", BLOCKED)
    elif own.hops:
        yield _settled("http.reachable", value=True)
    elif own.failure and own.failure.reason is Absence.REFUSED and other.answered:
        yield _settled("http.reachable", value=False)
    elif own.failure:
        yield _settled("http.reachable", own.failure)
    if own.visit and own.standing:
        kind, obstacle = own.standing.kind, own.standing.obstacle
        unseen = kind == "error" and own.visit.stopped in ("out_of_scope", "not_allowed")
        if not own.visit.final.head_complete:
            obstacle = obstacle or CUT
        yield _settled("http.status", BLOCKED if own.blocked else own.visit.final.status)
        yield _settled("http.page_class", obstacle if obstacle and (unseen or kind in ASSESSABLE) else kind)
    elif own.failure:
        yield from absent_all(("http.status", "http.page_class"), own.failure.reason, own.failure.detail)


def _plain(plain: Walk, secure: Walk) -> Iterator[Collected]:
    """What port 80 does. A refusal says something only while the https side answers; a reset says nothing."""
    if plain.blocked:
        yield from absent_all(PLAIN, BLOCKED.reason, BLOCKED.detail)
    elif plain.hops:
        yield _settled("http.plain_offered", value=True)
        yield _settled("http.https_redirect", leads_to_https(plain))
        first = first_to_https(plain)
        if first is None:
            yield Absent("http.first_to_https", Absence.NOT_OFFERED, "port 80 does not redirect")
        else:
            yield Fact("http.first_to_https", first)
    elif plain.failure == CLOSED and secure.answered:
        yield _settled("http.plain_offered", value=False)
        yield from absent_all(PLAIN[1:], Absence.NOT_OFFERED, "port 80 refuses connections")
    elif plain.failure:
        yield from absent_all(PLAIN, plain.failure.reason, plain.failure.detail)


def _hops(plain: Walk, secure: Walk) -> Iterator[Collected]:
    """Every answer of both sides; a side that failed on its way leaves the rest of its hops unseen."""
    for scheme, side in (("http", plain), ("https", secure)):
        hops = () if side.blocked else side.hops
        for number, hop in enumerate(hops, 1):
            subject = f"{scheme} {number}"
            sent = bool(hop.values("strict-transport-security"))
            yield Fact("http.hop.status", hop.status, subject)
            yield Fact("http.hop.origin", origin(hop.url), subject)
            yield Fact("http.hop.hsts", sent and hop.url.startswith("https:"), subject)
    gaps = [BLOCKED if side.blocked else side.failure for side in (plain, secure)]
    told = [gap for gap in gaps if gap and (gap != CLOSED or not (plain.answered or secure.answered))]
    if told:
        yield from absent_all(_HOPS, told[0].reason, told[0].detail)
    else:
        yield from (Covered(name) for name in _HOPS)


def _sent_on(own: Walk) -> Iterator[Collected]:
    if own.blocked:
        yield _settled("http.sent_on", BLOCKED)
    elif own.visit:
        final = own.visit.final
        ways = {"meta": by_meta(final), "script": by_script(final)}
        told = tuple(f"{way} {origin(to)}" for way, to in ways.items() if to)
        yield Fact("http.sent_on", told, complete=final.complete)
    elif own.failure:
        yield _settled("http.sent_on", own.failure)


def _twin(target: Target, net: Network) -> Iterator[Collected]:
    names = ("http.twin.answers", "http.twin.https")
    other = twin.name_of(target.host)
    if not other:
        yield from absent_all(names, Absence.NOT_OFFERED, "a name of this kind has no twin")
        return
    try:
        seen = twin.look(net, other)
    except Unobserved as gap:
        yield from absent_all(names, gap.reason, gap.detail)
        return
    yield Fact("http.twin.answers", seen.answers)
    if seen.answers:
        yield Fact("http.twin.https", seen.leads == "https")
    else:
        yield Absent("http.twin.https", Absence.NOT_OFFERED, f"{other} does not answer")


def _ipv6(target: Target, net: Network, own: Walk) -> Iterator[Collected]:
    """The page once over each family, redirects not followed."""
    name = "http.ipv6.differences"
    if target.connect or target.connect_http:
        yield from absent_all(("http.ipv6.offered", name), Absence.NOT_COLLECTED, "sockets are aimed by --connect")
        return
    try:
        four, six = twin.families(net.addresses(target.host))
    except Unobserved as gap:
        yield from absent_all(("http.ipv6.offered", name), gap.reason, gap.detail)
        return
    if not six:
        yield Fact("http.ipv6.offered", value=False)
        yield Absent(name, Absence.NOT_OFFERED, "the host has no IPv6 address")
        return
    try:
        over_six = net.get(target.url, cap=twin.COMPARED, at=six).final
    except Unobserved as gap:
        yield from absent_all(("http.ipv6.offered", name), gap.reason, gap.detail)
        return
    yield Fact("http.ipv6.offered", value=True)
    if not four or not own.hops:
        yield Absent(name, Absence.NOT_OFFERED, "the host has no IPv4 address to compare with")
        return
    try:
        over_four = net.get(target.url, cap=twin.COMPARED, at=four).final
    except Unobserved as gap:
        yield Absent(name, gap.reason, gap.detail)
        return
    yield Fact(name, twin.differences(over_four, over_six))


def _settled(name: str, value: bool | int | str | Obstacle) -> Collected:  # noqa: FBT001 - the value of a fact
    if isinstance(value, Obstacle):
        return Absent(name, value.reason, value.detail)
    return Fact(name, value)
