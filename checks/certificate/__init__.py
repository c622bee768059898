"""Certificates that the server sends: what each says, whether the leaf is for this host, and who trusts the chain."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from cryptography.x509 import Certificate
from OpenSSL import crypto

from auditor.errors import Unobserved
from auditor.model import SERVICES, WEB, Absence, Absent, Collected, Covered, Fact, Target, absent_all
from auditor.net import Network

from . import distrust, fields, names, replaced, stapled, trust
from .order import order
from .positions import LEAF, POSITION, subjects
from .presented import Chain, presentation
from .reading import UNREADABLE, quietly, read
from .statements import facts

__all__ = ["collect", "facts", "schemes"]

schemes = (*WEB, *SERVICES)

_STATUS = "cert.chain_status"
_TRUST = ("cert.chain_trusted", _STATUS)
_MOST = 20
"""Certificates of a chain that are looked at."""


def collect(target: Target, net: Network) -> Iterable[Collected]:
    """Everything comes from the one handshake; at level standard also from a ClientHello for each kind of key."""
    presented = presentation(target, net)
    if not presented.chains:
        yield from absent_all(facts, Absence.NOT_OFFERED, "the server sent no certificate")
        return
    if any(replaced.by_block_page(target.host, chain.certificates) for chain in presented.chains):
        yield Fact("cert.block_page", value=True)
        others = [name for name in facts if name != "cert.block_page"]
        yield from absent_all(others, replaced.GAP.reason, replaced.GAP.detail)
        return
    yield Fact("cert.block_page", value=False)
    for chain in presented.chains:
        yield from _chain(target.host, chain, net.roots)
    positioned = [name for name, spec in facts.items() if spec.subject == POSITION]
    if any(len(chain.certificates) > _MOST for chain in presented.chains):
        yield from absent_all(positioned, Absence.LIMITED, "more certificates than are looked at")
    elif presented.gap is not None:
        detail = f"there may be another certificate: {presented.gap.detail}"
        yield from absent_all((*positioned, *_TRUST), presented.gap.reason, detail)
    else:
        yield from map(Covered, positioned)


def _chain(host: str, chain: Chain, roots: tuple[bytes, ...]) -> Iterator[Collected]:
    """All facts about one chain, leaf first."""
    sent, leaf = chain.certificates, f"{chain.prefix}{LEAF}"
    certificates = [read(der) for der in sent[:_MOST]]
    for subject, certificate in zip(subjects(chain), certificates, strict=False):
        yield from _stated({**fields.READERS, "cert.leaf": _leads(subject == leaf)}, subject, certificate)
    yield from _stated(_about_leaf(host, certificates), leaf, certificates[0])
    trusted = list(_trust(sent, roots, chain.prefix))
    yield from trusted
    yield Fact("cert.chain_length", len(sent), leaf)
    if isinstance(certificates[0], Exception):
        for name in ("cert.chain_order", *stapled.FACTS):
            yield _malformed(name, leaf, certificates[0])
        return
    led = any(isinstance(item, Fact) and item.name == _STATUS and item.value not in trust.UNLED for item in trusted)
    found = order(sent[:_MOST], led_to_a_root=led)
    yield Fact("cert.chain_order", found.remarks, leaf, complete=found.complete and len(sent) <= _MOST)
    above = [each for each in certificates[1:] if isinstance(each, Certificate)]
    yield from stapled.stated(leaf, chain, certificates[0], trust.issuers(certificates[0], above, roots))


def _leads(first: bool) -> fields.FieldReader:  # noqa: FBT001 - a constant as a reader
    return lambda _: first


def _about_leaf(host: str, certificates: Sequence[Certificate | Exception]) -> Mapping[str, fields.FieldReader]:
    """How to read what is asked of leaves only."""
    above = [certificate for certificate in certificates[1:] if isinstance(certificate, Certificate)]
    return {
        "cert.hostname_matches": lambda leaf: names.matches(host, leaf),
        "cert.internal_names": names.internal,
        "cert.lifetime_over_limit_days": fields.days_over_limit,
        "cert.distrusted_by": lambda leaf: distrust.distrusting([leaf, *above]),
    }


def _stated(
    readers: Mapping[str, fields.FieldReader], position: str, certificate: Certificate | Exception
) -> list[Collected]:
    """What a certificate says; what it leaves out is not offered, what cannot be read is malformed, each by itself."""
    if isinstance(certificate, Exception):
        return [_malformed(name, position, certificate) for name in readers]
    stated: list[Collected] = []
    with quietly():
        for name, reader in readers.items():
            try:
                value = reader(certificate)
            except UNREADABLE as error:
                stated.append(_malformed(name, position, error))
                continue
            if isinstance(value, Unobserved):
                stated.append(Absent(name, value.reason, value.detail, position))
            else:
                stated.append(Fact(name, value, position))
    return stated


def _trust(chain: tuple[bytes, ...], roots: tuple[bytes, ...], prefix: str) -> Iterator[Fact | Absent]:
    stores: dict[str, Callable[[], crypto.X509Store | None]] = {
        "mozilla": trust.mozilla,
        "system": trust.system,
        "operator": lambda: trust.operator(roots),
    }
    for store_name, load in stores.items():
        subject = f"{prefix}{store_name}"
        try:
            store = load()
            found = trust.verdict(store, chain) if store else None
        except UNREADABLE as error:
            yield from (_malformed(name, subject, error) for name in _TRUST)
            continue
        if found is None:
            detail = "this machine has no such store"
            yield from (Absent(name, Absence.NOT_COLLECTED, detail, subject) for name in _TRUST)
        else:
            yield Fact("cert.chain_trusted", found == trust.TRUSTED, subject)
            yield Fact(_STATUS, found, subject)


def _malformed(name: str, subject: str, error: Exception) -> Absent:
    """The message is cryptography's and may quote the certificate, so only the kind of fault is kept."""
    return Absent(name, Absence.MALFORMED, f"the certificate cannot be read: {type(error).__name__}", subject)
