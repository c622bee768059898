"""The ROCA fingerprint, on keys made after the published form of the primes, and on sound ones."""

from math import prod

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.certificate import roca

ODD_PRIMES = [number for number in range(2, 168) if all(number % divisor for divisor in range(2, number))]
M = prod(ODD_PRIMES)


def vulnerable_prime(bits: int, exponent: int) -> int:
    """p = k * M + (65537^a mod M), as the library makes them."""
    k = (1 << bits) // M
    while not _is_prime(k * M + pow(65537, exponent, M)):
        k += 1
    return k * M + pow(65537, exponent, M)


def _is_prime(number: int) -> bool:
    return all(pow(base, number - 1, number) == 1 for base in (2, 3, 5, 7))


def test_the_table_is_the_first_39_primes() -> None:
    assert list(roca.PRIMES) == ODD_PRIMES
    assert len(roca.PRIMES) == 39


@pytest.mark.parametrize("exponents", [(1, 2), (123456789, 987654321)])
def test_modulus_of_the_library_is_recognised(exponents: tuple[int, int]) -> None:
    p, q = (vulnerable_prime(256, exponent) for exponent in exponents)
    assert roca.fingerprinted(p * q)


def test_sound_keys_are_not() -> None:
    assert not any(
        roca.fingerprinted(rsa.generate_private_key(65537, 1024).public_key().public_numbers().n) for _ in range(3)
    )


@settings(max_examples=50)
@given(st.integers(1 << 511, (1 << 512) - 1))
def test_numbers_at_random_are_not(modulus: int) -> None:
    assert not roca.fingerprinted(modulus)
