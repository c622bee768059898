"""Questions and their answers: what is asked of a bundle, and how an answer is told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from auditor.errors import AuditorError, InputError
from auditor.messages import Catalog
from auditor.model import Outcome

T = TypeVar("T")

HOSTILE = (AuditorError, ValueError, TypeError, LookupError, ArithmeticError, RecursionError)
"""What reading and judging data that somebody twisted may raise."""


@dataclass(frozen=True, slots=True)
class Check:
    """One question about the bundle.

    `name` is stable, for programs; `title` and `detail` are sentences. UNKNOWN means it could not be asked.
    """

    name: str
    title: str
    outcome: Outcome
    detail: str = ""
    needed: bool = True
    """Whether nothing is proven while this is UNKNOWN. A bundle without a time stamp can be genuine all the same."""


@dataclass(frozen=True, slots=True)
class Verification:
    """Every question asked, and what even a genuine bundle leaves unproven."""

    checks: tuple[Check, ...]
    unproven: tuple[str, ...] = ()

    @property
    def genuine(self) -> bool:
        """Whether no answer is bad, and every one that is needed good."""
        return all(
            check.outcome is Outcome.PASS or (check.outcome is Outcome.UNKNOWN and not check.needed)
            for check in self.checks
        )


class DoubtError(Exception):
    """A question that is not answered well; the message is the sentence to show."""

    def __init__(self, detail: str, outcome: Outcome = Outcome.FAIL) -> None:
        self.outcome = outcome
        super().__init__(detail)


class Asking:
    """The questions asked so far."""

    def __init__(self, words: Catalog) -> None:
        self.words = words
        self.checks: list[Check] = []

    def ask(
        self, name: str, title: str, question: Callable[[], tuple[T, str]], about: str = "", *, needed: bool = True
    ) -> T | None:
        """Record the answer; its value where it is good, else None. `about` is the file that is read."""
        value: T | None = None
        outcome, detail = Outcome.PASS, ""
        try:
            value, detail = question()
        except DoubtError as doubt:
            outcome, detail = doubt.outcome, str(doubt)
        except InputError as error:
            outcome, detail = Outcome.FAIL, _said(error, self.words)
        except HOSTILE as error:
            said = str(error) or type(error).__name__
            outcome, detail = Outcome.FAIL, f"{about}: {said}" if about else said
        self.checks.append(Check(name, title, outcome, plain(detail), needed))
        return value


def _said(error: InputError, words: Catalog) -> str:
    """The error in the reader's language, or as it stands where what it quotes cannot be filled in."""
    try:
        return error.shown(lambda text: words.text(text, **error.values))
    except (LookupError, ValueError):
        return str(error)


def plain(text: str) -> str:
    """Text out of a bundle, fit for a terminal: printable, one line, of bounded length."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text)
    return shown if len(shown) <= 600 else shown[:600] + " ..."


def given(value: T | None, words: Catalog) -> T:
    """A value that an earlier question gave."""
    if value is None:
        raise DoubtError(words.text("could not be checked: what it needs failed above"), Outcome.UNKNOWN)
    return value


def listed(names: Iterable[str]) -> str:
    """The first few names, and how many more."""
    names = list(names)
    more = f" (+{len(names) - 5})" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more
