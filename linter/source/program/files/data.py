"""The data files of a run: those that were read, and what the program writes."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

import libcst as cst

from mllint.source.data.file import DataFile, Format, read_data

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter


class Data:
    """The files that a program reads JSON or YAML from; `refused` are the paths of those that are not to be read."""

    def __init__(self, run: Interpreter, refused: Collection[str]) -> None:
        self._run = run
        self._refused = refused
        self._read: dict[str, tuple[Format, DataFile]] = {}
        self.written: set[str] = set()
        """Paths that the program opens for writing, as it has them."""
        self.writes_unknown = False
        """It opens files for writing whose paths are not known."""

    def read(self, path: str, form: Format) -> DataFile | None:
        """The file that is opened by a path; None where nothing is known of it."""
        opener = self._run.units.of(self._run.frames[-1].scope)
        document = self._run.units.modules.data(path, opener.where)
        if document is None or document.path in self._refused:
            return None
        if document.path not in self._read:
            file = read_data(document, form)
            if file is None:
                return None
            self._read[document.path] = form, file
        known, file = self._read[document.path]
        return file if known == form else None

    def note_writing(self, path: str | None) -> None:
        """The program may write the file at a path; None for a path that is not known."""
        if path is None:
            self.writes_unknown = True
        else:
            self.written.add(os.path.normpath(path))

    def file_of(self, node: cst.CSTNode) -> DataFile | None:
        """The file that a node stands for a part of."""
        if not self._read:
            return None  # most programs load nothing, and ask often
        return next((file for file in self.files() if file.holds(node)), None)

    def files(self) -> Iterator[DataFile]:
        """All that were read."""
        yield from (file for _, file in self._read.values())
