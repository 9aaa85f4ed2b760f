"""What the page shows, as plain data for its template."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import click

from mllint.findings import Finding, Location
from mllint.reports import concise
from mllint.reports.html.charts import Curve, Histogram
from mllint.reports.style import displayed
from mllint.results import Diagnostic, FileReport, line_of

Figures: TypeAlias = "tuple[tuple[str, str], ...]"
"""Names with what is to be said of them."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain head → loss → labels."""

    title: str
    text: str
    where: str


@dataclass(frozen=True, slots=True)
class Panel:
    """What one probe asked, and the figures it measured."""

    title: str
    asks: str
    figures: Figures
    plots: tuple[Histogram | Curve, ...] = ()


@dataclass(frozen=True, slots=True)
class OutputView:
    """One output of a model."""

    name: str | None
    chain: tuple[Link, ...]
    panels: tuple[Panel, ...] = ()


@dataclass(frozen=True, slots=True)
class SetupView:
    """One training setup."""

    title: str
    outputs: tuple[OutputView, ...]


@dataclass(frozen=True, slots=True)
class CodeView:
    """A line of code, with the part of it that is meant."""

    before: str
    marked: str
    after: str


@dataclass(frozen=True, slots=True)
class PlaceView:
    """One place of a finding, with its line of code where there is one."""

    role: str
    where: str
    message: str
    code: CodeView | None


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding."""

    rule: str
    code: str
    severity: str
    message: str
    places: tuple[PlaceView, ...]
    help: tuple[str, ...]
    fixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotJudgedView:
    """One silence, with its reason."""

    where: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page, worst findings first."""

    title: str
    subtitle: str
    findings: tuple[FindingView, ...]
    not_judged: tuple[NotJudgedView, ...] = ()
    errors: tuple[str, ...] = ()
    setups: tuple[SetupView, ...] = field(default=())


def page_of(title: str, reports: Sequence[FileReport], setups: Iterable[SetupView] = ()) -> Page:
    """The page for these reports; `setups` are shown where a lens measured them."""
    found = [(report, finding) for report in reports for finding in report.findings]
    found.sort(key=lambda pair: -pair[1].severity)
    return Page(
        title=title,
        subtitle=_subtitle(reports),
        findings=tuple(_finding(finding, report) for report, finding in found),
        not_judged=tuple(
            NotJudgedView(concise.where(entry.location), entry.what, entry.reason)
            for report in reports
            for entry in report.not_judged
        ),
        errors=tuple(_error(error) for report in reports for error in report.errors),
        setups=tuple(setups),
    )


def _subtitle(reports: Sequence[FileReport]) -> str:
    counts = {
        "not judged": sum(len(report.not_judged) for report in reports),
        "suppressed": sum(len(report.suppressed) for report in reports),
        "in the baseline": sum(len(report.in_baseline) for report in reports),
    }
    said = [
        f"{_counted(sum(len(report.findings) for report in reports), 'finding')} in {_counted(len(reports), 'file')}",
        f"{_counted(sum(report.judged for report in reports), 'setup')} judged",
        *(f"{count} {what}" for what, count in counts.items() if count),
    ]
    return ", ".join(said)


def _counted(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _finding(finding: Finding, report: FileReport) -> FindingView:
    return FindingView(
        finding.rule,
        finding.code,
        finding.severity.label,
        finding.message,
        tuple(_places(finding.locations, report)),
        finding.help,
        tuple(f"{fix.title} ({fix.applicability})" for fix in finding.fixes),
    )


def _places(locations: Sequence[Location], report: FileReport) -> Iterator[PlaceView]:
    for place in locations:
        code = report.lines.get(line_of(place), "") if place.part is None else ""
        yield PlaceView(place.role, concise.where(place), place.message, _code(code, place) if code else None)


def _code(line: str, place: Location) -> CodeView:
    """Without its indentation; a place that goes on below is marked to the end of the line."""
    start = place.column - 1
    end = place.end_column - 1 if place.end_line == place.line else len(line)
    before, marked, after = line[:start], line[start:end], line[end:]
    return CodeView(displayed(before.lstrip()), displayed(marked), displayed(after.rstrip()))


def _error(error: Diagnostic) -> str:
    line = f":{error.line}" if error.line is not None else ""
    return click.unstyle(f"{error.path}{line}: {error.message}")
