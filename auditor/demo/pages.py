"""What the demo sites say: home pages of an invented agency, with and without care for their header fields."""

from auditor.demo.server import Answer, Pages

_HTML = ("Content-Type", "text/html; charset=utf-8")
_TEXT = ("Content-Type", "text/plain; charset=utf-8")

_HOME = b"""\
<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<title>Dinas Pelayanan Contoh - Kabupaten Contoh</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="Situs resmi Dinas Pelayanan Contoh, Pemerintah Kabupaten Contoh">
<link rel="stylesheet" href="/gaya.css">
</head>
<body>
<header>
<h1>Dinas Pelayanan Contoh</h1>
<p>Pemerintah Kabupaten Contoh</p>
<nav><a href="/">Beranda</a> <a href="/profil">Profil</a> <a href="/layanan">Layanan</a></nav>
</header>
<main>
<h2>Selamat datang</h2>
<p>Situs ini memuat informasi layanan publik: persyaratan, jadwal, dan alur pengaduan masyarakat.</p>
<h2>Berita</h2>
<ul>
<li>Jadwal pelayanan keliling bulan ini telah terbit.</li>
<li>Survei kepuasan masyarakat dibuka sampai akhir bulan.</li>
<li>Pengumuman hasil seleksi tenaga pendamping layanan.</li>
</ul>
<h2>Layanan</h2>
<p>Permohonan diproses paling lama tiga hari kerja setelah berkas dinyatakan lengkap.</p>
</main>
<footer><p>Jalan Contoh Nomor 1, Kabupaten Contoh. Jam layanan Senin sampai Jumat, 08.00-16.00.</p></footer>
</body>
</html>
"""

_STYLE = b"body { font-family: sans-serif; margin: 2rem auto; max-width: 45rem }\n"

_MISSING = b"""\
<!doctype html>
<html lang="id">
<head><meta charset="utf-8"><title>Halaman tidak ditemukan</title></head>
<body><h1>404</h1><p>Halaman yang Anda cari tidak ada.</p></body>
</html>
"""

# Invented settings of a framework's usual file; no value opens anything anywhere.
_ENV = b"""\
APP_NAME="Dinas Pelayanan Contoh"
APP_ENV=production
APP_DEBUG=true
DB_CONNECTION=mysql
DB_HOST=127.0.0.1
DB_DATABASE=contoh
DB_USERNAME=contoh
DB_PASSWORD=contoh-bukan-sandi
"""

_CONTACT = b"""\
Contact: mailto:csirt@contoh.go.id
Expires: 2099-12-31T00:00:00Z
Preferred-Languages: id, en
"""

_CARELESS = (("Server", "Apache/2.4.29 (Ubuntu)"), ("X-Powered-By", "PHP/7.2.24"))

WEAK = Pages(
    {
        "/": Answer(
            200,
            (*_CARELESS, ("Set-Cookie", "PHPSESSID=contohsesi0123456789abcdef; path=/"), _HTML),
            _HOME,
        ),
        "/gaya.css": Answer(200, (*_CARELESS, ("Content-Type", "text/css")), _STYLE),
        "/.git/HEAD": Answer(200, _CARELESS, b"ref: refs/heads/master\n"),
        "/.env": Answer(200, (*_CARELESS, _TEXT), _ENV),
    },
    Answer(404, (*_CARELESS, _HTML), _MISSING),
)
"""No protective header, a session cookie without attributes, and two files that nobody should see."""

_CAREFUL = (
    ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
    (
        "Content-Security-Policy",
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Cross-Origin-Opener-Policy", "same-origin-allow-popups"),
    ("Cross-Origin-Resource-Policy", "same-site"),
)

GOOD = Pages(
    {
        "/": Answer(
            200,
            (
                *_CAREFUL,
                ("Set-Cookie", "__Host-ci_session=contohsesi0123456789abcdef; Path=/; Secure; HttpOnly; SameSite=Lax"),
                _HTML,
            ),
            _HOME,
        ),
        "/gaya.css": Answer(200, (*_CAREFUL, ("Content-Type", "text/css")), _STYLE),
        "/.well-known/security.txt": Answer(200, (*_CAREFUL, _TEXT), _CONTACT),
    },
    Answer(404, (*_CAREFUL, _HTML), _MISSING),
)
"""Everything that the baseline asks for."""


def upgrade(host: str) -> Pages:
    """The plain http side of a careful site: a permanent redirect to https, whatever was asked."""
    return Pages({}, Answer(404), upgrade_to=f"https://{host}")
