"""How deep a syntax tree is: LibCST's parser, which recurses, dies of text that is nested too deeply."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mllint.source.text.document import Document

DEEPEST: Final = 3000
"""Levels of the syntax tree; a chain of operators has one for each of them."""
WRAPPED: Final = 50
"""More levels than those that no character of the text stands for, such as `Expr` around an expression."""
_LEAVES: Final = frozenset(
    {ast.Name, ast.Constant, ast.Pass}.union(
        *(kind.__subclasses__() for kind in (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop))
    )
)


def check_depth(document: Document) -> None:
    """Raises SyntaxError where LibCST's parser would die of the depth of the text, as Python's own may, whose versions
    differ about it; and where Python cannot parse it."""
    widest = max(map(len, document.text.split("\n")), default=0)
    level: list[ast.AST] = [document.syntax]
    for number in range(DEEPEST):
        most_lines = (DEEPEST - WRAPPED - number) // (widest + 1)
        level = [child for child in _children(level) if not _is_short(child, most_lines)]
        if not level:
            return
    raise SyntaxError("too deeply nested", ("<unknown>", 1, 1, None))


def children(node: ast.AST) -> Iterator[ast.AST]:
    """What is directly below a node, but for names, constants, operators and contexts, which have nothing below."""
    return iter(_children((node,)))


def _children(nodes: Iterable[ast.AST]) -> list[ast.AST]:
    found: list[ast.AST] = []
    for node in nodes:
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                found += [child for child in value if isinstance(child, ast.AST) and type(child) not in _LEAVES]
            elif isinstance(value, ast.AST) and type(value) not in _LEAVES:
                found.append(value)
    return found


def _is_short(node: ast.AST, most_lines: int) -> bool:
    """Whether a statement has too few characters to be deep: each level needs one."""
    return isinstance(node, ast.stmt) and (node.end_lineno or node.lineno) - first_line(node) < most_lines


def first_line(statement: ast.stmt) -> int:
    """Where a statement begins, with its decorators."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return decorators[0].lineno if decorators else statement.lineno
