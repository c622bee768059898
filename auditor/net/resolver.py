"""Names to addresses, and to what else the DNS says of them, within a deadline."""

import socket

from auditor.errors import Unobserved
from auditor.model import Absence, Endpoint
from auditor.net.deadline import Deadline, within
from auditor.net.guard import literal

_MOST = 8
"""Addresses kept of one name."""


def resolve(host: str, deadline: Deadline, resolver: Endpoint | None = None) -> tuple[str, ...]:
    """Addresses of an A-label name in the order to try them; an IP literal is its own answer.

    The system's resolver is asked, or the one given.

    Raises:
        Unobserved: UNREACHABLE when there is no such name or no address, or the deadline's own absence.
    """
    if address := literal(host):
        return (address,)
    server = None if host == "localhost" else resolver  # RFC 6761: that is never a question for a server
    found = _ask_system(host, deadline) if server is None else _ask(server, host, deadline)
    if not found:
        raise Unobserved(Absence.UNREACHABLE, f"{host} has no address")
    return tuple(dict.fromkeys(found))[:_MOST]


def _ask_system(host: str, deadline: Deadline) -> list[str]:
    try:
        infos = within(deadline.left(), lambda: socket.getaddrinfo(host, None, type=socket.SOCK_STREAM))
    except TimeoutError:
        raise deadline.passed() from None
    except (OSError, UnicodeError) as error:
        detail = error.strerror if isinstance(error, OSError) else "not a name"
        return _no_address(host, detail or "no answer")
    return [str(info[4][0]).partition("%")[0] for info in infos]


def _no_address(host: str, detail: str) -> list[str]:
    raise Unobserved(Absence.UNREACHABLE, f"{host}: {detail}")


def _ask(resolver: Endpoint, host: str, deadline: Deadline) -> list[str]:
    import dns.exception  # noqa: PLC0415 - 80 ms of imports that most runs do not need
    import dns.resolver  # noqa: PLC0415

    stub = dns.resolver.Resolver(configure=False)
    stub.nameservers, stub.port = [resolver.host], resolver.port
    found: list[str] = []
    for kind in ("A", "AAAA"):
        try:
            answer = stub.resolve(host, kind, lifetime=deadline.left(), raise_on_no_answer=False, search=False)
        except dns.resolver.NXDOMAIN:
            return _no_address(host, "no such name")
        except dns.resolver.LifetimeTimeout:
            if found:
                break
            raise deadline.passed() from None
        except (dns.exception.DNSException, OSError) as error:
            if found:
                break
            return _no_address(host, f"the resolver failed ({type(error).__name__})")
        found += [record.address for record in answer.rrset or ()]
    return found


def records(name: str, kind: str, deadline: Deadline, resolver: Endpoint | None = None) -> tuple[str, ...]:
    """What the DNS says of an A-label name under a type (`CAA`, `TXT` ...), aliases followed, as RFC 1035 text, sorted.

    None where there are no such records, or no such name. The system's resolver is asked, or the one given.

    Raises:
        Unobserved: UNREACHABLE when the resolver fails or refuses, or the deadline's own absence.
    """
    import dns.exception  # noqa: PLC0415 - as above
    import dns.resolver  # noqa: PLC0415

    if name == "localhost":
        return ()  # RFC 6761: that is never a question for a server
    try:
        stub = dns.resolver.Resolver(configure=resolver is None)
        if resolver is not None:
            stub.nameservers, stub.port = [resolver.host], resolver.port
        answer = stub.resolve(name, kind, lifetime=deadline.left(), raise_on_no_answer=False, search=False)
    except dns.resolver.NXDOMAIN:
        return ()
    except dns.resolver.LifetimeTimeout:
        raise Unobserved(Absence.TIMEOUT, "no answer of the resolver in time") from None
    except (dns.exception.DNSException, OSError) as error:
        raise Unobserved(Absence.UNREACHABLE, f"the resolver failed ({type(error).__name__})") from None
    return tuple(sorted(record.to_text() for record in answer.rrset or ()))
