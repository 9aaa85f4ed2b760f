"""What could not be judged, or went wrong, as SARIF notifications."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mllint.reports.places import error_position
from mllint.reports.sarif.places import artifact, as_location, logical, message
from mllint.results import Diagnostic, FileReport, NotJudged


def notifications(report: FileReport) -> Iterator[dict[str, Any]]:
    yield from (_error(error, report) for error in report.errors)
    yield from (_not_judged(entry, report) for entry in report.not_judged)


def _error(error: Diagnostic, report: FileReport) -> dict[str, Any]:
    at = error_position(error, report)
    physical: dict[str, Any] = {"artifactLocation": artifact(error.path)}
    if at is not None:
        physical["region"] = {"startLine": at.line, "startColumn": at.column}
    return {
        "level": "error",
        "message": message(error.message),
        "locations": [{"physicalLocation": physical, **logical(error.cell, None)}],
    }


def _not_judged(entry: NotJudged, report: FileReport) -> dict[str, Any]:
    output = f" of output {entry.output}" if entry.output else ""
    return {
        "level": "note",
        "message": message(f"not judged {entry.what}{output}: {entry.reason}"),
        "locations": [as_location(entry.location, report)],
    }
