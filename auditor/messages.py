"""Everything a person reads, in Indonesian or English.

The message id is the English sentence, with `{name}` placeholders (beside one, a literal brace is doubled).
Indonesian comes from `locale/id/LC_MESSAGES/auditor.po`, read when the first sentence is asked for. A sentence
that is missing there, or whose translation cannot be filled in, is shown in English: a hole is never a crash.

Write sentences as literals, so that they can be found: `words.text("...")`, `words.plural("...", "...", n)`
in Python, `text("...")`, `plural("...", "...", n)` in templates. Messages and hints of `errors.InputError`,
details of absences and the docs of facts are sentences too, said by whoever shows them. `python -m
tests.catalogue` adds the new ones to the catalogue and drops those no longer used; the suite fails while one is
untranslated.

Dates and numbers follow CLDR (through Babel); Babel is imported late because `auditor --version` must not wait
for it. Terms are those of Indonesian regulation: Perangkat Daerah, temuan, tindak lanjut, bukti dukung.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import cache
from pathlib import Path
from types import MappingProxyType

from auditor.model import Absence, Confidence, Level, Outcome, Severity

LANGUAGES = ("id", "en")
"""Indonesian first: it is what officers read unless they ask otherwise."""

_LOCALE = Path(__file__).with_name("locale")


@dataclass(frozen=True, slots=True)
class Catalog:
    """Sentences, dates, numbers and the closed words of the field in one language."""

    lang: str

    def text(self, msgid: str, /, **values: object) -> str:
        """The sentence in this language with its placeholders filled.

        A quantity goes through `number` first; a port or a year, which is none, does not.
        """
        return self._filled(_entries(self.lang).get(msgid, msgid), msgid, values)

    def plural(self, one: str, many: str, n: int, /, **values: object) -> str:
        """`one` or `many` by the number, which fills `{n}` (Indonesian has a single form)."""
        source = one if n == 1 else many
        return self._filled(_entries(self.lang).get(one, source), source, {"n": self.number(n), **values})

    def date(self, day: date) -> str:
        """`22 November 2026`."""
        from babel.dates import format_date  # noqa: PLC0415

        return format_date(day, "d MMMM y", locale=self.lang)

    def time(self, moment: datetime, zone: tzinfo) -> str:
        """`22 November 2026 pukul 10.15 WIB`; the zone is one of `auditor.regions.zone`.

        Raises:
            ValueError: the moment carries no zone of its own, so it is not a moment.
        """
        if moment.tzinfo is None:
            raise ValueError("a time without zone cannot be shown in another zone")
        local = moment.astimezone(zone)
        day, name = self.date(local.date()), local.tzname()
        if self.lang == "id":
            return f"{day} pukul {local:%H.%M} {name}"
        return f"{day}, {local:%H:%M} {name}"

    def number(self, n: float) -> str:
        """`1.234,5` in Indonesian, `1,234.5` in English; at most three decimals."""
        from babel.numbers import format_decimal  # noqa: PLC0415

        return format_decimal(n, locale=self.lang)

    def outcome(self, outcome: Outcome) -> str:
        """The word for an outcome."""
        return {
            Outcome.PASS: self.text("passed"),
            Outcome.FAIL: self.text("failed"),
            Outcome.UNKNOWN: self.text("not assessed"),
            Outcome.NOT_APPLICABLE: self.text("not applicable"),
            Outcome.WAIVED: self.text("waived"),
            Outcome.MANUAL: self.text("needs a person's answer"),
        }[outcome]

    def severity(self, severity: Severity) -> str:
        """The word for a severity."""
        return {
            Severity.CRITICAL: self.text("critical"),
            Severity.HIGH: self.text("high"),
            Severity.MEDIUM: self.text("medium"),
            Severity.LOW: self.text("low"),
            Severity.INFO: self.text("note"),
        }[severity]

    def absence(self, absence: Absence) -> str:
        """The words for why there is no value."""
        return {
            Absence.NOT_OFFERED: self.text("not offered by the site"),
            Absence.UNREACHABLE: self.text("site could not be reached"),
            Absence.REFUSED: self.text("connection refused"),
            Absence.TIMEOUT: self.text("no answer in time"),
            Absence.MALFORMED: self.text("unreadable answer"),
            Absence.NOT_AUTHORISED: self.text("not authorised"),
            Absence.NOT_REQUESTED: self.text("not requested"),
            Absence.NOT_ASSESSABLE: self.text("not the site that answered"),
            Absence.NOT_COLLECTED: self.text("not collected"),
            Absence.LIMITED: self.text("cut off early"),
            Absence.CRASHED: self.text("error in the check"),
        }[absence]

    def level(self, level: Level) -> str:
        """The word for how much of a scan a site could notice."""
        return {
            Level.PASSIVE: self.text("passive"),
            Level.STANDARD: self.text("standard"),
            Level.ACTIVE: self.text("active"),
        }[level]

    def confidence(self, confidence: Confidence) -> str:
        """How well the text behind a citation is known; stands in brackets after it."""
        return {
            Confidence.READ: self.text("read in the source, compare with JDIH"),
            Confidence.READ_SECONDARY: self.text("summary, compare with JDIH"),
            Confidence.MEMORY: self.text("not verified, compare with JDIH"),
            Confidence.STANDARD: self.text("public standard"),
            Confidence.UNRECORDED: self.text("source not recorded, compare with JDIH"),
        }[confidence]

    @staticmethod
    def _filled(shown: str, source: str, values: Mapping[str, object]) -> str:
        if not values:
            return shown
        for sentence in (shown, source):
            try:
                return sentence.format(**values)
            except (KeyError, IndexError, ValueError):
                continue
        return source


@cache
def catalog(lang: str) -> Catalog:
    """The catalogue of a language, `id` or `en`.

    Raises:
        ValueError: no other language is spoken.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"no such language: {lang}")
    return Catalog(lang)


@cache
def _entries(lang: str) -> Mapping[str, str]:
    """Translations by English message id; of a plural by its singular."""
    if lang == "en":
        return MappingProxyType({})
    from babel.messages.pofile import read_po  # noqa: PLC0415

    with (_LOCALE / lang / "LC_MESSAGES" / "auditor.po").open("rb") as file:
        messages = [entry for entry in read_po(file, locale=lang) if entry.id and entry.string]
    entries = {_singular(entry.id): _singular(entry.string or "") for entry in messages}
    return MappingProxyType({msgid: shown for msgid, shown in entries.items() if shown})


def _singular(forms: str | tuple[str, ...] | list[str]) -> str:
    return forms if isinstance(forms, str) else forms[0]
