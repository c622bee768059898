"""What the names of TLS are made of: suites, groups, signature schemes and keys as algorithms with their strength."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_DATA = Path(__file__).parent / "data" / "algorithms.yaml"
_WHOLE = ("_CCM", "_CCM_8", "_MGM_L", "_MGM_S")
"""Ciphers after which no hash is named (RFC 6655, RFC 9367)."""
_ATTRIBUTES = frozenset({"EXPORT", "EXPORT1024", "FIPS", "SHA", "256"})
"""Tokens before `WITH` that name no algorithm of their own."""


@dataclass(frozen=True, slots=True)
class Algorithm:
    """One algorithm.

    `bits` is its classical strength, `pq` NIST's category against quantum computers; None where nobody says.
    """

    name: str
    primitive: str = "unknown"
    functions: tuple[str, ...] = ()
    parameters: str = ""
    mode: str = ""
    padding: str = ""
    curve: str = ""
    bits: int | None = None
    pq: int | None = None


def of_suite(name: str) -> Iterator[Algorithm]:
    """The algorithms of a cipher suite, by its IANA name; what the table does not know keeps its token as a name."""
    head, with_, tail = name.removeprefix("OLD_").removeprefix("SSL_").removeprefix("TLS_").partition("_WITH_")
    if with_:
        parts = [part for part in head.split("_") if part not in _ATTRIBUTES]
        yield _named("key_exchange", next((part for part in parts if part != "PSK"), "PSK"))
        proof = "PSK" if "PSK" in parts else parts[-1]
        if proof in _table("authentication"):
            yield _named("authentication", proof)
    else:
        tail = head  # TLS 1.3 names neither (RFC 8446, section B.4)
    if tail.endswith(_WHOLE):
        yield _named("cipher", tail)
        return
    cipher, _, digest = tail.rpartition("_")
    yield _named("cipher", cipher)
    yield _named("hash", digest)


def of_group(name: str) -> Algorithm:
    """The key exchange in a group, by its IANA name."""
    return _named("group", name)


def of_signature(name: str) -> Algorithm:
    """A signature scheme (`ecdsa_secp256r1_sha256`) or a certificate's algorithm (`sha256WithRSAEncryption`)."""
    plain = name.lower().replace("-", "_")
    known = _table("signature")
    for beginning in sorted(known, key=len, reverse=True):
        if (
            plain.startswith(beginning)
            or f"with{beginning}" in plain
            or plain.removeprefix("id_").startswith(beginning)
        ):
            return _with(known[beginning], name)
    return Algorithm(name, "signature", ("sign", "verify"))


def of_key(kind: str, bits: int, curve: str) -> Algorithm:
    """A public key: kind as `cert.key_type`, its size in bits, its curve where it has one."""
    known = _table("key").get(kind, {})
    name = f"{known.get('name', kind)}-{curve or bits}"
    return _with({**known, "parameters": str(bits), **({"curve": curve} if curve else {})}, name)


def _named(kind: str, token: str) -> Algorithm:
    known = _table(kind).get(token)
    return Algorithm(token) if known is None else _with(known, known["name"])


def _with(known: Mapping[str, Any], name: str) -> Algorithm:
    return Algorithm(**{**known, "name": name, "functions": tuple(known.get("functions", ()))})


def _table(kind: str) -> Mapping[str, Mapping[str, Any]]:
    return _tables()[kind]


@cache
def _tables() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    loaded: Mapping[str, Mapping[str, Mapping[str, Any]]] = yaml.safe_load(_DATA.read_bytes())
    return loaded
