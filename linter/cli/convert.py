"""`mllint convert`: makes the models of a file another kind, whole or not at all."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from mllint.cli.options import COLOUR
from mllint.cli.talk import CLEAN, FAILED, FINDINGS, colour, counted, say, say_diff, say_error
from mllint.conversion.request import GOALS, Goal, Request

if TYPE_CHECKING:
    from mllint.conversion.request import Conversion, Converted

TARGET: Final = re.compile(r"(?P<path>.+?)(?::cell (?P<cell>\d{1,9}))?:(?P<line>\d{1,9})(?::\d{1,9})?")
"""PATH:LINE, PATH:cell CELL:LINE, as findings are printed; a column is left out of account."""


@click.command()
@click.argument("target", metavar="PATH[:LINE]")
@click.option("--to", "goal", type=click.Choice(GOALS), required=True, help="What the models are to be.")
@click.option("--output", metavar="NAME", help="The output to convert, of models with several.")
@click.option("--diff", "show_diff", is_flag=True, help="Print what would change, and change nothing.")
@COLOUR
@click.option("-q", "--quiet", is_flag=True, help="Say nothing where all goes well.")
@click.pass_context
def convert(
    context: click.Context, /, target: str, goal: Goal, output: str | None, show_diff: bool, color: str, quiet: bool
) -> None:
    """Convert the models in a file or notebook: head, loss, metrics, labels and decodings together.

    \b
    multi-label    any number of labels may apply: sigmoid, binary cross-entropy
    multi-class    exactly one class applies: softmax, categorical cross-entropy
    binary         one unit answers yes or no: sigmoid, binary cross-entropy
    logits         the activation moves from the head into the loss
    probabilities  the activation moves from the loss into the head

    PATH:LINE means the model whose compile or loss call, loss or head is nearest to that line; in a notebook it is
    `PATH:cell CELL:LINE`. Without LINE all models of the file are converted. The converted file is read again before
    it is written, and nothing is written where the models would not be what was asked for.

    Exit: 0 done, or nothing to do; 1 with --diff where something would change; 2 not converted.
    """
    context.color = colour(color)
    path, request = _request(target, goal, output)
    context.exit(_convert(path, request, show_diff, quiet))


def _request(target: str, goal: Goal, output: str | None) -> tuple[str, Request]:
    """A file whose name ends in what looks like a line is still a file."""
    found = None if os.path.exists(target) else TARGET.fullmatch(target)
    if found is None:
        return target, Request(goal, output=output)
    cell = int(found["cell"]) if found["cell"] is not None else None
    return found["path"], Request(goal, int(found["line"]), cell, output)


def _convert(path: str, request: Request, show_diff: bool, quiet: bool) -> int:
    from mllint.engine import convert_file
    from mllint.results import Diagnostic
    from mllint.settings import SettingsFinder

    outcome = convert_file(path, SettingsFinder().for_directory(_folder(path)), request)
    if isinstance(outcome, Diagnostic):
        say_error(outcome)
        return FAILED
    if outcome.rewrite is None:
        if not quiet:
            say(f"{path}: nothing to do, this is {request.goal} already")
        return CLEAN
    return _show(outcome, quiet) if show_diff else _write(outcome, quiet)


def _folder(path: str) -> Path:
    return Path(os.path.abspath(path)).parent


def _show(conversion: Conversion, quiet: bool) -> int:
    from mllint.fixes.diff import of_rewrite

    assert conversion.rewrite is not None
    for line in of_rewrite(conversion.rewrite):
        say_diff(line)
    if not quiet:
        _say(conversion, "Would convert")
    return FINDINGS


def _write(conversion: Conversion, quiet: bool) -> int:
    from mllint.fixes.files import write

    assert conversion.rewrite is not None
    failure = write(conversion.rewrite)
    if failure is not None:
        say_error(failure)
        return FAILED
    if not quiet:
        _say(conversion, "Converted")
    return CLEAN


def _say(conversion: Conversion, done: str) -> None:
    assert conversion.rewrite is not None
    for one in conversion.converted:
        for line in _lines(one):
            say(line)
    say(f"{done} {counted(len(conversion.converted), 'model')} in {conversion.rewrite.path}")


def _lines(converted: Converted) -> Iterator[str]:
    at = converted.location
    cell = f":cell {at.cell}" if at.cell is not None else ""
    output = f" (output {converted.output})" if converted.output is not None else ""
    yield f"{at.path}{cell}:{at.line}: {converted.title}{output}"
    if converted.labels_unknown:
        yield "  its labels are out of sight: see that they are what the loss wants"
