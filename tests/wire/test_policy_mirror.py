"""Policies from a mirror on loopback: the pinned one, and everything else."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from auditor.cli.mirror import fetched
from auditor.errors import PolicyError
from auditor.policy import load
from tests.unit.policy.evidence import SPECS

POLICY = b'schema: 1\nid: contoh\nversion: "1"\nrules:\n  - {id: R-1, require: {tls.offered: {equals: true}}}\n'


class _Mirror(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body, status = (POLICY, 200) if self.path == "/contoh.yaml" else (b"", 302 if self.path == "/moved" else 404)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Location", "/contoh.yaml")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def mirror() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Mirror)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def digest(tmp_path: Path) -> str:
    file = tmp_path / "contoh.yaml"
    file.write_bytes(POLICY)
    return load(file, SPECS).policy.digest


def test_the_policy_that_was_pinned_is_used(mirror: str, digest: str) -> None:
    with fetched(["baseline", f"{mirror}/contoh.yaml#sha256={digest}"]) as (packaged, file):
        assert packaged == "baseline"
        assert load(file, SPECS).policy.digest == digest
    assert not Path(file.partition("#")[0]).exists()


def test_another_one_is_refused(mirror: str) -> None:
    with fetched([f"{mirror}/contoh.yaml#sha256={'0' * 64}"]) as (file,), pytest.raises(PolicyError, match="pinned"):
        load(file, SPECS)


@pytest.mark.parametrize("path", ["/contoh.yaml", "/contoh.yaml#sha256=short"])
def test_nothing_is_fetched_without_a_pin(mirror: str, path: str) -> None:
    with pytest.raises(PolicyError), fetched([mirror + path]):
        pass


@pytest.mark.parametrize("path", ["/moved", "/missing"])
def test_a_mirror_that_has_it_not_is_an_error(mirror: str, path: str) -> None:
    with pytest.raises(PolicyError, match="cannot be fetched: status"), fetched([f"{mirror}{path}#sha256={'0' * 64}"]):
        pass


def test_a_mirror_that_does_not_answer_is_an_error() -> None:
    with pytest.raises(PolicyError, match="cannot be fetched"), fetched([f"http://127.0.0.1:1/x#sha256={'0' * 64}"]):
        pass
