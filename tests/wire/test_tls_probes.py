"""Active probes: each finds the weakness that it is for, on a server that has it, and not on one that has not."""

import json
from functools import cache
from pathlib import Path

import pytest

from auditor.cli import run
from auditor.model import Absence, Absent, Collected, Covered, Endpoint, Fact, Level, Target
from auditor.net import Limits, Neighbours, Network
from checks import tls
from checks.tls import probes
from tests.wire import nginx, pki, tiny_tls
from tests.wire.listener import Listener, listening
from tests.wire.programs import gnutls_serv, s_client, s_server
from tests.wire.tiny_tls import Behaviour

PRECONDITIONS = {"beast", "lucky13", "raccoon", "dheat"}


@cache
def identity() -> pki.Identity:
    return pki.leaf(pki.authority(key="rsa-2048"), pki.HOST, key="rsa-2048")


@pytest.fixture
def rsa(tmp_path: Path) -> pki.Files:
    return identity().write(tmp_path, "rsa")


def look(port: int, *, http: int | None = None, exchange: float = 10.0) -> list[Collected]:
    target = Target(
        "https",
        pki.HOST,
        443,
        level=Level.ACTIVE,
        connect=Endpoint("127.0.0.1", port),
        connect_http=Endpoint("127.0.0.1", http) if http else None,
    )
    with Network(target, neighbours=Neighbours(), limits=Limits(exchange=exchange)) as net:
        return list(tls.collect(target, net))


def vulnerable(items: list[Collected]) -> dict[str, object]:
    """Value or reason by vulnerability, of those that are probed."""
    seen: dict[str, object] = {}
    for item in items:
        if isinstance(item, Fact) and item.name == "tls.vulnerable":
            seen[item.subject] = item.value
        if isinstance(item, Absent) and item.fact == "tls.vulnerable":
            seen[item.subject or ""] = item.reason
    return {name: value for name, value in seen.items() if name in probes.VULNERABILITIES}


def tiny(behaviour: Behaviour) -> dict[str, object]:
    with tiny_tls.running(identity(), behaviour) as seen:
        return vulnerable(look(seen.endpoint.port))


# The emulator itself


@pytest.mark.parametrize("behaviour", [Behaviour(), Behaviour(tickets=True, warning=True, fragment=700)])
def test_openssl_takes_the_server_of_these_tests_for_sound(behaviour: Behaviour, rsa: pki.Files) -> None:
    with tiny_tls.running(identity(), behaviour) as seen:
        said = s_client(seen.endpoint.port, "-tls1_2", "-CAfile", str(rsa.root), "-cipher", "AES128-SHA:@SECLEVEL=0")
    assert "Verify return code: 0 (ok)" in said
    assert "Cipher    : AES128-SHA" in said
    assert ("TLS session ticket lifetime hint: 7200" in said) is behaviour.tickets


SOUND = {
    "heartbleed": False,
    "ccs": False,
    "ticketbleed": False,
    "robot": False,
    "poodle-tls": False,
    "zombie-poodle": False,
    "goldendoodle": False,
    "renegotiation": False,
    "breach": False,
}


@pytest.mark.parametrize(
    "behaviour",
    [
        Behaviour(),
        Behaviour(heartbeat="sound"),
        Behaviour(early_change="dropped"),
        Behaviour(tickets=True),
        Behaviour(warning=True, fragment=100, certificates=60),
    ],
    ids=str,
)
def test_a_sound_server_is_open_to_nothing(behaviour: Behaviour) -> None:
    assert tiny(behaviour) == SOUND


@pytest.mark.parametrize(
    ("behaviour", "weakness"),
    [
        (Behaviour(heartbeat="bleeds"), "heartbleed"),
        (Behaviour(early_change="taken"), "ccs"),
        (Behaviour(early_change="taken and dropped"), "ccs"),
        (Behaviour(tickets=True, session="filled up"), "ticketbleed"),
        (Behaviour(key_exchange="alert"), "robot"),
        (Behaviour(key_exchange="alert at once"), "robot"),
        (Behaviour(key_exchange="reset"), "robot"),
        (Behaviour(key_exchange="stalls"), "robot"),
        (Behaviour(padding="ignored"), "poodle-tls"),
        (Behaviour(padding="ignored", only_data=True), "poodle-tls"),
        (Behaviour(padding="alert"), "zombie-poodle"),
        (Behaviour(padding="closed"), "zombie-poodle"),
        (Behaviour(padding="alert", only_data=True), "zombie-poodle"),
        (Behaviour(mac="alert"), "goldendoodle"),
        (Behaviour(mac="alert", only_data=True), "goldendoodle"),
    ],
    ids=str,
)
def test_a_weakness_is_found_and_no_other(behaviour: Behaviour, weakness: str) -> None:
    assert tiny(behaviour) == SOUND | {weakness: True}


def test_compression_is_seen_at_level_standard_already() -> None:
    for compression in (True, False):
        with tiny_tls.running(identity(), Behaviour(compression=compression)) as seen:
            target = Target("https", pki.HOST, 443, level=Level.STANDARD, connect=seen.endpoint)
            with Network(target, neighbours=Neighbours()) as net:
                items = list(tls.collect(target, net))
        assert Fact("tls.vulnerable", compression, "crime") in items
        assert Fact("tls.compression", compression, "TLSv1.2") in items


# Real servers


@pytest.mark.parametrize(
    "arguments", [("-client_renegotiation",), ("-client_renegotiation", "-legacy_renegotiation"), ()]
)
def test_renegotiation_of_s_server(tmp_path: Path, rsa: pki.Files, arguments: tuple[str, ...]) -> None:
    with s_server(tmp_path, rsa, "-tls1_2", "-cipher", "AES128-SHA:AES128-GCM-SHA256", *arguments) as port:
        items = look(port)
    assert vulnerable(items)["renegotiation"] is ("-legacy_renegotiation" in arguments)
    assert Fact("tls.client_renegotiation", bool(arguments), "TLSv1.2") in items


def test_nginx_with_everything_before_tls_1_3_is_sound(tmp_path: Path, rsa: pki.Files) -> None:
    config = nginx.tls(rsa, "ssl_protocols TLSv1 TLSv1.1 TLSv1.2;", "ssl_ciphers ALL:@SECLEVEL=0;")
    plain = "server { listen @1; return 200 halo; }"
    with nginx.running(tmp_path, config + plain) as (port, http):
        items = look(port, http=http)
    assert vulnerable(items) == SOUND | {"opossum": False}
    assert Fact("tls.client_renegotiation", value=False, subject="TLSv1.2") in items


def test_gnutls_is_sound(tmp_path: Path, rsa: pki.Files) -> None:
    with gnutls_serv(tmp_path, rsa, "NORMAL:-VERS-ALL:+VERS-TLS1.2") as port:
        assert vulnerable(look(port)) == SOUND


def test_tls_1_3_alone_is_no_subject_of_any_of_them(tmp_path: Path, rsa: pki.Files) -> None:
    with nginx.running(tmp_path, nginx.tls(rsa, "ssl_protocols TLSv1.3;")) as (port,):
        items = look(port)
    about = {item.subject for item in items if isinstance(item, Fact) and item.name == "tls.vulnerable"}
    assert about == {"dheat", "breach"}
    assert Covered("tls.vulnerable") in items
    assert not [item for item in items if isinstance(item, Absent) and item.fact == "tls.vulnerable"]


@pytest.mark.parametrize("switches", [True, False])
def test_plain_http_that_switches_to_tls(tmp_path: Path, rsa: pki.Files, switches: bool) -> None:  # noqa: FBT001
    """RFC 2817: `101 Switching Protocols`, as Apache says with `SSLEngine optional`."""
    answer = (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: TLS/1.0, HTTP/1.1\r\nConnection: Upgrade\r\n\r\n"
        if switches
        else b"HTTP/1.1 200 OK\r\nUpgrade: h2c\r\nContent-Length: 0\r\n\r\n"
    )

    def talk(connection: object, _: Listener) -> None:
        heard = connection.recv(4096)  # type: ignore[attr-defined]
        upgrade = b"Upgrade: TLS/1.0" in heard
        connection.sendall(answer if upgrade else b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")  # type: ignore[attr-defined]

    with listening(talk) as plain, nginx.running(tmp_path, nginx.tls(rsa, "ssl_protocols TLSv1.2;")) as (port,):
        assert vulnerable(look(port, http=plain.endpoint.port))["opossum"] is switches


@pytest.mark.parametrize("on", [True, False])
def test_pages_that_are_compressed(tmp_path: Path, rsa: pki.Files, on: bool) -> None:  # noqa: FBT001
    config = nginx.tls(rsa, "ssl_protocols TLSv1.3;", f"gzip {'on' if on else 'off'};", "gzip_min_length 1;")
    with nginx.running(tmp_path, config) as (port,):
        assert vulnerable(look(port)) == {"breach": on}


# What is not seen


def test_a_server_that_stalls_at_whatever_is_odd_is_unknown() -> None:
    """Nothing but silence after the first flight: no probe may take that for a refusal."""

    def talk(connection: object, _: Listener) -> None:
        conversation = tiny_tls._Conversation(connection, identity(), Behaviour())  # type: ignore[arg-type]
        try:
            fragment = conversation.record()[1]
            conversation.hello(fragment)
            while connection.recv(1000):  # type: ignore[attr-defined]
                pass
        except tiny_tls._End:
            return

    with listening(talk) as seen:
        found = vulnerable(look(seen.endpoint.port, exchange=1.0))
    assert False not in found.values()
    assert {found[name] for name in ("heartbleed", "robot", "poodle-tls", "ticketbleed", "renegotiation")} <= {
        Absence.TIMEOUT,
        Absence.LIMITED,
    }


def test_nothing_of_this_happens_below_level_active(tmp_path: Path, rsa: pki.Files) -> None:
    with nginx.running(tmp_path, nginx.tls(rsa, "ssl_protocols TLSv1.2;")) as (port,):
        aim = ["--connect", f"127.0.0.1:{port}", "--only", "tls", "--quiet", "--fail-on", "never"]
        run(["audit", f"https://{pki.HOST}", *aim, "--out", str(tmp_path / "out")])
    (evidence,) = (tmp_path / "out").glob("2*/evidence.jsonl")
    lines = [json.loads(line) for line in evidence.read_text().splitlines()]
    (observation,) = (line for line in lines if line["check"] == "tls")
    reasons = {gap["subject"]: gap["reason"] for gap in observation["absent"] if gap["fact"] == "tls.vulnerable"}
    assert reasons == dict.fromkeys(probes.VULNERABILITIES, "not_authorised")
    assert "tls.vulnerable" in observation["covered"]
