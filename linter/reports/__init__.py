"""The output formats, one module each, with `render(reports, view)`."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mllint.results import FileReport


@dataclass(frozen=True, slots=True)
class View:
    """What the user wants to see besides the findings."""

    show_not_judged: bool = False


def render(output_format: str, reports: Sequence[FileReport], view: View) -> Iterator[str]:
    """The lines to print for "full", "concise", "json" or "statistics"."""
    module = importlib.import_module(f"{__name__}.{output_format}")
    lines: Iterator[str] = module.render(reports, view)
    return lines
