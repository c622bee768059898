"""Programs that the product is held against, each in an environment of its own, as they pin old libraries.

An environment is made from its lock file when it is first asked for, and kept in `.peers` until the lock changes.
"""

import fcntl
import hashlib
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
KEPT = HERE.parents[1] / ".peers"


def programs(name: str) -> Path:
    """The folder of the programs of the peer whose lock is `name.lock`.

    Raises:
        RuntimeError: it cannot be installed.
    """
    lock = HERE / f"{name}.lock"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    home, ready = KEPT / name, KEPT / name / ".ready"
    KEPT.mkdir(exist_ok=True)
    with (KEPT / f"{name}.wait").open("w") as wait:
        fcntl.flock(wait, fcntl.LOCK_EX)  # tests run in several processes
        if not ready.exists() or ready.read_text() != digest:
            python = home / "bin" / "python"
            _run(sys.executable, "-m", "venv", "--clear", str(home))
            _run(str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock))
            ready.write_text(digest)
    return home / "bin"


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=500, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr.strip()[-500:]}")
