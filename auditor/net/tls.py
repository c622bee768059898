"""TLS as a client that looks at everything and trusts nothing: contexts, and what a handshake showed."""

import re
import ssl
from dataclasses import dataclass

_LEGACY_SERVER_CONNECT = getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
_VERSIONS = {"TLSv1": "TLSv1.0"}
# OpenSSL's texts for alerts received: `sslv3 alert handshake failure` (since 3.2 `ssl/tls alert ...`), and without
# the word those of RFC 6066. Others that begin alike are complaints of its own.
_ALERT = re.compile(
    r"\b(?:sslv3|tlsv1|tlsv13|ssl/tls) (?:alert (?P<alert>[a-z ]+[a-z])|(?P<extension>unrecognized name"
    r"|unsupported extension|certificate unobtainable|bad certificate status response|bad certificate hash value))"
)


def context(*protocols: str) -> ssl.SSLContext:
    """A context for servers of any age, offering `protocols` by ALPN.

    Certificates are not verified here: they are facts, judged elsewhere. Every version and suite that the
    library still has is offered, or weak servers could not be looked at. No CA file is loaded (50 CPU-ms), so
    a few of these are made once and shared.
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    made.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    made.set_ciphers("ALL:!aNULL:!eNULL:@SECLEVEL=0")
    # Many servers end without close_notify: that is an end like any other, told apart from a reset.
    made.options |= _LEGACY_SERVER_CONNECT | ssl.OP_IGNORE_UNEXPECTED_EOF
    made.set_alpn_protocols(list(protocols))
    return made


@dataclass(frozen=True, slots=True)
class Contexts:
    """The TLS contexts shared by all targets of a process."""

    http: ssl.SSLContext
    """For requests: http/1.1 alone."""
    visitor: ssl.SSLContext
    """For a handshake as a browser would shake it: h2 and http/1.1."""


def contexts() -> Contexts:
    """One of each."""
    return Contexts(context("http/1.1"), context("h2", "http/1.1"))


def chain_of(connection: ssl.SSLSocket) -> tuple[bytes, ...]:
    """Certificates as the server sent them, DER, leaf first."""
    if hasattr(connection, "get_unverified_chain"):
        return tuple(connection.get_unverified_chain() or ())
    # Public since Python 3.13; before, the same function gives objects.
    inner = connection._sslobj  # type: ignore[attr-defined]  # noqa: SLF001
    return tuple(ssl.PEM_cert_to_DER_cert(item.public_bytes()) for item in inner.get_unverified_chain() or ())


def version_of(connection: ssl.SSLSocket) -> str:
    """`TLSv1.0` to `TLSv1.3`."""
    version = connection.version() or ""
    return _VERSIONS.get(version, version)


def alert_in(error: ssl.SSLError) -> str:
    """The name of the alert that the peer ended with, or empty."""
    found = _ALERT.search(str(error))
    return (found["alert"] or found["extension"]).replace(" ", "_") if found else ""
