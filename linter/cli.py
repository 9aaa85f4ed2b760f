"""The command line."""

from __future__ import annotations

from pathlib import Path

import click

from mllint import __version__


@click.command()
@click.version_option(__version__)
@click.argument("paths", nargs=-1)
def main(paths: tuple[str, ...]) -> None:
    from mllint.engine import SourceFile, lint_files
    from mllint.settings import Settings

    settings = Settings()
    for report in lint_files(SourceFile(path, settings) for path in paths if Path(path).is_file()):
        for finding in report.findings:
            place = finding.primary
            cell = f"cell {place.cell}:" if place.cell else ""
            click.echo(
                f"{place.path}:{cell}{place.line}:{place.column}: {finding.severity.label}[{finding.code}] {finding.rule}: {finding.message}"
            )
        for error in report.errors:
            click.echo(f"{error}", err=True)
