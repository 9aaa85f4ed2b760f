"""One line for each finding: `path:line:column: error[MLL101] rule-name: message`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from mllint.findings import Finding, Location
from mllint.reports import View
from mllint.reports.style import SEVERITY_COLOURS, beginning, plain
from mllint.results import FileReport, NotJudged


def render(reports: Sequence[FileReport], view: View) -> Iterator[str]:
    for report in reports:
        yield from map(line, report.findings)
        if view.show_not_judged:
            yield from map(not_judged, report.not_judged)


def line(finding: Finding) -> str:
    """One line on a finding."""
    severity = click.style(f"{finding.severity.label}[{finding.code}]", fg=SEVERITY_COLOURS[finding.severity])
    return f"{where(finding.primary)}: {severity} {click.style(finding.rule, bold=True)}: {plain(finding.message)}"


def not_judged(entry: NotJudged) -> str:
    """One line on what the rules were silent about."""
    output = f" of output {entry.output!r}" if entry.output else ""
    said = plain(f"{entry.what}{output}: {entry.reason}")
    return f"{where(entry.location)}: {click.style('not judged', fg='cyan')} {said}"


def where(location: Location) -> str:
    """`path:line:column`; in a notebook `path:cell 3:line:column`; in a model `path: layer dense_1`."""
    path = beginning(location.path)
    if location.part is not None:
        return f"{path}: {plain(location.part)}"
    cell = f"cell {location.cell}:" if location.cell is not None else ""
    return f"{path}:{cell}{location.line}:{location.column}"
