"""What is remembered, and played again."""

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from auditor.canonical import DecodeError
from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net.tape import Tape
from auditor.net.wire import Field, Handshake, Reply, Response

VALUES: list[Any] = [
    Response(
        "https://contoh.go.id/",
        200,
        "OK",
        "1.1",
        (Field("X", "\xff\0"),),
        b"\0\xff",
        complete=False,
        faults=("bare_lf",),
    ),
    Handshake("TLSv1.3", "TLS_AES_128_GCM_SHA256", "h2", (b"\x30", b"\x31"), "127.0.0.1", 3),
    Reply(b"\x15\x03", "reset"),
    ("127.0.0.1", "::1"),
]


def test_a_call_is_made_once_for_each_key() -> None:
    tape, calls = Tape(), []
    for key in (("a", b"x".hex()), ("a", "y"), ("a", b"x".hex())):
        tape.once(key, lambda: calls.append(1))
    assert len(calls) == 2


def test_a_failure_is_remembered_and_raised_anew() -> None:
    tape, raised = Tape(), []

    def fail() -> str:
        raised.append(Unobserved(Absence.REFUSED, "why"))
        raise raised[0]

    for _ in range(2):
        with pytest.raises(Unobserved, match="why") as caught:
            tape.once(("a",), fail)
        assert caught.value is not raised[0]
        assert caught.value.reason is Absence.REFUSED
    assert len(raised) == 1


def test_who_asks_meanwhile_waits_for_the_same_answer() -> None:
    tape, calls, answers = Tape(), [], []

    def slow() -> str:
        calls.append(1)
        time.sleep(0.05)
        return "answer"

    threads = [threading.Thread(target=lambda: answers.append(tape.once(("a",), slow))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(calls), answers) == (1, ["answer"] * 8)


def test_an_interruption_is_not_remembered() -> None:
    tape = Tape()

    def interrupted() -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tape.once(("a",), interrupted)
    assert tape.once(("a",), lambda: "answer") == "answer"


def test_a_saved_tape_plays_what_it_recorded_and_nothing_else(tmp_path: Path) -> None:
    tape = Tape()
    for index, value in enumerate(VALUES):
        tape.once(("value", index), lambda value=value: value)  # type: ignore[misc]

    def fail() -> str:
        raise Unobserved(Absence.TIMEOUT, "no answer")

    with pytest.raises(Unobserved):
        tape.once(("failure",), fail)
    tape.save(tmp_path / "tape")
    played = Tape.load(tmp_path / "tape")
    assert [played.once(("value", index), pytest.fail) for index in range(len(VALUES))] == VALUES
    with pytest.raises(Unobserved, match="no answer") as caught:
        played.once(("failure",), pytest.fail)
    assert caught.value.reason is Absence.TIMEOUT
    with pytest.raises(Unobserved) as caught:
        played.once(("another",), pytest.fail)
    assert caught.value.reason is Absence.NOT_COLLECTED


@pytest.mark.parametrize("data", [b"x", b'["a","unknown",1]', b"[1.5]"])
def test_a_file_that_is_no_tape_is_an_error(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "tape").write_bytes(data)
    with pytest.raises(DecodeError):
        Tape.load(tmp_path / "tape")
