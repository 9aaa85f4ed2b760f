"""Expressions: how each kind of node of Python's syntax tree becomes one of LibCST's."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Final

import libcst as cst

from mllint.source.parsing import blank, operators
from mllint.source.parsing.literals import constant
from mllint.source.parsing.maker import Folded, Make, Maker
from mllint.source.parsing.parameters import parameters


def _name(maker: Maker, node: ast.Name) -> cst.Name:
    return cst.Name(node.id, (), ())


def _attribute(maker: Maker, node: ast.Attribute) -> cst.Attribute:
    return cst.Attribute(maker.expression(node.value), cst.Name(node.attr, (), ()), blank.DOT, (), ())


# ---------------------------------------------------------------- calls


def _call(maker: Maker, node: ast.Call) -> cst.Call:
    function = maker.expression(node.func)
    return cst.Call(function, arguments(maker, node.args, node.keywords), (), (), blank.NONE, blank.NONE)


def arguments(maker: Maker, positional: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> list[cst.Arg]:
    """Those of a call, or of a class, in the order in which they are written."""
    if not keywords:
        return [_positional(maker, one) for one in positional]
    if positional and isinstance(positional[-1], ast.Starred) and _place(positional[-1]) > _place(keywords[0]):
        mixed: list[ast.expr | ast.keyword] = sorted([*positional, *keywords], key=_place)
        return [_keyword(maker, one) if isinstance(one, ast.keyword) else _positional(maker, one) for one in mixed]
    return [*(_positional(maker, one) for one in positional), *(_keyword(maker, one) for one in keywords)]


def _place(node: ast.expr | ast.keyword) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _positional(maker: Maker, node: ast.expr) -> cst.Arg:
    if type(node) is ast.Starred:
        return cst.Arg(maker.expression(node.value), None, blank.DEFAULT, blank.DEFAULT, "*", blank.NONE, blank.NONE)
    return cst.Arg(maker.expression(node), None, blank.DEFAULT, blank.DEFAULT, "", blank.NONE, blank.NONE)


def _keyword(maker: Maker, node: ast.keyword) -> cst.Arg:
    value = maker.expression(node.value)
    if node.arg is None:
        return cst.Arg(value, None, blank.DEFAULT, blank.DEFAULT, "**", blank.NONE, blank.NONE)
    name = cst.Name(node.arg, (), ())
    return cst.Arg(value, name, blank.ASSIGN, blank.DEFAULT, "", blank.NONE, blank.NONE)


# ---------------------------------------------------------------- operators


def _binary(maker: Maker, node: ast.BinOp) -> cst.BinaryOperation:
    left = maker.expression(node.left)
    return cst.BinaryOperation(left, operators.BINARY[type(node.op)], maker.expression(node.right), (), ())


def _boolean(maker: Maker, node: ast.BoolOp) -> cst.BooleanOperation:
    operator = operators.BOOLEAN[type(node.op)]
    first, second, *rest = node.values
    made = cst.BooleanOperation(maker.expression(first), operator, maker.expression(second), (), ())
    last = second
    for value in rest:
        maker.origins[made] = Folded(node, last)
        made = cst.BooleanOperation(made, operator, maker.expression(value), (), ())
        last = value
    return made


def _unary(maker: Maker, node: ast.UnaryOp) -> cst.UnaryOperation:
    return cst.UnaryOperation(operators.UNARY[type(node.op)], maker.expression(node.operand), (), ())


def _comparison(maker: Maker, node: ast.Compare) -> cst.Comparison:
    targets = [
        cst.ComparisonTarget(operators.COMPARING[type(operator)], maker.expression(right))
        for operator, right in zip(node.ops, node.comparators, strict=True)
    ]
    return cst.Comparison(maker.expression(node.left), targets, (), ())


def _conditional(maker: Maker, node: ast.IfExp) -> cst.IfExp:
    make = maker.expression
    spaces = (blank.ONE,) * 4
    return cst.IfExp(make(node.test), make(node.body), make(node.orelse), (), (), *spaces)


def _walrus(maker: Maker, node: ast.NamedExpr) -> cst.NamedExpr:
    return cst.NamedExpr(maker.expression(node.target), maker.expression(node.value), (), (), blank.ONE, blank.ONE)


def _await(maker: Maker, node: ast.Await) -> cst.Await:
    return cst.Await(maker.expression(node.value), (), (), blank.ONE)


def _yield(maker: Maker, node: ast.Yield) -> cst.Yield:
    return cst.Yield(maker.optional(node.value), (), (), blank.ONE)


def _yield_from(maker: Maker, node: ast.YieldFrom) -> cst.Yield:
    return cst.Yield(cst.From(maker.expression(node.value), blank.NONE, blank.ONE), (), (), blank.ONE)


def _lambda(maker: Maker, node: ast.Lambda) -> cst.Lambda:
    made = parameters(maker, node.args)
    return cst.Lambda(made, maker.expression(node.body), blank.COLON, (), (), blank.ONE)


# ---------------------------------------------------------------- displays and comprehensions


def _element(maker: Maker, node: ast.expr) -> cst.BaseElement:
    made = maker.expression(node)
    return made if type(node) is ast.Starred else cst.Element(made, blank.DEFAULT)


def _starred(maker: Maker, node: ast.Starred) -> cst.StarredElement:
    """An element of a display; alone where Python parses it and does not run it."""
    return cst.StarredElement(maker.expression(node.value), blank.DEFAULT, (), (), blank.NONE)


def elements(maker: Maker, nodes: Sequence[ast.expr]) -> list[cst.BaseElement]:
    return [_element(maker, one) for one in nodes]


def _tuple(maker: Maker, node: ast.Tuple) -> cst.Tuple:
    return cst.Tuple(elements(maker, node.elts), blank.LEFT, blank.RIGHT)


def _list(maker: Maker, node: ast.List) -> cst.List:
    return cst.List(elements(maker, node.elts), blank.LEFT_BRACKET, blank.RIGHT_BRACKET, (), ())


def _set(maker: Maker, node: ast.Set) -> cst.Set:
    return cst.Set(elements(maker, node.elts), blank.LEFT_BRACE, blank.RIGHT_BRACE, (), ())


def _dict(maker: Maker, node: ast.Dict) -> cst.Dict:
    made = [_entry(maker, key, value) for key, value in zip(node.keys, node.values, strict=True)]
    return cst.Dict(made, blank.LEFT_BRACE, blank.RIGHT_BRACE, (), ())


def _entry(maker: Maker, key: ast.expr | None, value: ast.expr) -> cst.BaseDictElement:
    if key is None:
        return cst.StarredDictElement(maker.expression(value), blank.DEFAULT, blank.NONE)
    return cst.DictElement(maker.expression(key), maker.expression(value), blank.DEFAULT, blank.NONE, blank.ONE)


def _list_comprehension(maker: Maker, node: ast.ListComp) -> cst.ListComp:
    loop = _loops(maker, node.generators)
    return cst.ListComp(maker.expression(node.elt), loop, blank.LEFT_BRACKET, blank.RIGHT_BRACKET, (), ())


def _set_comprehension(maker: Maker, node: ast.SetComp) -> cst.SetComp:
    loop = _loops(maker, node.generators)
    return cst.SetComp(maker.expression(node.elt), loop, blank.LEFT_BRACE, blank.RIGHT_BRACE, (), ())


def _generator(maker: Maker, node: ast.GeneratorExp) -> cst.GeneratorExp:
    return cst.GeneratorExp(maker.expression(node.elt), _loops(maker, node.generators), blank.LEFT, blank.RIGHT)


def _dict_comprehension(maker: Maker, node: ast.DictComp) -> cst.DictComp:
    loop, key, value = _loops(maker, node.generators), maker.expression(node.key), maker.expression(node.value)
    return cst.DictComp(key, value, loop, blank.LEFT_BRACE, blank.RIGHT_BRACE, (), (), blank.NONE, blank.ONE)


def _loops(maker: Maker, generators: Sequence[ast.comprehension]) -> cst.CompFor:
    """LibCST has each `for` within the one before it."""
    inner = None
    for one in reversed(generators):
        ifs = [cst.CompIf(maker.expression(test), blank.ONE, blank.ONE) for test in one.ifs]
        asynchronous = blank.ASYNCHRONOUS if one.is_async else None
        target, iterated = maker.expression(one.target), maker.expression(one.iter)
        inner = cst.CompFor(target, iterated, ifs, inner, asynchronous, *(blank.ONE,) * 4)
    assert inner is not None
    return inner


# ---------------------------------------------------------------- subscripts


def _subscript(maker: Maker, node: ast.Subscript) -> cst.Subscript:
    written = node.slice
    if isinstance(written, ast.Tuple) and not maker.source.is_parenthesized(written):
        parts = [_subscript_element(maker, one) for one in written.elts]
    else:
        parts = [_subscript_element(maker, written)]
    value = maker.expression(node.value)
    return cst.Subscript(value, parts, blank.LEFT_BRACKET, blank.RIGHT_BRACKET, (), (), blank.NONE)


def _subscript_element(maker: Maker, node: ast.expr) -> cst.SubscriptElement:
    made: cst.BaseSlice
    if type(node) is ast.Slice:
        lower, upper, step = maker.optional(node.lower), maker.optional(node.upper), maker.optional(node.step)
        made = cst.Slice(lower, upper, step, blank.COLON, blank.DEFAULT)
        maker.origins[made] = node
    elif type(node) is ast.Starred:
        made = cst.Index(maker.expression(node.value), "*", blank.NONE)
    else:
        made = cst.Index(maker.expression(node), None, None)
    return cst.SubscriptElement(made, blank.DEFAULT)


EXPRESSIONS: Final[dict[type[ast.expr], Make]] = {
    ast.Name: _name,
    ast.Starred: _starred,
    ast.Attribute: _attribute,
    ast.Constant: constant,
    ast.Call: _call,
    ast.BinOp: _binary,
    ast.BoolOp: _boolean,
    ast.UnaryOp: _unary,
    ast.Compare: _comparison,
    ast.IfExp: _conditional,
    ast.NamedExpr: _walrus,
    ast.Await: _await,
    ast.Yield: _yield,
    ast.YieldFrom: _yield_from,
    ast.Lambda: _lambda,
    ast.Tuple: _tuple,
    ast.List: _list,
    ast.Set: _set,
    ast.Dict: _dict,
    ast.ListComp: _list_comprehension,
    ast.SetComp: _set_comprehension,
    ast.GeneratorExp: _generator,
    ast.DictComp: _dict_comprehension,
    ast.Subscript: _subscript,
}
"""The rest LibCST reads itself: strings that are computed, and what later versions of Python add."""
