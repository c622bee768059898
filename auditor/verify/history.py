"""Whether the report stands in the transparency log that it names."""

from auditor import bundle as bundle_files
from auditor.bundle import Bundle
from auditor.canonical import sha256
from auditor.messages import Catalog
from auditor.model import Outcome, Report
from auditor.trust import log, note
from auditor.trust.note import NoteError, Verifier
from auditor.verify.asking import DoubtError, given


def require_included(bundle: Bundle, report: Report | None, known: Verifier | None, words: Catalog) -> tuple[None, str]:
    """The proof leads from SHA256SUMS to a checkpoint signed by the log; by `known`, where the verifier has its key."""
    claimed = given(report, words).sealing
    proof = [bundle.files.get(name) for name in (log.CHECKPOINT, log.INCLUSION)]
    if not claimed.log:
        if any(data is not None for data in proof):
            raise DoubtError(words.text("report.json names no log, but log/ is there"))
        if known is not None:
            raise DoubtError(words.text("the report is in no log"))
        raise DoubtError(
            words.text("the report is in no log: it is not proven that there is no second one"), Outcome.UNKNOWN
        )
    checkpoint, inclusion = proof
    if checkpoint is None or inclusion is None:
        raise DoubtError(words.text("report.json names a log, but its proof in log/ is missing"))
    named = note.verifier(claimed.log)
    if known is not None and named != known:
        raise DoubtError(words.text("report.json names another log: {name}", name=str(named)))
    try:
        before = note.opened(claimed.checkpoint.encode(), named)
        signed, index = log.included(
            bytes.fromhex(sha256(bundle.files[bundle_files.SUMS])), checkpoint, inclusion, named
        )
    except NoteError as error:
        raise DoubtError(words.text("the proof does not hold: {problem}", problem=str(error))) from None
    if before.size > index:
        raise DoubtError(words.text("the checkpoint in report.json is younger than the report's place in the log"))
    said = words.text("entry {n} of {size} in {name}", n=index + 1, size=signed.size, name=named.name)
    if known is None:
        said += " " + words.text("(by the key that the report names)")
    return None, said
