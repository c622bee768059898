"""The one-pass reading of pages."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.http.page import read_page
from tests.unit.checks_http.answers import answer


def test_visible_words_only() -> None:
    page = read_page(
        answer(
            body="""<!doctype html><html><head><title> Dinas &amp;  Badan </title><style>b{}</style>
            <script>var a = "<p>tersembunyi</p>"</script></head>
            <body><h1>Halo <b>warga</b></h1><p>satu<p>dua<noscript>tiga</noscript><template>empat</template>
            <!-- lima --><a href=/x>enam</a><a>tujuh</a></body></html>"""
        )
    )
    assert page.title == "Dinas & Badan"
    assert page.headings == ("Halo warga",)
    assert page.text == "Halo warga satu dua enamtujuh"
    assert page.links == 1


def test_forms_and_resources() -> None:
    page = read_page(answer(body="<form><input type=' PASSWORD '><input></form><script src=/a.js></script><img src=b>"))
    assert page.passwords == 1
    assert page.resources == ("/a.js", "b")


def test_first_title_counts_and_scripts_cannot_fake_one() -> None:
    assert read_page(answer(body="<script>'<title>x</title>'</script><title>y</title><title>z</title>")).title == "y"


def test_attribute_forms() -> None:
    (meta,) = read_page(answer(body="<meta A=1 b='2' c=\"3&amp;\" d e = 4 a=5/>")).metas
    assert meta.attributes == {"a": "1", "b": "2", "c": "3&", "d": "", "e": "4"}


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "image/png"])
def test_other_types_are_text_without_markup(kind: str) -> None:
    page = read_page(answer(f"Content-Type: {kind}", body="<title>x</title><input type=password>"))
    assert (page.title, page.passwords) == ("", 0)


@given(st.text(alphabet="<>/!-'\"= abpsmetlic\n", max_size=120))
def test_any_text_is_a_page(body: str) -> None:
    read_page(answer(body=body))


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<!--",
        "<a '",
        '<a b="',
        "<script>",
        "<title>",
        "</",
        "<b x=",
        "&",
        "<p><b a=1><i>",
        "<template>",
        "<!",
        "<a =",
        "<h1>",
    ],
)
def test_time_grows_with_the_size_of_a_hostile_page_only(piece: str) -> None:
    body = (piece * 600_000)[:600_000]
    start = time.process_time()
    read_page(answer(body=body))
    assert time.process_time() - start < 3
