"""An interrupted run keeps each finished target whole, and forgets itself when it has become a bundle."""

from pathlib import Path

import pytest

from auditor.audit import Order, collect, kept
from auditor.errors import InputError
from auditor.journal import Journal
from auditor.model import Target

OPTIONS = {"asked": {"level": "passive"}, "started": "2026-11-24T03:00:00Z", "targets": "digest"}
URLS = ("https://a.contoh.go.id/", "https://b.contoh.go.id/")


def test_finished_targets_come_back_after_a_restart(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path, "run-1", OPTIONS)
    journal.save(URLS[0], b"line\n")
    again = Journal.open(tmp_path, "run-1")
    assert again.saved(URLS) == {URLS[0]: b"line\n"}
    assert again.options == OPTIONS
    assert again.run == "run-1"


def test_a_half_written_target_does_not_count(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path, "run-1", OPTIONS)
    journal.save(URLS[0], b"line\n")
    (kept,) = journal.path.glob("*.jsonl")
    kept.rename(kept.with_suffix(".part"))
    assert journal.saved(URLS) == {}


def test_a_closed_journal_leaves_nothing(tmp_path: Path) -> None:
    Journal.create(tmp_path, "run-1", OPTIONS).close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("run", ["run-2", "../x", "run-1/..", "."])
def test_an_unknown_run_is_refused_with_those_there_are(tmp_path: Path, run: str) -> None:
    Journal.create(tmp_path, "run-1", OPTIONS)
    with pytest.raises(InputError, match="run-1"):
        Journal.open(tmp_path, run)


@pytest.mark.parametrize("damaged", [b"", b"{bad", b"[]", b"{}", b"\xff"])
def test_a_damaged_record_is_refused_with_its_place(tmp_path: Path, damaged: bytes) -> None:
    journal = Journal.create(tmp_path, "run-1", OPTIONS)
    (journal.path / "options.json").write_bytes(damaged)
    with pytest.raises(InputError, match=r"options\.json: the run cannot be resumed"):
        Journal.open(tmp_path, "run-1")


@pytest.mark.parametrize("damage", [b"", b"{bad\n", b'{"target":"https://b.contoh.go.id/"}\n', b"{}\n"])
def test_evidence_that_cannot_be_read_is_collected_again(tmp_path: Path, damage: bytes) -> None:
    target = Target("https", "a.contoh.go.id", 443)
    order = Order((target,), ())
    journal = Journal.create(tmp_path, "run-1", OPTIONS)
    ((_, lines),) = collect(order, journal)
    assert kept(order, journal) == {target.url: lines}
    (saved,) = journal.path.glob("*.jsonl")
    saved.write_bytes(damage)
    assert kept(order, journal) == {}
    assert [found.url for found, _ in collect(order, journal)] == [target.url]
