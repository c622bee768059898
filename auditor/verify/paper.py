"""The PDF report: in its bundle, where it must be of the same report and key; and alone, as it is handed on."""

from auditor.bundle import Bundle
from auditor.canonical import decode, encode, format_time
from auditor.messages import Catalog
from auditor.model import REPORT_SCHEMA, Outcome, Report
from auditor.trust import pdf
from auditor.trust.cms import SignatureStatus
from auditor.trust.pdf import Paper
from auditor.verify.asking import DoubtError, given, listed
from auditor.verify.contents import member
from auditor.verify.signature import stamp_fault

PAPER = "report.pdf"


def require_attached(document: bytes, bundle: Bundle, words: Catalog) -> tuple[None, str]:
    """The report attached is the bundle's."""
    if not pdf.carries(document, "report.json", member(bundle, "report.json", words)):
        raise DoubtError(words.text("the report attached to {name} is not report.json", name=PAPER))
    return None, words.text("carries report.json")


def require_seal(paper: Paper, status: SignatureStatus, report: Report | None, words: Catalog) -> tuple[None, str]:
    """The key that signed the bundle sealed the paper too; whether that key is trusted is asked of the bundle."""
    require_intact(paper, words)
    seal = paper.seal
    if not status.intact:
        raise DoubtError(words.text("could not be checked: there is no good signature"), Outcome.UNKNOWN)
    if seal.fingerprint != status.fingerprint:
        raise DoubtError(words.text("{name} is sealed by another key: {print}", name=PAPER, print=seal.fingerprint))
    stamps = (*([seal.stamp] if seal.stamp else []), *paper.stamps)
    if report and report.sealing.tsa and len(stamps) < 2:
        raise DoubtError(
            words.text("the report names the time stamp authority {url}; its stamp is missing", url=report.sealing.tsa)
        )
    for stamp in stamps:
        if stamp.outcome is not Outcome.PASS:
            raise DoubtError(stamp_fault(stamp, words), stamp.outcome)
    return None, words.text("{level} by the same key", level=seal.level)


def require_intact(paper: Paper, words: Catalog) -> tuple[None, str]:
    """The document has a good seal, and nothing was changed after that it does not allow."""
    if not paper.seal.intact:
        raise DoubtError(words.text("{name} has no good seal, or was changed after it was sealed", name="PDF"))
    return None, words.text(
        "{level} over the document, key {print}", level=paper.seal.level, print=paper.seal.fingerprint
    )


def read_report(document: bytes, words: Catalog) -> tuple[Report, str]:
    """The report attached to the document, canonical."""
    data = pdf.attached(document, "report.json")
    if data is None:
        raise DoubtError(words.text("no report.json is attached to the document"))
    report = decode(Report, data)
    if report.schema != REPORT_SCHEMA:
        raise DoubtError(words.text("report.json is of schema {n}, which this version cannot read", n=report.schema))
    if encode(report) + b"\n" != data:
        raise DoubtError(words.text("report.json is not canonical"))
    return report, words.text("report.json {id}, canonical", id=report.id)


def require_claims(report: Report | None, paper: Paper, words: Catalog) -> tuple[None, str]:
    """The report names the key that sealed the document, and was judged before."""
    claimed = given(report, words)
    seal = paper.seal
    if seal.intact and (claimed.signing == "ephemeral") is not seal.self_signed:
        raise DoubtError(words.text("report.json says it is signed by: {claim}; it is not", claim=claimed.signing))
    stated = claimed.sealing.certificate
    if seal.intact and stated and stated != seal.fingerprint:
        raise DoubtError(words.text("report.json says it is signed by the key {print}; it is not", print=stated))
    if seal.signed_at is not None and claimed.judged_at > seal.signed_at:
        raise DoubtError(words.text("report.json was judged after it was signed"))
    return None, words.text("judged at {when}", when=format_time(claimed.judged_at))


def require_countersigned(paper: Paper, words: Catalog) -> tuple[None, str]:
    """Signatures after the seal: each good; one that leads to no given root is not known."""
    broken = [one.subject for one in paper.countersignatures if not one.intact]
    if broken:
        raise DoubtError(words.text("not good: {names}", names=listed(broken)))
    strange = [one.subject for one in paper.countersignatures if not one.trusted]
    if strange:
        raise DoubtError(words.text("good, but under no root given: {names}", names=listed(strange)), Outcome.UNKNOWN)
    return None, listed(one.subject for one in paper.countersignatures)


def require_beginning(document: bytes, original: bytes | None, words: Catalog) -> tuple[None, str]:
    """The document begins with the original, to the byte."""
    if original is None:
        raise DoubtError(words.text("the bundle has no {name}", name=PAPER))
    if not document.startswith(original):
        raise DoubtError(words.text("the document does not begin with the original"))
    if document == original:
        return None, words.text("the document is the original")
    return None, words.text("the document begins with the original; what follows is an addition")


def not_recomputed(words: Catalog) -> tuple[None, str]:
    """What takes the whole bundle."""
    raise DoubtError(words.text("only the bundle holds the evidence that they can be computed from"), Outcome.UNKNOWN)


def not_in_paper(words: Catalog) -> tuple[None, str]:
    """What takes the whole bundle."""
    raise DoubtError(words.text("only the bundle holds the proof"), Outcome.UNKNOWN)
