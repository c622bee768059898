"""The leak audit over real sockets: what it finds, and that nothing of what it found is left anywhere afterwards."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from tests.corpus.people import Person, npwp_formatted, people, token
from tests.corpus.writers import as_csv, javascript, page, pdf, xlsx_hidden, zipped
from tests.wire.site import Request, Site, Stall, reply

FORMATS = "html,pdf,terminal,csv,xlsx,sarif,junit,gitlab,markdown,jsonl,oscal"


@dataclass(frozen=True)
class Secrets:
    """Everything that must not be found afterwards."""

    people: list[Person]
    password: str
    key: str

    @property
    def values(self) -> set[str]:
        said = {self.password, self.key}
        for each in self.people:
            said |= {
                each.nik,
                each.kk,
                each.phone,
                each.account,
                each.nip,
                each.bpjs,
                each.passport,
                each.email,
                each.name,
            }
            said |= {
                each.nik[6:],
                each.kk[6:],
                each.npwp,
                npwp_formatted(each.npwp),
                f"+62{each.phone[1:]}",
                f"{each.born:%d-%m-%Y}",
            }
        return said


def made(rng: random.Random) -> tuple[Secrets, dict[str, Any]]:
    crowd = people(rng, 6, "637101")
    one = crowd[0]
    header = (
        "Nama",
        "NIK",
        "No KK",
        "No HP",
        "No Rekening",
        "Bank",
        "Tgl Lahir",
        "NPWP",
        "Email",
        "No. BPJS",
        "No. Paspor",
        "NIP",
    )
    rows = [
        header,
        *(
            (
                p.name,
                p.nik,
                p.kk,
                p.phone,
                p.account,
                p.bank,
                f"{p.born:%d-%m-%Y}",
                npwp_formatted(p.npwp),
                p.email,
                p.bpjs,
                p.passport,
                p.nip,
            )
            for p in crowd
        ),
    ]
    secret = Secrets(crowd, token(rng, 14) + "9x", f"ghp_{token(rng, 36)}")
    title = "Data Penerima"

    def redirected(request: Request) -> bytes:
        return reply(302, f"Location: /hasil/{one.nik}?hp={one.phone}", f"Set-Cookie: nik={one.nik}")

    def broken(request: Request) -> bytes:
        return reply(
            500,
            body=f"<pre>PDOException: password '{secret.password}' NIK {one.nik} DB_PASSWORD={secret.password}</pre>".encode(),
        )

    links = "".join(
        f"<a href='{path}'>{n}</a> "
        for n, path in enumerate(
            (
                "/data.csv", "/data.xlsx", "/data.pdf", "/arsip.zip", "/app.js", "/env.txt", "/cari", "/galat",
                f"/profil/{one.nik}", f"/cek?nik={one.nik}&hp={one.phone}", f"/{one.name.replace(' ', '%20')}.html",
            )
        )
    )  # fmt: skip
    settings = f"APP_NAME=x\nDB_PASSWORD={secret.password}\nGITHUB_TOKEN={secret.key}\n"
    pages: dict[str, Any] = {
        "/": reply(
            200, body=page("Dinas Sosial", f"<p>Berita dan layanan publik bagi warga kabupaten kami.</p>{links}")
        ),
        "/data.csv": reply(200, body=as_csv(title, rows), kind="text/csv"),
        "/data.xlsx": reply(200, body=xlsx_hidden(title, rows), kind="application/octet-stream"),
        "/data.pdf": reply(200, body=pdf(title, rows), kind="application/pdf"),
        "/arsip.zip": reply(200, body=zipped(title, rows), kind="application/zip"),
        "/app.js": reply(200, body=javascript(title, rows), kind="application/javascript"),
        "/env.txt": reply(200, body=settings.encode(), kind="text/plain"),
        "/cari": redirected,
        "/galat": broken,
        f"/profil/{one.nik}": reply(200, body=page(one.name, f"<p>NIK {one.nik}, HP {one.phone}</p>")),
        f"/cek?nik={one.nik}&hp={one.phone}": reply(200, body=page("Cek", f"<p>NIK: {one.nik}</p>")),
        f"/hasil/{one.nik}?hp={one.phone}": reply(200, body=page("Hasil", f"<p>NIK: {one.nik}</p>")),
        "*": reply(404, body=b"<title>404</title><h1>Tidak ditemukan</h1>"),
    }
    return secret, pages


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> tuple[Secrets, Path, dict[str, Any]]:
    """One audit in a folder of its own, with everything that it wrote and said in that folder."""
    folder = tmp_path_factory.mktemp("audit")
    secret, pages = made(random.Random(9))
    environment = {**os.environ, "HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache")}
    with Site(pages) as site:
        command = [
            sys.executable, "-X", "dev", "-c", "from auditor.cli import main; main()", "audit", f"http://127.0.0.1:{site.port}/",
            "--only", "leaks,http,headers,cookies,content", "--out", "bundles", "--format", FORMATS,
        ]  # fmt: skip
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=120, check=False)
    (folder / "stdout").write_bytes(done.stdout)
    (folder / "stderr").write_bytes(done.stderr)
    assert done.returncode == 1, done.stderr.decode()
    (bundle,) = (folder / "bundles").glob("2*")
    lines = [json.loads(line) for line in (bundle / "evidence.jsonl").read_text().splitlines()]
    (seen,) = (line for line in lines if line["check"] == "leaks")
    return secret, folder, seen


def test_everything_is_found(audited: tuple[Secrets, Path, dict[str, Any]]) -> None:
    _, _, seen = audited
    facts = {(f["name"], re.sub(r"^http://[^/]+", "", f["subject"])): f["value"] for f in seen["facts"]}
    for path in ("/data.csv", "/data.xlsx", "/data.pdf", "/arsip.zip", "/app.js"):
        for kind in ("nik", "kk", "phone", "bank_account", "birth_date", "npwp", "bpjs", "passport", "nip"):
            assert facts[f"leak.{kind}.count", path] == 6, (kind, path)
        assert facts["leak.class", path] == ["general", "specific"]
    assert facts["leak.nik.total", ""] == 6
    assert facts["leak.secret.kind", "/env.txt"] == ["assigned-secret", "github-token"]
    assert facts["leak.secret.count", "/galat"] >= 1
    (place,) = (place for place in facts["leak.places", "/data.csv"] if place.startswith("nik "))
    assert re.fullmatch(r"nik x 6 in table, column 2: (?:6371[0-9]{2}xxxxxx\*{4}#[0-9a-f]{16}(?:, )?){3}", place)


def every_text(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Each file as it lies there, and what compressed ones hold."""
    for file in sorted(folder.rglob("*")):
        if not file.is_file():
            continue
        data = file.read_bytes()
        yield file.name, data
        if data.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(BytesIO(data)) as archive:
                for name in archive.namelist():
                    yield f"{file.name}/{name}", archive.read(name)
        if data.startswith(b"%PDF"):
            document = pypdfium2.PdfDocument(data)
            for number in range(len(document)):
                yield f"{file.name} page {number}", document[number].get_textpage().get_text_bounded().encode()
            for number in range(document.count_attachments()):
                yield f"{file.name} attachment", bytes(document.get_attachment(number).get_data())


def test_nothing_of_it_is_left_in_any_output_log_or_core(audited: tuple[Secrets, Path, dict[str, Any]]) -> None:
    secret, folder, _ = audited
    looked_at = 0
    for name, data in every_text(folder):
        looked_at += 1
        squeezed = re.sub(rb"[ .\-]", b"", data)
        for value in secret.values:
            assert value.encode() not in data, name
            assert not value.isdecimal() or len(value) < 12 or value.encode() not in squeezed, name
    assert looked_at > 20
    assert not [file for file in folder.rglob("*") if file.name.startswith("core")]


def test_an_audit_leaves_no_core(tmp_path: Path) -> None:
    with Site({"*": Stall()}) as site:
        command = [
            sys.executable,
            "-c",
            "from auditor.cli import main; main()",
            "audit",
            f"http://127.0.0.1:{site.port}/",
            "--only",
            "leaks",
        ]
        with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            while not site.requests:
                time.sleep(0.05)
            limits = Path(f"/proc/{process.pid}/limits").read_text()
            process.send_signal(signal.SIGSEGV)
    assert re.search(r"^Max core file size\s+0\s+0\s", limits, re.MULTILINE)


def test_an_exception_in_the_child_says_its_type_alone(tmp_path: Path) -> None:
    """Whatever an exception holds, the pipe and the error output of the process do not."""
    value = people(random.Random(3), 1)[0].nik
    program = (
        "import sys, checks.leaks.analysis as analysis\n"
        "def fail(name, kind, data, **rest):\n"
        "    raise ValueError(f'cannot read {data!r} of {name}')\n"
        "analysis.analyse = fail\n"
        "from checks.leaks import worker\n"
        "worker.main()\n"
    )
    header = json.dumps({"name": f"/{value}", "type": "", "whole": False, "key": "00" * 32}).encode()
    asked = b"".join(len(part).to_bytes(4, "big") + part for part in (header, value.encode()))
    done = subprocess.run(
        [sys.executable, "-c", program], input=asked, capture_output=True, cwd=tmp_path, timeout=60, check=False
    )
    assert json.loads(done.stdout[4:]) == {"failed": "ValueError"}
    assert value.encode() not in done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_check_that_raises_with_the_data_in_its_message_leaves_none_of_it(tmp_path: Path) -> None:
    """The parent fails as well: the evidence has the type and the line."""
    one = people(random.Random(4), 1)[0]
    program = (
        "import sys, checks.leaks.sandbox as sandbox\n"
        "def fail(self, name, kind, data):\n"
        "    raise KeyError(data)\n"
        "sandbox.Reader.summary = fail\n"
        "from auditor.cli import main\n"
        "main()\n"
    )
    with Site(
        {"/": reply(200, body=page("Dinas", f"<p>NIK {one.nik} HP {one.phone} berita dan layanan warga.</p>"))}
    ) as site:
        command = [
            sys.executable,
            "-c",
            program,
            "audit",
            f"http://127.0.0.1:{site.port}/",
            "--only",
            "leaks",
            "--out",
            str(tmp_path / "b"),
        ]
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env={**os.environ, "HOME": str(tmp_path)},
            capture_output=True,
            timeout=60,
            check=False,
        )
    texts = [("output", done.stdout + done.stderr), *every_text(tmp_path)]
    assert any(b"KeyError" in data for _, data in texts)
    for name, data in texts:
        assert one.nik.encode() not in data, name
        assert one.phone.encode() not in data, name


def test_the_owner_alone_can_read_what_was_found(tmp_path: Path) -> None:
    """Off by default; where asked for, `openssl` opens the file with the owner's key, and nobody else reads a number."""
    one = people(random.Random(5), 1)[0]
    key, certificate = tmp_path / "kunci.pem", tmp_path / "pemilik.pem"
    made = [
        "openssl", "req", "-x509", "-newkey", "rsa:3072", "-nodes", "-subj", "/CN=Pemilik", "-days", "30",
        "-addext", "keyUsage=critical,keyEncipherment", "-keyout", str(key), "-out", str(certificate),
    ]  # fmt: skip
    subprocess.run(made, check=True, capture_output=True)
    out = tmp_path / "bundel"
    with Site(
        {"/": reply(200, body=page("Dinas", f"<p>NIK: {one.nik}</p><p>Berita dan layanan bagi warga.</p>"))}
    ) as site:
        command = [
            sys.executable, "-c", "from auditor.cli import main; main()", "audit", f"http://127.0.0.1:{site.port}/", "--only", "leaks",
            "--out", str(out), "--owner-certificate", str(certificate), "--quiet",
        ]  # fmt: skip
        subprocess.run(
            command,
            cwd=tmp_path,
            env={**os.environ, "HOME": str(tmp_path)},
            capture_output=True,
            timeout=60,
            check=False,
        )
    (sealed,) = out.glob("*.owner.jsonl.p7m")
    opened = subprocess.run(
        [
            "openssl",
            "cms",
            "-decrypt",
            "-inform",
            "DER",
            "-binary",
            "-in",
            str(sealed),
            "-recip",
            str(certificate),
            "-inkey",
            str(key),
        ],
        check=True,
        capture_output=True,
    ).stdout
    found = [json.loads(line) for line in opened.splitlines()]
    assert {"url": f"http://127.0.0.1:{site.port}/", "type": "nik", "place": "text", "value": one.nik} in found
    assert {each["value"] for each in found} == {one.nik}
    assert all(one.nik.encode() not in data for _, data in every_text(tmp_path))
