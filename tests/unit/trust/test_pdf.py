"""The seal: sound with every kind of key, and broken by every change."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.model import Outcome
from auditor.trust import pdf
from auditor.trust.cms import Reason
from auditor.trust.keys import Signer, ephemeral
from auditor.typesetting import typeset
from tests.unit.trust.certificates import NOW, Issued, Key, issue

PAGE = typeset(b'#set document(title: "x")\n#set page(paper: "a4")\nLaporan', {}, {}, tagged=True)
CARRIER = typeset(
    b'#set document(title: "x")\n#pdf.attach("report.json", bytes(read("r")), relationship: "data", mime-type: "a/b", '
    b'description: "x")',
    {},
    {"r": b'{"a":1}\n'},
    tagged=True,
)
TWO = typeset(
    b'#set document(title: "x")\n#for n in ("report.json", "z.json") { pdf.attach(n, bytes(read("r")), relationship: "data", '
    b'mime-type: "a/b", description: "x") }',
    {},
    {"r": b'{"a":1}\n'},
    tagged=True,
)


@pytest.fixture(scope="module")
def root() -> Issued:
    return issue("Akar", ca=True)


def signer(root: Issued, key: Key | None = None, common: str = "Dinas Kominfo") -> Signer:
    issued = issue(common, root, key=key)
    assert isinstance(issued.key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey)
    return Signer(issued.key, issued.certificate)


@pytest.fixture(scope="module")
def sealed(root: Issued) -> bytes:
    return pdf.seal(PAGE, signer(root), NOW, "id")


KEYS: dict[str, Callable[[], Key]] = {
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "RSA-3072": lambda: rsa.generate_private_key(65537, 3072),
}


@pytest.mark.parametrize("kind", KEYS)
def test_a_seal_of_every_kind_of_key_is_good(root: Issued, kind: str) -> None:
    document = pdf.seal(PAGE, signer(root, KEYS[kind]()), NOW, "id")
    status = pdf.check(document, (root.certificate,), NOW)
    assert (status.outcome, status.reason, status.level) == (Outcome.PASS, Reason.GOOD, "PAdES B-B")
    assert (status.subject, status.signed_at) == ("CN=Dinas Kominfo", NOW)


def test_what_was_sealed_is_the_beginning_of_the_file(sealed: bytes) -> None:
    assert sealed.startswith(PAGE)


def test_a_throwaway_seal_is_intact_and_fails(root: Issued) -> None:
    own = ephemeral()
    now = own.certificate.not_valid_before_utc + timedelta(minutes=10)
    status = pdf.check(pdf.seal(PAGE, own, now, "id"), (root.certificate,), now)
    assert status.intact
    assert (status.outcome, status.reason) == (Outcome.FAIL, Reason.SELF_SIGNED)


def test_a_foreign_root_is_not_trusted(sealed: bytes) -> None:
    status = pdf.check(sealed, (issue("Akar", ca=True).certificate,), NOW)
    assert (status.outcome, status.reason) == (Outcome.FAIL, Reason.UNTRUSTED)


def test_a_seal_from_tomorrow_fails(root: Issued) -> None:
    document = pdf.seal(PAGE, signer(root), NOW + timedelta(days=1), "id")
    assert pdf.check(document, (root.certificate,), NOW).reason is Reason.OUTSIDE_VALIDITY


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_one_bit_changed_anywhere_breaks_the_seal(root: Issued, sealed: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(sealed) - 1))
    bit = data.draw(st.sampled_from([1, 2, 4, 8, 16, 32, 64, 128]))
    twisted = bytearray(sealed)
    twisted[place] ^= bit
    assert pdf.check(bytes(twisted), (root.certificate,), NOW).outcome is Outcome.FAIL


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_signature_itself_cannot_be_written_otherwise(root: Issued, sealed: bytes, data: st.DataObject) -> None:
    start = sealed.index(b"/Contents <", len(PAGE))
    place = data.draw(st.integers(start + 10, sealed.index(b">", start)))
    twisted = bytearray(sealed)
    twisted[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != sealed[place]))
    assert pdf.check(bytes(twisted), (root.certificate,), NOW).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document + b"\n",
        lambda document: document + b"%%EOF\n",
        lambda document: document[:-1],
        lambda document: document[: len(PAGE)],
        lambda document: document[len(PAGE) :],
        lambda document: b"\n" + document,
        lambda _: b"",
        lambda _: PAGE,
        lambda _: b"%PDF-1.7\n" + b"[" * 50_000,
    ],
)
def test_anything_added_or_taken_away_breaks_the_seal(root: Issued, sealed: bytes, change: object) -> None:
    assert callable(change)
    assert pdf.check(change(sealed), (root.certificate,), NOW).outcome is Outcome.FAIL


def test_the_seal_of_another_document_does_not_fit(root: Issued, sealed: bytes) -> None:
    other = typeset(b'#set document(title: "y")\n#set page(paper: "a4")\nLaporan', {}, {}, tagged=True)
    assert pdf.check(other + sealed[len(PAGE) :], (root.certificate,), NOW).outcome is Outcome.FAIL


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    for document in (data, b"%PDF-1.7\n" + data, PAGE[:-200] + data):
        assert pdf.check(document, (), NOW).outcome is Outcome.FAIL
        assert not pdf.carries(document, "report.json", b"{}")


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_no_twisted_attachment_raises(data: st.DataObject) -> None:
    twisted = bytearray(CARRIER)
    twisted[data.draw(st.integers(0, len(CARRIER) - 1))] = data.draw(st.integers(0, 255))
    assert pdf.carries(bytes(twisted), "report.json", b'{"a":1}\n') in (True, False)


def test_only_the_one_attachment_counts() -> None:
    assert pdf.carries(CARRIER, "report.json", b'{"a":1}\n')
    assert not pdf.carries(CARRIER, "report.json", b'{"a":2}\n')
    assert not pdf.carries(CARRIER, "z.json", b'{"a":1}\n')
    assert not pdf.carries(TWO, "report.json", b'{"a":1}\n')
    assert not pdf.carries(PAGE, "report.json", b'{"a":1}\n')
