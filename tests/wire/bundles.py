"""A small but genuine bundle: evidence written as scans write it, judged by the real judge, sealed with a real key."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cryptography import x509

from auditor import bundle, facts
from auditor.canonical import decode, encode
from auditor.model import (
    Absence,
    Absent,
    Authorisation,
    Fact,
    FactSpec,
    Finding,
    Level,
    Observation,
    Outcome,
    Report,
    Run,
    Target,
)
from auditor.policy import coverage, judge, load, read_answers, score
from auditor.report import Judgement, assemble
from auditor.trust import anchors, cms, keys

AT = datetime.now(UTC).replace(microsecond=0)
"""The created keys are valid from now on, so the bundle is of now."""

SPECS: Mapping[str, FactSpec] = {
    **facts.TARGET_FACTS,
    "tls.versions": FactSpec(tuple, "Protocol versions accepted"),
    "http.hsts.max_age": FactSpec(int, "Strict-Transport-Security max-age", unit="s"),
    "http.cookie.secure": FactSpec(bool, "Secure attribute", subject="cookie"),
    "cert.not_after": FactSpec(datetime, "End of validity", subject="position"),
}

BASE = b"""\
schema: 1
id: dasar
version: "1"
title: {id: Dasar, en: Base}
rules:
  - id: TLS-01
    title: {id: Hanya TLS 1.2 ke atas, en: Only TLS 1.2 and newer}
    severity: high
    require: {tls.versions: {subset_of: [TLSv1.2, TLSv1.3]}}
  - id: HDR-01
    title: {id: HSTS setahun, en: HSTS of one year}
    severity: medium
    require: {http.hsts.max_age: {at_least: 31536000}}
"""
POLICY = b"""\
schema: 1
id: coba
version: "2"
title: {id: Percobaan, en: Trial}
extends: [./dasar.yaml]
minimum_coverage: 50
scoring:
  start: 100
  by_severity:
    high: {fail: -40}
    medium: {fail: -10}
  bands: [{at_least: 80, grade: A}, {at_least: 0, grade: F}]
rules:
  - id: SES-01
    title: {id: Kuki aman, en: Secure cookies}
    severity: high
    require: {http.cookie.secure: {equals: true}}
  - id: CRT-01
    title: {id: Sertifikat masih berlaku, en: Certificate is valid}
    severity: high
    require: {"cert.not_after[leaf]": {beyond_days: 0}}
"""
WAIVERS = b"""\
schema: 1
waivers:
  - rule: HDR-01
    host: lemah.contoh.go.id
    reason: Menunggu penggantian perangkat
    approver: Kepala Bidang Persandian
    until: 2099-12-31
"""

LETTER = Authorisation("ST-1/2026", "Sekretaris Daerah", date(2026, 1, 1), date(2099, 12, 31), Level.STANDARD)


def target(host: str) -> Target:
    return Target("https", host, 443, authorisation=LETTER, level=Level.STANDARD, scope=(host,))


GOOD, WEAK = target("baik.contoh.go.id"), target("lemah.contoh.go.id")

OBSERVATIONS = (
    Observation(GOOD.url, "target", AT, 0, tuple(f for f in facts.about_target(GOOD) if isinstance(f, Fact))),
    Observation(GOOD.url, "tls", AT, 12, (Fact("tls.versions", ("TLSv1.2", "TLSv1.3")),)),
    Observation(GOOD.url, "certificate", AT, 12, (Fact("cert.not_after", AT + timedelta(days=60), "leaf"),)),
    Observation(GOOD.url, "http", AT, 30, (Fact("http.hsts.max_age", 63072000),), (), ("http.cookie.secure",)),
    Observation(WEAK.url, "tls", AT, 15, (Fact("tls.versions", ("TLSv1.0", "TLSv1.2")),)),
    Observation(WEAK.url, "certificate", AT, 15, (), (Absent("cert.not_after", Absence.TIMEOUT, "no answer in 15 s"),)),
    Observation(
        WEAK.url,
        "http",
        AT,
        31,
        (Fact("http.cookie.secure", False, "sesi"), Fact("http.cookie.secure", True, "bahasa")),  # noqa: FBT003
        (Absent("http.hsts.max_age", Absence.NOT_OFFERED),),
        ("http.cookie.secure",),
    ),
)
EXPECTED = {
    (GOOD.url, "TLS-01"): Outcome.PASS,
    (GOOD.url, "HDR-01"): Outcome.PASS,
    (GOOD.url, "SES-01"): Outcome.PASS,
    (GOOD.url, "CRT-01"): Outcome.PASS,
    (WEAK.url, "TLS-01"): Outcome.FAIL,
    (WEAK.url, "HDR-01"): Outcome.WAIVED,
    (WEAK.url, "SES-01"): Outcome.FAIL,
    (WEAK.url, "CRT-01"): Outcome.UNKNOWN,
}
"""What the policy above says of the evidence above, worked out by hand."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A bundle on disk, the key it was signed with, and the root that a reviewer got by another road."""

    path: Path
    signer: keys.Signer
    root: Path

    @property
    def roots(self) -> tuple[x509.Certificate, ...]:
        return anchors.load(self.root)


def seal(folder: Path, signer: keys.Signer) -> Path:
    """Judge the evidence and write the bundle, as `auditor audit` does."""
    (folder / "sumber").mkdir(parents=True)
    (folder / "sumber" / "dasar.yaml").write_bytes(BASE)
    (folder / "sumber" / "coba.yaml").write_bytes(POLICY)
    loaded = load(folder / "sumber" / "coba.yaml", SPECS)
    answers = read_answers({"waivers.yaml": WAIVERS}, (loaded.policy,))
    policies = (loaded.policy,)
    findings = judge(OBSERVATIONS, SPECS, policies, answers.waivers, answers.attestations, AT, (GOOD, WEAK))
    judgement = Judgement(
        policies=policies,
        waivers=answers.waivers,
        attestations=answers.attestations,
        judged_at=AT,
        findings=findings,
        scores=tuple(score(loaded.policy, findings)),
        coverage=(coverage(loaded.policy, findings),),
    )
    evidence = b"".join(encode(item) + b"\n" for item in OBSERVATIONS)
    run = Run(started=AT, finished=AT, requested=None)
    report = assemble(
        judgement,
        (GOOD, WEAK),
        run,
        evidence,
        identity="20261124T030000Z-abcdef",
        agency="Kabupaten Contoh",
        signing=signer.signing,
    )
    files = {
        "report.json": encode(report) + b"\n",
        "evidence.jsonl": evidence,
        "facts.json": facts.write(SPECS),
        **answers.files,
        "report.html": b"<!doctype html><title>Laporan</title>\n",
        "exports/report.sarif": b"{}\n",
        **{f"policy/{name}": data for name, data in loaded.sources},
    }
    return bundle.write(folder / "bundel", files, signer, AT).path


def create(folder: Path, name: str = "Petugas Persandian") -> Sealed:
    made = keys.create(folder / "kunci", name, None, at=AT)
    signer = keys.load(made.key, None)
    return Sealed(seal(folder, signer), signer, made.root)


def copy(sealed: Sealed, folder: Path) -> Sealed:
    """The same bundle elsewhere, to be tampered with."""
    shutil.copytree(sealed.path, folder)
    return replace(sealed, path=folder)


def reseal(sealed: Sealed, signer: keys.Signer | None = None) -> None:
    """Sums, and a signature too where a key is given, over the files as they now are."""
    files = bundle.gather(sealed.path).members
    sums = bundle.render_sums(files)
    (sealed.path / bundle.SUMS).write_bytes(sums)
    if signer is not None:
        (sealed.path / bundle.SIGNATURE).write_bytes(cms.sign(signer, sums, AT))


def edit_report(sealed: Sealed, change: Callable[[Report], Report]) -> None:
    """Another report in the place of the first, canonical like it."""
    path = sealed.path / "report.json"
    path.write_bytes(encode(change(decode(Report, path.read_bytes()))) + b"\n")


def edit_finding(report: Report, target: str, rule: str, change: Callable[[Finding], Finding]) -> Report:
    return replace(
        report,
        findings=tuple(
            change(finding) if (finding.target, finding.rule) == (target, rule) else finding
            for finding in report.findings
        ),
    )
