"""What the fuzzer calls: the first octet chooses the hello, the rest is what a server said to it."""

import sys
from contextlib import suppress

import atheris  # type: ignore[import-untyped]  # of the environment in tests/peers

with atheris.instrument_imports(include=["checks.tls", "checks.certificate", "auditor.net.starttls"]):
    from checks.certificate import showing
    from checks.tls import flight, handshake12, handshake13, records, sslv2
    from checks.tls.hello import TLS13
    from checks.tls.probes import disorder, padding, renegotiation, robot
    from checks.tls.probes.aim import Aim
    from checks.tls.records import TlsParseError

from auditor.errors import Unobserved
from auditor.net import Reply, Script
from tests.wire.flights import Exchange, answers

EXCHANGES = tuple(answers().values())


def parse(exchange: Exchange, data: bytes) -> None:
    """Everything that reads bytes; each may raise its own error alone."""
    for read in (records.answer, flight.read, sslv2.answer, showing.parser(exchange.hello, exchange.version)):
        with suppress(TlsParseError):
            read(data)
    with suppress(TlsParseError):
        list(records.complete(data))


def follow(script: Script[object], data: bytes) -> None:
    """A script that hears the first half of the data, then the rest, then the end."""
    turn = next(script)
    half = data.find(b"\x14\x03") + 1 or len(data)
    for part, end in ((data[:half], "enough"), (data[half - 1 :], "enough"), (b"", "closed"), (b"", "closed")):
        turn.enough(part)
        try:
            turn = script.send(Reply(part, end))  # type: ignore[arg-type]
        except (StopIteration, Unobserved):
            return


def one(octets: bytes) -> None:
    """One mutated flight."""
    if not octets:
        return
    exchange, data = EXCHANGES[octets[0] % len(EXCHANGES)], octets[1:]
    parse(exchange, data)
    if exchange.version == TLS13:
        follow(handshake13.behind("contoh.go.id", exchange.offer), data)
        return
    aim = Aim("contoh.go.id", "TLSv1.2", exchange.version, tuple(exchange.offer.suites))
    follow(handshake12.shaken(exchange.version, "contoh.go.id", exchange.offer), data)
    kind = octets[0] // len(EXCHANGES) % 4
    probes = (
        lambda: disorder._changed(aim),
        lambda: robot._sent(aim, "sound", whole=True),
        lambda: padding._in_request(aim, padding._bad_mac),
        lambda: renegotiation._begun(aim, bound=True),
    )
    follow(probes[kind](), data)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
