"""A baseline: what was found in old code when mllint was taken up, counted by file and rule, and left out since.

Counts survive edits that move lines. Where a file has more findings of a rule than are recorded, nobody can tell which
are new, so all of them are shown. The design is that of ESLint's bulk suppressions
(https://eslint.org/docs/latest/use/suppressions).

    {"version": 1, "counts": {"src/train.py": {"one-unit-softmax": 2}}}

Paths are relative to the directory of the file, with forward slashes.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from mllint.files.regular_files import read_regular
from mllint.results import FileReport
from mllint.settings import SettingsError

VERSION: Final = 1

Counts: TypeAlias = "Mapping[str, Mapping[str, int]]"
"""Number of findings by path, as the file writes it, and by rule."""
Ran: TypeAlias = Callable[[str], frozenset[str]]
"""Names of the rules that were asked about a file, by the path of its report."""


class Entry(NamedTuple):
    """What one file has of one rule: found now, and recorded in the baseline."""

    path: str
    rule: str
    found: int
    recorded: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a run found against what was recorded."""

    reports: tuple[FileReport, ...]
    """Without the findings that are in the baseline."""
    exceeded: tuple[Entry, ...]
    """More was found than recorded: shown in full."""
    unreached: tuple[Entry, ...]
    """Less was found than recorded, or the file is gone."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The recorded counts of one baseline file."""

    file: Path
    """Absolute."""
    counts: Counts

    def compared(self, reports: Iterable[FileReport], ran: Ran) -> Comparison:
        """The reports without what was recorded of their files. Rules that did not run tell nothing of the counts."""
        shown: list[FileReport] = []
        exceeded: list[Entry] = []
        unreached: list[Entry] = list(self._gone())
        for report in reports:
            entries = [entry for entry in self._entries(report) if entry.recorded]
            exceeded += (entry for entry in entries if entry.found > entry.recorded)
            unreached += (entry for entry in self._judged(entries, report, ran) if entry.found < entry.recorded)
            shown.append(_without(report, {entry.rule for entry in entries if entry.found <= entry.recorded}))
        return Comparison(tuple(shown), tuple(exceeded), tuple(unreached))

    def rewritten(self, reports: Iterable[FileReport], ran: Ran) -> Baseline:
        """With everything that was found, in place of what was recorded of the same files and rules."""
        return self._updated(reports, ran, lambda entry: entry.found)

    def pruned(self, reports: Iterable[FileReport], ran: Ran) -> Baseline:
        """With counts that are not reached any more lowered to what was found."""
        return self._updated(reports, ran, lambda entry: min(entry.found, entry.recorded))

    def as_json(self) -> bytes:
        """Sorted, so that the same findings give the same bytes."""
        document = {"version": VERSION, "counts": self.counts}
        return (json.dumps(document, indent=2, sort_keys=True) + "\n").encode()

    def _updated(self, reports: Iterable[FileReport], ran: Ran, count: Callable[[Entry], int]) -> Baseline:
        gone = {entry.path for entry in self._gone()}
        counts = {path: dict(rules) for path, rules in self.counts.items() if path not in gone}
        for report in reports:
            for entry in self._judged(self._entries(report), report, ran):
                counts.setdefault(entry.path, {})[entry.rule] = count(entry)
        positive = {path: {rule: many for rule, many in rules.items() if many} for path, rules in counts.items()}
        return Baseline(self.file, {path: rules for path, rules in positive.items() if rules})

    def _entries(self, report: FileReport) -> Sequence[Entry]:
        path = self.name_of(report.path)
        recorded = self.counts.get(path, {})
        found = Counter(finding.rule for finding in report.findings)
        return [Entry(path, rule, found[rule], recorded.get(rule, 0)) for rule in sorted({*recorded, *found})]

    def _judged(self, entries: Sequence[Entry], report: FileReport, ran: Ran) -> Sequence[Entry]:
        """The entries that this run can tell something about."""
        if not entries or report.errors:
            return ()
        asked = ran(report.path)
        return [entry for entry in entries if entry.rule in asked or entry.found]

    def _gone(self) -> Iterator[Entry]:
        for path, rules in self.counts.items():
            if not os.path.lexists(self.file.parent / path):
                yield from (Entry(path, rule, 0, recorded) for rule, recorded in rules.items())

    def name_of(self, path: str) -> str:
        """A path as the baseline writes it."""
        absolute = os.path.abspath(path)
        try:
            return Path(os.path.relpath(absolute, self.file.parent)).as_posix()
        except ValueError:
            return Path(absolute).as_posix()  # another drive of Windows


def _without(report: FileReport, rules: set[str]) -> FileReport:
    kept = tuple(finding for finding in report.findings if finding.rule not in rules)
    left_out = tuple(finding for finding in report.findings if finding.rule in rules)
    return replace(report, findings=kept, in_baseline=left_out)


# ---------------------------------------------------------------- reading


def read_baseline(file: Path) -> Baseline:
    """The baseline at an absolute path. Raises SettingsError, also where it does not exist."""
    try:
        document = json.loads(read_regular(file))
    except FileNotFoundError:
        raise SettingsError(str(file), "no such baseline; --write-baseline writes it") from None
    except OSError as error:
        raise SettingsError(str(file), f"cannot read: {error.strerror or error}") from None
    except json.JSONDecodeError as error:
        raise SettingsError(str(file), f"not a baseline: {error.msg} in its JSON", error.lineno, error.colno) from None
    except (ValueError, RecursionError) as error:  # no UTF-8, or a number with thousands of digits
        raise SettingsError(str(file), f"not a baseline: {error}") from None
    try:
        return Baseline(file, _counts(document))
    except ValueError as error:
        raise SettingsError(str(file), str(error)) from None


def _counts(document: object) -> Counts:
    """Raises ValueError."""
    if not isinstance(document, dict) or not isinstance(document.get("counts"), dict):
        raise ValueError('not a baseline: expected an object with "counts"')
    if document.get("version") != VERSION:
        found = json.dumps(document.get("version"))
        raise ValueError(f"baselines of version {found} are not known, only of version {VERSION}")
    for path, rules in document["counts"].items():
        if not isinstance(rules, dict):
            raise ValueError(f"{json.dumps(path)}: expected an object with counts by rule")
        for rule, count in rules.items():
            if type(count) is not int or count < 1:
                where = f"{json.dumps(path)}: {json.dumps(rule)}"
                raise ValueError(f"{where}: expected a number from 1 on, found {json.dumps(count)}")
    counts: Counts = document["counts"]
    return counts
