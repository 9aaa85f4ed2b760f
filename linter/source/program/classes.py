"""Local classes: defined, and what they inherit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from mllint.rules import knowledge
from mllint.source.program.conditions import simplify
from mllint.source.program.frames import Frame, Signal
from mllint.source.program.values import Class, Function, Symbol, Value

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter


def define_class(run: Interpreter, node: cst.ClassDef) -> Signal:
    bases = tuple(run.evaluate(base.value) for base in node.bases)
    made = Class(node, node, run.new_scope(run.frames[-1].scope), bases)
    run.classes.append(made)
    run.policies[node] = run.policy
    run.frames.append(Frame(made.scope))
    try:
        run.run_body(node.body)
    finally:
        run.frames.pop()
    run.bind(node.name.value, run.units.taught(node) or made)
    return None


def ancestry(run: Interpreter, made: Class) -> Iterator[Value]:
    """The class and its bases, nearest first: classes of this program, then symbols of libraries."""
    yield made
    for base in made.bases:
        base = simplify(base, run.world)
        if isinstance(base, Class) and base is not made:
            yield from ancestry(run, base)
        else:
            yield base


def find_attribute(run: Interpreter, made: Class, name: str) -> Value | None:
    for ancestor in ancestry(run, made):
        if isinstance(ancestor, Class):
            value = run.store.get((ancestor.scope, name))
            if value is not None:
                return simplify(run.units.linked(simplify(value, run.world)), run.world)
    return None


def find_method(run: Interpreter, made: Class, name: str) -> Function | None:
    value = find_attribute(run, made, name)
    return value if isinstance(value, Function) else None


def library_base(run: Interpreter, made: Class) -> str | None:
    """The canonical name of the first base from a library: keras.Model, keras.layers.Layer, unittest.TestCase."""
    for ancestor in ancestry(run, made):
        if isinstance(ancestor, Symbol):
            return knowledge.canonical(ancestor.name)
    return None
