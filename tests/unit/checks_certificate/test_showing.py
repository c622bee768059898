"""What servers show in answer to a ClientHello: messages by RFC 5246, 6066 and 8446, and anything else."""

import contextlib
import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.certificate import showing
from checks.tls import secrets13
from checks.tls.hello import TLS12, TLS13, Offer, client_hello
from checks.tls.records import Alert, TlsParseError
from tests.wire import pki

LEAF, ISSUER = b"leaf" * 20, b"issuer" * 20
HELLO13 = client_hello(TLS13, pki.HOST, Offer(groups=[29], shares=secrets13.shares()[:1], status=True))


def vector(octets: int, content: bytes) -> bytes:
    return len(content).to_bytes(octets) + content


def message(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + vector(3, body)


def record(content: bytes, kind: int = 22) -> bytes:
    return bytes([kind]) + b"\3\3" + vector(2, content)


def server_hello(suite: int, *extensions: tuple[int, bytes]) -> bytes:
    listed = b"".join(kind.to_bytes(2) + vector(2, body) for kind, body in extensions)
    return message(2, b"\3\3" + bytes(32) + b"\0" + suite.to_bytes(2) + b"\0" + vector(2, listed))


def certificate(*chain: bytes) -> bytes:
    return message(11, vector(3, b"".join(vector(3, each) for each in chain)))


STATUS = message(22, b"\1" + vector(3, b"response"))
DONE = message(14, b"")
SUITE12 = 0xC02F


def read12(*messages: bytes) -> object:
    return showing.parser(b"", TLS12)(record(b"".join(messages)))


def test_a_chain_in_the_clear() -> None:
    assert read12(server_hello(SUITE12), certificate(LEAF, ISSUER)) == showing.Shown((LEAF, ISSUER))


def test_a_response_that_was_promised_is_waited_for() -> None:
    promised = server_hello(SUITE12, (5, b""))
    assert read12(promised, certificate(LEAF)) is None
    assert read12(promised, certificate(LEAF), STATUS) == showing.Shown((LEAF,), b"response")


def test_a_promise_may_be_broken() -> None:
    assert read12(server_hello(SUITE12, (5, b"")), certificate(LEAF), DONE) == showing.Shown((LEAF,))


def test_timestamps_of_the_handshake() -> None:
    assert read12(server_hello(SUITE12, (18, b"list")), certificate(LEAF)) == showing.Shown((LEAF,), None, b"list")


def test_another_version_is_no_answer() -> None:
    with pytest.raises(TlsParseError):
        showing.parser(b"", TLS12)(record(server_hello(0x1301, (43, b"\3\4"))))


class Server13:
    """The server's side of RFC 8446, section 7.1, written for this test from the key schedule."""

    def __init__(self) -> None:

        private = x25519.X25519PrivateKey.generate()
        theirs = x25519.X25519PublicKey.from_public_bytes(secrets13.shares()[0][1])
        public = private.public_key().public_bytes_raw()
        self.hello = server_hello(0x1301, (43, b"\3\4"), (51, b"\0\x1d" + vector(2, public)))
        early = self.extract(bytes(32), bytes(32))
        handshake = self.extract(
            self.expand(early, b"derived", hashlib.sha256().digest(), 32), private.exchange(theirs)
        )
        secret = self.expand(handshake, b"s hs traffic", hashlib.sha256(HELLO13[5:] + self.hello).digest(), 32)
        self.aead = AESGCM(self.expand(secret, b"key", b"", 16))
        self.iv = self.expand(secret, b"iv", b"", 12)
        self.sent = 0

    @staticmethod
    def extract(salt: bytes, secret: bytes) -> bytes:
        return hmac.new(salt, secret, "sha256").digest()

    @staticmethod
    def expand(secret: bytes, label: bytes, context: bytes, size: int) -> bytes:

        info = size.to_bytes(2) + vector(1, b"tls13 " + label) + vector(1, context)
        return HKDFExpand(hashes.SHA256(), size, info).derive(secret)

    def sealed(self, content: bytes, kind: int = 22) -> bytes:
        nonce = bytes(a ^ b for a, b in zip(self.iv, self.sent.to_bytes(12), strict=True))
        self.sent += 1
        header = b"\x17\3\3" + (len(content) + 17).to_bytes(2)
        return header + self.aead.encrypt(nonce, content + bytes([kind]), header)


def certificate13(*entries: tuple[bytes, tuple[tuple[int, bytes], ...]]) -> bytes:
    listed = b"".join(
        vector(3, der) + vector(2, b"".join(kind.to_bytes(2) + vector(2, body) for kind, body in extensions))
        for der, extensions in entries
    )
    return message(11, b"\0" + vector(3, listed))


def test_a_chain_under_the_keys_of_the_handshake() -> None:
    server = Server13()
    status = b"\1" + vector(3, b"response")
    content = certificate13((LEAF, ((5, status), (18, b"list"))), (ISSUER, ((5, b"\1\0\0\1x"),)))
    flight = message(8, b"\0\0") + message(13, b"\0\0\0") + content
    data = record(server.hello) + record(b"\1", 20) + server.sealed(flight[:40]) + server.sealed(flight[40:])
    parse = showing.parser(HELLO13, TLS13)
    assert parse(data) == showing.Shown((LEAF, ISSUER), b"response", b"list")
    assert all(parse(data[:size]) is None for size in range(6, len(data), 7))


def test_an_alert_under_the_keys_of_the_handshake() -> None:
    server = Server13()
    assert showing.parser(HELLO13, TLS13)(record(server.hello) + server.sealed(b"\2\x28", 21)) == Alert(2, 40)


def test_a_record_under_other_keys_is_an_error() -> None:
    data = record(Server13().hello) + Server13().sealed(message(8, b"\0\0"))
    with pytest.raises(TlsParseError):
        showing.parser(HELLO13, TLS13)(data)


def test_a_share_that_is_no_point_is_an_error() -> None:
    for share in (
        b"\0\x1d" + vector(2, bytes(32)),
        b"\0\x1d" + vector(2, b"x"),
        b"\0\x17" + vector(2, b"\4" + bytes(64)),
        b"",
    ):
        with pytest.raises(TlsParseError):
            showing.parser(HELLO13, TLS13)(record(server_hello(0x1301, (43, b"\3\4"), (51, share))))


PIECES = st.sampled_from([
    server_hello(SUITE12), server_hello(SUITE12, (5, b"")), certificate(LEAF), STATUS, DONE, message(11, b"\0\0\5"),
    server_hello(0x1301, (43, b"\3\4"), (51, b"\0\x1d" + vector(2, bytes(31) + b"\t"))), message(22, b"\1\0"),
])  # fmt: skip
RECORDS = st.builds(
    record,
    st.one_of(PIECES, st.binary(max_size=40)),
    st.sampled_from([22, 23, 20, 21]),
)


@settings(deadline=None)
@given(st.lists(st.one_of(RECORDS, st.binary(max_size=9)), max_size=5), st.sampled_from([TLS12, TLS13]))
def test_nothing_but_the_parsers_own_error(pieces: list[bytes], version: int) -> None:
    with contextlib.suppress(TlsParseError):
        showing.parser(HELLO13, version)(b"".join(pieces))
