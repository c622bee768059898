"""Every finding as CSV (RFC 4180)."""

from collections.abc import Iterable

from auditor.messages import catalog
from auditor.model import View

from .digest import digest
from .sheet import delimited
from .tables import findings
from .wording import Wording


def render(view: View, lang: str) -> Iterable[tuple[str, bytes]]:
    """`findings.csv`."""
    arranged = digest(view)
    yield "findings.csv", delimited(findings(arranged, Wording(catalog(lang), view.specs, arranged.zone)))
