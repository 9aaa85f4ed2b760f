"""Expressions: which function evaluates each kind."""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst

from mllint.source.program import assignment, functions
from mllint.source.program.expressions import calls, displays, literals, names, operators, subscripts
from mllint.source.program.values import Constant, Value

EXPRESSIONS: dict[type[cst.CSTNode], Callable[..., Value]] = {
    cst.Integer: literals.evaluate_literal,
    cst.Float: literals.evaluate_literal,
    cst.SimpleString: literals.evaluate_literal,
    cst.ConcatenatedString: literals.evaluate_concatenated,
    cst.FormattedString: literals.evaluate_formatted,
    cst.Tuple: displays.evaluate_tuple,
    cst.Set: displays.evaluate_tuple,
    cst.List: displays.evaluate_list,
    cst.Dict: displays.evaluate_dict,
    cst.ListComp: displays.evaluate_comprehension,
    cst.GeneratorExp: displays.evaluate_comprehension,
    cst.SetComp: displays.evaluate_comprehension,
    cst.DictComp: displays.evaluate_dict_comprehension,
    cst.Name: names.evaluate_name,
    cst.Attribute: names.evaluate_attribute,
    cst.Subscript: subscripts.evaluate_subscript,
    cst.BinaryOperation: operators.evaluate_binary,
    cst.UnaryOperation: operators.evaluate_unary,
    cst.BooleanOperation: operators.evaluate_boolean,
    cst.Comparison: operators.evaluate_comparison,
    cst.IfExp: operators.evaluate_conditional,
    cst.Call: calls.evaluate_call,
    cst.Lambda: functions.evaluate_lambda,
    cst.NamedExpr: assignment.evaluate_walrus,
    cst.Yield: functions.evaluate_yield,
    cst.Await: lambda run, node: run.evaluate(node.expression),
    cst.Ellipsis: lambda run, node: Constant(node, ...),
}
