"""Other files of the program that is read: what the lens asks of whoever knows where they are.

The lens names modules as an import statement writes them, `pkg.config` or `..config`, and says which file does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cached_property, lru_cache
from typing import Any, Protocol

import libcst as cst
from libcst.metadata import CodeRange

from mllint.source.positions import Positions
from mllint.source.text.document import Document


class ParsedFile:
    """A document with its syntax tree.

    The constructor raises UnreadableSource where LibCST cannot parse the text.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        try:
            self.tree = cst.parse_module(document.text)
        except cst.ParserSyntaxError as error:
            raise document.unparsable(error) from error

    @property
    def path(self) -> str:
        """As users see it."""
        return self.document.path

    @cached_property
    def positions(self) -> Mapping[cst.CSTNode, CodeRange]:
        """Where the nodes lie in the text; computed when the first one is asked for."""
        return Positions(self.tree, self.document.text)

    def holds(self, node: cst.CSTNode) -> bool:
        """Whether the node is one of this file."""
        return node in self._nodes

    @cached_property
    def _nodes(self) -> frozenset[cst.CSTNode]:
        found: list[cst.CSTNode] = [self.tree]
        for node in found:
            found.extend(_children(node))
        return frozenset(found)


def _children(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """As `node.children`, which runs a visitor and takes many times as long."""
    for name in _field_names(type(node)):
        value: Any = getattr(node, name)
        if isinstance(value, cst.CSTNode):
            yield value
        elif isinstance(value, list | tuple):
            yield from (one for one in value if isinstance(one, cst.CSTNode))


@lru_cache(maxsize=512)
def _field_names(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


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
