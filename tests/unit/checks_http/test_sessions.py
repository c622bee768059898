"""Which cookies carry a session."""

import base64
import random

import pytest

from checks.cookies.sessions import carries_session, looks_random


@pytest.mark.parametrize(
    "name",
    [
        "PHPSESSID", "phpsessid", "ci_session", "cisession", "laravel_session", "siap_session", "dinas-kesehatan-session",
        "OJSSID", "OCSSID", "MoodleSession", "MoodleSessionsiakad", "wordpress_logged_in_0a1b2c", "wordpress_sec_0a1b2c",
        "SenayanMember", "SenayanAdmin", "d41d8cd98f00b204e9800998ecf8427e", "JSESSIONID", "ASP.NET_SessionId",
        "ASPSESSIONIDQATRSBDC", ".ASPXAUTH", ".AspNetCore.Session", "connect.sid", "sessionid", "session", "sid",
        "SESS0123456789abcdef0123456789abcdef", "SSESS0123456789abcdef0123456789abcdef", "CGISESSID", "CFID",
        "remember_web_59ba36addc2b2f9401580f014c7f58ea4e30989d", "__Host-session", "__Secure-PHPSESSID", "access_token",
        "jwt", "CAKEPHP", "fe_typo_user", "_gitlab_session", "rack.session",
    ],
)  # fmt: skip
def test_names_that_software_gives_sessions(name: str) -> None:
    assert carries_session(name, "x")


@pytest.mark.parametrize(
    "name",
    [
        "XSRF-TOKEN", "csrf_cookie_name", "ci_csrf_token", "csrftoken", "_csrf", "__RequestVerificationToken",
        ".AspNetCore.Antiforgery.x", "_ga", "_ga_ABC123", "_gid", "_fbp", "__cf_bm", "cf_clearance", "AWSALB", "BIGipServerpool",
        "incap_ses_1_2", "cookieyes-consent", "SERVERID", "_pk_id.1.1fff",
    ],
)  # fmt: skip
def test_names_that_are_known_to_be_no_session_whatever_their_value(name: str) -> None:
    assert not carries_session(name, "4f9a1c07e2b85d36af0199c3e7d24b86")


@pytest.mark.parametrize("name", ["lang", "bahasa", "tema", "pll_language", "visited", "assessment", "possession_note"])
def test_ordinary_names_with_ordinary_values(name: str) -> None:
    assert not carries_session(name, "id")


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("id", id="short"),
        pytest.param("2026-11-24T03:00:00+07:00", id="time"),
        pytest.param("pemerintah-kabupaten-contoh-jaya", id="words"),
        pytest.param("https://contoh.go.id/berita/2026", id="address"),
        pytest.param("1234567890123456789012345", id="number"),
        pytest.param("a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1"[:20], id="repetition"),
        pytest.param('{"theme":"dark","size":14,"lang":"id"}', id="json"),
    ],
)
def test_values_that_are_no_secret(value: str) -> None:
    assert not looks_random(value)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("4f9a1c07e2b85d36af0199c3e7d24b86", id="hex-128"),
        pytest.param("550e8400-e29b-41d4-a716-446655440000", id="uuid"),
        pytest.param("s%3A8fK2mQ0z7Lw3Rt9Vx1Yb.5Nc6Jd4Hg", id="signed-and-encoded"),
        pytest.param("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N", id="jwt"),
    ],
)
def test_values_that_no_one_guesses(value: str) -> None:
    assert looks_random(value)
    assert carries_session("x", value)


def test_random_tokens_of_128_bits_are_nearly_all_found() -> None:
    source = random.Random(20261124)
    tokens = [source.randbytes(16) for _ in range(500)]
    assert sum(looks_random(token.hex()) for token in tokens) >= 490
    assert sum(looks_random(base64.urlsafe_b64encode(token).decode()) for token in tokens) >= 400


def test_a_huge_name_or_value_is_no_burden() -> None:
    assert not carries_session("_" * 4_000, "a" * 4_000)
