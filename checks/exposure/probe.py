"""Asking one site for files, and what its answers say."""

import secrets
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin, urlsplit

from auditor.errors import Unobserved
from auditor.net import Field, Network, Response

from ..http.classify import page_class
from .baseline import Impression, impression, same_words, similar
from .signatures import PROOF, SIGNATURES, Signature

BASELINES = 2
"""Random names asked for before any path; one more follows where something was found or refused."""

IN_THE_WAY = frozenset(("challenge", "block", "parked", "suspended"))
"""Page classes that answer for every path alike."""

_FIELDS = (Field("Range", f"bytes=0-{PROOF - 1}"), Field("Accept-Encoding", "identity"))
_STRAINED = (429, 503)


@dataclass(frozen=True, slots=True)
class Obscure:
    """Neither yes nor no, and why."""

    why: str


@dataclass(slots=True)
class Probe:
    """One site being asked: what it says to names that do not exist, and to the paths of the signatures."""

    net: Network
    root: str
    home: Response
    missing: list[Impression] = field(default_factory=list)
    """Impressions of the answers for random names."""
    invented: set[str] = field(default_factory=set)
    """Facts that a random name was answered with a proof for."""
    answers: dict[str, Response | Unobserved] = field(default_factory=dict)

    def begin(self) -> str:
        """Ask for random names; gives back why going on is of no use, if it is."""
        for _ in range(BASELINES):
            answer = self._ask_at_random()
            refusal = _refusal(answer)
            if answer.status in _STRAINED or (refusal and answer.status < 500):
                return refusal
        return ""

    def ask_all(self) -> None:
        """Ask for every path, then for one more random name if an answer calls for it."""
        for signature in SIGNATURES:
            for path in signature.paths:
                try:
                    self.answers[path] = self._ask(path)
                except Unobserved as failure:
                    self.answers[path] = failure
        usual = {known.status for known in self.missing}
        given = [answer for answer in self.answers.values() if isinstance(answer, Response)]
        if any(_proves_any(answer) or (_denied(answer) and answer.status not in usual) for answer in given):
            try:
                self._ask_at_random()
            except Unobserved:
                self.missing.append(Impression(0, "", frozenset()))

    def _ask(self, path: str) -> Response:
        return self.net.get(urljoin(self.root, path), fields=_FIELDS, cap=PROOF).final

    def _ask_at_random(self) -> Response:
        """Ask for a dot-file that nobody has."""
        path = f"/.{secrets.token_hex(5)}"
        answer = self._ask(path)
        self.missing.append(impression(answer, path))
        self.invented |= {signature.fact for signature in SIGNATURES if signature.proves(answer.body)}
        return answer

    @property
    def catches_all(self) -> bool:
        """Random names are answered with the home page."""
        home = impression(replace(self.home, body=self.home.body[:PROOF]), self.home.url)
        return any(known.status in (200, 206) and same_words(known, home) for known in self.missing)

    @property
    def shut_out(self) -> bool:
        """Random names are refused, or not answered, now that the paths were asked for, and were not before."""
        before, after = self.missing[:BASELINES], self.missing[BASELINES:]
        usual = {known.status for known in before}
        return any(known.status not in usual and known.status in (0, 401, 403, 406, 429, 503) for known in after)


def verdict(probe: Probe, signature: Signature, path: str, answer: Response) -> bool | Obscure:
    """True: proven. False: the answer was seen and is no such file. Otherwise it is obscure."""
    if signature.proves(answer.body):
        return Obscure("random names are answered with such files too") if signature.fact in probe.invented else True
    if refusal := _refusal(answer):
        return Obscure(refusal)
    if 200 <= answer.status < 300:
        return _unproven(probe, signature, path, answer)
    if 300 <= answer.status < 400:
        return _redirected(answer, path)
    return Obscure("refused, like every name since") if _denied(answer) and probe.shut_out else False


def _unproven(probe: Probe, signature: Signature, path: str, answer: Response) -> bool | Obscure:
    """A success whose content is no proof: mostly an error page, or the home page, under status 200."""
    if not answer.complete and "body_over_cap" not in answer.faults:
        return Obscure("the answer broke off")
    if any(similar(impression(answer, path), known) for known in probe.missing):
        # A wall that shows one page for every name could not be told from a site that does.
        return Obscure("every name is answered with the home page") if probe.catches_all else False
    return Obscure("the answer may be such a file, but does not prove it") if signature.hints(answer.body) else False


def _proves_any(answer: Response) -> bool:
    return any(signature.proves(answer.body) for signature in SIGNATURES)


def _denied(answer: Response) -> bool:
    return answer.status in (401, 403, 406)


def _refusal(answer: Response) -> str:
    """Why an answer says nothing about the file asked for; empty when it does."""
    if answer.status == 429 or answer.status >= 500:
        return f"answered {answer.status}"
    kind = page_class(answer)
    return f"page class: {kind}" if kind in IN_THE_WAY else ""


def _redirected(answer: Response, path: str) -> bool | Obscure:
    """A redirect shows no file, unless it leads to the same path under another name of the site."""
    try:
        onward = urlsplit(urljoin(answer.url, answer.first("location") or "")).path
    except ValueError:
        return False
    return Obscure("redirected to the same path elsewhere") if onward == path else False
