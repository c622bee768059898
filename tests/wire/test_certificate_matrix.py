"""Certificates sound and unsound on a real server: every fact as `openssl x509` reads it, every path as `openssl verify`
judges it, and what the baseline says of each.

A case is a site, what the server sends, and the roots that the operator knows. Nothing expected comes from the program.
"""

import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from auditor import facts, plugins, scan
from auditor.model import Endpoint, Fact, Level, Observation, Outcome, Target
from auditor.net import Limits, Neighbours, Network
from auditor.policy import load
from auditor.policy.judge import judge
from checks.certificate import trust
from tests.wire import nginx, pki
from tests.wire.pki import DAY, HOST, Identity

ROOT = pki.authority("Akar Uji", key="rsa-2048")
ISSUING = pki.authority("Penerbit Uji", ROOT, key="rsa-2048")
OWN = pki.leaf(None, HOST)
STRANGER = pki.authority("Asing")


@dataclass(frozen=True, slots=True)
class Case:
    """What is served, to whom, and what must come of it."""

    site: Identity
    sent: Callable[[Identity], Sequence[x509.Certificate]] = lambda site: site.sent
    host: str = HOST
    roots: tuple[Identity, ...] = (ROOT,)
    expected: Mapping[str, Any] | None = None
    """Facts about the leaf."""
    fails: frozenset[str] = frozenset()
    """Rules of the baseline's certificates (SRT) that fail."""


def leaf(*names: str, **more: Any) -> Identity:
    return pki.leaf(ISSUING, *(names or (HOST,)), **({"key": "rsa-2048"} | more))


def lasting(days: int) -> dict[str, datetime]:
    """So many days as the CA/Browser Forum counts them: both ends included, so a second less than their difference."""
    starts = pki.now() - DAY
    return {"not_before": starts, "not_after": starts + days * DAY - timedelta(seconds=1)}


def constrained(permitted: str) -> Identity:
    constraints = x509.NameConstraints([x509.DNSName(permitted)], None)
    return pki.authority("Penerbit Terbatas", ROOT, key="rsa-2048", further=(constraints,))


def plain_authority() -> Identity:
    """An issuer that is no authority: basicConstraints says so."""
    issuer = pki.leaf(ROOT, key="rsa-2048", common_name="Bukan Penerbit", owner="bukan")
    return Identity(issuer.certificate, issuer.key, issuer.above)


CASES: Mapping[str, Callable[[], Case]] = {
    "sound": lambda: Case(leaf(), expected={"cert.chain_order": ()}),
    "expired": lambda: Case(leaf(not_before=pki.now() - 90 * DAY, not_after=pki.now() - DAY), fails=frozenset({"SRT-02"})),
    "not yet valid": lambda: Case(leaf(not_before=pki.now() + DAY, not_after=pki.now() + 90 * DAY), fails=frozenset({"SRT-02"})),
    "wrong host": lambda: Case(leaf("lain.go.id"), fails=frozenset({"SRT-03"}), expected={"cert.hostname_matches": False}),
    "self-signed": lambda: Case(pki.leaf(None, HOST), fails=frozenset({"SRT-01"}), expected={"cert.self_signed": True}),
    "self-signed and known": lambda: Case(OWN, roots=(OWN,)),
    "untrusted root": lambda: Case(leaf(), roots=(pki.authority("Akar Lain"),), fails=frozenset({"SRT-01"})),
    "no intermediate": lambda: Case(leaf(), sent=lambda site: site.sent[:1], fails=frozenset({"SRT-01"}), expected={"cert.chain_order": ("missing",), "cert.chain_length": 1}),
    "misordered": lambda: Case(
        pki.leaf(pki.authority("P2", ISSUING, key="rsa-2048"), HOST), sent=lambda site: (site.sent[0], site.sent[2], site.sent[1]),
        expected={"cert.chain_order": ("misordered",)}, fails=frozenset({"SRT-08"}),
    ),
    "extra": lambda: Case(leaf(), sent=lambda site: (*site.sent, STRANGER.certificate), expected={"cert.chain_order": ("extra",)}, fails=frozenset({"SRT-08"})),
    "duplicate": lambda: Case(leaf(), sent=lambda site: (*site.sent, site.sent[1]), expected={"cert.chain_order": ("duplicate",)}, fails=frozenset({"SRT-08"})),
    "leaf sent twice": lambda: Case(leaf(), sent=lambda site: (site.sent[0], *site.sent), expected={"cert.chain_order": ("duplicate",)}, fails=frozenset({"SRT-08"})),
    "root sent along": lambda: Case(leaf(), sent=lambda site: (*site.sent, ROOT.certificate), expected={"cert.chain_order": ("root",)}),
    "SHA-1": lambda: Case(leaf(digest=hashes.SHA1()), fails=frozenset({"SRT-06"})),
    "MD5": lambda: Case(leaf(digest=hashes.MD5()), fails=frozenset({"SRT-06"})),
    "RSA of 1024 bits": lambda: Case(leaf(key="rsa-1024"), fails=frozenset({"SRT-05"})),
    "825 days": lambda: Case(leaf(**lasting(825)), expected={"cert.lifetime_days": 825, "cert.lifetime_over_limit_days": 625}),
    "398 days": lambda: Case(leaf(**lasting(398)), expected={"cert.lifetime_days": 398, "cert.lifetime_over_limit_days": 198}),
    "200 days": lambda: Case(leaf(**lasting(200)), expected={"cert.lifetime_days": 200, "cert.lifetime_over_limit_days": 0}),
    "P-256": lambda: Case(leaf(key="ec-p256"), expected={"cert.curve": "secp256r1"}),
    "P-384": lambda: Case(leaf(key="ec-p384"), expected={"cert.curve": "secp384r1"}),
    "P-521": lambda: Case(leaf(key="ec-p521"), expected={"cert.curve": "secp521r1"}),
    "Ed25519": lambda: Case(leaf(key="ed25519")),
    "client alone": lambda: Case(leaf(server=False), expected={"cert.server_auth": False}, fails=frozenset({"SRT-01", "SRT-09"})),
    "names outside the constraints": lambda: Case(pki.leaf(constrained("bukan.go.id"), HOST), fails=frozenset({"SRT-01"})),
    "names within the constraints": lambda: Case(pki.leaf(constrained("go.id"), HOST)),
    "an issuer that is no authority": lambda: Case(pki.leaf(plain_authority(), HOST), fails=frozenset({"SRT-01"})),
    "an authority as a site": lambda: Case(pki.authority(HOST, ISSUING, key="rsa-2048", further=(x509.SubjectAlternativeName([x509.DNSName(HOST)]),)), fails=frozenset({"SRT-01", "SRT-09"})),
    "an address": lambda: Case(leaf("127.0.0.1"), host="127.0.0.1", expected={"cert.hostname_matches": True}, fails=frozenset({"SRT-12"})),
    "an address as a name": lambda: Case(leaf(dns_names=("127.0.0.1",)), host="127.0.0.1", expected={"cert.hostname_matches": False}, fails=frozenset({"SRT-03", "SRT-12"})),
    "wildcard": lambda: Case(leaf("*.go.id"), expected={"cert.hostname_matches": True}),
    "wildcard for one label only": lambda: Case(leaf("*.go.id"), host="www.contoh.go.id", expected={"cert.hostname_matches": False}, fails=frozenset({"SRT-03"})),
    "wildcard for no label": lambda: Case(leaf("*.contoh.go.id"), expected={"cert.hostname_matches": False}, fails=frozenset({"SRT-03"})),
    "partial wildcard": lambda: Case(leaf("con*.go.id"), expected={"cert.hostname_matches": False}, fails=frozenset({"SRT-03"})),
    "wildcard within": lambda: Case(leaf("www.*.go.id"), host="www.contoh.go.id", expected={"cert.hostname_matches": False}, fails=frozenset({"SRT-03"})),
    "in capitals": lambda: Case(leaf("CONTOH.Go.Id"), expected={"cert.hostname_matches": True}),
    "IDN": lambda: Case(leaf("xn--bcher-kva.go.id"), host="xn--bcher-kva.go.id", expected={"cert.hostname_matches": True}),
    "common name alone": lambda: Case(pki.leaf(ISSUING, common_name=HOST, key="rsa-2048"), expected={"cert.names": (), "cert.hostname_matches": False}, fails=frozenset({"SRT-03"})),
    "internal names": lambda: Case(leaf(HOST, "server1", "db.lokal", "10.0.0.7"), expected={"cert.internal_names": ("server1", "db.lokal", "10.0.0.7")}, fails=frozenset({"SRT-12"})),
}  # fmt: skip


@cache
def checks() -> tuple[plugins.Check, ...]:
    return tuple(check for check in plugins.load_checks() if check.name in {"certificate", "revocation"})


def served(folder: Path, case: Case) -> tuple[Mapping[tuple[str, str], Any], set[str]]:
    """Facts and reasons by fact and subject; rules of the baseline that fail."""
    files = case.site.write(folder)
    files.chain.write_bytes(b"".join(each.public_bytes(Encoding.PEM) for each in case.sent(case.site)))
    with nginx.running(folder, nginx.tls(files, "ssl_ciphers DEFAULT:@SECLEVEL=0;")) as (port,):
        target = Target("https", case.host, 443, level=Level.STANDARD, connect=Endpoint("127.0.0.1", port))
        roots = tuple(root.pem for root in case.roots)

        def open_network(asked: Target) -> Network:
            return Network(asked, neighbours=Neighbours(), roots=roots, limits=Limits(exchange=5))

        observations = scan.scan(target, checks(), open_network)
    observations = (*observations, Observation(target.url, "tls", scan.now(), 0, (Fact("tls.offered", value=True),)))
    seen: dict[tuple[str, str], Any] = {}
    for observation in observations:
        seen |= {(gap.fact, gap.subject or ""): gap.reason for gap in observation.absent}
        seen |= {(fact.name, fact.subject): fact.value for fact in observation.facts}
    specs = facts.union(plugins.load_checks())
    baseline = load("baseline", specs).policy
    found = judge(observations, specs, (baseline,), (), (), scan.now(), (target,))
    return seen, {f.rule for f in found if f.rule.startswith("SRT") and f.outcome is Outcome.FAIL}


def run(*command: str | Path, data: bytes) -> str:
    return subprocess.run([str(part) for part in command], input=data, capture_output=True, check=False).stdout.decode()


def read_by_openssl(certificate: x509.Certificate) -> dict[str, Any]:
    """Facts about a certificate, from OpenSSL's own words."""
    pem = certificate.public_bytes(Encoding.PEM)
    text = run("openssl", "x509", "-noout", "-text", "-nameopt", "RFC2253", data=pem)
    dates = run("openssl", "x509", "-noout", "-dates", "-dateopt", "iso_8601", data=pem)
    before, after = (
        datetime.strptime(each, "%Y-%m-%d %H:%M:%SZ").replace(tzinfo=UTC) for each in re.findall(r"=(.*)", dates)
    )
    names = re.search(r"Subject Alternative Name: *(?:critical)?\n +(.*)", text)
    entries = re.findall(r"(?:DNS|IP Address):([^, ]+)", names[1]) if names else []
    digest = run("openssl", "x509", "-noout", "-fingerprint", "-sha256", data=pem).partition("=")[2].strip()
    bits = re.search(r"Public-Key: \((\d+) bit\)", text)
    return {
        "cert.not_before": before,
        "cert.not_after": after,
        "cert.names": tuple(entries),
        "cert.key_bits": int(bits[1]) if bits else 256,
        "cert.fingerprint": digest.replace(":", "").lower(),
        "cert.signature_algorithm": (re.search(r"Signature Algorithm: (\S+)", text) or ["", ""])[1],
        "cert.subject": (re.search(r"Subject: (.*)", text) or ["", ""])[1],
        "cert.issuer": (re.search(r"Issuer: (.*)", text) or ["", ""])[1],
        "cert.ca": "CA:TRUE" in text,
        "cert.must_staple": "status_request" in text,
    }


def verified_by_openssl(folder: Path, case: Case) -> bool:
    """Whether OpenSSL's own tool finds a path for servers to a root that is self-signed."""
    leaf, *rest = (each.public_bytes(Encoding.PEM) for each in case.sent(case.site))
    (folder / "roots.pem").write_bytes(b"".join(root.pem for root in case.roots))
    (folder / "rest.pem").write_bytes(b"".join(rest))
    command = [
        "openssl",
        "verify",
        "-purpose",
        "sslserver",
        "-auth_level",
        "0",
        "-CAfile",
        str(folder / "roots.pem"),
        "-no-CApath",
        "-no-CAstore",
    ]
    if rest:
        command += ["-untrusted", str(folder / "rest.pem")]
    return run(*command, data=leaf).strip() == "stdin: OK"


@pytest.mark.parametrize("name", CASES)
def test_a_certificate_is_what_openssl_says_of_it(tmp_path: Path, name: str) -> None:
    case = CASES[name]()
    seen, failed = served(tmp_path, case)
    for position, certificate in enumerate(case.sent(case.site)):
        subject = str(position) if position else "leaf"
        assert {fact: seen[fact, subject] for fact in read_by_openssl(certificate)} == read_by_openssl(certificate)
    assert seen["cert.chain_trusted", "operator"] is verified_by_openssl(tmp_path, case)
    assert {fact: seen[fact, "leaf"] for fact in case.expected or {}} == (case.expected or {})
    assert failed == case.fails


@pytest.fixture
def public(monkeypatch: pytest.MonkeyPatch) -> None:
    """No public authority signs for us, so that Mozilla's store is made to know our root."""
    monkeypatch.setattr(trust, "mozilla", lambda: trust.operator((ROOT.pem,)))


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize(
    ("days", "rules"), [(825, {"SRT-07"}), (398, {"SRT-07"}), (201, {"SRT-07"}), (200, set()), (90, set())]
)
def test_the_limit_on_lifetimes_binds_public_leaves_and_not_their_issuers(
    tmp_path: Path, days: int, rules: set[str]
) -> None:
    logged = pki.embedded_timestamps(pki.timestamp_list(pki.timestamp(b"a"), pki.timestamp(b"b")))
    seen, failed = served(tmp_path, Case(leaf(**lasting(days), further=(logged,))))
    assert seen["cert.chain_trusted", "mozilla"] is True
    assert seen["cert.lifetime_days", "1"] > 398
    assert failed == rules


@pytest.mark.usefixtures("public")
def test_a_public_certificate_in_no_log(tmp_path: Path) -> None:
    seen, failed = served(tmp_path, Case(leaf()))
    assert (seen["cert.scts", "leaf"], failed) == (0, {"SRT-16"})


def test_an_ec_leaf_under_an_rsa_issuer_meets_the_floor_of_its_own_kind(tmp_path: Path) -> None:
    seen, failed = served(tmp_path, Case(leaf(key="ec-p256")))
    assert (seen["cert.key_bits", "leaf"], seen["cert.key_bits", "1"], failed) == (256, 2048, set())
