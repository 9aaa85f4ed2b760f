"""`mllint merge`: one report out of the parts that several machines wrote."""

from __future__ import annotations

from typing import Any

import click

from mllint.cli.options import (
    COLOUR,
    CONFIG,
    EXIT_ZERO,
    ISOLATED,
    OUTPUT_FILE,
    OUTPUT_FORMAT,
    QUIET,
    SHOW_NOT_JUDGED,
    settings_finder,
)
from mllint.cli.output import show
from mllint.cli.talk import colour


@click.command()
@click.argument("parts", nargs=-1, required=True, type=click.Path())
@OUTPUT_FORMAT
@OUTPUT_FILE
@SHOW_NOT_JUDGED
@EXIT_ZERO
@CONFIG
@ISOLATED
@COLOUR
@QUIET
@click.pass_context
def merge(context: click.Context, /, parts: tuple[str, ...], **options: Any) -> None:
    """Put the parts of a report together that were written with `--shard I/N --output-format part`.

    Output and exit code are those of one run over all shards.
    """
    from mllint.reports.merging import merged, read_part

    context.color = colour(options["color"])
    reports = merged(report for part in parts for report in read_part(part))
    context.exit(show(reports, settings_finder(options), options))
