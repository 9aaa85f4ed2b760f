"""One source file looked at: bytes → document → lens → setups → rules → findings → suppressions → report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mllint import registry
from mllint.findings import Finding, Location
from mllint.judging import judgement, sorted_not_judged
from mllint.lens import Reading
from mllint.quoting import quoted
from mllint.results import FileReport, NotJudged, Suppressed
from mllint.selection import chosen_rules, shown
from mllint.settings import Settings
from mllint.source.text.document import Document, UnreadableSource, read_document
from mllint.source.text.prefilter import holds_training_site
from mllint.suppressions import INVALID, UNUSED, read_suppressions

if TYPE_CHECKING:
    from mllint.branches import Verdict
    from mllint.facts import Task
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


def examine(path: str, source: bytes, settings: Settings) -> Examination:
    """Raises UnreadableSource, and RecursionError or MemoryError for text that is nested too deeply."""
    from mllint.deep_stack import with_deep_stack

    document = read_document(path, source)
    trains = may_train(document)
    if not trains and "mllint:" not in document.text:
        return Examination(document, FileReport(path))
    chosen = chosen_rules(settings, path)
    ran = frozenset(rule.name for rule in chosen)
    if not trains:
        return Examination(document, quoted(_finished(FileReport(path), document, ran, settings), document, source))
    task = settings.task_for(Path(path).absolute())
    report, insight = with_deep_stack(lambda: _judge(document, chosen, task))
    return Examination(document, quoted(_finished(report, document, ran, settings), document, source), insight)


def _judge(
    document: Document, chosen: Sequence[registry.RegisteredRule], task: Task | None
) -> tuple[FileReport, Insight]:
    from mllint.source.lens import SourceLens

    lens = SourceLens(document)
    reading = lens.read(task)
    judged = judgement(document.path, reading, lens, chosen)
    not_judged = sorted_not_judged([*judged.report.not_judged, *_skipped_cells(document)])
    return replace(judged.report, not_judged=not_judged), Insight(lens, reading, judged.causes)


def _skipped_cells(document: Document) -> Iterator[NotJudged]:
    for skipped in document.skipped:
        location = Location("evidence", document.path, skipped.line, 1, skipped.line, 1, skipped.message, skipped.cell)
        yield NotJudged(location, "cell", skipped.message)


def may_train(document: Document) -> bool:
    """Whether it is worth reading the document. Raises UnreadableSource where it cannot be parsed."""
    try:
        return holds_training_site(document.text)
    except SyntaxError as error:
        if error.__cause__ is None and "nested" not in str(error.msg):
            return True  # it may be newer syntax than this Python's own, which LibCST reads
        place = document.position(error.lineno or 1, max((error.offset or 1) - 1, 0))
        message = f"cannot parse: {error.msg}"
        raise UnreadableSource(document.path, message, place.line, place.column, place.cell) from None


# ---------------------------------------------------------------- what is shown


def _finished(report: FileReport, document: Document, ran: frozenset[str], settings: Settings) -> FileReport:
    """The report as the user wants to see it: without what comments silence, and without what is only for pedants."""
    suppressions = read_suppressions(document)
    findings = list(report.findings)
    silenced: list[Suppressed] = []
    if not settings.ignore_suppressions:
        findings, silenced = suppressions.split(findings)
        if UNUSED in ran and not report.errors:
            findings += suppressions.unused([one.finding for one in silenced], ran)
    if INVALID in ran:
        findings += suppressions.mistakes
    visible = shown(findings, settings)
    return replace(
        report,
        findings=visible,
        suppressed=tuple(one for one in silenced if shown([one.finding], settings)),
        fail_level=settings.fail_level,
    )
