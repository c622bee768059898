"""The report on a terminal: the answer first, and no remote text that a terminal would obey."""

import os
import re
import time

import pytest

from auditor.model import View
from reports import terminal
from tests.unit.reports import samples

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(autouse=True)
def _no_width_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)


def ansi(view: View, lang: str = "id") -> str:
    [(name, data)] = terminal.render(view, lang)
    assert name == "report.txt"
    return data.decode()


def plain(view: View, lang: str = "id") -> str:
    return COLOUR.sub("", ansi(view, lang))


def order(text: str, *needed: str) -> list[int]:
    return [text.index(part) for part in needed]


def test_the_answer_comes_before_faults_and_those_before_what_was_not_assessed() -> None:
    places = order(
        plain(samples.bad()),
        "7 temuan.",
        "Temuan ─",
        " kritis ",
        " tinggi ",
        " sedang ",
        "Tidak dinilai ─",
        "1 kontrol menunggu",
    )
    assert places == sorted(places)


def test_a_fault_shows_object_requirement_condition_and_remedy() -> None:
    text = re.sub(r"\s+", " ", plain(samples.bad()))
    assert "cookie PHPSESSID. kriteria: ya; kondisi: tidak" in text
    assert "paling banyak 398 hari; kondisi: 825 hari" in text
    assert "Rekomendasi: Aktifkan pada konfigurasi server web" in text


def test_an_ephemeral_key_is_called_untrusted() -> None:
    assert "TIDAK TEPERCAYA" in plain(samples.bad())
    assert "NOT TRUSTED" in plain(samples.bad(), "en")
    assert "TEPERCAYA" not in plain(samples.good())


def test_several_agencies_get_a_table_with_their_officers() -> None:
    lines = plain(samples.dozen()).splitlines()
    row = next(line for line in lines if line.startswith("Dinas Kesehatan"))
    assert row.split() == ["Dinas", "Kesehatan", "dr.", "Sari", "Melati", "3", "2", "3", "4", "1", "0", "E", "·", "56"]
    assert any("belum ditetapkan" in line for line in lines)
    assert "Perangkat Daerah" not in plain(samples.good())


def test_the_table_of_agencies_is_whole_on_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = plain(samples.dozen()).splitlines()
    assert any(line.startswith("Dinas ") and line.endswith("0   E · 56") for line in lines)
    assert max(map(len, lines)) <= 80


def test_faults_of_many_sites_are_grouped_by_rule() -> None:
    text = plain(samples.dozen())
    assert text.count("Berkas .env tidak terbuka untuk umum") == 1
    assert "3 situs: situs2.contoh.go.id, situs7.contoh.go.id, situs12.contoh.go.id" in text


def test_what_was_not_assessed_comes_with_reason_and_advice() -> None:
    text = re.sub(r"\s+", " ", plain(samples.unknown()))
    assert "? situs tidak terjangkau" in text
    assert "Periksa nama di DNS" in text
    assert "terpenuhi" not in text


def test_changes_are_counted() -> None:
    text = re.sub(r"\s+", " ", plain(samples.changed()))
    assert "Sejak laporan sebelumnya: 1 baru, 1 diperbaiki, 9 masih ada, 1 tidak dinilai lagi." in text


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_site_cannot_speak_to_the_terminal(lang: str) -> None:
    text = plain(samples.hostile(), lang)
    assert all(char.isprintable() or char == "\n" for char in text), "only our own colours are escape sequences"
    flat = re.sub(r"\s+", "", text)
    assert "[boldred]x[/]" in flat, "markup in a remote text is shown, not obeyed"
    assert "⟨U+001B⟩]0;pwned⟨U+0007⟩" in flat
    assert "A" * 200 not in flat


def test_our_colours_are_the_only_escapes() -> None:
    codes = set(COLOUR.findall(ansi(samples.hostile())))
    assert codes <= set(COLOUR.findall(ansi(samples.bad()) + ansi(samples.dozen()) + ansi(samples.unknown())))


def test_without_columns_the_terminal_says_how_wide_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.get_terminal_size", lambda _: os.terminal_size((64, 24)))
    longest = max(len(line) for line in plain(samples.bad()).splitlines())
    assert 64 - 25 < longest <= 64


@pytest.mark.parametrize(
    ("columns", "width"), [("60", 60), ("140", 140), ("", 100), ("many", 100), ("0", 100), ("20", 40)]
)
def test_lines_fit_the_width_asked_for(monkeypatch: pytest.MonkeyPatch, columns: str, width: int) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    longest = max(len(line) for line in plain(samples.bad()).splitlines())
    assert width - 25 < longest <= width


def test_lines_end_where_their_text_ends() -> None:
    assert not re.search(r" $", ansi(samples.bad()), re.MULTILINE)


def test_a_province_is_shown_quickly_and_briefly() -> None:
    view = samples.fleet()
    began = time.process_time()
    text = plain(view)
    assert time.process_time() - began < 3
    assert len(text.splitlines()) < 300
