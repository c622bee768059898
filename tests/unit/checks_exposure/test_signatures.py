"""The signatures that are shipped: every sample is told apart, every fact has one; and how mistakes in a file are shown."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import checks.exposure
from auditor.errors import PluginError
from auditor.net import Response
from checks.exposure.proof import json_keys
from checks.exposure.signatures import MOST_READ, load, wrong_samples

FOLDER = Path(checks.exposure.__file__).parent / "signatures"
CATALOGUE = load(FOLDER)

SOUND = """\
schema: 1
facts:
  exposure.contoh: {doc: Contoh}
signatures:
  - id: contoh
    fact: exposure.contoh
    paths: [/contoh.txt]
    proof: {text: [rahasia]}
    samples:
      positive: [{body: rahasia}]
      negative: [{body: umum}]
"""


def answer(body: bytes) -> Response:
    return Response("", 200, "", "1.1", (), body)


def test_every_sample_is_told_apart() -> None:
    assert wrong_samples(CATALOGUE) == ()


def test_every_fact_has_a_signature_and_every_signature_both_kinds_of_samples() -> None:
    assert {signature.fact for signature in CATALOGUE.signatures} == set(CATALOGUE.facts) - set(CATALOGUE.rare)
    for signature in CATALOGUE.signatures:
        assert {sample.positive for sample in signature.samples} == {True, False}, signature.id


def test_no_sample_of_a_file_is_taken_for_a_page_of_another_kind() -> None:
    """A negative of one kind may be a file of another; an empty answer is none of any."""
    for signature in CATALOGUE.signatures:
        assert not signature.proves(answer(b"")), signature.id


@given(st.binary(max_size=300))
def test_no_signature_takes_noise_for_a_file(data: bytes) -> None:
    noise = b"zq " + data
    assert [signature.id for signature in CATALOGUE.signatures if signature.proves(answer(noise))] == []


@pytest.mark.parametrize(
    "seed",
    [b"\n", b" ", b"<!-- -->", b"<title>", b"<h1 ", b"<?xml ", b'<a href="', b"<b>", b"A", b"0", b"/*", b"//", b'{"a":', b"store\n", b"cd "],
)  # fmt: skip
def test_no_hostile_answer_makes_a_pattern_start_over_and_over(seed: bytes) -> None:
    """One that did would not come back from these within the life of the suite."""
    body = seed * (MOST_READ // len(seed))
    proven = [signature for signature in CATALOGUE.signatures if signature.proves(answer(body[: signature.bytes]))]
    assert [signature.id for signature in proven if signature.hosts is None] == []


@given(st.binary(max_size=200))
def test_keys_are_read_from_any_bytes(data: bytes) -> None:
    assert json_keys(b'{"satu": {"dua": 1}, "tiga": [' + data.replace(b'"', b"")) >= {b"satu", b"tiga"}


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        (b'{"a": 1, "b": {"c": 2}}', {b"a", b"b"}),
        (b'\xef\xbb\xbf [{"a": "}"}, {"b": ["x"]}]', {b"a", b"b"}),
        (b'{"a": "\\"b\\": 1", "c', {b"a"}),
        (b"a: 1", set()),
        (b"", set()),
    ],
)
def test_keys(body: bytes, keys: set[bytes]) -> None:
    assert json_keys(body) == keys


def loaded(tmp_path: Path, text: str) -> str:
    """What is wrong with a file."""
    (tmp_path / "contoh.yaml").write_text(text)
    with pytest.raises(PluginError) as caught:
        load(tmp_path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("paths:", "path:", "contoh.yaml:7:5: unknown key 'path' (did you mean paths?)"),
        ("fact: exposure.contoh", "fact: exposure.conto", "contoh.yaml:6:11: unknown fact 'exposure.conto' (did you mean exposure.contoh?)"),
        ("[/contoh.txt]", "[contoh.txt]", "contoh.yaml:7:13: expected a path that begins with a slash, found contoh.txt"),
        ("[/contoh.txt]", "['/{hos}.txt']", "contoh.yaml:7:13: unknown word 'hos' (did you mean host?)"),
        ("{text: [rahasia]}", "{status: [200]}", "contoh.yaml:8:12: a proof needs content: a status or a field alone proves nothing"),
        ("{text: [rahasia]}", "{any: [{text: [a]}, {status: [200]}]}", "contoh.yaml:8:12: a proof needs content: a status or a field alone proves nothing"),
        ("{text: [rahasia]}", "{regex: ['(']}", "contoh.yaml:8:21: no regular expression: missing ), unterminated subpattern at position 0"),
        ("{text: [rahasia]}", "{magic: [zz]}", "contoh.yaml:8:21: expected hexadecimal digits, found zz"),
        ("    proof", "    method: POST\n    proof", "contoh.yaml:8:13: unknown method 'POST' (there are: GET, HEAD)"),
        ("    proof", "    bytes: 1000000\n    proof", "contoh.yaml:8:12: 1000000 is out of range"),
        ("    proof", "    stack: laravel\n    proof", "contoh.yaml:8:12: unknown stack 'laravel'"),
        ("      negative: [{body: umum}]\n", "", "contoh.yaml:10:7: key negative is missing"),
        ("[{body: umum}]", "[]", "contoh.yaml:11:17: the value is missing"),
        ("schema: 1", "schema: 2", "contoh.yaml:1:9: unknown schema 2 (this version reads schema 1)"),
    ],
)  # fmt: skip
def test_mistakes_are_shown_at_their_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert SOUND.count(old) == 1
    assert loaded(tmp_path, SOUND.replace(old, new)) == said


def test_an_identifier_stands_once(tmp_path: Path) -> None:
    again = SOUND + SOUND.partition("signatures:\n")[2]
    assert loaded(tmp_path, again) == "contoh.yaml:12:5: 'contoh' stands twice"


def test_samples_that_are_not_told_apart_are_named(tmp_path: Path) -> None:
    (tmp_path / "contoh.yaml").write_text(SOUND.replace("umum", "rahasia umum"))
    assert wrong_samples(load(tmp_path)) == ("contoh.yaml:11:18: contoh",)
