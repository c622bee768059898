"""ClientHellos for exactly one protocol version each, as broad in everything else as servers tolerate."""

import hashlib
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from ipaddress import ip_address
from operator import attrgetter
from typing import Any, Literal

SSL30, TLS10, TLS11, TLS12, TLS13 = 0x0300, 0x0301, 0x0302, 0x0303, 0x0304

SUITES_TLS13 = (0x1301, 0x1302, 0x1303, 0x1304, 0x1305)

# Suites by what they need, without PSK, SRP, Kerberos and static (EC)DH: no web server lives on those alone.
_ECDHE = (0xC009, 0xC00A, 0xC013, 0xC014, 0xC008, 0xC012, 0xC007, 0xC011, 0xC006, 0xC010)
_DHE = (0x33, 0x39, 0x32, 0x38, 0x45, 0x88, 0x44, 0x87, 0x9A, 0x99, 0x16, 0x13, 0x15, 0x12, 0x14, 0x11, 0x66)
_RSA = (0x2F, 0x35, 0x41, 0x84, 0x96, 0x0A, 0x05, 0x04, 0x07, 0x09, 0x08, 0x06, 0x03, 0x02, 0x01)
_ANONYMOUS = (0xC018, 0xC019, 0xC017, 0xC016, 0xC015, 0x34, 0x3A, 0x46, 0x89, 0x9B, 0x1B, 0x1A, 0x18, 0x19, 0x17)
SUITES_LEGACY = (*_ECDHE, *_DHE, *_RSA, *_ANONYMOUS)
"""Defined for SSL 3.0 to TLS 1.1 (RFC 2246, 4346, 4492, 5932, 4162) and still usable in TLS 1.2."""

_ECDHE_12 = (
    0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0xC023, 0xC027, 0xC024, 0xC028,
    0xC0AC, 0xC0AD, 0xC0AE, 0xC0AF, 0xC05C, 0xC05D, 0xC060, 0xC061,
    0xC072, 0xC073, 0xC076, 0xC077, 0xC086, 0xC087, 0xC08A, 0xC08B,
)  # fmt: skip
_DHE_12 = (
    0x9E, 0x9F, 0xA2, 0xA3, 0xCCAA, 0x67, 0x6B, 0x40, 0x6A,
    0xC09E, 0xC09F, 0xC0A2, 0xC0A3, 0xC052, 0xC053, 0xC056, 0xC057,
    0xBE, 0xC4, 0xBD, 0xC3, 0xC07C, 0xC07D,
)  # fmt: skip
_RSA_12 = (
    0x9C, 0x9D, 0x3C, 0x3D, 0xC09C, 0xC09D, 0xC0A0, 0xC0A1, 0xC050, 0xC051, 0xBA, 0xC0, 0xC07A, 0xC07B, 0x3B,
)  # fmt: skip
_ANONYMOUS_12 = (0xA6, 0xA7, 0x6C, 0x6D, 0xBF, 0xC5)
SUITES_TLS12 = (*_ECDHE_12, *_DHE_12, *_RSA_12, *_ANONYMOUS_12, *SUITES_LEGACY)
"""127 suites, AEAD first: some servers choke on more than 128."""

_FEW = (
    0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0x9E, 0x9F, 0x9C, 0x9D, 0xC009, 0xC013, 0xC00A, 0xC014,
    0xC023, 0xC027, 0x67, 0x33, 0x39, 0x3C, 0x3D, 0x2F, 0x35, 0x41, 0x0A, 0x05, 0x04, 0x09,
)  # fmt: skip
"""For servers that bear few; at least one of these is in every server that such a hello was made for."""

_RENEGOTIATION_SCSV = 0x00FF
_FALLBACK_SCSV = 0x5600

_GROUPS_12 = (29, 23, 24, 25, 30, 26, 27, 28, 22, 21, 19, 14, 13, 11, 12, 9, 10, 256, 257, 258, 259, 260)
CURVES = tuple(group for group in _GROUPS_12 if group < 256)
"""Without finite-field groups: a server that negotiates those (RFC 7919) hides the prime that it has for others."""
_GROUPS_13 = (0x11EC, 0x11EB, 0x11ED, 29, 23, 24, 25, 30, 31, 32, 33, 256, 257, 258, 259, 260)
_SIGNATURES = (
    0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0603, 0x0806, 0x0601, 0x0807, 0x0808,
    0x0809, 0x080A, 0x080B, 0x081A, 0x081B, 0x081C, 0x0904, 0x0905, 0x0906,
    0x0303, 0x0301, 0x0203, 0x0201, 0x0402, 0x0502, 0x0602, 0x0302, 0x0202, 0x0101,
)  # fmt: skip


Manner = Literal["usual", "small", "plain"]
"""How much a server bears: as broad as most do, under 256 octets, or no extensions either (never for TLS 1.3)."""

MOST_SUITES = {"usual": 400, "small": 28, "plain": 60}
"""Suites of a hello, by manner."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a ClientHello offers beside its version; what is left empty is offered as broadly as servers tolerate."""

    suites: Sequence[int] = ()
    groups: Sequence[int] = ()
    signatures: Sequence[int] = ()
    protocols: Sequence[str] = ()
    """For ALPN (RFC 7301), which is left out where there are none."""
    features: bool = False
    """Also DEFLATE (RFC 3749), heartbeat (RFC 6520), EtM (RFC 7366), EMS (RFC 7627), a limit of record size (RFC 8449);
    for TLS 1.2 and before."""
    ticket: bool = False
    """Also a session ticket (RFC 5077)."""
    session: bytes = b""
    """Id of the session to go on with, before TLS 1.3."""
    fallback: bool = False
    """Also TLS_FALLBACK_SCSV (RFC 7507)."""
    status: bool = False
    """Also for an OCSP response (RFC 6066, section 8) and timestamps of logs (RFC 6962, section 3.3.1)."""
    signalling: bool = True
    """Also TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746)."""
    manner: "Manner" = "usual"
    future: bool = False
    """As a client with a newer version than there is, and GREASE (RFC 8701)."""
    more: Sequence[tuple[int, bytes]] = ()
    """Further extensions, as (type, body)."""
    shares: Sequence[tuple[int, bytes]] = ()
    """For TLS 1.3: keys by group. None ask for a HelloRetryRequest, an answer that costs the server no key exchange
    (RFC 8446, section 4.2.8)."""


BROAD = Offer()
_BESIDE_SUITES = attrgetter(*(item.name for item in fields(Offer) if item.name != "suites"))


def client_hello(version: int, host: str, offer: Offer = BROAD) -> bytes:
    """The record of a ClientHello that offers `version` and no other to `host` (a name, an IP literal, or nobody).

    The same arguments give the same bytes, so that a recorded conversation can be found again.
    """
    random = _random(version, host)
    suites = offer.suites or usual_suites(version, offer.manner)
    if version < TLS13 and offer.signalling:
        suites = (*suites, _RENEGOTIATION_SCSV)
    if offer.fallback:
        suites = (*suites, _FALLBACK_SCSV)
    body = (
        (TLS13 if offer.future else min(version, TLS12)).to_bytes(2)
        + random
        + _vector(1, random if version == TLS13 else offer.session)
        + _vector(2, _numbers(suites))
        + (b"\2\1\0" if offer.features and version < TLS13 else b"\1\0")
    )
    if version > SSL30 and offer.manner != "plain":
        beside = tuple(tuple(each) if isinstance(each, list) else each for each in _BESIDE_SUITES(offer))
        extensions = _block(version, host, beside)
        body += _vector(2, _padded(extensions, len(body) + 2 + 4))
    message = b"\x01" + _vector(3, body)
    return b"\x16" + min(version, TLS10).to_bytes(2) + _vector(2, message)


def usual_suites(version: int, manner: Manner = "usual") -> tuple[int, ...]:
    """What is offered where nothing else is asked for."""
    if manner != "usual" and version < TLS13:
        return _FEW
    return SUITES_TLS13 if version == TLS13 else SUITES_TLS12 if version == TLS12 else SUITES_LEGACY


@lru_cache(64)
def _random(version: int, host: str) -> bytes:
    return hashlib.sha256(f"auditor {version:04x} {host}".encode()).digest()


@lru_cache(64)  # questions in a row differ in their suites
def _block(version: int, host: str, beside_suites: tuple[Any, ...]) -> bytes:
    """All extensions; those of an offer do not depend on its suites."""
    offer = Offer((), *beside_suites)
    return b"".join(_extension(kind, value) for kind, value in _extensions(version, host, offer))


def _extensions(version: int, host: str, offer: Offer) -> Iterable[tuple[int, bytes]]:
    if host and not _is_address(host):
        yield 0, _vector(2, b"\0" + _vector(2, host.encode("ascii")))
    if offer.status:
        yield 5, b"\1\0\0\0\0"
        yield 18, b""
    small = offer.manner == "small"
    groups = offer.groups or (_GROUPS_13 if version == TLS13 else _GROUPS_12)[: 4 if small else None]
    yield 10, _vector(2, _numbers(groups))
    if version < TLS13:
        yield 11, _vector(1, b"\x00\x01\x02")
    if version >= TLS12:
        yield 13, _vector(2, _numbers(offer.signatures or _SIGNATURES[: 10 if small else None]))
    if version == TLS13 and offer.signatures:  # of the certificates any will do (RFC 8446, section 4.2.3)
        yield 50, _vector(2, _numbers(_SIGNATURES))
    if offer.protocols:
        yield 16, _vector(2, b"".join(_vector(1, name.encode("ascii")) for name in offer.protocols))
    if offer.features and version < TLS13:
        yield 15, b"\1"
        yield 22, b""
        yield 23, b""
        yield 28, b"\x40\x00"
    if offer.ticket:
        yield 35, b""
    yield from offer.more
    if version == TLS13:
        yield 43, _vector(1, _numbers((0x7A7A, 0x0305, TLS13) if offer.future else (TLS13,)))
        yield 51, _vector(2, b"".join(group.to_bytes(2) + _vector(2, key) for group, key in offer.shares))


def _padded(extensions: bytes, before: int) -> bytes:
    """Lift a hello of 256 to 511 octets to 512: known servers hang on that size (RFC 7685, section 1)."""
    size = before + len(extensions)
    if not 256 <= size < 512:
        return extensions
    return extensions + _extension(21, bytes(max(0, 512 - size - 4)))


def _extension(kind: int, body: bytes) -> bytes:
    return kind.to_bytes(2) + _vector(2, body)


def _vector(octets: int, content: bytes) -> bytes:
    return len(content).to_bytes(octets) + content


def _numbers(values: Sequence[int]) -> bytes:
    return struct.pack(f">{len(values)}H", *values)


@lru_cache(64)
def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
