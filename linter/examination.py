"""One source file looked at: bytes → document → lens → setups → rules → findings → suppressions → report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mllint import registry
from mllint.files.first_party import FirstParty, imports_models, modules_of
from mllint.files.traces import LARGEST_FILE
from mllint.findings import Finding, Location
from mllint.judging import judgement, sorted_not_judged
from mllint.judging.selection import chosen_rules, shown
from mllint.lens import Reading
from mllint.processes.collection import collection_paused
from mllint.quoting import quoted
from mllint.results import FileReport, Line, NotJudged, Suppressed
from mllint.settings import Settings
from mllint.source.text.document import Document, UnreadableSource, read_document
from mllint.source.text.prefilter import holds_training_site, may_fit_other_models, may_hold_training
from mllint.suppressions import INVALID, UNUSED, read_suppressions
from mllint.suppressions.reach import may_be_imported

if TYPE_CHECKING:
    from mllint.facts import Task
    from mllint.judging.branches import Verdict
    from mllint.source.lens import SourceLens


@dataclass(frozen=True, slots=True)
class Insight:
    """What was understood of a document that may train a model, and what stands behind its report."""

    lens: SourceLens
    reading: Reading
    causes: Mapping[Finding, Verdict]
    """The verdict that each finding of a rule states."""


@dataclass(frozen=True, slots=True)
class Examination:
    """One file, looked at once."""

    document: Document
    report: FileReport
    """As the user wants to see it."""
    insight: Insight | None = None
    """None where the file trains nothing."""
    asked: Mapping[str, str | None] = field(default_factory=dict)
    """The paths that were looked at besides, with what was there, as `mllint.files.traces` tells it. What is said here
    holds as long as they stay so."""


def examine(path: str, source: bytes, settings: Settings) -> Examination:
    """Raises UnreadableSource, and RecursionError or MemoryError for text that is nested too deeply."""
    try:
        with collection_paused():
            return _examined(read_document(path, source), source, settings)
    except (UnreadableSource, RecursionError, MemoryError):
        if may_hold_training(source) or b"mllint:" in source:
            raise
        return Examination(Document(path, ""), FileReport(path))  # nobody asked what is wrong with it


def _examined(document: Document, source: bytes, settings: Settings) -> Examination:
    from mllint.processes.deep_stack import with_deep_stack

    path = document.path
    if len(document.text) > LARGEST_FILE:
        return Examination(document, _too_large(document))
    modules = modules_of(path, document.text, settings)
    is_judged = trains(document, source, modules)
    asked = modules.asked if modules is not None else {}
    if not is_judged and "mllint:" not in document.text:
        return Examination(document, FileReport(path), asked=asked)
    chosen = chosen_rules(settings, path)
    ran = frozenset(rule.name for rule in chosen)
    if not is_judged:
        report = _finished(FileReport(path), document, ran, settings)
        return Examination(document, quoted(report, document, source), asked=asked)
    task = settings.task_for(Path(path).absolute())
    report, insight = with_deep_stack(lambda: _judge(document, modules, chosen, task))
    report = _finished(report, document, ran, settings, insight.lens.other_documents())
    return Examination(document, quoted(report, document, source), insight, asked)


def _too_large(document: Document) -> FileReport:
    size = f"{len(document.text):,} characters of Python are more than the {LARGEST_FILE:,} that are read"
    return FileReport(
        document.path, not_judged=(NotJudged(Location("evidence", document.path, 1, 1, 1, 1, size), "file", size),)
    )


def _judge(
    document: Document, modules: FirstParty | None, chosen: Sequence[registry.RegisteredRule], task: Task | None
) -> tuple[FileReport, Insight]:
    from mllint.source.lens import SourceLens

    lens = SourceLens(document, modules)
    reading = lens.read(task)
    judged = judgement(document.path, reading, lens, chosen)
    not_judged = sorted_not_judged([*judged.report.not_judged, *_skipped_cells(document)])
    return replace(judged.report, not_judged=not_judged), Insight(lens, reading, judged.causes)


def _skipped_cells(document: Document) -> Iterator[NotJudged]:
    for skipped in document.skipped:
        location = Location("evidence", document.path, skipped.line, 1, skipped.line, 1, skipped.message, skipped.cell)
        yield NotJudged(location, "cell", skipped.message)


def trains(document: Document, source: bytes, modules: FirstParty | None) -> bool:
    """Whether it is worth reading the document: for what is in it, or for the models of other files. Raises
    UnreadableSource where it cannot be parsed."""
    if may_hold_training(source) and may_train(document):
        return True
    return modules is not None and may_fit_other_models(source) and imports_models(document.text, modules)


def may_train(document: Document) -> bool:
    """Whether it is worth reading the document. Raises UnreadableSource where it cannot be parsed."""
    try:
        return holds_training_site(document)
    except SyntaxError as error:
        if error.__cause__ is None and "nested" not in str(error.msg):
            return True  # it may be newer syntax than this Python's own, which LibCST reads
        place = document.position(error.lineno or 1, max((error.offset or 1) - 1, 0))
        message = f"cannot parse: {error.msg}"
        raise UnreadableSource(document.path, message, place.line, place.column, place.cell) from None


# ---------------------------------------------------------------- what is shown


def _finished(
    report: FileReport,
    document: Document,
    ran: frozenset[str],
    settings: Settings,
    others: Sequence[Document] = (),
) -> FileReport:
    """The report as the user wants to see it: without what comments silence, in whichever file they stand, and without
    what is only for pedants."""
    suppressions = read_suppressions(document)
    findings = [one for one in report.findings if _is_wanted(one, document, settings)]
    silenced: list[Suppressed] = []
    if not settings.ignore_suppressions:
        findings, silenced = suppressions.split(findings)
        if UNUSED in ran and not report.errors:
            is_module = settings.follow_imports and may_be_imported(document)
            findings += suppressions.unused([one.finding for one in silenced], ran, is_module)
        findings, elsewhere = _split_by_others(findings, others)
        silenced += elsewhere
    if INVALID in ran:
        findings += suppressions.mistakes
    visible = shown(findings, settings)
    seen = tuple(one for one in silenced if shown([one.finding], settings))
    report = replace(report, findings=visible, suppressed=seen, fail_level=settings.fail_level)
    return replace(report, lines=_lines_of(others, report))


def _lines_of(others: Sequence[Document], report: FileReport) -> Mapping[Line, str]:
    """The lines of other files at which a place of the report begins or ends."""
    documents = {one.path: one for one in others}
    findings = (*report.findings, *(one.finding for one in report.suppressed))
    places = [entry.location for entry in report.not_judged]
    places += (place for finding in findings for place in finding.locations)
    lines = {(one.path, one.cell, line) for one in places for line in (one.line, one.end_line) if one.path in documents}
    return {line: documents[line[0]].source_line(line[2], line[1]) for line in lines}


def _is_wanted(finding: Finding, document: Document, settings: Settings) -> bool:
    """Whether the settings let findings be shown whose place to change is in this file, if it is another one."""
    if finding.primary.path == document.path:
        return True
    path = Path(finding.primary.path).absolute()
    ignored = {rule for selector in settings.rules_ignored_for(path) for rule in registry.matching(selector)}
    return finding.rule not in ignored and not settings.excludes(path, False, path.parent)


def _split_by_others(findings: Sequence[Finding], others: Sequence[Document]) -> tuple[list[Finding], list[Suppressed]]:
    """The findings that comments in the other files leave, and those that they silence."""
    remaining, silenced = list(findings), []
    for document in others:
        there = [one for one in remaining if any(place.path == document.path for place in one.locations)]
        if there:
            kept, gone = read_suppressions(document).split(there)
            silenced += gone
            remaining = [one for one in remaining if one not in there or one in kept]
    return remaining, silenced
