"""Certificates that the server sends: what each says, whether the leaf is for this host, and who trusts the chain."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from OpenSSL import crypto

from auditor.model import Absence, Absent, Collected, Covered, Fact, FactSpec, Target, absent_all
from auditor.net import Network

from . import fields, lifetime, names, trust

_POSITION = "position"
_STORE = "store"

facts = {
    "cert.not_before": FactSpec(datetime, "First second of the validity period", subject=_POSITION),
    "cert.not_after": FactSpec(datetime, "Last second of the validity period", subject=_POSITION),
    "cert.names": FactSpec(tuple, "dNSName and iPAddress entries of subjectAltName", subject=_POSITION),
    "cert.key_type": FactSpec(str, "Kind of public key: rsa, ec, ed25519, ed448 or dsa", subject=_POSITION),
    "cert.key_bits": FactSpec(int, "Size of the public key", unit="bit", subject=_POSITION),
    "cert.signature_algorithm": FactSpec(
        str,
        "Algorithm that the certificate is signed with: sha256WithRSAEncryption, ecdsa-with-SHA256, id-Ed25519, "
        "id-RSASSA-PSS-sha256 ... (RFC 8017, 5758, 8410), dotted where it has no such name",
        subject=_POSITION,
    ),
    "cert.lifetime_days": FactSpec(
        int,
        "Validity period as the CA/Browser Forum counts it, a fraction being a further day",
        unit="day",
        subject=_POSITION,
    ),
    "cert.self_signed": FactSpec(bool, "Issued in its own name and signed with its own key", subject=_POSITION),
    "cert.subject": FactSpec(str, "Subject, as RFC 4514 text", subject=_POSITION),
    "cert.issuer": FactSpec(str, "Issuer, as RFC 4514 text", subject=_POSITION),
    "cert.hostname_matches": FactSpec(bool, "The leaf speaks for the host asked for (RFC 9525)", subject=_POSITION),
    "cert.lifetime_over_limit_days": FactSpec(
        int,
        "Days by which the leaf's validity period exceeds what the CA/Browser Forum allowed when it began; 0 if none",
        unit="day",
        subject=_POSITION,
    ),
    "cert.chain_trusted": FactSpec(
        bool,
        "At the time of the scan the chain leads to a root of the store: mozilla, system, operator (--ca)",
        subject=_STORE,
    ),
    "cert.chain_status": FactSpec(str, "ok, or OpenSSL's words for why it does not", subject=_STORE),
}

LEAF = "leaf"
_LEAF_ONLY = ("cert.hostname_matches", "cert.lifetime_over_limit_days")
_TRUST = ("cert.chain_trusted", "cert.chain_status")

_UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""What cryptography raises on reading a certificate that breaks its rules."""


def collect(target: Target, net: Network) -> Iterable[Collected]:
    """Everything comes from the one handshake; nothing more is asked of the server."""
    chain = net.handshake().chain
    if not chain:
        yield from absent_all(facts, Absence.NOT_OFFERED, "the server sent no certificate")
        return
    for index, der in enumerate(chain):
        yield from _certificate(str(index) if index else LEAF, der)
    yield from _leaf(target.host, chain[0])
    yield from (Covered(name) for name, spec in facts.items() if spec.subject == _POSITION)
    yield from _trust(chain, net.roots)


def _certificate(position: str, der: bytes) -> Iterator[Collected]:
    try:
        certificate = x509.load_der_x509_certificate(der)
    except _UNREADABLE as error:
        yield from (_malformed(name, position, error) for name in fields.READERS)
        return
    for name, reader in fields.READERS.items():
        try:
            yield Fact(name, reader(certificate), position)
        except _UNREADABLE as error:
            yield _malformed(name, position, error)


def _leaf(host: str, der: bytes) -> Iterator[Collected]:
    try:
        certificate = x509.load_der_x509_certificate(der)
        yield Fact("cert.hostname_matches", names.matches(host, certificate), LEAF)
    except _UNREADABLE as error:
        yield from (_malformed(name, LEAF, error) for name in _LEAF_ONLY)
        return
    allowed = lifetime.limit(certificate.not_valid_before_utc)
    if allowed is None:
        detail = "issued before the schedule of the CA/Browser Forum begins"
        yield Absent("cert.lifetime_over_limit_days", Absence.NOT_ASSESSABLE, detail, LEAF)
    else:
        over = max(0, fields.lifetime_days(certificate) - allowed)
        yield Fact("cert.lifetime_over_limit_days", over, LEAF)


def _trust(chain: tuple[bytes, ...], roots: tuple[bytes, ...]) -> Iterator[Collected]:
    stores: dict[str, Callable[[], crypto.X509Store | None]] = {
        "mozilla": trust.mozilla,
        "system": trust.system,
        "operator": lambda: trust.operator(roots),
    }
    for subject, load in stores.items():
        try:
            store = load()
            found = trust.verdict(store, chain) if store else None
        except _UNREADABLE as error:
            yield from (_malformed(name, subject, error) for name in _TRUST)
            continue
        if found is None:
            detail = "this machine has no such store"
            yield from (Absent(name, Absence.NOT_COLLECTED, detail, subject) for name in _TRUST)
        else:
            yield Fact("cert.chain_trusted", found == trust.TRUSTED, subject)
            yield Fact("cert.chain_status", found, subject)


def _malformed(name: str, subject: str, error: Exception) -> Absent:
    """The message is cryptography's and may quote the certificate, so only the kind of fault is kept."""
    return Absent(name, Absence.MALFORMED, f"the certificate cannot be read: {type(error).__name__}", subject)
