"""Asked of a worker: what is wrong with a document."""

from __future__ import annotations

from dataclasses import dataclass

from mllint.results import Diagnostic, FileReport, NotJudged
from mllint.server.subject import Subject, shown, version_of
from mllint.settings import Settings, SettingsError


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is to be shown of a document."""

    report: FileReport
    mistakes: tuple[Diagnostic, ...] = ()
    """In the settings or in the baseline."""
    not_judged: tuple[NotJudged, ...] = ()
    """Where the settings ask for it."""


def analyse(subject: Subject) -> Analysis:
    report = FileReport(subject.path)
    try:
        settings = subject.settings()
        if settings is None:
            return Analysis(report)
        report = _report(subject, settings)
        not_judged = report.not_judged if settings.show_not_judged else ()
        return Analysis(shown(report, settings), not_judged=not_judged)
    except SettingsError as error:
        return Analysis(report, (Diagnostic(error.source, error.message, error.line, error.column),))


def _report(subject: Subject, settings: Settings) -> FileReport:
    version = version_of(subject, settings)
    if isinstance(version, Diagnostic):
        return FileReport(subject.path, errors=(version,))
    return version.examination.report if version is not None else FileReport(subject.path)
