"""The comparison with answers for files that do not exist."""

import pytest

from checks.exposure.baseline import impression, similar
from tests.unit.checks_http.answers import answer


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


def test_a_path_is_not_taken_out_of_a_longer_word() -> None:
    page = "<title>Portal</title><p>Selamat datang di portal kami</p>"
    assert similar(impression(answer(body=page), "/data/"), impression(answer(body=page), "/4f9a1c07e2"))


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
