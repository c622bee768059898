"""What Chromium does with addresses in clear on an HTTPS page: asks for them over TLS instead, or not at all.

Every case has a host of its own on one port in clear. A ClientHello there names the host that was upgraded; a request
in clear would be what Mixed Content forbids. The content check must sort the same markup in the same way.
"""

import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest

from auditor.net import Field, Response
from checks.content.resources import contents
from checks.csp.policy import enforced
from checks.http.page import read_page
from tests.browser.chromium import FLAGS
from tests.wire.site import Site, reply

NAMES = "--host-resolver-rules=MAP *.go.id 127.0.0.1, MAP * ~NOTFOUND"

# fmt: off
CASES: dict[str, tuple[str, str]] = {
    # case: markup with {} for the address, and what becomes of it
    "script": ("<script src={}/a.js></script>", "refused"),
    "module": ("<script type=module src={}/a.js></script>", "refused"),
    "style": ("<link rel=stylesheet href={}/a.css>", "refused"),
    "frame": ("<iframe src={}/></iframe>", "refused"),
    "object": ("<object data={}/a.svg type='image/svg+xml'></object>", "refused"),
    "image": ("<img src={}/a.png>", "upgraded"),
    "image-by-size": ("<img src=data:, srcset='{}/a.png 1x'>", "refused"),
    "picture": ("<picture><source srcset={}/a.png><img src=data:,></picture>", "refused"),
    "video": ("<video autoplay muted preload=auto src={}/a.mp4></video>", "upgraded"),
    "audio": ("<audio preload=auto src={}/a.ogg></audio>", "upgraded"),
    "still": ("<video poster={}/a.png></video>", "upgraded"),
    "button": ("<input type=image src={}/a.png>", "upgraded"),
    "background": ("<style>#b {{ background: url({}/a.png) }}</style><p id=b>x</p>", "upgraded"),
    "background-attribute": ('<p style="background: url({}/a.png)">x</p>', "upgraded"),
    "old-background": ("<table background={}/a.png><tr><td>x</table>", "upgraded"),
    "image-ahead": ("<link rel=preload as=image href={}/a.png>", "upgraded"),
    "import": ("<style>@import url('{}/a.css');</style>", "refused"),
    "preload": ("<link rel=preload as=script href={}/a.js>", "refused"),
    "comment": ("<!-- <img src={}/a.png> -->", "nothing"),
    "template": ("<template><img src={}/a.png></template>", "nothing"),
    "noscript": ("<noscript><img src={}/a.png></noscript>", "nothing"),
    "data-script": ("<script type=application/json src={}/a.js></script>", "nothing"),
    "alternate-style": ("<link rel='alternate stylesheet' title=x href={}/a.css disabled>", "nothing"),
    "canonical": ("<link rel=canonical href={}/>", "nothing"),
    "link": ("<a href={}/>x</a>", "nothing"),
    "policy-script": ("<script src={}/a.js></script>", "upgraded by policy"),
    "policy-image": ("<img src={}/a.png>", "upgraded by policy"),
}
# fmt: on


@dataclass
class Heard:
    """Hosts that were asked for on the port in clear: over TLS, and in clear."""

    upgraded: set[str] = field(default_factory=set)
    in_clear: set[str] = field(default_factory=set)


@contextmanager
def listening(heard: Heard) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:

        def serve() -> None:
            while True:
                try:
                    peer, _ = listener.accept()
                except OSError:
                    return
                with peer:
                    peer.settimeout(2)
                    try:
                        data = peer.recv(4_096)
                    except OSError:
                        continue
                    names = re.findall(rb"([a-z\-]+)\.contoh\.go\.id", data)
                    kept = heard.upgraded if data[:1] == b"\x16" else heard.in_clear
                    kept |= {name.decode() for name in names}

        threading.Thread(target=serve, daemon=True).start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)


def address(case: str, port: int) -> str:
    return f"http://{case}.contoh.go.id:{port}"


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Heard:
    program = shutil.which("chromium")
    assert program, "Chromium is needed: apt-get install chromium"
    found = Heard()
    with listening(found) as port:
        whole = "".join(f"<iframe src=/{case}></iframe>" for case in CASES)
        pages = {"/": reply(200, body=f"<!doctype html>{whole}".encode())}
        for case, (markup, becomes) in CASES.items():
            fields = ("Content-Security-Policy: upgrade-insecure-requests",) if "policy" in becomes else ()
            pages[f"/{case}"] = reply(200, *fields, body=page(markup, case, port))
        with Site(pages, tls=True) as site:
            flags = [flag for flag in FLAGS if "resolver" not in flag]
            profile = tmp_path_factory.mktemp("chromium")
            url = f"https://contoh.go.id:{site.port}/"
            command = [program, *flags, NAMES, "--ignore-certificate-errors", f"--user-data-dir={profile}"]
            command += ["--virtual-time-budget=15000", "--dump-dom", url]
            subprocess.run(command, capture_output=True, timeout=60, check=True)
    return found


def page(markup: str, case: str, port: int) -> bytes:
    return f"<!doctype html><title>x</title><body>{markup.format(address(case, port))}</body>".encode()


@pytest.mark.parametrize("case", CASES)
def test_what_becomes_of_an_address_in_clear(case: str, heard: Heard) -> None:
    markup, becomes = CASES[case]
    assert (case in heard.upgraded) is becomes.startswith("upgraded"), "Chromium"
    assert case not in heard.in_clear, "Chromium"
    fields = (Field("Content-Security-Policy", "upgrade-insecure-requests"),) if "policy" in becomes else ()
    answer = Response("https://contoh.go.id/", 200, "OK", "1.1", fields, page(markup, case, 80))
    found = contents(read_page(answer).source, answer.url, enforced(answer))
    kinds = {r.kind for r in found.resources if (urlsplit(r.url).hostname or "").startswith(f"{case}.")}
    told = {"upgraded": {"media"}, "nothing": set[str]()}
    if becomes == "refused":
        assert kinds
        assert kinds <= {"script", "style", "frame", "object", "other"}
    elif becomes != "upgraded by policy":
        assert kinds == told[becomes]
