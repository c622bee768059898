"""The pool gives everything back, raises what broke, and lets go at once when left."""

import threading
import time

import pytest

from auditor import pool


def test_every_item_comes_back_once() -> None:
    assert sorted(pool.run(lambda n: n * n, range(200), 8)) == [(n, n * n) for n in range(200)]


def test_no_more_than_the_asked_number_work_at_once() -> None:
    lock, now, peak = threading.Lock(), 0, 0

    def work(_: int) -> None:
        nonlocal now, peak
        with lock:
            now += 1
            peak = max(peak, now)
        time.sleep(0.005)
        with lock:
            now -= 1

    list(pool.run(work, range(40), 4))
    assert peak == 4


def test_an_error_of_the_work_is_raised_where_results_are_read() -> None:
    def work(n: int) -> int:
        if n == 3:
            raise ValueError("three")
        return n

    with pytest.raises(ValueError, match="three"):
        list(pool.run(work, range(10), 2))


def test_leaving_early_starts_nothing_more() -> None:
    started: list[int] = []

    def work(n: int) -> int:
        started.append(n)
        time.sleep(0.01)
        return n

    results = pool.run(work, range(1000), 2)
    next(results)
    results.close()
    time.sleep(0.05)
    count = len(started)
    time.sleep(0.05)
    assert len(started) == count < 20
