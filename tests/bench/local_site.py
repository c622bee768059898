"""What one site of our own costs, and two hundred of them: CPU, requests, connections, seconds, memory.

A real nginx on loopback serves sites with sound settings over TLS; `auditor audit` runs as the command an officer
types, in a process of its own, and the operating system's account of that process is what is printed. Requests and
connections are counted by nginx.
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.wire import nginx, pki

RUNS = 5
PIPELINE = "http,headers,csp,cookies,tls,certificate,exposure"
FLEET = 200

COUNTED = """
    log_format counted '$connection $request';
    access_log FOLDER/counted.log counted;
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """The operating system's account of one finished command."""

    seconds: float
    cpu_ms: float
    peak_mb: float


def run(*arguments: str, judged: bool = True) -> Cost:
    """`auditor audit` once, its output thrown away; any exit code but 0 is an error of the benchmark.

    Not `judged` is a run of few checks, which leaves most rules open: its exit code may be 3.
    """
    command = [sys.executable, "-c", "from auditor.cli import main; main()", "audit", "--quiet", *arguments]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    assert process.stderr is not None
    if os.waitstatus_to_exitcode(status) not in ((0,) if judged else (0, 3)):
        raise RuntimeError(process.stderr.read().decode())
    process.stderr.close()
    return Cost(seconds, (usage.ru_utime + usage.ru_stime) * 1000, usage.ru_maxrss / 1024)


def counted(folder: Path) -> tuple[int, int]:
    """Requests and connections that nginx saw since the last look."""
    log = folder / "counted.log"
    lines = log.read_text().splitlines()
    log.write_text("")
    return len(lines), len({re.split(r"\s", line)[0] for line in lines})


def row(name: str, costs: list[Cost], sites: int, requests: int, connections: int) -> None:
    """Print one line of medians."""
    seconds = statistics.median(cost.seconds for cost in costs)
    cpu = statistics.median(cost.cpu_ms for cost in costs)
    peak = statistics.median(cost.peak_mb for cost in costs)
    sys.stdout.write(
        f"{name:<28} {seconds:>8.2f} s {sites / seconds:>8.1f} sites/s {cpu / sites:>8.1f} CPU-ms/site "
        f"{peak:>7.0f} MB peak {requests / sites:>6.1f} requests/site {connections / sites:>6.1f} HTTP connections/site\n"
    )


def main() -> None:
    """One site, then the fleet."""
    hosts = [f"situs-{number:03}.contoh.go.id" for number in range(FLEET)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        issuer = pki.authority("Antara Uji", pki.authority())
        files = pki.leaf(issuer, "*.contoh.go.id").write(folder)
        with nginx.running(folder, nginx.filled(nginx.SOUND, files) + COUNTED.replace("FOLDER", str(folder))) as (
            https,
            http,
        ):
            sockets = ["--connect", f"127.0.0.1:{https}", "--connect-http", f"127.0.0.1:{http}"]
            rest = ["--ca", str(files.root), "--out", str(folder / "bundles")]
            run(f"https://{hosts[0]}/", *sockets, *rest)
            counted(folder)
            single = [run(f"https://{hosts[0]}/", *sockets, *rest) for _ in range(RUNS)]
            requests, connections = counted(folder)
            row("one site", single, 1, requests // RUNS, connections // RUNS)
            pipeline = ["--only", PIPELINE, "--format", "html,sarif,junit,gitlab,markdown", "--fail-on", "critical"]
            gate = [run(f"https://{hosts[0]}/", *sockets, *rest, *pipeline, judged=False) for _ in range(RUNS)]
            requests, connections = counted(folder)
            row("one site, as a pipeline gate", gate, 1, requests // RUNS, connections // RUNS)
            inventory = folder / "inventory.yaml"
            inventory.write_text(_inventory(hosts, https, http))
            fleet = [run("--inventory", str(inventory), *rest) for _ in range(3)]
            requests, connections = counted(folder)
            row(f"{FLEET} sites, 16 at a time", fleet, FLEET, requests // 3, connections // 3)


def _inventory(hosts: list[str], https: int, http: int) -> str:
    targets = "".join(
        f'      - {{url: "https://{host}/", connect: "127.0.0.1:{https}", connect_http: "127.0.0.1:{http}"}}\n'
        for host in hosts
    )
    return (
        "schema: 1\nagency: {name: Kabupaten Contoh, region: '6371'}\norganisations:\n"
        f"  - id: diskominfo\n    name: Dinas Kominfo\n    targets:\n{targets}"
    )


if __name__ == "__main__":
    main()
