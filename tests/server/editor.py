"""An editor as far as the tests need one: it keeps the texts, speaks the protocol, and carries out edits.

Positions are worked out here in another way than in the server: through the encoded lines.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp import LanguageClient
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features

ENCODINGS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
SERVER = (sys.executable, "-m", "mllint", "server")
WAIT = 30


class Editor:
    """One editor with its server."""

    def __init__(self) -> None:
        self.client = LanguageClient(converter_factory=default_converter)
        own = {types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: lambda params: self._published(params)}
        register_lsp_features(self.client, {**DEFAULT_CLIENT_FEATURES, **own})
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = defaultdict(int)
        self.published: list[types.PublishDiagnosticsParams] = []
        self.encoding = "utf-16"
        self._news = asyncio.Event()

    async def start(
        self,
        folders: Sequence[Path] = (),
        options: Any = None,
        encodings: Sequence[str] | None = None,
        **capabilities: Any,
    ) -> types.InitializeResult:
        await self.client.start_io(*SERVER)
        able = types.ClientCapabilities(**{"notebook_document": NOTEBOOKS, **capabilities})
        if encodings is not None:
            able.general = types.GeneralClientCapabilities(position_encodings=list(encodings))
        result = await self.client.initialize_session(
            types.InitializeParams(
                capabilities=able,
                workspace_folders=[types.WorkspaceFolder(folder.as_uri(), folder.name) for folder in folders],
                initialization_options=options,
            )
        )
        self.encoding = str(result.capabilities.position_encoding or "utf-16")
        return result

    async def stop(self) -> None:
        await self.client.shutdown_session()
        await self.client.stop()

    @property
    def process(self) -> asyncio.subprocess.Process:
        assert self.client._server is not None
        return self.client._server

    # ------------------------------------------------------------ documents

    def open(self, where: Path | str, text: str, language: str = "python") -> str:
        """Tells that a document is open; returns its URI."""
        uri = where if isinstance(where, str) else where.as_uri()
        self.texts[uri] = text
        self.versions[uri] += 1
        item = types.TextDocumentItem(uri, language, self.versions[uri], text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def change(self, uri: str, text: str) -> int:
        """Replaces all of a document; returns its new version."""
        return self._changed(uri, [types.TextDocumentContentChangeWholeDocument(text)], text)

    def replace(self, uri: str, old: str, new: str) -> int:
        """Replaces what stands in a document once; returns its new version."""
        span = self.range(uri, old)
        change = types.TextDocumentContentChangePartial(span, new)
        return self._changed(uri, [change], self.texts[uri].replace(old, new))

    def _changed(self, uri: str, changes: list[types.TextDocumentContentChangeEvent], text: str) -> int:
        self.texts[uri] = text
        self.versions[uri] += 1
        identifier = types.VersionedTextDocumentIdentifier(self.versions[uri], uri)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, changes))
        return self.versions[uri]

    def save(self, uri: str) -> None:
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri)))

    def close(self, uri: str) -> None:
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))

    # ------------------------------------------------------------ what comes back

    def _published(self, params: types.PublishDiagnosticsParams) -> None:
        self.published.append(params)
        self._news.set()

    def last(self, uri: str) -> types.PublishDiagnosticsParams | None:
        return next((one for one in reversed(self.published) if one.uri == uri), None)

    async def until(self, holds: Callable[[], Any]) -> None:
        """Waits until something holds of what was published."""

        async def watch() -> None:
            while not holds():
                self._news.clear()
                await self._news.wait()

        await asyncio.wait_for(watch(), WAIT)

    async def diagnostics(self, uri: str) -> Sequence[types.Diagnostic]:
        """What is published of the document as it is now."""

        def is_current() -> bool:
            last = self.last(uri)
            return last is not None and last.version == self.versions[uri]

        await self.until(is_current)
        last = self.last(uri)
        assert last is not None
        return last.diagnostics

    async def codes(self, uri: str) -> list[str]:
        return [str(one.code) for one in await self.diagnostics(uri)]

    async def actions(
        self, uri: str, at: types.Range, only: list[str] | None = None, shown: Sequence[types.Diagnostic] = ()
    ) -> list[types.CodeAction]:
        context = types.CodeActionContext(list(shown), only)  # type: ignore[arg-type]
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), at, context)
        found = await self.client.text_document_code_action_async(params)
        return [action for action in found or () if isinstance(action, types.CodeAction)]

    async def hover(self, uri: str, at: types.Position) -> str | None:
        found = await self.client.text_document_hover_async(types.HoverParams(types.TextDocumentIdentifier(uri), at))
        if found is None:
            return None
        assert isinstance(found.contents, types.MarkupContent)
        return found.contents.value

    # ------------------------------------------------------------ positions and edits

    def range(self, uri: str, text: str) -> types.Range:
        """Where a text stands that stands in the document once."""
        whole = self.texts[uri]
        assert whole.count(text) == 1, f"{text!r} stands there {whole.count(text)} times"
        start = whole.index(text)
        return types.Range(self.position(uri, start), self.position(uri, start + len(text)))

    def position(self, uri: str, offset: int) -> types.Position:
        encoding, size = ENCODINGS[self.encoding]
        before = re.split(r"\r\n|\n|\r", self.texts[uri][:offset])
        return types.Position(len(before) - 1, len(before[-1].encode(encoding)) // size)

    def text_at(self, uri: str, span: types.Range) -> str:
        start, end = (self._offset(uri, position) for position in (span.start, span.end))
        return self.texts[uri][start:end]

    def _offset(self, uri: str, position: types.Position) -> int:
        encoding, size = ENCODINGS[self.encoding]
        starts = [0, *(newline.end() for newline in re.finditer(r"\r\n|\n|\r", self.texts[uri]))]
        line = re.split(r"\r\n|\n|\r", self.texts[uri])[position.line].encode(encoding)
        assert position.character * size <= len(line), "outside of the line"
        return starts[position.line] + len(line[: position.character * size].decode(encoding))

    def edited(self, edit: types.WorkspaceEdit | None) -> Mapping[str, str]:
        """The texts after an edit, by URI."""
        assert edit is not None
        by_uri = dict(edit.changes or {})
        for change in edit.document_changes or ():
            assert isinstance(change, types.TextDocumentEdit)
            uri = change.text_document.uri
            assert change.text_document.version == self.versions[uri]
            by_uri[uri] = [one for one in change.edits if isinstance(one, types.TextEdit)]
        return {uri: self._applied(uri, edits) for uri, edits in by_uri.items()}

    def _applied(self, uri: str, edits: Sequence[types.TextEdit]) -> str:
        spans = sorted((self._offset(uri, e.range.start), self._offset(uri, e.range.end), e.new_text) for e in edits)
        text = self.texts[uri]
        for start, end, new in reversed(spans):
            text = text[:start] + new + text[end:]
        return text


NOTEBOOKS = types.NotebookDocumentClientCapabilities(types.NotebookDocumentSyncClientCapabilities())
RESOLVES = types.TextDocumentClientCapabilities(
    code_action=types.CodeActionClientCapabilities(
        data_support=True,
        is_preferred_support=True,
        resolve_support=types.ClientCodeActionResolveOptions(["edit"]),
    )
)
VERSIONS = types.WorkspaceClientCapabilities(
    workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True)
)
