"""How far a scan is: a bar on a terminal, plain lines elsewhere, nothing when quiet. Always on stderr."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from auditor.audit import Order
from auditor.cli.console import note, words
from auditor.model import Target

if TYPE_CHECKING:
    from rich.progress import Task
    from rich.text import Text

_EVERY = 10.0
"""Seconds between plain lines."""

Done = tuple[Target, bytes]


@dataclass(slots=True)
class Course:
    """A scan under way: which sites are still out, and how long they may take.

    As long as sites wait for a worker, the time left follows from the pace so far, without those that a resumed
    run found done. Once the last one has begun, pace says nothing: a site that stalls takes its whole deadline, so
    only that bound is known. It is no promise: sites that share a server wait for each other beyond it.
    """

    out: dict[str, Target]
    """Not done yet, by URL, in the order in which they are taken up."""
    jobs: int
    longest: float
    """Seconds that one site may take."""
    now: Callable[[], float] = time.monotonic
    done: int = 0
    _began: float = field(init=False)
    _taken_up: float = field(init=False)
    """When the last worker took up a site."""

    def __post_init__(self) -> None:
        self._began = self._taken_up = self.now()

    def arrived(self, target: Target) -> None:
        """A site is done."""
        del self.out[target.url]
        self.done += 1
        if len(self.out) >= self.jobs:
            self._taken_up = self.now()

    @property
    def last(self) -> bool:
        """Whether every site that is not done is being scanned."""
        return len(self.out) <= self.jobs

    @property
    def left(self) -> int | None:
        """Seconds: about so many, or at most so many where the `last` have begun; None where nothing is known."""
        if self.last:
            seconds = self._taken_up + self.longest - self.now()
            return round(seconds) if seconds > 0 else None
        return round((self.now() - self._began) / self.done * len(self.out)) if self.done else None


def track(items: Iterable[Done], order: Order, label: str, *, saved: int = 0, quiet: bool) -> Iterator[Done]:
    """Pass what is done through, showing how much of the order that is; the first `saved` were done before."""
    if quiet:
        return iter(items)
    return (_bar if sys.stderr.isatty() else _lines)(iter(items), order, label, saved)


def _begin(items: Iterator[Done], order: Order, saved: int) -> tuple[list[Done], Course]:
    """What was done before, and the course of the rest."""
    before = [next(items) for _ in range(saved)]
    known = {target.url for target, _ in before}
    out = {target.url: target for target in order.targets if target.url not in known}
    crawling = any(spec.crawl for check in order.checks for spec in check.facts.values())
    return before, Course(out, order.jobs, order.limits.target * (2 if crawling else 1))


def _bar(items: Iterator[Done], order: Order, label: str, saved: int) -> Iterator[Done]:
    # ruff: noqa: PLC0415 - imported late: other commands must not wait for rich
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeElapsedColumn
    from rich.table import Column
    from rich.text import Text

    before, course = _begin(items, order, saved)

    class Left(ProgressColumn):
        def render(self, task: "Task") -> "Text":  # noqa: ARG002 - rich's signature
            return Text(_left(course))

    name = TextColumn("{task.description}", markup=False)
    columns = (name, BarColumn(24), MofNCompleteColumn(), TimeElapsedColumn(), Left(Column(no_wrap=True)))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=len(order.targets), completed=saved)
        yield from before
        for item in items:
            course.arrived(item[0])
            progress.advance(task)
            yield item


def _left(course: Course) -> str:
    """`left ~0:03:20`, or of the last ones `left ≤0:01:18 lama.contoh.go.id +2`."""
    left = course.left
    known = "" if left is None else f"{words().text('left')} {'≤' if course.last else '~'}{timedelta(seconds=left)}"
    sites = tuple(course.out.values())
    if not sites or not course.last:
        return known
    more = f" +{len(sites) - 1}" if len(sites) > 1 else ""
    return f"{known} {sites[0].host}{more}".lstrip()


def _lines(items: Iterator[Done], order: Order, label: str, saved: int) -> Iterator[Done]:
    before, course = _begin(items, order, saved)
    yield from before
    last = time.monotonic()
    for item in items:
        course.arrived(item[0])
        if not course.out or time.monotonic() - last >= _EVERY:
            last = time.monotonic()
            _line(course, label, saved)
        yield item


def _line(course: Course, label: str, saved: int) -> None:
    left, done = course.left, saved + course.done
    said = words().text(
        "{label}: {done} of {total}"
        if left is None or not course.out
        else "{label}: {done} of {total}, at most {seconds} s left"
        if course.last
        else "{label}: {done} of {total}, about {seconds} s left",
        label=label,
        done=done,
        total=done + len(course.out),
        seconds=left,
    )
    note(said)
