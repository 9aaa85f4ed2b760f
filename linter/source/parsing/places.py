"""Where the nodes lie that were made from Python's syntax tree: as LibCST's own provider says of nodes that it parsed.

LibCST counts the parentheses around an expression as no part of it, but as a part of what holds the expression.
"""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import libcst as cst
from libcst.metadata import CodeRange

from mllint.source.parsing.blocks import LaterBlock
from mllint.source.parsing.maker import Folded, Maker, Names
from mllint.source.parsing.stretches import Stretch


class Places(Mapping[cst.CSTNode, CodeRange]):
    """Of expressions, statements, arguments, parameters, elements and blocks; lines are 1-based, columns 0-based in
    code points."""

    def __init__(self, maker: Maker) -> None:
        self._maker = maker
        self._source = maker.source

    def __getitem__(self, node: cst.CSTNode) -> CodeRange:
        """Raises KeyError for a node of another tree, and for one of a kind that is not listed above."""
        start, end = self.stretch(node)
        return CodeRange(self._position(start), self._position(end))

    def __iter__(self) -> Iterator[cst.CSTNode]:
        return iter(self._maker.origins)

    def __len__(self) -> int:
        return len(self._maker.origins)

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._source.starts, offset)
        return line, offset - self._source.starts[line - 1]

    def stretch(self, node: cst.CSTNode) -> Stretch:
        """Raises KeyError like `places[node]`."""
        origin = self._maker.origins.get(node)
        if origin is not None:
            of_origin: Callable[..., Stretch] = _ORIGINS.get(type(origin), Places._as_python_says)
            return of_origin(self, node, origin)
        island = self._maker.island_of(node)
        if island is not None:
            return self._on_island(island.place(node))
        if type(node) not in _PARTS:
            raise KeyError(node)
        return _PARTS[type(node)](self, node)

    def around(self, node: cst.CSTNode) -> Stretch:
        """With the parentheses of an expression. Raises KeyError like `places[node]`."""
        stretch = self.stretch(node)
        return self._source.parenthesized(stretch) if isinstance(node, cst.BaseExpression) else stretch

    def _on_island(self, place: CodeRange) -> Stretch:
        starts = self._source.starts
        start, end = place.start, place.end
        return Stretch(starts[start.line - 1] + start.column, starts[end.line - 1] + end.column)

    # ---- what is in the table of origins -----------------------------------------------------------------------------

    def _as_python_says(self, node: cst.CSTNode, origin: Any) -> Stretch:
        """To Python, a semicolon behind the last statement of a block is a part of the block."""
        start, end = self._source.stretch(origin)
        return Stretch(start, end if self._source.text[end - 1] != ";" else self._source.before(end - 1) + 1)

    def _tuple(self, node: cst.CSTNode, origin: ast.Tuple) -> Stretch:
        whole = self._source.stretch(origin)
        return self._inside(whole) if self._source.is_parenthesized(origin) else whole

    def _generator(self, node: cst.CSTNode, origin: ast.GeneratorExp) -> Stretch:
        """Where it is the only argument of a call, Python takes the call's parentheses for its own."""
        return self._inside(self._source.stretch(origin))

    def _slice(self, node: cst.CSTNode, origin: ast.Slice) -> Stretch:
        """LibCST counts the spaces behind a colon as a part of it, up to what comes next."""
        start, end = self._source.stretch(origin)
        return Stretch(start, self._source.after(end) if self._source.text[end - 1] == ":" else end)

    def _inside(self, whole: Stretch) -> Stretch:
        start = self._source.after(whole.start + 1)
        return Stretch(start, max(start, self._source.before(whole.end - 1) + 1))

    def _folded(self, node: cst.CSTNode, origin: Folded) -> Stretch:
        return Stretch(self._source.stretch(origin.whole).start, self._around(origin.last).end)

    def _names(self, node: cst.CSTNode, origin: Names) -> Stretch:
        return Stretch(self._around(origin.first).start, self._around(origin.last).end)

    def _around(self, origin: ast.expr) -> Stretch:
        return self._source.parenthesized(self._source.stretch(origin))

    def _parameter(self, node: cst.Param, origin: ast.arg) -> Stretch:
        start = self._source.stretch(origin).start
        return Stretch(self._starred(start, node.star), start + len(node.name.value))

    def _starred(self, start: int, star: Any) -> int:
        return self._source.before(start) - len(star) + 1 if star else start

    # ---- what is a part of something ---------------------------------------------------------------------------------

    def _argument(self, node: cst.Arg) -> Stretch:
        value = self.around(node.value)
        if node.keyword is None:
            return Stretch(self._starred(value.start, node.star), value.end)
        equals = self._source.before(value.start)
        return Stretch(self._source.before(equals) + 1 - len(node.keyword.value), value.end)

    def _element(self, node: cst.Element | cst.DictElement) -> Stretch:
        first = node.key if isinstance(node, cst.DictElement) else node.value
        return Stretch(self.around(first).start, self.around(node.value).end)

    def _index(self, node: cst.Index) -> Stretch:
        value = self.around(node.value)
        return Stretch(self._starred(value.start, node.star), value.end)

    def _subscript_element(self, node: cst.SubscriptElement) -> Stretch:
        return self.stretch(node.slice)

    def _decorator(self, node: cst.Decorator) -> Stretch:
        made = self.around(node.decorator)
        return Stretch(self._source.before(made.start), made.end)

    def _statements(self, node: cst.BaseSuite | cst.SimpleStatementLine) -> Stretch:
        return Stretch(self.stretch(node.body[0]).start, self.stretch(node.body[-1]).end)


_ORIGINS: Final[Mapping[type, Callable[..., Stretch]]] = {
    ast.Tuple: Places._tuple,
    ast.GeneratorExp: Places._generator,
    ast.Slice: Places._slice,
    ast.arg: Places._parameter,
    Folded: Places._folded,
    Names: Places._names,
}
_PARTS: Final[Mapping[type[cst.CSTNode], Callable[..., Stretch]]] = {
    cst.Arg: Places._argument,
    cst.Element: Places._element,
    cst.DictElement: Places._element,
    cst.Index: Places._index,
    cst.SubscriptElement: Places._subscript_element,
    cst.Decorator: Places._decorator,
    cst.SimpleStatementLine: Places._statements,
    cst.SimpleStatementSuite: Places._statements,
    cst.IndentedBlock: Places._statements,
    LaterBlock: Places._statements,
}
