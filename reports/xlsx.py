"""The findings as a workbook, for agencies to filter and to answer."""

from collections.abc import Iterable

from auditor.messages import catalog
from auditor.model import View

from .digest import digest
from .sheet import workbook
from .tables import sheets
from .wording import Wording


def render(view: View, lang: str) -> Iterable[tuple[str, bytes]]:
    """`findings.xlsx`."""
    arranged = digest(view)
    say = Wording(catalog(lang), view.specs, arranged.zone)
    yield "findings.xlsx", workbook(sheets(arranged, say), view.report.judged_at)
