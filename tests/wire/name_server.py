"""A name server on a loopback port that answers what it is told.

    with name_server.serving({("contoh.go.id", "CAA"): ['0 issue "letsencrypt.org"']}) as server:
        server.endpoint, server.asked

A name that is not in the mapping under any type does not exist. `SILENT` gets no answer, `FAILING` gets SERVFAIL.
"""

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from auditor.model import Endpoint

SILENT, FAILING = ("silent",), ("failing",)
Zone = Mapping[tuple[str, str], Sequence[str]]


@dataclass(slots=True)
class Server:
    """Where it listens, and what it was asked: (name, type)."""

    endpoint: Endpoint
    asked: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def serving(zone: Zone) -> Iterator[Server]:
    """Serve until the block ends."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.bind(("127.0.0.1", 0))
        door.settimeout(0.05)
        over = threading.Event()
        server = Server(Endpoint("127.0.0.1", door.getsockname()[1]))

        def serve() -> None:
            while not over.is_set():
                try:
                    data, peer = door.recvfrom(4_096)
                except TimeoutError:
                    continue
                if reply := _reply(data, zone, server.asked):
                    door.sendto(reply, peer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server
        finally:
            over.set()
            thread.join()


def _reply(data: bytes, zone: Zone, asked: list[tuple[str, str]]) -> bytes:
    query = dns.message.from_wire(data)
    (question,) = query.question
    name, kind = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
    asked.append((name, kind))
    found = zone.get((name, kind), ())
    if found == SILENT:
        return b""
    reply = dns.message.make_response(query)
    reply.flags |= dns.flags.RA | dns.flags.AA
    if found == FAILING:
        reply.set_rcode(dns.rcode.SERVFAIL)
    elif found:
        reply.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *found))
    elif not any(known == name for known, _ in zone):
        reply.set_rcode(dns.rcode.NXDOMAIN)
    return reply.to_wire()
