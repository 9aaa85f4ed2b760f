"""What the command and editors call: bytes, files or paths in; reports out.

A rule or lens that crashes is reported as a diagnostic; everything else is still judged. Nothing here writes a file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from mllint import processes
from mllint.archive import SUFFIXES as MODEL_SUFFIXES
from mllint.cache import NOTHING_KEPT, Memory, made_from
from mllint.crashes import REPORT_IT, one_line
from mllint.files.discovery import IsModel, ModelFile, SourceFile, discover, mistake, no_models
from mllint.files.sharding import WHOLE, Shard
from mllint.knowledge_files import in_use
from mllint.processes.collection import collection_paused
from mllint.processes.progress import Follow, unseen
from mllint.results import Diagnostic, FileReport, FixReport, NotJudged
from mllint.settings import Settings, SettingsError, SettingsFinder

if TYPE_CHECKING:
    from mllint.conversion.request import Conversion, Request
    from mllint.findings import Finding
    from mllint.fixes.plan import Plan
    from mllint.fixes.version import Version
    from mllint.source.modules import Modules
    from mllint.source.text.document import Document

__all__ = [
    "Diagnostic", "FileReport", "FixReport", "NotJudged", "SourceFile",
    "convert_file", "convert_source", "describe_facts", "fix_file", "fix_files", "fix_paths", "fix_source",
    "ignore_source",
    "lint_file", "lint_file_with_fixes", "lint_files", "lint_paths", "lint_source", "lint_source_with_fixes",
    "study",
]  # fmt: skip

T = TypeVar("T")

TRAINING: Final = b"""
import keras
model = keras.Sequential([keras.layers.Dense(1)])
model.compile("adam", "mse", ["mae"])
model.fit([[1.0]], [[1.0]])
"""
"""A program that is right."""
TOO_DEEP: Final = "nested too deeply to be judged"
TRAINS_ELSEWHERE: Final = (
    "no training setup found: it compiles and fits nothing itself, and what it only calls in other files is not judged"
)


# ---------------------------------------------------------------- one source


def lint_source(source: bytes, path: str, settings: Settings | None = None) -> FileReport:
    """Lints the bytes of a Python file or, if `path` ends in .ipynb, a notebook. Of the disk only the files that it
    imports are read, relative to the directory of `path`, if the settings let them be followed."""
    if not _may_concern(source):
        return FileReport(path)
    return _report(_guarded(path, lambda: _examined(source, path, settings or Settings()), settings))


def lint_source_with_fixes(source: bytes, path: str, settings: Settings | None = None) -> FileReport:
    """Lints, and says with each finding which repairs of it would stand: `Finding.fixes`."""
    from mllint.fixes.offers import report_with_fixes

    if not _may_concern(source):
        return FileReport(path)
    return _report(_guarded(path, lambda: report_with_fixes(source, path, settings or Settings()), settings))


def fix_source(source: bytes, path: str, settings: Settings, plan: Plan) -> FixReport:
    """Carries out what the plan allows until nothing more can be; the report is of the text after it."""
    from mllint.fixes.session import fix

    if not _may_concern(source):
        return FixReport(FileReport(path))
    fixed = _guarded(path, lambda: fix(source, path, settings, plan), settings, "fixing")
    return fixed if isinstance(fixed, FixReport) else FixReport(failed(fixed))


def ignore_source(source: bytes, path: str, settings: Settings, findings: Sequence[Finding], reason: str) -> FixReport:
    """Writes comments that silence findings of the source; the report is of the text after it."""
    from mllint.fixes.ignores import ignore

    silenced = _guarded(path, lambda: ignore(source, path, settings, findings, reason), settings, "adding comments")
    return silenced if isinstance(silenced, FixReport) else FixReport(failed(silenced))


def study(source: bytes, path: str, settings: Settings) -> Version | Diagnostic | None:
    """A source with all that is understood of it, for those who ask more than once; None where it holds nothing to
    judge."""
    from mllint.fixes.version import Version

    return _guarded(path, lambda: Version.of(path, source, settings), settings) if _may_concern(source) else None


def describe_facts(path: str, settings: Settings | None = None) -> list[str] | Diagnostic:
    """What is understood of one file, as lines of text."""
    if Path(path).suffix in MODEL_SUFFIXES or Path(path).is_dir():
        from mllint.verification import describe_model_file

        return describe_model_file(path, settings)
    source = _read(path)
    if isinstance(source, Diagnostic):
        return source
    return _guarded(path, lambda: _facts(source, path, settings or Settings()), settings)


def failed(diagnostic: Diagnostic) -> FileReport:
    """The report on a file that could not be judged."""
    return FileReport(diagnostic.path, errors=(diagnostic,))


def _report(outcome: FileReport | Diagnostic) -> FileReport:
    return outcome if isinstance(outcome, FileReport) else failed(outcome)


def _guarded(path: str, work: Callable[[], T], settings: Settings | None, doing: str = "reading") -> T | Diagnostic:
    """What working on a file gives, or why it could not be done."""
    from mllint.source.text.document import UnreadableSource

    try:
        with in_use(settings or Settings()):
            return work()
    except UnreadableSource as error:
        return Diagnostic(path, error.message, error.line, error.column, error.cell)
    except SettingsError as error:
        return mistake(error)
    except (RecursionError, MemoryError):
        return Diagnostic(path, TOO_DEEP)
    except Exception as error:
        return Diagnostic(path, f"{doing} crashed: {one_line(error)}; {REPORT_IT}")


@collection_paused()  # until all that was made on the way is gone again
def _examined(source: bytes, path: str, settings: Settings) -> FileReport:
    from mllint.examination import examine
    from mllint.source.parsing.parsed import parsed_quickly

    examination = examine(path, source, settings, parsed_quickly)
    return replace(examination.report, read=examination.asked)


def _facts(source: bytes, path: str, settings: Settings) -> list[str]:
    from mllint.examination import trains
    from mllint.files.first_party import imports_models, modules_of
    from mllint.processes.deep_stack import with_deep_stack
    from mllint.reports.style import beginning
    from mllint.source.text.document import read_document

    document = read_document(path, source)
    modules = modules_of(path, document.text, settings)
    if trains(document, source, modules):
        return with_deep_stack(lambda: _described(document, modules))
    if modules is not None and imports_models(document.text, modules):
        return [f"{beginning(path)}: {TRAINS_ELSEWHERE}"]
    return []


def _described(document: Document, modules: Modules | None) -> list[str]:
    from mllint.reports import facts
    from mllint.source.lens import SourceLens
    from mllint.source.parsing.parsed import parsed_quickly

    lens = SourceLens(document, modules, parsed_quickly)
    return list(facts.render(lens.read(), lens.locate))


def _may_concern(source: bytes) -> bool:
    from mllint.source.text.prefilter import may_fit_other_models, may_hold_training

    return may_hold_training(source) or may_fit_other_models(source) or b"mllint:" in source


# ---------------------------------------------------------------- files


def lint_file(file: SourceFile) -> FileReport:
    """Lints one file; one that cannot be read gives a report with a diagnostic."""
    source = _read(file.path)
    if isinstance(source, Diagnostic):
        return failed(source)
    return _made_from(source, lint_source(source, file.path, file.settings))


def lint_file_with_fixes(file: SourceFile) -> FileReport:
    """Lints one file, with the fixes of its findings."""
    source = _read(file.path)
    if isinstance(source, Diagnostic):
        return failed(source)
    return _made_from(source, lint_source_with_fixes(source, file.path, file.settings))


def _made_from(source: bytes, report: FileReport) -> FileReport:
    return replace(report, read={**report.read, **made_from(report.path, source)})


def fix_file(file: SourceFile, plan: Plan) -> FixReport:
    """Fixes one file in memory; `mllint.fixes.files.write` writes it."""
    source = _read(file.path)
    if isinstance(source, Diagnostic):
        return FixReport(failed(source))
    return fix_source(source, file.path, file.settings, plan)


def lint_model(file: ModelFile) -> FileReport:
    """Lints one saved model."""
    from mllint.verification import lint_model_file

    return lint_model_file(file.path, file.settings)


def convert_file(path: str, settings: Settings, request: Request) -> Conversion | Diagnostic:
    """Converts one file in memory; `mllint.fixes.files.write` writes it."""
    source = _read(path)
    return source if isinstance(source, Diagnostic) else convert_source(source, path, settings, request)


def convert_source(source: bytes, path: str, settings: Settings, request: Request) -> Conversion | Diagnostic:
    """Converts a source in memory."""
    return _guarded(path, lambda: _converted(source, path, settings, request), settings, "converting")


def _converted(source: bytes, path: str, settings: Settings, request: Request) -> Conversion | Diagnostic:
    from mllint.conversion.converting import convert
    from mllint.conversion.request import NotConverted

    try:
        return convert(source, path, settings, request)
    except NotConverted as refusal:
        at, message = refusal.location, f"not converted: {refusal.reason}"
        return Diagnostic(path, message, at.line, at.column, at.cell) if at else Diagnostic(path, message)


def lint_paths(
    paths: Iterable[str],
    finder: SettingsFinder,
    lint: Callable[[SourceFile], FileReport] = lint_file,
    is_model: IsModel = no_models,
    shard: Shard = WHOLE,
    follow: Follow = unseen,
    memory: Memory = NOTHING_KEPT,
) -> list[FileReport]:
    """Lints files and what is below directories. What goes wrong on the way is a report of its own."""
    found = list(discover(paths, finder, is_model, shard))
    files = [item for item in found if isinstance(item, SourceFile)]
    models = [item for item in found if isinstance(item, ModelFile)]
    failures = [failed(item) for item in found if isinstance(item, Diagnostic)]
    return [*failures, *lint_files(files, lint, follow, memory), *map(lint_model, models)]


def lint_files(
    files: Iterable[SourceFile],
    lint: Callable[[SourceFile], FileReport] = lint_file,
    follow: Follow = unseen,
    memory: Memory = NOTHING_KEPT,
) -> list[FileReport]:
    """Lints the files that `memory` does not know, in as many processes as pay off.

    The reports come in the order of the files.
    """
    by_path = {file.path: file for file in files}
    reports = {path: FileReport(path) for path in by_path}
    known = {path: memory.recall(file) or _unless_candidate(file, memory) for path, file in by_path.items()}
    reports |= {path: report for path, report in known.items() if report is not None}
    candidates = [by_path[path] for path, report in known.items() if report is None]
    candidates.sort(key=_size, reverse=True)  # the longest ends last where it begins last
    judged = processes.each(lint, candidates, _lost, partial(_import_judging, candidates))
    for report in follow(judged, len(candidates)):
        reports[report.path] = report
    for path, report in reports.items():
        memory.remember(by_path[path], report)
    memory.save()
    return _said_once(list(reports.values()))


def _said_once(reports: list[FileReport]) -> list[FileReport]:
    if not any(report.findings or report.not_judged or report.suppressed for report in reports):
        return reports  # most runs find nothing, and need not import what findings are made of
    from mllint.judging.said_once import said_once

    return said_once(reports)


def fix_paths(
    paths: Iterable[str],
    finder: SettingsFinder,
    plan: Plan,
    is_model: IsModel = no_models,
    shard: Shard = WHOLE,
    follow: Follow = unseen,
) -> Iterator[FixReport]:
    """Fixes files and what is below directories, in memory; saved models are linted only."""
    found = list(discover(paths, finder, is_model, shard))
    yield from (FixReport(failed(item)) for item in found if isinstance(item, Diagnostic))
    yield from fix_files([item for item in found if isinstance(item, SourceFile)], plan, follow)
    yield from (FixReport(lint_model(item)) for item in found if isinstance(item, ModelFile))


def fix_files(files: Iterable[SourceFile], plan: Plan, follow: Follow = unseen) -> Iterator[FixReport]:
    """Fixes the files in memory, in as many processes as pay off; the reports come in the order of the files.

    A plan that asks somebody works on one file after the other, each when its report is asked for.
    """
    listed = list(files)
    candidates = [file for file in listed if _is_candidate(file)]
    work = partial(fix_file, plan=plan)
    if plan.choose:
        done: Iterator[FixReport] = map(work, candidates)
    else:
        done = follow(
            processes.each(work, candidates, _lost_to_fixing, partial(_import_judging, candidates)), len(candidates)
        )
    wanted = {file.path for file in candidates}
    for file in listed:
        yield next(done) if file.path in wanted else FixReport(FileReport(file.path))


def _unless_candidate(file: SourceFile, memory: Memory) -> FileReport | None:
    """The report on a file that holds nothing to judge; None for one that somebody must look at."""
    source = _read(file.path)
    if isinstance(source, Diagnostic) or _may_concern(source):
        return None
    return FileReport(file.path, read=memory.made_from(file.path, source))


def _import_judging(candidates: Iterable[SourceFile]) -> None:
    """Whatever takes long to import is imported where a program is judged."""
    from mllint.source.text.prefilter import may_hold_training

    sources = (_read(file.path) for file in candidates)
    if any(isinstance(source, bytes) and may_hold_training(source) for source in sources):
        lint_source(TRAINING, "train.py", Settings(follow_imports=False))


def _size(file: SourceFile) -> int:
    try:
        return os.path.getsize(file.path)
    except OSError:
        return 0


def _is_candidate(file: SourceFile) -> bool:
    source = _read(file.path)
    return isinstance(source, Diagnostic) or _may_concern(source)  # who looks at it says what is wrong


def _lost(file: SourceFile) -> FileReport:
    return failed(Diagnostic(file.path, f"the process that read it died; {REPORT_IT}"))


def _lost_to_fixing(file: SourceFile) -> FixReport:
    return FixReport(_lost(file))


def _read(path: str) -> bytes | Diagnostic:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        return Diagnostic(path, f"cannot read: {error.strerror or error}")
