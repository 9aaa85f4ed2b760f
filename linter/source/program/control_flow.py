"""Branches, loops and blocks: both sides of an undecided condition run, a loop over unknown items runs once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from mllint.source.arrays import streams
from mllint.source.program import assignment, tree
from mllint.source.program.conditions import Condition
from mllint.source.program.expressions import truth
from mllint.source.program.frames import Signal
from mllint.source.program.python_library import containers
from mllint.source.program.values import Constant, Imported, Missing, Value

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter

UNROLLED = 24
"""A loop over more items than this is run once, like one over unknown items."""


def run_if(run: Interpreter, node: cst.If) -> Signal:
    decision = run.decide(node.test)

    def otherwise() -> Signal:
        if node.orelse is None:
            return None
        return run_if(run, node.orelse) if isinstance(node.orelse, cst.If) else run.run_body(node.orelse.body)

    return run.fork(decision, lambda: run.run_body(node.body), otherwise)


def run_for(run: Interpreter, node: cst.For) -> Signal:
    iterable = run.evaluate(node.iter)
    grown = containers.grown_items(run, iterable)
    if grown is not None and len(grown) <= UNROLLED:
        return _run_over_grown(run, node, grown)
    items = run.iterate(iterable)
    if items is None or len(items) > UNROLLED:
        _forget_changing(run, node.body)
        assignment.assign(
            run, node.target, streams.element_of(run, iterable) or Missing(node.iter, "changes in a loop")
        )
        return _leave_loop(_run_round(run, node.body))
    for item in items:
        assignment.assign(run, node.target, item)
        signal = run.run_body(node.body)
        if signal == "break":
            break
        if signal in ("return", "raise"):
            return signal
    return None


def _run_over_grown(run: Interpreter, node: cst.For, items: tuple[Value, ...]) -> Signal:
    """A round for each item that a loop has put into the list, of which there may be many alike."""
    _forget_changing(run, node.body)
    for item in items:
        assignment.assign(run, node.target, item)
        if _run_round(run, node.body) in ("break", "return", "raise"):
            break
    return None


def run_while(run: Interpreter, node: cst.While) -> Signal:
    _forget_changing(run, node.body)
    run.evaluate(node.test)
    return _leave_loop(_run_round(run, node.body))


def _run_round(run: Interpreter, body: cst.BaseSuite) -> Signal:
    """One round of a loop that has an unknown number of them."""
    run.loops += 1
    try:
        return run.run_body(body)
    finally:
        run.loops -= 1


def _leave_loop(signal: Signal) -> Signal:
    return signal if signal in ("return", "raise") else None


def _forget_changing(run: Interpreter, body: cst.BaseSuite) -> None:
    """A constant that the loop assigns anew is not the same in every round."""
    for name in tree.assigned_names(body):
        if isinstance(run.lookup(name), Constant):
            run.bind(name, Missing(body, f"{name} changes in a loop"))


def run_with(run: Interpreter, node: cst.With) -> Signal:
    for item in node.items:
        value = run.evaluate(item.item)
        if item.asname is not None:
            assignment.assign(run, item.asname.name, value)
    return run.run_body(node.body)


def run_try(run: Interpreter, node: cst.Try | cst.TryStar) -> Signal:
    signal = run.run_body(node.body)
    if signal is None and node.orelse is not None:
        signal = run.run_body(node.orelse.body)
    for handler in () if _imports_own_files(run, node.body) else node.handlers:
        failed = Condition(("except", id(handler)), None, "an exception is raised")
        raised, changes = run.branch(failed, True, lambda body=handler.body: run.run_body(body))  # type: ignore[misc]
        if raised is None:
            run.store.join(failed, changes, {})
    if node.finalbody is not None:
        run.run_body(node.finalbody.body)
    return signal if signal == "return" else None


def _imports_own_files(run: Interpreter, body: cst.BaseSuite) -> bool:
    """Whether nothing is done but imports, which do not fail: all are of files of this program."""
    statements = [small for line in body.body if isinstance(line, cst.SimpleStatementLine) for small in line.body]
    if len(statements) < len(body.body) or not all(isinstance(one, cst.Import | cst.ImportFrom) for one in statements):
        return False
    bound = {value.node for value in _bound_here(run) if isinstance(value, Imported)}
    return all(one in bound for one in statements)


def _bound_here(run: Interpreter) -> Iterator[Value]:
    scope = run.frames[-1].scope
    for name in run.store.names(scope):
        value = run.store.get((scope, name))
        if value is not None:
            yield value


def run_match(run: Interpreter, node: cst.Match) -> Signal:
    subject = truth.identity(run, node.subject)
    run.evaluate(node.subject)

    def run_cases(cases: Sequence[cst.MatchCase]) -> Signal:
        if not cases:
            return None
        pattern = run.module.code_for_node(cases[0].pattern)
        if pattern == "_":
            return run.run_body(cases[0].body)
        condition = Condition(subject, pattern, f"case {pattern}")
        return run.fork((condition, True), lambda: run.run_body(cases[0].body), lambda: run_cases(cases[1:]))

    return run_cases(node.cases)
