"""Where reports go: one format to standard output, and any number to files, each written whole or not at all."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TextIO

import click

from mllint.reports import FORMATS, View, format_of_file, render

if TYPE_CHECKING:
    from mllint.results import Diagnostic, FileReport
    from mllint.settings import Settings

STATISTICS: Final = "statistics"
NAMED: Final = re.compile(r"(?P<format>\w+)=(?P<path>.*)", re.DOTALL)
"""FORMAT=FILE; a file whose name looks like that is written as ./NAME."""


class FileOutput(NamedTuple):
    """A file to write, and its format: None leaves it to the name of the file."""

    format: str | None
    path: str


class Output(NamedTuple):
    """One format, and the file that it goes to; None is standard output."""

    format: str
    path: str | None = None


def parse_files(context: click.Context, parameter: click.Parameter, values: Sequence[str]) -> tuple[FileOutput, ...]:
    """The values of --output-file."""
    files = tuple(map(_file_output, values))
    paths = [os.path.realpath(file.path) for file in files]
    for file, path in zip(files, paths, strict=True):
        if paths.count(path) > 1 and not path.startswith("/dev/"):
            raise click.BadParameter(f"{file.path!r} is named twice")
    return files


def _file_output(value: str) -> FileOutput:
    named = NAMED.fullmatch(value)
    if named is None:
        file = FileOutput(None, value)
    elif named["format"] in FORMATS:
        file = FileOutput(named["format"], named["path"])
    else:
        import difflib

        nearest = difflib.get_close_matches(named["format"], FORMATS, n=1)
        advice = f"did you mean {nearest[0]!r}?" if nearest else f"formats are {', '.join(FORMATS)}"
        raise click.BadParameter(f"{named['format']!r} is no format; {advice} (a file of this name is ./{value})")
    if file.path in ("", "-"):
        raise click.BadParameter(f"{value!r} names no file; --output-format is what goes to standard output")
    return file


def outputs(options: Mapping[str, Any], settings: Settings) -> tuple[Output, ...]:
    """Standard output comes first, unless its format goes to a file."""
    printed = STATISTICS if options.get("statistics") else settings.output_format
    files = tuple(
        Output(file.format or format_of_file(file.path, settings.output_format), file.path)
        for file in options.get("output_file", ())
    )
    return files if printed in {file.format for file in files} else (Output(printed), *files)


def offers_fixes(wanted: Sequence[Output]) -> bool:
    """Whether one of the formats holds fixes."""
    return any(FORMATS[output.format].offers_fixes for output in wanted if output.format in FORMATS)


def put_out(output: Output, reports: Sequence[FileReport], view: View, stdout: TextIO | None) -> Diagnostic | None:
    """Prints or writes one report; says what went wrong with a file. `stdout` stands for standard output."""
    if output.path is not None:
        return _write(output.path, output.format, reports, view)
    for line in render(output.format, reports, view):
        click.echo(line, file=stdout)
    return None


def _write(path: str, output_format: str, reports: Sequence[FileReport], view: View) -> Diagnostic | None:
    from mllint.fixes.files import save
    from mllint.results import Diagnostic

    text = "".join(f"{click.unstyle(line)}\n" for line in render(output_format, reports, view))
    try:
        save(Path(path), text.encode("utf-8", "backslashreplace"))  # the names of files need not be text
    except OSError as error:
        return Diagnostic(path, f"cannot write: {error.strerror or error}")
    return None
