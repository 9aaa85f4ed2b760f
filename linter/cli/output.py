"""What a command prints of its reports, and the exit code they come to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mllint.cli.talk import CLEAN, FAILED, FINDINGS, say_error, summary
from mllint.settings import Settings, SettingsError, SettingsFinder

if TYPE_CHECKING:
    from mllint.results import FileReport


def show(reports: Sequence[FileReport], finder: SettingsFinder, options: dict[str, Any]) -> int:
    """Prints findings to stdout and the rest to stderr; returns the exit code."""
    _print(reports, _settings_here(finder), options)
    if any(report.errors for report in reports):
        return FAILED
    return FINDINGS if any(report.fails for report in reports) and not options["exit_zero"] else CLEAN


def _settings_here(finder: SettingsFinder) -> Settings:
    """How to print is decided where the command runs; mistakes in the files are reported with what they govern."""
    try:
        return finder.for_directory(Path.cwd())
    except SettingsError:
        return Settings()


def _print(reports: Sequence[FileReport], settings: Settings, options: dict[str, Any]) -> None:
    from mllint.reports import View, render

    output_format = "statistics" if options.get("statistics") else settings.output_format
    if output_format == "json" or any(report.findings or report.not_judged for report in reports):
        for line in render(output_format, reports, View(settings.show_not_judged)):
            click.echo(line)
    for report in reports:
        for error in report.errors:
            say_error(error)
    if not options["quiet"]:
        click.echo(summary(reports), err=True)
