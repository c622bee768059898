"""Servers that stall, lie, or give up half way: what was not seen is never told as absent, and nothing hangs."""

import socket
import socketserver
import time
from collections.abc import Callable

import pytest

from auditor.model import Absence, Absent, Collected, Endpoint, Fact, Level, Target
from auditor.net import Limits, Neighbours, Network
from checks import tls
from tests.wire.listener import Listener, listening

RSA = {0x002F, 0x0035, 0x003C, 0x009C}
NAMES = {"TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_256_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA256"} | {
    "TLS_RSA_WITH_AES_128_GCM_SHA256"
}
FAILURE, VERSION = bytes.fromhex("15030300020228"), bytes.fromhex("15030300020246")
STALL, CLOSE, LIE = b"stall", b"", b"lie"

Answer = Callable[[int, set[int], int], bytes]
"""Version and suites offered, and the number of the connection, to what is sent."""


def honest(version: int, offered: set[int], _: int = 0) -> bytes:
    """TLS 1.2 with four suites, by the server's own order."""
    if version != 0x0303:
        return VERSION
    common = sorted(RSA & offered, reverse=True)
    return hello(common[0]) if common else FAILURE


def hello(suite: int) -> bytes:
    body = b"\x03\x03" + bytes(32) + b"\0" + suite.to_bytes(2) + b"\0" + b"\x00\x05\xff\x01\x00\x01\x00"
    return b"\x16\x03\x03" + (len(body) + 4).to_bytes(2) + b"\x02" + len(body).to_bytes(3) + body


def offer(data: bytes) -> tuple[int, set[int]]:
    """Version and suites of a ClientHello; (0, ...) for one of SSL 2.0."""
    if not data.startswith(b"\x16"):
        return 0, set()
    at = 44 + data[43]
    size = int.from_bytes(data[at : at + 2])
    codes = {int.from_bytes(data[i : i + 2]) for i in range(at + 2, at + 2 + size, 2)}
    return (0x0304 if b"\x00\x2b\x00\x03\x02\x03\x04" in data else int.from_bytes(data[9:11])), codes


@pytest.fixture(autouse=True)
def _room_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socketserver.TCPServer, "request_queue_size", 64)


def look(answer: Answer, limits: Limits = Limits(exchange=0.3)) -> dict[tuple[str, str | None], Collected]:  # noqa: B008 - frozen
    """What the check says, by fact and subject."""

    def talk(connection: socket.socket, seen: Listener) -> None:
        said = answer(*offer(connection.recv(4096)), seen.connections)
        if said in (STALL, CLOSE):
            if said == STALL:
                connection.recv(1)
            return
        connection.sendall(hello(0xFAFA) if said == LIE else said)
        connection.recv(1)

    with listening(talk) as seen:
        target = Target("https", "contoh.go.id", 443, level=Level.STANDARD, connect=seen.endpoint)
        with Network(target, neighbours=Neighbours(), limits=limits) as net:
            items = list(tls.collect(target, net))
    return {
        (i.name, i.subject) if isinstance(i, Fact) else (i.fact, i.subject if isinstance(i, Absent) else "covered"): i
        for i in items
    }


def suites(seen: dict[tuple[str, str | None], Collected]) -> Fact:
    found = seen["tls.suites", "TLSv1.2"]
    assert isinstance(found, Fact), found
    return found


def test_the_server_of_these_tests_is_seen_whole() -> None:
    seen = look(honest)
    found = suites(seen)
    assert isinstance(found.value, tuple)
    assert set(found.value) == NAMES
    assert found.complete
    assert seen["tls.order_enforced", "TLSv1.2"] == Fact("tls.order_enforced", value=True, subject="TLSv1.2")
    assert seen["tls.vulnerable", "rc4"] == Fact("tls.vulnerable", value=False, subject="rc4")


@pytest.mark.parametrize(
    "instead", [STALL, LIE, b"\x16\x03\x03\x00", b"HTTP/1.1 400\r\n\r\n", bytes.fromhex("15030300020232")]
)
def test_whatever_comes_instead_of_a_refusal_leaves_the_set_open(instead: bytes) -> None:
    """Stalling, another suite than was offered, half a record, another protocol, decode_error: none says `no`."""

    def answer(version: int, offered: set[int], _: int) -> bytes:
        said = honest(version, offered)
        return instead if said == FAILURE else said

    seen = look(answer)
    found = suites(seen)
    assert isinstance(found.value, tuple)
    assert {"TLS_RSA_WITH_AES_128_GCM_SHA256"} <= set(found.value) <= NAMES
    assert not found.complete
    for name in ("freak", "rc4", "sweet32"):
        assert isinstance(seen["tls.vulnerable", name], Absent)
    assert seen["tls.vulnerable", "lucky13"] == Fact("tls.vulnerable", value=True, subject="lucky13")
    assert isinstance(seen["tls.dh_bits", None], Absent)


def test_silence_is_no_refusal_of_a_server_that_answers_nobody_any_more() -> None:
    def answer(version: int, offered: set[int], number: int) -> bytes:
        return honest(version, offered) if number <= 9 else CLOSE

    found = suites(look(answer))
    assert not found.complete


def test_silence_is_a_refusal_of_a_server_that_answers_others_still() -> None:
    def answer(version: int, offered: set[int], _: int) -> bytes:
        said = honest(version, offered)
        return CLOSE if said == FAILURE else said

    found = suites(look(answer))
    assert isinstance(found.value, tuple)
    assert set(found.value) == NAMES
    assert found.complete


@pytest.mark.parametrize("description", [10, 80])
def test_an_alert_that_is_out_of_place_refuses_if_others_are_answered_still(description: int) -> None:
    """Java says unexpected_message where nothing offered suits it."""

    def until(last: int) -> Answer:
        def answer(version: int, offered: set[int], number: int) -> bytes:
            said = honest(version, offered) if number <= last else FAILURE
            return bytes.fromhex("150303000202") + bytes([description]) if said == FAILURE else said

        return answer

    found = suites(look(until(10**6)))
    assert isinstance(found.value, tuple)
    assert set(found.value) == NAMES
    assert found.complete
    assert not suites(look(until(9))).complete


def test_a_server_that_accepts_everything_ends_with_the_target_s_time() -> None:
    def answer(version: int, offered: set[int], _: int) -> bytes:
        time.sleep(0.02)
        return hello(max(offered - {0x00FF, 0x5600})) if version == 0x0303 else VERSION

    started = time.monotonic()
    found = suites(look(answer, Limits(exchange=0.5, target=1.5)))
    assert time.monotonic() - started < 4
    assert not found.complete


def test_a_server_that_dies_in_between_is_unknown() -> None:
    def answer(version: int, offered: set[int], number: int) -> bytes:
        return honest(version, offered) if number <= 12 else STALL

    started = time.monotonic()
    seen = look(answer)
    assert time.monotonic() - started < 10
    assert not suites(seen).complete
    wrong = [i for i in seen.values() if isinstance(i, Absent) and i.reason is Absence.CRASHED]
    assert wrong == []


def test_nothing_is_asked_of_a_closed_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port = int(sock.getsockname()[1])
    target = Target("https", "contoh.go.id", 443, level=Level.STANDARD, connect=Endpoint("127.0.0.1", port))
    with Network(target, neighbours=Neighbours()) as net:
        items = list(tls.collect(target, net))
        assert net.connections <= 3
    assert {i.fact for i in items if isinstance(i, Absent)} == set(tls.facts)
