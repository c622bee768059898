"""Files made to break readers: each ends in a named absence, within its time and memory, and the next one is read."""

import gzip
import io
import json
import os
import re
import signal
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from auditor.errors import Unobserved
from auditor.model import Absence
from checks.leaks.sandbox import LARGEST, Reader

NIK = "6371015508909001"


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader(bytes(32)) as made:
        yield made


def package(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE z [<!ENTITY l0 "lol">{entities}]><z>&l9;</z>'.encode()


def workbook(fill: Callable[[object], None]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        fill(book)
    return out.getvalue()


def thousands_of_sheets() -> bytes:
    """Written by hand: a library would take longer to write it than the reader to refuse it."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    listed = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="rId{n}"/>' for n in range(1, 10_001))
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, 10_001)
    )
    sheet = f"<worksheet {main}><sheetData/></worksheet>".encode()
    root = f'<Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/>'
    names = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    return package(
        {
            "_rels/.rels": f"<Relationships {names}>{root}</Relationships>".encode(),
            "xl/workbook.xml": f'<workbook {main} xmlns:r="{office}"><sheets>{listed}</sheets></workbook>'.encode(),
            "xl/_rels/workbook.xml.rels": f"<Relationships {names}>{related}</Relationships>".encode(),
            **{f"xl/worksheets/sheet{n}.xml": sheet for n in range(1, 10_001)},
        }
    )


def a_cell_far_away() -> bytes:
    """A rectangle of seventeen thousand million cells, two of them filled."""

    def fill(book: object) -> None:
        sheet = book.add_worksheet()  # type: ignore[attr-defined]
        sheet.write(0, 0, "a")
        sheet.write(1_048_575, 16_383, "b")

    return workbook(fill)


def nested() -> bytes:
    data = NIK.encode()
    for _ in range(20):
        data = package({"isi.zip": data})
    return data


LIMITED, UNREAD, MALFORMED = "limited", "not_assessable", "malformed"
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "bom.zip": (lambda: package({"a.txt": bytes(200_000_000)}), LIMITED),
    "bom.gz": (lambda: gzip.compress(bytes(200_000_000), 1), LIMITED),
    "bom.docx": (lambda: package({"word/document.xml": b"<a>" + b" " * 150_000_000}), LIMITED),
    "bom.xlsx": (lambda: package({"xl/workbook.xml": b"<a>" + b" " * 150_000_000}), LIMITED),
    "tertawa.xml": (laughs, UNREAD),
    "tertawa.docx": (lambda: package({"word/document.xml": laughs()}), UNREAD),
    "lembar.xlsx": (thousands_of_sheets, LIMITED),
    "jauh.xlsx": (a_cell_far_away, LIMITED),
    "seratus-mb.pdf": (lambda: b"%PDF-1.4\n" + bytes(100_000_000), LIMITED),
    "rusak.pdf": (lambda: b"%PDF-1.4\n" + os.urandom(20_000), MALFORMED),
    "rusak.zip": (lambda: package({"a.csv": b"1,2\n" * 999})[:-30], MALFORMED),
    "sarang.zip": (nested, LIMITED),
    "banyak.zip": (lambda: package({f"{n}.txt": b"x" for n in range(300)}), LIMITED),
    "arsip.7z": (lambda: b"7z\xbc\xaf\x27\x1c" + bytes(100), UNREAD),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_end_in_a_named_absence(reader: Reader, name: str) -> None:
    make, reason = HOSTILE[name]
    try:
        gaps = [gap for gap, _ in reader.summary(name, "", make()).gaps]
    except Unobserved as gap:
        gaps = [str(gap.reason)]
    assert gaps == [reason]
    assert reader.summary("x.txt", "text/plain", f"NIK: {NIK}".encode()).types["nik"].count == 1


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: b"[" * 300_000, id="brackets"),
        pytest.param(lambda: b"<div>" * 200_000 + f"NIK: {NIK}".encode(), id="elements"),
        pytest.param(lambda: json.dumps([{f"k{n}": n for n in range(300)}] * 1_200).encode(), id="records"),
        pytest.param(lambda: b"nama,nik\n" + f"budi,{NIK}\n".encode() * 120_000, id="rows"),
        pytest.param(lambda: b"1234567890" * 300_000, id="digits"),
    ],
)
def test_large_and_deep_files_stay_below_300_mb(make: Callable[[], bytes]) -> None:
    with Reader(bytes(32)) as reader:
        reader.summary("x", "", make())
        assert reader._child is not None
        state = Path(f"/proc/{reader._child.pid}/status").read_text()
        (peak,) = re.findall(r"VmHWM:\s*(\d+) kB", state)
    assert int(peak) < 300 * 1024


def test_a_file_that_takes_too_long_is_given_up() -> None:
    with Reader(bytes(32), patience=0.3) as reader:
        with pytest.raises(Unobserved) as caught:
            reader.summary("x.txt", "text/plain", b"0812-0000-1234 " * 600_000)
        assert caught.value.reason is Absence.LIMITED
        reader.patience = 20
        assert reader.summary("x.txt", "text/plain", f"NIK: {NIK}".encode()).types["nik"].count == 1


def test_a_file_over_the_cap_is_not_even_sent() -> None:
    with Reader(bytes(32)) as reader, pytest.raises(Unobserved) as caught:
        reader.summary("x", "", bytes(LARGEST + 1))
    assert caught.value.reason is Absence.LIMITED


def test_a_crash_of_the_child_is_a_crash_without_a_core(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Reader(bytes(32)) as reader:
        reader.summary("x.txt", "text/plain", NIK.encode())
        assert reader._child is not None
        reader._child.send_signal(signal.SIGSEGV)
        with pytest.raises(Unobserved) as caught:
            reader.summary("x.txt", "text/plain", NIK.encode())
    assert caught.value.reason is Absence.CRASHED
    assert list(tmp_path.iterdir()) == []


def test_the_child_may_write_nothing(reader: Reader) -> None:
    reader.summary("x.txt", "text/plain", b"x")
    assert reader._child is not None
    limits = Path(f"/proc/{reader._child.pid}/limits").read_text()
    for name in ("Max file size", "Max core file size", "Max processes"):
        assert re.search(rf"^{name}\s+0\s+0\s", limits, re.MULTILINE), name


def test_tags_are_the_same_for_one_key_and_differ_for_another() -> None:
    data = f"NIK: {NIK}".encode()
    with Reader(bytes(32)) as one, Reader(bytes(32)) as same, Reader(b"k" * 32) as other:
        tags = [each.summary("x.txt", "text/plain", data).types["nik"].tags for each in (one, same, other)]
    assert tags[0] == tags[1] != tags[2]
