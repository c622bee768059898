"""A TLS 1.2 server of one suite, AES_128_CBC_SHA under RSA, whose every weakness is a switch.

    with tiny_tls.running(identity, Behaviour(heartbeat="bleeds")) as seen: ...

It is written apart from the engine that it tests: key derivation is tlslite-ng's, and that a sound one is sound is
what `openssl s_client` says (`test_tls_probes.py`).
"""

import hmac
import secrets
import socket
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.wire.listener import Listener, listening
from tests.wire.pki import Identity

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from tlslite.mathtls import PRF_1_2  # type: ignore[import-untyped]
    from tlslite.utils.cryptomath import secureHash  # type: ignore[import-untyped]

SUITE = 0x002F
VERSION = b"\x03\x03"


@dataclass(frozen=True)
class Behaviour:
    heartbeat: Literal["none", "sound", "bleeds"] = "none"
    early_change: Literal["refused", "dropped", "taken", "taken and dropped"] = "refused"
    key_exchange: Literal["hidden", "alert", "reset", "stalls", "alert at once"] = "hidden"
    """What shows of an ill-formed RSA key exchange."""
    padding: Literal["checked", "ignored", "alert", "closed"] = "checked"
    """Whether padding is looked at, and how it shows when it alone is wrong."""
    mac: Literal["hidden", "alert"] = "hidden"
    """How a wrong MAC behind sound padding shows."""
    only_data: bool = False
    """Weak in padding and MAC for data alone, not for Finished."""
    tickets: bool = False
    session: Literal["echoed", "filled up"] = "echoed"
    compression: bool = False
    extensions: Literal["borne", "unknown refused", "any refused"] = "borne"
    longest: int = 65_536
    """Octets of a hello that is borne."""
    most_suites: int = 65_536
    warning: bool = False
    """Begin with the warning unrecognized_name."""
    fragment: int = 16_384
    """Octets of handshake in a record."""
    certificates: int = 1
    """How often the certificate is sent, to make the flight long."""


class _End(Exception):  # noqa: N818 - it is none
    """The conversation is over."""


class _Conversation:
    def __init__(self, connection: socket.socket, identity: Identity, behaviour: Behaviour) -> None:
        self.socket, self.identity, self.behaviour = connection, identity, behaviour
        assert isinstance(identity.key, RSAPrivateKey)
        self.numbers = identity.key.private_numbers()
        self.size = identity.key.key_size // 8
        self.transcript = b""
        self.client_random, self.server_random = b"", secrets.token_bytes(32)
        self.keys: list[bytes] = []
        self.master = b""
        self.sequences = [0, 0]
        self.changed = self.replied = self.wants_ticket = self.ill_formed = False

    # Records

    def record(self) -> tuple[int, bytes]:
        head = self.exactly(5)
        return head[0], self.exactly(int.from_bytes(head[3:5]))

    def exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            block = self.socket.recv(count - len(data))
            if not block:
                raise _End
            data += block
        return data

    def send(self, kind: int, content: bytes) -> None:
        if self.replied:
            content = self.sealed(kind, content)
        self.socket.sendall(bytes([kind]) + VERSION + struct.pack(">H", len(content)) + content)

    def alert(self, description: int, level: int = 2) -> None:
        self.send(21, bytes([level, description]))
        if level == 2:
            self.end()

    def end(self) -> None:
        self.socket.shutdown(socket.SHUT_WR)
        raise _End

    def reset(self) -> None:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()
        raise _End

    def handshake(self, *messages: tuple[int, bytes]) -> None:
        stream = b"".join(bytes([kind]) + len(body).to_bytes(3) + body for kind, body in messages)
        self.transcript += stream
        if self.replied:
            self.send(22, stream)
            return
        for at in range(0, len(stream), self.behaviour.fragment):
            self.send(22, stream[at : at + self.behaviour.fragment])

    # Protection

    def derive(self, premaster: bytes) -> None:
        self.master = bytes(
            PRF_1_2(bytearray(premaster), b"master secret", bytearray(self.client_random + self.server_random), 48)
        )
        self.expand()

    def expand(self) -> None:
        block = bytes(
            PRF_1_2(bytearray(self.master), b"key expansion", bytearray(self.server_random + self.client_random), 72)
        )
        self.keys = [block[0:20], block[20:40], block[40:56], block[56:72]]

    def finished(self, label: bytes) -> bytes:
        return bytes(PRF_1_2(bytearray(self.master), label, secureHash(bytearray(self.transcript), "sha256"), 12))

    def sealed(self, kind: int, content: bytes) -> bytes:
        mac = self.mac(1, kind, content)
        pad = 15 - (len(content) + 20) % 16
        iv = secrets.token_bytes(16)
        plain = content + mac + bytes([pad]) * (pad + 1)
        return iv + Cipher(algorithms.AES(self.keys[3]), modes.CBC(iv)).encryptor().update(plain)

    def mac(self, side: int, kind: int, content: bytes) -> bytes:
        head = struct.pack(">Q", self.sequences[side]) + bytes([kind]) + VERSION + struct.pack(">H", len(content))
        self.sequences[side] += 1
        return hmac.digest(self.keys[side], head + content, "sha1")

    def unsealed(self, kind: int, fragment: bytes) -> bytes:
        """The content; what is wrong with it is told as the behaviour has it."""
        this = self.behaviour if kind == 23 or not self.behaviour.only_data else Behaviour()
        if self.ill_formed and self.behaviour.key_exchange == "alert":
            self.alert(21)
        plain = Cipher(algorithms.AES(self.keys[2]), modes.CBC(fragment[:16])).decryptor().update(fragment[16:])
        pad = plain[-1]
        room = pad + 1 + 20 <= len(plain)
        padded = room and plain[-pad - 1 :] == bytes([pad]) * (pad + 1)
        content, mac = (plain[: -pad - 21], plain[-pad - 21 : -pad - 1]) if room else (b"", b"")
        authentic = hmac.compare_digest(self.mac(0, kind, content), mac)
        if authentic and (padded or this.padding == "ignored"):
            return content
        if authentic and this.padding == "closed":
            self.end()
        if authentic and this.padding == "alert":
            self.alert(21)
        self.alert(51 if padded and this.mac == "alert" else 20)
        raise _End

    # The conversation

    def run(self) -> None:  # noqa: C901, PLR0912 - one branch a kind of record
        kind, fragment = self.record()
        if kind != 22 or fragment[:1] != b"\1":
            self.end()
        self.hello(fragment)
        decrypting = False
        while True:
            kind, fragment = self.record()
            if decrypting:
                if self.behaviour.early_change == "taken and dropped":
                    self.end()
                self.alert(21)
            if kind == 20 and not self.keys:
                if self.behaviour.early_change == "refused":
                    self.alert(10)
                if self.behaviour.early_change == "dropped":
                    self.end()
                decrypting = True
            elif kind == 20:
                self.changed = True
            elif kind == 24:
                self.heartbeat(fragment)
            elif kind == 21:
                self.end()
            elif kind == 22 and not self.changed:
                self.transcript += fragment
                self.key_exchange(fragment[6:])
            elif kind == 22 and not self.replied:
                self.finish(self.unsealed(22, fragment))
            elif kind == 22:
                self.unsealed(22, fragment)
                self.alert(100, level=1)
            elif kind == 23:
                self.unsealed(23, fragment)
                self.send(23, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                self.alert(0, level=1)
                self.end()

    def hello(self, message: bytes) -> None:
        self.transcript = message
        self.client_random = message[6:38]
        at = 38
        session = message[at + 1 : at + 1 + message[at]]
        at += 1 + message[at]
        size = int.from_bytes(message[at : at + 2])
        suites = {int.from_bytes(message[i : i + 2]) for i in range(at + 2, at + 2 + size, 2)}
        at += 2 + size
        deflates = 1 in message[at + 1 : at + 1 + message[at]]
        at += 1 + message[at]
        extensions: dict[int, bytes] = {}
        rest = message[at + 2 :]
        while rest:
            kind, size = struct.unpack(">HH", rest[:4])
            extensions[kind], rest = rest[4 : 4 + size], rest[4 + size :]
        self.refuse(message, suites, extensions)
        if message[4:6] < VERSION or extensions.get(43, VERSION).find(VERSION) < 0:
            self.alert(70)
        if SUITE not in suites:
            self.alert(40)
        if self.behaviour.warning:
            self.send(21, b"\1\x70")
        self.answer(session, extensions, deflates=deflates)

    def refuse(self, message: bytes, suites: set[int], extensions: dict[int, bytes]) -> None:
        known = {0, 10, 11, 13, 15, 16, 35, 43, 0xFF01, 5, 18, 21, 22, 23, 28, 51}
        if self.behaviour.extensions == "any refused" and extensions:
            self.alert(50)
        if self.behaviour.extensions == "unknown refused" and not extensions.keys() <= known:
            self.alert(110)
        if len(message) > self.behaviour.longest or len(suites) > self.behaviour.most_suites:
            self.end()

    def answer(self, session: bytes, extensions: dict[int, bytes], *, deflates: bool) -> None:
        ticket = extensions.get(35)
        said = b"\xff\x01\x00\x01\x00"
        if 15 in extensions and self.behaviour.heartbeat != "none":
            said += b"\x00\x0f\x00\x01\x01"
        self.wants_ticket = ticket == b"" and self.behaviour.tickets
        if self.wants_ticket:
            said += b"\x00\x23\x00\x00"
        resumed = bool(ticket) and self.behaviour.tickets
        if resumed:
            assert ticket is not None
            self.master = ticket[4:]
            if self.behaviour.session == "filled up":
                session = (session + bytes(range(32)))[:32]
        compression = b"\1" if deflates and self.behaviour.compression else b"\0"
        own = session if resumed else b""
        if not extensions:
            said = b""
        hello = VERSION + self.server_random + bytes([len(own)]) + own + SUITE.to_bytes(2) + compression
        hello += len(said).to_bytes(2) + said if said else b""
        if resumed:
            self.handshake((2, hello))
            self.expand()
            self.send(20, b"\1")
            self.replied = True
            self.handshake((20, self.finished(b"server finished")))
            return
        der = self.identity.der
        listed = b"".join(len(each).to_bytes(3) + each for each in [der] * self.behaviour.certificates)
        self.handshake((2, hello), (11, len(listed).to_bytes(3) + listed), (14, b""))

    def heartbeat(self, fragment: bytes) -> None:
        claimed = int.from_bytes(fragment[1:3])
        sound = 3 + claimed + 16 <= len(fragment)
        if self.behaviour.heartbeat == "none":
            self.alert(10)
        if sound or self.behaviour.heartbeat == "bleeds":
            self.send(24, b"\2" + claimed.to_bytes(2) + fragment[3 : 3 + claimed].ljust(claimed, b"\xee") + bytes(16))

    def key_exchange(self, sealed: bytes) -> None:
        number = pow(int.from_bytes(sealed), self.numbers.d, self.numbers.public_numbers.n)
        plain = number.to_bytes(self.size)
        sound = plain[:2] == b"\0\2" and plain[-49] == 0 and 0 not in plain[2:-49] and plain[-48:-46] == VERSION
        if not sound and self.behaviour.key_exchange == "alert at once":
            self.alert(51)
        if not sound and self.behaviour.key_exchange == "reset":
            self.reset()
        if not sound and self.behaviour.key_exchange == "stalls":
            self.socket.settimeout(30)
            while self.socket.recv(100):
                pass
            raise _End
        self.ill_formed = not sound
        self.derive(plain[-48:] if sound else secrets.token_bytes(48))

    def finish(self, content: bytes) -> None:
        if content[4:] != self.finished(b"client finished"):
            self.alert(51)
        self.transcript += content
        if self.wants_ticket:
            ticket = b"tiny" + self.master
            self.handshake((4, (7200).to_bytes(4) + len(ticket).to_bytes(2) + ticket))
        self.send(20, b"\1")
        self.replied = True
        self.handshake((20, self.finished(b"server finished")))


@contextmanager
def running(identity: Identity, behaviour: Behaviour) -> Iterator[Listener]:
    """Serve until the block ends; the identity's key is RSA."""

    def talk(connection: socket.socket, _: Listener) -> None:
        conversation = _Conversation(connection, identity, behaviour)
        try:
            conversation.run()
        except _End:
            return

    with listening(talk) as seen:
        yield seen
