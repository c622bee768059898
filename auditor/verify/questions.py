"""The questions, in the order in which a reader would ask them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509

from auditor import bundle as bundle_files
from auditor.messages import Catalog, catalog
from auditor.model import Outcome, Report
from auditor.trust import pdf
from auditor.trust.cms import Warned
from auditor.trust.note import Verifier
from auditor.verify import contents, history, paper, signature, verdicts
from auditor.verify.asking import Asking, Check, Verification, listed, plain
from auditor.verify.signature import Signed

_HUMAN = ("report.html", paper.PAPER, "report.txt")


@dataclass(frozen=True, slots=True)
class Reader:
    """What the verifier brings along: nothing of it comes from what is verified."""

    roots: tuple[x509.Certificate, ...] = ()
    """Trust anchors of signers (`auditor.trust.anchors.load`)."""
    stamp_roots: tuple[x509.Certificate, ...] | None = None
    """Trust anchors of time stamp authorities; `roots` where None."""
    log: Verifier | None = None
    """The transparency log's key."""
    cosigners: frozenset[str] = frozenset()
    """sha256 of public ML-DSA-65 keys."""
    policies: frozenset[str] = frozenset()
    """sha256 of policy files that are known beside the packaged ones."""


def verify(place: Path, reader: Reader, now: datetime, lang: str = "id") -> Verification:
    """Ask every question about the bundle at `place`; `now` is the verifier's clock. Never raises for what is in it."""
    asking = Asking(catalog(lang))
    words = asking.words
    bundle = asking.ask("layout", words.text("Layout"), lambda: contents.gather(place, words))
    if bundle is None:
        return Verification(tuple(asking.checks))
    stamp_roots = reader.roots if reader.stamp_roots is None else reader.stamp_roots
    signed = signature.check(bundle, reader.roots, stamp_roots, now)
    status = signed.status
    asking.ask("files", words.text("File set"), lambda: contents.require_whole(bundle, words))
    asking.ask("digests", words.text("Digests"), lambda: contents.require_digests(bundle, words))
    asking.ask("signature", words.text("Signature"), lambda: signature.require_intact(status, "SHA256SUMS.p7s", words))
    asking.ask("chain", words.text("Signer"), lambda: signature.require_chain(status, words))
    asking.ask("revocation", words.text("Revocation"), lambda: signature.require_unrevoked(signed, words), needed=False)
    report = asking.ask("report", words.text("Report"), lambda: contents.read_report(bundle, words), "report.json")
    asking.ask(
        "timestamp", words.text("Time stamp"), lambda: signature.require_stamped(report, signed, 2, words), needed=False
    )
    asking.ask("validation", words.text("Validation data"), lambda: signature.require_material(bundle, signed, words))
    if bundle_files.COSIGNATURE in bundle.files or (report and report.sealing.cosigner):
        asking.ask(
            "cosignature",
            words.text("ML-DSA signature"),
            lambda: signature.require_cosigned(bundle, report, reader.cosigners, words),
            needed=False,
        )
    specs = asking.ask("facts", words.text("Fact schemas"), lambda: contents.read_facts(bundle, words), "facts.json")
    observations = asking.ask(
        "evidence",
        words.text("Evidence"),
        lambda: contents.read_evidence(bundle, specs, report, words),
        "evidence.jsonl",
    )
    policies = asking.ask(
        "policies", words.text("Policies"), lambda: contents.reload_policies(bundle, specs, report, words)
    )
    asking.ask(
        "policy_known",
        words.text("Policy digests"),
        lambda: contents.require_known(report, reader.policies, words),
        needed=False,
    )
    asking.ask(
        "answers", words.text("Waivers and attestations"), lambda: contents.reload_answers(bundle, report, words)
    )
    asking.ask("scope", words.text("Scope"), lambda: contents.require_scope(report, observations, words))
    asking.ask("claims", words.text("Claims"), lambda: contents.require_claims(report, observations, status, words))
    findings = asking.ask(
        "verdicts", words.text("Verdicts"), lambda: verdicts.rejudge(report, specs, observations, policies, words)
    )
    asking.ask("scores", words.text("Scores"), lambda: verdicts.rescore(report, policies, findings, words))
    asking.ask(
        "log",
        words.text("Transparency log"),
        lambda: history.require_included(bundle, report, reader.log, words),
        "log",
        needed=False,
    )
    document = bundle.files.get(paper.PAPER)
    if document is not None:
        seals = pdf.read(document, reader.roots, now, stamp_roots, vouched=True)
        asking.ask("pdf", words.text("PDF report"), lambda: paper.require_attached(document, bundle, words))
        asking.ask(
            "seal", words.text("Seal of the PDF report"), lambda: paper.require_seal(seals, status, report, words)
        )
    return Verification(tuple(asking.checks), _unproven(bundle.members, signed, report, asking.checks, words))


def verify_paper(
    document: bytes, reader: Reader, now: datetime, lang: str = "id", *, original: Path | None = None
) -> Verification:
    """Ask what can be asked about the PDF report alone. Never raises for what is in it.

    `original` is the bundle, or the PDF, that it must begin with: of a renewed or countersigned one.

    Raises:
        OSError: the original cannot be read.
    """
    asking = Asking(catalog(lang))
    words = asking.words
    stamp_roots = reader.roots if reader.stamp_roots is None else reader.stamp_roots
    found = pdf.read(document, reader.roots, now, stamp_roots)
    seal = found.seal
    signed = Signed(seal, (*([seal.stamp] if seal.stamp else []), *found.stamps))
    asking.ask("signature", words.text("Signature"), lambda: paper.require_intact(found, words))
    asking.ask("chain", words.text("Signer"), lambda: signature.require_chain(seal, words))
    asking.ask("revocation", words.text("Revocation"), lambda: signature.require_unrevoked(signed, words), needed=False)
    report = asking.ask("report", words.text("Report"), lambda: paper.read_report(document, words), "report.json")
    asking.ask(
        "timestamp", words.text("Time stamp"), lambda: signature.require_stamped(report, signed, 2, words), needed=False
    )
    asking.ask(
        "policy_known",
        words.text("Policy digests"),
        lambda: contents.require_known(report, reader.policies, words),
        needed=False,
    )
    asking.ask("scope", words.text("Scope"), lambda: contents.require_scope(report, (), words))
    asking.ask("claims", words.text("Claims"), lambda: paper.require_claims(report, found, words))
    asking.ask("verdicts", words.text("Verdicts"), lambda: paper.not_recomputed(words), needed=False)
    asking.ask("log", words.text("Transparency log"), lambda: paper.not_in_paper(words), needed=False)
    if found.countersignatures:
        asking.ask(
            "countersignatures",
            words.text("Countersignatures"),
            lambda: paper.require_countersigned(found, words),
            needed=False,
        )
    if original is not None:
        file = original / paper.PAPER if original.is_dir() else original
        beginning = file.read_bytes() if file.is_file() else None
        asking.ask("original", words.text("Original"), lambda: paper.require_beginning(document, beginning, words))
    return Verification(tuple(asking.checks), _unproven((), signed, report, asking.checks, words))


def _unproven(
    members: Iterable[str], signed: Signed, report: Report | None, checks: Sequence[Check], words: Catalog
) -> tuple[str, ...]:
    """What no check above speaks about, said outright."""
    passed = {check.name for check in checks if check.outcome is Outcome.PASS}
    rendered = sorted(name for name in members if name in _HUMAN or name.startswith("exports/"))
    gaps = {
        "timestamp": words.text("when it was signed: the time is the signer's own claim, no time stamp proves it"),
        "revocation": words.text("whether the certificate was revoked: no revocation data proves that it was not"),
        "log": words.text("whether other reports of the same run exist: no log proves that this is the one issued"),
        "policy_known": words.text("whether the policy is the one you expect: its digest is not among the known ones"),
        "verdicts": words.text("that the verdicts follow from evidence and policy: they were not computed again"),
    }
    said = [sentence for name, sentence in gaps.items() if name not in passed]
    said.append(words.text("that the sites sent what the evidence says: for that the signer vouches"))
    if rendered:
        said.append(
            words.text("{names}: digest checked, content not; trust what report.json says", names=listed(rendered))
        )
    if report is not None and report.parent:
        said.append(
            words.text("the bundle it was judged again from ({digest}) was not looked at", digest=report.parent)
        )
    if report is not None and report.signing == "ci":
        said.append(words.text("that a person signed: the key is held by a pipeline (level ci)"))
    if Warned.SHORT_RSA in signed.status.warnings:
        said.append(words.text("the signer's RSA key has less than 3072 bits"))
    if Warned.UNSAID_USAGE in signed.status.warnings:
        said.append(words.text("the signer's certificate does not say that it is meant for signing documents"))
    return tuple(plain(sentence) for sentence in said)
