"""What a finding is recognised by from run to run, wherever its line moves.

A fingerprint is the SHA-256 of the rule's code, the path, the text of the line without its blanks, and a number that
tells apart what has all of these in common, counted from the top of the file. Findings that are not shown count too, so
that the others keep their fingerprints when one is silenced. In a model its part takes the place of the line.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator

from mllint.findings import Finding
from mllint.judging import position_and_code
from mllint.reports.places import path_in_repository
from mllint.results import Diagnostic, FileReport, line_of


def fingerprints(reports: Iterable[FileReport]) -> dict[Finding, str]:
    """A fingerprint for each finding of a run, hidden ones included."""
    texts = {finding: _text(finding, report) for report in reports for finding in _all(report)}
    seen: Counter[tuple[str, ...]] = Counter()
    known: dict[Finding, str] = {}
    for finding in sorted(texts, key=position_and_code):
        known_by = (finding.code, path_in_repository(finding.primary.path), texts[finding])
        known[finding] = _hash(*known_by, str(seen[known_by]))
        seen[known_by] += 1
    return known


def fingerprint_of_error(error: Diagnostic) -> str:
    """What went wrong with a file is recognised by its message."""
    return _hash("error", path_in_repository(error.path), error.message)


def _all(report: FileReport) -> Iterator[Finding]:
    yield from (*report.findings, *report.in_baseline, *report.on_unchanged_lines)
    yield from (one.finding for one in report.suppressed)


def _text(finding: Finding, report: FileReport) -> str:
    at = finding.primary
    return at.part if at.part is not None else "".join(report.lines.get(line_of(at), "").split())


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
