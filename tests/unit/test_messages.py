"""Officers read Indonesian; a hole in the catalogue is never a crash."""

import ast
import re
import string
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest

from auditor import facts, messages, plugins
from auditor.messages import catalog
from auditor.model import Absence, Level, Outcome, Severity
from auditor.policy import load
from auditor.regions import zone
from tests import catalogue

SOMEWHEN = datetime(2026, 11, 22, 3, 5, tzinfo=UTC)


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_every_sentence_of_the_code_is_translated_and_none_is_stale() -> None:
    used = {catalogue.key(entry) for entry in catalogue.used() if entry.id}
    translated = {catalogue.key(entry) for entry in catalogue.translated() if entry.id and not catalogue.empty(entry)}
    assert sorted(used - translated) == [], "run `python -m tests.catalogue` and translate"
    assert sorted(translated - used) == [], "run `python -m tests.catalogue` to drop what nobody says any more"
    assert len(used) > 50


def test_translations_have_the_placeholders_of_their_source() -> None:
    for entry in catalogue.translated():
        if catalogue.empty(entry):
            continue
        sources = entry.id if isinstance(entry.id, tuple) else (entry.id,)
        shown = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        for sentence in shown:
            assert placeholders(str(sentence)) == placeholders(str(sources[-1])), sources


def test_one_word_is_used_for_one_thing() -> None:
    """Berkas, header, cookie, pelindungan: of two words that Indonesian has, officers always read the same."""
    other = re.compile(r"\b(file|tajuk|kuki|perlindungan)\b", re.IGNORECASE)
    policy = load("baseline", facts.union(plugins.load_checks())).policy
    shown = [str(entry.string) for entry in catalogue.translated() if entry.id]
    shown += [text.id for rule in policy.rules for text in (rule.title, rule.rationale, rule.remediation)]
    assert [text for text in shown if other.search(re.sub(r"\{\w+\}", "", text))] == []


def test_sentences_are_not_glued_together_where_the_catalogue_cannot_find_them() -> None:
    glued = [
        f"{path.relative_to(catalogue.ROOT)}:{call.lineno}"
        for folder in catalogue.FOLDERS
        for path in sorted((catalogue.ROOT / folder).rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in ("text", "plural")
        if call.args and isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
    ]
    assert glued == []


def test_the_catalogue_finds_sentences_plurals_errors_hints_and_details() -> None:
    source = """
say.text("one" if n else "two"); say.plural("a {n}", "b {n}", n); say.text(remote); text("three")
CUT = "was cut"
yield Absent("x.y", reason, CUT); raise Unobserved(reason, detail="is gone") from None; absent_all(facts, reason, remote)
raise TargetError("bad {x}", place="p", hint="do it", x=1)
detail: str = "kept for later"; detail = f"{host}: unknown"; Obstacle(reason, f"page class: {kind}"); Absent("x.y", reason, f"{n} of two")
"""
    spoken = [
        "one",
        "two",
        ("a {n}", "b {n}"),
        "three",
        "was cut",
        "is gone",
        "bad {x}",
        "do it",
        "kept for later",
        "page class",
    ]
    assert sorted(catalogue.in_python(source), key=str) == sorted(spoken, key=str)


@pytest.mark.parametrize(
    ("lang", "day", "moment", "number"),
    [
        ("id", "22 November 2026", "22 November 2026 pukul 10.05 WIB", "1.234,5"),
        ("en", "22 November 2026", "22 November 2026, 10:05 WIB", "1,234.5"),
    ],
)
def test_dates_times_and_numbers_are_those_of_the_language(lang: str, day: str, moment: str, number: str) -> None:
    words = catalog(lang)
    assert words.date(date(2026, 11, 22)) == day
    assert words.time(SOMEWHEN, zone("31")) == moment
    assert words.number(1234.5) == number


def test_indonesian_months_are_spelled_in_indonesian() -> None:
    assert catalog("id").date(date(2026, 8, 17)) == "17 Agustus 2026"


@pytest.mark.parametrize(("region", "shown"), [("31", "10.05 WIB"), ("6371", "11.05 WITA"), ("9171", "12.05 WIT")])
def test_a_time_is_shown_on_the_clock_of_the_region(region: str, shown: str) -> None:
    assert catalog("id").time(SOMEWHEN, zone(region)).endswith(shown)


def test_the_day_changes_with_the_zone() -> None:
    assert catalog("id").time(datetime(2026, 12, 31, 15, 30, tzinfo=UTC), zone("9171")).startswith("1 Januari 2027")


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without zone"):
        catalog("id").time(datetime(2026, 11, 22), zone("31"))  # noqa: DTZ001 - the fault under test


def test_words_of_the_field_are_complete_and_distinct_in_both_languages() -> None:
    for lang in messages.LANGUAGES:
        words = catalog(lang)
        for shown in (
            [words.outcome(member) for member in Outcome],
            [words.severity(member) for member in Severity],
            [words.absence(member) for member in Absence],
            [words.level(member) for member in Level],
        ):
            assert all(shown)
            assert len(set(shown)) == len(shown), lang


def test_unknown_is_never_worded_as_a_pass() -> None:
    assert catalog("id").outcome(Outcome.UNKNOWN) == "tidak dinilai"
    assert catalog("en").outcome(Outcome.UNKNOWN) == "not assessed"


def test_a_sentence_the_catalogue_does_not_know_is_shown_in_english() -> None:
    say = catalog("id").text
    assert say("Nobody translated {what}.", what="this") == "Nobody translated this."


def test_a_translation_that_cannot_be_filled_falls_back_to_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "_entries", lambda _: {"{n} sites in {place}": "{n} situs di {tempat}"})
    assert catalog("id").text("{n} sites in {place}", n=3, place="X") == "3 sites in X"


def test_a_sentence_that_cannot_be_filled_at_all_is_shown_as_it_is() -> None:
    assert catalog("id").text("{nobody} gave this", file="x") == "{nobody} gave this"


def test_a_value_is_never_read_as_a_template() -> None:
    assert catalog("id").text("Says {remote}", remote="{0.__class__}") == "Says {0.__class__}"


def test_plural_takes_the_number_in_the_form_of_the_language() -> None:
    one, many = "{n} thing that nobody translates", "{n} things that nobody translates"
    assert catalog("en").plural(one, many, 1) == "1 thing that nobody translates"
    assert catalog("en").plural(one, many, 1200) == "1,200 things that nobody translates"
    assert catalog("id").plural(one, many, 1200) == "1.200 things that nobody translates"


def test_another_language_is_refused() -> None:
    with pytest.raises(ValueError, match="no such language"):
        catalog("fr")


def test_babel_is_not_imported_before_something_is_said() -> None:
    code = (
        "import sys, auditor.messages as m; m.catalog('id'); m.catalog('en').text('x'); print('babel' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
