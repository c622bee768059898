"""Whether the chain as sent leads to a root of a store, found by OpenSSL's path building at the present time."""

import ssl
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

import certifi
from cryptography import x509
from OpenSSL import crypto

from .extensions import for_handshakes, for_servers
from .reading import issued, quietly

TRUSTED = "ok"
"""What OpenSSL calls a chain that verifies."""
UNLED = frozenset(
    {
        "unable to get issuer certificate",
        "unable to get local issuer certificate",
        "unable to verify the first certificate",
    }
)
"""OpenSSL's words for a chain that leads to nothing it knows."""


@cache
def mozilla() -> crypto.X509Store:
    """The roots of Mozilla, as packaged by certifi."""
    store = crypto.X509Store()
    store.load_locations(certifi.where())
    return store


@cache
def system() -> crypto.X509Store | None:
    """The roots in OpenSSL's default places on this machine; None where there are none."""
    paths = ssl.get_default_verify_paths()
    folder = paths.capath if paths.capath and any(Path(paths.capath).glob("*.0")) else None
    if not paths.cafile and not folder:
        return None
    store = crypto.X509Store()
    store.load_locations(paths.cafile, folder)
    return store


@cache
def operator(roots: tuple[bytes, ...]) -> crypto.X509Store:
    """The roots that the operator named, each PEM (one or more certificates) or DER; none trusts nothing.

    Raises:
        ValueError: one of them is no certificate.
    """
    store = crypto.X509Store()
    for certificate in _parsed(roots):
        store.add_cert(crypto.X509.from_cryptography(certificate))
    return store


@cache
def _parsed(roots: tuple[bytes, ...]) -> tuple[x509.Certificate, ...]:
    parsed: list[x509.Certificate] = []
    for root in roots:
        with quietly():
            pem = b"-----BEGIN" in root
            parsed += x509.load_pem_x509_certificates(root) if pem else [x509.load_der_x509_certificate(root)]
    return tuple(parsed)


@cache
def _of_mozilla() -> Mapping[bytes, Sequence[x509.Certificate]]:
    """By subject: there are many, and they are asked for at every site."""
    found: dict[bytes, list[x509.Certificate]] = {}
    for root in _parsed((Path(certifi.where()).read_bytes(),)):
        found.setdefault(root.subject.public_bytes(), []).append(root)
    return found


def issuers(
    certificate: x509.Certificate, sent: Sequence[x509.Certificate], roots: tuple[bytes, ...]
) -> tuple[x509.Certificate, ...]:
    """Who has issued a certificate: of those sent along, else of the operator's roots, else of Mozilla's."""
    stores: tuple[Callable[[], Sequence[x509.Certificate]], ...] = (
        lambda: sent,
        lambda: _operators(roots),
        lambda: _of_mozilla().get(_issuer(certificate), ()),
    )
    found = (tuple(each for each in store() if issued(each, certificate)) for store in stores)
    return next(filter(None, found), ())


def _issuer(certificate: x509.Certificate) -> bytes:
    """The issuer's name; empty, which is no root's, where it is damaged."""
    try:
        return certificate.issuer.public_bytes()
    except ValueError:
        return b""


def _operators(roots: tuple[bytes, ...]) -> tuple[x509.Certificate, ...]:
    try:
        return _parsed(roots)
    except ValueError:
        return ()


def verdict(store: crypto.X509Store, chain: Sequence[bytes]) -> str:
    """`ok`, or OpenSSL's words for the first thing that is wrong with the path from the leaf to the store.

    `chain` is DER as sent, leaf first; the order of the rest does not matter, and what cannot be read of it helps
    nobody. The path must end in a self-signed root of the store, and every certificate on it below the root must be
    fit for TLS servers (extended key usage: RFC 5280, section 4.2.1.12), the leaf also by its key usage (4.2.1.3).

    Raises:
        ValueError: the leaf cannot be read.
    """
    leaf = _read(chain[0])
    if leaf is None:
        raise ValueError("OpenSSL cannot read the certificate")
    others = [certificate for certificate in map(_read, chain[1:]) if certificate]
    context = crypto.X509StoreContext(store, leaf, others)
    try:
        path = context.get_verified_chain()
    except crypto.X509StoreContextError as error:
        return str(error)
    with quietly():
        below = [certificate.to_cryptography() for certificate in path[:-1] or path]
        fit = for_handshakes(below[0]) and all(map(for_servers, below))
    return TRUSTED if fit else "unsuitable certificate purpose"


def _read(der: bytes) -> crypto.X509 | None:
    try:
        return crypto.load_certificate(crypto.FILETYPE_ASN1, der)
    except crypto.Error:
        return None
