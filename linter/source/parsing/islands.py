"""What LibCST reads itself, in a tree that is made from Python's: an expression or a statement, out of its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import libcst as cst
from libcst.metadata import CodeRange

from mllint.source.parsing.positions import all_positions


@dataclass(frozen=True)
class Island:
    """One such node, and the module that was written around it for its sake."""

    root: cst.CSTNode
    alone: cst.Module
    lines: int
    """How many lines further down the text has it."""
    columns: int
    """How many columns further right the text has what is on the first line."""

    @classmethod
    def of_expression(cls, written: str, line: int, column: int) -> Island:
        """`line` and `column` (0-based, in code points) are its place. Raises libcst.ParserSyntaxError."""
        alone = cst.parse_module(f"({written})\n")
        statement = _only_statement(alone)
        assert isinstance(statement, cst.Expr)
        return cls(statement.value, alone, line - 1, column - 1)

    @classmethod
    def of_small_statement(cls, written: str, line: int, column: int) -> Island:
        """The same for a statement without a block."""
        alone = cst.parse_module(written)
        return cls(_only_statement(alone), alone, line - 1, column)

    @classmethod
    def of_statement(cls, lines: str, line: int) -> Island:
        """`lines` are those of the statement, with their indentation, and `line` the first one's number. Raises
        libcst.ParserSyntaxError."""
        if not lines[:1].isspace():
            alone = cst.parse_module(lines)
            return cls(alone.body[0], alone, line - 1, 0)
        alone = cst.parse_module(f"if 1:\n{lines}")
        around = alone.body[0]
        assert isinstance(around, cst.If)
        return cls(around.body.body[0], alone, line - 2, 0)

    @cached_property
    def _places(self) -> Mapping[cst.CSTNode, CodeRange]:
        return all_positions(self.alone)

    def place(self, node: cst.CSTNode) -> CodeRange:
        """Raises KeyError for a node that is not of the island, and for spaces."""
        start, end = self._places[node].start, self._places[node].end
        return CodeRange(
            (start.line + self.lines, start.column + (self.columns if start.line == 1 else 0)),
            (end.line + self.lines, end.column + (self.columns if end.line == 1 else 0)),
        )


def _only_statement(module: cst.Module) -> cst.BaseSmallStatement:
    line = module.body[0]
    assert isinstance(line, cst.SimpleStatementLine)
    return line.body[0]
