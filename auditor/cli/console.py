"""Speaking to the person at the terminal: language, results on stdout, everything else on stderr."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

import click

from auditor.errors import AuditorError, InputError
from auditor.messages import LANGUAGES, Catalog, catalog

_LANGUAGE: ContextVar[str] = ContextVar("language", default=LANGUAGES[0])


@contextmanager
def language(arguments: Sequence[str]) -> Iterator[None]:
    """Choose the language for this command: `--lang`, else AUDITOR_LANG, else Indonesian.

    Read before click parses, because help texts and click's own errors need it too.
    """
    wanted = os.environ.get("AUDITOR_LANG", "")
    for position, argument in enumerate(arguments):
        if argument == "--lang" and position + 1 < len(arguments):
            wanted = arguments[position + 1]
        elif argument.startswith("--lang="):
            wanted = argument.removeprefix("--lang=")
    token = _LANGUAGE.set(wanted if wanted in LANGUAGES else LANGUAGES[0])
    try:
        yield
    finally:
        _LANGUAGE.reset(token)


def words() -> Catalog:
    """The catalogue of the language chosen for this command."""
    return catalog(_LANGUAGE.get())


def lang() -> str:
    """The language chosen for this command."""
    return _LANGUAGE.get()


def out(text: str = "", *, end: str = "\n") -> None:
    """A line of the result. ANSI styles survive only on a terminal."""
    keep = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    sys.stdout.write((text if keep else click.unstyle(text)) + end)


def out_bytes(data: bytes) -> None:
    """A document as the result."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def note(text: str) -> None:
    """A remark that is no result."""
    sys.stderr.write(text + "\n")


def fail(error: str | AuditorError, ctx: click.Context | None = None) -> None:
    """One line that says what is wrong, where, and what to do."""
    if isinstance(error, InputError):
        shown = error.shown(lambda text: words().text(text, **error.values))
    else:
        shown = str(error)
    note(words().text("error: {problem}", problem=_one_line(shown)))
    if ctx is not None:
        note(words().text("see: {command} --help", command=ctx.command_path))


def _one_line(text: str) -> str:
    """Control characters shown, so that quoted input cannot repaint the terminal."""
    return "".join(c if c.isprintable() else " " if c in "\n\t" else c.encode("unicode_escape").decode() for c in text)


def say_interrupted() -> None:
    """For commands that save nothing."""
    note(words().text("interrupted"))
