"""What the header half costs for one site, and what a warm scan of MDN Observatory costs for the same bytes.

The site is served by a process of its own. CPU time is that of the judge alone: of this process, or of node. The
Observatory is run where `ORACLES` names a folder that holds it (see tests/oracles); without it the line is left out.
"""

import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from auditor import scan
from auditor.model import Endpoint, Level, Target
from auditor.net import Limits, Neighbours, Network
from tests.wire.conformance import BODY
from tests.wire.site import Site, aim, authority, reply
from tests.wire.verdicts import CONTACT, SECURE, checks, fields

RUNS = 30
TICKS = os.sysconf("SC_CLK_TCK")


def _serve(ports: Any, done: Any) -> None:
    pages = {"/": reply(200, *fields(), body=BODY), "/.well-known/security.txt": CONTACT}
    upgrade = {"*": reply(301, f"Location: {SECURE}")}
    with Site(pages, tls=True) as secure, Site(upgrade) as plain:
        ports.put((secure.port, plain.port, authority().cert_pem.bytes()))
        done.wait()


def main() -> None:
    """One line a level, one for the Observatory."""
    context = multiprocessing.get_context("spawn")
    ports, done = context.Queue(), context.Event()
    server = context.Process(target=_serve, args=(ports, done))
    server.start()
    try:
        secure, plain, root = ports.get(timeout=30)
        for level in Level:
            _ours(level, secure, plain)
        if folder := os.environ.get("ORACLES"):
            _observatory(Path(folder), secure, plain, root)
    finally:
        done.set()
        server.join()


def _ours(level: Level, secure: int, plain: int) -> None:
    target = aim(Endpoint("127.0.0.1", secure), Endpoint("127.0.0.1", plain), level=level)
    networks: list[Network] = []

    def open_network(asked: Target) -> Network:
        networks.append(Network(asked, neighbours=Neighbours(), limits=Limits(exchange=5)))
        return networks[-1]

    scan.scan(target, checks(), open_network)
    costs = []
    for _ in range(RUNS):
        started = time.process_time()
        scan.scan(target, checks(), open_network)
        costs.append((time.process_time() - started) * 1000)
    _row(f"headers, level {level.value}", costs, networks[-1].requests)


def _observatory(folder: Path, secure: int, plain: int, root: bytes) -> None:
    program = Path(__file__).parents[1] / "oracles" / "oracles.mjs"
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:
        file.write(root)
        file.flush()
        environment = {"NODE_EXTRA_CA_CERTS": file.name, "NODE_NO_WARNINGS": "1", "PATH": os.environ["PATH"]}
        command = ["node", str(program), str(folder.resolve()), str(secure), str(plain)]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        ) as node:
            assert node.stdin
            assert node.stdout
            costs = []
            for run in range(RUNS + 3):
                before = _ticks(node.pid)
                node.stdin.write(json.dumps({"policies": []}) + "\n")
                node.stdin.flush()
                node.stdout.readline()
                if run >= 3:  # warm by then
                    costs.append((_ticks(node.pid) - before) * 1000 / TICKS)
            node.stdin.close()
    sys.stdout.write(f"{'MDN Observatory, warm':<28} {statistics.mean(costs):>8.1f} CPU-ms/site\n")


def _ticks(process: int) -> int:
    """User and system time of a process in clock ticks (proc(5))."""
    after_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(after_name[11]) + int(after_name[12])


def _row(name: str, costs: list[float], requests: int) -> None:
    sys.stdout.write(f"{name:<28} {statistics.mean(costs):>8.1f} CPU-ms/site {requests:>6} requests/site\n")


if __name__ == "__main__":
    main()
