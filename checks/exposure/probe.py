"""Asking one site for files, shape by shape, each between two names of that shape that nobody has."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net import Field, Network, Response

from ..http.classify import IN_THE_WAY, page_class
from .baseline import Impression, impression
from .paths import AT_REST, SHAPES, Place, folder, neighbour, places, shape
from .signatures import Signature

BASELINES = 2 * len(SHAPES)
"""Random names asked for: one before the paths of each shape, and one after."""
NEIGHBOURS = 12
"""At most so many more, beside files that were found below the top directory, and behind walls."""
STRIKES = 3
"""After so many walls in a row it is seen to whether the site still answers anything; it ends with as many limits."""



@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One request, and the signatures that its answer is held against."""

    place: Place
    method: str
    fields: tuple[Field, ...]
    signatures: tuple[Signature, ...]

    @property
    def cap(self) -> int:
        """Bytes that are read of the answer."""
        return max(signature.bytes for signature in self.signatures)


def questions(signatures: Iterable[Signature], values: Mapping[str, tuple[str, ...]]) -> tuple[Question, ...]:
    """What to ask for: one request serves all signatures that want the same one."""
    wanted: dict[tuple[str, str, tuple[Field, ...]], tuple[Place, list[Signature]]] = {}
    for signature in signatures:
        for template in signature.paths if signature.hosts is None else ():
            for place in places(template, values) if template not in AT_REST else ():
                key = (place.path, signature.method, signature.fields)
                _, holders = wanted.setdefault(key, (place, []))
                if signature not in holders:
                    holders.append(signature)
    return tuple(Question(place, key[1], key[2], tuple(holders)) for key, (place, holders) in wanted.items())


@dataclass(frozen=True, slots=True)
class Gap:
    """Why a question has no answer."""

    reason: Absence
    detail: str


@dataclass(slots=True)
class Probe:
    """One site being asked: what it says to names that do not exist, and to the paths of the signatures."""

    net: Network
    root: str
    signatures: tuple[Signature, ...]
    missing: list[tuple[str, Response]] = field(default_factory=list)
    """Paths of random names in the top directory, and their answers."""
    invented: set[tuple[str, str]] = field(default_factory=set)
    """Directory and signature for which a random name was answered with a proof."""
    answers: dict[Question, Response | Gap] = field(default_factory=dict)
    shut: set[str] = field(default_factory=set)
    """Shapes whose random names were refused at the end and not at the beginning, and those refused since."""
    refused: bool = False
    """Names without any mark are refused, too: not by a rule about dots or extensions."""
    over: Gap | None = None
    """Why nothing more is asked of the site."""
    _impressions: dict[int, list[Impression]] = field(default_factory=dict)
    _strikes: int = 0
    _walls: int = 0
    _more: int = 0
    """Requests beyond the baselines."""

    def ask_all(self, asked: Sequence[Question]) -> None:
        """Ask for everything, shape by shape.

        Raises:
            Unobserved: the first random name was not answered.
        """
        for kind in SHAPES:
            self._ask_shape(kind, [question for question in asked if shape(question.place.path) == kind])

    def _ask_shape(self, kind: str, asked: Sequence[Question]) -> None:
        before = None if self.over else self._open(kind)
        if isinstance(before, Gap):
            self.answers |= dict.fromkeys(asked, before)
            return
        if self.shut and before is not None and is_denied(before):
            self.shut.add(kind)
        for question in asked:
            self.answers[question] = self.over or self._ask(question, kind)
        for beside in self._beside(asked):
            self._neighbour(beside)
        if not self.over and before is not None and is_shut(before, self._at_random(SHAPES[kind])):
            self.shut.add(kind)

    def _open(self, kind: str) -> Response | Gap | None:
        """The answer for a random name, or a gap where that is a wall; None where there is no answer."""
        answer = self._at_random(SHAPES[kind])
        if isinstance(answer, Gap):
            if not self.missing:
                raise Unobserved(answer.reason, answer.detail)
            return None
        wall = refusal(answer)
        if wall is None or (answer.status >= 500 and answer.status != 503):
            self.refused |= kind == "plain" and is_denied(answer) and answer.first("www-authenticate") is None
            return answer
        self._walls += 1
        gap = Gap(wall.reason, f"random names: {wall.detail}")
        if answer.status in (429, 503) or self._walls > 1:
            self.over = gap
        return gap

    def _ask(self, question: Question, kind: str) -> Response | Gap:
        answer = self._get(question.place.path, question.method, question.fields, question.cap)
        wall = None if isinstance(answer, Gap) else refusal(answer)
        if wall is None or isinstance(answer, Gap) or (answer.status >= 500 and answer.status != 503):
            self._strikes = 0
            return answer
        self._strikes += 1
        if self._strikes == STRIKES:
            self._strikes = 0
            if answer.status in (429, 503) or not self._still_answers(kind):
                self.over = Gap(Absence.LIMITED, f"no more is asked: {wall.detail}")
        return answer

    def _still_answers(self, kind: str) -> bool:
        """Whether walls stand before certain names alone."""
        if self._more >= NEIGHBOURS:
            return False
        self._more += 1
        answer = self._at_random(SHAPES[kind])
        return isinstance(answer, Response) and refusal(answer) is None

    def _beside(self, asked: Sequence[Question]) -> Iterator[Question]:
        """One found file of each directory below the top: its neighbours may be answered in the same way."""
        done = set()
        for question in asked:
            answer, there = self.answers[question], folder(question.place.path)
            found = isinstance(answer, Response) and any(one.proves(answer) for one in question.signatures)
            if found and there not in done and (there != "/" or "?" in question.place.path):
                done.add(there)
                yield question

    def _neighbour(self, found: Question) -> None:
        if self.over or self._more >= NEIGHBOURS:
            return
        self._more += 1
        path = neighbour(found.place.path, secrets.token_hex(5))
        answer = self._get(path, found.method, found.fields, found.cap)
        if isinstance(answer, Response):
            self._suspect(folder(found.place.path), answer)

    def _at_random(self, name: str) -> Response | Gap:
        """Ask for a name in the top directory that nobody has."""
        path = name.format(secrets.token_hex(5))
        answer = self._get(path, "GET", (), max(signature.bytes for signature in self.signatures))
        if isinstance(answer, Response):
            self.missing.append((path, answer))
            self._suspect("/", answer)
        return answer

    def _suspect(self, directory: str, answer: Response) -> None:
        self.invented |= {(directory, one.id) for one in self.signatures if one.proves(answer)}

    def _get(self, path: str, method: str, fields: tuple[Field, ...], cap: int) -> Response | Gap:
        usual = (Field("Range", f"bytes=0-{cap - 1}"), Field("Accept-Encoding", "identity"))
        try:
            return self.net.get(urljoin(self.root, path), method=method, fields=(*usual, *fields), cap=cap).final
        except Unobserved as failure:
            return Gap(failure.reason, failure.detail)

    def usual(self, cap: int) -> list[Impression]:
        """Impressions of the answers for random names, as far as an answer of so many bytes would show them."""
        if len(self._impressions.get(cap, ())) != len(self.missing):
            self._impressions[cap] = [impression(first(answer, cap), path) for path, answer in self.missing]
        return self._impressions[cap]

    def is_invented(self, path: str, signature: Signature) -> bool:
        """Whether the site answers names that nobody has with such a file as well."""
        return not self.invented.isdisjoint((("/", signature.id), (folder(path), signature.id)))


def first(answer: Response, cap: int) -> Response:
    """An answer as if no more had been read of it."""
    return answer if len(answer.body) <= cap else replace(answer, body=answer.body[:cap])


def refusal(answer: Response) -> Gap | None:
    """Why an answer says nothing about what was asked for; None when it does."""
    if answer.status == 429:
        return Gap(Absence.LIMITED, "answered 429")
    if answer.status >= 500:
        return Gap(Absence.NOT_ASSESSABLE, f"answered {answer.status}")
    kind = page_class(answer)
    return Gap(Absence.NOT_ASSESSABLE, f"page class: {kind}") if kind in IN_THE_WAY else None


def is_denied(answer: Response) -> bool:
    """Refused by a rule of the server."""
    return answer.status in (401, 403, 406)


def is_shut(before: Response, after: Response | Gap) -> bool:
    """Whether a random name that was answered before is refused, or not answered, now."""
    if isinstance(after, Gap):
        return True
    return after.status != before.status and (is_denied(after) or after.status in (429, 503))
