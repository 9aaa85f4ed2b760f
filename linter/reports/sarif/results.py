"""Findings as SARIF results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from mllint.findings import Finding, Fix, Location
from mllint.reports.edits import Replacement, replacement
from mllint.reports.fingerprints import fingerprints
from mllint.reports.places import part_of, readable
from mllint.reports.sarif.places import artifact, as_location, as_region, content, message
from mllint.reports.sarif.rules import LEVELS
from mllint.results import FileReport

FINGERPRINT: Final = "mllint/v1"
BASELINE: Final = {"kind": "external", "justification": "recorded in the baseline"}


def results(reports: Sequence[FileReport], rules: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    """What was found; `rules` holds the index of each rule by its code."""
    known_by = fingerprints(reports)
    for report in reports:
        for finding, suppressions in _with_suppressions(report):
            yield {
                **_result(finding, report, rules),
                "partialFingerprints": {FINGERPRINT: known_by[finding]},
                "suppressions": suppressions,
            }


def _with_suppressions(report: FileReport) -> Iterator[tuple[Finding, list[dict[str, str]]]]:
    yield from ((finding, []) for finding in report.findings)
    yield from ((one.finding, [_comment(one.reason)]) for one in report.suppressed)
    yield from ((finding, [BASELINE]) for finding in report.in_baseline)


def _comment(reason: str) -> dict[str, str]:
    return {"kind": "inSource"} | ({"justification": readable(reason)} if reason else {})


def _result(finding: Finding, report: FileReport, rules: Mapping[str, int]) -> dict[str, Any]:
    related = finding.locations[1:]
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rules[finding.code],
        "level": LEVELS[finding.severity],
        "message": message("\n".join(_message(finding))),
        "locations": [as_location(finding.primary, report)],
    }
    if related:
        result["relatedLocations"] = [{"id": number, **_said(one, report)} for number, one in enumerate(related, 1)]
        result["codeFlows"] = [{"threadFlows": [{"locations": list(_flow(finding, report))}]}]
    fixes = [fix for fix in (_fix(fix, report) for fix in finding.fixes) if fix is not None]
    return result | ({"fixes": fixes} if fixes else {})


def _message(finding: Finding) -> Iterator[str]:
    part = part_of(finding.primary.cell, finding.primary.part)
    yield f"{finding.message} ({part})" if part else finding.message
    yield from (f"help: {line}" for line in finding.help)


def _said(place: Location, report: FileReport) -> dict[str, Any]:
    said = f"{place.role}: {place.message}" if place.message else place.role
    return {**as_location(place, report), "message": message(said)}


def _flow(finding: Finding, report: FileReport) -> Iterator[dict[str, Any]]:
    """The chain of evidence as the program comes by it; the place to change is the last."""
    related = sorted(finding.locations[1:], key=lambda one: (one.path, one.cell or 0, one.line, one.column))
    yield from ({"location": _said(place, report)} for place in (*related, finding.primary))


# ---------------------------------------------------------------- fixes


def _fix(fix: Fix, report: FileReport) -> dict[str, Any] | None:
    replacements = [replacement(edit, report) for edit in fix.edits]
    whole = [one for one in replacements if one is not None]
    if len(whole) < len(replacements):
        return None
    return {
        "description": message(f"{fix.title} ({fix.applicability})"),
        "artifactChanges": list(_changes(whole)),
        "properties": {"applicability": fix.applicability},
    }


def _changes(replacements: Sequence[Replacement]) -> Iterator[dict[str, Any]]:
    for path, edits in groupby(sorted(replacements, key=lambda one: one.path), key=lambda one: one.path):
        yield {
            "artifactLocation": artifact(path),
            "replacements": [
                {"deletedRegion": as_region(one.region), "insertedContent": content(one.text)} for one in edits
            ],
        }
