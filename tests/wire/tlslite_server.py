"""tlslite-ng as a server on a thread: it still has the versions that Debian's OpenSSL has dropped."""

import socket
import threading
import warnings
from collections.abc import Iterator
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
    from tlslite.errors import BaseTLSException  # type: ignore[import-untyped]


@contextmanager
def running(files: Files, version: tuple[int, int]) -> Iterator[int]:
    """Shake hands in `version` alone, (3, 0) being SSL 3.0, with the RSA key in `files`; yields the port."""
    chain = X509CertChain()
    chain.parsePemList(files.chain.read_text())
    key = parsePEMKey(files.key.read_text(), private=True)
    settings = HandshakeSettings()
    settings.minVersion = settings.maxVersion = version
    settings.versions = [version]
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
