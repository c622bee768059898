"""Response headers of the page that the site ends at, as a current browser effectively takes them."""

from collections.abc import Iterable, Iterator

from auditor.model import Absence, Absent, Collected, Fact, FactSpec, Target, absent_all
from auditor.net import Network, Response

from ..http.classify import standing
from ..http.page import Page, read_page
from . import framing, hsts, referrer
from .structure import nosniff

facts = {
    "http.hsts.max_age": FactSpec(int, "Time for which browsers remember to use HTTPS only (RFC 6797)", unit="s"),
    "http.hsts.include_subdomains": FactSpec(bool, "That holds for all subdomains as well"),
    "http.hsts.preload": FactSpec(bool, "The site agrees to be built into browsers' HTTPS-only lists"),
    "http.frame.restricted": FactSpec(
        bool, "Browsers refuse to show the page in frames of sites of other owners (frame-ancestors, X-Frame-Options)"
    ),
    "http.header.x_frame_options": FactSpec(str, "X-Frame-Options as sent"),
    "http.header.nosniff": FactSpec(bool, "Browsers keep to the declared types: X-Content-Type-Options is nosniff"),
    "http.header.referrer_policy": FactSpec(str, "Referrer policy in force, by header or by meta element"),
}

HSTS = ("http.hsts.max_age", "http.hsts.include_subdomains", "http.hsts.preload")
CUT = "the response head was cut at a cap"
PAGE_CUT = "the page was cut before its head ended"
SHOWN = 200


def collect(target: Target, net: Network) -> Iterable[Collected]:  # noqa: ARG001 - the contract of a check
    """Facts of the final page of `home()`; nothing of a page that is not the site."""
    home = net.home()
    if obstacle := standing(home).obstacle:
        yield from absent_all(facts, obstacle.reason, obstacle.detail)
        return
    final = home.final
    page = read_page(final)
    yield from _hsts(final)
    yield from _framing(final)
    yield _nosniff(final)
    yield _referrer(final, page)


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


def _framing(final: Response) -> Iterator[Collected]:
    framed = framing.effective(final)
    certain = framed.restricted and framed.by_policy
    yield _unless_cut(final, Fact("http.frame.restricted", framed.restricted), seen=certain)
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


def _unless_cut(final: Response, fact: Fact, *, seen: bool) -> Collected:
    """A fact that later fields could change holds only when the whole head was read."""
    return fact if seen or final.head_complete else Absent(fact.name, Absence.LIMITED, CUT)
