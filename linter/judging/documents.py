"""A document judged: lens → setups → rules → findings → what comments silence → report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mllint import registry
from mllint.files.first_party import FirstParty
from mllint.findings import Finding, Location
from mllint.judging import judgement, sorted_not_judged
from mllint.judging.selection import chosen_rules, shown
from mllint.lens import Reading
from mllint.processes.deep_stack import with_deep_stack
from mllint.results import FileReport, Line, NotJudged, Suppressed
from mllint.settings import Settings
from mllint.source.text.document import Document
from mllint.suppressions import INVALID, UNUSED, read_suppressions
from mllint.suppressions.reach import may_be_imported

if TYPE_CHECKING:
    from mllint.judging.branches import Verdict
    from mllint.source.lens import SourceLens
    from mllint.source.parsing.parsed import Parser


@dataclass(frozen=True, slots=True)
class Insight:
    """What was understood of a document that may train a model, and what stands behind its report."""

    lens: SourceLens
    reading: Reading
    causes: Mapping[Finding, Verdict]
    """The verdict that each finding of a rule states."""


def judged(
    document: Document, settings: Settings, modules: FirstParty | None, parser: Parser
) -> tuple[FileReport, Insight]:
    """The report on a document that may train a model, and what stands behind it."""
    chosen = chosen_rules(settings, document.path)
    report, insight = with_deep_stack(lambda: _judge(document, settings, modules, chosen, parser))
    return _finished(report, document, chosen, settings, insight.lens.other_documents()), insight


def commented(document: Document, settings: Settings) -> FileReport:
    """The report on a document that trains nothing, and has comments for mllint."""
    return _finished(FileReport(document.path), document, chosen_rules(settings, document.path), settings)


def _judge(
    document: Document,
    settings: Settings,
    modules: FirstParty | None,
    chosen: Sequence[registry.RegisteredRule],
    parser: Parser,
) -> tuple[FileReport, Insight]:
    from mllint.source.lens import SourceLens

    lens = SourceLens(document, modules, parser)
    reading = lens.read(settings.task_for(Path(document.path).absolute()))
    said = judgement(document.path, reading, lens, chosen)
    not_judged = sorted_not_judged([*said.report.not_judged, *_skipped_cells(document)])
    return replace(said.report, not_judged=not_judged), Insight(lens, reading, said.causes)


def _skipped_cells(document: Document) -> Iterator[NotJudged]:
    for skipped in document.skipped:
        location = Location("evidence", document.path, skipped.line, 1, skipped.line, 1, skipped.message, skipped.cell)
        yield NotJudged(location, "cell", skipped.message)


# ---------------------------------------------------------------- what is shown


def _finished(
    report: FileReport,
    document: Document,
    chosen: Sequence[registry.RegisteredRule],
    settings: Settings,
    others: Sequence[Document] = (),
) -> FileReport:
    """The report as the user wants to see it: without what comments silence, in whichever file they stand, and without
    what is only for pedants."""
    ran = frozenset(rule.name for rule in chosen)
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
