"""Debian's nginx as a real server: from a configuration string, on free loopback ports, in a folder of its own.

    with nginx.running(tmp_path, "server { listen @0 ssl; ... }  server { listen @1; ... }") as ports:
        https, http = ports

`@0`, `@1` ... stand for `127.0.0.1:PORT`. Needs no privileges. A missing nginx is an error, never a skip.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.wire import programs
from tests.wire.pki import Files

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


SOUND = """
server {
    listen @0 ssl http2;
    server_name contoh.go.id;
    ssl_certificate CHAIN;
    ssl_certificate_key KEY;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;
    server_tokens off;
    add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;
    add_header Content-Security-Policy "default-src 'self'; object-src 'none'; frame-ancestors 'self'" always;
    add_header X-Content-Type-Options nosniff always;
    add_header Referrer-Policy strict-origin-when-cross-origin always;
    add_header Permissions-Policy "camera=(), geolocation=(), microphone=()" always;
    add_header Cross-Origin-Opener-Policy same-origin-allow-popups always;
    add_header Cross-Origin-Resource-Policy same-site always;
    add_header Set-Cookie "ci_session=contohsesi0123456789abcdef; Path=/; Secure; HttpOnly; SameSite=Lax" always;
    location = / { return 200 "PAGE"; }
    location = /.well-known/security.txt {
        default_type "text/plain; charset=utf-8";
        return 200 "Contact: mailto:csirt@contoh.go.id\nExpires: 2099-12-31T00:00:00Z\n";
    }
    location / { return 404 "tidak ada"; }
}
server {
    listen @1;
    server_name contoh.go.id;
    return 301 https://$host$request_uri;
}
"""
PAGE = (
    "<!doctype html><title>Dinas Contoh</title><h1>Dinas Pelayanan Contoh</h1><p>Informasi layanan publik:"
    " persyaratan, jadwal pelayanan keliling, dan alur pengaduan masyarakat Kabupaten Contoh.</p>"
)


def filled(config: str, files: Files) -> str:
    """A configuration such as `SOUND` with the certificate's files and the page put in."""
    return config.replace("CHAIN", str(files.chain)).replace("KEY", str(files.key)).replace("PAGE", PAGE)


def tls(files: Files, *lines: str) -> str:
    """A `server` block that says hello over TLS on `@0`, with further directives."""
    return "\n".join((
        "server {", "    listen @0 ssl;", f"    ssl_certificate {files.chain};", f"    ssl_certificate_key {files.key};",
        *(f"    {line}" for line in lines), '    location / { return 200 "halo"; }', "}",
    ))  # fmt: skip


@contextmanager
def running(folder: Path, http: str) -> Iterator[programs.Ports]:
    """Run nginx with the contents of an `http` block; yields the ports of `@0`, `@1` ... in order.

    Raises:
        RuntimeError: nginx is missing, refuses the configuration or does not listen in time.
    """
    log, config = folder / "error.log", folder / "nginx.conf"
    log.touch()

    def command(ports: programs.Ports) -> Sequence[str | Path]:
        filled = re.sub(r"@(\d+)", lambda match: f"127.0.0.1:{ports[int(match[1])]}", http)
        config.write_text(_MAIN.format(folder=folder, http=filled))
        return ("nginx", "-p", folder, "-c", config, "-e", log)

    count = 1 + max(int(number) for number in re.findall(r"@(\d+)", http))
    with programs.running(command, folder / "nginx.log", count) as ports:
        yield ports
