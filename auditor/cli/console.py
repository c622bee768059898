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
        values = {name: _known(value) for name, value in error.values.items()}
        shown = error.shown(lambda text: words().text(text, **values))
    else:
        shown = str(error)
    note(words().text("error: {problem}", problem=_one_line(shown)))
    if ctx is not None:
        note(words().text("see: {command} --help", command=ctx.command_path))


def usage(error: click.ClickException) -> AuditorError:  # noqa: PLR0911 - one a way to be wrong
    """What click found wrong, as our own kind of error, so that it is said in the officer's language."""
    match error:
        case click.NoSuchOption(option_name=name):
            return InputError("there is no such option", place=name, hint=_meant(error.possibilities or ()))
        case click.BadOptionUsage(option_name=name, message=message) if message.endswith("requires an argument."):
            return InputError("needs a value", place=name)
        case click.BadOptionUsage(option_name=name, message=message) if message.endswith("does not take a value."):
            return InputError("takes no value", place=name)
        case click.UsageError(message=message) if message.startswith("Got unexpected extra argument"):
            return InputError("too much is given: {extra}", extra=message.partition("(")[2].removesuffix(")"))
        case click.exceptions.NoSuchCommand(command_name=name):
            return InputError("there is no command {name}", name=repr(name), hint=_meant(error.possibilities or ()))
        case click.MissingParameter(param=click.Parameter() as param):
            return InputError("is missing", place=_option(param))
        case click.BadParameter(param=click.Parameter(type=click.Choice(choices=choices)) as param):
            shown = ", ".join(str(choice) for choice in choices)
            return InputError("is none of: {choices}", place=_option(param), choices=shown)
        case click.BadParameter(param=click.Parameter(type=click.IntRange() | click.FloatRange() as bounds) as param):
            return InputError(
                "is no number from {low} to {high}", place=_option(param), low=bounds.min, high=bounds.max
            )
        case click.BadParameter(param=click.Parameter() as param):
            return InputError("{problem}", place=_option(param), problem=error.message)
        case _:
            return InputError("{problem}", problem=error.format_message())


def _option(param: click.Parameter) -> str:
    return param.opts[-1] if isinstance(param, click.Option) else param.human_readable_name


def _meant(possible: Sequence[str]) -> str:
    return f"{', '.join(possible)}?" if possible else ""


def system_problem(error: OSError) -> str:
    """What the operating system refused, in the officer's language where it is one of the usual things."""
    return str(_known(error.strerror or error))


def _known(value: object) -> object:
    """The word for a value that errors name in English; any other value as it is."""
    say = words().text
    return {
        "No such file or directory": say("file not found"),
        "Permission denied": say("no permission"),
        "Is a directory": say("is a folder"),
        "Not a directory": say("is no folder"),
        "an integer": say("an integer"),
        "true or false": say("true or false"),
        "text": say("text"),
        "a list": say("a list"),
    }.get(str(value), value)


def _one_line(text: str) -> str:
    """Control characters shown, so that quoted input cannot repaint the terminal."""
    return "".join(c if c.isprintable() else " " if c in "\n\t" else c.encode("unicode_escape").decode() for c in text)


def say_interrupted() -> None:
    """For commands that save nothing."""
    note(words().text("interrupted"))
