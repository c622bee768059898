"""Citations as reports print them: never without saying how well the text behind them is known."""

from collections.abc import Mapping
from dataclasses import dataclass

from auditor import frameworks
from auditor.messages import Catalog
from auditor.model import Citation, Confidence, Report


@dataclass(frozen=True, slots=True)
class Citing:
    """The citations of one report, in its language."""

    known: Mapping[str, Citation]
    words: Catalog

    def of(self, control: str) -> Citation:
        """What a control stands for; looked up where the report, an older one, does not know."""
        found = self.known.get(control)
        return frameworks.citation(control) if found is None or found.confidence is Confidence.UNRECORDED else found

    def mark(self, control: str) -> str:
        """How well it is known, and that it is to be compared with the official text."""
        found = self.of(control)
        said = self.words.confidence(found.confidence)
        return f"{found.repealed.in_(self.words.lang)}; {said}" if found.repealed.id else said

    def cite(self, control: str) -> str:
        """`Peraturan BSSN Nomor 4 Tahun 2021 Pasal 27 ayat (8) huruf c (ringkasan, periksa JDIH)`."""
        return f"{self.of(control).name.in_(self.words.lang)} ({self.mark(control)})"


def citing(report: Report, words: Catalog) -> Citing:
    """The citations of a report."""
    return Citing({found.id: found for found in report.citations}, words)
