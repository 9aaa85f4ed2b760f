"""A notebook as an editor keeps it: a text for each cell."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lsprotocol import types

from tests.server.editor import Editor


@dataclass
class Cell:
    uri: str
    kind: types.NotebookCellKind
    source: str


class Notebook:
    """An open notebook."""

    def __init__(self, editor: Editor, path: Path, cells: Sequence[tuple[str, str]]) -> None:
        self.editor = editor
        self.uri = path.as_uri()
        self.version = 1
        self.made = 0
        self.cells = [self.cell(kind, source) for kind, source in cells]

    @classmethod
    def read(cls, editor: Editor, path: Path) -> Notebook:
        cells = json.loads(path.read_text("utf-8"))["cells"]
        return cls(editor, path, [(cell["cell_type"], "".join(cell["source"])) for cell in cells])

    def cell(self, kind: str, source: str) -> Cell:
        self.made += 1
        uri = self.uri.replace("file:", "vscode-notebook-cell:") + f"#W{self.made}sZmlsZQ%3D%3D"
        self.editor.texts[uri] = source
        self.editor.versions[uri] = 1
        return Cell(uri, types.NotebookCellKind.Code if kind == "code" else types.NotebookCellKind.Markup, source)

    def open(self, metadata: Any = None) -> None:
        cells = list(map(_described, self.cells))
        document = types.NotebookDocument(self.uri, "jupyter-notebook", self.version, cells, metadata)
        params = types.DidOpenNotebookDocumentParams(document, list(map(_text, self.cells)))
        self.editor.client.notebook_document_did_open(params)

    def replace(self, cell: Cell, old: str, new: str) -> None:
        """Replaces what stands in a cell once."""
        span = self.editor.range(cell.uri, old)
        self.editor.texts[cell.uri] = self.editor.texts[cell.uri].replace(old, new)
        self.editor.versions[cell.uri] += 1
        identifier = types.VersionedTextDocumentIdentifier(self.editor.versions[cell.uri], cell.uri)
        change = types.NotebookDocumentCellContentChanges(
            identifier, [types.TextDocumentContentChangePartial(span, new)]
        )
        self._changed(types.NotebookDocumentCellChanges(text_content=[change]))

    def insert(self, index: int, kind: str, source: str) -> Cell:
        cell = self.cell(kind, source)
        self.cells.insert(index, cell)
        array = types.NotebookCellArrayChange(index, 0, [_described(cell)])
        self._changed(
            types.NotebookDocumentCellChanges(types.NotebookDocumentCellChangeStructure(array, did_open=[_text(cell)]))
        )
        return cell

    def remove(self, index: int) -> Cell:
        cell = self.cells.pop(index)
        gone = [types.TextDocumentIdentifier(cell.uri)]
        array = types.NotebookCellArrayChange(index, 1)
        self._changed(
            types.NotebookDocumentCellChanges(types.NotebookDocumentCellChangeStructure(array, did_close=gone))
        )
        return cell

    def save(self) -> None:
        params = types.DidSaveNotebookDocumentParams(types.NotebookDocumentIdentifier(self.uri))
        self.editor.client.notebook_document_did_save(params)

    def close(self) -> None:
        cells = [types.TextDocumentIdentifier(cell.uri) for cell in self.cells]
        params = types.DidCloseNotebookDocumentParams(types.NotebookDocumentIdentifier(self.uri), cells)
        self.editor.client.notebook_document_did_close(params)

    def _changed(self, cells: types.NotebookDocumentCellChanges) -> None:
        self.version += 1
        params = types.DidChangeNotebookDocumentParams(
            types.VersionedNotebookDocumentIdentifier(self.version, self.uri),
            types.NotebookDocumentChangeEvent(cells=cells),
        )
        self.editor.client.notebook_document_did_change(params)


def _described(cell: Cell) -> types.NotebookCell:
    return types.NotebookCell(cell.kind, cell.uri)


def _text(cell: Cell) -> types.TextDocumentItem:
    language = "python" if cell.kind is types.NotebookCellKind.Code else "markdown"
    return types.TextDocumentItem(cell.uri, language, 1, cell.source)
