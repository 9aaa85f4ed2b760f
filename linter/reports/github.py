"""Workflow commands of GitHub Actions: an annotation for each finding, and for what could not be judged at all.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message. GitHub
takes columns only where a place begins and ends on one line, and shows ten annotations of a kind for each step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from mllint.findings import Finding, Severity
from mllint.reports import View
from mllint.reports.concise import where
from mllint.reports.places import Region, error_position, path_in_repository, region
from mllint.reports.style import plain
from mllint.results import Diagnostic, FilePosition, FileReport, NotJudged

COMMANDS: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "notice",
}


def render(reports: Sequence[FileReport], view: View) -> Iterator[str]:
    for report in reports:
        yield from (_finding(finding, report) for finding in report.findings)
        yield from (_error(error, report) for error in report.errors)
        if view.show_not_judged:
            yield from (_not_judged(entry, report) for entry in report.not_judged)


def _finding(finding: Finding, report: FileReport) -> str:
    title = f"{finding.code} {finding.rule}"
    lines = [f"{where(finding.primary)}: {plain(finding.message)}", *(f"help: {plain(line)}" for line in finding.help)]
    place = _place(region(finding.primary, report))
    return _command(COMMANDS[finding.severity], finding.primary.path, place, title, "\n".join(lines))


def _error(error: Diagnostic, report: FileReport) -> str:
    at = error_position(error, report)
    cell = f"cell {error.cell}: " if error.cell is not None else ""
    place = {"line": at.line, "col": at.column} if at is not None else {}
    return _command("error", error.path, place, "mllint", plain(f"{error.path}: {cell}{error.message}"))


def _not_judged(entry: NotJudged, report: FileReport) -> str:
    message = f"{where(entry.location)}: not judged {plain(f'{entry.what}: {entry.reason}')}"
    return _command("notice", entry.location.path, _place(region(entry.location, report)), "not judged", message)


def _place(marked: Region | None) -> dict[str, int]:
    if marked is None:
        return {}
    start, end = marked
    last = _last_line(start, end)
    if last != start.line:
        return {"line": start.line, "endLine": last}
    return {"line": start.line, "endLine": last, "col": start.column, "endColumn": max(end.column, start.column)}


def _last_line(start: FilePosition, end: FilePosition) -> int:
    """A place that ends before the first character of a line does not reach it."""
    return end.line - 1 if end.column == 1 and end.line > start.line else end.line


def _command(name: str, path: str, place: Mapping[str, int], title: str, message: str) -> str:
    properties = {"file": path_in_repository(path), **place, "title": title}
    said = ",".join(f"{key}={_escaped_property(str(value))}" for key, value in properties.items())
    return f"::{name} {said}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return plain(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
