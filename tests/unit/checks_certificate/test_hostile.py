"""Whatever a server shows as chain, staple and timestamps becomes facts and absences, and never an exception."""

from datetime import UTC, datetime

from cryptography.hazmat.primitives import hashes
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model import Absent, Fact
from checks import certificate
from checks.certificate import crl, ocsp
from checks.certificate.presented import Chain
from tests.wire import pki, revocations

ROOT = pki.authority("Akar Uji", key="rsa-1024")
ISSUER = pki.authority("Penerbit Uji", ROOT, key="rsa-1024")
SITE = pki.leaf(
    ISSUER,
    pki.HOST,
    "10.0.0.7",
    key="rsa-1024",
    further=(pki.embedded_timestamps(pki.timestamp_list(pki.timestamp(b"a"))),),
)
STAPLE = revocations.response(SITE, ISSUER, signer=revocations.delegate(ISSUER))
LIST = revocations.revocation_list(ISSUER, SITE)
WEAK = pki.leaf(ISSUER, pki.HOST, key="rsa-1024", digest=hashes.SHA1())
SOUND = (
    SITE.der,
    ISSUER.der,
    ROOT.der,
    STAPLE,
    LIST,
    pki.timestamp_list(pki.timestamp(b"a"), pki.timestamp(b"b")),
    WEAK.der,
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Something sound in which octets were changed, cut out, repeated or put in; or nothing of the kind."""
    data = bytearray(draw(st.sampled_from(SOUND)))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        size = draw(st.integers(0, 8))
        data[at : at + size] = draw(
            st.sampled_from((b"", b"\0", b"\x30\x80", b"\xff" * 4, bytes(data[at : at + 40])))
        ) or draw(st.binary(max_size=4))
    return bytes(data) if draw(st.booleans()) else draw(st.binary(max_size=60))


PIECE = st.one_of(st.sampled_from(SOUND), damaged())


@settings(deadline=None, max_examples=300)
@given(st.lists(PIECE, min_size=1, max_size=4), st.none() | PIECE, st.none() | PIECE)
def test_no_chain_raises(chain: list[bytes], staple: bytes | None, timestamps: bytes | None) -> None:
    shown = Chain("", tuple(chain), staple, timestamps)
    items = list(certificate._chain(pki.HOST, shown, (ROOT.pem,)))
    assert all(isinstance(item, Fact | Absent) for item in items)
    trusted = [item for item in items if isinstance(item, Fact) and item.name == "cert.chain_trusted" and item.value]
    assert not trusted or chain[0] in SOUND


@settings(deadline=None, max_examples=300)
@given(PIECE)
def test_no_answer_of_an_issuer_raises(data: bytes) -> None:
    found = crl.read(data, SITE.certificate, [ISSUER.certificate])
    assert found.fault or data.startswith(LIST)
    said = ocsp.read(data, SITE.certificate, [ISSUER.certificate])
    assert not said.believed or data.startswith(STAPLE)
    assert isinstance(said.current(datetime.now(UTC)), bool)
