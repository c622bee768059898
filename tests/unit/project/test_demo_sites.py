"""The demo sites, seen with the standard library's client and OpenSSL's."""

import http.client
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from auditor.demo import DemoSite, DemoSites, sites
from auditor.model import Endpoint


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoSites]:
    with sites() as running:
        yield running


@pytest.fixture
def trusting(demo: DemoSites) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=demo.root.decode())


@dataclass(frozen=True)
class Page:
    status: int
    fields: http.client.HTTPMessage
    body: bytes


def over_tls(site: DemoSite, context: ssl.SSLContext, path: str = "/") -> Page:
    with (
        socket.create_connection(_address(site.connect), timeout=5) as raw,
        context.wrap_socket(raw, server_hostname=site.host) as connection,
    ):
        return _get(connection, site.host, path)


def in_the_clear(site: DemoSite, path: str = "/") -> Page:
    with socket.create_connection(_address(site.connect_http), timeout=5) as connection:
        return _get(connection, site.host, path)


def _get(connection: socket.socket, host: str, path: str) -> Page:
    client = http.client.HTTPConnection(host)
    client.sock = connection
    client.request("GET", path, headers={"Connection": "close"})
    with client.getresponse() as response:
        return Page(response.status, response.headers, response.read())


def _address(endpoint: Endpoint) -> tuple[str, int]:
    return endpoint.host, endpoint.port


def unchecked() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def leaf_of(site: DemoSite) -> x509.Certificate:
    return x509.load_pem_x509_certificate(ssl.get_server_certificate(_address(site.connect)).encode())


def agrees_on(site: DemoSite, version: str) -> bool:
    command = ["openssl", "s_client", f"-{version}", "-cipher", "ALL:@SECLEVEL=0"]
    endpoint = f"{site.connect.host}:{site.connect.port}"
    shaken = subprocess.run(
        [*command, "-connect", endpoint], stdin=subprocess.DEVNULL, capture_output=True, timeout=10, check=False
    )
    return shaken.returncode == 0


def test_good_site_is_trusted_under_its_name(demo: DemoSites, trusting: ssl.SSLContext) -> None:
    page = over_tls(demo.good, trusting)
    assert page.status == 200
    assert page.body.startswith(b"<!doctype html>")
    assert b'<html lang="id">' in page.body


def test_weak_certificate_is_for_another_name(demo: DemoSites, trusting: ssl.SSLContext) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        over_tls(demo.weak, trusting)


def test_weak_chain_itself_leads_to_the_root(demo: DemoSites, trusting: ssl.SSLContext) -> None:
    trusting.check_hostname = False
    assert over_tls(demo.weak, trusting).status == 200


def test_leaves_are_as_neglected_and_as_fresh_as_promised(demo: DemoSites) -> None:
    weak, good = leaf_of(demo.weak), leaf_of(demo.good)
    assert isinstance(weak.public_key(), rsa.RSAPublicKey)
    assert (weak.not_valid_after_utc - weak.not_valid_before_utc).days == 397
    assert isinstance(good.public_key(), ec.EllipticCurvePublicKey)
    assert (good.not_valid_after_utc - good.not_valid_before_utc).days == 90


def test_good_site_refuses_what_is_older_than_tls_1_2(demo: DemoSites) -> None:
    assert [v for v in ("tls1", "tls1_1", "tls1_2", "tls1_3") if agrees_on(demo.good, v)] == ["tls1_2", "tls1_3"]


def test_weak_site_still_speaks_tls_1_0(demo: DemoSites) -> None:
    versions = [v for v in ("tls1", "tls1_1", "tls1_2") if agrees_on(demo.weak, v)]
    assert versions == ["tls1", "tls1_1", "tls1_2"]


def test_good_site_sends_every_protective_field(demo: DemoSites, trusting: ssl.SSLContext) -> None:
    fields = over_tls(demo.good, trusting).fields
    assert fields["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "frame-ancestors 'none'" in fields["Content-Security-Policy"]
    assert fields["X-Content-Type-Options"] == "nosniff"
    assert fields["Referrer-Policy"] == "strict-origin-when-cross-origin"
    cookie = fields["Set-Cookie"]
    assert {part.strip() for part in cookie.split(";")} >= {"Secure", "HttpOnly", "SameSite=Lax"}


def test_weak_site_sends_none_of_them_and_a_bare_session_cookie(demo: DemoSites) -> None:
    fields = over_tls(demo.weak, unchecked()).fields
    for name in ("Strict-Transport-Security", "Content-Security-Policy", "X-Content-Type-Options"):
        assert name not in fields
    assert "X-Frame-Options" not in fields
    assert "Referrer-Policy" not in fields
    assert fields["Set-Cookie"].startswith("PHPSESSID=")
    assert not {"secure", "httponly"} & {part.strip().lower() for part in fields["Set-Cookie"].split(";")}


def test_plain_side_of_the_good_site_upgrades_and_that_of_the_weak_does_not(demo: DemoSites) -> None:
    moved = in_the_clear(demo.good, "/layanan?id=1")
    assert moved.status == 301
    assert moved.fields["Location"] == "https://baik.contoh.go.id/layanan?id=1"
    assert in_the_clear(demo.weak).status == 200


@pytest.mark.parametrize(("path", "start"), [("/.git/HEAD", b"ref: refs/"), ("/.env", b"APP_NAME=")])
def test_only_the_weak_site_exposes_its_files(demo: DemoSites, path: str, start: bytes) -> None:
    exposed = over_tls(demo.weak, unchecked(), path)
    assert exposed.status == 200
    assert exposed.body.startswith(start)
    assert over_tls(demo.good, unchecked(), path).status == 404


def test_unknown_paths_are_not_found_on_either(demo: DemoSites) -> None:
    for site in (demo.weak, demo.good):
        assert over_tls(site, unchecked(), "/tidak-ada-9471").status == 404


def test_leaving_ends_open_connections_and_threads_at_once() -> None:
    before = set(threading.enumerate())
    with sites() as running:
        silent = [
            socket.create_connection(_address(endpoint), timeout=5)
            for site in (running.weak, running.good)
            for endpoint in (site.connect, site.connect_http)
        ]
        assert over_tls(running.good, unchecked()).status == 200
        left = time.monotonic()
    assert time.monotonic() - left < 2
    assert set(threading.enumerate()) <= before
    for connection in silent:
        with connection:
            assert not connection.recv(1)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(_address(running.good.connect), timeout=5)


def test_a_visitor_who_speaks_no_tls_harms_nothing(
    demo: DemoSites, trusting: ssl.SSLContext, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_connection(_address(demo.good.connect), timeout=5) as visitor:
        visitor.sendall(b"GET / HTTP/1.0\r\n\r\n")
        while visitor.recv(4096):
            pass
    assert over_tls(demo.good, trusting).status == 200
    assert capsys.readouterr().err == ""
