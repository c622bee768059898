"""How far a run is: a bar with ETA on a terminal, plain lines elsewhere, nothing when quiet. Always on stderr."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from auditor.cli.console import note, words

T = TypeVar("T")

_EVERY = 10.0
"""Seconds between plain lines."""


def track(items: Iterable[T], total: int, label: str, *, quiet: bool) -> Iterator[T]:
    """Pass the items through, showing how many of `total` have come."""
    if quiet:
        return iter(items)
    return _bar(items, total, label) if sys.stderr.isatty() else _lines(items, total, label)


def _bar(items: Iterable[T], total: int, label: str) -> Iterator[T]:
    # ruff: noqa: PLC0415 - imported late: other commands must not wait for rich
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        TextColumn(words().text("left")), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=total)
        for item in items:
            progress.advance(task)
            yield item


def _lines(items: Iterable[T], total: int, label: str) -> Iterator[T]:
    started = last = time.monotonic()
    for done, item in enumerate(items, start=1):
        now = time.monotonic()
        if done == total or now - last >= _EVERY:
            last = now
            left = round((now - started) / done * (total - done))
            note(
                words().text(
                    "{label}: {done} of {total}, about {seconds} s left",
                    label=label, done=done, total=total, seconds=left,
                )
            )  # fmt: skip
        yield item
