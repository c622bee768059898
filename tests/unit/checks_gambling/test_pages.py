"""Each labelled page by itself: points, defacement, Japanese shops; hostile pages."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.net import Field, Response
from checks.gambling.defacement import is_defaced
from checks.gambling.japanese import is_japanese_shop
from checks.gambling.lexicon import lexicon
from checks.gambling.reading import read
from checks.gambling.redirects import from_search
from checks.gambling.score import is_foreign, is_promoter, scores
from tests.corpora.gambling import NEWS, PROSE, Case, cases, page

WORDS = lexicon()
TEXTS = [case for case in cases() if case.kind.startswith("text/") or not case.kind]


def response(body: bytes, path: str = "/", kind: str = "text/html; charset=utf-8") -> Response:
    fields = (Field("Content-Type", kind),) if kind else ()
    return Response(f"https://contoh.go.id{path}", 200, "", "HTTP/1.1", fields, body)


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: case.name)
def test_every_page_has_its_label(case: Case) -> None:
    reading = read(response(case.body, case.path, case.kind))
    gambling, other = scores(reading, WORDS)
    assert (gambling.points >= WORDS.weights.fail) is (case.label == "injected"), gambling
    assert (other.points >= WORDS.weights.fail or is_japanese_shop(reading, WORDS)) is (case.label == "seo_spam"), other
    assert is_defaced(reading, WORDS) is (case.label == "defaced")


@pytest.mark.parametrize("name", NEWS)
def test_news_with_a_hidden_block_is_no_news(name: str) -> None:
    """What would excuse a page excuses no block beside it."""
    title, body = NEWS[name]
    hidden = '<div style="display:none"><a href="https://rajaslot88.example/">slot gacor</a></div>'
    assert scores(read(response(page(body + hidden, title=title))), WORDS)[0].points >= WORDS.weights.fail


@pytest.mark.parametrize(
    "host",
    [
        "rajaslot88.example",
        "slot-gacor.example",
        "dewatogel.co",
        "mposlot.xyz",
        "bandarqq.vip",
        "sbobet88.id",
        "slot777.contoh.example",
        "acetoto.example",
        "mega4d.example",
    ],
)
def test_hosts_of_promoters(host: str) -> None:
    assert is_promoter(host, WORDS)


@pytest.mark.parametrize(
    "host",
    [
        "timeslot.example",
        "slotted.example",
        "alphabet.example",
        "toto.com",
        "id.toto.com",
        "judith.example",
        "internet.example",
        "tibet.example",
        "contoh.go.id",
        "bandarudara.example",
        "photoshop.example",
        "cdn88.example",
    ],
)
def test_hosts_of_others(host: str) -> None:
    assert not is_promoter(host, WORDS)


@pytest.mark.parametrize(
    ("host", "wanted"),
    [
        ("x.example", True),
        ("www.contoh.go.id", False),
        ("bssn.go.id", False),
        ("m.detik.com", False),
        ("", False),
        ("notdetik.com", True),
    ],
)
def test_foreign_hosts(host: str, wanted: bool) -> None:  # noqa: FBT001
    assert is_foreign(host, "contoh.go.id", WORDS) is wanted


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 100_000,
        "<a href=x>" * 50_000,
        "<div style='" + "a:b;" * 100_000 + "'>",
        "<style>" + "a{" * 100_000,
        "<style>" + ".a," * 100_000 + "{display:none}</style>",
        "s " * 200_000,
        "slot " * 100_000,
        "<script>" + "atob('" * 50_000,
        "<script>document.write('" + "<a " * 50_000,
        "<noscript><noscript>" * 20_000,
        "a\u0301" * 200_000,
        "<b>" + "slot gacor " * 40_000,
        "</div>" * 100_000,
        "<li>" * 50_000 + "</ul>" * 50_000,
    ],
)
def test_hostile_pages_end(body: str) -> None:
    started = time.process_time()
    reading = read(response(body.encode()))
    scores(reading, WORDS)
    is_defaced(reading, WORDS)
    assert time.process_time() - started < 15


def test_words_of_navigation_do_not_excuse() -> None:
    nav = '<nav><a href="/a">Stop judi</a> <a href="/b">Berita pemblokiran</a></nav>'
    body = f'{nav}{PROSE}<div hidden><a href="https://x.example">situs slot gacor</a></div>'
    assert scores(read(response(page(body))), WORDS)[0].points >= WORDS.weights.fail


@given(
    st.lists(
        st.one_of(
            st.text(max_size=20),
            st.sampled_from([
                "<div style='display:none'>", "</div>", "<a href=", "<a href='//[x'>", "<script>", "</script>", "atob('", "<title>",
                "<noscript>", "<style>.a{", "}", "slot gacor ", "<meta http-equiv=refresh content='0;url=", "<h1>", "</h1>", "<!--",
                "String.fromCharCode(1,2,99999999999)", "<iframe src='http://[::1'>", "\\x3ca", "<link rel=canonical href='//[z'>",
            ]),
        ),
        max_size=30,
    )
)  # fmt: skip
def test_any_markup_is_read(pieces: list[str]) -> None:
    reading = read(response("".join(pieces).encode("utf-8", "replace")))
    gambling, other = scores(reading, WORDS)
    assert gambling.points >= 0 <= other.points
    assert is_defaced(reading, WORDS) in (True, False)
    assert list(from_search(reading)) is not None
