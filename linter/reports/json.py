"""JSON for programs. `version` changes when something is renamed or removed; new keys may come at any time.

Lines and columns are 1-based, columns count code points, `end_column` is exclusive. docs/output.md describes the keys,
docs/schemas/output-v1.schema.json is their JSON Schema.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any, Final

from mllint.findings import Finding, Severity
from mllint.reports import Fixing, View
from mllint.results import FileReport

VERSION: Final = 1


def render(reports: Sequence[FileReport], view: View) -> Iterator[str]:
    """What was not judged is always there, whatever the view."""
    yield json.dumps({"version": VERSION, **lists(reports, view), "summary": summary(reports)}, indent=2)


def lists(reports: Sequence[FileReport], view: View) -> dict[str, list[dict[str, Any]]]:
    """Everything but the summary, by kind."""
    fixing = view.fixing or Fixing()
    return {
        "findings": [_finding(finding) for report in reports for finding in report.findings],
        "not_judged": [asdict(entry) for report in reports for entry in report.not_judged],
        "errors": [asdict(error) for report in reports for error in report.errors],
        "applied": [asdict(fix) for fix in fixing.applied],
        "refused": [asdict(fix) for fix in fixing.refused],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "code": finding.code,
        "severity": finding.severity.label,
        "message": finding.message,
        "path": finding.primary.path,
        "locations": [asdict(location) for location in finding.locations],
        "help": list(finding.help),
        "fixes": [asdict(fix) for fix in finding.fixes],
    }


def summary(reports: Sequence[FileReport]) -> dict[str, Any]:
    """How much there is of everything."""
    findings = [finding for report in reports for finding in report.findings]
    severities = Counter(finding.severity for finding in findings)
    return {
        "files": len({report.path for report in reports}),
        **{severity.label: severities[severity] for severity in sorted(Severity, reverse=True)},
        "rules": dict(sorted(Counter(finding.rule for finding in findings).items())),
        "suppressed": sum(len(report.suppressed) for report in reports),
        "in_baseline": sum(len(report.in_baseline) for report in reports),
        "on_unchanged_lines": sum(len(report.on_unchanged_lines) for report in reports),
        "judged": sum(report.judged for report in reports),
        "labels_not_known": sum(report.labels_not_known for report in reports),
        "not_judged": sum(len(report.not_judged) for report in reports),
        "errors": sum(len(report.errors) for report in reports),
    }
