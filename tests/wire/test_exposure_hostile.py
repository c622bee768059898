"""All signatures against sites that answer everything: none is believed, and none of their silence is a pass."""

import json
import random
import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

import checks.exposure
from auditor.errors import Unobserved
from auditor.model import Absence, Absent, Level
from auditor.net import Crawl, Limits, Neighbours, Network
from checks.exposure.probe import NEIGHBOURS
from checks.exposure.signatures import HOSTS
from tests.wire import exposures
from tests.wire.exposures import Seen
from tests.wire.site import NAME, NOT_FOUND, Answer, Cut, Request, Site, aim, reply

PATIENT = Limits(exchange=5.0, target=30.0)
HOME = reply(
    200,
    body=b"<html><title>Dinas Contoh</title><h1>Halo warga</h1><p>Layanan publik dan berita.</p>"
    + b"".join(b"<script src=/s%d/a%d.js></script>" % (number, number) for number in range(9))
    + b"</html>",
)
"""Takes more scripts and folders than are asked for."""
WORDS = [
    "berita",
    "layanan",
    "publik",
    "kabupaten",
    "dinas",
    "warga",
    "pengumuman",
    "jadwal",
    "kegiatan",
    "rapat",
    "bidang",
    "pelatihan",
    "umum",
    "peta",
]
SECRETS = """
APP_KEY=x
DB_PASSWORD=y
ref: refs/heads/master
CREATE TABLE `x` (
-----BEGIN RSA PRIVATE KEY-----
[2026-11-26 09:10:00] production.ERROR: x
Index of /
PHP Version 8
[core]
 repositoryformatversion = 0
"""
Respond = Callable[[Request], Answer]


@contextmanager
def served(answer: Respond) -> Iterator[Site]:
    with Site({"/": HOME, "*": answer}) as site:
        yield site


def look(answer: Respond, level: Level = Level.STANDARD) -> tuple[Seen, int]:
    """Answers by path, and how many requests were made beside the home page and the crawl."""
    with served(answer) as site:
        target = aim(plain=site, level=level)
        with Network(target, neighbours=Neighbours(), limits=PATIENT) as net:
            seen = exposures.said(checks.exposure.collect(target, net))
            return seen, len(site.requests) - 1 - net.crawl().requests


def page(title: str, text: str) -> bytes:
    return reply(200, body=f"<!doctype html><html><title>{title}</title><p>{text}</p></html>".encode())


def chatter() -> str:
    return " ".join(random.choices(WORDS, k=80))


def application(_: Request) -> Answer:
    token, build = secrets.token_hex(16), secrets.token_hex(4)
    body = f"<!doctype html><html><title>Aplikasi</title><meta name=csrf content={token}><div id=app></div><script src=/app.{build}.js></script></html>"
    return reply(200, body=body.encode())


def echo_of_the_request(request: Request) -> Answer:
    return reply(200, body=request.raw, kind="text/plain")


def search_page(request: Request) -> Answer:
    return page(f"Hasil pencarian {request.target}", chatter())


def api_for_everything(request: Request) -> Answer:
    body = json.dumps({"ok": True, "path": request.target, "id": random.randrange(10**6)})
    return reply(200, body=body.encode(), kind="application/json")


def tutorial_for_everything(_: Request) -> Answer:
    return page("Tutorial", f"<pre>{SECRETS}</pre>")


def secrets_for_everything(_: Request) -> Answer:
    return reply(200, body=SECRETS.encode(), kind="text/plain")


def forbidden(_: Request) -> Answer:
    return reply(403, body=b"<title>403 Forbidden</title><h1>Forbidden</h1>")


@pytest.mark.parametrize(
    "answer",
    [application, echo_of_the_request, search_page, api_for_everything, tutorial_for_everything, secrets_for_everything, forbidden],
    ids=lambda answer: answer.__name__,
)  # fmt: skip
def test_what_is_answered_alike_for_every_name_is_neither_exposed_nor_safe(answer: Respond) -> None:
    seen, _ = look(answer)
    said = Counter(seen.values())
    assert True not in said
    assert (
        said[False] <= 6
    )  # the home page itself, what an answer without a body shows, and a page that says it is none
    assert said[Absence.NOT_ASSESSABLE] > 200


def bait(request: Request) -> Answer:
    """Every name gets what it would hold if it were there."""
    listing = (
        f'<html><title>Index of {request.target}</title><h1>Index of {request.target}</h1><a href="x.sql">x.sql</a>'
    )
    contents = {
        r"\.(zip|gz|rar|7z)$": b"PK\3\4" + secrets.token_bytes(40),
        r"\.sql$": b"-- MySQL dump 10.13\nCREATE TABLE `a` (id int);",
        r"\.log$": b"[2026-11-26 09:10:00] production.ERROR: x",
        r"\.php$": b"<html><head><title>phpinfo()</title></head>",
        r"/$": listing.encode(),
        r"/\.": b"APP_KEY=x\nDB_PASSWORD=y\n",
        r"": b'{"openapi":"3.0.0","info":{},"require":{},"scripts":{},"version":3}',
    }
    kind = next(kind for kind in contents if re.search(kind, request.target))
    return reply(200, body=contents[kind], kind=None)


@pytest.mark.parametrize("level", [Level.STANDARD, Level.ACTIVE])
def test_bait_is_not_taken(level: Level) -> None:
    assert True not in look(bait, level)[0].values()


def test_a_folder_of_bait_is_not_taken_and_the_rest_is_seen() -> None:
    def folder(request: Request) -> Answer:
        return bait(request) if re.match("/backup/.", request.target) else NOT_FOUND

    seen, _ = look(folder)
    assert {path for path, said in seen.items() if said is Absence.NOT_ASSESSABLE} >= {"/backup/backup.zip"}
    assert {path for path, said in seen.items() if said is not False and not path.startswith("/backup/")} == set()
    assert True not in seen.values()


@pytest.mark.parametrize(
    "wall",
    [
        reply(403, "Server: cloudflare", body=b"<html><title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1></html>"),
        reply(200, body=b"<html><title>Request Rejected</title><body>The requested URL was rejected.<br>Your support ID is: 1</body></html>"),
    ],
    ids=["cloudflare", "f5"],
)  # fmt: skip
def test_a_wall_before_suspicious_names_says_nothing_of_them_and_all_of_the_others(wall: bytes) -> None:
    def guarded(request: Request) -> Answer:
        return wall if any(word in request.target for word in (".git", ".env", ".bak", "wp-config")) else NOT_FOUND

    seen, _ = look(guarded)
    assert {seen["/.git/HEAD"], seen["/.env"], seen["/wp-config.php.bak"]} <= {Absence.NOT_ASSESSABLE, Absence.LIMITED}
    assert seen["/backup.zip"] is seen["/phpinfo.php"] is seen["/uploads/"] is False


@pytest.mark.parametrize(
    "then",
    [
        Cut(),
        forbidden(Request("GET", "/", "", b"")),
        reply(429, "Retry-After: 0"),
        reply(503, "cf-mitigated: challenge", body=b"<title>Just a moment...</title>"),
        reply(200, body=b"<html><title>Just a moment...</title><h1>Checking your browser</h1></html>"),
    ],
    ids=["reset", "403", "429", "challenge", "challenge-200"],
)
def test_who_is_shut_out_after_sixty_requests_passes_nothing_that_came_later(then: Answer) -> None:
    asked: list[str] = []

    def shut(request: Request) -> Answer:
        asked.append(request.target)
        return NOT_FOUND if len(asked) <= 60 else then

    seen, _ = look(shut)
    assert True not in seen.values()
    assert Counter(seen.values())[False] < 60


def with_login(request: Request) -> Answer:
    return reply(302, f"Location: /masuk?kembali={request.target}")


def json_error(request: Request) -> Answer:
    body = json.dumps({"status": 404, "message": f"Rute {request.target} tidak ditemukan"})
    return reply(200, body=body.encode(), kind="application/json")


def long_error_page(request: Request) -> Answer:
    text = " ".join(f"{word}{number}" for number, word in enumerate(WORDS * 300))
    return page(f"Halaman {request.target} tidak ditemukan", text)


@pytest.mark.parametrize("answer", [with_login, json_error, long_error_page], ids=lambda answer: answer.__name__)
def test_a_site_that_says_of_every_name_that_it_is_not_public_exposes_none(answer: Respond) -> None:
    assert set(look(answer)[0].values()) == {False}


@pytest.mark.parametrize("level", [Level.STANDARD, Level.ACTIVE])
def test_the_cost_declared_is_what_is_sent_and_a_few_more_where_something_is_found(level: Level) -> None:
    declared = sum(spec.cost for spec in checks.exposure.facts.values() if spec.level.rank <= level.rank)
    below = sum(path.startswith("{base}") for one in exposures.CATALOGUE.signatures for path in one.paths)
    beside = declared - NEIGHBOURS - 2 * HOSTS - below  # no hosts of others in scope, and the home page is at the top
    assert look(lambda _: NOT_FOUND, level)[1] == beside

    def some(request: Request) -> Answer:
        return bait(request) if request.target.endswith((".env", "/backup.zip", "/error.log")) else NOT_FOUND

    assert beside < look(some, level)[1] <= declared
    assert beside < look(bait, level)[1] <= declared


@pytest.mark.parametrize("reason", [Absence.LIMITED, Absence.TIMEOUT])
def test_a_crawl_that_was_cut_off_leaves_what_needs_it_unknown(
    monkeypatch: pytest.MonkeyPatch, reason: Absence
) -> None:
    def cut() -> Crawl:
        if reason is Absence.TIMEOUT:
            raise Unobserved(reason, "x")
        return Crawl((), reason=reason, detail="x")

    with served(lambda _: NOT_FOUND) as site, Network(aim(plain=site), neighbours=Neighbours(), limits=PATIENT) as net:
        monkeypatch.setattr(net, "crawl", cut)
        found = list(checks.exposure.collect(net.target, net))
    by_crawl = {name for name, spec in checks.exposure.facts.items() if spec.crawl}
    assert {gap.fact for gap in found if isinstance(gap, Absent) and gap.reason is reason} == by_crawl != set()


OPEN_ENV = reply(200, body=b"APP_KEY=x\nDB_PASSWORD=contoh\n", kind="text/plain")
BUCKET = "contoh.s3.ap-southeast-3.amazonaws.com"
DATABASE = "contoh-default-rtdb.asia-southeast1.firebasedatabase.app"
OPEN = {
    f"{BUCKET}/?max-keys=1": reply(
        200, body=b'<?xml version="1.0"?><ListBucketResult><Name>contoh</Name>', kind="application/xml"
    ),
    f"{DATABASE}/.json?shallow=true": reply(200, body=b'{"warga":true}', kind="application/json"),
}
SHUT = {
    f"{BUCKET}/?max-keys=1": reply(403, body=b"<Error><Code>AccessDenied</Code></Error>", kind="application/xml"),
    f"{DATABASE}/.json?shallow=true": reply(401, body=b'{"error":"Permission denied"}', kind="application/json"),
}


@pytest.mark.parametrize(("pages", "exposed"), [(OPEN, True), (SHUT, False)], ids=["open", "shut"])
def test_buckets_and_databases_in_scope_are_asked_and_no_others(pages: dict[str, bytes], *, exposed: bool) -> None:
    with Site({"/": HOME} | pages, tls=True) as site:
        for scope in ((NAME, BUCKET, DATABASE), (NAME,)):
            target = aim(site, scope=scope)
            with Network(target, neighbours=Neighbours(), limits=PATIENT) as net:
                seen = exposures.said(checks.exposure.collect(target, net))
            elsewhere = {path: said for path, said in seen.items() if path.startswith("https://")}
            assert elsewhere == {f"https://{place}": exposed for place in pages if len(scope) > 1}
            assert {request.host for request in site.requests} == {host.partition(":")[0] for host in scope}
            site.requests.clear()


def test_an_application_below_the_top_is_looked_at_where_it_lies() -> None:
    pages = {"/": reply(302, "Location: /simpeg/public/"), "/simpeg/public/": HOME, "/simpeg/public/.env": OPEN_ENV}
    with Site(pages) as site:
        seen, _ = exposures.look(aim(plain=site), PATIENT)
    assert {path for path, said in seen.items() if said} == {"/simpeg/public/.env"}
