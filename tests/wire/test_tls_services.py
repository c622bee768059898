"""Services that begin TLS within their own protocol (STARTTLS): seen as exactly as web sites, and never as one."""

import json
import ssl
from pathlib import Path

import pytest

from auditor.cli import run
from auditor.errors import Unobserved
from auditor.model import SERVICES, Absence, Absent, Collected, Fact, Level, Target
from auditor.net import Limits, Neighbours, Network
from checks import tls
from tests.wire import pki, services
from tests.wire.listener import Listener, listening
from tests.wire.programs import s_client

HOST = pki.HOST


@pytest.fixture
def files(tmp_path: Path) -> pki.Files:
    return pki.leaf(pki.authority(key="rsa-2048"), HOST, key="rsa-2048").write(tmp_path, "rsa")


@pytest.fixture
def context(files: pki.Files) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(files.chain, files.key)
    made.minimum_version = made.maximum_version = ssl.TLSVersion.TLSv1_2
    made.set_ciphers("ECDHE-RSA-AES128-GCM-SHA256:AES256-SHA")
    return made


def look(scheme: str, seen: Listener, limits: Limits = Limits(exchange=5.0)) -> dict[tuple[str, str], Collected]:  # noqa: B008 - frozen
    target = Target(scheme, HOST, SERVICES[scheme], level=Level.STANDARD, connect=seen.endpoint)
    with Network(target, neighbours=Neighbours(), limits=limits) as net:
        return {
            (i.name, i.subject) if isinstance(i, Fact) else (i.fact, (isinstance(i, Absent) and i.subject) or ""): i
            for i in tls.collect(target, net)
        }


@pytest.mark.parametrize("scheme", SERVICES)
def test_a_service_is_seen_as_its_configuration_has_it(scheme: str, context: ssl.SSLContext) -> None:
    with services.running(scheme, context) as seen:
        facts = look(scheme, seen)
    assert facts["tls.offered", ""] == Fact("tls.offered", value=True)
    assert facts["tls.versions", ""] == Fact("tls.versions", ("TLSv1.2",))
    suites = facts["tls.suites", "TLSv1.2"]
    assert isinstance(suites, Fact)
    assert suites.complete
    assert set(suites.value) == {  # type: ignore[arg-type]
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_RSA_WITH_AES_256_CBC_SHA",
    }


@pytest.mark.parametrize("scheme", SERVICES)
def test_a_service_that_refuses_to_begin_tls_does_not_offer_it(scheme: str) -> None:
    with services.running(scheme, None) as seen:
        facts = look(scheme, seen)
    assert facts["tls.offered", ""] == Fact("tls.offered", value=False)
    gap = facts["tls.versions", ""]
    assert isinstance(gap, Absent)
    assert gap.reason is Absence.NOT_OFFERED


@pytest.mark.parametrize("scheme", ["smtp", "imap", "pop3"])
@pytest.mark.parametrize(
    ("greeting", "reason"),
    [
        (b"", Absence.MALFORMED),
        (b"SSH-2.0-x\r\n", Absence.MALFORMED),
        (b"554 5.7.1 tidak\r\n", None),
        (b"* BYE sibuk\r\n", None),
        (b"-ERR sibuk\r\n", None),
        (b"stall", Absence.TIMEOUT),
    ],
)
def test_who_does_not_greet_as_the_protocol_has_it_is_unknown(
    scheme: str, greeting: bytes, reason: Absence | None
) -> None:
    def talk(connection: object, _: Listener) -> None:
        if greeting == b"stall":
            connection.recv(1)  # type: ignore[attr-defined]
        else:
            connection.sendall(greeting)  # type: ignore[attr-defined]

    with listening(talk) as seen:
        gap = look(scheme, seen, Limits(exchange=0.4))["tls.offered", ""]
    assert isinstance(gap, Absent)
    assert gap.reason is not Absence.NOT_OFFERED
    if reason:
        assert gap.reason in {reason, Absence.REFUSED if greeting == b"" else reason}


@pytest.mark.parametrize("protocol", ["smtp", "imap", "pop3", "ldap", "postgres"])
def test_openssl_agrees_on_what_the_test_servers_speak(
    protocol: str, context: ssl.SSLContext, files: pki.Files
) -> None:
    """The servers of these tests are right by a second client's lights."""
    scheme = "postgresql" if protocol == "postgres" else protocol
    with services.running(scheme, context) as seen:
        said = s_client(seen.endpoint.port, "-starttls", protocol, "-CAfile", str(files.root))
    assert "Verify return code: 0 (ok)" in said


def test_a_service_has_no_pages(context: ssl.SSLContext) -> None:
    with services.running("smtp", context) as seen:
        target = Target("smtp", HOST, 25, connect=seen.endpoint)
        with Network(target, neighbours=Neighbours()) as net, pytest.raises(Unobserved) as gap:
            net.home()
    assert gap.value.reason is Absence.NOT_ASSESSABLE


def test_an_audit_of_a_service_judges_tls_and_leaves_the_web_out(
    context: ssl.SSLContext, files: pki.Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with services.running("imap", context) as seen:
        aim = ["--connect", f"127.0.0.1:{seen.endpoint.port}", "--ca", str(files.root)]
        how = ["--quiet", "--out", str(tmp_path), "--fail-on", "critical", "--json"]
        code = run(["audit", f"imap://{HOST}", *aim, *how])
    report = json.loads(capsys.readouterr().out)
    reasons = {finding["rule"]: (finding["outcome"], finding["reason"]) for finding in report["findings"]}
    assert report["targets"][0]["scheme"] == "imap"
    assert {reasons[rule][0] for rule in ("KOM-01", "SRT-01", "SRT-03")} == {"pass"}
    assert reasons["KOM-09"] == ("unknown", "not_requested")
    assert code == 0
