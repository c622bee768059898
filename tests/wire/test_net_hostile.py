"""Whatever a server does, a scan of it ends in time, within bounds of memory, with the right word for it."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import psutil

from auditor.errors import Unobserved
from auditor.model import Absence, Endpoint
from auditor.net import Limits, Neighbours, Network, Visit
from auditor.net.faults import FAULTS
from tests.wire.hostile import CASES, Answered, Case, Expected, serving, target_of

LIMITS = Limits(exchange=1.0, target=3.0)


def test_every_hostile_server_becomes_what_it_is_in_time_and_within_memory() -> None:
    neighbours = Neighbours()
    wrong: dict[str, str] = {}
    late: dict[str, float] = {}

    def visit(case: Case, endpoint: Endpoint) -> None:
        started = time.monotonic()
        with Network(target_of(case, endpoint), neighbours=neighbours, limits=LIMITS) as net:
            try:
                seen: Visit | Absence = net.home()
            except Unobserved as gap:
                seen = gap.reason
            bound = LIMITS.target if isinstance(seen, Visit) and len(seen.hops) > 1 else LIMITS.exchange
        took = time.monotonic() - started
        if took > bound + 1:
            late[case.name] = took
        if complaint := _complaint(case.expected, seen):
            wrong[case.name] = complaint

    with serving(CASES) as endpoints, _watched_memory() as grown, ThreadPoolExecutor(32) as pool:
        for outcome in [pool.submit(visit, case, endpoints[case.name]) for case in CASES]:
            outcome.result()

    assert wrong == {}
    assert late == {}
    assert len(CASES) == len({case.name for case in CASES}) >= 200
    assert max(grown) < 150_000_000


def test_every_fault_there_is_has_a_server_that_shows_it() -> None:
    shown = {fault for case in CASES if isinstance(case.expected, Answered) for fault in case.expected.faults}
    assert shown == FAULTS


def test_handshakes_and_raw_conversations_end_in_time_and_by_name_too() -> None:
    neighbours = Neighbours()
    cases = [case for case in CASES if case.scheme == "https"]
    late: dict[str, float] = {}

    def talk(case: Case, endpoint: Endpoint) -> None:
        started = time.monotonic()
        with Network(target_of(case, endpoint), neighbours=neighbours, limits=LIMITS) as net:
            with suppress(Unobserved):
                assert net.handshake().chain
            with suppress(Unobserved):
                net.converse(b"\x16\x03\x01\0\x02\x01\0\r\n\r\n", lambda _: False, purpose="half a hello")
        if (took := time.monotonic() - started) > LIMITS.target + 1:
            late[case.name] = took

    with serving(cases) as endpoints, ThreadPoolExecutor(32) as pool:
        for outcome in [pool.submit(talk, case, endpoints[case.name]) for case in cases]:
            outcome.result()

    assert late == {}
    assert len(cases) >= 50


def _complaint(expected: Expected, seen: Visit | Absence) -> str:
    if not isinstance(expected, Answered) or not isinstance(seen, Visit):
        return "" if seen is expected else f"{seen!r:.200} is not {expected!r}"
    final = seen.final
    checks = {
        "status": (final.status, expected.status),
        "faults": (final.faults, expected.faults),
        "complete": (final.complete, expected.complete),
        "head_complete": (final.head_complete, expected.head_complete),
        "stopped": (seen.stopped, expected.stopped),
    }
    if expected.body is not None:
        checks["body"] = (final.body, expected.body)
    if expected.fields is not None:
        checks["fields"] = (tuple((item.name, item.value) for item in final.fields), expected.fields)
    return "; ".join(f"{name} {got!r:.200} is not {want!r:.200}" for name, (got, want) in checks.items() if got != want)


@contextmanager
def _watched_memory() -> Iterator[list[int]]:
    """Growth of this process's resident memory over its start, in bytes, sampled all the while."""
    process, over = psutil.Process(), threading.Event()
    start = process.memory_info().rss
    grown = [0]

    def watch() -> None:
        while not over.wait(0.02):
            grown.append(process.memory_info().rss - start)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield grown
    finally:
        over.set()
        watcher.join()
