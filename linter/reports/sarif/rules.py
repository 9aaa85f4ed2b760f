"""Rules as SARIF descriptors, with their pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from mllint import registry
from mllint.findings import Finding, Severity
from mllint.registry.packages import RegisteredRule
from mllint.results import FileReport

LEVELS: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
}


def found_in(report: FileReport) -> Iterator[Finding]:
    """The findings that are results: those that are shown, and those that a comment or a baseline hides."""
    yield from report.findings
    yield from (one.finding for one in report.suppressed)
    yield from report.in_baseline


def descriptors(reports: Sequence[FileReport]) -> list[dict[str, Any]]:
    """The rules that found something, by code. A rule decides its severity finding by finding: its level is that of the
    severest."""
    severest: dict[str, Finding] = {}
    for finding in (finding for report in reports for finding in found_in(report)):
        known = severest.setdefault(finding.rule, finding)
        severest[finding.rule] = max(known, finding, key=lambda one: one.severity)
    return [_descriptor(finding) for finding in sorted(severest.values(), key=lambda finding: finding.code)]


def _descriptor(finding: Finding) -> dict[str, Any]:
    rule = registry.find(finding.rule)
    page = _page(rule)
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.name},
        "fullDescription": {"text": rule.summary},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": LEVELS[finding.severity]},
        "properties": {"tags": [rule.family]},
    }


def _page(rule: RegisteredRule) -> str:
    """A rule of another distribution may come without one."""
    try:
        return rule.page()
    except FileNotFoundError:
        return rule.summary
