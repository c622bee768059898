"""Politeness, by a clock that the test turns."""

import math
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

import pytest

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net.connection import Connection
from auditor.net.deadline import Budget, after
from auditor.net.pace import CONNECTIONS, CONVERSATIONS, RATE, Neighbour, Neighbours
from tests.unit.net.virtual_time import Clock


def neighbour_at(clock: Clock, *, local: bool = False) -> Neighbour:
    return Neighbour(local=local, clock=clock, changed=clock.condition())


def starts(clock: Clock, neighbour: Neighbour, count: int, rate: int | None = None, seconds: float = 60) -> list[float]:
    """Moments, from now on, at which requests that take no time may be made, one after the other."""
    before, moments = clock.now, []
    for _ in range(count):
        neighbour.admit("a", Budget(seconds, clock), rate=rate, errors=5)
        moments.append(clock.now - before)
        neighbour.give_back("a", None)
    return moments


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_the_usual_pace_is_two_requests_a_second(clock: Clock) -> None:
    assert starts(clock, neighbour_at(clock), 4) == [0, 0.5, 1.0, 1.5]


def test_loopback_and_intranet_have_no_pace_unless_the_operator_sets_one(clock: Clock) -> None:
    assert starts(clock, neighbour_at(clock, local=True), 3) == [0, 0, 0]
    assert starts(clock, neighbour_at(clock, local=True), 3, rate=4) == [0, 0.25, 0.5]


def test_the_operators_rate_goes_before_the_usual_one(clock: Clock) -> None:
    assert starts(clock, neighbour_at(clock), 3, rate=8) == [0, 0.125, 0.25]


@pytest.mark.parametrize(("status", "took"), [(429, 0.1), (503, 0.1), (200, 6.0)])
def test_strain_halves_the_pace(clock: Clock, status: int, took: float) -> None:
    neighbour = neighbour_at(clock)
    neighbour.answered(status, None, took)
    assert starts(clock, neighbour, 3) == [0, 1.0, 2.0]


def test_the_pace_is_halved_no_further_than_to_an_eighth(clock: Clock) -> None:
    neighbour = neighbour_at(clock)
    for _ in range(50):
        neighbour.answered(503, None, 0.1)
    assert starts(clock, neighbour, 2) == [0, 4.0]


def test_ten_good_answers_give_half_of_a_slowdown_back(clock: Clock) -> None:
    neighbour = neighbour_at(clock)
    neighbour.answered(503, None, 0.1)
    neighbour.answered(503, None, 0.1)
    for _ in range(10):
        neighbour.answered(200, None, 0.1)
    assert starts(clock, neighbour, 2) == [0, 1.0]


def test_retry_after_is_obeyed(clock: Clock) -> None:
    neighbour = neighbour_at(clock, local=True)
    neighbour.answered(429, 30.0, 0.1)
    assert starts(clock, neighbour, 1) == [30.0]


def test_a_pause_beyond_what_the_target_has_left_is_limited_at_once(clock: Clock) -> None:
    neighbour = neighbour_at(clock)
    neighbour.answered(503, 61.0, 0.1)
    before = clock.now
    with pytest.raises(Unobserved, match="pause of 61 s") as caught:
        starts(clock, neighbour, 1, seconds=60)
    assert caught.value.reason is Absence.LIMITED
    assert clock.now == before
    assert starts(clock, neighbour, 1, seconds=62) == [61.0]


def test_no_server_asks_for_more_than_an_hour(clock: Clock) -> None:
    neighbour = neighbour_at(clock)
    neighbour.answered(503, 1e9, 0.1)
    assert starts(clock, neighbour, 1, seconds=4_000) == [3_600.0]


def test_a_pause_is_the_targets_time_and_a_turn_is_not(clock: Clock) -> None:
    neighbour, budget = neighbour_at(clock), Budget(60, clock)
    starts(clock, neighbour, 1)
    neighbour.admit("a", budget, rate=None, errors=5)
    assert (clock.now, budget.left) == (1_000.5, 60)
    neighbour.give_back("a", None)
    neighbour.answered(429, 30.0, 0.1)
    neighbour.admit("a", budget, rate=None, errors=5)
    assert (clock.now, budget.left) == (1_030.5, 60 - 29.5)  # the usual half a second would have passed anyhow


def test_a_pause_that_the_usual_pace_covers_costs_the_target_nothing(clock: Clock) -> None:
    neighbour = neighbour_at(clock)
    starts(clock, neighbour, 1)
    neighbour.answered(429, 0.5, 0.1)
    assert starts(clock, neighbour, 1, seconds=0.1) == [0.5]


def test_a_target_without_time_left_takes_no_turn(clock: Clock) -> None:
    neighbour, budget = neighbour_at(clock), Budget(1, clock)
    clock.sleep(1)
    with pytest.raises(Unobserved, match="1 s for this target are used up"):
        neighbour.admit("a", budget, rate=None, errors=5)
    assert starts(clock, neighbour, 1) == [0]


def test_an_answer_that_is_no_strain_may_not_dictate_a_pause(clock: Clock) -> None:
    neighbour = neighbour_at(clock)
    neighbour.answered(200, 60.0, 0.1)
    assert starts(clock, neighbour, 1) == [0]


def test_after_five_failures_in_a_row_a_host_is_left_alone(clock: Clock) -> None:
    neighbour = neighbour_at(clock)
    for _ in range(4):
        neighbour.failed()
    neighbour.reached()
    for _ in range(4):
        neighbour.failed()
    assert starts(clock, neighbour, 1) == [0]
    neighbour.failed()
    with pytest.raises(Unobserved, match="left alone after 5") as caught:
        starts(clock, neighbour, 1)
    assert caught.value.reason is Absence.LIMITED


@pytest.fixture
def connection() -> Iterator[Connection]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Connection(ours, "127.0.0.1", after(1, ""))


def test_a_kept_connection_serves_its_own_key_only_and_makes_way_for_others(
    clock: Clock, connection: Connection
) -> None:
    neighbour, budget = neighbour_at(clock), Budget(60, clock)

    def admit(key: str) -> Connection | None:
        return neighbour.admit(key, budget, rate=None, errors=5)

    assert admit("a") is None
    neighbour.give_back("a", connection)
    assert admit("b") is None
    assert admit("a") is connection
    neighbour.give_back("a", connection)
    assert admit("c") is None  # room was made: a is closed
    neighbour.give_back("b", None)
    assert admit("a") is None


@pytest.mark.parametrize(("local", "rate", "most"), [(True, None, 6), (True, 1_000, 2), (False, None, 2)])
def test_only_local_addresses_without_a_rate_have_no_bound(
    clock: Clock, *, local: bool, rate: int | None, most: int
) -> None:
    neighbour, now = neighbour_at(clock, local=local), []
    open_at_once = []

    def ask(key: int) -> None:
        neighbour.admit(key, Budget(60, clock), rate=rate, errors=5)
        now.append(key)
        open_at_once.append(len(now))
        clock.sleep(10)
        now.remove(key)
        neighbour.give_back(key, None)

    clock.run([partial(ask, key) for key in range(6)])
    assert len(open_at_once) == 6
    assert max(open_at_once) == most


def test_eight_raw_conversations_go_on_at_once_and_the_others_lose_no_time(clock: Clock) -> None:
    neighbour, now = neighbour_at(clock, local=True), []
    at_once, left = [], []

    def talk(key: int) -> None:
        budget = Budget(5, clock)
        with neighbour.talk(budget, errors=5):
            left.append(budget.left)
            now.append(key)
            at_once.append(len(now))
            clock.sleep(4)
            now.remove(key)

    clock.run([partial(talk, key) for key in range(24)])
    assert clock.now == 1_000 + 3 * 4
    assert left == [5] * 24
    assert max(at_once) == CONVERSATIONS == 8


# Many names on one address


@dataclass
class Exchange:
    """When a request was wished for, when it began, and when it ended."""

    target: int
    wished: float
    began: float = math.inf
    ended: float = math.inf


@dataclass
class Fleet:
    """Targets of 20 s each, three requests each, over workers, all on one public address."""

    clock: Clock
    duration: Callable[[int], float]
    exchanges: list[Exchange] = field(default_factory=list)
    gaps: list[tuple[float, Unobserved]] = field(default_factory=list)
    retry_after: dict[int, float] = field(default_factory=dict)
    """Seconds of pause that the answer to a request (counted in the order begun) asks for."""

    def scan(self, targets: int, workers: int) -> None:
        self.neighbour = neighbour_at(self.clock)
        waiting = list(range(targets))[::-1]

        def work() -> None:
            while waiting:
                self._scan_one(waiting.pop())

        self.clock.run([work] * workers)

    def _scan_one(self, target: int) -> None:
        budget = Budget(20, self.clock)
        try:
            for _ in range(3):
                self._ask(Exchange(target, self.clock.now), budget)
        except Unobserved as gap:
            self.gaps.append((self.clock.now, gap))

    def _ask(self, exchange: Exchange, budget: Budget) -> None:
        self.neighbour.admit(exchange.target, budget, rate=None, errors=5)
        exchange.began = self.clock.now
        self.exchanges.append(exchange)
        number = len(self.exchanges)
        self.clock.sleep(self.duration(number))
        exchange.ended = self.clock.now
        pause = self.retry_after.get(number)
        self.neighbour.answered(429 if pause else 200, pause, 0.1)
        self.neighbour.give_back(exchange.target, None)

    def most_at_once(self) -> int:
        begun = [exchange.began for exchange in self.exchanges]
        return max(sum(other.began <= at < other.ended for other in self.exchanges) for at in begun)

    def least_distance(self) -> float:
        begun = sorted(exchange.began for exchange in self.exchanges)
        return min(after - before for before, after in pairwise(begun))

    def overtaken(self) -> list[tuple[Exchange, Exchange]]:
        """Pairs of which the one that came later was served first."""
        return [
            (one, other)
            for one in self.exchanges
            for other in self.exchanges
            if one.wished < other.wished and one.began > other.began
        ]


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [
        (lambda _: 0.1, 119 * 0.5 + 0.1),  # the rate is what is short
        (lambda _: 3.0, 120 * 3 / 2 + 0.5),  # the two connections are
        (lambda number: number % 7 * 0.6, None),
    ],
)
def test_forty_names_on_one_address_are_all_seen_in_the_order_they_came(
    clock: Clock, duration: Callable[[int], float], seconds: float | None
) -> None:
    fleet = Fleet(clock, duration)
    fleet.scan(40, workers=16)
    assert fleet.gaps == []
    assert len(fleet.exchanges) == 40 * 3
    assert fleet.most_at_once() <= CONNECTIONS == 2
    assert fleet.least_distance() >= 1 / RATE == 0.5
    assert fleet.overtaken() == []
    if seconds is not None:
        assert clock.now - 1_000 == pytest.approx(seconds)


def test_a_pause_asked_for_while_others_wait_delays_them_too(clock: Clock) -> None:
    fleet = Fleet(clock, lambda _: 0.1, retry_after={10: 15.0})
    fleet.scan(40, workers=16)
    assert fleet.gaps == []
    asked = fleet.exchanges[9].ended
    assert sum(exchange.wished < asked < exchange.began for exchange in fleet.exchanges) >= 14  # they waited already
    assert [exchange for exchange in fleet.exchanges if asked < exchange.began < asked + 15] == []
    assert min(exchange.began for exchange in fleet.exchanges if exchange.began > asked) == pytest.approx(asked + 15)
    assert fleet.overtaken() == []


def test_a_pause_too_long_for_all_who_wait_makes_none_of_them_wait(clock: Clock) -> None:
    fleet = Fleet(clock, lambda _: 0.1, retry_after={10: 500.0})
    fleet.scan(40, workers=16)
    asked = fleet.exchanges[9].ended
    assert len(fleet.exchanges) == 10
    assert {str(gap) for _, gap in fleet.gaps} != set()
    assert all(gap.reason is Absence.LIMITED and "pause" in gap.detail for _, gap in fleet.gaps)
    assert max(at for at, _ in fleet.gaps) <= asked + 0.5


def test_who_waits_for_a_host_that_fails_meanwhile_leaves_it_alone(clock: Clock) -> None:
    neighbour, begun, left_alone = neighbour_at(clock), [], []

    def ask(key: int) -> None:
        try:
            neighbour.admit(key, Budget(60, clock), rate=None, errors=5)
        except Unobserved as gap:
            left_alone.append(gap.detail)
            return
        begun.append(key)
        clock.sleep(0.1)
        neighbour.failed()
        neighbour.give_back(key, None)

    clock.run([partial(ask, key) for key in range(12)])
    assert len(begun) == 5
    assert left_alone == ["left alone after 5 failed exchanges in a row"] * 7
    with pytest.raises(Unobserved, match="left alone"), neighbour.talk(Budget(60, clock), errors=5):
        pass


# Neighbours


def test_who_waits_for_a_turn_keeps_the_neighbour_from_being_forgotten(clock: Clock) -> None:
    neighbour = neighbour_at(clock)
    starts(clock, neighbour, 1)
    assert not neighbour.busy
    busy: list[bool] = []

    def ask() -> None:
        starts(clock, neighbour, 1)

    def look() -> None:
        clock.sleep(0.25)
        busy.append(neighbour.busy)

    clock.run([ask, look])
    assert busy == [True]


def test_a_shared_server_is_one_neighbour_and_a_local_port_is_one() -> None:
    neighbours = Neighbours()
    assert neighbours.at("1.1.1.1", 443) is neighbours.at("1.1.1.1", 80)
    assert neighbours.at("127.0.0.1", 443) is not neighbours.at("127.0.0.1", 80)
    assert neighbours.at("10.0.0.1", 443) is neighbours.at("10.0.0.1", 443)


def test_memory_of_neighbours_is_bounded_and_keeps_those_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.net.pace._MOST_NEIGHBOURS", 3)
    neighbours = Neighbours()
    used = neighbours.at("1.1.1.1", 443)
    used.admit("a", Budget(1), rate=None, errors=5)
    idle = neighbours.at("1.1.1.2", 443)
    for last in range(3, 9):
        neighbours.at(f"1.1.1.{last}", 443)
    assert neighbours.at("1.1.1.1", 443) is used
    assert neighbours.at("1.1.1.2", 443) is not idle
