"""tlslite-ng as a server on a thread: it still has the versions that Debian's OpenSSL has dropped."""

import socket
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from tests.wire.pki import Files

with warnings.catch_warnings():  # it imports asyncore, which is deprecated before Python 3.12
    warnings.simplefilter("ignore", DeprecationWarning)
    from tlslite.api import (  # type: ignore[import-untyped]
        HandshakeSettings,
        TLSConnection,
        X509CertChain,
        parsePEMKey,
    )
    from tlslite.constants import CipherSuite  # type: ignore[import-untyped]
    from tlslite.errors import BaseTLSException  # type: ignore[import-untyped]


@contextmanager
def running(
    files: Files, version: tuple[int, int], ciphers: Sequence[str] = (), prime: int | None = None
) -> Iterator[int]:
    """Shake hands in `version` alone, (3, 0) being SSL 3.0, with the RSA key in `files`; yields the port.

    `ciphers` are tlslite-ng's words for them, its own choice by default; `prime` is for Diffie-Hellman.
    """
    chain = X509CertChain()
    chain.parsePemList(files.chain.read_text())
    key = parsePEMKey(files.key.read_text(), private=True)
    settings = _settings(version, ciphers)
    if prime is not None:
        settings.dhParams = (2, prime)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection, suppress(BaseTLSException, OSError):
                    TLSConnection(connection).handshakeServer(certChain=chain, privateKey=key, settings=settings)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def _settings(version: tuple[int, int], ciphers: Sequence[str]) -> HandshakeSettings:
    settings = HandshakeSettings()
    settings.minVersion = settings.maxVersion = version
    settings.versions = [version]
    if ciphers:
        settings.cipherNames = list(ciphers)
    return settings


def offered(version: tuple[int, int], ciphers: Sequence[str]) -> set[int]:
    """The suites that such a server has by tlslite-ng's own selection; it has ECDHE in SSL 3.0 too, without groups."""
    settings = _settings(version, ciphers)
    kinds = (CipherSuite.getCertSuites, CipherSuite.getDheCertSuites, CipherSuite.getEcdheCertSuites)
    listed = [code for kind in kinds for code in kind(settings, version)]
    return set(CipherSuite.filterForVersion(listed, version, version))
