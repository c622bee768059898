"""Politeness, by a clock that the test turns."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net.connection import Connection
from auditor.net.deadline import Deadline, after
from auditor.net.pace import CONVERSATIONS, Neighbour, Neighbours


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def neighbour(self, *, local: bool = False) -> Neighbour:
        return Neighbour(local=local, clock=lambda: self.now, sleep=self.sleep)

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def turns(self, neighbour: Neighbour, count: int, rate: int | None = None) -> list[float]:
        start, moments = self.now, []
        for _ in range(count):
            neighbour.turn(Deadline(start + 10_000), rate=rate, errors=5)
            moments.append(self.now - start)
        return moments


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_the_usual_pace_is_two_requests_a_second(clock: Clock) -> None:
    assert clock.turns(clock.neighbour(), 4) == [0, 0.5, 1.0, 1.5]


def test_loopback_and_intranet_have_no_pace_unless_the_operator_sets_one(clock: Clock) -> None:
    assert clock.turns(clock.neighbour(local=True), 3) == [0, 0, 0]
    assert clock.turns(clock.neighbour(local=True), 3, rate=4) == [0, 0.25, 0.5]


def test_the_operators_rate_goes_before_the_usual_one(clock: Clock) -> None:
    assert clock.turns(clock.neighbour(), 3, rate=8) == [0, 0.125, 0.25]


@pytest.mark.parametrize(("status", "took"), [(429, 0.1), (503, 0.1), (200, 6.0)])
def test_strain_halves_the_pace(clock: Clock, status: int, took: float) -> None:
    neighbour = clock.neighbour()
    neighbour.answered(status, None, took)
    assert clock.turns(neighbour, 3) == [0, 1.0, 2.0]


def test_the_pace_is_halved_no_further_than_to_an_eighth(clock: Clock) -> None:
    neighbour = clock.neighbour()
    for _ in range(50):
        neighbour.answered(503, None, 0.1)
    assert clock.turns(neighbour, 2) == [0, 4.0]


def test_ten_good_answers_give_half_of_a_slowdown_back(clock: Clock) -> None:
    neighbour = clock.neighbour()
    neighbour.answered(503, None, 0.1)
    neighbour.answered(503, None, 0.1)
    for _ in range(10):
        neighbour.answered(200, None, 0.1)
    assert clock.turns(neighbour, 2) == [0, 1.0]


def test_retry_after_is_obeyed(clock: Clock) -> None:
    neighbour = clock.neighbour(local=True)
    neighbour.answered(429, 30.0, 0.1)
    assert clock.turns(neighbour, 1) == [30.0]


def test_a_pause_beyond_the_targets_deadline_is_limited_at_once(clock: Clock) -> None:
    neighbour = clock.neighbour()
    neighbour.answered(503, 1e9, 0.1)
    before = clock.now
    with pytest.raises(Unobserved) as caught:
        neighbour.turn(Deadline(clock.now + 120), rate=None, errors=5)
    assert caught.value.reason is Absence.LIMITED
    assert clock.now == before


def test_an_answer_that_is_no_strain_may_not_dictate_a_pause(clock: Clock) -> None:
    neighbour = clock.neighbour()
    neighbour.answered(200, 60.0, 0.1)
    assert clock.turns(neighbour, 1) == [0]


def test_after_five_failures_in_a_row_a_host_is_left_alone(clock: Clock) -> None:
    neighbour = clock.neighbour()
    for _ in range(4):
        neighbour.failed()
    neighbour.reached()
    for _ in range(4):
        neighbour.failed()
    assert clock.turns(neighbour, 1) == [0]
    neighbour.failed()
    with pytest.raises(Unobserved, match="left alone after 5") as caught:
        clock.turns(neighbour, 1)
    assert caught.value.reason is Absence.LIMITED


@pytest.fixture
def connection() -> Iterator[Connection]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Connection(ours, "127.0.0.1", after(1, ""))


def test_a_third_connection_waits_for_one_of_two(connection: Connection) -> None:
    neighbour = Neighbour(local=False)
    assert neighbour.borrow("a", after(1, ""), bounded=False) is None
    assert neighbour.borrow("b", after(1, ""), bounded=False) is None
    with pytest.raises(Unobserved) as caught:
        neighbour.borrow("c", after(0.05, ""), bounded=False)
    assert caught.value.reason is Absence.LIMITED
    threading.Timer(0.05, neighbour.give_back, ("a", None)).start()
    assert neighbour.borrow("c", after(5, ""), bounded=False) is None


def test_a_kept_connection_serves_its_own_key_only_and_makes_way_for_others(connection: Connection) -> None:
    neighbour = Neighbour(local=False)
    neighbour.borrow("a", after(1, ""), bounded=False)
    neighbour.give_back("a", connection)
    assert neighbour.borrow("b", after(1, ""), bounded=False) is None
    assert neighbour.borrow("a", after(1, ""), bounded=False) is connection
    neighbour.give_back("a", connection)
    assert neighbour.borrow("c", after(1, ""), bounded=False) is None  # room was made: a is closed
    neighbour.give_back("b", None)
    assert neighbour.borrow("a", after(1, ""), bounded=False) is None


@pytest.mark.parametrize(
    ("local", "bounded", "free"), [(True, False, True), (True, True, False), (False, False, False)]
)
def test_only_local_addresses_without_a_rate_have_no_bound(*, local: bool, bounded: bool, free: bool) -> None:
    neighbour = Neighbour(local=local)
    taken = 0
    try:
        for key in range(5):
            neighbour.borrow(key, after(0.02, ""), bounded=bounded)
            taken += 1
    except Unobserved:
        pass
    assert taken == (5 if free else 2)


def test_eight_raw_conversations_go_on_at_once() -> None:
    neighbour, most, now, lock = Neighbour(local=True), 0, 0, threading.Lock()

    def talk() -> None:
        nonlocal most, now
        with neighbour.talk(after(5, "")):
            with lock:
                now += 1
                most = max(most, now)
            time.sleep(0.02)
            with lock:
                now -= 1

    threads = [threading.Thread(target=talk) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == CONVERSATIONS == 8


def test_a_shared_server_is_one_neighbour_and_a_local_port_is_one() -> None:
    neighbours = Neighbours()
    assert neighbours.at("1.1.1.1", 443) is neighbours.at("1.1.1.1", 80)
    assert neighbours.at("127.0.0.1", 443) is not neighbours.at("127.0.0.1", 80)
    assert neighbours.at("10.0.0.1", 443) is neighbours.at("10.0.0.1", 443)


def test_memory_of_neighbours_is_bounded_and_keeps_those_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.net.pace._MOST_NEIGHBOURS", 3)
    neighbours = Neighbours()
    used = neighbours.at("1.1.1.1", 443)
    used.borrow("a", after(1, ""), bounded=False)
    idle = neighbours.at("1.1.1.2", 443)
    for last in range(3, 9):
        neighbours.at(f"1.1.1.{last}", 443)
    assert neighbours.at("1.1.1.1", 443) is used
    assert neighbours.at("1.1.1.2", 443) is not idle
