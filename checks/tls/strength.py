"""How strong the suites of one version are, taken together: key sizes, authentication, forward secrecy, AEAD."""

from collections.abc import Callable, Mapping, Sequence

from auditor.errors import Unobserved
from auditor.model import Absence, Absent, Fact, Value

from .portrait import Offering
from .suites import Suite

LEAST, MOST = "tls.cipher_bits_least", "tls.cipher_bits_most"
FACTS = (LEAST, MOST, "tls.anonymous", "tls.forward_secrecy", "tls.forward_secrecy_only", "tls.aead")
"""Every fact that `stated` accounts for."""

_BITS = (
    (("NULL", "SHA256_SHA256", "SHA384_SHA384"), 0),
    (("DES40", "RC4_40", "RC2_CBC_40"), 40),
    (("RC4_56", "RC2_CBC_56"), 56),
    (("FORTEZZA",), 80),
    (("3DES",), 112),
    (("DES_CBC",), 56),
    (("AES_128", "CAMELLIA_128", "ARIA_128", "SEED", "IDEA", "RC4_128", "SM4", "AEGIS_128"), 128),
    (("AES_256", "CAMELLIA_256", "ARIA_256", "CHACHA20", "28147", "KUZNYECHIK", "MAGMA", "AEGIS_256"), 256),
)
"""Bits of security of a cipher's key, by words in its name; of 3DES they are 112 (NIST SP 800-57 part 1, table 2)."""
_AEAD = ("_GCM", "_CCM", "CHACHA20", "AEGIS", "_MGM", "_OCB")


def bits(suite: Suite) -> int | None:
    """Bits of security of the cipher's key; None where it is not known."""
    return next((size for words, size in _BITS if any(word in suite.cipher for word in words)), None)


def anonymous(suite: Suite) -> bool:
    """The server does not prove who it is."""
    return "anon" in suite.exchange


def forward_secret(suite: Suite) -> bool:
    """A key that leaks later does not open what was recorded; in TLS 1.3 every suite's exchange is ephemeral."""
    return not suite.exchange or bool(suite.ephemeral)


def aead(suite: Suite) -> bool:
    """Authenticated encryption (RFC 5116)."""
    return any(word in suite.cipher for word in _AEAD)


_SOME: Mapping[str, Callable[[Suite], bool]] = {
    "tls.anonymous": anonymous,
    "tls.forward_secrecy": forward_secret,
    "tls.aead": aead,
}


def stated(each: Offering) -> Sequence[Fact | Absent]:
    """The facts about a version that has suites by which they can be told."""
    kinds, gap = each.kinds, each.suites.gap
    if not kinds or len(kinds) < len(each.suites.members):
        gap = gap or Unobserved(Absence.NOT_ASSESSABLE, "a suite of which nothing is known")
    found: list[Fact | Absent] = []
    for name, fits in _SOME.items():
        holds = any(map(fits, kinds))
        found.append(Fact(name, holds, each.name) if holds or not gap else _absent(name, gap, each.name))
    rest = [kind for kind in kinds if not forward_secret(kind)]
    only = "tls.forward_secrecy_only"
    found.append(Fact(only, not rest, each.name) if rest or not gap else _absent(only, gap, each.name))
    sizes = [size for size in map(bits, kinds) if size is not None]
    if gap or len(sizes) < len(kinds):
        why = gap or Unobserved(Absence.NOT_ASSESSABLE, "a cipher of which the size is not known")
        return [*found, _absent(LEAST, why, each.name), _absent(MOST, why, each.name)]
    ends: Mapping[str, Value] = {LEAST: min(sizes), MOST: max(sizes)}
    return [*found, *(Fact(name, value, each.name) for name, value in ends.items())]


def _absent(name: str, gap: Unobserved, subject: str) -> Absent:
    return Absent(name, gap.reason, gap.detail, subject)
