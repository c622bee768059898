"""What the page that the site ends at loads, from where, and where it sends what people type."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from urllib.parse import urlsplit

from auditor.errors import Unobserved
from auditor.model import Absence, Absent, Collected, Covered, Fact, FactSpec, Level, Target, absent_all
from auditor.net import Network, Response

from ..csp.policy import enforced
from ..http.classify import standing
from ..http.page import Page, is_html, read_page
from ..http.suffixes import site_of
from .hijacked import is_hijacked
from .libraries import Library, by_address, by_content, distinct, is_promising
from .resources import Contents, Resource, contents
from .software import sightings

facts = {
    "http.content.mixed_active": FactSpec(
        tuple, "Scripts, styles, frames and the like that an HTTPS page asks for over plain http; browsers refuse them"
    ),
    "http.content.mixed_passive": FactSpec(
        tuple, "Images, sound and video that an HTTPS page asks for over plain http"
    ),
    "http.content.insecure_forms": FactSpec(tuple, "Places that an HTTPS page sends forms to over plain http"),
    "http.content.password_insecure": FactSpec(
        bool, "A password is asked for on a page that came over plain http, or sent over it"
    ),
    "http.content.third_parties": FactSpec(
        tuple, "Hosts of other owners from which the markup loads scripts, styles, frames or objects"
    ),
    "http.content.foreign_scripts": FactSpec(bool, "The markup loads scripts from hosts of other owners"),
    "http.content.unverified": FactSpec(
        tuple, "Scripts and styles of other owners' hosts that no valid integrity attribute binds"
    ),
    "http.content.hijacked": FactSpec(tuple, "Hosts it loads from that are known to have served malicious scripts"),
    "http.content.generator": FactSpec(str, "Software that the page names as its generator"),
    "http.library.known": FactSpec(
        tuple,
        "What is known against a JavaScript library that the page loads, in the version that its address or first lines"
        " show (retire.js); from level standard on, up to three of the site's own scripts are read for it",
        subject="library",
        cost=3,
    ),
    "http.library.severity": FactSpec(
        str, "The gravest of that: none, low, medium, high or critical", subject="library"
    ),
    "http.software.version": FactSpec(str, "Version of the site's software in plain sight", subject="software"),
    "http.software.supported_until": FactSpec(
        datetime, "Until when that version gets security fixes, where it is known to end", subject="software"
    ),
}

_SETS_OF_LIBRARIES = ("http.library.known", "http.library.severity")
_SETS_OF_SOFTWARE = ("http.software.version", "http.software.supported_until")
SCRIPTS = 3
"""Scripts of the site that are read for the name and version of a library."""
SCRIPT_CAP = 16_384

MOST = 50
SHOWN = 200
CUT = "the page was cut"
NO_GENERATOR = "the page names none"

_ACTIVE = frozenset(("script", "style", "frame", "object", "other"))
_FOREIGN = frozenset(("script", "style", "frame", "object"))


def collect(target: Target, net: Network) -> Iterable[Collected]:
    """Facts from the markup of the final page of `home()`. What scripts add later is not seen."""
    home = net.home()
    if obstacle := standing(home).obstacle:
        yield from absent_all(facts, obstacle.reason, obstacle.detail)
        return
    final = home.final
    page = read_page(final)
    policies = enforced(final, page)
    found = contents(page.source, final.url, policies) if is_html(final) else Contents()
    upgraded = any("upgrade-insecure-requests" in policy for policy in policies)
    secure = final.url.startswith("https:")
    plain = [r for r in found.resources if secure and not upgraded and _is_insecure(r.url)]
    whole = not page.cut and final.head_complete
    sets = {
        "mixed_active": (_named(r) for r in plain if r.kind in _ACTIVE),
        "mixed_passive": (_named(r) for r in plain if r.kind == "media"),
        "insecure_forms": (_named(r) for r in plain if r.kind == "form"),
        **_foreign(found, urlsplit(final.url).hostname or ""),
    }
    for name, members in sets.items():
        told = sorted(set(members))
        yield Fact(f"http.content.{name}", tuple(told[:MOST]), complete=whole and len(told) <= MOST)
    own = site_of(urlsplit(final.url).hostname or "")
    foreign = any(r.kind == "script" and site_of(r.host) != own for r in found.resources)
    if foreign or whole:
        yield Fact("http.content.foreign_scripts", foreign)
    else:
        yield Absent("http.content.foreign_scripts", Absence.LIMITED, CUT)
    yield from _passwords(found, final.url, upgraded=upgraded, whole=whole)
    if found.generator:
        yield Fact("http.content.generator", found.generator[:SHOWN])
    else:
        reason, detail = (Absence.NOT_OFFERED, NO_GENERATOR) if whole else (Absence.LIMITED, CUT)
        yield Absent("http.content.generator", reason, detail)
    yield from _software(final, found.generator, whole=whole)
    yield from _libraries(target, net, found, page, whole=whole)


def _software(final: Response, generator: str, *, whole: bool) -> Iterator[Collected]:
    for name, seen in sightings(final, generator).items():
        yield Fact("http.software.version", seen.version, name)
        if seen.until:
            yield Fact("http.software.supported_until", seen.until, name)
    if whole:
        yield from (Covered(name) for name in _SETS_OF_SOFTWARE)
    else:
        yield from absent_all(_SETS_OF_SOFTWARE, Absence.LIMITED, CUT)


def _libraries(target: Target, net: Network, found: Contents, page: Page, *, whole: bool) -> Iterator[Collected]:
    """By the addresses of scripts, by what stands in the page, then by what a few of the site's own scripts say."""
    scripts = list(dict.fromkeys(r.url for r in found.resources if r.kind == "script"))
    named = {url: list(by_address(url)) for url in scripts}
    libraries = [library for some in named.values() for library in some] + list(by_content(page.scripts))
    if target.level.rank >= Level.STANDARD.rank:
        own = urlsplit(net.home().final.url).netloc
        unnamed = [url for url in scripts if not named[url] and urlsplit(url).netloc == own and is_promising(url)]
        libraries += [library for url in unnamed[:SCRIPTS] for library in _inside(net, url)]
    for subject, library in list(distinct(libraries).items())[:MOST]:
        yield Fact("http.library.known", library.known, subject)
        yield Fact("http.library.severity", library.severity, subject)
    if whole:
        yield from (Covered(name) for name in _SETS_OF_LIBRARIES)
    else:
        yield from absent_all(_SETS_OF_LIBRARIES, Absence.LIMITED, CUT)


def _inside(net: Network, url: str) -> Iterator[Library]:
    """What a script says of itself. One that does not come is a script that shows nothing."""
    try:
        answer = net.get(url, cap=SCRIPT_CAP).final
    except Unobserved:
        return
    if answer.status == 200 and not is_html(answer):
        yield from by_content(answer.text)


def _foreign(found: Contents, own: str) -> dict[str, Iterator[str]]:
    elsewhere = [r for r in found.resources if r.kind in _FOREIGN and r.host != own]
    foreign = [r for r in elsewhere if site_of(r.host) != site_of(own)]
    loose = [r for r in foreign if r.kind in ("script", "style") and not r.is_bound]
    return {
        "third_parties": (r.host for r in foreign),
        "unverified": (_named(r) for r in loose),
        "hijacked": (r.host for r in foreign if is_hijacked(r.host)),
    }


def _passwords(found: Contents, url: str, *, upgraded: bool, whole: bool) -> Iterator[Collected]:
    name = "http.content.password_insecure"
    in_clear = not url.startswith("https:")
    insecure = any(in_clear or (_is_insecure(action) and not upgraded) for action in found.password_actions)
    if insecure or whole:
        yield Fact(name, insecure)
    else:
        yield Absent(name, Absence.LIMITED, CUT)


def _is_insecure(url: str) -> bool:
    """Plain http to elsewhere than the visitor's own machine (Secure Contexts, 3.1)."""
    host = urlsplit(url).hostname or ""
    local = host in ("localhost", "::1") or host.endswith(".localhost") or host.startswith("127.")
    return url.startswith("http:") and not local


def _named(resource: Resource) -> str:
    """Element and address, without a query that could hold personal data."""
    parts = urlsplit(resource.url)
    return f"{resource.element} {parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"[:SHOWN]
