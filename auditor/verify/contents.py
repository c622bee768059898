"""What is in a bundle: files as the sums list them, canonical documents, each agreeing with the others."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from auditor import archive
from auditor import bundle as bundle_files
from auditor import evidence as evidence_file
from auditor import facts as facts_file
from auditor.bundle import Bundle, Flaw
from auditor.canonical import decode, encode, format_time, sha256
from auditor.errors import PolicyError
from auditor.messages import Catalog
from auditor.model import REPORT_SCHEMA, FactSpec, Observation, Outcome, Policy, PolicyFile, Report, Scope
from auditor.policy import load_sources, locate, read_answers
from auditor.trust.cms import SignatureStatus
from auditor.verify.asking import DoubtError, given, listed


def gather(directory: Path, words: Catalog) -> tuple[Bundle, str]:
    """Only what a bundle may hold is there."""
    bundle = archive.gather(directory) if directory.is_file() else bundle_files.gather(directory)
    return bundle, words.text("only files and folders that a bundle has")


def require_whole(bundle: Bundle, words: Catalog) -> tuple[None, str]:
    """The files are those of the sums, none missing and none more."""
    found = bundle_files.discrepancies(bundle)
    by_flaw = {flaw: [item.name for item in found if item.flaw is flaw] for flaw in Flaw}
    problems = []
    if by_flaw[Flaw.MISSING]:
        problems.append(words.text("missing: {names}", names=listed(by_flaw[Flaw.MISSING])))
    if by_flaw[Flaw.UNLISTED]:
        problems.append(words.text("not listed in SHA256SUMS: {names}", names=listed(by_flaw[Flaw.UNLISTED])))
    if by_flaw[Flaw.FORMAT]:
        problems.append(words.text("SHA256SUMS is not a sorted list of sha256sum lines"))
    if problems:
        raise DoubtError("; ".join(problems))
    return None, words.text("{n} files, as SHA256SUMS lists them", n=len(bundle.members))


def require_digests(bundle: Bundle, words: Catalog) -> tuple[None, str]:
    """Every file is the one of the sums."""
    if bundle_files.SUMS not in bundle.files:
        raise DoubtError(words.text("could not be checked: SHA256SUMS is missing"), Outcome.UNKNOWN)
    altered = [item.name for item in bundle_files.discrepancies(bundle) if item.flaw is Flaw.ALTERED]
    if altered:
        raise DoubtError(words.text("changed since SHA256SUMS was written: {names}", names=listed(altered)))
    return None, words.text("every file is the one that SHA256SUMS lists")


def member(bundle: Bundle, name: str, words: Catalog) -> bytes:
    """A file that must be there."""
    try:
        return bundle.files[name]
    except KeyError:
        raise DoubtError(words.text("{name} is missing", name=name)) from None


def read_report(bundle: Bundle, words: Catalog) -> tuple[Report, str]:
    """The report is of this schema, and canonical."""
    data = member(bundle, "report.json", words)
    report = decode(Report, data)
    if report.schema != REPORT_SCHEMA:
        raise DoubtError(words.text("report.json is of schema {n}, which this version cannot read", n=report.schema))
    if encode(report) + b"\n" != data:
        raise DoubtError(words.text("report.json is not canonical"))
    return report, words.text("report.json {id}, canonical", id=report.id)


def read_facts(bundle: Bundle, words: Catalog) -> tuple[Mapping[str, FactSpec], str]:
    """The fact schemas are canonical."""
    data = member(bundle, "facts.json", words)
    specs = facts_file.read(data)
    if facts_file.write(specs) != data:
        raise DoubtError(words.text("facts.json is not canonical"))
    return specs, words.text("{n} facts declared", n=len(specs))


def read_evidence(
    bundle: Bundle, specs: Mapping[str, FactSpec] | None, report: Report | None, words: Catalog
) -> tuple[tuple[Observation, ...], str]:
    """The evidence is that of the report, of the types declared, and canonical."""
    data = member(bundle, "evidence.jsonl", words)
    if sha256(data) != given(report, words).evidence_digest:
        raise DoubtError(words.text("evidence.jsonl is not the evidence that report.json was judged from"))
    observations = evidence_file.read(data, given(specs, words))
    if b"".join(encode(observation) + b"\n" for observation in observations) != data:
        raise DoubtError(words.text("evidence.jsonl is not canonical"))
    return observations, words.text("{n} observations, as report.json names them", n=len(observations))


def reload_policies(
    bundle: Bundle, specs: Mapping[str, FactSpec] | None, report: Report | None, words: Catalog
) -> tuple[tuple[Policy, ...], str]:
    """The policies in the report are what their files say."""
    sources = {name.removeprefix("policy/"): data for name, data in bundle.files.items() if name.startswith("policy/")}
    claimed = given(report, words).policies
    for file in (file for policy in claimed for file in policy.files):
        if file.name not in sources:
            raise DoubtError(words.text("policy/{name} is missing", name=file.name))
        if sha256(sources[file.name]) != file.sha256:
            raise DoubtError(words.text("policy/{name} is not the file that report.json names", name=file.name))
    loaded = load_sources(sources, given(specs, words), [policy.id for policy in claimed])
    policies = tuple(item.policy for item in loaded)
    for stated, found in zip(claimed, policies, strict=True):
        if encode(stated) != encode(found):
            raise DoubtError(words.text("policy {id} in report.json is not what its files say", id=stated.id))
    return policies, listed(f"{policy.id} {policy.version}" for policy in policies)


def require_known(report: Report | None, others: frozenset[str], words: Catalog) -> tuple[None, str]:
    """Every policy file is one that this version ships, or one of `others`, by sha256."""
    policies = given(report, words).policies
    strange = [f"{file.name} {file.sha256}" for policy in policies for file in policy.files if not _known(file, others)]
    if strange:
        raise DoubtError(words.text("not among the known ones: {names}", names=listed(strange)), Outcome.UNKNOWN)
    return None, listed(f"{policy.id} {policy.version}" for policy in policies)


def _known(file: PolicyFile, others: frozenset[str]) -> bool:
    if file.sha256 in others:
        return True
    try:
        return sha256(locate(file.name.removesuffix(".yaml")).read_bytes()) == file.sha256
    except (PolicyError, OSError):
        return False


def reload_answers(bundle: Bundle, report: Report | None, words: Catalog) -> tuple[None, str]:
    """Waivers and attestations in the report are what their files say."""
    claimed = given(report, words)
    answers = read_answers(bundle.files, claimed.policies)
    for name, stored, stated in (
        ("waivers.yaml", answers.waivers, claimed.waivers),
        ("attestations.yaml", answers.attestations, claimed.attestations),
    ):
        if encode(stored) != encode(stated):
            raise DoubtError(words.text("report.json does not say what {name} says", name=name))
    return None, words.text("{n} waivers, {m} attestations", n=len(claimed.waivers), m=len(claimed.attestations))


def require_scope(
    report: Report | None, observations: tuple[Observation, ...] | None, words: Catalog
) -> tuple[None, str]:
    """All evidence is about a target, and every target within its own scope."""
    targets = given(report, words).targets
    urls = Counter(target.url for target in targets)
    twice = [url for url, times in urls.items() if times > 1]
    if twice:
        raise DoubtError(words.text("listed twice: {names}", names=listed(twice)))
    strange = {item.target for item in given(observations, words)} - set(urls)
    if strange:
        raise DoubtError(words.text("evidence about what is no target: {names}", names=listed(sorted(strange))))
    scope = Scope(
        agency=given(report, words).scope.agency,
        authorisations=tuple(dict.fromkeys(t.authorisation for t in targets if t.authorisation)),
        hosts=tuple(sorted({host for target in targets for host in target.scope})),
        letterhead=given(report, words).scope.letterhead,
    )
    if scope != given(report, words).scope:
        raise DoubtError(words.text("the scope in report.json is not that of its targets"))
    outside = [target.host for target in targets if target.host not in target.scope]
    if outside:
        raise DoubtError(words.text("targets outside their own scope: {names}", names=listed(outside)))
    return None, words.text("{n} targets; all evidence is about them", n=len(targets))


def require_claims(
    report: Report | None, observations: tuple[Observation, ...] | None, status: SignatureStatus, words: Catalog
) -> tuple[None, str]:
    """What the report says of itself agrees with what can be seen: its key, and the order of its moments."""
    claimed = given(report, words)
    if status.intact and (claimed.signing == "ephemeral") is not status.self_signed:
        raise DoubtError(words.text("report.json says it is signed by: {claim}; it is not", claim=claimed.signing))
    stated = claimed.sealing.certificate
    if status.intact and stated and stated != status.fingerprint:
        raise DoubtError(words.text("report.json says it is signed by the key {print}; it is not", print=stated))
    judged = claimed.judged_at
    if not claimed.run.started <= claimed.run.finished <= judged:
        raise DoubtError(words.text("report.json was judged before its run was finished"))
    if status.signed_at is not None and judged > status.signed_at:
        raise DoubtError(words.text("report.json was judged after it was signed"))
    if any(observation.at > judged for observation in given(observations, words)):
        raise DoubtError(words.text("report.json was judged before its evidence was collected"))
    return None, words.text("judged at {when}", when=format_time(judged))
