"""Labelled pages: what intruders plant, technique by technique, and what only looks like it.

All invented for these tests. Brands, hosts (`*.example`) and people do not exist; the manner of writing is that of
pages as they are found on sites that were broken into, and of the news and circulars that speak of them.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Label = Literal["injected", "seo_spam", "defaced", "clean"]


@dataclass(frozen=True, slots=True)
class Case:
    """One page of a site and what is the matter with it."""

    name: str
    label: Label
    body: bytes
    path: str = "/halaman"
    kind: str = "text/html; charset=utf-8"


NAV = """<nav><ul><li><a href="/">Beranda</a><li><a href="/profil">Profil</a><li><a href="/berita">Berita</a>
<li><a href="/layanan">Layanan</a><li><a href="/ppid">PPID</a><li><a href="https://www.lapor.go.id/">LAPOR!</a></ul></nav>"""
FOOTER = """<footer><p>Dinas Komunikasi dan Informatika Kabupaten Contoh, Jalan Merdeka Nomor 1. Telepon (0511) 000000.</p>
<a href="https://www.instagram.com/contoh">Instagram</a> <a href="https://www.youtube.com/contoh">YouTube</a></footer>"""
PROSE = """<p>Pemerintah Kabupaten Contoh terus meningkatkan mutu layanan publik melalui transformasi digital. Kegiatan
dihadiri para camat, kepala desa, dan perwakilan masyarakat. Dalam sambutannya, kepala dinas menyampaikan bahwa pelayanan
yang cepat, mudah, dan transparan adalah hak warga.</p><p>Rapat ditutup dengan penandatanganan berita acara serta
penyerahan bantuan alat kepada kelompok tani dan pelaku usaha mikro di sepuluh kecamatan.</p>"""


def page(content: str, *, title: str = "Dinas Kominfo Kabupaten Contoh", head: str = "", lang: str = "id") -> bytes:
    """A page of an ordinary site with something on it."""
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body>{NAV}<main><h1>{title}</h1>{content}</main>{FOOTER}</body></html>"
    ).encode()


def bare(content: str, *, title: str, head: str = "", lang: str = "id") -> bytes:
    """A page that shares nothing with the site it stands on."""
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body>{content}</body></html>"
    ).encode()


BLOCK = '<a href="https://rajaslot88.example/">slot gacor</a> <a href="https://dewatogel.example/">togel hk</a>'
LANDING = """<h1>RAJA88 : Situs Slot Gacor Hari Ini Gampang Maxwin</h1><p>RAJA88 adalah situs slot gacor terpercaya dengan
RTP live tertinggi. Daftar sekarang dan klaim bonus new member 100. Slot deposit pulsa tanpa potongan, pola slot dan bocoran
slot gacor setiap hari.</p><a href="https://raja88.example/daftar">DAFTAR</a> <a href="https://raja88.example/login">LOGIN</a>"""

HIDING = {
    "off-screen": 'style="position:absolute;left:-9999px"',
    "off-screen-top": 'style="position: fixed; top: -5000px;"',
    "indent": 'style="text-indent:-9999em"',
    "display": 'style="display:none"',
    "display-important": 'style="DISPLAY : none !important"',
    "visibility": 'style="visibility:hidden"',
    "zero-size": 'style="height:0;overflow:hidden"',
    "one-pixel": 'style="overflow: hidden; width:1px; height: 1px;"',
    "font-size": 'style="font-size:0"',
    "font-size-px": 'style="font-size: 1px; line-height: 0"',
    "opacity": 'style="opacity:0"',
    "clip": 'style="position:absolute;clip:rect(0,0,0,0)"',
    "same-colour": 'style="color:#fff;background:#fff"',
    "attribute": "hidden",
    "class": 'class="xk2"',
    "id": 'id="xk3"',
    "script": 'id="xk4"',
}
SHEET = "<style>.xk2{position:absolute;left:-9999px} body{margin:0} #xk3 , .zz { display:none }</style>"
HIDER = '<script>document.getElementById("xk4").style.display="none"</script>'

DISGUISES = {
    "cyrillic": "ѕlоt gаcоr hаri ini, ѕituѕ ѕlоt mахwin",
    "greek": "slοt gαcοr hari ini, situs slοt mαxwin",
    "leet": "sl0t g4c0r h4r1 1n1, s1tus sl0t m4xw1n",
    "leet-2": "5lot gac0r, situ5 5lot, t0g3l hk",
    "zero-width": "s\u200bl\u200co\u200dt g\u2060a\ufeffcor, si\u00adtus slo\u200bt maxwin",
    "entities": "&#115;&#108;&#111;&#116; &#x67;&#x61;&#x63;&#x6f;&#x72;, situs &#115;lot, ma&#120;win",
    "spaced": "s l o t g a c o r, s.l.o.t m.a.x.w.i.n, situs slot",
    "full-width": "ｓｌｏｔ ｇａｃｏｒ, ｓｉｔｕｓ ｓｌｏｔ, ｍａｘｗｉｎ",
    "mathematical": "𝘀𝗹𝗼𝘁 𝗴𝗮𝗰𝗼𝗿, 𝓼𝓲𝓽𝓾𝓼 𝓼𝓵𝓸𝓽, 𝐦𝐚𝐱𝐰𝐢𝐧",
    "circled": "ⓢⓛⓞⓣ ⓖⓐⓒⓞⓡ, ⓢⓘⓣⓤⓢ ⓢⓛⓞⓣ, maxwin",
    "heaped": "s̶l̶o̶t̶ ̶g̶a̶c̶o̶r̶, s̵itus slot, maxwin",
    "hyphens": "slot-gacor, situs_slot, slot/maxwin",
    "joined": "SlotGacor SitusSlot RTPLive",
    "split": "sl<b></b>ot ga<span></span>cor, si<i></i>tus slot, max<em></em>win",
}

NEWS = {
    "apa-itu": (
        "Apa Itu Slot Gacor? Ini Penjelasan Psikolog",
        (
            "<p>Slot gacor dan maxwin adalah istilah pemikat. Dampaknya kecanduan; orang tua diimbau waspada dan mencegah anak "
            "terjerat judi. Laporkan situs ilegal ke aduan konten.</p>"
        ),
    ),
    "opini": (
        "Judi Daring dan Masa Depan Generasi Muda",
        (
            "<p>Istilah situs slot dan slot gacor akrab di telinga remaja. Sosialisasi bahaya judi perlu dilakukan di sekolah agar "
            "siswa tidak menjadi korban.</p>"
        ),
    ),
    "wordpress": (
        "Cara Menghapus Backlink Judi dari WordPress",
        (
            "<p>Situs Anda terkena sisipan slot gacor? Cari teks situs slot, rtp live, dan maxwin di basis data, lalu perbarui plugin. "
            "Penanganan insiden dilakukan bersama CSIRT.</p>"
        ),
    ),
    "judi-polisi": (
        "Polisi Tangkap Lima Pelaku Judi Online di Kabupaten Contoh",
        (
            "<p>Kepolisian menangkap lima tersangka bandar togel dan situs slot gacor. Barang bukti berupa ponsel dan rekening disita. "
            "Para pelaku dijerat pasal perjudian dengan pidana paling lama sepuluh tahun.</p>"
        ),
    ),
    "komdigi-blokir": (
        "Komdigi Blokir 5.000 Situs Judi Online Sepanjang Pekan Ini",
        (
            "<p>Kementerian Komunikasi dan Digital memblokir situs slot, togel online, dan poker online. Masyarakat diimbau melapor "
            "bila menemukan iklan slot gacor, maxwin, atau link alternatif. Deposit pulsa dan bonus new member adalah modus bandar.</p>"
        ),
    ),
    "edaran-ppatk": (
        "Surat Edaran tentang Larangan Judi Online bagi ASN",
        (
            "<p>Menindaklanjuti data PPATK, setiap aparatur sipil negara dilarang terlibat judi online, slot, togel, dan taruhan. "
            "Pelanggaran dikenai sanksi disiplin.</p><ol><li>Dilarang memasang situs slot</li><li>Dilarang melakukan deposit</li></ol>"
        ),
    ),
    "bahaya-slot": (
        "Waspada Bahaya Slot Gacor, Ini Dampaknya bagi Keluarga",
        (
            "<p>Istilah slot gacor, maxwin, scatter hitam, dan pola slot dipakai untuk memikat korban. Kecanduan judi slot membuat "
            "banyak keluarga terjerat utang. Jauhi dan laporkan.</p>"
        ),
    ),
    "situs-diretas": (
        "Cara Membersihkan Situs dari Sisipan Judi Online",
        (
            "<p>Peretas menyisipkan kata kunci berikut pada situs pemerintah:</p><ul><li>slot gacor</li><li>situs slot</li><li>rtp live"
            "</li><li>maxwin</li><li>togel hk</li></ul><p>Periksa folder unggahan, hapus berkas yang disisipi, lalu perbarui kata sandi.</p>"
            "<pre>&lt;a href=&quot;https://rajaslot88.example/&quot;&gt;slot gacor&lt;/a&gt;</pre>"
        ),
    ),
    "csirt": (
        "Imbauan Keamanan: Kampanye Web Defacement dan Injeksi Slot Gacor",
        "<p>CSIRT mendeteksi injeksi konten judi pada subdomain go.id. Tanda: judul memuat situs slot gacor, kanonik ke domain lain.</p>",
    ),
    "berita-singkat": (
        "Berita Terkini",
        (
            '<ul><li><a href="/b/1">Polres ungkap bandar togel online di Martapura</a><li><a href="/b/2">Satgas blokir situs slot gacor</a>'
            '<li><a href="/b/3">Bupati: ASN terlibat judi online disanksi</a><li><a href="/b/4">Festival pasar terapung</a></ul>'
        ),
    ),
    "tautan-media": (
        "Kliping Media",
        (
            '<p>Kumpulan berita pekan ini.</p><a href="https://news.detik.com/x">Polisi tangkap bandar judi slot online</a> '
            '<a href="https://www.kompas.com/y">Kemkomdigi blokir ribuan situs slot gacor</a>'
        ),
    ),
    "ceramah": (
        "Khutbah Jumat: Haramnya Judi",
        "<p>Judi, togel, dan taruhan adalah perbuatan haram yang dilarang agama.</p>",
    ),
    "putusan": (
        "Putusan Pengadilan Nomor 12/Pid.B/2026",
        "<p>Terdakwa menyediakan tempat bermain judi togel hk dan slot online dengan taruhan sepuluh ribu rupiah. Majelis hakim menjatuhkan pidana.</p>",
    ),
}

ORDINARY = {
    "slot-waktu": "<p>Pilih slot waktu kunjungan. Daftar slot antrean imunisasi dibuka pukul 08.00; setiap slot berisi 20 orang. Slot hari ini penuh.</p>",
    "slot-memori": "<p>Spesifikasi peladen: 4 slot memori DDR4, 2 slot PCIe x16, slot kartu SD, hot-swap bay.</p>",
    "slot-parkir": "<p>Gedung menyediakan 88 slot parkir. Slot 77 untuk disabilitas, slot 88 untuk tamu.</p>",
    "slot-iklan": "<p>Slot siaran radio dan slot tayang videotron dapat dipesan secara online melalui aplikasi.</p>",
    "deposit": "<p>Retribusi dibayar melalui deposit Bank Kalsel. Deposit air tanah dan deposit jaminan dikembalikan.</p>",
    "jackpot": "<p>Undian Simpeda: jackpot 500 juta rupiah jatuh kepada nasabah dari Kecamatan Contoh.</p>",
    "bola": "<p>Jadwal sepak bola antar kampung: Putra Judi FC melawan Persatuan Togel. Prediksi cuaca cerah; skor akhir 2-1. Bandar Udara dekat stadion.</p>",
    "kampung": "<p>Desa Sungai Judi, Kelurahan Bandar Slot, dan Kampung Gacor Lama termasuk Kecamatan Macau Hulu.</p>",
    "nama": "<p>Sambutan Bapak Toto Suprapto dan Ibu Dewi Poker Sari dari Bandar Lampung. Jalan Domino Raya Nomor 99.</p>",
    "anak": "<p>Permainan anak: kartu domino, tembak ikan balon, mahjong susun gambar, dan roda putar. Bonus stiker bagi pemenang.</p>",
    "lomba-burung": "<p>Lomba burung berkicau: murai paling gacor hari Minggu. Pendaftaran dan login melalui aplikasi.</p>",
    "link": "<p>Link alternatif pendaftaran CPNS bila situs utama sibuk. Login dengan akun masing-masing. Klaim asuransi daring.</p>",
    "vendor": '<p>Aplikasi oleh <a href="https://www.timeslot.example/">Timeslot</a>, <a href="https://alphabet.example/">Alphabet</a>, <a href="https://id.toto.com/">TOTO</a>, <a href="https://cdn.jsdelivr.net/x.js">pustaka</a>.</p>',
    "vue-slot": "<pre>&lt;slot name=&quot;header&quot;&gt;&lt;/slot&gt;</pre><slot name='x'>isi</slot><p>Komponen web memakai elemen slot dan template.</p>",
    "menu-hidden": '<div style="display:none"><a href="/login">Login</a> <a href="/daftar">Daftar</a> <a href="https://wa.me/62">Hubungi</a></div><p>Menu.</p>',
    "statistik": "<p>Tabel keluaran: data HK triwulan, result survei, live streaming rapat paripurna, paito batik.</p>",
    "rtp": "<p>RTP (Ruang Terbuka Publik) dan RTP Kalijodo. Live report dari lapangan. Pola ruang dan pola hidup sehat.</p>",
    "qris": "<p>Bayar pajak dengan QRIS, dana, atau pulsa? Pembayaran deposit lewat QRIS belum tersedia.</p>",
    "kesehatan": "<p>Obat keras dilarang dijual bebas. BPOM menyita sildenafil dan tadalafil ilegal dalam obat kuat.</p>",
    "pinjaman": "<p>OJK mengingatkan bahaya pinjaman online ilegal. Kredit usaha rakyat tersedia di bank daerah.</p>",
    "wisata-jepang": "<p>公式 観光 案内。人気 の 海岸 と 市場。お土産 の 専門店、割引 券、限定 商品。バンジャルマシン へ ようこそ。水上市場 は 朝 が 美しい です。</p>",
    "planning-poker": '<p>Tim memakai <a href="https://www.planningpoker.example/">planning poker</a> dan <a href="https://dominosteel.example/">Domino Steel</a>.</p>',
    "jepang": "<p>Delegasi Kota Kitakyushu (北九州市) berkunjung. Kerja sama 姉妹都市 dan pelatihan bahasa Jepang bagi tenaga kerja.</p>",
    "keamanan": "<p>Seminar: apa yang dilakukan bila situs Anda hacked by pihak tak dikenal? Narasumber dari BSSN menjelaskan penanganan insiden, "
    "pelaporan, pemulihan, dan pencegahan. Peserta mencoba simulasi pada peladen latihan.</p>",
}

JAPANESE = (
    "<p>激安 ブランド 財布 通販 送料無料 正規品 人気ランキング 新品 セール 限定 販売店 公式サイト。当店は最安値で販売しております。"
    "レディース メンズ 財布 バッグ 時計 コピー 楽天市場 専門店。お買い得な商品を多数取り揃えております。</p>"
)

DEFACED = {
    "by": (
        "Hacked By Xploit_Contoh",
        "<center><h1>Hacked By Xploit_Contoh</h1><p>Greetz: Team Contoh Cyber Army</p></center>",
    ),
    "leet": ("H4ck3d", "<center><h1>Hack3d by Anon_Contoh</h1><img src=x.jpg><p>your security is low</p></center>"),
    "pwned": ("Pwned", "<h1>You have been pwned</h1><p>Patch your system, admin.</p>"),
    "stamped": ("./Contoh was here", "<h1>Stamped by Contoh7</h1><marquee>Indonesian Hacker Rulez</marquee>"),
    "owned": ("0wned by k1d", "<pre>0wned by k1d - no system is safe</pre>"),
    "indonesia": (
        "Situs ini telah di-hack oleh Contoh",
        "<h1>Di-hack oleh Contoh</h1><p>Perbaiki keamanan situs ini, min.</p>",
    ),
    "text": ("", "<h2>Defaced by Team Contoh</h2>"),
    "title-only": ("Hacked by Contoh_404", NAV + "<p>Selamat datang di situs resmi.</p>"),
}

PLANTED = {
    "title": "<title>PRADA4D: Login Slot Gacor Malam Ini &amp; RTP Slot Tertinggi</title><body><h1>PRADA4D</h1><p>Link resmi.</p>",
    "bandar": "<title>Bandar Togel Terpercaya Pasaran Hongkong</title><body><h1>Daftar Situs Togel Resmi</h1>",
    "footer1": "<title>Dinas</title>@PROSE@<footer><a href='https://www.bolaku.example' title='slot'>slot online gacor</a></footer>",
    "footer2": "<title>Dinas</title>@PROSE@<a href='https://abc.example/'>slot</a> <a href='https://abd.example/'>judi online</a> <a href='https://abe.example/'>togel</a> <a href='https://abf.example/'>slot88</a>",
    "div0": "<title>Dinas</title>@PROSE@<div style='width:0;height:0;overflow:hidden'>situs judi slot online terbaik dan terpercaya</div>",
    "pos": "<title>Dinas</title>@PROSE@<span style='position:absolute; clip: rect(1px,1px,1px,1px)'><a href='https://q.example'>judi slot</a></span>",
    "z": "<title>Dinas</title>@PROSE@<p style='color:#ffffff;font-size:1px'>bandar judi online, agen slot pulsa</p>",
    "meta": "<title>Beranda</title><meta name=description content='Slot88 merupakan situs slot gacor resmi hari ini gampang menang'><body>@PROSE@",
    "og": "<title>Beranda</title><meta property='og:title' content='Situs Slot Gacor Maxwin'><body>@PROSE@",
    "brand": "<title>MEGA888 | Kiss918 | XE88 Download APK</title><h1>Mega888</h1><p>Register now, free credit, casino online terbaik, jackpot</p>",
    "pulsa": "<title>Slot Deposit Pulsa Tanpa Potongan</title><p>Minimal deposit 10rb.</p>",
    "sweet": "<title>Bermain Sweet Bonanza dan Gates Of Olympus Gratis</title><p>Demo slot pragmatic.</p>",
    "greekleet": "<title>S1TUS JUD1 0NL1NE</title><h1>SL0T G4C0R</h1>",
    "upper": "<title>SITUS JUDI ONLINE24JAM TERPERCAYA</title><p>POKER ONLINE DOMINO QQ</p>",
    "amp": "<html amp><title>Raja Slot</title><link rel=canonical href='https://gov.example/'><h1>Raja Slot Gacor</h1><p>slot gacor login daftar</p>",
    "css": "<title>D</title><style>.hide-me{text-indent:-9999px;overflow:hidden}</style>@PROSE@<div class='hide-me'><a href='https://t.example'>toto macau</a></div>",
    "jp": "<title>D</title>@PROSE@<a href='https://x.example/judi-bola'>situs judi bola</a>",
    "comment-spam": "<title>Buku Tamu</title>@PROSE@<p>Ahmad: Kunjungi http://slot-gacor.example untuk slot gacor maxwin!! daftar sekarang</p>",
    "article": "<title>Strategi Menang Bermain Slot Online Gacor di 2026</title><article><h1>Strategi Menang Bermain Slot Online Gacor</h1><p>Permainan slot online semakin populer. Berikut tips memilih situs slot dengan RTP tinggi. Pertama daftar akun di agen terpercaya. Pilih pola slot yang tepat supaya maxwin.</p></article>",
    "article2": "<title>Tips Jitu Bermain Togel Agar Jackpot</title><article><p>Prediksi togel hari ini. Rumus togel jitu 4D, angka main HK dan SGP. Bandar togel dengan hadiah terbesar.</p></article>",
    "ojs": '<title>Slot Gacor | Jurnal Ilmiah Contoh</title><div class="pkp_structure_main"><h1>Slot Gacor Gampang Menang</h1></div>',
    "data-uri": "<title>D</title>@PROSE@<iframe src='//mahjong-ways.slotdana.example/'></iframe>",
    "onclick": "<title>D</title>@PROSE@<button onclick=\"location.href='https://slot138.example'\">Klik</button>",
    "hextag": "<title>D</title>@PROSE@<script>document.write('\\x3ca href=\\x22https://slot88.example\\x22\\x3eslot gacor\\x3c/a\\x3e')</script>",
    "b2": "<title>Agen Sabung Ayam Online SV388</title><h1>SV388 sabung ayam online</h1><p>deposit pulsa</p>",
    "ikan": "<title>Tembak Ikan Online Joker123 Deposit Pulsa</title><p>joker123 gaming</p>",
    "ko": "<title>온라인 카지노 추천</title><p>카지노사이트 바카라 슬롯사이트</p>",
    "vn": "<title>Nhà Cái Uy Tín</title><p>nổ hũ, tài xỉu online, cá cược bóng đá</p>",
    "t1": "<title>DEWA77 - Agen Slot Online Paling Gacor Nomor 1 di Indonesia</title><h1>DEWA77</h1><p>Selamat datang di Dewa77, tempat bermain slot online paling gacor.</p>",
    "t2": "<title>Live Draw HK Tercepat | Result Togel Hongkong Pools</title><table><tr><td>4421</table>",
    "t3": "<title>Beranda</title>@PROSE@<div style=\"position:absolute;overflow:auto;height:0;width:0\"><a href='https://judi-a.example'>slot</a><a href='https://judi-b.example'>poker</a></div>",
    "t4": "<title>Download APK Slot Gacor Android</title><p>download game slot uang asli</p>",
    "t5": "<title>SLOT THAILAND</title><h1>Akun Slot Thailand Gampang Maxwin</h1>",
    "t6": "<title>Index of /wp-content</title><h1>Judi Bola Online Piala Dunia 2026 - Situs Taruhan Resmi</h1><p>Daftar sbobet mix parlay</p>",
    "t7": "<title>x</title><body>@PROSE@<!-- x --><div id=footer-x style='left:-99999px; position:absolute'><ul><li><a href='https://zeus.example'>Slot Zeus</a><li><a href='https://zeu.example'>RTP Slot</a></ul></div>",
    "t8": "<title>Slot88 Login Wap</title><p>slot88</p>",
    "t9": "<title>Bocoran RTP Live Slot PG Soft Hari Ini</title><p>Update rtp live tiap jam.</p>",
    "t10": "<title>Layanan</title>@PROSE@<p>Kunjungi juga partner kami: <a href='https://www.gacorku.example'>gacorku</a>, <a href='https://togelmax.example'>togelmax</a>, <a href='https://mposport.example'>mpo</a></p>",
    "t11": "<title>Ｓｌｏｔ\u3000Ｇａｃｏｒ</title><h1>Ｓｉｔｕｓ\u3000Ｓｌｏｔ</h1>",
    "t12": "<title>Situs S-L-O-T G@c0r</title><h1>S!tus Sl0t M4xwin</h1><p>daftar sl0t g4c0r</p>",
    "t13": "<title>ѕlоt gасоr</title><h1>ѕituѕ jսdi</h1><p>slot gасоr hari ini</p>",
    "t14": "<title>Qiuqiu Online</title><p>DominoQQ, BandarQ, AduQ, Capsa Susun, Sakong. PKV Games winrate tinggi. Daftar</p>",
    "t15": "<title>Produk Hukum</title>@PROSE@<div class=content><a href='https://a.example/slot-gacor'>slot gacor</a> <a href='https://a.example/slot-gacor'>slot gacor</a> <a href='https://a.example/slot-gacor'>slot gacor</a> </div>",
    "t16": "<title>Toto Slot Togel Online 4D Terbesar</title><p>Toto togel.</p>",
    "t17": "<title>UPT</title>@PROSE@<font color=white style='display:none;'>slot gacor gampang menang, slot dana 5000, slot server luar negeri</font>",
    "t18": "<title>Berita</title><p>Raih keuntungan di situs <b>judi</b> <b>slot</b> <b>online</b> resmi, <strong>slot</strong> <strong>gacor</strong> hari ini.</p>",
    "t19": "<title>Demo Slot Pragmatic Play Gratis Rupiah</title><iframe src='https://demogamesfree.example/'></iframe>",
    "t20": "<title>Casino Utan Svensk Licens - Bästa Casino Online</title><p>casino bonus free spins</p>",
    "t21": "<title>Онлайн казино Вавада</title><p>игровые автоматы, казино онлайн, бонус, фриспины</p>",
    "t22": "<title>1xBet Mirror | Mostbet | Melbet</title><p>1xbet registration bonus, aviator game, betting site</p>",
    "q1": "<title>Disdik Kab Contoh</title>@PROSE@<div class='sidebar' style='overflow:hidden;height:1px'><p>Slot Gacor</p><p>Slot Gacor Hari Ini</p></div>",
    "q2": "<title>Dinas Sosial</title><h1>Bantuan Sosial</h1>@PROSE@<a href='https://example.com/gacor' style='display:none'>gacor</a><a href='https://example.com/slot' style='display:none'>slot online</a>",
    "q3": "<title>Slot Gacor Server Thailand No 1 - RSUD Contoh</title>@PROSE@",
    "q4": "<title>RSUD Contoh</title>@PROSE@<p><a href='https://heylink.example/slotgacor'>SLOT GACOR</a></p>",
    "q5": "<title>Login Joker123 Terbaru</title>",
    "q6": "<title>BPBD</title>@PROSE@<section style='visibility: hidden; height:0'>RTP Slot Gacor: Pragmatic 98%, PG Soft 97%</section>",
    "q7": "<title>HOKI99: Bandar Slot Gacor Online</title><meta name='keywords' content='hoki99, slot gacor, judi online'><p>HOKI99</p>",
    "q8": "<title>Perpustakaan</title>@PROSE@<ul style='position:fixed;right:-10000px'><li><a href='//tokojudi.example'>agen judi online</a></ul>",
    "q9": "<title>Pasaran Togel Sydney Malam Ini</title><table><tr><td>Result SDY</table>",
    "q10": "<title>Kumpulan Situs Slot Gacor Terpercaya 2026</title><ol><li>ABC77<li>DEF88<li>GHI99</ol>",
    "q11": "<title>Inspektorat</title>@PROSE@<p style='font-size:0px'>link slot gacor malam ini, slot777, slot deposit dana</p>",
    "q12": "<title>Hasil Pencarian: slot gacor maxwin situs slot resmi</title><p>Anda mencari slot gacor maxwin https://t.me/slotgacor</p>",
    "q13": '<title>KPU</title>@PROSE@<script type=\'application/ld+json\'>{"@type":"Product","name":"Slot Gacor Maxwin","description":"Situs slot online terpercaya"}</script>',
    "q14": "<title>Arsip</title>@PROSE@<a href='https://www.example.net/situs-judi-slot-online-terpercaya'>selengkapnya</a><a href='https://www.example.org/bandar-togel-online'>baca</a>",
    "q15": "<title>toto 4d slot</title><h1>Agen Toto 4D</h1><p>Situs toto slot dan togel 4D, diskon terbesar, deposit dana.</p>",
    "q16": "<title>PKV Games DominoQQ</title><p>Main di situs PKV.</p>",
    "q17": "<title>Camat</title>@PROSE@<object data='https://gacorbet.example'></object><iframe style='width:100%' src='https://situsslot.example'></iframe>",
    "q18": "<title>Gacor Slot Bonanza</title><h2>Main slot gacor dapat jackpot besar tiap hari</h2>",
    "q19": '<title>Kapolres</title>@PROSE@<div style="text-indent:-999px">judi bola sbobet resmi, agen sbobet88</div>',
    "q20": "<title>Taruhan Bola Online Euro 2026</title><p>Pasang taruhan bola di agen resmi, odds terbaik, mix parlay, sbobet.</p>",
    "q21": "<title>สล็อตเว็บตรง แตกง่าย 2026</title><p>สล็อต pg บาคาร่าออนไลน์</p>",
    "q22": "<title>Laporan Kinerja</title>@PROSE@<p>.</p><a href='https://a.example' title='slot gacor'><img src=x alt='situs slot online'></a>",
    "r1": "<title>PPID Contoh</title>@PROSE@<div id='ads' style='margin-left:-5000px;position:absolute'><a href='https://link1.example'>Situs Judi Slot</a> <a href='https://link2.example'>Slot Online Terpercaya</a></div>",
    "r2": "<title>Slot Gacor Hari Ini: Situs Slot Online Gampang Menang Maxwin Terpercaya</title>",
    "r3": "<title>BKD</title>@PROSE@<p>Agen <a href='https://bola.example'>judi bola</a> dan <a href='https://togelku.example'>togel online</a> terpercaya.</p>",
    "r4": "<title>Link Alternatif Sbobet Terbaru</title><p>Gunakan link alternatif bila diblokir.</p>",
    "r5": "<title>SLOT PULSA TRI XL TELKOMSEL</title><h1>Agen Slot Pulsa</h1>",
    "r6": "<title>Daftar IDN Poker</title><h1>IDN Poker Online Uang Asli</h1><p>idnplay</p>",
    "r7": "<title>Jurnal</title><h2>Rahasia Menang Mahjong Ways 2 dengan Modal Receh</h2><p>Pola mahjong ways 2 hari ini. Scatter hitam muncul terus.</p>",
    "r8": "<title>Jurnal</title><h2>Trik Gates of Olympus x1000: Spin Turbo Kakek Zeus</h2><p>Jackpot petir merah.</p>",
    "r9": "<title>Info Gacor Starlight Princess Malam Ini</title><p>rtp 98%</p>",
    "r10": "<title>UPTD</title>@PROSE@<a style='opacity:0' href='https://slotgacorku.example'>.</a>",
    "r11": '<title>Kecamatan</title>@PROSE@<div class="x" style="height:0px;overflow:hidden;">เว็บพนันออนไลน์ สล็อต บาคาร่า</div>',
    "r12": "<title>Bapenda</title>@PROSE@<p hidden>casino online indonesia, live casino, baccarat online</p>",
}
"""Pages written after the lists of words were, to see what the lists do not know; `@PROSE@` is ordinary text."""
INNOCENT = {
    "n1": "<title>Kapolda: Perangi Judi Online, 12 Bandar Diciduk</title><p>Kapolda menyebut situs slot dan togel online beromzet miliaran. Bandar togel diciduk di Banjarmasin. Uang hasil deposit pulsa diamankan.</p>",
    "n2": "<title>MUI: Judi Slot Online Merusak Bangsa</title><p>Ketua MUI meminta pemerintah menutup situs judi slot. Masyarakat diajak menjauhi.</p>",
    "n3": "<title>Pegawai Kecanduan Slot, Gaji Habis</title><p>Seorang pegawai mengaku menghabiskan gaji untuk slot gacor. Ia tergoda janji maxwin dan bonus new member. Kini ia menjalani konseling.</p>",
    "n4": "<title>Jadwal Slot Pelayanan Paspor Hari Ini</title><p>Slot hari ini: 50. Slot online dibuka pukul 07.00. Daftar slot melalui aplikasi. Link slot akan dikirim.</p>",
    "n5": "<title>Pengumuman Slot Vaksin</title><p>Slot gratis, slot terbaru, slot resmi pemerintah. Login dan daftar sekarang di situs slot vaksin kami.</p>",
    "n6": "<title>Spesifikasi Server</title><p>Slot PCIe 3.0, RAM slot 8, SIM slot ganda, slot kartu.</p>",
    "n7": "<title>Hasil Turnamen Bridge dan Domino</title><p>Turnamen domino antar-RT. Gaple 99 peserta. Poker kartu remi anak muda. Juara mendapat bonus 500 ribu.</p>",
    "n8": "<title>Undian Berhadiah Bank Kalsel</title><p>Jackpot mobil. Bonus new member tabungan. Deposit minimal 100 ribu. Klaim hadiah.</p>",
    "n9": "<title>Liga Bola Voli</title><p>Jadwal bola voli: agen koran vs bandar buah. Taruhan nyawa demi juara, kata kapten.</p>",
    "n10": "<title>Siaran Pers PPATK: Perputaran Dana Judi Online</title><p>Transaksi judi online mencapai Rp 200 triliun. Modus deposit melalui QRIS, pulsa, dan dompet digital. Jenis: slot, togel, casino online, poker online, sabung ayam online.</p>",
    "n11": "<title>Lapor Judi Online di AduanKonten</title><p>Cara lapor: kirim tautan situs judi online, slot gacor, togel hk ke aduankonten.id.</p>",
    "n12": "<title>Perda Nomor 5 Tahun 2026</title><p>Setiap orang dilarang menyelenggarakan perjudian, termasuk judi online, togel, sabung ayam, dan taruhan bola.</p>",
    "n13": "<title>Keamanan Siber: Tren Defacement Situs Judi 2026</title><p>Laporan CSIRT: 40 situs disusupi. Kata kunci terbanyak: slot gacor (60%), togel (20%), situs slot (10%), maxwin (10%).</p><table><tr><td>slot gacor<td>60<tr><td>situs slot<td>10<tr><td>maxwin<td>10</table>",
    "n14": "<title>Resep Kue Cucur</title><p>Scatter biji wijen. Bonanza rasa manis. Olympus adalah merek kamera.</p>",
    "n15": "<title>Kunjungan Delegasi Macau</title><p>Wali kota menerima delegasi Macau dan Hongkong. Data HK dan data SGP perdagangan; keluaran ekspor HK.</p>",
    "n16": "<title>Kamus</title><p>gacor: rajin berkicau (burung). togel: toto gelap. slot: lubang kecil. jackpot: hadiah utama.</p>",
    "n17": "<title>Lowongan Kerja</title><p>Dicari: admin slot iklan, customer service. Freespin roda sepeda. Bonus harian.</p>",
    "n18": "<title>RTP Kemenkes Live</title><p>RTP live streaming rapat teknis pelaksanaan. Pola slot jadwal. Info slot rapat.</p>",
    "n19": "<title>Razia Gabungan Temukan Mesin Slot di Warung</title><p>Satpol PP mengamankan mesin judi slot dan dadu. Pemilik warung dibina.</p>",
    "n20": "<title>Waspada! Akun Pemkab Dicatut Situs Slot</title><p>Akun palsu mempromosikan slot gacor atas nama bupati. Jangan klik.</p>",
    "n21": "<title>Vendor</title><a href='https://www.alibaba.com/slot-machine-parts'>suku cadang</a> <a href='https://www.casio.com/'>Casio</a> <a href='https://poker-face.example'>x</a> <a href='https://www.betadine.example/'>Betadine</a>",
    "n22": "<title>Agenda</title><a href='https://zoom.us/j/1'>Link rapat</a> <a href='https://bit.ly/slot-imunisasi'>Daftar slot imunisasi</a>",
    "m1": "<title>Rakor Pemberantasan Judi Daring</title><p>Wakil bupati memimpin rapat. Hadir unsur TNI, Polri. Disepakati pemblokiran situs slot.</p>",
    "m2": "<title>Bupati Larang ASN Main Judi Slot</title><p>Sanksi menanti ASN yang bermain slot gacor maupun togel online.</p>",
    "m3": "<title>Satpol PP Jaring Penjual Kupon Togel</title><p>Seorang penjual kupon togel HK dijaring di pasar. Pelaku dibawa ke polsek.</p>",
    "m4": "<title>Sekolah Gelar Lomba Cerdas Cermat</title><p>Peserta memilih slot pertanyaan. Jackpot 100 poin. Bonus menang babak scatter plot.</p>",
    "m5": "<title>Tutorial Vue.js: Slots</title><p>Slot bawaan, slot bernama, slot demo, slot scoped. Contoh slot online di playground.</p>",
    "m6": "<title>Rekap Parkir</title><p>Slot 88: kosong. Slot 77: isi. slot88 dan slot77 direservasi. Slot 138 rusak.</p>",
    "m7": "<title>Sejarah Kerajaan Negara Dipa</title><p>Raja Slot, Dewa Olympus, dan Putri Starlight adalah tokoh dongeng anak.</p>",
    "m8": "<title>Pertandingan Poker Amal? Ini Kata MUI</title><p>Poker online, kata MUI, termasuk judi. Haram hukumnya.</p>",
    "m9": "<title>Cara Daftar Akun Layanan Online</title><p>Login, daftar, klaim, deposit jaminan sewa. Link alternatif tersedia. Gampang dan resmi, terpercaya 24 jam.</p>",
    "m10": "<title>Edaran Sekda tentang Pencegahan Judi Online</title><ol><li>Tidak mengakses situs judi online;</li><li>Tidak melakukan deposit slot;</li><li>Melaporkan iklan slot gacor;</li><li>Menghapus aplikasi togel;</li></ol>",
    "m11": "<title>FAQ Keamanan Situs</title><h2>Mengapa situs kami muncul sebagai slot gacor di Google?</h2><p>Situs Anda kemungkinan disusupi. Ganti kata sandi.</p><h2>Bagaimana menghapus hasil pencarian situs slot?</h2><p>Gunakan Search Console.</p>",
    "m12": "<title>Berita Kriminal</title><ul><li>Bandar togel online dibekuk<li>Situs judi bola beromzet 2 M digerebek<li>Selebgram promosikan slot gacor diperiksa</ul>",
    "m13": "<title>Hasil Survei</title><p>Sebanyak 30 persen responden pernah melihat iklan slot gacor, 12 persen pernah bermain togel online. Survei dilakukan BPS.</p>",
    "m14": "<title>Kegiatan Posyandu</title><p>Jadwal slot hari ini, slot online, slot terbaru.</p>",
    "m15": "<title>Pameran Anggrek</title><p>Princess Starlight dan Sweet Bonanza adalah nama varietas anggrek.</p>",
    "m16": "<title>Lelang Barang Sitaan: Mesin Slot dan Meja Poker</title><p>Kejaksaan melelang barang rampasan: mesin slot, meja casino.</p>",
    "m17": "<title>Skripsi: Analisis Sentimen Slot Gacor di Twitter</title><p>Penelitian ini mengklasifikasi cuitan dengan kata kunci slot gacor, maxwin, situs slot, dan rtp live memakai SVM. Akurasi 91 persen.</p>",
    "m18": "<title>Polling: Setuju Hukuman Berat bagi Bandar Judi?</title><p>Hukuman bagi bandar judi slot.</p>",
    "k1": "<title>Kasat Reskrim: Kami Telusuri Aliran Dana Bandar Slot</title><p>Aliran dana bandar slot ditelusuri. Ada 12 situs slot yang dikelola dari ruko.</p>",
    "k2": "<title>Diskominfo Sisir Subdomain yang Menampilkan Slot Gacor</title><p>Tim menemukan tujuh subdomain menampilkan situs slot. Seluruhnya sudah dinonaktifkan.</p>",
    "k3": "<title>Wabup: Jangan Coba-coba Main Slot</title><p>Wabup mengingatkan pegawai agar tidak bermain judi slot maupun togel online.</p>",
    "k4": "<title>Khotbah Minggu: Melepaskan Diri dari Judi</title><p>Jemaat diajak meninggalkan togel, sabung ayam, dan judi online.</p>",
    "k5": "<title>Penetapan Slot Lelang PBJ</title><p>Slot lelang gelombang 2: slot gratis bagi UMKM, daftar slot sebelum Jumat.</p>",
    "k6": "<title>Slot Antrean Disdukcapil</title><p>Slot resmi dibuka. Info slot terbaru. Situs slot antrean: antrian.contoh.go.id</p>",
    "k7": "<title>Bimtek Aplikasi</title><p>Klik daftar, login, isi deposit, klaim bonus poin. Akun demo tersedia. Link login resmi.</p>",
    "k8": "<title>Resmikan Kafe Domino 99</title><p>Kafe Domino 99 Jalan Poker Raya menyediakan gaple dan remi bagi warga.</p>",
    "k9": "<title>Hasil Keluaran Togel? Polisi: Itu Penipuan</title><p>Akun prediksi togel hk menipu warga.</p>",
    "k10": "<title>Ranperda Ketertiban Umum</title><p>Pasal 12: setiap orang dilarang menyediakan tempat main judi, kasino, mesin slot, togel, dan taruhan.</p>",
    "k11": "<title>Dialog Interaktif RRI: Judol</title><p>Narasumber membahas mengapa slot gacor memikat anak muda. Psikolog menyarankan pendampingan.</p>",
    "k12": "<title>Rilis BSSN Triwulan III</title><p>Anomali terbanyak: web defacement bermuatan slot gacor pada 300 situs. Rekomendasi: tambal CMS.</p>",
    "k13": "<title>Statistik Kunjungan</title><p>Kata kunci pencarian: slot waktu, bandar udara, toto raharjo, poker face, mahjong ria, joker poster.</p>",
    "k14": "<title>Pemenang Jackpot Belanja Pajak</title><p>Pemenang undian PBB mendapat jackpot motor, maxi skuter, dan uang tunai.</p>",
    "k15": "<title>Kapal Slot</title><p>Slot sandar kapal: slot 5, slot 77, slot 88. Bandar laut ramai.</p>",
    "k16": "<title>Mesin Slotting dan Milling SMK</title><p>Praktik mesin slot, slotting, bubut. Link modul.</p>",
    "k17": "<title>Gubernur Apresiasi Pengungkapan Situs Judi Bola</title><p>Situs judi bola jaringan Kamboja diungkap; server di luar negeri; omzet 5 miliar.</p>",
    "k18": "<title>Pengumuman Pemeliharaan</title><p>Situs sempat menampilkan konten tidak semestinya (slot gacor). Tim telah memulihkan layanan.</p>",
    "k19": "<title>Menolak Lupa: Sejarah Kasino Macau</title><p>Artikel sejarah kasino dan perjudian di Macau abad ke-19: baccarat, roulette.</p>",
    "k20": "<title>Data Pengguna Terjaring Judi Online Tembus 4 Juta</title><p>Menurut PPATK, 80 persen deposit di bawah 100 ribu. Jenis paling populer slot online dan togel.</p>",
    "j1": "<title>Sosialisasi Bahaya Judi Online di SMPN 3</title><p>Siswa diajak mengenali ciri situs judi: menjanjikan gacor, maxwin, dan bonus new member.</p>",
    "j2": "<title>Tim Siber Polda Ungkap Promosi Slot oleh Selebgram</title><p>Tersangka mempromosikan tiga situs slot dengan bayaran 5 juta per bulan.</p>",
    "j3": "<title>DPRD Soroti Anggaran</title><p>Anggaran deposit BUMD, bandar pengadaan, kartu remi, dan meja biliar.</p>",
    "j4": "<title>Artikel: Mengapa Orang Kecanduan Slot?</title><p>Otak melepaskan dopamin saat bermain slot. Mesin slot dirancang membuat pemain terus memutar. Terapi kognitif membantu.</p>",
    "j5": "<title>Kegiatan Kerja Bakti</title><p>Warga membersihkan selokan. Hadiah lomba: jackpot kulkas. Panitia: Toto, Poker (panggilan), dan Gacor.</p>",
    "j6": "<title>Peluncuran Aplikasi Slot Donor</title><p>Pendonor memilih slot waktu. Slot demo tersedia. Login dengan NIK. Slot resmi PMI.</p>",
    "j7": "<title>Indeks Berita</title><ul><li>Lima Situs Slot Ditutup<li>Agen Togel HK Diringkus<li>Judi Sabung Ayam Digerebek<li>ASN Main Slot Gacor Kena Sanksi<li>Wisata Pasar Terapung</ul>",
    "j8": "<title>Panduan WordPress untuk Admin OPD</title><h2>Tanda situs disusupi</h2><ul><li>Judul di Google berubah menjadi slot gacor</li><li>Muncul folder slot, togel, maxwin</li><li>Ada tautan tersembunyi ke situs judi</li></ul><h2>Langkah</h2><p>Hapus berkas asing, ganti sandi, perbarui plugin.</p>",
    "j9": "<title>Rekap Pemblokiran Konten</title><table><tr><th>Jenis<th>Jumlah<tr><td>Judi slot<td>1200<tr><td>Togel online<td>300<tr><td>Poker online<td>90<tr><td>Casino online<td>50</table>",
    "j10": "<title>Statement Kominfo soal Server Kamboja</title><p>Server kamboja dan server thailand dipakai sindikat. Akun pro kamboja hanyalah istilah penipu.</p>",
    "j11": "<title>Pasar Malam</title><p>Ada wahana tong setan, tembak ikan, lempar gelang, dan undian jackpot. Gratis masuk hari ini.</p>",
    "j12": "<title>Pelatihan Barista: Menang Lomba Latte</title><p>Trik menang, tips jitu, strategi bermain rasa.</p>",
    "j13": "<title>Lomba Burung Berkicau Gacor Cup</title><p>Burung gacor dari 12 kabupaten. Link daftar: bit.ly/gacorcup. Daftar gacor sekarang! Info gacor: panitia.</p>",
    "j14": "<title>Pemkab Gandeng Google Hapus Situs Slot dari Pencarian</title><p>Sebanyak 2.000 tautan slot gacor dihapus dari indeks.</p>",
    "j15": "<title>Wawancara Mantan Pecandu</title><p>Saya tergiur slot gacor. Katanya gampang maxwin. Saya deposit dana sampai habis. Jangan tiru saya.</p>",
}
"""The same of pages that are nobody's fault."""

MORE: tuple[tuple[Label, str, str], ...] = (
    (
        "defaced",
        "d1",
        "<title>Hacked By ./MrContoh</title><body bgcolor=black><center><h1><font color=red>Hacked By ./MrContoh</font></h1><img src='https://i.example/x.gif'><p>We Are: Contoh1 - Contoh2 - Contoh3</p></center>",
    ),
    ("defaced", "d2", "<title>-=[ Touched By Contoh Haxor ]=-</title><h1>Touched By Contoh Haxor</h1>"),
    ("defaced", "d3", "<title>DEFACED</title><h1>This site has been defaced by CyberContoh</h1><p>Free Palestine</p>"),
    (
        "defaced",
        "d4",
        "<title>{ Hacked }</title><h1>HACKED BY INDONESIAN CYBER TEAM</h1><audio autoplay src=x.mp3></audio>",
    ),
    ("defaced", "d5", "<title>Untitled</title><pre>  ___ pwned by c0nt0h  </pre>"),
    (
        "defaced",
        "d6",
        "<title>Hai Admin</title><h2>Website anda telah diretas oleh Contoh Team</h2><p>Perbaiki celahnya.</p>",
    ),
    ("defaced", "d7", "<title>Got Hacked</title><h1>Your website got hacked</h1>"),
    ("defaced", "d8", "<title>Owned</title><h1>0WN3D BY CONTOH</h1>"),
    ("defaced", "d9", "<title>H A C K E D</title><h1>H A C K E D   B Y   X</h1>"),
    ("defaced", "d10", "<title>hacked</title><h1>hacked</h1><p>by contoh</p>"),
    ("defaced", "d11", "<title>Error</title><h1>Defaced By Anonymous Contoh</h1><p>Expect us.</p>"),
    (
        "clean",
        "e1",
        "<title>Situs Kominfo Diretas, Pelaku Pakai Nama Bjorka</title><p>Halaman depan menampilkan tulisan Hacked by Bjorka selama dua jam.</p>",
    ),
    ("clean", "e2", "<title>Owned by the People: Museum Rakyat</title><p>Museum ini dimiliki warga.</p>"),
    ("clean", "e3", "<title>How to know if you have been hacked</title><p>Tips keamanan akun dari CSIRT. Waspada.</p>"),
    ("clean", "e4", "<title>Rooted by nature: Hutan Kota</title><p>Kegiatan menanam pohon.</p>"),
    ("clean", "e5", "<title>Kompetisi CTF</title><h1>Capture the Flag: hack the box</h1><p>Tim pwned 3 mesin.</p>"),
    ("clean", "e6", "<title>Stamped by BPOM</title><p>Produk berstempel.</p>"),
    (
        "clean",
        "e7",
        "<title>Touched by Tenun: Pameran Sasirangan</title><p>Pameran kain sasirangan dibuka bupati. </p>@PROSE@",
    ),
    ("clean", "e8", "<title>Destroyed by Fire: Pasar Lama Terbakar</title><p>Kebakaran pasar lama.</p>"),
    (
        "clean",
        "e9",
        "<title>Apa itu web deface</title><p>Deface adalah mengubah tampilan situs. Contoh: Hacked by X.</p>",
    ),
    ("clean", "e10", "<title>Profil</title><p>Company owned by the regency government.</p>"),
    ("seo_spam", "s1", "<title>Buy Cialis Online Without Prescription - Cheap Pills</title><p>tadalafil 20mg</p>"),
    (
        "seo_spam",
        "s2",
        "<title>Order Generic Viagra | Canadian Pharmacy</title><h1>Viagra</h1><a href='https://p.example'>buy viagra</a>",
    ),
    (
        "seo_spam",
        "s3",
        "<html lang=ja><title>【激安】ルイヴィトン 財布 コピー 通販 - 送料無料</title><p>スーパーコピー ブランド 専門店。人気 の 財布 を 販売 しています。人気 の 財布 を 販売 しています。人気 の 財布 を 販売 しています。人気 の 財布 を 販売 しています。人気 の 財布 を 販売 しています。人気 の 財布 を 販売 しています。人気 の 財布 を 販売 しています。人気 の 財布 を 販売 しています。人気 の 財布 を 販売 しています。人気 の 財布 を 販売 しています。</p>",
    ),
    (
        "seo_spam",
        "s4",
        "<title>Cheap Nike Jordans Replica Wholesale</title><p>cheap jordans, replica watches uk, fake rolex</p>",
    ),
    (
        "seo_spam",
        "s5",
        "<title>Jual Obat Aborsi Ampuh 081200000000</title><p>obat penggugur kandungan cytotec asli</p>",
    ),
    ("seo_spam", "s6", "<title>Payday Loans Online Same Day</title><p>bad credit loans instant loans</p>"),
    (
        "seo_spam",
        "s7",
        "<title>Pay Someone to Write My Essay</title><p>essay writing service cheap, buy essay, dissertation writing service</p>",
    ),
    (
        "seo_spam",
        "s8",
        "<title>Dinas</title>@PROSE@<div style='position:absolute;left:-4000px'><a href='https://a.example/viagra'>buy viagra online</a></div>",
    ),
    ("seo_spam", "s9", "<title>Nonton Bokep Indo Viral</title><p>video porno jilbab terbaru, bokep indo</p>"),
    (
        "seo_spam",
        "s10",
        "<title>ロレックス スーパーコピー 激安 通販</title><p>当店は最高品質のロレックスを取り扱っております。当店は最高品質のロレックスを取り扱っております。当店は最高品質のロレックスを取り扱っております。当店は最高品質のロレックスを取り扱っております。当店は最高品質のロレックスを取り扱っております。当店は最高品質のロレックスを取り扱っております。当店は最高品質のロレックスを取り扱っております。当店は最高品質のロレックスを取り扱っております。送料無料 偽物</p>",
    ),
    (
        "clean",
        "z1",
        "<title>BPOM Sita Obat Kuat Ilegal Mengandung Sildenafil</title><p>Petugas menyita viagra palsu.</p>",
    ),
    (
        "clean",
        "z2",
        "<title>Waspada Obat Aborsi Dijual Daring</title><p>Polisi menangkap penjual obat aborsi cytotec.</p>",
    ),
    (
        "clean",
        "z3",
        "<title>OJK: Hindari Pinjol Ilegal</title><p>payday loan, pinjaman online cepat cair menjerat.</p>",
    ),
    (
        "clean",
        "z4",
        "<title>Essay Writing Competition 2026</title><p>Write an essay about our regency. Essay writing for students.</p>",
    ),
    (
        "clean",
        "z5",
        "<html lang=ja><title>観光案内 - バンジャルマシン市</title><p>水上市場は人気の観光地です。公式サイトで割引券を販売しています。水上市場は人気の観光地です。公式サイトで割引券を販売しています。水上市場は人気の観光地です。公式サイトで割引券を販売しています。水上市場は人気の観光地です。公式サイトで割引券を販売しています。水上市場は人気の観光地です。公式サイトで割引券を販売しています。水上市場は人気の観光地です。公式サイトで割引券を販売しています。</p>",
    ),
    ("clean", "z6", "<title>Replika Candi dan Replica Kapal Phinisi</title><p>Replica kapal dipajang di museum.</p>"),
    ("clean", "z7", "<title>Penyuluhan HIV</title><p>Bahaya pornografi, porno, dan seks bebas bagi remaja.</p>"),
    (
        "clean",
        "z8",
        "<title>姉妹都市 交流</title><p>北九州市 との 姉妹都市 交流 会議。 Rapat kerja sama sister city.</p>",
    ),
)
"""Defacements, other promotion and their likes, written after the lists of words were."""


def positives() -> Iterator[Case]:
    """Pages that promote gambling."""
    for name, how in HIDING.items():
        yield Case(f"hidden-{name}", "injected", page(f"{PROSE}<div {how}>{BLOCK}</div>{HIDER}", head=SHEET))
    for name, text in DISGUISES.items():
        title = f"{text} - Dinas" if name != "split" else "Dinas"
        yield Case(f"disguise-{name}", "injected", bare(f"<h1>{text}</h1><p>{text}. Daftar sekarang.</p>", title=title))
    yield Case(
        "landing", "injected", bare(LANDING, title="RAJA88 : Situs Slot Gacor Hari Ini"), "/wp-content/uploads/raja88/"
    )
    yield Case("landing-on-template", "injected", page(LANDING, title="RAJA88: Link Slot Gacor Resmi 2026"))
    data = '<script type="application/ld+json">{"@type":"BreadcrumbList","name":"SLOT GACOR","description":"Situs slot gacor resmi maxwin"}</script>'
    yield Case(
        "json-ld",
        "injected",
        page(PROSE, head=data + '<meta name="description" content="Situs slot gacor hari ini, rtp live">'),
    )
    foreign = (
        '<link rel="canonical" href="https://raja88.example/"><link rel="amphtml" href="https://amp-raja88.example/">'
    )
    yield Case(
        "canonical", "injected", page(f"{PROSE}<p>Slot gacor hari ini, daftar.</p>", title="Slot Gacor", head=foreign)
    )
    yield Case("footer-links", "injected", page(PROSE + BLOCK))
    yield Case("one-link", "injected", page(PROSE + '<p><a href="https://situs.example/x">Situs slot gacor</a></p>'))
    yield Case(
        "brand-host",
        "injected",
        page(PROSE + '<div style="display:none"><a href="https://mposlot88.example/">klik</a></div>'),
    )
    yield Case("noscript", "injected", page(f"{PROSE}<noscript>{BLOCK}</noscript>"))
    yield Case(
        "marquee", "injected", page(f'{PROSE}<marquee height="1" width="1" scrollamount="5000">{BLOCK}</marquee>')
    )
    yield Case("comments", "injected", page(f"{PROSE}<ol class=comments><li>{BLOCK} mantap gan</li></ol>"))
    written = BLOCK.replace('"', '\\"')
    yield Case("document-write", "injected", page(f'{PROSE}<script>document.write("{written}")</script>'))
    coded = base64.b64encode(f"<div style='display:none'>{BLOCK}</div>".encode()).decode()
    yield Case("base64", "injected", page(f'{PROSE}<script>document.write(atob("{coded}"))</script>'))
    codes = ",".join(str(ord(char)) for char in BLOCK)
    yield Case("char-codes", "injected", page(f"{PROSE}<script>document.write(String.fromCharCode({codes}))</script>"))
    yield Case("script-file", "injected", f"document.write('{BLOCK}');".encode(), "/x.js", "text/javascript")
    yield Case(
        "pdf-by-name",
        "injected",
        b"%PDF-1.4\n%x",
        "/wp-content/uploads/2026/situs-slot-gacor-maxwin.pdf",
        "application/pdf",
    )
    yield Case(
        "path-and-title", "injected", page(PROSE, title="Slot Gacor Maxwin"), "/journal/index.php/x/slot-gacor-maxwin"
    )
    yield Case(
        "thai", "injected", bare("<h1>สล็อต เว็บตรง บาคาร่า</h1><p>คาสิโน แทงบอล สล็อต</p>", title="สล็อต เว็บตรง", lang="th")
    )
    yield Case(
        "chinese", "injected", bare("<h1>娱乐城 百家乐</h1><p>老虎机 真人荷官 博彩</p>", title="娱乐城 官网", lang="zh")
    )
    yield Case(
        "english",
        "injected",
        page(
            "<p>Best online casino with free spins and no deposit bonus. Sign up and play now.</p>",
            title="Online Casino Slots Bonus",
        ),
    )
    yield Case(
        "togel",
        "injected",
        page(
            "<p>Prediksi togel sgp hari ini, syair hk, paito sdy, bandar togel terpercaya. Daftar di situs togel resmi.</p>",
            title="Prediksi Togel SGP",
        ),
    )
    yield Case(
        "poker",
        "injected",
        page(
            '<p>Agen pokerqq dan dominoqq, pkv games terpercaya. <a href="https://pkvqq.example">Login</a></p>',
            title="BandarQQ Online",
        ),
    )
    yield Case(
        "bola",
        "injected",
        page(
            '<p>Situs judi bola sbobet, mix parlay. <a href="https://sbobet88.example">Daftar</a></p>',
            title="Agen Bola Sbobet",
        ),
    )
    yield Case(
        "image-links",
        "injected",
        page(
            PROSE
            + "".join(f'<a href="https://slot{n}88.example"><img src=b.gif alt="slot gacor"></a>' for n in range(3))
        ),
    )
    yield Case("dense", "injected", page("<p>" + "slot gacor maxwin rtp live " * 12 + "</p>"))
    yield Case(
        "text-file",
        "injected",
        b"situs slot gacor\nlink slot gacor maxwin\nrtp live slot\n" * 3,
        "/a.txt",
        "text/plain",
    )
    yield Case(
        "windows-1252",
        "injected",
        bare(LANDING, title="Slot Gacor").decode().encode("cp1252"),
        kind="text/html; charset=windows-1252",
    )
    yield Case(
        "utf-16",
        "injected",
        b"\xff\xfe" + bare(LANDING, title="Slot Gacor").decode().encode("utf-16-le"),
        kind="text/html",
    )
    yield Case("no-type", "injected", bare(LANDING, title="Slot Gacor"), kind="")
    yield Case(
        "canonical-alone", "injected", page(PROSE, head='<link rel="canonical" href="https://gacor77.example/">')
    )
    yield Case("amp-alone", "injected", page(PROSE, head='<link rel=amphtml href="https://amp.rajaslot88.example/">'))
    yield Case(
        "refresh",
        "injected",
        page(PROSE, head='<meta http-equiv="refresh" content="0; url=https://dewatogel.example/">'),
    )
    yield Case("frame", "injected", page(f'{PROSE}<iframe src="https://rajaslot88.example/" width=100%></iframe>'))
    yield Case(
        "script-away",
        "injected",
        page(f'{PROSE}<script>setTimeout(function(){{window.location="https://slot777.example/"}},9)</script>'),
    )
    coded = base64.b64encode(b"window.location.href='https://bandarqq.example/x'").decode()
    yield Case("script-away-coded", "injected", page(f'{PROSE}<script>eval(atob("{coded}"))</script>'))
    yield Case("leet-number", "injected", page("<p>Sl0t G4c0r88 dan M4xw1n77, s1tus t0g3l.</p>", title="SL0T G4C0R88"))
    for agency in (
        "Dinas Kominfo Kabupaten Contoh",
        "Polres Contoh",
        "Pengadilan Negeri Contoh",
        "CSIRT Kabupaten Contoh",
    ):
        yield Case(
            f"agency-{agency.split()[0]}",
            "injected",
            page(f"{PROSE}<p>Slot gacor maxwin, link anti blokir.</p>", title=f"Slot Gacor Hari Ini - {agency}"),
        )
    for name, markup in PLANTED.items():
        whole = markup.replace("@PROSE@", PROSE)
        yield Case(f"planted-{name}", "injected", whole.encode())
        yield Case(f"planted-on-site-{name}", "injected", (whole + NAV + FOOTER).encode())
    yield Case("missing-page", "injected", bare(LANDING, title="Slot Gacor"), "/404-berisi")


def others() -> Iterator[Case]:
    """Other promotion, and defacements."""
    yield Case("japanese", "seo_spam", page(JAPANESE * 3, title="激安 財布 通販", lang="ja"), "/?p=9")
    yield Case("japanese-unmarked", "seo_spam", bare(JAPANESE * 3, title="ブランド コピー 通販 送料無料"))
    yield Case(
        "pharmacy",
        "seo_spam",
        page(
            '<p>Buy viagra online. Cheap cialis without prescription.</p><a href="https://pills.example">order cialis</a>',
            title="Canadian Pharmacy: Buy Viagra",
        ),
    )
    yield Case(
        "pharmacy-hidden",
        "seo_spam",
        page(
            f'{PROSE}<div style="display:none"><a href="https://rx.example">buy cialis</a> <a href="https://rx.example/v">cheap viagra</a></div>'
        ),
    )
    yield Case(
        "replica",
        "seo_spam",
        page(
            '<p>Replica rolex and replica watches, cheap jordans.</p><a href="https://rep.example">replica watches</a>',
            title="Replica Watches",
        ),
    )
    yield Case(
        "essay",
        "seo_spam",
        page(
            '<p>Essay writing service: write my essay, custom essay.</p><a href="https://es.example">write my essay</a>',
            title="Write My Essay",
        ),
    )
    yield Case(
        "aborsi",
        "seo_spam",
        page("<p>Jual obat aborsi asli cytotec. Obat penggugur kandungan.</p>", title="Jual Obat Aborsi"),
    )
    for name, (title, content) in DEFACED.items():
        yield Case(f"defaced-{name}", "defaced", bare(content, title=title))
    yield Case("defaced-text-file", "defaced", b"Hacked by Contoh Team\n", "/x.txt", "text/plain")


def negatives() -> Iterator[Case]:
    """Pages that are nobody's fault."""
    for name, (title, content) in NEWS.items():
        yield Case(f"news-{name}", "clean", page(content + PROSE, title=title), f"/berita/{name}")
        yield Case(f"news-bare-{name}", "clean", bare(f"<h1>{title}</h1>{content}", title=title), f"/rilis/{name}")
    for name, content in ORDINARY.items():
        yield Case(f"ordinary-{name}", "clean", page(content), f"/info/{name}")
        yield Case(f"ordinary-titled-{name}", "clean", page(content + PROSE, title=name.replace("-", " ").title()))
    for name, markup in INNOCENT.items():
        yield Case(f"innocent-{name}", "clean", markup.encode())
        yield Case(f"innocent-on-site-{name}", "clean", (markup + NAV + FOOTER).encode())
    yield Case(
        "news-slug",
        "clean",
        page(NEWS["komdigi-blokir"][1], title=NEWS["komdigi-blokir"][0]),
        "/berita/komdigi-blokir-situs-slot-gacor",
    )
    yield Case("plain", "clean", page(PROSE))
    yield Case("empty", "clean", b"")
    yield Case("binary", "clean", bytes(range(256)) * 8, "/x.bin", "application/octet-stream")
    yield Case(
        "news-defaced",
        "clean",
        page(
            "<p>Situs KPU sempat bertuliskan Hacked by Contoh. Tim CSIRT memulihkan peladen.</p>" + PROSE,
            title="Situs Diretas, Tampil Tulisan Hacked by Contoh",
        ),
    )
    yield Case("canonical-www", "clean", page(PROSE, head='<link rel="canonical" href="https://www.contoh.go.id/x">'))
    yield Case("script-hash", "clean", page(f'{PROSE}<script>var a="{"5107a" * 40}";location.hash="x"</script>'))


def more() -> Iterator[Case]:
    """`MORE`, alone and under the navigation of a site."""
    for label, name, markup in MORE:
        whole = markup.replace("@PROSE@", PROSE)
        yield Case(f"more-{name}", label, whole.encode())
        yield Case(f"more-on-site-{name}", label, (whole + NAV + FOOTER).encode())


def cases() -> list[Case]:
    """All of them; names are unique."""
    return [*positives(), *others(), *negatives(), *more()]
