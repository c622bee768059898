"""Waivers and attestations as files."""

from datetime import date
from pathlib import Path

import pytest

from auditor.errors import PolicyError
from auditor.model import Attestation, Decides, Manual, Outcome, Policy, Text, Waiver
from auditor.policy import Answers, load_answers, load_attestations, load_waivers, read_answers
from tests.unit.policy.evidence import policy, rule, says

FACTS = says(tls__offered=("equals", True))
POLICIES: tuple[Policy, ...] = (
    policy(
        rule(FACTS, id="KOM-02"),
        rule(id="ATR-01", manual=Manual(Text("?", "?"))),
        rule(FACTS, id="ATR-02", decides=Decides.FAIL_ONLY),
    ),
)
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

WAIVERS = """\
schema: 1
waivers:
  - rule: KOM-02
    policy: contoh
    host: Layanan.Contoh.go.id.
    subject: PHPSESSID
    reason: Diganti
    approver: Kepala Dinas
    until: 2026-12-31
  - {rule: ATR-01, reason: Alasan, approver: Kepala, until: 2027-01-01}
"""
ATTESTATIONS = f"""\
schema: 1
attestations:
  - rule: ATR-01
    host: contoh.go.id
    answer: pass
    respondent: Budi
    answered_on: 2026-11-01
    until: 2027-10-31
    statement: Ditetapkan
    documents: [{{name: sk.pdf, sha256: {DIGEST}}}]
  - {{rule: ATR-02, answer: not_applicable, respondent: B, answered_on: 2026-11-01, until: 2026-11-01, statement: S}}
"""


def write(folder: Path, text: str) -> Path:
    (folder / "berkas.yaml").write_text(text, "utf-8")
    return folder / "berkas.yaml"


def test_waivers_are_read_with_their_bytes(tmp_path: Path) -> None:
    found, data = load_waivers(write(tmp_path, WAIVERS), POLICIES)
    assert data == WAIVERS.encode()
    assert found == (
        Waiver("KOM-02", "Diganti", "Kepala Dinas", date(2026, 12, 31), "layanan.contoh.go.id", "PHPSESSID", "contoh"),
        Waiver("ATR-01", "Alasan", "Kepala", date(2027, 1, 1)),
    )


def test_attestations_are_read_with_their_bytes(tmp_path: Path) -> None:
    found, data = load_attestations(write(tmp_path, ATTESTATIONS), POLICIES)
    assert data == ATTESTATIONS.encode()
    assert found == (
        Attestation(
            "ATR-01", Outcome.PASS, "Budi", date(2026, 11, 1), date(2027, 10, 31), "Ditetapkan", "contoh.go.id",
            documents=(f"sk.pdf sha256:{DIGEST}",),
        ),
        Attestation("ATR-02", Outcome.NOT_APPLICABLE, "B", date(2026, 11, 1), date(2026, 11, 1), "S"),
    )  # fmt: skip


def test_answers_come_out_of_a_bundle_as_they_went_in(tmp_path: Path) -> None:
    (tmp_path / "w.yaml").write_text(WAIVERS, "utf-8")
    (tmp_path / "a.yaml").write_text(ATTESTATIONS, "utf-8")
    found = load_answers(tmp_path / "w.yaml", tmp_path / "a.yaml", POLICIES)
    assert found.files == {"waivers.yaml": WAIVERS.encode(), "attestations.yaml": ATTESTATIONS.encode()}
    assert (len(found.waivers), len(found.attestations)) == (2, 2)
    assert read_answers({**found.files, "report.json": b"{}"}, POLICIES) == found


def test_no_files_are_no_answers() -> None:
    assert load_answers(None, None, POLICIES) == read_answers({}, POLICIES) == Answers()


ONE = "schema: 1\nwaivers:\n  - "
GIVEN = "reason: r, approver: a, until: 2026-12-31"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{ONE}{{rule: KOM-20, {GIVEN}}}", "3:12: unknown rule 'KOM-20' (did you mean KOM-02?)"),
        (f"{ONE}{{rule: KOM-02, policy: contho, {GIVEN}}}", "3:28: unknown policy 'contho' (did you mean contoh?)"),
        (f"{ONE}{{{GIVEN}}}", "3:5: key rule is missing"),
        (f"{ONE}{{rule: KOM-02, approver: a, until: 2026-12-31}}", "3:5: key reason is missing"),
        (f"{ONE}{{rule: KOM-02, reason: r, until: 2026-12-31}}", "3:5: key approver is missing"),
        (f"{ONE}{{rule: KOM-02, reason: r, approver: a}}", "3:5: key until is missing"),
        (f"{ONE}{{rule: KOM-02, reason: r, approver: a, until: 31-12-2026}}", "3:51: expected a day such as 2026-11-22, found 31-12-2026"),
        (f"{ONE}{{rule: KOM-02, reason: , approver: a, until: 2026-12-31}}", "3:28: the value is missing"),
        (f"{ONE}{{rule: KOM-02, hots: x, {GIVEN}}}", "3:20: unknown key 'hots' (did you mean host?)"),
        (f"{ONE}{{rule: KOM-02, host: 'https://contoh.go.id', {GIVEN}}}", "3:26: expected a host name without scheme, port or path, found https://contoh.go.id"),
        (f"{ONE}{{rule: KOM-02, host: '*.go.id', {GIVEN}}}", "3:26: expected a host name without scheme, port or path, found *.go.id"),
        ("schema: 1\nwaiver: []\n", "2:1: unknown key 'waiver' (did you mean waivers?)"),
        ("schema: 1\n", "1:1: key waivers is missing"),
        ("schema: 1\nwaivers: {}\n", "2:10: expected a list, found a mapping"),
        ("waivers: []\n", "1:1: key schema is missing"),
    ],
)  # fmt: skip
def test_a_wrong_waiver_is_named_with_its_place(text: str, said: str, tmp_path: Path) -> None:
    file = write(tmp_path, text)
    with pytest.raises(PolicyError) as caught:
        load_waivers(file, POLICIES)
    assert str(caught.value) == f"{file}:{said}"


ASKED = "schema: 1\nattestations:\n  - "
STATED = "respondent: B, answered_on: 2026-11-02, statement: S"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{ASKED}{{rule: KOM-02, answer: pass, {STATED}, until: 2026-12-31}}", "3:12: rule KOM-02 is decided by facts; there is nothing to attest"),
        (f"{ASKED}{{rule: ATR-01, answer: passed, {STATED}, until: 2026-12-31}}", "3:28: unknown word 'passed' (did you mean pass?)"),
        (f"{ASKED}{{rule: ATR-01, answer: waived, {STATED}, until: 2026-12-31}}", "3:28: unknown word 'waived' (there are: fail, not_applicable, pass)"),
        (f"{ASKED}{{rule: ATR-01, answer: pass, {STATED}, until: 2026-11-01}}", "3:95: until is before answered_on"),
        (f"{ASKED}{{rule: ATR-01, {STATED}, until: 2026-11-03}}", "3:5: key answer is missing"),
        (
            f"{ASKED}{{rule: ATR-01, answer: pass, {STATED}, until: 2026-12-31, documents: [{{name: a, sha256: xyz}}]}}",
            "3:137: expected a sha256 digest, 64 hexadecimal digits",
        ),
    ],
)  # fmt: skip
def test_a_wrong_attestation_is_named_with_its_place(text: str, said: str, tmp_path: Path) -> None:
    file = write(tmp_path, text)
    with pytest.raises(PolicyError) as caught:
        load_attestations(file, POLICIES)
    assert str(caught.value) == f"{file}:{said}"
