"""Where a page sends its visitors on by itself (HTML, shared declarative refresh steps)."""

import pytest

from auditor.net import Response
from checks.http.refresh import by_meta, by_script
from tests.unit.checks_http.answers import HOME, answer

ELSEWHERE = "https://lain.go.id/"


def page(markup: str, *lines: str) -> Response:
    return answer("Content-Type: text/html", *lines, url=HOME, body=markup.encode())


@pytest.mark.parametrize(
    ("content", "to"),
    [
        ("0;url=https://lain.go.id/", ELSEWHERE),
        ("0; URL=https://lain.go.id/", ELSEWHERE),
        ("5, https://lain.go.id/", ELSEWHERE),
        ("0 https://lain.go.id/", ELSEWHERE),
        ("0;url='https://lain.go.id/'x", ELSEWHERE),
        ("0.5;url=https://lain.go.id/", ELSEWHERE),
        (".5;url=https://lain.go.id/", ELSEWHERE),
        ("0;url=//lain.go.id/", ELSEWHERE),
        ("0;url=/beranda", f"{HOME}beranda"),
        ("0;url=/", ""),
        ("30", ""),
        ("", ""),
        ("url=https://lain.go.id/", ""),
        ("x;url=https://lain.go.id/", ""),
        ("0;url=javascript:alert(1)", ""),
        ("0;url=https://[kacau", ""),
    ],
)
def test_a_meta_refresh(content: str, to: str) -> None:
    assert by_meta(page(f'<meta http-equiv="Refresh" content="{content}">')) == to


def test_a_refresh_field_goes_before_the_markup() -> None:
    both = page("<meta http-equiv=refresh content='0;url=/lain'>", "Refresh: 0; url=https://lain.go.id/")
    assert by_meta(both) == ELSEWHERE


def test_a_refresh_in_noscript_or_a_comment_is_none() -> None:
    hidden = "<noscript><meta http-equiv=refresh content='0;url=/x'></noscript><!-- <meta http-equiv=refresh content='0;url=/x'> -->"
    assert by_meta(page(hidden)) == ""


@pytest.mark.parametrize(
    ("script", "to"),
    [
        ("location = 'https://lain.go.id/'", ELSEWHERE),
        ('window.location.href="https://lain.go.id/"', ELSEWHERE),
        ("document.location.replace('https://lain.go.id/')", ELSEWHERE),
        ("top.location.assign( 'https://lain.go.id/' )", ELSEWHERE),
        ("location = '/' + bahasa", ""),
        ("var allocation = 'https://lain.go.id/'", ""),
        ("location.reload()", ""),
    ],
)
def test_a_script_that_does_nothing_else(script: str, to: str) -> None:
    assert by_script(page(f"<script>{script}</script>")) == to


def test_a_script_of_a_page_with_words_sends_nobody_on() -> None:
    assert by_script(page(f"<script>location = '{ELSEWHERE}'</script><p>{'Layanan publik. ' * 30}</p>")) == ""
