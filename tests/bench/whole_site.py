"""One whole site on loopback: 500 pages and 100 documents, every check, and the budget that was printed beforehand.

The site runs in a process of its own, so that its work is not counted as the auditor's.
"""

import io
import multiprocessing
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGES = 500
DOCUMENTS = 100
_WORDS = (
    "dinas", "layanan", "publik", "kegiatan", "rapat", "desa", "camat", "bantuan", "warga", "sekolah", "guru", "jalan",
    "program", "pembangunan", "anggaran", "laporan", "pertanian", "kesehatan", "puskesmas", "posyandu",
)  # fmt: skip
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def contents() -> dict[str, tuple[str, bytes]]:
    """Media type and body by path: pages of about 22 KB, CSV and DOCX files; the same each time."""
    chance = random.Random(1)
    links = "".join(f'<a href="/berita/{n}.html">Berita {n}</a> ' for n in range(PAGES - 1))
    links += "".join(f'<a href="/dok/{n}.{"csv" if n % 2 else "docx"}">Dokumen {n}</a> ' for n in range(DOCUMENTS))
    made = {"/": ("text/html", f"<title>Dinas Contoh</title>{links}".encode())}
    for number in range(PAGES - 1):
        text = "".join(f"<p>{' '.join(chance.choices(_WORDS, k=120))}</p>" for _ in range(25))
        made[f"/berita/{number}.html"] = ("text/html", f"<title>Berita {number}</title>{text}".encode())
    for number in range(DOCUMENTS):
        rows = [f"{n};{chance.choice(_WORDS)};{chance.randrange(10**6)}" for n in range(2_000)]
        if number % 2:
            made[f"/dok/{number}.csv"] = ("text/csv", "\n".join(rows).encode())
            continue
        body = "".join(f"<w:p><w:r><w:t>{row}</w:t></w:r></w:p>" for row in rows)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            document = f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
            archive.writestr("word/document.xml", document)
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        made[f"/dok/{number}.docx"] = (kind, packed.getvalue())
    return made


def _serve(listener: socket.socket) -> None:
    pages, asked = contents(), [0]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            """Any page, or how many were asked for."""
            status, (kind, body) = 200, pages.get(self.path, ("", b""))
            if self.path == "/__asked":
                kind, body = "text/plain", str(asked[0]).encode()
            elif not kind:
                status, kind, body = 404, "text/html", b"<title>404</title>Tidak ada."
            asked[0] += self.path != "/__asked"
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body if self.command != "HEAD" else b"")

        do_HEAD = do_OPTIONS = do_POST = do_TRACE = do_GET  # noqa: N815 - names that the base class looks for

    server = ThreadingHTTPServer(listener.getsockname(), Handler, bind_and_activate=False)
    server.socket.close()
    server.socket = listener
    server.serve_forever()


@contextmanager
def running() -> Iterator[int]:
    """The port of the site."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        port = int(listener.getsockname()[1])
        process = multiprocessing.get_context("fork").Process(target=_serve, args=(listener,), daemon=True)
        process.start()
        try:
            yield port
        finally:
            process.terminate()
            process.join()


def asked(port: int) -> int:
    """Requests that the site has answered."""
    with socket.create_connection(("127.0.0.1", port)) as peer:
        peer.sendall(b"GET /__asked HTTP/1.0\r\n\r\n")
        answer = b"".join(iter(lambda: peer.recv(4_096), b""))
    return int(answer.rpartition(b"\r\n")[2])


def main() -> None:
    """One audit with every check; seconds, CPU of it and its parsers, memory, requests beside the budget."""
    command = [sys.executable, "-c", "from auditor.cli import main; main()", "audit", "--lang", "en"]
    with running() as port, tempfile.TemporaryDirectory() as folder:
        site = f"http://127.0.0.1:{port}/"
        told = subprocess.run([*command, site, "--dry-run"], check=True, capture_output=True, text=True).stdout
        promised = re.search(r"up to ([\d,]+) requests", told)
        before, started = asked(port), time.perf_counter()
        process = subprocess.Popen(
            [*command, site, "--quiet", "--out", folder], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, _, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        made = asked(port) - before
    sys.stdout.write(
        f"whole site, {PAGES} pages and {DOCUMENTS} documents: {seconds:.1f} s, "
        f"{usage.ru_utime + usage.ru_stime:.1f} CPU-s with parsers, {usage.ru_maxrss / 1024:.0f} MB peak, "
        f"{made} requests of {promised[1] if promised else '?'} announced\n"
    )


if __name__ == "__main__":
    main()
