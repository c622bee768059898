"""`auditor audit` as it is typed, against a real nginx whose configuration is the truth."""

import contextlib
import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from auditor.cli import run
from auditor.trust import keys, log
from checks.gambling.views import VIEWS
from tests.wire import nginx, pki, tsa

HOST = "contoh.go.id"


@dataclass(frozen=True)
class Site:
    options: list[str]
    log: Path
    root: Path


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("nginx")
    issuer = pki.authority("Antara Uji", pki.authority())
    files = pki.leaf(issuer, HOST, "www." + HOST).write(folder)
    with nginx.running(folder, nginx.filled(nginx.SOUND, files)) as (https, http):
        options = ["--connect", f"127.0.0.1:{https}", "--connect-http", f"127.0.0.1:{http}", "--ca", str(files.root)]
        yield Site([*options, "--quiet"], folder / "access.log", files.root)


def audit(site: Site, out: Path, *more: str) -> tuple[int, Path]:
    before = set(out.glob("2*")) if out.exists() else set()
    code = run(["audit", f"https://{HOST}", *site.options, "--out", str(out), *more])
    (bundle,) = set(out.glob("2*")) - before
    return code, bundle


def report(bundle: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((bundle / "report.json").read_text())
    return loaded


def evidence(bundle: Path) -> dict[tuple[str, str], Any]:
    lines = [json.loads(line) for line in (bundle / "evidence.jsonl").read_text().splitlines()]
    return {(fact["name"], fact["subject"]): fact["value"] for line in lines for fact in line["facts"]}


def outcomes(bundle: Path) -> dict[str, str]:
    return {finding["rule"]: finding["outcome"] for finding in report(bundle)["findings"]}


def test_every_fact_is_what_the_configuration_says(site: Site, tmp_path: Path) -> None:
    code, bundle = audit(site, tmp_path)
    assert code == 0
    seen = evidence(bundle)
    assert {name: seen[name, ""] for name in (
        "tls.offered", "tls.versions", "http.reachable", "http.status", "http.page_class", "http.plain_offered",
        "http.https_redirect", "http.hsts.max_age", "http.hsts.include_subdomains", "http.csp.present",
        "http.frame.restricted", "http.header.nosniff", "http.header.referrer_policy",
    )} == {
        "tls.offered": True, "tls.versions": ["TLSv1.2", "TLSv1.3"], "http.reachable": True, "http.status": 200,
        "http.page_class": "site", "http.plain_offered": True, "http.https_redirect": True,
        "http.hsts.max_age": 31536000, "http.hsts.include_subdomains": True, "http.csp.present": True,
        "http.frame.restricted": True, "http.header.nosniff": True,
        "http.header.referrer_policy": "strict-origin-when-cross-origin",
    }  # fmt: skip
    cookie = {name.rpartition(".")[2]: value for (name, subject), value in seen.items() if subject == "ci_session"}
    assert cookie == {"session": True, "secure": True, "http_only": True, "same_site": "Lax", "host_only": True}
    assert seen["cert.names", "leaf"] == [HOST, "www." + HOST]
    assert seen["cert.chain_trusted", "operator"] is True
    assert seen["cert.chain_trusted", "mozilla"] is False
    assert seen["exposure.git", "/.git/HEAD"] is False
    assert set(outcomes(bundle).values()) <= {"pass", "not_applicable"}


def test_ten_checks_cost_one_page_and_requests_stay_within_the_dry_run(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["audit", f"https://{HOST}", *site.options, "--dry-run", "--lang", "en"]) == 0
    promised = re.search(r"up to ([\d,]+) requests", capsys.readouterr().out)
    assert promised
    site.log.write_text("")
    audit(site, tmp_path)
    time.sleep(0.1)
    requests = [match[1] for match in re.finditer(r'"([A-Z]+ \S+) HTTP', site.log.read_text())]
    expected = 2 * len(("site", "www twin")) + len(VIEWS)
    assert requests.count("GET /") == expected, "one on each side of both names, and one for each kind of visitor"
    assert len(requests) <= int(promised[1].replace(",", ""))


def test_one_policy_number_changes_the_verdict_with_no_packet_sent(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, bundle = audit(site, tmp_path / "first")
    policy = tmp_path / "longer.yaml"
    policy.write_text(
        "schema: 1\nid: longer\nversion: '1'\ntitle: {id: Lebih lama, en: Longer}\nextends: [baseline]\nrules:\n"
        "  - id: HSTS-2Y\n    title: {id: HSTS dua tahun, en: HSTS of two years}\n    severity: high\n"
        "    require: {http.hsts.max_age: {at_least: 31536000}}\n"
        "    remediation: {id: Naikkan max-age., en: Raise max-age.}\n"
    )

    def no_network(*_: object, **__: object) -> None:
        raise AssertionError("judging reached for the network")

    for way_out in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, way_out, no_network)
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    out = tmp_path / "again"
    assert run(["judge", str(bundle), "--policy", str(policy), "--out", str(out)]) == 0
    policy.write_text(policy.read_text().replace("31536000", "63072000"))
    assert run(["judge", str(bundle), "--policy", str(policy), "--out", str(out)]) == 1
    passed, failed = sorted((outcomes(b)["HSTS-2Y"], b) for b in out.glob("2*"))[::-1]
    assert (passed[0], failed[0]) == ("pass", "fail")
    assert report(passed[1])["parent"] == report(failed[1])["parent"] != ""
    assert (passed[1] / "evidence.jsonl").read_bytes() == (bundle / "evidence.jsonl").read_bytes()


def test_the_same_evidence_judged_twice_gives_the_same_findings_to_the_byte(site: Site, tmp_path: Path) -> None:
    _, bundle = audit(site, tmp_path / "first")
    findings = []
    for name in ("a", "b"):
        assert run(["judge", str(bundle), "--out", str(tmp_path / name)]) == 0
        (again,) = (tmp_path / name).glob("2*")
        text = (again / "report.json").read_text()
        findings.append(text[text.index('"findings":') : text.index('"id":"2')])
    text = (bundle / "report.json").read_text()
    assert findings[0] == findings[1] == text[text.index('"findings":') : text.index('"id":"2')]


def test_a_signed_bundle_verifies_and_an_unsigned_one_says_not_trusted(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["keys", "create", "--out", str(tmp_path / "k"), "--name", "Diskominfo Contoh", "--no-passphrase"]) == 0
    root = ["--trust", str(tmp_path / "k" / "root.pem")]
    _, signed = audit(site, tmp_path / "out", "--key", str(tmp_path / "k" / "key.pem"))
    assert run(["verify", str(signed), *root]) == 0
    assert run(["verify", str(signed)]) == 4
    capsys.readouterr()
    _, throwaway = audit(site, tmp_path / "out", "--lang", "en")
    told = capsys.readouterr()
    assert "NOT TRUSTED" in told.err
    assert "not trusted" in told.out.lower()
    assert "not trusted" in (throwaway / "report.html").read_text().lower()
    assert run(["verify", str(throwaway), *root]) == 4


def test_json_on_stdout_is_the_report_and_nothing_else(
    site: Site, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    _, bundle = audit(site, tmp_path, "--json")
    assert capfdbinary.readouterr().out == (bundle / "report.json").read_bytes()


def test_a_passive_run_makes_what_it_did_not_ask_for_known_as_such(site: Site, tmp_path: Path) -> None:
    code, bundle = audit(site, tmp_path, "--level", "passive")
    assert code == 0, "what was not requested counts neither for nor against"
    reasons = {f["rule"]: f["reason"] for f in report(bundle)["findings"] if f["outcome"] == "unknown"}
    assert reasons
    assert set(reasons.values()) == {"not_requested"}


def test_only_some_checks_leaves_the_rest_unjudged(site: Site, tmp_path: Path) -> None:
    code, bundle = audit(site, tmp_path, "--only", "headers")
    assert code == 3
    found = outcomes(bundle)
    assert found["HDR-05"] == "pass", "what a header says needs no look at TLS"
    assert "pass" not in {o for rule, o in found.items() if rule.startswith(("SRT", "PAP", "SUS", "DAT"))}


def test_a_baseline_lets_only_new_faults_fail(site: Site, tmp_path: Path) -> None:
    strict = tmp_path / "strict.yaml"
    strict.write_text(
        "schema: 1\nid: strict\nversion: '1'\ntitle: {id: Ketat, en: Strict}\nrules:\n"
        "  - {id: A-1, title: {id: a, en: a}, severity: high, require: {http.hsts.preload: {equals: true}},"
        " remediation: {id: b, en: b}}\n"
    )
    code, first = audit(site, tmp_path / "out", "--policy", str(strict))
    assert code == 1
    assert audit(site, tmp_path / "out", "--policy", str(strict), "--baseline", str(first))[0] == 0
    strict.write_text(strict.read_text() + (
        "  - {id: A-2, title: {id: a, en: a}, severity: high, require: {http.csp.report_only: {equals: true}},"
        " remediation: {id: b, en: b}}\n"
    ))  # fmt: skip
    assert audit(site, tmp_path / "out", "--policy", str(strict), "--baseline", str(first))[0] == 1


def test_a_policy_asked_for_goes_before_the_inventorys_and_a_wrong_format_before_the_scan(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.yaml").write_text(
        "schema: 1\nid: own\nversion: '1'\ntitle: {id: a, en: a}\nrules:\n"
        "  - {id: O-1, title: {id: a, en: a}, severity: high, require: {tls.offered: {equals: true}},"
        " remediation: {id: b, en: b}}\n"
    )
    inventory = tmp_path / "inventory.yaml"
    https, http = site.options[1], site.options[3]
    inventory.write_text(
        "schema: 1\nagency: {name: Kabupaten Contoh, region: '6371'}\ndefaults: {policy: [own.yaml]}\n"
        f"targets:\n  - {{url: 'https://{HOST}', connect: '{https}', connect_http: '{http}'}}\n"
    )
    command = ["audit", "--inventory", str(inventory), "--out", str(tmp_path / "out"), "--quiet"]
    assert run([*command, "--format", "docx"]) == 2
    assert not (tmp_path / "out").exists()
    assert run(command) == 0
    (bundle,) = (tmp_path / "out").glob("2*")
    assert {f["policy"] for f in report(bundle)["findings"]} == {"own"}
    assert run(["judge", str(bundle), "--policy", "baseline", "--out", str(tmp_path / "judged")]) in (0, 1, 3)
    assert (
        run([*command[:3], "--policy", "baseline", "--ca", str(site.root), "--out", str(tmp_path / "b"), "--quiet"])
        == 0
    )
    (other,) = (tmp_path / "b").glob("2*")
    assert {f["policy"] for f in report(other)["findings"]} == {"baseline"}
    capsys.readouterr()


def test_an_encrypted_key_without_a_terminal_says_how_to_give_its_passphrase(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    keys.create(tmp_path / "k", "Uji", b"rahasia-uji")
    command = [
        "audit",
        "127.0.0.1:1",
        "--key",
        str(tmp_path / "k" / "key.pem"),
        "--out",
        str(tmp_path / "o"),
        "--quiet",
    ]
    assert run(command) == 2
    assert "--passphrase-fd" in capsys.readouterr().err
    monkeypatch.setenv("AUDITOR_KEY_PASSPHRASE", "salah")
    assert run(command) == 2
    assert "salah" not in capsys.readouterr().err.replace("kesalahan", "")


def test_a_dead_site_cannot_be_judged(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    sockets = ["--connect", f"127.0.0.1:{port}", "--connect-http", f"127.0.0.1:{port}"]
    code = run(["audit", HOST, *sockets, "--out", str(tmp_path), "--quiet"])
    assert code == 3
    (bundle,) = tmp_path.glob("2*")
    assert "pass" not in outcomes(bundle).values()
    assert "fail" not in outcomes(bundle).values()


STALL = """
import socket, sys, time
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
kept = []
while True:
    kept.append(server.accept()[0])
"""


def test_a_time_stamp_that_cannot_be_had_loses_no_scan(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = keys.create(tmp_path / "kunci", "Petugas", None)
    log.create(tmp_path / "log", "log.contoh.go.id")
    with tsa.running(tmp_path / "tsa") as authority:
        authority.spoil = lambda _: 503
        told = ["audit", f"https://{HOST}", *site.options, "--out", str(tmp_path / "out"), "--key", str(made.key)]
        assert run([*told, "--tsa", authority.url, "--log", str(tmp_path / "log")]) == 3
        (left,) = (tmp_path / "out" / ".runs").iterdir()
        assert f"--resume {left.name}" in capsys.readouterr().err
        assert log.load(tmp_path / "log").entries == ()
        authority.spoil = lambda answer: answer
        assert run(["audit", "--out", str(tmp_path / "out"), "--resume", left.name, "--quiet"]) in (0, 1)
        (path,) = (tmp_path / "out").glob("2*")
        (tmp_path / "akar").mkdir()
        (tmp_path / "akar" / "a.pem").write_bytes(made.root.read_bytes() + authority.anchor.pem)
    told = ["verify", str(path), "--trust", str(tmp_path / "akar"), "--log-key", str(tmp_path / "log" / "log.vkey")]
    assert run(told) == 0


def interrupted(running: subprocess.Popen[str]) -> str:
    """What it says when Ctrl-C is pressed; once more after a while, as Python may lose one to a finalizer."""
    for _ in range(3):
        running.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return running.communicate(timeout=10)[1]
    running.kill()
    return running.communicate()[1]


def test_an_interrupted_fleet_keeps_what_is_done_and_resumes(site: Site, tmp_path: Path) -> None:
    stall = subprocess.Popen([sys.executable, "-c", STALL], stdout=subprocess.PIPE)
    try:
        assert stall.stdout is not None
        dead = int(stall.stdout.readline())
        connect = dict(zip(site.options[0:4:2], site.options[1:4:2], strict=True))
        good = f'connect: "{connect["--connect"]}", connect_http: "{connect["--connect-http"]}"'
        bad = f'connect: "127.0.0.1:{dead}", connect_http: "127.0.0.1:{dead}"'
        inventory = tmp_path / "inventory.yaml"
        inventory.write_text(
            "schema: 1\nagency: {name: Kabupaten Contoh, region: '6371'}\norganisations:\n  - id: a\n    name: Dinas A\n"
            f"    targets:\n      - {{url: 'https://{HOST}', {good}}}\n      - {{url: 'https://macet.contoh.go.id', {bad}}}\n"
        )
        out = tmp_path / "out"
        command = [
            str(Path(sys.executable).with_name("auditor")),
            "audit",
            "--inventory",
            str(inventory),
            "--out",
            str(out),
        ]
        running = subprocess.Popen([*command, "--ca", str(site.root)], stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 20
        while not list(out.glob(".runs/*/*.jsonl")) and time.monotonic() < deadline:
            time.sleep(0.05)
        told = interrupted(running)
        assert running.returncode == 130, told
        (run_folder,) = out.glob(".runs/*")
        assert run_folder.name in told
        assert len(list(run_folder.glob("*.jsonl"))) == 1
        site.log.write_text("")
        code = run(["audit", "--resume", run_folder.name, "--out", str(out), "--timeout", "0.5", "--quiet"])
        assert code == 3, "one of the two sites never answered"
        assert site.log.read_text() == "", "the finished site is not asked again"
    finally:
        stall.kill()
        stall.communicate()
    (bundle,) = out.glob("2*")
    assert bundle.name == run_folder.name
    assert {target["host"] for target in report(bundle)["targets"]} == {HOST, "macet.contoh.go.id"}
    assert not (out / ".runs").exists()
