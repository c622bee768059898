import hashlib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from auditor.errors import TargetError
from auditor.model import Level
from auditor.targets import read_authorisation

AT = datetime(2026, 11, 24, 3, 3, 27, tzinfo=UTC)
FULL = """\
letter: ST-12/2026
issuer: Sekretaris Daerah
valid_from: 2026-01-01
valid_to: 2026-12-31
level: active
file: surat.pdf
scope: [Contoh.go.id, "BÜCHER.example"]
"""


def written(folder: Path, text: str) -> str:
    path = folder / "izin.yaml"
    path.write_text(text, "utf-8")
    return str(path)


def test_a_file_says_everything(tmp_path: Path) -> None:
    (tmp_path / "surat.pdf").write_bytes(b"%PDF-1.7 surat tugas")
    given = read_authorisation(written(tmp_path, FULL), AT)
    assert (given.letter, given.issuer, given.level) == ("ST-12/2026", "Sekretaris Daerah", Level.ACTIVE)
    assert (given.valid_from, given.valid_to) == (date(2026, 1, 1), date(2026, 12, 31))
    assert (given.file, given.file_sha256) == ("surat.pdf", hashlib.sha256(b"%PDF-1.7 surat tugas").hexdigest())
    assert given.scope == ("contoh.go.id", "xn--bcher-kva.example")
    assert not given.stated


def test_a_file_may_say_the_letter_alone(tmp_path: Path) -> None:
    given = read_authorisation(written(tmp_path, "letter: ST-12/2026\n"), AT)
    assert (given.level, given.scope, given.file_sha256) == (Level.STANDARD, (), "")
    assert not given.stated


@pytest.mark.parametrize("letter", ["ST-12/2026", "800/123/DISKOMINFO/2026", " 094 / 7-Persandian "])
def test_anything_else_is_a_letter_stated_by_the_operator(letter: str) -> None:
    given = read_authorisation(letter, AT)
    assert (given.letter, given.level, given.stated) == (letter.strip(), Level.STANDARD, True)


@pytest.mark.parametrize("letter", ["", "  ", "a\x1b[31m", "x" * 201])
def test_what_is_no_letter(letter: str) -> None:
    with pytest.raises(TargetError) as caught:
        read_authorisation(letter, AT)
    assert caught.value.place == "--authorisation"


@pytest.mark.parametrize(
    ("moment", "region", "valid"),
    [
        # 6371 is in WITA (UTC+8): the day begins at 16:00 UTC of the day before.
        (datetime(2026, 3, 31, 15, 59, 59, tzinfo=UTC), "6371", False),
        (datetime(2026, 3, 31, 16, 0, 0, tzinfo=UTC), "6371", True),
        (datetime(2026, 5, 31, 15, 59, 59, tzinfo=UTC), "6371", True),
        (datetime(2026, 5, 31, 16, 0, 0, tzinfo=UTC), "6371", False),
        # Without a region WIB (UTC+7), in Papua WIT (UTC+9).
        (datetime(2026, 5, 31, 16, 59, 59, tzinfo=UTC), "", True),
        (datetime(2026, 5, 31, 17, 0, 0, tzinfo=UTC), "", False),
        (datetime(2026, 5, 31, 15, 0, 0, tzinfo=UTC), "91", False),
    ],
)
def test_both_days_are_inclusive_in_the_agencys_zone(
    tmp_path: Path, moment: datetime, region: str, *, valid: bool
) -> None:
    path = written(tmp_path, "letter: ST-1\nvalid_from: 2026-04-01\nvalid_to: 2026-05-31\n")
    if valid:
        assert read_authorisation(path, moment, region=region).letter == "ST-1"
    else:
        with pytest.raises(TargetError, match=r"2026-0[45]-"):
            read_authorisation(path, moment, region=region)


def test_an_expired_letter_names_its_dates_and_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, "letter: ST-1\nvalid_to: 2026-11-23\n")
    with pytest.raises(TargetError) as caught:
        read_authorisation(path, AT)
    assert caught.value.place == f"{path}:2:11"
    assert "2026-11-23" in str(caught.value)
    assert "2026-11-24" in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("letter: a\nvalid_from: 2026-12-31\n", 2, "valid only from 2026-12-31"),
        ("letter: a\nvalid_from: 2026-12-31\nvalid_to: 2026-01-01\n", 3, "before"),
        ("issuer: a\n", 1, "letter"),
        ("letter: a\nfile: tiada.pdf\n", 2, "cannot be read"),
        ("letter: a\nlevel: aktive\n", 2, "did you mean active"),
        ("letter: a\nscop: []\n", 2, "did you mean scope"),
        ("letter: a\nscope: [contoh.go.id, 'https://x']\n", 2, "not a port"),
        ("letter: a\nscope: ['*.go.id']\n", 2, "not a host name"),
        ("letter: a\nvalid_to: besok\n", 2, "expected a day"),
        ("letter: a\nletter: b\n", 2, "stands twice"),
        ("- a\n", 1, "expected a mapping"),
    ],
)
def test_a_faulty_file_says_where(tmp_path: Path, text: str, line: int, said: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(TargetError) as caught:
        read_authorisation(path, AT)
    assert caught.value.place.startswith(f"{path}:{line}:")
    assert said in str(caught.value)


def test_a_missing_file_is_no_letter(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="file not found"):
        read_authorisation(str(tmp_path / "tiada.yaml"), AT)
