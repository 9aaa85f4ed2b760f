"""LibCST's own tree, with every space: what is rewritten is read so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cached_property, lru_cache
from typing import Any

import libcst as cst
from libcst.metadata import CodeRange

from mllint.source.parsing.positions import Positions
from mllint.source.text.document import Document


class ExactFile:
    """See `ParsedFile`. The constructor raises UnreadableSource where LibCST cannot parse the text."""

    def __init__(self, document: Document) -> None:
        self.document = document
        try:
            self.tree = cst.parse_module(document.text)
        except (cst.ParserSyntaxError, cst.CSTValidationError) as error:
            raise document.unparsable(error) from error

    @property
    def path(self) -> str:
        return self.document.path

    @cached_property
    def positions(self) -> Mapping[cst.CSTNode, CodeRange]:
        return Positions(self.tree, self.document.text)

    def holds(self, node: cst.CSTNode) -> bool:
        return node in self._nodes

    def code(self, node: cst.CSTNode) -> str:
        return written(node)

    def origin(self, definition: cst.FunctionDef | cst.ClassDef) -> None:
        return None

    @cached_property
    def _nodes(self) -> frozenset[cst.CSTNode]:
        found: list[cst.CSTNode] = [self.tree]
        for node in found:
            found.extend(_children(node))
        return frozenset(found)


_EMPTY = cst.Module([])


@lru_cache(maxsize=8192)
def written(node: cst.CSTNode) -> str:
    """The code of a node on one line; that of a definition without what is above it."""
    if isinstance(node, cst.FunctionDef | cst.ClassDef):
        node = node.with_changes(leading_lines=(), decorators=(), lines_after_decorators=())
    return " ".join(_EMPTY.code_for_node(node).split())


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
