"""What it costs to see everything that a TLS server accepts: connections and CPU, beside sslyze on the same server.

Debian's nginx serves on loopback and counts the connections it accepts (stub_status). The CPU is this process's own,
with the TLS check alone, over repetitions after a first one that loads tables. sslyze runs as its command, in an
environment of its own (`tests/peers`), since it pins an old cryptography; what its start costs is measured
apart and taken off. Where it cannot be installed, its lines are left out; so are those of sslscan where it is missing.
"""

import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from auditor import pool
from auditor.model import Endpoint, Fact, Level, Target
from auditor.net import Neighbours, Network
from checks import tls
from tests import peers
from tests.bench import relay
from tests.wire import nginx, pki
from tests.wire.programs import Ports

RUNS = 20
FLEET, JOBS, THOUSAND = 50, 16, 1000
USUAL = "ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:DHE+CHACHA20:ECDHE+AES:DHE+AES:RSA+AES:!aNULL:!PSK:!DSS:!ECDSA"
INTERMEDIATE = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305"
CURVES = "ssl_ecdh_curve X25519:prime256v1:secp384r1;"
STATUS = "server { listen @1; location / { stub_status; } }"


@dataclass(frozen=True, slots=True)
class Cost:
    """Medians of one tool on one server."""

    connections: float
    cpu_ms: float
    seconds: float

    def show(self, server: str, tool: str, seen: str) -> None:
        """Print one line."""
        sys.stdout.write(
            f"{server:<28} {tool:<10} {self.connections:>6.0f} connections {self.cpu_ms:>8.1f} CPU-ms "
            f"{self.seconds:>7.3f} s  {seen}\n"
        )


def servers(folder: Path) -> Mapping[str, str]:
    """Configurations of nginx by what they are."""
    rsa = pki.leaf(pki.authority(key="rsa-2048"), pki.HOST, key="rsa-2048").write(folder, "rsa")
    ecdsa = pki.standard().write(folder, "ecdsa")
    dh = folder / "dh.pem"
    command = ["openssl", "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:modp_2048", "-out", str(dh)]
    subprocess.run(command, check=True, capture_output=True)
    both, own_dh = "ssl_protocols TLSv1.2 TLSv1.3;", f"ssl_dhparam {dh};"
    every = "ssl_ciphers ALL:COMPLEMENTOFALL:@SECLEVEL=0;"
    return {
        "RSA, TLS 1.2 and 1.3": nginx.tls(rsa, both, f"ssl_ciphers {USUAL};", own_dh, CURVES),
        "ECDSA, intermediate": nginx.tls(ecdsa, both, f"ssl_ciphers {INTERMEDIATE};", CURVES),
        "TLS 1.3 alone": nginx.tls(ecdsa, "ssl_protocols TLSv1.3;", CURVES),
        "every suite, TLS 1.0 to 1.3": nginx.tls(
            rsa, "ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;", every, own_dh, CURVES
        ),
    }


def accepted(port: int) -> int:
    """Connections that nginx has accepted; asking is one of them."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as response:
        found = re.search(r"requests\n (\d+) ", response.read().decode())
    assert found is not None
    return int(found[1])


def ours(port: int) -> str:
    """The TLS check, once; what it saw of the suites."""
    target = Target("https", pki.HOST, 443, level=Level.STANDARD, connect=Endpoint("127.0.0.1", port))
    with Network(target, neighbours=_NEIGHBOURS) as net:
        found = [i for i in tls.collect(target, net) if isinstance(i, Fact) and i.name == "tls.suites"]
    return ", ".join(f"{i.subject} {len(i.value)}" for i in found if isinstance(i.value, tuple))


_NEIGHBOURS = Neighbours()


def measured(run: Callable[[], str], status: int, runs: int, clock: Callable[[], float]) -> tuple[Cost, str]:
    """Medians over runs of a tool, and what it saw."""
    connections, cpu, seconds, seen = [], [], [], ""
    for _ in range(runs):
        before, busy, started = accepted(status), clock(), time.perf_counter()
        seen = run()
        seconds.append(time.perf_counter() - started)
        cpu.append((clock() - busy) * 1000)
        connections.append(accepted(status) - before - 1)
    return Cost(statistics.median(connections), statistics.median(cpu), statistics.median(seconds)), seen


def children() -> float:
    """CPU seconds of finished child processes."""
    times = os.times()
    return times.children_user + times.children_system


def sslyze() -> Path | None:
    """The command; None where it cannot be had."""
    try:
        return peers.programs("sslyze") / "sslyze"
    except RuntimeError as error:
        sys.stderr.write(f"sslyze cannot be installed: {error}\n")
        return None


def fleet(folder: Path, peer: Path | None, start: float) -> None:
    """Fifty servers at once, each on a port of its own; then memory over a thousand looks."""
    rsa = pki.leaf(pki.authority(key="rsa-2048"), pki.HOST, key="rsa-2048").write(folder, "fleet")
    site = nginx.tls(rsa, "ssl_protocols TLSv1.2 TLSv1.3;", f"ssl_ciphers {USUAL};", CURVES)
    config = "".join(site.replace("@0", f"@{number}") for number in range(FLEET))
    with nginx.running(folder, config) as ports:
        ours(ports[0])
        busy, started = time.process_time(), time.perf_counter()
        deque(pool.run(ours, ports, JOBS), maxlen=0)
        seconds, cpu = time.perf_counter() - started, time.process_time() - busy
        _fleet_row("auditor", seconds, cpu)
        if peer is not None:
            targets = folder / "targets"
            targets.write_text("".join(f"{pki.HOST}:{port}{{127.0.0.1}}\n" for port in ports))
            before, began = children(), time.perf_counter()
            subprocess.run([peer, "--targets_in", targets], check=False, capture_output=True)
            _fleet_row("sslyze", time.perf_counter() - began, children() - before - start / 1000)
        before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for _ in range(THOUSAND // FLEET):
            deque(pool.run(ours, ports, JOBS), maxlen=0)
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb) / 1024
        sys.stdout.write(f"{THOUSAND} looks: peak memory grew by {grown:.1f} MB\n")


def _fleet_row(tool: str, seconds: float, cpu: float) -> None:
    sys.stdout.write(
        f"{FLEET} servers at once        {tool:<10} {FLEET / seconds:>6.1f} hosts/s {cpu * 1000 / FLEET:>8.1f} CPU-ms/host\n"
    )


def far(folder: Path) -> None:
    """Seconds at a round trip of 40 ms, which a relay makes."""
    for server, config in servers(folder).items():
        with nginx.running(folder, config + STATUS) as (port, _), relay.running(port, seconds=0.02) as distant:
            started = time.perf_counter()
            ours(distant)
            sys.stdout.write(
                f"{server:<28} auditor    {time.perf_counter() - started:>7.3f} s at a round trip of 40 ms\n"
            )


def main() -> None:
    """Every server with our check, with sslscan where there is one, and once with sslyze; then far away, then fifty."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        peer = sslyze()
        start = 0.0
        if peer is not None:
            before = children()
            subprocess.run([peer, "--help"], check=True, capture_output=True)
            start = (children() - before) * 1000
            sys.stdout.write(f"sslyze: {start:.0f} CPU-ms for its start, taken off below\n")
        for server, config in servers(folder).items():
            with nginx.running(folder, config + STATUS) as ports:
                _both(server, ports, peer, start)
        far(folder)
        fleet(folder, peer, start)


def _both(server: str, ports: Ports, peer: Path | None, start: float) -> None:
    port, status = ports
    ours(port)
    cost, seen = measured(lambda: ours(port), status, RUNS, time.process_time)
    cost.show(server, "auditor", seen)
    if shutil.which("sslscan"):
        scan = ["sslscan", "--no-colour", f"--sni-name={pki.HOST}", f"127.0.0.1:{port}"]
        cost, _ = measured(
            lambda: str(subprocess.run(scan, check=False, capture_output=True).returncode), status, 1, children
        )
        cost.show(server, "sslscan", "")
    if peer is None:
        return

    def run() -> str:
        command = [str(peer), f"{pki.HOST}:{port}{{127.0.0.1}}"]
        said = subprocess.run(command, check=False, capture_output=True, text=True).stdout
        counts = re.findall(r"\* (TLS 1\.\d|SSL \d\.0) Cipher Suites:(.*?)(?=\n \*|\Z)", said, re.DOTALL)
        found = {version: len(re.findall(r"^ {8}(?:TLS|SSL)_", block, re.MULTILINE)) for version, block in counts}
        return ", ".join(f"{version} {count}" for version, count in found.items() if count)

    cost, seen = measured(run, status, 1, children)
    Cost(cost.connections, cost.cpu_ms - start, cost.seconds).show(server, "sslyze", seen)


if __name__ == "__main__":
    main()
