"""Files with random tokens of known forms, and files that only look like it."""

import base64
import json
import random
import string

from tests.corpus.people import token
from tests.corpus.writers import page

HEX = "0123456789abcdef"
UPPER = string.ascii_uppercase + "234567"


def leaks(rng: random.Random) -> list[tuple[str, str, bytes, dict[str, int]]]:
    """Name, content type, content, label."""
    js, plain = "application/javascript", "text/plain"
    jwt = ".".join(
        base64.urlsafe_b64encode(part).decode().rstrip("=")
        for part in (
            b'{"alg":"HS256","typ":"JWT"}',
            json.dumps({"sub": "9001", "role": "admin"}).encode(),
            rng.randbytes(32),
        )
    )
    key = base64.b64encode(rng.randbytes(900)).decode()
    pem = (
        "-----BEGIN RSA PRIVATE KEY-----\n"
        + "\n".join(key[i : i + 64] for i in range(0, 1200, 64))
        + "\n-----END RSA PRIVATE KEY-----\n"
    )
    issued = {
        "aws": f"AKIA{token(rng, 16, UPPER)}",
        "github": f"ghp_{token(rng, 36)}",
        "gitlab": f"glpat-{token(rng, 20)}",
        "slack": f"xoxb-{rng.randrange(10**11, 10**12)}-{rng.randrange(10**11, 10**12)}-{token(rng, 24)}",
        "stripe": f"sk_live_{token(rng, 24)}",
        "midtrans": f"Mid-server-{token(rng, 24)}",
        "xendit": f"xnd_production_{token(rng, 48)}",
        "sendgrid": f"SG.{token(rng, 22)}.{token(rng, 43)}",
        "telegram": f"{rng.randrange(10**9, 10**10)}:AA{token(rng, 33)}",
        "openai": f"sk-proj-{token(rng, 64)}",
        "npm": f"npm_{token(rng, 36)}",
        "twilio": f"SK{token(rng, 32, HEX)}",
        "mailgun": f"key-{token(rng, 32, HEX)}",
        "brevo": f"xkeysib-{token(rng, 64, HEX)}-{token(rng, 16)}",
        "digitalocean": f"dop_v1_{token(rng, 64, HEX)}",
        "google-oauth": f"GOCSPX-{token(rng, 28)}",
        "shopify": f"shpat_{token(rng, 32, HEX)}",
        "huggingface": f"hf_{token(rng, 34, string.ascii_letters)}",
        "databricks": f"dapi{token(rng, 32, HEX)}",
        "facebook": f"EAAB{token(rng, 120)}",
    }
    made = [
        (f"kunci-{name}.js", js, f'const cfg={{endpoint:"/api",k:"{value}"}};'.encode(), {"secret": 1})
        for name, value in issued.items()
    ]
    password = token(rng, 12)
    made += [
        ("env.txt", plain, f"APP_ENV=production\nAPP_KEY=base64:{base64.b64encode(rng.randbytes(32)).decode()}\nDB_HOST=127.0.0.1\nDB_PASSWORD={password}\nMAIL_PASSWORD={token(rng, 10)}\n".encode(), {"secret": 3}),
        ("wp-config.php.txt", plain, f"<?php\ndefine('DB_NAME', 'portal');\ndefine( 'DB_PASSWORD', '{password}9!' );\n".encode(), {"secret": 1}),
        ("database.php.txt", plain, f"<?php $db['default'] = array('hostname' => 'localhost', 'username' => 'root', 'password' => '{password}x7');".encode(), {"secret": 1}),
        ("app.js.map", "application/json", json.dumps({"version": 3, "sourcesContent": [f"const jwtSecret = '{token(rng, 40)}';"]}).encode(), {"secret": 1}),
        ("kunci.html", "text/html", page("Cadangan", f"<pre>{pem}</pre>"), {"secret": 1}),
        ("id_rsa.txt", plain, pem.encode(), {"secret": 1}),
        ("token.html", "text/html", page("Beranda", f"<script>localStorage.setItem('t','{jwt}')</script>"), {"secret": 1}),
        ("komentar.html", "text/html", page("Beranda", f"<!-- ftp://web:{password}@ftp.contoh.go.id/public -->"), {"secret": 1}),
        ("koneksi.js", js, f'mongoose.connect("mongodb+srv://portal:{password}@klaster.contoh.test/data");'.encode(), {"secret": 1}),
        ("fonnte.js", js, f'fetch(u,{{headers:{{Authorization:"x"}}}});var fonnte_token = "{token(rng, 20)}";'.encode(), {"secret": 1}),
        ("aws-rahasia.yml", plain, f"aws_secret_access_key: {token(rng, 40, string.ascii_letters + string.digits + '+/')}\n".encode(), {"secret": 1}),
        ("recaptcha.txt", plain, f"RECAPTCHA_SECRET_KEY=6L{token(rng, 38)}\n".encode(), {"secret": 1}),
        ("satusehat.json", "application/json", json.dumps({"satusehat_client_secret": token(rng, 64)}).encode(), {"secret": 1}),
        ("atribut.html", "text/html", page("Peta", f'<div data-api-key="{token(rng, 32)}"></div>'), {"secret": 1}),
        ("bearer.js", js, f'axios.defaults.headers={{"Authorization":"Bearer {token(rng, 40)}"}};'.encode(), {"secret": 1}),
    ]  # fmt: skip
    return made


def decoys(rng: random.Random) -> list[tuple[str, str, bytes]]:
    """Name, content type, content."""
    js, plain = "application/javascript", "text/plain"
    return [
        ("env.example.txt", plain, b"APP_KEY=\nDB_PASSWORD=your_password_here\nMAIL_PASSWORD=null\nAWS_SECRET_ACCESS_KEY=xxxxxxxxxxxxxxxxxxxx\nJWT_SECRET=changeme\n"),
        ("panduan-aws.html", "text/html", page("Panduan", "<pre>aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY</pre>")),
        ("formulir-masuk.html", "text/html", page("Masuk", '<form><label>Kata sandi</label><input type="password" name="password" placeholder="Kata sandi" autocomplete="current-password"></form>')),
        ("validasi.js", js, b'const m={password:"Kata sandi wajib diisi",password_confirmation:"Konfirmasi tidak sama"};if(password.length<8){password=e.target.value}var apiKey=e.apiKey;let secret=process.env.SECRET_KEY;'),
        ("i18n.json", "application/json", b'{"password":"Password","forgot_password":"Lupa kata sandi?","reset_password":"Atur ulang","secret":"Rahasia","api_key":"Kunci API"}'),
        ("integritas.html", "text/html", page("Beranda", f'<script src="/a.js" integrity="sha384-{token(rng, 64)}" crossorigin="anonymous"></script>')),
        ("kunci-peta.html", "text/html", page("Peta", f"<script src='https://maps.example/js?key=AIza{token(rng, 35)}'></script>")),
        ("firebase.js", js, f'firebase.initializeApp({{apiKey:"AIza{token(rng, 35)}",projectId:"x",appId:"1:9:web:{token(rng, 22, HEX)}"}})'.encode()),
        ("stripe-publik.js", js, f'Stripe("pk_live_{token(rng, 24)}")'.encode()),
        ("csrf.html", "text/html", page("Beranda", f'<meta name="csrf-token" content="{token(rng, 40)}"><input type="hidden" name="_token" value="{token(rng, 40)}">')),
        ("kunci-publik.txt", plain, b"-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAK\n-----END PUBLIC KEY-----\n"),
        ("templat.yml", plain, b"password: ${DB_PASSWORD}\nsecret: {{ vault_secret }}\napi_key: <API_KEY>\ntoken: '%(token)s'\n"),
        ("uuid.json", "application/json", b'{"id":"9f2c41ab-0000-4000-8000-1234567890ab","etag":"5d41402abc4b2a76b9719d911017c592"}'),
        ("paket.json", "application/json", json.dumps({"packages": {"a": {"integrity": f"sha512-{token(rng, 86)}=="}}}).encode()),
        ("base64.html", "text/html", page("Logo", f'<img src="data:image/png;base64,{token(rng, 400)}">')),
        ("minify.js", js, b'function t(e){var t=e.password,n=e.secret;return t===n?"secret":"token"}var r={passwordField:"#password",tokenUrl:"/oauth/token",apiKeyHeader:"X-API-KEY"};'),
    ]  # fmt: skip
