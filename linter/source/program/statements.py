"""Statements: which function runs each kind, and those that need but a few lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import libcst as cst

from mllint.source.program import assignment, classes, control_flow, functions, imports
from mllint.source.program.expressions import subscripts
from mllint.source.program.frames import Signal
from mllint.source.program.python_library import builtin_functions
from mllint.source.program.values import Constant, Missing

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter


def run_line(run: Interpreter, node: cst.SimpleStatementLine | cst.SimpleStatementSuite) -> Signal:
    outer, run.statement = run.statement, node
    try:
        for small in node.body:
            signal = run.run_statement(small)
            if signal:
                return signal
        return None
    finally:
        run.statement = outer


def run_expression(run: Interpreter, node: cst.Expr) -> Signal:
    value = run.evaluate(node.value)
    return "raise" if isinstance(value, Missing) and value.reason == builtin_functions.EXITS else None


def run_return(run: Interpreter, node: cst.Return) -> Signal:
    value = run.evaluate(node.value) if node.value is not None else Constant(node, None)
    run.frames[-1].returns.append((run.world, value))
    return "return"


def run_raise(run: Interpreter, node: cst.Raise) -> Signal:
    return "raise"


def run_break(run: Interpreter, node: cst.Break) -> Signal:
    return "break"


def run_continue(run: Interpreter, node: cst.Continue) -> Signal:
    return "continue"


def run_outer_names(run: Interpreter, node: cst.Global | cst.Nonlocal) -> Signal:
    run.frames[-1].outer_names.update(item.name.value for item in node.names)
    return None


def run_delete(run: Interpreter, node: cst.Del) -> Signal:
    whole = node.target
    for target in [one.value for one in whole.elements] if isinstance(whole, cst.Tuple | cst.List) else [whole]:
        if isinstance(target, cst.Name):
            run.bind(target.value, Missing(node, f"{target.value} is deleted"))
        elif isinstance(target, cst.Subscript):
            subscripts.delete_item(run, target)
    return None


STATEMENTS: dict[type[cst.CSTNode], Callable[..., Signal]] = {
    cst.SimpleStatementLine: run_line,
    cst.SimpleStatementSuite: run_line,
    cst.If: control_flow.run_if,
    cst.For: control_flow.run_for,
    cst.While: control_flow.run_while,
    cst.With: control_flow.run_with,
    cst.Try: control_flow.run_try,
    cst.TryStar: control_flow.run_try,
    cst.Match: control_flow.run_match,
    cst.Expr: run_expression,
    cst.Assign: assignment.run_assign,
    cst.AnnAssign: assignment.run_annotated,
    cst.AugAssign: assignment.run_augmented,
    cst.Return: run_return,
    cst.Raise: run_raise,
    cst.Break: run_break,
    cst.Continue: run_continue,
    cst.Global: run_outer_names,
    cst.Nonlocal: run_outer_names,
    cst.Del: run_delete,
    cst.Import: imports.run_import,
    cst.ImportFrom: imports.run_import_from,
    cst.FunctionDef: functions.define_function,
    cst.ClassDef: classes.define_class,
}
