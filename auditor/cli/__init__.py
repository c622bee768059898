"""The `auditor` command: one module a command family, imported when it is asked for."""

import difflib
import os
import sys
from importlib import import_module
from typing import cast

import click

from auditor import __version__
from auditor.cli.console import fail, language, note, say_interrupted, system_problem, usage, words
from auditor.cli.help import Formatter
from auditor.errors import AuditorError, InputError

click.Context.formatter_class = Formatter

_COMMANDS = {
    "audit": "auditor.cli.audit:audit",
    "judge": "auditor.cli.judge:judge",
    "verify": "auditor.cli.verify:verify",
    "diff": "auditor.cli.diff:diff",
    "renew": "auditor.cli.paper:renew",
    "countersign": "auditor.cli.paper:countersign",
    "bsre": "auditor.cli.bsre:bsre",
    "pack": "auditor.cli.pack:pack",
    "log": "auditor.cli.log:log",
    "render": "auditor.cli.render:render",
    "checks": "auditor.cli.reference:checks",
    "facts": "auditor.cli.reference:facts",
    "policy": "auditor.cli.policy:policy",
    "attest": "auditor.cli.attest:attest",
    "waive": "auditor.cli.waive:waive",
    "inventory": "auditor.cli.inventory:inventory",
    "spbe": "auditor.cli.spbe:spbe",
    "keys": "auditor.cli.keys:keys",
    "report": "auditor.cli.reference:report",
    "evidence": "auditor.cli.reference:evidence",
    "demo": "auditor.cli.demo:demo",
}


INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""


class _Commands(click.Group):
    """Commands by name; a module is imported only when its command runs or its help is shown."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            meant = difflib.get_close_matches(cmd_name, _COMMANDS, 1)
            raise InputError(
                "there is no command {name}",
                hint="did you mean {near}?" if meant else "see: auditor --help",
                name=repr(cmd_name),
                near="".join(meant),
            )
        module, _, name = _COMMANDS[cmd_name].partition(":")
        return cast("click.Command", getattr(import_module(module), name))


def main() -> None:
    """Entry point; ends with the exit codes of the contract and never with a traceback for bad input."""
    if sys.argv[1:] == ["--version"]:
        print(f"auditor {__version__}")  # noqa: T201 - before anything is imported: start-up counts
        return
    code = run(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    if code == INTERRUPTED:
        # Threads still wait for their sites. Ending the interpreter under them can end in an abort instead.
        os._exit(code)
    sys.exit(code)


def run(arguments: list[str]) -> int:  # noqa: PLR0911 - one a way to end
    """The command with these arguments; returns its exit code."""
    with language(arguments):
        try:
            return _root()(arguments, prog_name="auditor", standalone_mode=False) or 0
        except click.exceptions.Exit as end:
            return end.exit_code
        except click.exceptions.NoArgsIsHelpError as error:
            note(error.format_message())
            return 2
        except click.ClickException as error:
            fail(usage(error), error.ctx if isinstance(error, click.UsageError) else None)
            return 2
        except AuditorError as error:
            fail(error)
            return error.exit_code
        except OSError as error:
            fail(InputError("{problem}", place=str(error.filename or ""), problem=system_problem(error)))
            return 2
        except (KeyboardInterrupt, click.Abort):
            say_interrupted()
            return INTERRUPTED


def _root() -> click.Command:
    return click.version_option(__version__, prog_name="auditor", message="%(prog)s %(version)s")(
        _Commands(
            "auditor",
            help=words().text(
                "Security and persandian compliance auditor for Indonesian government web sites: "
                "facts are collected, policies judge, anyone can verify."
            ),
            context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
            no_args_is_help=True,
        )
    )
