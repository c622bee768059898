"""Digests of the primes against the formulas of the RFCs that define them."""

import pytest

from checks.tls import primes


def pi(bits: int) -> int:
    """[2^bits * pi], by Machin's formula."""
    scale = bits + 64

    def arctan_of_inverse(x: int) -> int:
        term = total = (1 << scale) // x
        odd, sign = 3, -1
        while term:
            term //= x * x
            total += sign * (term // odd)
            odd, sign = odd + 2, -sign
        return total

    return 4 * (4 * arctan_of_inverse(5) - arctan_of_inverse(239)) >> 64


def e(bits: int) -> int:
    """[2^bits * e], by its series."""
    term = total = 1 << (bits + 64)
    n = 1
    while term:
        term //= n
        total += term
        n += 1
    return total >> 64


@pytest.mark.parametrize(
    ("bits", "offset", "name"),
    [
        (768, 149686, "rfc2409-768"),
        (1024, 129093, "rfc2409-1024"),
        (1536, 741804, "rfc3526-1536"),
        (2048, 124476, "rfc3526-2048"),
        (3072, 1690314, "rfc3526-3072"),
        (4096, 240904, "rfc3526-4096"),
        (6144, 929484, "rfc3526-6144"),
        (8192, 4743158, "rfc3526-8192"),
    ],
)
def test_primes_from_pi(bits: int, offset: int, name: str) -> None:
    """RFC 2409 section 6 and RFC 3526: 2^b - 2^(b-64) - 1 + 2^64 * ([2^(b-130) pi] + offset)."""
    assert primes.name_of(2**bits - 2 ** (bits - 64) - 1 + 2**64 * (pi(bits - 130) + offset)) == name


@pytest.mark.parametrize(
    ("bits", "offset"), [(2048, 560316), (3072, 2625351), (4096, 5736041), (6144, 15705020), (8192, 10965728)]
)
def test_primes_from_e(bits: int, offset: int) -> None:
    """RFC 7919 appendix A: 2^b - 2^(b-64) + ([2^(b-130) e] + offset) * 2^64 - 1."""
    assert primes.name_of(2**bits - 2 ** (bits - 64) + (e(bits - 130) + offset) * 2**64 - 1) == f"ffdhe{bits}"


def test_any_other_prime_has_no_name() -> None:
    assert primes.name_of(2**1279 - 1) is None
