"""Planted pages over real sockets: found on the pages of a crawl, in sitemaps, and by comparing views."""

import re
from collections.abc import Callable, Mapping

import pytest

import checks.gambling
from auditor.model import Absence, Absent, Collected, Covered, Fact, Level, Target
from auditor.net import Limits, Neighbours, Network
from checks.gambling.views import COST
from tests.corpora.gambling import BLOCK, LANDING, NEWS, PROSE, bare, cases, page
from tests.wire.site import NAME, NOT_FOUND, Answer, Cut, Page, Request, Site, Stall, aim, reply

PATIENT = Limits(exchange=5.0, target=30.0)
ROOT = f"http://{NAME}"
CLEAN = page(PROSE)
PLANTED = page(f'{PROSE}<div style="display:none">{BLOCK}</div>')


def html(body: bytes) -> bytes:
    return reply(200, body=body, kind="text/html; charset=utf-8")


def linking(*paths: str) -> bytes:
    return html(page(PROSE + "".join(f'<a href="{path}">x</a> ' for path in paths)))


def look(pages: Mapping[str, Page], limits: Limits = PATIENT) -> list[Collected]:
    with Site(pages) as site:
        target = aim(plain=site)
        with Network(target, neighbours=Neighbours(), limits=limits) as net:
            found = list(checks.gambling.collect(target, net))
            assert net.requests == len(site.requests)
    return found


def told(found: list[Collected], fact: str) -> set[str]:
    """Paths of which a fact holds."""
    return {item.subject.removeprefix(ROOT) for item in found if isinstance(item, Fact) and item.name == fact}


def covered(found: list[Collected]) -> set[str]:
    return {item.fact for item in found if isinstance(item, Covered)}


FACTS = {name for name in checks.gambling.facts if name != "content.pages"}


def test_a_clean_site_has_none_of_it_and_all_was_looked_at() -> None:
    news = {f"/berita/{name}": html(page(body, title=title)) for name, (title, body) in NEWS.items()}
    found = look({"/": linking(*news), **news})
    assert [item for item in found if not isinstance(item, Covered)] == [Fact("content.pages", 1 + len(news) + 4 + 4)]
    assert covered(found) == FACTS


def test_every_page_of_the_corpus_is_found_by_its_address_and_no_other() -> None:
    wanted: dict[str, set[str]] = {"injected": set(), "seo_spam": set(), "defaced": set(), "clean": set()}
    pages: dict[str, Page] = {}
    for number, case in enumerate(cases()):
        head, dot, extension = case.path.rpartition(".")
        path = f"/k{number}{head}{dot}{extension}" if "." in case.path else f"/k{number}{case.path.rstrip('/')}"
        pages[path] = reply(404 if case.name == "missing-page" else 200, body=case.body, kind=case.kind or None)
        wanted[case.label].add(path)
    found = look({"/": linking(*pages), **pages})
    assert told(found, "content.gambling.injected") == wanted["injected"]
    assert told(found, "content.seo_spam") == wanted["seo_spam"]
    assert told(found, "content.defaced") == wanted["defaced"]
    assert len(told(found, "content.gambling.suspect")) <= 20
    assert told(found, "content.gambling.cloaked") == set()
    assert covered(found) == FACTS
    signs = {
        item.subject: item.value for item in found if isinstance(item, Fact) and item.name == "content.gambling.signs"
    }
    assert {subject.removeprefix(ROOT) for subject in signs} >= wanted["injected"]


# ---------------------------------------------------------------- cloaking


def by_agent(pattern: str) -> Callable[[Request], bool]:
    return lambda request: re.search(pattern, request.raw.decode("latin-1"), re.IGNORECASE) is not None


CLOAKS = {
    "search bot": by_agent(r"user-agent:[^\r]*googlebot"),
    "from a search": by_agent(r"referer: https?://www\.google"),
    "telephone": by_agent(r"user-agent:[^\r]*(?:android|mobile)"),
    "browser": by_agent(r"user-agent: mozilla(?!.*(?:googlebot|android))"),
}


def cloaking(who: Callable[[Request], bool], shown: Answer, otherwise: Answer) -> Callable[[Request], Answer]:
    return lambda request: shown if who(request) else otherwise


@pytest.mark.parametrize("who", CLOAKS)
@pytest.mark.parametrize(
    "shown", [html(PLANTED), html(bare(LANDING, title="Slot Gacor")), reply(302, "Location: https://raja88.example/")]
)
def test_cloaking_of_the_home_page(who: str, shown: bytes) -> None:
    found = look({"/": cloaking(CLOAKS[who], shown, html(CLEAN))})
    if who == "browser" and shown.startswith(b"HTTP/1.1 302"):
        return  # every browser is sent away: told by the fact of the redirect alone
    assert told(found, "content.gambling.cloaked") == {"/"}
    (signs,) = [item.value for item in found if isinstance(item, Fact) and item.name == "content.gambling.signs"]
    assert any(who in sign or "browser" in sign for sign in signs if isinstance(sign, str))  # type: ignore[union-attr]


def test_cloaking_of_a_page_inside() -> None:
    site: dict[str, Page] = {
        "/": linking("/a", "/b"),
        "/a": html(CLEAN),
        "/b": cloaking(CLOAKS["search bot"], html(PLANTED), html(CLEAN)),
    }
    assert told(look(site), "content.gambling.cloaked") == {"/b"}


def test_a_page_that_exists_for_the_bot_alone_and_in_the_sitemap() -> None:
    listed = f"<urlset><url><loc>{ROOT}/slot-gacor/</loc></url></urlset>".encode()
    site: dict[str, Page] = {
        "/": html(CLEAN),
        "/sitemap.xml": reply(200, body=listed, kind="application/xml"),
        "/slot-gacor/": cloaking(CLOAKS["search bot"], html(bare(LANDING, title="Slot Gacor")), NOT_FOUND),
    }
    found = look(site)
    assert told(found, "content.gambling.cloaked") == {"/slot-gacor/"}
    assert told(found, "content.gambling.sitemap") == {"/sitemap.xml"}


def test_a_script_that_sends_away_only_those_who_come_from_a_search() -> None:
    script = (
        "<script>if(document.referrer.match(/google|bing/)){window.location.href='https://raja88.example/'}</script>"
    )
    assert told(look({"/": html(page(PROSE + script))}), "content.gambling.cloaked") == {"/"}


@pytest.mark.parametrize(
    "shown",
    [
        html(page(PROSE + "<p>Versi seluler.</p>")),
        html(page("<p>Konten lain sama sekali tanpa tautan keluar, ringkas.</p>")),
        html(page(f'{PROSE}<a href="https://iklan.example/">Iklan</a>')),
        reply(302, "Location: https://m.contoh.go.id/"),
        reply(302, "Location: https://play.google.com/store/apps/x"),
    ],
)
@pytest.mark.parametrize("who", ["search bot", "telephone", "from a search"])
def test_other_differences_are_no_cloaking(who: str, shown: bytes) -> None:
    found = look({"/": cloaking(CLOAKS[who], shown, html(CLEAN))})
    assert told(found, "content.gambling.cloaked") == set()
    assert "content.gambling.cloaked" in covered(found)


def test_a_page_that_changes_by_itself_is_no_cloaking() -> None:
    turns = [html(page(f"{PROSE}<p>{n}</p><a href='https://iklan{n}.example/'>x</a>")) for n in range(20)]
    assert told(look({"/": turns}), "content.gambling.cloaked") == set()


@pytest.mark.parametrize("refusal", [reply(403), reply(503), Cut(), Stall()])
def test_a_view_that_is_refused_leaves_the_question_open(refusal: Answer) -> None:
    limits = Limits(exchange=0.5, target=10.0) if isinstance(refusal, Stall) else PATIENT
    found = look({"/": cloaking(CLOAKS["search bot"], refusal, html(CLEAN))}, limits)
    (gap,) = [item for item in found if isinstance(item, Absent)]
    assert (gap.fact, gap.subject) == ("content.gambling.cloaked", f"{ROOT}/")


def test_our_name_stands_in_every_request() -> None:
    with Site({"/": html(CLEAN)}) as site:
        target = aim(plain=site)
        with Network(target, neighbours=Neighbours()) as net:
            list(checks.gambling.collect(target, net))
        assert all(
            b"auditor/" in request.raw.partition(b"User-Agent:")[2].partition(b"\r\n")[0] for request in site.requests
        )


# ---------------------------------------------------------------- sitemaps, redirects


@pytest.mark.parametrize(
    ("slugs", "wanted"),
    [
        (["slot-gacor-hari-ini", "profil"], True),
        (["berita/1"] * 200 + ["situs-slot", "togel-hk", "rtp-live"], True),
        ([f"berita/{n}" for n in range(100)] + ["slot88"], False),
        (
            [
                "berita/polisi-tangkap-bandar-togel",
                "komdigi-blokir-situs-slot-gacor",
                "bahaya-slot-gacor",
                "cegah-judi-slot",
            ],
            False,
        ),
        (["slot-waktu", "jadwal-slot-imunisasi", "toto-suprapto", "deposit"], False),
    ],
)
def test_sitemaps(slugs: list[str], wanted: bool) -> None:  # noqa: FBT001
    body = "<urlset>" + "".join(f"<url><loc>{ROOT}/{slug}</loc></url>" for slug in slugs) + "</urlset>"
    found = look({"/": html(CLEAN), "/sitemap.xml": reply(200, body=body.encode(), kind="text/xml")})
    assert told(found, "content.gambling.sitemap") == ({"/sitemap.xml"} if wanted else set())


def test_a_path_that_sends_everybody_to_a_promoter() -> None:
    found = look({"/": linking("/login"), "/login": reply(302, "Location: https://dewatogel.example/")})
    assert told(found, "content.gambling.injected") == {"/login"}


# ---------------------------------------------------------------- what cannot be told


@pytest.mark.parametrize("answer", [Cut(), Stall(), reply(503), reply(429)])
def test_a_page_without_an_answer_is_open_by_name(answer: Answer) -> None:
    limits = Limits(exchange=0.5, target=10.0) if isinstance(answer, Stall) else PATIENT
    found = look({"/": linking("/a?nik=6371019001909001"), "/a?nik=6371019001909001": answer}, limits)
    gaps = {(item.fact, item.subject) for item in found if isinstance(item, Absent)}
    assert ("content.gambling.injected", f"{ROOT}/a?nik=") in gaps
    assert "6371019001909001" not in repr(found)


def test_a_crawl_that_was_cut_off_covers_nothing_but_tells_what_it_saw() -> None:
    found = look({"/": html(PLANTED), "/robots.txt": reply(503)})
    assert told(found, "content.gambling.injected") == {"/"}
    assert covered(found) == set()
    assert {item.fact for item in found if isinstance(item, Absent) and item.subject is None} == FACTS


def test_a_wall_in_front_of_the_site_is_not_the_site() -> None:
    wall = b"<title>Just a moment...</title><script src=/cdn-cgi/challenge-platform/x.js></script>"
    found = look({"/": reply(403, "cf-mitigated: challenge", "Server: cloudflare", body=wall), "*": reply(403)})
    assert {item.reason for item in found if isinstance(item, Absent)} == {Absence.NOT_ASSESSABLE}
    assert {item.fact for item in found if isinstance(item, Absent)} == set(checks.gambling.facts)


def test_the_views_stay_within_their_cost() -> None:
    def on(request: Request) -> bytes:
        return (
            reply(302, "Location: /sini")
            if b"auditor/" in request.raw and b"Mozilla" in request.raw
            else linking(*(f"/{c}/x" for c in "abcdefgh"))
        )

    with Site({"*": on, "/robots.txt": NOT_FOUND, "/sitemap.xml": NOT_FOUND}) as site:
        target: Target = aim(plain=site, pages=20, level=Level.STANDARD)
        with Network(target, neighbours=Neighbours()) as net:
            list(checks.gambling.collect(target, net))
        assert len(site.requests) <= 1 + 20 + COST


def test_characters_that_are_none_do_not_spoil_what_is_told() -> None:
    codes = ",".join(str(ord(char)) for char in "location='//slot\ud800judi.example/'")
    found = look({"/": html(page(f"{PROSE}<script>eval(String.fromCharCode({codes}))</script>{BLOCK}"))})
    assert told(found, "content.gambling.injected") == {"/"}
    for item in found:
        assert not re.search("[\ud800-\udfff]", repr(item))
