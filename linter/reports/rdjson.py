"""The Reviewdog Diagnostic Format, with fixes as suggestions; columns count bytes of UTF-8.

The keys are those of https://github.com/reviewdog/reviewdog/blob/master/proto/rdf/reviewdog.proto. A suggestion is one
replacement that a reviewer accepts alone, so a fix becomes one only where all its edits lie on lines beside each other;
the title of another is part of the message.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Any, Final

from mllint.findings import Finding, Fix, Location, Severity
from mllint.reports import View
from mllint.reports.edits import joined, replacement
from mllint.reports.places import Region, error_position, part_of, readable, region
from mllint.results import Diagnostic, FilePosition, FileReport

SOURCE: Final = {"name": "mllint"}
SEVERITIES: Final = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.INFO: "INFO"}


def render(reports: Sequence[FileReport], view: View) -> Iterator[str]:
    diagnostics = [entry for report in reports for entry in _diagnostics(report)]
    yield json.dumps({"source": SOURCE, "diagnostics": diagnostics}, indent=2)


def _diagnostics(report: FileReport) -> Iterator[dict[str, Any]]:
    yield from (_finding(finding, report) for finding in report.findings)
    yield from (_error(error, report) for error in report.errors)


def _finding(finding: Finding, report: FileReport) -> dict[str, Any]:
    return {
        "message": readable("\n".join(_message(finding))),
        "location": _location(finding.primary, report),
        "severity": SEVERITIES[finding.severity],
        "source": SOURCE,
        "code": {"value": finding.code},
        "suggestions": [suggestion for fix in finding.fixes for suggestion in _suggestions(fix, report)],
        "related_locations": [_related(location, report) for location in finding.locations[1:]],
    }


def _message(finding: Finding) -> Iterator[str]:
    part = part_of(finding.primary.cell, finding.primary.part)
    yield f"{finding.rule}: {finding.message}" + (f" ({part})" if part else "")
    yield from (f"help: {line}" for line in finding.help)
    yield from (f"fix ({fix.applicability}): {fix.title}" for fix in finding.fixes)


def _location(location: Location, report: FileReport) -> dict[str, Any]:
    marked = region(location, report)
    path = {"path": _path(location.path)}
    return path | ({"range": _range(marked)} if marked is not None else {})


def _related(location: Location, report: FileReport) -> dict[str, Any]:
    part = part_of(location.cell, location.part)
    said = f"{location.role}: {location.message}" if location.message else location.role
    return {"message": readable(f"{said} ({part})" if part else said), "location": _location(location, report)}


def _suggestions(fix: Fix, report: FileReport) -> Iterator[dict[str, Any]]:
    edit = joined(fix, report)
    replaced = replacement(edit, report) if edit is not None else None
    if replaced is not None:
        yield {"range": _range(replaced.region), "text": replaced.text}


def _error(error: Diagnostic, report: FileReport) -> dict[str, Any]:
    at = error_position(error, report)
    path = {"path": _path(error.path)}
    cell = f" (cell {error.cell})" if error.cell is not None else ""
    return {
        "message": readable(error.message + cell),
        "location": path | ({"range": {"start": _position(at)}} if at is not None else {}),
        "severity": "ERROR",
        "source": SOURCE,
    }


def _path(path: str) -> str:
    """Reviewdog takes paths as those from its working directory."""
    return readable(PurePath(path).as_posix())


def _range(marked: Region) -> dict[str, Any]:
    return {"start": _position(marked.start), "end": _position(marked.end)}


def _position(position: FilePosition) -> dict[str, int]:
    return {"line": position.line, "column": position.byte_column}
