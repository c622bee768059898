"""Facts of certificates, each taken from how the certificate was made; hostile ones become absences."""

import base64
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model import Absence, Absent, Collected, Covered, Fact, Target
from auditor.net import Handshake, Network
from checks import certificate
from tests.wire import pki

POSITION = {name for name, spec in certificate.facts.items() if spec.subject == "position"}


class Sent:
    """A network of which only the handshake is known."""

    def __init__(self, chain: Sequence[bytes], roots: tuple[bytes, ...] = ()) -> None:
        self.chain, self.roots = tuple(chain), roots

    def handshake(self) -> Handshake:
        return Handshake("TLSv1.3", "TLS_AES_128_GCM_SHA256", "", self.chain)


def collected(chain: Sequence[bytes], roots: tuple[bytes, ...] = (), host: str = pki.HOST) -> list[Collected]:
    net = cast(Network, Sent(chain, roots))
    return list(certificate.collect(Target("https", host, 443), net))


def look(chain: Sequence[bytes], roots: tuple[bytes, ...] = (), host: str = pki.HOST) -> dict[tuple[str, str], Any]:
    """Values by fact and subject; an `Absence` where there is none."""
    seen: dict[tuple[str, str], Any] = {}
    for item in collected(chain, roots, host):
        if isinstance(item, Fact):
            seen[item.name, item.subject] = item.value
        elif isinstance(item, Absent):
            seen[item.fact, item.subject or ""] = item.reason
    return seen


def test_every_certificate_of_the_chain_by_its_position() -> None:
    root = pki.authority("Akar Uji", key="rsa-2048")
    issuing = pki.authority("Penerbit Uji", root, key="ec-p384")
    starts = datetime(2026, 11, 1, 8, tzinfo=UTC)
    site = pki.leaf(issuing, pki.HOST, "192.0.2.7", not_before=starts, not_after=starts + 90 * pki.DAY)
    seen = look(site.chain_der)
    assert seen["cert.not_before", "leaf"] == starts
    assert seen["cert.not_after", "leaf"] == starts + 90 * pki.DAY
    assert seen["cert.names", "leaf"] == (pki.HOST, "192.0.2.7")
    assert (seen["cert.key_type", "leaf"], seen["cert.key_bits", "leaf"]) == ("ec", 256)
    assert (seen["cert.key_type", "1"], seen["cert.key_bits", "1"]) == ("ec", 384)
    assert seen["cert.signature_algorithm", "leaf"] == "ecdsa-with-SHA256"
    assert seen["cert.signature_algorithm", "1"] == "sha256WithRSAEncryption"
    assert seen["cert.lifetime_days", "leaf"] == 91
    assert (seen["cert.subject", "leaf"], seen["cert.issuer", "leaf"]) == (f"CN={pki.HOST}", "CN=Penerbit Uji")
    assert (seen["cert.self_signed", "leaf"], seen["cert.self_signed", "1"]) == (False, False)
    assert ("cert.names", "2") not in seen


def test_facts_of_the_leaf_alone_are_given_for_the_leaf_alone() -> None:
    seen = look(pki.standard().chain_der)
    assert seen["cert.hostname_matches", "leaf"] is True
    assert ("cert.hostname_matches", "1") not in seen
    assert ("cert.lifetime_over_limit_days", "1") not in seen


def test_positions_are_covered_and_stores_are_each_accounted_for() -> None:
    items = collected(pki.standard().chain_der)
    assert {item.fact for item in items if isinstance(item, Covered)} == POSITION
    stores = {
        (item.subject if isinstance(item, Fact | Absent) else None)
        for item in items
        if (item.name if isinstance(item, Fact) else item.fact) == "cert.chain_trusted"
    }
    assert stores == {"mozilla", "system", "operator"}


@pytest.mark.parametrize(
    ("key", "kind", "bits"),
    [
        ("rsa-1024", "rsa", 1024),
        ("rsa-3072", "rsa", 3072),
        ("dsa-2048", "dsa", 2048),
        ("ec-p224", "ec", 224),
        ("ec-p521", "ec", 521),
        ("ed25519", "ed25519", 256),
        ("ed448", "ed448", 456),
    ],
)
def test_kinds_and_sizes_of_keys(key: str, kind: str, bits: int) -> None:
    seen = look([pki.leaf(pki.authority(), pki.HOST, key=key).der])
    assert (seen["cert.key_type", "leaf"], seen["cert.key_bits", "leaf"]) == (kind, bits)


@pytest.mark.parametrize(
    ("issuer", "digest", "name"),
    [
        ("rsa-2048", hashes.MD5(), "md5WithRSAEncryption"),
        ("rsa-2048", hashes.SHA1(), "sha1WithRSAEncryption"),
        ("rsa-2048", None, "sha256WithRSAEncryption"),
        ("ed25519", None, "id-Ed25519"),
        ("ed448", None, "id-Ed448"),
        ("dsa-2048", None, "id-dsa-with-sha256"),
    ],
)
def test_names_of_signature_algorithms(issuer: str, digest: hashes.SHA1 | hashes.MD5 | None, name: str) -> None:
    site = pki.leaf(pki.authority(key=issuer), pki.HOST, digest=digest)
    assert look([site.der])["cert.signature_algorithm", "leaf"] == name


@pytest.mark.parametrize("digest", ["sha1", "sha256"])
def test_rsassa_pss_is_named_with_its_hash(digest: str) -> None:
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "/dev/null", "-subj", "/CN=x",
         "-sigopt", "rsa_padding_mode:pss", f"-{digest}"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    der = base64.b64decode("".join(made.splitlines()[1:-1]))
    assert look([der])["cert.signature_algorithm", "leaf"] == f"id-RSASSA-PSS-{digest}"


def test_self_signed_is_a_matter_of_name_and_key() -> None:
    assert look([pki.leaf(None, pki.HOST).der])["cert.self_signed", "leaf"] is True
    weak = pki.leaf(None, pki.HOST, key="rsa-2048", digest=hashes.MD5())
    assert look([weak.der])["cert.self_signed", "leaf"] is True
    impostor = pki.leaf(pki.authority(pki.HOST), pki.HOST)  # issuer and subject have the same name, not the same key
    assert look([impostor.der])["cert.self_signed", "leaf"] is False


@pytest.mark.parametrize(
    ("starts", "days", "over"),
    [
        (datetime(2025, 6, 1, tzinfo=UTC), 398, 0),
        (datetime(2025, 6, 1, tzinfo=UTC), 400, 2),
        (datetime(2026, 3, 14, tzinfo=UTC), 398, 0),
        (datetime(2026, 3, 15, tzinfo=UTC), 398, 198),
        (datetime(2026, 6, 1, tzinfo=UTC), 200, 0),
        (datetime(2027, 3, 15, tzinfo=UTC), 101, 1),
    ],
)
def test_days_over_the_limit_in_force_when_it_began(starts: datetime, days: int, over: int) -> None:
    ends = starts + timedelta(days=days, seconds=-1)
    seen = look([pki.leaf(pki.authority(), pki.HOST, not_before=starts, not_after=ends).der])
    assert seen["cert.lifetime_days", "leaf"] == days
    assert seen["cert.lifetime_over_limit_days", "leaf"] == over


def test_no_limit_is_known_before_the_schedule_begins() -> None:
    starts = datetime(2015, 1, 1, tzinfo=UTC)
    old = pki.leaf(pki.authority(), pki.HOST, not_before=starts, not_after=starts + 9000 * pki.DAY)
    assert look([old.der])["cert.lifetime_over_limit_days", "leaf"] is Absence.NOT_ASSESSABLE


# Trust


def trusted(chain: Sequence[bytes], *roots: bytes) -> tuple[bool, str]:
    seen = look(chain, roots)
    return seen["cert.chain_trusted", "operator"], seen["cert.chain_status", "operator"]


def test_chain_to_the_operators_root_is_trusted_by_the_operator_alone() -> None:
    site = pki.standard()
    seen = look(site.chain_der, (site.root_pem,))
    assert (seen["cert.chain_trusted", "operator"], seen["cert.chain_status", "operator"]) == (True, "ok")
    assert seen["cert.chain_trusted", "mozilla"] is False


def test_without_roots_of_the_operator_nothing_is_trusted() -> None:
    assert trusted(pki.standard().chain_der)[0] is False


def test_root_may_be_der_or_one_of_several_in_pem() -> None:
    site = pki.standard()
    root = site.above[-1].public_bytes(Encoding.DER)
    assert trusted(site.chain_der, root) == (True, "ok")
    assert trusted(site.chain_der, pki.authority("Akar Lain").pem + site.root_pem) == (True, "ok")


def test_order_of_the_intermediates_does_not_matter_but_their_presence_does() -> None:
    deep = pki.leaf(pki.authority("C", pki.authority("B", pki.authority("A"))), pki.HOST)
    leaf, *issuers = deep.chain_der
    assert trusted([leaf, *reversed(issuers)], deep.root_pem) == (True, "ok")
    assert trusted([leaf, *issuers[:-1]], deep.root_pem)[0] is False
    assert trusted([leaf], deep.root_pem) == (False, "unable to get local issuer certificate")


def test_intermediate_as_root_is_no_anchor() -> None:
    site = pki.standard()
    assert trusted(site.chain_der, site.above[0].public_bytes(Encoding.PEM))[0] is False


def test_expired_leaf_and_expired_intermediate_are_not_trusted() -> None:
    root = pki.authority()
    assert trusted(pki.expired(root).chain_der, root.pem) == (False, "certificate has expired")
    ended = pki.now() - pki.DAY
    old = pki.authority("Lama", root, not_before=ended - 90 * pki.DAY, not_after=ended)
    assert trusted(pki.leaf(old, pki.HOST).chain_der, root.pem) == (False, "certificate has expired")


def test_leaf_that_is_not_yet_valid_is_not_trusted() -> None:
    root = pki.authority()
    future = pki.leaf(root, pki.HOST, not_before=pki.now() + pki.DAY)
    believed, status = trusted(future.chain_der, root.pem)
    assert not believed
    assert status.startswith("certificate is not yet valid")


def test_self_signed_leaf_is_not_trusted_unless_the_operator_says_so() -> None:
    lone = pki.leaf(None, pki.HOST)
    assert trusted([lone.der]) == (False, "self-signed certificate")
    assert trusted([lone.der], lone.pem)[0] is True


def test_client_certificate_is_unfit_for_a_server() -> None:
    root = pki.authority()
    client = pki.leaf(root, pki.HOST, server=False)
    assert trusted(client.chain_der, root.pem) == (False, "unsuitable certificate purpose")


def test_leaf_signed_by_a_leaf_is_not_trusted() -> None:
    root = pki.authority()
    middle = pki.leaf(root, "lain.go.id")
    assert trusted(pki.leaf(middle, pki.HOST).chain_der, root.pem)[0] is False


def test_broken_root_of_the_operator_leaves_that_store_unknown_and_no_other() -> None:
    seen = look(pki.standard().chain_der, (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",))
    assert seen["cert.chain_trusted", "operator"] is Absence.MALFORMED
    assert seen["cert.chain_trusted", "mozilla"] is False


# Hostile certificates


def test_no_certificate_at_all_is_not_offered() -> None:
    items = collected([])
    assert {item.fact for item in items if isinstance(item, Absent) and item.reason is Absence.NOT_OFFERED} == set(
        certificate.facts
    )


def test_unreadable_leaf_is_malformed_in_each_fact_and_spares_the_others() -> None:
    site = pki.standard()
    seen = look([b"\x30\x03\x02\x01\x01", *site.chain_der[1:]], (site.root_pem,))
    assert {seen[name, "leaf"] for name in POSITION - {"cert.chain_length"}} == {Absence.MALFORMED}
    assert seen["cert.key_bits", "1"] == 256
    assert seen["cert.chain_trusted", "operator"] is Absence.MALFORMED


def test_unreadable_intermediate_helps_nobody() -> None:
    site = pki.standard()
    seen = look([site.chain_der[0], b"junk"], (site.root_pem,))
    assert seen["cert.key_bits", "1"] is Absence.MALFORMED
    assert seen["cert.hostname_matches", "leaf"] is True
    assert seen["cert.chain_trusted", "operator"] is False


@settings(deadline=None)
@given(st.data())
def test_a_damaged_certificate_never_crashes_and_is_never_trusted(draw: st.DataObject) -> None:
    site = pki.standard()
    at = draw.draw(st.integers(0, len(site.der) - 1))
    octet = draw.draw(st.integers(0, 255).filter(lambda value: value != site.der[at]))
    damaged = site.der[:at] + bytes([octet]) + site.der[at + 1 :]
    seen = look([damaged, *site.chain_der[1:]], (site.root_pem,))
    assert seen["cert.chain_trusted", "operator"] is not True
    assert {name for name, subject in seen if subject == "leaf"} == POSITION
