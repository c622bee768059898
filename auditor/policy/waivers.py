"""Waivers and attestations: files of their own beside the policies, digested apart.

schema: 1                                    # waivers.yaml
waivers:
  - rule: KOM-02
    policy: baseline                         # optional; any policy with this rule where left out
    host: layanan.contoh.go.id               # optional; every host where left out
    subject: PHPSESSID                       # optional; every subject where left out
    reason: Perangkat lama di kecamatan; diganti pada anggaran perubahan.
    approver: Kepala Dinas Komunikasi dan Informatika
    until: 2026-12-31                        # the last day, in the zone of the target's region

schema: 1                                    # attestations.yaml
attestations:
  - rule: ATR-01
    host: contoh.go.id                       # policy and host as above
    answer: pass                             # pass fail not_applicable
    respondent: Budi Santoso, Kepala Seksi Persandian
    answered_on: 2026-11-01
    until: 2027-10-31
    statement: Ditetapkan dengan SK nomor 12 tahun 2026.
    documents: [{name: sk-12-2026.pdf, sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08}]

A rule id that no policy of the run has is an error, so that a waiver cannot lie there unused through a slip of the pen.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from auditor import source
from auditor.model import Attestation, Decides, Outcome, Policy, Rule, Waiver
from auditor.source import Entries, Node, chosen, listed, schema_one

T = TypeVar("T")

WAIVERS = "waivers.yaml"
ATTESTATIONS = "attestations.yaml"
"""Their names in a bundle."""

_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Answers:
    """What people stated, and the bytes of the files it stands in, by their names in a bundle."""

    waivers: tuple[Waiver, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)


class _Answer(StrEnum):
    PASS = Outcome.PASS.value
    FAIL = Outcome.FAIL.value
    NOT_APPLICABLE = Outcome.NOT_APPLICABLE.value


def load_waivers(path: Path, policies: Sequence[Policy]) -> tuple[tuple[Waiver, ...], bytes]:
    """The waivers of a file, with its bytes.

    Raises:
        PolicyError: `file:line:col`; also for a rule that none of the policies has.
    """
    data = source.read_bytes(path, source.Document(str(path)))
    return _waivers(source.read(data, str(path)), policies), data


def load_attestations(path: Path, policies: Sequence[Policy]) -> tuple[tuple[Attestation, ...], bytes]:
    """The attestations of a file, with its bytes.

    Raises:
        PolicyError: as `load_waivers`; also for a rule that facts alone decide.
    """
    data = source.read_bytes(path, source.Document(str(path)))
    return _attestations(source.read(data, str(path)), policies), data


def load_answers(waivers: Path | None, attestations: Path | None, policies: Sequence[Policy]) -> Answers:
    """Both files, of which either may be missing.

    Raises:
        PolicyError: as `load_waivers` and `load_attestations`.
    """
    excused, excuses = load_waivers(waivers, policies) if waivers else ((), None)
    attested, answers = load_attestations(attestations, policies) if attestations else ((), None)
    files = {WAIVERS: excuses, ATTESTATIONS: answers}
    return Answers(excused, attested, {name: data for name, data in files.items() if data is not None})


def read_answers(files: Mapping[str, bytes], policies: Sequence[Policy]) -> Answers:
    """The same out of a bundle's files, of which all others are passed over.

    Raises:
        PolicyError: as `load_answers`.
    """
    found = {name: files[name] for name in (WAIVERS, ATTESTATIONS) if name in files}
    return Answers(
        _waivers(source.read(found[WAIVERS], WAIVERS), policies) if WAIVERS in found else (),
        _attestations(source.read(found[ATTESTATIONS], ATTESTATIONS), policies) if ATTESTATIONS in found else (),
        found,
    )


def _waivers(root: Node, policies: Sequence[Policy]) -> tuple[Waiver, ...]:
    return _statements(root, "waivers", lambda node: _waiver(node, policies))


def _attestations(root: Node, policies: Sequence[Policy]) -> tuple[Attestation, ...]:
    return _statements(root, "attestations", lambda node: _attestation(node, policies))


def _statements(root: Node, key: str, read: Callable[[Node], T]) -> tuple[T, ...]:
    top = root.entries("schema", key)
    top.need("schema", schema_one)
    return top.need(key, listed(read))


def _waiver(node: Node, policies: Sequence[Policy]) -> Waiver:
    entry = node.entries("rule", "policy", "host", "subject", "reason", "approver", "until")
    return Waiver(
        rule=_rules(entry, policies)[0].id,
        reason=entry.need("reason", Node.text),
        approver=entry.need("approver", Node.text),
        until=entry.need("until", Node.day),
        host=entry.get("host", _host, ""),
        subject=entry.get("subject", Node.text, None),
        policy=entry.get("policy", Node.text, ""),
    )


def _attestation(node: Node, policies: Sequence[Policy]) -> Attestation:
    entry = node.entries(
        "rule", "policy", "host", "answer", "respondent", "answered_on", "until", "statement", "documents"
    )
    rules = _rules(entry, policies)
    if all(rule.manual is None and rule.decides is Decides.BOTH for rule in rules):
        raise entry["rule"].error("rule {rule} is decided by facts; there is nothing to attest", rule=rules[0].id)
    answered_on, until = entry.need("answered_on", Node.day), entry.need("until", Node.day)
    if until < answered_on:
        raise entry["until"].error("until is before answered_on")
    return Attestation(
        rule=rules[0].id,
        answer=Outcome(entry.need("answer", chosen(_Answer))),
        respondent=entry.need("respondent", Node.text),
        answered_on=answered_on,
        until=until,
        statement=entry.need("statement", Node.text),
        host=entry.get("host", _host, ""),
        policy=entry.get("policy", Node.text, ""),
        documents=entry.get("documents", listed(_document), ()),
    )


def _rules(entry: Entries, policies: Sequence[Policy]) -> tuple[Rule, ...]:
    """The rules that are meant, one of each policy that is meant and has it; at least one."""
    ids = [policy.id for policy in policies]
    policy = entry.get("policy", Node.text, "")
    if policy and policy not in ids:
        raise entry["policy"].unknown("unknown policy {word}", policy, ids)
    meant = [rule for each in policies if policy in ("", each.id) for rule in each.rules]
    name = entry.need("rule", Node.text)
    found = tuple(rule for rule in meant if rule.id == name)
    if not found:
        raise entry["rule"].unknown("unknown rule {word}", name, {rule.id for rule in meant})
    return found


def _host(node: Node) -> str:
    host = node.text().lower().rstrip(".").strip("[]")
    if not _HOST.fullmatch(host):
        raise node.error("expected a host name without scheme, port or path, found {found}", found=host)
    return host


def _document(node: Node) -> str:
    entry = node.entries("name", "sha256")
    digest = entry.need("sha256", Node.text).lower()
    if not _SHA256.fullmatch(digest):
        raise entry["sha256"].error("expected a sha256 digest, 64 hexadecimal digits")
    return f"{entry.need('name', Node.text)} sha256:{digest}"
