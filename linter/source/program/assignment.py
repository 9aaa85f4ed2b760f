"""Assignments: values to names, to several names at once, to attributes and to items."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from mllint.source.program import unseen
from mllint.source.program.conditions import choose
from mllint.source.program.expressions import operators, subscripts
from mllint.source.program.frames import Signal
from mllint.source.program.python_library import containers
from mllint.source.program.values import Choice, Class, Instance, ListObject, Missing, Namespace, Value
from mllint.source.reading.decodings import note_name
from mllint.source.reading.fits import Score, Scores

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter


def run_assign(run: Interpreter, node: cst.Assign) -> Signal:
    value = run.evaluate(node.value)
    for target in node.targets:
        assign(run, target.target, value)
    return None


def run_annotated(run: Interpreter, node: cst.AnnAssign) -> Signal:
    if node.value is not None:
        assign(run, node.target, run.evaluate(node.value))
    return None


def run_augmented(run: Interpreter, node: cst.AugAssign) -> Signal:
    left, right = run.evaluate(node.target), run.evaluate(node.value)
    if isinstance(left, ListObject) and isinstance(node.operator, cst.AddAssign):
        containers.extend(run, left, right)
    else:
        operator = type(node.operator).__name__.removesuffix("Assign")
        assign(run, node.target, operators.operate(run, operator, left, right, node))
    return None


def assign(run: Interpreter, target: cst.BaseExpression, value: Value) -> None:
    if isinstance(target, cst.Name):
        run.bind(target.value, value)
        note_name(run, target, value)
    elif isinstance(target, cst.Tuple | cst.List):
        _unpack(run, target, value)
    elif isinstance(target, cst.Attribute):
        _assign_attribute(run, target, value)
    elif isinstance(target, cst.Subscript):
        subscripts.assign_item(run, target, value)


def _unpack(run: Interpreter, target: cst.Tuple | cst.List, value: Value) -> None:
    elements = target.elements
    items = run.iterate(value)
    if isinstance(value, Scores):
        items = tuple(Score(value.node, value.model, place) for place in range(len(elements)))
    starred = next((i for i, e in enumerate(elements) if isinstance(e, cst.StarredElement)), None)
    if items is not None and starred is None and len(items) == len(elements):
        for element, item in zip(elements, items, strict=True):
            assign(run, element.value, item)
    elif isinstance(value, Choice):
        sides = [run.iterate(side) or () for side in (value.then, value.otherwise)]
        absent = Missing(target, "unpacked from something that is not known")
        for index, element in enumerate(elements):
            left, right = (side[index] if index < len(side) else absent for side in sides)
            assign(run, element.value, choose(value.condition, left, right))
    else:
        reason = value.reason if isinstance(value, Missing) else "unpacked from something that is not known"
        for element in elements:
            assign(run, element.value, Missing(element, reason))


def _assign_attribute(run: Interpreter, target: cst.Attribute, value: Value) -> None:
    receiver = run.evaluate(target.value)
    reference = getattr(receiver, "reference", None)
    if target.attr.value == "__dict__":
        unseen.forget(run, receiver, "its attributes are all assigned at once", target)
        return
    if isinstance(receiver, Namespace):
        run.units.before_write(receiver, target.attr.value)
    if target.attr.value == "activation" and not isinstance(receiver, Instance):
        run.reassigned.add(reference)
    if reference is not None:
        run.store.set((reference, target.attr.value), value)
    elif isinstance(receiver, Class):
        run.store.set((receiver.scope, target.attr.value), value)


def evaluate_walrus(run: Interpreter, node: cst.NamedExpr) -> Value:
    value = run.evaluate(node.value)
    assign(run, node.target, value)
    return value
