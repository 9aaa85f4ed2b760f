"""What several files of a program have in common is said once.

A model that is compiled in one file and trained from two others is judged with each of the three: what is found at one
place by one rule is one finding, and belongs to the report of the file in which it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from mllint.findings import Finding, Location
from mllint.results import FileReport

UNUSED: Final = "unused-suppression"

Key: TypeAlias = "tuple[str, Location]"


def said_once(reports: Sequence[FileReport]) -> list[FileReport]:
    """The reports of one run without what others of them say too: a finding stays with the file of its place, or else
    with the first report in which it is severest. What could not be judged at a place is said with its file, and no
    comment is called unused that another report needs."""
    if not any(_speaks_of_others(report) for report in reports):
        return list(reports)
    keepers = _keepers(reports)
    judged = {report.path for report in reports if not report.errors}
    needed = {one.comment for report in reports for one in report.suppressed if one.comment is not None}
    return [
        replace(
            report,
            findings=tuple(
                one
                for one in report.findings
                if keepers[_key(one)] == number and not (one.rule == UNUSED and one.primary in needed)
            ),
            not_judged=tuple(
                one for one in report.not_judged if one.location.path == report.path or one.location.path not in judged
            ),
        )
        for number, report in enumerate(reports)
    ]


def _speaks_of_others(report: FileReport) -> bool:
    silenced = (one.finding for one in report.suppressed)
    places = [place for finding in (*report.findings, *silenced) for place in finding.locations]
    places += [one.location for one in report.not_judged]
    return any(place.path != report.path for place in places)


def _keepers(reports: Sequence[FileReport]) -> dict[Key, int]:
    """The number of the report that keeps each finding."""
    best: dict[Key, tuple[bool, int, int]] = {}
    for number, report in enumerate(reports):
        for finding in report.findings:
            rank = finding.primary.path == report.path, int(finding.severity), -number
            key = _key(finding)
            best[key] = max(rank, best.get(key, rank))
    return {key: -rank[2] for key, rank in best.items()}


def _key(finding: Finding) -> Key:
    return finding.rule, replace(finding.primary, role="evidence", message="")
