"""From bytes to findings: one file, then many.

bytes → prefilter → document → lens → setups → rules → verdicts → branches → findings → suppressions → report.
A rule or lens that crashes is reported as a diagnostic; everything else is still judged.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from mllint import registry
from mllint.discovery import SourceFile, discover
from mllint.findings import Finding, Location, Severity
from mllint.judging import REPORT_IT, judge, one_line, position_and_code, sorted_not_judged
from mllint.results import Diagnostic, FileReport, NotJudged
from mllint.settings import Settings, SettingsFinder

if TYPE_CHECKING:
    from mllint.facts import Task
    from mllint.source.text.document import Document

__all__ = [
    "Diagnostic", "FileReport", "NotJudged", "SourceFile",
    "describe_facts", "lint_file", "lint_files", "lint_paths", "lint_source",
]  # fmt: skip

T = TypeVar("T")

PARALLEL_FROM: Final = 40
"""Number of candidate files from which starting worker processes pays."""

TOO_DEEP: Final = "nested too deeply to be judged"


def lint_source(source: bytes, path: str, settings: Settings | None = None) -> FileReport:
    """Lints the bytes of a Python file or, if `path` ends in .ipynb, a notebook. Reads nothing from disk."""
    if not _may_concern(source):
        return FileReport(path)
    report = _guarded(path, lambda: _lint(source, path, settings or Settings()))
    return report if isinstance(report, FileReport) else _failed(report)


def lint_file(file: SourceFile) -> FileReport:
    """Lints one file; one that cannot be read gives a report with a diagnostic."""
    try:
        source = Path(file.path).read_bytes()
    except OSError as error:
        return _failed(_unreadable(file.path, error))
    return lint_source(source, file.path, file.settings)


def describe_facts(path: str) -> list[str] | Diagnostic:
    """What is understood of one file, as lines of text."""
    try:
        source = Path(path).read_bytes()
    except OSError as error:
        return _unreadable(path, error)
    return _guarded(path, lambda: _facts(source, path))


def _unreadable(path: str, error: OSError) -> Diagnostic:
    return Diagnostic(path, f"cannot read: {error.strerror or error}")


def lint_paths(paths: Iterable[str], finder: SettingsFinder) -> list[FileReport]:
    """Lints files and what is below directories. What goes wrong on the way is a report of its own."""
    found = list(discover(paths, finder))
    files = [item for item in found if isinstance(item, SourceFile)]
    failures = [_failed(item) for item in found if isinstance(item, Diagnostic)]
    return [*failures, *lint_files(files)]


def lint_files(files: Iterable[SourceFile]) -> list[FileReport]:
    """Lints the files in as many processes as pay off; the reports come in the order of the files."""
    reports: dict[str, FileReport] = {}
    candidates: list[SourceFile] = []
    for file in files:
        reports[file.path] = FileReport(file.path)
        try:
            is_candidate = _may_concern(Path(file.path).read_bytes())
        except OSError:
            is_candidate = True  # lint_file says what is wrong
        if is_candidate:
            candidates.append(file)
    workers = min(_cpus(), len(candidates))
    in_parallel = len(candidates) >= PARALLEL_FROM and workers > 1
    for report in _lint_in_processes(candidates, workers) if in_parallel else map(lint_file, candidates):
        reports[report.path] = report
    return list(reports.values())


def _may_concern(source: bytes) -> bool:
    from mllint.source.text.prefilter import may_hold_training

    return may_hold_training(source) or b"mllint:" in source


# ---------------------------------------------------------------- one file


def _lint(source: bytes, path: str, settings: Settings) -> FileReport:
    from mllint.deep_stack import with_deep_stack
    from mllint.source.text.document import read_document

    document = read_document(path, source)
    holds_training_site = _holds_training_site(document)
    if not holds_training_site and "mllint:" not in document.text:
        return FileReport(path)
    chosen = _chosen_rules(settings, path)
    task = settings.task_for(Path(path).absolute())
    report = with_deep_stack(lambda: _judge(document, chosen, task)) if holds_training_site else FileReport(path)
    return _finished(report, document, frozenset(rule.name for rule in chosen), settings)


def _facts(source: bytes, path: str) -> list[str]:
    from mllint.deep_stack import with_deep_stack
    from mllint.source.text.document import read_document

    document = read_document(path, source)
    return with_deep_stack(lambda: _described(document)) if _holds_training_site(document) else []


def _described(document: Document) -> list[str]:
    from mllint.reports import facts
    from mllint.source.lens import SourceLens

    lens = SourceLens(document)
    return list(facts.render(lens.read(), lens.locate))


def _guarded(path: str, look: Callable[[], T]) -> T | Diagnostic:
    """What looking at a file gives, or why it could not be done."""
    from mllint.source.text.document import UnreadableSource

    try:
        return look()
    except UnreadableSource as error:
        return Diagnostic(path, error.message, error.line, error.column, error.cell)
    except (RecursionError, MemoryError):
        return Diagnostic(path, TOO_DEEP)
    except Exception as error:
        return Diagnostic(path, f"reading crashed: {one_line(error)}; {REPORT_IT}")


def _holds_training_site(document: Document) -> bool:
    from mllint.source.text.document import UnreadableSource
    from mllint.source.text.prefilter import holds_training_site

    try:
        return holds_training_site(document.text)
    except SyntaxError as error:
        if error.__cause__ is None and "nested" not in str(error.msg):
            return True  # it may be newer syntax than this Python's own, which LibCST reads
        place = document.position(error.lineno or 1, max((error.offset or 1) - 1, 0))
        message = f"cannot parse: {error.msg}"
        raise UnreadableSource(document.path, message, place.line, place.column, place.cell) from None


def _judge(document: Document, chosen: Sequence[registry.RegisteredRule], task: Task | None) -> FileReport:
    from mllint.source.lens import SourceLens

    lens = SourceLens(document)
    report = judge(document.path, lens.read(task), lens, chosen)
    return replace(report, not_judged=sorted_not_judged([*report.not_judged, *_skipped_cells(document)]))


def _skipped_cells(document: Document) -> Iterator[NotJudged]:
    for skipped in document.skipped:
        location = Location("evidence", document.path, skipped.line, 1, skipped.line, 1, skipped.message, skipped.cell)
        yield NotJudged(location, "cell", skipped.message)


# ---------------------------------------------------------------- which rules, which findings


def _chosen_rules(settings: Settings, path: str) -> tuple[registry.RegisteredRule, ...]:
    ignored = settings.rules_ignored_for(Path(path).absolute())
    names = registry.selected(settings.select, settings.extend_select, (*settings.ignore, *ignored))
    return tuple(rule for rule in registry.rules() if rule.name in names)


def _finished(report: FileReport, document: Document, ran: frozenset[str], settings: Settings) -> FileReport:
    """The report as the user wants to see it: without what comments silence, and without what is only for pedants."""
    from mllint.suppressions import INVALID, UNUSED, read_suppressions

    suppressions = read_suppressions(document)
    findings = list(report.findings)
    silenced: list[Finding] = []
    if not settings.ignore_suppressions:
        findings, silenced = suppressions.split(findings)
        if UNUSED in ran and not report.errors:
            findings += suppressions.unused(silenced, ran)
    if INVALID in ran:
        findings += suppressions.mistakes
    lowest = Severity.INFO if settings.pedantic else Severity.WARNING
    shown = sorted((finding for finding in findings if finding.severity >= lowest), key=position_and_code)
    return replace(
        report,
        findings=tuple(shown),
        suppressed=sum(finding.severity >= lowest for finding in silenced),
        fails=any(finding.severity >= settings.fail_level for finding in shown),
        lines={
            (place.cell, place.line): document.source_line(place.line, place.cell)
            for finding in shown
            for place in finding.locations
        },
    )


def _failed(diagnostic: Diagnostic) -> FileReport:
    return FileReport(diagnostic.path, errors=(diagnostic,))


# ---------------------------------------------------------------- many files


def _lint_in_processes(files: Sequence[SourceFile], workers: int) -> Iterator[FileReport]:
    """Reports in the order of the files. A file that kills its process costs itself alone."""
    done = 0
    try:
        with ProcessPoolExecutor(workers, initializer=_leave_interrupts_to_parent) as pool:
            try:
                for report in pool.map(lint_file, files):
                    yield report
                    done += 1
            except KeyboardInterrupt:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    except BrokenProcessPool:
        for file in files[done:]:
            yield _lint_in_own_process(file)


def _lint_in_own_process(file: SourceFile) -> FileReport:
    try:
        with ProcessPoolExecutor(1) as pool:
            return pool.submit(lint_file, file).result()
    except BrokenProcessPool:
        return _failed(Diagnostic(file.path, f"the process that read it died; {REPORT_IT}"))


def _leave_interrupts_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _cpus() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
