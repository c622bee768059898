"""Whatever a server sends, a parser ends with a value or its own error, and a script with what it returns or `Unobserved`."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import Unobserved
from auditor.net import Reply, Script
from auditor.net.starttls import PREFACES
from checks.certificate import showing
from checks.tls import flight, handshake12, handshake13, records, sslv2
from checks.tls.hello import TLS13
from checks.tls.probes import disorder, memory, padding, renegotiation, robot
from checks.tls.probes.aim import Aim
from checks.tls.records import TlsParseError
from tests.wire.flights import Exchange, answers

NAMES = tuple(answers())
ENDS = ("enough", "closed", "reset", "cap", "silent")


@st.composite
def mutated(draw: st.DrawFn) -> tuple[Exchange, bytes]:
    """A genuine flight with some octets changed, taken out, doubled or cut off."""
    exchange = answers()[draw(st.sampled_from(NAMES))]
    data = bytearray(exchange.flight)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, max(0, min(len(data), 200) - 1)))
        match draw(st.sampled_from(("change", "cut", "drop", "double", "insert"))):
            case "change" if data:
                data[at] = draw(st.integers(0, 255))
            case "cut":
                del data[draw(st.integers(0, len(data))) :]
            case "drop":
                del data[at : at + draw(st.integers(1, 64))]
            case "double":
                data[at:at] = data[at : at + 64]
            case _:
                data[at:at] = draw(st.binary(max_size=8))
    return exchange, bytes(data)


def drive(script: Script[object], replies: list[Reply]) -> None:
    """Let a script hear the replies, the last one for ever; it must come to an end."""
    turn = next(script)
    for at in range(8):
        reply = replies[min(at, len(replies) - 1)]
        turn.enough(reply.data)
        try:
            turn = script.send(reply)
        except (StopIteration, Unobserved):
            return
    raise AssertionError("the script goes on for ever")


@pytest.mark.parametrize("name", NAMES)
def test_the_genuine_flights_are_read(name: str) -> None:
    exchange = answers()[name]
    found = flight.read(exchange.flight)
    assert isinstance(found, records.Alert) is name.endswith("refused")


@settings(max_examples=600, deadline=None)
@given(mutated())
def test_parsers_end_with_a_value_or_their_own_error(case: tuple[Exchange, bytes]) -> None:
    exchange, data = case
    parsers: list[Callable[[bytes], object]] = [
        records.answer,
        flight.read,
        sslv2.answer,
        showing.parser(exchange.hello, exchange.version),
        lambda data: list(records.complete(data)),
        lambda data: list(records.messages(data)),
    ]
    for parse in parsers:
        with suppress(TlsParseError):
            parse(data)


@settings(max_examples=400, deadline=None)
@given(mutated(), st.lists(st.tuples(st.binary(max_size=120), st.sampled_from(ENDS)), min_size=1, max_size=3))
def test_scripts_end_with_a_result_or_an_absence(case: tuple[Exchange, bytes], after: list[tuple[bytes, str]]) -> None:
    exchange, data = case
    replies = [Reply(data, "enough"), *(Reply(more, end) for more, end in after)]  # type: ignore[arg-type]
    aim = Aim("contoh.go.id", "TLSv1.2", exchange.version, tuple(exchange.offer.suites) or (0x002F,))
    if exchange.version == TLS13:
        drive(handshake13.behind("contoh.go.id", exchange.offer), replies)
        return
    scripts: list[Script[object]] = [
        handshake12.shaken(exchange.version, "contoh.go.id", exchange.offer),
        memory._heartbeat(aim),
        disorder._changed(aim),
        robot._sent(aim, "sound", whole=True),
        padding._in_finished(aim, padding._bad_mac),
        padding._in_request(aim, padding._bad_padding),
        renegotiation._begun(aim, bound=True),
    ]
    for script in scripts:
        drive(script, replies)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(PREFACES)), st.lists(st.binary(max_size=80), min_size=1, max_size=4))
def test_prefaces_end_with_leave_to_begin_or_an_absence(scheme: str, said: list[bytes]) -> None:
    drive(PREFACES[scheme](), [Reply(data, "closed") for data in said])
