"""A few hundred blocking jobs over a few threads, handed out in order and given back as they finish."""

import queue
import threading
from collections.abc import Callable, Generator, Iterable
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_POLL = 0.2
"""Seconds between looks at Ctrl-C: a blocking `get` without a time-out would not see it."""


def run(work: Callable[[Item], Result], items: Iterable[Item], jobs: int) -> Generator[tuple[Item, Result], None, None]:
    """Yield (item, result) as they finish.

    Leaving the iteration early, by Ctrl-C or an error, abandons what is under way: the threads are daemons and
    hold no state that a half-done item could spoil. An exception of `work` is raised here.
    """
    waiting: queue.SimpleQueue[Item] = queue.SimpleQueue()
    total = 0
    for item in items:
        waiting.put(item)
        total += 1
    finished: queue.SimpleQueue[tuple[Item, Result | None, BaseException | None]] = queue.SimpleQueue()
    stop = threading.Event()

    def serve() -> None:
        while not stop.is_set():
            try:
                item = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                finished.put((item, work(item), None))
            except BaseException as error:  # noqa: BLE001 - handed over to the caller's thread, not swallowed
                finished.put((item, None, error))

    for _ in range(min(jobs, total)):
        threading.Thread(target=serve, daemon=True).start()
    try:
        for _ in range(total):
            item, result, error = _next(finished)
            if error is not None:
                raise error
            yield item, result  # type: ignore[misc]  # no error means there is a result
    finally:
        stop.set()


def _next(finished: "queue.SimpleQueue[Result]") -> Result:
    while True:
        try:
            return finished.get(timeout=_POLL)
        except queue.Empty:
            continue
