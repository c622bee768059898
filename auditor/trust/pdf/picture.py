"""What is seen of the seal: who signed, when, with which certificate, and how to find out whether that is true."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.stamp import StaticStampStyle

from auditor.messages import Catalog, catalog
from auditor.trust.keys import Signer
from auditor.typesetting import typeset

BOX = (184, 113, 539, 216)
"""The frame that the report's first page keeps for the seal, in points from the lower left corner of A4."""
_TEMPLATE = Path(__file__).with_name("seal.typ")


def style(signer: Signer, at: datetime, lang: str, level: str, tsa: str) -> StaticStampStyle:
    """The seal's appearance, filling `BOX`; `tsa` is the URL of the time stamp authority, where there is one."""
    return StaticStampStyle(
        border_width=0,
        background=_Picture(_picture(signer, at, lang, level, tsa)),
        background_layout=SimpleBoxLayoutRule(
            AxisAlignment.ALIGN_MID,
            AxisAlignment.ALIGN_MID,
            margins=Margins.uniform(0),  # type: ignore[no-untyped-call] # pyHanko leaves it out
        ),
        background_opacity=1,
    )


class _Picture(PdfContent):
    """A page of another document, as the seal's appearance."""

    def __init__(self, page: bytes) -> None:
        super().__init__(box=BoxConstraints(width=BOX[2] - BOX[0], height=BOX[3] - BOX[1]))
        self._page = page

    def render(self) -> bytes:
        """Import the page; the content stream that paints it."""
        imported = self._ensure_writer.import_page_as_xobject(PdfFileReader(BytesIO(self._page)))
        self.resources.xobject["/Seal"] = imported
        return b"/Seal Do"


def _picture(signer: Signer, at: datetime, lang: str, level: str, tsa: str) -> bytes:
    words = catalog(lang)
    text = words.text
    title = (
        text("NOT TRUSTED: sealed with a key made for this one run")
        if signer.ephemeral
        else text("Sealed electronically")
    )
    advice = (
        text("Anyone could have made this seal. It is no official evidence.")
        if signer.ephemeral
        else text(
            "It is genuine only if a PDF reader, pdfsig or auditor finds this certificate under the issuer's root."
        )
    )
    print_ = signer.fingerprint
    rows = [
        (text("Signer"), signer.subject[:200]),
        (text("Time"), _time(words, at, tsa)),
        (text("Certificate"), "sha256 " + " ".join(print_[n : n + 8] for n in range(0, len(print_), 8))),
        (text("Level"), text("{level}; forms and further signatures stay allowed", level=level)),
    ]
    shown = {
        "lang": lang,
        "trusted": not signer.ephemeral,
        "width": BOX[2] - BOX[0],
        "height": BOX[3] - BOX[1],
        "title": title,
        "rows": rows,
        "advice": advice,
    }
    return typeset(_TEMPLATE.read_bytes(), shown, {}, tagged=False)


def _time(words: Catalog, at: datetime, tsa: str) -> str:
    if not tsa:
        return words.text("{time}, by the signer's own clock", time=words.time(at, UTC))
    return words.text("{time}; time stamp by {who}", time=words.time(at, UTC), who=tsa[:60])
