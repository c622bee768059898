"""Several raw conversations at once: each has its own outcome, and a host that bears few of them is not misreported."""

import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from auditor.errors import Unobserved
from auditor.model import Absence, Endpoint, Level, Target
from auditor.net import Ask, Limits, Neighbours, Network, Reply, Tape
from tests.wire.listener import Listener, listening

WORDS = [f"{number:02} ".encode() for number in range(20)]


def asks(words: Sequence[bytes] = WORDS) -> list[Ask]:
    return [Ask(word, lambda data: data.endswith(b"."), "test") for word in words]


def network(endpoint: Endpoint, *, tape: Tape | None = None, limits: Limits = Limits(exchange=2.0)) -> Network:  # noqa: B008 - frozen
    target = Target("https", "contoh.go.id", 443, level=Level.STANDARD, connect=endpoint)
    return Network(target, neighbours=Neighbours(), limits=limits, tape=tape)


def echo(connection: socket.socket, _: Listener) -> None:
    connection.sendall(connection.recv(100) + b".")
    connection.recv(1)


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@pytest.fixture(autouse=True)
def _room_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """A short queue drops connections, which then come a second later."""
    monkeypatch.setattr(socketserver.TCPServer, "request_queue_size", 64)


@contextmanager
def bounded(most: int, turn_away: Callable[[socket.socket], None]) -> Iterator[Listener]:
    """An echo that bears `most` connections at once and takes a little time for each."""
    lock, now = threading.Lock(), [0]

    def talk(connection: socket.socket, seen: Listener) -> None:
        with lock:
            now[0] += 1
            over = now[0] > most
        try:
            if over:
                turn_away(connection)
            else:
                time.sleep(0.02)
                echo(connection, seen)
        finally:
            with lock:
                now[0] -= 1

    with listening(talk) as seen:
        yield seen


def test_every_answer_stands_at_its_question() -> None:
    with listening(echo) as seen, network(seen.endpoint) as net:
        outcomes = net.converse_all(asks())
        assert [outcome.data for outcome in outcomes if isinstance(outcome, Reply)] == [word + b"." for word in WORDS]
        assert {outcome.ended for outcome in outcomes if isinstance(outcome, Reply)} == {"enough"}
        assert seen.connections == net.connections == 20


def test_no_more_than_eight_at_once() -> None:
    lock, now, most = threading.Lock(), [0], [0]

    def talk(connection: socket.socket, seen: Listener) -> None:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.01)
        connection.sendall(connection.recv(100) + b".")
        with lock:  # before the peer can know that it is answered, and open the next
            now[0] -= 1

    with listening(talk) as seen, network(seen.endpoint) as net:
        assert len(net.converse_all(asks())) == 20
    assert 2 <= most[0] <= 9  # the ninth comes in between the answer and the count


@pytest.mark.parametrize("turn_away", [reset, socket.socket.close], ids=["reset", "closed"])
def test_who_was_turned_away_among_many_is_asked_again_alone(turn_away: Callable[[socket.socket], None]) -> None:
    with bounded(4, turn_away) as seen, network(seen.endpoint) as net:
        outcomes = net.converse_all(asks())
        assert [outcome.data for outcome in outcomes if isinstance(outcome, Reply)] == [word + b"." for word in WORDS]
        net.converse_all(asks([word + b"again" for word in WORDS]))
        before = net.connections
        net.converse_all(asks([word + b"at last" for word in WORDS]))
        assert net.connections - before <= 30  # at full width nearly every one would be asked twice


def test_what_is_turned_away_alone_too_is_believed() -> None:
    def talk(connection: socket.socket, seen: Listener) -> None:
        if connection.recv(100).startswith(b"07"):
            reset(connection)
        else:
            connection.sendall(b".")

    with listening(talk) as seen, network(seen.endpoint) as net:
        outcomes = net.converse_all(asks())
    assert outcomes[7] == Reply(b"", "reset")
    assert sum(outcome == Reply(b".", "enough") for outcome in outcomes) == 19
    assert net.connections == 21


def test_a_time_out_is_asked_again_once_and_holds_nobody_else_up() -> None:
    def talk(connection: socket.socket, seen: Listener) -> None:
        heard = connection.recv(100)
        if heard.startswith(b"03"):
            connection.recv(1)
        else:
            connection.sendall(b".")

    with listening(talk) as seen, network(seen.endpoint, limits=Limits(exchange=0.3)) as net:
        started = time.monotonic()
        outcomes = net.converse_all(asks(WORDS[:5]))
        assert time.monotonic() - started < 2
    late = outcomes[3]
    assert isinstance(late, Unobserved)
    assert late.reason is Absence.TIMEOUT
    assert sum(isinstance(outcome, Reply) for outcome in outcomes) == 4
    assert net.connections == 6


def test_a_host_that_trickles_for_ever_is_given_up_at_the_deadline_of_the_target() -> None:
    def talk(connection: socket.socket, _: Listener) -> None:
        while True:
            connection.sendall(b"x")
            time.sleep(0.01)

    with listening(talk) as seen, network(seen.endpoint, limits=Limits(exchange=5, target=0.5)) as net:
        started = time.monotonic()
        outcomes = net.converse_all(asks())
        assert time.monotonic() - started < 2
    assert {outcome.reason for outcome in outcomes if isinstance(outcome, Unobserved)} == {Absence.LIMITED}
    assert len(outcomes) == 20


def test_an_endless_answer_is_cut_at_the_cap() -> None:
    def talk(connection: socket.socket, _: Listener) -> None:
        while True:
            connection.sendall(b"x" * 10_000)

    with listening(talk) as seen, network(seen.endpoint, limits=Limits(header=50_000)) as net:
        (outcome,) = net.converse_all(asks(WORDS[:1]))
    assert outcome == Reply(b"x" * 50_000, "cap")


def test_a_closed_port_is_refused_for_all() -> None:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port = int(sock.getsockname()[1])
    with network(Endpoint("127.0.0.1", port)) as net:
        outcomes = net.converse_all(asks())
    assert {outcome.reason for outcome in outcomes if isinstance(outcome, Unobserved)} == {Absence.REFUSED}
    assert len(outcomes) == 20


def test_what_is_known_is_not_asked_again_and_a_tape_plays_it(tmp_path: Path) -> None:
    tape = Tape()
    with listening(echo) as seen, network(seen.endpoint, tape=tape) as net:
        one = net.converse(WORDS[3], lambda data: data.endswith(b"."), purpose="test")
        both = net.converse_all(asks(WORDS[3:5]) + asks(WORDS[3:5]))
        assert seen.connections == 2
    assert both[0] == both[2] == one
    tape.save(tmp_path / "tape")
    with network(seen.endpoint, tape=Tape.load(tmp_path / "tape")) as replayed:
        again = replayed.converse_all(asks(WORDS[3:6]))
        assert replayed.connections == 0
    assert again[:2] == both[:2]
    assert isinstance(again[2], Unobserved)
    assert again[2].reason is Absence.NOT_COLLECTED
