"""One source file looked at: bytes → document → what is worth judging → report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mllint.files.first_party import FirstParty, imports_models, modules_of
from mllint.files.traces import LARGEST_FILE
from mllint.findings import Location
from mllint.processes.collection import collection_paused
from mllint.quoting import quoted
from mllint.results import FileReport, NotJudged
from mllint.settings import Settings
from mllint.source.text.document import Document, UnreadableSource, read_document
from mllint.source.text.prefilter import holds_training_site, may_fit_other_models, may_hold_training

if TYPE_CHECKING:
    from mllint.judging.documents import Insight
    from mllint.source.parsing.parsed import Parser


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


def examine(path: str, source: bytes, settings: Settings, parser: Parser) -> Examination:
    """Raises UnreadableSource, and RecursionError or MemoryError for text that is nested too deeply."""
    try:
        with collection_paused():
            return _examined(read_document(path, source), source, settings, parser)
    except (UnreadableSource, RecursionError, MemoryError):
        if may_hold_training(source) or b"mllint:" in source:
            raise
        return Examination(Document(path, ""), FileReport(path))  # nobody asked what is wrong with it


def _examined(document: Document, source: bytes, settings: Settings, parser: Parser) -> Examination:
    path = document.path
    if len(document.text) > LARGEST_FILE:
        return Examination(document, _too_large(document))
    modules = modules_of(path, document.text, settings)
    is_judged = trains(document, source, modules)
    asked = modules.asked if modules is not None else {}
    if not is_judged and "mllint:" not in document.text:
        return Examination(document, FileReport(path), asked=asked)
    from mllint.judging import documents  # which takes long to import, and most files end above

    if is_judged:
        report, insight = documents.judged(document, settings, modules, parser)
    else:
        report, insight = documents.commented(document, settings), None
    return Examination(document, quoted(report, document, source), insight, asked)


def _too_large(document: Document) -> FileReport:
    size = f"{len(document.text):,} characters of Python are more than the {LARGEST_FILE:,} that are read"
    return FileReport(
        document.path, not_judged=(NotJudged(Location("evidence", document.path, 1, 1, 1, 1, size), "file", size),)
    )


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
