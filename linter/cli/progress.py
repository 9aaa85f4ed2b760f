"""A bar on stderr for runs that take long, on a terminal alone."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, TypeVar

from mllint.processes.progress import Follow, unseen

if TYPE_CHECKING:
    from rich.progress import Progress

T = TypeVar("T")

PATIENCE: Final = 1.0
"""Seconds after which a bar is worth its place."""
BETWEEN: Final = 0.1
"""Seconds from one picture to the next."""


def follow(quiet: bool) -> Follow:
    """Shows how far a run has come to those who sit before it."""
    is_seen = not quiet and os.isatty(2) and os.environ.get("TERM") != "dumb"
    return _shown if is_seen else unseen


def _shown(results: Iterator[T], total: int) -> Iterator[T]:
    next_picture = time.monotonic() + PATIENCE
    bar: Progress | None = None
    with ExitStack() as stack:
        for done, result in enumerate(results, start=1):
            if time.monotonic() >= next_picture:
                bar = bar or stack.enter_context(_bar(total))
                bar.update(bar.task_ids[0], completed=done)
                bar.refresh()
                next_picture = time.monotonic() + BETWEEN
            yield result


def _bar(total: int) -> Progress:
    """It is gone when the run is over. It draws in no thread: processes may still be started beside it."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("mllint"), BarColumn(), MofNCompleteColumn(), TextColumn("files"), TimeRemainingColumn()
    bar = Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)
    bar.add_task("", total=total)
    return bar
