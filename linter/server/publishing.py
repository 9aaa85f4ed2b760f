"""When documents are looked at, and what is told of them.

A change is looked at after a short rest; a newer one takes its place. Nothing is published of a text that is no longer
the editor's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import FeatureNotificationError

from mllint.results import Diagnostic, FileReport
from mllint.server import diagnostics
from mllint.server.analysis import Analysis, analyse
from mllint.server.documents import Snapshot
from mllint.server.session import Session
from mllint.server.workers import NoAnswer

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer


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

    def changed(self, uri: str) -> None:
        """Looks at a document after a rest."""
        self._start(uri, self._session.options.debounce / 1000)

    def opened(self, uri: str) -> None:
        """Looks at a document at once."""
        self._start(uri, 0.0)

    def all_changed(self) -> None:
        """Looks at every document again: the settings may have changed."""
        for uri in self._session.documents.uris:
            self._start(uri, self._session.options.debounce / 1000)

    def closed(self, uri: str) -> None:
        """Takes back what was told of a document."""
        task = self._tasks.pop(uri, None)
        if task is not None:
            task.cancel()
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

    def _ended(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception):
            self._server.report_server_error(error, FeatureNotificationError)

    async def _look(self, uri: str, rest: float) -> None:
        await asyncio.sleep(rest)
        snapshot = self._session.documents.snapshot(uri)
        if snapshot is None:
            return
        analysis = await self._analysis(snapshot)
        if self._session.is_current(snapshot):
            self._publish(analysis, snapshot)

    async def _analysis(self, snapshot: Snapshot) -> Analysis:
        if not self._session.options.enable:
            return Analysis(FileReport(snapshot.path))
        try:
            return await self._session.analyst.ask(analyse, self._session.subject(snapshot))
        except NoAnswer as reason:
            return Analysis(FileReport(snapshot.path, errors=(Diagnostic(snapshot.path, str(reason)),)))

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
