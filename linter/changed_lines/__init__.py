"""Which findings concern lines that were changed since a revision: what a review, or a new check of old code, is about.

A revision is compared as on a pull request: from where HEAD left it (`git merge-base`) to the files as they lie there,
committed or not. What git does not track is changed as a whole. Where lines were only taken out, the lines on both
sides count. Of a notebook the code is compared: outputs and counters are no change. A submodule is compared with the
commit that the repository around it had.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from mllint.changed_lines.git import CannotCompare
from mllint.changed_lines.lines import EVERYTHING, NOTHING, Touched, touched
from mllint.changed_lines.repositories import Repositories
from mllint.findings import Finding, Location
from mllint.results import FileReport

__all__ = ["CannotCompare", "ChangedLines"]


@dataclass(frozen=True, slots=True)
class ChangedLines:
    """What was changed since a revision; each file is compared when a finding in it asks for that."""

    repositories: Repositories
    _touched: dict[str, Touched] = field(default_factory=dict)

    def check(self, paths: Iterable[str]) -> None:
        """Raises CannotCompare where one of the paths lies in no repository, or in one without the revision."""
        for path in filter(os.path.exists, paths):
            self.repositories.around(Path(path))

    def only(self, report: FileReport) -> FileReport:
        """The report without the findings none of whose places was changed. Raises CannotCompare."""
        concerned = [self._concerns(finding) for finding in report.findings]
        if all(concerned):
            return report
        kept = tuple(finding for finding, is_kept in zip(report.findings, concerned, strict=True) if is_kept)
        left_out = tuple(finding for finding, is_kept in zip(report.findings, concerned, strict=True) if not is_kept)
        return replace(report, findings=kept, on_unchanged_lines=left_out)

    def _concerns(self, finding: Finding) -> bool:
        return any(self._touched_at(location).holds(location) for location in finding.locations)

    def _touched_at(self, location: Location) -> Touched:
        if location.path not in self._touched:
            self._touched[location.path] = self._compared(location)
        return self._touched[location.path]

    def _compared(self, location: Location) -> Touched:
        path = Path(os.path.realpath(location.path))
        repository = self.repositories.around(path)
        if not repository.is_changed(path):
            return NOTHING
        if location.part is not None:
            return EVERYTHING  # a saved model has no lines
        before = repository.before(path)
        return EVERYTHING if before is None else touched(path, before)
