"""TLS: whether it is offered, what a visitor's browser negotiates, and everything that the server accepts."""

from collections.abc import Iterable, Iterator

from auditor.errors import Unobserved
from auditor.model import SERVICES, WEB, Absence, Absent, Collected, Fact, FactSpec, Level, Target, absent_all
from auditor.net import Handshake, Network

from . import addresses, certificate, conduct, details, enumeration, probes, statements, versions
from .versions import Sighting

schemes = (*WEB, *SERVICES)

facts = {
    "tls.offered": FactSpec(
        bool,
        "TLS is spoken at the https side, or begun by a service (STARTTLS): a handshake succeeded, or a ServerHello"
        " of any version came",
    ),
    "tls.negotiated_version": FactSpec(str, "Version that a current client negotiates: TLSv1.0 ... TLSv1.3"),
    "tls.negotiated_suite": FactSpec(str, "Cipher suite that a current client negotiates, IANA name"),
    "tls.negotiated_alpn": FactSpec(str, "Protocol chosen of h2 and http/1.1 by ALPN (RFC 7301)"),
    "tls.versions": FactSpec(
        tuple,
        "Protocol versions accepted when asked for alone: SSLv2 SSLv3 TLSv1.0 TLSv1.1 TLSv1.2 TLSv1.3",
        level=Level.STANDARD,
        cost=7,
    ),
    **statements.facts,
    **conduct.facts,
    **addresses.facts,
}
_ENUMERATED = (*statements.facts, *conduct.facts, *addresses.facts)

_NEGOTIATED = ("tls.negotiated_version", "tls.negotiated_suite", "tls.negotiated_alpn")


def collect(target: Target, net: Network) -> Iterable[Collected]:
    """One handshake; at level standard also ClientHellos for each version and for what each version offers.

    Where the handshake fails, one ClientHello tells a server that is merely too old for us (SSL 3.0, RC4) from
    one that speaks no TLS at all.
    """
    if not net.tls:
        yield from _without_https(net)
        return
    try:
        handshake = net.handshake()
    except Unobserved as gap:
        if gap.reason is Absence.NOT_OFFERED:  # the service does not let TLS begin
            yield Fact("tls.offered", value=False)
            yield from absent_all(("tls.versions", *_NEGOTIATED, *_ENUMERATED), gap.reason, gap.detail)
            return
        yield from _without_handshake(target, net, gap)
        return
    yield Fact("tls.offered", value=True)
    yield from _negotiated(handshake)
    if target.level.rank >= Level.STANDARD.rank:
        sightings = versions.survey(target.host, net)
        yield from _offered(target, net, sightings, handshake)


def _negotiated(handshake: Handshake) -> Iterator[Collected]:
    yield Fact("tls.negotiated_version", handshake.version)
    yield Fact("tls.negotiated_suite", handshake.suite)
    if handshake.alpn:
        yield Fact("tls.negotiated_alpn", handshake.alpn)
    else:
        yield Absent("tls.negotiated_alpn", Absence.NOT_OFFERED, "the server chose no protocol by ALPN")


def _without_https(net: Network) -> Iterator[Collected]:
    """The target is plain http on a port of its own: no TLS is offered there, if anything answers at all."""
    gap = Unobserved(Absence.NOT_OFFERED, "the target has no https side")
    if not _plain_http_answers(net):
        raise Unobserved(Absence.UNREACHABLE, "no https side is known and the http side does not answer")
    yield Fact("tls.offered", value=False)
    yield from absent_all(("tls.versions", *_NEGOTIATED, *_ENUMERATED), gap.reason, gap.detail)


def _without_handshake(target: Target, net: Network, gap: Unobserved) -> Iterator[Collected]:
    (first,) = sightings = tuple(versions.ask([versions.COMMONEST], target.host, net))
    if first.gap is None and target.level.rank >= Level.STANDARD.rank:
        sightings = versions.survey(target.host, net)
    if any(sighting.speaks_tls for sighting in sightings):
        yield Fact("tls.offered", value=True)
    elif _speaks_no_tls(first) and (first.clear.startswith(b"HTTP/") or _plain_http_answers(net)):
        yield Fact("tls.offered", value=False)
    else:
        yield Absent("tls.offered", gap.reason, gap.detail)
    yield from absent_all(_NEGOTIATED, gap.reason, gap.detail)
    if len(sightings) > 1:
        yield from _offered(target, net, sightings, None)
    else:
        yield from absent_all(("tls.versions", *_ENUMERATED), gap.reason, gap.detail)


def _speaks_no_tls(sighting: Sighting) -> bool:
    """The port is closed, or what answers there is not TLS."""
    return bool(sighting.clear) or (sighting.gap is not None and sighting.gap.reason is Absence.REFUSED)


def _plain_http_answers(net: Network) -> bool:
    if net.http is None:
        return False
    try:
        net.get(net.http)
    except Unobserved:
        return False
    return True


def _offered(
    target: Target, net: Network, sightings: tuple[Sighting, ...], handshake: Handshake | None
) -> Iterator[Collected]:
    """The versions and everything that they offer; that much is told even where the questions break off."""
    negotiated = handshake.version if handshake else ""
    told = _versions(sightings, negotiated)
    yield told
    if isinstance(told, Absent):
        yield from absent_all(_ENUMERATED, told.reason, told.detail)
        return
    alpn = handshake.alpn if handshake else None
    portrait = enumeration.enumerated(sightings, target.host, net, alpn)
    seen = [sighting for sighting in sightings if sighting.accepted]
    if seen:
        curve = certificate.group(handshake.chain) if handshake else None
        deep = target.level is Level.ACTIVE
        portrait = details.completed(
            portrait, seen, target.host, net, negotiated=alpn, certificate_group=curve, deep=deep
        )
    accepted = versions.names([*(each.version.name for each in seen), negotiated])
    yield from conduct.stated(portrait)
    yield from addresses.stated(sightings, target.host, net)
    yield from statements.stated(portrait, accepted, alpn)
    active = target.level is Level.ACTIVE
    yield from statements.shown(
        probes.probed(portrait, target, net) if active else {},
        probes.client_renegotiation(portrait, target.host, net) if active else {},
    )


def _versions(sightings: tuple[Sighting, ...], negotiated: str) -> Fact | Absent:
    """The set, or why there is none. A version that a handshake used is accepted whatever its probe said.

    None accepted at all is no finding but an absence: a server that refuses everything was not seen.
    """
    accepted = versions.names([sighting.version.name for sighting in sightings if sighting.accepted] + [negotiated])
    gaps = [sighting for sighting in sightings if sighting.gap and sighting.version.name not in accepted]
    if accepted:
        return Fact("tls.versions", accepted, complete=not gaps)
    if not gaps:
        return Absent("tls.versions", Absence.REFUSED, "every version was refused")
    first = gaps[0].gap or Unobserved(Absence.CRASHED)
    return Absent("tls.versions", first.reason, f"{gaps[0].version.name}: {first.detail}")
