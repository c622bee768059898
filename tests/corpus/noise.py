"""Pages of numbers that are nobody's: the hostile families, in any mixture.

Shares of each family that pass as a NIK by structure alone were measured at 0 to 7 in a hundred; a sixth of the pages
speak of KTP and NIK without giving one.
"""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from tests.corpus.people import KECAMATAN


def _day(rng: random.Random) -> date:
    return date(2015, 1, 1) + timedelta(days=rng.randrange(4300))


FAMILIES: tuple[Callable[[random.Random], str], ...] = (
    lambda r: f"{r.randrange(10**15, 10**16)}",
    lambda r: f"{_day(r):%Y%m%d}{r.randrange(10**8):08}",
    lambda r: f"{_day(r):%d%m%y}{r.randrange(10**10):010}",
    lambda r: f"{_day(r):%d%m%Y}{r.randrange(10**8):08}",
    lambda r: f"{_day(r):%y%m%d}{r.randrange(10**10):010}",
    lambda r: f"17{r.randrange(10**14):014}",
    lambda r: f"1771{r.randrange(10**12):012}",
    lambda r: f"4{r.randrange(10**15):015}",
    lambda r: f"5{r.randint(1, 5)}{r.randrange(10**14):014}",
    lambda r: f"35{r.randrange(10**14):014}",
    lambda r: f"62{r.randrange(10**14):014}",
    lambda r: f"88{r.randrange(10**14):014}",
    lambda r: f"82{r.randrange(10**14):014}",
    lambda r: f"{r.choice(KECAMATAN)[:4]}{_day(r):%Y}{r.randrange(10**8):08}",
    lambda r: f"{r.choice(KECAMATAN)}{r.randrange(10**10):010}",
)
BEFORE = ("Nomor pesanan", "No. Register", "Kode", "ID Transaksi", "No. Berkas", "", "", "", "Ref", "Nomor", "-")
MENTIONS = (
    "<p>Bawa KTP asli dan fotokopi kartu keluarga.</p>",
    "<p>Pendaftaran memakai NIK yang terdaftar di Dukcapil.</p>",
    "<p>Cek status dengan memasukkan Nomor Induk Kependudukan (NIK) Anda.</p>",
)


def noise(seed: int, count: int) -> Iterator[bytes]:
    """So many HTML pages, each of 1 to 200 numbers of one to three families."""
    rng = random.Random(seed)
    for _ in range(count):
        families = rng.sample(FAMILIES, rng.randint(1, 3))
        size = rng.choice((1, 1, 2, 3, 5, 10, 30, 200))
        numbers = [rng.choice(families)(rng) for _ in range(size)]
        mention = rng.choice(MENTIONS) if rng.random() < 0.15 else ""
        label = rng.choice(BEFORE)
        if rng.random() < 0.5:
            body = "".join(
                f"<tr><td>{n}</td><td>{number}</td><td>{_day(rng):%d-%m-%Y}</td></tr>"
                for n, number in enumerate(numbers, 1)
            )
            body = f"<table><tr><th>No</th><th>{label}</th><th>Tanggal</th></tr>{body}</table>"
        else:
            body = "".join(f"<p>{label} {number} diterima {_day(rng):%d/%m/%Y}</p>" for number in numbers)
        yield f"<!doctype html><title>Layanan Publik</title><h1>Informasi</h1>{mention}{body}".encode()
