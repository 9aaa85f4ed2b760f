"""What a command makes of its reports: findings where they are wanted, talk, and the exit code they come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from mllint.cli.outputs import outputs, put_out
from mllint.cli.talk import CLEAN, FAILED, FINDINGS, say, say_error, summary
from mllint.files.sharding import WHOLE
from mllint.reports import View
from mllint.settings import Settings, SettingsError, SettingsFinder

if TYPE_CHECKING:
    from mllint.reports import Fixing
    from mllint.results import Diagnostic, FileReport


def show(
    reports: Sequence[FileReport],
    finder: SettingsFinder,
    options: Mapping[str, Any],
    notes: Iterable[str] = (),
    details: Sequence[str] = (),
    file: TextIO | None = None,
    fixing: Fixing | None = None,
) -> int:
    """Prints findings to `file` (by default stdout) and the rest to stderr; returns the exit code.

    `notes` are lines to say before the summary, `details` more of what it has in brackets; `fixing` is what became of
    fixes that were carried out.
    """
    unwritten = _put_out(reports, settings_here(finder), options, file, fixing)
    broken = _broken_plugins(reports)
    for error in (*(error for report in reports for error in report.errors), *unwritten, *broken):
        say_error(error)
    if not options["quiet"]:
        for note in notes:
            say(note)
        click.echo(summary(reports, details), err=True)
    if unwritten or broken or any(report.errors for report in reports):
        return FAILED
    return FINDINGS if any(report.fails for report in reports) and not options["exit_zero"] else CLEAN


def _broken_plugins(reports: Sequence[FileReport]) -> Sequence[Diagnostic]:
    """The plugins whose rules were left out, where anything was there to judge."""
    if not any(report.judged or report.findings or report.not_judged or report.errors for report in reports):
        return ()
    from mllint.registry import broken_plugins

    return broken_plugins()


def settings_here(finder: SettingsFinder) -> Settings:
    """How to print is decided where the command runs; mistakes in the files are reported with what they govern."""
    try:
        return finder.for_directory(Path.cwd())
    except SettingsError:
        return Settings()


def _put_out(
    reports: Sequence[FileReport],
    settings: Settings,
    options: Mapping[str, Any],
    file: TextIO | None,
    fixing: Fixing | None,
) -> list[Diagnostic]:
    """The files that could not be written."""
    view = View(settings.show_not_judged, fixing, options.get("paths", ()), options.get("shard") or WHOLE)
    results = [put_out(output, reports, view, file) for output in outputs(options, settings)]
    return [failure for failure in results if failure is not None]
