"""OCSP responses: what they say, and which of them nobody has to believe."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from hypothesis import example, given, settings
from hypothesis import strategies as st

from checks.certificate import ocsp
from tests.wire import pki, revocations

ROOT = pki.authority("Akar Uji")
ISSUER = pki.authority("Penerbit Uji", ROOT)
SITE = pki.leaf(ISSUER, pki.HOST)


def said(der: bytes, *issuers: pki.Identity) -> ocsp.Statement:
    return ocsp.read(der, SITE.certificate, [each.certificate for each in issuers or (ISSUER,)])


@pytest.mark.parametrize("status", [revocations.GOOD, revocations.REVOKED, revocations.UNKNOWN])
def test_the_issuers_word(status: object) -> None:
    found = said(revocations.response(SITE, ISSUER, status))  # type: ignore[arg-type]
    assert (found.status, found.faults) == (status.name.lower(), ())  # type: ignore[attr-defined]


def test_period_and_reason() -> None:
    period = revocations.current()
    found = said(revocations.response(SITE, ISSUER, revocations.REVOKED, period=period))
    assert (found.this_update, found.next_update, found.reason) == (period.begins, period.ends, "keyCompromise")
    assert found.current(pki.now())
    assert not said(revocations.response(SITE, ISSUER, period=revocations.stale())).current(pki.now())


def test_a_clock_that_is_a_little_ahead_is_forgiven() -> None:
    for minutes, current in ((4, True), (6, False)):
        begins = pki.now() + timedelta(minutes=minutes)
        period = revocations.Period(begins, begins + pki.DAY)
        assert said(revocations.response(SITE, ISSUER, period=period)).current(pki.now()) is current


def test_a_response_without_end_holds_until_there_is_another() -> None:
    endless = revocations.Period(pki.now() - 400 * pki.DAY, None)
    assert said(revocations.response(SITE, ISSUER, period=endless)).current(pki.now())


def test_one_for_another_certificate() -> None:
    other = pki.leaf(ISSUER, "lain.go.id")
    assert said(revocations.response(other, ISSUER)).faults == (ocsp.ANOTHER,)


def test_one_for_the_same_number_of_another_authority() -> None:
    stranger = pki.authority("Penerbit Lain", ROOT)
    assert ocsp.ANOTHER in said(revocations.response(SITE, stranger)).faults


def test_one_that_a_stranger_signed() -> None:
    stranger = pki.authority("Orang Lain")
    assert said(revocations.response(SITE, ISSUER, signer=stranger)).faults == (ocsp.UNSIGNED,)


def test_a_delegate_of_the_issuer_may_answer() -> None:
    assert said(revocations.response(SITE, ISSUER, signer=revocations.delegate(ISSUER))).believed


def test_a_certificate_of_the_issuer_that_is_no_delegate_may_not() -> None:
    other = revocations.delegate(ISSUER, granted=False)
    assert said(revocations.response(SITE, ISSUER, signer=other)).faults == (ocsp.UNSIGNED,)


def test_a_delegate_of_another_authority_may_not() -> None:
    other = revocations.delegate(pki.authority("Penerbit Lain", ROOT))
    assert said(revocations.response(SITE, ISSUER, signer=other)).faults == (ocsp.UNSIGNED,)


def test_names_may_be_digested_otherwise() -> None:
    assert said(revocations.response(SITE, ISSUER, algorithm=hashes.SHA256())).believed


def test_without_the_issuer_nobody_can_tell() -> None:
    assert said(revocations.response(SITE, ISSUER), ROOT).faults == (ocsp.UNVERIFIED,)


def test_a_responder_that_has_no_answer() -> None:
    assert said(revocations.refusal()).faults == (ocsp.UNSUCCESSFUL,)


WHOLE = revocations.response(SITE, ISSUER)


@settings(deadline=None)
@given(st.data())
def test_whatever_is_changed_is_never_believed_to_be_more(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(WHOLE) - 1))
    changed = bytearray(WHOLE)
    changed[at] ^= data.draw(st.integers(1, 255))
    found = said(bytes(changed))
    assert not found.believed or found.status == "good"


@settings(deadline=None)
@given(st.binary(max_size=300))
@example(b"")
@example(b"\x30\x03\x0a\x01\x00")
def test_no_bytes_raise(data: bytes) -> None:
    assert not said(data).believed
