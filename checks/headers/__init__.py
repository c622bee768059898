"""Response headers of the page that the site ends at, as a current browser effectively takes them."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

from auditor.errors import Unobserved
from auditor.model import Absence, Absent, Collected, Covered, Fact, FactSpec, Target, absent_all
from auditor.net import CONNECTION_REFUSED, Network, Response

from ..cookies.sessions import carries_session
from ..cookies.storage import parse_date, stored
from ..http.classify import standing
from ..http.page import Page, read_page
from . import caching, framing, hsts, isolation, permissions, preload, referrer, traces
from .structure import get_decode_split, nosniff

facts = {
    "http.hsts.max_age": FactSpec(int, "Time for which browsers remember to use HTTPS only (RFC 6797)", unit="s"),
    "http.hsts.include_subdomains": FactSpec(bool, "That holds for all subdomains as well"),
    "http.hsts.preload": FactSpec(bool, "The site agrees to be built into browsers' HTTPS-only lists"),
    "http.hsts.preloaded": FactSpec(
        bool, "The host is on Chromium's list of HTTPS-only hosts; of that list the names under .id are carried"
    ),
    "http.hsts.preload_obstacles": FactSpec(tuple, "What keeps the host from being put on that list (hstspreload.org)"),
    "http.frame.restricted": FactSpec(
        bool, "Browsers refuse to show the page in frames of sites of other owners (frame-ancestors, X-Frame-Options)"
    ),
    "http.frame.by_policy": FactSpec(bool, "That is decided by frame-ancestors, and X-Frame-Options has no say"),
    "http.header.x_frame_options": FactSpec(str, "X-Frame-Options as sent"),
    "http.header.nosniff": FactSpec(bool, "Browsers keep to the declared types: X-Content-Type-Options is nosniff"),
    "http.header.referrer_policy": FactSpec(str, "Referrer policy in force, by header or by meta element"),
    "http.header.opener_policy": FactSpec(str, "Cross-Origin-Opener-Policy in force, unsafe-none by default"),
    "http.header.embedder_policy": FactSpec(str, "Cross-Origin-Embedder-Policy in force, unsafe-none by default"),
    "http.header.embedder_sent": FactSpec(
        bool, "Cross-Origin-Embedder-Policy was sent, whether or not it means anything"
    ),
    "http.header.resource_policy": FactSpec(str, "Cross-Origin-Resource-Policy in force"),
    "http.header.permissions_policy": FactSpec(bool, "A Permissions-Policy is in force"),
    "http.header.permissions_open": FactSpec(
        tuple, "Features behind which people's surroundings, devices or money are, given to any site in a frame"
    ),
    "http.header.cross_domain_policies": FactSpec(str, "X-Permitted-Cross-Domain-Policies as sent, in small letters"),
    "http.header.sent": FactSpec(
        str,
        "A protective field, or one that tells of the software, as it was sent, joined, its first 1,000 characters",
        subject="field",
    ),
    "http.header.void": FactSpec(
        tuple, "Protective headers that were sent and do nothing, since browsers cannot read their value"
    ),
    "http.header.versions": FactSpec(tuple, "Fields that give away a version of the server's software"),
    "http.header.software": FactSpec(tuple, "Fields that serve no purpose but to name the site's software"),
    "http.header.deprecated": FactSpec(tuple, "Fields that no browser heeds any more"),
    "http.header.clear_site_data": FactSpec(
        tuple, "What browsers forget of the site on its word (Clear-Site-Data), in any answer that was seen"
    ),
    "http.clock_skew": FactSpec(int, "How far the server's clock (Date) is from ours, either way", unit="s"),
    "http.compression": FactSpec(str, "Content coding of the page, or none"),
    "http.h3_offered": FactSpec(bool, "The site offers HTTP/3 (Alt-Svc, RFC 9114 section 3.1.1)"),
    "http.cache.no_store": FactSpec(bool, "No cache may keep the page (Cache-Control: no-store)"),
    "http.cache.session_shared": FactSpec(
        bool, "Shared caches may hand an answer that sets a session cookie to other visitors"
    ),
}

HSTS = ("http.hsts.max_age", "http.hsts.include_subdomains", "http.hsts.preload")
CUT = "the response head was cut at a cap"
PAGE_CUT = "the page was cut before its head ended"
SHOWN = 200
SENT = (
    "strict-transport-security", "content-security-policy", "content-security-policy-report-only", "x-frame-options",
    "x-content-type-options", "referrer-policy", "permissions-policy", "cross-origin-opener-policy",
    "cross-origin-embedder-policy", "cross-origin-resource-policy", "cache-control", "reporting-endpoints", "report-to",
    "clear-site-data", "server", "x-powered-by",
)  # fmt: skip
"""Fields that are told as sent, beside what browsers make of them."""
LONGEST_SENT = 1_000
MOST = 50
LONGEST_SKEW = 2**31


def collect(target: Target, net: Network) -> Iterable[Collected]:
    """Facts of the final page of `home()`; nothing of a page that is not the site."""
    home = net.home()
    if obstacle := standing(home).obstacle:
        yield from absent_all(facts, obstacle.reason, obstacle.detail)
        return
    final = home.final
    page = read_page(final)
    yield from _hsts(final)
    yield from _preload(target, net, home.hops[0])
    yield from _framing(final)
    yield _nosniff(final)
    yield _referrer(final, page)
    yield from _isolation(final)
    yield from _permissions(final)
    yield from _notes(final)
    yield from _service(home.hops)
    yield from _sent(final)
    yield _caching(home.hops)


def _hsts(final: Response) -> Iterator[Collected]:
    policy = hsts.effective(final)
    if isinstance(policy, str):
        unseen = not final.head_complete and not final.values("strict-transport-security")
        reason, detail = (Absence.LIMITED, CUT) if unseen else (Absence.NOT_OFFERED, policy)
        yield from absent_all(HSTS, reason, detail)
        return
    yield Fact("http.hsts.max_age", policy.max_age)
    yield Fact("http.hsts.include_subdomains", policy.include_subdomains)
    yield Fact("http.hsts.preload", policy.preload)


def _preload(target: Target, net: Network, first: Response) -> Iterator[Collected]:
    """By the first answer over HTTPS and the first one of port 80, which other checks have asked for as well."""
    listed = preload.is_preloaded(target.host)
    if listed is None:
        yield Absent("http.hsts.preloaded", Absence.NOT_COLLECTED, "the part of the list that is carried cannot say")
    else:
        yield Fact("http.hsts.preloaded", listed)
    name = "http.hsts.preload_obstacles"
    if not first.head_complete:
        yield Absent(name, Absence.LIMITED, CUT)
        return
    try:
        upgraded = _is_upgraded(target, net)
    except Unobserved as failure:
        yield Absent(name, failure.reason, failure.detail)
        return
    yield Fact(name, preload.obstacles(target.host, hsts.effective(first), upgraded=upgraded))


def _is_upgraded(target: Target, net: Network) -> bool | None:
    """Whether port 80 leads to HTTPS of the same host first; None where it is closed.

    Raises:
        Unobserved: what it does was not seen.
    """
    if net.http is None:
        raise Unobserved(Absence.NOT_COLLECTED, "the plain-http side of this target is not known")
    try:
        answer = net.get(net.http).final
    except Unobserved as failure:
        if failure.detail == CONNECTION_REFUSED:
            return None
        raise
    try:
        location = urlsplit(answer.first("location") or "")
    except ValueError:
        return False
    return 300 <= answer.status < 400 and (location.scheme, location.hostname) == ("https", target.host)


def _framing(final: Response) -> Iterator[Collected]:
    framed = framing.effective(final)
    certain = framed.restricted and framed.by_policy
    yield _unless_cut(final, Fact("http.frame.restricted", framed.restricted), seen=certain)
    yield _unless_cut(final, Fact("http.frame.by_policy", framed.by_policy), seen=framed.by_policy)
    declared = final.values("x-frame-options")
    if declared:
        yield Fact("http.header.x_frame_options", ", ".join(declared)[:SHOWN])
    elif final.head_complete:
        yield Absent("http.header.x_frame_options", Absence.NOT_OFFERED, "not sent")
    else:
        yield Absent("http.header.x_frame_options", Absence.LIMITED, CUT)


def _nosniff(final: Response) -> Collected:
    sent = bool(final.values("x-content-type-options"))
    return _unless_cut(final, Fact("http.header.nosniff", nosniff(final)), seen=sent)


def _referrer(final: Response, page: Page) -> Collected:
    """The last token wins, so a head or page that was cut says nothing."""
    name = "http.header.referrer_policy"
    if not final.head_complete:
        return Absent(name, Absence.LIMITED, CUT)
    if page.cut and not page.head_ended:
        return Absent(name, Absence.LIMITED, PAGE_CUT)
    policy = referrer.effective(final, page)
    if policy is None:
        return Absent(name, Absence.NOT_OFFERED, "no policy that browsers know")
    return Fact(name, policy)


def _isolation(final: Response) -> Iterator[Collected]:
    """A later field would void the earlier ones, so that a cut head says nothing."""
    found = {
        "http.header.opener_policy": isolation.opener(final) or "unsafe-none",
        "http.header.embedder_policy": isolation.embedder(final) or "unsafe-none",
        "http.header.resource_policy": isolation.resource(final),
    }
    sent = bool(final.values("cross-origin-embedder-policy"))
    yield _unless_cut(final, Fact("http.header.embedder_sent", sent), seen=sent)
    for name, policy in found.items():
        if not final.head_complete:
            yield Absent(name, Absence.LIMITED, CUT)
        elif policy is None:
            yield Absent(name, Absence.NOT_OFFERED, "no policy that browsers know")
        else:
            yield Fact(name, policy)


def _permissions(final: Response) -> Iterator[Collected]:
    lists = permissions.effective(final)
    yield _unless_cut(final, Fact("http.header.permissions_policy", lists is not None), seen=False)
    if not final.head_complete:
        yield Absent("http.header.permissions_open", Absence.LIMITED, CUT)
    elif lists is None:
        yield Absent("http.header.permissions_open", Absence.NOT_OFFERED, "no policy that browsers know")
    else:
        yield Fact("http.header.permissions_open", permissions.open_to_all(lists))


def _notes(final: Response) -> Iterator[Collected]:
    """Sets that fields behind a cut could only add to; what is void could still be mended by a later one."""
    if final.head_complete:
        yield Fact("http.header.void", tuple(sorted(_void(final))))
    else:
        yield Absent("http.header.void", Absence.LIMITED, CUT)
    for name, found in (
        ("http.header.versions", traces.versions(final)),
        ("http.header.software", traces.naming(final)),
        ("http.header.deprecated", traces.deprecated(final)),
    ):
        yield Fact(name, tuple(sorted(set(found)))[:MOST], complete=final.head_complete and len(found) <= MOST)


def _sent(final: Response) -> Iterator[Collected]:
    for name in SENT:
        if values := final.values(name):
            yield Fact("http.header.sent", ", ".join(values)[:LONGEST_SENT], name)
    if final.head_complete:
        yield Covered("http.header.sent")
    else:
        yield Absent("http.header.sent", Absence.LIMITED, CUT)


def _service(hops: tuple[Response, ...]) -> Iterator[Collected]:
    """How the server serves: clock, coding, newer HTTP, what it makes browsers forget."""
    final, now = hops[-1], datetime.now(UTC)
    yield _unless_cut(final, Fact("http.cache.no_store", "no-store" in caching.directives(final)), seen=False)
    if plugins := final.first("x-permitted-cross-domain-policies"):
        yield Fact("http.header.cross_domain_policies", plugins.strip().lower()[:SHOWN])
    else:
        gap = (Absence.NOT_OFFERED, "not sent") if final.head_complete else (Absence.LIMITED, CUT)
        yield Absent("http.header.cross_domain_policies", *gap)
    whole = all(hop.head_complete for hop in hops)
    cleared = {part.strip('" \t') for hop in hops for part in get_decode_split(hop, "clear-site-data") if part}
    yield Fact("http.header.clear_site_data", tuple(sorted(cleared))[:MOST], complete=whole)
    date = parse_date(final.first("date") or "")
    if date:
        yield Fact("http.clock_skew", min(round(abs((now - date).total_seconds())), LONGEST_SKEW))
    else:
        reason, detail = (Absence.NOT_OFFERED, "no Date, or none that can be read") if whole else (Absence.LIMITED, CUT)
        yield Absent("http.clock_skew", reason, detail)
    coding = ", ".join(final.values("content-encoding")).lower()[:SHOWN] or "none"
    yield _unless_cut(final, Fact("http.compression", coding), seen=coding != "none")
    offered = any(part.startswith(("h3=", "h3-")) for part in get_decode_split(final, "alt-svc"))
    yield _unless_cut(final, Fact("http.h3_offered", offered), seen=offered)


def _void(final: Response) -> Iterator[str]:
    """Names of fields that were sent and are without effect. Over plain http HSTS has none, whatever it says."""
    sent = {
        "strict-transport-security": isinstance(hsts.effective(final), str) and final.url.startswith("https:"),
        "x-content-type-options": not nosniff(final),
        "referrer-policy": referrer.effective(final, Page()) is None,
        "cross-origin-opener-policy": isolation.opener(final) is None,
        "cross-origin-embedder-policy": isolation.embedder(final) is None,
        "cross-origin-resource-policy": isolation.resource(final) is None,
        "permissions-policy": permissions.effective(final) is None,
    }
    return (name for name, void in sent.items() if void and final.values(name))


def _caching(hops: Iterable[Response]) -> Collected:
    name, now = "http.cache.session_shared", datetime.now(UTC)
    answers = tuple(hops)
    if not all(hop.head_complete for hop in answers):
        return Absent(name, Absence.LIMITED, CUT)
    setting = [hop for hop in answers if any(carries_session(c.name, c.value) for c in stored((hop,), now))]
    return Fact(name, any(caching.is_shared(hop) for hop in setting))


def _unless_cut(final: Response, fact: Fact, *, seen: bool) -> Collected:
    """A fact that later fields could change holds only when the whole head was read."""
    return fact if seen or final.head_complete else Absent(fact.name, Absence.LIMITED, CUT)
