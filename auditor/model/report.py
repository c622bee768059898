"""What judging gave, and the report that is signed over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from auditor.model.facts import FactSpec, Observation
from auditor.model.policy import Attestation, Citation, Policy, Waiver
from auditor.model.targets import Authorisation, Target
from auditor.model.vocabulary import Basis, Level, Outcome, Severity

REPORT_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """One assertion, judged for one subject."""

    fact: str
    subject: str
    expected: str
    observed: str
    """The value as text, or the absence (`timeout: no answer in 15 s`)."""
    outcome: Outcome
    fingerprint: str
    """sha256 of rule, target, fact and subject: the same fault keeps it from run to run."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule of one policy, judged for one target."""

    policy: str
    rule: str
    target: str
    outcome: Outcome
    severity: Severity
    basis: Basis = Basis.MEASURED
    verdicts: tuple[Verdict, ...] = ()
    reason: str = ""
    """For UNKNOWN the absence behind it; `waiver_expired`, `attestation_expired`, `no_answer` otherwise."""
    waiver: int | None = None
    """Index into the report's waivers, where one applies."""
    attestation: int | None = None
    """Index into the report's attestations, where one applies."""


@dataclass(frozen=True, slots=True)
class Score:
    """The policy's number for one target; `coverage` is the percent of its rules that were judged."""

    policy: str
    target: str
    value: int | None
    grade: str
    coverage: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a policy was judged, over all targets of the report."""

    policy: str
    judged: int
    total: int
    percent: int
    minimum: int


@dataclass(frozen=True, slots=True)
class Tool:
    """What made the report."""

    name: str
    version: str
    python: str
    openssl: str


@dataclass(frozen=True, slots=True)
class Plugin:
    """Provenance of one check or renderer."""

    group: str
    name: str
    distribution: str
    version: str
    sha256: str
    """Over the plug-in's source files."""


@dataclass(frozen=True, slots=True)
class Run:
    """When and how the scan ran."""

    started: datetime
    finished: datetime
    requested: Level | None
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    interrupted: bool = False
    unreached: tuple[str, ...] = ()
    """Targets of the inventory that an interrupted run did not get to."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Who allowed the scan, and of what."""

    agency: str
    authorisations: tuple[Authorisation, ...]
    hosts: tuple[str, ...]
    letterhead: tuple[str, ...] = ()
    """Lines under the agency's name on paper."""


@dataclass(frozen=True, slots=True)
class Sealing:
    """What the report is about to be sealed with: stated under the signature, so that nothing can be taken off."""

    certificate: str = ""
    """sha256 of the signer's certificate, DER."""
    algorithm: str = ""
    store: str = ""
    """Where the key is kept: `file`, `environment`, `token`, `memory`."""
    attributes: tuple[str, ...] = ()
    """What a token says of its key, in the words of PKCS#11."""
    tsa: str = ""
    """URL of the time stamp authority; nothing where there is none."""
    log: str = ""
    """Verifier key of the transparency log that the bundle is entered in; nothing where it is in none."""
    checkpoint: str = ""
    """What the log said before this report was entered: kept on paper, it shows whether history was rewritten."""
    cosigner: str = ""
    """sha256 of the public ML-DSA-65 key that signs beside; nothing where none does."""


@dataclass(frozen=True, slots=True)
class Report:
    """The machine report: `report.json`."""

    schema: int
    id: str
    parent: str
    """Digest of the SHA256SUMS of the bundle that was judged again, or empty."""
    tool: Tool
    policies: tuple[Policy, ...]
    scope: Scope
    run: Run
    judged_at: datetime
    targets: tuple[Target, ...]
    findings: tuple[Finding, ...]
    scores: tuple[Score, ...]
    coverage: tuple[Coverage, ...]
    waivers: tuple[Waiver, ...]
    attestations: tuple[Attestation, ...]
    provenance: tuple[Plugin, ...]
    evidence_digest: str
    """sha256 of evidence.jsonl."""
    signing: str
    """`trusted-key`: the signer's own; `ci`: one that a pipeline holds; `ephemeral`: thrown away, proves nothing."""
    sealing: Sealing = field(default_factory=Sealing)
    citations: tuple[Citation, ...] = ()
    """What the controls of the rules stand for, each once, sorted by id."""


@dataclass(frozen=True, slots=True)
class View:
    """Everything a renderer may look at."""

    report: Report
    observations: tuple[Observation, ...]
    specs: dict[str, FactSpec]
    previous: Report | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    """The files of the signed bundle, where the report stands in one already."""
