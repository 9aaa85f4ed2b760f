"""Where the nodes of a syntax tree lie in its text, found out for those that are asked for.

LibCST's PositionProvider writes the whole module out to know where one node is. Here it writes out the one statement of
the module, or of a class, that holds the node; Python's own parser says on which line that statement starts.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cached_property, lru_cache
from typing import NamedTuple, cast

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from mllint.source.text.syntax import parse


class Part(NamedTuple):
    """A statement of the module, or of a class of the module."""

    statement: cst.CSTNode
    around: cst.ClassDef | None

    def alone(self, tree: cst.Module) -> cst.Module:
        """The module with nothing but this statement in it."""
        statement = self.statement
        if self.around is not None:
            body = self.around.body.with_changes(body=(statement,))
            statement = self.around.with_changes(body=body)
        return tree.with_changes(header=(), body=(statement,), footer=())


def _parts_of(tree: cst.Module) -> Iterator[Part]:
    """A class comes after what is in it, so that only what is left is looked for in it as a whole."""
    for statement in tree.body:
        if isinstance(statement, cst.ClassDef) and isinstance(statement.body, cst.IndentedBlock):
            yield from (Part(inner, statement) for inner in statement.body.body)
        yield Part(statement, None)


class Positions(Mapping[cst.CSTNode, CodeRange]):
    """The positions of all nodes but whitespace: lines are 1-based, columns 0-based in code points."""

    def __init__(self, tree: cst.Module, text: str) -> None:
        self._tree = tree
        self._text = text
        self._unread = _parts_of(tree)
        self._homes: dict[cst.CSTNode, Part] = {}
        """The part of the module that each node belongs to, for the parts that were read."""
        self._written: dict[Part, Mapping[cst.CSTNode, CodeRange]] = {}
        """The positions in each part that was written out, counted from its first line."""

    def __getitem__(self, node: cst.CSTNode) -> CodeRange:
        """Raises KeyError for a node of another tree."""
        part = self._home_of(node)
        if part is None or part.statement not in self._first_lines:
            return self._whole[node]
        if part not in self._written:
            self._written[part] = all_positions(part.alone(self._tree))
        found = self._written[part][node]
        before = self._first_lines[part.statement] - _first_line(part.statement, self._written[part])
        start, end = found.start, found.end
        return CodeRange((start.line + before, start.column), (end.line + before, end.column))

    def __iter__(self) -> Iterator[cst.CSTNode]:
        return iter(self._whole)

    def __len__(self) -> int:
        return len(self._whole)

    def _home_of(self, node: cst.CSTNode) -> Part | None:
        while node not in self._homes:
            part = next(self._unread, None)
            if part is None:
                return None
            for inner in all_nodes(part.statement):
                self._homes.setdefault(inner, part)
        return self._homes[node]

    @cached_property
    def _first_lines(self) -> Mapping[cst.CSTNode, int]:
        """The lines on which statements start; none where Python does not read the text."""
        try:
            return dict(_lines(self._tree.body, parse(self._text).body))
        except (SyntaxError, ValueError):
            return {}

    @cached_property
    def _whole(self) -> Mapping[cst.CSTNode, CodeRange]:
        return all_positions(self._tree)


def all_positions(module: cst.Module) -> Mapping[cst.CSTNode, CodeRange]:
    """As MetadataWrapper.resolve computes them, but for its walk through the tree in search of other providers' nodes,
    which takes as long again."""
    positions = PositionProvider()._gen(MetadataWrapper(module, unsafe_skip_copy=True))
    return cast("Mapping[cst.CSTNode, CodeRange]", positions)


def _lines(statements: Sequence[cst.CSTNode], known: Sequence[ast.stmt]) -> Iterator[tuple[cst.CSTNode, int]]:
    """The first lines of statements, and of those of classes. Raises ValueError where the two parsers differ."""
    rest = iter(known)
    for statement in statements:
        smalls = len(statement.body) if isinstance(statement, cst.SimpleStatementLine) else 1
        first, *_ = [next(rest, None) for _ in range(smalls)]
        if first is None:
            raise ValueError(statement)
        decorators: Sequence[ast.expr] = getattr(first, "decorator_list", ())
        yield statement, decorators[0].lineno if decorators else first.lineno
        if isinstance(statement, cst.ClassDef) and isinstance(first, ast.ClassDef):
            yield from _lines(statement.body.body, first.body)
    if next(rest, None) is not None:
        raise ValueError(statements)


def _first_line(statement: cst.CSTNode, positions: Mapping[cst.CSTNode, CodeRange]) -> int:
    decorators: Sequence[cst.Decorator] = getattr(statement, "decorators", ())
    return positions[decorators[0].decorator if decorators else statement].start.line


# ---------------------------------------------------------------- walking


def all_nodes(top: cst.CSTNode) -> list[cst.CSTNode]:
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
