"""The fingerprint of RSA keys made by Infineon's library (ROCA, CVE-2017-15361).

Its primes are p = k * M + (65537^a mod M), M being the product of the first primes: 39 of them for the smallest keys,
more for others. So a modulus is a power of 65537 modulo M, and with it modulo each of those primes (Nemec, Sys,
Svenda, Klinec, Matyas: "The Return of Coppersmith's Attack", ACM CCS 2017, section 2). Of other moduli, one in some
hundred million is.
"""

from functools import cache

GENERATOR = 65537
PRIMES = (
    2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71,
    73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
)  # fmt: skip
"""The first 39, which M has for every size of key."""


def fingerprinted(modulus: int) -> bool:
    """Whether a modulus looks like one that the library made."""
    return all(modulus % prime in _powers(prime) for prime in PRIMES)


@cache
def _powers(prime: int) -> frozenset[int]:
    """The subgroup that 65537 generates modulo a prime."""
    return frozenset(pow(GENERATOR, exponent, prime) for exponent in range(prime))
