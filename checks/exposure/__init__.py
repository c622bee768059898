"""Files readable by mistake, proven by their content against the site's own answers for files that do not exist.

No byte of a file found leaves this package: a fact says path and yes or no.
"""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from auditor.errors import Unobserved
from auditor.model import Absence, Absent, Collected, Covered, Fact, FactSpec, Level, Target, absent_all
from auditor.net import Network

from ..http.classify import standing
from .probe import BASELINES, IN_THE_WAY, Obscure, Probe, verdict
from .signatures import SIGNATURES

facts = {
    signature.fact: FactSpec(
        bool,
        signature.doc,
        subject="path",
        level=Level.STANDARD,
        cost=len(signature.paths) + (BASELINES + 1 if signature is SIGNATURES[0] else 0),
    )
    for signature in SIGNATURES
}


def collect(target: Target, net: Network) -> Iterable[Collected]:  # noqa: ARG001 - the contract of a check
    """Every path of every signature, on the origin that the site's own redirects end at."""
    home = net.home()
    kind = standing(home).kind
    if kind in IN_THE_WAY:
        yield from absent_all(facts, Absence.NOT_ASSESSABLE, f"page class: {kind}")
        return
    if "slow_body" in home.final.faults:
        yield from absent_all(facts, Absence.LIMITED, "the home page stalled, so no more is asked of the site")
        return
    parts = urlsplit(home.final.url)
    probe = Probe(net, f"{parts.scheme}://{parts.netloc}/", home.final)
    if refusal := probe.begin():
        yield from absent_all(facts, Absence.NOT_ASSESSABLE, f"random names: {refusal}")
        return
    probe.ask_all()
    yield from _said(probe)


def _said(probe: Probe) -> Iterator[Collected]:
    for signature in SIGNATURES:
        for path in signature.paths:
            answer = probe.answers[path]
            if isinstance(answer, Unobserved):
                yield Absent(signature.fact, answer.reason, answer.detail, path)
                continue
            found = verdict(probe, signature, path, answer)
            if isinstance(found, Obscure):
                yield Absent(signature.fact, Absence.NOT_ASSESSABLE, found.why, path)
            else:
                yield Fact(signature.fact, found, path)
        yield Covered(signature.fact)
