"""The command line: arguments → settings → engine → report → exit code. One module for each command.

Findings go to stdout, talk goes to stderr.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from typing import Final, NoReturn

import click

from mllint import __version__
from mllint.cli.talk import FAILED

COMMANDS: Final[Mapping[str, str]] = {
    "check": "mllint.cli.check",
    "convert": "mllint.cli.convert",
    "corpus": "mllint.cli.corpus",
    "facts": "mllint.cli.facts",
    "rule": "mllint.cli.rule",
    "server": "mllint.cli.server",
    "verify": "mllint.cli.verify",
}
"""Name → the module that defines a click command of this name; a module is imported when its command is asked for."""


def main() -> NoReturn:
    """The console script. Users never see a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        mllint(prog_name="mllint")
    except Exception as error:
        text = " ".join(f"{type(error).__name__}: {error}".split())
        click.echo(f"mllint crashed: {text}; this is a bug in mllint, please report it", err=True)
    sys.exit(FAILED)


class _Commands(click.Group):
    """`mllint PATH` is `mllint check PATH`."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(COMMANDS[name]), name)
        return command

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        own = {*COMMANDS, *self.get_help_option_names(context), "--version"}
        if not arguments or arguments[0] not in own:
            arguments = ["check", *arguments]
        return super().parse_args(context, arguments)

    def invoke(self, context: click.Context) -> object:
        """An interrupt is a failure: click would end with 1, which stands for findings."""
        try:
            return super().invoke(context)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            context.exit(FAILED)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="mllint", message="%(prog)s %(version)s")
def mllint() -> None:
    """Finds Keras models whose head, loss, labels or metrics do not belong together.

    `mllint PATH…` is short for `mllint check PATH…`; `mllint check --help` lists its options.
    """
