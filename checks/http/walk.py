"""From one side of a target along its redirects, as far as answers come; and where that leads."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net import Response, Visit

from .classify import Obstacle, Standing, origin, page_class, standing
from .refresh import by_meta

_REDIRECTS = (301, 302, 303, 307, 308)
_PASSING = (429, 500, 502, 503, 504)
"""Answers of a server in trouble: what it does when well is not seen."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Responses of one side, and the failure that ended them early or kept any from coming."""

    hops: tuple[Response, ...] = ()
    visit: Visit | None = None
    standing: Standing | None = None
    """Where the visit ended; both are None when it could not be made whole."""
    failure: Obstacle | None = None
    blocked: bool = False
    """A provider's block page answered in place of the site."""

    @property
    def answered(self) -> bool:
        """An HTTP answer came, and it was the site's side that gave it."""
        return bool(self.hops) and not self.blocked


def walk(first: Callable[[], Visit], whole: Callable[[], Visit]) -> Walk:
    """Take the first hop alone, then the whole way: a failure behind the first hop does not undo that one."""
    try:
        hops = first().hops
    except Unobserved as error:
        return Walk(failure=Obstacle(error.reason, error.detail))
    blocked = page_class(hops[0]) == "block"
    try:
        visit = whole()
    except Unobserved as error:
        return Walk(hops, failure=Obstacle(error.reason, error.detail), blocked=blocked)
    end = standing(visit)
    return Walk(visit.hops, visit, end, blocked=blocked or end.kind == "block")


def leads_to_https(walked: Walk) -> bool | Obstacle:
    """Whether a walk that began on http ends on https and never leaves it again."""
    schemes = _schemes(walked)
    if "https" in schemes and "http" in schemes[schemes.index("https") :]:
        return False
    if walked.failure:
        return walked.failure
    stopped = walked.visit.stopped if walked.visit else ""
    if schemes[-1] == "https":
        if not stopped:
            return True
        place = origin(walked.visit.location) if walked.visit else ""
        return Obstacle(Absence.NOT_ASSESSABLE, f"redirect not followed ({stopped}): {place}")
    final, kind = walked.hops[-1], walked.standing.kind if walked.standing else ""
    if final.status in _PASSING or kind == "challenge":
        return Obstacle(Absence.NOT_ASSESSABLE, f"port 80 answered {final.status}, page class: {kind}")
    return False


def first_to_https(walked: Walk) -> bool | None:
    """Whether the first redirect of a walk that began on http leads to https; None when there is none."""
    location = _location(walked.hops[0]) if walked.hops[0].status in _REDIRECTS else ""
    return urlsplit(location).scheme == "https" if location else None


def leads_to_http(walked: Walk) -> bool | Obstacle:
    """Whether a walk that began on https is led to plain http, followed or not, by a redirect or a meta refresh."""
    if "http" in _schemes(walked) or (walked.visit and by_meta(walked.visit.final).startswith("http:")):
        return True
    if walked.failure:
        return walked.failure
    return (walked.standing.obstacle if walked.standing else None) or False


def _schemes(walked: Walk) -> list[str]:
    """Schemes of the hops, and of where the last one points. A location that is no URL leads nowhere."""
    urls = [hop.url for hop in walked.hops]
    if walked.visit and walked.visit.stopped == "bad_location":
        pass
    elif walked.visit and walked.visit.location:
        urls.append(walked.visit.location)
    elif walked.hops and walked.hops[-1].status in _REDIRECTS:
        urls.append(_location(walked.hops[-1]))
    return [scheme for url in urls if (scheme := urlsplit(url).scheme) in ("http", "https")]


def _location(hop: Response) -> str:
    location = hop.first("location")
    try:
        return urljoin(hop.url, location) if location else ""
    except ValueError:
        return ""
