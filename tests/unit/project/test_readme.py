"""The READMEs: what they show is run as it stands there, and what they say agrees with the code.

Their `sh` blocks are one session in one folder, which holds what a reader has at that point: `docs/examples`, `ca.pem` of
his test server, and a received report, `bundle`, with `root.pem`. `tests.unit.project.shown` says which addresses are put
in. Three programs are stand-ins: `make` only says what it would run, `pipx` and `uv` only write down what they were asked
(installing needs a registry; the wheel that they would build is built in a test of its own).
"""

import json
import re
import shlex
import shutil
import subprocess
import sys
import types
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from auditor import plugins
from auditor.model import Absence, Absent, Fact, Target
from auditor.net import Field, Limits, Response, Visit, pace
from tests.unit.project import shown
from tests.unit.project.shown import ROOT, Sites, Typed
from tests.wire import bundles

ENGLISH, INDONESIAN = READMES = ("README.md", "README.id.md")


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def flat(name: str) -> str:
    return " ".join(text(name).split())


def blocks(name: str, language: str) -> list[str]:
    found = re.findall(rf"^```{language}\n(.*?)^```$", text(name), flags=re.MULTILINE | re.DOTALL)
    assert found
    return found


def commands(name: str) -> list[str]:
    """One a line, continued lines joined."""
    joined = "".join(blocks(name, "sh")).replace("\\\n", "")
    return [line for line in joined.splitlines() if line.strip()]


@dataclass(frozen=True)
class Session:
    """What is left after the commands of the README were typed."""

    folder: Path
    done: list[Typed]

    def output(self, command: str) -> str:
        (output,) = (typed.output for typed in self.done if typed.line == command)
        return output

    def report(self, out: str) -> dict[str, Any]:
        (bundle,) = (self.folder / out).glob("2*")
        loaded: dict[str, Any] = json.loads((bundle / "report.json").read_bytes())
        return loaded

    def outcomes(self, out: str, host: str) -> dict[str, str]:
        return {f["rule"]: f["outcome"] for f in self.report(out)["findings"] if f["target"] == f"https://{host}/"}


@pytest.fixture(scope="module")
def running() -> Iterator[Sites]:
    with shown.sites() as served:
        yield served


@pytest.fixture(scope="module")
def session(running: Sites, tmp_path_factory: pytest.TempPathFactory) -> Session:
    folder = tmp_path_factory.mktemp("pembaca")
    shown.lay_out(folder, running)
    received = bundles.create(tmp_path_factory.mktemp("kantor"))
    shutil.copytree(received.path, folder / "bundle")
    shutil.copy(received.root, folder)
    stand_ins = folder / ".stand-ins"
    stand_ins.mkdir()
    for name, does in (
        ("make", f'exec {shlex.quote(str(shutil.which("make")))} --dry-run -C {shlex.quote(str(ROOT))} "$@"'),
        ("pipx", 'echo "pipx $*" >> installed'),
        ("uv", 'echo "uv $*" >> installed'),
    ):
        (stand_ins / name).write_text(f"#!/bin/sh\n{does}\n")
        (stand_ins / name).chmod(0o755)
    lines = [running.put_into(command) for command in commands(ENGLISH)]
    return Session(folder, shown.type_in(lines, folder, stand_ins))


def test_every_command_does_what_it_should(session: Session) -> None:
    assert [typed for typed in session.done if typed.code] == []
    assert len(session.done) == len(commands(ENGLISH)) > 20


def test_both_languages_show_the_same_commands_in_the_same_order() -> None:
    assert commands(ENGLISH) == commands(INDONESIAN)
    assert blocks(ENGLISH, "python") == blocks(INDONESIAN, "python")
    levels = [re.findall(r"^#+(?= )", text(name), flags=re.MULTILINE) for name in READMES]
    assert levels[0] == levels[1] == ["#", "##", "##", "##"]


def test_no_command_reaches_further_than_loopback() -> None:
    for command in commands(ENGLISH):
        if command.startswith("auditor audit") and "--inventory" not in command:
            assert re.search(r"--connect 127\.0\.0\.1:\d+", command), command


def test_the_first_audit_finds_a_sound_site_sound(session: Session) -> None:
    assert set(session.outcomes("trial", "contoh.go.id").values()) <= {"pass", "not_applicable"}
    assert session.report("trial")["signing"] == "ephemeral"


def test_the_inventory_is_scanned_whole_with_its_letter_and_signed_with_the_key(session: Session) -> None:
    report = session.report("bundles")
    assert [target["host"] for target in report["targets"]] == ["contoh.go.id", "layanan.contoh.go.id"]
    assert {target["authorisation"]["letter"] for target in report["targets"]} == {"ST-12/2026"}
    assert report["signing"] == "ci"  # the passphrase came from the environment
    assert session.outcomes("bundles", "layanan.contoh.go.id")["KOM-02"] == "fail"


def test_judging_again_names_the_parent_and_knows_waivers_and_answers(session: Session) -> None:
    again, excused = session.report("again"), session.report("excused")
    assert again["parent"] != ""
    assert again["evidence_digest"] == session.report("trial")["evidence_digest"]
    assert session.outcomes("again", "contoh.go.id")["CTH-02"] == "pass"
    assert {f["basis"] for f in again["findings"] if f["rule"] == "CTH-02"} == {"attested"}
    assert excused["evidence_digest"] == session.report("bundles")["evidence_digest"]
    found = session.outcomes("excused", "layanan.contoh.go.id")
    assert (found["KOM-02"], found["SES-02"], found["PAP-01"]) == ("waived", "waived", "fail")


def test_a_rendered_report_is_in_the_language_asked_for(session: Session) -> None:
    assert '<html lang="en"' in (session.folder / "english" / "report.html").read_text("utf-8")


def test_make_targets_exist_and_are_what_the_text_says(session: Session) -> None:
    assert ".venv/bin/auditor demo" in session.output("make demo")
    for tool in ("ruff check", "mypy", "lint-imports", "codespell", "auditor policy check"):
        assert f".venv/bin/{tool}" in session.output("make check"), tool
    assert ".venv/bin/pytest" in session.output("make test")


def test_installers_are_given_this_checkout_and_its_locked_versions(session: Session) -> None:
    asked = (session.folder / "installed").read_text().splitlines()
    assert asked == ["pipx install . --pip-args=--constraint requirements.lock", "uv tool install . --constraints requirements.lock"]  # fmt: skip
    assert (ROOT / "requirements.lock").is_file()


def test_the_wheel_is_the_whole_application(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=30)
    (wheel,) = tmp_path.glob("auditor-*.whl")
    with zipfile.ZipFile(wheel) as file:
        names = set(file.namelist())
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "auditor", "checks", "reports", "policies"],
        cwd=ROOT, capture_output=True, check=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    wanted = {f"auditor/{name}" if name.startswith("policies/") else name for name in listing}
    assert wanted - names == set()
    assert any(name.endswith("entry_points.txt") for name in names)


def test_the_check_of_twelve_lines_is_a_check(monkeypatch: pytest.MonkeyPatch) -> None:
    (source,) = blocks(ENGLISH, "python")
    assert len([line for line in source.splitlines() if line]) <= 12
    module = types.ModuleType("banner")
    exec(compile(source, ENGLISH, "exec"), module.__dict__)
    monkeypatch.setitem(sys.modules, "banner", module)
    (check,) = plugins.load_checks([EntryPoint("banner", "banner", plugins.CHECKS)])

    class Replay:
        def __init__(self, *fields: Field, head_complete: bool = True) -> None:
            self.page = Response("", 200, "", "HTTP/1.1", fields, head_complete=head_complete)

        def home(self) -> Visit:
            return Visit((self.page,))

    site = Target("https", "contoh.go.id", 443)
    name = "banner.server"
    assert list(check.collect(site, Replay(Field("Server", "nginx")))) == [Fact(name, "nginx")]
    assert list(check.collect(site, Replay())) == [Absent(name, Absence.NOT_OFFERED)]
    assert list(check.collect(site, Replay(head_complete=False))) == [Absent(name, Absence.LIMITED)]


@pytest.mark.parametrize("name", READMES)
def test_links_lead_somewhere(name: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", text(name))
    assert len(links) > 10
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("name", READMES)
def test_options_that_are_named_exist(name: str) -> None:
    known = set(re.findall(r"--[a-z][a-z-]+", text("docs/reference/cli.md")))
    prose = re.sub(r"^```.*?^```$", "", text(name), flags=re.MULTILINE | re.DOTALL)
    assert set(re.findall(r"--[a-z][a-z-]+", prose)) <= known


def test_numbers_of_politeness_are_those_of_the_code() -> None:
    english, indonesian = map(flat, READMES)
    assert f"{pace.RATE} HTTP requests a second over {pace.CONNECTIONS} connections" in english
    assert f"{pace.RATE} permintaan HTTP per detik melalui {pace.CONNECTIONS} koneksi" in indonesian
    assert f"at most {pace.CONVERSATIONS} short TLS handshakes" in english
    assert f"paling banyak {pace.CONVERSATIONS} jabat tangan TLS" in indonesian
    assert f"slower than {pace.SLOW:.0f} seconds" in english
    assert f"lebih lambat dari {pace.SLOW:.0f} detik" in indonesian
    assert f"after {Limits().errors} failed exchanges in a row" in english
    assert f"setelah {Limits().errors} pertukaran berturut-turut gagal" in indonesian
    assert pace._MOST_SLOWDOWN == 8
    assert "down to an eighth" in english
    assert "hingga seperdelapan" in indonesian


@pytest.mark.parametrize("name", READMES)
def test_nothing_is_promised_that_is_not_there(name: str) -> None:
    assert re.findall(r"\b(?:HSM|dasbor|dashboard)\b", text(name)) == []
    assert "shields.io" not in text(name)


def test_the_screenshot_is_there_and_light() -> None:
    picture = (ROOT / "docs" / "report.png").read_bytes()
    assert picture.startswith(b"\x89PNG\r\n")
    assert len(picture) < 200_000
