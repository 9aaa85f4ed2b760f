"""Asked of a worker: what is wrong with a document."""

from __future__ import annotations

from dataclasses import dataclass

from mllint import engine
from mllint.results import Diagnostic, FileReport, NotJudged
from mllint.server.subject import Subject, among_open_documents, shown, version_of
from mllint.settings import Settings, SettingsError


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is to be shown of a document."""

    report: FileReport
    mistakes: tuple[Diagnostic, ...] = ()
    """In the settings or in the baseline."""
    not_judged: tuple[NotJudged, ...] = ()
    """Where the settings ask for it."""
    asked: frozenset[str] = frozenset()
    """The paths of other files that this depends on."""


@among_open_documents
def analyse(subject: Subject) -> Analysis:
    try:
        settings = subject.settings()
        return _of(subject, settings) if settings is not None else Analysis(FileReport(subject.path))
    except SettingsError as error:
        mistake = Diagnostic(error.source, error.message, error.line, error.column)
        return Analysis(FileReport(subject.path), (mistake,))


def _of(subject: Subject, settings: Settings) -> Analysis:
    """Raises SettingsError."""
    version = version_of(subject, settings)
    if version is None:
        return Analysis(FileReport(subject.path))
    if isinstance(version, Diagnostic):
        return Analysis(FileReport(subject.path, errors=(version,)))
    report, asked = version.examination.report, frozenset(version.examination.asked)
    not_judged = report.not_judged if settings.show_not_judged else ()
    return Analysis(shown(report, settings), not_judged=not_judged, asked=asked)


def warm_up() -> None:
    """Has everything in memory that the next document needs."""
    engine.lint_source(b'import keras\nkeras.Sequential([keras.layers.Dense(1)]).compile(loss="mse")\n', "warm_up.py")
