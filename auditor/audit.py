"""The main job from end to end: collect, judge, report, seal. The commands and the demo call this, nothing else.

Order --collect--> evidence --judge--> Judgement --publish--> signed bundle on disk
                   ^ the network ends here
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from auditor import evidence as evidence_file
from auditor import facts as facts_file
from auditor import guide, plugins, pool, scan
from auditor.bundle import Bundle
from auditor.bundle import write as write_bundle
from auditor.canonical import DecodeError, encode
from auditor.journal import Journal
from auditor.mask import Masker
from auditor.model import Endpoint, FactSpec, Observation, Plugin, Report, Run, Sealing, Target, View
from auditor.net import CONVERSATIONS, Confide, Limits, Neighbours, Network
from auditor.plugins import Check
from auditor.policy import LoadedPolicy, coverage, judge, score
from auditor.policy.waivers import Answers
from auditor.report import Judgement, assemble
from auditor.trust import pdf
from auditor.trust.cosignature import Cosigner
from auditor.trust.keys import Signer, algorithm
from auditor.trust.log import load as load_log
from auditor.trust.timestamp import Authority


@dataclass(frozen=True, slots=True)
class Order:
    """What to scan and how; no policy in it, since policies do not change what is seen."""

    targets: tuple[Target, ...]
    checks: tuple[Check, ...]
    roots: tuple[bytes, ...] = ()
    """Trust anchors given with `--ca`, PEM or DER."""
    resolver: Endpoint | None = None
    limits: Limits = field(default_factory=Limits)
    jobs: int = 16
    conversations: int = CONVERSATIONS
    """Raw TLS conversations at once with one host."""
    masker: Masker = field(default_factory=lambda: Masker(None))
    confide: Confide | None = None
    """Takes personal data and secrets whole, for the owner of the sites alone; nobody does by default."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What to judge by."""

    policies: tuple[LoadedPolicy, ...]
    answers: Answers = field(default_factory=Answers)
    """Waivers and attestations, with the bytes of their files."""


def new_run_id(at: datetime) -> str:
    """Sortable by time, unique by chance: `20261124T030327Z-9f2c41`."""
    return f"{at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def collect(order: Order, journal: Journal | None = None) -> Iterator[tuple[Target, bytes]]:
    """Scan; yields each target with its masked evidence lines as it is done, those in the journal first."""
    neighbours = Neighbours(order.conversations)
    saved = kept(order, journal) if journal else {}
    for target in order.targets:
        if target.url in saved:
            yield target, saved[target.url]

    def open_network(target: Target) -> Network:
        return Network(
            target,
            neighbours=neighbours,
            limits=order.limits,
            resolver=order.resolver,
            roots=order.roots,
            masker=order.masker,
            confide=order.confide,
        )

    def work(target: Target) -> bytes:
        lines = evidence_file.write(scan.scan(target, order.checks, open_network), order.masker)
        if journal:
            journal.save(target.url, lines)
        return lines

    remaining = [target for target in order.targets if target.url not in saved]
    yield from pool.run(work, remaining, order.jobs)


def kept(order: Order, journal: Journal) -> dict[str, bytes]:
    """Evidence in the journal by URL; what a crash or another version left unreadable has to be collected again."""
    specs = facts_file.union(order.checks)
    saved = journal.saved(target.url for target in order.targets)
    return {url: lines for url, lines in saved.items() if _is_about(url, lines, specs)}


def _is_about(url: str, lines: bytes, specs: Mapping[str, FactSpec]) -> bool:
    try:
        observations = evidence_file.read(lines, specs)
    except DecodeError:
        return False
    return bool(observations) and all(observation.target == url for observation in observations)


def judge_evidence(
    rules: Rules,
    observations: Sequence[Observation],
    specs: Mapping[str, FactSpec],
    targets: Sequence[Target],
    at: datetime,
) -> Judgement:
    """Findings, scores and coverage of stored observations. No network, no clock."""
    policies = tuple(loaded.policy for loaded in rules.policies)
    waivers, attestations = rules.answers.waivers, rules.answers.attestations
    findings = judge(observations, specs, policies, waivers, attestations, at, targets)
    return Judgement(
        policies=policies,
        waivers=waivers,
        attestations=attestations,
        judged_at=at,
        findings=findings,
        scores=tuple(found for policy in policies for found in score(policy, findings)),
        coverage=tuple(coverage(policy, findings) for policy in policies),
    )


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a run left behind, new or out of an older bundle: all that judging and reporting need."""

    targets: tuple[Target, ...]
    run: Run
    evidence: bytes
    """The lines of evidence.jsonl, masked."""
    specs: Mapping[str, FactSpec]
    provenance: tuple[Plugin, ...]
    agency: str = ""
    letterhead: tuple[str, ...] = ()
    identity: str = ""
    """The run id, which becomes the report's; a new one where empty."""
    parent: str = ""
    """Digest of the SHA256SUMS of the bundle whose evidence this is, where it is one."""


@dataclass(frozen=True, slots=True)
class Edition:
    """How the report is to be shown."""

    formats: tuple[str, ...] = ("html",)
    lang: str = "id"
    previous: Report | None = None


@dataclass(frozen=True, slots=True)
class Sealed:
    """A finished run: the bundle and the report in it."""

    bundle: Bundle
    view: View

    @property
    def report(self) -> Report:
        """The machine report."""
        return self.view.report


def publish(
    rules: Rules,
    scanned: Scanned,
    edition: Edition,
    *,
    out: Path,
    signer: Signer,
    at: datetime,
    tsa: str = "",
    log: Path | None = None,
    cosigner: Cosigner | None = None,
) -> Sealed:
    """Judge the evidence and write the signed bundle `out/<run id>/`.

    `tsa` is the URL of the authority that stamps the signatures, `log` the folder of the log that it is entered in;
    `cosigner` signs beside, by ML-DSA-65.

    Raises:
        PluginError: a format that no renderer provides.
        TimeStampError, LogError, KeyFileError: what it was to be sealed with cannot be had; nothing was written.
    """
    renderers = plugins.load_renderers(edition.formats)
    observations = evidence_file.read(scanned.evidence, scanned.specs)
    unsealed = assemble(
        judge_evidence(rules, observations, scanned.specs, scanned.targets, at),
        scanned.targets,
        scanned.run,
        scanned.evidence,
        identity=scanned.identity or new_run_id(at),
        agency=scanned.agency,
        parent=scanned.parent,
        provenance=(*scanned.provenance, *(renderer.plugin for renderer in renderers)),
        signing=signer.signing,
    )
    scope = replace(unsealed.scope, letterhead=scanned.letterhead)
    report = replace(unsealed, scope=scope, sealing=_sealing(signer, tsa, log, cosigner))
    view = View(report, observations, dict(scanned.specs), edition.previous)
    files = {
        "report.json": encode(report) + b"\n",
        "evidence.jsonl": scanned.evidence,
        "facts.json": facts_file.write(scanned.specs),
        **{f"policy/{name}": source for loaded in rules.policies for name, source in loaded.sources},
        **rules.answers.files,
        **guide.files(report, edition.lang),
    }
    authority = Authority(tsa) if tsa else None
    for renderer in renderers:
        for name, content in renderer.render(view, edition.lang):
            whole = pdf.seal(content, signer, at, edition.lang, authority) if name == PDF_REPORT else content
            files[name if name in HUMAN_REPORTS else f"exports/{name}"] = whole
    return Sealed(write_bundle(out / report.id, files, signer, at, tsa=tsa, log=log, cosigner=cosigner), view)


def _sealing(signer: Signer, tsa: str, log: Path | None, cosigner: Cosigner | None) -> Sealing:
    kept = load_log(log) if log else None
    return Sealing(
        certificate=signer.fingerprint,
        algorithm=algorithm(signer.certificate.public_key()),
        store=signer.store,
        attributes=signer.attributes,
        tsa=tsa,
        log=str(kept.verifier) if kept else "",
        checkpoint=kept.checkpoint.decode() if kept else "",
        cosigner=cosigner.fingerprint if cosigner else "",
    )


PDF_REPORT = "report.pdf"
"""Signed by itself too, so that it can be handed on without the bundle."""
HUMAN_REPORTS = frozenset({"report.html", PDF_REPORT, "report.txt"})
"""Renderings that stand at the top of the bundle; all others go to `exports/`."""
