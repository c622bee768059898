"""The labelled corpus: what each file holds, by type; an empty label is a file that must give nothing."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.corpus import secrets
from tests.corpus.people import BANKS, KECAMATAN, Person, luhn_digit, npwp_formatted, people, token
from tests.corpus.writers import WRITERS, Rows, as_csv, page, xlsx

Made = tuple[str, Rows, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Case:
    """One file: under which name and type it is served, and how many distinct values of each type it holds."""

    name: str
    content_type: str
    data: bytes = field(repr=False)
    expected: dict[str, int]

    @property
    def is_leak(self) -> bool:
        """Whether anything is to be found."""
        return bool(self.expected)


def cases(seed: int = 20261126) -> list[Case]:
    """More than three hundred files over all formats, about half of them hard negatives."""
    rng = random.Random(seed)
    made = []
    for topics, prefix in ((LEAKS, "bocor"), (DECOYS, "umpan")):
        for number, (topic, make) in enumerate(topics.items()):
            for step, form in enumerate(WRITERS):
                if (step + number) % 3 and topic not in _EVERYWHERE:
                    continue
                ending, kind, write = WRITERS[form]
                title, rows, expected = make(rng)
                if topic in _EXCEPT and form in _EXCEPT[topic]:
                    continue
                made.append(Case(f"{prefix}/{topic}-{form}{ending}", kind, write(title, rows), expected))
    made += [Case(f"bocor/{name}", kind, data, expected) for name, kind, data, expected in secrets.leaks(rng)]
    made += [Case(f"umpan/{name}", kind, data, {}) for name, kind, data in secrets.decoys(rng)]
    made += [Case(f"bocor/{name}", kind, data, expected) for name, kind, data, expected in _loose_leaks(rng)]
    made += [Case(f"umpan/{name}", kind, data, {}) for name, kind, data in _loose_decoys(rng)]
    return made


def _day(day: date, style: int = 0) -> str:
    months = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember")  # fmt: skip
    return (f"{day:%d-%m-%Y}", f"{day:%Y-%m-%d}", f"{day:%d/%m/%Y}", f"{day.day} {months[day.month - 1]} {day.year}")[
        style
    ]


def _crowd(rng: random.Random, least: int = 4, most: int = 12, **ages: int) -> list[Person]:
    return people(rng, rng.randint(least, most), rng.choice(KECAMATAN), **ages)


# ---- leaks


def _recipients(rng: random.Random) -> Made:
    crowd = _crowd(rng)
    header = rng.choice(
        (
            ("No", "Nama", "NIK", "Alamat"),
            ("No.", "Nama Penerima", "No. KTP", "Alamat Rumah"),
            ("no", "nama", "nik", "alamat"),
        )
    )
    rows = [header, *((str(n), p.name, p.nik, p.address) for n, p in enumerate(crowd, 1))]
    return "Daftar Penerima Bantuan Sosial Tunai", rows, {"nik": len(crowd)}


def _population(rng: random.Random) -> Made:
    crowd = _crowd(rng)
    style = rng.randrange(4)
    header = ("NO KK", "NIK", "NAMA LENGKAP", "TGL LAHIR", "JENIS KELAMIN", "ALAMAT")
    rows = [
        header,
        *((p.kk, p.nik, p.name.upper(), _day(p.born, style), p.sex, f"{p.address}, Kec. {p.kecamatan}") for p in crowd),
    ]
    return (
        "Data Penduduk",
        rows,
        {"nik": len(crowd), "kk": len({p.kk for p in crowd}), "birth_date": len({p.born for p in crowd})},
    )


def _patients(rng: random.Random) -> Made:
    crowd = _crowd(rng)
    rows = [("Nama Pasien", "No. BPJS", "Diagnosa"), *((p.name, p.bpjs, p.disease) for p in crowd)]
    return "Rekap Pasien Rawat Inap", rows, {"bpjs": len(crowd), "health": len(crowd)}


def _teachers(rng: random.Random) -> Made:
    crowd = _crowd(rng)
    rows = [("Nama Guru", "NUPTK", "NPWP"), *((p.name, p.nuptk, npwp_formatted(p.npwp)) for p in crowd)]
    return "Data Tunjangan Guru", rows, {"nuptk": len(crowd), "npwp": len({p.npwp for p in crowd})}


def _payroll(rng: random.Random) -> Made:
    crowd = _crowd(rng)
    rows = [
        ("Nama", "NIP", "Bank", "No Rekening", "No HP"),
        *((p.name, p.nip, p.bank, p.account, p.phone) for p in crowd),
    ]
    return "Daftar Gaji Pegawai", rows, {"nip": len(crowd), "bank_account": len(crowd), "phone": len(crowd)}


def _contacts(rng: random.Random) -> Made:
    crowd = _crowd(rng, 5)
    rows = [("Nama Peserta", "No. WhatsApp", "E-mail"), *((p.name, p.phone, p.email) for p in crowd)]
    return "Peserta Pelatihan UMKM", rows, {"phone": len(crowd), "email": len({p.email for p in crowd})}


def _travellers(rng: random.Random) -> Made:
    crowd = _crowd(rng)
    rows = [("Nama", "Nomor Paspor", "Tanggal Lahir"), *((p.name, p.passport, _day(p.born)) for p in crowd)]
    return "Manifes Jemaah", rows, {"passport": len(crowd), "birth_date": len({p.born for p in crowd})}


def _applicant(rng: random.Random) -> Made:
    one = _crowd(rng, 1, 1)[0]
    rows = [("Nama Pemohon", "NIK", "No. HP"), (one.name, one.nik, one.phone)]
    return "Bukti Permohonan Izin", rows, {"nik": 1, "phone": 1}


def _pupils(rng: random.Random) -> Made:
    crowd = _crowd(rng, youngest=7, oldest=15)
    rows = [
        ("Nama Siswa", "NISN", "NIK", "Tanggal Lahir"),
        *((p.name, f"00{rng.randrange(10**8):08}", p.nik, _day(p.born, 1)) for p in crowd),
    ]
    return (
        "Daftar Calon Siswa SMP",
        rows,
        {"nik": len(crowd), "birth_date": len({p.born for p in crowd}), "children": len(crowd)},
    )


def _weakly_masked(rng: random.Random) -> Made:
    crowd = _crowd(rng)
    rows = [("Nama", "NIK"), *((p.name, f"{p.nik[:12]}{'*' * 4}") for p in crowd)]
    return "Pengumuman Hasil Verifikasi", rows, {"weak_mask": len({p.nik[:12] for p in crowd})}


LEAKS: dict[str, Callable[[random.Random], Made]] = {
    "penerima": _recipients,
    "penduduk": _population,
    "pasien": _patients,
    "guru": _teachers,
    "gaji": _payroll,
    "kontak": _contacts,
    "jemaah": _travellers,
    "pemohon": _applicant,
    "siswa": _pupils,
    "samaran-lemah": _weakly_masked,
}
_EVERYWHERE = frozenset(("penerima", "penduduk", "nomor-register", "pejabat"))
# What Excel cuts to 15 digits is no longer what the label says.
_EXCEPT = {"guru": frozenset(("xlsx-numeric",)), "gaji": frozenset(("xlsx-numeric",))}


# ---- decoys


def _decoy(
    title: str, header: tuple[str, ...], row: Callable[[random.Random, Person], tuple[str, ...]]
) -> Callable[[random.Random], Made]:
    def make(rng: random.Random) -> Made:
        return title, [header, *(row(rng, each) for each in _crowd(rng))], {}

    return make


def _recent(rng: random.Random) -> date:
    return date(2026, 1, 1) + timedelta(days=rng.randrange(300))


def _orders(rng: random.Random, each: Person) -> tuple[str, ...]:
    return f"{_recent(rng):%d%m%y}{rng.randrange(10**10):010}", _day(_recent(rng)), f"Rp{rng.randrange(1000)}.000"


def _registers(rng: random.Random, each: Person) -> tuple[str, ...]:
    return (
        f"{rng.choice(KECAMATAN)}{rng.randrange(10**10):010}",
        f"Izin {rng.choice(('usaha', 'reklame', 'bangunan'))}",
        "Selesai",
    )


def _dated_registers(rng: random.Random, each: Person) -> tuple[str, ...]:
    filed = _recent(rng)
    return f"{each.nik[:6]}{filed:%d%m%y}{rng.randint(1, 9999):04}", _day(filed), each.kecamatan


def _accounts(rng: random.Random, each: Person) -> tuple[str, ...]:
    return f"8810{rng.randrange(10**12):012}", f"Retribusi {rng.choice(('pasar', 'parkir', 'sampah'))}", "Belum dibayar"


def _books(rng: random.Random, each: Person) -> tuple[str, ...]:
    return (
        f"Pembangunan Daerah Jilid {rng.randint(1, 9)}",
        f"978602{rng.randrange(10**7):07}",
        str(rng.randint(1990, 2026)),
    )


def _hashes(rng: random.Random, each: Person) -> tuple[str, ...]:
    return f"berkas-{rng.randrange(1000)}.pdf", token(rng, 64, "0123456789abcdef"), token(rng, 32, "0123456789abcdef")


def _logs(rng: random.Random, each: Person) -> tuple[str, ...]:
    return (
        f"{_recent(rng):%Y%m%d}{rng.randrange(10**6):06}{rng.randrange(100):02}",
        f"17{rng.randrange(10**14):014}",
        "OK",
    )


def _officials(rng: random.Random, each: Person) -> tuple[str, ...]:
    return each.name, each.nip, each.office


def _vendors(rng: random.Random, each: Person) -> tuple[str, ...]:
    body = f"0{rng.randint(1, 3)}{rng.randrange(10**6):06}"
    return (
        f"PT {each.name.split()[1]} Makmur",
        npwp_formatted(f"{body}{luhn_digit(body)}{rng.randrange(100, 999)}000"),
        "Jasa konstruksi",
    )


def _masked(rng: random.Random, each: Person) -> tuple[str, ...]:
    return each.name, f"{each.nik[:4]}********{each.nik[-4:]}", "Lolos"


def _statistics(rng: random.Random, each: Person) -> tuple[str, ...]:
    return each.disease, str(rng.randint(1, 500)), str(rng.randint(2015, 2026))


def _offices(rng: random.Random, each: Person) -> tuple[str, ...]:
    return (
        f"Puskesmas {each.kecamatan}",
        f"(0511) 330{rng.randrange(10_000):04}",
        f"puskesmas{rng.randrange(100)}@contoh.go.id",
    )


def _schedule(rng: random.Random, each: Person) -> tuple[str, ...]:
    return _day(_recent(rng), 3), f"Rapat koordinasi {each.kecamatan}", each.office


def _cards(rng: random.Random, each: Person) -> tuple[str, ...]:
    return f"Transaksi {rng.randrange(1000)}", f"4{rng.randrange(10**15):015}", "Berhasil"


def _devices(rng: random.Random, each: Person) -> tuple[str, ...]:
    return (
        f"Laptop {rng.randrange(100)}",
        f"35{rng.randrange(10**13):013}",
        f"02.06.{rng.randrange(100):02}.{rng.randrange(100):02}",
    )


DECOYS: dict[str, Callable[[random.Random], Made]] = {
    "nomor-pesanan": _decoy("Riwayat Pesanan", ("Nomor Pesanan", "Tanggal", "Total"), _orders),
    "nomor-register": _decoy("Status Permohonan Izin", ("Nomor Register", "Jenis", "Status"), _registers),
    "register-bertanggal": _decoy(
        "Daftar Agenda Surat", ("No. Registrasi", "Tanggal Daftar", "Kecamatan"), _dated_registers
    ),
    "virtual-account": _decoy("Tagihan Retribusi", ("Virtual Account", "Jenis", "Status"), _accounts),
    "buku": _decoy("Katalog Perpustakaan", ("Judul", "ISBN", "Tahun"), _books),
    "sidik": _decoy("Daftar Unduhan", ("Berkas", "SHA256", "MD5"), _hashes),
    "log": _decoy("Log Layanan", ("Waktu", "ID Transaksi", "Hasil"), _logs),
    "pejabat": _decoy("Profil Pejabat Struktural", ("Nama", "NIP", "Jabatan"), _officials),
    "penyedia": _decoy("Daftar Penyedia", ("Nama Perusahaan", "NPWP", "Bidang"), _vendors),
    "samaran-baik": _decoy("Pengumuman Hasil Seleksi", ("Nama", "NIK", "Hasil"), _masked),
    "statistik": _decoy("Statistik Kesehatan", ("Penyakit", "Jumlah Kasus", "Tahun"), _statistics),
    "kantor": _decoy("Alamat Puskesmas", ("Nama Puskesmas", "Telepon", "Email"), _offices),
    "agenda": _decoy("Agenda Kegiatan", ("Tanggal", "Kegiatan", "Penanggung Jawab"), _schedule),
    "kartu": _decoy("Transaksi Kanal Pembayaran", ("Keterangan", "Nomor Kartu Kredit", "Status"), _cards),
    "inventaris": _decoy("Inventaris Barang", ("Nama Barang", "IMEI", "Kode Barang"), _devices),
}


# ---- files that are no tables


def _loose_leaks(rng: random.Random) -> list[tuple[str, str, bytes, dict[str, int]]]:
    one, other, *crowd = _crowd(rng, 8, 8)
    bare = "\n".join(p.nik for p in crowd)
    spaced = f"{one.nik[:4]} {one.nik[4:8]} {one.nik[8:12]} {one.nik[12:]}"
    wide = one.nik.translate({ord(str(d)): 0xFF10 + d for d in range(10)})
    return [
        ("surat-keterangan.html", "text/html", page("Surat Keterangan", f"<p>Yang bertanda tangan di bawah ini menerangkan bahwa {one.name}, NIK {one.nik}, lahir di {one.kecamatan} tanggal {_day(one.born, 3)}, adalah warga kami.</p>"), {"nik": 1, "birth_date": 1}),
        ("nik-berspasi.html", "text/html", page("Pengumuman", f"<p>NIK : {spaced}</p>"), {"nik": 1}),
        ("nik-lebar.html", "text/html", page("Pengumuman", f"<p>Nomor Induk Kependudukan {wide}</p>"), {"nik": 1}),
        ("nik-terpotong-tag.html", "text/html", page("Pengumuman", f"<p>NIK: <b>{one.nik[:6]}</b>{one.nik[6:12]}<i>{one.nik[12:]}</i></p>"), {"nik": 1}),
        ("nik-entitas.html", "text/html", page("Pengumuman", f"<p>No. KTP: {''.join(f'&#{ord(c)};' for c in one.nik)}</p>"), {"nik": 1}),
        ("tautan.html", "text/html", page("Daftar", f"<a href='/cek?nik={one.nik}&amp;tahun=2026'>Cek</a>"), {"nik": 1}),
        ("formulir.html", "text/html", page("Ubah data", f"<form><input name='nik' value='{one.nik}'><input name='no_kk' value='{one.kk}'></form>"), {"nik": 1, "kk": 1}),
        ("daftar-polos.txt", "text/plain", bare.encode(), {"nik": len(crowd)}),
        ("tanpa-judul.csv", "text/csv", as_csv("", [(p.name, p.nik, p.address) for p in crowd]), {"nik": len(crowd)}),
        ("api-tunggal.json", "application/json", f'{{"data":{{"nama":"{one.name}","identitas":{{"nik":"{one.nik}","noKK":"{one.kk}"}}}}}}'.encode(), {"nik": 1, "kk": 1}),
        ("jsonp.js", "application/javascript", f'cb({{"nik":{one.nik},"nama":"{one.name}"}});'.encode(), {"nik": 1}),
        ("slip.html", "text/html", page("Slip", f"<p>{one.name}<br>Rekening {one.bank} {one.account} a.n. {one.name}<br>NIK {one.nik}</p>"), {"nik": 1, "bank_account": 1}),
        ("rujukan.html", "text/html", page("Rujukan", f"<p>Pasien {one.name} (NIK {one.nik}) dirujuk dengan diagnosa {one.disease}. HP {one.phone}.</p>"), {"nik": 1, "health": 1, "phone": 1}),
        ("kartu.html", "text/html", page("Data", f"<dl><dt>No. KK</dt><dd>{one.kk}</dd><dt>NIK</dt><dd>{one.nik}</dd><dt>NPWP</dt><dd>{npwp_formatted(one.npwp)}</dd></dl>"), {"nik": 1, "kk": 1, "npwp": 1}),
        ("samaran-peramban.html", "text/html", page("Cek", f"<span data-nik='{one.nik}'>{one.nik[:4]}********{one.nik[12:]}</span>"), {"nik": 1}),
        ("dua-keluarga.xlsx", "application/octet-stream", xlsx("Data Keluarga", [("No. Kartu Keluarga", "Nama Kepala Keluarga", "NIK"), *((one.kk, p.name, p.nik) for p in crowd)]), {"nik": len(crowd), "kk": 1}),
        ("mrz.txt", "text/plain", _mrz(other.passport).encode(), {"passport": 1}),
    ]  # fmt: skip


def _mrz(number: str) -> str:
    """The specimen of ICAO Doc 9303 part 4 with another number, its check digits computed by section 4.9."""

    def digit(text: str) -> str:
        values = {c: i for i, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")} | {"<": 0}
        return str(sum(values[c] * (7, 3, 1)[i % 3] for i, c in enumerate(text)) % 10)

    field_ = number.ljust(9, "<")
    head, birth, expiry, optional = field_ + digit(field_), "7408122", "3204153", "<" * 14 + "<"
    return f"P<IDNCONTOH<<WARGA<<<<<<<<<<<<<<<<<<<<<<<<<<\n{head}IDN{birth}F{expiry}{optional}{digit(head + birth + expiry + optional)}\n"


def _loose_decoys(rng: random.Random) -> list[tuple[str, str, bytes]]:
    one = _crowd(rng, 1, 1)[0]
    html = "text/html"
    boss = f"<p>Ditetapkan di {one.kecamatan}<br>Kepala Dinas Komunikasi dan Informatika<br>ttd<br>{one.name}<br>Pembina Utama Muda<br>NIP. {one.nip[:8]} {one.nip[8:14]} {one.nip[14]} {one.nip[15:]}</p>"
    return [
        ("tutorial-nik.html", html, page("Arti 16 Digit NIK", f"<p>NIK terdiri dari 16 digit. Misalnya NIK {one.nik}: enam digit pertama adalah kode wilayah, enam digit berikutnya tanggal lahir.</p>")),
        ("cara-membaca.html", html, page("Cara Membaca Nomor KTP", f"<p>Contoh: {one.nik}. Empat digit terakhir adalah nomor urut.</p>")),
        ("isian.html", html, page("Cek Bansos", '<form><input name="nik" placeholder="Contoh: 3171011708459001" pattern="[0-9]{16}" maxlength="16"></form>')),
        ("templat.html", html, page("Cetak", "<p>NIK: {{ $warga->nik }}</p><p>NIK: ${nik}</p><p>NIK: &lt;%= nik %&gt;</p><p>NIK: ________________</p>")),
        ("tanda-tangan.html", html, page("Surat Edaran", boss)),
        ("lembar-pengesahan.txt", "text/plain", f"Mengetahui,\nKepala Dinas Sosial\n\n\n{one.name}\nNIP {one.nip}\n".encode()),
        ("donasi.html", html, page("Donasi", f"<p>Salurkan melalui rekening {one.bank} {one.account} a.n. Panitia Zakat Masjid Agung. Konfirmasi {one.phone}.</p>")),
        ("kas-daerah.html", html, page("Retribusi", f"<p>Setor ke Rekening Kas Umum Daerah Bank {one.bank} nomor {'1' + one.account[1:10]} a.n. Bendahara Penerimaan Dinas.</p>")),
        ("kontak.html", html, page("Kontak", f"<p>Hubungi admin layanan {one.phone} atau pengaduan@contoh.go.id</p>")),
        ("berita-kesehatan.html", html, page("Berita", "<p>Dinas Kesehatan mencatat 120 kasus TBC dan 30 kasus HIV sepanjang 2026. Warga diminta membawa KTP dan kartu BPJS.</p>")),
        ("soft-404.html", html, page("Halaman tidak ditemukan", "<p>Halaman yang Anda cari tidak ada. Periksa kembali alamat, atau masukkan NIK pada kolom pencarian.</p>")),
        ("spa.html", html, b"<!doctype html><html><head><title>Layanan</title><script type=module src=/assets/index-9f2c41ab.js></script></head><body><div id=root></div></body></html>"),
        ("piksel.html", html, page("Beranda", "<script>fbq('init','3171015508909001');gtag('config','G-9ABCDEF123');var postId=5271011203859002;</script>")),
        ("penulis.js", "application/javascript", b"/*! lib v1.2 (c) 2012 Jane Roe <jane@lib.test>, Max Moe <max@lib.test>, Zoe Poe <zoe@lib.test>, Ann Lee <ann@lib.test>, Bob Ray <bob@lib.test> */ var x=1;"),
        ("desimal.js", "application/javascript", b"var p=[3.171015508909001,0.3171015508909001,117.3171015508909001],c='#3171015508909001',e=-3171015508909001;"),
        ("gambar.html", html, page("Galeri", "<img src='/uploads/3171015508909001_foto.jpg'><img src='/uploads/2026/11/1771015508909001.png'>")),
        ("biodata-bupati.html", html, page("Profil Bupati", f"<p>{one.name}, lahir di {one.kecamatan}, {_day(one.born, 3)}. Pendidikan: S-2.</p>")),
        ("ntpn.html", html, page("Bukti Setor", f"<p>Kode billing 8202611{rng.randrange(10**8):08}, NTPN 9A7C2D41{rng.randrange(10**8):08}, DIPA 018.01.2.{rng.randrange(10**6):06}/2026</p>")),
        ("kosong.csv", "text/csv", b"nama,nik,no_kk\n"),
        ("lirik.txt", "text/plain", b"Kartu tanda penduduk, nomor induk kependudukan, kartu keluarga: syarat pelayanan.\n"),
        ("rek-belanja.html", html, page("APBD", "<p>Kode rekening 5.1.02.01.01.0024 Belanja alat tulis, rekening belanja 5.2.02.10.01.0002</p>")),
        *((f"bank-{bank}.html", html, page("Info", f"<p>Nomor antrean {bank} {'9' * 5}{size}</p>")) for bank, size in BANKS.items()),
    ]  # fmt: skip
