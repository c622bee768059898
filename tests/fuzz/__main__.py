"""`python -m tests.fuzz [RUNS]`: a million mutated server flights, unless told otherwise, against everything that reads them.

The fuzzer is Atheris, in an environment of its own (`tests/peers`); the genuine flights of `tests/wire/flights.py` are
where it starts from. It ends at the first exception that is no error of the parsers' own, or a run of over ten seconds.
"""

import os
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from tests import peers
from tests.wire.flights import answers

RUNS = 1_000_000
HARNESS = Path(__file__).with_name("harness.py")


def main(runs: int) -> int:
    """Run the harness with the packages of this environment; its exit code."""
    python = peers.programs("atheris") / "python"
    ours = os.pathsep.join([str(HARNESS.parents[2]), sysconfig.get_path("purelib")])
    with tempfile.TemporaryDirectory() as corpus:
        for at, exchange in enumerate(answers().values()):
            (Path(corpus) / str(at)).write_bytes(bytes([at]) + exchange.flight)
        command = [
            str(python),
            str(HARNESS),
            f"-runs={runs}",
            "-max_len=8192",
            "-timeout=10",
            "-print_final_stats=1",
            corpus,
        ]
        return subprocess.run(command, env={**os.environ, "PYTHONPATH": ours}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS))
