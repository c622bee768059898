"""Proof by content, and the comparison with answers for files that do not exist."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.exposure import facts
from checks.exposure.baseline import impression, similar
from checks.exposure.signatures import hints_env, is_env, is_git_head
from tests.unit.checks_http.answers import answer

LARAVEL = b"APP_NAME=Siap\nAPP_KEY=base64:AAAA\nDB_PASSWORD=contoh\n"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"ref: refs/heads/master\n", id="branch"),
        pytest.param(b"ref: refs/heads/fitur/nomor-2", id="no-newline"),
        pytest.param(b"4b825dc642cb6eb9a060e54bf8d69288fbee4904\n", id="detached-sha1"),
        pytest.param(b"6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321\n", id="detached-sha256"),
    ],
)
def test_git_head(data: bytes) -> None:
    assert is_git_head(data)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"ref: heads/master", id="not-under-refs"),
        pytest.param(b"<pre>ref: refs/heads/master</pre>", id="in-a-page"),
        pytest.param(b"ref: refs/heads/master\nis the content of HEAD", id="explained"),
        pytest.param(b"4B825DC642CB6EB9A060E54BF8D69288FBEE4904", id="upper-case"),
        pytest.param(b"4b825dc642cb6eb9a060e54bf8d69288fbee49", id="too-short"),
        pytest.param(b"d41d8cd98f00b204e9800998ecf8427e", id="md5"),
        pytest.param(b"ref: refs/heads/\x00", id="control"),
    ],
)
def test_no_git_head(data: bytes) -> None:
    assert not is_git_head(data)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(LARAVEL, id="laravel"),
        pytest.param(LARAVEL.replace(b"\n", b"\r\n"), id="windows-line-ends"),
        pytest.param(b"\xef\xbb\xbf# setelan\n\n" + LARAVEL, id="byte-order-mark-and-comment"),
        pytest.param(b"CI_ENVIRONMENT = production\ndatabase.default.password = x\n", id="codeigniter-4"),
        pytest.param(b"export SECRET_KEY='x'\nexport DATABASE_URL=postgres://\n", id="shell"),
        pytest.param(b'APP_NAME=x\nMAIL_FOOTER="<p>salam</p>"\n', id="value-with-a-tag"),
        pytest.param(b"\n".join(b"ASING_%d=1" % n for n in range(50)) + b"\nDB_HOST=x\nDB_USERNAME=y", id="keys-late"),
    ],
)
def test_env(data: bytes) -> None:
    assert is_env(data)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"DB_PASSWORD=x\n", id="one-line"),
        pytest.param(b"DB_PASSWORD=x\nDB_PASSWORD=y\n", id="one-key-twice"),
        pytest.param(b"warna=merah\nukuran=besar\n", id="other-keys"),
        pytest.param(b"<html><pre>\nAPP_KEY=x\nDB_PASSWORD=y\n</pre></html>", id="tutorial"),
        pytest.param(b"  <p>Contoh:</p>\nAPP_KEY=x\nDB_PASSWORD=y\n", id="fragment-of-a-page"),
        pytest.param(b"APP_KEY=x\nDB_PASSWORD=y\n\x00\x01", id="binary"),
        pytest.param(b'{"APP_KEY":"x","DB_HOST":"y"}', id="json"),
        pytest.param(b"Setelan DB_HOST=x dan DB_PASSWORD=y dijelaskan.", id="prose"),
    ],
)
def test_no_env(data: bytes) -> None:
    assert not is_env(data)


def test_what_might_be_an_env_file_is_told_apart_from_what_cannot() -> None:
    assert hints_env(b"warna=merah\n")
    assert not hints_env(b"<html>\nwarna=merah\n</html>")
    assert not hints_env(b"tidak ada\n")


@given(st.binary(max_size=300))
def test_any_bytes_can_be_looked_at(data: bytes) -> None:
    assert not (is_env(data) and is_git_head(data))


def test_cost_is_what_is_asked_at_most() -> None:
    assert {name: spec.cost for name, spec in facts.items()} == {"exposure.git": 4, "exposure.env": 4}
    assert {spec.level.value for spec in facts.values()} == {"standard"}


def soft(path: str, extra: str = "") -> str:
    return (
        f"<html><title>Tidak ditemukan</title><p>Halaman {path} tidak ada di situs kami, silakan kembali ke beranda.</p>"
        f"<p>Dinas Komunikasi dan Informatika Kabupaten Contoh</p>{extra}</html>"
    )


@pytest.mark.parametrize(
    "extra",
    [
        pytest.param("<i>2026-11-24 03:15:59</i>", id="time"),
        pytest.param("<input value='9f86d081884c7d659a2feaa0c55ad015'>", id="anti-forgery-token"),
        pytest.param("<i>Pengunjung: 1234567</i>", id="counter"),
    ],
)
def test_the_same_error_page_is_recognised(extra: str) -> None:
    varied = (
        extra.replace("2026-11-24 03:15:59", "2026-11-25 13:01:02")
        .replace("9f86d081", "00ba7816")
        .replace("1234567", "1234599")
    )
    one = impression(answer(body=soft("/.env", extra)), "/.env")
    other = impression(answer(body=soft("/.4f9a1c07e2", varied)), "/.4f9a1c07e2")
    assert similar(one, other)


def test_one_other_headline_does_not_make_another_page() -> None:
    words = " ".join(f"kata{chr(97 + number % 26)}{chr(97 + number // 26)}" for number in range(100))
    one = impression(answer(body=f"<p>{words} berita pertama</p>"), "/.env")
    other = impression(answer(body=f"<p>{words} berita kedua</p>"), "/.4f9a1c07e2")
    assert similar(one, other)


def test_the_path_is_taken_out_in_every_form() -> None:
    one = impression(answer(body=soft("/.git/HEAD .git%2FHEAD HEAD")), "/.git/HEAD")
    other = impression(answer(body=soft("/.4f9a1c07e2 .4f9a1c07e2 .4f9a1c07e2")), "/.4f9a1c07e2")
    assert similar(one, other)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(answer(body=soft("/x"), status=404), id="status"),
        pytest.param(answer("Content-Type: text/plain", body=soft("/x")), id="type"),
        pytest.param(
            answer(body="<html><title>Beranda</title><p>Selamat datang di portal kami</p></html>"), id="words"
        ),
    ],
)
def test_another_page_is_not_the_same(other: object) -> None:
    assert not similar(impression(answer(body=soft("/.env")), "/.env"), impression(other, "/x"))  # type: ignore[arg-type]
