"""Statements: how each kind of node of Python's syntax tree becomes one of LibCST's."""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from typing import Any, Final

import libcst as cst

from mllint.source.parsing import blank, operators
from mllint.source.parsing.blocks import later, suite
from mllint.source.parsing.expressions import arguments, elements
from mllint.source.parsing.maker import Make, Maker, Names, Statement
from mllint.source.parsing.parameters import annotation, parameters

# ---------------------------------------------------------------- blocks


def block(maker: Maker, nodes: Sequence[ast.stmt]) -> list[Statement]:
    """Small statements that are on one line are one statement of LibCST's."""
    made: list[Statement] = []
    line: list[cst.BaseSmallStatement] = []
    end: int | None = 0
    for node in nodes:
        kind = type(node)
        if kind in _SMALL:
            small = _SMALL[kind](maker, node)
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


# ---------------------------------------------------------------- small statements


def _expression(maker: Maker, node: ast.Expr) -> cst.Expr:
    return cst.Expr(maker.expression(node.value), blank.DEFAULT)


def _assign(maker: Maker, node: ast.Assign) -> cst.Assign:
    targets = [cst.AssignTarget(maker.expression(one), blank.ONE, blank.ONE) for one in node.targets]
    return cst.Assign(targets, maker.expression(node.value), blank.DEFAULT)


def _annotated(maker: Maker, node: ast.AnnAssign) -> cst.AnnAssign:
    target, value = maker.expression(node.target), maker.optional(node.value)
    kind = cst.Annotation(maker.expression(node.annotation), blank.DEFAULT, blank.ONE)
    return cst.AnnAssign(target, kind, value, blank.DEFAULT if value is None else blank.ASSIGN, blank.DEFAULT)


def _augmented(maker: Maker, node: ast.AugAssign) -> cst.AugAssign:
    target, value = maker.expression(node.target), maker.expression(node.value)
    return cst.AugAssign(target, operators.AUGMENTED[type(node.op)], value, blank.DEFAULT)


def _return(maker: Maker, node: ast.Return) -> cst.Return:
    return cst.Return(maker.optional(node.value), blank.DEFAULT, blank.DEFAULT)


def _raise(maker: Maker, node: ast.Raise) -> cst.Raise:
    cause = None if node.cause is None else cst.From(maker.expression(node.cause), blank.ONE, blank.ONE)
    return cst.Raise(maker.optional(node.exc), cause, blank.DEFAULT, blank.DEFAULT)


def _assert(maker: Maker, node: ast.Assert) -> cst.Assert:
    test, message = maker.expression(node.test), maker.optional(node.msg)
    return cst.Assert(test, message, blank.DEFAULT, blank.ONE, blank.DEFAULT)


def _delete(maker: Maker, node: ast.Delete) -> cst.Del:
    targets = node.targets
    if len(targets) == 1:
        return cst.Del(maker.expression(targets[0]), blank.ONE, blank.DEFAULT)
    several = cst.Tuple(elements(maker, targets), blank.LEFT, blank.RIGHT)
    maker.origins[several] = Names(targets[0], targets[-1])
    return cst.Del(several, blank.ONE, blank.DEFAULT)


def _pass(maker: Maker, node: ast.Pass) -> cst.Pass:
    return cst.Pass(blank.DEFAULT)


def _break(maker: Maker, node: ast.Break) -> cst.Break:
    return cst.Break(blank.DEFAULT)


def _continue(maker: Maker, node: ast.Continue) -> cst.Continue:
    return cst.Continue(blank.DEFAULT)


def _global(maker: Maker, node: ast.Global) -> cst.Global:
    return cst.Global(_items(node.names), blank.ONE, blank.DEFAULT)


def _nonlocal(maker: Maker, node: ast.Nonlocal) -> cst.Nonlocal:
    return cst.Nonlocal(_items(node.names), blank.ONE, blank.DEFAULT)


def _items(names: Sequence[str]) -> list[cst.NameItem]:
    return [cst.NameItem(cst.Name(name, (), ()), blank.DEFAULT) for name in names]


# ---------------------------------------------------------------- imports


def _import(maker: Maker, node: ast.Import) -> cst.Import:
    return cst.Import([_alias(one) for one in node.names], blank.DEFAULT, blank.ONE)


def _import_from(maker: Maker, node: ast.ImportFrom) -> cst.ImportFrom:
    module = None if node.module is None else _dotted(node.module)
    star = node.names[0].name == "*"
    names = cst.ImportStar() if star else [_alias(one) for one in node.names]
    dots = (blank.DOT,) * node.level
    return cst.ImportFrom(module, names, dots, None, None, blank.DEFAULT, blank.ONE, blank.ONE, blank.ONE)


def _alias(node: ast.alias) -> cst.ImportAlias:
    name = None if node.asname is None else cst.AsName(cst.Name(node.asname, (), ()), blank.ONE, blank.ONE)
    return cst.ImportAlias(_dotted(node.name), name, blank.DEFAULT)


def _dotted(name: str) -> Any:
    first, *rest = name.split(".")
    made: cst.Name | cst.Attribute = cst.Name(first, (), ())
    for one in rest:
        made = cst.Attribute(made, cst.Name(one, (), ()), blank.DOT, (), ())
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
    given = arguments(maker, node.bases, node.keywords)
    named = next((number for number, one in enumerate(given) if one.keyword or one.star == "**"), len(given))
    return cst.ClassDef(
        cst.Name(node.name, (), ()),
        suite(maker, node.body),
        given[:named],
        given[named:],
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


_SMALL: Final[dict[type[ast.stmt], Make]] = {
    ast.Expr: _expression,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.Assert: _assert,
    ast.Delete: _delete,
    ast.Pass: _pass,
    ast.Break: _break,
    ast.Continue: _continue,
    ast.Global: _global,
    ast.Nonlocal: _nonlocal,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
}
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
if sys.version_info >= (3, 12):
    _SMALL[ast.TypeAlias] = Maker.read_small_statement
