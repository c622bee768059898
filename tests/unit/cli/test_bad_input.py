"""Bad input ends with exit code 2 and one clear line: the place, what is wrong, and a hint. Never a traceback."""

from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.cli import run

POLICY = """\
schema: 1
id: uji
version: "1"
title: {id: Uji, en: Test}
rules:
  - id: R-1
    title: {id: Judul, en: Title}
    severity: high
    require: {http.hsts.max_age: {at_least: 31536000}}
    remediation: {id: Perbaiki., en: Mend.}
"""
INVENTORY = """\
schema: 1
agency: {name: Kabupaten Contoh, region: "6371"}
authorisation: {letter: ST-12/2026, issuer: Sekda, valid_from: 2026-01-01, valid_to: 2030-12-31, level: active}
organisations:
  - id: kominfo
    name: Dinas Kominfo
    targets:
      - https://contoh.go.id
"""

Spoil = Callable[[Path], list[str]]


def policy(old: str, new: str) -> Spoil:
    def spoil(folder: Path) -> list[str]:
        assert old in POLICY
        file = folder / "uji.yaml"
        file.write_text(POLICY.replace(old, new, 1))
        return ["audit", "contoh.go.id", "--policy", str(file), "--dry-run"]

    return spoil


def inventory(old: str, new: str, name: str = "situs.yaml") -> Spoil:
    def spoil(folder: Path) -> list[str]:
        assert old in INVENTORY
        file = folder / name
        file.write_text(INVENTORY.replace(old, new, 1))
        return ["audit", "--inventory", str(file), "--dry-run"]

    return spoil


def sheet(text: str) -> Spoil:
    def spoil(folder: Path) -> list[str]:
        file = folder / "situs.csv"
        file.write_text(text)
        return ["audit", "--inventory", str(file), "--dry-run"]

    return spoil


def file(option: str, text: str, *more: str) -> Spoil:
    def spoil(folder: Path) -> list[str]:
        path = folder / "berkas.yaml"
        path.write_text(text)
        return ["audit", "contoh.go.id", option, str(path), "--dry-run", *more]

    return spoil


def typed(*arguments: str) -> Spoil:
    return lambda folder: [argument.replace("DIR", str(folder)) for argument in arguments]


WAIVERS = "schema: 1\nwaivers:\n  - {rule: HDR-01, reason: r, approver: a, until: 2027-01-01}\n"

CASES: dict[str, tuple[Spoil, str, str]] = {
    # what was spoilt -> (how, the place that must be named, a word that must stand in the line)
    "policy: YAML typo": (policy("title: {id: Uji, en: Test}", "title: {id: Uji, en: Test"), "uji.yaml:5:", "}"),
    "policy: tab": (policy("  - id: R-1", "\t- id: R-1"), "uji.yaml:6:", ""),
    "policy: unknown operator": (policy("at_least", "at_leest"), "uji.yaml:9:35", "at_least"),
    "policy: unknown fact": (policy("http.hsts.max_age", "http.hsts.maxage"), "uji.yaml:9:15", "http.hsts.max_age"),
    "policy: wrong type": (policy("31536000", '"setahun"'), "uji.yaml:9:45", ""),
    "policy: operator of another type": (policy("at_least: 31536000", "subset_of: [a]"), "uji.yaml:9:", "subset_of"),
    "policy: duplicate key": (
        policy("    severity: high", "    severity: high\n    severity: low"),
        "uji.yaml:9:5",
        "severity",
    ),
    "policy: unknown key": (policy("severity", "sevirity"), "uji.yaml:8:5", "severity"),
    "policy: unknown severity": (policy("high", "hgih"), "uji.yaml:8:15", "high"),
    "policy: duplicate rule": (
        policy(
            "  - id: R-1",
            "  - {id: R-1, title: {id: a, en: b}, severity: low, require: {tls.offered: {equals: true}}}\n  - id: R-1",
        ),
        "uji.yaml:7:",
        "R-1",
    ),
    "policy: extends nothing": (policy("rules:", "extends: [baselin]\nrules:"), "uji.yaml:5:11", "baseline"),
    "policy: neither require nor manual": (
        policy("    require: {http.hsts.max_age: {at_least: 31536000}}\n", ""),
        "uji.yaml:6:",
        "require",
    ),
    "policy: two kinds of subject": (
        policy(
            "{http.hsts.max_age: {at_least: 31536000}}",
            "{http.cookie.secure: {equals: true}, cert.key_bits: {at_least: 2048}}",
        ),
        "uji.yaml:9:",
        "",
    ),
    "policy: not there": (typed("audit", "contoh.go.id", "--policy", "DIR/tiada.yaml", "--dry-run"), "tiada.yaml", ""),
    "policy: no such id": (typed("audit", "contoh.go.id", "--policy", "baselin", "--dry-run"), "baselin", "baseline"),
    "inventory: not there": (typed("audit", "--inventory", "DIR/tiada.yaml"), "tiada.yaml", ""),
    "inventory: unknown key": (inventory("organisations", "organisasions"), "situs.yaml:4:1", "organisations"),
    "inventory: bad URL": (inventory("https://contoh.go.id", "ftp://contoh.go.id"), "situs.yaml:8:9", "https"),
    "inventory: expired authorisation": (inventory("2030-12-31", "2026-06-30"), "situs.yaml:3:", "2026-06-30"),
    "inventory: unknown region": (inventory('"6371"', '"9999"'), "situs.yaml:2:", "9999"),
    "inventory: twice the same site": (
        inventory("      - https://contoh.go.id", "      - https://contoh.go.id\n      - https://CONTOH.go.id/"),
        "situs.yaml:9:",
        "contoh.go.id",
    ),
    "inventory: another format": (inventory("schema", "schema", "situs.docx"), "situs.docx", "CSV"),
    "CSV: bad category": (
        sheet("url,organisation,se_category\nhttps://contoh.go.id,Dinas,tingi\n"),
        "situs.csv:2:",
        "tinggi",
    ),
    "CSV: no url column": (sheet("alamat,organisation\nhttps://contoh.go.id,Dinas\n"), "situs.csv:1:", "url"),
    "authorisation: expired": (
        file("--authorisation", "letter: ST-1\nissuer: Sekda\nvalid_to: 2026-01-31\n"),
        "berkas.yaml:3:",
        "2026-01-31",
    ),
    "authorisation: not yet": (
        file("--authorisation", "letter: ST-1\nissuer: Sekda\nvalid_from: 2099-01-31\n"),
        "berkas.yaml:3:",
        "2099-01-31",
    ),
    "waiver: unknown rule": (file("--waivers", WAIVERS.replace("HDR-01", "HRD-01")), "berkas.yaml:3:12", "HDR-01"),
    "waiver: no expiry": (file("--waivers", WAIVERS.replace(", until: 2027-01-01", "")), "berkas.yaml:3:", "until"),
    "waiver: bad day": (file("--waivers", WAIVERS.replace("2027-01-01", "2027-02-30")), "berkas.yaml:3:", "2027-02-30"),
    "URL: scheme": (typed("audit", "gopher://contoh.go.id"), "TARGET", "https"),
    "URL: user": (typed("audit", "https://a:b@contoh.go.id"), "TARGET", ""),
    "URL: port": (typed("audit", "https://contoh.go.id:99999"), "TARGET", ""),
    "URL: empty": (typed("audit", ""), "TARGET", ""),
    "URL: spaces": (typed("audit", "contoh go id"), "TARGET", ""),
    "connect: no port": (typed("audit", "contoh.go.id", "--connect", "127.0.0.1"), "--connect", "PORT"),
    "connect: two targets": (typed("audit", "a.go.id", "b.go.id", "--connect", "127.0.0.1:1"), "--connect", ""),
    "nothing to scan": (typed("audit"), "auditor audit", "TARGET"),
    "only: no such check": (typed("audit", "contoh.go.id", "--only", "hedaers", "--dry-run"), "--only", "headers"),
    "format: none such": (
        typed("audit", "127.0.0.1:1", "--format", "docx", "--out", "DIR", "--quiet", "--level", "passive"),
        "docx",
        "html",
    ),
    "ca: not there": (typed("audit", "contoh.go.id", "--ca", "DIR/tiada.pem", "--dry-run"), "tiada.pem", ""),
    "key: not there": (typed("audit", "contoh.go.id", "--key", "DIR/tiada.pem", "--out", "DIR"), "tiada.pem", ""),
    "resume: no such run": (typed("audit", "--resume", "x", "--out", "DIR"), "--resume", "x"),
    "option: unknown": (typed("audit", "--hepl"), "--hepl", "--help"),
    "command: unknown": (typed("audti"), "audti", "audit"),
    "level: unknown": (typed("audit", "contoh.go.id", "--level", "aktif"), "--level", "active"),
    "judge: no bundle": (typed("judge", "DIR/tiada"), "tiada", ""),
    "diff: not a report": (typed("diff", "DIR", "DIR"), "report.json", ""),
    "inventory check: not there": (typed("inventory", "check", "DIR/tiada.csv"), "tiada.csv", ""),
    "policy check: not there": (typed("policy", "check", "DIR/tiada.yaml"), "tiada.yaml", ""),
    "keys: already there": (typed("keys", "show", "DIR/tiada.pem"), "tiada.pem", ""),
}


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_one_line_with_its_place(
    name: str, lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITOR_LANG", lang)
    monkeypatch.chdir(tmp_path)
    spoil, place, word = CASES[name]
    code = run(spoil(tmp_path))
    told = capsys.readouterr()
    lines = told.err.splitlines()
    assert code == (4 if name == "judge: no bundle" else 2), told.err
    assert len([line for line in lines if not line.startswith(("see: ", "lihat: "))]) == 1, told.err
    assert lines[0].startswith("kesalahan: " if lang == "id" else "error: ")
    assert place in lines[0]
    assert word in told.err
    assert "Traceback" not in told.err
    assert told.out == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["audti"], "tidak ada perintah 'audti' (maksud Anda audit?)"),
        (["zzz"], "tidak ada perintah 'zzz' (lihat: auditor --help)"),
        (["policy", "zzz"], "tidak ada perintah 'zzz'"),
        (["facts", "zzz"], "argumen berlebih: zzz"),
        (["audit", "--rate", "0", "contoh.go.id"], "--rate: harus angka dari 1 sampai 1000"),
        (["audit", "--rate", "dua", "contoh.go.id"], "--rate: harus angka dari 1 sampai 1000"),
        (["audit", "--rate"], "--rate: memerlukan nilai"),
        (["audit", "--quiet=3", "contoh.go.id"], "--quiet: tidak menerima nilai"),
    ],
)
def test_what_is_typed_wrongly_is_said_in_the_officers_language(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITOR_LANG", "id")
    assert run(arguments) == 2
    assert capsys.readouterr().err.splitlines()[0] == f"kesalahan: {told}"
