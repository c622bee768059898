"""The words for requirements, conditions and reasons."""

from dataclasses import replace

import pytest

from auditor import facts, plugins
from auditor.messages import LANGUAGES, catalog
from auditor.model import Absence, Outcome, Run, Severity, Verdict, View
from auditor.regions import zone
from reports.digest import digest
from reports.wording import Wording, notices, trust
from tests.unit.reports import samples


def say(lang: str = "id") -> Wording:
    return Wording(catalog(lang), samples.SPECS, zone("6371"))


def verdict(
    fact: str, expected: str, observed: str = "", outcome: Outcome = Outcome.FAIL, subject: str = ""
) -> Verdict:
    return Verdict(fact, subject, expected, observed, outcome, "")


@pytest.mark.parametrize(
    ("fact", "expected", "indonesian", "english"),
    [
        ("http.https_redirect", "equals true", "ya", "yes"),
        ("exposure.git", "equals false", "tidak", "no"),
        ("http.hsts.max_age", "at_least 31536000", "paling sedikit 31.536.000 detik", "at least 31,536,000 seconds"),
        ("cert.lifetime_days", "at_most 398", "paling banyak 398 hari", "at most 398 days"),
        ("tls.versions", "subset_of [TLSv1.2, TLSv1.3]", "hanya: TLSv1.2, TLSv1.3", "nothing but: TLSv1.2, TLSv1.3"),
        ("tls.versions", "contains_none [SSLv3]", "tidak memuat: SSLv3", "has none of: SSLv3"),
        ("cert.not_after", "beyond_days 0", "belum terlewati", "not yet passed"),
        (
            "cert.not_after",
            "beyond_days 30",
            "lebih dari 30 hari setelah pemeriksaan",
            "more than 30 days after the scan",
        ),
        ("http.header.x_content_type_options", "matches ^no.*f$", "berbentuk ^no.*f$", "has the form ^no.*f$"),
        ("no.such.fact", "some_new_operator 7", "some_new_operator 7", "some_new_operator 7"),
    ],
)
def test_requirements_are_phrases(fact: str, expected: str, indonesian: str, english: str) -> None:
    assert say("id").expected(verdict(fact, expected)) == indonesian
    assert say("en").expected(verdict(fact, expected)) == english


@pytest.mark.parametrize(
    ("fact", "observed", "outcome", "shown"),
    [
        ("exposure.git", "true", Outcome.FAIL, "ya"),
        ("cert.lifetime_days", "825", Outcome.FAIL, "825 hari"),
        ("cert.not_after", "2026-11-02T23:59:59Z", Outcome.FAIL, "3 November 2026 pukul 07.59 WITA"),
        ("tls.versions", "[]", Outcome.FAIL, "(tidak ada)"),
        ("http.header.x_content_type_options", "", Outcome.FAIL, "(kosong)"),
        ("http.hsts.max_age", "not_offered", Outcome.FAIL, "tidak disediakan situs"),
        (
            "http.hsts.max_age",
            "timeout: no answer in 15 s",
            Outcome.UNKNOWN,
            "tidak ada jawaban sampai batas waktu (no answer in 15 s)",
        ),
        ("http.header.x_content_type_options", "timeout: of my heart", Outcome.FAIL, "timeout: of my heart"),
        ("cert.not_after", "someday", Outcome.FAIL, "someday"),
        ("cert.lifetime_days", "²", Outcome.FAIL, "² hari"),
    ],
)
def test_conditions_are_shown_by_the_type_of_their_fact(fact: str, observed: str, outcome: Outcome, shown: str) -> None:
    assert say().observed(verdict(fact, "", observed, outcome)) == shown


@pytest.mark.parametrize(
    ("observed", "shown"),
    [
        ("timeout: no full answer in time", "jawaban lengkap tidak tiba pada waktunya"),
        ("timeout: TLSv1.0: no full answer in time", "TLSv1.0: jawaban lengkap tidak tiba pada waktunya"),
        ("timeout: words of no catalogue", "words of no catalogue"),
        (
            "not_requested: needs level standard, asked for passive",
            "memerlukan tingkat standar, yang diminta hanya pasif",
        ),
        (
            "not_authorised: needs level active, authorised up to standard",
            "memerlukan tingkat aktif, izin hanya sampai tingkat standar",
        ),
        ("unreachable: contoh.go.id has no address", "contoh.go.id tidak mempunyai alamat"),
        ("unreachable: contoh.go.id: Name or service not known", "contoh.go.id: nama tidak dikenal"),
        ("timeout: no full handshake in 2.5 s", "jabat tangan lengkap tidak tiba dalam 2.5 detik"),
        (
            "limited: left alone after 3 failed exchanges in a row",
            "dibiarkan setelah 3 pertukaran gagal berturut-turut",
        ),
        ("timeout: no full handshake in {seconds", "no full handshake in {seconds"),
        ("timeout", ""),
        ("true", ""),
    ],
)
def test_of_a_detail_each_part_that_is_known_is_translated(observed: str, shown: str) -> None:
    assert say().detail(verdict("http.https_redirect", "equals true", observed, Outcome.UNKNOWN)) == shown


def test_the_kind_of_object_is_named() -> None:
    assert say().subject(verdict("http.cookie.secure", "", subject="PHPSESSID")) == ("cookie", "PHPSESSID")
    assert say().subject(verdict("http.https_redirect", "")) == ("", "")


def test_every_kind_of_object_that_facts_have_is_named_in_the_officers_language() -> None:
    specs = facts.union(plugins.load_checks())
    words = Wording(catalog("id"), specs, zone("6371"))
    raw = {
        spec.subject for name, spec in specs.items() if words.subject(verdict(name, "", subject="x"))[0] == spec.subject
    }
    assert raw == {"", "cookie"}, "'cookie' is the Indonesian word, too; no other kind is shown as the code names it"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_absence_has_a_sentence_and_advice_of_its_own(lang: str) -> None:
    unseen = set(Absence) - {Absence.NOT_OFFERED, Absence.NOT_REQUESTED}
    reasons = [say(lang).reason(absence) for absence in unseen]
    assert len({reason.text for reason in reasons}) == len(unseen)
    assert all(reason.advice for reason in reasons)
    assert say(lang).reason("something new").text not in {reason.text for reason in reasons}


def test_only_a_key_of_the_issuer_is_not_called_untrusted() -> None:
    report = samples.good().report
    assert trust(report, catalog("id")).tone == "plain"
    for signing in ("ephemeral", "", "something new"):
        said = trust(replace(report, signing=signing), catalog("id"))
        assert (said.tone, said.title) == ("bad", "TIDAK TEPERCAYA")


def tones(view: View) -> list[tuple[str, str]]:
    return [(notice.tone, notice.title) for notice in notices(digest(view), catalog("en"))]


def test_a_clean_site_is_good_news() -> None:
    assert tones(samples.good()) == [("good", "No fault found")]


def test_a_site_that_was_not_seen_is_no_good_news() -> None:
    assert tones(samples.unknown()) == [
        ("bad", "Too little was assessed"),
        ("warn", "No fault found, but not everything was assessed"),
    ]


def test_expired_acceptances_are_loud() -> None:
    assert ("bad", "Expired risk acceptance") in tones(samples.bad())


def test_small_faults_alone_are_a_warning() -> None:
    view = samples.bad()
    small = tuple(f for f in view.report.findings if f.severity.rank < Severity.HIGH.rank and not f.reason)
    assert tones(replace(view, report=replace(view.report, findings=small)))[-1][0] == "warn"


def test_nothing_judged_is_no_good_news() -> None:
    view = samples.good()
    waiting = tuple(f for f in view.report.findings if f.outcome is Outcome.MANUAL)
    assert tones(replace(view, report=replace(view.report, findings=waiting))) == [("warn", "Nothing was assessed")]


def test_accepted_risks_are_not_called_clean() -> None:
    view = samples.bad()
    accepted = tuple(f for f in view.report.findings if f.outcome in (Outcome.WAIVED, Outcome.PASS))
    assert tones(replace(view, report=replace(view.report, findings=accepted))) == [
        ("warn", "No fault but accepted ones")
    ]


def test_an_interrupted_run_says_what_is_missing() -> None:
    view = samples.good()
    run = replace(view.report.run, interrupted=True, unreached=("https://a.go.id/", "https://b.go.id/"))
    assert isinstance(run, Run)
    first = notices(digest(replace(view, report=replace(view.report, run=run))), catalog("en"))[0]
    assert first.tone == "bad"
    assert first.text.startswith("2 targets were not reached")
