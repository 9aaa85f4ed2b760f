"""The command line: arguments → settings → engine → report → exit code. One module for each command.

Findings go to stdout, talk goes to stderr.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NoReturn

import click

from mllint import __version__
from mllint.cli.help import write_examples
from mllint.cli.talk import FAILED, say_error

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

FEWER_COLLECTIONS: Final = (100_000, 50, 1000)
"""A syntax tree is a hundred thousand objects and has no cycle: to look for garbage in it takes as long as to parse."""

COMMANDS: Final[Mapping[str, str]] = {
    "check": "mllint.cli.check",
    "clean": "mllint.cli.clean",
    "completion": "mllint.cli.completion",
    "convert": "mllint.cli.convert",
    "corpus": "mllint.cli.corpus",
    "facts": "mllint.cli.facts",
    "merge": "mllint.cli.merge",
    "rule": "mllint.cli.rule",
    "schema": "mllint.cli.schema",
    "server": "mllint.cli.server",
    "test": "mllint.cli.test",
    "verify": "mllint.cli.verify",
}
"""Name → the module that defines a click command of this name; a module is imported when its command is asked for."""


EXAMPLES: Final = """
mllint src/ notebooks/  # judge files, directories and notebooks
mllint --diff src/  # see what --fix would change
mllint convert --to multi-label train.py:20  # softmax to sigmoid: head, loss, metrics and labels together
mllint verify model.keras  # judge a saved model
mllint rule --all  # list the rules
"""


def main() -> NoReturn:
    """The console script. Users never see a traceback."""
    gc.set_threshold(*FEWER_COLLECTIONS)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        mllint(prog_name="mllint")
    except OSError as error:  # a disk that is full, a working directory that is gone
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"mllint: {where}{error.strerror or error}", err=True)
    except Exception as error:
        text = " ".join(f"{type(error).__name__}: {error}".split())
        click.echo(f"mllint crashed: {text}; this is a bug in mllint, please report it", err=True)
    finally:
        gc.freeze()  # the process ends: to look for garbage once more would take a fifth of a short run
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
        is_first_completed = not arguments and context.resilient_parsing
        if not is_first_completed and (not arguments or arguments[0] not in own):
            _check_first(arguments)
            arguments = ["check", *arguments]
        return super().parse_args(context, arguments)

    def shell_complete(self, context: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands; the options of check, which need not be named; or files."""
        from click.shell_completion import CompletionItem

        items = super().shell_complete(context, incomplete)
        if incomplete.startswith("-"):
            check = self.get_command(context, "check")
            assert check is not None
            with check.make_context("check", [], context, resilient_parsing=True) as inner:
                items += check.shell_complete(inner, incomplete)
        return items or [CompletionItem(incomplete, type="file")]

    def format_epilog(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        write_examples(EXAMPLES, formatter)

    def invoke(self, context: click.Context) -> object:
        """A mistake in the settings is said, whichever command found it.

        An interrupt is a failure: click would end with 1, which stands for findings. A parser in another thread cannot
        be stopped, and Python may abort the process when it ends beside one.
        """
        try:
            return super().invoke(context)
        except ValueError as error:
            _say_mistake(error)
            context.exit(FAILED)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            _end()


def _check_first(arguments: list[str]) -> None:
    """Raises click.UsageError for what is no path, and nearly the name of a command."""
    if not arguments or os.path.lexists(arguments[0]):
        return
    import difflib

    meant = difflib.get_close_matches(arguments[0], COMMANDS, n=1, cutoff=0.8)
    if meant:
        command = "mllint rule --all" if meant == ["rule"] else f"mllint {meant[0]}"
        raise click.UsageError(f"no such file, directory or command: {arguments[0]}; did you mean `{command}`?")


def _say_mistake(error: ValueError) -> None:
    """Raises the error itself where it is no mistake in the settings."""
    from mllint.settings import SettingsError

    if not isinstance(error, SettingsError):
        raise error
    from mllint.files.discovery import mistake

    say_error(mistake(error))


def _end() -> NoReturn:
    """Ends this process and those it started for its work."""
    if multiprocessing := sys.modules.get("multiprocessing"):
        for worker in multiprocessing.active_children():
            worker.kill()
    sys.stdout.flush()
    os._exit(FAILED)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="mllint", message="%(prog)s %(version)s")
def mllint() -> None:
    """Finds Keras models whose head, loss, labels or metrics do not belong together.

    `mllint PATH…` is short for `mllint check PATH…`; `mllint check --help` lists its options.
    """
