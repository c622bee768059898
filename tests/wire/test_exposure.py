"""Readable repositories and environment files over real sockets, and all that must not be taken for one."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.errors import Unobserved
from auditor.model import Absence, Covered, Endpoint, Target
from auditor.net import Limits
from checks.exposure.probe import BASELINES, STRIKES
from tests.wire import exposures, nginx, pki
from tests.wire.exposures import FACTS, PATHS, Seen
from tests.wire.site import NOT_FOUND, Answer, Cut, Page, Request, Site, Stall, aim, reply

PATIENT = Limits(exchange=5.0, target=20.0)
BRIEF = Limits(exchange=0.5, target=8.0)
HOME = reply(200, body=b"<html><title>Dinas Contoh</title><h1>Halo warga</h1><p>Layanan publik dan berita.</p></html>")
ZIP = b"PK\x03\x04\x14\0\0\0\x08\0"
HEAD = b"ref: refs/heads/master\n"
SECRET = b"rahasia-9000000001"
ENV = b"APP_NAME=Siap\nAPP_KEY=base64:" + SECRET + b"\nDB_HOST=127.0.0.1\nDB_PASSWORD=" + SECRET + b"\n"


def look(target: Target, limits: Limits = PATIENT) -> tuple[Seen, list[object]]:
    return exposures.look(target, limits)


def probe(pages: dict[str, Page]) -> Seen:
    with Site({"/": HOME} | pages) as site:
        stalls = any(isinstance(page, Stall) for page in pages.values())
        return look(aim(plain=site), BRIEF if stalls else PATIENT)[0]


def raw(body: bytes, kind: str | None = None) -> bytes:
    return reply(200, body=body, kind=kind)


# ---------------------------------------------------------------- found


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        pytest.param("/.git/HEAD", raw(HEAD), id="git-branch"),
        pytest.param("/.git/HEAD", raw(b"4b825dc642cb6eb9a060e54bf8d69288fbee4904\n"), id="git-detached"),
        pytest.param("/.git/HEAD", raw(HEAD, "text/html"), id="git-as-html"),
        pytest.param("/.git/HEAD", reply(206, "Content-Range: bytes 0-22/23", body=HEAD), id="git-206"),
        pytest.param("/.git/HEAD", reply(404, body=HEAD, kind=None), id="git-under-404"),
        pytest.param("/.git/HEAD", b"HTTP/1.0 200 OK\r\n\r\n" + HEAD, id="git-http-1.0"),
        pytest.param("/.env", raw(ENV), id="env"),
        pytest.param("/.env", raw(ENV, "text/html"), id="env-as-html"),
        pytest.param("/.env", raw(ENV.replace(b"\n", b"\r\n")), id="env-windows"),
        pytest.param("/.env", raw(ENV + b"#" * 100_000), id="env-larger-than-what-is-read"),
        pytest.param("/.env", reply(200, "Content-Encoding: gzip", body=gzip.compress(ENV)), id="env-gzipped-anyway"),
        pytest.param("/.env.bak", raw(ENV), id="env-backup"),
        pytest.param("/.env.local", raw(ENV), id="env-local"),
        pytest.param("/.env.production", raw(ENV), id="env-production"),
    ],
)
def test_proven_files(path: str, answer: bytes) -> None:
    assert probe({path: answer}) == {other: other == path for other in PATHS}


def test_a_file_beside_soft_404_pages_is_found() -> None:
    def soft(request: Request) -> Answer:
        return reply(
            200, body=f"<html><title>Oops</title><p>Halaman {request.target} tidak ada di sini.</p></html>".encode()
        )

    assert probe({"/.env": raw(ENV), "*": soft}) == {path: path == "/.env" for path in PATHS}


def test_a_file_on_a_server_that_denies_other_dot_files_is_found() -> None:
    assert probe({"/.git/HEAD": raw(HEAD), "*": reply(403)})["/.git/HEAD"] is True


def test_a_file_on_a_server_whose_error_page_is_a_500_is_found() -> None:
    seen = probe({"/.git/HEAD": raw(HEAD), "*": reply(500)})
    assert seen == {path: True if path == "/.git/HEAD" else Absence.NOT_ASSESSABLE for path in PATHS}


def test_a_file_under_a_home_page_that_is_an_error_is_found() -> None:
    assert probe({"/": reply(404), "/.env": raw(ENV)})["/.env"] is True


# ---------------------------------------------------------------- not there


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(NOT_FOUND, id="404"),
        pytest.param(reply(410), id="410"),
        pytest.param(reply(401, "WWW-Authenticate: Basic"), id="401"),
        pytest.param(reply(302, "Location: /masuk"), id="redirect-to-login"),
        pytest.param(reply(301, "Location: https://contoh.go.id/"), id="redirect-home"),
        pytest.param(reply(416), id="416-empty-file"),
    ],
)
def test_names_that_do_not_exist(answer: bytes) -> None:
    assert probe({"*": answer}) == dict.fromkeys(PATHS, False)


@pytest.mark.parametrize(
    "body",
    [
        "Halaman {} tidak ada.",
        "{} 2026-11-24 03:10:00 galat 8811223344",
        "Maaf, {} tak kami temukan <input value=9f86d081884c7d659a2feaa0c55ad015>",
    ],
)
def test_soft_404(body: str) -> None:
    def soft(request: Request) -> Answer:
        return reply(200, body=f"<html><title>Galat</title><p>{body.format(request.target)}</p></html>".encode())

    assert probe({"*": soft}) == dict.fromkeys(PATHS, False)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            b"<html><body><h1>Berkas .env</h1><pre>\nAPP_KEY=x\nDB_HOST=y\nDB_PASSWORD=z\n</pre></body></html>",
            id="tutorial",
        ),
        pytest.param(b"<p>Isi .git/HEAD adalah <code>ref: refs/heads/master</code></p>", id="explanation"),
        pytest.param(
            b"<html><title>Galat 404</title><p>Tidak ada apa-apa di sini.</p></html>", id="error-page-under-200"
        ),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(64), id="picture"),
        pytest.param(b'{"galat":"tidak ada"}', id="json"),
    ],
)
def test_other_content_under_the_very_path_is_no_such_file(body: bytes) -> None:
    assert probe({"/.env": raw(body), "/.git/HEAD": raw(body)}) == dict.fromkeys(PATHS, False)


def test_a_denied_path_among_missing_ones_is_not_readable() -> None:
    assert probe({"/.git/HEAD": reply(403), "/.env": reply(403)}) == dict.fromkeys(PATHS, False)


# ---------------------------------------------------------------- neither yes nor no


CHALLENGE = reply(403, "cf-mitigated: challenge", body=b"<title>Just a moment...</title>")


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(CHALLENGE, id="challenge"),
        pytest.param(reply(500), id="500"),
        pytest.param(reply(503), id="503"),
        pytest.param(
            reply(200, body=b"<script>document.cookie='a=b';location.reload()</script>"), id="cookie-challenge"
        ),
        pytest.param(reply(302, "Location: https://internetpositif.id/"), id="block-page"),
        pytest.param(reply(301, "Location: https://www.contoh.go.id/.env"), id="same-path-elsewhere"),
        pytest.param(raw(b"warna=merah\nukuran=besar\n"), id="may-be-such-a-file"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nAPP_NAME=x", id="broke-off"),
        pytest.param(Stall(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"), id="stalls-in-the-body"),
    ],
)
def test_an_answer_that_says_nothing_of_the_file(answer: Answer) -> None:
    seen = probe({"/.env": answer})
    assert seen["/.env"] is Absence.NOT_ASSESSABLE
    assert seen["/.git/HEAD"] is False


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(Cut(), Absence.REFUSED, id="reset"),
        pytest.param(Stall(), Absence.TIMEOUT, id="silent"),
        pytest.param(b"sampah\r\n\r\n", Absence.MALFORMED, id="garbage"),
    ],
)
def test_no_answer_for_one_path_is_that_path_s_absence(answer: Answer, reason: Absence) -> None:
    seen = probe({"/.env": answer})
    assert seen["/.env"] is reason
    assert seen["/.git/HEAD"] is False


@pytest.mark.parametrize(
    ("answer", "reason", "asked"),
    [
        pytest.param(CHALLENGE, Absence.NOT_ASSESSABLE, 2, id="challenge"),
        pytest.param(reply(429, "Retry-After: 0"), Absence.LIMITED, 1, id="429"),
        pytest.param(reply(503), Absence.NOT_ASSESSABLE, 1, id="503"),
        pytest.param(reply(302, "Location: https://internetpositif.id/"), Absence.NOT_ASSESSABLE, 2, id="block-page"),
    ],
)
def test_random_names_that_meet_a_wall_end_the_asking(answer: bytes, reason: Absence, asked: int) -> None:
    with Site({"/": HOME, "*": answer}, tls=True) as site:
        seen, _ = look(aim(site))
        assert len(site.requests) == 1 + asked
    assert seen == dict.fromkeys(FACTS, reason)


def test_a_wall_before_names_with_a_dot_leaves_the_others_to_ask() -> None:
    def wall(request: Request) -> Answer:
        return CHALLENGE if "/." in request.target else NOT_FOUND

    seen = probe({"*": wall, "/backup.zip": raw(ZIP)})
    assert seen["/backup.zip"] is True
    assert {path: said for path, said in seen.items() if said is Absence.NOT_ASSESSABLE} == {
        path: Absence.NOT_ASSESSABLE for path in PATHS if "/." in path
    }


def test_a_rate_limit_half_way_leaves_the_rest_unknown_and_ends_the_asking() -> None:
    asked: list[str] = []

    def limited(request: Request) -> Answer:
        asked.append(request.target)
        return NOT_FOUND if len(asked) <= 20 else reply(429, "Retry-After: 0")

    seen = probe({"*": limited})
    assert len(asked) == 20 + STRIKES
    assert set(seen.values()) == {False, Absence.LIMITED}
    assert list(seen.values()).count(False) < 20


@pytest.mark.parametrize(
    "home",
    [
        pytest.param(CHALLENGE, id="challenge"),
        pytest.param(reply(302, "Location: https://internetpositif.id/"), id="block-page"),
        pytest.param(reply(200, body=b"<title>Account Suspended</title><h1>Account Suspended</h1>"), id="suspended"),
    ],
)
def test_a_home_page_that_is_a_wall_ends_the_asking(home: bytes) -> None:
    with Site({"/": home}, tls=True) as site:
        seen, _ = look(aim(site))
        asked = site.paths
    assert seen == dict.fromkeys(FACTS, Absence.NOT_ASSESSABLE)
    assert asked == ["/"]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(raw(b""), id="empty"),
        pytest.param(raw(b"ok", "text/plain"), id="ok"),
        pytest.param(reply(200, body=b"<title>Portal</title><p>Selamat datang di portal kami</p>"), id="other-page"),
        pytest.param(reply(403, body=b"<title>403 Forbidden</title><h1>Forbidden</h1>"), id="403"),
    ],
)
def test_a_site_that_answers_every_name_alike_is_not_assessed(answer: bytes) -> None:
    assert probe({"*": answer}) == dict.fromkeys(PATHS, Absence.NOT_ASSESSABLE)


def test_a_server_that_denies_every_name_with_a_dot_exposes_none() -> None:
    def careful(request: Request) -> Answer:
        return reply(403) if "/." in request.target else NOT_FOUND

    assert probe({"*": careful}) == dict.fromkeys(PATHS, False)


def test_an_application_that_answers_every_name_with_its_home_page_cannot_be_told_from_a_wall() -> None:
    assert probe({"*": HOME}) == dict.fromkeys(PATHS, Absence.NOT_ASSESSABLE)


def test_an_application_that_answers_every_name_with_its_home_page_still_shows_a_file() -> None:
    assert probe({"/.git/HEAD": raw(HEAD), "*": HOME})["/.git/HEAD"] is True


@pytest.mark.parametrize(("trap", "path"), [(HEAD, "/.git/HEAD"), (ENV, "/.env")], ids=["git", "env"])
def test_a_trap_that_answers_every_name_with_the_file_is_no_finding(trap: bytes, path: str) -> None:
    assert probe({"*": raw(trap)})[path] is Absence.NOT_ASSESSABLE


def test_a_server_that_shuts_us_out_half_way_is_not_read_as_denying() -> None:
    asked: list[str] = []

    def wall(request: Request) -> Answer:
        asked.append(request.target)
        return reply(403) if "/.git/HEAD" in asked else NOT_FOUND

    assert probe({"*": wall}) == dict.fromkeys(PATHS, Absence.NOT_ASSESSABLE)


# ---------------------------------------------------------------- manners


def test_requests_are_few_small_and_plain() -> None:
    with Site({"/": HOME}, tls=True) as site:
        look(aim(site))
        requests = site.requests
    assert len(requests) - 1 == BASELINES + len(PATHS)
    assert {request.method for request in requests} <= {"GET", "HEAD"}
    assert all(b"\r\nRange: bytes=0-" in request.raw for request in requests[1:])
    assert all(b"\r\nAccept-Encoding: identity\r\n" in request.raw for request in requests[1:])


def test_no_byte_of_a_file_leaves_the_check() -> None:
    with Site({"/": HOME, "/.env": raw(ENV), "/.env.bak": raw(b"sandi=" + SECRET)}, tls=True) as site:
        _, found = look(aim(site))
    assert SECRET.decode() not in repr(found)


def test_every_fact_is_covered() -> None:
    with Site({"/": HOME}, tls=True) as site:
        _, found = look(aim(site))
    assert {item.fact for item in found if isinstance(item, Covered)} == set(FACTS) - {"exposure.rare_names"}


def test_the_origin_behind_the_redirects_is_asked() -> None:
    with (
        Site(
            {
                "www.contoh.go.id/": HOME,
                "/": reply(301, "Location: https://www.contoh.go.id/"),
                "www.contoh.go.id/.env": raw(ENV),
            },
            tls=True,
        ) as site,
        Site({"/": reply(301, "Location: https://contoh.go.id/")}) as plain,
    ):
        assert look(aim(site, plain))[0]["/.env"] is True
        assert {request.host for request in site.requests[1:]} == {"www.contoh.go.id"}


def test_a_home_page_that_leads_out_of_scope_leaves_the_own_origin_to_ask() -> None:
    assert probe({"/": reply(302, "Location: https://sso.lain.id/"), "/.env": raw(ENV)})["/.env"] is True


def test_a_home_page_that_stalls_ends_the_asking() -> None:
    with Site({"/": Stall(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<p>"), "/.env": raw(ENV)}, tls=True) as site:
        seen, _ = look(aim(site), BRIEF)
        assert site.paths == ["/"]
    assert seen == dict.fromkeys(FACTS, Absence.LIMITED)


@pytest.mark.parametrize("failure", [Cut(), Stall(), b"sampah\r\n\r\n"], ids=["reset", "silent", "garbage"])
def test_a_home_page_that_fails_ends_the_asking(failure: Answer) -> None:
    with Site({"/": failure, "/.env": raw(ENV)}, tls=True) as site:
        with pytest.raises(Unobserved):
            look(aim(site), BRIEF if isinstance(failure, Stall) else PATIENT)
        assert len(site.requests) <= 2  # a connection that was reset may be tried once more


# ---------------------------------------------------------------- Debian's nginx


@pytest.fixture
def served(tmp_path: Path) -> Callable[..., str]:
    """A document root as a careless deployment leaves it, and the server block over it."""
    root = tmp_path / "www"
    (root / ".git").mkdir(parents=True)
    (root / ".git" / "HEAD").write_bytes(HEAD)
    (root / ".env").write_bytes(ENV)
    (root / "index.html").write_bytes(b"<title>Dinas Contoh</title><h1>Halo warga</h1>")
    files = pki.standard().write(tmp_path)

    def block(*lines: str) -> str:
        tls = f"listen @0 ssl; ssl_certificate {files.chain}; ssl_certificate_key {files.key};"
        return f"server {{ {tls} root {root}; {' '.join(lines)} }}"

    return block


@pytest.mark.parametrize(
    ("lines", "exposed"),
    [
        pytest.param((), True, id="as-deployed"),
        pytest.param(("try_files $uri $uri/ =404;",), True, id="static"),
        pytest.param((r"location ~ /\. { deny all; }",), False, id="dot-files-denied"),
        pytest.param((r"location ~ /\. { return 404; }",), False, id="dot-files-hidden"),
        pytest.param((r"location ~ /\.git { deny all; } location = /.env { deny all; }",), False, id="named-paths-denied"),
        pytest.param((r"error_page 403 404 =200 /galat.html; location ~ /\. { deny all; } location = /galat.html { return 200 '<p>tidak ada</p>'; default_type text/html; }",), False, id="soft-404"),
    ],
)  # fmt: skip
def test_nginx(served: Callable[..., str], tmp_path: Path, lines: tuple[str, ...], *, exposed: bool) -> None:
    with nginx.running(tmp_path, served(*lines)) as (port,):
        seen, _ = look(aim(Endpoint("127.0.0.1", port)))
    assert seen == {path: exposed and path in ("/.git/HEAD", "/.env") for path in PATHS}
