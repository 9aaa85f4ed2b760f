"""The output formats, one module each, with `render(reports, view)`."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from mllint.files.sharding import WHOLE

if TYPE_CHECKING:
    from mllint.files.sharding import Shard
    from mllint.results import AppliedFix, FileReport, RefusedFix


@dataclass(frozen=True, slots=True)
class Format:
    """What is to be known of an output format before its module is imported."""

    suffixes: tuple[str, ...] = ()
    """What the names of its files end in."""
    offers_fixes: bool = False
    """Whether it holds the fixes of each finding, which takes time to try."""


FORMATS: Final[Mapping[str, Format]] = {
    "full": Format(),
    "concise": Format(),
    "json": Format((".json",), offers_fixes=True),
    "jsonl": Format((".jsonl", ".ndjson"), offers_fixes=True),
    "sarif": Format((".sarif", ".sarif.json"), offers_fixes=True),
    "github": Format(),
    "gitlab": Format((".json",)),
    "junit": Format((".xml",)),
    "rdjson": Format((".rdjson", ".json"), offers_fixes=True),
    "html": Format((".html", ".htm")),
    "part": Format((".part",), offers_fixes=True),
}
"""The formats by name; a name is that of its module."""


def format_of_file(path: str, otherwise: str) -> str:
    """The format that a file's suffix asks for; `otherwise` where the suffix leaves it open."""
    endings = {name: [end for end in form.suffixes if path.lower().endswith(end)] for name, form in FORMATS.items()}
    longest = max((len(end) for ends in endings.values() for end in ends), default=0)
    meant = [name for name, ends in endings.items() if any(len(end) == longest for end in ends)]
    return otherwise if otherwise in meant or not meant else meant[0]


@dataclass(frozen=True, slots=True)
class Fixing:
    """What became of the fixes of a run that carried some out."""

    applied: tuple[AppliedFix, ...] = ()
    refused: tuple[RefusedFix, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """What the user wants to see besides the findings."""

    show_not_judged: bool = False
    fixing: Fixing | None = None
    """None where no fixes were to be carried out."""
    paths: tuple[str, ...] = ()
    """What was to be linted; empty for the working directory."""
    shard: Shard = WHOLE
    """Which share of it was."""


def render(output_format: str, reports: Sequence[FileReport], view: View) -> Iterator[str]:
    """The lines of a report in one of FORMATS, or of "statistics".

    A format that offers no fixes shows only those that are left after fixing, so that it says the same whatever other
    formats were asked for.
    """
    module = importlib.import_module(f"{__name__}.{output_format}")
    offers_fixes = output_format in FORMATS and FORMATS[output_format].offers_fixes
    shown = reports if offers_fixes or view.fixing is not None else [_without_fixes(report) for report in reports]
    lines: Iterator[str] = module.render(shown, view)
    return lines


def _without_fixes(report: FileReport) -> FileReport:
    if not report.findings:
        return report
    return replace(report, findings=tuple(replace(finding, fixes=()) for finding in report.findings))
