"""What Chromium really does where headers are disputed: scripts and styles under a CSP, framing, cookies kept.

Every case is a page of its own in a frame of one page, so that a few loads try them all. What ran is what asked the
server for `/ran?case:what`; the checks must say the same of the same header fields.
"""

import shutil
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from auditor.net import Field, Response
from checks.cookies.storage import stored
from checks.csp import effect
from checks.csp.policy import enforced
from checks.csp.sources import at
from checks.headers import framing
from tests.browser.chromium import FLAGS

SITE, STRANGER, AGENCY = "contoh.go.id", "asing.example", "lain.go.id"
NAMES = "--host-resolver-rules=MAP *.go.id 127.0.0.1, MAP *.example 127.0.0.1, MAP * ~NOTFOUND"

# fmt: off
POLICIES: dict[str, tuple[str, str]] = {
    # case: policy, and what an attacker's markup gets to run: element, handler, foreign, agency, data, eval, style, base
    "nothing": ("", "element handler foreign agency data eval style base"),
    "self": ("script-src 'self'", "style base"),
    "inline": ("script-src 'unsafe-inline'", "element handler style base"),
    "nonce": ("script-src 'unsafe-inline' 'nonce-ab'", "style base"),
    "nonce-not-base64": ("script-src 'unsafe-inline' 'nonce-a$b'", "element handler style base"),
    "nonce-empty": ("script-src 'unsafe-inline' 'nonce-'", "element handler style base"),
    "nonce-padding": ("script-src 'unsafe-inline' 'nonce-='", "element handler style base"),
    "nonce-long-padding": ("script-src 'unsafe-inline' 'nonce-ab==='", "element handler style base"),
    "nonce-unquoted": ("script-src 'unsafe-inline' nonce-ab", "element handler style base"),
    "hash": ("script-src 'unsafe-inline' 'sha256-abc'", "style base"),
    "hash-capitals": ("script-src 'unsafe-inline' 'SHA256-abc='", "style base"),
    "hash-not-base64": ("script-src 'unsafe-inline' 'sha256-a$b'", "element handler style base"),
    "hash-sha1": ("script-src 'unsafe-inline' 'sha1-abcd'", "element handler style base"),
    "strict-dynamic": ("script-src 'unsafe-inline' 'strict-dynamic' *", "style base"),
    "no-handlers": ("script-src-attr 'none'; script-src 'unsafe-inline'", "element style base"),
    "no-elements": ("script-src-elem 'none'; script-src 'unsafe-inline'", "handler style base"),
    "elements-alone": ("script-src-elem 'none'", "handler eval style base"),
    "hash-for-handlers": ("script-src-elem 'unsafe-inline'; script-src-attr 'unsafe-inline' 'sha256-abc='", "element eval style base"),
    "first-directive": ("script-src 'unsafe-inline'; script-src 'none'", "element handler style base"),
    "none-beside": ("script-src 'none' 'unsafe-inline'", "element handler style base"),
    "capitals": ("SCRIPT-SRC 'UNSAFE-INLINE'", "element handler style base"),
    "vertical-tab": ("script-src\x0b'self'", "element handler foreign agency data eval style base"),
    "report-sample": ("script-src 'report-sample' 'unsafe-inline'", "element handler style base"),
    "unsafe-hashes": ("script-src 'unsafe-hashes' 'unsafe-inline'", "element handler style base"),
    "and": ("script-src 'unsafe-inline', script-src 'self'", "style base"),
    "and-other-way": ("script-src 'self', script-src 'unsafe-inline'", "style base"),
    "and-half-each": ("script-src-elem 'none', script-src-attr 'none'", "style base"),
    "default": ("default-src 'self'; img-src *", "base"),
    "default-inline": ("default-src 'unsafe-inline'; img-src *", "element handler style base"),
    "default-overridden": ("default-src 'none'; img-src *; script-src 'unsafe-inline'", "element handler base"),
    "eval": ("script-src 'unsafe-inline' 'unsafe-eval'", "element handler eval style base"),
    "eval-not-by-elements": ("script-src-elem 'unsafe-inline' 'unsafe-eval'; script-src 'self'", "element style base"),
    "star": ("script-src *", "foreign agency style base"),
    "http": ("script-src http:", "foreign agency style base"),
    "http-any-port": ("script-src http://*:*", "foreign agency style base"),
    "agency": ("script-src *.go.id:*", "agency style base"),
    "agency-and-other-suffix": ("script-src *.go.id:*, script-src *.ac.id:*", "style base"),
    "agency-and-star": ("script-src *.go.id:*, script-src *", "agency style base"),
    "data": ("script-src data:", "data style base"),
    "host-void": ("script-src '*'", "style base"),
    "sandbox": ("sandbox", "style base"),
    "sandbox-scripts": ("sandbox Allow-Scripts", "element handler foreign agency data eval style base"),
    "style": ("style-src 'self'", "element handler foreign agency data eval base"),
    "style-inline": ("style-src 'unsafe-inline'", "element handler foreign agency data eval style base"),
    "style-nonce": ("style-src 'unsafe-inline' 'nonce-ab'", "element handler foreign agency data eval base"),
    "style-strict-dynamic": ("style-src 'unsafe-inline' 'strict-dynamic'", "element handler foreign agency data eval style base"),
    "base-self": ("base-uri 'self'", "element handler foreign agency data eval style"),
    "base-none": ("base-uri 'none'", "element handler foreign agency data eval style"),
    "base-star": ("base-uri *", "element handler foreign agency data eval style base"),
    "base-not-by-default": ("default-src 'none'; img-src *", "base"),
    "non-ascii": ("script-src 'self' \xe9", "element handler foreign agency data eval style base"),
}

FRAMES: dict[str, tuple[tuple[str, ...], bool]] = {
    # case: fields, and whether a stranger's page shows it in a frame
    "nothing": ((), True),
    "deny": (("X-Frame-Options: DENY",), False),
    "sameorigin": (("X-Frame-Options: sameorigin",), False),
    "allow-from": (("X-Frame-Options: ALLOW-FROM http://asing.example/",), True),
    "allowall": (("X-Frame-Options: ALLOWALL",), True),
    "twice": (("X-Frame-Options: SAMEORIGIN", "X-Frame-Options: SAMEORIGIN"), False),
    "conflict": (("X-Frame-Options: SAMEORIGIN, DENY",), False),
    "conflict-allowall": (("X-Frame-Options: ALLOWALL, SAMEORIGIN",), False),
    "unknown-twice": (("X-Frame-Options: A, B",), True),
    "semicolon": (("X-Frame-Options: DENY;",), True),
    "ancestors-none": (("Content-Security-Policy: frame-ancestors 'none'",), False),
    "ancestors-self": (("Content-Security-Policy: frame-ancestors 'self'",), False),
    "ancestors-star": (("Content-Security-Policy: frame-ancestors *",), True),
    "ancestors-http": (("Content-Security-Policy: frame-ancestors http:",), True),
    "ancestors-over-deny": (("X-Frame-Options: DENY", "Content-Security-Policy: frame-ancestors *"), True),
    "ancestors-over-nothing": (("X-Frame-Options: ALLOWALL", "Content-Security-Policy: frame-ancestors 'none'"), False),
    "ancestors-and": (("Content-Security-Policy: frame-ancestors *", "Content-Security-Policy: frame-ancestors 'self'"), False),
    "ancestors-empty": (("Content-Security-Policy: frame-ancestors",), False),
    "watched": (("Content-Security-Policy-Report-Only: frame-ancestors 'none'",), True),
    "not-by-default": (("Content-Security-Policy: default-src 'none'; img-src *; script-src 'unsafe-inline'",), True),
}

COOKIES: dict[str, tuple[str, str]] = {
    # case: Set-Cookie answered from http://contoh.go.id/N/set, and the cookie sent back to its folder
    "plain": ("{}=1", "{}=1"),
    "secure-over-http": ("{}=1; Secure", ""),
    "none-without-secure": ("{}=1; SameSite=None", ""),
    "unknown-same-site": ("{}=1; SameSite=Boleh", "{}=1"),
    "host-prefix": ("__Host-{}=1; Path=/", ""),
    "secure-prefix-any-case": ("__SECURE-{}=1", ""),
    "public-suffix": ("{}=1; Domain=go.id", ""),
    "own-domain": ("{}=1; Domain=.contoh.go.id", "{}=1"),
    "other-domain": ("{}=1; Domain=lain.go.id", ""),
    "empty-domain": ("{}=1; Domain=", "{}=1"),
    "last-domain": ("{}=1; Domain=lain.go.id; Domain=contoh.go.id", "{}=1"),
    "deleted": ("{}=1; Max-Age=0", ""),
    "negative-age": ("{}=1; Max-Age=-1", ""),
    "age-no-number": ("{}=1; Max-Age=x", "{}=1"),
    "age-over-expires": ("{}=1; Max-Age=600; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "{}=1"),
    "expired": ("{}=1; Expires=Thu, 01-Jan-70 00:00:01 GMT", ""),
    "no-date": ("{}=1; Expires=besok", "{}=1"),
    "other-path": ("{}=1; Path=/lain", ""),
    "relative-path": ("{}=1; Path=lain", "{}=1"),
    "control": ("{}=1\x01", ""),
    "quotes": ('{}="1"', '{}="1"'),
    "nameless": ("={}", "{}"),
    "no-equals": ("{}", "{}"),
    "too-long": ("{}=" + "x" * 4_096, ""),
    "long-attribute": ("{}=1; Path=/" + "x" * 1_024, "{}=1"),
}
# fmt: on


@dataclass
class Served:
    """The server's memory: what ran, and the Cookie fields by path."""

    ran: set[str] = field(default_factory=set)
    sent: dict[str, str] = field(default_factory=dict)


def injected(case: str, port: int) -> str:
    """A page into which an attacker has written everything that could run."""
    ran = f"http://{SITE}:{port}/ran?{case}:"
    say = f"new Image().src=`{ran}"
    return f"""<!doctype html><title>x</title><link rel=icon href=data:,>
<script>{say}element`</script>
<img src="data:," onerror="{say}handler`">
<script src="http://{STRANGER}:{port}/script.js?{case}:foreign"></script>
<script src="http://{AGENCY}:{port}/script.js?{case}:agency"></script>
<script src="data:text/javascript,{say}data`"></script>
<style>p {{ background: url({ran}style) }}</style><p>x</p>
<base href="http://{STRANGER}:{port}/"><img src="base?{case}:base">
<script>try {{ eval("1"); {say}eval` }} catch {{}}</script>
<img src="data:,1" onerror="try {{ eval('1'); {say}eval` }} catch {{}}">
"""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        fields, kind, body = self.answer(path, query)
        self.send_response_only(200)
        for name, _, value in (line.partition(": ") for line in fields):
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def answer(self, path: str, query: str) -> tuple[tuple[str, ...], str, str]:  # noqa: C901, PLR0911 - one case a page
        """Fields, content type and body."""
        served: Served = self.server.served  # type: ignore[attr-defined]
        port: int = self.server.server_port  # type: ignore[attr-defined]
        home = f"http://{SITE}:{port}"
        match path.split("/")[1:]:
            case ["ran"]:
                served.ran.add(query)
            case ["base"] if self.headers["Host"].startswith(STRANGER):
                served.ran.add(query)
            case ["script.js"]:
                return (), "text/javascript", f"new Image().src='{home}/ran?{query}'"
            case ["all"]:
                parts = (f"{home}/policies", f"http://{STRANGER}:{port}/frames", f"{home}/cookies")
                return (), "text/html", "".join(f"<iframe src={part}></iframe>" for part in parts)
            case ["policies"]:
                return (), "text/html", "".join(f"<iframe src=/injected?{case}></iframe>" for case in POLICIES)
            case ["injected"]:
                policy = POLICIES[query][0]
                return (f"Content-Security-Policy: {policy}",) if policy else (), "text/html", injected(query, port)
            case ["frames"]:
                return (), "text/html", "".join(f"<iframe src={home}/framed?{case}></iframe>" for case in FRAMES)
            case ["framed"]:
                return FRAMES[query][0], "text/html", f"<script>new Image().src='{home}/ran?frame:{query}'</script>"
            case ["cookies"]:
                asks = (f"await fetch('/{n}/set?{c}'); await fetch('/{n}/back?{c}');" for n, c in enumerate(COOKIES))
                return (), "text/html", f"<script type=module>{''.join(asks)}</script>"
            case [number, "set"]:
                return (f"Set-Cookie: {COOKIES[query][0].format('k' + number)}",), "text/html", ""
            case [_, "back"]:
                served.sent[query] = self.headers.get("Cookie", "")
        return (), "text/html", ""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Served:
    """What Chromium did with all of it."""
    program = shutil.which("chromium")
    assert program, "Chromium is needed: apt-get install chromium"
    memory = Served()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.served = memory  # type: ignore[attr-defined]
        Thread(target=server.serve_forever, daemon=True).start()
        profile = tmp_path_factory.mktemp("chromium")
        flags = [flag for flag in FLAGS if "resolver" not in flag]
        url = f"http://{SITE}:{server.server_port}/all"
        command = [
            program,
            *flags,
            NAMES,
            f"--user-data-dir={profile}",
            "--virtual-time-budget=20000",
            "--dump-dom",
            url,
        ]
        subprocess.run(command, capture_output=True, timeout=60, check=True)
        server.shutdown()
    return memory


def response(*lines: str, path: str = "/") -> Response:
    fields = tuple(Field(name, value) for name, _, value in (line.partition(": ") for line in lines))
    return Response(f"http://{SITE}:8080{path}", 200, "OK", "HTTP/1.1", fields)


@pytest.mark.parametrize("case", POLICIES)
def test_what_runs_under_a_policy(case: str, served: Served) -> None:
    policy, expected = POLICIES[case]
    ran = {what.partition(":")[2] for what in served.ran if what.startswith(f"{case}:")}
    assert ran == set(expected.split()), "Chromium"
    answer = response(f"Content-Security-Policy: {policy}")
    policies, own = enforced(answer), at(answer.url)
    inline = bool({"element", "handler"} & ran)
    assert bool(effect.injected_script(policies)) is inline
    assert bool(effect.foreign_script(policies, own)) is bool({"foreign", "agency", "data"} & ran)
    assert bool(effect.injected_style(policies)) is ("style" in ran)
    assert bool(effect.foreign_base(policies, own)) is ("base" in ran)
    if inline:  # or nothing was there to try it
        assert bool(effect.text_as_code(policies)) is ("eval" in ran)


@pytest.mark.parametrize("case", FRAMES)
def test_who_is_shown_in_a_strangers_frame(case: str, served: Served) -> None:
    fields, shown = FRAMES[case]
    assert (f"frame:{case}" in served.ran) is shown, "Chromium"
    assert framing.effective(response(*fields)).restricted is not shown


@pytest.mark.parametrize(("number", "case"), list(enumerate(COOKIES)), ids=list(COOKIES))
def test_which_cookies_are_kept_and_sent_back(number: int, case: str, served: Served) -> None:
    line, expected = (text.format(f"k{number}") for text in COOKIES[case])
    assert served.sent[case] == expected, "Chromium"
    kept = stored([response(f"Set-Cookie: {line}", path=f"/{number}/set")], datetime.now(UTC))
    back = [
        f"{cookie.name}={cookie.value}" if cookie.name else cookie.value
        for cookie in kept
        if f"/{number}/back".startswith(cookie.path)
    ]
    assert back == ([expected] if expected else [])
