"""security.txt: whom the site asks to be told of weaknesses (RFC 9116)."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from urllib.parse import urljoin

from auditor.model import Absence, Absent, Collected, Fact, FactSpec, Level, Target, absent_all
from auditor.net import Network, Visit

from ..http.classify import IN_THE_WAY, page_class, standing
from ..http.page import read_page
from .securitytxt import Document, parse

facts = {
    "http.security_txt.present": FactSpec(
        bool, "A security.txt that names a contact is served", level=Level.STANDARD, cost=2
    ),
    "http.security_txt.served": FactSpec(
        bool, "A file with some field of a security.txt is served in its place", level=Level.STANDARD
    ),
    "http.security_txt.expires": FactSpec(datetime, "Until when it holds", level=Level.STANDARD),
    "http.security_txt.signed": FactSpec(
        bool, "It carries an OpenPGP signature, which is not verified here", level=Level.STANDARD
    ),
    "http.security_txt.faults": FactSpec(tuple, "What in it breaks RFC 9116", level=Level.STANDARD),
    "http.rfc2350.linked": FactSpec(bool, "The page links to a description of the incident response team (RFC 2350)"),
}

_RFC2350 = re.compile(r"<a\s[^<>]{0,500}?href\s*=\s*[^\s>]{0,300}rfc[-_ ]?2350", re.IGNORECASE)

PLACES = ("/.well-known/security.txt", "/security.txt")
CAP = 65_536
NOT_THERE = "no security.txt is served"
_ALL = tuple(name for name in facts if name.startswith("http.security_txt."))
_REST = ("http.security_txt.expires", "http.security_txt.signed", "http.security_txt.faults")


def collect(target: Target, net: Network) -> Iterable[Collected]:
    """The well-known place (section 3), then the old one, on the origin that the home page ends at."""
    home = net.home()
    if obstacle := standing(home).obstacle:
        known = (name for name, spec in facts.items() if spec.level.rank <= target.level.rank)
        yield from absent_all(known, obstacle.reason, obstacle.detail)
        return
    page = read_page(home.final)
    linked = _RFC2350.search(page.source) is not None
    if linked or not page.cut:
        yield Fact("http.rfc2350.linked", linked)
    else:
        yield Absent("http.rfc2350.linked", Absence.LIMITED, "the page was cut")
    if target.level.rank < Level.STANDARD.rank:
        return
    for place in PLACES:
        visit = net.get(urljoin(home.final.url, place), follow=True, cap=CAP)
        answer = visit.final
        if why := _undecided(visit):
            yield from absent_all(_ALL, Absence.NOT_ASSESSABLE, why)
            return
        if answer.status == 200 and (document := parse(answer.text)):
            yield from _about(visit, document, place)
            return
    yield Fact("http.security_txt.present", value=False)
    yield Fact("http.security_txt.served", value=False)
    yield from absent_all(_REST, Absence.NOT_OFFERED, NOT_THERE)


def _about(visit: Visit, document: Document, place: str) -> Iterator[Collected]:
    answer = visit.final
    yield Fact("http.security_txt.served", value=True)
    if document.contact or answer.complete:
        yield Fact("http.security_txt.present", document.contact)
    else:
        yield Absent("http.security_txt.present", Absence.LIMITED, "the answer was cut")
    if not answer.complete or not answer.head_complete:
        yield from absent_all(_REST, Absence.LIMITED, "the answer was cut")
        return
    if document.expires:
        yield Fact("http.security_txt.expires", document.expires)
    else:
        yield Absent("http.security_txt.expires", Absence.NOT_OFFERED, "no one date is given")
    yield Fact("http.security_txt.signed", document.signed)
    faults = {*document.faults, *_around(visit, document, place)}
    yield Fact("http.security_txt.faults", tuple(sorted(faults)))


def _around(visit: Visit, document: Document, place: str) -> Iterator[str]:
    """Breaches that lie in how it is served (section 3) or what it says of its place (2.5.2)."""
    answer = visit.final
    if not answer.url.startswith("https:"):
        yield "served over plain http"
    if place != PLACES[0]:
        yield "not at its well-known place"
    kind, _, parameters = (answer.first("content-type") or "").lower().partition(";")
    if kind.strip() != "text/plain":
        yield "served as another type than text/plain"
    charset = re.search(r"charset\s*=\s*\"?([^\s;\"]+)", parameters)
    if charset and charset[1] not in ("utf-8", "utf8", "us-ascii"):
        yield "served in another charset than utf-8"
    if document.canonical and not {hop.url for hop in visit.hops} & set(document.canonical):
        yield "canonical names other addresses"


def _undecided(visit: Visit) -> str:
    """Why an answer says neither yes nor no."""
    answer = visit.final
    if answer.status == 429 or answer.status >= 500:
        return f"answered {answer.status}"
    if visit.stopped in ("out_of_scope", "not_allowed"):
        return f"redirect not followed ({visit.stopped})"
    kind = page_class(answer)
    return f"page class: {kind}" if kind in IN_THE_WAY else ""
