"""The other of www and the bare domain, and the page over IPv4 and IPv6."""

from typing import Any

import pytest

import checks.http
from auditor.errors import Unobserved
from auditor.model import Absence, Absent, Fact, Level, Target
from auditor.net import Response, Visit
from checks.http.twin import differences, families, name_of
from tests.unit.checks_http.answers import HOME, answer

HOST = Target("https", "contoh.go.id", 443, level=Level.STANDARD)
V4, V6 = "203.0.113.7", "2001:db8::7"


@pytest.mark.parametrize(
    ("host", "twin"),
    [
        ("contoh.go.id", "www.contoh.go.id"),
        ("www.contoh.go.id", "contoh.go.id"),
        ("portal.contoh.go.id", ""),
        ("www.portal.contoh.go.id", "portal.contoh.go.id"),
        ("go.id", "www.go.id"),
        ("203.0.113.7", ""),
    ],
)
def test_the_other_name(host: str, twin: str) -> None:
    assert name_of(host) == twin


def test_the_first_address_of_each_family() -> None:
    assert families(("203.0.113.7", "2001:db8::7", "203.0.113.8")) == (V4, V6)
    assert families(("2001:db8::7",)) == ("", V6)
    assert families(()) == ("", "")


def test_what_a_visitor_would_notice() -> None:
    one = answer("Strict-Transport-Security: max-age=1", url=HOME)
    assert differences(one, one) == ()
    assert differences(one, answer(url=HOME)) == ("Strict-Transport-Security",)


class Net:
    """A host with these answers by address."""

    http = https = None

    def __init__(self, answers: dict[str, Response | Unobserved]) -> None:
        self.answers = answers

    def addresses(self, _: str) -> tuple[str, ...]:
        return tuple(self.answers)

    def get(self, _: str, *, cap: int = 0, at: str = "", follow: bool = False) -> Visit:
        found = self.answers.get(at) if at else Unobserved(Absence.UNREACHABLE, "no such name")
        if isinstance(found, Response):
            return Visit((found,))
        raise found or Unobserved(Absence.REFUSED, "refused")


def said(answers: dict[str, Response | Unobserved]) -> dict[str, Any]:
    net: Any = Net(answers)
    walk: Any = type("Walk", (), {"hops": (answer(url=HOME),)})()
    found = list(checks.http._ipv6(HOST, net, walk))
    return {
        item.name if isinstance(item, Fact) else item.fact: item.value if isinstance(item, Fact) else item.reason
        for item in found
        if isinstance(item, (Fact, Absent))
    }


def test_the_page_is_compared_over_both_families() -> None:
    sound, bare = answer("Strict-Transport-Security: max-age=1", url=HOME), answer(url=HOME)
    same = said({V4: sound, V6: sound})
    assert (same["http.ipv6.offered"], same["http.ipv6.differences"]) == (True, ())
    assert said({V4: sound, V6: bare})["http.ipv6.differences"] == ("Strict-Transport-Security",)


def test_an_ipv6_address_that_does_not_answer_is_not_the_same() -> None:
    silent = said({V4: answer(url=HOME), V6: Unobserved(Absence.TIMEOUT, "no connection")})
    assert silent == {"http.ipv6.offered": Absence.TIMEOUT, "http.ipv6.differences": Absence.TIMEOUT}


def test_no_ipv6_address_is_no_difference() -> None:
    seen = said({V4: answer(url=HOME)})
    assert seen == {"http.ipv6.offered": False, "http.ipv6.differences": Absence.NOT_OFFERED}
