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


def cases() -> list[Case]:
    """All of them; names are unique."""
    return [*positives(), *others(), *negatives()]
