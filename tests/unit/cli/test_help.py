"""Help texts: in the officer's language to the last word, and shown as help, not as an error."""

import pytest

from auditor.cli import run


@pytest.mark.parametrize("command", [[], ["keys"], ["policy"]])
def test_a_command_that_needs_another_shows_its_help(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command) == 2
    told = capsys.readouterr().err
    assert told.startswith("Pemakaian: auditor")
    assert len(told.splitlines()) > 5
    assert "kesalahan" not in told


@pytest.mark.parametrize(
    ("lang", "words", "others"),
    [
        (
            "id",
            (
                "Pemakaian: auditor keys create [OPSI]",
                "Opsi:",
                "[wajib]",
                "[bawaan: auditor]",
                "Tampilkan bantuan ini.",
            ),
            ("Usage", "default", "OPTIONS"),
        ),
        ("en", ("Usage: ", "Options:", "[required]", "[default: auditor]", "Show this message"), ("Pemakaian", "Opsi")),
    ],
)
def test_the_words_of_the_frame_are_those_of_the_language(
    lang: str, words: tuple[str, ...], others: tuple[str, ...], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("AUDITOR_LANG", lang)
    assert run(["keys", "create", "--help"]) == 0
    shown = capsys.readouterr().out
    assert [word for word in words if word not in shown] == []
    assert [word for word in others if word in shown] == []


def test_what_checks_and_facts_mean_is_said_in_the_officers_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AUDITOR_LANG", "id")
    assert run(["checks", "cookies"]) == 0
    told = capsys.readouterr().out
    assert "Cookie yang disimpan peramban" in told
    assert "Hanya dikirim melalui HTTPS" in told
    assert run(["facts"]) == 0
    assert "Hanya dikirim melalui HTTPS" in capsys.readouterr().out
