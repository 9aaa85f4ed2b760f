"""Baselines in a run of the command: what they record is left out, or they are written anew or pruned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import click

from mllint.cli.talk import counted
from mllint.settings import Settings, SettingsError, SettingsFinder

if TYPE_CHECKING:
    from mllint.baseline import Baseline, Comparison, Ran
    from mllint.cli.request import Request
    from mllint.results import FileReport

Update: TypeAlias = Literal["write", "prune"]


def through_baselines(reports: Sequence[FileReport], request: Request) -> tuple[list[FileReport], list[str]]:
    """The reports without what is recorded, behind them those on broken baselines; and what to say about baselines.

    Each linted file has the baseline that its settings name. Raises click.UsageError where a baseline is to be
    updated and none is named.
    """
    finder = request.finder
    update: Update | None = next((one for one in get_args(Update) if request.options[f"{one}_baseline"]), None)
    groups = _by_baseline(reports, finder)
    if update and not groups:
        raise click.UsageError(f"--{update}-baseline needs a file: --baseline FILE, or the key `baseline`")
    if not groups:
        return list(reports), []
    from mllint.engine import failed
    from mllint.files.discovery import mistake

    shown = {id(report): report for report in reports}
    failures: list[FileReport] = []
    notes: list[str] = []
    for file, group in groups.items():
        try:
            comparison = _compared(file, group, _rules_asked(finder), update)
        except SettingsError as error:
            failures.append(failed(mistake(error)))
            continue
        shown.update(zip(map(id, group), comparison.reports, strict=True))
        notes += _notes(file, comparison, update)
    return [*shown.values(), *failures], notes


def _by_baseline(reports: Sequence[FileReport], finder: SettingsFinder) -> dict[Path, list[FileReport]]:
    groups: dict[Path, list[FileReport]] = defaultdict(list)
    for report in reports:
        baseline = _settings_of(report.path, finder).baseline
        if baseline is not None:
            groups[baseline].append(report)
    return groups


def _settings_of(path: str, finder: SettingsFinder) -> Settings:
    try:
        return finder.for_directory(Path(path).absolute().parent)
    except SettingsError:
        return Settings()  # the report is on that mistake


def _rules_asked(finder: SettingsFinder) -> Ran:
    from mllint.judging.selection import chosen_rules

    return lambda path: frozenset(rule.name for rule in chosen_rules(_settings_of(path, finder), path))


def _compared(file: Path, group: Sequence[FileReport], ran: Ran, update: Update | None) -> Comparison:
    """Raises SettingsError."""
    from mllint.baseline import Baseline, read_baseline

    if update is None:
        return read_baseline(file).compared(group, ran)
    recorded = read_baseline(file) if update == "prune" or file.exists() else Baseline(file, {})
    updated = recorded.rewritten(group, ran) if update == "write" else recorded.pruned(group, ran)
    if updated != recorded or not file.exists():
        _save(updated)
    return updated.compared(group, ran)


def _save(baseline: Baseline) -> None:
    """Raises SettingsError."""
    from mllint.fixes.files import save

    try:
        save(baseline.file, baseline.as_json())
    except OSError as error:
        raise SettingsError(str(baseline.file), f"cannot write: {error.strerror or error}") from None


def _notes(file: Path, comparison: Comparison, update: Update | None) -> Iterator[str]:
    from mllint.files.discovery import shown_path

    shown = shown_path(str(file))
    for path, rule, found, recorded in comparison.exceeded:
        yield f"{path}: {counted(found, 'finding')} of `{rule}`, {shown} has {recorded}: all are shown"
    too_many = sum(entry.recorded - entry.found for entry in comparison.unreached)
    if too_many:
        files = counted(len({entry.path for entry in comparison.unreached}), "file")
        listed = counted(too_many, "finding")
        yield f"{shown} lists {listed} in {files} that are no longer there: --prune-baseline takes them out"
    if update:
        hidden = sum(len(report.in_baseline) for report in comparison.reports)
        yield f"{shown} is up to date, {counted(hidden, 'finding')} of this run in it"
