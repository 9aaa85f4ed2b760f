"""The program under repair: its text, its syntax tree, and what stands where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import libcst as cst

from mllint.facts import Place
from mllint.fixes.refusal import Refused
from mllint.lens import Reading
from mllint.source.lens import SourceLens


class Program:
    """One document as the lens parsed it. Offsets count code points of `text`."""

    def __init__(self, lens: SourceLens) -> None:
        self.module = lens.module
        self.document = lens.document
        self.text = lens.document.text
        self._lens = lens

    @cached_property
    def reading(self) -> Reading:
        """What the lens makes of the program; only few changes need to know."""
        return self._lens.read()

    # ---- where -----------------------------------------------------------------------------------------------------

    def anchor(self, place: Place | None) -> cst.CSTNode:
        """The node of a place. Raises Refused where there is none, or it belongs to another file."""
        node = place.anchor if place is not None else None
        if not isinstance(node, cst.CSTNode):
            raise Refused("nothing in the program says it")
        if place is not None and place.path != self.document.path:
            raise Refused(f"it is written in {place.path}, which is another file")
        self.span(node)
        return node

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        """Start and end, without the parentheses around an expression."""
        try:
            return self._lens.span(node)
        except KeyError:
            raise Refused("it is written outside this file") from None

    def whole(self, node: cst.CSTNode) -> tuple[int, int]:
        """Start and end, with the parentheses around an expression."""
        start, end = self.span(node)
        left, right = getattr(node, "lpar", ()), getattr(node, "rpar", ())
        if left:
            start = self.span(left[0])[0]
        if right:
            end = self.span(right[-1])[1]
        return start, end

    def code(self, node: cst.CSTNode) -> str:
        """The text of a node, with the parentheses around it."""
        start, end = self.whole(node)
        return self.text[start:end]

    # ---- lines -----------------------------------------------------------------------------------------------------

    @cached_property
    def newline(self) -> str:
        return self.module.default_newline

    def line_start(self, offset: int) -> int:
        return max(self.text.rfind("\n", 0, offset), self.text.rfind("\r", 0, offset)) + 1

    def line_end(self, offset: int) -> int:
        """Where the line ends, before its newline."""
        ends = (self.text.find(mark, offset) for mark in "\r\n")
        return min((end for end in ends if end >= 0), default=len(self.text))

    def next_line(self, offset: int) -> int:
        """Where the next line starts, or the text ends."""
        end = self.line_end(offset)
        return end + 2 if self.text.startswith("\r\n", end) else min(end + 1, len(self.text))

    def lines(self, start: int, end: int) -> tuple[int, int]:
        """The lines from one offset to another, with a newline: the one before them where they end their cell."""
        first, last = self.line_start(start), self.next_line(end)
        if self._cell(last) == self._cell(first) or last == len(self.text):
            return first, last
        previous = first - len("\r\n") if self.text[:first].endswith("\r\n") else max(first - 1, 0)
        return previous if self._cell(previous) == self._cell(first) else first, self.line_end(end)

    def _cell(self, offset: int) -> int | None:
        return self.document.position_of(offset).cell

    def indent(self, offset: int) -> str:
        """The whitespace that the line of `offset` starts with."""
        line = self.text[self.line_start(offset) : self.line_end(offset)]
        return line[: len(line) - len(line.lstrip(" \t"))]

    def starts_line(self, offset: int) -> bool:
        """Whether only whitespace stands before `offset` on its line."""
        return not self.text[self.line_start(offset) : offset].strip(" \t")

    # ---- around ----------------------------------------------------------------------------------------------------

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        return self._parents.get(node)

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """From the parent of a node up to the module."""
        above = self.parent(node)
        while above is not None:
            yield above
            above = self.parent(above)

    def nodes(self) -> Iterator[cst.CSTNode]:
        """Every node of the module, in the order of the text."""
        return iter(self._order)

    @cached_property
    def _order(self) -> tuple[cst.CSTNode, ...]:
        found: list[cst.CSTNode] = []
        open_nodes: list[cst.CSTNode] = [self.module]
        while open_nodes:
            node = open_nodes.pop()
            found.append(node)
            open_nodes.extend(child for child in reversed(node.children) if not isinstance(child, _SPACE))
        return tuple(found)

    @cached_property
    def _parents(self) -> Mapping[cst.CSTNode, cst.CSTNode]:
        return {child: node for node in self._order for child in node.children}


_SPACE = (cst.BaseParenthesizableWhitespace, cst.TrailingWhitespace, cst.EmptyLine)
