"""Debian's nginx as a real server: from a configuration string, on free loopback ports, in a folder of its own.

    with nginx.running(tmp_path, "server { listen @0 ssl; ... }  server { listen @1; ... }") as ports:
        https, http = ports

`@0`, `@1` ... stand for `127.0.0.1:PORT`. Needs no privileges. A missing nginx is an error, never a skip.
"""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.wire.pki import Files

PATIENCE = 10.0
"""Seconds until nginx must listen, and until it must have stopped."""

_MAIN = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log notice;
events {{ worker_connections 256; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    default_type text/html;
{http}
}}
"""


def tls(files: Files, *lines: str) -> str:
    """A `server` block that says hello over TLS on `@0`, with further directives."""
    return "\n".join((
        "server {", "    listen @0 ssl;", f"    ssl_certificate {files.chain};", f"    ssl_certificate_key {files.key};",
        *(f"    {line}" for line in lines), '    location / { return 200 "halo"; }', "}",
    ))  # fmt: skip


@contextmanager
def running(folder: Path, http: str) -> Iterator[tuple[int, ...]]:
    """Run nginx with the contents of an `http` block; yields the ports of `@0`, `@1` ... in order.

    Raises:
        RuntimeError: nginx is missing, refuses the configuration or does not listen in time.
    """
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        raise RuntimeError("nginx is missing: apt-get install nginx-light")
    count = 1 + max(int(number) for number in re.findall(r"@(\d+)", http))
    for attempt in range(3):
        ports = _free(count)
        process = _start(program, folder, http, ports)
        try:
            if _listening(process, ports):
                yield ports
                return
        finally:
            _stop(process)
        log = (folder / "error.log").read_text()
        if attempt == 2 or "Address already in use" not in log:
            raise RuntimeError(f"nginx did not start: {log}")


def _start(program: str, folder: Path, http: str, ports: tuple[int, ...]) -> subprocess.Popen[bytes]:
    filled = re.sub(r"@(\d+)", lambda match: f"127.0.0.1:{ports[int(match[1])]}", http)
    config = folder / "nginx.conf"
    config.write_text(_MAIN.format(folder=folder, http=filled))
    log = folder / "error.log"
    log.touch()
    return subprocess.Popen(
        [program, "-p", folder, "-c", config, "-e", log], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _free(count: int) -> tuple[int, ...]:
    """Ports that were free a moment ago, all different."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = tuple(int(sock.getsockname()[1]) for sock in sockets)
    for sock in sockets:
        sock.close()
    return ports


def _listening(process: subprocess.Popen[bytes], ports: tuple[int, ...]) -> bool:
    """Whether every port answers within `PATIENCE`; false as soon as the process has ended."""
    deadline = time.monotonic() + PATIENCE
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
