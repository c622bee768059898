"""Cipher suites: their names, what they consist of, and which of them to offer in which version."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from .hello import SSL30, SUITES_LEGACY, SUITES_TLS12, TLS12, TLS13
from .sslv2 import CIPHERS

SSLV2_NAMES = dict(
    zip(
        CIPHERS,
        (
            "SSL_CK_RC4_128_WITH_MD5",
            "SSL_CK_RC4_128_EXPORT40_WITH_MD5",
            "SSL_CK_RC2_128_CBC_WITH_MD5",
            "SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5",
            "SSL_CK_IDEA_128_CBC_WITH_MD5",
            "SSL_CK_DES_64_CBC_WITH_MD5",
            "SSL_CK_DES_192_EDE3_CBC_WITH_MD5",
            "SSL_CK_RC4_64_WITH_MD5",
        ),
        strict=True,
    )
)
"""Cipher kinds of draft-hickman-netscape-ssl-00, and the one of SSLeay."""

_SHORT_BLOCKS = ("3DES_", "DES_", "DES40_", "IDEA_", "RC2_", "28147_")


@dataclass(frozen=True, slots=True)
class Suite:
    """A cipher suite. `exchange` is empty for those of TLS 1.3, which do not fix a key exchange."""

    code: int
    name: str
    exchange: str
    """Key exchange and authentication: `ECDHE_RSA`, `RSA_EXPORT`, `DH_anon` ..."""
    cipher: str
    """Cipher and hash: `AES_128_CBC_SHA` ..."""

    @property
    def version(self) -> int:
        """The first version that it may be negotiated in; SSL 3.0 for all that are older than TLS 1.2.

        TLS 1.2 brought AEAD and hashes beyond SHA-1 (RFC 5246, section 1.2), except that suites with a pre-shared
        key and CBC or no encryption may use those hashes before (RFC 5487, section 3; RFC 6367, section 3.3).
        """
        if not self.exchange:
            return TLS13
        if any(part in self.cipher for part in ("GCM", "CCM", "CHACHA20", "ARIA", "OMAC")):
            return TLS12
        newer = self.cipher.endswith(("SHA256", "SHA384")) and "PSK" not in self.exchange
        return TLS12 if newer else SSL30

    @property
    def ephemeral(self) -> str:
        """`dh` or `ecdh` where the server sends a fresh key for this exchange (anonymous ones included), else empty."""
        if self.exchange.startswith(("DHE_", "DH_anon", "PSK_DHE")):
            return "dh"
        return "ecdh" if self.exchange.startswith(("ECDHE_", "ECDH_anon")) else ""

    @property
    def hinted(self) -> bool:
        """A pre-shared key is part of it: the server's key exchange then begins with a hint (RFC 4279, section 2)."""
        return "PSK" in self.exchange

    @property
    def signed(self) -> bool:
        """The server signs its ephemeral key with that of its certificate."""
        return bool(self.ephemeral) and not self.hinted and "anon" not in self.exchange

    @property
    def export(self) -> bool:
        """Weakened for export from the United States before 2000."""
        return "EXPORT" in self.exchange

    @property
    def cbc(self) -> bool:
        """A block cipher in CBC mode."""
        return "_CBC_" in self.cipher

    @property
    def short_blocks(self) -> bool:
        """A block cipher with blocks of 64 bits."""
        return self.cipher.startswith(_SHORT_BLOCKS)


@cache
def known() -> dict[int, Suite]:
    """Every suite by its code."""
    lines = files(__package__).joinpath("suites.txt").read_text("ascii").splitlines()
    return {suite.code: suite for suite in (_suite(*line.split()) for line in lines if not line.startswith("#"))}


def _suite(code: str, name: str) -> Suite:
    plain = name.removeprefix("OLD_")
    exchange, separator, cipher = plain.partition("_WITH_")
    if not separator or "_MGM_" in cipher:  # TLS 1.3 (RFC 9367 for MGM)
        return Suite(int(code, 16), name, "", cipher or plain[4:])
    return Suite(int(code, 16), name, exchange[4:], cipher)


def name_of(code: int) -> str:
    """The registered name, or the code where there is none."""
    return known()[code].name if code in known() else f"0x{code:04X}"


@cache
def offered(version: int, shares: int = 1) -> tuple[tuple[int, ...], ...]:
    """Every suite that `version` may use, dealt out into `shares`.

    Those that servers do have come first and are dealt evenly, kind by kind, so that the shares are used up in about
    as many questions each.
    """
    usable = [suite for suite in known().values() if _usable(suite, version)]
    common = {code: at for at, code in enumerate(SUITES_TLS12 if version >= TLS12 else SUITES_LEGACY)}
    usable.sort(
        key=lambda suite: (
            suite.code not in common,
            _authentication(suite),
            not suite.signed,
            common.get(suite.code, suite.code),
        )
    )
    codes = [suite.code for suite in usable]
    return tuple(tuple(codes[at::shares]) for at in range(shares))


def _usable(suite: Suite, version: int) -> bool:
    return suite.version == TLS13 if version == TLS13 else suite.version <= version


def _authentication(suite: Suite) -> str:
    return suite.exchange.rpartition("_")[2]


def of(codes: Iterable[int]) -> Sequence[Suite]:
    """The suites with these codes, as far as they are known."""
    return [known()[code] for code in codes if code in known()]
