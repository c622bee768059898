"""Answers at the terminal, accepted risks on the command line: what ends up in the files."""

import contextlib
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from auditor import facts as facts_file
from auditor import plugins
from auditor.cli import run
from auditor.cli.attest import attest
from auditor.model import Outcome, Policy
from auditor.policy import load, load_attestations, load_waivers

Answering = Callable[..., str]


def known(identity: str) -> Policy:
    return load(identity, facts_file.union(plugins.load_checks())).policy


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Answering:
    """Runs `auditor attest` with lines typed at a terminal; returns what was shown."""
    monkeypatch.chdir(tmp_path)

    def typed(*lines: str, options: tuple[str, ...] = ("--policy", "bssn-4-2021")) -> str:
        runner = CliRunner()
        with runner.isolation(input="\n".join(lines) + "\n") as (_, shown, _):
            monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
            with contextlib.suppress(click.Abort):
                attest(list(options), standalone_mode=False)
            return shown.getvalue().decode()

    return typed


def test_answers_are_written_with_who_said_so_and_until_when(answering: Answering, tmp_path: Path) -> None:
    (tmp_path / "sk.pdf").write_bytes(b"sk")
    answering(
        "Budi, Kepala Seksi Persandian", "2027-06-30",
        "y", "Ditetapkan dengan SK.", "sk.pdf", "hilang.pdf", "",  # P27.1.a
        "",  # P27.1.b is skipped
        "mungkin", "t", "", "Belum ada.", "",  # P27.1.c, after an answer that is none and an empty statement
        "q",
        options=("--policy", "bssn-4-2021", "--host", "contoh.go.id"),
    )  # fmt: skip
    (first, second), _ = load_attestations(tmp_path / "attestations.yaml", [known("bssn-4-2021")])
    assert (first.rule, first.answer, first.host) == ("P27.1.a", Outcome.PASS, "contoh.go.id")
    assert (first.respondent, first.until) == ("Budi, Kepala Seksi Persandian", date(2027, 6, 30))
    assert [each.partition(" ")[0] for each in first.documents] == ["sk.pdf"]
    assert (second.rule, second.answer, second.statement) == ("P27.1.c", Outcome.FAIL, "Belum ada.")


def test_whoever_stops_keeps_nothing_unsaid(answering: Answering, tmp_path: Path) -> None:
    answering("Budi", "", "q")
    assert not (tmp_path / "attestations.yaml").exists()


def test_without_a_terminal_the_form_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["attest", "--policy", "bssn-4-2021", "--lang", "en"]) == 2
    assert "auditor attest form" in capsys.readouterr().err


def test_questions_come_from_somewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["attest", "form", "--out", str(tmp_path / "f.xlsx"), "--lang", "en"]) == 2
    assert "--policy and --bundle" in capsys.readouterr().err


def test_a_form_without_answers_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form = tmp_path / "f.xlsx"
    assert run(["attest", "form", "--policy", "bssn-4-2021", "--out", str(form)]) == 0
    assert run(["attest", "import", str(form), "--policy", "bssn-4-2021", "--lang", "en"]) == 2
    assert "no answer is filled in" in capsys.readouterr().err


def test_a_risk_is_accepted_in_one_command(tmp_path: Path) -> None:
    file = tmp_path / "waivers.yaml"
    accept = ["waive", "KOM-02", "--host", "contoh.go.id", "--reason", "Perangkat lama.", "--approver", "Kepala Dinas"]
    assert run([*accept, "--until", "2026-12-31", "--file", str(file)]) == 0
    (given,), _ = load_waivers(file, [known("baseline")])
    assert (given.rule, given.host, given.until, given.subject) == ("KOM-02", "contoh.go.id", date(2026, 12, 31), None)


def test_a_rule_that_is_none_cannot_be_waived(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "waivers.yaml"
    accept = ["waive", "KOM-99", "--reason", "x", "--approver", "y", "--until", "2026-12-31", "--lang", "en"]
    assert run([*accept, "--file", str(file)]) == 2
    assert "unknown rule" in capsys.readouterr().err
    assert not file.exists()
