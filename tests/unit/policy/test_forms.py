"""Forms of questions: what is filled in comes back as answers, with the digests of the documents beside them."""

import io
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path

import openpyxl
import pytest
import yaml

from auditor.errors import PolicyError
from auditor.model import Attestation, Outcome, Policy, Waiver
from auditor.policy import forms, load, load_attestations, load_waivers
from auditor.policy.forms import Question
from tests.unit.policy.evidence import SPECS

POLICY = """\
schema: 1
id: contoh
version: "1"
rules:
  - id: ATR-01
    manual: {question: {id: "Sudah ditetapkan?", en: "Is it set?"}, evidence: [SK penetapan, berita acara]}
  - id: ATR-02
    title: {id: =Judul, en: =Title}
    require: {tls.offered: {equals: true}}
    decides: fail_only
  - id: KOM-01
    require: {tls.offered: {equals: true}}
"""
FILLED = {
    "answer": "ya", "respondent": "Budi Santoso, Kepala Seksi Persandian", "answered_on": "2026-11-22",
    "until": "2027-11-21", "statement": "Ditetapkan dengan SK nomor 12.", "documents": "sk.pdf | ba.pdf",
}  # fmt: skip


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    (tmp_path / "contoh.yaml").write_text(POLICY, "utf-8")
    for name in ("sk.pdf", "ba.pdf"):
        (tmp_path / name).write_bytes(name.encode())
    return load(tmp_path / "contoh.yaml", SPECS).policy


def filled(path: Path, policy: Policy, lang: str = "id", **cells: str) -> Path:
    """The workbook of a policy's questions, its first row filled in as by an officer."""
    book = openpyxl.load_workbook(io.BytesIO(forms.as_workbook(forms.of_policies([policy]), lang)))
    sheet = book.worksheets[0]
    (header,) = (number for number, row in enumerate(sheet.iter_rows(), 1) if row[0].value in ("Aturan", "Rule"))
    for place, key in enumerate(forms.KEYS, 1):
        if key in (values := FILLED | cells):
            sheet.cell(header + 1, place, values[key])
    book.save(path)
    return path


def test_what_facts_decide_is_not_asked(policy: Policy) -> None:
    assert [question.rule.id for question in forms.of_policies([policy])] == ["ATR-01", "ATR-02"]


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_filled_in_workbook_comes_back_as_answers(tmp_path: Path, policy: Policy, lang: str) -> None:
    (given,) = forms.read_form(filled(tmp_path / "form.xlsx", policy, lang))
    digest = sha256(b"sk.pdf").hexdigest()
    assert given == Attestation(
        "ATR-01", Outcome.PASS, FILLED["respondent"], date(2026, 11, 22), date(2027, 11, 21), FILLED["statement"],
        policy="contoh", documents=(f"sk.pdf sha256:{digest}", f"ba.pdf sha256:{sha256(b'ba.pdf').hexdigest()}"),
    )  # fmt: skip


def test_a_filled_in_yaml_comes_back_as_the_same_answers(tmp_path: Path, policy: Policy) -> None:
    form = yaml.safe_load(forms.as_yaml(forms.of_policies([policy]), "id"))
    form["answers"][0] |= FILLED | {"documents": ["sk.pdf", "ba.pdf"]}
    (tmp_path / "form.yaml").write_text(yaml.safe_dump(form, allow_unicode=True), "utf-8")
    assert forms.read_form(tmp_path / "form.yaml") == forms.read_form(filled(tmp_path / "form.xlsx", policy))


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"answer": "mungkin"}, "unknown answer"),
        ({"respondent": ""}, "\\(respondent\\) is missing"),
        ({"statement": ""}, "\\(statement\\) is missing"),
        ({"until": ""}, "\\(until\\) is missing"),
        ({"until": "tahun depan"}, "expected a day"),
        ({"documents": "hilang.pdf"}, "is not there"),
    ],
)
def test_an_answer_that_is_incomplete_names_its_cell(
    tmp_path: Path, policy: Policy, cells: Mapping[str, str], problem: str
) -> None:
    with pytest.raises(PolicyError, match=rf"form\.xlsx:6:\d+: .*{problem}"):
        forms.read_form(filled(tmp_path / "form.xlsx", policy, **cells))


def test_days_as_people_type_them(tmp_path: Path, policy: Policy) -> None:
    form = filled(tmp_path / "form.xlsx", policy, answered_on="22/11/2026")
    assert forms.read_form(form)[0].answered_on == date(2026, 11, 22)


def test_an_empty_form_answers_nothing(tmp_path: Path, policy: Policy) -> None:
    (tmp_path / "form.yaml").write_bytes(forms.as_yaml(forms.of_policies([policy]), "id"))
    assert forms.read_form(tmp_path / "form.yaml") == ()


def test_a_workbook_that_is_no_form_is_refused(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "x.xlsx")
    with pytest.raises(PolicyError, match="is no form"):
        forms.read_form(tmp_path / "x.xlsx")


def test_answers_are_added_after_those_that_stand_there(tmp_path: Path, policy: Policy) -> None:
    given = forms.read_form(filled(tmp_path / "form.xlsx", policy))
    file = tmp_path / "attestations.yaml"
    forms.add_attestations(file, given, [policy])
    file.write_text("# milik Dinas\n" + file.read_text("utf-8"), "utf-8")
    forms.add_attestations(file, given, [policy])
    found, data = load_attestations(file, [policy])
    assert found == (*given, *given)
    assert data.startswith(b"# milik Dinas\n")


def test_an_answer_that_would_not_be_taken_leaves_the_file_as_it_was(tmp_path: Path, policy: Policy) -> None:
    file = tmp_path / "attestations.yaml"
    wrong = Attestation("KOM-01", Outcome.PASS, "Budi", date(2026, 11, 22), date(2027, 11, 21), "Ada.")
    with pytest.raises(PolicyError, match="there is nothing to attest"):
        forms.add_attestations(file, [wrong], [policy])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ba.pdf", "contoh.yaml", "sk.pdf"]


def test_a_waiver_is_written_as_it_will_be_read(tmp_path: Path, policy: Policy) -> None:
    file = tmp_path / "waivers.yaml"
    given = Waiver("KOM-01", "Diganti: anggaran perubahan", "Kepala Dinas", date(2026, 12, 31), "contoh.go.id", "a: b")
    forms.add_waiver(file, given, [policy])
    forms.add_waiver(file, Waiver("KOM-01", "x", "y", date(2027, 1, 1)), [policy])
    assert load_waivers(file, [policy])[0] == (given, Waiver("KOM-01", "x", "y", date(2027, 1, 1)))


def test_a_question_without_one_is_its_title(policy: Policy) -> None:
    assert Question("contoh", policy.rules[1]).asked("en") == "=Title"
