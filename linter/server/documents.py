"""The documents that the editor has open, each as one thing to lint: a Python file, or a whole notebook."""

from __future__ import annotations

import json
import tokenize
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import PurePath
from typing import Any, Final

from lsprotocol import types
from pygls.uris import to_fs_path, urlparse
from pygls.workspace import PositionCodec

from mllint.files.data_files import LARGEST
from mllint.server.text import Text

NOTEBOOK: Final = ".ipynb"
SUFFIXES: Final = (".py", ".pyi", ".pyw")
DATA_SUFFIXES: Final = (".json", ".yaml", ".yml")
PYTHON: Final = "python"


@dataclass(frozen=True, slots=True)
class Part:
    """A text of the editor's: a Python file, or one code cell of a notebook."""

    uri: str
    version: int | None
    text: Text


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A document as it was at one time."""

    uri: str
    path: str
    """Of the file system where the document lies there, otherwise what its URI calls it; notebooks end in .ipynb."""
    is_file: bool
    number: int
    """Counts the changes of all documents."""
    source: bytes
    parts: Mapping[int | None, Part]
    """None → the file, or number of a cell, 1-based among all cells → the cell."""
    encoding: str = "utf-8"

    def part_of(self, uri: str) -> tuple[int | None, Part] | None:
        """The cell's number and the cell, or None and the file, of this URI."""
        return next(((cell, part) for cell, part in self.parts.items() if part.uri == uri), None)

    def edits_to(self, source: bytes) -> Iterator[tuple[Part, list[types.TextEdit]]]:
        """What to change in each part so that the document becomes this one."""
        for cell, content in self._contents(source).items():
            part = self.parts[cell]
            edits = list(part.text.edits_to(content))
            if edits:
                yield part, edits

    def _contents(self, source: bytes) -> Mapping[int | None, str]:
        if None in self.parts:
            return {None: source.decode(self.encoding)}
        cells = json.loads(source)["cells"]
        return {number: cells[number - 1]["source"] for number in self.parts if number is not None}


@dataclass(slots=True)
class _Cell:
    uri: str
    is_code: bool


@dataclass(slots=True)
class _Notebook:
    cells: list[_Cell]
    metadata: Any = None


@dataclass(slots=True)
class _Entry:
    text: Text
    version: int | None
    language: str


@dataclass
class Documents:
    """What is open now. Changes of what is not open are ignored: editors that send them have lost count."""

    codec: PositionCodec = field(default_factory=PositionCodec)
    _files: dict[str, int] = field(default_factory=dict)
    """URI → number of the change that made it what it is; of Python files and of notebooks."""
    _texts: dict[str, _Entry] = field(default_factory=dict)
    _notebooks: dict[str, _Notebook] = field(default_factory=dict)
    _cells: dict[str, str] = field(default_factory=dict)
    """URI of a cell → of its notebook."""
    _changes: int = 0

    @property
    def uris(self) -> Sequence[str]:
        return tuple(self._files)

    def text_at(self, path: str) -> tuple[str, Text] | None:
        """The URI and text of an open file, Python or not; None where it is not open."""
        return next(((uri, entry.text) for uri, entry in self._texts.items() if to_fs_path(uri) == path), None)

    def sources_besides(self, uri: str) -> Mapping[str, bytes]:
        """What the open Python and data files hold, but for one of them, by their paths; notebooks are not imported."""
        others = [one for one in self._texts if one != uri and (one in self._files or self._is_data(one))]
        return {_path(one)[0]: _encoded(self._texts[one].text.content)[1] for one in others if _path(one)[1]}

    def _is_data(self, uri: str) -> bool:
        return uri.endswith(DATA_SUFFIXES) and len(self._texts[uri].text.content) <= LARGEST

    def owner(self, uri: str) -> str | None:
        """The document that a text belongs to: itself, or the notebook of a cell. None where it is not open."""
        owner = self._cells.get(uri, uri)
        return owner if owner in self._files else None

    def number(self, uri: str) -> int | None:
        """The number of the document's last change; None where it is not open."""
        return self._files.get(uri)

    # ------------------------------------------------------------ Python files

    def open(self, item: types.TextDocumentItem) -> None:
        """What is no Python is not looked at: it may be a configuration file."""
        self._put(item)
        if item.language_id == PYTHON or item.uri.endswith(SUFFIXES):
            self._touch(item.uri)

    def change(
        self, identifier: types.VersionedTextDocumentIdentifier, changes: Sequence[types.TextDocumentContentChangeEvent]
    ) -> None:
        self._change(identifier, changes)
        if identifier.uri in self._files:
            self._touch(identifier.uri)

    def close(self, uri: str) -> None:
        self._files.pop(uri, None)
        self._texts.pop(uri, None)

    # ------------------------------------------------------------ notebooks

    def open_notebook(self, notebook: types.NotebookDocument, texts: Sequence[types.TextDocumentItem]) -> None:
        self._notebooks[notebook.uri] = _Notebook([], notebook.metadata)
        self._splice(notebook.uri, 0, 0, notebook.cells)
        for item in texts:
            self._put(item)
        self._touch(notebook.uri)

    def change_notebook(self, uri: str, change: types.NotebookDocumentChangeEvent) -> None:
        notebook = self._notebooks.get(uri)
        if notebook is None:
            return
        if change.metadata is not None:
            notebook.metadata = change.metadata
        cells = change.cells or types.NotebookDocumentCellChanges()
        if cells.structure is not None:
            array = cells.structure.array
            for item in cells.structure.did_open or ():
                self._put(item)
            self._splice(uri, array.start, array.delete_count, array.cells or ())
            for closed in cells.structure.did_close or ():
                self._texts.pop(closed.uri, None)
        kinds = {cell.document: cell.kind is types.NotebookCellKind.Code for cell in cells.data or ()}
        for cell in notebook.cells:
            cell.is_code = kinds.get(cell.uri, cell.is_code)
        for content in cells.text_content or ():
            self._change(content.document, content.changes)
        self._touch(uri)

    def close_notebook(self, uri: str) -> None:
        notebook = self._notebooks.pop(uri, None)
        self._files.pop(uri, None)
        for cell in notebook.cells if notebook else ():
            self._cells.pop(cell.uri, None)
            self._texts.pop(cell.uri, None)

    def _splice(self, uri: str, start: int, delete: int, cells: Sequence[types.NotebookCell]) -> None:
        new = [_Cell(cell.document, cell.kind is types.NotebookCellKind.Code) for cell in cells]
        notebook = self._notebooks[uri]
        gone = notebook.cells[start : start + delete]
        notebook.cells[start : start + delete] = new
        for cell in gone:
            self._cells.pop(cell.uri, None)
        self._cells.update((cell.uri, uri) for cell in notebook.cells)

    # ------------------------------------------------------------ texts

    def _put(self, item: types.TextDocumentItem) -> None:
        self._texts[item.uri] = _Entry(Text(item.text, self.codec), item.version, item.language_id)

    def _change(
        self, identifier: types.VersionedTextDocumentIdentifier, changes: Sequence[types.TextDocumentContentChangeEvent]
    ) -> None:
        entry = self._texts.get(identifier.uri)
        if entry is None:
            return
        for change in changes:
            if isinstance(change, types.TextDocumentContentChangePartial):
                entry.text = entry.text.changed(change.range, change.text)
            else:
                entry.text = Text(change.text, self.codec)
        entry.version = identifier.version

    def _touch(self, uri: str) -> None:
        self._changes += 1
        self._files[uri] = self._changes

    # ------------------------------------------------------------ snapshots

    def snapshot(self, uri: str) -> Snapshot | None:
        """The document as it is now; None where it is not open."""
        number = self._files.get(uri)
        if number is None:
            return None
        path, is_file = _path(uri)
        notebook = self._notebooks.get(uri)
        if notebook is None:
            entry = self._texts[uri]
            encoding, source = _encoded(entry.text.content)
            file = Part(uri, entry.version, entry.text)
            return Snapshot(uri, path, is_file, number, source, {None: file}, encoding)
        path = path if path.endswith(NOTEBOOK) else path + NOTEBOOK
        return replace(self._snapshot_of(notebook), uri=uri, path=path, is_file=is_file, number=number)

    def _snapshot_of(self, notebook: _Notebook) -> Snapshot:
        parts: dict[int | None, Part] = {}
        cells: list[object] = []
        for number, cell in enumerate(notebook.cells, start=1):
            entry = self._texts.get(cell.uri)
            if entry is None or not cell.is_code:
                cells.append({"cell_type": "markdown", "source": ""})
                continue
            parts[number] = Part(cell.uri, entry.version, entry.text)
            cells.append({"cell_type": "code", "language": entry.language, "source": entry.text.content})
        metadata = notebook.metadata if isinstance(notebook.metadata, dict) else {}
        held = {"cells": cells, "metadata": metadata.get("metadata", metadata), "nbformat": 4, "nbformat_minor": 5}
        source = json.dumps(held, default=lambda other: {}).encode()
        return Snapshot("", "", False, 0, source, parts)


def _path(uri: str) -> tuple[str, bool]:
    """What a URI calls a document, and whether it is a file on this machine."""
    path = to_fs_path(uri)
    if path:
        return path, True
    parts = urlparse(uri)
    return PurePath(parts[2]).name or parts[0] or "untitled", False


@lru_cache(maxsize=64)
def _encoded(content: str) -> tuple[str, bytes]:
    """The bytes that an editor would write, in the encoding that the text declares (PEP 263)."""
    source = content.encode("utf-8", "surrogatepass")
    try:
        encoding, _ = tokenize.detect_encoding(iter(source.splitlines(keepends=True)).__next__)
        declared = "utf-8" if encoding == "utf-8-sig" else encoding
        return declared, content.encode(declared)
    except (SyntaxError, UnicodeError, LookupError):
        return "utf-8", source
