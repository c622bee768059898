import asyncio
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms as asn1_cms  # type: ignore[import-untyped] # has no stubs
from asn1crypto import core
from asn1crypto import keys as keyinfo
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs7
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from auditor.model import Outcome
from auditor.trust import cms, keys
from auditor.trust.cms import Reason, Warned
from tests.unit.trust.certificates import NOW, ROOT, ROOTS, YEAR, Issued, Key, issue, signer

DATA = b"e3b0c442  report.json\n"
DAY = timedelta(days=1)
RSA_2048 = rsa.generate_private_key(65537, 2048)

LEAF = issue("Petugas", ROOT)


P7S = cms.sign(signer(LEAF), DATA, NOW)


def reason(p7s: bytes, *, data: bytes = DATA, roots: Sequence[x509.Certificate] = ROOTS, at: datetime = NOW) -> Reason:
    """The reason, having made sure that only a good signature passes."""
    status = cms.check(data, p7s, roots, at)
    assert (status.outcome is Outcome.PASS) == (status.reason is Reason.GOOD)
    return status.reason


def openssl(tmp_path: Path, p7s: bytes, *, data: bytes = DATA, root: Issued = ROOT, options: Sequence[str] = ()) -> int:
    """Exit code of the verifier that a reviewer has without us."""
    (tmp_path / "data").write_bytes(data)
    (tmp_path / "p7s").write_bytes(p7s)
    (tmp_path / "root.pem").write_bytes(root.pem)
    command: list[str | Path] = [
        "openssl",
        "cms",
        "-verify",
        "-cades",
        "-binary",
        "-inform",
        "DER",
        "-in",
        tmp_path / "p7s",
    ]
    command += ["-content", tmp_path / "data", "-CAfile", tmp_path / "root.pem", "-out", "/dev/null"]
    command += ["-attime", str(int(NOW.timestamp())), *options]
    return subprocess.run(command, capture_output=True, check=False).returncode


def test_a_good_signature_names_its_signer_and_its_claimed_time() -> None:
    status = cms.check(DATA, P7S, ROOTS, NOW + DAY)
    assert (status.outcome, status.reason, status.intact) == (Outcome.PASS, Reason.GOOD, True)
    assert (status.subject, status.level, status.self_signed) == ("CN=Petugas", "CAdES-B", False)
    assert status.fingerprint == LEAF.certificate.fingerprint(hashes.SHA256()).hex()
    assert status.signed_at == NOW


@pytest.mark.parametrize(
    "key",
    [
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP384R1()),
        rsa.generate_private_key(65537, 3072),
    ],
    ids=["P-256", "P-384", "RSA-3072"],
)
def test_openssl_accepts_every_kind_of_key_and_no_other_data_or_root(tmp_path: Path, key: Key) -> None:
    p7s = cms.sign(signer(issue("Petugas", ROOT, key=key)), DATA, NOW)
    assert reason(p7s) is Reason.GOOD
    assert openssl(tmp_path, p7s) == 0
    assert openssl(tmp_path, p7s, data=DATA + b" ") != 0
    assert openssl(tmp_path, p7s, root=issue("Akar Percobaan", ca=True)) != 0


def test_the_digest_is_sha384_and_the_certificate_is_bound_for_p384() -> None:
    signed = asn1_cms.ContentInfo.load(P7S)["content"]
    info = signed["signer_infos"][0]
    assert info["digest_algorithm"]["algorithm"].native == "sha384"
    assert info["signature_algorithm"]["algorithm"].native == "sha384_ecdsa"
    assert "signing_certificate_v2" in [attribute["type"].native for attribute in info["signed_attrs"]]
    assert signed["encap_content_info"]["content"].native is None
    assert len(signed["certificates"]) == 1


def test_the_chain_goes_along_but_never_the_root(tmp_path: Path) -> None:
    middle = issue("Penerbit Antara", ROOT, ca=True)
    leaf = issue("Petugas", middle)
    p7s = cms.sign(signer(leaf, [middle, ROOT]), DATA, NOW)
    assert len(asn1_cms.ContentInfo.load(p7s)["content"]["certificates"]) == 2
    assert reason(p7s) is Reason.GOOD
    assert openssl(tmp_path, p7s) == 0
    assert reason(cms.sign(signer(leaf), DATA, NOW)) is Reason.UNTRUSTED


def test_altered_data_is_told_from_a_forged_signature() -> None:
    assert reason(P7S, data=DATA.replace(b"report", b"repart")) is Reason.ALTERED
    signed = asn1_cms.ContentInfo.load(P7S)
    other = asn1_cms.ContentInfo.load(cms.sign(signer(LEAF), DATA, NOW))
    signed["content"]["signer_infos"][0]["signature"] = other["content"]["signer_infos"][0]["signature"].native
    assert reason(signed.dump(force=True)) in {Reason.GOOD, Reason.FORGED}  # same attributes: either is sound
    later = asn1_cms.ContentInfo.load(cms.sign(signer(LEAF), DATA, NOW + DAY))
    signed["content"]["signer_infos"][0]["signature"] = later["content"]["signer_infos"][0]["signature"].native
    assert reason(signed.dump(force=True)) is Reason.FORGED


def test_every_single_bit_of_the_signature_file_counts() -> None:
    for position in range(len(P7S)):
        twisted = bytearray(P7S)
        twisted[position] ^= 1 << (position % 8)
        assert cms.check(DATA, bytes(twisted), ROOTS, NOW).outcome is Outcome.FAIL, position


def test_every_truncation_and_extension_is_refused() -> None:
    for length in range(0, len(P7S), 7):
        assert reason(P7S[:length]) is Reason.MALFORMED
    assert reason(P7S + b"\0") is Reason.MALFORMED
    assert reason(b"\0" * 2_000_000) is Reason.MALFORMED


@given(st.binary(max_size=400) | st.tuples(st.integers(0, len(P7S)), st.binary(max_size=8)).map(
    lambda cut: P7S[: cut[0]] + cut[1] + P7S[cut[0] + len(cut[1]) :] if cut[1] else P7S[:-1]
))  # fmt: skip
def test_no_bytes_at_all_make_it_raise_or_pass(p7s: bytes) -> None:
    status = cms.check(DATA, p7s, ROOTS, NOW)
    assert status.outcome is Outcome.FAIL or p7s == P7S


def test_a_foreign_root_proves_nothing() -> None:
    assert reason(P7S, roots=(issue("Akar Lain", ca=True).certificate,)) is Reason.UNTRUSTED
    namesake = issue("Akar Percobaan", ca=True)
    assert reason(P7S, roots=(namesake.certificate,)) is Reason.UNTRUSTED
    assert reason(P7S, roots=(namesake.certificate, ROOT.certificate)) is Reason.GOOD


def test_a_root_that_the_signature_brings_along_is_not_trusted(tmp_path: Path) -> None:
    own_root = issue("Akar Penyerang", ca=True)
    p7s = cms.sign(signer(issue("Petugas", own_root), [own_root]), DATA, NOW)
    assert reason(p7s) is Reason.UNTRUSTED
    assert openssl(tmp_path, p7s) != 0


def test_without_roots_trust_is_unknown_and_the_system_store_is_not_asked() -> None:
    status = cms.check(DATA, P7S, (), NOW)
    assert (status.outcome, status.reason, status.intact) == (Outcome.UNKNOWN, Reason.NO_ROOTS, True)


def test_a_leaf_is_no_root_even_when_handed_over_as_one() -> None:
    assert reason(P7S, roots=(LEAF.certificate,)) is Reason.UNTRUSTED


def test_an_ephemeral_key_is_never_trusted_not_even_as_its_own_root() -> None:
    one = keys.ephemeral()
    now = datetime.now(UTC)
    p7s = cms.sign(one, DATA, now)
    for roots in ((), ROOTS, (one.certificate,)):
        status = cms.check(DATA, p7s, roots, now)
        assert (status.outcome, status.reason) == (Outcome.FAIL, Reason.SELF_SIGNED)
        assert (status.intact, status.self_signed) == (True, True)


def test_a_root_may_not_sign_itself() -> None:
    usable = issue("Akar Percobaan", ca=True)
    assert reason(cms.sign(signer(usable), DATA, NOW), roots=(usable.certificate,)) is Reason.USAGE


def test_a_certificate_for_web_servers_does_not_sign_reports(tmp_path: Path) -> None:
    p7s = cms.sign(signer(issue("Petugas", ROOT, usages=(ExtendedKeyUsageOID.SERVER_AUTH,))), DATA, NOW)
    assert reason(p7s) is Reason.USAGE
    assert openssl(tmp_path, p7s) != 0


def test_a_certificate_for_encryption_only_does_not_sign_reports() -> None:
    assert reason(cms.sign(signer(issue("Petugas", ROOT, sign_usage=False)), DATA, NOW)) is Reason.USAGE


def test_an_expired_chain_is_unknown_if_it_held_at_the_claimed_time(tmp_path: Path) -> None:
    status = cms.check(DATA, P7S, ROOTS, NOW + 3 * YEAR)
    assert (status.outcome, status.reason, status.intact) == (Outcome.UNKNOWN, Reason.EXPIRED, True)
    later = ("-attime", str(int((NOW + 3 * YEAR).timestamp())))
    assert openssl(tmp_path, P7S, options=later) != 0


def test_an_expired_root_does_not_carry_a_valid_leaf() -> None:
    old = issue("Akar Tua", ca=True, start=NOW - 3 * YEAR, end=NOW - DAY)
    p7s = cms.sign(signer(issue("Petugas", old)), DATA, NOW)
    status = cms.check(DATA, p7s, (old.certificate,), NOW)
    assert (status.outcome, status.reason) == (Outcome.FAIL, Reason.EXPIRED)


@pytest.mark.parametrize("moment", [NOW - 2 * YEAR, NOW + 2 * YEAR], ids=["before", "after"])
def test_a_claimed_time_outside_the_certificate_is_refused(moment: datetime) -> None:
    p7s = cms.sign(signer(LEAF), DATA, moment)
    assert reason(p7s, at=NOW + 3 * YEAR) is Reason.OUTSIDE_VALIDITY


def test_a_signature_from_the_future_is_refused_beyond_clock_skew() -> None:
    assert reason(cms.sign(signer(LEAF), DATA, NOW + timedelta(minutes=4))) is Reason.GOOD
    assert reason(cms.sign(signer(LEAF), DATA, NOW + timedelta(minutes=6))) is Reason.OUTSIDE_VALIDITY


def test_foreign_rsa_of_2048_bits_passes_with_a_warning_and_less_does_not() -> None:
    status = cms.check(DATA, cms.sign(signer(issue("Petugas", ROOT, key=RSA_2048)), DATA, NOW), ROOTS, NOW)
    assert (status.outcome, status.warnings) == (Outcome.PASS, (Warned.SHORT_RSA,))
    short = rsa.generate_private_key(65537, 1024)
    assert reason(cms.sign(signer(issue("Petugas", ROOT, key=short)), DATA, NOW)) is Reason.WEAK
    curve = ec.generate_private_key(ec.SECP256K1())
    assert reason(cms.sign(signer(issue("Petugas", ROOT, key=curve)), DATA, NOW)) is Reason.WEAK


def test_a_weak_key_anywhere_in_the_chain_is_refused() -> None:
    short = issue("Antara", ROOT, ca=True, key=rsa.generate_private_key(65537, 1024))
    assert reason(cms.sign(signer(issue("Petugas", short), [short]), DATA, NOW)) in {Reason.WEAK, Reason.UNTRUSTED}


def openssl_sign(tmp_path: Path, *options: str, issued: Issued = LEAF) -> bytes:
    """A signature by somebody else's program."""
    (tmp_path / "data").write_bytes(DATA)
    (tmp_path / "key.pem").write_bytes(issued.key_pem)
    (tmp_path / "cert.pem").write_bytes(issued.pem)
    command: list[str | Path] = ["openssl", "cms", "-sign", "-binary", "-in", tmp_path / "data", "-outform", "DER"]
    command += ["-signer", tmp_path / "cert.pem", "-inkey", tmp_path / "key.pem", *options]
    return subprocess.run(command, capture_output=True, check=True).stdout


def test_a_cades_signature_of_openssl_is_read_and_its_lesser_kinds_are_not(tmp_path: Path) -> None:
    now = datetime.now(UTC) + timedelta(minutes=1)
    root = issue("Akar Percobaan", ca=True, start=now - DAY, end=now + DAY)
    leaf = issue("Petugas", root, start=now - DAY, end=now + DAY)

    def judged(*options: str) -> Reason:
        p7s = openssl_sign(tmp_path, *options, issued=leaf)
        return reason(p7s, roots=(root.certificate,), at=now)

    assert judged("-cades", "-md", "sha384") is Reason.GOOD
    assert judged("-md", "sha384") is Reason.NOT_CADES
    assert judged("-noattr", "-md", "sha384") is Reason.NOT_CADES
    assert judged("-cades", "-md", "sha1") is Reason.NOT_CADES  # it then binds the certificate by SHA-1
    assert judged("-cades", "-md", "sha384", "-nodetach") is Reason.ATTACHED
    assert judged("-cades", "-md", "sha384", "-nocerts") is Reason.MALFORMED
    assert judged("-cades", "-md", "sha384", "-keyid") is Reason.MALFORMED


@pytest.mark.parametrize(
    ("digest", "expected"), [("sha1", Reason.WEAK), ("sha224", Reason.WEAK), ("sha512", Reason.GOOD)]
)
def test_a_hash_below_the_floor_is_refused(digest: str, expected: Reason) -> None:
    key = keyinfo.PrivateKeyInfo.load(LEAF.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    certificate = asn1_x509.Certificate.load(LEAF.certificate.public_bytes(Encoding.DER))
    foreign = SimpleSigner(certificate, key, SimpleCertificateStore())  # type: ignore[no-untyped-call] # pyHanko leaves it out
    settings = PdfCMSSignedAttributes(signing_time=NOW)
    signed = asyncio.run(foreign.async_sign_general_data(DATA, digest, use_cades=True, signed_attr_settings=settings))
    assert reason(signed.dump()) is expected


def test_two_signers_are_refused() -> None:
    builder = pkcs7.PKCS7SignatureBuilder().set_data(DATA)
    for issued in (LEAF, issue("Orang Kedua", ROOT)):
        assert isinstance(issued.key, ec.EllipticCurvePrivateKey)
        builder = builder.add_signer(issued.certificate, issued.key, hashes.SHA384())
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    assert reason(builder.sign(Encoding.DER, options)) is Reason.SIGNERS


def test_nothing_may_ride_along_unsigned() -> None:
    signed = asn1_cms.ContentInfo.load(P7S)
    extra = asn1_cms.CMSAttribute({"type": "1.2.3.4", "values": [core.Integer(1)]})
    signed["content"]["signer_infos"][0]["unsigned_attrs"] = [extra]
    assert reason(signed.dump(force=True)) is Reason.MALFORMED


def test_a_certificate_swapped_for_another_of_the_same_key_is_noticed() -> None:
    twin = issue("Petugas", ROOT, key=LEAF.key)
    signed = asn1_cms.ContentInfo.load(P7S)
    certificate = asn1_cms.CertificateChoices(
        name="certificate", value=asn1_cms.Certificate.load(twin.certificate.public_bytes(Encoding.DER))
    )
    signed["content"]["certificates"] = [certificate]
    info = signed["content"]["signer_infos"][0]
    info["sid"] = asn1_cms.SignerIdentifier(
        name="issuer_and_serial_number",
        value={"issuer": certificate.chosen.issuer, "serial_number": certificate.chosen.serial_number},
    )
    assert reason(signed.dump(force=True)) is Reason.MALFORMED
