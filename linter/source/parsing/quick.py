"""LibCST's nodes made from Python's own syntax tree: what LibCST spends most of its time on, spaces, is left out."""

from __future__ import annotations

import ast
import re
import unicodedata
from functools import cached_property
from typing import TYPE_CHECKING, Final

import libcst as cst

from mllint.source.parsing.exact import written
from mllint.source.parsing.expressions import EXPRESSIONS
from mllint.source.parsing.maker import Maker
from mllint.source.parsing.places import Places
from mllint.source.parsing.statements import block
from mllint.source.reading.tasks import TASK
from mllint.source.text.document import Document

if TYPE_CHECKING:
    from mllint.source.parsing.parsed import Definition

_CONTINUED: Final = re.compile(r"[:;][ \t]*\\[\r\n]|\\(?:\r\n?|\n)[ \t]*;")
"""A statement that stands on another line than the statement, or the colon, before it."""
_FOREIGN_NAME: Final = re.compile(r"(?<!\w)\w*[^\x00-\x7f](?:\w|[^\x00-\x7f])*")
"""What may be a name with other letters than ASCII's: accents that stand alone are no `\\w`."""


def is_told_by_python(document: Document) -> bool:
    """Whether Python can parse a document, and its tree tells all that the lens asks for: comments it does not, nor
    names that are not in normal form; and whether LibCST counts its columns as Python does, which it does not behind a
    form feed.

    https://docs.python.org/3/reference/lexical_analysis.html#identifiers
    """
    text = document.text
    if "\f" in text or TASK.search(text) or _CONTINUED.search(text):
        return False
    foreign = () if text.isascii() else _FOREIGN_NAME.findall(text)
    if any(not unicodedata.is_normalized("NFKC", one) and one.isidentifier() for one in foreign):
        return False
    try:
        return bool(document.syntax)
    except SyntaxError:
        return False


class QuickFile:
    """See `ParsedFile`. The constructor raises SyntaxError where Python cannot parse the text, and UnreadableSource
    where LibCST cannot parse what is left to it; the bodies of functions are made when they are looked at."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._codes: dict[cst.CSTNode, str] = {}
        self._maker = Maker(document, EXPRESSIONS, block)
        self.tree = cst.Module(self._maker.statements(document.syntax.body))

    @property
    def path(self) -> str:
        return self.document.path

    @cached_property
    def positions(self) -> Places:
        return Places(self._maker)

    def holds(self, node: cst.CSTNode) -> bool:
        return node is self.tree or node in self._maker.origins or self.positions.get(node) is not None

    def code(self, node: cst.CSTNode) -> str:
        if node not in self._codes:
            self._codes[node] = self._code(node)
        return self._codes[node]

    def _code(self, node: cst.CSTNode) -> str:
        if node not in self._maker.origins and self._maker.island_of(node) is not None:
            return written(node)  # with every space: LibCST read it
        try:
            start, end = self.positions.around(node)
        except KeyError:
            return written(node)
        return " ".join(self.document.text[start:end].split())

    def origin(self, definition: cst.FunctionDef | cst.ClassDef) -> Definition | None:
        found = self._maker.origins.get(definition)
        return found if isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else None
