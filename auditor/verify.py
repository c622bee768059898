"""Is this bundle whole, signed by someone trusted, and do its verdicts follow from its evidence?

Every question is a `Check` of its own, and all are asked: a reader of a failed bundle wants to know everything that
is wrong with it. What is in the bundle is hostile until proven otherwise: nothing in it raises out of here, and
trust anchors are never taken from it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from cryptography import x509

from auditor import bundle as bundle_files
from auditor import evidence as evidence_file
from auditor import facts as facts_file
from auditor.bundle import SIGNATURE, Bundle, Flaw
from auditor.canonical import decode, encode, format_time, sha256
from auditor.errors import AuditorError, InputError
from auditor.messages import Catalog, catalog
from auditor.model import REPORT_SCHEMA, FactSpec, Finding, Observation, Outcome, Policy, Report, Scope
from auditor.policy import coverage, judge, load_sources, read_answers, score
from auditor.trust import cms, pdf
from auditor.trust.cms import Reason, SignatureStatus, Warned

T = TypeVar("T")

_HOSTILE = (AuditorError, ValueError, TypeError, LookupError, ArithmeticError, RecursionError)
"""What reading and judging data that somebody twisted may raise."""
PAPER = "report.pdf"
_HUMAN = ("report.html", PAPER, "report.txt")


@dataclass(frozen=True, slots=True)
class Check:
    """One question about the bundle.

    `name` is stable, for programs; `title` and `detail` are sentences. UNKNOWN means it could not be asked.
    """

    name: str
    title: str
    outcome: Outcome
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """Every question asked, and what even a genuine bundle leaves unproven."""

    checks: tuple[Check, ...]
    unproven: tuple[str, ...] = ()

    @property
    def genuine(self) -> bool:
        """Whether every question was answered, and well."""
        return all(check.outcome is Outcome.PASS for check in self.checks)


class _DoubtError(Exception):
    """A question that is not answered well; the message is the sentence to show."""

    def __init__(self, detail: str, outcome: Outcome = Outcome.FAIL) -> None:
        self.outcome = outcome
        super().__init__(detail)


def verify(directory: Path, roots: Sequence[x509.Certificate], now: datetime, lang: str = "id") -> Verification:
    """Ask every question about the bundle in `directory`.

    `roots` are the trust anchors (`auditor.trust.anchors.load`), `now` the verifier's clock. Never raises for what
    is in the bundle.
    """
    asking = _Asking(catalog(lang))
    words = asking.words
    bundle = asking.ask("layout", words.text("Layout"), lambda: _gather(directory, words))
    if bundle is None:
        return Verification(tuple(asking.checks))
    asking.ask("files", words.text("File set"), lambda: _require_whole(bundle, words))
    asking.ask("digests", words.text("Digests"), lambda: _require_digests(bundle, words))
    status = cms.check(bundle.files.get(bundle_files.SUMS, b""), bundle.files.get(SIGNATURE, b""), roots, now)
    asking.ask("signature", words.text("Signature"), lambda: _require_intact(status, words))
    asking.ask("trust", words.text("Signer"), lambda: _require_trust(status, words))
    report = asking.ask("report", words.text("Report"), lambda: _read_report(bundle, words), "report.json")
    specs = asking.ask("facts", words.text("Fact schemas"), lambda: _read_facts(bundle, words), "facts.json")
    observations = asking.ask(
        "evidence", words.text("Evidence"), lambda: _read_evidence(bundle, specs, report, words), "evidence.jsonl"
    )
    policies = asking.ask("policies", words.text("Policies"), lambda: _reload_policies(bundle, specs, report, words))
    asking.ask("answers", words.text("Waivers and attestations"), lambda: _reload_answers(bundle, report, words))
    asking.ask("scope", words.text("Scope"), lambda: _require_scope(report, observations, words))
    asking.ask("claims", words.text("Claims"), lambda: _require_claims(report, observations, status, words))
    findings = asking.ask(
        "verdicts", words.text("Verdicts"), lambda: _rejudge(report, specs, observations, policies, words)
    )
    asking.ask("scores", words.text("Scores"), lambda: _rescore(report, policies, findings, words))
    paper = bundle.files.get(PAPER)
    if paper is not None:
        asking.ask("pdf", words.text("PDF report"), lambda: _require_attached(paper, bundle, words))
        asking.ask("seal", words.text("Seal of the PDF report"), lambda: _require_seal(paper, status, now, words))
    return Verification(tuple(asking.checks), _unproven(bundle, status, report, words))


class _Asking:
    """The questions asked so far."""

    def __init__(self, words: Catalog) -> None:
        self.words = words
        self.checks: list[Check] = []

    def ask(self, name: str, title: str, question: Callable[[], tuple[T, str]], about: str = "") -> T | None:
        """Record the answer; its value where it is good, else None. `about` is the file that is read."""
        value: T | None = None
        outcome, detail = Outcome.PASS, ""
        try:
            value, detail = question()
        except _DoubtError as doubt:
            outcome, detail = doubt.outcome, str(doubt)
        except InputError as error:
            outcome, detail = Outcome.FAIL, _said(error, self.words)
        except _HOSTILE as error:
            said = str(error) or type(error).__name__
            outcome, detail = Outcome.FAIL, f"{about}: {said}" if about else said
        self.checks.append(Check(name, title, outcome, _plain(detail)))
        return value


def _said(error: InputError, words: Catalog) -> str:
    """The error in the reader's language, or as it stands where what it quotes cannot be filled in."""
    try:
        return error.shown(lambda text: words.text(text, **error.values))
    except (LookupError, ValueError):
        return str(error)


def _plain(text: str) -> str:
    """Text out of a bundle, fit for a terminal: printable, one line, of bounded length."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text)
    return shown if len(shown) <= 600 else shown[:600] + " ..."


def _given(value: T | None, words: Catalog) -> T:
    """A value that an earlier question gave."""
    if value is None:
        raise _DoubtError(words.text("could not be checked: what it needs failed above"), Outcome.UNKNOWN)
    return value


def _listed(names: Iterable[str]) -> str:
    """The first few names, and how many more."""
    names = list(names)
    more = f" (+{len(names) - 5})" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more


def _gather(directory: Path, words: Catalog) -> tuple[Bundle, str]:
    bundle = bundle_files.gather(directory)
    return bundle, words.text("only files and folders that a bundle has")


def _require_whole(bundle: Bundle, words: Catalog) -> tuple[None, str]:
    found = bundle_files.discrepancies(bundle)
    by_flaw = {flaw: [item.name for item in found if item.flaw is flaw] for flaw in Flaw}
    problems = []
    if by_flaw[Flaw.MISSING]:
        problems.append(words.text("missing: {names}", names=_listed(by_flaw[Flaw.MISSING])))
    if by_flaw[Flaw.UNLISTED]:
        problems.append(words.text("not listed in SHA256SUMS: {names}", names=_listed(by_flaw[Flaw.UNLISTED])))
    if by_flaw[Flaw.FORMAT]:
        problems.append(words.text("SHA256SUMS is not a sorted list of sha256sum lines"))
    if problems:
        raise _DoubtError("; ".join(problems))
    return None, words.text("{n} files, as SHA256SUMS lists them", n=len(bundle.members))


def _require_digests(bundle: Bundle, words: Catalog) -> tuple[None, str]:
    if bundle_files.SUMS not in bundle.files:
        raise _DoubtError(words.text("could not be checked: SHA256SUMS is missing"), Outcome.UNKNOWN)
    altered = [item.name for item in bundle_files.discrepancies(bundle) if item.flaw is Flaw.ALTERED]
    if altered:
        raise _DoubtError(words.text("changed since SHA256SUMS was written: {names}", names=_listed(altered)))
    return None, words.text("every file is the one that SHA256SUMS lists")


def _require_intact(status: SignatureStatus, words: Catalog) -> tuple[None, str]:
    if status.intact:
        return None, words.text("{level} over SHA256SUMS, key {print}", level=status.level, print=status.fingerprint)
    said = {
        Reason.ATTACHED: words.text("SHA256SUMS.p7s carries content of its own instead of signing SHA256SUMS"),
        Reason.SIGNERS: words.text("SHA256SUMS.p7s does not have exactly one signer"),
        Reason.NOT_CADES: words.text("SHA256SUMS.p7s lacks what CAdES asks to be signed"),
        Reason.ALTERED: words.text("SHA256SUMS is not what was signed"),
        Reason.FORGED: words.text("SHA256SUMS.p7s was not made by the key it names"),
        Reason.WEAK: words.text("SHA256SUMS.p7s uses a hash, key or curve that is too weak"),
    }
    raise _DoubtError(said.get(status.reason, words.text("SHA256SUMS.p7s is missing or is no signature")))


def _require_trust(status: SignatureStatus, words: Catalog) -> tuple[None, str]:
    if not status.intact:
        raise _DoubtError(words.text("could not be checked: there is no good signature"), Outcome.UNKNOWN)
    who = status.subject
    when = format_time(status.signed_at) if status.signed_at else ""
    if status.outcome is Outcome.PASS:
        return None, words.text("{who}, who says it was signed at {when}", who=who, when=when)
    said = {
        Reason.SELF_SIGNED: words.text(
            "NOT TRUSTED: signed by a throwaway key ({who}); anyone could have altered the bundle and signed it again",
            who=who,
        ),
        Reason.NO_ROOTS: words.text(
            "no trusted root was given, so it is not proven that {who} signed; give root.pem with --trust", who=who
        ),
        Reason.USAGE: words.text("the certificate of {who} is not meant for signing documents", who=who),
        Reason.WEAK: words.text("a certificate above {who} uses a hash, key or curve that is too weak", who=who),
        Reason.OUTSIDE_VALIDITY: words.text(
            "{who} says it was signed at {when}, when the certificate was not valid or that is still to come",
            who=who,
            when=when,
        ),
        Reason.NOT_YET_VALID: words.text("the certificate of {who} or one above it is not valid yet", who=who),
        Reason.EXPIRED: words.text(
            "the certificate of {who} or one above it has expired; no time stamp proves that it was signed before",
            who=who,
        ),
    }
    untrusted = words.text("the certificate of {who} does not come from a trusted root", who=who)
    raise _DoubtError(said.get(status.reason, untrusted), status.outcome)


def _member(bundle: Bundle, name: str, words: Catalog) -> bytes:
    try:
        return bundle.files[name]
    except KeyError:
        raise _DoubtError(words.text("{name} is missing", name=name)) from None


def _read_report(bundle: Bundle, words: Catalog) -> tuple[Report, str]:
    data = _member(bundle, "report.json", words)
    report = decode(Report, data)
    if report.schema != REPORT_SCHEMA:
        raise _DoubtError(words.text("report.json is of schema {n}, which this version cannot read", n=report.schema))
    if encode(report) + b"\n" != data:
        raise _DoubtError(words.text("report.json is not canonical"))
    return report, words.text("report.json {id}, canonical", id=report.id)


def _read_facts(bundle: Bundle, words: Catalog) -> tuple[Mapping[str, FactSpec], str]:
    data = _member(bundle, "facts.json", words)
    specs = facts_file.read(data)
    if facts_file.write(specs) != data:
        raise _DoubtError(words.text("facts.json is not canonical"))
    return specs, words.text("{n} facts declared", n=len(specs))


def _read_evidence(
    bundle: Bundle, specs: Mapping[str, FactSpec] | None, report: Report | None, words: Catalog
) -> tuple[tuple[Observation, ...], str]:
    data = _member(bundle, "evidence.jsonl", words)
    if sha256(data) != _given(report, words).evidence_digest:
        raise _DoubtError(words.text("evidence.jsonl is not the evidence that report.json was judged from"))
    observations = evidence_file.read(data, _given(specs, words))
    if b"".join(encode(observation) + b"\n" for observation in observations) != data:
        raise _DoubtError(words.text("evidence.jsonl is not canonical"))
    return observations, words.text("{n} observations, as report.json names them", n=len(observations))


def _reload_policies(
    bundle: Bundle, specs: Mapping[str, FactSpec] | None, report: Report | None, words: Catalog
) -> tuple[tuple[Policy, ...], str]:
    sources = {name.removeprefix("policy/"): data for name, data in bundle.files.items() if name.startswith("policy/")}
    claimed = _given(report, words).policies
    for file in (file for policy in claimed for file in policy.files):
        if file.name not in sources:
            raise _DoubtError(words.text("policy/{name} is missing", name=file.name))
        if sha256(sources[file.name]) != file.sha256:
            raise _DoubtError(words.text("policy/{name} is not the file that report.json names", name=file.name))
    loaded = load_sources(sources, _given(specs, words), [policy.id for policy in claimed])
    policies = tuple(item.policy for item in loaded)
    for stated, found in zip(claimed, policies, strict=True):
        if encode(stated) != encode(found):
            raise _DoubtError(words.text("policy {id} in report.json is not what its files say", id=stated.id))
    return policies, _listed(f"{policy.id} {policy.version}" for policy in policies)


def _reload_answers(bundle: Bundle, report: Report | None, words: Catalog) -> tuple[None, str]:
    claimed = _given(report, words)
    answers = read_answers(bundle.files, claimed.policies)
    for name, stored, stated in (
        ("waivers.yaml", answers.waivers, claimed.waivers),
        ("attestations.yaml", answers.attestations, claimed.attestations),
    ):
        if encode(stored) != encode(stated):
            raise _DoubtError(words.text("report.json does not say what {name} says", name=name))
    return None, words.text("{n} waivers, {m} attestations", n=len(claimed.waivers), m=len(claimed.attestations))


def _require_scope(
    report: Report | None, observations: tuple[Observation, ...] | None, words: Catalog
) -> tuple[None, str]:
    targets = _given(report, words).targets
    urls = Counter(target.url for target in targets)
    twice = [url for url, times in urls.items() if times > 1]
    if twice:
        raise _DoubtError(words.text("listed twice: {names}", names=_listed(twice)))
    strange = {item.target for item in _given(observations, words)} - set(urls)
    if strange:
        raise _DoubtError(words.text("evidence about what is no target: {names}", names=_listed(sorted(strange))))
    scope = Scope(
        agency=_given(report, words).scope.agency,
        authorisations=tuple(dict.fromkeys(t.authorisation for t in targets if t.authorisation)),
        hosts=tuple(sorted({host for target in targets for host in target.scope})),
    )
    if scope != _given(report, words).scope:
        raise _DoubtError(words.text("the scope in report.json is not that of its targets"))
    outside = [target.host for target in targets if target.host not in target.scope]
    if outside:
        raise _DoubtError(words.text("targets outside their own scope: {names}", names=_listed(outside)))
    return None, words.text("{n} targets; all evidence is about them", n=len(targets))


def _require_claims(
    report: Report | None, observations: tuple[Observation, ...] | None, status: SignatureStatus, words: Catalog
) -> tuple[None, str]:
    """What the report says of itself agrees with what can be seen: its key, and the order of its moments."""
    claimed = _given(report, words)
    if status.intact and (claimed.signing == "ephemeral") is not status.self_signed:
        raise _DoubtError(words.text("report.json says it is signed by: {claim}; it is not", claim=claimed.signing))
    judged = claimed.judged_at
    if not claimed.run.started <= claimed.run.finished <= judged:
        raise _DoubtError(words.text("report.json was judged before its run was finished"))
    if status.signed_at is not None and judged > status.signed_at:
        raise _DoubtError(words.text("report.json was judged after it was signed"))
    if any(observation.at > judged for observation in _given(observations, words)):
        raise _DoubtError(words.text("report.json was judged before its evidence was collected"))
    return None, words.text("judged at {when}", when=format_time(judged))


def _rejudge(
    report: Report | None,
    specs: Mapping[str, FactSpec] | None,
    observations: tuple[Observation, ...] | None,
    policies: tuple[Policy, ...] | None,
    words: Catalog,
) -> tuple[tuple[Finding, ...], str]:
    claimed = _given(report, words)
    findings = judge(
        _given(observations, words),
        _given(specs, words),
        _given(policies, words),
        claimed.waivers,
        claimed.attestations,
        claimed.judged_at,
        claimed.targets,
    )
    if encode(findings) != encode(claimed.findings):
        raise _DoubtError(_first_difference(claimed.findings, findings, words))
    return findings, words.text("{n} findings recomputed, identical", n=len(findings))


def _first_difference(claimed: Sequence[Finding], computed: Sequence[Finding], words: Catalog) -> str:
    def keyed(findings: Sequence[Finding]) -> dict[tuple[str, str, str], Finding]:
        return {(finding.policy, finding.rule, finding.target): finding for finding in findings}

    said, found = keyed(claimed), keyed(computed)
    for key in dict.fromkeys([*said, *found]):
        place = dict(zip(("policy", "rule", "target"), key, strict=True))
        if key not in found:
            return words.text("{policy} {rule} {target}: not given by the policies", **place)
        if key not in said:
            return words.text("{policy} {rule} {target}: left out", **place)
        if said[key].outcome is not found[key].outcome:
            outcomes = {
                "claimed": words.outcome(said[key].outcome),
                "computed": words.outcome(found[key].outcome),
            }
            return words.text(
                "{policy} {rule} {target}: report.json says {claimed}, the evidence gives {computed}",
                **place,
                **outcomes,
            )
        if said[key] != found[key]:
            return words.text("{policy} {rule} {target}: the details are not those that the evidence gives", **place)
    return words.text("the findings stand twice or in another order")


def _rescore(
    report: Report | None,
    policies: tuple[Policy, ...] | None,
    findings: tuple[Finding, ...] | None,
    words: Catalog,
) -> tuple[None, str]:
    claimed, sound = _given(report, words), _given(findings, words)
    loaded = _given(policies, words)
    scores = tuple(found for policy in loaded for found in score(policy, sound))
    for stated, computed in zip(claimed.scores, scores, strict=False):
        if stated != computed:
            raise _DoubtError(words.text("the score of {target} is not what its findings give", target=computed.target))
    if len(claimed.scores) != len(scores):
        raise _DoubtError(words.text("a score is missing or one too many"))
    for policy in loaded:
        if coverage(policy, sound) not in claimed.coverage or len(claimed.coverage) != len(loaded):
            raise _DoubtError(words.text("the coverage of policy {id} is not what its findings give", id=policy.id))
    return None, words.text("scores and coverage recomputed, identical")


def _require_attached(paper: bytes, bundle: Bundle, words: Catalog) -> tuple[None, str]:
    if not pdf.carries(paper, "report.json", _member(bundle, "report.json", words)):
        raise _DoubtError(words.text("the report attached to {name} is not report.json", name=PAPER))
    return None, words.text("carries report.json")


def _require_seal(paper: bytes, status: SignatureStatus, now: datetime, words: Catalog) -> tuple[None, str]:
    """The key that signed the bundle sealed the paper too; whether that key is trusted is asked of the bundle."""
    seal = pdf.check(paper, (), now)
    if not seal.intact:
        raise _DoubtError(words.text("{name} has no good seal, or was changed after it was sealed", name=PAPER))
    if not status.intact:
        raise _DoubtError(words.text("could not be checked: there is no good signature"), Outcome.UNKNOWN)
    if seal.fingerprint != status.fingerprint:
        raise _DoubtError(words.text("{name} is sealed by another key: {print}", name=PAPER, print=seal.fingerprint))
    return None, words.text("{level} by the same key", level=seal.level)


def _unproven(bundle: Bundle, status: SignatureStatus, report: Report | None, words: Catalog) -> tuple[str, ...]:
    """What no check above speaks about, said outright."""
    rendered = sorted(name for name in bundle.members if name in _HUMAN or name.startswith("exports/"))
    said = [
        words.text("when it was signed: the time is the signer's own claim, the bundle has no time stamp"),
        words.text("whether the certificate was revoked: the bundle has no revocation data"),
        words.text("that the sites sent what the evidence says: for that the signer vouches"),
    ]
    if rendered:
        said.append(
            words.text("{names}: digest checked, content not; trust what report.json says", names=_listed(rendered))
        )
    if report is not None and report.parent:
        said.append(
            words.text("the bundle it was judged again from ({digest}) was not looked at", digest=report.parent)
        )
    if Warned.SHORT_RSA in status.warnings:
        said.append(words.text("the signer's RSA key has less than 3072 bits"))
    return tuple(_plain(sentence) for sentence in said)
