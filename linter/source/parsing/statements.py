"""Statements: how each kind of node of Python's syntax tree becomes one of LibCST's."""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from typing import Final

import libcst as cst

from mllint.source.parsing import blank
from mllint.source.parsing.blocks import later, suite
from mllint.source.parsing.expressions import arguments
from mllint.source.parsing.maker import Make, Maker, Statement
from mllint.source.parsing.parameters import annotation, parameters
from mllint.source.parsing.small_statements import SMALL

# ---------------------------------------------------------------- blocks


def block(maker: Maker, nodes: Sequence[ast.stmt]) -> list[Statement]:
    """Small statements that are on one line are one statement of LibCST's."""
    made: list[Statement] = []
    line: list[cst.BaseSmallStatement] = []
    end: int | None = 0
    for node in nodes:
        kind = type(node)
        if kind in SMALL:
            small = SMALL[kind](maker, node)
            maker.origins[small] = node
            if node.lineno == end:
                line.append(small)
            else:
                line = [small]
                made.append(cst.SimpleStatementLine(line, (), blank.LINE_END))
            end = node.end_lineno
        else:
            compound = _COMPOUND[kind](maker, node) if kind in _COMPOUND else maker.read_statement(node)
            maker.origins[compound] = node
            made.append(compound)
    return made


# ---------------------------------------------------------------- compound statements


def _if(maker: Maker, node: ast.If) -> cst.If:
    test, body = maker.expression(node.test), suite(maker, node.body)
    return cst.If(test, body, _otherwise(maker, node.orelse), (), blank.ONE, blank.NONE)


def _otherwise(maker: Maker, nodes: Sequence[ast.stmt]) -> cst.If | cst.Else | None:
    """An `elif` is an `if` in place of an `else`."""
    first = nodes[0] if nodes else None
    if isinstance(first, ast.If) and maker.source.text.startswith("elif", maker.source.stretch(first).start):
        made = _if(maker, first)
        maker.origins[made] = first
        return made
    return _else(maker, nodes)


def _else(maker: Maker, nodes: Sequence[ast.stmt]) -> cst.Else | None:
    return cst.Else(suite(maker, nodes), (), blank.NONE) if nodes else None


def _for(maker: Maker, node: ast.For | ast.AsyncFor) -> cst.For:
    target, iterated, body = maker.expression(node.target), maker.expression(node.iter), suite(maker, node.body)
    orelse, asynchronous = _else(maker, node.orelse), _asynchronous(node)
    spaces = (blank.ONE, blank.ONE, blank.ONE, blank.NONE)
    return cst.For(target, iterated, body, orelse, asynchronous, (), *spaces)


def _while(maker: Maker, node: ast.While) -> cst.While:
    test, body = maker.expression(node.test), suite(maker, node.body)
    return cst.While(test, body, _else(maker, node.orelse), (), blank.ONE, blank.NONE)


def _with(maker: Maker, node: ast.With | ast.AsyncWith) -> cst.With:
    items = [_item(maker, one) for one in node.items]
    body, asynchronous = suite(maker, node.body), _asynchronous(node)
    return cst.With(items, body, asynchronous, (), blank.DEFAULT, blank.DEFAULT, blank.ONE, blank.NONE)


def _item(maker: Maker, node: ast.withitem) -> cst.WithItem:
    target = node.optional_vars
    name = None if target is None else cst.AsName(maker.expression(target), blank.ONE, blank.ONE)
    return cst.WithItem(maker.expression(node.context_expr), name, blank.DEFAULT)


def _try(maker: Maker, node: ast.Try) -> cst.Try:
    body, handlers = suite(maker, node.body), [_handler(maker, one) for one in node.handlers]
    return cst.Try(body, handlers, _else(maker, node.orelse), _finally(maker, node.finalbody), (), blank.NONE)


def _handler(maker: Maker, node: ast.ExceptHandler) -> cst.ExceptHandler:
    kind, name = maker.optional(node.type), _caught(node)
    made = cst.ExceptHandler(suite(maker, node.body), kind, name, (), blank.ONE, blank.NONE)
    maker.origins[made] = node
    return made


def _try_star(maker: Maker, node: ast.Try) -> cst.TryStar:
    body, handlers = suite(maker, node.body), [_star_handler(maker, one) for one in node.handlers]
    return cst.TryStar(body, handlers, _else(maker, node.orelse), _finally(maker, node.finalbody), (), blank.NONE)


def _star_handler(maker: Maker, node: ast.ExceptHandler) -> cst.ExceptStarHandler:
    kind, name = maker.optional(node.type), _caught(node)
    made = cst.ExceptStarHandler(suite(maker, node.body), kind, name, (), blank.NONE, blank.ONE, blank.NONE)
    maker.origins[made] = node
    return made


def _caught(node: ast.ExceptHandler) -> cst.AsName | None:
    return None if node.name is None else cst.AsName(cst.Name(node.name, (), ()), blank.ONE, blank.ONE)


def _finally(maker: Maker, nodes: Sequence[ast.stmt]) -> cst.Finally | None:
    return cst.Finally(suite(maker, nodes), (), blank.NONE) if nodes else None


def _asynchronous(node: ast.AST) -> cst.Asynchronous | None:
    return blank.ASYNCHRONOUS if isinstance(node, ast.AsyncFunctionDef | ast.AsyncFor | ast.AsyncWith) else None


# ---------------------------------------------------------------- definitions


def _function(maker: Maker, node: ast.FunctionDef | ast.AsyncFunctionDef) -> cst.BaseCompoundStatement:
    if getattr(node, "type_params", None):
        return maker.read_statement(node)
    return cst.FunctionDef(
        cst.Name(node.name, (), ()),
        parameters(maker, node.args),
        later(maker, node.body),
        _decorators(maker, node.decorator_list),
        annotation(maker, node.returns),
        _asynchronous(node),
        (),
        (),
        blank.ONE,
        blank.NONE,
        blank.NONE,
        blank.NONE,
        None,
        blank.NONE,
    )


def _class(maker: Maker, node: ast.ClassDef) -> cst.BaseCompoundStatement:
    if getattr(node, "type_params", None):
        return maker.read_statement(node)
    return cst.ClassDef(
        cst.Name(node.name, (), ()),
        suite(maker, node.body),
        arguments(maker, node.bases, ()),
        arguments(maker, (), node.keywords),
        _decorators(maker, node.decorator_list),
        blank.DEFAULT,
        blank.DEFAULT,
        (),
        (),
        blank.ONE,
        blank.NONE,
        blank.NONE,
        None,
        blank.NONE,
    )


def _decorators(maker: Maker, nodes: Sequence[ast.expr]) -> list[cst.Decorator]:
    return [cst.Decorator(maker.expression(one), (), blank.NONE, blank.LINE_END) for one in nodes]


_COMPOUND: Final[dict[type[ast.stmt], Make]] = {
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
}
"""The rest LibCST reads itself: `match`, and what later versions of Python add."""
if sys.version_info >= (3, 11):
    _COMPOUND[ast.TryStar] = _try_star
