"""Short files as they are met, each with what it holds: shapes of lists, labels, masks, secrets, and what only looks so."""

from datetime import date

import pytest

from checks.leaks.analysis import analyse
from checks.leaks.patterns import everything

EXAMPLES: dict[str, tuple[str, str, dict[str, int]]] = {
    "uppercase": (
        "a.csv",
        "NO;NAMA;NIK/NO KTP;ALAMAT\n0;Budi Santoso;6371011508909001;Jl X\n1;Siti Aminah;6371015508919002;Jl X\n2;Andi Wijaya;6371021503859003;Jl X\n3;Rina Kurnia;3171012005889004;Jl X\n4;Dewi Lestari;7371046011929005;Jl X",
        {"nik": 5},
    ),
    "quoted nik": (
        "a.csv",
        'nama,nik\n"Budi Santoso","\'6371011508909001"\n"Siti Aminah","\'6371015508919002"\n"Andi Wijaya","\'6371021503859003"\n"Rina Kurnia","\'3171012005889004"\n"Dewi Lestari","\'7371046011929005"',
        {"nik": 5},
    ),
    "excel text formula": (
        "a.csv",
        'nama,nik\n"Budi Santoso","=""6371011508909001"""\n"Siti Aminah","=""6371015508919002"""\n"Andi Wijaya","=""6371021503859003"""\n"Rina Kurnia","=""3171012005889004"""\n"Dewi Lestari","=""7371046011929005"""',
        {"nik": 5},
    ),
    "pipe": (
        "a.txt",
        "nama|nik|hp\nBudi Santoso|6371011508909001|0812-0000-1234\nSiti Aminah|6371015508919002|081200001235\nAndi Wijaya|6371021503859003|+62 812-0000-1236\nRina Kurnia|3171012005889004|62812 0000 1237\nDewi Lestari|7371046011929005|0812 0000 1238",
        {"nik": 5, "phone": 5},
    ),
    "html list": (
        "a.html",
        "<title>Pengumuman</title><h1>Daftar Lulus</h1><ol><li>Budi Santoso - 6371011508909001</li><li>Siti Aminah - 6371015508919002</li><li>Andi Wijaya - 6371021503859003</li><li>Rina Kurnia - 3171012005889004</li><li>Dewi Lestari - 7371046011929005</li></ol>",
        {"nik": 5},
    ),
    "html list label": (
        "a.html",
        "<ul><li>Budi Santoso (NIK. 6371011508909001)</li><li>Siti Aminah (NIK. 6371015508919002)</li><li>Andi Wijaya (NIK. 6371021503859003)</li><li>Rina Kurnia (NIK. 3171012005889004)</li><li>Dewi Lestari (NIK. 7371046011929005)</li></ul>",
        {"nik": 5},
    ),
    "single table": (
        "a.html",
        "<table><tr><td>Nama</td><td>:</td><td>Budi Santoso</td></tr><tr><td>NIK</td><td>:</td><td>6371011508909001</td></tr><tr><td>No HP</td><td>:</td><td>0812-0000-1234</td></tr><tr><td>Tanggal Lahir</td><td>:</td><td>15-08-1990</td></tr></table>",
        {"nik": 1, "phone": 1, "birth_date": 1},
    ),
    "two rows": (
        "a.html",
        "<table><tr><th>Nama<th>NIK<tr><td>Budi Santoso<td>6371011508909001<tr><td>Siti Aminah<td>6371015508919002</table>",
        {"nik": 2},
    ),
    "one row nonames": (
        "a.html",
        "<table><tr><th>NIK<th>Keterangan<tr><td>6371011508909001<td>Lulus</table>",
        {"nik": 1},
    ),
    "json camel": (
        "a.json",
        '[{"namaLengkap": "Budi Santoso", "nomorIndukKependudukan": "6371011508909001", "noHp": "0812-0000-1234", "tglLahir": "1990-08-15"}, {"namaLengkap": "Siti Aminah", "nomorIndukKependudukan": "6371015508919002", "noHp": "081200001235", "tglLahir": "1990-08-15"}, {"namaLengkap": "Andi Wijaya", "nomorIndukKependudukan": "6371021503859003", "noHp": "+62 812-0000-1236", "tglLahir": "1990-08-15"}, {"namaLengkap": "Rina Kurnia", "nomorIndukKependudukan": "3171012005889004", "noHp": "62812 0000 1237", "tglLahir": "1990-08-15"}, {"namaLengkap": "Dewi Lestari", "nomorIndukKependudukan": "7371046011929005", "noHp": "0812 0000 1238", "tglLahir": "1990-08-15"}]',
        {"nik": 5, "phone": 5, "birth_date": 1},
    ),
    "json ktp num": ("a.json", '{"ktp": 6371011508909001, "name": "Budi Santoso"}', {"nik": 1}),
    "ini": ("a.ini", "nik=6371011508909001\nnama=Budi Santoso\n", {"nik": 1}),
    "yaml": (
        "a.yml",
        'warga:\n  - nama: Budi Santoso\n    nik: "6371011508909001"\n  - nama: Siti Aminah\n    nik: "6371015508919002"\n',
        {"nik": 2},
    ),
    "log": (
        "laravel.log",
        '[2026-01-01] production.INFO: login {"nik":"6371011508909001","ip":"10.0.0.1"}\n',
        {"nik": 1},
    ),
    "sql err": (
        "e.html",
        "<pre>SQLSTATE[23000]: Integrity constraint violation: 1062 Duplicate entry '6371011508909001' for key 'nik' (SQL: insert into `warga` (`nama`, `nik`) values (Budi Santoso, 6371011508909001))</pre>",
        {"nik": 1},
    ),
    "base url path": ("a.html", '<a href="/warga/nik/6371011508909001">lihat</a>', {"nik": 1}),
    "placeholder real": ("a.html", '<input name=nik placeholder="6371010101909001">', {}),
    "nik in title attr": ("a.html", '<span title="NIK: 6371011508909001">x</span>', {"nik": 1}),
    "kk card": ("a.txt", "KARTU KELUARGA\nNo. 3171012005889004\nNama Kepala Keluarga : Budi Santoso\n", {"kk": 1}),
    "npwp plain": ("a.txt", "NPWP: 09.254.294.3-407.000 a.n. Budi Santoso", {"npwp": 1}),
    "npwp 15": ("a.txt", "NPWP : 092542943407000", {"npwp": 1}),
    "npwp inst": ("a.txt", "NPWP Dinas: 00.254.294.4-407.000", {}),
    "npwp16": ("a.txt", "NPWP 16 digit: 6371011508909001", {"npwp": 1}),
    "nip priv": (
        "a.csv",
        "Nama,NIP,Alamat Rumah,No HP\nBudi Santoso,198001012005011001,Jl Mawar 1,0812-0000-1234\nSiti Aminah,198001012005011002,Jl Mawar 2,081200001235\nAndi Wijaya,198001012005011003,Jl Mawar 3,+62 812-0000-1236\nRina Kurnia,198001012005011004,Jl Mawar 4,62812 0000 1237\nDewi Lestari,198001012005011005,Jl Mawar 5,0812 0000 1238",
        {"nip": 5, "phone": 5},
    ),
    "nip official tbl": (
        "a.csv",
        "Nama,NIP,Pangkat/Gol,Jabatan\nBudi Santoso,198001012005011001,Penata/IIIc,Kepala Seksi\nSiti Aminah,198001012005011002,Penata/IIIc,Kepala Seksi\nAndi Wijaya,198001012005011003,Penata/IIIc,Kepala Seksi\nRina Kurnia,198001012005011004,Penata/IIIc,Kepala Seksi\nDewi Lestari,198001012005011005,Penata/IIIc,Kepala Seksi",
        {},
    ),
    "nip pppk": ("a.txt", "NI PPPK 199001012024211001 Guru Ahli Pertama", {}),
    "bpjs txt": ("a.txt", "No. Kartu BPJS : 0001234567890\nNama : Budi", {"bpjs": 1}),
    "bpjs tbl": (
        "a.csv",
        "nama,no_bpjs,faskes\nBudi Santoso,0001234567890,Puskesmas A\nSiti Aminah,0001234567891,Puskesmas A\nAndi Wijaya,0001234567892,Puskesmas A\nRina Kurnia,0001234567893,Puskesmas A\nDewi Lestari,0001234567894,Puskesmas A",
        {"bpjs": 5},
    ),
    "passport": ("a.txt", "Nomor Paspor: A9000001 atas nama Budi", {"passport": 1}),
    "passport2": ("a.txt", "Passport No. AB123456", {"passport": 1}),
    "bank": (
        "a.csv",
        "Nama Penerima;Nama Bank;Nomor Rekening\nBudi Santoso;Bank Kalsel;0010301234560\nSiti Aminah;Bank Kalsel;0010301234561\nAndi Wijaya;Bank Kalsel;0010301234562\nRina Kurnia;Bank Kalsel;0010301234563\nDewi Lestari;Bank Kalsel;0010301234564",
        {"bank_account": 5},
    ),
    "bank nobank": (
        "a.csv",
        "nama,no_rek\nBudi Santoso,7145-01-009000-53-1\nSiti Aminah,7145-01-009001-53-1\nAndi Wijaya,7145-01-009002-53-1\nRina Kurnia,7145-01-009003-53-1\nDewi Lestari,7145-01-009004-53-1",
        {"bank_account": 5},
    ),
    "bank text": ("a.txt", "Pembayaran honor ke rekening BCA 8735089123 atas nama Budi Santoso", {"bank_account": 1}),
    "health nik": (
        "a.csv",
        "nik,nama,hasil swab\n6371011508909001,Budi Santoso,POSITIF\n6371015508919002,Siti Aminah,POSITIF\n6371021503859003,Andi Wijaya,POSITIF\n3171012005889004,Rina Kurnia,POSITIF\n7371046011929005,Dewi Lestari,POSITIF",
        {"nik": 5, "health": 5},
    ),
    "health only names": (
        "a.html",
        "<h2>Daftar Pasien ODGJ</h2><table><tr><th>Nama<th>Umur<th>Diagnosa<th>Alamat<tr><td>Budi Santoso<td>40<td>Skizofrenia<td>Jl. X<tr><td>Siti Aminah<td>40<td>Skizofrenia<td>Jl. X<tr><td>Andi Wijaya<td>40<td>Skizofrenia<td>Jl. X<tr><td>Rina Kurnia<td>40<td>Skizofrenia<td>Jl. X<tr><td>Dewi Lestari<td>40<td>Skizofrenia<td>Jl. X</table>",
        {"health": 5},
    ),
    "health caption": (
        "a.html",
        "<h2>Daftar Penderita HIV</h2><table><tr><th>Nama<th>NIK<th>Alamat<tr><td>Budi Santoso<td>6371011508909001<td>Jl. X<tr><td>Siti Aminah<td>6371015508919002<td>Jl. X<tr><td>Andi Wijaya<td>6371021503859003<td>Jl. X<tr><td>Rina Kurnia<td>3171012005889004<td>Jl. X<tr><td>Dewi Lestari<td>7371046011929005<td>Jl. X</table>",
        {"nik": 5, "health": 5},
    ),
    "disab": (
        "a.csv",
        "nama,nik,jenis_disabilitas\nBudi Santoso,6371011508909001,Tuna netra\nSiti Aminah,6371015508919002,Tuna netra\nAndi Wijaya,6371021503859003,Tuna netra\nRina Kurnia,3171012005889004,Tuna netra\nDewi Lestari,7371046011929005,Tuna netra",
        {"nik": 5, "health": 5},
    ),
    "stunting": (
        "a.csv",
        "Nama Balita,Tanggal Lahir,Nama Ibu,Status Gizi\nBudi Santoso,10-03-2024,Ibu Budi Santoso,Stunting\nSiti Aminah,11-03-2024,Ibu Siti Aminah,Stunting\nAndi Wijaya,12-03-2024,Ibu Andi Wijaya,Stunting\nRina Kurnia,13-03-2024,Ibu Rina Kurnia,Stunting\nDewi Lestari,14-03-2024,Ibu Dewi Lestari,Stunting",
        {"birth_date": 5, "health": 5, "children": 5},
    ),
    "siswa": (
        "a.csv",
        "Nama Siswa,NISN,Kelas,Nama Orang Tua\nBudi Santoso,0091234509,VII A,Bapak Budi Santoso\nSiti Aminah,0091234519,VII A,Bapak Siti Aminah\nAndi Wijaya,0091234529,VII A,Bapak Andi Wijaya\nRina Kurnia,0091234539,VII A,Bapak Rina Kurnia\nDewi Lestari,0091234549,VII A,Bapak Dewi Lestari",
        {"children": 5},
    ),
    "email list": (
        "a.txt",
        "Budi Santoso <budi0@surat.test>\nSiti Aminah <siti1@surat.test>\nAndi Wijaya <andi2@surat.test>\nRina Kurnia <rina3@surat.test>\nDewi Lestari <dewi4@surat.test>",
        {"email": 5},
    ),
    "email example": (
        "a.csv",
        "nama,email\nBudi Santoso,budi@example.com\nSiti Aminah,siti@example.com\nAndi Wijaya,andi@example.com\nRina Kurnia,rina@example.com\nDewi Lestari,dewi@example.com",
        {"email": 5},
    ),
    "phones txt": (
        "a.txt",
        "1. Budi Santoso 0812-0000-1234\n2. Siti Aminah 081200001235\n3. Andi Wijaya +62 812-0000-1236\n4. Rina Kurnia 62812 0000 1237\n5. Dewi Lestari 0812 0000 1238",
        {"phone": 5},
    ),
    "phones html ul": (
        "a.html",
        "<h3>Peserta</h3><ul><li>Budi Santoso, HP 0812-0000-1234</li><li>Siti Aminah, HP 081200001235</li><li>Andi Wijaya, HP +62 812-0000-1236</li><li>Rina Kurnia, HP 62812 0000 1237</li><li>Dewi Lestari, HP 0812 0000 1238</li></ul>",
        {"phone": 5},
    ),
    "birth": (
        "a.csv",
        "nama,tempat_lahir,tanggal_lahir\nBudi Santoso,Banjarmasin,10 Agustus 1990\nSiti Aminah,Banjarmasin,11 Agustus 1990\nAndi Wijaya,Banjarmasin,12 Agustus 1990\nRina Kurnia,Banjarmasin,13 Agustus 1990\nDewi Lestari,Banjarmasin,14 Agustus 1990",
        {"birth_date": 5},
    ),
    "ttl": (
        "a.csv",
        'Nama,TTL,Alamat\nBudi Santoso,"Banjarmasin, 10-08-1990",Jl X\nSiti Aminah,"Banjarmasin, 11-08-1990",Jl X\nAndi Wijaya,"Banjarmasin, 12-08-1990",Jl X\nRina Kurnia,"Banjarmasin, 13-08-1990",Jl X\nDewi Lestari,"Banjarmasin, 14-08-1990",Jl X',
        {"birth_date": 5},
    ),
    "weak1": ("a.txt", "NIK: 637101150890****", {"weak_mask": 1}),
    "weak2": ("a.txt", "NIK 6371011508909xxx", {"weak_mask": 1}),
    "weak3": ("a.html", "<table><tr><th>Nama<th>NIK<tr><td>Budi<td>****011508909001</table>", {"weak_mask": 1}),
    "weak4": ("a.txt", "NIK: 6371 0115 0890 ****", {"weak_mask": 1}),
    "weak bullets": ("a.html", "<p>NIK 637101150890••••</p>", {"weak_mask": 1}),
    "mask good": ("a.txt", "NIK: 6371********0001 dan 637101xxxxxx**** dan ************9001", {}),
    "mask mid": ("a.txt", "NIK: 63710115****9001", {"weak_mask": 1}),
    "aws secret": (
        "a.env",
        "AWS_ACCESS_KEY_ID=AKIA9QRSTUVWXYZ23456\nAWS_SECRET_ACCESS_KEY=q7Rk2LmN9xTfWz8Y3bVcq7Rk2LmN9xTfWz8Y3bVd\n",
        {"secret": 2},
    ),
    "env": (
        ".env",
        "DB_USERNAME=root\nDB_PASSWORD=\"Rahasia#2026\"\nREDIS_PASSWORD=null\nMAIL_PASSWORD='kopi-susu-77'\nAPP_DEBUG=true\n",
        {"secret": 2},
    ),
    "env pw simple": (".env", "DB_PASSWORD=diskominfo2024\n", {"secret": 1}),
    "env pw letters": (".env", "DB_PASSWORD=kominfobanjar\n", {"secret": 1}),
    "ci4": ("env", "database.default.password = Rahasia2026\n", {"secret": 1}),
    "ci3": ("database.php", "'password' => 'Banjar#2024',\n", {"secret": 1}),
    "yaml pw": ("a.yml", "spring:\n  datasource:\n    password: Banjar2024xyz\n", {"secret": 1}),
    "props": ("app.properties", "spring.datasource.password=Banjar2024xyz\n", {"secret": 1}),
    "xml conn": (
        "web.config",
        '<add name="x" connectionString="Server=db;Database=a;User Id=sa;Password=Banjar#2024;" />',
        {"secret": 1},
    ),
    "js apikey": ("a.js", 'const API_KEY = "q7Rk2LmN9xTfWz8Y3bVcabcd1234";', {"secret": 1}),
    "js headers": ("a.js", 'headers:{"x-api-key":"q7Rk2LmN9xTfWz8Y3bVc"}', {"secret": 1}),
    "basic auth": ("a.js", 'headers:{Authorization:"Basic YWRtaW46UmFoYXNpYTIwMjY="}', {"secret": 1}),
    "url creds": ("a.html", '<a href="https://admin:Rahasia2026@intranet.contoh.go.id/">x</a>', {"secret": 1}),
    "google public": (
        "a.html",
        '<script>const firebaseConfig={apiKey:"AIzaSyD9x8c7v6b5n4m3l2k1j0h9g8f7d6s5a4Q"}</script>',
        {},
    ),
    "midtrans client": ("a.js", 'data-client-key="SB-Mid-client-9abcDEF123ghiJKL"', {}),
    "midtrans server": ("a.js", 'var k="SB-Mid-server-9abcDEF123ghiJKLmnop456"', {"secret": 1}),
    "telegram": (
        "a.js",
        "https://api.telegram.org/bot1234567890:AAHk9QrStUvWxYz12345678901234567ab/sendMessage",
        {"secret": 1},
    ),
    "slack hook": (
        "a.js",
        "https://hooks.slack.com/services/T9ABCDEFG/B9ABCDEFG/aBcDeFgHiJkLmNoPqRsTuVwX",
        {"secret": 1},
    ),
    "jwt": (
        "a.html",
        "token=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI5MDAxIiwibmFtZSI6IkJ1ZGkifQ.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
        {"secret": 1},
    ),
    "pem js": (
        "a.js",
        'const k="-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\\n"',
        {"secret": 1},
    ),
    "htpasswd": (".htpasswd", "admin:$apr1$9xQzR2aB$k8Lm3NpQ4rSt5UvW6xYz7.\n", {"secret": 1}),
    "shadow": (
        "a.txt",
        "root:$6$rounds=5000$9saltsalt$Kq7Rk2LmN9xTfWz8Y3bVcq7Rk2LmN9xTfWz8Y3bVcq7Rk2LmN9xTfWz8Y3bVcq7Rk2LmN9xTfWz8Y3bVc:19000:0:99999:7:::\n",
        {"secret": 1},
    ),
    "bcrypt dump": (
        "a.sql",
        "INSERT INTO users (id,name,password) VALUES (1,'Budi','$2y$10$9kq7Rk2LmN9xTfWz8Y3bVeq7Rk2LmN9xTfWz8Y3bVcq7Rk2LmN9xT'),(2,'Ani','$2y$10$8kq7Rk2LmN9xTfWz8Y3bVeq7Rk2LmN9xTfWz8Y3bVcq7Rk2LmN9xU');",
        {"secret": 2},
    ),
    "github in map": (
        "a.js.map",
        '{"version": 3, "sourcesContent": ["const t=\\"ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8\\""]}',
        {"secret": 1},
    ),
    "client secret": ("a.json", '{"client_id":"x","client_secret":"9f8e7d6c5b4a39281706f5e4d3c2b1a0"}', {"secret": 1}),
    "wifi": ("a.html", "<p>Password wifi tamu: SelamatDatang</p>", {}),
    "form": ("a.html", '<input type=password name=password value="">', {}),
    "js const names": (
        "a.js",
        'const PASSWORD_MIN_LENGTH=8;var passwordStrength="medium";x.apiKey=getKey();let secretKey=void 0;password:null,token:"bearer"',
        {},
    ),
    "sandi doc": ("a.html", "<p>Kata sandi default: admin123 harus diganti</p>", {}),
    "pub stripe": ("a.js", "pk_live_51Habc9DEFghi2JKLmno3", {}),
    "vue i18n": (
        "a.js",
        '{password:"Masukkan kata sandi baru Anda",confirmPassword:"Ulangi-kata-sandi",secret_question:"Pertanyaan-rahasia"}',
        {},
    ),
    "csp nonce": (
        "a.html",
        '<script nonce="9f8e7d6c5b4a3928"></script><meta name="api-base-url" content="https://api.contoh.go.id/v1/tokens">',
        {},
    ),
    "lock": (
        "composer.lock",
        '{"packages": [{"name": "a", "dist": {"reference": "9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c", "shasum": "9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c"}}]}',
        {},
    ),
    "google verify": (
        "a.html",
        '<meta name="google-site-verification" content="q7Rk2LmN9xTfWz8Y3bVcq7Rk2LmN9xTfWz8Y3bVc123">',
        {},
    ),
    "register cell": (
        "a.html",
        "<table><tr><th>No Registrasi<th>Nama<th>Tanggal<tr><td>6371011508269000<td>Budi Santoso<td>15-08-2026<tr><td>6371011508269001<td>Siti Aminah<td>15-08-2026<tr><td>6371011508269002<td>Andi Wijaya<td>15-08-2026<tr><td>6371011508269003<td>Rina Kurnia<td>15-08-2026<tr><td>6371011508269004<td>Dewi Lestari<td>15-08-2026</table>",
        {},
    ),
    "tiket": ("a.html", "<p>Nomor tiket pengaduan Anda: 6371011508269001</p>", {}),
    "va": ("a.html", "<p>Virtual Account BRI: 6371011508909001</p>", {}),
    "resi": (
        "a.json",
        '[{"resi": "6371011508909001", "kurir": "JNE"}, {"resi": "6371011508919001", "kurir": "POS"}]',
        {},
    ),
    "nop pbb": ("a.html", "<p>NOP: 63.71.010.015.089-0900.1</p>", {}),
    "idpel": (
        "a.csv",
        "idpel,nama,tarif\n637101150890,Budi Santoso,R1\n637101150891,Siti Aminah,R1\n637101150892,Andi Wijaya,R1\n637101150893,Rina Kurnia,R1\n637101150894,Dewi Lestari,R1",
        {},
    ),
    "news NIK": (
        "a.html",
        "<p>Warga diminta memadankan NIK dengan NPWP sebelum 31 Desember 2026. Kode registrasi 6371011508269001.</p>",
        {},
    ),
    "official phone": (
        "a.html",
        "<table><tr><th>Nama Pejabat<th>Jabatan<th>Telepon Kantor<tr><td>Budi Santoso<td>Kepala Bidang<td>(0511) 3300011<tr><td>Siti Aminah<td>Kepala Bidang<td>(0511) 3300111<tr><td>Andi Wijaya<td>Kepala Bidang<td>(0511) 3300211<tr><td>Rina Kurnia<td>Kepala Bidang<td>(0511) 3300311<tr><td>Dewi Lestari<td>Kepala Bidang<td>(0511) 3300411</table>",
        {},
    ),
    "kontak OPD": (
        "a.html",
        "<table><tr><th>OPD<th>Alamat<th>WhatsApp Layanan<tr><td>Dinas 10<td>Jl. X<td>0812-0000-10101<tr><td>Dinas 11<td>Jl. X<td>0812-0000-10111<tr><td>Dinas 12<td>Jl. X<td>0812-0000-10121<tr><td>Dinas 13<td>Jl. X<td>0812-0000-10131<tr><td>Dinas 14<td>Jl. X<td>0812-0000-10141</table>",
        {},
    ),
    "kecamatan contact": (
        "a.csv",
        "Kecamatan,Camat,No HP\nKec 0,Budi Santoso,081200001100\nKec 1,Siti Aminah,081200001111\nKec 2,Andi Wijaya,081200001122\nKec 3,Rina Kurnia,081200001133\nKec 4,Dewi Lestari,081200001144",
        {},
    ),
    "isbn list": ("a.txt", "ISBN 978-602-1234-56-7\nISBN 9786021234567\nISSN 1234-5678", {}),
    "pixel": ("a.js", 'gtm={"id":"1771015508909001","ts":1771015508909}', {}),
    "rekening dinas": ("a.html", "<p>Nomor Rekening Kas Daerah: 001.00.01.00001-2 Bank Kalsel</p>", {}),
    "visi": (
        "a.html",
        "<p>Jumlah penderita HIV 12 orang, TBC 40 orang</p><table><tr><th>Kecamatan<th>Stunting<th>Balita<tr><td>Banjarmasin Utara<td>120<td>3000</table>",
        {},
    ),
    "agenda lahir": ("a.html", "<p>Hari lahir Pancasila 1 Juni 1945. Kabupaten lahir pada 12-12-1959.</p>", {}),
    "juara": ("a.csv", "Juara,Nama,Sekolah\n1,Budi Santoso,SMPN 1\n2,Siti Aminah,SMPN 2\n3,Andi Wijaya,SMPN 3\n", {}),
    "sample nik": ("a.html", "<p>NIK: 3171011708450001</p>", {}),
    "regex": (
        "a.js",
        'if(!/^\\d{16}$/.test(nik))throw Error("NIK harus 16 digit");const NIK_REGEX=/^(1[1-9]|21)\\d{4}(0[1-9])/;',
        {},
    ),
    "card test": ("a.html", "<p>Nomor kartu kredit uji: 5271 0115 0890 9001</p>", {}),
    "layout tables": (
        "a.html",
        "<table><tr><td><table><tr><th>Nama<th>NIK<tr><td>Budi Santoso<td>6371011508909001<tr><td>Siti Aminah<td>6371015508919002<tr><td>Andi Wijaya<td>6371021503859003<tr><td>Rina Kurnia<td>3171012005889004<tr><td>Dewi Lestari<td>7371046011929005</table></td><td>menu</td></tr></table>",
        {"nik": 5},
    ),
    "jsonparse": (
        "a.html",
        '<script>var d=JSON.parse(\'[{"nik":"6371011508909001","nama":"Budi"}]\')</script>',
        {"nik": 1},
    ),
    "zero width": (
        "a.html",
        "<p>NIK: 6\u200b3\u200b7\u200b1\u200b0\u200b1\u200b1\u200b5\u200b0\u200b8\u200b9\u200b0\u200b9\u200b0\u200b0\u200b1</p>",
        {"nik": 1},
    ),
    "meta": ("a.html", '<meta name="description" content="NIK 6371011508909001">', {"nik": 1}),
    "template": (
        "a.html",
        "<template><p>NIK: 6371011508909001</p></template><noscript>NIK 6371015508919002</noscript><textarea>NIK 6371021503859003</textarea>",
        {"nik": 3},
    ),
    "svg": ("a.svg", '<svg xmlns="http://www.w3.org/2000/svg"><text>NIK: 6371011508909001</text></svg>', {"nik": 1}),
    "vcf": (
        "a.vcf",
        "BEGIN:VCARD\nFN:Budi Santoso\nTEL:0812-0000-1234\nEMAIL:budi@surat.test\nEND:VCARD\nBEGIN:VCARD\nFN:Siti Aminah\nTEL:081200001235\nEMAIL:siti@surat.test\nEND:VCARD\nBEGIN:VCARD\nFN:Andi Wijaya\nTEL:+62 812-0000-1236\nEMAIL:andi@surat.test\nEND:VCARD\nBEGIN:VCARD\nFN:Rina Kurnia\nTEL:62812 0000 1237\nEMAIL:rina@surat.test\nEND:VCARD\nBEGIN:VCARD\nFN:Dewi Lestari\nTEL:0812 0000 1238\nEMAIL:dewi@surat.test\nEND:VCARD",
        {"phone": 5, "email": 5},
    ),
    "rss": (
        "a.xml",
        '<?xml version="1.0"?><rss><channel><item><title>Pemohon Budi Santoso</title><description>NIK 6371011508909001</description></item></channel></rss>',
        {"nik": 1},
    ),
    "xml attr": (
        "a.xml",
        '<?xml version="1.0"?><data><warga nik="6371011508909001" nama="Budi Santoso"/><warga nik="6371015508919002" nama="Siti Aminah"/></data>',
        {"nik": 2},
    ),
    "wp json users": (
        "a.json",
        '[{"id": 1, "name": "admin", "slug": "admin", "link": "https://x.go.id/author/admin"}]',
        {},
    ),
    "br sep": (
        "a.html",
        "<p>Nama : Budi Santoso<br>NIK : 6371011508909001<br>Tempat/Tgl Lahir : Banjarmasin, 15-08-1990<br>No. HP : 0812-0000-1234<br>Email : budi@surat.test</p>",
        {"nik": 1, "phone": 1, "birth_date": 1, "email": 1},
    ),
    "bare 3": ("a.html", "<p>6371011508909001</p><p>6371015508919002</p><p>6371021503859003</p>", {"nik": 3}),
    "bare in js array": (
        "a.js",
        'var d=["6371011508909001","6371015508919002","6371021503859003","3171012005889004","7371046011929005"]',
        {"nik": 5},
    ),
    "bare ints js": (
        "a.js",
        "var d=[6371011508909001,6371015508919002,6371021503859003,3171012005889004,7371046011929005]",
        {"nik": 5},
    ),
    "prose list": (
        "a.html",
        "<p>NIK peserta yang lulus: 6371011508909001, 6371015508919002, 6371021503859003.</p>",
        {"nik": 3},
    ),
    "nik slash": (
        "a.txt",
        "Budi/6371011508909001/L/1990\nSiti/6371015508919002/P/1991\nAndi/6371021503859003/L/1985",
        {"nik": 3},
    ),
    "label far": (
        "a.html",
        "<p>Nomor Induk Kependudukan (NIK) yang bersangkutan adalah sebagai berikut: 6371011508909001</p>",
        {"nik": 1},
    ),
    "csv no header": (
        "a.csv",
        "Budi Santoso,6371011508909001,0812-0000-1234,Jl X\nSiti Aminah,6371015508919002,081200001235,Jl X\nAndi Wijaya,6371021503859003,+62 812-0000-1236,Jl X\nRina Kurnia,3171012005889004,62812 0000 1237,Jl X\nDewi Lestari,7371046011929005,0812 0000 1238,Jl X",
        {"nik": 5, "phone": 5},
    ),
    "dump users": (
        "a.sql",
        "INSERT INTO `users` (`id`,`name`,`email`,`phone`) VALUES (0,'Budi Santoso','budi0@surat.test','081200000000'),(1,'Siti Aminah','siti1@surat.test','081200001000'),(2,'Andi Wijaya','andi2@surat.test','081200002000'),(3,'Rina Kurnia','rina3@surat.test','081200003000'),(4,'Dewi Lestari','dewi4@surat.test','081200004000');",
        {"phone": 5, "email": 5},
    ),
    "sql create+nohdr": (
        "a.sql",
        "INSERT INTO penduduk VALUES (0,'6371011508909001','Budi Santoso','1990-08-15'),(1,'6371015508919002','Siti Aminah','1990-08-15'),(2,'6371021503859003','Andi Wijaya','1990-08-15'),(3,'3171012005889004','Rina Kurnia','1990-08-15'),(4,'7371046011929005','Dewi Lestari','1990-08-15');",
        {"nik": 5},
    ),
    "html entity space": ("a.html", "<p>NIK&nbsp;:&nbsp;6371011508909001</p>", {"nik": 1}),
    "markdown": (
        "a.md",
        "| Nama | NIK |\n|---|---|\n| Budi Santoso | 6371011508909001 |\n| Siti Aminah | 6371015508919002 |\n| Andi Wijaya | 6371021503859003 |\n| Rina Kurnia | 3171012005889004 |\n| Dewi Lestari | 7371046011929005 |",
        {"nik": 5},
    ),
    "two nik same row": (
        "a.csv",
        "nama_suami,nik_suami,nama_istri,nik_istri\nBudi Santoso,6371011508909001,Siti Aminah,6371015508919002\nAndi Wijaya,6371021503859003,Rina Kurnia,3171012005889004\n",
        {"nik": 4},
    ),
    "register + name": (
        "a.csv",
        "no_register,nama_usaha,status\n3206021074385665,Toko Rina Siregar,aktif\n1501161687387123,Toko Ratna Lestari,aktif\n1115076650267131,Toko Yuni Wijaya,aktif\n9604154422158464,Toko Rudi Tanjung,aktif\n9303032578186258,Toko Rudi Sihombing,aktif\n9402022235271390,Toko Sri Tanjung,aktif\n3301144141200871,Toko Muhammad Ginting,aktif\n3673037001798194,Toko Yuni Nugroho,aktif\n3373032391735517,Toko Rina Saputra,aktif\n1709112887079816,Toko Dedi Sihombing,aktif\n7602070079630611,Toko Maria Rahman,aktif\n9103019114874570,Toko Joko Hidayat,aktif\n9116152289296193,Toko Maria Kurniawan,aktif\n3306046026317560,Toko Aisyah Siregar,aktif\n3525062397488671,Toko Fitri Kurniawan,aktif\n3201034677025692,Toko Dedi Rahman,aktif\n3214153504034531,Toko Rudi Siregar,aktif\n7106092192953666,Toko Maria Sihombing,aktif\n3315077701417632,Toko Dewi Halim,aktif\n9405201737498732,Toko Fitri Ginting,aktif",
        {},
    ),
    "nomor peserta ujian": (
        "a.csv",
        "Nomor Peserta,Nama,Nilai\n3206027912328283,Rina Siregar,80\n1501160045840755,Ratna Lestari,80\n1115070461417230,Yuni Wijaya,80\n9604154337961660,Rudi Tanjung,80\n9303035888544692,Rudi Sihombing,80\n9402029898275734,Sri Tanjung,80\n3301141537627432,Muhammad Ginting,80\n3673032511695791,Yuni Nugroho,80\n3373037306065203,Rina Saputra,80\n1709117658947657,Dedi Sihombing,80\n7602070467067735,Maria Rahman,80\n9103015702525590,Joko Hidayat,80\n9116159579050656,Maria Kurniawan,80\n3306048322927383,Aisyah Siregar,80\n3525066352396802,Fitri Kurniawan,80\n3201031462632158,Dedi Rahman,80\n3214150513767234,Rudi Siregar,80\n7106091718808669,Maria Sihombing,80\n3315070679304068,Dewi Halim,80\n9405207757437369,Fitri Ginting,80",
        {},
    ),
    "peserta=nik valid": (
        "a.csv",
        "Nomor Peserta,Nama,Nilai\n3206026810069707,Rina Siregar,80\n1501165103039622,Ratna Lestari,80\n1115076703619209,Yuni Wijaya,80\n9604152406919937,Rudi Tanjung,80\n9303031406529655,Rudi Sihombing,80\n9402026709749727,Sri Tanjung,80\n3301142801959184,Muhammad Ginting,80\n3673034707669779,Yuni Nugroho,80\n3373035407849422,Rina Saputra,80\n1709113009909932,Dedi Sihombing,80\n7602074307699859,Maria Rahman,80\n9103010905539305,Joko Hidayat,80\n9116154603859647,Maria Kurniawan,80\n3306045512039538,Aisyah Siregar,80\n3525064303909513,Fitri Kurniawan,80\n3201032004589955,Dedi Rahman,80\n3214152907759465,Rudi Siregar,80\n7106095209769065,Maria Sihombing,80\n3315074706749551,Dewi Halim,80\n9405204603039880,Fitri Ginting,80",
        {"nik": 20},
    ),
    "va name": (
        "a.csv",
        "Nama,Virtual Account,Jumlah\nRina Siregar,8810768306185343,100000\nRatna Lestari,8810720546329893,100000\nYuni Wijaya,8810761869819851,100000\nRudi Tanjung,8810099073448444,100000\nRudi Sihombing,8810978781349855,100000\nSri Tanjung,8810175950540417,100000\nMuhammad Ginting,8810492236808540,100000\nYuni Nugroho,8810756636360001,100000\nRina Saputra,8810820294532961,100000\nDedi Sihombing,8810909869285293,100000\nMaria Rahman,8810341231060014,100000\nJoko Hidayat,8810328783912137,100000\nMaria Kurniawan,8810802997920082,100000\nAisyah Siregar,8810052553799820,100000\nFitri Kurniawan,8810957787933373,100000\nDedi Rahman,8810344439425522,100000\nRudi Siregar,8810431616463308,100000\nMaria Sihombing,8810346005654021,100000\nDewi Halim,8810784933748355,100000\nFitri Ginting,8810193177706966,100000",
        {},
    ),
    "va valid nik": (
        "a.csv",
        "Nama,Virtual Account,Jumlah\nRina Siregar,3206026810069707,100000\nRatna Lestari,1501165103039622,100000\nYuni Wijaya,1115076703619209,100000\nRudi Tanjung,9604152406919937,100000\nRudi Sihombing,9303031406529655,100000\nSri Tanjung,9402026709749727,100000\nMuhammad Ginting,3301142801959184,100000\nYuni Nugroho,3673034707669779,100000\nRina Saputra,3373035407849422,100000\nDedi Sihombing,1709113009909932,100000\nMaria Rahman,7602074307699859,100000\nJoko Hidayat,9103010905539305,100000\nMaria Kurniawan,9116154603859647,100000\nAisyah Siregar,3306045512039538,100000\nFitri Kurniawan,3525064303909513,100000\nDedi Rahman,3201032004589955,100000\nRudi Siregar,3214152907759465,100000\nMaria Sihombing,7106095209769065,100000\nDewi Halim,3315074706749551,100000\nFitri Ginting,9405204603039880,100000",
        {},
    ),
    "order with name and phone? single": ("a.html", "<p>Pesanan 3206026810069707 atas nama Rina Siregar</p>", {}),
    "tracking": (
        "a.html",
        "<p>No. Resi: 3206026810069707</p><p>No. Resi: 1501165103039622</p><p>No. Resi: 1115076703619209</p><p>No. Resi: 9604152406919937</p><p>No. Resi: 9303031406529655</p><p>No. Resi: 9402026709749727</p><p>No. Resi: 3301142801959184</p><p>No. Resi: 3673034707669779</p><p>No. Resi: 3373035407849422</p><p>No. Resi: 1709113009909932</p><p>No. Resi: 7602074307699859</p><p>No. Resi: 9103010905539305</p><p>No. Resi: 9116154603859647</p><p>No. Resi: 3306045512039538</p><p>No. Resi: 3525064303909513</p><p>No. Resi: 3201032004589955</p><p>No. Resi: 3214152907759465</p><p>No. Resi: 7106095209769065</p><p>No. Resi: 3315074706749551</p><p>No. Resi: 9405204603039880</p>",
        {},
    ),
    "phone lib": ("a.js", 'var ex=["081234567890","0812-3456-7890"];placeholder:"08xxxxxxxxxx"', {}),
    "form phone": ("a.html", '<input type=tel placeholder="0812-0000-1234"><p>Contoh: 0812-0000-1234</p>', {}),
    "kontak 3 admin": (
        "a.html",
        "<p>Admin 1: 0812-0000-1111<br>Admin 2: 0812-0000-2222<br>Admin 3: 0812-0000-3333</p>",
        {},
    ),
    "narahubung": ("a.html", "<p>Narahubung: Budi Santoso 0812-0000-1111, Siti Aminah 0812-0000-2222</p>", {}),
    "footer mails": (
        "a.html",
        "<p>info@contoh.go.id, humas@contoh.go.id, ppid@contoh.go.id, kominfo@contoh.go.id, webmaster@contoh.go.id, budi@contoh.go.id</p>",
        {},
    ),
    "sk pdf sign": (
        "a.txt",
        "Ditetapkan di Martapura\nBUPATI BANJAR,\n\nRina Siregar\n\nSalinan sesuai aslinya\nKepala Bagian Hukum\nRatna Lestari\nNIP. 200303112025072965",
        {},
    ),
    "npwp pt": ("a.html", "<p>PT Maju Jaya, NPWP 31.254.294.3-407.000</p>", {}),
    "template docx": (
        "a.html",
        "<p>Nama: ....................<br>NIK: ....................<br>No. HP: ....................</p>",
        {},
    ),
    "sensor names": (
        "a.csv",
        "Nama,NIK,Alamat\nRi***,320602xxxxxxxxxx,***\nRa***,150116xxxxxxxxxx,***\nYu***,111507xxxxxxxxxx,***\nRu***,960415xxxxxxxxxx,***\nRu***,930303xxxxxxxxxx,***\nSr***,940202xxxxxxxxxx,***\nMu***,330114xxxxxxxxxx,***\nYu***,367303xxxxxxxxxx,***\nRi***,337303xxxxxxxxxx,***\nDe***,170911xxxxxxxxxx,***\nMa***,760207xxxxxxxxxx,***\nJo***,910301xxxxxxxxxx,***\nMa***,911615xxxxxxxxxx,***\nAi***,330604xxxxxxxxxx,***\nFi***,352506xxxxxxxxxx,***\nDe***,320103xxxxxxxxxx,***\nRu***,321415xxxxxxxxxx,***\nMa***,710609xxxxxxxxxx,***\nDe***,331507xxxxxxxxxx,***\nFi***,940520xxxxxxxxxx,***",
        {},
    ),
    "tgl lahir pejabat": (
        "a.html",
        "<h1>Profil Kepala Dinas</h1><table><tr><td>Nama</td><td>Rina Siregar</td></tr><tr><td>NIP</td><td>200610282028082954</td></tr><tr><td>Tempat, Tanggal Lahir</td><td>Banjar, 12 Mei 1970</td></tr><tr><td>Jabatan</td><td>Kepala Dinas</td></tr></table>",
        {},
    ),
    "bank donation table": (
        "a.html",
        "<table><tr><th>Bank<th>Nomor Rekening<th>Atas Nama<tr><td>BRI<td>0123010045675 09<td>Panitia Pembangunan Masjid<tr><td>BNI<td>0987612345<td>Yayasan Al Ikhlas</table>",
        {},
    ),
    "apbd kode rek": (
        "a.csv",
        "Kode Rekening,Uraian,Jumlah\n5.1.02.01.01.0024,Belanja ATK,100\n5.1.02.01.01.0025,Belanja Kertas,200\n",
        {},
    ),
    "coa norek": (
        "a.csv",
        "No Rekening,Uraian,Anggaran\n5110201010024,Belanja ATK,100\n5110201010025,Belanja Kertas,200\n5110201010026,Belanja Tinta,200\n",
        {},
    ),
    "stat disabilitas": (
        "a.csv",
        "Kecamatan,Jenis Disabilitas,Jumlah\nMartapura,Tuna netra,10\nAstambul,Tuna rungu,11\n",
        {},
    ),
    "obat": ("a.csv", "Nama Obat,Diagnosa,Stok\nParasetamol,Demam,10\nAmoksisilin,Infeksi,20\nOAT,TBC,3\n", {}),
    "jadwal dokter": (
        "a.csv",
        "Nama Dokter,Poli,Penyakit\ndr. Rina Siregar,Poli Paru,TBC\ndr. Ratna Lestari,Poli Paru,TBC\ndr. Yuni Wijaya,Poli Paru,TBC\ndr. Rudi Tanjung,Poli Paru,TBC",
        {},
    ),
    "lomba siswa": (
        "a.csv",
        "Nama,Sekolah,Tanggal Lahir\nRina Siregar,SDN 1,10-03-2014\nRatna Lestari,SDN 1,11-03-2014\nYuni Wijaya,SDN 1,12-03-2014\nRudi Tanjung,SDN 1,13-03-2014\nRudi Sihombing,SDN 1,14-03-2014\nSri Tanjung,SDN 1,15-03-2014\nMuhammad Ginting,SDN 1,16-03-2014\nYuni Nugroho,SDN 1,17-03-2014",
        {"birth_date": 8, "children": 8},
    ),
    "kutipan nik hoax": ("a.html", "<p>Beredar pesan berisi NIK 1234567890123456 dan 1111111111111111.</p>", {}),
    "nik invalid date": ("a.html", "<p>NIK: 6371013202909001</p>", {}),
    "imei": ("a.txt", "IMEI 356938035643809\nIMEI2: 490154203237518", {}),
    "barcode": (
        "a.csv",
        "barcode,produk\n8991854877050,Produk 0\n8999889787783,Produk 1\n8996828415244,Produk 2\n8996477873887,Produk 3\n8990031582815,Produk 4\n8994104580607,Produk 5\n8997916969751,Produk 6\n8996433804174,Produk 7\n8993171803981,Produk 8\n8997267417427,Produk 9",
        {},
    ),
    "coord": ("a.json", '{"lat":-3.3171015508909001,"lng":114.5901150890900112}', {}),
    "excel fmla": ("a.csv", "nama,nilai\nBudi,3.171015508909E+15\n", {}),
    "mask tutorial": (
        "a.html",
        "<p>Tampilkan NIK dalam bentuk 637101150890**** adalah contoh penyamaran yang salah.</p>",
        {},
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_file_holds_what_it_holds(name: str) -> None:
    file, text, expected = EXAMPLES[name]
    summary = analyse(file, "", text.encode(), matcher=everything(), key=bytes(32), today=date(2026, 11, 26))
    found = {kind: count.count for kind, count in summary.types.items() if count.count}
    assert found | ({"children": summary.children} if summary.children else {}) == expected
