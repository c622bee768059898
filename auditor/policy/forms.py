"""What people are asked to state: questions of a policy or a report, forms to fill in, and statements written down.

A form is a workbook with one row a question, or YAML with one entry a question; what was left empty is no answer.
Columns of the workbook and keys of the YAML are those of `KEYS`, headings in Indonesian or English.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from auditor import source
from auditor.canonical import sha256
from auditor.errors import PolicyError
from auditor.messages import catalog
from auditor.model import Attestation, Decides, Outcome, Policy, Report, Rule, Waiver
from auditor.policy.waivers import ATTESTATIONS, WAIVERS, read_answers
from auditor.source import Document, Entries, Node, listed, schema_one
from auditor.spreadsheet import Column, Sheet, read_workbook, unguarded, workbook

KEYS = (
    "rule", "policy", "host", "question", "evidence", "answer", "respondent", "answered_on", "until", "statement",
    "documents",
)  # fmt: skip
_HEADINGS: Mapping[str, tuple[str, int]] = {
    "rule": ("Aturan", 14),
    "policy": ("Kebijakan", 16),
    "host": ("Situs", 24),
    "question": ("Pertanyaan", 60),
    "evidence": ("Bukti yang diminta", 30),
    "answer": ("Jawaban", 16),
    "respondent": ("Responden dan jabatan", 30),
    "answered_on": ("Tanggal jawaban", 16),
    "until": ("Berlaku sampai", 16),
    "statement": ("Pernyataan", 44),
    "documents": ("Dokumen", 30),
}
ANSWERS: Mapping[str, Outcome] = {
    "ya": Outcome.PASS, "tidak": Outcome.FAIL, "tidak berlaku": Outcome.NOT_APPLICABLE,
    "yes": Outcome.PASS, "no": Outcome.FAIL, "not applicable": Outcome.NOT_APPLICABLE,
    "pass": Outcome.PASS, "fail": Outcome.FAIL, "not_applicable": Outcome.NOT_APPLICABLE,
}  # fmt: skip
"""Words for an answer, as forms may have them."""
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Question:
    """A control that a person answers; `host` is empty where the answer is to hold for every site."""

    policy: str
    rule: Rule
    host: str = ""

    def asked(self, lang: str) -> str:
        """The question, or the rule's title where the policy asks none."""
        return (self.rule.manual.question if self.rule.manual else self.rule.title).in_(lang)

    @property
    def evidence(self) -> tuple[str, ...]:
        """The documents that are asked for."""
        return self.rule.manual.evidence if self.rule.manual else ()


def of_policies(policies: Iterable[Policy]) -> tuple[Question, ...]:
    """Every question of some policies."""
    return tuple(
        Question(policy.id, rule)
        for policy in policies
        for rule in policy.rules
        if rule.manual is not None or rule.decides is Decides.FAIL_ONLY
    )


def of_report(report: Report, *, by_site: bool = False) -> tuple[Question, ...]:
    """The questions that a report leaves open; once, or once for each site that they are open for."""
    rules = {(policy.id, rule.id): rule for policy in report.policies for rule in policy.rules}
    hosts = {target.url: target.host for target in report.targets}
    asked = (
        Question(found.policy, rules[found.policy, found.rule], hosts[found.target] if by_site else "")
        for found in report.findings
        if found.outcome is Outcome.MANUAL
    )
    return tuple({(question.policy, question.rule.id, question.host): question for question in asked}.values())


# ---- forms ---------------------------------------------------------------------------------------------------


def as_workbook(questions: Sequence[Question], lang: str) -> bytes:
    """A form to fill in with a spreadsheet program."""
    words = catalog(lang)
    columns = tuple(
        Column(heading if lang == "id" else key.replace("_", " ").capitalize(), width, choices=_choices(key, lang))
        for key, (heading, width) in _HEADINGS.items()
    )
    rows = tuple(
        (q.rule.id, q.policy, q.host, q.asked(lang), ", ".join(q.evidence), "", "", "", "", "", "") for q in questions
    )
    preamble = (
        words.text("Answers to controls that cannot be seen from outside"),
        words.text("Fill in the answer, who answers, the day, the last day it holds, and what is stated."),
        words.text("Days as 2026-11-22. Documents are file names beside this form, with bars (|) between them."),
        words.text("Without a site an answer holds for all sites; a row may be repeated with a site of its own."),
    )
    return workbook([Sheet("Pernyataan", columns, rows, preamble)], _CREATED)


def _choices(key: str, lang: str) -> tuple[str, ...]:
    if key != "answer":
        return ()
    return ("ya", "tidak", "tidak berlaku") if lang == "id" else ("yes", "no", "not applicable")


def as_yaml(questions: Sequence[Question], lang: str) -> bytes:
    """The same form as YAML."""
    entries = [
        {
            "rule": question.rule.id,
            "policy": question.policy,
            "host": question.host,
            "question": question.asked(lang),
            "evidence": ", ".join(question.evidence),
            "answer": "", "respondent": "", "answered_on": "", "until": "", "statement": "", "documents": [],
        }
        for question in questions
    ]  # fmt: skip
    return _dumped({"schema": 1, "answers": entries})


def read_form(path: Path) -> tuple[Attestation, ...]:
    """The answers of a filled-in form, .xlsx or .yaml; documents are read beside it and digested.

    Raises:
        PolicyError: `file:line:col`, where an answer is incomplete or names a document that is not there.
    """
    rows = _rows_of_workbook(path) if path.suffix.lower() == ".xlsx" else _rows_of_yaml(path)
    return tuple(_attestation(row, path.parent) for row in rows if _said(row, "answer"))


def _rows_of_yaml(path: Path) -> tuple[Entries, ...]:
    top = source.read(path).entries("schema", "answers")
    top.need("schema", schema_one)
    return top.need("answers", listed(lambda node: node.entries(*KEYS)))


def _rows_of_workbook(path: Path) -> tuple[Entries, ...]:
    document = Document(str(path))
    try:
        rows = read_workbook(source.read_bytes(path, document))
    except ValueError as problem:
        raise PolicyError("not a workbook: {problem}", place=str(path), problem=str(problem)) from None
    known = {name.casefold(): key for key, (heading, _) in _HEADINGS.items() for name in (heading, key)}
    known |= {key.replace("_", " "): key for key in KEYS}
    header: dict[int, str] = {}
    found = []
    for line, cells in enumerate(rows, 1):
        if not header:
            titles = enumerate(cell.strip().casefold() for cell in cells)
            named = {place: known[title] for place, title in titles if title in known}
            header = named if {"rule", "answer"} <= set(named.values()) else {}
            continue
        nodes = {
            key: Node(document, line, place + 1, unguarded(cells[place].strip()), quoted=True)
            for place, key in header.items()
        }
        found.append(Entries(Node(document, line, 1, "", quoted=True), nodes))
    if not header:
        raise PolicyError("is no form: it has no columns rule and answer", place=str(path))
    return tuple(found)


def _said(row: Entries, key: str) -> str:
    """The text of a cell or scalar, empty where there is none."""
    if key not in row:
        return ""
    content = row[key].content
    return content.strip() if isinstance(content, str) else ""


def _attestation(row: Entries, folder: Path) -> Attestation:
    for key in ("rule", "respondent", "answered_on", "until", "statement"):
        if not _said(row, key):
            raise row["answer"].error("{key} is missing beside this answer", key=f"{_HEADINGS[key][0]} ({key})")
    answer = ANSWERS.get(_said(row, "answer").casefold())
    if answer is None:
        raise row["answer"].unknown("unknown answer {word}", _said(row, "answer"), ANSWERS)
    return Attestation(
        rule=_said(row, "rule"),
        answer=answer,
        respondent=_said(row, "respondent"),
        answered_on=_day(row["answered_on"]),
        until=_day(row["until"]),
        statement=_said(row, "statement"),
        host=_said(row, "host"),
        policy=_said(row, "policy"),
        documents=tuple(_document(node, folder) for node in _documents(row)),
    )


def _day(node: Node) -> date:
    """ISO 8601, or day/month/year as it is written in Indonesia."""
    written = str(node.content).strip()
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"):
        try:
            return datetime.strptime(written, form).date()  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            continue
    raise node.error("expected a day such as 2026-11-22, found {found}", found=repr(written))


def _documents(row: Entries) -> Iterable[Node]:
    if "documents" not in row:
        return ()
    node = row["documents"]
    if node.is_list:
        return node.items()
    names = (name.strip() for name in str(node.content).split("|"))
    return [Node(node.document, node.line, node.column, name, quoted=True) for name in names if name]


def _document(node: Node, folder: Path) -> str:
    name = node.text()
    try:
        return digested(folder / name)
    except OSError:
        raise node.error("document {name} is not there", name=repr(name), hint="it lies beside the form") from None


def digested(file: Path) -> str:
    """A document relied upon, as statements name it.

    Raises:
        OSError: it cannot be read.
    """
    return f"{file.name} sha256:{sha256(file.read_bytes())}"


# ---- statements written down ---------------------------------------------------------------------------------


def add_attestations(path: Path, given: Iterable[Attestation], policies: Sequence[Policy]) -> None:
    """Write answers to a file, after those that stand in it already.

    Raises:
        PolicyError: an answer that would not be taken; the file is left as it was.
    """
    plain = [_plain_attestation(each) for each in given]
    _add(path, ATTESTATIONS, "attestations", plain, policies)


def add_waiver(path: Path, waiver: Waiver, policies: Sequence[Policy]) -> None:
    """Write an accepted risk to a file, after those that stand in it already.

    Raises:
        PolicyError: one that would not be taken; the file is left as it was.
    """
    plain = _filled(
        rule=waiver.rule, policy=waiver.policy, host=waiver.host, subject=waiver.subject, reason=waiver.reason,
        approver=waiver.approver, until=waiver.until,
    )  # fmt: skip
    _add(path, WAIVERS, "waivers", [plain], policies)


def _plain_attestation(given: Attestation) -> dict[str, Any]:
    documents = [dict(zip(("name", "sha256"), each.rsplit(" sha256:", 1), strict=True)) for each in given.documents]
    return _filled(
        rule=given.rule, policy=given.policy, host=given.host, answer=str(given.answer), respondent=given.respondent,
        answered_on=given.answered_on, until=given.until, statement=given.statement, documents=documents,
    )  # fmt: skip


def _filled(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in ("", None, [])}


def _add(path: Path, name: str, key: str, entries: Sequence[Mapping[str, Any]], policies: Sequence[Policy]) -> None:
    """Append the entries to the text, so that comments stay, once the whole can be read."""
    before = path.read_text("utf-8") if path.exists() else f"schema: 1\n{key}:\n"
    more = _dumped(list(entries)).decode()
    whole = before.rstrip() + "\n" + "".join(f"  {line}\n" for line in more.splitlines())
    read_answers({name: whole.encode()}, policies)
    path.write_text(whole, "utf-8")


class _Plain(yaml.SafeDumper):
    """Writes no anchors, which our reader refuses."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True


def _dumped(plain: Any) -> bytes:
    text: str = yaml.dump(plain, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=10_000)
    return text.encode()
