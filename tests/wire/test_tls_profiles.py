"""Policies about TLS on real servers: Mozilla's own configurations meet their profiles, and grades add up.

Expected scores are reckoned by the formula of the SSL Server Rating Guide (2009r) from the known configuration.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes

from auditor import facts, plugins, scan
from auditor.model import Endpoint, Finding, Level, Outcome, Policy, Score, Target
from auditor.net import Limits, Neighbours, Network
from auditor.policy import load
from auditor.policy.judge import judge
from auditor.policy.score import score
from tests.wire import nginx, pki

NEEDED = ("tls", "certificate", "headers", "http", "content", "revocation")
ISSUER = pki.authority("Penerbit EC", pki.authority("Akar EC"))
RSA_ISSUER = pki.authority("Penerbit RSA", pki.authority("Akar RSA", key="rsa-2048"), key="rsa-2048")
HSTS = 'add_header Strict-Transport-Security "max-age=63072000" always;'
CURVES = "ssl_ecdh_curve X25519:prime256v1:secp384r1;"
INTERMEDIATE = (
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:DHE-RSA-AES128-GCM-SHA256:"
    "DHE-RSA-AES256-GCM-SHA384:DHE-RSA-CHACHA20-POLY1305"
)
OLD = (
    f"{INTERMEDIATE}:ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256:ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA:"
    "ECDHE-ECDSA-AES256-SHA384:ECDHE-RSA-AES256-SHA384:ECDHE-ECDSA-AES256-SHA:ECDHE-RSA-AES256-SHA:DHE-RSA-AES128-SHA256:"
    "DHE-RSA-AES256-SHA256:AES128-GCM-SHA256:AES256-GCM-SHA384:AES128-SHA256:AES256-SHA256:AES128-SHA:AES256-SHA:DES-CBC3-SHA"
)
MODERN_LINES = ("ssl_protocols TLSv1.3;", CURVES, HSTS)
INTERMEDIATE_LINES = ("ssl_protocols TLSv1.2 TLSv1.3;", f"ssl_ciphers {INTERMEDIATE};", CURVES, HSTS)
OLD_LINES = (
    "ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;",
    f"ssl_ciphers {OLD}:@SECLEVEL=0;",
    "ssl_prefer_server_ciphers on;",
    CURVES,
    HSTS,
)


@cache
def checks() -> tuple[plugins.Check, ...]:
    return tuple(check for check in plugins.load_checks() if check.name in NEEDED)


@cache
def policy(identity: str) -> Policy:
    return load(identity, facts.union(plugins.load_checks())).policy


def judged(
    folder: Path, lines: tuple[str, ...], site: pki.Identity, *identities: str, further: pki.Identity | None = None
) -> tuple[Finding, ...]:
    """What policies say of nginx with these lines and certificates."""
    files = site.write(folder)
    if further:
        second = further.write(folder, "second")
        lines = (*lines, f"ssl_certificate {second.chain};", f"ssl_certificate_key {second.key};")
    roots = (site.root_pem, *((further.root_pem,) if further else ()))
    with nginx.running(folder, nginx.tls(files, *lines)) as (port,):
        target = Target("https", pki.HOST, 443, level=Level.STANDARD, connect=Endpoint("127.0.0.1", port))

        def open_network(asked: Target) -> Network:
            return Network(asked, neighbours=Neighbours(), limits=Limits(exchange=5), roots=roots)

        observations = scan.scan(target, checks(), open_network)
    specs = facts.union(plugins.load_checks())
    return judge(observations, specs, tuple(map(policy, identities)), (), (), scan.now(), (target,))


def outcomes(found: tuple[Finding, ...], outcome: Outcome) -> set[str]:
    return {finding.rule for finding in found if finding.outcome is outcome}


@pytest.mark.parametrize("name", ["modern", "intermediate", "old"])
def test_mozillas_own_configuration_meets_its_profile(tmp_path: Path, name: str) -> None:
    ec, rsa = pki.leaf(ISSUER, pki.HOST), pki.leaf(RSA_ISSUER, pki.HOST, key="rsa-2048")
    further = ec if name == "intermediate" else None
    lines = {"modern": MODERN_LINES, "intermediate": INTERMEDIATE_LINES, "old": OLD_LINES}[name]
    found = judged(tmp_path, lines, ec if name == "modern" else rsa, f"mozilla-{name}", further=further)
    assert {f.rule: f for f in found if f.outcome in {Outcome.FAIL, Outcome.UNKNOWN}} == {}
    assert len(outcomes(found, Outcome.PASS)) >= 9


def test_each_profile_knows_what_is_not_its_own(tmp_path: Path) -> None:
    rsa = pki.leaf(RSA_ISSUER, pki.HOST, key="rsa-2048", not_after=pki.now() + 397 * pki.DAY)
    found = judged(tmp_path, OLD_LINES, rsa, "mozilla-modern", "mozilla-intermediate")
    assert outcomes(found, Outcome.FAIL) == {
        "MZM-01", "MZM-03", "MZM-05", "MZM-06", "MZM-07", "MZM-10", "MZI-01", "MZI-03", "MZI-07", "MZI-10",
    }  # fmt: skip


def test_the_communication_half_of_the_regulation(tmp_path: Path) -> None:
    site = pki.leaf(ISSUER, pki.HOST)
    sound = judged(tmp_path, INTERMEDIATE_LINES, site, "bssn-tls")
    assert outcomes(sound, Outcome.FAIL) == set()
    weak = pki.leaf(pki.authority("Akar RSA", key="rsa-2048"), pki.HOST, key="rsa-1024", digest=hashes.SHA1())
    lines = ("ssl_protocols TLSv1 TLSv1.1;", "ssl_ciphers AES128-SHA:aNULL:@SECLEVEL=0;")
    found = judged(tmp_path, lines, weak, "bssn-tls")
    assert outcomes(found, Outcome.FAIL) == {
        "BTL-B2", "BTL-B3", "BTL-B4", "BTL-C1", "BTL-C2", "BTL-C3", "BTL-D3", "BTL-D4",
    }  # fmt: skip


def guide(best: int, worst: int, key: int, strongest: int, weakest: int) -> int:
    """The score of the guide: each part rounded down, 30, 30 and 40 percent."""
    return (best + worst) // 2 * 30 // 100 + key * 30 // 100 + (strongest + weakest) // 2 * 40 // 100


P, C = {"TLSv1.3": 100, "TLSv1.2": 100, "TLSv1.1": 95, "TLSv1": 90}, {256: 100, 128: 80}
KEYS = {"rsa-1024": 80, "rsa-2048": 90, "rsa-4096": 100, "ec-p256": 100}
GRADES: Mapping[str, tuple[tuple[str, ...], str, str, tuple[int, int], str]] = {
    "everything": (("TLSv1.2", "TLSv1.3"), "ECDHE+AESGCM", "ec-p256", (256, 128), "A+"),
    "without HSTS": (("TLSv1.2", "TLSv1.3"), "ECDHE+AESGCM", "rsa-2048", (256, 128), "A"),
    "without TLS 1.3": (("TLSv1.2",), "ECDHE+AESGCM", "rsa-2048", (256, 128), "A-"),
    "256 bits alone": (("TLSv1.2",), "ECDHE+AES256+AESGCM", "rsa-4096", (256, 256), "A-"),
    "128 bits alone": (("TLSv1.2",), "ECDHE+AES128+AESGCM", "rsa-2048", (128, 128), "A-"),
    "TLS 1.1": (("TLSv1.1", "TLSv1.2", "TLSv1.3"), "ECDHE+AES:@SECLEVEL=0", "rsa-2048", (256, 128), "B"),
    "TLS 1.0": (("TLSv1", "TLSv1.1", "TLSv1.2"), "ECDHE+AES:@SECLEVEL=0", "rsa-2048", (256, 128), "B"),
    "nothing newer than TLS 1.1": (("TLSv1", "TLSv1.1"), "ECDHE+AES:@SECLEVEL=0", "rsa-2048", (256, 128), "C"),
    "a small key": (("TLSv1.2", "TLSv1.3"), "ECDHE+AESGCM:@SECLEVEL=0", "rsa-1024", (256, 128), "B"),
    "no forward secrecy": (("TLSv1.2",), "AES128-GCM-SHA256", "rsa-2048", (128, 128), "B"),
    "no authenticated encryption": (("TLSv1.2",), "ECDHE-RSA-AES128-SHA256", "rsa-2048", (128, 128), "B"),
}
CAPS = {"A+": 100, "A": 100, "A-": 100, "B": 79, "C": 64}


@pytest.mark.parametrize("name", GRADES)
def test_grades_add_up_as_in_the_guide(tmp_path: Path, name: str) -> None:
    versions, ciphers, key, (most, least), grade = GRADES[name]
    site = pki.leaf(RSA_ISSUER if key.startswith("rsa") else ISSUER, pki.HOST, key=key)
    lines = (f"ssl_protocols {' '.join(versions)};", f"ssl_ciphers {ciphers};", *((HSTS,) if grade == "A+" else ()))
    reckoned = guide(max(P[v] for v in versions), min(P[v] for v in versions), KEYS[key], C[most], C[least])
    assert graded(tmp_path, lines, site) == (min(reckoned, CAPS[grade]), grade)


def graded(folder: Path, lines: tuple[str, ...], site: pki.Identity) -> tuple[int | None, str]:
    found = judged(folder, lines, site, "ssl-labs-like")
    result: Score
    (result,) = score(policy("ssl-labs-like"), found)
    return result.value, result.grade


def test_trust_and_name_go_before_every_score(tmp_path: Path) -> None:
    lines = ("ssl_protocols TLSv1.2 TLSv1.3;", "ssl_ciphers ECDHE+AESGCM;")
    assert graded(tmp_path, lines, pki.leaf(ISSUER, "lain.go.id"))[1] == "M"
    assert graded(tmp_path, lines, pki.expired(ISSUER))[1] == "T"
    signed = pki.leaf(RSA_ISSUER, pki.HOST, key="rsa-2048", digest=hashes.SHA1())
    assert graded(tmp_path, (lines[0], "ssl_ciphers ECDHE+AESGCM:@SECLEVEL=0;"), signed)[1] == "T"


def test_anonymous_suites_are_worth_nothing(tmp_path: Path) -> None:
    lines = ("ssl_protocols TLSv1.2;", "ssl_ciphers ECDHE+AESGCM:aNULL:@SECLEVEL=0;")
    assert graded(tmp_path, lines, pki.leaf(ISSUER, pki.HOST)) == (0, "F")


def test_readiness_of_a_server_without_hybrids(tmp_path: Path) -> None:
    found = judged(tmp_path, INTERMEDIATE_LINES, pki.leaf(ISSUER, pki.HOST), "pqc-readiness")
    assert outcomes(found, Outcome.FAIL) == {"PQC-02", "PQC-03"}
    assert [result.grade for result in score(policy("pqc-readiness"), found)] == ["dapat dimulai"]
