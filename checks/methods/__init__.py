"""What the server does with methods that no visitor's browser uses (RFC 9110, sections 9.3.8 and 15.5.6)."""

import secrets
from collections.abc import Iterable

from auditor.errors import Unobserved
from auditor.model import Absence, Absent, Collected, Fact, FactSpec, Level, Target, absent_all
from auditor.net import Field, Network, Response

from ..http.classify import IN_THE_WAY, page_class, standing

facts = {
    "http.method.trace": FactSpec(bool, "TRACE sends a request's fields back", level=Level.ACTIVE, cost=1),
    "http.method.invented": FactSpec(
        bool, "A method that does not exist is answered like GET, with status 2xx", level=Level.ACTIVE, cost=1
    ),
}

CAP = 65_536
INVENTED = "AUDITOR"
"""A method that does nothing anywhere."""


def collect(target: Target, net: Network) -> Iterable[Collected]:  # noqa: ARG001 - the contract of a check
    """Two requests for the final page of `home()`."""
    home = net.home()
    if obstacle := standing(home).obstacle:
        yield from absent_all(facts, obstacle.reason, obstacle.detail)
        return
    word = secrets.token_hex(8)
    yield _asked(net, home.final.url, "TRACE", word)
    yield _asked(net, home.final.url, INVENTED, word)


def _asked(net: Network, url: str, method: str, word: str) -> Collected:
    name = "http.method.trace" if method == "TRACE" else "http.method.invented"
    try:
        answer = net.get(url, method=method, fields=(Field("X-Auditor", word),), cap=CAP).final
    except Unobserved as failure:
        return Absent(name, failure.reason, failure.detail)
    if _undecided(answer):
        return Absent(name, Absence.NOT_ASSESSABLE, f"answered {answer.status}")
    succeeded = 200 <= answer.status < 300
    return Fact(name, succeeded and (method != "TRACE" or word.encode() in answer.body))


def _undecided(answer: Response) -> bool:
    """A server in trouble, or a wall: neither is what the site does when well. 501 is an answer (15.6.2)."""
    troubled = answer.status == 429 or (answer.status >= 500 and answer.status not in (501, 505))
    return troubled or (page_class(answer) in IN_THE_WAY and answer.status != 405)
