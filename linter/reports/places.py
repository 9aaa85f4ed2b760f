"""Where findings are, for programs that know files and lines, but neither notebooks nor this working directory.

In a notebook that is the line of its JSON on which the source line is written; which cell it is, is said beside it.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import NamedTuple

from mllint.findings import Edit, Location
from mllint.results import Diagnostic, FilePosition, FileReport


class Region(NamedTuple):
    """A part of a file; the end is exclusive."""

    start: FilePosition
    end: FilePosition


def region(place: Location | Edit, report: FileReport) -> Region | None:
    """None for a place that is on no line: in a model, or in a cell that nobody located."""
    if isinstance(place, Location) and place.part is not None:
        return None
    start = _position(report, place.path, place.cell, place.line, place.column)
    end = _position(report, place.path, place.cell, place.end_line, place.end_column)
    return Region(start, end or start) if start is not None else None


def error_position(error: Diagnostic, report: FileReport) -> FilePosition | None:
    """None where it concerns the file as a whole."""
    if error.line is None:
        return None
    return _position(report, error.path, error.cell, error.line, error.column or 1)


def _position(report: FileReport, path: str, cell: int | None, line: int, column: int) -> FilePosition | None:
    if cell is not None:
        return report.in_json.get((cell, line, column))
    before = report.lines.get((path, None, line), "")[: column - 1]
    wider = len(before.encode("utf-8", "surrogatepass")) - len(before)
    return FilePosition(line, column, column + wider)


def part_of(cell: int | None, part: str | None) -> str | None:
    """The part of a notebook or model that is meant."""
    return part if cell is None else f"cell {cell}"


# ---------------------------------------------------------------- paths


def path_in_repository(path: str) -> str:
    """A path with forward slashes from the root of the repository around the working directory, or from that where
    there is none; an absolute one for what lies outside."""
    absolute = Path(os.path.abspath(path))
    root = _root(Path.cwd())
    return (absolute.relative_to(root) if absolute.is_relative_to(root) else absolute).as_posix()


@cache
def _root(directory: Path) -> Path:
    return next((one for one in (directory, *directory.parents) if (one / ".git").exists()), directory)


def readable(text: str) -> str:
    """Text that every program can read: a byte of a path that is no UTF-8 is written as an escape."""
    return text.encode("utf-8", "backslashreplace").decode()
