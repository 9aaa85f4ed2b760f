"""A document as the workers see it, and what they remember of it from one question to the next.

Settings are read anew for each question, so that none is out of date: editors do not tell of every change.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar

from mllint import engine
from mllint.files.first_party import open_documents
from mllint.files.traces import BARE, FILE, content, digest_of, presence
from mllint.knowledge_files import digest
from mllint.results import Diagnostic, FileReport
from mllint.server.options import Options
from mllint.settings import Settings, SettingsError

if TYPE_CHECKING:
    from mllint.findings import Finding, Location
    from mllint.fixes.version import Version

P = ParamSpec("P")
T = TypeVar("T")

REMEMBERED: Final = 8
"""Versions of documents that a worker keeps."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A document to look at."""

    path: str
    source: bytes
    directory: str
    """Whose configuration files hold for it."""
    folder: str | None
    """The folder around it that the editor has opened: a document is not excluded for what lies above that."""
    options: Options = field(default_factory=Options)
    others: Mapping[str, bytes] = field(default_factory=dict)
    """What the other open documents hold, by path; it goes before what is on disk."""

    def settings(self) -> Settings | None:
        """None where they exclude the document. Raises SettingsError."""
        directory = Path(self.directory)
        folder = Path(self.folder) if self.folder is not None else None
        settings = self.options.finder(folder or directory).for_directory(directory)
        path, named = Path(self.path), folder or (settings.source.parent if settings.source else directory)
        return None if path.is_relative_to(named) and settings.excludes(path, False, named) else settings


def among_open_documents(question: Callable[Concatenate[Subject, P], T]) -> Callable[Concatenate[Subject, P], T]:
    """A question whose answer takes the other open documents as they are in the editor."""

    @wraps(question)
    def asked(subject: Subject, /, *arguments: P.args, **named: P.kwargs) -> T:
        with open_documents(subject.others):
            return question(subject, *arguments, **named)

    return asked


def version_of(subject: Subject, settings: Settings) -> Version | Diagnostic | None:
    """The document with all that is understood of it; why there is nothing; None where it holds nothing to judge.
    Raises SettingsError for a broken knowledge file."""
    key = subject.path, subject.source, settings, digest(settings.knowledge)
    known = _versions.pop(key, None)
    if known is None or not _holds(known, subject.others):
        studied = engine.study(subject.source, subject.path, settings)
        if studied is None or isinstance(studied, Diagnostic):
            return studied
        known = studied
    _versions[key] = known
    while len(_versions) > REMEMBERED:
        _versions.popitem(last=False)
    return known


_versions: OrderedDict[tuple[str, bytes, Settings, str], Version] = OrderedDict()
"""The last one last."""


def _holds(version: Version, others: Mapping[str, bytes]) -> bool:
    """Whether the other files that were looked at are as they were."""
    return all(_trace(path, before, others) == before for path, before in version.examination.asked.items())


def _trace(path: str, before: str | None, others: Mapping[str, bytes]) -> str | None:
    """What is at a path now, told as it was before; an open document is there, and as large as it likes."""
    if before in BARE:
        return FILE if path in others else presence(path)
    return digest_of(others[path]) if path in others else content(path)


def understood(subject: Subject) -> Version | None:
    """The same where the document can be understood: what hinders that is told with its diagnostics."""
    try:
        settings = subject.settings()
        version = version_of(subject, settings) if settings is not None else None
    except SettingsError:
        return None
    return None if isinstance(version, Diagnostic) else version


def shown(report: FileReport, settings: Settings) -> FileReport:
    """The report without the findings that the baseline records. Raises SettingsError for a broken baseline."""
    if settings.baseline is None:
        return report
    from mllint.baseline import read_baseline

    return read_baseline(settings.baseline).compared([report], lambda path: frozenset()).reports[0]


def findings(version: Version) -> tuple[Finding, ...]:
    """Those that are shown."""
    try:
        return shown(version.examination.report, version.settings).findings
    except SettingsError:
        return ()


def anchor(finding: Finding, path: str) -> Location | None:
    """Where a document shows a finding: at the primary place, or at the first in itself where that is elsewhere."""
    return next((place for place in finding.locations if place.path == path), None)
