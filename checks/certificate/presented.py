"""The chains that a server presents: to a visitor's browser, and to clients that take one kind of key each."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from cryptography import x509

from auditor.errors import Unobserved
from auditor.model import Absence, Level, Target
from auditor.net import Handshake, Network

from . import extensions, fields
from .asking import EC, RSA, shown
from .reading import UNREADABLE, quietly, read
from .showing import Shown

_NOT_ASKED = Unobserved(Absence.NOT_COLLECTED, "the handshake that showed this certificate did not ask for it")
_ELSEWHERE = Unobserved(Absence.NOT_COLLECTED, "shown in a handshake alone, not when asked for by kind of key")
_ASKED_FOR = frozenset({"rsa", "ec", "ed25519", "ed448"})
"""Kinds of keys that are asked for; others (DSA, GOST) show in a handshake alone, if at all."""
_PAUSE = 1.0
"""Seconds that a server is given to fetch a response which its certificate demands."""
_VERSIONS = ("TLSv1.3", "TLSv1.2", "TLSv1.0", "SSLv3")
"""Tried one after the other where no handshake tells which one there is."""


@dataclass(frozen=True, slots=True)
class Chain:
    """One chain as sent."""

    prefix: str
    """Of its subjects: empty for the first chain, `ec:` for a further one with such a key."""
    certificates: tuple[bytes, ...] = field(repr=False)
    """DER, leaf first."""
    staple: bytes | Unobserved | None = field(default=_NOT_ASKED, repr=False)
    """The OCSP response that came along; None where there was none."""
    timestamps: bytes | Unobserved | None = field(default=_NOT_ASKED, repr=False)
    """The list of timestamps that came along as an extension of TLS."""


@dataclass(frozen=True, slots=True)
class Presentation:
    """Every chain that is known, and why there may be more."""

    chains: tuple[Chain, ...]
    gap: Unobserved | None = None


def presentation(target: Target, net: Network) -> Presentation:
    """What the server presents: one handshake, and at level standard one ClientHello for each kind of key.

    Where a host has several certificates, the one for RSA is the first, whatever a handshake preferred.

    Raises:
        Unobserved: nothing was shown; the reason is the handshake's.
    """
    asks = target.level.rank >= Level.STANDARD.rank
    try:
        handshake = net.handshake()
    except Unobserved as gap:
        answered = gap.reason in (Absence.REFUSED, Absence.MALFORMED)
        found = _without_handshake(target.host, net) if asks and answered else None
        if found is None:
            raise
        return found
    if not handshake.chain or not asks:
        return Presentation((Chain("", handshake.chain),) if handshake.chain else ())
    return _asked(handshake, target.host, net)


def _asked(handshake: Handshake, host: str, net: Network) -> Presentation:
    kinds, version = (RSA, EC), handshake.version
    outcomes = shown(kinds, version, host, net)
    if version == "TLSv1.3" and not any(outcomes):  # it may take none of the groups that we have keys for
        older = shown(kinds, "TLSv1.2", host, net)
        outcomes, version = (
            (older, "TLSv1.2") if any(isinstance(each, Shown) for each in older) else (outcomes, version)
        )
    by_kind = [
        _with_staple(each, kind, version, host, net)
        for kind, each in zip(kinds, outcomes, strict=True)
        if isinstance(each, Shown) and each.chain
    ]
    unexplained = not by_kind and _kind(handshake.chain[0]) in _ASKED_FOR
    gap = next((each for each in outcomes if isinstance(each, Unobserved)), _ELSEWHERE if unexplained else None)
    known = any(each.chain[0] == handshake.chain[0] for each in by_kind)
    return Presentation(tuple(_named(by_kind, () if known else handshake.chain)), gap)


def _with_staple(first: Shown, kind: str, version: str, host: str, net: Network) -> Shown:
    """What is shown when asked once more, where an OCSP response could have come along and did not.

    Servers such as nginx fetch the response when somebody first asks for it, and send it to the next who does.
    """
    leaf = read(first.chain[0])
    if first.staple is not None or not isinstance(leaf, x509.Certificate):
        return first
    try:
        with quietly():
            demanded, published = extensions.must_staple(leaf), extensions.ocsp_published(leaf)
    except UNREADABLE:
        return first
    if not demanded and not published:
        return first
    if demanded:
        time.sleep(_PAUSE)
    (second,) = shown((kind,), version, host, net, "certificate again")
    return second if isinstance(second, Shown) and second.staple is not None else first


def _without_handshake(host: str, net: Network) -> Presentation | None:
    """What a server shows with which no handshake came to its end: too many names, a mismatch of parameters."""
    for version in _VERSIONS:
        outcomes = shown((RSA, EC), version, host, net)
        by_kind = [each for each in outcomes if isinstance(each, Shown) and each.chain]
        if by_kind:
            gap = next((each for each in outcomes if isinstance(each, Unobserved)), None)
            return Presentation(tuple(_named(by_kind)), gap)
    return None


def _named(by_kind: list[Shown], handshake: tuple[bytes, ...] = ()) -> Iterator[Chain]:
    """Distinct chains, each with its own prefix; that of the handshake last, where it is another one."""
    distinct = {each.chain[0]: Chain("", each.chain, each.staple, each.timestamps) for each in reversed(by_kind)}
    chains = [distinct.pop(each.chain[0]) for each in by_kind if each.chain[0] in distinct]
    chains += [Chain("", handshake)] if handshake else []
    taken = [""]
    for chain in chains[:1]:
        yield chain
    for chain in chains[1:]:
        taken.append(_prefix(chain.certificates[0], taken))
        yield replace(chain, prefix=taken[-1])


def _prefix(leaf: bytes, taken: list[str]) -> str:
    """`ec:`, or `ec-2:` where that is taken."""
    kind = _kind(leaf)
    names = (f"{kind}:", *(f"{kind}-{number}:" for number in range(2, len(taken) + 2)))
    return next(name for name in names if name not in taken)


def _kind(leaf: bytes) -> str:
    """Of its key, as in `cert.key_type`."""
    certificate = read(leaf)
    return fields.key_type(certificate) if isinstance(certificate, x509.Certificate) else "unreadable"
