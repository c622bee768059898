"""The HTML report in a real browser: silent, self-contained, readable without script, on a phone and on paper."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from reports import html
from tests.browser.chromium import chromium, requests
from tests.unit.reports import samples

MEASURE = """<!doctype html><title>measure</title><pre id=out></pre>
<script>
for (const page of ["bad.html", "dozen.html", "hostile.html"]) for (const width of [360, 1100]) {
  const frame = document.createElement("iframe");
  frame.style = `width:${width}px;height:4000px;border:0`;
  frame.src = page;
  frame.onload = () => {
    const inner = frame.contentDocument;
    const wide = [...inner.querySelectorAll("body *")].filter(
      e => e.getBoundingClientRect().right > width + 1 && !e.closest(".scroll, .hidden, .skip, pre"));
    out.textContent += `${page} at ${width} is ${inner.documentElement.scrollWidth}, ${wide.length} too wide\\n`;
  };
  document.body.append(frame);
}
</script>"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    site.mkdir()
    for name in ("bad", "dozen", "hostile"):
        [(_, data)] = html.render(getattr(samples, name)(), "id")
        (site / f"{name}.html").write_bytes(data)
    return site


@pytest.fixture
def root(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def watched(page: str, root: str, scratch: Path) -> tuple[set[str], list[str]]:
    """What a page asked for, and what the console said."""
    log = scratch / "net.json"
    ran = chromium(
        scratch / "profile",
        f"--log-net-log={log}",
        "--net-log-capture-mode=Everything",
        "--enable-logging=stderr",
        "--dump-dom",
        f"{root}/{page}",
    )
    return requests(log, root), [line for line in ran.stderr.splitlines() if "CONSOLE" in line]


@pytest.mark.parametrize("name", ["dozen", "hostile"])
def test_the_report_asks_for_nothing_and_the_console_stays_silent(name: str, root: str, tmp_path: Path) -> None:
    asked, said = watched(f"{name}.html", root, tmp_path)
    assert asked <= {f"{root}/favicon.ico"}, "a browser asks any site for its icon"
    assert said == []


def test_a_page_that_does_fetch_would_be_noticed(root: str, folder: Path, tmp_path: Path) -> None:
    (folder / "loud.html").write_text(
        '<img src="http://127.0.0.1:9/x.png"><script>console.error("loud")</script>', "utf-8"
    )
    asked, said = watched("loud.html", root, tmp_path)
    assert "http://127.0.0.1:9/x.png" in asked
    assert any("loud" in line for line in said)


def test_all_of_it_is_there_on_paper_and_nothing_is_folded(root: str, tmp_path: Path) -> None:
    """The page forbids every script itself, so what is seen here needs none."""
    assert shutil.which("pdftotext"), "pdftotext is needed: apt-get install poppler-utils"
    paper = tmp_path / "report.pdf"
    chromium(tmp_path / "profile", "--no-pdf-header-footer", f"--print-to-pdf={paper}", f"{root}/bad.html")
    text = subprocess.run(["pdftotext", "-layout", paper, "-"], capture_output=True, text=True, check=True).stdout
    for needed in ("Ringkasan", "/.env.backup", "825 hari", "add_header Strict-Transport-Security"):
        assert needed in text
    pages = text.rstrip("\f").split("\f")
    assert len(pages) > 3
    assert all("TIDAK TEPERCAYA" in page for page in pages), "every printed page says that it proves nothing"
    assert f"Halaman {len(pages)} / {len(pages)}" in pages[-1]
    size = subprocess.run(["pdfinfo", paper], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Page size: +59[45][.\d]* x 84[12]", size), "A4"


def test_nothing_sticks_out_sideways_on_a_phone_or_a_screen(root: str, folder: Path, tmp_path: Path) -> None:
    (folder / "measure.html").write_text(MEASURE, "utf-8")
    ran = chromium(tmp_path / "profile", "--virtual-time-budget=9000", "--dump-dom", f"{root}/measure.html")
    for name in ("bad", "dozen", "hostile"):
        for width in (360, 1100):
            assert f"{name}.html at {width} is {width}, 0 too wide" in ran.stdout
