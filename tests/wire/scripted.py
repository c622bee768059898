"""A raw-socket server that answers each TLS question as scripted, by the version that the ClientHello offers.

    with scripted.running({"TLSv1.2": scripted.hello(0x0303), "TLSv1.1": scripted.STALL}) as port: ...

A value is the bytes to send before closing; what is not scripted is closed without a word.
"""

import socket
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

STALL = b"stall"
"""Answer nothing and keep the connection open."""
RESET = b"reset"
"""Reset the connection."""

PROTOCOL_VERSION = bytes.fromhex("15030100020246")
SSLV2_SERVER_HELLO = bytes.fromhex("801e 04 00 01 0002 0000 0003 0010 010080") + bytes(16)

_NAMES = {0x0300: "SSLv3", 0x0301: "TLSv1.0", 0x0302: "TLSv1.1", 0x0303: "TLSv1.2"}


def hello(version: int) -> bytes:
    """A record with a ServerHello of `version` that chooses suite 0x002f and has no extensions."""
    body = version.to_bytes(2) + bytes(32) + b"\0" + b"\x00\x2f" + b"\0"
    message = b"\x02" + len(body).to_bytes(3) + body
    return b"\x16" + version.to_bytes(2) + len(message).to_bytes(2) + message


@contextmanager
def running(script: Mapping[str, bytes | tuple[bytes, ...]]) -> Iterator[int]:
    """Serve until the block ends; yields the port. A tuple answers the first, second ... question; then the last."""
    asked: dict[str, int] = {}
    held: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                version = _offered(connection)
                number = asked[version] = asked.get(version, 0) + 1
                answers = script.get(version, b"")
                answer = answers[min(number, len(answers)) - 1] if isinstance(answers, tuple) else answers
                if answer == STALL:
                    held.append(connection)
                    continue
                with connection:
                    if answer == RESET:
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    else:
                        connection.sendall(answer)
                        connection.shutdown(socket.SHUT_WR)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)
            for connection in held:
                connection.close()


def _offered(connection: socket.socket) -> str:
    """Name of the version that the first message offers: `SSLv2`, `SSLv3`, `TLSv1.0` ..., or `http` for anything else."""
    connection.settimeout(5)
    try:
        data = connection.recv(4096)
    except OSError:
        return "http"
    if data[:1] and data[0] & 0x80:
        return "SSLv2"
    if data[:1] != b"\x16":
        return "http"
    return "TLSv1.3" if b"\x00\x2b\x00\x03\x02\x03\x04" in data else _NAMES.get(int.from_bytes(data[9:11]), "http")
