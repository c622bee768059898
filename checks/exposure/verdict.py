"""What the answers of a site say: such a file is there, is not there, or that cannot be told."""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from auditor.model import Absence
from auditor.net import Response

from ..http.page import read_page
from .baseline import Impression, impression, same_words, similar
from .paths import shape
from .probe import Gap, Probe, Question, first, is_denied, refusal
from .proof import is_page
from .signatures import Signature

_SAYS_MISSING = re.compile(
    r"(?<![0-9])404(?![0-9])|not found|no such|(?:does not|doesn.t) exist|belum ditemukan"
    r"|\bt(?:ida|)k (?:kami |dapat |bisa )?(?:di)?temukan|tidak (?:ada|tersedia|terdaftar)",
    re.IGNORECASE,
)
"""By what a page under status 200 says that what was asked for does not exist."""
_SAYS_ERROR = re.compile(r"\berror\b|\bgalat\b|kesalahan|\boops\b", re.IGNORECASE)
"""The same, where it stands as a title or heading."""
_SHORT = 600
"""Characters of text up to which it may say so anywhere, and not only in its title and headings."""


@dataclass(frozen=True, slots=True)
class Obscure:
    """Neither yes nor no, and why."""

    why: str
    reason: Absence = Absence.NOT_ASSESSABLE


@dataclass(slots=True)
class Reading:
    """The answers of one probe, being read beside the site's home page."""

    probe: Probe
    home: Response

    def of(self, question: Question, signature: Signature) -> bool | Obscure:
        """True: proven. False: the answer was seen and is no such file. Otherwise it is obscure."""
        answer = self.probe.answers[question]
        if isinstance(answer, Gap):
            return Obscure(answer.detail, answer.reason)
        if signature.proves(answer):
            invented = self.probe.is_invented(question.place.path, signature)
            return Obscure("random names are answered with such files too") if invented else True
        wall = refusal(answer)
        return Obscure(wall.detail, wall.reason) if wall else self._unproven(question, signature, answer)

    def _unproven(self, question: Question, signature: Signature, answer: Response) -> bool | Obscure:
        if 200 <= answer.status < 300:
            return self._success(question, signature, answer)
        if 300 <= answer.status < 400:
            return _redirected(answer, question.place.path)
        if is_denied(answer):
            return self._denied(question, answer)
        return False

    def of_missing(self, signature: Signature) -> bool | Obscure:
        """Whether the answers for names that do not exist are such a page."""
        outcomes = [of_page(signature, answer) for _, answer in self.probe.missing]
        told = [outcome for outcome in outcomes if not isinstance(outcome, Obscure)]
        return any(told) if told or not outcomes else outcomes[0]

    def of_home(self, signature: Signature) -> bool | Obscure:
        """Whether the home page is such a page."""
        return of_page(signature, self.home)

    def _success(self, question: Question, signature: Signature, answer: Response) -> bool | Obscure:
        """A success whose content is no proof: mostly an error page, or the home page, under status 200."""
        if unseen := _unseen(answer):
            return unseen
        if question.method == "HEAD":
            return self._bodiless(answer)
        seen = impression(answer, question.place.path)
        is_home = same_words(seen, self._home(question.cap))
        if any(similar(seen, known) for known in self.probe.usual(question.cap)):
            # A wall that shows one page for every name could not be told from a site that does.
            if is_home:
                return Obscure("every name is answered with the home page")
            return False if _says_missing(answer) else Obscure("every name is answered alike")
        if self._is_any_page(answer):
            return False if is_home or _says_missing(answer) else Obscure("every name is answered with some page")
        return Obscure("the answer may be such a file, but does not prove it") if signature.hints(answer) else False

    def _is_any_page(self, answer: Response) -> bool:
        """A page where random names are answered with pages too, which differ from one name to the next."""
        usual = (known for _, known in self.probe.missing if 200 <= known.status < 300)
        return is_page(answer.body) and any(is_page(known.body) for known in usual)

    def _bodiless(self, answer: Response) -> bool | Obscure:
        """A success without content to compare: it is what random names get, or it is not."""
        alike = [known for _, known in self.probe.missing if known.status == answer.status]
        return Obscure("every name is answered alike") if any(not _says_missing(known) for known in alike) else False

    def _denied(self, question: Question, answer: Response) -> bool | Obscure:
        if shape(question.place.path) in self.probe.shut:
            return Obscure("refused, like every name since")
        if self.probe.refused and answer.first("www-authenticate") is None:
            return Obscure("every name is refused")
        return False

    def _home(self, cap: int) -> Impression:
        return impression(first(self.home, cap), self.home.url)


def of_page(signature: Signature, answer: Response) -> bool | Obscure:
    """Whether an answer is such a page, by itself alone."""
    return True if signature.proves(answer) else _unseen(answer) or False


def _unseen(answer: Response) -> Obscure | None:
    """Why an answer shows nothing of what it might be."""
    if wall := refusal(answer):
        return Obscure(wall.detail, wall.reason)
    return None if answer.complete or "body_over_cap" in answer.faults else Obscure("the answer broke off")


def _says_missing(page: Response) -> bool:
    shown = read_page(page)
    headings = " ".join((shown.title, *shown.headings))
    text = shown.text if len(shown.text) <= _SHORT else ""
    return bool(_SAYS_MISSING.search(f"{headings} {text}") or _SAYS_ERROR.search(headings))


def _redirected(answer: Response, path: str) -> bool | Obscure:
    """A redirect shows no file, unless it leads to the same path under another name of the site."""
    try:
        onward = urlsplit(urljoin(answer.url, answer.first("location") or ""))
    except ValueError:
        return False
    return Obscure("redirected to the same path elsewhere") if _resource(onward) == path else False


def _resource(url: SplitResult) -> str:
    return f"{url.path}?{url.query}" if url.query else url.path
