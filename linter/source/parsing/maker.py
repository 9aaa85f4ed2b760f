"""LibCST's nodes made from Python's own syntax tree: who makes which, and what each was made from."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import libcst as cst

from mllint.source.parsing.islands import Island
from mllint.source.parsing.positions import all_nodes
from mllint.source.parsing.stretches import Source
from mllint.source.text.document import Document, UnreadableSource

Statement: TypeAlias = cst.SimpleStatementLine | cst.BaseCompoundStatement
Make = Callable[["Maker", Any], Any]


class Folded(NamedTuple):
    """`a and b` of `a and b and c`: LibCST has a node for each operator, Python one for all of them."""

    whole: ast.BoolOp
    last: ast.expr


class Names(NamedTuple):
    """`a, b` of `del a, b`: LibCST has a tuple there."""

    first: ast.expr
    last: ast.expr


Origin = ast.AST | Folded | Names


class Maker:
    """Makes the nodes of one document, and remembers what it made them from."""

    def __init__(self, document: Document, expressions: Mapping[type[ast.expr], Make], block: Make) -> None:
        self._document = document
        self.source = Source(document)
        self.origins: dict[cst.CSTNode, Origin] = {}
        """What expressions and statements were made from; parts of them that are neither are not here."""
        self._unseen: list[Island] = []
        """What LibCST read, and nobody has asked about since."""
        self._homes: dict[cst.CSTNode, Island] = {}
        """The nodes of the rest of it."""
        self._expressions = expressions
        self._block = block

    def expression(self, node: ast.expr) -> Any:
        kind = type(node)
        made = self._expressions[kind](self, node) if kind in self._expressions else self.read_expression(node)
        self.origins[made] = node
        return made

    def optional(self, node: ast.expr | None) -> Any:
        return None if node is None else self.expression(node)

    def statements(self, nodes: Sequence[ast.stmt]) -> list[Statement]:
        made: list[Statement] = self._block(self, nodes)
        return made

    # ---- what LibCST reads itself ------------------------------------------------------------------------------------

    def read_expression(self, node: ast.expr) -> cst.BaseExpression:
        """Raises UnreadableSource."""
        written = self.source.written(node)
        column = self.source.stretch(node).start - self.source.starts[node.lineno - 1]
        made: cst.BaseExpression = self._read(node, lambda: Island.of_expression(written, node.lineno, column))
        return made

    def read_small_statement(self, node: ast.stmt) -> cst.BaseSmallStatement:
        """A statement that others may follow on its line. Raises UnreadableSource."""
        written = self.source.written(node)
        column = self.source.stretch(node).start - self.source.starts[node.lineno - 1]
        made: cst.BaseSmallStatement = self._read(node, lambda: Island.of_small_statement(written, node.lineno, column))
        return made

    def read_statement(self, node: ast.stmt) -> cst.BaseCompoundStatement:
        """A statement that has its lines for itself. Raises UnreadableSource."""
        decorators: Sequence[ast.expr] = getattr(node, "decorator_list", ())
        first = decorators[0].lineno if decorators else node.lineno
        lines = self.source.lines(first, node.end_lineno or first)
        made: cst.BaseCompoundStatement = self._read(node, lambda: Island.of_statement(lines, first))
        return made

    def _read(self, node: ast.expr | ast.stmt, read: Callable[[], Island]) -> Any:
        try:
            island = read()
        except cst.ParserSyntaxError as error:
            place = self._document.position(node.lineno, node.col_offset)
            message = f"cannot parse: {error.message.splitlines()[0]}"
            raise UnreadableSource(self._document.path, message, place.line, place.column, place.cell) from error
        self._unseen.append(island)
        return island.root

    def island_of(self, node: cst.CSTNode) -> Island | None:
        """What LibCST read that holds the node."""
        while self._unseen:
            island = self._unseen.pop()
            self._homes.update(dict.fromkeys(all_nodes(island.root), island))
        return self._homes.get(node)
