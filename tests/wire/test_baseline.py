"""The baseline on real servers: a sound site fails nothing, and every single unsound setting fails its own rule.

All built-in checks look at Debian's nginx; what must fail follows from the one line of configuration that differs.
"""

import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes

from auditor import facts, plugins, scan
from auditor.model import Endpoint, FactSpec, Finding, Level, Outcome, Policy, Target
from auditor.net import Limits, Neighbours, Network
from auditor.plugins import Check
from auditor.policy import load
from auditor.policy.judge import judge
from auditor.policy.score import score
from tests.wire import nginx, pki
from tests.wire.nginx import SOUND

CSP = "default-src 'self'; object-src 'none'; frame-ancestors 'self'"
NONCE = "script-src 'nonce-{}' 'strict-dynamic'; object-src 'none'; frame-ancestors 'self'"
REFLECTED = "add_header Access-Control-Allow-Origin $http_origin; add_header Access-Control-Allow-Credentials true; add_header X-Content"
GIT = 'location = /.git/HEAD { default_type text/plain; return 200 "ref: refs/heads/master\n"; }\n'
ENV = (
    'location = /.env { default_type text/plain; return 200 "APP_ENV=production\nDB_PASSWORD=contoh-bukan-sandi\n"; }\n'
)


@cache
def checks() -> tuple[Check, ...]:
    return plugins.load_checks()


@cache
def specs() -> Mapping[str, FactSpec]:
    return facts.union(checks())


@cache
def baseline() -> Policy:
    return load("baseline", specs()).policy


def findings(
    folder: Path, config: str, site: pki.Identity, root: bytes, level: Level = Level.STANDARD
) -> tuple[Finding, ...]:
    """What the baseline says of nginx with this configuration."""
    files = site.write(folder)
    with nginx.running(folder, nginx.filled(config, files)) as (https, http):
        target = Target(
            "https",
            pki.HOST,
            443,
            level=level,
            connect=Endpoint("127.0.0.1", https),
            connect_http=Endpoint("127.0.0.1", http),
        )

        def open_network(asked: Target) -> Network:
            return Network(asked, neighbours=Neighbours(), limits=Limits(exchange=5), roots=(root,))

        observations = scan.scan(target, checks(), open_network)
    return judge(observations, specs(), (baseline(),), (), (), scan.now(), (target,))


def failed(found: tuple[Finding, ...]) -> set[str]:
    return {finding.rule for finding in found if finding.outcome is Outcome.FAIL}


def test_sound_site_fails_nothing_and_leaves_nothing_open(tmp_path: Path) -> None:
    site = pki.standard()
    found = findings(tmp_path, SOUND, site, site.root_pem)
    assert {f.rule: f for f in found if f.outcome in {Outcome.FAIL, Outcome.UNKNOWN}} == {}
    passed = {finding.rule for finding in found if finding.outcome is Outcome.PASS}
    assert {"KOM-01", "KOM-02", "KOM-07", "SRT-01", "SRT-05", "HDR-01", "SES-01", "PAP-01", "PAP-02"} <= passed
    assert [result.grade for result in score(baseline(), found)] == ["A"]


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        ("TLSv1.2 TLSv1.3;", "TLSv1.1 TLSv1.2 TLSv1.3; ssl_conf_command CipherString ALL:@SECLEVEL=0;", {"KOM-02"}),
        ("TLSv1.2 TLSv1.3;", "TLSv1.2;", {"KOM-03"}),
        ("TLSv1.2 TLSv1.3;", "TLSv1 TLSv1.1;", {"KOM-02", "KOM-03", "KOM-04"}),
        ("@0 ssl http2", "@0", {"KOM-01"}),
        ("return 301 https://$host$request_uri;", 'return 200 "PAGE";', {"KOM-07"}),
        ("max-age=31536000; includeSubDomains", "max-age=86400; includeSubDomains", {"KOM-09"}),
        ("max-age=31536000; includeSubDomains", "max-age=31536000", {"KOM-10"}),
        ("includeSubDomains", "preload", {"KOM-10", "KOM-11"}),
        ("Strict-Transport-Security", "X-Lain", {"KOM-09"}),
        ("Content-Security-Policy", "X-Frame-Options DENY always; add_header X-Lain", {"HDR-01"}),
        ("; frame-ancestors 'self'", "", {"HDR-03"}),
        ("add_header X-Content", "add_header X-Frame-Options ALLOWALL; add_header X-Content", set()),
        ("Options nosniff", "Options sniff", {"HDR-05"}),
        ("Referrer-Policy strict-origin-when-cross-origin", "Referrer-Policy unsafe-url", {"HDR-06"}),
        ("Path=/; Secure;", "Path=/;", {"SES-01"}),
        (" HttpOnly;", "", {"SES-02"}),
        ("; SameSite=Lax", "", {"SES-03"}),
        ("SameSite=Lax", "SameSite=Lax; Domain=contoh.go.id", {"SES-04"}),
        ("location / {", GIT + "location / {", {"PAP-01"}),
        ("location / {", ENV + "location / {", {"PAP-02"}),
        ('return 200 "PAGE"; }', 'return 500 "Kesalahan"; }', {"KET-02"}),
        (CSP, f"{CSP}; script-src 'self' 'unsafe-inline'", {"HDR-07"}),
        (CSP, "frame-ancestors 'self'", {"HDR-07"}),
        (CSP, "script-src 'self'; frame-ancestors 'self'", {"HDR-22"}),
        (CSP, f"{CSP}; form-action 'self' *.go.id", {"HDR-23"}),
        (CSP, f"{CSP}; script-src 'self' *.go.id", {"HDR-08"}),
        (CSP, f"{CSP}; script-src 'self' 'unsafe-eval'", {"HDR-09"}),
        (CSP, f"{CSP}; script-src 'self' https://unpkg.com", {"HDR-10"}),
        (CSP, f"{CSP}; img-src self", {"HDR-11"}),
        (CSP, f"{NONCE.format('c2FtYXNhbWFzYW1hc2FtYQ==')}; base-uri 'none'", {"HDR-12"}),
        (CSP, f"{NONCE.format('YWJj')}; base-uri 'none'", {"HDR-12", "HDR-13"}),
        (CSP, NONCE.format("$request_id"), {"HDR-14"}),
        ('"camera=(), geolocation=(), microphone=()"', '"camera=(); usb=()"', {"HDR-15", "HDR-18"}),
        ('"camera=(), geolocation=(), microphone=()"', "camera=*", {"HDR-16"}),
        ("add_header Permissions-Policy", "add_header X-Lain", {"HDR-18"}),
        ("same-origin-allow-popups", "Same-Origin", {"HDR-15", "HDR-19"}),
        ("same-origin-allow-popups", "unsafe-none", {"HDR-19"}),
        ("add_header X-Content", "add_header Cross-Origin-Embedder-Policy unsafe-none; add_header X-Content", {"HDR-20"}),
        ("Resource-Policy same-site", "Resource-Policy cross-origin", {"HDR-21"}),
        ("PAGE", "PAGE<script src=http://contoh.go.id/a.js></script>", {"ISI-01"}),
        ("PAGE", "PAGE<img src=http://contoh.go.id/a.png>", {"ISI-02"}),
        ("PAGE", "PAGE<form action=http://contoh.go.id/kirim></form>", {"ISI-03"}),
        ("PAGE", "PAGE<script src=https://cdn.contoh.com/a.js></script>", {"ISI-04"}),
        ("PAGE", "PAGE<script src=https://polyfill.io/a.js integrity=sha256-AAAA></script>", {"ISI-05"}),
        ("server_tokens off", "server_tokens on", {"KNF-02"}),
        ("add_header X-Content", 'add_header X-XSS-Protection "1; mode=block"; add_header X-Content', {"KNF-03"}),
        ("PAGE", "<meta name=generator content='WordPress 5.8'>PAGE", {"KNF-04", "ISI-07"}),
        ("PAGE", "PAGE<script src=/jquery-1.12.4.min.js></script>", {"ISI-06"}),
        ("2099-12-31", "2026-01-01", {"KNF-06"}),
        ("Contact: mailto:", "Hubungi: mailto:", {"KNF-06", "KTK-01"}),
        ("location = /.well-known/security.txt", "location = /lain.txt", {"KTK-01"}),
        ("add_header X-Content", "add_header X-Powered-By Express; add_header X-Content", {"KNF-07"}),
        ("return 301 https://$host$request_uri;", "location = / { return 301 http://$host/x; } location / { return 301 https://$host/; }", {"ALH-01"}),
        ("SameSite=Lax", "SameSite=Lax; Domain=go.id", {"SES-06"}),
        ("add_header X-Content", "add_header Cache-Control max-age=600; add_header X-Content", {"SES-05"}),
    ],
)  # fmt: skip
def test_each_unsound_setting_fails_its_own_rule(tmp_path: Path, old: str, new: str, rules: set[str]) -> None:
    assert old in SOUND
    config = SOUND.replace(old, new)
    if "TLSv1 " in new:
        config = config.replace("ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;", "ssl_ciphers ECDHE+AES:@SECLEVEL=0;")
    site = pki.standard()
    assert failed(findings(tmp_path, config, site, site.root_pem)) == rules


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        ("add_header X-Content", "add_header X-Content", set()),
        ("add_header X-Content", REFLECTED, {"HDR-17"}),
    ],
)
def test_what_level_active_tries(tmp_path: Path, old: str, new: str, rules: set[str]) -> None:
    site = pki.standard()
    found = findings(tmp_path, SOUND.replace(old, new), site, site.root_pem, Level.ACTIVE)
    assert failed(found) == rules
    assert {f.rule for f in found if f.outcome is Outcome.PASS} >= {"HDR-17", "KNF-05"} - rules


def issued(**options: object) -> pki.Identity:
    return pki.leaf(pki.authority("P", pki.authority("A")), pki.HOST, **options)  # type: ignore[arg-type]


CERTIFICATES: Mapping[str, tuple[Callable[[], pki.Identity], bytes, set[str]]] = {
    "unknown root": (pki.standard, pki.authority("Akar Lain").pem, {"SRT-01"}),
    "self-signed": (lambda: pki.leaf(None, pki.HOST), pki.authority("Akar Lain").pem, {"SRT-01"}),
    "expired": (lambda: pki.expired(pki.authority()), b"", {"SRT-02"}),
    "not yet valid": (lambda: issued(not_before=pki.now() + pki.DAY), b"", {"SRT-02"}),
    "wrong host": (lambda: pki.leaf(pki.authority(), "lain.go.id"), b"", {"SRT-03"}),
    "nine days left": (lambda: issued(not_after=pki.now() + 9 * pki.DAY, not_before=pki.now() - 80 * pki.DAY), b"", {"SRT-04"}),
    "RSA of 1024 bits": (lambda: issued(key="rsa-1024"), b"", {"SRT-05"}),
    "signed with SHA-1": (lambda: pki.leaf(pki.authority(key="rsa-2048"), pki.HOST, digest=hashes.SHA1()), b"", {"SRT-06"}),
}  # fmt: skip


@pytest.mark.parametrize("name", CERTIFICATES)
def test_each_unsound_certificate_fails_its_own_rule(tmp_path: Path, name: str) -> None:
    make, root, rules = CERTIFICATES[name]
    site = make()
    config = SOUND.replace("ECDHE+AESGCM:ECDHE+CHACHA20", "ECDHE+AESGCM:ECDHE+CHACHA20:@SECLEVEL=0")
    assert failed(findings(tmp_path, config, site, root or site.root_pem)) == rules


@pytest.mark.parametrize("name", ["baseline", "owasp-secure-headers", "mdn-observatory-like"])
def test_nginx_takes_every_fix(tmp_path: Path, name: str) -> None:
    files = pki.standard().write(tmp_path)
    rules = load(name, specs()).policy.rules
    told = {rule.id: refusal(tmp_path, files, rule.fixes["nginx"]) for rule in rules}
    assert {rule: words for rule, words in told.items() if words} == {}


def refusal(folder: Path, files: pki.Files, fix: str) -> str:
    """What `nginx -t` has against a fix, at its place in an otherwise sound configuration; empty if nothing."""
    fix = fix.replace("/etc/ssl/contoh.go.id/fullchain.pem", str(files.chain))
    fix = fix.replace("/etc/ssl/contoh.go.id/privkey.pem", str(files.key))
    fix = re.sub(r"listen (\[::\]:)?(80|443)\b", lambda found: f"listen {found[1] or ''}{int(found[2]) + 8000}", fix)
    chain = "" if "ssl_certificate " in fix else f"ssl_certificate {files.chain};"
    key = "" if "ssl_certificate_key" in fix else f"ssl_certificate_key {files.key};"
    http = fix if "server {" in fix else f"server {{ {chain} {key} {fix}\n }}"
    config = folder / "fix.conf"
    config.write_text(f"pid {folder}/pid; events {{}} http {{ access_log off; {http} }}")
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    command: list[str | Path] = [program, "-t", "-p", folder, "-c", config, "-e", folder / "log"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    return told.stderr if told.returncode else ""
