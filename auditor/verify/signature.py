"""Who signed, whether that certificate was good then, and what shows when that was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from auditor import bundle as bundle_files
from auditor.bundle import Bundle
from auditor.canonical import format_time
from auditor.messages import Catalog
from auditor.model import Outcome, Report
from auditor.trust import cms, cosignature, timestamp, validation
from auditor.trust.cms import Reason, SignatureStatus
from auditor.trust.timestamp import StampStatus
from auditor.verify.asking import DoubtError, given, listed


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature and the time stamps over it, in it first."""

    status: SignatureStatus
    stamps: tuple[StampStatus, ...]


def check(
    bundle: Bundle, roots: Sequence[x509.Certificate], stamp_roots: Sequence[x509.Certificate], now: datetime
) -> Signed:
    """The bundle's signature, judged at the time that its outer stamp proves, or else at the verifier's clock."""
    p7s = bundle.files.get(bundle_files.SIGNATURE, b"")
    response = bundle.files.get(bundle_files.STAMP)
    outer = None
    if response is not None:
        outer = timestamp.check(p7s, response, stamp_roots, now, cms.revocations(p7s))
    moment = outer.at if outer and outer.outcome is Outcome.PASS and outer.at else now
    sums = bundle.files.get(bundle_files.SUMS, b"")
    status = cms.check(sums, p7s, roots, moment, stamp_roots=stamp_roots)
    return Signed(status, tuple(stamp for stamp in (status.stamp, outer) if stamp))


def require_intact(status: SignatureStatus, name: str, words: Catalog) -> tuple[None, str]:
    """The signature in the file `name` is over what it should be."""
    if status.intact:
        return None, words.text("{level} over SHA256SUMS, key {print}", level=status.level, print=status.fingerprint)
    said = {
        Reason.ATTACHED: words.text("{name} carries content of its own instead of signing SHA256SUMS", name=name),
        Reason.SIGNERS: words.text("{name} does not have exactly one signer", name=name),
        Reason.NOT_CADES: words.text("{name} lacks what CAdES asks to be signed", name=name),
        Reason.ALTERED: words.text("SHA256SUMS is not what was signed"),
        Reason.FORGED: words.text("{name} was not made by the key it names", name=name),
        Reason.WEAK: words.text("{name} uses a hash, key or curve that is too weak", name=name),
    }
    raise DoubtError(said.get(status.reason, words.text("{name} is missing or is no signature", name=name)))


def require_chain(status: SignatureStatus, words: Catalog) -> tuple[None, str]:
    """The signer's certificate comes from a trusted root and was valid then."""
    if not status.intact:
        raise DoubtError(words.text("could not be checked: there is no good signature"), Outcome.UNKNOWN)
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
        Reason.REVOKED: words.text(
            "the certificate of {who} or one above it was revoked before it was signed", who=who
        ),
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
    raise DoubtError(said.get(status.reason, untrusted), status.outcome)


def require_unrevoked(signed: Signed, words: Catalog) -> tuple[None, str]:
    """Nothing in the chain was revoked at the time of signing."""
    status = signed.status
    if status.reason is Reason.REVOKED:
        raise DoubtError(words.text("the certificate of {who} or one above it was revoked", who=status.subject))
    if status.outcome is not Outcome.PASS:
        raise DoubtError(words.text("could not be checked: the chain does not hold"), Outcome.UNKNOWN)
    if not status.pointed:
        raise DoubtError(
            words.text("the certificate names no revocation list and no responder, so nothing can be known"),
            Outcome.UNKNOWN,
        )
    if not status.unrevoked:
        raise DoubtError(words.text("no revocation data of the time of signing is there"), Outcome.UNKNOWN)
    if status.stamp is None or status.stamp.outcome is not Outcome.PASS or status.stamp.at is None:
        return None, words.text("not revoked")
    return None, words.text("not revoked at {when}", when=format_time(status.stamp.at))


def require_stamped(report: Report | None, signed: Signed, expected: int, words: Catalog) -> tuple[None, str]:
    """Every time stamp is good, and none of the `expected` ones was taken away where the report names an authority."""
    claimed = report.sealing.tsa if report else ""
    stamps = signed.stamps
    if claimed and len(stamps) < expected:
        raise DoubtError(
            words.text("the report names the time stamp authority {url}; its stamp is missing", url=claimed)
        )
    if not stamps:
        raise DoubtError(
            words.text("there is none; when it was signed is the signer's own claim"),
            Outcome.UNKNOWN,
        )
    for stamp in stamps:
        if stamp.outcome is not Outcome.PASS:
            raise DoubtError(stamp_fault(stamp, words), stamp.outcome)
    moments = [stamp.at for stamp in stamps if stamp.at]
    if moments != sorted(moments):
        raise DoubtError(words.text("the outer time stamp is older than the inner one"))
    return None, words.text("{when}, by {who}", when=format_time(moments[0]), who=stamps[0].subject)


def stamp_fault(stamp: StampStatus, words: Catalog) -> str:
    """What is wrong with a time stamp."""
    who = stamp.subject
    said = {
        Reason.ALTERED: words.text("the time stamp is over something else: it is foreign or older"),
        Reason.FORGED: words.text("the time stamp was not made by the key it names"),
        Reason.WEAK: words.text("the time stamp uses a hash, key or curve that is too weak"),
        Reason.USAGE: words.text("the certificate of {who} is not meant for time stamps", who=who),
        Reason.REVOKED: words.text("the certificate of the time stamp authority {who} was revoked", who=who),
        Reason.EXPIRED: words.text(
            "the certificate of the time stamp authority {who} has expired; no later stamp was put on before", who=who
        ),
        Reason.NO_ROOTS: words.text("no trusted root was given, so it is not proven that {who} stamped it", who=who),
        Reason.OUTSIDE_VALIDITY: words.text("the time stamp is of a time that is still to come"),
        Reason.UNTRUSTED: words.text(
            "the time stamp authority {who} does not come from a trusted root; "
            "give its root with --trust-tsa if you trust it",
            who=who,
        ),
    }
    return said.get(stamp.reason, words.text("the time stamp cannot be read"))


def require_material(bundle: Bundle, signed: Signed, words: Catalog) -> tuple[None, str]:
    """What lies in validation/ is what the signature and the stamp themselves carry."""
    found = {n: data for n, data in bundle.files.items() if n.startswith(bundle_files.VALIDATION)}
    expected = {n: data for n, data in found.items() if n == bundle_files.COSIGNER}
    if bundle_files.STAMP in bundle.files:
        if not signed.status.intact or not signed.stamps[-1].intact:
            raise DoubtError(words.text("could not be checked: there is no good signature"), Outcome.UNKNOWN)
        material = validation.material(bundle.files[bundle_files.SIGNATURE], bundle.files[bundle_files.STAMP])
        expected = expected | {bundle_files.VALIDATION + name: data for name, data in material.items()}
    wrong = sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))
    if wrong:
        raise DoubtError(words.text("not what the signature carries: {names}", names=listed(wrong)))
    return None, words.text("certificates and revocation data are those of the signature")


def require_cosigned(bundle: Bundle, report: Report | None, known: frozenset[str], words: Catalog) -> tuple[None, str]:
    """The ML-DSA-65 signature is good and by the key that the report names; PASS where that key is `known`."""
    claimed = given(report, words).sealing.cosigner
    made, public = (bundle.files.get(name) for name in (bundle_files.COSIGNATURE, bundle_files.COSIGNER))
    if not claimed:
        raise DoubtError(words.text("report.json names no ML-DSA key, but a signature by one is there"))
    if made is None or public is None:
        raise DoubtError(words.text("report.json names an ML-DSA key, but its signature is missing"))
    if cosignature.fingerprint(public) != claimed:
        raise DoubtError(words.text("report.json names another ML-DSA key: {print}", print=claimed))
    if not cosignature.is_good(bundle.files[bundle_files.SUMS], made, public):
        raise DoubtError(words.text("SHA256SUMS is not what was signed"))
    if claimed not in known:
        raise DoubtError(
            words.text("good, but the key {print} is not given with --cosigner", print=claimed), Outcome.UNKNOWN
        )
    return None, words.text("by the key {print}", print=claimed)
