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
from mllint.cli.output import settings_here, show
from mllint.cli.outputs import offers_fixes, outputs
from mllint.cli.talk import FAILED, colour, fixable, say_error


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

    Output and exit code are those of one run over all shards; where a shard is missing, the exit code is 2.
    """
    from mllint.reports.merging import merged, missing, read_part

    context.color = colour(options["color"])
    finder = settings_finder(options)
    read = [read_part(part) for part in parts]
    reports = merged(report for part in read for report in part.reports)
    tries_fixes = offers_fixes(outputs(options, settings_here(finder)))
    left_out = list(missing(read))
    for share in left_out:
        say_error(share)
    code = show(reports, finder, options, details=fixable(reports, tries_fixes))
    context.exit(FAILED if left_out else code)
