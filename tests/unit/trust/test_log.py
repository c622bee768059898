"""The log against a second, naive implementation of its tree, openssl, and histories rewritten."""

import hashlib
import shutil
import subprocess
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from auditor.canonical import decode
from auditor.errors import LogError
from auditor.trust import log, merkle, note
from auditor.trust.log import CHECKPOINT, INCLUSION, Proof
from auditor.trust.note import Checkpoint, NoteError


def naive_root(entries: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word by word."""
    n = len(entries)
    if n == 0:
        return hashlib.sha256(b"").digest()
    if n == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = 1
    while k * 2 < n:
        k *= 2
    return hashlib.sha256(b"\x01" + naive_root(entries[:k]) + naive_root(entries[k:])).digest()


def naive_path(m: int, entries: list[bytes]) -> list[bytes]:
    """RFC 6962 section 2.1.1, word by word."""
    n = len(entries)
    if n == 1:
        return []
    k = 1
    while k * 2 < n:
        k *= 2
    if m < k:
        return [*naive_path(m, entries[:k]), naive_root(entries[k:])]
    return [*naive_path(m - k, entries[k:]), naive_root(entries[:k])]


def hashed(entries: list[bytes]) -> list[bytes]:
    return [merkle.leaf_hash(entry) for entry in entries]


def test_the_known_tree_of_certificate_transparency_has_the_known_roots() -> None:
    """The vectors of the reference implementation's own tests, which every implementation repeats."""
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    leaves = hashed([bytes.fromhex(text) for text in inputs])
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.root(leaves[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle.root(leaves[:2]).hex() == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    assert merkle.root(leaves).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


entries_of = st.lists(st.binary(max_size=4), min_size=1, max_size=40)


@given(entries_of, st.data())
def test_roots_and_proofs_are_those_of_the_naive_tree(entries: list[bytes], choice: st.DataObject) -> None:
    leaves = hashed(entries)
    top = merkle.root(leaves)
    assert top == naive_root(entries)
    index = choice.draw(st.integers(0, len(entries) - 1))
    proof = merkle.inclusion(leaves, index)
    assert list(proof) == naive_path(index, entries)
    assert merkle.includes(top, len(entries), index, leaves[index], proof)


@pytest.mark.parametrize("size", range(1, 26))
def test_every_proof_of_small_trees_holds_for_itself_alone(size: int) -> None:
    entries = [bytes([n]) for n in range(size)]
    leaves, top = hashed(entries), naive_root(entries)
    for index in range(size):
        proof = merkle.inclusion(leaves, index)
        held = [n for n in range(-1, size + 2) if merkle.includes(top, size, n, leaves[index], proof)]
        assert held == [index]
        assert not merkle.includes(top, size, index, merkle.leaf_hash(b"lain"), proof)
        assert not merkle.includes(top, size, index, leaves[index], (*proof, top))
        assert not proof or not merkle.includes(top, size, index, leaves[index], proof[:-1])
    for old in range(1, size + 1):
        way = merkle.consistency(leaves, old)
        old_top = naive_root(entries[:old])
        assert merkle.extends(old_top, old, top, size, way)
        forked = naive_root([b"lain", *entries[1:old]])
        assert not merkle.extends(forked, old, top, size, way)
        assert not merkle.extends(old_top, old, naive_root([*entries[:-1], b"lain"]), size, way) or old == size == 0
        assert not merkle.extends(old_top, old, top, size, (*way, top))
        assert not way or not merkle.extends(old_top, old, top, size, way[:-1])
        assert not merkle.extends(old_top, old - 1, top, size, way)


@given(entries_of, entries_of, st.data())
def test_no_proof_joins_two_histories(one: list[bytes], other: list[bytes], choice: st.DataObject) -> None:
    old = choice.draw(st.integers(1, len(one)))
    size = len(other)
    if old > size or other[:old] == one[:old]:
        return
    for leaves in (hashed(one), hashed(other)):
        for start in range(1, len(leaves) + 1):
            proof = merkle.consistency(leaves, start)
            assert not merkle.extends(naive_root(one[:old]), old, naive_root(other), size, proof)


def digest(n: int) -> bytes:
    return hashlib.sha256(str(n).encode()).digest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = log.create(tmp_path / "log", "log.contoh.go.id").folder
    for n in range(5):
        log.append(made, digest(n), f"run-{n}")
    return made


def test_each_report_gets_a_proof_under_the_checkpoint_of_its_day(folder: Path) -> None:
    vkey, files = log.append(folder, digest(5), "run-5")
    signed, index = log.included(digest(5), files[CHECKPOINT], files[INCLUSION], vkey)
    assert (signed.origin, signed.size, index) == ("log.contoh.go.id", 6, 5)
    assert signed.root == naive_root([digest(n) for n in range(6)])
    with pytest.raises(NoteError, match="does not lead"):
        log.included(digest(4), files[CHECKPOINT], files[INCLUSION], vkey)


def test_openssl_verifies_the_checkpoint_and_no_other_text(folder: Path, tmp_path: Path) -> None:
    text, _, rest = (folder / "checkpoint").read_text().partition("\n\n")
    name, blob = rest.removeprefix("— ").rstrip("\n").split(" ")
    _, identifier, encoded = (folder / "log.vkey").read_text().strip().split("+", 2)
    raw = b64decode(blob)
    assert (name, raw[:4].hex()) == ("log.contoh.go.id", identifier)
    public = Ed25519PublicKey.from_public_bytes(b64decode(encoded)[1:])
    (tmp_path / "key").write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    (tmp_path / "sig").write_bytes(raw[4:])
    for body, expected in ((text + "\n", 0), (text.replace("\n5\n", "\n4\n") + "\n", 1)):
        (tmp_path / "text").write_text(body)
        command = [
            "openssl",
            "pkeyutl",
            "-verify",
            "-pubin",
            "-inkey",
            "key",
            "-rawin",
            "-in",
            "text",
            "-sigfile",
            "sig",
        ]
        assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == expected


def test_the_example_key_and_note_of_the_format_are_read() -> None:
    """From c2sp.org/signed-note and Go's x/mod/sumdb/note, whose example it is."""
    vkey = note.verifier("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    assert str(vkey) == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    example = (
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    ).encode()
    with pytest.raises(NoteError, match="size and a root"):  # the signature is good, but it is no checkpoint
        note.opened(example, vkey)
    with pytest.raises(NoteError, match="not signed by"):
        note.opened(example.replace(b"answer", b"Answer"), vkey)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_are_a_checkpoint_that_nobody_signed(data: bytes) -> None:
    key = note.verifier_of("log.contoh.go.id", Ed25519PrivateKey.generate())
    with pytest.raises(NoteError):
        note.opened(data, key)


def test_every_bit_of_a_checkpoint_and_of_a_proof_counts(folder: Path) -> None:
    vkey, files = log.append(folder, digest(5), "run-5")
    for name in files:
        for position in range(len(files[name])):
            for bit in range(8):
                twisted = bytearray(files[name])
                twisted[position] ^= 1 << bit
                changed = {**files, name: bytes(twisted)}
                with pytest.raises(ValueError):  # of which NoteError and DecodeError are
                    log.included(digest(5), changed[CHECKPOINT], changed[INCLUSION], vkey)


def test_an_old_checkpoint_is_proven_to_be_the_beginning(folder: Path) -> None:
    old = log.load(folder).signed
    log.append(folder, digest(5), "run-5")
    log.append(folder, digest(6), "run-6")
    now = log.load(folder)
    proof = now.consistency(old)
    assert (proof.index, proof.size) == (5, 7)
    assert log.consistent(old, now.signed, proof) is True
    assert log.consistent(old, now.signed, None) is None
    assert log.consistent(old, now.signed, Proof(5, 7, proof.hashes[::-1])) is False


def rewritten(folder: Path, size: int) -> Path:
    """The holder of the key writes another history, each checkpoint well signed."""
    other = folder.parent / "lain"
    shutil.copytree(folder, other)
    key = log._key(other, log.load(other).verifier)
    (other / "entries").write_text("")
    (other / "checkpoint").write_bytes(note.sign(Checkpoint("log.contoh.go.id", 0, merkle.root(())), key))
    for n in range(size):
        log.append(other, digest(100 if n == 1 else n), f"run-{n}")
    return other


@pytest.mark.parametrize("size", [3, 5, 8])
def test_a_rewritten_history_is_a_fork_to_who_kept_a_checkpoint(folder: Path, size: int) -> None:
    kept = log.load(folder).signed
    other = log.load(rewritten(folder, size))
    with pytest.raises(LogError, match="FORK"):
        other.consistency(kept)
    if size == 5:
        assert log.consistent(kept, other.signed, None) is False
    for proof in (Proof(5, size, ()), log.load(folder).consistency(kept)):
        assert log.consistent(kept, other.signed, proof) is not True


@pytest.mark.parametrize("change", ["edit", "drop", "swap", "checkpoint"])
def test_a_log_that_contradicts_its_checkpoint_takes_no_more_entries(folder: Path, change: str) -> None:
    lines = (folder / "entries").read_text().splitlines(keepends=True)
    match change:
        case "edit":
            lines[2] = lines[2].replace(lines[2][:4], "beef")
        case "drop":
            del lines[2]
        case "swap":
            lines[1], lines[2] = lines[2], lines[1]
        case _:
            text = (folder / "checkpoint").read_text()
            (folder / "checkpoint").write_text(text.replace("\n5\n", "\n4\n"))
    (folder / "entries").write_text("".join(lines))
    for act in (lambda: log.load(folder), lambda: log.append(folder, digest(9), "run-9")):
        with pytest.raises(LogError):
            act()


def test_what_a_crash_leaves_behind_is_taken_up(folder: Path) -> None:
    with (folder / "entries").open("a") as file:
        file.write(log.Entry(digest(5), "run-5").line + "0123abc")  # not yet under a checkpoint; half a line
    assert log.load(folder).signed.size == 5
    vkey, files = log.append(folder, digest(6), "run-6")
    signed, index = log.included(digest(6), files[CHECKPOINT], files[INCLUSION], vkey)
    assert (signed.size, index) == (7, 6)


def test_a_report_stands_in_it_once(folder: Path) -> None:
    with pytest.raises(LogError, match="already"):
        log.append(folder, digest(3), "run-3")


def test_writers_at_the_same_time_do_not_lose_each_other(folder: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: log.append(folder, digest(n), f"run-{n}"), range(10, 30)))
    assert {entry.name for entry in log.load(folder).entries} == {f"run-{n}" for n in [*range(5), *range(10, 30)]}


def test_the_key_is_for_its_owner_alone(folder: Path, tmp_path: Path) -> None:
    assert (folder / "log.key").stat().st_mode & 0o777 == 0o600
    (folder / "log.key").chmod(0o640)
    with pytest.raises(LogError, match="others may read"):
        log.append(folder, digest(5), "run-5")
    (folder / "log.key").write_bytes((log.create(tmp_path / "b", "log.contoh.go.id").folder / "log.key").read_bytes())
    (folder / "log.key").chmod(0o600)
    with pytest.raises(LogError, match="not the key"):
        log.append(folder, digest(5), "run-5")


@pytest.mark.parametrize("name", ["", "a b", "a+b", "x" * 101, "baris\n", "é"])
def test_a_name_that_no_key_may_have_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(LogError, match="cannot name a log"):
        log.create(tmp_path / "log", name)


def test_a_log_is_never_made_over_another(folder: Path) -> None:
    before = (folder / "log.key").read_bytes()
    with pytest.raises(LogError):
        log.create(folder, "log.contoh.go.id")
    assert (folder / "log.key").read_bytes() == before


def test_the_proof_in_a_bundle_is_plain_json(folder: Path) -> None:
    _, files = log.append(folder, digest(5), "run-5")
    assert decode(Proof, files[INCLUSION]).index == 5
