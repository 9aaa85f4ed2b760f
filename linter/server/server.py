"""The messages of the protocol, and who answers them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from contextlib import suppress
from typing import Any, Final, TypeVar

from lsprotocol import types
from pygls.exceptions import FeatureRequestError, JsonRpcException, JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol
from pygls.workspace import PositionCodec

from mllint import __version__
from mllint.server.actions import KINDS, Actions, CannotDo
from mllint.server.analysis import warm_up
from mllint.server.documents import Documents
from mllint.server.options import SECTION, SOURCE, Options
from mllint.server.publishing import Publisher
from mllint.server.session import Session
from mllint.server.understanding import Spot, explain
from mllint.server.workers import NoAnswer
from mllint.settings import SettingsError
from mllint.settings.files import FILE_NAMES

T = TypeVar("T")

NOTEBOOKS = types.NotebookDocumentSyncOptions(
    notebook_selector=[
        types.NotebookDocumentFilterWithNotebook(notebook="*", cells=[types.NotebookCellLanguage(language="python")])
    ],
    save=True,
)

KEPT_HERE: Final = (
    types.TEXT_DOCUMENT_DID_OPEN, types.TEXT_DOCUMENT_DID_CHANGE, types.TEXT_DOCUMENT_DID_CLOSE,
    types.NOTEBOOK_DOCUMENT_DID_OPEN, types.NOTEBOOK_DOCUMENT_DID_CHANGE, types.NOTEBOOK_DOCUMENT_DID_CLOSE,
)  # fmt: skip
"""What pygls does with these is left out: it ends lines at form feeds and U+2028, where no editor ends them, and alters
the positions it is given."""

WATCHED: Final = ("**/*.py", *(f"**/{name}" for name in FILE_NAMES), "**/*.{yaml,yml,json}")
"""Modules that others import, configuration files, knowledge files and baselines."""


class Protocol(LanguageServerProtocol):
    """As pygls has it, which gives requests with parameters that it cannot read no answer."""

    def structure_message(self, data: dict[str, Any]) -> Any:
        """The message. Raises JsonRpcException for one that cannot be read."""
        try:
            return super().structure_message(data)
        except JsonRpcException:
            number = data.get("id")
            if "method" in data and isinstance(number, int | str):
                self._send_response(number, error=JsonRpcInvalidParams().to_response_error())
            raise


class Server(LanguageServer):
    """Speaks with one editor."""

    def __init__(self) -> None:
        super().__init__("mllint", __version__, protocol_cls=Protocol, notebook_document_sync=NOTEBOOKS)
        for method in KEPT_HERE:
            del self.protocol.fm.builtin_features[method]
        self.session = Session()
        self.publisher = Publisher(self, self.session)
        self.actions = Actions(self.session, types.ClientCapabilities())
        self.exit_code = 1
        """0 once the editor asked to shut down before it left, as the protocol has it."""

    def report_server_error(self, error: Exception, source: object) -> None:
        """Messages that cannot be understood change nothing; the editor's log tells of them."""
        if source is not FeatureRequestError:
            self.log(f"{type(error).__name__}: {error}")

    def log(self, message: str) -> None:
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, message))

    def start(self, params: types.InitializeParams) -> None:
        self.session.documents = Documents(PositionCodec(self.workspace.position_encoding))
        self.session.folders = self.workspace.folders
        self.actions = Actions(self.session, params.capabilities)
        if params.initialization_options is not None:
            self.configure(params.initialization_options)

    def configure(self, said: Any) -> None:
        """Takes over the settings of the editor; those before stay where there is a mistake in them."""
        try:
            self.session.options = Options.read(said)
        except SettingsError as error:
            where = f"{error.source}: " if error.source != SOURCE else ""
            message = f"mllint: {where}{error.message}"
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, message))


def create() -> Server:
    """A server that waits to be started."""
    logging.getLogger("pygls").addHandler(logging.NullHandler())  # it would speak on stderr
    logging.getLogger("asyncio").addHandler(logging.NullHandler())
    server = Server()
    _lifecycle(server)
    _files(server)
    _notebooks(server)
    _settings(server)
    _questions(server)
    return server


def _lifecycle(server: Server) -> None:
    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        server.start(params)

    @server.feature(types.INITIALIZED)
    async def initialized(params: types.InitializedParams) -> None:
        await asyncio.gather(_warm(server.session), _watch(server))  # the editor may take its time to answer

    @server.feature(types.SHUTDOWN)
    def shutdown(params: None) -> None:
        server.exit_code = 0
        server.publisher.stop()
        server.session.analyst.stop()
        server.session.assistant.stop()


async def _warm(session: Session) -> None:
    with suppress(NoAnswer):  # it is told with the first document
        for worker in (session.analyst, session.assistant):
            await worker.ask(warm_up)


def _files(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        server.session.documents.open(params.text_document)
        server.publisher.opened(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        server.session.documents.change(params.text_document, params.content_changes)
        server.publisher.changed(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: types.DidSaveTextDocumentParams) -> None:
        server.publisher.all_changed()  # it may be a file of settings, or one that others import

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        server.session.documents.close(params.text_document.uri)
        server.publisher.closed(params.text_document.uri)


def _notebooks(server: Server) -> None:
    @server.feature(types.NOTEBOOK_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenNotebookDocumentParams) -> None:
        server.session.documents.open_notebook(params.notebook_document, params.cell_text_documents)
        server.publisher.opened(params.notebook_document.uri)

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeNotebookDocumentParams) -> None:
        server.session.documents.change_notebook(params.notebook_document.uri, params.change)
        server.publisher.changed(params.notebook_document.uri)

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_SAVE)
    def did_save(params: types.DidSaveNotebookDocumentParams) -> None:
        server.publisher.changed(params.notebook_document.uri)

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseNotebookDocumentParams) -> None:
        server.session.documents.close_notebook(params.notebook_document.uri)
        server.publisher.closed(params.notebook_document.uri)


def _settings(server: Server) -> None:
    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def did_change_configuration(params: types.DidChangeConfigurationParams) -> None:
        server.configure(params.settings or await _asked_settings(server) or {})
        server.publisher.all_changed()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_watched_files(params: types.DidChangeWatchedFilesParams) -> None:
        server.publisher.all_changed()

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def did_change_workspace_folders(params: types.DidChangeWorkspaceFoldersParams) -> None:
        server.publisher.all_changed()


def _questions(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(list(KINDS), resolve_provider=True))
    async def code_action(params: types.CodeActionParams) -> list[types.CodeAction] | None:
        return await _or_nothing(server.actions.at(params), server)

    @server.feature(types.CODE_ACTION_RESOLVE)
    async def resolve(action: types.CodeAction) -> types.CodeAction:
        try:
            return await server.actions.resolved(action)
        except (CannotDo, NoAnswer) as reason:
            server.window_show_message(types.ShowMessageParams(types.MessageType.Info, f"mllint: {reason}"))
            return action

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        return await _or_nothing(_hover(server, params), server)


async def _or_nothing(answer: Awaitable[T], server: Server) -> T | None:
    """The answer of a worker; the editor's log tells why there is none."""
    try:
        return await answer
    except NoAnswer as reason:
        server.log(f"nothing to show: {reason}")
        return None


async def _hover(server: Server, params: types.HoverParams) -> types.Hover | None:
    session = server.session
    snapshot = session.snapshot(params.text_document.uri)
    found = snapshot.part_of(params.text_document.uri) if snapshot is not None else None
    if snapshot is None or found is None or not session.options.enable:
        return None
    cell, part = found
    line, column = part.text.line_and_column(params.position)
    explained = await session.assistant.ask(explain, session.subject(snapshot), Spot(line, column, cell))
    if explained is None:
        return None
    content = types.MarkupContent(types.MarkupKind.Markdown, explained.markdown)
    return types.Hover(content, part.text.range(explained.place))


# ---------------------------------------------------------------- what the editor is asked


async def _watch(server: Server) -> None:
    """Asks to be told when files change that decide what is found."""
    workspace = server.client_capabilities.workspace
    watched = workspace.did_change_watched_files if workspace else None
    if not watched or not watched.dynamic_registration:
        return
    watchers = [types.FileSystemWatcher(glob_pattern=glob) for glob in WATCHED]
    options = types.DidChangeWatchedFilesRegistrationOptions(watchers=watchers)
    wanted = types.Registration("watched-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
    await server.client_register_capability_async(types.RegistrationParams([wanted]))


async def _asked_settings(server: Server) -> Any:
    """The editor's settings, for editors that tell only that they changed."""
    workspace = server.client_capabilities.workspace
    if not workspace or not workspace.configuration:
        return None
    items = types.ConfigurationParams([types.ConfigurationItem(section=SECTION)])
    try:
        answers = await asyncio.wait_for(server.workspace_configuration_async(items), timeout=5)
    except (JsonRpcException, asyncio.TimeoutError):
        return None
    return answers[0] if answers else None
