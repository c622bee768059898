import os
import re
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import bundle
from auditor.bundle import Bundle, Flaw
from auditor.errors import BundleError
from auditor.model import Outcome
from auditor.trust import cms
from tests.unit.trust.certificates import NOW, ROOT, ROOTS, issue, signer

SIGNER = signer(issue("Petugas", ROOT))
FILES = {
    "report.json": b'{"schema":1}\n',
    "evidence.jsonl": b"",
    "facts.json": b"{}\n",
    "policy/baseline.yaml": b"schema: 1\n",
    "report.html": b"<!doctype html>\n",
    "exports/report.sarif": b"{}\n",
}


@pytest.fixture
def written(tmp_path: Path) -> Bundle:
    return bundle.write(tmp_path / "hasil" / "run-1", FILES, SIGNER, NOW)


def test_what_is_written_is_read_back(written: Bundle) -> None:
    found = bundle.read(written.path)
    assert found == written
    assert found.members == FILES
    assert sorted(set(found.files) - set(FILES)) == ["SHA256SUMS", "signature/SHA256SUMS.p7s"]
    assert cms.check(found.sums, found.files[bundle.SIGNATURE], ROOTS, NOW).outcome is Outcome.PASS


def sha256sum(directory: Path) -> int:
    command = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    return subprocess.run(command, cwd=directory, capture_output=True, check=False).returncode


def test_sha256sum_agrees_and_notices_a_change(written: Bundle) -> None:
    assert sha256sum(written.path) == 0
    (written.path / "evidence.jsonl").write_bytes(b"x")
    assert sha256sum(written.path) != 0


def test_sums_are_what_sha256sum_itself_would_write(written: Bundle) -> None:
    command = ["sha256sum", *sorted(FILES)]
    theirs = subprocess.run(command, cwd=written.path, capture_output=True, check=True).stdout
    assert theirs == written.sums


def test_the_commands_in_the_documentation_work_and_find_what_they_say(written: Bundle, tmp_path: Path) -> None:
    text = bundle.__doc__ or ""
    block = re.search(r"    cd BUNDLE\n(.*?)\n\n", text, re.DOTALL)
    assert block is not None
    sums, find, compare, openssl = block[1].replace("\\\n", "").splitlines()
    (tmp_path / "root.pem").write_bytes(ROOT.pem)

    def run(line: str, *, root: Path = tmp_path / "root.pem") -> int:
        line = line.replace("/tmp/found", str(tmp_path / "found")).replace("root.pem", str(root))
        line = line.replace("openssl cms", f"openssl cms -attime {int(NOW.timestamp())}")
        return subprocess.run(["sh", "-ec", line], cwd=written.path, capture_output=True, check=False).returncode

    assert [run(line) for line in (sums, find, compare, openssl)] == [0, 0, 0, 0]
    (tmp_path / "lain.pem").write_bytes(issue("Akar Lain", ca=True).pem)
    assert run(openssl, root=tmp_path / "lain.pem") != 0
    (written.path / "exports" / "tambahan.txt").touch()
    assert [run(sums), run(find), run(compare)] == [0, 0, 1]
    (written.path / "report.json").write_bytes(b"{}")
    assert run(sums) != 0


def test_everyone_may_read_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        path = bundle.write(tmp_path / "b", FILES, SIGNER, NOW).path
    finally:
        os.umask(before)
    modes = {stat.S_IMODE(entry.stat().st_mode) for entry in path.rglob("*") if entry.is_file()}
    folders = {stat.S_IMODE(entry.stat().st_mode) for entry in [path, *path.rglob("*")] if entry.is_dir()}
    assert (modes, folders) == ({0o644}, {0o755})


def test_a_bundle_is_never_overwritten(written: Bundle) -> None:
    with pytest.raises(BundleError, match="already there"):
        bundle.write(written.path, {**FILES, "report.json": b"lain"}, SIGNER, NOW)
    assert bundle.read(written.path) == written


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BundleError, match="No space left"):
        bundle.write(tmp_path / "b", FILES, SIGNER, NOW)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    [
        "../report.json", "/etc/passwd", "policy/../x.yaml", "report.exe", "exports/.tersembunyi", "exports/-rf", "exports/a b",
        "exports/a\nb", "exports/a\\b", "policy/x.yml", "policy/a/b.yaml", "exports/a/b/c", "signature/lain.p7s",
        "SHA256SUMS", "signature/SHA256SUMS.p7s", "log/checkpoint", "validation/x.pem", "", "exports/", "exports/bé",
    ],
)  # fmt: skip
def test_a_name_outside_the_layout_is_not_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(BundleError, match="no name for a file in a bundle") as caught:
        bundle.write(tmp_path / "b", {**FILES, name: b""}, SIGNER, NOW)
    assert caught.value.place == name
    assert list(tmp_path.iterdir()) == []


def test_names_that_windows_would_confuse_are_not_written(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="in case only"):
        bundle.write(tmp_path / "b", {**FILES, "exports/Report.sarif": b""}, SIGNER, NOW)


@pytest.mark.parametrize("name", ["report.json", "evidence.jsonl", "facts.json"])
def test_a_bundle_without_its_core_is_not_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(BundleError, match=re.escape(name)):
        bundle.write(tmp_path / "b", {k: v for k, v in FILES.items() if k != name}, SIGNER, NOW)


def add(name: str, data: bytes = b"") -> Callable[[Path], None]:
    def tamper(path: Path) -> None:
        (path / name).parent.mkdir(exist_ok=True)
        (path / name).write_bytes(data)

    return tamper


def remove(name: str) -> Callable[[Path], None]:
    return lambda path: (path / name).unlink()


def link(name: str, to: str) -> Callable[[Path], None]:
    def tamper(path: Path) -> None:
        (path / name).unlink(missing_ok=True)
        (path / name).symlink_to(to)

    return tamper


@pytest.mark.parametrize(
    ("tamper", "place", "said"),
    [
        (add("report.json", b"{}"), "report.json", "not the file"),
        (add("exports/lain.txt"), "exports/lain.txt", "not listed"),
        (add("catatan.txt"), "catatan.txt", "no bundle has"),
        (add("lain/x"), "lain", "folder that no bundle has"),
        (add("signature/kedua.p7s"), "signature/kedua.p7s", "no bundle has"),
        (add("validation/x.pem"), "validation/x.pem", "no bundle has"),
        (add("log/x"), "log/x", "no bundle has"),
        (add(".tersembunyi"), ".tersembunyi", "no bundle has"),
        (remove("exports/report.sarif"), "exports/report.sarif", "missing"),
        (remove("report.json"), "report.json", "missing"),
        (remove("SHA256SUMS"), "SHA256SUMS", "missing"),
        (remove("signature/SHA256SUMS.p7s"), "signature/SHA256SUMS.p7s", "missing"),
        (link("report.html", "report.json"), "report.html", "symbolic link"),
        (link("exports/keluar", "/etc/passwd"), "exports/keluar", "symbolic link"),
        (link("policy/lain", "."), "policy/lain", "symbolic link"),
        (lambda path: os.mkfifo(path / "exports" / "pipa"), "exports/pipa", "no regular file"),
        (lambda path: (path / "report.html").rename(path / "report.txt"), "report.html", "missing"),
        (add("signature/SHA256SUMS.p7s", b"\0" * (1024 * 1024 + 1)), "signature/SHA256SUMS.p7s", "larger than 1 MiB"),
    ],
)
def test_reading_names_what_is_wrong(written: Bundle, tamper: Callable[[Path], None], place: str, said: str) -> None:
    tamper(written.path)
    with pytest.raises(BundleError, match=said) as caught:
        bundle.read(written.path)
    assert caught.value.place == place
    assert caught.value.exit_code == 4
    assert "\n" not in str(caught.value)


def test_sums_in_another_form_are_refused_though_sha256sum_takes_them(written: Bundle) -> None:
    lines = written.sums.splitlines(keepends=True)
    for twisted in (
        b"".join(reversed(lines)),
        written.sums.upper()[:64] + written.sums[64:],
        written.sums.replace(b"  ", b" *"),
        written.sums.rstrip(b"\n"),
        lines[0] + written.sums,
        b"# catatan\n" + written.sums,
        written.sums.replace(b"\n", b"\r\n"),
    ):
        assert twisted != written.sums
        (written.path / "SHA256SUMS").write_bytes(twisted)
        with pytest.raises(BundleError):
            bundle.read(written.path)
        found = bundle.discrepancies(bundle.gather(written.path))
        assert found, twisted


def test_a_missing_directory_and_a_file_are_no_bundles(tmp_path: Path) -> None:
    (tmp_path / "berkas").touch()
    for name in ("tidak-ada", "berkas"):
        with pytest.raises(BundleError, match=name):
            bundle.read(tmp_path / name)


def test_a_name_that_is_no_text_is_shown_escaped(written: Bundle) -> None:
    (written.path / "exports" / os.fsdecode(b"\xff\x1b[31m")).touch()
    with pytest.raises(BundleError) as caught:
        bundle.read(written.path)
    caught.value.place.encode("utf-8")


NAMES = st.from_regex(r"exports/[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True)


@given(st.dictionaries(NAMES, st.binary(max_size=20), max_size=6), st.binary(max_size=300))
def test_sums_agree_with_the_files_they_were_made_of_and_with_nothing_else(
    files: dict[str, bytes], sums: bytes
) -> None:
    core = {"report.json": b"1", "evidence.jsonl": b"2", "facts.json": b"3", bundle.SIGNATURE: b"4"}
    members = {**{k: v for k, v in core.items() if k != bundle.SIGNATURE}, **files}
    good = bundle.render_sums(members)
    whole = {**core, **files, bundle.SUMS: good}
    assert bundle.discrepancies(Bundle(Path(), whole)) == ()
    if sums != good:
        assert bundle.discrepancies(Bundle(Path(), {**whole, bundle.SUMS: sums}))
    altered = bundle.discrepancies(Bundle(Path(), {**whole, "report.json": b"0"}))
    assert [(item.name, item.flaw) for item in altered] == [("report.json", Flaw.ALTERED)]
