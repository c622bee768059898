"""The way out against servers that behave: what it costs, where it goes, what it refuses."""

import contextlib
import re
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
import requests
import trustme

from auditor.errors import Unobserved
from auditor.model import Absence, Endpoint, Target
from auditor.net import Field, Limits, Neighbours, Network, Tape, plain
from tests.wire import nginx, pki, programs
from tests.wire.listener import Listener, Talk, answering, heads_of, listening, page, requests_of

HOST = "contoh.go.id"
SCOPE = (HOST, f"www.{HOST}")
QUICK = Limits(exchange=0.4, target=30.0)


def http_target(endpoint: Endpoint, rate: int | None = None) -> Target:
    return Target("http", HOST, 80, scope=SCOPE, connect_http=endpoint, rate=rate)


def https_target(endpoint: Endpoint, plain_side: Endpoint | None = None) -> Target:
    return Target("https", HOST, 443, scope=SCOPE, connect=endpoint, connect_http=plain_side)


def network(
    target: Target, limits: Limits = QUICK, tape: Tape | None = None, resolver: Endpoint | None = None
) -> Network:
    return Network(target, neighbours=Neighbours(), limits=limits, tape=tape, resolver=resolver)


@contextlib.contextmanager
def absent(reason: Absence, detail: str | None = None) -> Iterator[None]:
    with pytest.raises(Unobserved, match=detail) as caught:
        yield
    assert caught.value.reason is reason


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def context(authority: trustme.CA) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(made)
    return made


# What it costs


def test_the_same_call_is_made_once_and_other_calls_share_the_connection() -> None:
    with listening(answering(page(b""))) as site, network(http_target(site.endpoint)) as net:
        first = net.home()
        assert net.home() == first == net.get("/") == net.get(f"http://{HOST}/")
        net.get("/a")
        net.get("/a", method="HEAD")
        net.get("/a", fields=(Field("Origin", "null"),))
        assert site.requests == ["GET / HTTP/1.1", "GET /a HTTP/1.1", "HEAD /a HTTP/1.1", "GET /a HTTP/1.1"]
        assert (net.requests, net.connections, site.connections) == (4, 1, 1)


def test_a_failure_is_not_tried_again() -> None:
    with listening(lambda connection, seen: None) as site, network(http_target(site.endpoint)) as net:
        for _ in range(3):
            with absent(Absence.REFUSED):
                net.home()
        assert site.connections == 1


def test_a_dead_side_costs_one_connection_for_all_calls() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with network(https_target(Endpoint("127.0.0.1", taken.getsockname()[1]))) as net:
            for call in (
                net.home,
                net.handshake,
                lambda: net.get("/a"),
                lambda: net.converse(b"x" * 99, bool, purpose="p"),
            ):
                with absent(Absence.REFUSED, "connection refused"):
                    call()
            assert net.connections == 1


@pytest.mark.parametrize("how", ["close", "reset"])
def test_a_connection_that_went_stale_is_replaced_once(how: str) -> None:
    gone = threading.Event()

    def talk(connection: socket.socket, seen: Listener) -> None:
        for _ in requests_of(connection, seen):
            connection.sendall(page())
            if how == "reset":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.close()
            gone.set()
            return

    with listening(talk) as site, network(http_target(site.endpoint)) as net:
        net.home()
        assert gone.wait(5)
        assert net.get("/a").final.body == b"hai"
        assert site.connections == 2


@pytest.mark.parametrize(
    "answer", [page(b"hai", "Connection: close"), b"HTTP/1.0 200 X\r\nContent-Length: 0\r\n\r\n", page() + b"more"]
)
def test_a_connection_that_may_not_be_kept_is_not(answer: bytes) -> None:
    with listening(answering(answer)) as site, network(http_target(site.endpoint)) as net:
        net.home()
        assert net.get("/a").final.status == 200
        assert (site.connections, net.requests) == (2, 2)


def test_bodies_kept_for_a_target_are_capped_together() -> None:
    with listening(answering(page(b"x" * 60))) as site, network(http_target(site.endpoint), Limits(bodies=100)) as net:
        net.get("/1")
        net.get("/2")
        with absent(Absence.LIMITED):
            net.get("/3")


def test_the_target_has_a_deadline_of_its_own() -> None:
    def stall(connection: socket.socket, seen: Listener) -> None:
        connection.recv(9_999)
        connection.recv(1)

    with listening(stall) as site, network(http_target(site.endpoint), Limits(exchange=0.2, target=0.3)) as net:
        with absent(Absence.TIMEOUT, "in 0.2 s"):
            net.get("/1")
        with absent(Absence.LIMITED, "0.3 s"):
            net.get("/2")
        with absent(Absence.LIMITED):
            net.get("/3")


# Politeness


def test_after_five_failures_the_host_is_left_alone() -> None:
    with listening(lambda connection, seen: None) as site, network(http_target(site.endpoint)) as net:
        for path in "12345":
            with absent(Absence.REFUSED):
                net.get(f"/{path}")
        with absent(Absence.LIMITED, "left alone"):
            net.get("/6")
        assert site.connections == 5


def test_retry_after_beyond_the_deadline_ends_the_visit() -> None:
    with (
        listening(answering(page(b"", "Retry-After: 600", status=503))) as site,
        network(http_target(site.endpoint)) as net,
    ):
        assert net.home().final.status == 503
        with absent(Absence.LIMITED, "pause of 600 s"):
            net.get("/a")
        assert len(site.requests) == 1


def test_the_operators_rate_holds_on_loopback_for_all_targets_together() -> None:
    with listening(answering(page())) as site:
        neighbours, started = Neighbours(), time.monotonic()
        for _ in range(2):
            with Network(http_target(site.endpoint, rate=10), neighbours=neighbours) as net:
                net.get("/1")
                net.get("/2")
        assert time.monotonic() - started >= 0.3


def test_names_that_share_a_server_wait_for_their_turns_without_losing_their_time() -> None:
    names = [f"situs-{number}.go.id" for number in range(24)]
    with listening(answering(page())) as site:
        neighbours, started = Neighbours(), time.monotonic()

        def visit(name: str) -> int:
            target = Target("http", name, 80, connect_http=site.endpoint, rate=8)
            with Network(target, neighbours=neighbours, limits=Limits(target=1.5)) as net:
                return net.home().final.status

        with ThreadPoolExecutor(16) as pool:  # the sixteenth waits for two seconds
            assert list(pool.map(visit, names)) == [200] * 24
        assert time.monotonic() - started >= 23 / 8


# Where it goes


def test_redirects_are_followed_over_sides_and_names_in_scope(context: ssl.SSLContext) -> None:
    def to(url: str) -> bytes:
        return page(b"", f"Location: {url}", status=301)

    with (
        listening(answering(to(f"https://www.{HOST}/a"))) as port80,
        listening(answering(to(f"https://{HOST}/b"), page(b"akhir")), context) as port443,
        network(https_target(port443.endpoint, port80.endpoint)) as net,
    ):
        assert (net.https, net.http) == (f"https://{HOST}/", f"http://{HOST}/")
        visit = net.get(net.http or "", follow=True)
        assert [hop.url for hop in visit.hops] == [f"http://{HOST}/", f"https://www.{HOST}/a", f"https://{HOST}/b"]
        assert (visit.final.body, visit.stopped) == (b"akhir", "")
        assert [hop.status for hop in net.get(net.http or "").hops] == [301]
        assert net.requests == 3


def gate(*, cookie: str, where: str = "/") -> Talk:
    """Lets in who brings `a=b`, and gives it to everybody else, with a redirect."""

    def talk(connection: socket.socket, seen: Listener) -> None:
        for head in heads_of(connection, seen):
            let_in = "\r\nCookie: a=b" in head
            turned_away = page(b"", f"Set-Cookie: {cookie}", f"Location: {where}", status=302)
            connection.sendall(page(b"masuk", "Set-Cookie: seen=1") if let_in else turned_away)

    return talk


def test_a_cookie_is_carried_to_the_next_hop_and_forgotten_after_the_visit() -> None:
    with listening(gate(cookie="a=b; Path=/; HttpOnly")) as site, network(http_target(site.endpoint)) as net:
        visit = net.home()
        assert ([hop.status for hop in visit.hops], visit.stopped) == ([302, 200], "")
        assert visit.final.body == b"masuk"
        assert [hop.values("set-cookie") for hop in visit.hops] == [("a=b; Path=/; HttpOnly",), ("seen=1",)]
        assert net.get("/lain").final.status == 302  # another visit begins without
        assert net.get("/lain", follow=True).final.body == b"masuk"
        assert net.home() == visit
        assert site.requests == [f"GET {path} HTTP/1.1" for path in ("/", "/", "/lain")]


@pytest.mark.parametrize("cookie", ["a=b; Secure", "a=b; Path=/dalam", "a=b; Domain=evil.example", "a=b; Max-Age=0"])
def test_a_redirect_that_waits_for_a_cookie_a_browser_would_not_send_is_a_loop(cookie: str) -> None:
    with listening(gate(cookie=cookie)) as site, network(http_target(site.endpoint)) as net:
        visit = net.home()
        assert ([hop.status for hop in visit.hops], visit.stopped) == ([302], "loop")


def test_cookies_go_along_over_sides_and_names_as_they_say(context: ssl.SSLContext) -> None:
    heads: list[str] = []
    answers = iter(
        [
            page(b"", "Set-Cookie: own=1; Path=/", f"Set-Cookie: all=2; Domain={HOST}", "Location: /b", status=302),
            page(b"", "Set-Cookie: safe=3; Secure", f"Location: https://www.{HOST}/c", status=302),
            page(b"", f"Location: http://{HOST}/d", status=302),
            page(b"akhir"),
        ]
    )

    def talk(connection: socket.socket, seen: Listener) -> None:
        for head in heads_of(connection, seen):
            heads.append(head)
            connection.sendall(next(answers))

    with (
        listening(talk, context) as port443,
        listening(talk) as port80,
        network(https_target(port443.endpoint, port80.endpoint)) as net,
    ):
        assert net.home().final.body == b"akhir"
    assert [re.findall(r"(?m)^Cookie: (.*?)\r?$", head) for head in heads] == [
        [],
        ["own=1; all=2"],
        ["all=2"],
        ["own=1; all=2"],
    ]


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "//evil.example/", "ftp://contoh.go.id/", "http://[", "http://127.0.0.1/"]
)
def test_nothing_out_of_scope_is_asked_for(url: str) -> None:
    with listening(answering(page())) as site, network(http_target(site.endpoint)) as net:
        with absent(Absence.NOT_AUTHORISED):
            net.get(url)
        with absent(Absence.NOT_AUTHORISED):
            net.addresses("evil.example")
        assert site.connections == 0


def test_with_connect_no_name_is_ever_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo

    def only_literals(host: str, *rest: object, **more: object) -> object:
        assert host == "127.0.0.1"
        return real(host, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", only_literals)
    talk = answering(page(b"", f"Location: http://www.{HOST}/a", status=302), page())
    with listening(talk) as site, network(http_target(site.endpoint)) as net:
        assert len(net.home().hops) == 2
        assert net.addresses(f"www.{HOST}") == ("127.0.0.1",)


def test_the_next_address_is_tried_where_one_takes_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.net.resolver.resolve", lambda *_: ("127.0.0.2", "127.0.0.1"))
    with listening(answering(page())) as site, network(Target("http", "localhost", site.endpoint.port)) as net:
        assert net.home().final.address == "127.0.0.1"
        net.get("/a", method="HEAD")
        assert net.connections == 2


@pytest.fixture
def name_server() -> Iterator[tuple[Endpoint, dict[str, list[str] | None], list[str]]]:
    """Answers A and AAAA questions from the mapping, NXDOMAIN otherwise, and nothing at all for None."""
    known: dict[str, list[str] | None] = {}
    asked: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.bind(("127.0.0.1", 0))
        door.settimeout(0.05)
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                try:
                    data, peer = door.recvfrom(4_096)
                except TimeoutError:
                    continue
                query = dns.message.from_wire(data)
                name = query.question[0].name.to_text(omit_final_dot=True)
                asked.append(name)
                reply = dns.message.make_response(query)
                if name not in known:
                    reply.set_rcode(dns.rcode.NXDOMAIN)
                elif (addresses := known[name]) is None:
                    continue
                else:
                    kind = "A" if query.question[0].rdtype == dns.rdatatype.A else "AAAA"
                    if wanted := [address for address in addresses if (":" in address) == (kind == "AAAA")]:
                        reply.answer.append(dns.rrset.from_text(query.question[0].name, 1, "IN", kind, *wanted))
                door.sendto(reply.to_wire(), peer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield Endpoint("127.0.0.1", door.getsockname()[1]), known, asked
        over.set()
        thread.join()


NameServer = tuple[Endpoint, dict[str, list[str] | None], list[str]]


def test_a_name_is_looked_up_once_and_stays_where_it_was(name_server: NameServer) -> None:
    resolver, known, asked = name_server
    known[HOST] = ["1.1.1.1", "10.0.0.1"]
    with network(Target("https", HOST, 443), Limits(exchange=5), resolver=resolver) as net:
        assert net.addresses(HOST) == ("1.1.1.1",)
        known[HOST] = ["127.0.0.1"]
        assert net.addresses(HOST) == ("1.1.1.1",)
    assert asked == [HOST, HOST]  # A and AAAA


@pytest.mark.parametrize(
    ("addresses", "reason"),
    [
        (["127.0.0.1"], Absence.NOT_AUTHORISED),
        (["192.168.1.1", "169.254.169.254"], Absence.NOT_AUTHORISED),
        (["::1"], Absence.NOT_AUTHORISED),
        (["fd00::1", "fe80::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "127.0.0.1"], Absence.NOT_AUTHORISED),
        (None, Absence.TIMEOUT),
    ],
)
def test_a_name_that_points_inside_or_nowhere_is_not_visited(
    name_server: NameServer, addresses: list[str] | None, reason: Absence
) -> None:
    resolver, known, _ = name_server
    known[HOST] = addresses
    with network(Target("https", HOST, 443), resolver=resolver) as net:
        for call in (net.home, net.handshake, lambda: net.converse(b"", bool, purpose="")):
            with absent(reason):
                call()
        assert net.connections == 0


def test_a_name_that_does_not_exist_is_unreachable(name_server: NameServer) -> None:
    with (
        network(Target("https", HOST, 443), resolver=name_server[0]) as net,
        absent(Absence.UNREACHABLE, "no such name"),
    ):
        net.home()


def test_a_redirect_to_a_name_that_points_inside_is_not_followed(name_server: NameServer) -> None:
    resolver, known, _ = name_server
    twin = f"www.{HOST}"
    known[twin] = ["127.0.0.1"]
    with listening(answering(page(b"", f"Location: http://{twin}/", status=302))) as site:
        target = Target("http", "127.0.0.1", site.endpoint.port, scope=("127.0.0.1", twin))
        with network(target, resolver=resolver) as net:
            visit = net.home()
            assert (visit.stopped, visit.location) == ("not_allowed", f"http://{twin}/")
            assert net.connections == 1


def test_the_systems_resolver_is_held_to_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(10) and [])
    started = time.monotonic()
    with network(Target("https", HOST, 443)) as net, absent(Absence.TIMEOUT, "no address"):
        net.home()
    assert time.monotonic() - started < 2
    over.set()


def test_the_systems_resolver_without_an_answer_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with network(Target("https", HOST, 443)) as net, absent(Absence.UNREACHABLE, "not known"):
        net.home()


def test_public_addresses_of_both_families_are_kept_and_others_dropped(name_server: NameServer) -> None:
    resolver, known, _ = name_server
    known[HOST] = ["10.0.0.1", "::1", "2606:4700:4700::1111", "1.1.1.1"]
    with network(Target("https", HOST, 443), Limits(exchange=5), resolver=resolver) as net:
        assert net.addresses(HOST) == ("1.1.1.1", "2606:4700:4700::1111")


# IPv6


@pytest.fixture
def loopback6() -> str:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError as error:
        pytest.fail(f"this machine has no IPv6 loopback: {error}; give it ::1 on lo, sites with IPv6 must be scanned")
    return "::1"


def test_a_site_at_an_ipv6_address_is_asked_by_its_bracketed_name(loopback6: str) -> None:
    heads: list[str] = []

    def talk(connection: socket.socket, seen: Listener) -> None:
        for head in heads_of(connection, seen):
            heads.append(head)
            connection.sendall(page())

    with listening(talk, host=loopback6) as site:
        port = site.endpoint.port
        with network(Target("http", "::1", port)) as net:
            assert net.http == f"http://[::1]:{port}/"
            assert (net.home().final.url, net.home().final.address) == (net.http, "::1")
            assert net.get(f"http://[0:0:0:0:0:0:0:1]:{port}/").final is net.home().final
            assert net.addresses("::1") == ("::1",)
        with network(Target("http", "::1", 80, connect_http=site.endpoint)) as net:
            assert net.home().final.url == "http://[::1]/"
        with network(http_target(site.endpoint)) as net:
            assert net.home().final.address == "::1"
    hosts = [re.findall(r"(?m)^Host: (.*?)\r?$", head) for head in heads]
    assert hosts == [[f"[::1]:{port}"], ["[::1]"], [HOST]]


def test_scope_is_the_address_however_it_is_spelled(loopback6: str) -> None:
    places = ["http://[0::0:1]:@/a", "http://[::2]:@/", "http://127.0.0.1:@/", "http://[::ffff:127.0.0.1]:@/"]

    def talk(connection: socket.socket, seen: Listener) -> None:
        for line in requests_of(connection, seen):
            path = line.split()[1]
            where = "" if path == "/a" else places[int(path[1:])].replace("@", str(site.endpoint.port))
            connection.sendall(page(b"", f"Location: {where}", status=302) if where else page())

    with listening(talk, host=loopback6) as site, network(Target("http", "::1", site.endpoint.port)) as net:
        visits = [net.get(f"/{number}", follow=True) for number in range(4)]
    assert [visit.stopped for visit in visits] == ["", "out_of_scope", "out_of_scope", "out_of_scope"]
    assert visits[0].final.url == f"http://[::1]:{site.endpoint.port}/a"


def test_tls_and_raw_conversations_go_over_ipv6_too(loopback6: str, context: ssl.SSLContext) -> None:
    names: list[str | None] = []
    context.sni_callback = lambda _, name, __: names.append(name)
    with listening(answering(page()), context, loopback6) as site:
        with network(Target("https", "::1", site.endpoint.port)) as net:
            assert net.handshake().chain
            assert net.home().final.status == 200
            assert names == [None, None]  # no SNI for an address
        with network(https_target(site.endpoint)) as net:
            assert net.handshake().address == "::1"
    with listening(says(b"", b"more"), host=loopback6) as site, network(https_target(site.endpoint)) as net:
        reply = net.converse(b"payload", lambda data: data.endswith(b"more"), purpose="p")
        assert (reply.data, reply.ended) == (b"payloadmore", "enough")


def test_ipv4_is_tried_where_ipv6_takes_no_connection(loopback6: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.net.resolver.resolve", lambda *_: (loopback6, "127.0.0.1"))
    with listening(answering(page())) as site, network(Target("http", "localhost", site.endpoint.port)) as net:
        assert net.home().final.address == "127.0.0.1"
        assert net.connections == 2


# TLS


@pytest.fixture
def certificate(authority: trustme.CA, tmp_path: Path) -> Path:
    issued = authority.issue_cert(HOST, key_type=trustme.KeyType.RSA)
    path = tmp_path / "site.pem"
    issued.private_key_and_cert_chain_pem.write_to_path(path)
    return path


@contextlib.contextmanager
def s_server(certificate: Path, *options: str) -> Iterator[Endpoint]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        "openssl",
        "s_server",
        "-accept",
        f"127.0.0.1:{port}",
        "-cert",
        str(certificate),
        "-quiet",
        "-www",
        *options,
    ]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        for _ in range(200):
            with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.02)
        yield Endpoint("127.0.0.1", port)
        server.kill()


@pytest.mark.parametrize(
    ("options", "version", "suite"),
    [
        (["-tls1", "-cipher", "AES128-SHA:@SECLEVEL=0"], "TLSv1.0", "TLS_RSA_WITH_AES_128_CBC_SHA"),
        (["-tls1_1", "-cipher", "ECDHE-RSA-AES256-SHA:@SECLEVEL=0"], "TLSv1.1", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"),
        (["-tls1_2", "-cipher", "DHE-RSA-AES128-GCM-SHA256"], "TLSv1.2", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"),
        (["-tls1_3", "-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"], "TLSv1.3", "TLS_CHACHA20_POLY1305_SHA256"),
    ],
)
def test_a_server_of_any_age_is_seen(certificate: Path, options: list[str], version: str, suite: str) -> None:
    with s_server(certificate, *options) as endpoint, network(https_target(endpoint), Limits(exchange=5)) as net:
        seen = net.handshake()
        assert (seen.version, seen.suite, seen.alpn, seen.address) == (version, suite, "", "127.0.0.1")
        assert net.home().final.status == 200


def test_the_chain_is_what_the_server_sent(context: ssl.SSLContext, authority: trustme.CA) -> None:
    child = authority.create_child_ca()
    issued = child.issue_cert(HOST)
    issued.configure_cert(context)
    sent = [ssl.PEM_cert_to_DER_cert(blob.bytes().decode()) for blob in issued.cert_chain_pems]
    with listening(answering(page()), context) as site, network(https_target(site.endpoint)) as net:
        assert list(net.handshake().chain) == sent
        assert len(sent) == 2


def test_requests_are_made_in_http_1_1_while_the_handshake_offers_h2_too(context: ssl.SSLContext) -> None:
    context.set_alpn_protocols(["h2", "http/1.1"])
    names: list[str | None] = []
    context.sni_callback = lambda _, name, __: names.append(name)

    def talk(connection: socket.socket, seen: Listener) -> None:
        assert isinstance(connection, ssl.SSLSocket)
        for _ in requests_of(connection, seen):
            connection.sendall(page((connection.selected_alpn_protocol() or "").encode()))

    with listening(talk, context) as site, network(https_target(site.endpoint)) as net:
        assert net.home().final.body == b"http/1.1"
        assert net.handshake().alpn == "h2"
        assert names == [HOST, HOST]
        with network(Target("https", "127.0.0.1", site.endpoint.port)) as by_address:
            assert by_address.home().final.status == 200
        assert names[2:] == [None]


def test_a_demand_for_a_client_certificate_hides_the_page_but_not_the_chain(
    context: ssl.SSLContext, authority: trustme.CA
) -> None:
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    with listening(answering(page()), context) as site, network(https_target(site.endpoint)) as net:
        assert net.handshake().chain
        with absent(Absence.REFUSED):
            net.home()


@pytest.mark.parametrize(
    ("number", "name"),  # RFC 8446 section 6, RFC 6066 section 9
    [
        (40, "handshake_failure"),
        (70, "protocol_version"),
        (80, "internal_error"),
        (110, "unsupported_extension"),
        (112, "unrecognized_name"),
        (113, "bad_certificate_status_response"),
        (116, "certificate_required"),
        (120, "no_application_protocol"),
    ],
)
def test_an_alert_is_a_refusal_and_named(number: int, name: str) -> None:
    def talk(connection: socket.socket, seen: Listener) -> None:
        connection.recv(9_999)
        connection.sendall(b"\x15\x03\x03\0\x02\x02" + bytes([number]))
        connection.recv(9_999)

    alerted = absent(Absence.REFUSED, f"TLS alert {name}$")
    with listening(talk) as site, network(https_target(site.endpoint)) as net, alerted:
        net.handshake()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> pki.Files:
    return pki.leaf(pki.authority("Antara Uji", pki.authority()), "lain.go.id").write(tmp_path_factory.mktemp("pki"))


def test_a_name_that_nginx_rejects_is_refused_by_alert(tmp_path: Path) -> None:
    with (
        nginx.running(tmp_path, "server { listen @0 ssl; ssl_reject_handshake on; }") as (port,),
        network(https_target(Endpoint("127.0.0.1", port))) as net,
    ):
        for call in (net.handshake, net.home):
            with absent(Absence.REFUSED, "TLS alert unrecognized_name$"):
                call()


@pytest.mark.parametrize(
    ("options", "name"),
    [
        (("-servername", "lain.go.id", "-servername_fatal", "-cert2", "@chain", "-key2", "@key"), "unrecognized_name"),
        (("-alpn", "spdy/3"), "no_application_protocol"),
        (("-tls1_2", "-cipher", "PSK", "-psk", "00"), "handshake_failure"),
    ],
)
def test_what_openssl_turns_away_is_refused_by_alert(
    tmp_path: Path, files: pki.Files, options: tuple[str, ...], name: str
) -> None:
    places = {"@chain": str(files.chain), "@key": str(files.key)}
    filled = [places.get(option, option) for option in options]
    with (
        programs.s_server(tmp_path, files, *filled) as port,
        network(https_target(Endpoint("127.0.0.1", port))) as net,
        absent(Absence.REFUSED, f"TLS alert {name}$"),
    ):
        net.handshake()


def test_without_an_https_side_there_is_none_to_talk_to() -> None:
    with listening(answering(page())) as site, network(http_target(site.endpoint)) as net:
        assert net.https is None
        with absent(Absence.NOT_COLLECTED):
            net.handshake()
        with absent(Absence.NOT_COLLECTED):
            net.converse(b"", bool, purpose="p")


# Raw conversations


def says(*parts: bytes, then: str = "stay") -> Talk:
    def talk(connection: socket.socket, seen: Listener) -> None:
        heard = connection.recv(9_999)
        for part in parts:
            connection.sendall(part or heard)
            time.sleep(0.02)
        if then == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.close()
        elif then == "stay":
            connection.recv(9_999)

    return talk


@pytest.mark.parametrize(
    ("talk", "data", "ended"),
    [
        (says(b"", b"more"), b"payloadmore", "enough"),
        (says(b"mo", then="close"), b"mo", "closed"),
        (says(then="close"), b"", "closed"),
        (says(b"mo", then="reset"), b"mo", "reset"),
        (says(b"x" * 3_000), b"x" * 1_000, "cap"),
    ],
)
def test_a_raw_conversation_tells_how_it_ended(talk: Talk, data: bytes, ended: str) -> None:
    with listening(talk) as site, network(https_target(site.endpoint), Limits(exchange=2, header=1_000)) as net:
        reply = net.converse(b"payload", lambda data: data.endswith(b"more"), purpose="p")
        assert (reply.data, reply.ended) == (data, ended)
        assert net.converse(b"payload", lambda _: True, purpose="p") is reply


def test_a_silent_conversation_is_tried_twice() -> None:
    with listening(says(b"half")) as site, network(https_target(site.endpoint)) as net:
        with absent(Absence.TIMEOUT, "in 0.4 s"):
            net.converse(b"payload", lambda _: False, purpose="p")
        assert site.connections == 2


# The tape


def test_a_tape_plays_a_scan_without_a_network(context: ssl.SSLContext, tmp_path: Path) -> None:
    recorded = Tape()
    with listening(answering(page(b"hai", "Set-Cookie: a=b", "Set-Cookie: c=d")), context) as site:
        target = https_target(site.endpoint)
        with network(target, tape=recorded) as net:
            seen = net.home(), net.handshake(), net.converse(b"x" * 99, bool, purpose="p"), net.addresses(HOST)
    recorded.save(tmp_path / "tape")
    with network(target, tape=Tape.load(tmp_path / "tape")) as net:
        assert (net.home(), net.handshake(), net.converse(b"x" * 99, bool, purpose="p"), net.addresses(HOST)) == seen
        with absent(Absence.NOT_COLLECTED, "not on the tape"):
            net.get("/other")
        assert (net.connections, net.requests) == (0, 0)


# Plain calls


def test_plain_calls_verify_certificates_and_read_nothing_from_the_environment(
    context: ssl.SSLContext, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "root.pem"
    authority.cert_pem.write_to_path(root)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(root))
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with listening(answering(page()), context) as site, plain.session() as session:
        url = f"https://127.0.0.1:{site.endpoint.port}/"
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
        with pytest.raises(requests.exceptions.SSLError):
            session.get(url)
        assert session.get(url, verify=str(root)).content == b"hai"


def drips(connection: socket.socket, seen: Listener) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n")
    while True:
        connection.sendall(b"x")
        time.sleep(0.02)


def keeps_silent(connection: socket.socket, seen: Listener) -> None:
    while connection.recv(65_536):
        pass


@pytest.mark.parametrize("talk", [keeps_silent, drips])
def test_plain_calls_end(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "_TIMEOUT", 0.2)
    started = time.monotonic()
    with listening(talk) as site, plain.session() as session, pytest.raises(requests.exceptions.Timeout):
        session.post(f"http://127.0.0.1:{site.endpoint.port}/", data=b"x")
    assert time.monotonic() - started < 2


def test_one_of_the_addresses_can_be_asked_for() -> None:
    with listening(answering(page())) as server:
        target = http_target(server.endpoint)
        with Network(target, neighbours=Neighbours()) as net:
            (address,) = net.addresses(HOST)
            assert net.get("/", at=address).final.address == address
            with pytest.raises(Unobserved) as gap:
                net.get("/", at="192.0.2.1")
            assert gap.value.reason is Absence.UNREACHABLE
