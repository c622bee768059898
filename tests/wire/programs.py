"""Real TLS servers as child processes on free loopback ports: started, waited for, stopped."""

import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.wire.pki import Files

PATIENCE = 10.0
"""Seconds until a server must listen, and until it must have stopped."""

Ports = tuple[int, ...]


@contextmanager
def running(
    command: Callable[[Ports], Sequence[str | Path]], log: Path, count: int = 1, patience: float = PATIENCE
) -> Iterator[Ports]:
    """Run what `command` makes of `count` free ports, with its output in `log`, until the block ends.

    Raises:
        RuntimeError: it is missing, or does not listen on every port in time.
    """
    said = ""
    for _ in range(3):  # a port that was free a moment ago may be taken by now
        ports = _free(count)
        process = _start(command(ports), log)
        try:
            if _listening(process, ports, patience):
                yield ports
                return
        finally:
            _stop(process)
        said = log.read_text()
        if "in use" not in said:
            break
    raise RuntimeError(f"no server came up: {said}")


@contextmanager
def s_server(folder: Path, files: Files, *arguments: str) -> Iterator[int]:
    """`openssl s_server`, which serves one connection after the other and answers GET with its status page."""

    def command(ports: Ports) -> Sequence[str | Path]:
        fixed = (
            "-accept",
            f"127.0.0.1:{ports[0]}",
            "-cert",
            files.chain,
            "-cert_chain",
            files.chain,
            "-key",
            files.key,
        )
        return ("openssl", "s_server", *fixed, "-www", "-quiet", *arguments)

    with running(command, folder / "s_server.log") as (port,):
        yield port


def s_client(port: int, *arguments: str) -> str:
    """What `openssl s_client` says of a server on loopback."""
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", *arguments]
    done = subprocess.run(command, input="", capture_output=True, text=True, check=False, timeout=PATIENCE)
    return done.stdout + done.stderr


@contextmanager
def gnutls_serv(folder: Path, files: Files, priority: str, *arguments: str) -> Iterator[int]:
    """`gnutls-serv`, with a priority string."""

    def command(ports: Ports) -> Sequence[str | Path]:
        keys = (f"--x509certfile={files.chain}", f"--x509keyfile={files.key}")
        return ("gnutls-serv", "--http", "--quiet", f"--port={ports[0]}", f"--priority={priority}", *keys, *arguments)

    with running(command, folder / "gnutls.log") as (port,):
        yield port


def _start(command: Sequence[str | Path], log: Path) -> subprocess.Popen[bytes]:
    program = shutil.which(command[0]) or shutil.which(command[0], path="/usr/sbin")
    if program is None:
        raise RuntimeError(f"{command[0]} is missing: apt-get install nginx-light openssl gnutls-bin")
    with log.open("wb") as output:
        return subprocess.Popen(
            [program, *command[1:]], stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )


def _free(count: int) -> Ports:
    """Ports that were free a moment ago, all different."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = tuple(int(sock.getsockname()[1]) for sock in sockets)
    for sock in sockets:
        sock.close()
    return ports


def _listening(process: subprocess.Popen[bytes], ports: Ports, patience: float) -> bool:
    """Whether every port answers within so many seconds; false as soon as the process has ended."""
    deadline = time.monotonic() + patience
    waiting = list(ports)
    while waiting and process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", waiting[0]), timeout=1).close()
        except OSError:
            time.sleep(0.01)
        else:
            waiting.pop(0)
    return not waiting and process.poll() is None


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
