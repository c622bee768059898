import hashlib
import hmac
import json
import time
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auditor.identifiers import parse_nik
from auditor.mask import Masker, mask_text
from tests.unit.identifiers.synthetic import niks

NIK = "6371010112909001"
MASKED = "637101xxxxxx****"

# Texts made of what the rules look at, so that rules meet.
FRAGMENTS = (
    NIK, "637101", "0112909001", "0812", "0000", "1234", "62", "08120000", "1234567", "09.254.294.3-407.000", "4111", "1111",
    "199001122015011901", "0", "1", "9", "x", "xxxxxx", "****", "[hidden]", "[phone]", "[email]", " ", "-", ".", "_", "+",
    "%20", "%2D", "%3D", "%25", "&", "&#54;", ";", "=", ":", "/", "://", "@", "a@b.go.id", "user:pw@", "password", "token",
    "session", "nuptk", "rekening", "tgl_lahir", "1990-01-12", "eyJhbGciOiJI", "Bearer ", "Authorization", '"', "'", "]",
    "[", "\n", ",", "?nik=", "é", "６", "\u200b", "192.168.1.10", "-----BEGIN RSA PRIVATE KEY-----",
    "\\",
)  # fmt: skip
MIXED = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=3), max_size=14).map("".join)
WITH_HEX = st.lists(st.sampled_from((*FRAGMENTS, "abcdef", "deadbeef", "1f", "ABCDEF")), max_size=14).map("".join)


@given(niks(), st.text(), st.text())
@example(NIK, "1" * 20, "9" * 20)
@example(NIK, "a" * 16, "")
@example(NIK, "", "deadbeef1f1f1f1f")
@example(NIK, "id-", "0812")
@example(NIK, "password=", "")
def test_no_nik_survives_in_any_surrounding_text(nik: str, before: str, after: str) -> None:
    masked = mask_text(f"{before}{nik}{after}")
    assert nik not in masked
    assert not any(parse_nik(masked[i : i + 16]) for i in range(len(masked)))


@given(niks(), MIXED, MIXED)
def test_no_nik_survives_among_what_the_rules_look_at(nik: str, before: str, after: str) -> None:
    masked = mask_text(f"{before}{nik}{after}")
    assert nik not in masked
    assert not any(parse_nik(masked[i : i + 16]) for i in range(len(masked)))


@given(
    niks(),
    st.sampled_from([" ", ".", "-", "_", "\u00a0", " - "]),
    st.sampled_from([(6, 6, 4), (4, 4, 4, 4), (2, 2, 2, 6, 4)]),
)
def test_no_nik_survives_written_in_groups(nik: str, gap: str, lengths: tuple[int, ...]) -> None:
    groups, at = [], 0
    for length in lengths:
        groups.append(nik[at : at + length])
        at += length
    assert mask_text(f"NIK {gap.join(groups)}, Banjarmasin") == f"NIK {nik[:6]}xxxxxx****, Banjarmasin"


@given(niks(), st.integers(0, 3))
def test_no_nik_survives_in_percent_encoding(nik: str, rounds: int) -> None:
    text = "".join(f"%{ord(digit):02X}" for digit in nik)
    for _ in range(rounds):
        text = quote(text)
    assert mask_text(f"/cari/{text}") == f"/cari/{nik[:6]}xxxxxx****"


@given(MIXED | WITH_HEX)
def test_masking_twice_changes_nothing(text: str) -> None:
    once = mask_text(text)
    assert mask_text(once) == once


@given(st.text())
def test_masking_any_text_twice_changes_nothing(text: str) -> None:
    once = mask_text(text)
    assert mask_text(once) == once


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (NIK, MASKED),
        ("6473010112909001", "647301xxxxxx****"),
        (f"https://contoh.go.id/cari?nik={NIK}&p=1", f"https://contoh.go.id/cari?nik={MASKED}&p=1"),
        (f"data={NIK}; path=/", f"data={MASKED}; path=/"),
        (NIK + NIK, MASKED + MASKED),
        (f"20261124{NIK}77", f"20261124{MASKED}77"),
        ("&#54;371010112909001", MASKED),
        ("６３７１０１０１１２９０９００１", MASKED),
        ("NPWP 09.254.294.3-407.000", "NPWP [npwp]"),
        ("NPWP 01.312.166.0-091.000", "NPWP [npwp]"),
        ("092542943407000", "[npwp]"),
        ("0092 5429 4340 7000", "[npwp]"),
        ("NIP. 19900112 201501 1 901", "NIP. [nip]"),
        ("nip=199001122015011901", "nip=[nip]"),
        ("HP 0812-0000-1234", "HP [phone]"),
        ("hp=081200001234&x", "hp=[phone]&x"),
        ("+62 812 0000 1234", "+[phone]"),
        ("tel:+62-812-0000-1234", "tel:+[phone]"),
        ("+62 (0) 812 0000 1234", "+[phone]"),
        ("(0812) 0000 1234", "([phone]"),
        ("https://wa.me/6281200001234", "https://wa.me/[phone]"),
        ("?hp=%2B62%20812%200000%201234", "?hp=+[phone]"),
        ("petugas.satu@contoh.go.id", "[email]@contoh.go.id"),
        ("mailto:petugas%40contoh.go.id", "mailto:[email]@contoh.go.id"),
        ("a@b.go.id@c.go.id", "[email]@[email]@c.go.id"),
        ("kartu 4111 1111 1111 1111", "kartu [card]"),
        ("4111111111111111", "[card]"),
        ("3782-822463-10005", "[card]"),
        ("L898902C36UTO7408122F1204159ZE184226B<<<<<10", "[passport]"),
        ("No. Rekening BRI: 1234-01-123456-53-1", "No. Rekening BRI: [number]"),
        ("NUPTK: 1234567890123456", "NUPTK: [number]"),
        ("BPJS 0001234567890", "BPJS [number]"),
        ("paspor A1234567", "paspor [number]"),
        ("tanggal lahir: 12 Januari 1990", "tanggal lahir: [date]"),
        ("tgl_lahir=1990-01-12&x=1", "tgl_lahir=[date]&x=1"),
    ],
)
def test_personal_data_is_masked(text: str, masked: str) -> None:
    assert mask_text(text) == masked


PRIVATE_KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjb250b2gifQ.c2lnbmF0dXJlLXNpbnRldGlr"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"kunci {PRIVATE_KEY} akhir", "kunci [hidden] akhir"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNza", "[hidden]"),
        (quote(PRIVATE_KEY), "[hidden]"),
        ("AKIA" + "A" * 16, "[hidden]"),
        ("x ghp_" + "a1" * 18 + " y", "x [hidden] y"),
        ("github_pat_" + "a1" * 20, "[hidden]"),
        ("AIza" + "a" * 35, "[hidden]"),
        ("xoxb-123456789012-abcdef", "[hidden]"),
        ("glpat-" + "a" * 20, "[hidden]"),
        ("https://hooks.slack.com/services/T000/B000/XXXX", "https://[hidden]"),
        ("123456789:AA" + "b" * 33, "[hidden]"),
        (f"id={JWT}&x=1", "id=[hidden]&x=1"),
        ("DB_PASSWORD=rahasia123\nDB_HOST=db", "DB_PASSWORD=[hidden]\nDB_HOST=db"),
        ("?user=a&password=b&c=d", "?user=a&password=[hidden]&c=d"),
        ("?next=%2Flogin%3Fpassword%3Drahasia%26a%3D1", "?next=/login?password=[hidden]&a=1"),
        ('{"password": "dua kata", "a": 1}', '{"password": "[hidden]", "a": 1}'),
        ('{\\"api_key\\":\\"abc\\"}', '{\\"api_key\\":\\"[hidden]"}'),
        ("define('DB_PASSWORD', 'abc');", "define('DB_PASSWORD', '[hidden]');"),
        ("$db['default']['password'] = 'abc';", "$db['default']['password'] = '[hidden]';"),
        ("'secret' => 'abc',", "'secret' => '[hidden]',"),
        ("kata_sandi: abc", "kata_sandi: [hidden]"),
        ("APP_KEY=base64:YWJj", "APP_KEY=[hidden]"),
        ("AWS_SECRET_ACCESS_KEY=a/b+c", "AWS_SECRET_ACCESS_KEY=[hidden]"),
        ("mysql://root:r@hasia@127.0.0.1:3306/db", "mysql://[hidden]@127.0.0.1:3306/db"),
        ("https://user:pw@contoh.go.id/", "https://[hidden]@contoh.go.id/"),
        ("Authorization: Basic dXNlcjpwYXNz", "Authorization: [hidden]"),
        ("bearer abcdefghijklmnop", "bearer [hidden]"),
        ("Set-Cookie: laravel_session=eyJpdiI6Im; path=/", "Set-Cookie: laravel_session=[hidden]; path=/"),
        ("PHPSESSID=abc123; path=/; HttpOnly", "PHPSESSID=[hidden]; path=/; HttpOnly"),
        ("/masuk;jsessionid=AB12CD?x=1", "/masuk;jsessionid=[hidden]"),
        ("/x?sid=abc&y=1", "/x?sid=[hidden]&y=1"),
        ("/x?access_token=abc", "/x?access_token=[hidden]"),
        ("X-CSRF-Token: 1a2b3c4d5e6f", "X-CSRF-Token: [hidden]"),
        ("password=[hidden]abc", "password=[hidden]"),
    ],
)
def test_secrets_are_masked(text: str, masked: str) -> None:
    assert mask_text(text) == masked
    assert mask_text(masked) == masked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-24T03:03:27Z",
        "2026-11-24 03:03:27",
        "Tue, 24 Nov 2026 03:03:27 GMT",
        "20261124030327",
        "2026112403032712",
        "max-age=31536000; includeSubDomains; preload",
        "nginx/1.24.0 (Ubuntu)",
        "OpenSSL/3.0.11",
        "62.0.3202.94",
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        "192.168.100.100",
        "10.0.0.1-10.0.0.9",
        "203.0.113.100 198.51.100.100 192.168.100.100 127.0.0.1:8443",
        "[2001:db8:1234:5678:9012:3456:7890:1234]:8443",
        "::ffff:192.168.100.100",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLSv1.2,TLSv1.3",
        "X25519MLKEM768",
        "03:9a:12:34:56:78:90:12:34:56:78:90:12:34:56:78:90",
        "03a1b2c3d4e5f60718293a4b5c6d7e8f9012",
        "7E01D7A0081234567890AF",
        "1033F40DE723173B23925C17AA3878C7885CC5ACCADB72F31DBD4C178A964901",
        "0x1f2e3d",
        "f47ac10b-58cc-4372-a567-081200001234",
        "default-src 'self'; script-src 'nonce-r4nd0m' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
        "camera=(), publickey-credentials-get=(self), private-state-token-issuance=()",
        'pin-sha256="d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM="; max-age=5184000',
        '"5f3c2a1b-1d4"',
        'Basic realm="Area terbatas"',
        "Dinas Komunikasi, Informatika dan Persandian: Bidang Persandian",
        "session: SameSite missing",
        "session: 2026-11-24T03:03:27Z",
        "bpjs-kesehatan.go.id 192.168.100.100",
        "BPJS 2026-11-24",
        "jquery@3.6.0",
        "content-length: 1048576",
        "port 65535",
        "RSA 2048, sha256WithRSAEncryption",
        MASKED,
        "[phone] [npwp] [hidden]",
    ],
)
def test_what_evidence_stands_on_is_not_touched(text: str) -> None:
    assert mask_text(text) == text


@given(
    st.binary(max_size=40),
    st.sampled_from(["sha1", "sha256", "sha384", "sha512"]),
    st.sampled_from(["", "sha256:", "digest="]),
)
def test_digests_are_not_touched(data: bytes, name: str, label: str) -> None:
    digest = hashlib.new(name, data, usedforsecurity=False).hexdigest()
    assert mask_text(label + digest) == label + digest
    assert mask_text(label + digest.upper()) == label + digest.upper()


def test_a_digest_that_happens_to_hold_a_nik_is_not_touched() -> None:
    digest = f"4a1f9c{NIK}b7e2d05c8a3f61e9d4b0a7c5e8f2d1b6c3a9e0f7d4"
    assert len(digest) == 64
    assert mask_text(digest) == digest


@given(st.ip_addresses(), st.ip_addresses())
def test_addresses_are_not_touched(one: object, other: object) -> None:
    assert mask_text(f"{one} {other}") == f"{one} {other}"


@given(st.datetimes())
def test_times_are_not_touched(moment: object) -> None:
    assert mask_text(f"{moment:%Y-%m-%dT%H:%M:%SZ}") == f"{moment:%Y-%m-%dT%H:%M:%SZ}"


@given(st.integers(0, 10**9))
def test_max_age_is_not_touched(seconds: int) -> None:
    assert mask_text(f"max-age={seconds}") == f"max-age={seconds}"


HOSTILE = (
    "1", "637101", "1 ", "628 ", "0812 ", "a", "a.", "-a", "password", "password=", "pass=x ", 'password="', "password='\"", "@",
    "a@", "a@b.", "://", "eyJ", "eyJaaaaaaaa.", "-----BEGIN ", "-----BEGIN PRIVATE KEY-----", "-", "1---", "f", "1f", "%", "%25",
    "&#54;", "1.", "SG.", "bpjs", "rekening ", "tgl_lahir ", NIK, NIK + " ", "081200001234,", "09.254.294.3-407.001 ", "xoxb-", "<",
    "a@b.go.id ", "authorization:", "Bearer ", "token:", "token: a", "é", MASKED, "\0", "sessionid", "0", "10.0.0.1 ", "abcdef12-",
)  # fmt: skip


def cost(part: str, size: int, end: str = "") -> float:
    text = part * (size // len(part)) + end
    before = time.process_time()
    mask_text(text)
    return time.process_time() - before


@pytest.mark.parametrize("part", HOSTILE)
def test_hostile_texts_take_linear_time(part: str) -> None:
    # A pattern that starts over at every character needs minutes for this; ours about 0.05 s.
    assert cost(part, 50_000, "xxxxxx*") < 0.5


@pytest.mark.parametrize("part", ["a", "-", "1x", "password", "a@", "://", "%25", "<"])
def test_a_megabyte_takes_less_than_a_second(part: str) -> None:
    assert any(cost(part, 1_000_000) < 1 for _ in range(3))


def test_a_tag_is_a_keyed_digest() -> None:
    key = bytes(range(32))
    expected = hmac.new(key, NIK.encode(), "sha256").hexdigest()[:16]
    assert Masker(key).tag(NIK) == expected
    assert Masker(bytes(32)).tag(NIK) != expected


def test_without_a_key_tags_hold_within_one_run_only() -> None:
    one, other = Masker(None), Masker(None)
    assert one.tag(NIK) == one.tag(NIK)
    assert one.tag(NIK) != other.tag(NIK)
    assert one.tag(NIK) != hashlib.sha256(NIK.encode()).hexdigest()[:16]


def test_the_key_has_no_part_in_masked_text_and_stays_out_of_repr() -> None:
    assert Masker(b"k" * 32).text(NIK) == Masker(None).text(NIK) == MASKED
    assert "kkkk" not in repr(Masker(b"k" * 32))


def test_json_stays_json() -> None:
    plain = {"nik": NIK, "password": "abc", "email": "a@b.go.id", "token": "x", "n": 1}
    masked = json.loads(mask_text(json.dumps(plain)))
    assert masked == {"nik": MASKED, "password": "[hidden]", "email": "[email]@b.go.id", "token": "[hidden]", "n": 1}


def test_nesting_encodings_without_end_hides_everything() -> None:
    text = "password=abc"
    for _ in range(12):
        text = quote(text, safe="")
    assert mask_text(text) == "[hidden]"


@pytest.mark.parametrize(
    ("shown", "hidden"),
    [
        ("637101011290****", MASKED),
        ("6371010112909xxx", MASKED),
        ("637101011290\u2022\u2022\u2022\u2022", MASKED),
        ("****010112909001", "[number]"),
        ("6371********9001", "6371********9001"),
        (MASKED, MASKED),
    ],
)
def test_a_weak_mask_is_made_a_strong_one(shown: str, hidden: str) -> None:
    assert mask_text(f"NIK {shown}, Banjarmasin") == f"NIK {hidden}, Banjarmasin"


@pytest.mark.parametrize(
    "secret",
    [
        "xkeysib-" + "9f2c41ab" * 8 + "-a1B2c3D4e5F6g7H8",
        "dop_v1_" + "9f2c41ab" * 8,
        "shpat_" + "9f2c41ab" * 4,
        "Mid-server-a1B2c3D4e5F6g7H8",
        "xnd_production_a1B2c3D4e5F6g7H8i9J0",
        "hf_" + "aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgH"[:34],
        "PMAK-" + "9f2c41" * 4 + "-" + "9f2c41ab" * 4 + "9f",
        "lin_api_" + "a1B2c3D4e5" * 4,
    ],
)
def test_tokens_of_known_issuers_are_hidden(secret: str) -> None:
    masked = mask_text(f"https://contoh.go.id/a?x={secret}&y=1")
    assert secret not in masked
    assert "[hidden]" in masked
