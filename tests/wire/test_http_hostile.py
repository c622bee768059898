"""Hostile answers to the checks of the header half: named facts, no crash, nothing that grows with what was sent."""

import gzip
from collections.abc import Iterator

import pytest

from auditor import scan
from auditor.model import Absence, Level, Observation, Target
from auditor.net import Limits, Neighbours, Network
from tests.wire.site import Answer, Site, aim
from tests.wire.verdicts import checks, sites

PAGE = b"<!doctype html><title>Dinas Contoh</title><p>Layanan publik."
BOMB = gzip.compress(b"\0" * 50_000_000)


def raw(*lines: bytes, body: bytes = PAGE) -> bytes:
    head = (b"HTTP/1.1 200 OK", b"Content-Type: text/html", b"Content-Length: %d" % len(body), *lines)
    return b"\r\n".join(head) + b"\r\n\r\n" + body


LONG = b"x" * 20_000
NESTED = b"(" * 10_000
FIELDS = (
    b"Strict-Transport-Security", b"Content-Security-Policy", b"X-Frame-Options", b"X-Content-Type-Options",
    b"Referrer-Policy", b"Permissions-Policy", b"Cross-Origin-Opener-Policy", b"Cross-Origin-Embedder-Policy",
    b"Cross-Origin-Resource-Policy", b"Set-Cookie", b"Cache-Control", b"Location", b"Refresh", b"Alt-Svc", b"Date",
    b"Clear-Site-Data", b"Reporting-Endpoints", b"Report-To", b"Content-Encoding", b"Server", b"X-Powered-By",
    b"Access-Control-Allow-Origin", b"X-Permitted-Cross-Domain-Policies", b"Retry-After", b"Expires",
)  # fmt: skip
HOSTILE: dict[str, bytes] = {
    "lines of 20 kB": raw(*(name + b": " + LONG for name in FIELDS)),
    "5,000 fields": raw(*(b"Set-Cookie: a%d=%d" % (number, number) for number in range(5_000))),
    "5,000 policies": raw(*(b"Content-Security-Policy: script-src 'self'" for _ in range(5_000))),
    "a policy of 5,000 sources": raw(
        b"Content-Security-Policy: script-src " + b"*.go.id:%d " * 5_000 % tuple(range(5_000))
    ),
    "a hundred policies of wildcards": raw(
        b"Content-Security-Policy: " + b"script-src *.go.id *.ac.id https: data: *:8443 *:9443," * 100
    ),
    "control bytes": raw(*(name + b": \x01\x02\x7f\x08\x1b[31m" for name in FIELDS)),
    "no UTF-8": raw(*(name + b": \xff\xfe\x80\xc3\x28" for name in FIELDS), body=b"<title>\xff\xfe</title>\xc3\x28"),
    "brackets": raw(*(name + b": " + NESTED for name in FIELDS)),
    "quotes": raw(*(name + b': "' + b"\\" * 9_999 for name in FIELDS)),
    "commas and semicolons": raw(*(name + b": " + b",;" * 5_000 for name in FIELDS)),
    "digits": raw(*(name + b": max-age=" + b"9" * 9_999 for name in FIELDS)),
    "lines without a colon": raw(b"sampah", b": kosong", b" lipatan", b"\tlipatan", b"nama berspasi : x"),
    "a bomb": raw(b"Content-Encoding: gzip", body=BOMB),
    "a bomb in a bomb": raw(b"Content-Encoding: gzip, gzip", body=gzip.compress(BOMB)),
    "tags without end": raw(body=b"<!doctype html><title>x</title>" + b"<img srcset='" * 20_000),
    "styles without end": raw(body=b"<!doctype html><title>x</title><style>" + b"url(@import " * 40_000),
    "scripts without end": raw(body=b"<!doctype html><title>x</title>" + b"<script src=jquery-1." * 20_000),
    "libraries": raw(
        body=b"<!doctype html>" + b"".join(b"<script src=/jquery-1.%d.1.js></script>" % n for n in range(3_000))
    ),
    "refreshes": raw(body=b"<meta http-equiv=refresh content='0;" + b" ;url=" * 50_000 + b"'>"),
}


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[Site, Site]]:
    with sites() as pair:
        yield pair


def seen(servers: tuple[Site, Site], answer: Answer) -> tuple[Observation, ...]:
    secure, plain = servers
    secure.show({"*": answer})
    plain.show({"*": answer})

    def open_network(asked: Target) -> Network:
        return Network(asked, neighbours=Neighbours(), limits=Limits(exchange=10, target=60))

    return scan.scan(aim(secure, plain, level=Level.ACTIVE), checks(), open_network)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_answers_become_named_facts(name: str, servers: tuple[Site, Site]) -> None:
    observations = seen(servers, HOSTILE[name])
    crashed = {(gap.fact, gap.detail) for o in observations for gap in o.absent if gap.reason is Absence.CRASHED}
    assert crashed == set()
    told = [fact.value for o in observations for fact in o.facts]
    assert len(told) < 3_000
    words = [
        word for value in told for word in (value if isinstance(value, tuple) else (value,)) if isinstance(word, str)
    ]
    assert max(map(len, words)) <= 1_000
    named = {fact.name for o in observations for fact in o.facts} | {gap.fact for o in observations for gap in o.absent}
    covered = {name for o in observations for name in o.covered}
    assert {name for check in checks() for name in check.facts} <= named | covered


def test_what_was_cut_off_proves_nothing_missing(servers: tuple[Site, Site]) -> None:
    observations = seen(servers, HOSTILE["5,000 fields"])
    gaps = {gap.fact: gap.reason for o in observations for gap in o.absent}
    assert gaps["http.cookie.secure"] is Absence.LIMITED
    assert gaps["http.hsts.max_age"] is Absence.LIMITED
    assert not any("http.cookie.secure" in o.covered for o in observations)
