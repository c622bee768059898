"""What is remarked of chains, each put together by hand; OpenSSL agrees about what leads to the root."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate

from checks.certificate.order import Order, order
from tests.wire import pki

ROOT = pki.authority("A")
OUTER = pki.authority("B", ROOT)
INNER = pki.authority("C", OUTER)
SITE = pki.leaf(INNER, pki.HOST)
STRANGER = pki.authority("Asing")
CROSSED = pki.authority("C", pki.authority("Akar Lain"))  # the same name and key as INNER, another issuer
LONE = pki.leaf(None, pki.HOST)

LETTERS = {"l": SITE, "c": INNER, "b": OUTER, "a": ROOT, "s": STRANGER, "x": CROSSED, "o": LONE}


def chain(letters: str) -> list[bytes]:
    return [LETTERS[letter].der for letter in letters]


@pytest.mark.parametrize(
    ("letters", "remarks"),
    [
        ("lcb", ()),
        ("lcba", ("root",)),
        ("lbc", ("misordered",)),
        ("labc", ("misordered", "root")),
        ("lcbs", ("extra",)),
        ("lscb", ("extra",)),
        ("lccb", ("duplicate",)),
        ("lcbl", ("duplicate",)),
        ("lcbx", ()),  # cross-signed: another way up, not a stranger
        ("o", ()),
        ("os", ("extra",)),
    ],
)
def test_remarks_where_some_store_knows_the_way(letters: str, remarks: tuple[str, ...]) -> None:
    assert order(chain(letters), led_to_a_root=True) == Order(remarks, complete=True)


def test_leaf_alone_misses_its_issuer() -> None:
    assert order(chain("l"), led_to_a_root=False) == Order(("missing",), complete=True)


def test_leaf_with_strangers_misses_its_issuer_too() -> None:
    assert order(chain("ls"), led_to_a_root=False) == Order(("extra", "missing"), complete=True)


def test_chain_up_to_an_unknown_root_may_be_all_or_not() -> None:
    assert order(chain("lcb"), led_to_a_root=False) == Order((), complete=False)


def test_chain_with_a_root_that_nobody_trusts_misses_nothing() -> None:
    assert order(chain("lcba"), led_to_a_root=False) == Order(("root",), complete=True)


@pytest.mark.parametrize("digest", [hashes.MD5(), hashes.SHA1()])
def test_weak_signatures_hold_a_chain_together_too(digest: hashes.MD5 | hashes.SHA1) -> None:
    above = pki.authority("Lama", pki.authority(key="rsa-2048"), key="rsa-2048", digest=digest)
    site = pki.leaf(above, pki.HOST, digest=digest)
    assert order(site.chain_der, led_to_a_root=True) == Order((), complete=True)


@pytest.mark.parametrize("key", ["rsa-2048", "dsa-2048", "ec-p521", "ed25519", "ed448"])
def test_every_kind_of_key_is_known_again_as_the_issuers(key: str) -> None:
    above = pki.authority("Penerbit", pki.authority(key=key), key=key)
    impostor = pki.authority("Penerbit", pki.authority("Lain"), key="ec-p384")
    assert order([*pki.leaf(above, pki.HOST).chain_der, impostor.der], led_to_a_root=True).remarks == ("extra",)


def test_unreadable_certificate_leaves_the_remarks_open() -> None:
    assert order([*chain("lcb"), b"junk"], led_to_a_root=True) == Order((), complete=False)


@pytest.mark.parametrize(
    ("letters", "leads"), [("lcb", True), ("lbc", True), ("lc", False), ("ls", False), ("lx", False)]
)
def test_openssl_agrees_on_what_leads_to_the_root(letters: str, *, leads: bool, tmp_path: Path) -> None:
    assert _verifies(tmp_path, chain(letters), ROOT.pem) == leads


def _verifies(folder: Path, sent: Sequence[bytes], root: bytes) -> bool:
    pem = [load_der_x509_certificate(der).public_bytes(Encoding.PEM) for der in sent]
    (folder / "root.pem").write_bytes(root)
    (folder / "leaf.pem").write_bytes(pem[0])
    (folder / "rest.pem").write_bytes(b"".join(pem[1:]))
    command = ["openssl", "verify", "-CAfile", "root.pem", "-untrusted", "rest.pem", "leaf.pem"]
    return subprocess.run(command, cwd=folder, check=False, capture_output=True).returncode == 0
