"""The code quality report of GitLab: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from mllint.findings import Finding, Severity
from mllint.reports import View
from mllint.reports.fingerprints import fingerprint_of_error, fingerprints
from mllint.reports.places import error_position, part_of, path_in_repository, readable, region
from mllint.results import Diagnostic, FileReport

SEVERITIES: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "critical",
    Severity.WARNING: "major",
    Severity.INFO: "info",
}
NOT_READ: Final = "cannot-judge"
"""The name under which a file is reported that could not be judged."""


def render(reports: Sequence[FileReport], view: View) -> Iterator[str]:
    known_by = fingerprints(reports)
    yield json.dumps([entry for report in reports for entry in _entries(report, known_by)], indent=2)


def _entries(report: FileReport, known_by: Mapping[Finding, str]) -> Iterator[dict[str, Any]]:
    yield from (_finding(finding, known_by[finding], report) for finding in report.findings)
    yield from (_error(error, report) for error in report.errors)


def _finding(finding: Finding, fingerprint: str, report: FileReport) -> dict[str, Any]:
    at = finding.primary
    marked = region(at, report)
    part = part_of(at.cell, at.part)
    return {
        "description": readable(f"{finding.message} ({part})" if part else finding.message),
        "check_name": finding.rule,
        "fingerprint": fingerprint,
        "severity": SEVERITIES[finding.severity],
        "location": {
            "path": readable(path_in_repository(at.path)),
            "lines": {"begin": marked.start.line, "end": marked.end.line} if marked else {"begin": 1},
        },
    }


def _error(error: Diagnostic, report: FileReport) -> dict[str, Any]:
    at = error_position(error, report)
    return {
        "description": readable(error.message),
        "check_name": NOT_READ,
        "fingerprint": fingerprint_of_error(error),
        "severity": "blocker",
        "location": {
            "path": readable(path_in_repository(error.path)),
            "lines": {"begin": at.line if at is not None else 1},
        },
    }
