"""Where the nodes of a syntax tree lie in its text, found out for those that are asked for.

LibCST's PositionProvider writes the whole module out to know where one node is. Here it writes out the one statement of
the module that holds the node; Python's own parser says on which line that statement starts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cached_property, lru_cache

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from mllint.source.text.syntax import parse


class Positions(Mapping[cst.CSTNode, CodeRange]):
    """The positions of all nodes but whitespace: lines are 1-based, columns 0-based in code points."""

    def __init__(self, tree: cst.Module, text: str) -> None:
        self._tree = tree
        self._text = text
        self._unread = iter(tree.body)
        self._statements: dict[cst.CSTNode, cst.CSTNode] = {}
        """The statement of the module that each node belongs to, for the statements that were read."""
        self._written: dict[cst.CSTNode, Mapping[cst.CSTNode, CodeRange]] = {}
        """The positions in each statement that was written out, counted from its first line."""

    def __getitem__(self, node: cst.CSTNode) -> CodeRange:
        """Raises KeyError for a node of another tree."""
        statement = self._statement_of(node)
        if statement is None or statement not in self._first_lines:
            return self._whole[node]
        if statement not in self._written:
            alone = self._tree.with_changes(header=(), body=(statement,), footer=())
            self._written[statement] = _positions(alone)
        found = self._written[statement][node]
        before = self._first_lines[statement] - _first_line(statement, self._written[statement])
        start, end = found.start, found.end
        return CodeRange((start.line + before, start.column), (end.line + before, end.column))

    def __iter__(self) -> Iterator[cst.CSTNode]:
        return iter(self._whole)

    def __len__(self) -> int:
        return len(self._whole)

    def _statement_of(self, node: cst.CSTNode) -> cst.CSTNode | None:
        while node not in self._statements:
            statement = next(self._unread, None)
            if statement is None:
                return None
            self._statements |= dict.fromkeys(_nodes(statement), statement)
        return self._statements[node]

    @cached_property
    def _first_lines(self) -> Mapping[cst.CSTNode, int]:
        """The lines on which the statements of the module start; empty where Python does not read its text."""
        try:
            known = parse(self._text).body
        except SyntaxError:
            return {}
        lines: dict[cst.CSTNode, int] = {}
        place = 0
        for statement in self._tree.body:
            if place >= len(known):
                return {}
            decorators = getattr(known[place], "decorator_list", ())
            lines[statement] = decorators[0].lineno if decorators else known[place].lineno
            place += len(statement.body) if isinstance(statement, cst.SimpleStatementLine) else 1
        return lines if place == len(known) else {}

    @cached_property
    def _whole(self) -> Mapping[cst.CSTNode, CodeRange]:
        return _positions(self._tree)


def _positions(module: cst.Module) -> Mapping[cst.CSTNode, CodeRange]:
    return MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)


def _first_line(statement: cst.CSTNode, positions: Mapping[cst.CSTNode, CodeRange]) -> int:
    decorators: Sequence[cst.Decorator] = getattr(statement, "decorators", ())
    return positions[decorators[0].decorator if decorators else statement].start.line


# ---------------------------------------------------------------- walking


def _nodes(top: cst.CSTNode) -> list[cst.CSTNode]:
    """The node and all below it but whitespace; `node.children` runs a visitor and takes many times as long."""
    found = [top]
    for node in found:
        for name in _parts(type(node)):
            value = getattr(node, name)
            if isinstance(value, cst.CSTNode):
                found.append(value)
            elif isinstance(value, list | tuple):
                found.extend(value)
    return found


@lru_cache(maxsize=512)
def _parts(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    """The fields of a kind of node that hold nodes, but for whitespace."""
    return tuple(field.name for field in fields(kind) if not any(word in field.name for word in _SPACE))


_SPACE = ("whitespace", "leading_lines", "footer", "lines_after", "indent", "encoding", "newline")
