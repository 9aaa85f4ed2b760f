"""When documents are looked at, and what is told of them.

A change is looked at after a short rest; a newer one takes its place. Documents that depend on the changed one follow
after a longer rest. Nothing is published of a text that is no longer the editor's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from lsprotocol import types
from pygls.exceptions import FeatureNotificationError
from pygls.uris import to_fs_path

from mllint.results import Diagnostic, FileReport
from mllint.server import diagnostics
from mllint.server.analysis import Analysis, analyse
from mllint.server.documents import Snapshot
from mllint.server.session import Session
from mllint.server.subject import Subject
from mllint.server.workers import NoAnswer

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer


REST_OF_OTHERS: Final = 0.3
"""Seconds of rest before the documents that depend on a changed one are looked at again: what is being typed goes
first."""


class Publisher:
    """Keeps what the editor shows in step with its documents."""

    def __init__(self, server: LanguageServer, session: Session) -> None:
        self._server = server
        self._session = session
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._parts: dict[str, set[str]] = {}
        """Document → URIs of the texts that it was told of."""
        self._mistakes: dict[str, set[str]] = {}
        """Document → URIs of the settings files whose mistakes were told for its sake."""
        self._asked: dict[str, frozenset[str]] = {}
        """Document → paths of the other files that what was told of it depends on."""

    def changed(self, uri: str) -> None:
        """Looks at a document after a rest."""
        self._start(uri, self._session.options.debounce / 1000)
        self._start_dependents(uri)

    def opened(self, uri: str) -> None:
        """Looks at a document at once."""
        self._start(uri, 0.0)
        self._start_dependents(uri)

    def all_changed(self) -> None:
        """Looks at every document again: the settings may have changed."""
        for uri in self._session.documents.uris:
            self._start(uri, self._session.options.debounce / 1000)

    def closed(self, uri: str) -> None:
        """Takes back what was told of a document."""
        task = self._tasks.pop(uri, None)
        if task is not None:
            task.cancel()
        self._asked.pop(uri, None)
        self._start_dependents(uri)
        self._clear(self._parts.pop(uri, ()))
        self._clear(self._mistakes.pop(uri, set()) - set().union(*self._mistakes.values()))

    def stop(self) -> None:
        """Looks at nothing any more."""
        for task in self._tasks.values():
            task.cancel()

    def _start(self, uri: str, rest: float) -> None:
        task = self._tasks.get(uri)
        if task is not None:
            task.cancel()
        self._tasks[uri] = asyncio.ensure_future(self._look(uri, rest))
        self._tasks[uri].add_done_callback(self._ended)

    def _start_dependents(self, uri: str) -> None:
        path = to_fs_path(uri)
        for other, asked in self._asked.items():
            if path in asked:
                self._start(other, max(REST_OF_OTHERS, self._session.options.debounce / 1000))

    def _ended(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception):
            self._server.report_server_error(error, FeatureNotificationError)

    async def _look(self, uri: str, rest: float) -> None:
        await asyncio.sleep(rest)
        snapshot = self._session.documents.snapshot(uri)
        if snapshot is None:
            return
        subject = self._session.subject(snapshot)
        analysis = await self._analysis(subject)
        if self._session.is_current(snapshot):
            self._publish(analysis, snapshot)
            self._asked[uri] = analysis.asked
            if self._is_outdated(analysis, subject, snapshot):
                asyncio.get_running_loop().call_soon(self._start, uri, REST_OF_OTHERS)

    async def _analysis(self, subject: Subject) -> Analysis:
        if not self._session.options.enable:
            return Analysis(FileReport(subject.path))
        try:
            return await self._session.analyst.ask(analyse, subject)
        except NoAnswer as reason:
            return Analysis(FileReport(subject.path, errors=(Diagnostic(subject.path, str(reason)),)))

    def _is_outdated(self, analysis: Analysis, subject: Subject, snapshot: Snapshot) -> bool:
        """Whether another open document was changed that the analysis turned out to depend on."""
        now = self._session.documents.sources_besides(snapshot.uri)
        return any(now.get(path) != subject.others.get(path) for path in analysis.asked)

    def _publish(self, analysis: Analysis, snapshot: Snapshot) -> None:
        shown = diagnostics.of_analysis(analysis, snapshot, self._session.text_at)
        for part, found in shown.items():
            self._tell(part.uri, found, part.version)
        told = {part.uri for part in shown}
        self._clear(self._parts.get(snapshot.uri, set()) - told)
        self._parts[snapshot.uri] = told
        self._publish_mistakes(analysis, snapshot)

    def _publish_mistakes(self, analysis: Analysis, snapshot: Snapshot) -> None:
        """Mistakes of settings are shown where they are: a file of settings may hold for many documents."""
        mistakes = diagnostics.of_mistakes(analysis, self._session.text_at)
        before = self._mistakes.pop(snapshot.uri, set())
        for uri, found in mistakes.items():
            self._tell(uri, found, None)
        self._clear(before - set(mistakes) - set().union(*self._mistakes.values()))
        self._mistakes[snapshot.uri] = set(mistakes)

    def _clear(self, uris: Iterable[str]) -> None:
        for uri in uris:
            self._tell(uri, [], None)

    def _tell(self, uri: str, found: list[types.Diagnostic], version: int | None) -> None:
        self._server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, version))
