"""Short documents on paper, a page or a few: the same blocks as the report's, under a letterhead."""

from collections.abc import Sequence
from pathlib import Path

from auditor.typesetting import typeset

from .blocks import Block, Paper

_TEMPLATE = Path(__file__).parent / "typst" / "leaf.typ"
_PARTS = _TEMPLATE.with_name("parts.typ")


def leaf(
    this: Paper,
    title: str,
    subtitle: str,
    blocks: Sequence[Block],
    *,
    office: str = "",
    size: float = 10,
    wide: bool = False,
) -> bytes:
    """The PDF; `size` in points, `wide` turns the page."""
    words, report = this.words, this.view.report
    local = report.judged_at.astimezone(this.digest.zone)
    data = {
        "lang": this.lang,
        "title": title,
        "subtitle": subtitle,
        "number": report.id,
        "agency": report.scope.agency,
        "office": office,
        "date": {"year": local.year, "month": local.month, "day": local.day},
        "size": size,
        "wide": wide,
        "words": {"number": words.text("Number"), "page": words.text("Page"), "of": words.text("of")},
        "blocks": list(blocks),
    }
    return typeset(_TEMPLATE.read_bytes(), data, {_PARTS.name: _PARTS.read_bytes()}, tagged=True)
