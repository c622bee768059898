"""Well-known Diffie-Hellman primes, recognised by their digest.

A prime that many servers share is worth precomputing for (D. Adrian et al., "Imperfect Forward Secrecy", 2015).
"""

from functools import cache
from hashlib import sha256

_DIGESTS = """
rfc2409-768 b52ba6a3026520a6
rfc2409-1024 3f35a3f5f6c4376a
rfc3526-1536 64fcc83ec403930b
rfc3526-2048 d66436f79bbd6b2e
rfc3526-3072 48cf8b092fbce435
rfc3526-4096 4ee95187682bcb23
rfc3526-6144 d1bfe6d0925ce7e4
rfc3526-8192 39ab4feab950a312
ffdhe2048 9cd3b7f336872f46
ffdhe3072 0eaf67db3a839156
ffdhe4096 4648414224ac881b
ffdhe6144 227ac9066b3ddd9e
ffdhe8192 770b14efaf6f0499
rfc5114-1024-160 44c55cfee5c07592
rfc5114-2048-224 bfe545862ca102ad
rfc5114-2048-256 0b7835722cb61982
"""


@cache
def _known() -> dict[str, str]:
    return {digest: name for name, digest in (line.split() for line in _DIGESTS.split("\n") if line)}


def name_of(prime: int) -> str | None:
    """The name of a prime from RFC 2409, 3526, 5114 or 7919; None for any other."""
    return _known().get(digest(prime))


def digest(prime: int) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of its octets."""
    return sha256(prime.to_bytes((prime.bit_length() + 7) // 8)).hexdigest()[:16]
