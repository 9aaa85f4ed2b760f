"""A document with its syntax tree, and the two ways to make one.

What is rewritten is read exactly, by LibCST's own parser, which spends most of its time on spaces. What is only read is
read quickly: the same nodes are made from Python's own syntax tree, without the spaces.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol, TypeAlias

from mllint.source.text.document import Document

if TYPE_CHECKING:
    import ast

    import libcst as cst
    from libcst.metadata import CodeRange

    Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class ParsedFile(Protocol):
    """One file of the program that is read."""

    @property
    def document(self) -> Document: ...

    @property
    def tree(self) -> cst.Module: ...

    @property
    def path(self) -> str:
        """As users see it."""

    @property
    def positions(self) -> Mapping[cst.CSTNode, CodeRange]:
        """Where the nodes lie in the text, computed for those that are asked for: lines are 1-based, columns 0-based
        in code points."""

    def holds(self, node: cst.CSTNode) -> bool:
        """Whether the node is one of this file."""

    def code(self, node: cst.CSTNode) -> str:
        """The text of a node on one line, with the parentheses around an expression, and without the decorators of a
        definition; of a node that nobody wrote, as it would be written."""

    def origin(self, definition: cst.FunctionDef | cst.ClassDef) -> Definition | None:
        """The definition in `document.syntax`; None where the tree was not made from that."""


Parser = Callable[[Document], ParsedFile]
"""Raises UnreadableSource for what cannot be parsed."""


def parsed_exactly(document: Document) -> ParsedFile:
    """Raises UnreadableSource where LibCST cannot parse the text."""
    from mllint.source.parsing.exact import ExactFile

    return ExactFile(document)


def parsed_quickly(document: Document) -> ParsedFile:
    """Raises UnreadableSource where neither Python nor LibCST can parse the text. What is newer syntax than this
    Python's, and what its tree does not tell enough of, is read exactly."""
    from mllint.source.parsing.quick import QuickFile, is_told_by_python

    return QuickFile(document) if is_told_by_python(document) else parsed_exactly(document)
