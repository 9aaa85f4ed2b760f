"""What a command prints of its reports, and the exit code they come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from mllint.cli.talk import CLEAN, FAILED, FINDINGS, say_error, summary
from mllint.settings import Settings, SettingsError, SettingsFinder

if TYPE_CHECKING:
    from mllint.results import FileReport


def show(
    reports: Sequence[FileReport],
    finder: SettingsFinder,
    options: Mapping[str, Any],
    notes: Iterable[str] = (),
    details: Sequence[str] = (),
    file: TextIO | None = None,
) -> int:
    """Prints findings to `file` (by default stdout) and the rest to stderr; returns the exit code.

    `notes` are lines to say before the summary, `details` more of what it has in brackets.
    """
    _print_findings(reports, settings_here(finder), options, file)
    for report in reports:
        for error in report.errors:
            say_error(error)
    if not options["quiet"]:
        for note in notes:
            click.echo(note, err=True)
        click.echo(summary(reports, details), err=True)
    if any(report.errors for report in reports):
        return FAILED
    return FINDINGS if any(report.fails for report in reports) and not options["exit_zero"] else CLEAN


def settings_here(finder: SettingsFinder) -> Settings:
    """How to print is decided where the command runs; mistakes in the files are reported with what they govern."""
    try:
        return finder.for_directory(Path.cwd())
    except SettingsError:
        return Settings()


def _print_findings(
    reports: Sequence[FileReport], settings: Settings, options: Mapping[str, Any], file: TextIO | None
) -> None:
    from mllint.reports import View, render

    output_format = "statistics" if options.get("statistics") else settings.output_format
    if output_format == "json" or any(report.findings or report.not_judged for report in reports):
        for line in render(output_format, reports, View(settings.show_not_judged)):
            click.echo(line, file=file)
