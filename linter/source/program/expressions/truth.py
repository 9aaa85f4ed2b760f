"""Truth: whether an expression holds, or which condition of the program it is."""

from __future__ import annotations

import operator as python_operator
from collections.abc import Callable, Hashable, Iterator
from typing import TYPE_CHECKING, Any

import libcst as cst

from mllint.source.program import tree
from mllint.source.program.conditions import Condition, Decision, simplify
from mllint.source.program.values import (
    Bound,
    Choice,
    Class,
    Constant,
    Function,
    Instance,
    Made,
    Missing,
    Model,
    Namespace,
    Symbol,
    Value,
)
from mllint.source.reading.decodings import note_comparison

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter


_COMPARISONS: dict[type[cst.BaseCompOp], Callable[[Any, Any], Any]] = {
    cst.Equal: python_operator.eq,
    cst.NotEqual: python_operator.ne,
    cst.Is: python_operator.eq,
    cst.IsNot: python_operator.ne,
    cst.LessThan: python_operator.lt,
    cst.LessThanEqual: python_operator.le,
    cst.GreaterThan: python_operator.gt,
    cst.GreaterThanEqual: python_operator.ge,
    cst.In: lambda left, right: left in right,
    cst.NotIn: lambda left, right: left not in right,
}


_EQUAL: frozenset[type[cst.BaseCompOp]] = frozenset({cst.Equal, cst.Is})
_UNEQUAL: frozenset[type[cst.BaseCompOp]] = frozenset({cst.NotEqual, cst.IsNot})


def decide(run: Interpreter, node: cst.BaseExpression) -> Decision:
    """Whether an expression is true: known, or a condition of the program."""
    decide_kind = _KINDS.get(type(node))
    return decide_kind(run, node) if decide_kind is not None else _decide_value(run, run.evaluate(node), node)


def _decide_unary(run: Interpreter, node: cst.UnaryOperation) -> Decision:
    if not isinstance(node.operator, cst.Not):
        return _decide_value(run, run.evaluate(node), node)
    decision = decide(run, node.expression)
    return not decision if isinstance(decision, bool) else (decision[0], not decision[1])


def _decide_comparison(run: Interpreter, node: cst.Comparison) -> Decision:
    if len(node.comparisons) > 1:
        return _condition(run, identity(run, node), None, node), True
    target = node.comparisons[0]
    left, right = run.evaluate(node.left), run.evaluate(target.comparator)
    note_comparison(run, left, target.operator, right, node)
    return decide_comparison(run, node, target, left, right)


def _decide_boolean(run: Interpreter, node: cst.BooleanOperation) -> Decision:
    left = run.decide(node.left)
    stops_at = isinstance(node.operator, cst.Or)
    if isinstance(left, bool):
        return left if left == stops_at else run.decide(node.right)
    right = run.decide(node.right)
    if isinstance(right, bool):
        return right if right == stops_at else left
    return _condition(run, identity(run, node), None, node), True


_KINDS: dict[type[cst.BaseExpression], Callable[[Interpreter, Any], Decision]] = {
    cst.UnaryOperation: _decide_unary,
    cst.Comparison: _decide_comparison,
    cst.BooleanOperation: _decide_boolean,
}


def decide_comparison(
    run: Interpreter, node: cst.Comparison, target: cst.ComparisonTarget, left: Value, right: Value
) -> Decision:
    operator = type(target.operator)
    compare = _COMPARISONS.get(operator)
    none = isinstance(right, Constant) and right.value is None
    if compare is not None:
        known = _compare(run, compare, left, right)
        if known is not None:
            return known
    if none and not isinstance(left, Missing | Choice):
        return operator in _UNEQUAL
    is_equality = operator in _EQUAL or operator in _UNEQUAL
    if is_equality and isinstance(right, Constant) and isinstance(right.value, Hashable):
        decision = _decide_choice(run, left, lambda side: _compare(run, python_operator.eq, side, right))
        if decision is None:
            decision = _condition(run, identity(run, node.left), repr(right.value), node), True
        polarity = operator in _EQUAL
        if isinstance(decision, bool):
            return decision == polarity
        return decision[0], decision[1] == polarity
    return _condition(run, identity(run, node), None, node), True


def _compare(run: Interpreter, compare: Callable[[Any, Any], Any], left: Value, right: Value) -> bool | None:
    try:
        if isinstance(left, Constant) and isinstance(right, Constant):
            return bool(compare(left.value, right.value))
        items = run.iterate(right) if isinstance(left, Constant) else None
        if items is not None and all(isinstance(one, Constant) for one in items):
            return bool(compare(left.value, tuple(one.value for one in items)))  # type: ignore[attr-defined]
    except TypeError:
        return None
    return None


def _decide_value(run: Interpreter, value: Value, node: cst.BaseExpression) -> Decision:
    known = _truth_of(run, value)
    if known is not None:
        return known
    decision = _decide_choice(run, value, lambda side: _truth_of(run, side))
    return decision if decision is not None else (_condition(run, identity(run, node), None, node), True)


def _decide_choice(run: Interpreter, value: Value, test: Callable[[Value], bool | None]) -> Decision | None:
    """A flag that was set by a condition is that condition."""
    if not isinstance(value, Choice):
        return None
    then, otherwise = (test(simplify(side, run.world)) for side in (value.then, value.otherwise))
    if then is None or otherwise is None:
        return None
    return then if then == otherwise else (value.condition, then)


def _truth_of(run: Interpreter, value: Value) -> bool | None:
    if isinstance(value, Constant):
        return bool(value.value)
    if isinstance(value, Function | Class | Instance | Made | Model | Bound | Symbol | Namespace):
        return True
    items = run.iterate(value)
    return bool(items) if items is not None else None


def _condition(run: Interpreter, subject: Hashable, constant: Hashable, node: cst.CSTNode) -> Condition:
    return Condition(subject, constant, _code(run, node), tuple(_names_read(run, node)))


def identity(run: Interpreter, node: cst.BaseExpression) -> Hashable:
    """What an expression reads: the same for two expressions that must have the same value."""
    if isinstance(node, cst.Name):
        value = run.lookup(node.value)
        if value is not None:
            return id(value)
    if isinstance(node, cst.Attribute):
        value = run.evaluate(node)
        if isinstance(value, Missing | Choice):
            return id(value)
    return _code(run, node), tuple(id(value) for value in _names_read(run, node))


def _code(run: Interpreter, node: cst.CSTNode) -> str:
    if node not in run.codes:
        run.codes[node] = run.units.code(node)
    return run.codes[node]


def _names_read(run: Interpreter, node: cst.CSTNode) -> Iterator[Value]:
    if node not in run.names:
        run.names[node] = tree.names_in(node)
    for name in run.names[node]:
        value = run.lookup(name)
        if value is not None:
            yield value
