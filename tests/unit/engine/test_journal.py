"""An interrupted run keeps each finished target whole, and forgets itself when it has become a bundle."""

from pathlib import Path

import pytest

from auditor.errors import InputError
from auditor.journal import Journal

URLS = ("https://a.contoh.go.id/", "https://b.contoh.go.id/")


def test_finished_targets_come_back_after_a_restart(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path, "run-1", {"asked": {"level": "passive"}})
    journal.save(URLS[0], b"line\n")
    again = Journal.open(tmp_path, "run-1")
    assert again.saved(URLS) == {URLS[0]: b"line\n"}
    assert again.options == {"asked": {"level": "passive"}}
    assert again.run == "run-1"


def test_a_half_written_target_does_not_count(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path, "run-1", {})
    journal.save(URLS[0], b"line\n")
    (kept,) = journal.path.glob("*.jsonl")
    kept.rename(kept.with_suffix(".part"))
    assert journal.saved(URLS) == {}


def test_a_closed_journal_leaves_nothing(tmp_path: Path) -> None:
    Journal.create(tmp_path, "run-1", {}).close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("run", ["run-2", "../x", "run-1/..", "."])
def test_an_unknown_run_is_refused_with_those_there_are(tmp_path: Path, run: str) -> None:
    Journal.create(tmp_path, "run-1", {})
    with pytest.raises(InputError, match="run-1"):
        Journal.open(tmp_path, run)
