"""`mllint --diff-base REV`: only what concerns lines that were changed since then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from mllint.cli.request import Request
from mllint.settings import SettingsError

if TYPE_CHECKING:
    from mllint.changed_lines import ChangedLines
    from mllint.results import FileReport


def check_revision(request: Request) -> None:
    """Raises SettingsError where there is nothing to compare with, and click.UsageError for standard input."""
    if request.options["diff_base"] is None:
        return
    if request.is_of_stdin:
        raise click.UsageError("--diff-base compares files, and `-` is none")
    with _comparison(request.options["diff_base"]) as changed:
        changed.check(request.paths)


def on_changed_lines(reports: Sequence[FileReport], request: Request) -> list[FileReport]:
    """The reports, without what concerns no changed line where that is asked for. Raises SettingsError."""
    if request.options["diff_base"] is None:
        return list(reports)
    with _comparison(request.options["diff_base"]) as changed:
        return [changed.only(report) for report in reports]


@contextmanager
def _comparison(revision: str) -> Iterator[ChangedLines]:
    from mllint.changed_lines import CannotCompare, ChangedLines
    from mllint.changed_lines.repositories import Repositories

    try:
        yield ChangedLines(Repositories(revision))
    except CannotCompare as error:
        raise SettingsError(f"--diff-base {revision}", str(error)) from None
