"""Content Security Policies of the page that the site ends at: what they say, and what they leave open together."""

from collections.abc import Iterable, Iterator

from auditor.errors import Unobserved
from auditor.model import Absence, Absent, Collected, Fact, FactSpec, Level, Target, absent_all
from auditor.net import Network, Response

from ..http.classify import standing
from ..http.page import read_page
from . import effect
from .faults import faults
from .policy import Policy, enforced, report_only
from .publishers import publishers
from .reporting import is_reported
from .sources import Url, at, nonce_of, read_all

facts = {
    "http.csp.present": FactSpec(
        bool, "An enforced Content-Security-Policy with at least one directive, by header or by meta element"
    ),
    "http.csp.report_only": FactSpec(bool, "A Content-Security-Policy that is watched and not enforced"),
    "http.csp.inline_script": FactSpec(
        bool, "A script that someone injects into the markup would run: as element, handler or javascript: address"
    ),
    "http.csp.script_anywhere": FactSpec(
        bool, "A script element that someone injects may load from a host of their choice, or from a data: address"
    ),
    "http.csp.eval": FactSpec(bool, "Scripts may turn text into code"),
    "http.csp.inline_style": FactSpec(bool, "A style that someone injects into the markup would apply"),
    "http.csp.object_anywhere": FactSpec(
        bool, "An object or embed that someone injects may load from a host of their choice"
    ),
    "http.csp.nonce_diverted": FactSpec(
        bool, "A base element that someone injects leads scripts with a nonce, still trusted, to a host of their choice"
    ),
    "http.csp.object_blocked": FactSpec(bool, "Objects and embeds are refused, wherever they come from"),
    "http.csp.base_restricted": FactSpec(bool, "No injected base element can lead relative addresses to another site"),
    "http.csp.form_restricted": FactSpec(bool, "No injected form can be sent to a site of other owners"),
    "http.csp.strict": FactSpec(bool, "Scripts run by nonce or hash only, whatever their address, or not at all"),
    "http.csp.default_none": FactSpec(bool, "Some policy begins with nothing: default-src 'none' and no more"),
    "http.csp.trusted_types": FactSpec(bool, "Text must be vetted before it becomes markup or code (Trusted Types)"),
    "http.csp.sandboxed": FactSpec(bool, "The page runs in a sandbox without scripts"),
    "http.csp.upgrade": FactSpec(bool, "Addresses with http: in the page are asked for over HTTPS"),
    "http.csp.reported": FactSpec(bool, "Violations are reported to an address that the response defines"),
    "http.csp.publishers": FactSpec(
        tuple, "Directive and source that allow scripts of hosts where anybody can have a script answered"
    ),
    "http.csp.weakened_by": FactSpec(
        tuple, "Directive and source that leave this open; a directive alone is missing", subject="effect"
    ),
    "http.csp.faults": FactSpec(tuple, "Directives and sources that browsers do not know, or take for something else"),
    "http.csp.nonce_bits": FactSpec(int, "Bits that the shortest nonce has room for", unit="bit"),
    "http.csp.nonce_reused": FactSpec(bool, "A second visit is given the same nonce", level=Level.STANDARD, cost=1),
}

MOST = 50
"""Members of a set that are told."""
CUT = "the response head was cut at a cap"
PAGE_CUT = "the page was cut before its head ended"
NONE_SENT = "no policy is enforced"
NO_NONCE = "no policy has a nonce"
ANOTHER_PAGE = "the second visit was answered with another page"

_NONCES_IN = ("script-src", "script-src-elem", "style-src", "style-src-elem", "default-src")


def collect(target: Target, net: Network) -> Iterable[Collected]:
    """Facts of the final page of `home()`; at level standard it is asked for once more, to compare nonces."""
    home = net.home()
    if obstacle := standing(home).obstacle:
        yield from absent_all(facts, obstacle.reason, obstacle.detail)
        return
    final = home.final
    page = read_page(final)
    policies = enforced(final, page)
    unseen = CUT if not final.head_complete else PAGE_CUT if page.cut and not page.head_ended else ""
    yield _settled("http.csp.present", bool(policies), unseen, certain=True)
    watched = report_only(final)
    yield _settled("http.csp.report_only", bool(watched), "" if final.head_complete else CUT, certain=True)
    yield from _effects(policies, at(final.url), unseen)
    yield from _declared(final, policies, watched, unseen)
    yield from _nonces(target, net, final, policies, unseen)


def _effects(policies: effect.Policies, own: Url, unseen: str) -> Iterator[Collected]:
    """What is left open, and by what. A policy that was not seen could close it, and never open what is closed."""
    ways = {
        "inline_script": effect.injected_script(policies),
        "script_anywhere": effect.foreign_script(policies, own),
        "eval": effect.text_as_code(policies),
        "inline_style": effect.injected_style(policies),
        "object_anywhere": effect.foreign_object(policies, own),
    }
    closed = {
        "object_blocked": effect.objects(policies),
        "base_restricted": effect.foreign_base(policies, own),
        "form_restricted": effect.foreign_form(policies, own),
    }
    for name, ours in ways.items():
        yield _settled(f"http.csp.{name}", bool(ours), unseen, certain=False)
    for name, ours in closed.items():
        yield _settled(f"http.csp.{name}", not ours, unseen, certain=True)
    if unseen:  # another policy could bring the nonce as well as close the way
        yield Absent("http.csp.nonce_diverted", Absence.LIMITED, unseen)
    else:
        yield Fact("http.csp.nonce_diverted", effect.diverts_nonces(policies, own))
    begins_with_nothing = any(
        tuple(map(str.lower, policy.get("default-src", ()))) == ("'none'",) for policy in policies
    )
    yield _settled("http.csp.default_none", begins_with_nothing, unseen, certain=True)
    yield _settled("http.csp.strict", effect.is_strict(policies), unseen, certain=True)
    yield _settled("http.csp.trusted_types", effect.vets_text(policies), unseen, certain=True)
    yield _settled("http.csp.sandboxed", effect.sandboxed(policies, "allow-scripts"), unseen, certain=True)
    upgraded = any("upgrade-insecure-requests" in policy for policy in policies)
    yield _settled("http.csp.upgrade", upgraded, unseen, certain=True)
    if not policies and not unseen:
        yield Absent("http.csp.weakened_by", Absence.NOT_OFFERED, NONE_SENT)
        return
    for name, ours in {**ways, **closed}.items():
        if ours and unseen:
            yield Absent("http.csp.weakened_by", Absence.LIMITED, unseen, name)
        else:
            yield Fact("http.csp.weakened_by", _told(ours), name, complete=len(ours) <= MOST)


def _declared(
    final: Response, policies: effect.Policies, watched: tuple[Policy, ...], unseen: str
) -> Iterator[Collected]:
    """What was written, and where reports of it go."""
    every = policies + watched
    reported = is_reported(final, every)
    if every or unseen:
        yield _settled("http.csp.reported", reported, unseen, certain=True)
    else:
        yield Absent("http.csp.reported", Absence.NOT_OFFERED, NONE_SENT)
    if not policies:
        reason, detail = (Absence.LIMITED, unseen) if unseen else (Absence.NOT_OFFERED, NONE_SENT)
        yield from absent_all(("http.csp.publishers", "http.csp.faults"), reason, detail)
        return
    own = at(final.url)
    anywhere = set(effect.foreign_script(policies, own))
    useful = [known for known in publishers() if known.kind != "eval" or effect.text_as_code(policies)]
    found = [way for known in useful for way in effect.loads_script(policies, known.url, own) if way not in anywhere]
    if found and unseen:
        yield Absent("http.csp.publishers", Absence.LIMITED, unseen)
    else:
        ours = tuple(sorted(set(found)))
        yield Fact("http.csp.publishers", _told(ours), complete=len(ours) <= MOST)
    broken = faults(policies)
    yield Fact("http.csp.faults", _told(broken), complete=not unseen and len(broken) <= MOST)


def _nonces(
    target: Target, net: Network, final: Response, policies: effect.Policies, unseen: str
) -> Iterator[Collected]:
    names = ("http.csp.nonce_bits", "http.csp.nonce_reused")
    nonces = _all_nonces(policies)
    if unseen:
        yield from absent_all(names, Absence.LIMITED, unseen)
        return
    if not nonces:
        yield from absent_all(names, Absence.NOT_OFFERED, NO_NONCE)
        return
    yield Fact("http.csp.nonce_bits", min(len(nonce.rstrip("=")) * 6 // 8 * 8 for nonce in nonces))
    if target.level.rank < Level.STANDARD.rank:
        return
    try:
        # Another cap makes it another question; what is sent is the same, so a cache would answer as it does to all.
        again = net.get(final.url, cap=net.limits.body - 1)
    except Unobserved as failure:
        yield Absent("http.csp.nonce_reused", failure.reason, failure.detail)
        return
    if standing(again).obstacle or again.final.status != final.status or not again.final.head_complete:
        yield Absent("http.csp.nonce_reused", Absence.NOT_ASSESSABLE, ANOTHER_PAGE)
        return
    yield Fact("http.csp.nonce_reused", bool(nonces & _all_nonces(enforced(again.final, read_page(again.final)))))


def _all_nonces(policies: effect.Policies) -> set[str]:
    lists = (read_all(policy[name]) for policy in policies for name in _NONCES_IN if name in policy)
    return {nonce for sources in lists for source in sources if (nonce := nonce_of(source))}


def _told(ways: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({way[:200] for way in ways}))[:MOST]


def _settled(name: str, value: bool, unseen: str, *, certain: bool) -> Collected:  # noqa: FBT001 - the value of a fact
    """A fact; where something was not seen it holds only if its value is the one that nothing more can change."""
    if unseen and value is not certain:
        return Absent(name, Absence.LIMITED, unseen)
    return Fact(name, value)
