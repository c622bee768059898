"""The same servers seen by sslyze: where it says something else than we do, the server's own configuration decides.

Every disagreement is one of docs/tls-differential.md; a new one fails here.
"""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from auditor.model import Collected, Endpoint, Fact, Level, Target
from auditor.net import Limits, Neighbours, Network
from checks import tls
from tests import peers
from tests.wire import nginx, node, pki

VERSIONS = {
    "SSLv2": "ssl_2_0_cipher_suites",
    "SSLv3": "ssl_3_0_cipher_suites",
    "TLSv1.0": "tls_1_0_cipher_suites",
    "TLSv1.1": "tls_1_1_cipher_suites",
    "TLSv1.2": "tls_1_2_cipher_suites",
    "TLSv1.3": "tls_1_3_cipher_suites",
}
CURVES = {"X25519": "x25519", "X448": "x448"}


@pytest.fixture
def rsa(tmp_path: Path) -> pki.Files:
    return pki.leaf(pki.authority(key="rsa-2048"), pki.HOST, key="rsa-2048").write(tmp_path, "rsa")


def theirs(port: int, folder: Path) -> Mapping[str, Any]:
    """Results of sslyze by scan command."""
    out = folder / "sslyze.json"
    where = f"{pki.HOST}:{port}{{127.0.0.1}}"
    command = [str(peers.programs("sslyze") / "sslyze"), "--slow_connection", "--json_out", str(out), where]
    subprocess.run(command, check=False, capture_output=True, timeout=120)
    (server,) = json.loads(out.read_text())["server_scan_results"]
    return {name: attempt["result"] for name, attempt in server["scan_result"].items() if attempt}


def ours(port: int) -> dict[tuple[str, str], Any]:
    target = Target("https", pki.HOST, 443, level=Level.ACTIVE, connect=Endpoint("127.0.0.1", port))
    with Network(target, neighbours=Neighbours(), limits=Limits(exchange=10.0)) as net:
        items: list[Collected] = list(tls.collect(target, net))
    return {(item.name, item.subject): item.value for item in items if isinstance(item, Fact)}


def disagreements(
    mine: Mapping[tuple[str, str], Any], other: Mapping[str, Any]
) -> dict[str, tuple[set[str], set[str]]]:
    """By subject: what only we say, and what only sslyze says."""
    found: dict[str, tuple[set[str], set[str]]] = {}

    def compare(name: str, one: set[str], two: set[str]) -> None:
        if one != two:
            found[name] = (one - two, two - one)

    for version, command in VERSIONS.items():
        accepted = {suite["cipher_suite"]["name"] for suite in other[command]["accepted_cipher_suites"]}
        compare(version, set(mine.get(("tls.suites", version), ())), accepted)
    curves = {CURVES.get(curve["name"], curve["name"]) for curve in other["elliptic_curves"]["supported_curves"] or ()}
    compare("groups", set(mine.get(("tls.groups", ""), ())), curves)
    answers = {
        "ccs": other["openssl_ccs_injection"]["is_vulnerable_to_ccs_injection"],
        "heartbleed": other["heartbleed"]["is_vulnerable_to_heartbleed"],
        "robot": other["robot"]["robot_result"].startswith("VULNERABLE") if other["robot"] else None,
        "compression": other["tls_compression"]["supports_compression"],
        "fallback": other["tls_fallback_scsv"]["supports_fallback_scsv"],
        "secure renegotiation": other["session_renegotiation"]["supports_secure_renegotiation"],
        "client renegotiation": other["session_renegotiation"]["is_vulnerable_to_client_renegotiation_dos"],
    }
    own = {name: _own(mine, name) for name in answers}
    compare("answers", {f"{n} {v}" for n, v in own.items()}, {f"{n} {v}" for n, v in answers.items()})
    return found


def _own(mine: Mapping[tuple[str, str], Any], name: str) -> bool | None:
    if name in ("ccs", "heartbleed", "robot"):
        return mine.get(("tls.vulnerable", name))
    fact = {
        "compression": "tls.compression",
        "fallback": "tls.fallback_scsv",
        "secure renegotiation": "tls.secure_renegotiation",
        "client renegotiation": "tls.client_renegotiation",
    }[name]
    values = [value for (found, _), value in mine.items() if found == fact]
    return any(values) if values else None


def test_nginx_with_everything(tmp_path: Path, rsa: pki.Files) -> None:
    """sslyze knows no anonymous suites of Camellia with SHA-256, no groups over finite fields, no brainpool curves here."""
    every = "ssl_ciphers ALL:COMPLEMENTOFALL:@SECLEVEL=0;"
    dh = tmp_path / "dh.pem"
    command = ["openssl", "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:modp_2048", "-out", str(dh)]
    subprocess.run(command, check=True, capture_output=True)
    config = nginx.tls(rsa, "ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;", every, f"ssl_dhparam {dh};")
    with nginx.running(tmp_path, config) as (port,):
        found = disagreements(ours(port), theirs(port, tmp_path))
    camellia = {f"TLS_DH_anon_WITH_CAMELLIA_{bits}_CBC_SHA256" for bits in (128, 256)}
    finite = {f"ffdhe{bits}" for bits in (2048, 3072, 4096, 6144, 8192)}
    assert found == {"TLSv1.2": (camellia, set()), "groups": (finite, set())}


def test_tls_1_3_alone(tmp_path: Path, rsa: pki.Files) -> None:
    """What TLS 1.3 does not have, sslyze says is there, or is not; we say nothing of it."""
    with nginx.running(tmp_path, nginx.tls(rsa, "ssl_protocols TLSv1.3;")) as (port,):
        found = disagreements(ours(port), theirs(port, tmp_path))
    mine, other = found.pop("answers")
    assert {answer.rpartition(" ")[2] for answer in mine} == {"None"}
    assert {"fallback True", "secure renegotiation True"} <= other
    assert set(found) == {"groups"}
    assert not found["groups"][1]


def test_openssl_1_0_1_with_everything(tmp_path: Path, rsa: pki.Files) -> None:
    """It takes an early ChangeCipherSpec, but Node.js hangs up where OpenSSL would send the alert that sslyze waits for.

    And it lets clients renegotiate, three times in ten minutes; sslyze asks for ten, and takes that for a refusal.
    """
    everything = {"ciphers": "ALL:COMPLEMENTOFALL", "secureProtocol": "SSLv23_method"}
    with node.running(tmp_path, node.OLD, rsa, **everything) as port:
        found = disagreements(ours(port), theirs(port, tmp_path))
    mine, other = {"ccs True", "client renegotiation True"}, {"ccs False", "client renegotiation False"}
    assert found == {"answers": (mine, other)}


def test_hybrids(tmp_path: Path, rsa: pki.Files) -> None:
    """sslyze's OpenSSL 1.1.1 knows none."""
    with node.running(tmp_path, node.NEW, rsa, ecdhCurve="X25519MLKEM768:X25519", minVersion="TLSv1.3") as port:
        found = disagreements(ours(port), theirs(port, tmp_path))
    found.pop("answers", None)
    assert found == {"groups": ({"X25519MLKEM768"}, set())}
