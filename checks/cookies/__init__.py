"""Cookies that a browser keeps after one visit of the site, redirects included."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from auditor.model import Absence, Absent, Collected, Covered, Fact, FactSpec, Target, absent_all
from auditor.net import Network

from ..http.classify import standing
from .sessions import carries_session
from .storage import Cookie, Refusal, kept_and_refused

facts = {
    "http.cookie.session": FactSpec(bool, "The cookie carries a session or a sign-in", subject="cookie"),
    "http.cookie.secure": FactSpec(bool, "It is sent over HTTPS only", subject="cookie"),
    "http.cookie.http_only": FactSpec(bool, "Scripts cannot read it", subject="cookie"),
    "http.cookie.same_site": FactSpec(
        str, "When other sites' requests carry it: Strict, Lax, None, or default where not said", subject="cookie"
    ),
    "http.cookie.host_only": FactSpec(bool, "It goes to this host alone, not to its subdomains", subject="cookie"),
    "http.cookie.refused": FactSpec(
        tuple, "Cookies that the site sets and browsers refuse to keep, each with the reason (RFC 6265bis, 5.7)"
    ),
}

_OF_ONE = tuple(name for name in facts if name != "http.cookie.refused")

MOST = 300
"""Cookies reported of one site; browsers keep about 180 of a domain."""
NAME = 64
"""Characters of a name that are shown."""


def collect(target: Target, net: Network) -> Iterable[Collected]:  # noqa: ARG001 - the contract of a check
    """Every stored cookie of `home()`, and `Covered` when all heads were read whole."""
    home = net.home()
    if obstacle := standing(home).obstacle:
        yield from absent_all(facts, obstacle.reason, obstacle.detail)
        return
    cookies, refused = kept_and_refused(home.hops, datetime.now(UTC))
    whole = all(hop.head_complete for hop in home.hops)
    yield _told(refused, whole=whole)
    for subject, cookie in zip(_subjects(cookies), cookies[:MOST], strict=False):
        yield from _facts(subject, cookie)
    if len(cookies) > MOST:
        yield from absent_all(_OF_ONE, Absence.LIMITED, f"{MOST} of {len(cookies)} cookies are reported")
    elif not whole:
        yield from absent_all(_OF_ONE, Absence.LIMITED, "a response head was cut at a cap")
    else:
        yield from (Covered(name) for name in _OF_ONE)


def _told(refused: tuple[Refusal, ...], *, whole: bool) -> Collected:
    """What a cut head kept back could still set a cookie of the same name."""
    if refused and not whole:
        return Absent("http.cookie.refused", Absence.LIMITED, "a response head was cut at a cap")
    members = sorted({f"{(refusal.name or '(nameless)')[:NAME]}: {refusal.why}" for refusal in refused})
    return Fact("http.cookie.refused", tuple(members[:MOST]), complete=whole and len(members) <= MOST)


def _facts(subject: str, cookie: Cookie) -> Iterator[Fact | Absent]:
    yield Fact("http.cookie.session", carries_session(cookie.name, cookie.value), subject)
    yield Fact("http.cookie.secure", cookie.secure, subject)
    yield Fact("http.cookie.http_only", cookie.http_only, subject)
    yield Fact("http.cookie.same_site", cookie.same_site, subject)
    yield Fact("http.cookie.host_only", cookie.host_only, subject)


def _subjects(cookies: tuple[Cookie, ...]) -> list[str]:
    """A name for each cookie: its own; where several share it, with domain and path; numbered if even those agree."""
    names = [(cookie.name or "(nameless)")[:NAME] for cookie in cookies]
    shared = Counter(names)
    labels = [
        name if shared[name] == 1 else f"{name};{cookie.domain[:NAME]}{cookie.path[:NAME]}"
        for name, cookie in zip(names, cookies, strict=True)
    ]
    met: Counter[str] = Counter()
    subjects = []
    for label in labels:
        met[label] += 1
        subjects.append(label if met[label] == 1 else f"{label};{met[label]}")
    return subjects
