"""Every signature on Debian's nginx: its positive samples are found where they lie, its negative ones are not."""

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import checks.exposure
from auditor.model import Absent, Endpoint, Fact, Level
from auditor.net import Neighbours, Network, Response
from checks.exposure.paths import AT_REST, known, places
from checks.exposure.signatures import Sample, Signature
from tests.wire import nginx
from tests.wire.exposures import CATALOGUE
from tests.wire.site import aim

PAGE = "<!doctype html><title>Dinas Contoh</title><h1>Halo warga</h1><p>Layanan publik.</p><script src=/js/utama.js></script>"
VALUES = known("contoh.go.id", Response("http://contoh.go.id/", 200, "", "1.1", (), PAGE.encode()))
LISTED = ("listing", "listing-sensitive")
"""Shown by nginx itself."""


def wanted() -> Iterator[tuple[Signature, str]]:
    """Every signature, with the first of its paths that is a file."""
    for signature in CATALOGUE.signatures:
        templates = [path for path in (*signature.paths, *signature.rare) if path not in AT_REST]
        if templates and signature.id not in LISTED and signature.hosts is None:
            yield signature, next(iter(places(templates[0], VALUES))).path


def serve(root: Path, planted: Iterable[tuple[str, Sample]], page: str) -> str:
    """A server block that answers each path with a sample, and lists folders."""
    blocks = []
    for number, (path, sample) in enumerate(planted):
        answer = sample.answer
        (root / f"{number}.contoh").write_bytes(answer.body)
        fields = " ".join(
            f"add_header {item.name} '{item.value}';" for item in answer.fields if item.name != "Content-Type"
        )
        kind = answer.first("content-type") or "text/html"
        blocks.append(
            f"location = {path.partition('?')[0]} {{ default_type {kind}; types {{ }} {fields} root {root};"
            f" if ($request_uri != '{path}') {{ return 404; }} rewrite ^ /{number}.contoh break; }}"
        )
    unique = {block.split()[2]: block for block in reversed(blocks)}
    return (
        f"server {{ listen @0; root {root}/www; autoindex on; default_type text/html;"
        f" location = / {{ return 200 '{page}'; }} {' '.join(unique.values())} }}"
    )


def look(
    tmp_path: Path, planted: list[tuple[str, Sample]], page: str = PAGE
) -> tuple[set[tuple[str, str]], list[Absent]]:
    """What is said to be exposed, and what is not known."""
    with nginx.running(tmp_path, serve(tmp_path, planted, page)) as (port,):
        target = aim(plain=Endpoint("127.0.0.1", port), level=Level.ACTIVE)
        with Network(target, neighbours=Neighbours()) as net:
            found = list(checks.exposure.collect(target, net))
    exposed = {(item.name, item.subject) for item in found if isinstance(item, Fact) and item.value and item.subject}
    return exposed, [item for item in found if isinstance(item, Absent)]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.rmtree(tmp_path / "www", ignore_errors=True)
    (tmp_path / "www").mkdir()
    return tmp_path


def test_every_kind_of_file_is_found(root: Path) -> None:
    planted = {path: (signature, sample) for signature, path in wanted() for sample in signature.samples[:1]}
    exposed, _ = look(root, [(path, sample) for path, (_, sample) in planted.items()])
    assert {(signature.fact, path) for path, (signature, _) in planted.items()} - exposed == set()


@pytest.mark.parametrize("turn", range(12))
def test_nothing_that_only_resembles_one_is(root: Path, turn: int) -> None:
    planted = []
    for signature, path in wanted():
        negative = [one for one in signature.samples if not one.positive and one.answer.status == 200]
        if not negative:
            continue
        planted.append((path, negative[turn % len(negative)]))
    exposed, _ = look(root, planted)
    assert exposed == set()


def test_folders_that_nginx_lists(root: Path) -> None:
    for name in ("uploads/brosur.pdf", "backup/contoh.sql", "js/utama.js"):
        (root / "www" / name).parent.mkdir()
        (root / "www" / name).write_text("isi")
    exposed, _ = look(root, [])
    assert exposed == {
        ("exposure.listing", "/uploads/"),
        ("exposure.listing", "/backup/"),
        ("exposure.listing", "/js/"),
        ("exposure.listing_sensitive", "/backup/"),
    }


def test_inner_pages_and_what_they_use_are_looked_at(root: Path) -> None:
    www = root / "www"
    for name, text in {
        "berita.html": "<!doctype html><title>Berita</title><script src=/dalam/isi.js></script><a href=/galat.html>x</a>",
        "galat.html": "<!doctype html><h1>x</h1><br />\n<b>Warning</b>:  x() in <b>/var/www/a.php</b> on line <b>9</b><br />",
        "dalam/isi.js": "1",
        "dalam/isi.js.map": '{"version":3,"sources":["a.ts"],"mappings":""}',
    }.items():
        (www / name).parent.mkdir(exist_ok=True)
        (www / name).write_text(text)
    exposed, absent = look(root, [], PAGE + "<a href=/berita.html>Berita</a>")
    assert exposed >= {
        ("exposure.debug_page", "/galat.html"),
        ("exposure.source_map", "/dalam/isi.js.map"),
        ("exposure.listing", "/dalam/"),
    }
    assert absent == []
