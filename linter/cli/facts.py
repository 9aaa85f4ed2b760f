"""`mllint facts`: what is understood of one file."""

from __future__ import annotations

import os
from pathlib import Path

import click

from mllint.cli.talk import FAILED, say_error
from mllint.settings import SettingsFinder


@click.command()
@click.argument("path", type=click.Path())
@click.pass_context
def facts(context: click.Context, /, path: str) -> None:
    """Print what is understood of the training setups in a file, what is not, and why."""
    from mllint.engine import describe_facts
    from mllint.reports.style import beginning

    lines = describe_facts(path, SettingsFinder().for_directory(Path(os.path.abspath(path)).parent))
    if not isinstance(lines, list):
        say_error(lines)
        context.exit(FAILED)
    for line in lines or [f"{beginning(path)}: no training setup found"]:
        click.echo(line)
