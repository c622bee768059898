"""What click itself says in help texts, in the officer's language too."""

from collections.abc import Iterable

import click

from auditor.cli.console import words


class Formatter(click.HelpFormatter):
    """click's own layout with its few words translated; it has no other place for them than gettext files."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The first line."""
        say = words().text
        args = args.replace("[OPTIONS]", say("[OPTIONS]")).replace("COMMAND [ARGS]", say("COMMAND [ARGS]"))
        super().write_usage(prog, args, say("Usage: ") if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        """The name of a list."""
        say = words().text
        super().write_heading({"Options": say("Options"), "Commands": say("Commands")}.get(heading, heading))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """A list of options or commands."""
        super().write_dl([(name, _said(text)) for name, text in rows], col_max, col_spacing)


def _said(text: str) -> str:
    say = words().text
    whole = {
        "Show this message and exit.": say("Show this message and exit."),
        "Show the version and exit.": say("Show the version and exit."),
    }
    return (
        whole.get(text, text)
        .replace("[default: ", f"[{say('default')}: ")
        .replace("[required]", f"[{say('required')}]")
    )  # fmt: skip
