"""`mllint --watch`: again and again, whenever a file has changed, until somebody presses Ctrl-C."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from mllint.archive import SUFFIXES as MODEL_SUFFIXES
from mllint.cli.request import STDIN
from mllint.cli.talk import FAILED, say_error
from mllint.files.discovery import SUFFIXES
from mllint.settings.files import FILE_NAMES

if TYPE_CHECKING:
    from watchfiles import Change

INTERRUPTED: Final = 130
"""128 and the number of the signal, as shells say it and ruff ends."""
CONCERN: Final = (*SUFFIXES, *MODEL_SUFFIXES, ".json", ".yaml", ".yml")
"""Programs, models, baselines and knowledge."""
IDLE: Final = 100
"""Milliseconds after which the watch says that nothing has changed, so that it is known to have begun."""


def check_watchable(paths: Sequence[str]) -> None:
    """Raises click.UsageError where nothing can be watched."""
    if STDIN in paths:
        raise click.UsageError("--watch looks at files, and `-` is none")
    if find_spec("watchfiles") is None:
        raise click.UsageError("--watch needs watchfiles: pip install 'mllint-keras[watch]'")


def watch(paths: Sequence[str], run: Callable[[], int], quiet: bool, written: Sequence[str] = ()) -> int:
    """Runs now, and after every change below the paths; returns the exit code.

    `written` are the files that a run writes: they are no reason for another one.
    """
    missing = [path for path in paths if not os.path.exists(path)]
    if missing:
        from mllint.results import Diagnostic

        say_error(Diagnostic(missing[0], "no such file or directory"))
        return FAILED
    try:
        for _ in _rounds(paths, written):
            if sys.stdout.isatty():
                click.clear()
            run()
            if not quiet:
                click.echo("watching for changes, Ctrl-C ends", err=True)
    except KeyboardInterrupt:
        click.echo(err=True)
    return INTERRUPTED


def _rounds(paths: Sequence[str], written: Sequence[str]) -> Iterator[None]:
    """One now, and one after every change, also those that are made during a round. Raises KeyboardInterrupt."""
    from watchfiles import DefaultFilter
    from watchfiles import watch as changes

    is_ordinary = DefaultFilter()
    named = {os.path.realpath(path) for path in paths if os.path.isfile(path)}
    own = {os.path.realpath(path) for path in written}
    directories = {os.path.realpath(path) for path in paths if os.path.isdir(path)}

    def concerns(change: Change, path: str) -> bool:
        if path in own:
            return False
        is_below = any(Path(path).is_relative_to(directory) for directory in directories)
        is_of_kind = path.endswith(CONCERN) or os.path.basename(path) in FILE_NAMES
        return path in named or (is_below and is_of_kind and is_ordinary(change, path))

    # an editor may put a new file in the place of the old one: the directory sees that
    watched = directories | {os.path.dirname(path) for path in named}
    seen = changes(
        *watched,
        watch_filter=concerns,
        rust_timeout=IDLE,
        yield_on_timeout=True,
        recursive=bool(directories),
        ignore_permission_denied=True,
    )
    next(seen)  # only now it watches
    yield
    yield from (None for found in seen if found)
