"""From a portrait to facts.

Facts about one version have that version as subject and are covered: where the version has no such thing (TLS 1.3 no
renegotiation, SSL 3.0 no extensions, a single suite no order), it is no subject of the fact, and rules do not range
over it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from auditor.errors import Unobserved
from auditor.model import Absence, Absent, Collected, Covered, Fact, FactSpec, Level, absent_all

from . import parameters, primes, probes, sslv2, strength, suites, vulnerabilities
from .answers import Answer, Seen
from .flight import Flight
from .handshake13 import Behind
from .hello import SSL30, TLS12, TLS13
from .portrait import Offering, Portrait
from .versions import VERSIONS

_ALPN = 16
_RENEGOTIATION_INFO, _HEARTBEAT, _ENCRYPT_THEN_MAC, _MASTER_SECRET, _TICKET = 0xFF01, 15, 22, 23, 35


def _fact(kind: type[bool] | type[int] | type[tuple[str, ...]], doc: str, subject: str = "", cost: int = 0) -> FactSpec:
    return FactSpec(kind, doc, subject=subject, level=Level.STANDARD, cost=cost)


facts = {
    "tls.suites": _fact(
        tuple,
        "Cipher suites accepted, IANA names; a server's first choice stands first, and TLS 1.3 is in its whole order",
        "version",
        cost=40,
    ),
    "tls.cipher_bits_least": _fact(int, "Bits of security of the weakest cipher accepted; 3DES has 112", "version"),
    "tls.cipher_bits_most": _fact(int, "Bits of security of the strongest cipher accepted", "version"),
    "tls.anonymous": _fact(bool, "A suite in which the server does not prove who it is is accepted", "version"),
    "tls.forward_secrecy": _fact(bool, "A suite with an ephemeral key exchange is accepted", "version"),
    "tls.forward_secrecy_only": _fact(bool, "Every suite accepted has an ephemeral key exchange", "version"),
    "tls.aead": _fact(bool, "A suite with authenticated encryption (RFC 5116) is accepted", "version"),
    "tls.order_enforced": _fact(bool, "The server's order of suites decides, not the client's", "version", cost=2),
    "tls.groups": _fact(tuple, "Groups accepted for the key exchange, IANA names, hybrids included", cost=8),
    "tls.signature_algorithms": _fact(
        tuple,
        "Algorithms that the server signs its key exchange with, IANA names; of TLS 1.2 where it signs there",
        cost=10,
    ),
    "tls.alpn": _fact(tuple, "Protocols accepted by ALPN (RFC 7301) of h2 and http/1.1, each asked for alone", cost=2),
    "tls.dh_bits": FactSpec(
        int, "Smallest prime used for Diffie-Hellman before TLS 1.3", unit="bit", level=Level.STANDARD
    ),
    "tls.dh_primes": _fact(
        tuple, "Diffie-Hellman primes before TLS 1.3: name of the RFC's group, or digest of one that is in none"
    ),
    "tls.key_reused": _fact(bool, "The same ephemeral key, `dh` or `ecdh`, was sent to two of our connections", "key"),
    "tls.compression": _fact(bool, "DEFLATE is chosen when offered (RFC 3749)", "version"),
    "tls.extended_master_secret": _fact(bool, "Extended master secret is supported (RFC 7627)", "version"),
    "tls.encrypt_then_mac": _fact(bool, "Encrypt-then-MAC is supported, where suites use CBC (RFC 7366)", "version"),
    "tls.secure_renegotiation": _fact(bool, "Renegotiation is bound to its connection (RFC 5746)", "version"),
    "tls.session_ticket": _fact(bool, "Session tickets are issued (RFC 5077)", "version", cost=1),
    "tls.session_id": _fact(bool, "A session id is given", "version"),
    "tls.heartbeat": _fact(bool, "Heartbeats are supported (RFC 6520)", "version"),
    "tls.fallback_scsv": _fact(
        bool, "A client that fell back to this version without need is turned away (RFC 7507)", "version", cost=1
    ),
    "tls.client_renegotiation": FactSpec(
        bool,
        "A renegotiation that the client begins is accepted (RFC 5746)",
        subject="version",
        level=Level.ACTIVE,
        cost=1,
    ),
    "tls.vulnerable": FactSpec(
        bool,
        "Open to freak, logjam, sweet32, rc4, crime, drown or poodle-sslv3 by what is accepted; for beast, breach,"
        " lucky13, raccoon and dheat the precondition on the server's side is met; for the others, probed at level"
        " active, the server's answers show it",
        subject="vulnerability",
        level=Level.STANDARD,
        active=probes.VULNERABILITIES,
    ),
}
"""All of them ask by ClientHellos, so `cost` is the typical number of connections, not of requests."""

_BY_VERSION = tuple(
    name for name, spec in facts.items() if spec.subject == "version" and spec.level is not Level.ACTIVE
)
"""Facts of each version that the hellos bring; what is probed for afterwards is said by `shown`."""


def stated(portrait: Portrait, versions: Sequence[str], negotiated: str | None) -> Iterator[Collected]:
    """Every fact of this module.

    Args:
        portrait: what was found out.
        versions: all those known to be accepted.
        negotiated: the protocol that a handshake which offered all chose by ALPN, empty for none; None without one.
    """
    for each in portrait.offerings:
        yield from _of_version(each)
    seen = {each.name for each in portrait.offerings}
    gaps = {sighting.version.name: sighting.gap for sighting in portrait.open}
    for name in dict.fromkeys([*versions, *gaps]):
        if name not in seen:
            yield from _unseen(name, gaps.get(name) or Unobserved(Absence.NOT_COLLECTED, "not accepted when asked for"))
    if portrait.fallback is not None:
        yield _answer("tls.fallback_scsv", portrait.fallback.noticed, portrait.fallback.version)
    yield from (Covered(name) for name in _BY_VERSION)
    yield from _of_server(portrait, negotiated)
    for kind, reused in vulnerabilities.reused(portrait).items():
        yield _answer("tls.key_reused", reused, kind)
    yield Covered("tls.key_reused")
    for name, open_to in vulnerabilities.judged(portrait).items():
        yield _answer("tls.vulnerable", open_to, name)


def shown(open_to: Mapping[str, Answer], renegotiates: Mapping[str, Answer]) -> Iterator[Collected]:
    """What the probes brought, by vulnerability and by version, and that there is no more."""
    for name, answer in open_to.items():
        yield _answer("tls.vulnerable", answer, name)
    yield Covered("tls.vulnerable")
    for name, answer in renegotiates.items():
        yield _answer("tls.client_renegotiation", answer, name)
    yield Covered("tls.client_renegotiation")


def _unseen(version: str, gap: Unobserved) -> Iterator[Absent]:
    numbers = {each.name: each.number for each in VERSIONS}
    for name in _BY_VERSION:
        if name == "tls.suites" or _applies(name, numbers[version]):
            yield Absent(name, gap.reason, gap.detail, version)


def _applies(name: str, number: int) -> bool:
    """Whether a version has such a thing at all."""
    if name in ("tls.suites", "tls.order_enforced", *strength.FACTS):
        return number > sslv2.VERSION or name == "tls.suites"
    if name in ("tls.compression", "tls.secure_renegotiation", "tls.session_id"):
        return SSL30 <= number <= TLS12
    return name != "tls.fallback_scsv" and SSL30 < number <= TLS12


def _of_version(each: Offering) -> Iterator[Collected]:
    yield _set("tls.suites", each.suites, _suite_names(each), each.name)
    if each.number > sslv2.VERSION:
        yield from strength.stated(each)
    if each.ordered is not None:
        yield _answer("tls.order_enforced", each.ordered, each.name)
    coded = tuple(flight for flight in each.flights if flight.hello.suite in {s.code for s in each.kinds if s.cbc})
    for name, (flights, has) in _features(each, coded).items():
        if not _applies(name, each.number) or (name == "tls.encrypt_then_mac" and not any(s.cbc for s in each.kinds)):
            continue
        gap = each.suites.gap or Unobserved(Absence.NOT_COLLECTED, "no answer that could have shown it")
        yield _answer(name, Answer(any(map(has, flights))) if flights else Answer(gap=gap), each.name)


def _features(
    each: Offering, coded: tuple[Flight, ...]
) -> Mapping[str, tuple[tuple[Flight, ...], Callable[[Flight], bool]]]:
    """The answers in which a feature shows, and how."""
    return {
        "tls.compression": (each.flights, lambda flight: flight.hello.compression != 0),
        "tls.extended_master_secret": (each.flights, _sends(_MASTER_SECRET)),
        "tls.encrypt_then_mac": (coded, _sends(_ENCRYPT_THEN_MAC)),
        "tls.secure_renegotiation": (each.flights, _sends(_RENEGOTIATION_INFO)),
        "tls.session_ticket": (each.ticketed, _sends(_TICKET)),
        "tls.session_id": (each.ticketless, lambda flight: bool(flight.hello.session)),
        "tls.heartbeat": (each.flights, _sends(_HEARTBEAT)),
    }


def _sends(extension: int) -> Callable[[Flight], bool]:
    return lambda flight: flight.hello.extension(extension) is not None


def _suite_names(each: Offering) -> tuple[str, ...]:
    if each.number == sslv2.VERSION:
        return tuple(suites.SSLV2_NAMES.get(kind, f"0x{kind:06X}") for kind in each.suites.members)
    return tuple(suites.name_of(code) for code in each.suites.members)


def _of_server(portrait: Portrait, negotiated: str | None) -> Iterator[Collected]:
    yield _optional(
        "tls.groups",
        portrait.groups,
        lambda code: parameters.GROUPS.get(code, f"0x{code:04X}"),
        "no key exchange that negotiates a group",
    )
    if portrait.signatures is None and any(each.number == TLS13 for each in portrait.offerings):
        gap = "TLS 1.3 signs behind encryption, in no group that we have a key for"
        yield Absent("tls.signature_algorithms", Absence.NOT_COLLECTED, gap)
    else:
        names = parameters.SIGNATURES
        nothing = "no version that negotiates signatures of a key exchange"
        yield _optional("tls.signature_algorithms", portrait.signatures, names.__getitem__, nothing)
    yield _protocols(portrait, negotiated)
    yield from _primes(portrait)


def _protocols(portrait: Portrait, negotiated: str | None) -> Collected:
    """TLS 1.3 chooses behind encryption: there one handshake shows one of them, and one without it the other."""
    if portrait.protocols is not None or not any(each.number == TLS13 for each in portrait.offerings):
        nothing = "no version that has ALPN"
        return _optional("tls.alpn", portrait.protocols, parameters.PROTOCOLS.__getitem__, nothing)
    if negotiated is None:
        return Absent("tls.alpn", Absence.NOT_COLLECTED, "TLS 1.3 chooses the protocol behind encryption")
    behind = portrait.features.behind
    other = [name for name in parameters.PROTOCOLS if name != negotiated]
    if not negotiated or not isinstance(behind, Behind):
        return Fact("tls.alpn", (negotiated,) if negotiated else (), complete=not negotiated)
    chosen = behind.extension(_ALPN)
    more = [name for name in other if chosen is not None and chosen[3:] == name.encode("ascii")]
    names = {negotiated, *more}
    return Fact("tls.alpn", tuple(name for name in parameters.PROTOCOLS if name in names))


def _optional(name: str, seen: Seen | None, named: Callable[[int], str], nothing: str) -> Collected:
    if seen is None:
        return Absent(name, Absence.NOT_OFFERED, nothing)
    return _set(name, seen, tuple(named(code) for code in seen.members))


def _primes(portrait: Portrait) -> Iterator[Collected]:
    found = vulnerabilities.moduli(portrait)
    gap = vulnerabilities.unseen(portrait, SSL30, TLS12)
    if gap is not None:  # a smaller one may have gone unseen
        yield Absent("tls.dh_bits", gap.reason, gap.detail)
        yield _set("tls.dh_primes", Seen(tuple(found), gap), _prime_names(found))
    elif found:
        yield Fact("tls.dh_bits", min(prime.bit_length() for prime in found))
        yield Fact("tls.dh_primes", _prime_names(found))
    else:
        nothing = "no suite with Diffie-Hellman before TLS 1.3"
        yield from absent_all(("tls.dh_bits", "tls.dh_primes"), Absence.NOT_OFFERED, nothing)


def _prime_names(found: Iterable[int]) -> tuple[str, ...]:
    return tuple(sorted(primes.name_of(prime) or primes.digest(prime) for prime in found))


def _set(name: str, seen: Seen, names: tuple[str, ...], subject: str = "") -> Collected:
    """A set; empty and open, it is no set but an absence."""
    if seen.gap is not None and not names:
        return Absent(name, seen.gap.reason, seen.gap.detail, subject or None)
    return Fact(name, names, subject, complete=seen.gap is None)


def _answer(name: str, answer: Answer, subject: str) -> Collected:
    if answer.value is not None:
        return Fact(name, answer.value, subject)
    gap = answer.gap or Unobserved(Absence.NOT_COLLECTED)
    return Absent(name, gap.reason, gap.detail, subject)
