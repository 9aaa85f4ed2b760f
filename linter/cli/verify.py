"""`mllint verify`: judges models, from what their files say, or by running them in a worker process."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast, get_args

import click

from mllint.cli.help import Sectioned
from mllint.cli.options import (
    COLOUR,
    CONFIG,
    EXIT_ZERO,
    EXTEND_SELECT,
    FAIL_LEVEL,
    IGNORE,
    ISOLATED,
    OUTPUT_FILE,
    OUTPUT_FORMAT,
    PEDANTIC,
    QUIET,
    SELECT,
    SHOW_NOT_JUDGED,
    settings_finder,
)
from mllint.cli.output import show
from mllint.cli.running import is_to_run, live_report, running_options
from mllint.cli.talk import colour
from mllint.facts import Encoding, Task
from mllint.settings import SettingsError, SettingsFinder

if TYPE_CHECKING:
    from mllint.archive.lens import Stated
    from mllint.results import FileReport


def _labels(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str | None, Encoding]:
    stated: dict[str | None, Encoding] = {}
    for value in values:
        output, _, encoding = value.rpartition("=")
        if encoding not in get_args(Encoding):
            raise click.BadParameter(f"{encoding!r} is none of {', '.join(get_args(Encoding))}")
        stated[output or None] = cast(Encoding, encoding)
    return stated


def _loss(context: click.Context, parameter: click.Parameter, name: str | None) -> str | None:
    from mllint.rules import knowledge

    if name is None or ":" in name or knowledge.losses().identify(name) is not None:
        return name
    nearest = difflib.get_close_matches(name, knowledge.losses().identifiers(), n=1)
    advice = f"; did you mean {nearest[0]!r}?" if nearest else ""
    raise click.BadParameter(f"{name!r} is not a loss of Keras{advice}")


SECTIONS: Final = {
    "What no file says": ("labels", "loss", "task"),
    "Running the model": (
        "run", "data", "rows", "backend", "device", "dtype_policy", "imports", "allow_code", "timeout", "memory_limit",
        "debug",
    ),
    "Which rules": ("select", "extend_select", "ignore", "pedantic"),
    "Output": ("output_format", "output_file", "show_not_judged", "color", "quiet"),
    "Exit code": ("fail_level", "exit_zero"),
    "Settings": ("config", "isolated"),
}  # fmt: skip
EXAMPLES: Final = """
mllint verify model.keras  # what the file says, read as data
mllint verify --labels one-hot model.h5  # with what it does not say
mllint verify --data batch.npz model.keras  # the model is run on a batch of x and y
mllint verify package.module:make_model  # what a function makes
mllint verify -o report.html --run model.keras  # a page with what was measured
"""


@click.command(cls=Sectioned, sections=SECTIONS, examples=EXAMPLES)
@click.argument("models", nargs=-1, required=True, metavar="MODEL…", type=click.Path())
@click.option(
    "--labels",
    multiple=True,
    callback=_labels,
    metavar="[OUTPUT=]ENCODING",
    help=f"How the labels are encoded, which no file holds: {', '.join(get_args(Encoding))}.",
)
@click.option("--loss", callback=_loss, metavar="NAME|MODULE:NAME", help="The loss of a model that is not compiled.")
@running_options
@click.option("--task", type=click.Choice(get_args(Task)), help="What the models are for.")
@SELECT
@EXTEND_SELECT
@IGNORE
@PEDANTIC
@FAIL_LEVEL
@EXIT_ZERO
@SHOW_NOT_JUDGED
@OUTPUT_FORMAT
@OUTPUT_FILE
@CONFIG
@ISOLATED
@COLOUR
@QUIET
@click.pass_context
def verify(context: click.Context, /, models: tuple[str, ...], **options: Any) -> None:
    """Judge models: .keras and .h5 files, SavedModel directories, and module:function that makes one.

    A file is read as data: nothing in it is executed, and TensorFlow is not needed. With --run, --data and the options
    that say how to run it, the model is loaded in a worker process and tried.
    """
    context.color = colour(options["color"])
    finder = settings_finder(options)
    context.exit(show(list(_reports(models, finder, options)), finder, options))


def _reports(models: Iterable[str], finder: SettingsFinder, options: dict[str, Any]) -> Iterable[FileReport]:
    from mllint.archive.lens import Stated

    stated = Stated(options["labels"], options["loss"], options["task"])
    return (_report(model, finder, stated, options) for model in dict.fromkeys(models))


def _report(model: str, finder: SettingsFinder, stated: Stated, options: dict[str, Any]) -> FileReport:
    from mllint.files.discovery import mistake
    from mllint.results import FileReport
    from mllint.verification import lint_model_file

    try:
        settings = finder.for_directory(Path(os.path.abspath(model)).parent)
    except SettingsError as error:
        return FileReport(model, errors=(mistake(error),))
    if is_to_run(model, options):
        return live_report(model, settings, options)
    return lint_model_file(model, settings, stated)
