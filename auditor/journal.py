"""What an unfinished run has done so far, so that it can be resumed: one masked evidence file a target.

Lives beside the bundles under `OUT/.runs/<run id>/` and is removed when the run has become a bundle.
"""

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.canonical import encode, sha256
from auditor.errors import InputError

RUNS = ".runs"
_ASKED = frozenset({"asked", "started", "targets"})


@dataclass(frozen=True, slots=True)
class Journal:
    """The folder of one run."""

    path: Path

    @property
    def run(self) -> str:
        """The run id, as `--resume` takes it."""
        return self.path.name

    @classmethod
    def create(cls, out: Path, run: str, options: dict[str, Any]) -> "Journal":
        """Start a run; `options` are what the same command needs to go on: `asked`, `started`, `targets`."""
        journal = cls(out / RUNS / run)
        journal.path.mkdir(parents=True)
        (journal.path / "options.json").write_bytes(encode(options))
        return journal

    @classmethod
    def open(cls, out: Path, run: str) -> "Journal":
        """An unfinished run.

        Raises:
            InputError: there is none of that id, or what it was asked cannot be read any more.
        """
        journal = cls(out / RUNS / run)
        if run != Path(run).name or not (journal.path / "options.json").is_file():
            known = sorted(p.name for p in (out / RUNS).glob("*")) if (out / RUNS).is_dir() else []
            raise InputError(
                "no run {run} to resume", place="--resume", run=repr(run),
                hint="unfinished runs: {known}" if known else "no unfinished run in {out}",
                known=", ".join(known), out=out,
            )  # fmt: skip
        try:
            sound = _ASKED.issubset(journal.options)
        except (ValueError, TypeError):
            sound = False
        if not sound:
            place = journal.path / "options.json"
            raise InputError("the run cannot be resumed: its record is damaged", place=str(place), hint="scan anew")
        return journal

    @property
    def options(self) -> dict[str, Any]:
        """What `create` was given."""
        options: dict[str, Any] = json.loads((self.path / "options.json").read_bytes())
        return options

    def save(self, url: str, evidence: bytes) -> None:
        """Keep the evidence of a finished target; whole or not at all."""
        place = self._place(url)
        part = place.with_suffix(".part")
        part.write_bytes(evidence)
        part.replace(place)

    def saved(self, urls: Iterable[str]) -> dict[str, bytes]:
        """Evidence of those of the targets that are finished, by URL."""
        places = {url: self._place(url) for url in urls}
        return {url: place.read_bytes() for url, place in places.items() if place.is_file()}

    def close(self) -> None:
        """Forget the run: it has become a bundle."""
        shutil.rmtree(self.path)
        if not any(self.path.parent.iterdir()):
            self.path.parent.rmdir()

    def _place(self, url: str) -> Path:
        return self.path / f"{sha256(url.encode())[:32]}.jsonl"
