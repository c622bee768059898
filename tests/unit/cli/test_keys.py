"""`auditor keys create`: where its passphrase comes from."""

from pathlib import Path

import pytest

from auditor.cli import run
from auditor.trust.keys import describe, load


def test_without_a_terminal_nothing_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AUDITOR_KEY_PASSPHRASE", raising=False)
    assert run(["keys", "create", "--out", str(tmp_path / "k")]) == 2
    assert "tidak ada terminal" in capsys.readouterr().err
    assert not (tmp_path / "k").exists()


def test_the_environment_may_hold_the_passphrase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_KEY_PASSPHRASE", "sandi uji saja")
    assert run(["keys", "create", "--out", str(tmp_path)]) == 0
    load(tmp_path / "key.pem", b"sandi uji saja")


def test_no_passphrase_means_none_even_where_the_environment_holds_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITOR_KEY_PASSPHRASE", "sandi uji saja")
    assert run(["keys", "create", "--out", str(tmp_path), "--no-passphrase"]) == 0
    assert describe(tmp_path / "key.pem").encrypted is False


def test_two_that_differ_are_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("AUDITOR_KEY_PASSPHRASE", raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    typed = iter(["satu", "dua", "tiga", "tiga"])
    monkeypatch.setattr("click.prompt", lambda *_, **__: next(typed))
    assert run(["keys", "create", "--out", str(tmp_path)]) == 0
    assert "keduanya tidak sama" in capsys.readouterr().err
    load(tmp_path / "key.pem", b"tiga")
