"""Both engines find the same, and the cache of compiled patterns believes only what this user wrote."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.secretforms import SecretForm, Told, forms
from checks.leaks.engine import WINDOW, Match, Pattern, matcher
from checks.leaks.patterns import patterns

SMALL = (
    Pattern("digits", "[0-9]{3,5}", "(?<![0-9])", "(?![0-9])"),
    Pattern("word", "ab{1,40}c", "(?<!x)", ""),
    Pattern("named", "key=([a-z]{2,9})", literals=("key=",)),
    Pattern("any", "KEY", caseless=True, literals=("key",)),
)
FAST, SLOW = matcher(SMALL, fast=True), matcher(SMALL, fast=False)
ALL_FAST, ALL_SLOW = matcher(patterns(), fast=True), matcher(patterns(), fast=False)
PIECES = st.sampled_from(
    [
        b"123",
        b"4",
        b"ab",
        b"b",
        b"c",
        b"x",
        b"key=",
        b"KeY",
        b" ",
        b"\n",
        b"\x00",
        b"\xff",
        b"y" * (WINDOW - 2),
        b"b" * 39,
    ]
)
REAL = st.sampled_from(
    [
        b"6371015508909001", b"NIK ", b"nik", b": ", b"\n", b" ", b"-", b"+62 812-0000-1234", b"081200001234", b"AKIA", b"9QRSTUVWXYZ23456",
        b"warga@contoh.go.id", b"Rekening ", b"0123-01-004567-50-9", b"lahir 12 Mei 1990", b"19800101 200501 1 001", b"password = ",
        b"'rahasia-9000000001'", b"637101150890****", b"eyJ", b"aGFsbyBkdW5pYQ", b".", b"ghp_", b"a1B2" * 10, b"x" * 700, b"-----BEGIN RSA PRIVATE KEY-----",
        b"BPJS", b"0001234567890", b"mysql://", b"u:p4ssw0rd@db", b"\xe2\x80\xa2", b"AIza", b"_", b"=", b'"', b"12.345.678.9-012.345",
    ]
)  # fmt: skip


def places(found: list[Match]) -> list[tuple[int, int, int]]:
    return [(match.pattern, match.start, match.end) for match in found]


@given(st.lists(PIECES, max_size=40).map(b"".join))
@settings(max_examples=200)
def test_hyperscan_finds_what_re_finds(buffer: bytes) -> None:
    expected = [
        (number, found.start(), found.end())
        for number, pattern in enumerate(SMALL)
        for found in re.finditer(pattern.whole.encode(), buffer, re.DOTALL | (re.IGNORECASE if pattern.caseless else 0))
    ]
    assert places(FAST.find(buffer)) == expected
    assert places(SLOW.find(buffer)) == expected


@given(st.lists(REAL, max_size=30).map(b"".join))
@settings(max_examples=60, deadline=None)
def test_all_patterns_find_the_same_on_both_engines(buffer: bytes) -> None:
    assert ALL_FAST.find(buffer) == ALL_SLOW.find(buffer)


@pytest.mark.parametrize("pattern", patterns(), ids=lambda pattern: pattern.id)
def test_no_match_is_longer_than_the_window(pattern: Pattern) -> None:
    _, most = re._parser.parse(pattern.core).getwidth()  # type: ignore[attr-defined]
    assert most <= WINDOW


SAMPLES = st.sampled_from(forms()).flatmap(
    lambda form: st.tuples(st.just(form), st.from_regex(re.compile(form.pattern, re.ASCII), fullmatch=True))
)


@given(SAMPLES)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_secret_holds_a_literal_of_its_form(sample: tuple[SecretForm, str]) -> None:
    """The gate of the slow engine must never be shut before a match."""
    form, secret = sample
    if form.told is not Told.NAMED:
        assert any(literal in secret.lower() for literal in form.literals)
    whole = f" {secret} ".encode()
    assert ALL_FAST.find(whole) == ALL_SLOW.find(whole)


def test_the_value_is_the_group() -> None:
    assert FAST.find(b"?key=wxyz&")[0].value == (5, 9)


def test_a_compiled_database_is_kept_and_found_again(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    one = matcher(SMALL, cache, fast=True).find(b"123 abbc key=abc")
    kept = sorted(file.name for file in cache.iterdir())
    assert matcher(SMALL, cache, fast=True).find(b"123 abbc key=abc") == one
    assert sorted(file.name for file in cache.iterdir()) == kept
    assert all(file.stat().st_mode & 0o077 == 0 for file in cache.iterdir() if file.name == "key")


def test_a_tampered_database_is_not_run(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    matcher(SMALL, cache, fast=True)
    (file,) = (file for file in cache.iterdir() if file.name != "key")
    data = bytearray(file.read_bytes())
    data[40] ^= 0xFF
    file.write_bytes(data)
    assert places(matcher(SMALL, cache, fast=True).find(b" 123 ")) == [(0, 1, 4)]
    assert file.read_bytes() != data


def test_a_folder_that_others_can_write_is_no_cache(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    cache.chmod(0o777)
    assert places(matcher(SMALL, cache, fast=True).find(b" 123 ")) == [(0, 1, 4)]
    assert list(cache.iterdir()) == []


def test_a_key_that_others_can_read_is_not_trusted(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    matcher(SMALL, cache, fast=True)
    (cache / "key").chmod(0o644)
    assert places(matcher(SMALL, cache, fast=True).find(b" 123 ")) == [(0, 1, 4)]


def test_a_link_is_no_cache(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir(mode=0o700)
    (tmp_path / "cache").symlink_to(real)
    matcher(SMALL, tmp_path / "cache", fast=True)
    assert list(real.iterdir()) == []
