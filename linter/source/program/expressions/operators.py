"""Operators: arithmetic, comparisons, `and` and `or`, conditional expressions."""

from __future__ import annotations

import operator as python_operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import libcst as cst

from mllint.source.arrays import library as data_library
from mllint.source.program.conditions import Decision, choose
from mllint.source.program.expressions import truth
from mllint.source.program.files import paths
from mllint.source.program.keras_library import losses
from mllint.source.program.values import (
    Arguments,
    Constant,
    Items,
    ListObject,
    LossValue,
    Missing,
    Operation,
    Tensor,
    Value,
)
from mllint.source.reading.decodings import note_comparison

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter

LARGEST = 10_000
"""Longest string or sequence and largest exponent that is computed."""

_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "Add": python_operator.add,
    "Subtract": python_operator.sub,
    "Multiply": python_operator.mul,
    "Divide": python_operator.truediv,
    "FloorDivide": python_operator.floordiv,
    "Modulo": python_operator.mod,
    "Power": python_operator.pow,
    "MatrixMultiply": python_operator.matmul,
    "BitAnd": python_operator.and_,
    "BitOr": python_operator.or_,
    "BitXor": python_operator.xor,
    "LeftShift": python_operator.lshift,
    "RightShift": python_operator.rshift,
}


def operate(run: Interpreter, operator: str, left: Value, right: Value, node: cst.CSTNode) -> Value:
    """`left operator right`; `operator` is the name of the LibCST operator class."""
    if isinstance(left, Constant) and isinstance(right, Constant):
        return _compute(operator, left.value, right.value, node)
    if isinstance(left, LossValue) or isinstance(right, LossValue):
        return losses.operate_on_loss(operator, left, right, node)
    if isinstance(left, Tensor) or isinstance(right, Tensor):
        return Operation(node, f"operator.{_BINARY[operator].__name__.strip('_')}", Arguments((left, right)))
    if data_library.is_data(left) or data_library.is_data(right):
        return data_library.operate(run, operator, left, right, node)
    if operator == "Multiply" and isinstance(right, Constant) and isinstance(right.value, int):
        repeated = run.iterate(left) if isinstance(left, ListObject | Items) else None
        if repeated is not None and len(repeated) * right.value <= LARGEST:
            return run.new_list(node, repeated * right.value)
    if operator == "Add":
        first, second = run.iterate(left), run.iterate(right)
        if first is not None and second is not None:
            joined = (*first, *second)
            return run.new_list(node, joined) if isinstance(left, ListObject) else Items(node, joined)
    if operator == "Divide" and (path := paths.joined(run, left, right, node)) is not None:
        return path
    return Missing(node, "a computation on something that is not known")


def _compute(operator: str, left: Any, right: Any, node: cst.CSTNode) -> Value:
    sizes = [abs(side) if isinstance(side, int | float) else len(side) for side in (left, right) if _is_sized(side)]
    large = max(sizes, default=0) > LARGEST
    text = not isinstance(left, int | float) or not isinstance(right, int | float)
    product = sizes[0] * sizes[1] if len(sizes) == 2 else 0
    if (operator in ("Power", "LeftShift") and large) or (operator == "Multiply" and text and product > LARGEST):
        return Missing(node, "a value too large to compute")
    try:
        return Constant(node, _BINARY[operator](left, right))
    except (TypeError, ValueError, ArithmeticError):
        return Missing(node, "a computation that fails")


def _is_sized(value: Any) -> bool:
    return isinstance(value, int | float | str | bytes)


def evaluate_binary(run: Interpreter, node: cst.BinaryOperation) -> Value:
    left, right = run.evaluate(node.left), run.evaluate(node.right)
    return operate(run, type(node.operator).__name__, left, right, node)


def evaluate_unary(run: Interpreter, node: cst.UnaryOperation) -> Value:
    if isinstance(node.operator, cst.Not):
        return _truth(run, node)
    value = run.evaluate(node.expression)
    if isinstance(value, Constant) and isinstance(value.value, int | float):
        return Constant(node, -value.value if isinstance(node.operator, cst.Minus) else value.value)
    if isinstance(value, Tensor) and isinstance(node.operator, cst.Minus):
        return Operation(node, "operator.neg", Arguments((value,)))
    if data_library.is_data(value) and isinstance(node.operator, cst.Minus):
        return operate(run, "Multiply", value, Constant(node, -1), node)
    return Missing(node, "a computation on something that is not known")


def evaluate_comparison(run: Interpreter, node: cst.Comparison) -> Value:
    """`a == b`: a truth value, or for data and tensors one for each of their numbers."""
    if len(node.comparisons) > 1:
        return _truth(run, node)
    target = node.comparisons[0]
    left, right = run.evaluate(node.left), run.evaluate(target.comparator)
    elementwise = not isinstance(target.operator, cst.Is | cst.IsNot | cst.In | cst.NotIn)
    if elementwise and (isinstance(left, Tensor) or isinstance(right, Tensor)):
        note_comparison(run, left, target.operator, right, node)
        return Operation(node, "operator.compare", Arguments((left, right)))
    if elementwise and (data_library.is_data(left) or data_library.is_data(right)):
        return data_library.compare(run, left, right, node)
    return _as_truth(node, truth.decide_comparison(run, node, target, left, right))


def _truth(run: Interpreter, node: cst.BaseExpression) -> Value:
    """The value of `not a` and `a == b`: a constant, or a choice between True and False."""
    return _as_truth(node, run.decide(node))


def _as_truth(node: cst.BaseExpression, decision: Decision) -> Value:
    if isinstance(decision, bool):
        return Constant(node, decision)
    condition, polarity = decision
    return choose(condition, Constant(node, polarity), Constant(node, not polarity))


def evaluate_boolean(run: Interpreter, node: cst.BooleanOperation) -> Value:
    """`a or b` is one of its operands, not a truth value."""
    left = run.decide(node.left)
    stops_at = isinstance(node.operator, cst.Or)
    if isinstance(left, bool):
        return run.evaluate(node.left if left == stops_at else node.right)
    condition, polarity = left
    first, second = run.evaluate(node.left), run.evaluate(node.right)
    return choose(condition, first, second) if polarity == stops_at else choose(condition, second, first)


def evaluate_conditional(run: Interpreter, node: cst.IfExp) -> Value:
    results: dict[bool, Value] = {}

    def side(key: bool, expression: cst.BaseExpression) -> Callable[[], None]:
        def evaluate_side() -> None:
            results[key] = run.evaluate(expression)

        return evaluate_side

    decision = run.decide(node.test)
    run.fork(decision, side(True, node.body), side(False, node.orelse))
    if len(results) == 1:
        return next(iter(results.values()))
    assert not isinstance(decision, bool)
    condition, polarity = decision
    return choose(condition, results[polarity], results[not polarity])
