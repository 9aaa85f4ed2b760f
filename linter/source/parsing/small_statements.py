"""Small statements, which several may be on one line: how Python's nodes become LibCST's."""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from typing import Any, Final

import libcst as cst

from mllint.source.parsing import blank, operators
from mllint.source.parsing.expressions import elements
from mllint.source.parsing.maker import Make, Maker, Names


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


SMALL: Final[dict[type[ast.stmt], Make]] = {
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
if sys.version_info >= (3, 12):
    SMALL[ast.TypeAlias] = Maker.read_small_statement
