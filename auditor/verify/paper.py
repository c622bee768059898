"""The PDF report: the same report inside, sealed by the same key."""

from datetime import datetime

from auditor.bundle import Bundle
from auditor.messages import Catalog
from auditor.model import Outcome
from auditor.trust import pdf
from auditor.trust.cms import SignatureStatus
from auditor.verify.asking import DoubtError
from auditor.verify.contents import member

PAPER = "report.pdf"


def require_attached(paper: bytes, bundle: Bundle, words: Catalog) -> tuple[None, str]:
    """The report attached is the bundle's."""
    if not pdf.carries(paper, "report.json", member(bundle, "report.json", words)):
        raise DoubtError(words.text("the report attached to {name} is not report.json", name=PAPER))
    return None, words.text("carries report.json")


def require_seal(paper: bytes, status: SignatureStatus, now: datetime, words: Catalog) -> tuple[None, str]:
    """The key that signed the bundle sealed the paper too; whether that key is trusted is asked of the bundle."""
    seal = pdf.check(paper, (), now)
    if not seal.intact:
        raise DoubtError(words.text("{name} has no good seal, or was changed after it was sealed", name=PAPER))
    if not status.intact:
        raise DoubtError(words.text("could not be checked: there is no good signature"), Outcome.UNKNOWN)
    if seal.fingerprint != status.fingerprint:
        raise DoubtError(words.text("{name} is sealed by another key: {print}", name=PAPER, print=seal.fingerprint))
    return None, words.text("{level} by the same key", level=seal.level)
