"""Other files of the program that is read: what the lens asks of whoever knows where they are.

The lens names modules as an import statement writes them, `pkg.config` or `..config`, and says which file does.
"""

from __future__ import annotations

from typing import Protocol

from mllint.source.parsing.parsed import ParsedFile
from mllint.source.text.document import Document


class Modules(Protocol):
    """The program's own modules. A module is known by where it is: a file, or a directory that is a namespace package.

    The path of the file that imports is one that this object gave, or None for the file that is looked at.
    """

    def locate(self, dotted: str, importer: str | None) -> str | None:
        """Where a module is that a file of the program imports; None for libraries, and where there is doubt."""

    def below(self, package: str, name: str) -> str | None:
        """Where the module of this name in a package is."""

    def name(self, module: str) -> str:
        """The full dotted name of a module."""

    def read(self, module: str) -> ParsedFile | None:
        """The file of a module; None where it has none, cannot be read, or is too much to read."""

    def is_read_file(self, module: str) -> bool:
        """Whether the module is the very file that is looked at."""

    def data(self, path: str, opener: str | None) -> Document | None:
        """The file that the program opens by a path, absolute or from the directory in which it is run; None where it
        is not known which one that is, and where it cannot be read."""


class NoModules:
    """A program of one file."""

    def locate(self, dotted: str, importer: str | None) -> str | None:
        return None

    def below(self, package: str, name: str) -> str | None:
        return None

    def name(self, module: str) -> str:
        return module

    def read(self, module: str) -> ParsedFile | None:
        return None

    def is_read_file(self, module: str) -> bool:
        return False

    def data(self, path: str, opener: str | None) -> Document | None:
        return None
