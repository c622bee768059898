"""The cryptographic inventory: CycloneDX's own validator, and what the evidence says."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from auditor.model import Fact, Observation, View
from reports.algorithms import of_group, of_key, of_signature, of_suite
from tests.unit.reports import samples
from tests.unit.reports.rendering import VIEWS, only

SUITES = Path(__file__).parents[3] / "checks" / "tls" / "suites.txt"
VALIDATOR = JsonStrictValidator(SchemaVersion.V1_6)
LEAF = "ab" * 32


def site(*, complete: bool = True) -> View:
    """One site over TLS 1.2 and 1.3 with a hybrid group and an RSA certificate."""
    view = samples.good()
    target = view.report.targets[0].url
    facts = (
        Fact("tls.offered", value=True),
        Fact("tls.versions", ("TLSv1.2", "TLSv1.3"), complete=complete),
        Fact("tls.suites", ("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",), "TLSv1.2"),
        Fact("tls.suites", ("TLS_AES_256_GCM_SHA384",), "TLSv1.3"),
        Fact("tls.groups", ("X25519MLKEM768", "x25519")),
        Fact("tls.signature_algorithms", ("rsa_pss_rsae_sha256",)),
        Fact("cert.fingerprint", LEAF, "leaf"),
        Fact("cert.subject", "CN=contoh.go.id", "leaf"),
        Fact("cert.issuer", "CN=Akar", "leaf"),
        Fact("cert.not_before", datetime(2026, 1, 1, tzinfo=UTC), "leaf"),
        Fact("cert.not_after", datetime(2026, 7, 1, tzinfo=UTC), "leaf"),
        Fact("cert.signature_algorithm", "sha256WithRSAEncryption", "leaf"),
        Fact("cert.key_type", "rsa", "leaf"),
        Fact("cert.key_bits", 2048, "leaf"),
        Fact("cert.key_fingerprint", "cd" * 32, "leaf"),
    )
    return View(view.report, (Observation(target, "tls", samples.AT, 1, facts),), view.specs)


def bom(view: View) -> dict[str, Any]:
    made = json.loads(only("cbom", view))
    assert isinstance(made, dict)
    return made


@pytest.mark.parametrize("view", [*VIEWS.values(), site], ids=[*VIEWS, "site"])
def test_the_validator_has_nothing_to_object(view: Any) -> None:
    assert VALIDATOR.validate_str(only("cbom", view()).decode()) is None


def test_the_validator_does_object_to_what_is_wrong() -> None:
    document = bom(site())
    next(c for c in document["components"] if "cryptoProperties" in c)["cryptoProperties"]["assetType"] = "magic"
    assert VALIDATOR.validate_str(json.dumps(document)) is not None


def test_references_lead_to_components_and_each_is_there_once() -> None:
    document = bom(site())
    refs = [component["bom-ref"] for component in document["components"]]
    assert len(set(refs)) == len(refs)
    for dependency in document["dependencies"]:
        assert {dependency["ref"], *dependency["dependsOn"]} <= set(refs)
    used = re.findall(r'"(?:signatureAlgorithmRef|subjectPublicKeyRef|algorithmRef)": "([^"]+)"', json.dumps(document))
    used += [
        ref
        for c in document["components"]
        for s in c.get("cryptoProperties", {}).get("protocolProperties", {}).get("cipherSuites", [])
        for ref in s["algorithms"]
    ]
    assert used
    assert set(used) <= set(refs)


def test_the_inventory_tells_what_a_quantum_computer_breaks() -> None:
    levels = {
        component["name"]: component["cryptoProperties"]["algorithmProperties"].get("nistQuantumSecurityLevel")
        for component in bom(site())["components"]
        if component.get("cryptoProperties", {}).get("assetType") == "algorithm"
    }
    # FIPS 203, table 2, for ML-KEM-768; NIST's call for proposals of 2016, section 4.A.5, for AES and SHA-2
    assert levels["X25519 with ML-KEM-768"] == 3
    assert (levels["AES-128-GCM"], levels["AES-256-GCM"], levels["SHA-256"]) == (1, 5, 2)
    assert (levels["X25519"], levels["ECDHE"], levels["RSA-2048"], levels["RSA signature"]) == (0, 0, 0, 0)


@pytest.mark.parametrize(("complete", "aggregate"), [(True, "complete"), (False, "incomplete")])
def test_a_set_seen_in_part_leaves_the_inventory_incomplete(complete: bool, aggregate: str) -> None:  # noqa: FBT001
    (composition,) = bom(site(complete=complete))["compositions"]
    assert composition["aggregate"] == aggregate


def test_a_site_that_nobody_enumerated_is_unknown() -> None:
    (composition,) = bom(samples.unknown())["compositions"]
    assert composition["aggregate"] == "unknown"


def test_every_suite_of_iana_is_made_of_known_algorithms() -> None:
    names = [line.split()[1] for line in SUITES.read_text("ascii").splitlines() if line and not line.startswith("#")]
    assert len(names) > 300
    assert [name for name in names if any(a.primitive == "unknown" for a in of_suite(name))] == []


@pytest.mark.parametrize(
    ("suite", "algorithms"),
    [  # as the RFCs that define them say: 5246, 4346, 6655, 8446, 4279
        ("TLS_RSA_WITH_AES_128_CBC_SHA", "RSA key transport, RSA signature, AES-128-CBC, SHA-1"),
        ("TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA", "DHE, RSA signature, DES40-CBC (export), SHA-1"),
        ("TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", "ECDHE, ECDSA signature, AES-128-CCM-8"),
        ("TLS_CHACHA20_POLY1305_SHA256", "ChaCha20-Poly1305, SHA-256"),
        ("TLS_DHE_PSK_WITH_AES_128_CBC_SHA", "DHE, pre-shared key, AES-128-CBC, SHA-1"),
        ("TLS_DH_anon_WITH_RC4_128_MD5", "DH (static), no authentication, RC4-128, MD5"),
        ("TLS_RSA_WITH_NULL_SHA256", "RSA key transport, RSA signature, no encryption, SHA-256"),
    ],
)
def test_suites_are_taken_apart(suite: str, algorithms: str) -> None:
    assert ", ".join(algorithm.name for algorithm in of_suite(suite)) == algorithms


def test_what_is_not_known_says_so() -> None:
    assert of_group("neu768").primitive == "unknown"
    assert of_group("neu768").pq is None
    assert of_signature("falcon512").pq is None
    assert of_key("slhdsa", 0, "").pq is None
