"""The crawl over real sockets: what it finds, what it leaves, and that no site makes it ask for more than it may."""

import gzip
import random
import threading
from collections.abc import Mapping
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from auditor.model import Absence, Endpoint
from auditor.net import Crawl, Limits, Neighbours, Network, Tape
from auditor.net.crawl import USUAL, WIDE, requests
from auditor.net.crawl.crawler import SMALL
from tests.wire.site import NAME, NOT_FOUND, Answer, Cut, Page, Request, Site, Stall, aim, reply

PATIENT = Limits(exchange=5.0, target=20.0)
BRIEF = Limits(exchange=0.4, target=3.0)


def anchors(*references: str) -> bytes:
    return "".join(f'<a href="{reference}">x</a>\n' for reference in references).encode()


def page(*references: str, text: str = "") -> bytes:
    return reply(200, body=f"<title>{text}</title><p>{text}</p>".encode() + anchors(*references))


def robots(*lines: str) -> bytes:
    return reply(200, body="\n".join(lines).encode(), kind="text/plain")


def sitemap(*locations: str, index: bool = False) -> bytes:
    outer, inner = ("sitemapindex", "sitemap") if index else ("urlset", "url")
    entries = "".join(f"<{inner}><loc>{location}</loc></{inner}>" for location in locations)
    namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0"?><{outer} xmlns="{namespace}">{entries}</{outer}>'.encode()


def walk(pages: Mapping[str, Page], limits: Limits = PATIENT, most: int | None = None) -> tuple[Crawl, list[str]]:
    """The crawl of a site and the paths it was asked for, the home page among them."""
    with Site(pages) as site, Network(aim(plain=site, pages=most), neighbours=Neighbours(), limits=limits) as net:
        found = net.crawl()
        assert net.crawl() is found, "made once"
        asked = site.paths
    assert len(asked) - 1 <= found.requests <= found.budget
    assert len(asked) - 1 == found.requests or found.missed
    assert len(set(asked)) == len(asked), "nothing is asked for twice"
    return found, asked


def paths(found: Crawl) -> list[str]:
    return [document.url.removeprefix(f"http://{NAME}") for document in found.documents]


# ---------------------------------------------------------------- what is found


def test_pages_and_documents_are_found_wherever_they_are_named() -> None:
    body = b"""<base href="/d/"><a href='a.html'>x</a><a href=b.pdf>x</a><iframe src="c.html"></iframe>
        <script src="/s.js"></script><link rel="alternate" href="/feed.xml"><!-- <a href="/old.zip">x</a> -->
        <area href="/peta.html"><meta http-equiv="refresh" content="5; url=/next.html"><img src="/x.png">
        <a href="/data.xlsx?x=1&amp;y=2">x</a><a href="mailto:x@contoh.go.id">x</a>"""
    script = reply(200, body=b"let a=1;\n//# sourceMappingURL=s.js.map\n", kind="text/javascript")
    found, _ = walk({"/": reply(200, body=body), "/s.js": script})
    assert sorted(paths(found)[1:]) == sorted(
        ["/d/a.html", "/d/b.pdf", "/d/c.html", "/s.js", "/s.js.map", "/feed.xml", "/old.zip", "/peta.html",
         "/next.html", "/data.xlsx?x=1&y=2"]
    )  # fmt: skip
    assert found.covered
    assert found.left == 0


def test_a_document_says_where_it_was_found_and_keeps_its_body() -> None:
    data = b"nama;nilai\n" * 5_000
    with_file = {"/": page("/a"), "/a": page("/b.csv"), "/b.csv": reply(200, body=data, kind="text/csv; charset=utf-8")}
    found, _ = walk(with_file)
    document = found.documents[-1]
    assert (document.status, document.content_type, document.depth) == (200, "text/csv", 2)
    assert document.found_on == f"http://{NAME}/a"
    assert document.body == data
    assert document.response.text == data.decode()
    assert len(document.packed) < len(data) // 10, "kept compressed"
    assert found.documents[1].links == (f"http://{NAME}/b.csv",)


def test_one_spelling_of_a_page_is_asked_for_once() -> None:
    found, asked = walk({
        "/": page("/%7Ea", "/~a", "/~a#b", f"HTTP://{NAME.upper()}:80/~a", f"https://{NAME}/~a", f"//www.{NAME}/~a",
                  "/b/../~a", "/~a?PHPSESSID=abcdef0123456789", "/x?a=1&b=2", "/x?b=2&a=1"),
    })  # fmt: skip
    assert sorted(asked[1:]) == ["/robots.txt", "/sitemap.xml", "/x?a=1&b=2", "/~a"]
    assert found.covered


def test_redirects_are_requests_and_lead_on_within_the_scope_alone() -> None:
    found, asked = walk({
        "/": page("/a", "/luar"),
        "/a": reply(302, "Location: /b"),
        "/b": page(text="tiba"),
        "/luar": reply(302, "Location: https://lain.example/x"),
    })  # fmt: skip
    assert paths(found) == ["/", "/a", "/luar", "/b"]
    assert found.documents[-1].found_on.endswith("/a")
    assert not any("lain" in path for path in asked)


def test_links_out_of_scope_are_told_and_not_followed() -> None:
    outside = [
        "https://lain.example/a",
        "http://10.0.0.1/",
        f"http://{NAME}:8080/",
        "https://contoh.go.id.lain.example/",
    ]
    found, asked = walk({"/": page(*outside)})
    assert set(outside) <= set(found.documents[0].links)
    assert asked == ["/", "/robots.txt", "/sitemap.xml"]


def test_sitemaps_are_read_through_indexes_gzip_and_lists() -> None:
    listed = gzip.compress(sitemap(f"http://{NAME}/dari-gz", f"https://{NAME}/a?x=1&amp;y=2"))
    found, _ = walk({
        "/": page(),
        "/robots.txt": robots("Sitemap: /indeks.xml", "Sitemap: https://lain.example/s.xml", "Sitemap: /daftar.txt"),
        "/indeks.xml": reply(200, body=sitemap(f"http://{NAME}/peta.xml.gz", index=True), kind="application/xml"),
        "/peta.xml.gz": reply(200, body=listed, kind="application/gzip"),
        "/daftar.txt": reply(200, body=f"http://{NAME}/dari-daftar\r\n".encode(), kind="text/plain"),
    })  # fmt: skip
    assert {"/dari-gz", "/a?x=1&y=2", "/dari-daftar"} <= set(paths(found))
    assert {item.url.rpartition("/")[2]: len(item.locations) for item in found.sitemaps} == {
        "indeks.xml": 1, "peta.xml.gz": 2, "daftar.txt": 1,
    }  # fmt: skip
    assert all(item.complete for item in found.sitemaps)


def test_a_crawl_is_repeatable() -> None:
    site = {"/": page(*(f"/p{number}" for number in range(60)))}
    assert walk(site, most=40)[0].documents[5].url == walk(site, most=40)[0].documents[5].url
    assert paths(walk(site, most=40)[0]) == paths(walk(site, most=40)[0])


def test_a_tape_plays_a_crawl(tmp_path: Path) -> None:
    tape = Tape()
    with Site({"/": page("/a"), "/a": Stall()}) as site:
        target = aim(plain=site)
        with Network(target, neighbours=Neighbours(), limits=BRIEF, tape=tape) as net:
            found = net.crawl()
    tape.save(tmp_path / "tape")
    with Network(target, neighbours=Neighbours(), tape=Tape.load(tmp_path / "tape")) as net:
        played = net.crawl()
    assert [document.response for document in played.documents] == [
        replace(document.response) for document in found.documents
    ]
    assert replace(played, documents=()) == replace(found, documents=())


# ---------------------------------------------------------------- robots.txt (RFC 9309)


def test_robots_txt_is_honoured_page_by_page() -> None:
    rules = robots("User-agent: *", "Disallow: /tertutup", "Disallow: /*.pdf$", "Allow: /tertutup/terbuka")
    found, asked = walk({"/": page("/tertutup/a", "/tertutup/terbuka", "/a.pdf", "/b"), "/robots.txt": rules})
    assert set(asked[3:]) == {"/tertutup/terbuka", "/b"}
    assert found.withheld == 2
    assert found.covered


def test_rules_for_our_own_name_replace_the_general_ones() -> None:
    rules = robots("User-agent: *", "Disallow: /", "", "User-agent: auditor", "Allow: /")
    assert "/a" in walk({"/": page("/a"), "/robots.txt": rules})[1]


def test_a_site_that_shuts_all_crawlers_out_is_not_covered() -> None:
    found, asked = walk({"/": page("/a"), "/robots.txt": robots("User-agent: *", "Disallow: /")})
    assert asked == ["/", "/robots.txt"]
    assert paths(found) == ["/"], "the home page is one that every visitor sees"
    assert found.reason is Absence.NOT_ASSESSABLE


@pytest.mark.parametrize("answer", [reply(500), reply(503), reply(429), Cut(), Stall()])
def test_unreachable_robots_txt_means_that_nothing_may_be_crawled(answer: Answer) -> None:
    """RFC 9309, section 2.3.1.4."""
    found, asked = walk({"/": page("/a"), "/robots.txt": answer}, BRIEF)
    assert set(asked) == {"/", "/robots.txt"}
    assert not found.covered


@pytest.mark.parametrize("answer", [reply(404), reply(403), reply(401), reply(410)])
def test_unavailable_robots_txt_means_that_everything_may_be_crawled(answer: bytes) -> None:
    """RFC 9309, section 2.3.1.3."""
    assert "/a" in walk({"/": page("/a"), "/robots.txt": answer})[1]


def test_five_redirects_of_robots_txt_are_followed() -> None:
    """RFC 9309, section 2.3.1.2."""
    chain: dict[str, Page] = {f"/r{n}": reply(301, f"Location: /r{n + 1}") for n in range(1, 5)}
    rules = robots("User-agent: *", "Disallow: /a")
    pages = {"/": page("/a"), "/robots.txt": reply(301, "Location: /r1"), **chain, "/r5": rules}
    assert "/a" not in walk(pages)[1]
    round_about = {
        "/": page("/a"),
        "/robots.txt": reply(301, "Location: /r1"),
        **chain,
        "/r5": reply(301, "Location: /r6"),
    }
    assert "/a" in walk(round_about)[1], "beyond five it is unavailable"


# ---------------------------------------------------------------- budgets


@pytest.mark.parametrize("most", [1, 2, 3, 10, 33])
def test_no_more_is_asked_for_than_the_budget(most: int) -> None:
    def endless(request: Request) -> bytes:
        return page(*(f"{request.target.rstrip('/')}/{n}" for n in range(5)), text=request.target)

    found, asked = walk({"/robots.txt": NOT_FOUND, "/sitemap.xml": NOT_FOUND, "*": endless}, most=most)
    assert len(asked) == 1 + most, "all of it is used"
    assert found.covered, "the declared budget was used"
    assert found.budget == most
    assert found.left or most < 3


def test_redirects_of_robots_txt_and_sitemaps_are_within_the_budget() -> None:
    def on(request: Request) -> bytes:
        return reply(302, f"Location: {request.target}x")

    _, asked = walk({"/": page("/a"), "*": on}, most=4)
    assert len(asked) == 5


def test_a_polite_crawl_is_smaller_than_one_at_a_local_address() -> None:
    local = aim(plain=Endpoint("127.0.0.1", 1))
    assert requests(local) == WIDE
    assert requests(replace(local, rate=2)) == USUAL
    assert requests(replace(local, connect_http=None)) == USUAL
    assert requests(replace(local, pages=7)) == 7


def test_the_bytes_of_a_document_and_of_the_crawl_are_bounded() -> None:
    big = reply(200, body=b"x" * 50_000, kind="application/pdf")
    found, _ = walk({"/": page("/a.pdf", "/b"), "/a.pdf": big}, replace(PATIENT, document=10_000))
    assert [(document.complete, len(document.body)) for document in found.documents if "pdf" in document.url] == [
        (False, 10_000)
    ]
    found, _ = walk({"/": page("/a.pdf", "/b", "/c"), "/a.pdf": big}, replace(PATIENT, crawled=40_000))
    assert found.reason is Absence.LIMITED
    assert found.detail == "the bytes read by the crawl are at their cap"


def test_large_documents_leave_room_for_pages() -> None:
    """What is cut or not kept of a document is told at the document; the pages behind it are read all the same."""
    chance = random.Random(1)
    files = {f"/{n}.pdf": reply(200, body=chance.randbytes(800_000), kind="application/pdf") for n in range(12)}
    found, _ = walk({"/": page(*files, "/b"), "/b": page(text="tiba"), **files}, replace(PATIENT, kept=2_000_000))
    assert found.covered
    assert len(found.documents) == 14
    assert sum(len(document.packed) for document in found.documents) <= 2_000_000
    sizes = {len(document.body) for document in found.documents if not document.complete}
    assert sizes
    assert sizes <= {0, SMALL}
    assert all(document.complete for document in found.documents if ".pdf" not in document.url)


def test_time_cuts_a_crawl_off_and_says_so() -> None:
    stalling: dict[str, Page] = {f"/{n}": Stall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n") for n in range(40)}
    found, _ = walk({"/": page(*stalling), **stalling}, Limits(exchange=0.3, target=1.0))
    assert found.reason is Absence.LIMITED
    assert not found.covered


def test_a_site_that_stops_answering_is_left_alone() -> None:
    silent: dict[str, Page] = {f"/{n}": Cut() for n in range(40)}
    found, asked = walk({"/": page(*silent), **silent}, BRIEF)
    assert len(asked) < 20
    assert found.reason is Absence.LIMITED
    assert found.missed


def test_a_site_that_asks_to_be_spared_is_left_alone() -> None:
    tired: dict[str, Page] = {f"/{n}": reply(503) for n in range(100)}
    found, asked = walk({"/": page(*tired), **tired})
    assert len(asked) < 25
    assert found.reason is Absence.LIMITED


def test_one_page_that_gives_no_answer_is_missed_by_name() -> None:
    found, _ = walk({"/": page("/a", "/b?nik=6371019001909001"), "/b?nik=6371019001909001": Cut()})
    (missed,) = found.missed
    assert (missed.name, missed.reason) == (f"http://{NAME}/b?nik=", Absence.REFUSED)
    assert found.covered


# ---------------------------------------------------------------- traps


def _trapped(trap: str, answer: object) -> list[str]:
    """What was asked of a site with a hundred pages of news and one trap, within 150 requests."""
    news = {f"/berita/{n}": page(text=f"berita tentang {chr(97 + n % 26)}{chr(97 + n // 26)}") for n in range(100)}
    pages = {"/": page(trap, *news), **news, "/robots.txt": NOT_FOUND, "/sitemap.xml": NOT_FOUND, "*": answer}
    found, asked = walk(pages, most=150)  # type: ignore[arg-type]
    assert set(news) <= set(asked), "the trap keeps nothing else from being read"
    assert found.traps
    return [path for path in asked if path not in news]


def test_an_endless_calendar_ends() -> None:
    def month(request: Request) -> bytes:
        number = int(request.target.rpartition("=")[2])
        return page(f"/kalender?bulan={number + 1}", f"/kalender?bulan={number - 1}", text=f"Tidak ada acara {number}")

    assert len(_trapped("/kalender?bulan=1", month)) < 20


def test_session_ids_in_paths_and_queries_make_no_new_pages() -> None:
    count = iter(range(10_000))

    def issue(request: Request) -> bytes:
        token = f"{next(count):032x}"
        return page(f"/a?PHPSESSID={token}", f"/a;jsessionid={token}", f"/a?sid={token}", text="sama")

    _, asked = walk({"/": page("/a"), "*": issue, "/robots.txt": NOT_FOUND, "/sitemap.xml": NOT_FOUND})
    assert asked == ["/", "/robots.txt", "/sitemap.xml", "/a"]


def test_relative_links_gone_wrong_end() -> None:
    assert len(_trapped("/x/", lambda request: page("x/", "y/", text="sama"))) < 60


def test_endless_parameters_end() -> None:
    def more(request: Request) -> bytes:
        mark = "&" if "?" in request.target else "?"
        return page(*(f"{request.target}{mark}f{n}=1" for n in range(3)), text="sama")

    assert len(_trapped("/saring", more)) <= 53


def test_a_page_of_ten_thousand_links() -> None:
    found, asked = walk({"/": page(*(f"/p/{n}" for n in range(10_000)))}, most=50)
    assert len(asked) == 51
    assert found.left > 9_000


def test_a_redirect_loop_ends() -> None:
    loop = {"/": page("/a"), "/a": reply(302, "Location: /b"), "/b": reply(302, "Location: /a")}
    assert walk(loop)[1][3:] == ["/a", "/b"]


def test_a_sitemap_bomb_is_cut() -> None:
    bomb = gzip.compress(sitemap(f"http://{NAME}/a") + b"<!--" + b" " * 30_000_000)
    answer = reply(200, body=bomb, kind="application/gzip")
    found, asked = walk({"/": page(), "/sitemap.xml": answer}, replace(PATIENT, document=1_000_000))
    assert [item.complete for item in found.sitemaps] == [False]
    assert "/a" in asked, "what was read of it counts"


def test_a_huge_sitemap_and_one_that_names_itself() -> None:
    body = sitemap(*(f"http://{NAME}/{n}" for n in range(60_000)))
    found, asked = walk({"/": page(), "/sitemap.xml": reply(200, body=body, kind="application/xml")}, most=20)
    assert len(asked) == 21
    assert [len(item.locations) for item in found.sitemaps] == [50_000]
    own = sitemap(*(f"http://{NAME}/sitemap.xml?{n}" for n in range(9_000)), index=True)
    _, asked = walk({"/": page(), "*": reply(200, body=own, kind="application/xml"), "/robots.txt": NOT_FOUND}, most=60)
    assert sum("sitemap" in path for path in asked) <= 6


def test_entities_of_a_sitemap_are_never_expanded() -> None:
    declared = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "x">{declared}]><urlset><loc>http://{NAME}/&a11;</loc></urlset>'
    )
    found, _ = walk({"/": page(), "/sitemap.xml": reply(200, body=bomb.encode(), kind="application/xml")})
    assert found.sitemaps[0].locations == (f"http://{NAME}/&a11;",)


def test_a_link_to_a_further_host_that_is_not_there_is_no_page_missed() -> None:
    with Site({"/": page("https://tiada.contoh.go.id/x", "/a")}) as site:
        target = aim(plain=site, scope=(NAME, "tiada.contoh.go.id"))
        with Network(target, neighbours=Neighbours(), limits=PATIENT) as net:
            found = net.crawl()
    assert (found.missed, found.withheld, found.covered) == ((), 1, True)


def test_a_polite_crawl_stays_on_two_connections() -> None:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = anchors(*(f"/{n}" for n in range(40)))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        target = aim(plain=Endpoint("127.0.0.1", server.server_port), rate=1_000)
        with Network(target, neighbours=Neighbours(), limits=PATIENT) as net:
            assert net.crawl().requests == 42
            assert net.connections == 2
        server.shutdown()
