"""The bodies of compound statements; those of functions are made when they are looked at, for most are never run."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import cached_property
from weakref import proxy

import libcst as cst

from mllint.source.parsing import blank
from mllint.source.parsing.maker import Maker


class LaterBlock(cst.IndentedBlock):
    """A block whose statements are made when they are asked for; LibCST's nodes refuse to be written to."""

    _maker: Maker
    _nodes: Sequence[ast.stmt]

    def __init__(self, maker: Maker, nodes: Sequence[ast.stmt]) -> None:
        object.__setattr__(self, "header", blank.LINE_END)
        object.__setattr__(self, "indent", None)
        object.__setattr__(self, "footer", ())
        object.__setattr__(self, "_maker", proxy(maker))  # it knows its nodes: circles are freed late, and dearly
        object.__setattr__(self, "_nodes", nodes)

    @cached_property
    def body(self) -> Sequence[cst.BaseStatement]:  # type: ignore[override]
        """Raises UnreadableSource where LibCST cannot parse what is left to it."""
        return self._maker.statements(self._nodes)


def suite(maker: Maker, nodes: Sequence[ast.stmt]) -> cst.BaseSuite:
    """A block, or small statements behind the colon."""
    made = maker.statements(nodes)
    if maker.source.begins_line(nodes[0]):
        return cst.IndentedBlock(made, blank.LINE_END, None, ())
    return _behind_colon(made)


def later(maker: Maker, nodes: Sequence[ast.stmt]) -> cst.BaseSuite:
    """The same for a function."""
    if maker.source.begins_line(nodes[0]):
        return LaterBlock(maker, nodes)
    return _behind_colon(maker.statements(nodes))


def _behind_colon(made: Sequence[cst.BaseStatement]) -> cst.SimpleStatementSuite:
    (line,) = made
    assert isinstance(line, cst.SimpleStatementLine)
    return cst.SimpleStatementSuite(line.body, blank.ONE, blank.LINE_END)
