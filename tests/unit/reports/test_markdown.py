"""The Markdown summary, read by a CommonMark parser: what a site chose is never markup."""

import pytest
from markdown_it import MarkdownIt

from auditor.model import Outcome
from reports import markdown
from tests.unit.reports import samples
from tests.unit.reports.rendering import LANGUAGES, VIEWS, only

MARKUP = {"html_inline", "html_block", "link_open", "image", "em_open", "s_open"}


def tokens(text: str) -> list[str]:
    found = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    return [token.type for block in found for token in (block, *(block.children or ()))]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", VIEWS)
def test_nothing_that_a_site_chose_becomes_markup(name: str, lang: str) -> None:
    text = only("markdown", VIEWS[name](), lang).decode()
    assert not MARKUP & set(tokens(text))
    assert all(character.isprintable() or character == "\n" for character in text)


def test_the_parser_would_see_markup() -> None:
    assert {"html_inline", "link_open"} <= set(tokens("a <b>x</b> [y](https://contoh.go.id)"))


def test_every_fault_has_its_row() -> None:
    view = VIEWS["bad"]()
    text = only("markdown", view).decode().replace("\\", "")
    for finding in view.report.findings:
        if finding.outcome is Outcome.FAIL:
            assert f"| {finding.rule} |" in text


def test_a_province_fits_and_is_said_to_be_cut() -> None:
    ((_, content),) = markdown.render(samples.fleet(sites=1200), "en")
    assert len(content) <= 1024 * 1024
    assert "The summary is cut off here" in content.decode()
