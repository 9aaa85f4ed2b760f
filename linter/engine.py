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
from mllint.facts import Unknown
from mllint.findings import Finding, Location, Mark, Severity
from mllint.results import Diagnostic, FileReport, NotJudged
from mllint.settings import Settings, SettingsFinder

if TYPE_CHECKING:
    from mllint.branches import Verdict
    from mllint.facts import Assumption, Output, Place, Task, TrainingSetup
    from mllint.findings import Problem
    from mllint.source.lens import Reading, SourceLens
    from mllint.source.text.document import Document

__all__ = [
    "Diagnostic", "FileReport", "NotJudged", "SourceFile",
    "describe_facts", "lint_file", "lint_files", "lint_paths", "lint_source",
]  # fmt: skip

T = TypeVar("T")

PARALLEL_FROM: Final = 40
"""Number of candidate files from which starting worker processes pays."""

REPORT_IT: Final = "this is a bug in mllint, please report it"
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
        return Diagnostic(path, f"reading crashed: {_one_line(error)}; {REPORT_IT}")


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
    from mllint.branches import settle
    from mllint.source.lens import SourceLens

    lens = SourceLens(document)
    reading = lens.read(task)
    crashes: dict[str, Diagnostic] = {}
    verdicts: list[Verdict] = []
    for setup in reading.setups:
        for rule in chosen:
            try:
                verdicts.extend(_verdicts(rule, setup))
            except Exception as error:
                if rule.name not in crashes:
                    crashes[rule.name] = _crash(rule, setup, lens, error)
    settled = settle(reading.setups, verdicts)
    judged, not_judged = _coverage(reading, lens)
    return FileReport(
        document.path,
        findings=_findings(settled.kept, lens),
        not_judged=_sorted_not_judged([*not_judged, *_undecided(settled.dropped, lens), *_skipped_cells(document)]),
        errors=tuple(crashes.values()),
        judged=judged,
        labels_not_known=_labels_not_known(reading),
    )


def _verdicts(rule: registry.RegisteredRule, setup: TrainingSetup) -> Iterator[Verdict]:
    from mllint.branches import Verdict

    for problem in rule.rule.judge(setup):
        severity = Severity.INFO if setup.in_unit_test else problem.severity
        yield Verdict(rule, setup, replace(problem, severity=severity))


def _crash(rule: registry.RegisteredRule, setup: TrainingSetup, lens: SourceLens, error: Exception) -> Diagnostic:
    place = lens.locate(Mark("evidence", setup.place, ""))
    message = f"rule `{rule.name}` crashed: {_one_line(error)}; {REPORT_IT}"
    return Diagnostic(place.path, message, place.line, place.column, place.cell)


def _one_line(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _findings(verdicts: Iterable[Verdict], lens: SourceLens) -> tuple[Finding, ...]:
    """Located and sorted; of those that one rule has for one primary location the severest."""
    found: dict[tuple[object, ...], Finding] = {}
    for verdict in verdicts:
        problem = verdict.problem
        locations = _chain(problem, verdict.setup, lens)
        finding = Finding(
            verdict.rule.name, verdict.rule.code, problem.severity, problem.message, locations, problem.help
        )
        primary = finding.primary
        key = (finding.rule, primary.cell, primary.line, primary.column, primary.end_line, primary.end_column)
        if key not in found or found[key].severity < finding.severity:
            found[key] = finding
    return tuple(sorted(found.values(), key=_position_and_code))


def _chain(problem: Problem, setup: TrainingSetup, lens: SourceLens) -> tuple[Location, ...]:
    """The places of a problem, then those that brought them together, unless they are in sight already."""
    locations = [lens.locate(mark) for mark in problem.marks]
    met = "compiled here" if setup.via == "compile" else "called here"
    chain = [Mark("evidence", setup.place, met)]
    chain += [Mark("evidence", call, "reached from here") for call in reversed(setup.called_from)]
    for location in map(lens.locate, chain):
        if not any(one.cell == location.cell and one.line <= location.line <= one.end_line for one in locations):
            locations.append(location)
    return tuple(locations)


def _position_and_code(finding: Finding) -> tuple[int, int, int, str]:
    primary = finding.primary
    return primary.cell or 0, primary.line, primary.column, finding.code


# ---------------------------------------------------------------- what was not judged


def _coverage(reading: Reading, lens: SourceLens) -> tuple[int, list[NotJudged]]:
    """The number of places judged in at least one way, and what is missing for the others."""
    least_missing: dict[Place, tuple[TrainingSetup, list[Output]]] = {}
    for setup in reading.setups:
        missing = [output for output in setup.outputs if _missing_facts(output)]
        if setup.place not in least_missing or len(missing) < len(least_missing[setup.place][1]):
            least_missing[setup.place] = setup, missing
    not_judged = [
        _not_judged(setup.place, " and ".join(facts), next(iter(facts.values())), lens, output.name)
        for setup, missing in least_missing.values()
        for output in missing
        for facts in [_missing_facts(output)]
    ]
    not_judged += [_not_judged(note.place, "model", note.reason, lens) for note in reading.notes]
    return sum(not missing for _, missing in least_missing.values()), not_judged


def _labels_not_known(reading: Reading) -> int:
    """The number of places that fit a model on labels of which none of their setups knows the encoding."""
    fitted = [setup for setup in reading.setups if setup.fits]
    known = {
        setup.place for setup in fitted if not any(isinstance(one.labels.encoding, Unknown) for one in setup.outputs)
    }
    return len({setup.place for setup in fitted} - known)


def _missing_facts(output: Output) -> dict[str, str]:
    """The facts without which no rule has much to say, each with the reason for which it is unknown."""
    facts = {"head": output.head.activation, "loss": output.loss.name}
    return {name: fact.reason for name, fact in facts.items() if isinstance(fact, Unknown)}


def _undecided(verdicts: Iterable[Verdict], lens: SourceLens) -> Iterator[NotJudged]:
    for verdict in verdicts:
        conditions = " and ".join(_spelled(assumption) for assumption in verdict.setup.assumptions)
        reason = f"`{verdict.rule.name}` would hold only where {conditions}, which may never be"
        yield _not_judged(verdict.setup.place, "combination of conditions", reason, lens)


def _spelled(assumption: Assumption) -> str:
    return f"`{assumption.condition}`" if assumption.holds else f"not `{assumption.condition}`"


def _not_judged(place: Place, what: str, reason: str, lens: SourceLens, output: str | None = None) -> NotJudged:
    return NotJudged(lens.locate(Mark("evidence", place, reason)), what, reason, output)


def _skipped_cells(document: Document) -> Iterator[NotJudged]:
    for skipped in document.skipped:
        location = Location("evidence", document.path, skipped.line, 1, skipped.line, 1, skipped.message, skipped.cell)
        yield NotJudged(location, "cell", skipped.message)


def _sorted_not_judged(entries: Iterable[NotJudged]) -> tuple[NotJudged, ...]:
    unique = dict.fromkeys(entries)
    return tuple(sorted(unique, key=lambda entry: (entry.location.cell or 0, entry.location.line, entry.reason)))


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
    shown = sorted((finding for finding in findings if finding.severity >= lowest), key=_position_and_code)
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
